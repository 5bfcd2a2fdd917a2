#!/usr/bin/python3
# The console in a real browser: every page, as each role sees it.
# fails-if: a page breaks the content policy or its budget, has an axe violation, scrolls sideways at
#           320 px, changes its skeleton with the strings it shows, or cannot be used without
#           scripts or by keyboard alone
import base64
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import UIDS, Desk, finding, needs_root, part, png, reading  # noqa: E402
from sg import BUILD, TOP, Tap, until  # noqa: E402
from visitor import Visitor  # noqa: E402

MODULES = os.path.join(TOP, "milter/console/assets/node_modules")
CHROMIUM = shutil.which("chromium")
missing = [what for what, there in (("node", shutil.which("node")), ("chromium", CHROMIUM),
                                    ("the npm packages of milter/console/assets (make fetches them)",
                                     os.path.isdir(os.path.join(MODULES, "playwright-core")))) if not there]
if missing:
    print("1..0 # SKIP no browser to test with: missing " + ", ".join(missing))
    sys.exit(0)
needs_root()
tap = Tap()
crest = tempfile.NamedTemporaryFile(suffix=".png")
crest.write(png(96, 80))
crest.flush()
desk = Desk(school='logo = "%s";' % crest.name, console='sealed_view = "two_person"; password_days = 90;')
desk.house.start("scan")
until(lambda: "ready rules=" in desk.house.log("scan"), 60)
MANY = int(os.environ.get("SCHOOLGATE_HELD", "10000"))      # held messages, as budgets are promised for
NOW = int(time.time())


def held(n, category, severity, urgency, route, sender, klass, to, to_klass, look):
    text = "you are a fake loser %d" % n
    return {"to": ["%s=%s" % (to, to_klass)], "from": sender, "class": klass, "category": category, "severity": severity,
            "route": route, "look_by": NOW + look,
            "reading": reading([("subject", "", "", "hello"), ("body", "1", "", text)], [finding(text, "fake loser", category=category)])}


def multiply(house, wanted):
    """Filing so many would take minutes: the rows of those that are there, over and over under new names."""
    db = sqlite3.connect(glob.glob(house.path("store/*.db"))[0])

    def columns(table, but):
        return [r[1] for r in db.execute("PRAGMA table_info(%s)" % table) if r[1] not in but]

    facts, copies = ", ".join(columns("incident", ("id", "ref"))), ", ".join(columns("copy", ("id", "incident")))
    first = [r[0] for r in db.execute("SELECT id FROM incident WHERE urgency = 'low'")]
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    with db:
        for n in range(wanted - 9):
            ref = "Z" + "".join(digits[n >> (5 * k) & 31] for k in range(7))
            new = db.execute("INSERT INTO incident (ref, %s) SELECT ?, %s FROM incident WHERE id = ?" % (facts, facts),
                             (ref, first[n % len(first)])).lastrowid
            db.execute("INSERT INTO copy (incident, %s) SELECT ?, %s FROM copy WHERE incident = ?" % (copies, copies),
                       (new, first[n % len(first)]))
    db.close()


KINDS = [("self-harm", 5, "urgent", "out", "aa.8@pupils.hillview.example", "pupil", "friend@mail.example", "outside", -600),
         ("grooming", 5, "urgent", "in", "unknown.sender@mail.example", "outside", "bb.7@pupils.hillview.example", "pupil", 420),
         ("threat", 4, "high", "inside", "cc.9@pupils.hillview.example", "pupil", "dd.9@pupils.hillview.example", "pupil", 2700),
         ("personal-data", 4, "high", "out", "hale@hillview.example", "staff", "bookings@coach.example", "outside", 6000),
         ("bullying", 3, "medium", "inside", "ee.8@pupils.hillview.example", "pupil", "ff.8@pupils.hillview.example", "pupil", 14000),
         ("profanity", 2, "low", "inside", "gg.10@pupils.hillview.example", "pupil", "hh.10@pupils.hillview.example", "pupil", 90000),
         ("chain-letter", 2, "low", "in", "tutor@lessons.example", "outside", "ii.7@pupils.hillview.example", "pupil", 90000)]
