#!/usr/bin/python3
# Numbers, dates, addresses and passwords of a mail, in all that "schoolgatectl scan" prints.
# fails-if: a value that the shipped rules find, or one that stands beside it, is printed, by
#           scan, scan --json, or on stderr; or nothing is found at all
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import Desk, needs_root  # noqa: E402
from sg import TOP, Tap  # noqa: E402

needs_root()
tap = Tap()
desk = Desk()
MAIL = """From: hale@hillview.example
To: a@x.example
Subject: new starter

New starter Ada Lovell, UPN A801999926001, born 04/03/2012, NHS no 999 200 1003.
Her mum is on 07700 900403, ada.lovell@x.example; moved to 18 Orchard Street, Luton, EC1A 7PQ.
NI number WE489325B, sort code 24-95-91 account 03521919, card 4465 7871 3315 0989 exp 09/29.
SIMS password: Dragon726!, the alarm code is 44719.

Name,DOB,Medical
Ada Lovell,05/03/2012,asthma
Bela Marsh,06/03/2012,epilepsy
Cara Stone,07/03/2012,nuts
"""
VALUES = ["A801999926001", "9992001003", "07700900403", "adalovell@xexample", "18OrchardStreet", "EC1A7PQ", "WE489325B",
          "249591", "03521919", "4465787133150989", "Dragon726", "44719", "05032012", "06032012", "asthma", "epilepsy", "BelaMarsh"]
# the first three characters and the last two of a number may be shown: nothing has four in a row
desk.house.write("values.eml", MAIL)
path = desk.house.path("values.eml")
rules, policy = os.path.join(TOP, "rules"), desk.house.path("policy.conf")
ask = ["scan", "--rules", rules, "--policy", policy, "--from=hale@hillview.example", "--to=a@x.example"]


def plain(text):
    return re.sub(r"[^A-Za-z0-9@\u2022]", "", text)


for how in ([], ["--json"]):
    r = desk.ctl("it", *ask, *how, path)
    said = " ".join(["scan"] + how)
    tap.ok(r.returncode in (0, 1), said + " reads it", r.stderr)
    out = plain(r.stdout + r.stderr)
    shown = [v for v in VALUES if v in out and v != "adalovell@xexample"]
    tap.ok(not shown, said + " prints none of the values", shown)
    if how:
        found = {f["rule"]: f for line in [json.loads(r.stdout)] for f in (line[0] if isinstance(line, list) else line)["findings"]}
        for rule in ("pd.upn-labelled", "pd.nhs", "pd.nino", "pd.account", "pd.card", "secret.password", "secret.code", "pd.list"):
            tap.ok(rule in found, rule + " is found", sorted(found))
        tap.ok("\u2022" in found.get("pd.nhs", {}).get("excerpt", ""), "an excerpt has dots for what is not shown", r.stdout[:600])
tap.done()
