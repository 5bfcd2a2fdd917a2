#!/usr/bin/python3
# Each program under its own user with the groups of its unit, directories as systemd-tmpfiles makes them.
# fails-if: a program needs a right it has not, has one it must not have (the milter vault.key, the scanner
#           the store), a stranger gets in, or a file is made with another mode than the table below says
import atexit
import errno
import os
import re
import shutil
import smtplib
import socket
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import BUILD, CONFIG, INSIDE, TOP, House, Tap, free_port, skip_all, until  # noqa: E402
from first_look import Sink  # noqa: E402
from private_postfix import POSTFIX_ID, PrivatePostfix, Unavailable  # noqa: E402

if os.geteuid() != 0:
    skip_all("needs root to become other users")

# Numbers in place of the users and groups of schoolgate.sysusers: none is made on this machine.
IDS = {"root": 0, "schoolgate-milter": 61801, "schoolgate-scan": 61802, "schoolgate-courier": 61803,
       "schoolgate-console": 61804, "schoolgate": 61810, "schoolgate-store": 61811, "schoolgate-secret": 61812,
       "schoolgate-roster": 61813,
       "mail-server": POSTFIX_ID}
REVIEWER, STRANGER = 61820, 61821
PROGRAMS = ("scan", "milter", "courier", "console")
# Where the paths of schoolgate.tmpfiles lie here.
PLACES = {"/run/schoolgate": "run", "/run/schoolgate-milter": "run-milter", "/var/lib/schoolgate": "store",
          "/var/cache/schoolgate": "cache", "/etc/schoolgate/keys": "keys",
          "/etc/schoolgate/roster": "roster"}
FILERS = "schoolgate-milter schoolgate-courier schoolgate-console"
# Every file and directory there may be: owner (one of), group, mode.
TABLE = [
    (r"run", "root", "schoolgate", "drwxrws--t"),
    (r"run/scan\.sock(\.bulk)?", "schoolgate-scan", "schoolgate", "srw-rw----"),
    (r"run/console\.sock", "schoolgate-console", "schoolgate", "srw-rw-rw-"),
    (r"run/scan\.trouble", "schoolgate-scan", "schoolgate", "-rw-r-----"),
    (r"run/milter\.trouble", "schoolgate-milter", "schoolgate", "-rw-r-----"),
    (r"run/courier\.trouble", "schoolgate-courier", "schoolgate", "-rw-r-----"),
    (r"run/console\.trouble", "schoolgate-console", "schoolgate", "-rw-r-----"),
    (r"run-milter", "schoolgate-milter", "schoolgate", "drwxr-x---"),
    (r"door", "schoolgate-milter", "mail-server", "drwxr-s---"),
    (r"door/milter\.sock", "schoolgate-milter", "mail-server", "srw-rw----"),
    (r"store", "root", "schoolgate-store", "drwxrws---"),
    (r"store/schoolgate\.db(-wal|-shm)?", FILERS, "schoolgate-store", "-rw-rw----"),
    (r"store/courier\.lock", "schoolgate-courier", "schoolgate-store", "-rw-------"),
    (r"store/content(/[0-9A-Z]{2})?", FILERS, "schoolgate-store", "drwxrws---"),
    (r"store/content/[0-9A-Z]{2}/[0-9A-Z]{8}\.(message|reading)", "schoolgate-milter", "schoolgate-store", "-rw-rw----"),
    (r"store/content/[0-9A-Z]{2}/[0-9A-Z]{8}\.reason-[0-9]+-[0-9a-f]+", "schoolgate-console", "schoolgate-store", "-rw-rw----"),
    (r"cache", "schoolgate-scan", "schoolgate", "drwx------"),
    (r"cache/rules-[0-9a-f]+\.hsdb", "schoolgate-scan", "schoolgate", "-rw-------"),
    (r"keys", "root", "schoolgate-store", "drwxr-x---"),
    (r"keys/vault\.pub", "root", "schoolgate-store", "-rw-r--r--"),
    (r"keys/(audit|mail)\.key", "root", "schoolgate-store", "-rw-r-----"),
    (r"keys/vault\.key", "root", "schoolgate-secret", "-rw-r-----"),
    (r"roster", "root", "schoolgate-roster", "drwxr-s---"),
    (r"roster/(pupils\.roster|roster\.key)", "root", "schoolgate-roster", "-rw-r-----"),
]
NAMES = {number: name for name, number in IDS.items()}
tap = Tap()