refs = desk.fill(*[held(n, *KINDS[n % len(KINDS)]) for n in range(9)])
multiply(desk.house, MANY)
ref = refs[4]
LOSER = "you are a fake loser"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
WITH_PICTURE = ("Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n%s\r\n--b\r\n"
                "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n" % (LOSER, base64.b64encode(PNG).decode()))


def one(picture=False, **more):
    return desk.fill({"to": ["out@x.example=outside"], "message": WITH_PICTURE, **more, "reading": reading(
        [("subject", "", "", "hello"), ("body", "1", "", LOSER)], [finding(LOSER, "fake loser")],
        [part("1")] + ([part("2", "party.png", "image/png", "image")] if picture else []))})[0]


# messages for the flows of messages.js, and in each state that a page can have
steps, plain, read, sealed, taken = one(True), one(), one(True), one(True, severity=5, category="sexual-imagery"), one()
picture, passed, over, sealing = one(True), one(), one(), one(True)
for who in ("several", "several", "several", "again", "again"):
    one(severity=2, category="profanity", **{"from": who + "@pupils.hillview.example"})
# names and words without a place to break, and a script that runs the other way
LONG, OTHER_WAY = "w" * 180, "\u05e9\u05dc\u05d5\u05dd \u202egnp.exe\u202c \u0645\u0631\u062d\u0628\u0627 "
awkward = desk.fill({"from": "awkward." + "x" * 50 + "@" + "y" * 60 + "." + "z" * 60 + ".example", "to": [LONG[:60] + "@out.example=outside"],
                     "message": WITH_PICTURE, "reading": reading(
                         [("subject", "", "", OTHER_WAY + LONG), ("body", "1", "", OTHER_WAY + LONG + " " + LOSER)],
                         [finding(OTHER_WAY + LONG + " " + LOSER, "fake loser", name=OTHER_WAY + LONG + ".png")],
                         [part("1"), part("2", OTHER_WAY + LONG + ".png", "image/png", "image")])})[0]
for one_read in (read, awkward):
    for rung in ("words", "text", "pictures"):
        desk.ask("lead", "POST", "/message/%s/reveal" % one_read, {"rung": rung})
desk.ask("lead", "POST", "/message/%s/seal" % sealed, {})
for one_has in (taken, over):
    desk.ask("deputy", "POST", "/message/%s/take" % one_has, {})

# two messages that should not have been held: one to say why, one with suggestions
wrong, said = one(), one()
for ref_of in (wrong, said):
    desk.ask("lead", "POST", "/message/%s/decide" % ref_of, {"code": "withhold", "reason": "a play", "version": desk.version(ref_of)})
desk.ask("lead", "POST", "/message/%s/mistake" % said, {"rule": "bully.insult", "why": "quote", "asks": "phrase", "phrase": "fake loser of act two", "note": "The Year 9 play"})
desk.ask("head", "POST", "/message/%s/mistake" % said, {"rule": "bully.insult", "why": "meaning", "asks": "rule"})

# accounts for the flows of signin.js, which come by TCP
links = {name: desk.ctl("it", "user", "add", name, "--role", "lead", "--mail", name + "@hillview.example", "--person", "Mrs " + name).stdout.strip()
         for name in ("zoe", "yan")}

# --- people who sign in: one each way --------------------------------------------------------
PASSWORD = "tractor violin seven lamps"


def person(name, role):
    shown = (OTHER_WAY + LONG)[:60] if name == "ruth" else name.capitalize()
    return desk.ctl("it", "user", "add", name, "--role", role, "--mail", name + "@hillview.example", "--person", shown).stdout


def halfway(link, password=None):
    """The cookie of somebody who is setting an account up."""
    v, path = Visitor(desk.house), link.strip()[link.index("/first-use"):]
    v.get(path)
    v.post("/first-use", t=path.split("=", 1)[1])
    v.get("/first-use/password")
    if password:
        v.post("/first-use/password", password=password)
    return v.cookie


anna, half, first = Visitor(desk.house), Visitor(desk.house), {n: person(n, r) for n, r in (("anna", "lead"), ("ruth", "deputy"), ("omar", "head"), ("carl", "lead"),
                                                                                         ("beth", "governor"), ("soon", "lead"), ("late", "lead"))}    # all before one of them can approve
