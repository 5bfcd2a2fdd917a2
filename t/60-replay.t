#!/usr/bin/python3
# schoolgatectl replay: old mail under other rules.
# fails-if: a message is counted wrongly or not at all, a run that was interrupted and resumed
#           says something else than one run, the line does not fit the terminal or its
#           character set, text of mail gets into the results, or an exit code is wrong
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import House, Tap, until  # noqa: E402

tap = Tap()
house = House(milter="max_size = 65536;")
CTL = house.program("schoolgatectl")
ENV = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def message(n, size=0):
    word = {0: "say xyzzyhold now", 1: "say xyzzyevil now", 2: "xyzzynever"}.get(n % 10, "marker%dmarker" % n)
    body = "Nothing %d to see.\n\n%s\n" % (n, word) + "line of text\n" * (size // 13)
    html = n % 4 == 0
    return ("From: hale@hillview.example\nTo: a@coach.example\nSubject: number %d\nDate: %s\n%s\n%s" % (
        n, time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(1772000000 + n * 86400)),
        "MIME-Version: 1.0\nContent-Type: text/html\n" if html else "", "<p>%s</p>\n" % body if html else body))


def mbox(path, count):
    with open(path, "w") as f:
        for n in range(count):
            f.write("From x@y Mon Mar  2 10:40:00 2026\n" + message(n, 90000 if n == 77 else 0) + ("\nFrom here on\n" if n % 17 == 3 else "") + "\n")
    return path


def replay(*args, config=True, **more):
    return subprocess.run([CTL, *(["--config=" + house.config] if config else []), "replay", *args], capture_output=True, text=True, env=ENV, **more)


def code(expected, what, r):
    tap.ok(r.returncode == expected, "exit %d: %s" % (expected, what), r.returncode, r.stdout, r.stderr)
    return r


def untimed(text):
    return re.sub(r" in .*\)", "", text.split("\n", 1)[0]) + "\n" + text.split("\n", 1)[1]


BOX = mbox(house.path("box"), 500)
r = code(1, "something would be held", replay("--out", house.path("one.out"), BOX))
WANT = """Messages                 500
Would be held            100 (20.00 %)
  Other                          100  testing.evil                 50
Refused                   50
Not read                   1   (listed in OUT)
"""
tap.ok(untimed(r.stdout).replace(house.path("one.out"), "OUT") == WANT, "the summary", *untimed(r.stdout).split("\n"), *WANT.split("\n"))
lines = [json.loads(x) for x in open(house.path("one.out"))]
tap.ok(len(lines) == 151 and [x["n"] for x in lines] == sorted(x["n"] for x in lines) and
       lines[0] == {"n": 1, "file": BOX, "at": 0, "do": "hold", "category": "testing", "severity": 3, "rows": "out-bad", "findings": [
           {"rule": "testing.hold", "category": "testing", "severity": 3, "confidence": "high", "count": 1, "where": "body", "part": "1"}]},
       "--out: number, rule, category, place", lines[:1], len(lines))
tap.ok([x for x in lines if "error" in x] == [{"n": 78, "file": BOX, "at": [x for x in lines if "error" in x][0]["at"], "error": "it is larger than milter.max_size"}],
       "what was not read is listed", [x for x in lines if "error" in x])
raw = open(house.path("one.out")).read()
tap.ok("xyzzy" not in raw and "marker" not in raw and "number" not in raw and os.stat(house.path("one.out")).st_mode & 0o77 == 0, "no text in it, and nobody else may read it")
code(2, "--out is there already", replay("--out", house.path("one.out"), BOX))
code(1, "--yes replaces it", replay("--out", house.path("one.out"), "--yes", "--jobs=3", BOX))
tap.ok(open(house.path("one.out")).read() == raw, "several at a time give the same, in the same order")
r = replay("--json", BOX)
j = json.loads(r.stdout)
tap.ok({k: j[k] for k in ("messages", "held", "refused", "errors", "complete")} == {"messages": 500, "held": 100, "refused": 50, "errors": 1, "complete": True}, "--json", r.stdout)

# --- which messages ---------------------------------------------------------------------------
tap.ok(json.loads(replay("--json", "--limit=30", BOX).stdout)["messages"] == 30, "--limit")
tap.ok(json.loads(replay("--json", "--sample=1/10", BOX).stdout)["held"] == 50, "--sample: the same ones every time")
tap.ok(json.loads(replay("--json", "--since", time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(1772000000 + 490 * 86400)), BOX).stdout)["messages"] == 11, "--since; what cannot be read has no date")
os.makedirs(house.path("maildir/cur"))
os.makedirs(house.path("eml"))
for n in range(1, 12):
    house.write("maildir/cur/%03d:2,S" % n, message(n))
    house.write("eml/%03d.eml" % n, message(n))
for name in ("maildir", "eml"):
    j = json.loads(replay("--json", house.path(name)).stdout)
    tap.ok((j["messages"], j["held"], j["refused"]) == (11, 3, 1), name, j)
code(0, "nothing would be held", replay(house.path("eml/003.eml")))

# --- other rules ----------------------------------------------------------------------------------
os.mkdir(house.path("own"))
house.write("own/own.conf", 'rules = ( { override = "testing.hold"; off = true; } );\n')
r = code(1, "two sets", replay("--rules", house.path("rules"), "--rules", house.path("own"), "--out", house.path("two.out"), BOX))
tap.ok("Would be held             50 (10.00 %)   with the rules in use now: 100 (-50)\n" in r.stdout and "Other                           50  (   -50)  testing.evil" in r.stdout
       and "Newly held                 0   no longer held 50   (lists in" in r.stdout, "new rules against those in use", r.stdout)
