"""Private set-ups of the real programs, for tests; and TAP.

    house = House(milter='max_sessions = 3;')       # settings added to a section
    house.start("scan", "milter")                   # waits until they answer
    house.stop()                                    # by process id; also at exit
    house.log("milter")                             # what it has said so far

Everything is below one temporary directory that goes with the test.  Programs come from
$top_builddir.  house.fault("milter", "front.filed=kill") arms a fault point while it runs.
"""
import atexit
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
# a release tarball holds them built
ASSETS = os.path.join(next((d for d in (BUILD, TOP) if os.path.exists(os.path.join(d, "milter/console/static/app.js"))), BUILD),
                      "milter/console/static")
sys.path.insert(0, os.path.join(TOP, "contrib", "lib"))
from private_postfix import free_port  # noqa: E402

signal.signal(signal.SIGTERM, lambda *unused: sys.exit(143))    # so that children are stopped too

PUPILS, STAFF = "pupils.hillview.example", "hillview.example"
INSIDE, OUTSIDE = "127.0.0.2", "127.0.0.3"      # the milter trusts the first

POLICY = """categories = [ "testing", "refused" ];
classes = (
  { name = "pupil";      match = [ "@pupils.hillview.example" ]; },
  { name = "staff";      match = [ "@hillview.example" ]; },
  { name = "outside";    match = [ "*" ]; } );
policy = (
  { id = "out-bad"; category = [ "testing" ]; to = [ "outside" ]; severity = 3; do = "hold"; notify = [ "lead" ]; },
  { id = "in-bad";  category = [ "testing" ]; to = [ "pupil", "staff" ]; severity = 4; do = "hold"; notify = [ "lead" ]; },
  { id = "no";      category = [ "refused" ]; severity = 3; do = "reject"; } );
contacts = ( { role = "lead"; address = "dsl@hillview.example"; }, { role = "deputy"; address = "deputy@hillview.example"; } );
"""
# xyzzyhold: held for outside recipients only; xyzzyevil: for all; xyzzynever: refused
RULES = """category = "testing"; area = "conduct";
rules = (
  { id = "testing.hold"; title = "A word of the tests"; severity = 3; confidence = "high";
    words = [ "xyzzyhold" ]; in = [ "subject", "body", "attachment" ];
    hit = [ "say xyzzyhold now" ]; miss = [ "say nothing" ]; },
  { id = "testing.evil"; title = "A worse word of the tests"; severity = 4; confidence = "high";
    words = [ "xyzzyevil" ]; in = [ "subject", "body", "attachment" ];
    hit = [ "say xyzzyevil now" ]; miss = [ "say nothing" ]; } );
"""
REFUSED = """category = "refused"; area = "conduct";
rules = (
  { id = "refused.never"; title = "A word that is refused"; severity = 3; confidence = "high";
    words = [ "xyzzynever" ]; in = [ "subject", "body", "attachment" ];
    hit = [ "say xyzzynever now" ]; miss = [ "say nothing" ]; } );
"""
CONFIG = """school:  {{ name = "Hillview Academy"; domains = [ "hillview.example", "pupils.hillview.example" ];
           help_name = "the school office"; help_address = "office@hillview.example"; {school} }};
milter:  {{ listen = "unix:{dir}/run/milter.sock"; trusted_networks = [ "127.0.0.2/32" ]; {milter} }};
scan:    {{ listen = "{dir}/run/scan.sock"; cache = "{dir}/cache"; workers = 2; {scan} }};
store:   {{ url = "sqlite:{dir}/store"; {store} }};
keys:    {{ dir = "{dir}/keys"; }};
mta:     {{ submit = "smtp://127.0.0.1:{smtp}"; {mta} }};
console: {{ listen = "127.0.0.1:{http}"; socket = "{dir}/run/console.sock"; url = "http://127.0.0.1:{http}";
            templates = "{top}/milter/console/templates/en-GB"; assets = "{assets}"; steps = "{top}/rules/steps"; {console} }};
courier: {{ from = "schoolgate@hillview.example"; undo = 0; retry = 1; notices = "{top}/rules/notices"; {courier} }};
cli:     {{ {cli} }};
hours:   {{ {hours} }};
policy = "policy.conf";
rules  = [ "{dir}/rules" ];
"""
SECTIONS = "school milter scan store mta console courier hours cli".split()


def patience(seconds):
    """How long to wait for what a quiet machine does in so many seconds.  Only a test that fails
    gets to the end; less than four may be a wait for what must not come, and stays."""
    return seconds * 4 if seconds >= 4 else seconds


def until(ready, seconds=15.0):
    """Waits; the last value of ready()."""
    end = time.monotonic() + patience(seconds)
    while not (value := ready()) and time.monotonic() < end:
        time.sleep(0.03)
    return value


