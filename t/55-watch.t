#!/usr/bin/env python3
# Who is told when time passes: the ladder, the digest, requests to confirm, mails about accounts.
# fails-if: nobody is asked next, somebody is asked twice for one step (also after kill -9) or after a
# look, a message about the lead is told to the lead, cover tells nobody more, a digest says something of a person's own mail, or a mail of any kind holds words of a message
import datetime
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.abspath(os.environ.get("top_srcdir", ".")), "t", "lib"))
import sg
from courier import DEPUTY, LEAD, MAIL, OUT, PUPIL, Place, grams, plain_text

HEAD, NIGHT, IT = "head@hillview.example", "night@hillview.example", "it@hillview.example"
POLICY = sg.POLICY.replace("contacts = (", 'contacts = ( { role = "head"; address = "%s"; }, { role = "it"; address = "%s"; }, ' % (HEAD, IT))
WITH_NIGHT = POLICY.replace("contacts = (", 'contacts = ( { role = "out-of-hours"; address = "%s"; }, ' % NIGHT)
AT_ONCE = "alert_gap = 0; high_gap = 0; notice_gap = 0;"
tap = sg.Tap()


def offset(day, clock):
    """SCHOOLGATE_CLOCK_OFFSET that makes it this time now."""
    at = datetime.datetime.fromisoformat("%sT%s+00:00" % (day, clock))
    return int(at.timestamp() - time.time())


class School(Place):
    """A courier at a time of its own, in school hours of its own."""

    def __init__(self, policy=POLICY, courier=AT_ONCE + " digest = [ ];", hours='week = [ "Mon-Fri=08:00-16:00" ]; zone = "UTC";', **more):
        super().__init__(policy=policy, courier=courier, hours=hours, **more)

    def at(self, day, clock, **env):
        """Stops the courier, and starts it again at this time."""
        self.stop("courier")
        self.clock = offset(day, clock)
        self.courier(SCHOOLGATE_CLOCK_OFFSET=str(self.clock), **env)

    def told(self, seconds=1.5, least=0):
        """Who has been told what since the last time: (address, subject)."""
        if least:
            self.sink.wait(least, 15)
        time.sleep(seconds)
        with self.sink.lock:
            got = sorted((m.to[0], m.header("Subject").replace("Schoolgate: ", "")) for m in self.sink.mails)
            del self.sink.mails[:]
        return got


ONE, AGAIN, HIGH_AGAIN = "1 urgent message is waiting", "nobody has looked at an urgent message yet", "nobody has looked at a message yet"


