#!/usr/bin/python3
# The whole product when something underneath it fails: disk, database, scanner, mail server,
# log, descriptors, clock, keys, settings; and what is left lying about afterwards.
# fails-if: mail that should be held passes or is lost, a fault is not seen in status and
#           metrics, it does not end by itself, a program hangs or spins, a word of a message
#           or a person is found outside the sealed content
import fcntl
import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import ACCOUNTS, UIDS, needs_root  # noqa: E402
from milter import Mta  # noqa: E402
from scanner import Scanner  # noqa: E402
from sg import INSIDE, House, Tap, until  # noqa: E402
from sink import Sink  # noqa: E402

needs_root()
tap = Tap()
STAFF, OUT, PUPIL = "hale@hillview.example", "someone@elsewhere.example", "ann@pupils.hillview.example"
PROGRAMS = ("scan", "milter", "courier", "console")
# words that may stand nowhere but in sealed content; people may stand in the database only
SECRETS = (b"qzbodyqz", b"qzsubjectqz", b"qznameqz", b"qzfileqz")
PEOPLE = (b"qzsenderqz", b"qzrcptqz")
# a rule's own word is in the rules and in what is compiled of them, so it is no marker
RISKY, CLEAN = "say xyzzyevil now, qzbodyqz", "Nothing of note, qzbodyqz."


