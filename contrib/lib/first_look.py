#!/usr/bin/python3
"""The first look: the whole product on loopback, sample mails through it, and a table.

    first_look.py --build DIR --dir DIR [--once]

Called by contrib/try.  Everything lives in --dir; the servers listen on loopback, and are
stopped by their process ids at the end.
"""
import argparse
import json
import os
import re
import shutil
import signal
import smtplib
import socket
import socketserver
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
from private_postfix import PrivatePostfix, free_port  # noqa: E402
from visitor import Visitor  # noqa: E402

SAMPLES = os.path.join(TOP, "t", "data", "try")
STATIC = "milter/console/static"    # built by make, or found in a release tarball
LEAD_UID = 61001    # no such user is made: the console maps the number to an account
# Who speaks from where: the milter trusts the first address as the school's own mailbox
# server; the second is the world.
INSIDE, OUTSIDE = "127.0.0.2", "127.0.0.3"
PROGRAMS = ("schoolgate-scan", "schoolgate-milter", "schoolgate-courier", "schoolgate-console")

CONFIG = """# made by contrib/try
school:  {{ name = "Hillview Academy"; domains = [ "hillview.example", "pupils.hillview.example" ];
           help_name = "the school office"; help_address = "office@hillview.example"; help_phone = "01632 960000"; }};
milter:  {{ listen = "inet:{milter}@127.0.0.1"; trusted_networks = [ "127.0.0.2/32" ]; max_size = 20000000; }};
scan:    {{ listen = "{dir}/run/scan.sock"; cache = "{dir}/cache"; signatures = "off"; }};
store:   {{ url = "sqlite:{dir}/store"; }};
keys:    {{ dir = "{dir}/keys"; }};
mta:     {{ submit = "smtp://127.0.0.1:{smtp}"; }};
console: {{ listen = "127.0.0.1:{http}"; socket = "{dir}/run/console.sock"; url = "http://127.0.0.1:{http}";
           templates = "{top}/milter/console/templates/en-GB"; assets = "{assets}"; steps = "{top}/rules/steps"; }};
courier: {{ from = "schoolgate@hillview.example"; undo = 1; retry = 2; notices = "{top}/rules/notices"; alert_gap = 0; high_gap = 0; notice_gap = 0; alert_from = "low"; }};
cli:     {{ accounts = [ "{uid}:okafor:lead:dsl@hillview.example" ]; }};
mode   = "{mode}";
policy = "{top}/rules/policy/policy.conf";
rules  = [ "{top}/rules" ];
"""

AS_TECHNICIAN = """#!/bin/sh
# schoolgatectl as root, who can run Schoolgate and read no mail
exec "{build}/schoolgatectl" --config="{dir}/schoolgate.conf" "$@"
"""
# Another user may not be able to enter this checkout, so the lead gets a view of it.
AS_LEAD = """#!/bin/sh
# schoolgatectl as the e-safety coordinator (account okafor)
exec unshare -m --propagation private sh -c 'mount -t tmpfs none /mnt && mkdir /mnt/build /mnt/try &&
	mount --bind "{build}" /mnt/build && mount --bind "{dir}" /mnt/try && chmod 755 /mnt &&
	exec setpriv --reuid={uid} --regid={uid} --clear-groups \\
	/mnt/build/schoolgatectl --config=/mnt/try/schoolgate.conf --socket=/mnt/try/run/console.sock "$@"' lead "$@"
"""


# Somebody of each role, to sign in with at once.  Samples: nowhere else has an account a password
# that stands in a file.
PEOPLE = (("okafor", "lead", "Mrs Okafor", "dsl"), ("patel", "deputy", "Mr Patel", "patel"), ("lowe", "head", "Dr Lowe", "head"),
          ("quill", "dpo", "Ms Quill", "dpo"), ("stone", "governor", "Mr Stone", "stone"), ("byrne", "teacher", "Miss Byrne", "byrne"),
          ("tech", "it", "The technician", "tech"))
PASSWORD = "seven violins on a tractor"
CODE = """#!/bin/sh
# the code of six digits that the telephone of a sample account would show now: code NAME
exec python3 "{here}/visitor.py" "{dir}/secrets.json" "$@"
"""


