#!/usr/bin/python3
# A day's work: many messages and many conversations, and nothing grows.
# fails-if: memory or descriptors of a program grow with messages or conversations, or a message
#           of the mix costs a worker or is not answered
"""1,200 mixed messages and 5,000 conversations; SCHOOLGATE_SOAK=1: ten times as many.  What a
program holds is looked at after the 300th message (200 in a worker's life: all have been
replaced once) and at the end."""
import glob
import json
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from milter import Mta  # noqa: E402
from scanner import Scanner, descriptors, own, pss  # noqa: E402
from sg import INSIDE, TOP, House, Tap, until  # noqa: E402
from sink import Sink  # noqa: E402

TIMES = 10 if os.environ.get("SCHOOLGATE_SOAK") else 1
MESSAGES, CONVERSATIONS, FIRST, LANES = 1200 * TIMES, 5000 * TIMES, 300, 4
# KiB a program may hold more at the end.  malloc keeps an arena for each thread, SQLite a page
# cache of 2 MB for each connection: both are full some time, and no sooner than it happens.
BOUND = {"milter": 2048, "courier": 1024, "console": 1536, "scan": 256, "zygote": 256}
POOL = 12288        # KiB all scanner processes together (workers are of different age each time)
tap = Tap()
sink = Sink()
uid = os.getuid() or 61002
house = House(smtp=sink.port, cli='accounts = [ "%d:patel:deputy:patel@hillview.example" ];' % uid, courier='alert_gap = 0; high_gap = 0; notice_gap = 0; alert_from = "low"; digest = [ ];', scan="deadline = 20; messages_per_worker = 100; bulk_workers = 1;")
os.chmod(house.path("run"), 0o755)
house.start("scan", "milter", "courier", "console")
asan = "asan" in house.log("scan")
mails = sorted(glob.glob(os.path.join(TOP, "..", "shared", "corpora", "mail", "*", "cases", "**", "*.eml"), recursive=True))
corpus = bool(mails)
mails = [m for m in mails if os.path.getsize(m) < 2 << 20]
mails = mails[::max(1, len(mails) // 800)] + sorted(glob.glob(os.path.join(TOP, "t", "data", "**", "*.eml"), recursive=True))
answers, lock = [], threading.Lock()


def message(n):
    """Four of the mix, then one of our own; every tenth is held."""
    if n % 5:
        with open(mails[n % len(mails)], "rb") as f:
            return f.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    body = "say xyzzyhold now" if n % 10 == 0 else "A line of ordinary words.\r\n" * (n % 2000)
    return ("From: hale@hillview.example\r\nSubject: number %d\r\nMessage-ID: <soak-%d@x.example>\r\n\r\n%s\r\n" % (n, n, body)).encode()


def lane(numbers):
    mta = None
    for n in numbers:
        try:
            mta = mta or Mta(house.door, INSIDE)
            word = mta.send("hale@hillview.example", ["someone@elsewhere.example", "ann@pupils.hillview.example"], message(n)).word
            if n % 7 == 0:
                mta.mail("hale@hillview.example")
                mta.abort()
            if word == "gone" or n % 3 == 0:
                mta.quit()
                mta = None
        except OSError:
            word, mta = "gone", None
        with lock:
            answers.append(word)
    if mta:
        mta.quit()


def in_lanes(work, numbers):
    threads = [threading.Thread(target=work, args=(numbers[i::LANES],)) for i in range(LANES)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def calls(numbers):
    """Conversations as a day brings them: most without a message, some cut off in the middle."""
    for n in numbers:
        m = Mta(house.door, "127.0.0.3", hello=n % 11 != 0)
        if n % 11 and n % 2:
            m.envelope("a@x.example", ["ann@pupils.hillview.example"])
            if n % 5 == 0:
                m.header(b"Subject", b" never finished")
                m.body(b"x" * 5000)
        if n % 4:
            m.quit()
        else:
            m.sock.close()
        if n % 50 == 0:
            house.ctl("status")


def holding():
    """{program: (KiB, descriptors)} once nothing is in hand."""
    time.sleep(1.5)
    pids = {name: child.pid for name, child in house.children.items()}
    pids["zygote"] = until(lambda: Scanner.children_of(pids["scan"]), 10)[0]
    until(lambda: len(Scanner.children_of(pids["zygote"])) == 3, 10)
    out = {name: (own(pid), descriptors(pid)) for name, pid in pids.items()}
    workers = Scanner.children_of(pids["zygote"])
    return out, sum(pss(pid) or 0 for pid in [pids["scan"], pids["zygote"]] + workers), [descriptors(w) for w in workers]


def deputy(*args, **more):
    as_deputy = ["setpriv", "--reuid=%d" % uid, "--regid=%d" % uid, "--clear-groups"] if os.getuid() == 0 else []
    return subprocess.run(as_deputy + [house.program("schoolgatectl"), "--config=" + house.config, *args],
                          capture_output=True, text=True, **more)


def decide():
    """Withholds what waits: an alert counts everything that waits, so that may not grow either."""
    for _ in range(40):
        waiting = [json.loads(row)["id"] for row in deputy("held", "list", "--json").stdout.splitlines()]
        if not waiting:
            return
        deputy("held", "withhold", "-", "-m", "looked at", input="\n".join(waiting[:50]) + "\n")


def work(first, last):
    for begin in range(first, last, FIRST):
        in_lanes(lane, range(begin, min(begin + FIRST, last)))
        decide()


def drained():
    return until(lambda: house.sql("select count(*) from outbox")[0][0] == 0, 60)


work(0, FIRST)
in_lanes(calls, range(200))
drained()
first, pool, files = holding()
work(FIRST, MESSAGES)
in_lanes(calls, range(200, CONVERSATIONS))
waiting = house.sql("select count(*) from copy where state = 'waiting'")[0][0]
tap.ok(house.sql("select count(*) from copy where state = 'withheld'")[0][0] == MESSAGES // 10 and waiting == 0, "%d were held, looked at and decided" % (MESSAGES // 10), waiting)
tap.ok(drained(), "all alerts went out (%d mails)" % len(sink.mails))
last, pool_last, files_last = holding()
tap.ok(len(answers) == MESSAGES and set(answers) <= {"accept", "discard", "reject", "tempfail"}, "%d messages%s, all answered: %s" % (
    MESSAGES, "" if corpus else " (the corpora are not there)", {w: answers.count(w) for w in sorted(set(answers))}), house.log("milter")[-500:])
bad = [line for line in house.log("scan").split("\n") if "worker.lost" in line or "worker.late" in line]
tap.ok(answers.count("tempfail") == 0 and not bad, "none put off, no worker lost", *bad[:5])
for name in sorted(first):
    grown = (last[name][0] or 0) - (first[name][0] or 0)
    if asan:
        grown = 0       # freed memory is kept in quarantine
    tap.ok(grown <= BOUND[name], "%s: %s KiB after %d messages, %s at the end (%d more may be)" % (
        name, first[name][0], FIRST, last[name][0], BOUND[name]))
    tap.ok(last[name][1] == first[name][1] or name == "milter" and last[name][1] <= first[name][1] + 4, "%s: descriptors %s, %s"
           % (name, first[name][1], last[name][1]))
tap.ok(asan or pool_last < pool + POOL, "the scanner with its workers (PSS): %d KiB, %d KiB" % (pool, pool_last))
tap.ok(max(files_last) <= max(files), "descriptors of workers: %s, %s" % (files, files_last))
house.stop()
tap.done()