class Rights:
    """User, group and other groups, as numbers."""

    def __init__(self, uid, gid, groups=(), umask=0o077):
        self.uid, self.gid, self.groups, self.umask = uid, gid, list(groups), umask

    def command(self, *words):
        groups = "--groups=" + ",".join(map(str, self.groups)) if self.groups else "--clear-groups"
        return ["setpriv", "--reuid=%d" % self.uid, "--regid=%d" % self.gid, groups, "--no-new-privs", *words]

    def fails(self, act):
        """The errno act() meets with these rights, None when it succeeds."""
        pid = os.fork()
        if pid == 0:
            try:
                os.setgroups(self.groups)
                os.setresgid(self.gid, self.gid, self.gid)
                os.setresuid(self.uid, self.uid, self.uid)
                act()
                os._exit(0)
            except OSError as e:
                os._exit(e.errno)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return status or None

    def denied(self, act):
        return self.fails(act) == errno.EACCES


def unit(name):
    """The rights a unit gives."""
    with open("%s/contrib/systemd/schoolgate-%s.service" % (TOP, name)) as f:
        rows = dict(line.strip().split("=", 1) for line in f if "=" in line)
    return Rights(IDS[rows["User"]], IDS[rows["Group"]], [IDS[g] for g in rows.get("SupplementaryGroups", "").split()],
                  int(rows["UMask"], 8))


class Home(House):
    """A house whose programs are four users; they run from a copy, for a checkout may be closed to them."""

    def __init__(self, door, **more):
        self.door_dir = door
        super().__init__(config=CONFIG.replace("{dir}/run/milter.sock", door + "/milter.sock")
                         .replace("{top}/rules", "{dir}/shipped"), **more)
        shutil.copytree(TOP + "/rules/notices", self.path("shipped/notices"))
        shutil.copytree(TOP + "/rules/steps", self.path("shipped/steps"))
        subprocess.run(["chmod", "-R", "a+rX", self.path("shipped")], check=True)
        os.mkdir(self.path("bin"))
        for name in [*("schoolgate-" + p for p in PROGRAMS), "schoolgatectl", "t/lib/storefill"]:
            shutil.copy(os.path.join(BUILD, name), self.path("bin"))
        for name in ("bin", "rules"):
            os.chmod(self.path(name), 0o755)

    def confirm(self):
        subprocess.run(unit("courier").command(self.path("bin/storefill"), self.config, "confirm", "dsl@hillview.example",
                                               "deputy@hillview.example"), preexec_fn=lambda: os.umask(0o077), check=True)

    def program(self, name):
        inside = os.path.join(self.dir, "bin", os.path.basename(super().program(name)))
        return inside if os.path.exists(inside) else super().program(name)

    def keys(self):
        """As README.md has it: directories, keys, and once more for the keys' groups."""
        self.tmpfiles()
        super().keys()
        self.tmpfiles()

    def tmpfiles(self):
        with open(TOP + "/contrib/systemd/schoolgate.tmpfiles") as f:
            rows = [line.split() for line in f if line[0] in "dz"]
        for kind, path, mode, user, group in rows:
            base, leaf = (path, "") if path in PLACES else os.path.split(path)
            here = os.path.join(self.dir, PLACES[base], leaf).rstrip("/")
            if kind == "d":
                os.makedirs(here, exist_ok=True)
            if os.path.exists(here):
                os.chown(here, IDS[user], IDS[group])
                os.chmod(here, int(mode, 8))

    def start(self, *names, **unused):
        if "milter" in names or "courier" in names:     # the store is theirs
            self.confirm()
        for name in names:
            rights = unit(name)
            with open(self.path("log/" + name), "a") as log:
                self.children[name] = subprocess.Popen(
                    rights.command(self.program(name), "--config=" + self.config), stdin=subprocess.DEVNULL, stdout=log,
                    stderr=log, preexec_fn=lambda: os.umask(rights.umask))
            self.wait(name)

    def as_user(self, uid, *args):
        return subprocess.run(Rights(uid, uid).command(self.program("schoolgatectl"), "--config=" + self.config, *args),
                              capture_output=True, text=True, env={**os.environ, "TZ": "UTC"})

    def files(self):
        """(name as in TABLE, path) of everything in the shared directories."""
        for top, path in [(p, self.path(p)) for p in PLACES.values()] + [("door", self.door_dir)]:
            yield top, path
            for base, dirs, files in os.walk(path):
                for name in dirs + files:
                    full = os.path.join(base, name)
                    yield top + full[len(path):], full


