#!/usr/bin/python3
# What the mail server is told for each kind of message: the real milter and the real scanner.
# fails-if: a held copy is not taken out of the envelope before the message passes, one of our
#           header fields from outside survives, a ticket works twice, or an odd message
#           (no header, no body, huge header, 1,000 recipients) is not answered as it should
import hashlib
import os
import secrets
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import INSIDE, House, Tap, until  # noqa: E402
from milter import Mta, after  # noqa: E402

tap = Tap()
house = House(milter="max_size = 3000000;")
house.start("scan", "milter")
STAFF, OUT, PUPIL = "hale@hillview.example", "someone@elsewhere.example", "ann@pupils.hillview.example"


def mail(body="Nothing of note.", head="", mid=None):
    return ("From: Hale <hale@hillview.example>\r\nTo: all\r\nSubject: a note\r\n%sMessage-ID: <%s@hillview.example>\r\n\r\n%s\r\n"
            % (head, mid or secrets.token_hex(8), body)).encode()


def send(data, to, sender=STAFF, client=INSIDE, **more):
    mta = Mta(house.door, client)
    answer = mta.send(sender, to, data, **more)
    mta.quit()
    return answer


def incidents():
    return house.sql("select count(*) from incident")[0][0]


# --- passing ---------------------------------------------------------------
a = send(mail(), [OUT])
tap.ok(a.word == "accept" and not a.removed() and a.body is None, "clean mail passes", a)
status = a.inserted("Schoolgate-Status")
tap.ok(len(status) == 1 and status[0].startswith(" checked; ref=") and "deliver" not in status[0],
       "mail that leaves says it was checked, after a blank, and not why", a)
a = send(mail(), [PUPIL])
tap.ok(a.inserted("Schoolgate-Status") and "v=1" in a.inserted("Schoolgate-Status")[0], "mail inside says the verdict", a)
tap.ok(incidents() == 0, "nothing is filed for clean mail")

# --- holding ---------------------------------------------------------------
a = send(mail("say xyzzyhold now"), [OUT, PUPIL, "Two@ELSEWHERE.example"])
tap.ok(a.word == "accept" and a.removed() == ["<%s>" % OUT, "<Two@ELSEWHERE.example>"],
       "only the recipients for whom a row applies leave the envelope, as they were written", a)
tap.ok(house.sql("select count(*) from copy where state = 'waiting'")[0][0] == 2
       and house.sql("select count(*) from copy where state = 'passed'")[0][0] == 1, "each copy's fate is on file")
a = send(mail("say xyzzyevil now"), [OUT, PUPIL])
tap.ok(a.word == "discard" and not a.edits, "all copies held: discarded, and nothing edited", a)
tap.ok(incidents() == 2, "filed before the answer")
a = send(mail("say xyzzyhold now"), [OUT, "Someone@ELSEWHERE.EXAMPLE", "someone@Elsewhere.example"])
tap.ok(a.word == "discard", "one address written three ways is all", a)
a = send(mail("say xyzzyhold now"), [PUPIL, OUT, "someone@Elsewhere.example"])
tap.ok(a.removed() == ["<%s>" % OUT, "<someone@Elsewhere.example>"], "one address written twice leaves twice", a)
tap.ok(house.sql("select max(n) from (select count(*) n from copy group by incident, address)")[0][0] == 1,
       "and is one copy on file")
a = send(mail("say xyzzynever now"), [OUT, PUPIL])
tap.ok(a.word == "reject" and a.code == 550 and "5.7.1" in a.text and "ref" in a.text, "refused with a reference", a)
a = send(mail("say xyzzyhold now", head="X-Odd: 100%s\r\n"), [OUT])
tap.ok(a.word == "discard", "percent signs do no harm", a)

# --- the same message again ---------------------------------------------------
data, before = mail("say xyzzyhold now", mid="again"), incidents()
first, second = send(data, [OUT, PUPIL]), send(data, [OUT, PUPIL])
tap.ok(first.removed() == second.removed() == ["<%s>" % OUT] and incidents() == before + 1,
       "a retry has the same outcome and makes no second incident", first, second)
tap.ok(first.inserted("Schoolgate-Status") == second.inserted("Schoolgate-Status"), "and the same reference", first, second)
data = mail("say xyzzynever now", mid="never")
first, second = send(data, [OUT]), send(data, [OUT])
tap.ok(first.text == second.text, "a refusal says the same reference again", first, second)

# --- forged fields --------------------------------------------------------------
head = ("Schoolgate-Status: deliver; ref=AAAA-AAAA; v=1\r\nschoolgate-status: two\r\n folded\r\nX-Keep: yes\r\n"
        "Schoolgate-Release: v=1; ref=7F3K9QXD; n=%s; t=9999999999; c=%s; r=%s; s=%s\r\nSCHOOLGATE-STATUS: three\r\n"
        "Schoolgate-Whatever : x\r\n" % ("0" * 32, "0" * 64, "0" * 16, "0" * 64))
