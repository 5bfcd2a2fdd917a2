"""The same mail through a real mail server, whichever it is: used by 70-postfix.t and 70-sendmail.t.

    run("Postfix", lambda d, smtp, milter_port, sink: PrivatePostfix(...))
"""
import atexit
import hashlib
import os
import secrets
import shutil
import signal
import smtplib
import sys
import tempfile
import threading
import time

from sg import INSIDE, POLICY, House, Tap, free_port, skip_all, until
from first_look import Sink
from private_postfix import Unavailable

STAFF, OUT, PUPIL = "hale@hillview.example", "someone@elsewhere.example", "ann@pupils.hillview.example"


class Road:
    """A house of ours, a mail server before it, a sink behind that."""

    def __init__(self, make, policy=POLICY):
        self.sink, self.port, self.smtp = Sink(), free_port(), free_port()
        self.house = House(policy=policy, milter='max_size = 3000000;', smtp=self.smtp)
        config = open(self.house.config).read()
        self.house.write("schoolgate.conf", config.replace("unix:%s/run/milter.sock" % self.house.dir,
                                                           "inet:%d@127.0.0.1" % self.port))
        self.house.start("scan", "milter")
        self.dir = tempfile.mkdtemp(prefix="sg-mta-", dir="/var/tmp")
        os.chmod(self.dir, 0o755)
        atexit.register(shutil.rmtree, self.dir, True)
        self.mta = make(self.dir, self.smtp, self.port, self.sink.port)
        self.mta.start()

    def close(self):
        self.mta.remove()
        self.house.stop()
        self.sink.shutdown()

    def send(self, data, to, sender=STAFF, source=INSIDE):
        """The server's last word as (code, text)."""
        with smtplib.SMTP("127.0.0.1", self.smtp, local_hostname="client.example", source_address=(source, 0), timeout=90) as c:
            try:
                c.ehlo()
                c.sendmail(sender, to, data, mail_options=["BODY=8BITMIME"])
                return 250, "accepted"
            except smtplib.SMTPRecipientsRefused as e:
                return list(e.recipients.values())[0]
            except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as e:
                return e.smtp_code, e.smtp_error.decode("ascii", "replace")

    def got(self, mid, wait=10):
        """Every copy that arrived, as (recipient, bytes)."""
        mark = ("<%s>" % mid).encode()
        find = lambda: [(to, m["data"]) for m in list(self.sink.mails) if mark in m["data"] for to in m["to"]]
        until(find, wait)
        return find()


def mail(mid, body="Nothing of note.", head=""):
    return ("From: Hale <hale@hillview.example>\r\nTo: a list\r\nSubject: a note\r\nDate: Tue, 4 Mar 2026 10:00:00 +0000\r\n"
            "%sMessage-ID: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n" % (head, mid, body)).encode()


def field(data, name):
    from milter import Mta
    return [v for n, v in Mta.fields(data.split(b"\r\n\r\n", 1)[0]) if n.rstrip().lower() == name.lower()]


def ticket(house, to, data, nonce=None, ref="7F3K9QXD"):
    """A release, as the courier makes it."""
    from milter import Mta
    key = bytes.fromhex(open(house.path("keys/mail.key")).read().strip())
    mac = lambda b, n=64: hashlib.blake2b(b, digest_size=32, key=key).hexdigest()[:n]
    head, _, body = data.partition(b"\r\n\r\n")
    h = hashlib.blake2b(digest_size=32)
    for name, value in Mta.fields(head):
        if name.lower() in (b"subject", b"mime-version") or name.lower().startswith(b"content-"):
            h.update(name.lower() + b":" + value.replace(b"\n", b"").strip(b" \t") + b"\n")
    h.update(b"\n" + body)
    text = "v=1; ref=%s; n=%s; t=%d; c=%s; r=%s" % (
        ref, nonce or secrets.token_hex(16), int(time.time()) + 600, h.hexdigest(), mac(to.lower().encode(), 16))
    return ("Schoolgate-Release: %s; s=%s\r\n" % (text, mac(b"Schoolgate-Release\0" + text.encode()))).encode()