def connect(path, kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_UNIX, kind) as s:
        s.connect(path)


def send(mid, text):
    with smtplib.SMTP("127.0.0.1", smtp, local_hostname="client.example", source_address=(INSIDE, 0), timeout=60) as c:
        c.sendmail("ann@pupils.hillview.example", ["ben@pupils.hillview.example"],
                   ("From: ann@pupils.hillview.example\r\nSubject: a note\r\nDate: Tue, 4 Mar 2026 10:00:00 +0000\r\n"
                    "Message-ID: <%s>\r\n\r\n%s\r\n" % (mid, text)).encode())


def arrived(mid):
    return [m["data"] for m in list(sink.mails) if mid.encode() in m["data"]]


def waiting():
    return re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", home.as_user(REVIEWER, "held", "list").stdout)


# --- a mail server of its own user; its door as README.md makes it for Postfix --------------------
place = tempfile.mkdtemp(prefix="sg-users-", dir="/var/tmp")
atexit.register(shutil.rmtree, place, True)
os.chmod(place, 0o755)
sink, smtp = Sink(), free_port()
postfix = PrivatePostfix(place + "/postfix", smtp_port=smtp, milter="unix:/mnt/spool/schoolgate/milter.sock",
                         next_hop_port=sink.port)
try:
    postfix.prepare()
except Unavailable as e:
    skip_all(str(e))
atexit.register(postfix.stop)
door = place + "/postfix/spool/schoolgate"
os.mkdir(door)
os.chown(door, IDS["schoolgate-milter"], IDS["mail-server"])
os.chmod(door, 0o2750)

home = Home(door, smtp=smtp, cli='accounts = [ "%d:okafor:lead:dsl@hillview.example" ];' % REVIEWER)
r = home.ctl("config", "check")
tap.ok(r.returncode == 0, "the configuration is in order, seen as root", r.stdout, r.stderr)
home.write("pupils.csv", "Surname,Forename\nChen,Mia\n")
r = home.ctl("roster", "import", home.path("pupils.csv"))
tap.ok(r.returncode == 0, "root imports the roster", r.stdout, r.stderr)
home.start(*PROGRAMS)
tap.ok("roster=1" in home.log("scan"), "the scanner's user reads it", home.log("scan")[-800:])
postfix.start()


def ids(name):
    with open("/proc/%d/status" % home.children[name].pid) as f:
        rows = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
    return set(rows["Uid"].split()), set(rows["Gid"].split()), rows["CapEff"]


for name in PROGRAMS:
    want = unit(name)
    tap.ok(ids(name) == ({str(want.uid)}, {str(want.gid)}, "0" * 16), "%s runs as its own user, without capabilities" % name, ids(name))

# --- the road ----------------------------------------------------------------------------------------
send("clean@x.example", "Shall we meet at the library?")
tap.ok(until(lambda: arrived("clean@x.example")), "a clean message arrives", postfix.log()[-1500:], home.log("milter"))
send("held@x.example", "a word of the tests: xyzzyevil")
tap.ok(until(waiting) and not arrived("held@x.example"), "a risky one is held, and the reviewer's user sees it", home.log("milter"))
ref = (waiting() or ["0000-0000"])[0]
r = home.as_user(REVIEWER, "held", "read", ref, "--text")
tap.ok(r.returncode == 0 and "xyzzyevil" in r.stdout, "the reviewer reads it", r.stdout, r.stderr)
tap.ok(home.ctl("status", "--json").returncode == 0, "status is good: no door is called away that is only closed to the console",
       home.ctl("status").stdout)

# --- what each may not ---------------------------------------------------------------------------------
secret, database = home.path("keys/vault.key"), home.path("store/schoolgate.db")
content = [path for name, path in home.files() if name.endswith(".message")]
tap.ok(content and not any(b"xyzzyevil" in open(p, "rb").read() for p in content), "what is held lies sealed on disk")
tap.ok(unit("milter").denied(lambda: open(secret)), "the milter's user cannot read vault.key")
r = subprocess.run(unit("milter").command(home.program("console"), "--config=" + home.config, "--check"), capture_output=True, text=True)
tap.ok(r.returncode == 2 and "vault.key" in r.stderr and "Permission denied" in r.stderr,
       "nor open what is held by starting the console", r.stdout, r.stderr)
for what in ("store", "store/schoolgate.db", "keys", "keys/audit.key", "keys/mail.key", "keys/vault.key", "store/content"):
    tap.ok(unit("scan").denied(lambda: os.open(home.path(what), os.O_RDONLY)), "the scanner's user cannot open %s" % what)