class Sink(socketserver.ThreadingTCPServer):
    """The next mail server: takes everything and remembers it."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        self.port = free_port()
        self.mails = []     # {"from", "to", "data"}
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", self.port), SinkSession)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def arrived(self, recipient, mark):
        with self.lock:
            return [m for m in self.mails if recipient in m["to"] and mark in m["data"]]


class SinkSession(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        sender, to = "", []
        self.say("220 sink.example ESMTP")
        for line in self.rfile:
            verb = line.strip().upper()
            if verb.startswith((b"EHLO", b"HELO")):
                self.say("250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8")
            elif verb.startswith(b"MAIL"):
                sender, to = line.split(b"<", 1)[1].split(b">")[0].decode(), []
                self.say("250 ok")
            elif verb.startswith(b"RCPT"):
                to.append(line.split(b"<", 1)[1].split(b">")[0].decode())
                self.say("250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                data = b""
                while (row := self.rfile.readline()) not in (b".\r\n", b""):
                    data += row[1:] if row.startswith(b".") else row
                with self.server.lock:
                    self.server.mails.append({"from": sender, "to": to, "data": data})
                self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Look:
    def __init__(self, build, directory):
        self.build, self.dir = os.path.abspath(build), os.path.abspath(directory)
        self.children, self.postfix, self.sink = {}, None, None
        self.environment = {}   # of the programs; tests add fault points

    def prepare(self):
        marker = os.path.join(self.dir, ".made-by-contrib-try")
        if os.path.exists(self.dir) and os.listdir(self.dir) and not os.path.exists(marker):
            sys.exit("%s exists and was not made by contrib/try; move it away" % self.dir)
        shutil.rmtree(self.dir, ignore_errors=True)
        for sub in ("run", "cache", "log"):
            os.makedirs(os.path.join(self.dir, sub))
        open(marker, "w").close()
        os.chmod(self.dir, 0o755)
        self.ports = {"milter": free_port(), "smtp": free_port(), "http": free_port()}
        self.config = os.path.join(self.dir, "schoolgate.conf")
        self.configure("shadow")
        self.write_wrappers()
        self.run("schoolgatectl", "key", "init", quiet=True)

    def configure(self, mode):
        with open(self.config, "w") as f:
            f.write(CONFIG.format(dir=self.dir, top=TOP, uid=LEAD_UID, mode=mode, **self.ports,
                                  assets=next((d for d in (self.build, TOP)
                                               if os.path.exists(os.path.join(d, STATIC))), TOP) + "/" + STATIC))

    def program(self, name):
        return os.path.join(self.build, name)

    def command(self, name, args):
        return [self.program(name), "--config=" + self.config, *args]

    def write_wrappers(self):
        """Commands for a person: schoolgatectl as the technician, and as the lead."""
        for name, text in (("technician", AS_TECHNICIAN), ("lead", AS_LEAD), ("code", CODE)):
            path = os.path.join(self.dir, name)
            with open(path, "w") as f:
                f.write(text.format(dir=self.dir, build=self.build, uid=LEAD_UID, here=HERE))
            os.chmod(path, 0o755)

    def run(self, name, *args, uid=None, quiet=False, stdin=None):
        """A command, as root or as the lead; its output as text."""
        command = [os.path.join(self.dir, "lead"), *args] if uid else self.command(name, args)
        r = subprocess.run(command, capture_output=True, text=True, input=stdin)
        if r.returncode not in (0, 1) and not quiet:
            sys.stderr.write("%s %s: %s" % (name, " ".join(args), r.stderr))
        return r

    def start(self):
        self.sink = Sink()
        for name in PROGRAMS:
            self.start_program(name)
        self.wait("the milter", lambda: self.listening(self.ports["milter"]))
        self.wait("the scanner", lambda: os.path.exists(self.dir + "/run/scan.sock"))
        self.wait("the console", lambda: self.run("schoolgatectl", "status", quiet=True).returncode in (0, 1))
        self.postfix = PrivatePostfix(os.path.join(self.dir, "postfix"), smtp_port=self.ports["smtp"],
                                      milter="inet:127.0.0.1:%d" % self.ports["milter"], next_hop_port=self.sink.port)
        self.postfix.start()
        self.wait("Postfix", lambda: self.listening(self.ports["smtp"]))
        self.confirm()

    def codes(self):
        """What the contacts were asked with, each in a mail of their own."""
        with self.sink.lock:
            mails = [m["data"] for m in self.sink.mails if b"X-Schoolgate: contact;" in m["data"]]
        found = [re.search(rb"\n  ((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})\r", data) for data in mails]
        return [m.group(1).decode() for m in found if m]

    def confirm(self):
        """As a school does it: nothing is held before two people have said that mail reaches them."""
        self.wait("mail to the contacts", lambda: len(self.codes()) >= 6)
        for code in self.codes():
            self.run("schoolgatectl", "contact", "verify", code)
        self.configure("enforce")
        self.run("schoolgatectl", "reload", quiet=True)
        self.wait("the milter's reload", lambda: "reload config=" in self.log("schoolgate-milter"))

    def log(self, name):
        with open(os.path.join(self.dir, "log", name), errors="replace") as f:
            return f.read()

    def people(self):
        """Accounts of the web pages, each set up as its person would do it."""
        links = {name: self.run("schoolgatectl", "user", "add", name, "--role", role, "--person", person,
                                "--mail", mail + "@hillview.example").stdout for name, role, person, mail in PEOPLE}
        secrets = {}
        for name, link in links.items():
            v = Visitor(argparse.Namespace(http=self.ports["http"]))
            if not link or len(v.set_up(link, PASSWORD)) != 10:
                return False
            secrets[name] = v.secret
        path = os.path.join(self.dir, "secrets.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f:
            json.dump(secrets, f)
        v = Visitor(argparse.Namespace(http=self.ports["http"]))
        v.secret = secrets["okafor"]
        return v.sign_in("okafor", PASSWORD) == 303 and v.get("/queue") == 200

    def start_program(self, name):
        log = open(os.path.join(self.dir, "log", name), "a")
        self.children[name] = subprocess.Popen(self.command(name, []), stderr=log, stdout=log,
                                               env={**os.environ, **self.environment.get(name, {})})

    @staticmethod
    def listening(port):
        with socket.socket() as s:
            s.settimeout(0.5)
            return s.connect_ex(("127.0.0.1", port)) == 0

    def wait(self, what, ready, seconds=60):
        end = time.monotonic() + seconds
        while not ready():
            for name, child in self.children.items():
                if child.poll() is not None:
                    sys.exit("%s stopped; its log is %s/log/%s" % (name, self.dir, name))
            if time.monotonic() > end:
                sys.exit("%s did not come up in %d seconds; logs are in %s/log" % (what, seconds, self.dir))
            time.sleep(0.1)

    def send(self, s):
        """Hands one sample in; the server's answer as (code, text)."""
        with open(os.path.join(SAMPLES, s["name"] + ".eml"), "rb") as f:
            data = f.read().replace(b"\n", b"\r\n")
        source = INSIDE if s["source"] == "inside" else OUTSIDE
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"], local_hostname="client.example",
                          source_address=(source, 0), timeout=120) as c:
            try:
                c.sendmail(s["sender"], s["recipients"], data, mail_options=["BODY=8BITMIME"])
                return 250, "accepted"
            except smtplib.SMTPDataError as e:
                return e.smtp_code, e.smtp_error.decode("ascii", "replace")

    def held(self):
        """Waiting messages as the lead sees them, by Message-ID of the sample."""
        r = self.run("schoolgatectl", "held", "list", "--json", uid=LEAD_UID)
        return [json.loads(line) for line in r.stdout.splitlines()]

    def trace(self, message_id):
        """What the milter wrote of a message; it writes in batches, so it may take a moment."""
        return until(lambda: self.traced(message_id), 10) or {}

    def traced(self, message_id):
        r = self.run("schoolgatectl", "trace", "--json", "--id", message_id, uid=LEAD_UID)
        rows = [json.loads(line) for line in r.stdout.splitlines()]
        return rows[0] if rows else None

    def stop(self):
        if self.postfix:
            self.postfix.stop()
        for child in self.children.values():
            child.send_signal(signal.SIGTERM)
        for child in self.children.values():
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
        if self.sink:
            self.sink.shutdown()


