#!/usr/bin/python3
# A part that the policy keeps back is taken out of the message on its way.
# fails-if: the part arrives, another byte of the body changes, the original is not on file, or a
#           message from which it cannot be taken safely passes with it
import base64
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import INSIDE, POLICY, House, Tap  # noqa: E402
from milter import Mta  # noqa: E402

tap = Tap()
house = House(policy=POLICY.replace("policy = (", 'policy = (\n  { id = "programs"; file = [ "executable" ]; do = "detach"; },'))
house.start("scan", "milter")
STAFF, OUT, PUPIL = "hale@hillview.example", "someone@elsewhere.example", "ann@pupils.hillview.example"
PROGRAM = base64.encodebytes(open("/bin/true", "rb").read()[:20000]).replace(b"\n", b"\r\n")
FRONT = b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHere it is. caf\xc3\xa9\r\n"
BACK = b"--b\r\nContent-Type: text/plain\r\n\r\nAnd good bye.\r\n--b--\r\n"


def mail(mid, kind="multipart/mixed"):
    return (b"From: Hale <hale@hillview.example>\r\nSubject: x\r\nMessage-ID: <%s>\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: %s; boundary=b\r\n\r\n" % (mid.encode(), kind.encode()) + FRONT +
            b"--b\r\nContent-Type: application/octet-stream; name=tool.exe\r\n"
            b"Content-Disposition: attachment; filename=tool.exe\r\nContent-Transfer-Encoding: base64\r\n\r\n" + PROGRAM + BACK)


def send(data, to):
    c = Mta(house.door, INSIDE)
    a = c.send(STAFF, to, data)
    c.quit()
    return a


a = send(mail("one@x"), [PUPIL, OUT])
tap.ok(a.word == "accept" and not a.removed() and a.body is not None, "the message passes, with another body", a)
tap.ok(a.body.startswith(FRONT) and a.body.endswith(BACK), "all other parts are as they were", a.body)
tap.ok(PROGRAM[:70] not in a.body and b"kept back" in a.body, "a line takes the place of the part", a.body)
ref = house.sql("select ref from incident where message_id = 'one@x'")[0][0]
tap.ok(("%s-%s" % (ref[:4], ref[4:])).encode() in a.body, "with the reference under which it can be had")
tap.ok(house.sql("select content from incident where ref = ?", ref)[0][0] > len(mail("one@x")), "the original is on file")
b = send(mail("one@x"), [PUPIL, OUT])
tap.ok(b.body == a.body and b.edits == a.edits, "a retry gets the same, with the same reference", a, b)
a = send(mail("signed@x", 'multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"'), [PUPIL])
tap.ok(a.word == "discard" and a.body is None, "a signed message cannot be changed: it is held", a)
house.stop("scan")
a = send(mail("away@x"), [PUPIL])
tap.ok(a.word == "tempfail" and a.body is None, "without a scanner: later", a)
tap.done()
