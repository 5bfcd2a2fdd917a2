#!/usr/bin/python3
# An adult comes closer to a child, message by message and day by day; and families, coaches and friends who do not.
# fails-if: the fourth message of the approach is not held as critical, an earlier one is held, a harmless
#           correspondence is held, a retry counts twice, or a death of the milter loses or doubles a sign
import os
import secrets
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import INSIDE, OUTSIDE, TOP, House, Tap  # noqa: E402
from milter import Mta  # noqa: E402

DAY = 86400
tap = Tap()
with open(os.path.join(TOP, "rules", "policy", "policy.conf")) as f:
    policy = f.read().split("disclaimers = (")[0]
# the signs alone: what else the shipped rules find in a message is not the matter of this test
with open(os.path.join(TOP, "rules", "contact-signs.conf")) as f:
    house = House(policy=policy, rules={"contact-signs": f.read()},
                  cli='accounts = [ "root:okafor:lead:dsl@hillview.example" ];')
shutil.copytree(os.path.join(TOP, "rules", "words"), house.path("rules/words"))
house.start("scan")
today = None


def at_day(day):
    """The milter, with its clock so many days ahead."""
    global today
    if day != today:
        house.stop("milter")
        house.start("milter", environment={"SCHOOLGATE_CLOCK_OFFSET": str(int(day * DAY))})
        today = day


def write(sender, to, text, mid=None):
    ours = sender.endswith("hillview.example")
    data = ("From: %s\r\nTo: %s\r\nSubject: Hello\r\nMessage-ID: <%s@mail.example>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n" % (sender, to, mid or secrets.token_hex(8), text)).encode()
    mta = Mta(house.door, INSIDE if ours else OUTSIDE)
    answer = mta.send(sender, [to], data)
    mta.quit()
    return answer


def patterns():
    return house.sql("select i.ref, h.severity, h.title, h.count, i.urgency, i.policy_rows from incident i join hit h on h.incident = i.id "
                     "where h.rule = 'contact.pattern' order by i.id")


def correspond(sender, child, lines):
    """Words of the answers, day after day; a line by the child begins with '<'."""
    words = []
    for day, text in lines:
        at_day(day)
        a, b = (child, sender) if text[0] == "<" else (sender, child)
        words.append(write(a, b, text.lstrip("< ")).word)
    return words


# --- the approach -------------------------------------------------------------------
APPROACH = [
    (1, "Hello Ann, I was in the audience at the chess final. You play far better than the others, quite grown-up really. "
        "What year are you in, if I may ask?"),
    (3, "Glad you wrote back. School mail is so slow, have you got WhatsApp? We could chat there much more easily."),
    (5, "I keep thinking how nice it would be to put a face to the name. I would love to see what you look like."),
    (6, "Lovely. Perhaps it is best if this stays between us, your parents might not understand it."),
    (8, "When does your mum come home from work on Wednesdays?"),
    (9, "I saw a headset you would like. I could order you one, just tell me your address."),
    (11, "You can trust me with anything, I am the only one who listens to you."),
    (13, "Shall we meet on Saturday? Come alone and I will pick you up by the bridge."),
]
at_day(1)
for who, child in (("chess.friend@mail.example", "ann@pupils.hillview.example"), ("hale@hillview.example", "ben@pupils.hillview.example")):
    where = "inside" if who.endswith("hillview.example") else "from outside"
    before = len(patterns())
    words = correspond(who, child, APPROACH)
    found = patterns()[before:]
    tap.ok(words[:3] == ["accept"] * 3, "%s: the first three messages pass, each is harmless alone" % where, words, found)
    tap.ok(words[3] == "discard", "%s: the fourth is held" % where, words, found)
    fourth = [f for f in found if f[3] == 4]
    tap.ok(fourth and fourth[0][1] == 5 and all(f[1] < 4 for f in found if f[3] < 4), "%s: as critical" % where, found)
    tap.ok(fourth and fourth[0][4] == "urgent" and fourth[0][3] == 4 and "in 4 messages since " in fourth[0][2]
           and "secrecy" in fourth[0][2] and "photograph" in fourth[0][2], "%s: it says what it saw, and since when" % where, found)
    tap.ok("contact-pattern" in fourth[0][5] if fourth else False, "%s: by the policy's own row" % where, found)
    tap.ok(words[4:] == ["discard"] * 4, "%s: what follows is held as well" % where, words)
