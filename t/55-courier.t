#!/usr/bin/env python3
# What the courier sends, how often, and what it says when it does not know.
# fails-if: a released byte changes, a message goes twice or not at all, or a notice holds a word of a message
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.abspath(os.environ.get("top_srcdir", ".")), "t", "lib"))
import sg
from courier import DEPUTY, FILL, FRIEND, LEAD, MAIL, OUT, POLICY, PUPIL, Place, grams, plain_text
from sink import DROP, Sink

tap = sg.Tap()


def arrived(mail):
    """The message as it came, without our ticket (which must be first)."""
    first, rest = mail.data.split(b"\r\n", 1)
    return rest if first.startswith(b"Schoolgate-Release: v=1; ref=") else None


def releases(p):
    p.courier()
    ref = p.held(to=(OUT, FRIEND))
    p.release(ref)
    mails = p.sink.wait(2)
    tap.ok(sorted(m.to[0] for m in mails) == sorted([OUT, FRIEND]), "one transaction for each recipient", mails)
    tap.ok(all(arrived(m) == MAIL for m in mails), "the same bytes, our ticket first", [m.data for m in mails])
    tap.ok(all(m.sender == PUPIL for m in mails), "in the name of the sender")
    tap.ok(len({m.nonce for m in mails}) == 2, "each with a ticket of its own")
    tap.ok(p.until(ref, "released", "released"), "both are released", p.copies(ref))
    tap.ok("queued as 4TEST" in p.copies(ref)[OUT]["answer"], "the server's answer is kept", p.copies(ref))
    p.reset()
    ref = p.held(**{"from": ""})
    p.release(ref)
    tap.ok([m.sender for m in p.sink.wait(1)] == [""], "the null sender stays null")
    ref = p.held()
    p.release(ref, wait=30)
    time.sleep(1.5)
    p.fill("undo", ref)
    tap.ok(p.states(ref) == ["waiting"] and len(p.sink.mails) == 1, "undone in time: nothing was sent")
    p.release(ref, wait=2)
    p.fill("seal", ref)
    time.sleep(3.5)
    tap.ok(len(p.sink.mails) == 1, "sealed meanwhile: nothing was sent", p.states(ref))
    p.reset()


def odd_bytes(p):
    cases = {"dots": b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\n", "no header": b"\r\nonly a body\r\n", "8 bits": b"Subject: \xe9\r\n\r\n\xff\x80\r\n",
             "long": b"Subject: x\r\nX-Long: " + b"y" * 5000 + b"\r\n\r\n" + b"z" * 100000 + b"\r\n",
             "our own field": b"Schoolgate-Release: v=1; forged\r\nSubject: x\r\n\r\nx\r\n", "2 MB": b"A: b\r\n\r\n" + b"0123456789\r\n" * 180000}
    where = os.path.join(sg.TOP, "..", "shared", "corpora", "mail", "wire", "cases")
    if os.path.isdir(where):
        for name in sorted(os.listdir(where)):
            with open(os.path.join(where, name), "rb") as f:
                cases[name] = f.read()
    else:
        print("# no wire corpus beside the source tree: only the cases of this test")
    lost, changed = [], []
    refused = 0
    refs = {name: p.held(data=data) for name, data in cases.items()}
    for ref in refs.values():
        p.release(ref)
    p.empty(60)
    for name, data in cases.items():
        ref = refs[name]
        copy = list(p.copies(ref).values())[0]
        mails = [m for m in p.sink.mails if ref.encode() in m.data[:60]]
        whole = data if data.endswith(b"\r\n") else data + b"\r\n"
        refused += copy["state"] == "refused"
        if copy["state"] not in ("released", "refused") or (copy["state"] == "refused" and (mails or not copy["answer"])):
            lost.append((name, copy, len(mails)))
        elif copy["state"] == "released" and (len(mails) != 1 or arrived(mails[0]) != whole):
            changed.append((name, len(mails)))
    tap.ok(not lost, "every odd message is sent or refused with a reason (%d of %d sent)" % (len(cases) - refused, len(cases)), lost)
    tap.ok(not changed, "and what arrives, arrives once and unchanged", changed)
    p.reset()