def passing(tap, road):
    body = "Gr\u00fc\u00dfe, caf\u00e9 \u2013 8-bit\r\n.a line with a dot\r\n\r\n  blanks  at the end  \r\n" + "x" * 900
    head = "X-Folded: one\r\n\ttwo\r\n  three\r\nX-Empty:\r\nX-None:no blank\r\n"
    data = mail("clean@x.example", body, head)
    code = road.send(data, [OUT, PUPIL])
    copies = road.got("clean@x.example")
    tap.ok(code[0] == 250 and sorted(t for t, _ in copies) == sorted([OUT, PUPIL]), "clean mail arrives", code, road.mta.log()[-1500:])
    arrived = copies[0][1] if copies else b""
    tap.ok(arrived.split(b"\r\n\r\n", 1)[-1] == data.split(b"\r\n\r\n", 1)[1], "its body byte for byte", arrived)
    tap.ok(all(line in arrived for line in (b"X-Folded: one\r\n\ttwo\r\n  three\r\n", b"X-None:no blank\r\n")), "its header too", arrived)
    tap.ok([v[:14] for v in field(arrived, b"Schoolgate-Status")] == [b" checked; ref="], "and says that it was checked, after a blank", arrived)
    forged = ("Schoolgate-Status: deliver; ref=AAAA-AAAA; v=1\r\nschoolgate-status: AAAA\r\n folded AAAA\r\nX-Keep: yes\r\n"
              "SCHOOLGATE-STATUS:AAAA\r\nSchoolgate-Release: AAAA\r\nSchoolgate-Odd : AAAA\r\n")
    road.send(mail("forged@x.example", head=forged), [PUPIL], sender="x@elsewhere.example", source="127.0.0.3")
    copies = road.got("forged@x.example")
    arrived = copies[0][1] if copies else b""
    tap.ok(copies and b"AAAA" not in arrived and b"X-Keep: yes" in arrived and len(field(arrived, b"Schoolgate-Status")) == 1,
           "forged fields of ours are gone, three of one name too", arrived)
    big = mail("big@x.example", ("b" * 70 + "\r\n") * 20000)
    road.send(big, [OUT])
    copies = road.got("big@x.example", 20)
    tap.ok(copies and copies[0][1].split(b"\r\n\r\n", 1)[1] == big.split(b"\r\n\r\n", 1)[1], "1.4 MB arrive as they were")


def holding(tap, road):
    odd = "Two@ELSEWHERE.example"
    code = road.send(mail("part@x.example", "say xyzzyhold now"), [OUT, PUPIL, odd])
    copies = road.got("part@x.example")
    tap.ok(code[0] == 250 and [t for t, _ in copies] == [PUPIL], "only those get it for whom no row applies", copies, code)
    code = road.send(mail("all@x.example", "say xyzzyevil now"), [OUT, PUPIL])
    n = road.house.sql("select count(*) from copy where state = 'waiting' and incident = (select id from incident where message_id = 'all@x.example')")
    tap.ok(code[0] == 250 and n[0][0] == 2 and not road.got("all@x.example", 1), "all held: accepted, on file, and nothing arrives", code, n)
    code = road.send(mail("never@x.example", "say xyzzynever now"), [OUT])
    tap.ok(code[0] == 550 and "5.7.1" in code[1] and "ref" in code[1], "refused at the door, with a reference", code)
    code = road.send(mail("large@x.example", ("b" * 70 + "\r\n") * 50000), [OUT])
    tap.ok(code[0] == 552 and not road.got("large@x.example", 0), "too large: refused for good", code)
    many = ["r%d@%s" % (i, "elsewhere.example" if i % 2 else "hillview.example") for i in range(300)]
    road.send(mail("many@x.example", "say xyzzyhold now"), many)
    until(lambda: len(road.got("many@x.example", 0)) >= 150, 20)
    time.sleep(0.5)
    copies = [t for t, _ in road.got("many@x.example", 0)]
    tap.ok(sorted(copies) == sorted(r for r in many if "hillview" in r), "300 recipients, every second one held", len(copies))


def releasing(tap, road):
    data = mail("held@x.example", "say xyzzyevil now")
    road.send(data, [OUT, PUPIL])
    slip = ticket(road.house, OUT, data)
    code = road.send(slip + data, [OUT], source="127.0.0.1")
    copies = road.got("held@x.example")
    tap.ok(code[0] == 250 and [t for t, _ in copies] == [OUT] and b"Schoolgate-Release" not in copies[0][1]
           and copies[0][1].endswith(data.split(b"\r\n\r\n", 1)[1]), "a release arrives, unchanged and without its ticket", code, copies)
    road.send(slip + data, [OUT], source="127.0.0.1")
    time.sleep(1)
    tap.ok(len(road.got("held@x.example", 0)) == 1, "the same ticket does not work twice")