roles = {r[0] for r in house.sql("select distinct o.role from outbox o join incident i on i.id = o.incident where i.policy_rows like '%contact-pattern%'")}
tap.ok(roles >= {"lead", "deputy"}, "lead and deputy are told", roles)
severities = [r[0] for r in house.sql("select h.severity from hit h where h.rule like 'contact.%' and h.rule <> 'contact.pattern'")]
tap.ok(severities and max(severities) < 4, "no single sign was high", severities)

# --- others write otherwise ---------------------------------------------------------------
OTHERS = {
    "a gamer": ["hey its kyle from the minecraft server lol. ur builds are sick, best on there. how old r u btw",
                "no way u seem way older haha. u got discord? this email thing is so laggy",
                "got you some robux for your bday :) dont say anything to ur mum tho she'd go mad",
                "send us a pic so i know ur not a bot lol"],
    "a poet": ["Dear Maya, your poem in the school magazine was astonishing; I would never have guessed it was written by a "
               "pupil. Which year are you in?",
               "You express yourself with such maturity. Do your parents read your messages, or is this inbox yours alone?",
               "I prefer not to use this address for longer talks. If you tell me your mobile number I can text you.",
               "Might you send a photograph? And let us keep this as our little secret; people can be narrow-minded."],
    "a choirmaster": ["Dear Oscar, you have the finest treble voice I have heard in years. When is your birthday?",
                      "Could I have a recent picture of you for my desk?", "We could go on by text, it is more personal.",
                      "It would be wiser not to speak to your parents about our correspondence."],
}
for n, (name, lines) in enumerate(OTHERS.items()):
    before = len(patterns())
    words = correspond("writer%d@mail.example" % n, "pia%d@pupils.hillview.example" % n, [(14 + k, t) for k, t in enumerate(lines)])
    found = patterns()[before:]
    tap.ok(words[3] == "discard" and any(f[1] == 5 for f in found), "%s: critical by the fourth message" % name, words, found)

# --- the person who decides ------------------------------------------------------------
house.start("console")
ref = fourth[0][0] if fourth else "-"
shown = house.ctl("held", "show", ref)
tap.ok("Signs of unsafe contact in 4 messages since" in shown.stdout and "stays between us" not in shown.stdout,
       "held show says it in plain words, without the message's", shown.stdout, shown.stderr)
house.stop("console")