for who in ("courier", "console"):
    tap.ok(unit(who).fails(lambda: open(secret)) is None, "the %s's user can read vault.key" % who)
    tap.ok(unit(who).denied(lambda: connect(door + "/milter.sock")), "the %s's user cannot play the mail server" % who)
for who in ("milter", "courier", "console"):
    for what in ("roster/roster.key", "roster/pupils.roster"):
        tap.ok(unit(who).denied(lambda: open(home.path(what))), "the %s's user cannot read %s" % (who, what))
stranger = Rights(STRANGER, STRANGER)
for what in ("store", "store/schoolgate.db", "keys", "keys/vault.pub", "cache", "roster"):
    tap.ok(stranger.denied(lambda: os.open(home.path(what), os.O_RDONLY)), "a stranger cannot open %s" % what)
tap.ok(stranger.denied(lambda: connect(home.path("run/scan.sock"), socket.SOCK_SEQPACKET)), "a stranger cannot ask the scanner")
tap.ok(stranger.denied(lambda: connect(door + "/milter.sock")), "a stranger cannot reach the milter")
tap.ok(stranger.denied(lambda: os.listdir(home.path("run"))), "a stranger cannot list the sockets")
r = home.as_user(STRANGER, "held", "list")
tap.ok(r.returncode == 4 and "no Schoolgate account" in r.stderr and ref not in r.stdout, "a stranger is refused by the console", r.stdout, r.stderr)
r = home.ctl("held", "show", ref)
tap.ok(r.returncode == 4 and "xyzzy" not in r.stdout, "root reads no mail", r.stdout, r.stderr)
for who in PROGRAMS:
    r = home.as_user(unit(who).uid, "held", "list")
    tap.ok(r.returncode == 4, "the %s's user is nobody to the console" % who, r.stdout, r.stderr)
tap.ok(unit("scan").fails(lambda: os.unlink(home.path("run/console.sock"))) == errno.EPERM, "one program cannot take another's socket away")

# --- the decision ------------------------------------------------------------------------------------------
r = home.as_user(REVIEWER, "held", "release", ref, "-m", "looked at it")
tap.ok(r.returncode == 0 and until(lambda: arrived("held@x.example"), 30), "released, it arrives", r.stderr, home.log("courier"), home.log("milter"))
copy = (arrived("held@x.example") or [b""])[0]
tap.ok(copy.endswith(b"\r\n\r\na word of the tests: xyzzyevil\r\n") and b"Schoolgate-Release" not in copy, "as it was sent")

# --- the store changes hands: whoever comes first makes SQLite's files anew ------------------------------------
for order in (("console", "scan", "milter", "courier"), ("courier", "scan", "console", "milter")):
    home.stop()
    home.start(*order)
    send("after-%s@x.example" % order[0], "again: xyzzyevil")
    seen = until(waiting)
    r = home.as_user(REVIEWER, "held", "withhold", seen[0], "-m", "kept") if seen else None
    tap.ok(r and r.returncode == 0, "all of it works when the %s was there first" % order[0], *(home.log(n)[-800:] for n in PROGRAMS))
tap.ok(home.ctl("audit", "verify").returncode == 0, "every entry of the audit is as it was written")


def wrong(name, path):
    """What is other than in the table, or None."""
    st = os.lstat(path)
    is_now = (NAMES.get(st.st_uid, st.st_uid), NAMES.get(st.st_gid, st.st_gid), stat.filemode(st.st_mode))
    for pattern, owners, group, mode in TABLE:
        if re.fullmatch(pattern, name):
            good = is_now[0] in owners.split() and is_now[1:] == (group, mode)
            return None if good else "%s: %s, not %s %s %s" % (name, is_now, owners, group, mode)
    return "%s is in no row: %s" % (name, is_now)


problems = [w for w in (wrong(*f) for f in home.files()) if w]
tap.ok(not problems, "every file has the owner, group and mode of the table", *problems)
seen = [name for name, _ in home.files()]
missing = [pattern for pattern, *_ in TABLE if not any(re.fullmatch(pattern, name) for name in seen)]
tap.ok(not missing, "and there is one for each row", *missing)
home.stop()
left = [name for name, path in home.files() if stat.S_ISSOCK(os.lstat(path).st_mode)]
tap.ok(not left, "stopped, they leave no socket behind", *left)
postfix.stop()
sink.shutdown()
tap.done()