def trouble(tap, road):
    road.house.stop("scan")
    code = road.send(mail("away@x.example"), [OUT])
    tap.ok(code[0] == 451 and not road.got("away@x.example", 0), "scanner away: 451", code)
    road.house.start("scan")
    road.house.kill("milter")
    code = road.send(mail("away@x.example"), [OUT])
    tap.ok(code[0] in (451, 421, 450) and not road.got("away@x.example", 0), "milter away: the mail server says later, and passes nothing", code)
    road.house.start("milter")
    data = mail("lost@x.example", "say xyzzyhold now")
    road.house.fault("milter", "front.edited=kill")
    code = road.send(data, [OUT, PUPIL])
    road.house.fault("milter", "")
    died = road.house.ended("milter", 10)
    road.house.start("milter")
    again = until(lambda: (lambda c: c[0] == 250 and c)(road.send(data, [OUT, PUPIL])), 20)
    copies = road.got("lost@x.example")
    n = road.house.sql("select count(*) from incident where message_id = 'lost@x.example'")[0][0]
    tap.ok(died == -9 and code[0] in (451, 421) and again and [t for t, _ in copies] == [PUPIL] and n == 1,
           "killed between filing and answer: the retry is delivered once and filed once", died, code, again, copies, n)
    codes = []

    def one(i):
        codes.append(road.send(mail("drain-%d@x.example" % i, "z" * 70 + "\r\n"), [OUT])[0])

    threads = [threading.Thread(target=one, args=(i,)) for i in range(20)]
    for i, t in enumerate(threads):
        t.start()
        if i == 10:
            road.house.signal("milter", signal.SIGTERM)
    for t in threads:
        t.join(90)
    ended = road.house.ended("milter", 30)
    until(lambda: sum(len(road.got("drain-%d@x.example" % i, 0)) for i in range(20)) >= codes.count(250), 15)
    arrived = sum(len(road.got("drain-%d@x.example" % i, 0)) for i in range(20))
    tap.ok(ended == 0 and set(codes) <= {250, 451, 421} and arrived == codes.count(250), "stopped in the middle: what was accepted arrives, the rest is asked to come later",
           codes, arrived, ended)


def texts(tap, make):
    """Two texts on a mail without any MIME header: three fields that are not there are made."""
    files = [tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8") for _ in range(2)]
    for i, f in enumerate(files):
        f.write("---\nText %d \u2013 {school}\n" % i)
        f.flush()
    rows = "".join('{ id = "t%d"; from = [ "staff" ]; to = [ "outside" ]; text = "%s"; }%s' % (i, f.name, "" if i else ", ")
                   for i, f in enumerate(files))
    road = Road(make, policy=POLICY + "disclaimers = ( %s );\n" % rows)
    try:
        road.send(b"From: Hale <hale@hillview.example>\r\nSubject: x\r\nDate: Tue, 4 Mar 2026 10:00:00 +0000\r\n"
                  b"Message-ID: <bare@x.example>\r\n\r\nHello.\r\n", [OUT])
        copies = road.got("bare@x.example")
    finally:
        road.close()
    arrived = copies[0][1] if copies else b""
    tap.ok(field(arrived, b"MIME-Version") == [b" 1.0"] and field(arrived, b"Content-Type") == [b" text/plain; charset=utf-8"] and
           field(arrived, b"Content-Transfer-Encoding") == [b" quoted-printable"], "header fields that were missing are made, once", arrived)
    body = arrived.partition(b"\r\n\r\n")[2]
    tap.ok(body.startswith(b"Hello.\r\n\r\n") and 0 < body.find(b"Text 0") < body.find(b"Text 1"), "both texts, in their order", arrived)


def run(make):
    if os.geteuid() != 0:
        skip_all("needs root for a private mail server")
    tap = Tap()
    try:
        road = Road(make)
    except Unavailable as e:
        skip_all(str(e))
    try:
        for part in (passing, holding, releasing, trouble):
            part(tap, road)
        tap.ok(until(lambda: road.mta.queued() == 0, 20), "nothing is left in the mail server's queue", road.mta.queued())
    finally:
        road.close()
    texts(tap, make)
    sys.stdout.flush()
    tap.done()