ruth, carl = Visitor(desk.house), Visitor(desk.house)
anna.set_up(first["anna"], PASSWORD)
ruth.set_up(first["ruth"], PASSWORD)
carl.set_up(first["carl"], PASSWORD)
half.get("/sign-in")
half.post("/sign-in", name="ruth", password=PASSWORD)
COOKIES = {"stranger": "", "ruth": ruth.cookie, "half signed in": half.cookie, "new": halfway(first["omar"]),
           "new with a password": halfway(first["beth"], PASSWORD)}
desk.ctl("it", "user", "role", "beth", "deputy")    # waits for a second person
for name, days in (("soon", 80), ("late", 100)):
    old = Visitor(desk.house)
    old.set_up(first[name], PASSWORD)
    desk.house.sql_change("UPDATE account SET password_at = ? WHERE name = ?", NOW - days * 86400, name)
    COOKIES[name] = old.cookie

# One row a page: name, role, path; "status" when it is a refusal, "shot" to keep a picture, "view" of
# what fits a screen only: README shows these, made with SCHOOLGATE_HELD=9 (contrib/pictures).
PAGES = [
    dict(name="queue", who="lead", path="/queue", shot="1-queue", view="readme-queue"),
    dict(name="queue", who="dpo", path="/queue"),
    dict(name="queue, a filter, nothing fits", who="lead", path="/queue?who=nobody-of-this-name", shot="queue-empty"),
    dict(name="queue, long words and the other way round", who="lead", path="/queue?who=awkward", shot="queue-awkward"),
    dict(name="message, long words and the other way round", who="lead", path="/message/" + awkward, shot="message-awkward"),
    dict(name="decide on it", who="lead", path="/message/" + awkward + "/pass", shot="pass-awkward"),
    dict(name="audit of it", who="lead", path="/audit?ref=" + awkward, shot="audit-awkward"),
    dict(name="search, long words", who="lead", path="/search?go=1&ref=" + awkward, shot="search-awkward"),
    dict(name="user with a long name", who="it", path="/user/ruth", shot="user-awkward"),
    dict(name="user, a change waits", who="head", path="/user/beth", shot="user-waits"),
    dict(name="queue, second page", who="deputy", path="/queue?offset=25"),
    dict(name="queue with a banner", who="lead", path="/queue?done=released&ref=" + ref, shot="queue-done"),
    dict(name="message", who="lead", path="/message/" + ref, shot="2-message"),
    dict(name="urgent message", who="head", path="/message/" + refs[0], shot="2-message-urgent", view="readme-message"),
    dict(name="message for the officer", who="dpo", path="/message/" + refs[3]),
    dict(name="message, read to its pictures", who="lead", path="/message/" + read, shot="3-message-read"),
    dict(name="message that somebody else has", who="lead", path="/message/" + taken, shot="message-taken"),
    dict(name="sealed message", who="head", path="/message/" + sealed, shot="4-message-sealed"),
    dict(name="who was told", who="head", path="/message/" + sealed + "/told"),
    dict(name="lift the seal", who="head", path="/message/" + sealed + "/unseal", shot="unseal"),
    dict(name="should not have been held", who="lead", path="/message/" + wrong + "/mistake?done=released&ref=" + wrong, shot="mistake"),
    dict(name="suggestions about rules", who="it", path="/rules", shot="rules"),
    dict(name="suggestions about rules", who="lead", path="/rules"),
    dict(name="pass a message", who="head", path="/message/" + ref + "/pass", shot="pass"),
    dict(name="cover", who="lead", path="/cover", shot="cover"),
    dict(name="search", who="lead", path="/search", shot="search"),
    dict(name="search, something found", who="lead", path="/search?go=1&from=hale@hillview.example"),
    dict(name="search, a pupil without a purpose", who="lead", path="/search?go=1&from=aa.8@pupils.hillview.example", status=422,
         shot="search-error"),
    dict(name="search", who="it", path="/search"),
    dict(name="audit", who="lead", path="/audit", shot="audit"),
    dict(name="audit", who="governor", path="/audit"),
    dict(name="users", who="it", path="/users", shot="users"),
    dict(name="user", who="it", path="/user/zoe", shot="user"),
    dict(name="user", who="head", path="/user/zoe"),
    dict(name="own account", who="governor", path="/me"),
    dict(name="change the password", who="lead", path="/me/password"),
    dict(name="new recovery codes", who="lead", path="/me/codes/new"),
    dict(name="recovery codes, shown before", who="lead", path="/me/codes"),
    dict(name="health", who="it", path="/health", shot="health"),
    dict(name="reports", who="governor", path="/reports", shot="reports"),
    dict(name="help", who="lead", path="/help", shot="help"),
    dict(name="wellbeing", who="lead", path="/wellbeing"),
    dict(name="accessibility", who="governor", path="/accessibility"),
    dict(name="privacy", who="teacher", path="/privacy"),
    dict(name="sign in", who="stranger", path="/sign-in", shot="sign-in"),
    dict(name="code", who="half signed in", path="/sign-in/code", shot="sign-in-code"),
    dict(name="recovery code", who="half signed in", path="/sign-in/recovery"),
    dict(name="first use", who="stranger", path="/first-use?t=" + "A" * 43),
    dict(name="first use, password", who="new", path="/first-use/password"),
    dict(name="first use, code", who="new with a password", path="/first-use/code", shot="first-use-code"),
    dict(name="own settings", who="ruth", path="/me", shot="me"),
    dict(name="queue, signed in", who="ruth", path="/queue"),
    dict(name="own settings, a new password is due soon", who="soon", path="/me"),
    dict(name="a new password is due", who="late", path="/me/password", shot="password-due"),
    dict(name="users", who="head", path="/users"),
    dict(name="not found", who="lead", path="/nothing-here", status=404, shot="not-found"),
    dict(name="not for this role", who="governor", path="/queue", status=403),
]