def ladder():
    p = School()
    p.at("2026-03-04", "10:00:00")      # a Wednesday
    begun = time.time()
    ref = p.held(alert="lead", urgency="urgent", severity="5", category="self-harm")
    p.sink.wait(2, 10)
    quick = time.time() - begun
    got = p.told(least=2)
    tap.ok(got == [(DEPUTY, ONE), (LEAD, ONE)], "urgent: the lead and the deputies at once", got)
    tap.ok(quick < 8, "and soon", quick)
    print("# %.1f s from the filing to the mail server" % quick)
    p.at("2026-03-04", "10:29:00")
    tap.ok(p.told() == [], "nobody is told before half an hour is over")
    # killed at every point of the step: once each all the same
    p.stop("courier")
    deaths = []
    for point in ["store.commit=kill@%d" % n for n in range(1, 14, 2 if os.environ.get("SCHOOLGATE_SOAK") else 4)] + ["courier.claimed=kill", "courier.recorded=kill"]:
        p.fault("courier", point)
        p.clock = offset("2026-03-04", "10:31:00")
        p.start("courier", environment={"TZ": "UTC", "SCHOOLGATE_CLOCK_OFFSET": str(p.clock)}, wait=False)
        deaths.append(p.ended("courier", 4))
        p.fault("courier", "")
        p.stop("courier")
    tap.ok(deaths.count(-9) >= 3, "killed at several points of the step", deaths)
    p.at("2026-03-04", "10:31:30")
    got = p.told(least=1)
    tap.ok(got == [(HEAD, AGAIN)], "after half an hour the head, once, whatever was killed in between", got)
    p.at("2026-03-04", "11:02:00")
    got = p.told(least=3)
    tap.ok(got == sorted([(HEAD, AGAIN), (LEAD, AGAIN), (DEPUTY, AGAIN)]), "then all three", got)
    p.at("2026-03-04", "15:50:00")
    got = p.told(least=3)
    tap.ok(len(got) == 3, "after a stop: one step, not all that were missed", got)
    p.at("2026-03-04", "16:30:00")
    tap.ok(p.told() == [], "time counts in school hours when nobody is there out of them")
    p.at("2026-03-05", "08:21:00")
    got = p.told(least=3)
    tap.ok(len(got) == 3, "and goes on the next morning", got)
    p.fill("audit", ref, "looked")
    p.at("2026-03-05", "09:30:00")
    tap.ok(p.told() == [], "a look ends it")
    high = p.held(alert="lead", urgency="high", severity="4", category="threat")
    got = p.told(least=1)
    tap.ok(got == [(LEAD, "1 message is waiting")], "high: the lead", got)
    p.at("2026-03-05", "11:28:00")
    tap.ok(p.told() == [], "and for two hours nobody else")
    p.at("2026-03-05", "11:32:00")
    got = p.told(least=1)
    tap.ok(got == [(DEPUTY, HIGH_AGAIN)], "then the deputies, once", got)
    p.at("2026-03-05", "15:00:00")
    tap.ok(p.told() == [], "and no more")
    p.fill("decide", high, "withhold")
    # the deputy sent it: the one above is asked, and the head only once
    p.held(urgency="urgent", severity="5", category="self-harm", **{"from": DEPUTY, "class": "staff"})
    got = p.told(least=1)
    tap.ok(got == [(LEAD, ONE)], "who wrote a message is not told of it; somebody else is", got)
    p.stop("courier")
    p.remove()


def cover():
    p = School()
    p.at("2026-03-04", "10:00:00")
    p.held(alert="lead", urgency="high", severity="4", category="threat", subject=LEAD)
    got = p.told(least=1)
    tap.ok(got == [(DEPUTY, "1 message is waiting")], "a message about the lead: the deputy is told, the lead is not", got)
    p.fill("cover", "okafor", "patel", "3")
    p.held(alert="lead", urgency="high", severity="4", category="threat")
    got = p.told(least=2)
    tap.ok(got == [(DEPUTY, "1 message is waiting"), (LEAD, "1 message is waiting")], "while a deputy stands in, both are told", got)
    p.at("2026-03-09", "10:00:00")
    p.told()
    p.held(alert="lead", urgency="high", severity="4", category="threat")
    got = [g for g in p.told(least=1) if g[1] == "1 message is waiting"]
    tap.ok(got == [(LEAD, "1 message is waiting")], "and the lead alone again when it is over", got)
    p.stop("courier")
    p.remove()


def night():
    p = School(policy=WITH_NIGHT)
    p.at("2026-03-04", "22:00:00")
    p.held(alert="lead", urgency="urgent", severity="5", category="self-harm")
    got = p.told(least=1)
    tap.ok(got == [(NIGHT, ONE)], "at night: those who are there out of hours, and nobody else", got)
    p.at("2026-03-04", "22:31:00")
    got = p.told(least=1)
    tap.ok(got == [(NIGHT, AGAIN)], "and again after half an hour", got)
    p.at("2026-03-05", "08:00:10")
    got = p.told(least=4)
    tap.ok(sorted(a for a, _ in got) == sorted([LEAD, LEAD, DEPUTY, HEAD]) and (LEAD, ONE) in got, "in the morning those at school", got)
    p.stop("courier")
    p.remove()


