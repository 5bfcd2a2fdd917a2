#!/usr/bin/python3
# The school's text on its way out: what the mail server is told to change, and when it is not.
# fails-if: a text is missing on mail that leaves, stands on mail that stays, is added twice or to
#           a copy kept apart, a header field other than the three changes, or nothing is counted
import base64
import email
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import INSIDE, OUTSIDE, POLICY, House, Tap, until  # noqa: E402
from milter import Mta, after  # noqa: E402
from mta import ticket  # noqa: E402
from sink import Sink  # noqa: E402

tap = Tap()
STAFF, OUT, PUPIL = "hale@hillview.example", "someone@elsewhere.example", "ann@pupils.hillview.example"
ROWS = """disclaimers = (
  { id = "staff-out"; from = [ "staff" ]; to = [ "outside" ]; text = "out.md"; },
  { id = "pupil-out"; from = [ "pupil" ]; to = [ "outside" ]; text = "out.md"; mode = "split"; },
  { id = "later"; from = [ "staff" ]; text = "out.md"; since = "2990-01-01"; },
  { id = "tried"; from = [ "staff" ]; to = [ "pupil" ]; text = "out.md"; shadow = true; } );
"""
house = House(policy=POLICY + ROWS)
with open(house.path("out.md"), "w") as f:
    f.write("---\n{school} \u2013 views are the writer\u2019s own, and \u00a35 is \u00a35.\n{no_such_thing}\n")
house.start("scan", "milter")
WORDS = "views are the writer\u2019s own, and \u00a35 is \u00a35."


def mail(mid, body=b"Hello there.\r\n", more=b""):
    return (b"From: x <%s>\r\nSubject: x\r\nMessage-ID: <%s>\r\nDate: Mon, 02 Sep 2024 09:00:00 +0100\r\n" %
            (STAFF.encode(), mid.encode()) + more + b"\r\n" + body)


sent = 0


def send(data, to, sender=STAFF, client=INSIDE):
    global sent
    sent += 1
    c = Mta(house.door, client)
    a = c.send(sender, to, data)
    c.quit()
    body = a.body if a.body is not None else data.partition(b"\r\n\r\n")[2]
    a.after = b"".join(n + b":" + v.replace(b"\n", b"\r\n") + b"\r\n" for n, v in after(data, a)) + b"\r\n" + body
    return a


def text_of(data):
    m = email.message_from_bytes(data)
    return m.get_payload(decode=True).decode(m.get_content_charset() or "ascii").replace("\r\n", "\n")


def last():
    """What the trace says of the message sent last, once its batch is on disk."""
    global sent
    until(lambda: house.sql("select count(*) from trace")[0][0] == sent, 10)
    return house.sql("select disclaimer from trace order by id desc limit 1")[0][0]


a = send(mail("one@x"), [OUT])
tap.ok(a.word == "accept" and WORDS in text_of(a.after), "mail that leaves carries the text", a, a.after)
m = email.message_from_bytes(a.after)
tap.ok(m["MIME-Version"] == "1.0" and m["Content-Transfer-Encoding"] == "quoted-printable" and
       m.get_content_charset() == "utf-8", "with header fields that say so", a)
tap.ok("no_such_thing" not in text_of(a.after), "a line without a value is left out", a.after)
tap.ok(len(a.inserted("Schoolgate-Disclaimer")) == 1 and "staff-out" in a.inserted("Schoolgate-Disclaimer")[0],
       "and is marked", a)
tap.ok(last() == "added", "and counted", last())
b = send(a.after, [OUT])
tap.ok(b.body is None and not b.deleted("Schoolgate-Disclaimer") and last() == "there",
       "the second time through nothing is added, and the mark stays", b)
b = send(a.after.replace(b"one@x", b"two@x").replace(b"Schoolgate-Status", b"X"), [OUT])
tap.ok(b.body is None and b.deleted("Schoolgate-Disclaimer") == [1] and last() == "there",
       "the mark of another message counts for nothing, the words do", b)
a = send(mail("in@x"), [PUPIL])
tap.ok(a.body is None and not a.inserted("Schoolgate-Disclaimer") and last() == "shadow",
       "mail that stays inside does not; a row in shadow only counts", a)