def mails_about(p):
    ref = p.held(alert="lead", notice="held-general", urgency="urgent", category="self-harm")
    mails = p.sink.wait(3)
    alert = [m for m in mails if m.to == [LEAD]]
    notice = [m for m in mails if m.to == [PUPIL]]
    if not tap.ok(len(alert) == 1 and len(notice) == 1 and len(mails) == 3 and p.sink.to(DEPUTY),
                  "one alert, one for the deputy as it is urgent, one notice", [m.data for m in mails]):
        return p.reset()
    p.fill("audit", ref, "looked")
    shown = ref[:4] + "-" + ref[4:]
    m, text, html = plain_text(alert[0])
    tap.ok(alert[0].sender == "schoolgate@hillview.example" and m["Subject"] == "Schoolgate: 1 urgent message is waiting"
           and shown in text and "Self-harm or suicide" in text and "a pupil, going out" in text
           and "The message has not been delivered." in text and "call\u00a0999" in text, "the alert says what mails.md wants", text)
    tap.ok("/message/" + ref in text and "http://127.0.0.1:%d/message/%s" % (p.http, ref) in html, "with a link to the page", text)
    tap.ok(m["Auto-Submitted"] == "auto-generated" and m["X-Auto-Response-Suppress"] == "All" and m["X-Schoolgate"] == "alert; ref=" + ref
           and m["Content-Language"] == "en" and "Hillview Academy safeguarding" in m["From"] and alert[0].header("Schoolgate-Notice"),
           "and has the headers of our mails", alert[0].data)
    m, text, html = plain_text(notice[0])
    tap.ok(notice[0].sender == "" and b"NOTIFY=NEVER" in notice[0].rcpt_args, "the notice has no sender and asks for no report")
    tap.ok("has not been sent yet" in text and shown in text and "the school office" in text and m["Reply-To"], "and says what happens next", text)
    source = grams(MAIL.decode())
    found = [g for mail in mails for t in plain_text(mail)[1:] + (str(plain_text(mail)[0]["Subject"]),) for g in grams(t) & source]
    words = [w for mail in mails for w in (b"walrus", b"secret heading", b"outside.example", b"o'brien", b"one@x") if w in mail.data]
    tap.ok(not found and not words, "no three words of the message, and nobody's address, in either", found, words)
    tap.ok(all(max(map(len, m.data.split(b"\r\n")[1:])) <= 78 for m in mails), "no line after the ticket is longer than 78")
    p.reset()
    p.held(notice="held-general", outside=1)
    p.held(notice="held-general", sealed=1)
    p.held(notice="held-general", **{"from": "someone@else.example"})
    ref = p.held(notice="held-general", state="passed")
    p.empty()
    tap.ok(not p.sink.mails, "no notice outside the school, to a forged sender, on a sealed or a passed message", [m.data for m in p.sink.mails])
    p.held(alert="lead", to=(LEAD,))
    p.sink.wait(1)
    tap.ok([m.to for m in p.sink.mails] == [[DEPUTY]], "who is party to a message is not alerted to it; the next one is", [m.to for m in p.sink.mails])
    p.reset()
    ref = p.held(to=(OUT,))
    p.release(ref, "release_advised", template="released-advised", wait=1)
    mails = p.sink.wait(2)
    tap.ok([m.to[0] for m in mails] == [OUT, PUPIL] and "was sent, with a note" in mails[1].header("Subject"), "the message first, then the note to its sender", [m.to for m in mails])
    p.reset()
    for klass, words in (("pupil", "Childline"), ("staff", "a person reads it")):
        ref = p.held(**{"class": klass})
        p.release(ref, "return", template="returned")
        mails = p.sink.wait(1)
        tap.ok(len(mails) == 1 and mails[0].to == [PUPIL] and words in re.sub(r"\s+", " ", plain_text(mails[0])[1]), "returned to " + klass, [m.data for m in mails])
        p.reset()
    p.held(notice="held-personal-data", category="personal-data", title="A list of pupils with dates of birth", **{"class": "staff"})
    mails = p.sink.wait(1)
    tap.ok(mails and "  A list of pupils with dates of birth" in plain_text(mails[0])[1], "personal data: the kind is named", [m.data for m in mails])
    p.reset()