def calm():
    p = School(courier=AT_ONCE)
    p.at("2026-03-04", "10:00:00")
    ref = p.held(alert="lead,it", severity="3", category="bullying")
    p.told()
    p.held(alert="lead,it", severity="2", category="profanity", to=(LEAD,))
    tap.ok(p.told() == [], "medium and low: nobody is told at once")
    p.at("2026-03-04", "15:00:05")
    p.sink.wait(3)
    digests = {m.to[0]: plain_text(m) for m in p.sink.mails}
    got = p.told()
    tap.ok(got == sorted([(LEAD, "1 waiting, 1 late"), (DEPUTY, "2 waiting, 2 late"), (IT, "2 messages are waiting")]),
           "the digest at three: a person's own mail is not even counted; roles that have no digest get an alert", got)
    text = digests[DEPUTY][1]
    tap.ok("Waiting now   1 medium, 1 low" in text and re.search("Since then +2 held, 0 released, 0 not delivered", text) and "Service" in text
           and "Tuesday 3 March, 15:00" not in text, "and says what there is to say", text)
    p.fill("decide", ref, "withhold")
    p.at("2026-03-05", "08:00:05")
    p.sink.wait(2)
    first = {m.to[0]: plain_text(m)[1] for m in p.sink.mails}
    got = p.told()
    tap.ok((DEPUTY, "1 waiting") in got and "1 not delivered" in first[DEPUTY] and "since\nWednesday 4 March, 15:00" in first[DEPUTY].replace("rest since", "rest\nsince").replace("\n\n", "\n")
           or "Wednesday 4 March" in first.get(DEPUTY, ""), "the next morning: what became of it", got, first)
    p.at("2026-03-05", "08:10:00")
    tap.ok(p.told() == [], "no digest twice, also after a restart")
    p.remove()

    p = School(courier=AT_ONCE, hours='week = [ "Mon-Fri=08:00-16:00" ]; zone = "UTC"; holidays = "closed.ics";')
    p.write("closed.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260306\nEND:VEVENT\nEND:VCALENDAR\n")
    p.at("2026-03-04", "10:00:00")
    p.told()
    p.at("2026-03-05", "08:00:05")
    tap.ok(p.told() == [], "nothing to say, nothing sent")
    p.held(alert="lead", severity="3")
    p.at("2026-03-06", "08:30:00")
    got = p.told()
    tap.ok(got == [] or [a for a, s in got] == [DEPUTY, LEAD] and p.clock, "none on a day that is closed", got)
    p.at("2026-03-09", "08:00:05")
    got = p.told(least=2)
    tap.ok(got == [(DEPUTY, "1 waiting, 1 late"), (LEAD, "1 waiting, 1 late")], "on Monday it says what is late", got)
    p.write("closed.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR\n")
    p.signal("courier", signal.SIGHUP)
    tap.ok(sg.until(lambda: "reload-refused" in p.log("courier")) and "closed.ics:3:" in p.log("courier"), "a calendar that cannot be read is refused with its line")
    p.stop("courier")
    p.remove()


def monday():
    p = School(courier=AT_ONCE)
    p.at("2026-03-06", "15:30:00")
    p.told()
    p.at("2026-03-09", "08:00:05")
    got = p.told(least=2)
    tap.ok(got == [(DEPUTY, "nothing is waiting"), (LEAD, "nothing is waiting")], "the first digest of a week goes all the same", got)
    p.at("2026-03-09", "15:00:05")
    tap.ok(p.told() == [], "the second does not")
    p.stop("courier")
    p.remove()


def quarter():
    p = School(courier='high_gap = 6; alert_gap = 1; digest = [ ];')
    p.at("2026-03-04", "10:00:00")
    p.held(alert="lead", urgency="high", severity="4", category="threat")
    p.sink.wait(1)
    for _ in range(4):
        p.held(alert="lead", urgency="high", severity="4", category="hate")
    urgent = p.held(alert="lead", urgency="urgent", severity="5", category="self-harm")
    mails = p.sink.wait(4, 25)
    p.empty(25)
    lead = [m.header("Subject").replace("Schoolgate: ", "") for m in p.sink.to(LEAD)]
    tap.ok(lead == ["1 message is waiting", ONE, "6 messages are waiting"], "high ones go together, an urgent one does not wait for them", lead)
    text = plain_text(p.sink.to(LEAD)[-1])[1]
    tap.ok(re.search("4 +Racism or hate", text) and re.search("1 +Self-harm or suicide", text), "with a count for each reason", text)
    p.stop("courier")
    p.remove()


