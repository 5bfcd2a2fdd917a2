#!/usr/bin/python3
# The scanner under stress: what breaks a worker hurts one message only; reload, stop, load.
# fails-if: a crash, hang, memory bomb, kill, reload or stop loses or delays another message; a
#           message that always fails is never answered; processes, descriptors or memory grow
import fcntl
import glob
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "t", "lib"))
from sg import RULES, TOP, Tap, until  # noqa: E402
from scanner import Scanner, alive, descriptors, finding, own, rules_of  # noqa: E402

with open(os.path.join(TOP, "milter", "base", "wire.h")) as f:
    WIRE = int(re.search(r"define SG_WIRE\s+(\d+)", f.read()).group(1))
t = Tap()
s = Scanner(scan="deadline = 3; bulk_size = 1048576; bulk_workers = 1;")
s.up()
asan = "asan" in s.log("scan")
slow = 10 if asan else 1        # sanitizers cost time


def good(answers):
    return all("reading" in a for a in answers)


def slowest(answers):
    return max(a["ms"] for a in answers)


# --- one bad message hurts one message ---------------------------------------------
a = s.hook("crash")
part = a["reading"]["parts"][0]
f = finding(a, "scan.extractor-failed")
t.ok(f and f["severity"] == 2 and f["area"] == "system" and a["reading"]["flags"] & 4, "a crash: flag and finding", a)
t.ok("unscannable" in part["kinds"] and "skipped:testhook" in part["notes"], "and the part is unscannable", part)
t.ok(until(lambda: len(s.workers()) == 3, 30), "the worker is replaced", s.workers())

hang = s.asking(s.message(first="X-Schoolgate-Test: hang"))
others = s.ask(*[s.message() for _ in range(200)])
a = s.answers(hang)[0]
t.ok(good(others) and slowest(others) < 2500 * slow, "200 messages pass beside one that hangs: none waits for its end",
     slowest(others))
t.ok(2900 < a["ms"] < 9000 * slow and s.said("worker.late") == 1 and "scan.extractor-failed" in rules_of(a), "which is killed at its deadline", a)

# --- a message that always dies is answered in the end -----------------------------
poison = s.message("poison", first="X-Schoolgate-Test: sleep 2500")
asked = []
while len(asked) < 5 and not (asked and "reading" in asked[-1]):
    p = s.asking(poison)
    while p.poll() is None:
        time.sleep(0.4)
        for w in s.workers():       # somebody else's kill -9, again and again; idle ones do not matter
            os.kill(w, signal.SIGKILL)
    asked += s.answers(p)
t.ok(asked[0].get("error") == "peer", "a scan that is killed twice is an error", asked)
f = finding(asked[-1], "scan.failed")
t.ok(f and f["severity"] == 3 and "unscannable" in asked[-1]["reading"]["parts"][0]["kinds"] and
     asked[-1]["reading"]["flags"] & 4, "after that it is answered as unscannable, not tried for ever", asked)
t.ok(s.passes(), "and others are not")

# --- a crash while the answer is given ------------------------------------------------
many = s.path("many.eml")
with open(many, "w") as f:
    f.write("Subject: many\nContent-Type: multipart/mixed; boundary=b\n\n" +
            ("--b\nContent-Disposition: inline; filename=%s\n\nwords\n" % ("n" * 400)) * 1500 + "--b--\n")
with open(many, "rb") as f:
    mail = f.read()
fds = [os.memfd_create(name, os.MFD_ALLOW_SEALING) for name in ("message", "texts")]
os.write(fds[0], mail)
fcntl.fcntl(fds[0], fcntl.F_ADD_SEALS, 15)
deaf = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
deaf.connect(s.path("run/scan.sock"))
socket.send_fds(deaf, [struct.pack("=IQIII", WIRE << 16 | 1, 7, 3000, 0, 0)], fds)    # SCAN, no facts
deaf.settimeout(30)
deaf.recv(65536)                # it answers, and soon finds nobody listening
ended = s.said("state=answering")
for w in s.workers():
    os.kill(w, signal.SIGSEGV)
# The dead are workers until they are reaped, and a new one may be there before: only the log
# of this one's end says that its message has been told of it.
until(lambda: s.said("state=answering") > ended, 30)
a = s.ask(many)[0]
t.ok("scan.extractor-failed" in rules_of(a), "a crash after reading is the message's too", a.get("error"))
for fd in fds:
    os.close(fd)
deaf.close()

# --- clients ------------------------------------------------------------------------
gone = [s.asking(s.message(first="X-Schoolgate-Test: sleep 1000")) for _ in range(4)]
until(lambda: s.in_hand() == 2)
for p in gone:
    p.kill()
    p.communicate()
t.ok(s.passes(), "clients that go away hurt nobody")
silent = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(4)]
for c in silent:
    c.connect(s.path("run/scan.sock"))
silent[0].send(b"not a request")
a = s.ask(s.message())[0]
t.ok("reading" in a, "clients that say nothing, or nonsense, only delay (%.0f ms)" % a["ms"])
for c in silent:
    c.close()
