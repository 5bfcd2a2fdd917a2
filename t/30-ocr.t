#!/usr/bin/python3
# Words in pictures: read by a locked-in program of its own, within its budgets; whatever happens to it.
# fails-if: words in a picture are not found, or are looked for when they should not; a picture over
#           which schoolgate-ocr dies or hangs hurts another message, or passes as read
import base64
import os
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "t", "lib"))
from sg import BUILD, TOP, Tap, skip_all, until  # noqa: E402
from scanner import Scanner, alive, rules_of  # noqa: E402

if not os.access(os.path.join(BUILD, "schoolgate-ocr"), os.X_OK):
    skip_all("configured without text recognition")
if subprocess.run(["ldd", os.path.join(BUILD, "schoolgate-ocr")], capture_output=True, text=True).stdout.count("libasan"):
    skip_all("the sanitizer itself makes calls that are forbidden")
if not any(os.path.exists(d % v) for v in ("5", "4.00") for d in ("/usr/share/tesseract-ocr/%s/tessdata/eng.traineddata",)):
    skip_all("tesseract has no English here")
t = Tap()
s = Scanner(scan='ocr = true; ocr_seconds = 3; ocr_images = 3; bulk_size = 16777216;')


def data(name):
    with open(os.path.join(TOP, "t", "data", "ocr", name), "rb") as f:
        return f.read()


def mail(*pictures, kind="image/png"):
    lines = []
    for p in pictures:
        lines += ["--b", "Content-Type: %s" % kind, "Content-Transfer-Encoding: base64", "",
                  base64.encodebytes(p).decode().replace("\n", "\r\n")]
    return s.message("\r\n".join(["--b", "", "see the picture"] + lines + ["--b--"]),
                     first="Content-Type: multipart/mixed; boundary=b")


def reader():
    """The pid of schoolgate-ocr, or None."""
    for z in s.zygotes():
        for c in s.children_of(z):
            try:
                with open("/proc/%d/comm" % c) as f:
                    if f.read().strip() == "schoolgate-ocr":
                        return c
            except OSError:
                pass
    return None


def limited(a):
    return "limit.pictures" in rules_of(a) and a["reading"]["flags"] & 4 and "unread:picture" in a["reading"]["parts"][1]["notes"]


s.up()
png = data("words.png")
for name, kind, rule in (("words.png", "image/png", "testing.evil"), ("words.jpg", "image/jpeg", "testing.evil"),
                         ("hold.tif", "image/tiff", "testing.hold")):
    a = s.ask(mail(data(name), kind=kind))[0]
    t.ok(rules_of(a) == [rule] and not a["reading"]["flags"], "read: " + name, a)
with open("/proc/%d/status" % reader()) as f:
    status = f.read()
t.ok("Seccomp:\t2" in status and "NoNewPrivs:\t1" in status, "by a program that is locked in", status)
if os.geteuid() == 0:
    t.ok("Uid:\t0" not in status, "and is not root")
a = s.ask(mail(b"\x89PNG\r\n\x1a\n" + b"x" * 5000))[0]
t.ok("limit.pictures" not in rules_of(a), "what is no picture has no words", a)
a = s.ask(mail(png, png, png, png))[0]
t.ok("limit.pictures" in rules_of(a) and a["reading"]["flags"] & 4, "a fourth picture is above the budget, said and flagged", a)

# --- what happens to it hurts nobody --------------------------------------------------
was = reader()
os.kill(was, signal.SIGSTOP)
a = s.ask(mail(png))[0]
t.ok(limited(a), "it hangs: the picture is unread, before the message's own time is over", a)
t.ok(s.passes(), "others are read")
os.kill(was, signal.SIGKILL)
t.ok(until(lambda: reader() not in (None, was), 10), "it dies: another one is started", s.log("scan"))
t.ok(until(lambda: rules_of(s.ask(mail(png))[0]) == ["testing.evil"], 10), "which reads")
asked = s.asking(*[mail(png) for _ in range(30)])
for _ in range(3):
    time.sleep(0.4)
    if reader():
        os.kill(reader(), signal.SIGKILL)
got = s.answers(asked)
t.ok(len(got) == 30 and all(rules_of(a) == ["testing.evil"] or limited(a) for a in got), "killed again and again: each picture is read, or said to be unread", got)
r = random.Random(11)
bad = []
for i in range(60):
    p = bytearray(data(r.choice(("words.png", "words.jpg", "hold.tif"))))
    for _ in range(r.randint(1, 20)):
        p[r.randrange(len(p))] = r.randrange(256)
    bad.append(mail(bytes(p[:r.randint(20, len(p))]), kind="image/" + r.choice(("png", "tiff"))))
t.ok(all("reading" in a for a in s.ask(*bad)), "pictures that are broken in sixty ways")
t.ok(until(lambda: rules_of(s.ask(mail(png))[0]) == ["testing.evil"], 10), "and it still reads", s.log("scan"))
last, zygote = reader(), s.zygotes()[0]
s.stop()
t.ok(until(lambda: not alive(last), 5), "it goes with the scanner")

# --- settings ----------------------------------------------------------------------------
s.configure(scan='ocr = true; ocr_pixels = 10000; signatures = "off";')
s.up()
t.ok(until(lambda: limited(s.ask(mail(png))[0]), 10), "more pixels than allowed: unread, said and flagged")
s.configure(scan='signatures = "off";')
s.signal("scan", signal.SIGHUP)
t.ok(until(lambda: reader() is None and rules_of(s.ask(mail(png))[0]) == [], 10), "off: not looked at, not flagged, no program", s.log("scan"))
s.stop()
s.configure(scan='ocr = true; ocr_language = "nosuch"; signatures = "off";')
p = subprocess.run([s.program("scan"), "--config=" + s.config], capture_output=True, text=True, timeout=60)
t.ok(p.returncode == 2 and "nosuch" in p.stderr and "scan.ocr" in p.stderr, "without its language it does not start, and says why", p)
t.done()