def contacts():
    p = School(courier=AT_ONCE + " digest = [ ];")
    p.confirm = lambda: None
    p.at("2026-03-04", "10:00:00")
    mails = p.sink.wait(4)
    asked = {m.to[0]: plain_text(m)[1] for m in mails}
    tap.ok(set(asked) == {LEAD, DEPUTY, HEAD, IT}, "each contact is asked to confirm, once", sorted(asked))
    codes = {a: re.search(r"/confirm/([0-9A-Z]{16})", t).group(1) for a, t in asked.items()}
    tap.ok(len(set(codes.values())) == 4 and all("-".join(c[i:i + 4] for i in (0, 4, 8, 12)) in asked[a] for a, c in codes.items()),
           "with a link and the same code to read out, another for each", asked[LEAD])
    disk = b"".join(open(os.path.join(p.path("store"), f), "rb").read() for f in os.listdir(p.path("store")) if f.endswith((".db", ".db-wal")))
    tap.ok(disk and not [c for c in codes.values() if c.encode() in disk], "the store does not know the codes")
    p.told()
    p.at("2026-03-06", "10:00:00")
    tap.ok(p.told() == [], "not again the next days")
    p.fill("confirm", LEAD, DEPUTY, HEAD)
    p.at("2026-03-11", "10:10:00")
    got = p.told(least=1)
    tap.ok([a for a, _ in got] == [IT], "after a week only those who have not", got)
    p.stop("courier")
    p.remove()


def about_accounts():
    p = School()
    p.at("2026-03-04", "10:00:00")
    rows = {"account-new-browser": "account=okafor\\nwhat=192.0.2.7\\npath=me", "account-reset": "account=okafor\\nwhat=the code\\nby=reed", "account-recovery": "account=okafor\\nwhat=192.0.2.7\\npath=me",
            "account-role": "account=okafor\\nrole=deputy\\nby=reed", "account-first-use": "account=okafor\\nrole=deputy\\nby=reed\\nuntil=tomorrow\\npath=first-use/abc",
            "account-approve": "account=okafor\\nwhat=role deputy\\nby=reed\\npath=users"}
    for template, about in rows.items():
        p.fill("post", "account", template, "-", LEAD, "about=" + about)
    p.fill("post", "account", "account-role", "it", "", "about=account=okafor\\nrole=x\\r\\nBcc: evil@x.example\\nBcc: evil2@x.example\\nby=a<b>&c\\npath=//evil.example/\"x")
    mails = p.sink.wait(7)
    tap.ok(sorted(m.to[0] for m in mails) == sorted([LEAD] * 6 + [IT]), "account mails go to the person, and to it", [m.to for m in mails])
    texts = [plain_text(m)[1] for m in mails]
    tap.ok(all("okafor" in t for t in texts) and any("/first-use/abc" in t for t in texts), "and say what happened", texts)
    heads = [m.data.split(b"\r\n\r\n")[0].lower() for m in mails]
    html = [plain_text(m)[2] for m in mails]
    tap.ok(not [h for h in heads if b"\nbcc" in h or b"evil" in h] and "a&lt;b&gt;&amp;c" in "".join(html) and not [t for t in texts + html if "evil.example/" in t],
           "a value never becomes a header, markup or another link", *html)
    p.told()
    p.fill("post", "account", "no-such-text", "-", LEAD)
    p.fill("post", "account", "account-role", "-", "bad address\\r\\nRCPT TO:<x@y.example>")
    p.empty()
    tap.ok(p.told() == [], "no such text, no such address: not sent, and nothing hangs")
    p.stop("courier")
    p.remove()


