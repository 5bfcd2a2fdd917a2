#!/usr/bin/python3
# Numbers, dates, addresses and passwords of a mail: in nothing that any program prints, sends or logs.
# fails-if: a value that the shipped rules find, or one that stands beside it, is shown by scan,
#           replay, rules test, trace, report, metrics, audit or held at any rung, in a mail of the
#           courier or in a log; or nothing is found at all
import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import Desk, needs_root  # noqa: E402
from milter import Mta  # noqa: E402
from sg import INSIDE, TOP, Tap, until  # noqa: E402
from sink import Sink  # noqa: E402

needs_root()
tap = Tap()
sink = Sink()
RULES, POLICY = os.path.join(TOP, "rules"), open(os.path.join(TOP, "rules/policy/policy.conf")).read()
desk = Desk(smtp=sink.port, courier='alert_gap = 0; high_gap = 0; notice_gap = 0; alert_from = "low";')
house = desk.house
house.stop()
house.template = house.template.replace('rules  = [ "{dir}/rules" ];', 'rules = [ "{top}/rules" ];')
house.write("policy.conf", POLICY)
house.configure()
house.start("scan", "milter", "console", "courier")
HALE, OUT = "hale@hillview.example", "a@x.example"
# values stand twice, in another part, beside a word that another rule finds, and in names
WORDS = """New starter Ada Lovell, UPN A801999926001, born 04/03/2012, NHS no 999 200 1003.
Her mum is on 07700 900403, ada.lovell@x.example; moved to 18 Orchard Street, Luton, EC1A 7PQ.
NI number WE489325B, sort code 24-95-91 account 03521919, card 4465 7871 3315 0989 exp 09/29.
SIMS password: Dragon726!, the alarm code is 44719.
"""
AGAIN = """The second one is Bela Marsh, UPN P801999926002, date of birth 05/11/2011, NHS no 943 476 5919.
His SIMS password: Walrus-kite!, and the password: Magpie&tree for the drive.
Name,DOB,Medical
Ada Lovell,05/03/2012,asthma
Bela Marsh,06/03/2012,epilepsy
Cara Stone,07/03/2012,nuts
"""
HTML = "<p>%s</p><p>%s</p>" % (WORDS.replace("\n", "<br>"), AGAIN.split("Name,")[0].replace("\n", "<br>").replace(
    "&", "&amp;").replace("His SIMS", "Tell that fat ugly retard, you stupid worthless bitch, that his SIMS"))
MAIL = """From: %s
To: %s
Subject: Ada, NHS no 999 200 1003, password: Dragon726!
Date: %s
Message-ID: <m1@hillview.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain

%s
%s
--a
Content-Type: text/html

%s
--a--
--m
Content-Type: text/csv; name="NHS 9992001003.csv"
Content-Disposition: attachment; filename="NHS 9992001003.csv"

Name,NHS number,DOB,Medical
Ada Lovell,9992001003,05/03/2012,asthma
Bela Marsh,9434765919,06/03/2012,epilepsy
Cara Stone,9990001002,07/03/2012,nuts
--m--
""" % (HALE, OUT, time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()), WORDS, AGAIN, HTML)
# the first three characters and the last two of a number may be shown: nothing has four in a row
VALUES = ["A801999926001", "P801999926002", "9992001003", "9434765919", "9990001002", "07700900403", "adalovell@xexample",
          "18OrchardStreet", "EC1A7PQ", "WE489325B", "249591", "03521919", "4465787133150989", "Dragon726", "44719", "Walruskite",
          "Magpietree", "04032012", "05112011", "05032012", "06032012", "07032012", "asthma", "epilepsy"]
house.write("values.eml", MAIL)
path = house.path("values.eml")
os.mkdir(house.path("out"))
os.chmod(house.path("out"), 0o777)


def plain(text):
    return re.sub(r"[^A-Za-z0-9@\u2022]", "", text)


def hidden(what, text, values=VALUES):
    out = plain(text)
    tap.ok(not [v for v in values if v in out], what, *[v for v in values if v in out], text[:3000])


# --- without the store --------------------------------------------------------------
ask = ["--rules", RULES, "--policy", house.path("policy.conf"), "--from=" + HALE, "--to=" + OUT]
for how in ([], ["--json"]):
    r = desk.ctl("it", "scan", *how, *ask, path)
    said = " ".join(["scan"] + how)
    tap.ok(r.returncode in (0, 1), said + " reads it", r.stderr)
    hidden(said + " shows no value", r.stdout + r.stderr)
