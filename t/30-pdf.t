#!/usr/bin/python3
# PDFs that were made to break their reader, sent to a real scanner with its locked-down workers.
# fails-if: one of them is passed as read, is never answered or takes too long, or the next
#           message is hurt; or a whole PDF is not read by a worker
import base64
import os
import random
import sys

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "t", "lib"))
import mkpdf  # noqa: E402
from sg import Tap  # noqa: E402
from scanner import Scanner  # noqa: E402

t = Tap()
s = Scanner(scan="deadline = 5; memory = 512;")
s.up()
slow = 10 if "asan" in s.log("scan") else 1


def mailed(data):
    body = base64.encodebytes(data).decode().replace("\n", "\r\n")
    return s.message(body, first="MIME-Version: 1.0\r\nContent-Type: application/pdf; name=a.pdf\r\n"
                     "Content-Transfer-Encoding: base64")


def sent(data):
    return s.ask(mailed(data))[0]


def limited(a):
    return "reading" in a and a["reading"]["flags"] & 4


def as_picture(data):
    """Content that says it is a picture is not looked into before."""
    p = mkpdf.Pdf()
    p.page(b"", contents=p.add(mkpdf.stream(data, b"/Subtype/Image")))
    return p.bytes()


def scattered(n):
    r = random.Random(7)
    return b"BT /F 10 Tf " + b" ".join(b"1 0 0 1 %d %d Tm (w%d) Tj" % (
        r.randint(20, 560), r.randint(20, 820), i) for i in range(n)) + b" ET"


def odd_tree():
    """A string where a file should be: poppler 22.12 follows a null pointer."""
    p = mkpdf.Pdf()
    p.page(mkpdf.show((50, 800, "words")))
    text = p.add(b"(y)")
    return p.bytes(b"/Names<</EmbeddedFiles<</Names[(x)%d 0 R]>>>>" % text)


a = s.ask(mailed(mkpdf.plain()), options=["--texts"])[0]
t.ok(not a["reading"]["flags"] and any("speaks of otters" in x["text"] for x in a["reading"].get("texts", [])),
     "a PDF is read", a)
bombs = {"25 KB that unpack to 16 MiB": mkpdf.bomb(), "packed twice": mkpdf.bomb(64, True),
         "a bomb that says it is a picture": as_picture(b"x " * (24 << 20)),
         "words all over a page": as_picture(scattered(100000)), "a tree of files that is odd": odd_tree()}
for name, data in bombs.items():
    a = sent(data)
    t.ok(limited(a) and a["ms"] < 9000 * slow, "%s (%d bytes): marked, within its time" % (name, len(data)), a)
    t.ok(s.passes(), "and the next message is read")
s.stop()
t.done()