class House:
    def __init__(self, config=None, policy=POLICY, rules=None, smtp=None, **sections):
        self.dir = tempfile.mkdtemp(prefix="sg-t-", dir="/tmp")
        os.chmod(self.dir, 0o755)
        atexit.register(self.remove)
        self.children, self.environment = {}, {}
        self.smtp, self.http = smtp or free_port(), free_port()
        for sub in ("run", "cache", "log", "rules", "store"):
            os.makedirs(os.path.join(self.dir, sub))
        os.chmod(os.path.join(self.dir, "store"), 0o700)
        self.sections = {name: sections.get(name, "") for name in SECTIONS}
        if "signatures =" not in self.sections["scan"]:     # what this machine has is not ours to load
            self.sections["scan"] += ' signatures = "off";'
        if "week =" not in self.sections["hours"]:          # a test is the same at night
            self.sections["hours"] += ' week = [ "Mon-Sun=00:00-24:00" ];'
        self.config = os.path.join(self.dir, "schoolgate.conf")
        self.template = config or CONFIG
        self.configure()
        self.write("policy.conf", policy)
        for name, text in (rules or {"testing": RULES, "refused": REFUSED}).items():
            self.write("rules/%s.conf" % name, text)
        self.keys()

    def configure(self, **sections):
        self.sections.update(sections)
        self.write("schoolgate.conf", self.template.format(dir=self.dir, top=TOP, assets=ASSETS, smtp=self.smtp, http=self.http,
                                                           **self.sections))

    def write(self, name, text):
        with open(os.path.join(self.dir, name), "w") as f:
            f.write(text)

    def path(self, name):
        return os.path.join(self.dir, name)

    def keys(self):
        r = subprocess.run([self.program("schoolgatectl"), "--config=" + self.config, "key", "init"],
                           capture_output=True, text=True)
        if r.returncode != 0:
            raise RuntimeError("schoolgatectl key init: %s%s" % (r.stdout, r.stderr))

    def confirm(self):
        """Every contact of the policy has said that our mail arrives; else each is asked."""
        with open(self.path("policy.conf"), errors="replace") as f:
            who = re.findall(r'role\s*=\s*"[^"]+";\s*address\s*=\s*"([^"]+)"', f.read())
        fill = os.path.join(BUILD, "t", "lib", "storefill")
        if who and os.path.exists(fill):
            subprocess.run([fill, self.config, "confirm", *who], capture_output=True)

    @staticmethod
    def program(name):
        return os.path.join(BUILD, name if name.startswith("schoolgate") else "schoolgate-" + name)

    @property
    def door(self):
        """Where the milter listens, for Mta()."""
        return re.search(r'milter:.*?listen = "([^"]+)"', open(self.config).read(), re.S).group(1)

    # --- programs -------------------------------------------------------------
    def start(self, *names, environment=None, files=None, wait=True):
        if {"milter", "courier", "console"} & set(names):
            self.confirm()
        for name in names:
            limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
            with open(self.path("log/" + name), "a") as log:
                self.children[name] = subprocess.Popen(
                    [self.program(name), "--config=" + self.config], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    preexec_fn=limit,
                    env={**os.environ, "SCHOOLGATE_FAULT_FILE": self.path(name + ".fault"), **(environment or {})})
            if wait:
                self.wait(name)

    def wait(self, name, seconds=60):
        where = {"milter": self.door, "scan": "seq:" + self.path("run/scan.sock"),
                 "console": "unix:" + self.path("run/console.sock")}.get(name)
        if where and not until(lambda: self.answers(where) or self.children[name].poll() is not None, seconds) or \
                self.children[name].poll() is not None:
            raise RuntimeError("%s did not start: %s" % (name, self.log(name)[-3000:]))

    @staticmethod
    def answers(where):
        kind, rest = where.split(":", 1)
        if kind == "inet":
            port, host = rest.split("@")
            s, address = socket.socket(), (host, int(port))
        else:
            s, address = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET if kind == "seq" else socket.SOCK_STREAM), rest
        with s:
            s.settimeout(1)
            return s.connect_ex(address) == 0

    def fault(self, name, plan):
        path = self.path(name + ".fault")
        with open(path + ".new", "w") as f:
            f.write(plan)
        os.replace(path + ".new", path)

    def signal(self, name, number):
        self.children[name].send_signal(number)

    def ended(self, name, seconds=30):
        """Its exit status once it has ended; None when it has not."""
        try:
            return self.children[name].wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self, name):
        self.children[name].kill()
        self.children[name].wait()

    def stop(self, *names, seconds=30):
        for name in names or list(self.children):
            child = self.children.pop(name, None)
            if child is None or child.poll() is not None:
                continue
            child.send_signal(signal.SIGCONT)
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def log(self, name):
        with open(self.path("log/" + name), errors="replace") as f:
            return f.read()

    def sql(self, statement, *values):
        """Rows of the embedded store, read only."""
        import sqlite3
        files = [os.path.join(self.dir, "store", f) for f in os.listdir(self.path("store")) if f.endswith((".db", ".sqlite"))]
        with sqlite3.connect("file:%s?mode=ro" % files[0], uri=True, timeout=10) as db:
            return db.execute(statement, values).fetchall()

    def sql_change(self, statement, *values):
        """For what no program does, such as the time that a test cannot wait for."""
        import sqlite3
        files = [os.path.join(self.dir, "store", f) for f in os.listdir(self.path("store")) if f.endswith((".db", ".sqlite"))]
        with sqlite3.connect(files[0], timeout=10) as db:
            db.execute(statement, values)

    def ctl(self, *args, **more):
        return subprocess.run([self.program("schoolgatectl"), "--config=" + self.config, *args],
                              capture_output=True, text=True, **more)

    def remove(self):
        self.stop(seconds=5)
        shutil.rmtree(self.dir, ignore_errors=True)


class Tap:
    """ok() as often as needed, done() at the end: prints the plan and ends the test."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, what, *why):
        self.count += 1
        print("%s %d - %s" % ("ok" if good else "not ok", self.count, what), flush=True)
        if not good:
            self.failed += 1
            for w in why:
                for line in str(w).split("\n")[:40]:
                    print("#   " + line)
        return good

    def done(self):
        print("1..%d" % self.count, flush=True)
        sys.exit(1 if self.failed or not self.count else 0)


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)