large = s.message(size=400000)
a = s.ask(large, options=["--texts"])[0]
t.ok("reading" in a and sum(len(x["text"]) for x in a["reading"]["texts"]) > 350000, "large texts come through the memfd")


# --- at rest --------------------------------------------------------------------------
def resident():
    """Pages of the largest worker."""
    def pages(pid):
        with open("/proc/%d/statm" % pid) as f:
            return int(f.read().split()[1])
    return max(pages(w) for w in s.workers())


s.ask(*[s.message(size=3000000) for _ in range(4)])
loaded = resident()
t.ok(until(lambda: resident() < loaded - 500, 5), "a worker that has nothing to do gives back what it used",
     (loaded, resident()))

# --- reload ---------------------------------------------------------------------------
def load(seconds):
    return s.asking(*[s.message("say xyzzyhold now") for _ in range(20)], options=["--times", str(int(seconds * 10))])


first = s.pid
p = load(3)
time.sleep(0.2)
s.write("rules/more.conf", RULES.replace("testing.hold", "testing.more").replace("xyzzyhold", "xyzzymore")
        .replace("testing.evil", "testing.other").replace("xyzzyevil", "xyzzyother"))
s.signal("scan", signal.SIGHUP)
t.ok(until(lambda: s.said("ready rules=") == 2, 20), "reload: the new zygote is ready", s.log("scan")[-500:])
answers = s.answers(p)
t.ok(good(answers) and all("testing.hold" in rules_of(a) for a in answers), "no message is lost under load",
     [a for a in answers if "reading" not in a][:3])
t.ok("testing.more" in rules_of(s.ask(s.message("xyzzymore"))[0]), "the new rule is in use")
t.ok(until(lambda: len(s.zygotes()) == 1 and len(s.workers()) == 3, 10), "the old zygote is gone", s.zygotes())

p = load(2)
s.write("rules/bad.conf", 'category = "testing"; rules = ( { id = "x.y"; words = [ "a" ]; hit = [ "nothing" ]; } );')
s.signal("scan", signal.SIGHUP)
t.ok(until(lambda: s.said("reload.failed") == 1, 20), "a bad rule is refused and said", s.log("scan")[-500:])
answers = s.answers(p)
t.ok(good(answers) and s.pid == first and "testing.more" in rules_of(s.ask(s.message("xyzzymore"))[0]),
     "the rules of before stay in use")
os.unlink(s.path("rules/bad.conf"))