tap.ok(sum(json.loads(x).get("change") == "no-longer-held" for x in open(house.path("two.out"))) == 50, "and the list")
r = replay("--json", "--rules", house.path("rules"), "--compare", house.path("rules"), "--compare", house.path("own"), BOX)
tap.ok([json.loads(r.stdout)[k] for k in ("held", "was_held", "newly_held", "no_longer_held")] == [100, 50, 50, 0], "--compare", r.stdout)
r = code(1, "rules and policy of files", replay("--json", "--excerpts", "--rules", house.path("rules"), "--policy", house.path("policy.conf"), "--domain=hillview.example",
                                               "--out", house.path("x.out"), house.path("eml"), config=False))
x = open(house.path("x.out")).read()
tap.ok('"excerpt": "' in x.replace('":"', '": "') and "xyzzy" not in x, "--excerpts: masked", x[:600])
code(4, "--excerpts without a role that reads", replay("--excerpts", BOX))

# --- interrupted and resumed -------------------------------------------------------------------------


def terminal(args, columns=80, interrupt=0, locale="C.UTF-8"):
    """At a terminal, interrupted once it has shown a line so many times."""
    pid, fd = pty.fork()
    if pid == 0:
        time.sleep(0.1)
        os.execve(CTL, [CTL, "--config=" + house.config, "replay", *args], {**ENV, "LC_ALL": locale, "TERM": "xterm"})
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    out, sent = b"", False
    while True:
        ready, _, _ = select.select([fd], [], [], 60)
        try:
            chunk = os.read(fd, 65536) if ready else b""
        except OSError:
            chunk = b""
        if not chunk:
            break
        out += chunk
        if interrupt and not sent and re.search(rb"replay  [1-9]", out):
            os.kill(pid, signal.SIGINT)
            sent = True
    os.close(fd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), out.decode()


LONG = mbox(house.path("long"), 1500)
once = replay("--out", house.path("once.out"), LONG)
again = ["--resume", house.path("check"), "--out", house.path("again.out"), LONG]
s, text = terminal(again, interrupt=1)
tap.ok(s == 130 and "Finishing the messages in hand" in text and "Would be held" in text and "the same command goes on" in text, "Ctrl-C: the sums so far, and 130", s, text[-1500:])
mid = json.load(open(house.path("check")))
tap.ok(0 < mid["seen"] < 1500 and not mid["done"], "and a checkpoint", mid)
with open(house.path("again.out"), "a") as f:
    f.write("a line of a run that was killed\n")
code(2, "a checkpoint of something else", replay("--resume", house.path("check"), "--sample=1/2", LONG))
house.write("nocheck", "hello")
code(2, "no checkpoint", replay("--resume", house.path("nocheck"), LONG))
s, _ = terminal(again, interrupt=1)
end = replay(*again)
tap.ok(untimed(end.stdout).replace("again.out", "once.out") == untimed(once.stdout) and end.returncode == 1, "resumed: the same sums as in one run", end.stdout, once.stdout)
tap.ok(open(house.path("again.out")).read() == open(house.path("once.out")).read(), "and the same results")
r = code(1, "finished: once more only says so", replay(*again))
tap.ok(untimed(r.stdout) == untimed(end.stdout), "the same again", r.stdout)
p = subprocess.Popen([CTL, "--config=" + house.config, "replay", LONG], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENV)
until(lambda: os.path.exists("/proc/%d/task" % p.pid) and len(os.listdir("/proc/%d/task" % p.pid)) > 1, 30)
time.sleep(0.2)
p.send_signal(signal.SIGUSR1)
out, err = p.communicate(timeout=60)
tap.ok(re.search(r"^replay  [\d,]+ / 1,500 .* msg/s .* held \d+ .* errors \d", err, re.M), "SIGUSR1: one line", err)

# --- the line --------------------------------------------------------------------------------------
for columns, locale in ((80, "C.UTF-8"), (80, "C"), (40, "C.UTF-8"), (132, "C")):
    s, text = terminal(["--limit=400", LONG], columns=columns, locale=locale)
    drawn = [re.sub("\033\\[K", "", x) for x in re.split("[\r\n]+", text) if "replay  " in x]
    tap.ok(drawn and all(len(x) <= columns for x in drawn) and (columns < 60 or ("·" in text) == (locale != "C") and "#" in text),
           "%d columns, %s" % (columns, locale), *drawn[:3])
    if locale == "C":
        tap.ok(text.isascii(), "plain characters only", text)

# --- usage --------------------------------------------------------------------------------------------
for args, why in ((("--sample=1/x", BOX), "a bad sample"), (("--limit=0", BOX), "a bad limit"), (("--jobs=99", BOX), "too many jobs"), (("--since=soon", BOX), "a bad time"),
                  (("/nonexistent",), "no mailbox"), ((), "none named"), ((house.path("own"),), "a directory without mail"), (("--rules=/nonexistent", BOX), "no rules")):
    r = replay(*args)
    tap.ok(r.returncode == 2 and r.stderr.startswith("schoolgatectl: ") and not r.stdout, "usage: " + why, r.returncode, r.stdout, r.stderr)
tap.done()
