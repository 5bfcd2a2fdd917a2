#!/usr/bin/python3
# Breaches that were in the papers, replayed with real files under the shipped rules and policy; each with a twin that is harmless.
# fails-if: one of them leaves, or is held for another reason than its own; or a twin is held
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import mkimage  # noqa: E402
from milter import Mta  # noqa: E402
from mkpdf import Pdf, show  # noqa: E402
from schoolfiles import docx, locked, mail, pupils, xlsx, zipped  # noqa: E402
from sg import INSIDE, TOP, House, Tap  # noqa: E402

tap = Tap()
POLICY = open(TOP + "/rules/policy/policy.conf").read()
house = House(policy=POLICY, rules={}, config=None)
house.template = house.template.replace('rules  = [ "{dir}/rules" ];', 'rules = [ "{top}/rules" ];\npeople = "people.csv";')
house.configure()
house.write("people.csv", "address,name,class,own_addresses,role\n"
            "hale@hillview.example,Ruth Hale,staff,ruth.hale88@mail.example,Head of Year\n"
            "senco@hillview.example,Ola Marsh,staff,,SENCO\nbursar@hillview.example,Ivor Pell,staff,ivor.pell@home.example,Bursar\n"
            "dsl@hillview.example,Ngozi Okafor,staff,,Safeguarding lead\n")
ALL = pupils(90)
house.write("pupils.csv", "\n".join(["Forename,Surname,DOB,UPN,Address,Postcode"] + [",".join(p[k] for k in ("given", "family", "dob", "upn", "address", "postcode")) for p in ALL]) + "\n")
r = house.ctl("roster", "import", house.path("pupils.csv"))
tap.ok(r.returncode == 0, "the roster", r.stderr)
house.start("scan", "milter")

HALE, SENCO, DSL, BURSAR = "hale@hillview.example", "senco@hillview.example", "dsl@hillview.example", "bursar@hillview.example"
PARENTS = ["parent%d@family%d.example" % (i, i) for i in range(80)]
YEAR = ["p%d@pupils.hillview.example" % i for i in range(30)]
NAME = lambda p: "%s %s" % (p["given"], p["family"])  # noqa: E731
A, B, C = ALL[3], ALL[17], ALL[40]


def rows(head, *columns, n=25, first=0):
    return [head] + [[c(p) if callable(c) else p[c] for c in columns] for p in ALL[first:first + n]]


behaviour = rows(["Surname", "Forename", "Form", "Behaviour points", "Sanction"], "family", "given", "form", lambda p: "-%d" % (len(p["family"]) % 9 + 1), lambda p: "Detention")
cohort = rows(["Name", "DOB", "UPN", "SEN status", "Pupil premium"], NAME, "dob", "upn", lambda p: "K", lambda p: "Y", n=60)
results = rows(["Candidate", "Maths mark", "Predicted grade"], NAME, lambda p: str(30 + len(p["given"]) * 3), lambda p: "6")
fixtures = [["Date", "Opponents", "Place"], ["4 March", "Priory School", "Home"], ["11 March", "St Bede's", "Away"], ["18 March", "Ash Green", "Home"]]
team = "The team for Saturday: " + ", ".join(NAME(p) for p in ALL[:11]) + ". Meet at the gate at 8.30."
pay = [["Employee", "NI number", "Sort code", "Account", "Salary"]] + [["Staff Member %d" % i, "AB1%02d456C" % i, "00-11-22", "1234%04d" % i, str(28000 + i)] for i in range(20)]
foi_rows = rows(["Name", "Ethnicity", "Exclusions"], NAME, lambda p: "White British", lambda p: "2", n=40)
foi_sums = [["Year", "Exclusions"], ["7", "4"], ["8", "9"], ["9", "6"]]
sen = ["Annual review of an education, health and care plan", "Pupil: %s, born %s" % (NAME(A), A["dob"]), "%s has a diagnosis of autism and sees an educational psychologist." % A["given"],
       "The social worker attended. Medication: one tablet at noon."]
