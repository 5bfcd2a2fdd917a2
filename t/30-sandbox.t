#!/usr/bin/python3
# A worker that is made to try: what the kernel answers, seen from inside and by the zygote.
# fails-if: a worker can open, create, connect, execute, fork, trace, signal or see another
#           message, or what it did is not seen, or the message after it does not pass
import os
import sys

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "t", "lib"))
from sg import Tap, until  # noqa: E402
from scanner import Scanner, finding, rules_of  # noqa: E402

REFUSED = {"open": "EACCES", "create": "EACCES", "peek": "EACCES", "leftovers": "ENOENT"}
KILLED = {"socket": "SIGSYS", "connect": "SIGSYS", "exec": "SIGSYS", "fork": "SIGSYS", "ptrace": "SIGSYS",
          "kill": "SIGSYS", "tgkill": "SIGSYS", "memory-of": "SIGSYS", "code": "SIGSYS", "crash": "SIGSEGV",
          "abort": "SIGABRT", "fill": "SIGXFSZ"}

t = Tap()
s = Scanner(scan="deadline = 5;")
s.up()
t.ok(s.said("test-hook"), "the log says that the hook is on")
t.ok("sandbox=kill" in s.log("scan") and "seccomp" in s.log("scan"), "and which doors are locked")

for verb, how in REFUSED.items():
    a = s.hook(verb)
    f = finding(a, "test." + verb)
    t.ok(f and f["title"] == "refused: " + how, "%s is refused with %s" % (verb, how), a)
t.ok(not os.path.exists("/tmp/schoolgate-test-hook"), "no file was made")

for verb, how in KILLED.items():
    before = s.said("how=" + how)
    a = s.hook(verb)
    seen = until(lambda: s.said("how=" + how) > before, 5)
    t.ok(seen and "test." + verb not in rules_of(a) and "scan.extractor-failed" in rules_of(a) and s.passes(),
         "%s ends the worker with %s; the message is read without the hook, the next one passes" % (verb, how),
         a, s.log("scan")[-600:])

# another worker has a message in its hands: neither its memory nor its descriptors can be had
long = s.asking(s.message("secret", first="X-Schoolgate-Test: sleep 3000"))
until(lambda: len(s.workers()) == 3, 5)
for worker in s.workers():
    a = s.hook("peek %d" % worker)
    f = finding(a, "test.peek")
    t.ok(f and f["title"].startswith("refused: "), "a worker cannot open what worker %d holds" % worker, a)
before = s.said("how=SIGSYS")
a = s.hook("memory-of %d" % s.workers()[0])
t.ok(until(lambda: s.said("how=SIGSYS") > before, 5) and "test.memory-of" not in rules_of(a), "nor read its memory", a)
a = s.answers(long)[0]
t.ok(finding(a, "test.sleep") is not None, "the one with the message finished it", a)

if "asan" in s.log("scan"):
    t.ok(True, "memory: no limit in a build with the address sanitizer # SKIP")
else:
    a = s.hook("memory")
    t.ok("scan.extractor-failed" in rules_of(a) and a["ms"] < 10000, "a memory bomb dies in time", a)
t.ok(s.passes(), "and the next message passes")
t.ok("secret" not in s.log("scan") and "xyzzy" not in s.log("scan"), "no word of a message is in the log")
s.stop()

quiet = Scanner()
quiet.start("scan")
until(lambda: "ready rules=" in quiet.log("scan"), 60)
a = quiet.hook("open")
t.ok(rules_of(a) == [] and not quiet.said("test-hook"), "without its variable the hook does nothing", a)
t.done()