# --- the same from others ------------------------------------------------------------------
HARMLESS = {
    "grandparent": ("nan.lovell@mail.example", "cat@pupils.hillview.example", [
        (20, "Hello my darling, how was the first week? Send Nan a photo of you in your new uniform when you can!"),
        (22, "< Hi Nan, it was good, mum will send one"),
        (23, "What a lovely picture. You look so grown up! I have posted you a little parcel, a present for your birthday."),
        (25, "Are you really twelve on Friday? I can hardly believe it. There is a little money for the cinema in the card."),
        (27, "Did the parcel come? I was not sure of your new address, is it number 14 or 41?"),
        (28, "Don't tell mum about the surprise party on Saturday! Grandad will pick you up at two."),
        (30, "I love you very much and miss you. Can you send me another photo of the cake, and of you with it?"),
        (33, "Shall we come over at half term? I will buy you those trainers."),
        (36, "Give mum my love. How old is your little cousin now, do you know?")]),
    "coach": ("coach.reed@swimclub.example", "dan@pupils.hillview.example", [
        (20, "Training on Tuesday is at six. Can somebody give Dan a lift home?"),
        (22, "We meet at the leisure centre car park at 7.30 on Saturday. What is your address, so that the minibus can stop near you?"),
        (24, "Please tell your parents that the consent form is due on Friday. There is a WhatsApp group for them."),
        (26, "Which year are you in? I need it for the age groups of the gala."),
        (28, "I will pick you up at the corner at seven, your mum knows about it. Bring a towel."),
        (30, "Well done, you swam much better than the others. The club will send you a voucher."),
        (33, "Here is the team photo. If a parent does not want it on the website, please let me know."),
        (36, "Meet me at the pool entrance with the others. Text your dad if we are late.")]),
    "publisher": ("hello@youngreaders.example", "eve@pupils.hillview.example", [
        (20, "Welcome to the Young Readers' Club! Tell us your age group and we will send you a free bookmark."),
        (22, "Competition: send us a photo of your favourite reading place and win a voucher."),
        (24, "We would love to send you the prize. Please ask a parent to give us your postal address."),
        (26, "What year are you in? Books for every age are on page 3."),
        (28, "Our app is out: read on your phone or tablet. Follow us on Instagram."),
        (30, "Keep the ending secret! Do not tell your friends who the thief is."),
        (33, "You are an amazing reader. Two new books are waiting for you."),
        (36, "Meet the author on Saturday at the library. Bring your mum or dad.")]),
    "friend of another school": ("jess.m@mail.example", "fay@pupils.hillview.example", [
        (20, "heyy its jess from netball lol. are you on snapchat?"),
        (21, "< yes its fay.n x"),
        (22, "send me the pic from saturday pls, the one of you and mia"),
        (24, "omg dont tell mia but i think ben likes her"),
        (26, "what year are you in again? is it year 8 too"),
        (28, "shall we meet at the cinema on saturday with the others?"),
        (30, "miss youuu. mum says you can come over on sunday"),
        (33, "i got you something for your birthday hehe"),
        (36, "are your parents picking you up or mine")]),
}
for name, (sender, child, lines) in HARMLESS.items():
    before = len(patterns())
    words = correspond(sender, child, lines)
    found = patterns()[before:]
    tap.ok(words == ["accept"] * len(lines), "%s: nothing is held" % name, words, found)
    tap.ok(all(f[1] < 4 for f in found), "%s: never high" % name, found)
before = len(patterns())
words = correspond("gus@pupils.hillview.example", "ivy@pupils.hillview.example", APPROACH[:1] + HARMLESS["friend of another school"][2])
tap.ok(words == ["accept"] * len(words) and len(patterns()) == before, "two pupils are two pupils", words, patterns()[before:])

# --- slowly: what lies long back has faded ------------------------------------------------
before = len(patterns())
words = correspond("pen.pal@mail.example", "kim@pupils.hillview.example", [(40 + 120 * n, t) for n, (_, t) in enumerate(APPROACH[:4])])
tap.ok(words == ["accept"] * 4 and not [f for f in patterns()[before:] if f[1] > 3], "a third of a year apart they add up to nothing",
       words, patterns()[before:])

# --- retries and deaths ---------------------------------------------------------------------
at_day(500)
who, child = "slow.server@mail.example", "leo@pupils.hillview.example"
signs = lambda: house.sql("select count(*) from sign")[0][0]     # noqa: E731
before = signs()
for _ in range(4):
    write(who, child, APPROACH[0][1], mid="first")
tap.ok(signs() == before + 1, "the same message four times is one sign", signs() - before)
for n, point in enumerate(("front.scanned", "front.filed", "front.edited")):
    house.fault("milter", point + "=kill")
    gone = write(who, child, APPROACH[1][1], mid="second%d" % n)
    house.ended("milter")
    house.fault("milter", "")
    today = None
    at_day(500)
    again = write(who, child, APPROACH[1][1], mid="second%d" % n)
    tap.ok(gone.word == "gone" and again.word == "accept" and signs() == before + 2 + n,
           "killed at %s and sent again: one sign, none lost" % point, gone, again, signs() - before)
held = [write(who, child, APPROACH[2][1] + " " + APPROACH[3][1], mid="last") for _ in range(2)]
tap.ok([a.word for a in held] == ["discard", "discard"] and signs() == before + 5
       and house.sql("select count(*) from incident where message_id = 'last@mail.example'")[0][0] == 1,
       "what is held counts too, once, and its retry has the same fate", held, signs() - before)

# --- nobody is in it by name -----------------------------------------------------------------
house.stop("milter")
rows = house.sql("select * from pair") + house.sql("select * from sign") + house.sql("select * from domain") + house.sql("select * from namesake")
tap.ok(rows and all(isinstance(v, int) for r in rows for v in r), "the memory is numbers, and nothing else", rows[:3])
tap.done()