sen_pdf = Pdf()
sen_pdf.page(show(*[(50, 800 - 20 * i, t) for i, t in enumerate(sen)]))
policy_pdf = Pdf()
policy_pdf.page(show((50, 800, "SEN policy 2026"), (50, 780, "How we support special educational needs: SEN support, EHCP, annual review."), (50, 760, "The SENCO is Mrs Marsh.")))
photo, placed = mkimage.jpeg(mkimage.exif(place=False)), mkimage.jpeg(mkimage.exif(place=True))
TRIP = "Dear parents,\n\nYear 8 will visit the museum on 12 May. Please bring a packed lunch, a coat and two pounds for the locker. The coach leaves at 8.15.\n\nRuth Hale\n"
NOTE = "Thank you all. Between us: %s is on a child protection plan and the social worker asks us to keep the plan confidential.\n\nNgozi\n" % NAME(B)

# what, sender, to, mail, row that must hold it, rules one of which must be the reason
BREACHES = [
    ("a behaviour list to all pupils", HALE, YEAR, mail(HALE, YEAR, "behaviour", "This week.", [("behaviour.xlsx", xlsx([("Week 9", behaviour, "")]))]),
     "data-to-pupils", "roster.five-sensitive"),
    ("a cohort spreadsheet to parents", HALE, PARENTS[:3], mail(HALE, PARENTS[:3], "welcome", "Please see attached.", [("year7.xlsx", xlsx([("Y7", cohort, "")]))]),
     "data-out", "roster.five-identified"),
    ("the same packed in a ZIP", HALE, PARENTS[:1], mail(HALE, PARENTS[:1], "packed", "As asked.", [("y7.zip", zipped([("year7.xlsx", xlsx([("Y7", cohort, "")]))]))]),
     "data-out", "roster.five-identified"),
    ("the same as CSV in the text", HALE, PARENTS[:1], mail(HALE, PARENTS[:1], "pasted", "\n".join(",".join(map(str, r)) for r in cohort)), "data-out", "roster.five-identified"),
    ("an unencrypted SEN report", SENCO, PARENTS[:1], mail(SENCO, PARENTS[:1], "review", "Here it is.", [("review.pdf", sen_pdf.bytes())]),
     "data-out", "roster.pupil-sensitive"),
    ("the same as a letter", SENCO, PARENTS[:1], mail(SENCO, PARENTS[:1], "letter", "Here it is.", [("review.docx", docx(sen))]), "data-out", "roster.pupil-sensitive"),
    ("a hidden sheet behind fixtures", HALE, PARENTS[:2], mail(HALE, PARENTS[:2], "fixtures", "The fixtures.", [("fixtures.xlsx", xlsx([("Fixtures", fixtures, ""), ("Data", cohort, "veryHidden")]))]),
     "data-out", "roster.five-identified"),
    ("hidden columns in an FOI answer", BURSAR, ["asker@request.example"], mail(BURSAR, ["asker@request.example"], "FOI 12", "Our answer.", [("foi.xlsx", xlsx([("Sums", foi_rows, "")], hidden_columns=(0, 1)))]),
     "data-out", "roster.five-sensitive"),
    ("a pivot table's own copy in an FOI answer", BURSAR, ["asker@request.example"], mail(BURSAR, ["asker@request.example"], "FOI 13", "Our answer.", [("foi.xlsx", xlsx([("Sums", foi_sums, "")], pivot_of=foi_rows))]),
     "data-out", "roster.pupil-sensitive"),
    ("a photograph with the pupil's name to a newspaper", HALE, ["news@paper.example"], mail(HALE, ["news@paper.example"], "sports day", "The winner.", [(NAME(C).replace(" ", "_") + "_100m.jpg", photo)]),
     "photo-named", "roster.photo-name"),
    ("a photograph and the name in the text", HALE, ["news@paper.example"], mail(HALE, ["news@paper.example"], "caption", "Attached is a photo of %s, who won." % NAME(C), [("IMG_0412.jpg", photo)]),
     "photo-named", "roster.photo-text"),
    ("a photograph that says where it was taken", HALE, ["news@paper.example"], mail(HALE, ["news@paper.example"], "garden", "Our new garden.", [("garden.jpg", placed)]), "photo-place", None),
    ("a reply to all parents with a safeguarding note", DSL, PARENTS[:12], mail(DSL, PARENTS[:12], "Re: coffee morning", NOTE, reply_to="<m1@family.example>"), "data-out", "roster.pupil-sensitive"),
    ("the payroll to a private address", BURSAR, ["ivor.pell@home.example"], mail(BURSAR, ["ivor.pell@home.example"], "work at home", "For the weekend.", [("payroll.xlsx", xlsx([("March", pay, "")]))]), "data-home", None),
    ("80 families in To instead of Bcc", HALE, PARENTS, mail(HALE, PARENTS, "museum in To", TRIP), "use-bcc", None),
    ("80 families in Cc", HALE, PARENTS, mail(HALE, PARENTS, "museum in Cc", TRIP, shown=[HALE], cc=PARENTS), "use-bcc", None),
    ("exam results to the wrong class", HALE, YEAR, mail(HALE, YEAR, "results", "Well done!", [("results.xlsx", xlsx([("Mock", results, "")]))]), "data-to-pupils", "roster.five-sensitive"),
    ("a file behind ZipCrypto", HALE, PARENTS[:1], mail(HALE, PARENTS[:1], "locked", "The password follows.", [("year7.zip", locked("year7.xlsx", False))]), "weak-out", "protection.weak"),
    ("a class's addresses and births in a letter", HALE, PARENTS[:1], mail(HALE, PARENTS[:1], "party list", "\n".join("%s, %s, %s, %s" % (NAME(p), p["dob"], p["address"], p["postcode"]) for p in ALL[:6])), "data-out", "roster.five-identified"),
    ("one pupil passes the list on to another", YEAR[0], YEAR[1:2], mail(YEAR[0], YEAR[1:2], "look", "haha", [("behaviour.xlsx", xlsx([("Week 9", behaviour, "")]))]), "list-among-pupils", "roster.five-sensitive"),
]
TWINS = [
    ("a team sheet", HALE, PARENTS[:3], mail(HALE, PARENTS[:3], "team", team)),
    ("a team sheet as a table", HALE, PARENTS[:3], mail(HALE, PARENTS[:3], "team table", "For Saturday.", [("team.xlsx", xlsx([("Team", rows(["Forename", "Surname", "Position"], "given", "family", lambda p: "Wing", n=15), "")]))])),
    ("a letter about a trip to 80 families in Bcc", HALE, PARENTS, mail(HALE, PARENTS, "museum", TRIP, shown=[HALE])),
    ("the cohort under AES-256", HALE, PARENTS[:1], mail(HALE, PARENTS[:1], "strong", "I will ring you with the password.", [("year7.zip", locked("year7.xlsx", True))])),
    ("the SEN policy", SENCO, PARENTS[:5], mail(SENCO, PARENTS[:5], "policy", "Our policy for this year.", [("sen-policy.pdf", policy_pdf.bytes())])),
    ("fixtures with a second sheet that is shown", HALE, PARENTS[:2], mail(HALE, PARENTS[:2], "fixtures 2", "The fixtures.", [("fixtures.xlsx", xlsx([("Fixtures", fixtures, ""), ("Notes", [["Note"], ["Bring boots"]], "")]))])),
    ("an FOI answer of sums only", BURSAR, ["asker@request.example"], mail(BURSAR, ["asker@request.example"], "FOI 14", "Our answer.", [("foi.xlsx", xlsx([("Sums", foi_sums, "")], pivot_of=foi_sums))])),
    ("a photograph of the garden", HALE, ["news@paper.example"], mail(HALE, ["news@paper.example"], "garden 2", "Our new garden.", [("garden.jpg", photo)])),
    ("a reply to all with thanks", DSL, PARENTS[:8], mail(DSL, PARENTS[:8], "Re: coffee", "Thank you all for coming. The next one is on 3 June.", reply_to="<m1@family.example>")),
    ("a timetable home", BURSAR, ["ivor.pell@home.example"], mail(BURSAR, ["ivor.pell@home.example"], "timetable", "For me.", [("week.xlsx", xlsx([("Week", [["Day", "Lesson"], ["Monday", "Maths"], ["Tuesday", "Art"]], "")]))])),
    ("revision topics to a class", HALE, YEAR, mail(HALE, YEAR, "revision", "For the mock.", [("topics.xlsx", xlsx([("Revision", [["Topic", "Pages in the textbook"], ["Solving linear equations", "30 to 41"], ["Graphs of straight lines", "52 to 60"], ["Percentages and interest", "75 to 83"]], "")]))])),
    ("behaviour points to a colleague", HALE, [SENCO], mail(HALE, [SENCO], "for you", "This week.", [("behaviour.xlsx", xlsx([("Week 9", behaviour, "")]))])),
    ("a word to one parent", HALE, PARENTS[:1], mail(HALE, PARENTS[:1], "well done", "Dear Mrs Rafferty, %s played very well today. Best wishes, Ruth Hale" % NAME(ALL[5]))),
    ("names of prize winners", HALE, PARENTS[:4], mail(HALE, PARENTS[:4], "prizes", "Prizes this term: " + "; ".join("%s (art)" % NAME(p) for p in ALL[20:28]))),
]