found = {f["rule"]: f for f in json.loads(r.stdout)["findings"]}
for rule in ("pd.upn-labelled", "pd.nhs", "pd.nino", "pd.account", "pd.card", "secret.password", "secret.code", "pd.list"):
    tap.ok(rule in found, rule + " is found", sorted(found))
tap.ok([r for r in found if r.startswith(("bully.", "hate.", "abuse.", "offence.", "model.", "insult."))],
       "so is a word that is no value", sorted(found))
tap.ok("\u2022" in found.get("pd.nhs", {}).get("excerpt", ""), "an excerpt has dots for what is not shown", r.stdout[:600])
for who, how in (("it", []), ("lead", ["--excerpts"])):
    r = desk.ctl(who, "replay", *ask[:4], "--domain=hillview.example", "--out=" + house.path("out/" + who), *how, path)
    said = " ".join(["replay"] + how)
    tap.ok(r.returncode in (0, 1), said + " reads it", r.stdout, r.stderr)
    with open(house.path("out/" + who), encoding="utf-8") as f:
        hidden(said + " shows no value", r.stdout + r.stderr + f.read())
for how in ([], ["--json"]):
    r = desk.ctl("it", *how, "rules", "test", "--rules", RULES, stdin=WORDS + AGAIN)
    tap.ok(r.returncode in (0, 1), "rules test%s reads it" % " ".join(how), r.stdout, r.stderr)
    hidden("rules test shows no value " + " ".join(how), r.stdout + r.stderr)

# --- held, told, looked at, released ----------------------------------------------------
a = Mta(house.door, INSIDE).send(HALE, [OUT], MAIL.replace("\n", "\r\n").encode())
until(lambda: json.loads(desk.ctl("lead", "held", "list", "--json").stdout or "[]"), 20)
rows = [json.loads(line) for line in desk.ctl("lead", "held", "list", "--json").stdout.splitlines()]
rows = rows[0] if rows and isinstance(rows[0], list) else rows
if not tap.ok(len(rows) == 1, "it is held", a, rows, house.log("milter")[-2000:]):
    tap.done()
ref = rows[0].get("id") or rows[0].get("ref")
for what, who, args in (("held list", "lead", ["held", "list"]), ("held show", "lead", ["held", "show", ref]),
                        ("held show --people", "lead", ["held", "show", "--people", ref]),
                        ("held read --words", "lead", ["held", "read", "--words", ref]),
                        ("held show after it", "lead", ["held", "show", ref]),
                        ("held read --text", "lead", ["held", "read", "--text", ref]),
                        ("trace", "it", ["trace", "--since=today"]),
                        ("report disclaimers", "lead", ["report", "disclaimers"]), ("status", "it", ["status"]),
                        ("audit list", "lead", ["audit", "list"])):
    for how in ([], ["--json"]):
        r = desk.ctl(who, *args, *how)
        said = " ".join([what] + how)
        tap.ok(r.returncode == 0 and r.stdout, said + " answers", r.returncode, r.stderr)
        hidden(said + " shows no value", r.stdout + r.stderr, VALUES)
r = desk.ctl("lead", "held", "read", "--text", ref)
tap.ok("New starter" in r.stdout and "UPN >A80" in r.stdout, "but the text around, and enough to know one's own", r.stdout)
for rung in range(4):
    hidden("the page at rung %d shows no value" % rung, json.dumps(desk.ask("lead", "GET", "/message/%s?rung=%d" % (ref, rung))[2]))
hidden("the page of metrics shows no value", str(desk.ask("it", "GET", "/metrics")[2]))
until(lambda: sink.mails, 60)
r = desk.ctl("lead", "held", "return", "--yes", "-m", "not like this", ref)
tap.ok(r.returncode == 0, "it is returned", r.stdout, r.stderr)
until(lambda: len(sink.mails) >= 2, 90)
tap.ok(len(sink.mails) >= 2, "lead and sender are written to", len(sink.mails), house.log("courier")[-1500:])
for m in sink.mails:
    hidden("the mail to %s shows no value" % ", ".join(m.to), m.data.decode(errors="replace"), VALUES)
hidden("audit list shows no value afterwards", desk.ctl("lead", "audit", "list", "--json").stdout)
for program in ("scan", "milter", "console", "courier"):
    hidden("the log of %s has no value" % program, house.log(program), VALUES)
tap.done()