class Town(House):
    """All four programs, and a mail server that asks our milter about what the courier hands in."""

    def __init__(self):
        self.sink = Sink()
        self.sink.dot = self.through_milter
        self.number = 0
        super().__init__(smtp=self.sink.port, cli=ACCOUNTS, scan="deadline = 4; bulk_workers = 1;", mta="timeout = 5;",
                         courier="alert_gap = 0; high_gap = 0; notice_gap = 0;", milter="max_sessions = 50;")
        os.chmod(self.path("run"), 0o755)

    def through_milter(self, mail):
        try:
            m = Mta(self.door, "127.0.0.1")
            a = m.send(mail.sender, mail.to, mail.data)
            m.quit()
        except OSError:
            return b"451 4.7.1 no milter"
        mail.gone = a.word == "discard"
        return None if a.word in ("accept", "discard") else b"451 4.7.1 later"

    def mail(self, body, pad=0):
        self.number += 1
        head = ('From: "Q. qznameqz" <qzsenderqz@hillview.example>\r\nTo: "R. qznameqz" <qzrcptqz@pupils.hillview.example>\r\n'
                "Subject: qzsubjectqz %d\r\nMessage-ID: <fault-%d@x.example>\r\nMIME-Version: 1.0\r\n"
                'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' % (self.number, self.number))
        text = ("--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n%s--b\r\nContent-Type: application/octet-stream; name=\"qzfileqz.bin\"\r\n"
                "Content-Disposition: attachment; filename=\"qzfileqz.bin\"\r\n\r\nqzbodyqz\r\n--b--\r\n" % (body, "padding\r\n" * (pad // 9)))
        return (head + text).encode(), "fault-%d@x.example" % self.number

    def send(self, data, to=("qzrcptqz@pupils.hillview.example",), sender="qzsenderqz@hillview.example"):
        try:
            m = Mta(self.door, INSIDE)
            a = m.send(sender, list(to), data)
            m.quit()
            return a.word
        except OSError:
            return "gone"

    def clean(self):
        return self.send(self.mail(CLEAN)[0])

    def hold(self, pad=0):
        """(word, Message-ID) of one that should be held."""
        data, mid = self.mail(RISKY, pad)
        return self.send(data), mid, data

    def filed(self, mid):
        return self.sql("select count(*) from incident where message_id = ?", mid)[0][0]

    # --- people ---------------------------------------------------------------
    def health(self):
        r = self.ctl("status", "--json")
        return (r.returncode, json.loads(r.stdout)) if r.stdout else (r.returncode, {"alarms": [], "services": []})

    def alarms(self):
        return {(a["program"], a["what"]): a for a in self.health()[1]["alarms"]}

    def metric(self, program, what):
        out = subprocess.run(["curl", "-s", "--unix-socket", self.path("run/console.sock"), "http://localhost/metrics"],
                             capture_output=True, text=True).stdout
        m = re.search(r'^schoolgate_trouble\{program="%s",what="%s"\} (\d)$' % (program, what), out, re.M)
        return m and int(m.group(1))

    def lead(self, *args):
        return subprocess.run(["setpriv", "--reuid=%d" % UIDS["deputy"], "--regid=%d" % UIDS["deputy"], "--clear-groups",
                               self.program("schoolgatectl"), "--config=" + self.config, *args], capture_output=True, text=True)

    def release(self, mid):
        ref = self.sql("select ref from incident where message_id = ?", mid)[0][0]
        return self.lead("held", "release", ref, "-m", "looked at it").returncode

    def arrived(self, mid):
        with self.sink.lock:
            return sum(("<%s>" % mid).encode() in m.data and not m.gone for m in self.sink.mails)

    def restart(self, *names, **more):
        self.stop(*names)
        self.start(*names, **more)


town = Town()
scanner = lambda: (Scanner.children_of(town.children["scan"].pid) or [0])[0]
workers = lambda: Scanner.children_of(scanner())


def alarm(program, what, since=None, seconds=6):
    """Seen by status, in words, and by the metrics."""
    until(lambda: (program, what) in town.alarms(), seconds)
    r, m = town.ctl("status"), town.health()
    seen = {(a["program"], a["what"]) for a in m[1]["alarms"]}
    return (program, what) in seen and m[0] == 1 and r.returncode == 1 and "Since " in r.stdout and \
        "%s (%s)" % (what, program) in r.stdout.split("\n")[0] and town.metric(program, what) == 1


def over(program, what, seconds=10):
    return bool(until(lambda: (program, what) not in town.alarms(), seconds)) and town.metric(program, what) == 0



def full_disk():
    word, first, _ = town.hold()
    tap.ok(word == "discard" and town.filed(first) == 1 and not town.alarms(), "all is well: a risky message is held, no alarm",
           word, town.log("milter")[-800:], town.alarms())
    if mounted:
        with open(town.path("store/filler"), "wb", buffering=0) as f:
            try:
                while True:
                    f.write(b"x" * 4096)
            except OSError:
                pass
        word, full, data = town.hold(pad=100000)
        tap.ok(word == "tempfail" and town.filed(full) == 0, "disk full: what should be held is asked to come later", word)
        passed = [town.clean() for _ in range(5)]
        tap.ok(passed == ["accept"] * 5, "clean mail flows", passed, town.log("milter")[-800:])
        tap.ok(alarm("milter", "filing"), "status and metrics say so", town.ctl("status").stdout)
        r = town.ctl("status")
        tap.ok("cannot be filed" in r.stdout and "No space left" in r.stdout and "goes on by itself" in r.stdout,
               "in plain words, with the reason and what to do", r.stdout)
        d = town.ctl("doctor")
        tap.ok("cannot be filed" in d.stdout, "doctor too", d.stdout)
        os.unlink(town.path("store/filler"))
        tap.ok(over("milter", "filing"), "room is back: the alarm ends by itself, without a message", town.ctl("status").stdout)
        tap.ok(town.send(data) == "discard" and town.filed(full) == 1, "the retry is held, once")
        tap.ok(until(lambda: not town.alarms(), 10), "no alarm of any program is left", town.alarms())
        rows = lambda: town.sql("select count(*) from trace where message_id >= ''")[0][0]
        tap.ok(until(lambda: rows() == town.number + 1, 5), "and every message can be traced, those of the full disk too", rows(), town.number)
    else:
        tap.ok(True, "disk full # SKIP no tmpfs of our own can be mounted")


def locked_database():
    lock = sqlite3.connect(town.path("store/schoolgate.db"), isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    answer = []
    late = threading.Thread(target=lambda: answer.append(town.hold()))
    late.start()
    time.sleep(0.3)
    word = town.send(town.mail(CLEAN)[0], sender="other@hillview.example")
    tap.ok(word == "accept" and not answer, "database locked: clean mail flows, also while another waits", word, answer)
    late.join(60)
    tap.ok(answer[0][0] == "tempfail", "what should be held is asked to come later", answer[0][:2])
    tap.ok(alarm("milter", "filing"), "status says so", town.ctl("status").stdout)
    lock.execute("ROLLBACK")
    lock.close()
    tap.ok(over("milter", "filing", 15), "unlocked: the alarm ends by itself")
    tap.ok(town.send(answer[0][2]) == "discard" and town.filed(answer[0][1]) == 1, "the retry is held, once")
    tap.ok(until(lambda: not town.alarms(), 10), "the courier goes on too", town.alarms())


def scanner_away():
    town.stop("scan")
    tap.ok(town.clean() == "tempfail" and alarm("milter", "reading"), "scanner away: later, and an alarm", town.ctl("status").stdout)
    town.start("scan")
    tap.ok(town.clean() == "accept" and over("milter", "reading"), "it is back: the next one passes, the alarm is over")
    until(lambda: len(workers()) == 3, 10)
    old = workers()
    for w in old:
        os.kill(w, signal.SIGSTOP)
    word = town.clean()
    replaced = until(lambda: not set(old) & set(workers()), 5)
    tap.ok(word == "accept" and replaced, "workers that are stopped are replaced", word, old, workers())
    for how in (signal.SIGSTOP, signal.SIGKILL):
        until(lambda: len(workers()) == 3, 10)
        os.kill(scanner(), how)
        seen = alarm("scan", "workers", seconds=2) or "zygote.lost" in town.log("scan")
        word = until(lambda: (lambda w: w == "accept" and w)(town.clean()), 15)
        tap.ok(word == "accept" and seen and over("scan", "workers"), "so is their parent (%s)" % how.name, word, town.log("scan")[-600:])


def mail_server_away():
    until(lambda: not town.health()[1].get("outbox"), 10)
    town.sink.close()
    kept = [town.hold()[1] for _ in range(2)]   # nobody decides these: their alerts wait
    held = [town.hold()[1] for _ in range(3)]
    codes = [town.release(mid) for mid in held]
    until(lambda: town.health()[1]["outbox"] >= 5, 5)
    until(lambda: any(s["name"] == "mail server" and s["state"] == "wrong" for s in town.health()[1]["services"]), 8)
    r, m = town.ctl("status"), town.health()[1]
    tap.ok(codes == [0] * 3 and m["outbox"] >= 5 and m["outbox_oldest"] and r.returncode == 1 and "mail server" in r.stdout.split("\n")[0]
           and re.search(r"^Oldest\s+\S", r.stdout, re.M), "mail server away: alerts and releases wait, status says since when", codes, r.stdout)
    town.sink.open()
    done = until(lambda: all(town.arrived(mid) for mid in held) and not town.health()[1]["outbox"], 25)
    time.sleep(1)
    alerts = [m for m in town.sink.mails if (m.header("X-Schoolgate") or "").startswith("alert")]
    tap.ok(done and [town.arrived(mid) for mid in held] == [1, 1, 1], "it is back: each release arrives once", [town.arrived(mid) for mid in held])
    tap.ok(alerts and [town.arrived(mid) for mid in kept] == [0, 0] and town.health()[1]["ok"] is not None and not town.health()[1].get("outbox"), "the alerts went too, nothing is left",
           [m.data[:300] for m in town.sink.mails], town.log("courier")[-500:])


def bad_settings():
    good, theirs = open(town.config).read(), town.config
    town.write("asked.conf", good)
    town.write("schoolgate.conf", good.replace("undo = 0;", 'undo = "soon";'))
    town.config = town.path("asked.conf")       # schoolgatectl reads it too
    for name, number in (("milter", signal.SIGUSR1), ("courier", signal.SIGHUP), ("console", signal.SIGHUP)):
        town.signal(name, number)
        tap.ok(alarm(name, "settings") and town.clean() == "accept", "%s: a mistake on reload is refused and seen" % name, town.ctl("status").stdout)
    town.write("rules/bad.conf", 'category = "testing"; rules = ( { id = "x.y"; words = [ "a" ]; hit = [ "nothing" ]; } );')
    town.write("schoolgate.conf", good)
    town.signal("scan", signal.SIGHUP)
    tap.ok(alarm("scan", "rules") and town.hold()[0] == "discard", "scan: a bad rule is refused and seen; the rules of before are in use")
    os.unlink(town.path("rules/bad.conf"))
    town.config = theirs
    for name, number in (("milter", signal.SIGUSR1), ("courier", signal.SIGHUP), ("console", signal.SIGHUP), ("scan", signal.SIGHUP)):
        town.signal(name, number)
    tap.ok(until(lambda: not town.alarms(), 10), "put right and reloaded: no alarm", town.alarms())


def clock():
    YEAR = {"SCHOOLGATE_CLOCK_OFFSET": str(366 * 86400)}
    word, stale, _ = town.hold()
    town.restart("milter", environment=YEAR)
    town.release(stale)
    refused = until(lambda: "ticket-refused" in town.log("milter"), 8)
    tap.ok(refused and town.arrived(stale) == 0, "a ticket from a year ago lets nothing pass", town.log("milter")[-600:])
    town.restart("milter")
    tap.ok(until(lambda: town.arrived(stale) == 1, 20), "with the clock put right the release arrives", town.log("courier")[-800:])
    for what, env in (("a year ahead", YEAR), ("an hour back", {"SCHOOLGATE_CLOCK_OFFSET": "-3600"})):
        town.restart("milter", "courier", "console", environment=env)
        word, mid, data = town.hold()
        code = town.release(mid)
        came = until(lambda: town.arrived(mid) == 1, 15)
        tap.ok(word == "discard" and code == 0 and came and town.arrived(mid) == 1, "clock %s: held, released, arrived, once" % what,
               word, code, town.arrived(mid), town.log("courier")[-800:])
    town.restart("milter", "courier", "console")
    tap.ok(town.ctl("audit", "verify").returncode == 0, "the audit chain is unbroken by all that")


def few_descriptors():
    pid = town.children["milter"].pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    count = len(os.listdir("/proc/%d/fd" % pid))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (count + 2, before[1]))
    ticks = lambda: sum(int(x) for x in open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()[11:13])
    at = ticks()
    words = []
    crowd = [threading.Thread(target=lambda: words.append(town.clean())) for _ in range(12)]
    for c in crowd:
        c.start()
    time.sleep(4)
    cpu = (ticks() - at) / os.sysconf("SC_CLK_TCK")
    alive = town.children["milter"].poll() is None
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    for c in crowd:
        c.join(30)
    tap.ok(alive and set(words) <= {"accept", "tempfail", "gone"} and len(words) == 12, "no descriptors left: the milter lives, and answers later or nothing", words)
    tap.ok(cpu < 1, "and does not spin (%.2f s of CPU in 4 s)" % cpu)
    tap.ok(until(lambda: town.clean() == "accept", 15) and over("milter", "room"), "with descriptors again mail flows, no alarm stays", town.alarms())


def log_unread():
    for how in ("closed", "stuck"):
        town.stop()
        r, w = os.pipe()
        fcntl.fcntl(w, 1031, 4096)      # F_SETPIPE_SZ
        os.set_blocking(w, False)
        try:
            while True:
                os.write(w, b"x" * 512)
        except BlockingIOError:
            pass
        os.set_blocking(w, True)
        for name in PROGRAMS:
            town.children[name] = subprocess.Popen(
                ["sh", "-c", "exec %s --config=%s%s" % (town.program(name), town.config, " 2>&- >&-" if how == "closed" else "")],
                stdin=subprocess.DEVNULL, stdout=w, stderr=w, env={**os.environ, "SCHOOLGATE_FAULT_FILE": town.path(name + ".fault")})
        for name in PROGRAMS:
            town.wait(name)
        until(lambda: town.clean() == "accept", 10)
        word, mid, _ = town.hold()
        code = town.release(mid)
        tap.ok(word == "discard" and code == 0 and until(lambda: town.arrived(mid) == 1, 10), "the log is %s: held, released, arrived" % how, word, code)
        if how == "stuck":
            break
        os.close(r)
        os.close(w)


def search(paths):
    hits, seen = [], 0
    for path in paths:
        try:
            with open(path, "rb") as f:
                data = f.read().lower()
        except OSError:
            continue
        seen += 1
        people = () if re.search(r"/store/schoolgate\.db", path) else PEOPLE
        hits += [(path, marker) for marker in SECRETS + people if marker in data]
    return hits, seen


def nothing_left():
    def places():
        for base, _, files in os.walk(town.dir):
            for name in files:
                path = os.path.join(base, name)
                if os.path.isfile(path) and not name.endswith(".conf") and not os.path.islink(path):
                    yield path
        family = [c.pid for c in town.children.values()]
        for pid in family + [scanner()] + workers():
            yield "/proc/%d/environ" % pid
            yield "/proc/%d/cmdline" % pid

    town.stop("courier")
    time.sleep(0.5)
    town.write("cache/planted", SECRETS[1].decode())
    hits, seen = search(places())
    tap.ok(hits == [(town.path("cache/planted"), SECRETS[1])] and seen > 30,
           "no word of a message, no subject, name or file name in %d files of logs, store, cache, run and processes but where "
           "the test has put it; people only in the database" % seen, *hits)
    content = [f for f in places() if "/content/" in f]
    tap.ok(len(content) > 10, "sealed content is among them (%d files)" % len(content))
    cores = subprocess.run("find %s / -maxdepth 1 -name 'core*' -type f -newer %s" % (town.dir, town.path("policy.conf")), shell=True,
                           capture_output=True, text=True).stdout
    limits = [open("/proc/%d/limits" % c.pid).read() for n, c in town.children.items() if c.poll() is None]
    tap.ok(not cores and all(re.search(r"Max core file size\s+0\s+0", x) for x in limits), "no core file, and none can be made", cores)
    alerts = b"".join(m.data for m in town.sink.mails if m.header("X-Schoolgate"))
    tap.ok(alerts and not any(s in alerts for s in SECRETS), "and none of it in alerts or notices")
    town.stop()


def keys_missing():
    os.rename(town.path("keys/mail.key"), town.path("mail.key"))
    for name in PROGRAMS[1:]:
        mark = len(town.log(name))
        town.start(name, wait=False)
        code = town.ended(name, 10)
        said = town.log(name)[mark:]
        tap.ok(code == 2 and "mail.key" in said and "schoolgatectl key init" in said, "%s: without a key it does not start: exit 2 and what to do" % name, code, said)
    os.rename(town.path("mail.key"), town.path("keys/mail.key"))
    os.chmod(town.path("keys/mail.key"), 0o644)
    for name in PROGRAMS[1:]:
        mark = len(town.log(name))
        town.start(name, wait=False)
        code = town.ended(name, 10)
        said = town.log(name)[mark:]
        tap.ok(code == 2 and "chmod o-rwx" in said, "%s: nor with one that everybody can read" % name, code, said)


mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", town.path("store")],
                         capture_output=True).returncode == 0
only = sys.argv[1:]      # names of sections, to look at one of them
try:
    town.start(*PROGRAMS)
    for section in (full_disk, locked_database, scanner_away, mail_server_away, bad_settings, clock, few_descriptors, log_unread, nothing_left, keys_missing):
        if not only or section.__name__ in only:
            section()
finally:
    town.stop(seconds=5)
    if mounted:
        subprocess.run(["umount", "-l", town.path("store")])
tap.done()