def until(ready, seconds=20):
    end = time.monotonic() + seconds
    while not ready() and time.monotonic() < end:
        time.sleep(0.1)
    return ready()


def mark(s):
    return b"<try-%s@sample.example>" % s["name"].encode()


def fate_of(look, s, code, recipient):
    if code != 250:
        return "rejected" if code >= 500 else "put off"
    return "delivered" if until(lambda: look.sink.arrived(recipient, mark(s)), 15 if s["fate"][recipient] == "delivered" else 0) else "held"


def decide(look, s, ref):
    """What a coordinator would do with it; True when it went as it should."""
    if s["then"] == "release":
        r = look.run("schoolgatectl", "held", "release", ref, "-m", "Looked at, spoke with both", uid=LEAD_UID)
        came = r.returncode == 0 and all(until(lambda: look.sink.arrived(to, mark(s)), 30) for to in s["recipients"])
        return came and same_bytes(look, s)
    r = look.run("schoolgatectl", "held", "withhold", ref, "-m", "Spoke with the pupil", uid=LEAD_UID)
    time.sleep(2)
    return r.returncode == 0 and not any(look.sink.arrived(to, mark(s)) for to in s["recipients"])


def same_bytes(look, s):
    with open(os.path.join(SAMPLES, s["name"] + ".eml"), "rb") as f:
        body = f.read().replace(b"\n", b"\r\n").split(b"\r\n\r\n", 1)[1]
    mails = [m for to in s["recipients"] for m in look.sink.arrived(to, mark(s))]
    return all(m["data"].endswith(b"\r\n\r\n" + body) and b"Schoolgate-Release" not in m["data"] for m in mails)


