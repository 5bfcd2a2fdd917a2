#!/usr/bin/python3
# schoolgatectl roster, and the scanner that takes the roster up while mail goes on.
# fails-if: an export of a usual kind is not read, half of one replaces a whole one, a mistake is not told
#           with file and line, a name can be read in what is kept, or a new roster is not taken up
import json
import os
import re
import shutil
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from milter import Mta  # noqa: E402
from sg import INSIDE, TOP, House, Tap, until  # noqa: E402

tap = Tap()
house = House(rules={"roster": open(TOP + "/rules/roster.conf").read()}, scan="signature_check = 1;",
              policy=open(TOP + "/rules/policy/policy.conf").read().split("policy = (")[0] + """
policy = ( { id = "pupil"; category = [ "personal-data" ]; severity = 3; do = "hold"; notify = [ "lead" ]; } );
""")
shutil.copytree(TOP + "/rules/words", house.path("rules/words"))
PUPILS = [("Quarrington", "Isolde", "04/03/2012", "H801200001001", "14 Tannery Row", "HV1 2AB"),
          ("Ápolloni", "Zsófia", "17/11/2011", "X801200001002", "3 Mill Lane", "HV1 3CD"),
          ("O'Hennigan", "Dervla", "22/06/2012", "L801200001003", "9 Church View", "HV2 4EF")]
HEAD = ("Surname", "Forename", "DOB", "UPN", "Address", "Postcode")


def csv(mark=",", end="\n", quote=False, rows=PUPILS, head=HEAD):
    cell = (lambda x: '"%s"' % x) if quote else str
    return end.join(mark.join(cell(x) for x in row) for row in [head, *rows]) + end