a = send(mail("mixed@x"), [OUT, PUPIL])
tap.ok(WORDS in text_of(a.after) and not a.removed(), "any: one recipient outside, and all get it", a)
a = send(mail("split@x"), [OUT, PUPIL, STAFF], "ann@pupils.hillview.example")
tap.ok(WORDS in text_of(a.after) and sorted(a.removed()) == sorted(["<%s>" % PUPIL, "<%s>" % STAFF]),
       "split: the others leave this copy", a)
copies = dict(house.sql("select c.address, c.state from copy c join incident i on i.id = c.incident "
                        "where i.message_id = 'split@x'"))
tap.ok(copies == {OUT: "passed", PUPIL: "releasing", STAFF: "releasing"}, "and are kept to be handed in as they are", copies)
jobs = house.sql("select kind, address from outbox")
tap.ok(sorted(jobs) == sorted([("release", PUPIL), ("release", STAFF)]), "one release each", jobs)
b = send(mail("split@x"), [OUT, PUPIL, STAFF], "ann@pupils.hillview.example")
tap.ok(b.body == a.body and sorted(b.removed()) == sorted(a.removed()) and
       house.sql("select count(*) from outbox")[0][0] == 2, "a retry makes no second ones", b)
# the milter dies between the store and the answer
house.fault("milter", "front.filed=kill")
try:
    send(mail("torn@x"), [OUT, PUPIL], "ann@pupils.hillview.example")
except (ConnectionError, OSError):
    pass
house.ended("milter", 20)
house.fault("milter", "")
tap.ok(house.sql("select count(*) from outbox where address = ?", PUPIL)[0][0] == 2, "filed before the milter died: one more release")
house.start("milter")
sent = house.sql("select count(*) from trace")[0][0]
a = send(mail("torn@x"), [OUT, PUPIL], "ann@pupils.hillview.example")
tap.ok(WORDS in text_of(a.after) and a.removed() == ["<%s>" % PUPIL] and
       house.sql("select count(*) from outbox where address = ?", PUPIL)[0][0] == 2, "the next try goes on from there: nothing lost, nothing twice", a)
house.sink = Sink(house.smtp)
house.start("courier")
until(lambda: len(house.sink.mails) == 3, 20)
arrived = sorted((m.to[0], m.data.split(b"\r\n\r\n", 1)[1]) for m in house.sink.mails)
tap.ok(arrived == sorted([(PUPIL, b"Hello there.\r\n")] * 2 + [(STAFF, b"Hello there.\r\n")]), "the courier hands the others their copies as written", arrived)
house.stop("courier")
signed = b"MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=b; micalg=x; protocol=\"application/pgp-signature\"\r\n"
body = b"--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n"
a = send(mail("signed@x", body, signed), [OUT])
tap.ok(a.word == "accept" and a.body is None and last() == "signed", "signed mail passes as it is, and is counted", a, last())
a = send(mail("signed2@x", body, signed), [OUT, STAFF], "ann@pupils.hillview.example")
tap.ok(a.word == "accept" and a.body is None and not a.removed(), "then nobody's copy is kept apart", a)
a = send(mail("dkim@x", more=b"DKIM-Signature: v=1; d=far.example; b=x\r\n"), [OUT])
tap.ok(a.body is None and last() == "dkim", "what somebody signed before us stays", last())
a = send(mail("from-out@x"), [STAFF], OUT, OUTSIDE)
tap.ok(a.word == "accept" and a.body is None and last() == "", "mail from outside carries none", a, last())
a = send(mail("null@x"), [OUT], "")
tap.ok(a.body is None and last() == "", "reports carry none", last())
held = mail("held@x", b"say xyzzyhold now\r\n")
a = send(held, [OUT])
ref = house.sql("select ref from incident where message_id = 'held@x'")[0][0]
tap.ok(a.word == "discard" and last() == "", "what is held carries none yet", a)
b = send(ticket(house, OUT, held, ref=ref) + held, [OUT], STAFF, "127.0.0.1")
tap.ok(b.word == "accept" and WORDS in text_of(b.after) and last() == "added", "its release does, although the courier hands it in", b)
tool = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n"
a = send(mail("html@x", base64.encodebytes(b"<html><body><p>caf\xe9</p></body></html>"), tool), [OUT])
tap.ok("&#8217;s own" in text_of(a.after) and "</div>" in text_of(a.after) and
       text_of(a.after).index("&#8217;s own") < text_of(a.after).index("</body>") and
       not [e for e in a.edits if e[0] == "change"], "HTML gets it too, without another header", a)