shots = os.path.join(BUILD, "screenshots")
os.makedirs(shots, exist_ok=True)
job = dict(socket=desk.socket, uids={k: v for k, v in UIDS.items() if k != "nobody"}, modules=MODULES, chromium=CHROMIUM, shots=shots,
           templates=os.path.join(TOP, "milter/console/templates/en-GB"), render=os.path.join(BUILD, "t/lib/tplrender"), pages=PAGES,
           ref=ref, refs=refs[:20], pictures=steps, plain=plain, tcp=desk.house.http, web="http://127.0.0.1:%d" % desk.house.http, links=links,
           cookies=COOKIES, account=dict(name="anna", password=PASSWORD, secret=anna.secret),
           keyboard=dict(name="carl", password=PASSWORD, secret=carl.secret), picture=picture, passed=passed, over=over, sealing=sealing)
with tempfile.TemporaryDirectory() as tmp:
    path = os.path.join(tmp, "job.json")
    with open(path, "w") as f:
        json.dump(job, f)
    home = dict(os.environ, HOME=tmp, TMPDIR=tmp)
    r = subprocess.Popen(["node", os.path.join(TOP, "t/lib/browser/run.js"), path], stdout=subprocess.PIPE, text=True, env=home)
    asked = 0
    for line in r.stdout:
        if line.startswith(("ok - ", "not ok - ")):
            asked += 1
            tap.ok(line.startswith("ok"), line.split(" - ", 1)[1].rstrip())
        else:
            sys.stdout.write(line)
    tap.ok(r.wait() == 0 and asked > (0 if os.environ.get("SCHOOLGATE_FLOWS") else len(PAGES)), "the browser came to its end")

# --- how long the server takes -----------------------------------------------------------
slow = []
for who, where in (("lead", "/queue"), ("lead", "/audit"), ("lead", "/search"), ("it", "/health"), ("lead", "/queue?offset=5000"), ("dpo", "/queue")):
    took = []
    for _ in range(5):
        start = time.monotonic()
        desk.ask(who, "GET", where, headers={"Accept": "text/html"})
        took.append(time.monotonic() - start)
    print("# %s: %.0f ms at %d held messages (best of five)" % (where, min(took) * 1000, MANY))
tap.done()