def gaps():
    p = Place(courier='alert_gap = 4; high_gap = 4; notice_gap = 4; alert_from = "low"; digest = [ ];')
    p.courier()
    p.held(alert="lead", notice="held-general")
    p.sink.wait(2)
    for _ in range(3):
        p.held(alert="lead", notice="held-general")
    p.held(alert="lead", urgency="urgent", category="self-harm")
    p.sink.wait(6, 20)
    p.empty(20)
    alerts = [m.header("Subject") for m in p.sink.to(LEAD)]
    tap.ok(alerts == ["Schoolgate: 1 message is waiting", "Schoolgate: 1 urgent message is waiting", "Schoolgate: 5 messages are waiting"],
           "alerts within the gap go as one, urgent ones first, with the number that waits", alerts)
    notices = p.sink.to(PUPIL)
    tap.ok([m.header("Subject") for m in notices] == ["Your message is being checked", "Your messages are being checked"]
           and "3 of your messages" in plain_text(notices[1])[1], "so do held-notices", [m.data for m in notices])
    at = [m.at for m in p.sink.to(LEAD) if "urgent" not in m.header("Subject")]
    tap.ok(len(at) == 2 and at[1] - at[0] > 2.9, "one a gap, but for an urgent one, which waits for no other", at)
    tap.ok(json.loads(p.fill("status"))["outbox"] == 0, "nothing is left over")
    p.stop("courier")
    p.remove()


def two_leads():
    """One of them has just had something else: the other's mail does not end it for both."""
    also = 'role = "lead"; address = "%s"; }, { role = "it"; address = "%s"; }, {' % (DEPUTY, LEAD)
    p = Place(policy=POLICY.replace('{ role = "deputy";', "{ " + also + ' role = "deputy";'), courier='alert_gap = 3; high_gap = 3; notice_gap = 0; alert_from = "low"; digest = [ ];')
    p.held(alert="it", urgency="urgent", category="self-harm")
    p.held(alert="lead")
    p.courier()
    p.sink.wait(4, 20)
    p.empty(20)
    told = sorted((m.to[0], m.header("Subject")) for m in p.sink.mails)
    tap.ok(told == [(DEPUTY, "Schoolgate: 1 message is waiting"), (DEPUTY, "Schoolgate: 1 urgent message is waiting"), (LEAD, "Schoolgate: 1 message is waiting"),
                    (LEAD, "Schoolgate: 1 urgent message is waiting")], "each lead has every alert, once", told)
    p.stop("courier")
    p.remove()


def server_says_no(p):
    p.sink.rcpt = lambda a: b"550 5.1.1 no such person" if a == FRIEND else None
    ref = p.held(to=(OUT, FRIEND))
    p.release(ref)
    tap.ok(p.until(ref, "refused", "released"), "one refused, the other goes", p.copies(ref))
    mails = p.sink.wait(2)
    told = [m for m in mails if m.to == [LEAD]]
    tap.ok("5.1.1 no such person" in p.copies(ref)[FRIEND]["answer"] and len(told) == 1 and "could not be sent" in told[0].header("Subject"),
           "the reason is kept and reviewers are told", [m.data for m in mails])
    p.reset()
    times = []
    p.sink.dot = lambda m: times.append(time.time()) or (b"451 4.3.0 try later" if len(times) < 4 else None)
    ref = p.held()
    p.release(ref)
    tap.ok(p.until(ref, "released", seconds=20) and len(p.sink.mails) == 1, "put off three times, then taken once", p.copies(ref), times)
    waits = [b - a for a, b in zip(times, times[1:])]
    tap.ok(len(waits) == 3 and waits[0] < waits[1] < waits[2], "each wait is longer", waits)
    tap.ok(p.copies(ref)[OUT]["attempts"] == 4, "attempts are counted", p.copies(ref))
    p.reset()
    p.sink.close()
    ref = p.held(alert="lead")
    p.release(p.held(to=(FRIEND,)))
    time.sleep(2.5)
    tap.ok(json.loads(p.fill("status"))["outbox"] == 2, "server away: the mails wait")
    p.sink.open()
    mails = p.sink.wait(2, 20)
    tap.ok(sorted(m.to[0] for m in mails) == sorted([LEAD, FRIEND]) and p.empty(), "and go when it is back", [m.to for m in mails])
    p.reset()