# what the command line says of it
house.start("console")
last()
r = house.ctl("report", "disclaimers", "--json")
said = json.loads(r.stdout) if r.returncode == 0 else {}
tap.ok(said.get("due", 0) >= 8 and 0 < said.get("with", 0) < said["due"] and
       {"signed", "dkim", "there"} <= {x["reason"] for x in said.get("rows", [])}, "report disclaimers: how many, and why not", r)
seen = house.ctl("report", "disclaimers")
tap.ok(seen.returncode == 0 and "break the signature" in seen.stdout and "carry it" in seen.stderr and seen.stderr.startswith("Since 2") and
       said.get("since", "")[:2] == "20", "in words, too, and with the day it begins", seen, said.get("since"))
house.write("page.eml", "")
with open(house.path("page.eml"), "wb") as f:
    f.write(mail("html@x", base64.encodebytes(b"<html><body><p>caf\xe9</p></body></html>"), tool))
p = subprocess.run([house.program("schoolgatectl"), "--config=" + house.config, "disclaim", "--from", STAFF, "--to", OUT,
                    house.path("page.eml")], capture_output=True)
tap.ok(p.returncode == 0 and p.stdout.endswith(a.body) and b"added: staff-out" in p.stderr, "disclaim shows the very bytes", p, a.body)
p = subprocess.run([house.program("schoolgatectl"), "--config=" + house.config, "disclaim", "--from", STAFF, "--to", PUPIL,
                    house.path("page.eml")], capture_output=True)
tap.ok(p.returncode == 0 and p.stdout == open(house.path("page.eml"), "rb").read() and b"in shadow" in p.stderr,
       "and those of a mail that stays as it is", p)
# header fields in folds, names in other letters, addresses in UTF-8, no Message-ID
fold = b"Mime-version: 1.0\r\ncontent-type: text/plain;\r\n\tcharset=us-ascii;\r\n x=y\r\nContent-Transfer-Encoding:7bit\r\n"
a = send(mail("fold@x", more=fold), ["j\u00f6rg@elsewhere.example"])
m = email.message_from_bytes(a.after)
tap.ok(WORDS in text_of(a.after) and m.get_content_charset() == "utf-8" and len(m.get_all("Content-Type")) == 1 and
       len(m.get_all("Content-Transfer-Encoding")) == 1 and len(m.get_all("MIME-Version")) == 1 and last() == "added",
       "fields in folds are changed, not doubled", a)
a = send(mail("noid@x").replace(b"Message-ID: <noid@x>\r\n", b""), [OUT])
b = send(a.after, [OUT])
tap.ok(WORDS in text_of(a.after) and b.body is None and last() == "there", "nor is the text, without a Message-ID", a, b)
bare = mail("noid@x", b"Fire alarm test at noon.\r\n").replace(b"Message-ID: <noid@x>\r\n", b"")
two = [send(bare, [OUT, PUPIL], PUPIL) for i in range(2)]
tap.ok(all(x.word == "accept" and not x.removed() and WORDS in text_of(x.after) for x in two),
       "split: the same notice twice, without a Message-ID, arrives twice", two)
# a text that is broken when the policy is read again
good = open(house.path("out.md")).read()
house.write("out.md", "\n")
house.signal("milter", signal.SIGHUP)
until(lambda: "reload-failed" in house.log("milter"), 10)
a = send(mail("kept@x"), [OUT])
tap.ok("reload-failed" in house.log("milter") and WORDS in text_of(a.after), "an empty text is refused, the old one stays", a)
house.write("out.md", good)
tap.ok(not any(x in house.log(p) for p in ("milter", "scan") for x in (OUT, PUPIL, STAFF, "views are")),
       "no log has an address or words of a text", house.log("milter")[-2000:])
house.stop("scan")
a = send(mail("away@x"), [OUT])
tap.ok(a.word == "tempfail", "without a scanner: later", a)
tap.done()