def no_words():
    """Over messages of every category: no two words in a row of a message are in any mail about it."""
    p = School(courier=AT_ONCE + ' alert_from = "low";')
    p.at("2026-03-04", "10:00:00")
    categories = "self-harm grooming threat bullying hate sexual personal-data extremism profanity malware chain-letter disclosure weapons drugs".split()
    odd = "zephyr quartz marmot velvet bucket pylon saffron gherkin thistle anvil".split()
    said = set()
    for n, category in enumerate(categories):
        words = " ".join(odd[(n + k) % len(odd)] + "%d" % n for k in range(10))
        data = MAIL + words.encode() + b"\r\n"
        said |= {tuple(words.split()[k:k + 2]) for k in range(9)} | {(w,) for w in words.split()}
        ref = p.held(data=data, alert="lead,dpo", notice="held-general" if n % 2 else "held-personal-data", category=category, severity=str(2 + n % 4), **{"class": "pupil" if n % 3 else "staff"})
        p.fill("decide", ref, ("return", "release_advised", "withhold")[n % 3], "template=" + ("returned", "released-advised", "")[n % 3])
    for n, category in enumerate(categories):
        p.held(alert="lead", category=category, severity=str(2 + n % 4))
    p.empty(40)
    p.at("2026-03-04", "12:30:00")
    p.empty(20)
    p.at("2026-03-04", "15:00:30")
    sg.until(lambda: len([m for m in p.sink.mails if m.header("X-Schoolgate") == "digest; ref="]) == 2, 20)
    p.empty(20)
    mails = [m for m in p.sink.mails if not m.header("Schoolgate-Release")]
    kinds = {m.header("X-Schoolgate").split(";")[0] for m in mails}
    source = grams(MAIL.decode())
    bad = []
    for m in mails:
        head, text, html = plain_text(m)
        whole = " ".join((str(head), text, html)).lower()
        tokens = re.findall(r"\w+", whole)
        bad += [g for g in grams(text) & source] + [g for g in grams(re.sub("<[^>]*>", " ", html)) & source]
        bad += [w for w in said if len(w) == 1 and w[0] in tokens]
        bad += [w for w in ("walrus", "secret heading", OUT, "one@x.example", "testing.evil", "test.rule") if w in whole]
    tap.ok(len(mails) >= 15 and kinds >= {"alert", "notice", "digest"} and not bad, "alerts, notices and digests hold no words of the messages", len(mails), kinds, bad[:10])
    wide = [l for m in mails for l in plain_text(m)[1].splitlines() if len(l) > 72 and "://" not in l]
    tap.ok(not wide, "no line of their texts is wider than 72", wide[:5])
    p.stop("courier")
    p.remove()


def flood(many=100):
    """Many messages in ten minutes, of ten senders: few mails, and an urgent one does not wait for them."""
    p = School(courier="digest = [ ];")
    p.clock = offset("2026-03-04", "10:00:00")
    for n in range(10):
        p.held(alert="lead,deputy", notice="held-general", severity="4", category="hate", count=str(many), created=str(int(time.time()) + p.clock + 60 * n),
               **{"from": "pupil%d@pupils.hillview.example" % n})
    p.at("2026-03-04", "10:10:00")
    time.sleep(3)
    begun = time.time()
    p.held(alert="lead", urgency="urgent", severity="5", category="self-harm", **{"from": "other@pupils.hillview.example"})
    urgent = sg.until(lambda: [m for m in p.sink.to(DEPUTY) if "urgent" in m.header("Subject")], 60)
    print("# urgent among them: %.1f s" % (time.time() - begun))
    tap.ok(urgent, "an urgent alert gets through at once among %d mails" % (30 * many), len(p.sink.mails))
    p.at("2026-03-04", "10:40:00")
    done = sg.until(lambda: p.sql("select count(*) from outbox where not_before <= ?", int(time.time()) + p.clock)[0][0] == 0, 120)
    print("# all in %.0f s, %d mails" % (time.time() - begun, len(p.sink.mails)))
    tap.ok(done and len(p.sink.mails) <= 60, "%d messages: a few mails" % (10 * many), len(p.sink.mails), done)
    p.stop("courier", seconds=60)
    p.remove()


if len(sys.argv) > 1:       # "t/55-watch.t night": that alone; "long": 10,000 messages, some minutes
    for name in sys.argv[1:]:
        flood(1000) if name == "long" else globals()[name]()
else:
    def alone(part):
        return subprocess.run([sys.executable, os.path.abspath(__file__), part.__name__], capture_output=True, text=True)

    # each waits most of its time: three at once
    with ThreadPoolExecutor(3) as pool:
        for r in pool.map(alone, (ladder, cover, night, calm, monday, quarter, contacts, about_accounts, no_words, flood)):
            for line in (r.stdout + r.stderr).splitlines():
                found = re.match(r"(not )?ok \d+ - (.*)", line)
                if found:
                    tap.ok(not found.group(1), found.group(2))
                elif not line.startswith("1.."):
                    print("# " + line.lstrip("# "))
            if r.returncode not in (0, 1) or "\n1.." not in r.stdout:
                tap.ok(False, "a part came to its end", r.args[-1], r.returncode)
tap.done()