def unseen_ends(p):
    # the server took it, the answer was lost
    def taken(mail):
        mail.taken = True
        return DROP if mail.to == [OUT] else None
    p.sink.dot = taken
    ref = p.held()
    p.release(ref)
    ok = p.until(ref, "unclear", seconds=20)
    time.sleep(3)
    tap.ok(ok and len(p.sink.to(OUT)) == 1, "taken, answer lost: unclear, and not sent twice", p.copies(ref), len(p.sink.to(OUT)))
    told = p.sink.wait(2, 5)
    tap.ok(any(m.to == [LEAD] and "please check if a message arrived" in re.sub(r"\s+", " ", m.header("Subject")) for m in told), "reviewers are asked to look", [m.data for m in told])
    p.reset()
    p.fill("settle", ref, OUT, "again")
    tap.ok(p.until(ref, "released") and len(p.sink.mails) == 1, "a person has it sent again")
    p.reset()
    # lost before the milter said yes
    p.plays_milter = False
    lost = []

    def once(mail):
        if lost:
            return None
        lost.append(mail)
        p.plays_milter = True
        return DROP
    p.sink.dot = once
    ref = p.held()
    p.release(ref)
    tap.ok(p.until(ref, "released", seconds=20) and len(p.sink.mails) == 1 and len(p.sink.tries) == 2, "the milter never said yes: sent again, once",
           p.copies(ref), len(p.sink.tries))
    tap.ok(p.sink.tries[0].nonce != p.sink.tries[1].nonce, "with a new ticket")
    tap.ok("withdrawn" in p.complaint("ticket", "use", p.sink.tries[0].nonce), "and the old one is good no more, should it still come")
    p.reset()
    # before the dot
    cut = []
    p.sink.data = lambda to: cut.append(to) or (DROP if len(cut) < 2 else None)
    ref = p.held()
    p.release(ref)
    tap.ok(p.until(ref, "released", seconds=20) and len(p.sink.mails) == 1, "lost before the dot: simply later", p.copies(ref))
    p.reset()


def deaths(p):
    """kill -9 at each step, restart: nothing lost, nothing twice, at most stated as unclear."""
    for point in ("courier.claimed", "courier.sending", "courier.dot", "courier.answered", "courier.recorded"):
        refs = [p.held(to=(OUT, FRIEND)) for _ in range(2)]
        p.fault("courier", point + "=kill")
        for ref in refs:
            p.release(ref)
        died = p.ended("courier", 20)
        p.fault("courier", "")
        p.courier()
        good = all(sg.until(lambda: all(s in ("released", "unclear") for s in p.states(ref)), 20) for ref in refs)
        time.sleep(0.3)
        count = {(ref, to): sum(ref.encode() in m.data[:60] for m in p.sink.to(to)) for ref in refs for to in (OUT, FRIEND)}
        unclear = sum(c["state"] == "unclear" for ref in refs for c in p.copies(ref).values())
        tap.ok(died == -9 and good and all(n <= 1 for n in count.values()) and
               all(n == 1 for (ref, to), n in count.items() if p.copies(ref)[to]["state"] == "released"),
               "killed at %s: once each (%d stated as unclear)" % (point, unclear), died, count, [p.copies(r) for r in refs])
        if point in ("courier.claimed", "courier.sending", "courier.recorded"):
            tap.ok(unclear <= 3 if point == "courier.recorded" else unclear == 0, "and none needs a person", unclear)
        p.empty()
        p.reset()
    tap.ok(p.fill("verify").isdigit(), "the audit is unbroken")


def sealed_on_the_way(p):
    """The courier dies with a message in hand, which is sealed before it is back."""
    for point, end, sent in (("courier.answered", "unclear", 1), ("courier.sending", "refused", 0)):
        ref = p.held()
        p.fault("courier", point + "=kill")
        p.release(ref)
        died = p.ended("courier", 20)
        p.fault("courier", "")
        p.fill("seal", ref)
        p.courier()
        ok = p.until(ref, end, seconds=20)
        tap.ok(died == -9 and ok and len(p.sink.to(OUT)) == sent, "killed at %s, then sealed: %s, and not sent again" % (point, end),
               died, p.copies(ref), len(p.sink.to(OUT)))
        p.empty()
        p.reset()


def store_trouble(p):
    """The store fails at the n-th commit: nothing is lost or doubled, and it goes on by itself."""
    bad = []
    for n in range(1, 7):
        ref = p.held(to=(OUT,))
        p.fault("courier", "store.before-commit=once@%d" % n)
        p.release(ref)
        p.held(alert="lead")
        ok = p.until(ref, "released", seconds=25) and p.empty(25)
        got = sum(ref.encode() in m.data[:60] for m in p.sink.to(OUT))
        if not ok or got != 1:
            bad.append((n, got, p.copies(ref)))
        p.fault("courier", "")
    tap.ok(not bad, "the store fails once at the 1st, 2nd ... 6th commit: still once each", bad)
    p.reset()


