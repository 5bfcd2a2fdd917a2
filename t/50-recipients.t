#!/usr/bin/python3
# Mail to the wrong people: first messages, look-alikes, namesakes, visible families, answers to all; and their harmless twins.
# fails-if: personal data to a new, look-alike or mistaken recipient is not held, or harmless mail to the same one is,
#           eighty families in To pass, eighty in Bcc are held, or anybody but the sender could learn of a Bcc
import os
import secrets
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import CONFIG, INSIDE, OUTSIDE, TOP, House, Tap, until  # noqa: E402
from milter import Mta  # noqa: E402

DAY = 86400
tap = Tap()
with open(os.path.join(TOP, "rules", "policy", "policy.conf")) as f:
    policy = f.read().split("disclaimers = (")[0]
policy = policy.replace('recipients_hour = 150; mode = "shadow";', "recipients_hour = 150;")
# a rule of the test stands for whatever finds a little personal data
DATA = """category = "personal-data"; area = "conduct";
rules = ( { id = "pd.little"; title = "A little personal data"; severity = 2; confidence = "medium";
    words = [ "xyzzydata" ]; hit = [ "say xyzzydata now" ]; miss = [ "say nothing" ]; } );
"""
house = House(config=CONFIG.replace('policy = "policy.conf";', 'policy = "policy.conf"; people = "people.csv";'), policy=policy,
              rules={"little": DATA}, cli='accounts = [ "root:okafor:lead:dsl@hillview.example" ];')
house.write("people.csv", "address,class,own_addresses\nhale@hillview.example,staff,hale.family@mail.example\n")
house.start("scan")


def at_day(day):
    house.stop("milter")
    house.start("milter", environment={"SCHOOLGATE_CLOCK_OFFSET": str(day * DAY)})


def write(to, text, sender="hale@hillview.example", shown=None, head=""):
    rcpt = [to] if isinstance(to, str) else to
    data = ("From: %s\r\nTo: %s\r\nSubject: Hello\r\nMessage-ID: <%s@mail.example>\r\n%s\r\n%s\r\n"
            % (sender, shown if shown is not None else ", ".join(rcpt), secrets.token_hex(8), head, text)).encode()
    mta = Mta(house.door, INSIDE if sender.endswith("hillview.example") else OUTSIDE)
    answer = mta.send(sender, rcpt, data)
    mta.quit()
    return answer


def rows():
    return house.sql("select policy_rows, category from incident order by id desc limit 1")[0]


LITTLE, NOTHING = "His number: xyzzydata", "Thank you for coming to the concert."
JONES = "Sarah Jones <s.jones@harbour.example>"

# --- learning ---------------------------------------------------------------------
at_day(0)
for n in range(3):
    a = write("s.jones@harbour.example", NOTHING, shown=JONES)
    tap.ok(a.word == "accept", "harmless mail passes, %d" % n, a)
a = write("new.person@council.example", LITTLE)
tap.ok(a.word == "accept", "while the memory learns nobody is new", a)
write("hale@hillview.example", NOTHING, sender="writes.first@parent.example")
write("quite.unknown@far.example", "Nothing of note", sender="other@hillview.example")

# --- two weeks later -----------------------------------------------------------------
at_day(15)
for what, to, shown, row in (
        ("somebody new", "social.worker@borough.example", None, "data-first"),
        ("a slip in the address", "s.jonse@harbour.example", None, "data-lookalike"),
        ("a slip in the domain", "s.jones@harbuor.example", None, "data-lookalike"),
        ("a domain that looks the same", "s.jones@harb0ur.example", None, "data-lookalike"),
        ("a domain like our own", "office@hilview.example", None, "data-lookalike"),
        ("another Jones", "j.jones@elsewhere.example", "Jim Jones <j.jones@elsewhere.example>", "data-namesake"),
        ("a colleague's acquaintance", "quite.unknown@far.example", None, "data-first")):
    twin = write(to, NOTHING, shown=shown)
    # and is known from now on; so the data below go to others
    tap.ok(twin.word == "accept", "%s: harmless mail passes" % what, twin)
for what, to, shown, row in (
        ("somebody new", "social.worker@borough2.example", None, "data-first"),
        ("a slip in the address", "s.jonees@harbour.example", None, "data-lookalike"),
        ("a slip in the domain", "s.jones@habour.example", None, "data-lookalike"),
        ("a domain that looks the same", "s.jones@harb0vr.example", None, "data-first"),
        ("a domain like our own", "office@hiilview.example", None, "data-lookalike"),
        ("another Jones", "jo.jones@elsewhere2.example", "Jo Jones <jo.jones@elsewhere2.example>", "data-namesake")):
    a = write(to, LITTLE, shown=shown)
    tap.ok(a.word == "discard" and row in rows()[0].split(","), "%s: personal data is held" % what, a, rows())