def told(look, kind, ref, s):
    """Has the courier told whom it should?  Nothing of the message may be in that mail."""
    to = "dsl@hillview.example" if kind == "alert" else s["sender"]
    body = text_of(s)

    def mails():
        with look.sink.lock:
            return [m for m in look.sink.mails if b"X-Schoolgate: " + kind.encode() in m["data"] and
                    ref.encode() in m["data"].replace(b"-", b"")]
    return ref != "" and until(lambda: any(to in m["to"] or kind == "alert" for m in mails()), 20) and \
        not any(line in m["data"] for m in mails() for line in body)


def text_of(s):
    """The lines of a sample that no mail of ours may repeat."""
    with open(os.path.join(SAMPLES, s["name"] + ".eml"), "rb") as f:
        return [line for line in f.read().split(b"\n\n", 1)[1].split(b"\n") if len(line) > 20]


def show(rows):
    out = sys.stdout
    width = shutil.get_terminal_size((100, 24)).columns
    out.write("\n%-3s %-52s %-8s %-21s %s\n" % ("", "sent", "verdict", "what arrived", "as it should"))
    out.write("-" * min(width, 100) + "\n")
    for i, (s, verdict, arrived, ok) in enumerate(rows, 1):
        out.write("%-3d %-52s %-8s %-21s %s\n" % (i, s["title"][:52], verdict, arrived, "yes" if ok else "NO"))


def play(look):
    with open(os.path.join(SAMPLES, "fates.json")) as f:
        samples = json.load(f)
    rows = []
    for s in samples:
        code, text = look.send(s)
        fates = {r: fate_of(look, s, code, r) for r in s["recipients"]}
        ok = fates == s["fate"]
        t = look.trace("try-%s@sample.example" % s["name"])
        ref = t.get("ref", "")
        n = sum(f == "delivered" for f in fates.values())
        arrived = "%d of %d at once" % (n, len(fates)) if len(fates) > 1 else ("at once" if n else "nothing")
        if code != 250:
            arrived = "refused: %d" % code
        for kind in s["mails"]:
            ok = ok and told(look, kind, ref, s)
        if s["then"] and ok:
            ok = decide(look, s, ref)
            arrived = "after a release" if s["then"] == "release" else "nothing, as decided"
        forged = [m for r in s["recipients"] for m in look.sink.arrived(r, mark(s)) if b"7F3K9QXD" in m["data"]]
        ok = ok and not forged
        rows.append((s, t.get("verdict", "-"), arrived, ok))
        print("  %s %s" % ("ok " if ok else "NO ", s["title"]), flush=True)
        if not ok:
            print("     expected %s, got %s; answer %d %s" % (s["fate"], fates, code, text))
    show(rows)
    people = look.people()
    print("\nweb pages: %s" % ("an account of each role can sign in" if people else "NOBODY CAN SIGN IN"))
    clean = look.run("schoolgatectl", "audit", "verify").returncode == 0
    print("audit: %s" % ("every entry is as it was written" if clean else "BROKEN"))
    return clean and people and all(ok for _, _, _, ok in rows)


def how_to_go_on(look):
    here = os.path.relpath(look.dir)
    print("""
Still running.  The web pages, in a browser on this machine:

  http://127.0.0.1:{3}/      password of each account:  {4}
  accounts                    {5}
  the code to sign in with    {0}/code okafor

Or go on in another terminal, in this directory.  As the e-safety coordinator:

  {0}/lead held list                   what waits
  {0}/lead held show REF               why it was held; nothing shocking without a further step
  {0}/lead held read REF --text        the next step, on record before it is shown
  {0}/lead held release REF -m "..."   let it go; within a second it can be undone

As the technician, who can run it but read nothing:

  {0}/technician status
  {0}/technician doctor --postfix-dir={0}/postfix/etc

Mail of your own (with swaks installed):

  swaks --server 127.0.0.1:{1} --local-interface {2} --body "you are such a pathetic loser" \\
        --from ann.8c@pupils.hillview.example --to ben.8c@pupils.hillview.example

Logs: {0}/log     Ctrl-C stops everything.""".format(here, look.ports["smtp"], INSIDE, look.ports["http"], PASSWORD,
                                                       ", ".join("%s (%s)" % p[:2] for p in PEOPLE)), flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--build", required=True)
    a.add_argument("--dir", required=True)
    a.add_argument("--once", action="store_true")
    o = a.parse_args()
    look = Look(o.build, o.dir)
    signal.signal(signal.SIGTERM, lambda *x: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)    # a shell's "&" may have it ignored
    try:
        look.prepare()
        look.start()
        good = play(look)
        if not o.once:
            how_to_go_on(look)
    finally:
        look.stop()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