def flood():
    p = Place(courier='alert_gap = 2; high_gap = 2; notice_gap = 2; alert_from = "low"; digest = [ ];')
    p.held(alert="lead", notice="held-general", count="600")
    begun = time.time()
    p.courier()
    done = p.empty(60)
    tap.ok(done and len(p.sink.mails) <= 10, "600 held messages of one sender: a handful of mails", len(p.sink.mails))
    tap.ok("600 messages are waiting" in plain_text(p.sink.to(LEAD)[0])[1].replace("\n", " "), "with the right number", plain_text(p.sink.to(LEAD)[0])[1])
    print("# %.1f s for 1,200 mails in the outbox, %d sent" % (time.time() - begun, len(p.sink.mails)))
    p.signal("courier", signal.SIGTERM)
    tap.ok(p.ended("courier", 20) == 0, "and it stops when it is told to", p.log("courier")[-500:])
    p.remove()


def real_milter():
    """The real milter knows our tickets again, once."""
    if not all(os.path.exists(sg.House.program(n)) for n in ("scan", "milter")):
        return print("# no milter is built: tickets are not tried on it")
    from milter import Mta
    p = Place(scan="deadline = 20;")
    p.start("scan", "milter")
    answers = []

    def ask(mail):
        c = Mta(p.door, client=sg.INSIDE)
        a = c.send(mail.sender, mail.to, mail.data)
        answers.append((mail, a, c.message(mail.data) if hasattr(c, "message") else b""))
    p.sink.before_dot_reply = ask
    p.courier()
    ref = p.held(to=(OUT, FRIEND), alert="lead", notice="held-general")
    sg.until(lambda: len(answers) == 2)
    p.release(ref)
    p.until(ref, "released", "released")
    tap.ok(len(answers) == 4 and all(a.word == "accept" for _, a, _ in answers), "the milter lets all four pass: two releases, an alert, a notice",
           [(m.to, a) for m, a, _ in answers], p.log("milter")[-2000:])
    gone = [a for m, a, _ in answers if "Schoolgate-Release" in m.data.decode("latin-1") and not a.deleted("Schoolgate-Release")]
    tap.ok(not gone, "and takes the ticket out", gone)
    used = [p.fill("ticket", "state", m.nonce) for m, _, _ in answers if m.header("Schoolgate-Release")]
    tap.ok(used == ["answered", "answered"], "and remembers that it said yes", used)
    tap.ok("release-past-milter" not in p.log("courier"), "the courier sees that its way leads through the milter")
    p.stop()
    p.remove()


def running(p):
    second = subprocess.run([p.program("courier"), "--config=" + p.config], capture_output=True, text=True, timeout=20)
    tap.ok(second.returncode == 1 and "another courier" in second.stderr, "a second courier does not start", second.stderr)
    # a slow server must not hold up an alert
    usual = p.sections["mta"]
    p.stop("courier")
    p.configure(mta="timeout = 90;")
    p.courier()
    gate = threading.Event()
    p.sink.dot = lambda m: gate.wait(60) and None if m.header("Schoolgate-Release") else None
    refs = [p.held() for _ in range(6)]
    for ref in refs:
        p.release(ref)
    tap.ok(sg.until(lambda: any("sending" in p.states(ref) for ref in refs)), "releases are on their way")
    urgent = p.held(alert="lead", urgency="urgent", category="self-harm")
    alert = p.sink.wait(1, 20, lambda m: m.to == [LEAD])
    tap.ok(alert and not p.sink.to(OUT), "releases that are not answered do not hold up an alert", alert, p.sink.to(OUT))
    p.fill("audit", urgent, "looked")
    # told to stop: what is in hand is finished
    p.signal("courier", signal.SIGTERM)
    gate.set()
    tap.ok(p.ended("courier", 20) == 0, "told to stop, it ends with 0")
    states = [s for ref in refs for s in p.states(ref)]
    tap.ok("sending" not in states and "released" in states, "and finishes what is in hand", states)
    p.configure(mta=usual)
    p.courier()
    tap.ok(all(p.until(ref, "released", seconds=20) for ref in refs) and len(p.sink.to(OUT)) == 6, "the rest goes after a restart, each once",
           [p.states(r) for r in refs], len(p.sink.to(OUT)))
    p.reset()
    # reload
    p.write("words-off", "")
    os.system("cp -r %s %s && chmod -R u+w %s" % (os.path.join(sg.TOP, "rules", "notices"), p.path("notices"), p.path("notices")))
    with open(p.path("notices/en/alert.txt"), "w") as f:
        f.write("Subject: Our own words\n\nLook at {nothing}\n")
    with open(p.config) as f:
        conf = f.read().replace(os.path.join(sg.TOP, "rules", "notices"), p.path("notices"))
    with open(p.config, "w") as f:
        f.write(conf)
    p.signal("courier", signal.SIGHUP)
    tap.ok(sg.until(lambda: "reload-refused" in p.log("courier")) and "alert.txt:3:" in p.log("courier"), "a bad text is refused on reload, with file and line")
    p.held(alert="lead")
    tap.ok([m.header("Subject") for m in p.sink.wait(1)] == ["Schoolgate: 1 message is waiting"], "and the old ones stay in force")
    check = subprocess.run([p.program("courier"), "--config=" + p.config, "--check"], capture_output=True, text=True)
    tap.ok(check.returncode == 2 and "alert.txt:3:" in check.stderr, "--check says the same", check.stderr)
    p.reset()
    with open(p.path("notices/en/alert.txt"), "w") as f:
        f.write("Subject: Our own words\n\nLook at {ref}\n")
    before = p.log("courier").count("reload config=")
    p.signal("courier", signal.SIGHUP)
    sg.until(lambda: p.log("courier").count("reload config=") > before)
    p.held(alert="lead")
    tap.ok([m.header("Subject") for m in p.sink.wait(1)] == ["Our own words"], "a good one is used at once", [m.data for m in p.sink.mails])
    p.reset()