def put(data, name="pupils.csv"):
    with open(house.path(name), "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return house.path(name)


def run(*args):
    return house.ctl("roster", *args)


def code(expected, what, r):
    tap.ok(r.returncode == expected, "exit %d: %s" % (expected, what), r.returncode, r.stdout, r.stderr)
    return r


# --- reading exports ----------------------------------------------------------------------------
code(3, "no roster yet", run("show"))
r = code(0, "a dry run", run("import", "--dry-run", put(csv())))
tap.ok("3 pupils, known by name, date of birth, UPN, postcode, address." in r.stderr and not os.path.exists(house.path("roster")),
       "says what it would do, and leaves nothing", r.stderr, os.listdir(house.dir))
for what, data in {
        "commas": csv(), "semicolons, CRLF": csv(";", "\r\n"), "tabs": csv("\t"), "bars, old line ends": csv("|", "\r"),
        "quotes": csv(quote=True), "a mark": b"\xef\xbb\xbf" + csv().encode(), "UTF-16": csv().encode("utf-16"),
        "no line end at the end": csv().rstrip("\n"), "empty lines": "\n\n" + csv().replace("\n", "\n\n"),
        "Windows text": csv(rows=[PUPILS[0], ("Apollóni", *PUPILS[1][1:]), PUPILS[2]]).replace("ó", "\xf3").encode("cp1252"),
        "another order and other words": csv(head=("Pupil Last Name", "Legal First Name", "Date of Birth", "UPN", "Address line 1", "Post code")),
        "columns nobody needs": csv(head=(*HEAD, "Reg", "House"), rows=[(*p, "7C", "Rowan") for p in PUPILS]),
        "one column for names": csv(head=("Name", *HEAD[2:]), rows=[('"%s, %s"' % p[:2], *p[2:]) for p in PUPILS]),
        "a line end inside quotes": csv(quote=True).replace("14 Tannery Row", "14 Tannery Row\nHillview")}.items():
    r = run("import", "--json", put(data))
    row = json.loads(r.stdout or "{}")
    tap.ok(r.returncode == 0 and row.get("pupils") == 3 and row["left_out"] == 0 and row["unread_fields"] == 0 and
           row["fields"] == "name, date of birth, UPN, postcode, address", "reads: " + what, r.stdout, r.stderr)
for name in ("pupils.roster", "roster.key"):
    tap.ok(stat.S_IMODE(os.stat(house.path("roster/" + name)).st_mode) == 0o640, "%s is not for others" % name)
tap.ok(sorted(os.listdir(house.path("roster"))) == ["pupils.roster", "roster.key"], "nothing else lies there")
r = code(0, "show", run("show", "--json"))
tap.ok(json.loads(r.stdout)["pupils"] == 3 and json.loads(r.stdout)["days"] == 0, "how many, how old", r.stdout)
code(0, "check", run("check"))

# --- mistakes -----------------------------------------------------------------------------------
whole = open(house.path("roster/pupils.roster"), "rb").read()
for what, data, says in (
        ("no columns for names", "UPN,DOB\nH801200001001,04/03/2012\n", ":1: no column for the names is found; "),
        ("a quote that does not end", 'Name\n"Quarrington, Isolde\n', ":2: a quotation mark is not closed; "),
        ("more fields than columns", "Surname,Forename\nA,B,C\n", ":2: 3 fields, but 2 columns; "),
        ("a column twice", "Surname,Forename,Last name\nA,B,C\n", ":1: column 3 says the same"),
        ("a header only", "Surname,Forename\n", "there is no pupil in it; "),
        ("nothing", "", "there is no pupil in it; "),
        ("a picture", bytes(range(256)) * 20, ":"),
        ("wide", "Name" + ",x" * 300 + "\n", ":1: there are more than 256 columns; ")):
    r = code(2, what, run("import", put(data)))
    tap.ok(house.path("pupils.csv") in r.stderr and says in r.stderr and "Nothing was changed" in r.stderr, "with file, line and remedy: " + what, r.stderr)
tap.ok(open(house.path("roster/pupils.roster"), "rb").read() == whole, "and the roster of before is as it was")
r = code(0, "a few fields that cannot be read", run("import", put(csv(rows=[("Quarrington", "Isolde", "soon", "12", "?", "?"), *PUPILS[1:], ("", "", "", "", "", "")]))))
tap.ok(r.stderr.count("pupils.csv:2: warning: column") == 3 and "soon" not in r.stderr, "are named by line and column, not by what stands there", r.stderr)
r = code(4, "less than half of the one before", run("import", put(csv(rows=PUPILS[:1]))))
tap.ok("it has 1 pupils, the one in use 3" in r.stderr, "is refused", r.stderr)
code(0, "unless it is meant", run("import", "--shrink", put(csv(rows=PUPILS[:1]))))
code(0, "and back", run("import", put(csv())))
code(2, "no such file", run("import", house.path("none.csv")))
os.chmod(house.path("roster/roster.key"), 0o644)
r = code(2, "a key that all can read", run("check"))
tap.ok("chmod o-rwx" in r.stderr, "with the remedy", r.stderr)
os.chmod(house.path("roster/roster.key"), 0o640)

# --- doctor -------------------------------------------------------------------------------------
def doctor():
    rows = [json.loads(x) for x in house.ctl("doctor", "--json").stdout.splitlines()]
    return [x for x in rows if x["check"] == "roster"]


tap.ok(doctor()[0]["result"] == "ok" and "3 pupils" in doctor()[0]["what"], "doctor: how many and how old", doctor())
os.environ["SCHOOLGATE_CLOCK_OFFSET"] = str(20 * 86400)
tap.ok(doctor()[0]["result"] == "warning" and "20 days old" in doctor()[0]["what"], "doctor: an old one", doctor())
code(1, "check says so too", run("check"))
del os.environ["SCHOOLGATE_CLOCK_OFFSET"]

# --- the running scanner ------------------------------------------------------------------------
put("From: hale@hillview.example\nSubject: a note\n\nIsolde Quarrington (4 March 2012) is ill.\n", "a.eml")


def found():
    r = house.ctl("scan", "--json", "--from", "hale@hillview.example", "--to", "a@outside.example", house.path("a.eml"))
    return sorted(f["rule"] for f in json.loads(r.stdout)["findings"])


code(0, "remove", run("remove"))
code(3, "remove nothing", run("remove"))
tap.ok(doctor()[0]["result"] == "note" and not os.listdir(house.path("roster")), "doctor: none is a note", doctor())
house.start("scan", "milter")
tap.ok(found() == [], "without a roster nobody is known", house.log("scan"))
tap.ok(house.ctl("rules", "test", input="Isolde Quarrington has an EHCP").returncode == 0, "nor in rules test")
code(0, "import while it runs", run("import", put(csv())))
tap.ok(until(lambda: found() == ["roster.pupil-identified"], 30), "it is taken up", found(), house.log("scan"))
tap.ok(house.children["scan"].poll() is None and house.log("scan").count("roster=3") == 1, "without a restart", house.log("scan"))
r = house.ctl("rules", "test", "--json", input="Isolde Quarrington has an EHCP")
tap.ok(r.returncode == 1 and "is on the school's roster" in r.stdout, "rules test knows the pupils too, and says why", r.stdout, r.stderr)
r = house.ctl("scan", "--lines", input='{"id":1,"text":"Isolde Quarrington has an EHCP"}\n')
tap.ok(json.loads(r.stdout)["categories"] == ["personal-data"], "so does scan --lines", r.stdout, r.stderr)
good = open(house.path("roster/pupils.roster"), "rb").read()
with open(house.path("roster/new"), "wb") as f:
    f.write(good[:200] + bytes([good[200] ^ 1]) + good[201:])
os.rename(house.path("roster/new"), house.path("roster/pupils.roster"))
tap.ok(until(lambda: "reload.failed" in house.log("scan"), 30) and found() == ["roster.pupil-identified"], "a broken one changes nothing, and is told", house.log("scan"))

# --- nothing can be read in what is kept ----------------------------------------------------------
mta = Mta(house.door, INSIDE)
answer = mta.send("hale@hillview.example", ["a@outside.example"], open(house.path("a.eml"), "rb").read().replace(b"\n", b"\r\n"))
tap.ok(answer.word == "discard", "the message is held", answer, house.log("milter"))
mta.quit()
os.unlink(house.path("a.eml"))
os.unlink(house.path("pupils.csv"))
words = re.compile("|".join([w for p in PUPILS for w in (p[0], p[1], p[3], "Tannery")] + ["20120304", "isolde", "quarrington"]), re.I)
read, seen = 0, []
for base, _, names in os.walk(house.dir):
    for name in names:
        path = os.path.join(base, name)
        if os.path.isfile(path) and not path.startswith(house.path("rules")):
            read += 1
            with open(path, "rb") as f:
                seen += [path + ": " + m for m in words.findall(f.read().decode("utf-8", "replace"))]
tap.ok(read > 8 and not seen, "no name, number or address in store, roster, caches and logs", read, *seen)
code(0, "remove while it runs", run("remove"))
tap.ok(until(lambda: "now=removed" in house.log("scan"), 20), "is seen too", house.log("scan"))
tap.done()