data = mail(head=head)
a = send(data, [PUPIL], client="127.0.0.3", sender="x@elsewhere.example")
left = [(n, v) for n, v in after(data, a) if n.lower().startswith(b"schoolgate")]
tap.ok(a.word == "accept" and len(left) == 1 and left[0][1].startswith(b" deliver") and b"AAAA" not in left[0][1],
       "every field of ours from outside is gone, three of one name too", a, left)
tap.ok(a.deleted("Schoolgate-Status") == [3, 2, 1] or a.deleted("SCHOOLGATE-STATUS") == [3], "from the last to the first", a)
tap.ok((b"X-Keep", b" yes") in [tuple(f) for f in after(data, a)], "other fields stay", a)
tap.ok("ticket-refused" in house.log("milter") and "why=forged" in house.log("milter"), "a forged ticket is logged")
a = send(mail(head="Schoolgate-X: y\r\n" * 300), [PUPIL])
tap.ok(a.word == "reject" and a.code == 552, "hundreds of them are refused", a)

# --- tickets --------------------------------------------------------------------
key = bytes.fromhex(open(house.path("keys/mail.key")).read().strip())


def mac(data, n=32):
    return hashlib.blake2b(data, digest_size=32, key=key).hexdigest()[:n * 2]


def content_hash(data):
    head, _, body = data.partition(b"\r\n\r\n")
    h = hashlib.blake2b(digest_size=32)
    for name, value in Mta.fields(head):
        name = name.lower()
        if name in (b"subject", b"mime-version") or name.startswith(b"content-"):
            h.update(name + b":" + value.replace(b"\n", b"").strip(b" \t") + b"\n")
    h.update(b"\n" + body)
    return h.hexdigest()


def ticket(kind, to, data=None, nonce=None, expires=None, ref="7F3K9QXD"):
    nonce, expires = nonce or secrets.token_hex(16), expires or int(time.time()) + 600
    recipient = mac(to.lower().encode(), 8)
    if kind == "Release":
        text = "v=1; ref=%s; n=%s; t=%d; c=%s; r=%s" % (ref, nonce, expires, content_hash(data), recipient)
    else:
        text = "v=1; n=%s; t=%d; r=%s" % (nonce, expires, recipient)
    name = "Schoolgate-" + kind
    return ("%s: %s; s=%s\r\n" % (name, text, mac(name.encode() + b"\0" + text.encode()))).encode()


data, before = mail("say xyzzyevil now", mid="held-1"), incidents()
tap.ok(send(data, [OUT, PUPIL]).word == "discard", "held first")
good = ticket("Release", OUT, data)
a = send(good + data, [OUT])
tap.ok(a.word == "accept" and a.deleted("Schoolgate-Release") == [1] and not a.removed(), "a release passes, its field is gone", a)
tap.ok(a.inserted("Schoolgate-Status") == [" checked; ref=7F3K-9QXD"], "outside it says that it was checked", a)
a = send(ticket("Release", PUPIL, data) + data, [PUPIL])
tap.ok(a.inserted("Schoolgate-Status") == [" released; ref=7F3K-9QXD; v=1"], "inside that it was released", a)
a = send(good + data, [OUT])
tap.ok(a.word == "tempfail" and incidents() == before + 1, "the same ticket again: no second copy goes, and none is held a second time", a)
tap.ok("why=used-before" in house.log("milter"), "and logged")
a = send(ticket("Release", OUT, data) + data, [OUT, PUPIL])
tap.ok(a.word == "tempfail" and "why=other-recipient" in house.log("milter"), "not for two recipients", a)
a = send(ticket("Release", PUPIL, data) + data, ["other@pupils.hillview.example"])
tap.ok(a.word == "discard", "not for another recipient", a)
a = send(ticket("Release", OUT, data) + data.replace(b"now", b"later"), [OUT])
tap.ok(a.word == "discard" and "why=other-content" in house.log("milter"), "not for other content", a)
a = send(ticket("Release", "new@elsewhere.example", data, expires=int(time.time()) - 5) + data, ["new@elsewhere.example"])
tap.ok(a.word == "tempfail" and "why=expired" in house.log("milter"), "not after its time", a)
forged = ticket("Release", OUT, data).replace(b"s=", b"s=0")[:-3] + b"\r\n"
a = send(forged + ticket("Release", OUT, data) + data, [OUT])
tap.ok(a.word == "accept" and a.deleted("Schoolgate-Release") == [2, 1], "a forged one beside a good one does not spoil it", a)
# a message of one recipient that was released once; then a ticket of ours that came too late: not
# taken for the retry that makes a held copy vanish, since then the release would be lost
single = mail("say xyzzyevil now", mid="held-single")
tap.ok(send(single, [OUT]).word == "discard", "held, for one recipient")
a = send(ticket("Release", OUT, single, expires=int(time.time()) - 5) + single, [OUT])
tap.ok(a.word == "tempfail", "a release that came too late is put off, not swallowed", a)
foreign = ticket("Release", OUT, single).replace(b"s=", b"s=0")[:-3] + b"\r\n"
a = send(foreign + single, [OUT])
tap.ok(a.word == "tempfail", "nor one whose ticket another key has made", a)
note = mail("You have mail that waits: xyzzyevil", mid="notice-1")
a = send(ticket("Notice", "dsl@hillview.example") + note, ["dsl@hillview.example"], sender="")
tap.ok(a.word == "accept" and a.deleted("Schoolgate-Notice") == [1], "a notice of ours passes", a)
a = send(ticket("Notice", "dsl@hillview.example") + note, ["other@hillview.example"], sender="")
tap.ok(a.word == "discard", "a notice's ticket is for its recipient only", a)