def in_the_end(p):
    p.sink.dot = lambda m: b"451 4.3.0 never" if m.header("Schoolgate-Release") else None
    ref = p.held()
    p.release(ref)
    sg.until(lambda: p.sink.tries)
    p.stop("courier")
    p.courier(SCHOOLGATE_CLOCK_OFFSET=str(6 * 86400))
    ok = p.until(ref, "refused")
    told = p.sink.wait(1)
    tap.ok(ok and "given up" in p.copies(ref)[OUT]["answer"] and "4.3.0 never" in p.copies(ref)[OUT]["answer"], "never taken: given up after five days", p.copies(ref))
    tap.ok(len(told) == 1 and told[0].to == [LEAD] and "stopped trying" in re.sub(r"\s+", " ", plain_text(told[0])[1]), "and a person is told", [m.data for m in told])
    p.stop("courier")
    log = p.log("courier")
    said = [w for w in ("walrus", "secret heading", "@outside.example", "o'brien", PUPIL, FRIEND, LEAD, "4.3.0 never", "no such person") if w in log]
    tap.ok(not said, "the log names no person and no words", said)


def stripped():
    if not os.path.exists(sg.House.program("scan")):
        return print("# no scanner is built: attachments are not left out here")
    p = Place(scan="deadline = 20;")
    p.start("scan")
    p.courier()
    data = (b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
            b"--b\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\nXYZZY\r\n--b--\r\n")
    ref = p.held(data=data)
    p.release(ref, "release_stripped", strip="2")
    mails = p.sink.wait(1)
    tap.ok(p.until(ref, "released") and len(mails) == 1 and b"XYZZY" not in mails[0].data and b"hello" in mails[0].data
           and b"1 attachment was kept back" in mails[0].data.replace(b"=\r\n", b""), "released without its attachment, and says so",
           [m.data for m in mails], p.copies(ref), p.log("courier"), p.log("scan"))
    p.stop("scan")
    p.stop("courier")
    ref = p.held(data=data)
    p.release(ref, "release_stripped", strip="2")
    p.courier(SCHOOLGATE_CLOCK_OFFSET=str(6 * 86400))
    ok = p.until(ref, "refused")
    told = p.sink.wait(2)
    tap.ok(ok and "given up" in p.copies(ref)[OUT]["answer"] and len(p.sink.to(OUT)) == 1 and told[-1].to == [LEAD]
           and "stopped trying" in re.sub(r"\s+", " ", plain_text(told[-1])[1]), "no scanner for days: given up, and a person is told", p.copies(ref), told)
    p.stop()
    p.remove()


house = Place()
releases(house)
odd_bytes(house)
mails_about(house)
gaps()
two_leads()
server_says_no(house)
unseen_ends(house)
deaths(house)
sealed_on_the_way(house)
store_trouble(house)
running(house)
in_the_end(house)
flood()
stripped()
real_milter()
tap.done()
