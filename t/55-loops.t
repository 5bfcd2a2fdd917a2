#!/usr/bin/python3
# Mail that answers mail: bounces of our notices, programs that answer by themselves, our own box.
# fails-if: a mail of ours is answered by a mail of ours without end, a program or nobody gets a
#           notice, a bounce of a notice is held, or what is not ours passes as ours
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import sg  # noqa: E402
from courier import DEPUTY, LEAD, OUT, PUPIL, Place  # noqa: E402
from milter import Mta  # noqa: E402

OURS = "schoolgate@hillview.example"
# of a kind whose sender is told
POLICY = sg.POLICY.replace('notify = [ "lead" ]; }', 'notify = [ "lead" ]; tell_sender = true; }').replace('"testing"', '"profanity"')
RULES = sg.RULES.replace('"testing"', '"profanity"')
tap = sg.Tap()
p = Place(policy=POLICY, rules={"testing": RULES, "refused": sg.REFUSED}, scan="deadline = 20;", courier='alert_from = "low"; digest = [ ];')
p.start("scan", "milter")
answers, robots = [], []


def mail(sender, subject, body, *headers):
    return ("From: <%s>\r\nSubject: %s\r\nMessage-ID: <%d@robot.example>\r\n%s\r\n%s\r\n"
            % (sender, subject, time.monotonic_ns(), "".join(h + "\r\n" for h in headers), body)).encode()


def send(sender, to, data):
    c = Mta(p.door, client=sg.INSIDE)
    a = c.send(sender, [to], data)
    c.quit()
    return a


def answer(m):
    """What a mailbox may do to a mail of ours: a bounce, and two programs that answer, one of them rudely."""
    answers.append((m, send(m.sender, m.to[0], m.data)))
    if len(robots) >= 60:
        return
    words = m.data.split(b"\r\n\r\n", 1)[1].decode("latin-1")
    for sender, data in (("", mail("MAILER-DAEMON@hillview.example", "Undelivered", "It came back:\r\n\r\n" + words, "Auto-Submitted: auto-replied")),
                         (m.to[0], mail(m.to[0], "Away", "xyzzyevil, I am away", "Auto-Submitted: auto-replied (vacation)")),
                         (m.to[0], mail(m.to[0], "Away", "xyzzyevil, I am away and do not say that I am a program"))):
        robots.append((sender, send(sender, OURS, data)))


p.sink.before_dot_reply = answer
p.courier()
first = send(PUPIL, OUT, mail(PUPIL, "hello", "say xyzzyevil now"))
tap.ok(first.word == "discard", "a message is held, its sender and the lead are told", first)
p.sink.wait(2, 15)
sg.until(lambda: len(robots) >= 6)
time.sleep(6)
told = [(m.to[0], m.header("X-Schoolgate").split(";")[0]) for m in p.sink.mails]
tap.ok(all(a.word == "accept" for _, a in answers), "what is ours passes", answers)
tap.ok(len(told) == len(set(told)) and {w for w, _ in told} == {PUPIL, LEAD, DEPUTY} and (PUPIL, "notice") in told and (LEAD, "alert") in told,
       "each mail is answered three times, and everybody gets one alert and one notice at most", told)
bounces = [a for s, a in robots if s == ""]
tap.ok(bounces and all(a.word == "accept" for a in bounces), "bounces of our mails are no findings", bounces)
jobs = p.sql("SELECT count(*) FROM outbox WHERE kind = 'notice' AND address = ''")[0][0]
tap.ok(jobs == 0 and not [m for m in p.sink.mails if m.to == [""]], "nobody is written to who has no address")

# --- what a program wrote is held like any other, and its sender not told -------------------------------
for n, (value, person) in enumerate([("auto-replied", False), ("auto-generated; x=1", False), ("Auto-Notified", False), ("no", True), ("No (a person)", True),
                                     ("nobody-knows", False)]):
    who = "robot%d@pupils.hillview.example" % n
    a = send(who, OUT, mail(who, "x", "say xyzzyevil now", "Auto-Submitted: " + value))
    sg.until(lambda: [m for m in p.sink.mails if m.to == [who]], 4 if person else 0.5)
    rows = p.sql("SELECT count(*) FROM outbox WHERE kind = 'notice' AND address = ?", who)[0][0] + len([m for m in p.sink.mails if m.to == [who]])
    tap.ok(a.word == "discard" and (rows > 0) == person, "Auto-Submitted: %s: held, %s" % (value, "and told" if person else "and not told"), (a, rows))

# --- a header of ours that somebody else wrote ---------------------------------------------------------
for header in ("X-Schoolgate: notice; ref=00000000", "Schoolgate-Notice: v=1; n=" + "0" * 32 + "; t=1; s=x", "Schoolgate-Release: v=1; n=" + "0" * 32,
               "Schoolgate-Status: checked; ref=00000000"):
    a = send(PUPIL, OUT, mail(PUPIL, "x", "say xyzzyevil now", header))
    tap.ok(a.word == "discard", "held in spite of %s" % header.split(":")[0], a)
p.stop()
tap.done()