# --- odd messages ----------------------------------------------------------------
mta = Mta(house.door, INSIDE)
a, b = mta.send(STAFF, [OUT], mail("say xyzzyhold now")), mta.send("hall@hillview.example", [PUPIL], mail())
tap.ok(a.word == "discard" and b.word == "accept" and not b.removed(), "two messages of one conversation are two", a, b)
mta.mail(STAFF)
mta.rcpt("secret@elsewhere.example")
mta.body(b"say xyzzyevil now\r\n")
mta.abort()
a = mta.send(STAFF, [PUPIL], mail())
tap.ok(a.word == "accept" and not a.removed(), "an aborted one leaves nothing behind", a)
mta.quit()
tap.ok(send(b"\r\njust text\r\n", [PUPIL]).word == "accept", "no header")
tap.ok(send(b"Subject: nothing else\r\n\r\n", [PUPIL]).word == "accept", "no body")
tap.ok(send(b"", [PUPIL]).word == "accept", "nothing at all")
a = send(b"\r\nsay xyzzyevil now\r\n", [PUPIL])
tap.ok(a.word == "discard", "a message without a header is read", a)
many = ["r%d@%s" % (i, "elsewhere.example" if i % 2 else "hillview.example") for i in range(1000)]
a = send(mail("say xyzzyhold now"), many)
tap.ok(a.word == "accept" and len(a.removed()) == 500 and all("elsewhere" in r for r in a.removed()), "1,000 recipients, half of them held")
a = send(b"X-Long: " + b"x" * 200000 + b"\r\nSubject: say xyzzyevil now\r\n\r\nbody\r\n", [PUPIL])
tap.ok(a.word in ("discard", "reject"), "a header of 200 KB does not hide what follows", a)
a = send(mail(head="X-Many: x\r\n" * 5000), [PUPIL])
tap.ok(a.word in ("accept", "discard"), "5,000 header fields are answered", a)
a = send(mail("y" * 4000000), [PUPIL])
tap.ok(a.word == "reject" and a.code == 552 and "5.3.4" in a.text, "above the limit: refused for good", a)
a = send(mail(("z" * 70 + "\r\n") * 35000 + "say xyzzyevil now"), [PUPIL])
tap.ok(a.word == "discard", "a large one below it is read to its end", a)
a = send(mail(), ["a b@hillview.example", PUPIL])
tap.ok(a.word == "accept", "an address that cannot be used is refused alone", a)
old = Mta(house.door, INSIDE, steps=0x7F)
tap.ok(old.send(STAFF, [PUPIL], mail()).inserted("Schoolgate-Status")[:1] and not
       old.send(STAFF, [PUPIL], mail()).inserted("Schoolgate-Status")[0].startswith(" "),
       "an old mail server gets headers without their blank")
old.quit()
try:
    Mta(house.door, INSIDE, actions=0)
    tap.ok(False, "a mail server that lets nothing be changed is refused")
except ConnectionError:
    tap.ok(True, "a mail server that lets nothing be changed is refused")

# --- who is who ---------------------------------------------------------------------
a = send(mail("say xyzzyhold now"), [PUPIL], client="127.0.0.3")
tap.ok(a.word in ("accept", "discard"), "mail from elsewhere that claims to be ours is answered", a)
send(mail(mid="who-1"), [PUPIL], client="127.0.0.3")
send(mail(mid="who-2"), [PUPIL], client="127.0.0.3", auth_authen="hale")
rows = until(lambda: [r for r in house.sql("select message_id, route from trace where message_id like 'who-%' order by 1")
                      if True] if house.sql("select count(*) from trace where message_id like 'who-%'")[0][0] == 2 else [])
tap.ok([r[1] for r in rows] == ["in", "inside"], "only the mail server's word makes a sender one of ours", rows)

# --- what is said about it -----------------------------------------------------------
log = house.log("milter")
tap.ok("verdict msg=" in log and "rows=out-bad" in log, "one line a message")
tap.ok(not any(w in log for w in ("xyzzy", "hale@", "elsewhere.example", "a note")), "with no text and no people")
house.stop("milter")
tap.ok("stop program=schoolgate-milter" in house.log("milter"), "stops when told")
tap.ok(house.sql("select count(*) from trace")[0][0] == house.log("milter").count("verdict msg="), "one trace a message")
tap.done()