words = ",\n".join('"%s%s street %d"' % (chr(97 + i % 26), chr(97 + i // 26 % 26), i) for i in range(5000))
s.write("rules/many.conf", 'category = "testing"; area = "conduct"; rules = ( { id = "testing.many"; title = "Many"; '
        'severity = 2; confidence = "low"; words = [ %s ]; hit = [ "aa street 0" ]; miss = [ "no" ]; } );' % words)
p = load(3)
began = time.monotonic()
s.signal("scan", signal.SIGHUP)
until(lambda: s.said("ready rules=") == 3, 60)
took = time.monotonic() - began
answers = s.answers(p)
t.ok(s.said("ready rules=") == 3 and good(answers) and slowest(answers) < max(1000 * slow, 500 * took),
     "5,000 patterns are compiled beside the mail (%.1f s, slowest message %.0f ms)" % (took, slowest(answers)))
os.unlink(s.path("rules/many.conf"))

# --- deaths -----------------------------------------------------------------------------
old = s.workers()
os.kill(s.zygotes()[0], signal.SIGKILL)
until(lambda: not any(alive(w) for w in old))
a = s.ask(*[s.message() for _ in range(5)])
t.ok(good(a) and until(lambda: s.said("zygote.lost") == 1), "a zygote that is killed is replaced; messages wait for it", a[:2])
until(lambda: len(s.workers()) == 3, 20)

s.fault("scan", "scan.fork=fail")
for w in s.workers():
    os.kill(w, signal.SIGKILL)
time.sleep(2.5)
tries = s.said("worker.nofork")
s.fault("scan", "")
t.ok(2 <= tries <= 12, "a zygote that cannot fork pauses longer and longer (%d tries in 2.5 s)" % tries)
t.ok(until(lambda: len(s.workers()) == 3, 30) and s.passes(), "and goes on when it can again")

family = s.family()
s.kill("scan")
t.ok(until(lambda: not any(alive(p) for p in family), 5), "kill -9 of the scanner leaves no process behind",
     [p for p in family if alive(p)])
s.up()
t.ok(s.passes(), "and it starts again over its old sockets")

# --- many messages ------------------------------------------------------------------------
s.stop()
s.configure(scan="deadline = 20; bulk_workers = 1; messages_per_worker = 50;")
s.up()
corpus = sorted(glob.glob(os.path.join(TOP, "..", "shared", "corpora", "mail", "*", "cases", "**", "*.eml"), recursive=True))
mixed = (corpus + [s.message(size=n) for n in (0, 5000, 50000, 500000)] * 100)[:400]
lost = s.said("worker.lost") + s.said("worker.late")
before = s.workers()
s.ask(*mixed[:100])
fds, memory = [descriptors(p) for p in s.family()[:2]], own(s.zygotes()[0])
answers = s.ask(*mixed, options=["--times", "3"])
t.ok(len(answers) >= 1200 and good(answers), "1,200 mixed messages%s" % ("" if corpus else ", without the corpora: not there"),
     [a for a in answers if "reading" not in a][:3])
t.ok(s.said("worker.lost") + s.said("worker.late") == lost, "not one of them costs a worker", s.log("scan")[-500:])
t.ok(len(set(before) & set(s.workers())) <= 1 and until(lambda: len(s.workers()) == 3, 5), "workers are replaced in time (but the one for large messages)")
t.ok([descriptors(p) for p in s.family()[:2]] == fds, "no descriptor is lost")
after = own(s.zygotes()[0])
t.ok(memory is None or after < memory + 512, "the zygote does not grow (%s to %s KiB)" % (memory, after))

# --- large ones do not hold up small ones ----------------------------------------------------
big = [s.message(size=20 << 20) for _ in range(8)]
p = s.asking(*big)
until(s.in_hand)
small = []
while p.poll() is None and len(small) < 2000:
    small += s.ask(*[s.message() for _ in range(50)])
answers = s.answers(p)
times = sorted(a["ms"] for a in small)
t.ok(good(answers) and good(small) and times and times[len(times) * 99 // 100] < min(a["ms"] for a in answers),
     "beside eight messages of 20 MB, %d small ones: p99 %.1f ms" % (len(times), times[len(times) * 99 // 100]),
     [a.get("why") for a in answers])

# --- stop --------------------------------------------------------------------------------------
busy = [s.asking(s.message(first="X-Schoolgate-Test: sleep 3000")) for _ in range(2)]
until(lambda: s.in_hand() == 2)
s.signal("scan", signal.SIGTERM)
t.ok(until(lambda: not os.path.exists(s.path("run/scan.sock"))) and all(p.poll() is None for p in busy),
     "told to stop, it closes its door first")
t.ok(good(s.answers(*busy)) and s.ended("scan") == 0, "finishes what it has in hand, and ends with 0")
s.up()
busy = s.asking(s.message(first="X-Schoolgate-Test: hang"))
until(s.in_hand)
family = s.family()
s.signal("scan", signal.SIGTERM)
until(lambda: not os.path.exists(s.path("run/scan.sock")))
s.signal("scan", signal.SIGTERM)
t.ok(s.ended("scan", 10) == 0 and until(lambda: not any(alive(p) for p in family), 5), "told twice, it leaves at once")
busy.kill()
busy.communicate()

# --- how it is started -----------------------------------------------------------------------------
s.by_shell("exec PROGRAM 0<&- 1>&- 2>&-")
t.ok(s.passes(), "with its standard descriptors closed it works")
s.stop()
reader, writer = os.pipe()
os.set_blocking(writer, False)
try:
    while True:
        os.write(writer, b"x" * 4096)
except BlockingIOError:
    pass
os.set_blocking(writer, True)
s.by_shell("exec PROGRAM", stderr=writer)
passed = s.passes()
for w in s.workers():
    os.kill(w, signal.SIGKILL)
t.ok(passed and s.passes(), "a log that nobody reads stops nothing")
s.stop()
os.close(reader)
os.close(writer)
doors = []
for name in ("scan.sock", "scan.sock.bulk"):
    d = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    d.bind(s.path("run/" + name))
    d.listen(16)
    doors.append(d)
s.by_shell("exec 3<&%d 4<&%d; LISTEN_FDS=2 LISTEN_PID=$$ exec PROGRAM" % tuple(d.fileno() for d in doors),
           pass_fds=[d.fileno() for d in doors], stderr=subprocess.DEVNULL)
t.ok(s.passes() and "reading" in s.ask(s.message(size=2 << 20))[0], "sockets handed over at start are taken")
s.stop()
t.ok(os.path.exists(s.path("run/scan.sock")), "and stay when it leaves")
for d in doors:
    d.close()

# --- settings ----------------------------------------------------------------------------------
s.write("rules/bad.conf", "this is no rule file")
s.start("scan", wait=False)
t.ok(s.ended("scan", 20) == 2 and "bad.conf:1" in s.log("scan"), "with a bad rule it does not start: exit 2, file and line")
os.unlink(s.path("rules/bad.conf"))
s.configure(scan='sandbox = "ajar";')
r = subprocess.run([s.program("scan"), "--config=" + s.config, "--check"], capture_output=True, text=True)
t.ok(r.returncode == 2 and "neither kill nor log" in r.stderr, "--check knows its settings", r)
s.start("scan", wait=False)
t.ok(s.ended("scan", 20) == 2, "and so does a start")
t.done()