for what, to in (("a known one", "s.jones@harbour.example"), ("who wrote first", "writes.first@parent.example")):
    a = write(to, LITTLE)
    tap.ok(a.word == "accept", "%s: a little personal data passes" % what, a)
a = write(["s.jones@harbour.example", "nobody.yet@borough3.example"], LITTLE)
tap.ok(a.word == "accept" and a.removed() == ["<nobody.yet@borough3.example>"], "only the new one's copy is held", a)
b = [write("held.first@borough4.example", LITTLE).word for _ in range(2)]
tap.ok(b == ["discard", "discard"], "what was held has made nobody known", b)

# --- visible to each other --------------------------------------------------------------
families = ["parent%d@mail%d.example" % (n, n % 30) for n in range(80)]
a = write(families, NOTHING)
tap.ok(a.word == "discard" and "use-bcc" in rows()[0].split(",") and rows()[1] == "recipients", "eighty families in To: held", a, rows())
house.start("console")
ref = house.sql("select ref from incident order by id desc limit 1")[0][0]
shown = house.ctl("held", "show", ref).stdout
tap.ok("can see each other's addresses" in shown, "held show says why", shown)
notices = house.sql("select o.template from outbox o join incident i on i.id = o.incident where i.ref = ? and o.kind = 'notice'", ref)
tap.ok(notices == [("held-recipients",)], "the sender is told what to do", notices)
a = write(families, NOTHING, shown="hale@hillview.example")
tap.ok(a.word == "accept" and not a.removed(), "the same in Bcc passes", a)
a = write(families[:40], NOTHING, shown=", ".join("p%d@council.example" % n for n in range(15)))
tap.ok(a.word == "accept", "fifteen people of one organisation pass", a)
before = house.sql("select count(*) from hit where rule = 'recipients.visible'")[0][0]
a = write(["s.jones@harbour.example"] + families[:60], "say xyzzydata", shown="s.jones@harbour.example, b@harbour.example",
          head="In-Reply-To: <x@y>\r\n")
titles = house.sql("select title from hit h join incident i on i.id = h.incident where i.ref = (select ref from incident order by id desc limit 1)")
tap.ok(not any("60" in t[0] or "61" in t[0] for t in titles), "no finding counts those in Bcc", titles)

# --- answers to all; private addresses; volume ----------------------------------------------
at_day(16)
team = ["a%d@hillview.example" % n for n in range(5)] + ["s.jones@harbour.example"]
a = write(team, LITTLE, head="In-Reply-To: <x@y.example>\r\n")
tap.ok(a.removed() == ["<s.jones@harbour.example>"] and "data-reply-all" in rows()[0], "an answer to all: held for those outside", a, rows())
a = write(team, NOTHING, head="In-Reply-To: <x@y.example>\r\n")
tap.ok(a.word == "accept" and not a.removed(), "a harmless one passes", a)
a = write("ann@pupils.hillview.example", NOTHING, sender="hale.family@mail.example")
tap.ok(a.word == "discard" and rows()[0] == "private-to-pupil", "from a teacher's private address to a pupil: held", a, rows())
tap.ok(house.sql("select distinct role from outbox where incident = (select max(id) from incident)") == [("lead",)],
       "the lead is told, the teacher is not")
a = write("ann@pupils.hillview.example", NOTHING, sender="other.family@mail.example")
tap.ok(a.word == "accept", "from a family: passes", a)
a = write("hale.family@mail.example", LITTLE)
tap.ok(a.word == "discard" and "data-home" in rows()[0], "personal data to one's own private address: held", a, rows())
a = write("office@hillview.example", NOTHING, sender="head@hillv1ew.example")
tap.ok(a.word == "accept" and "tag" in "".join(a.inserted("Schoolgate-Status")), "from a domain like ours: marked", a)
crowd = ["x%d@hillview.example" % k for k in range(40)]
for n in range(3):
    a = write(crowd, NOTHING, sender="ann@pupils.hillview.example")
until(lambda: house.sql("select count(*) from trace where sender = 'ann@pupils.hillview.example'")[0][0] == 3)
b = write(crowd, NOTHING, sender="ann@pupils.hillview.example")
tap.ok((a.word, b.word) == ("accept", "discard") and rows() == ("pupil-hour", "recipients"), "more than 150 recipients in an hour: held", a, b, rows())
log = house.log("milter")
house.stop("milter")
tap.ok("harbour" not in "".join(map(str, house.sql("select * from domain") + house.sql("select * from namesake"))) and "jones" not in log,
       "neither memory nor log names anybody")
tap.done()