def scan(sender, to, data, name="m.eml"):
    with open(house.path(name), "wb") as f:
        f.write(data)
    args = [x for a in to for x in ("--to", a)]
    r = house.ctl("scan", "--json", "--from", sender, *args, house.path(name))
    return json.loads(r.stdout) if r.stdout else {"error": r.stderr, "verdict": {"do": "?", "rows": [], "recipients": {}}, "findings": []}


def brief(j):
    return [j["verdict"], j.get("flags"), j.get("error")] + ["%s %s %s x%s in %s" % (f["rule"], f["severity"], f["confidence"], f["count"], f["where"]) for f in j["findings"]]


for what, sender, to, data, row, rule in BREACHES:
    j = scan(sender, to, data)
    tap.ok(j["verdict"]["do"] == "hold" and row in j["verdict"]["rows"] and all(d == "hold" for d in j["verdict"]["recipients"].values())
           and (rule is None or rule in [f["rule"] for f in j["findings"]]), "held: " + what, row, rule, *brief(j))
for what, sender, to, data in TWINS:
    j = scan(sender, to, data)
    tap.ok(j["verdict"]["do"] in ("deliver", "tag"), "passes: " + what, *brief(j))
j = scan(*TWINS[3][1:4])
tap.ok("protection.unseen" in [f["rule"] for f in j["findings"]] and "protected-out" in j["verdict"]["rows"], "and it is noted that nobody saw what is in it", *brief(j))

# --- through the milter -----------------------------------------------------------------------------
mta = Mta(house.door, INSIDE)
for what, sender, to, data, row, rule in BREACHES[:2] + [b for b in BREACHES if b[4] in ("photo-place", "weak-out", "use-bcc")][:4]:
    a = mta.send(sender, to, data.replace(b"\n", b"\r\n"))
    tap.ok(a.word == "discard", "kept back by the milter: " + what, a, house.log("milter")[-800:])
for what, sender, to, data in (TWINS[0], TWINS[2], TWINS[3]):
    a = mta.send(sender, to, data.replace(b"\n", b"\r\n"))
    tap.ok(a.word == "accept" and not a.removed(), "let through by the milter: " + what, a, house.log("milter")[-800:])


# --- another person of the same surname: what was sent before decides ---------------------------------
def rows_of(to, subject, text):
    address = to.split("<")[1].rstrip(">")
    a = mta.send(SENCO, [address], mail(SENCO, [address], subject, text, shown=[to]).replace(b"\n", b"\r\n"))
    found = house.sql("select policy_rows from incident order by id desc limit 1") if a.word == "discard" else []
    return a.word, found[0][0] if found else ""


RIGHT, WRONG = "Tom Jaworski <t.jaworski@harbour.example>", "Jan Jaworski <jan.j@elsewhere.example>"
for n in range(4):
    word, _ = rows_of(RIGHT, "meeting %d" % n, "See you on Thursday at 3.")
    tap.ok(word == "accept", "an ordinary message to one parent", word)
mta.quit()
house.stop("milter")        # two weeks later, when it has learnt who is written to
house.start("milter", environment={"SCHOOLGATE_CLOCK_OFFSET": str(15 * 86400)})
mta = Mta(house.door, INSIDE)
word, held = rows_of(WRONG, "a question", "Date of birth: %s, is that right? Ola Marsh" % A["dob"])
tap.ok(word == "discard" and "data-namesake" in held, "held: little data to another person of the same surname", word, held)
word, held = rows_of(RIGHT, "the question", "Date of birth: %s, is that right? Ola Marsh" % A["dob"])
tap.ok(word == "accept", "passes: the same to the right one", word, held)
mta.quit()
notices = [x[0] for x in house.sql("select template from outbox where kind = 'notice'")]
tap.ok("held-weak-lock" in notices and "held-personal-data" in notices, "the sender is told how to do it", notices)
tap.done()
