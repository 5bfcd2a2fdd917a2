#!/usr/bin/python3
# schoolgatectl rules import: a word list of another system becomes rules that load.
# fails-if: a phrase is dropped without a word, a harmless one is imported without a warning,
#           the file made does not load or replaces another one, or an encoding is misread
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import TOP, House, Tap  # noqa: E402

tap = Tap()
house = House()
CTL = house.program("schoolgatectl")
RULES = "--rules=" + os.path.join(TOP, "rules")
number = 0


def ctl(*args, **more):
    return subprocess.run([CTL, *args], capture_output=True, text=True, **more)


def load(table, *args):
    """Imports a table: code, stdout, stderr."""
    global number
    number += 1
    path = house.path("list%d.csv" % number)
    with open(path, "wb") as f:
        f.write(table if isinstance(table, bytes) else table.encode())
    r = ctl("rules", "import", RULES, "--csv=" + path, *args)
    return r.returncode, r.stdout, r.stderr.replace(path, "LIST")


def says(what, table, *words, args=("--dry-run",), code=0, out=()):
    c, o, e = load(table, *args)
    tap.ok(c == code and all(w in e for w in words) and all(w in o for w in out), what, c, o, e)
    return o, e


SENSO = """Keyword,Category,Severity,Match Type,Type,Notes
wazzock,Bullying,High,Exact,ALONE,"Northern, ""mild"", old"
plonkster,Bullying,3,Partial,ALONE,
"snot-faced
gonk",Bullying,medium,Exact,ALONE,
stab,Violence,Critical,Exact,SAMETYPE,
knifey,Violence,High,Exact,SAMETYPE,
pub,Drugs,Low,Exact,ANYTYPE,
bevvies,Drugs,Low,Exact,ANYTYPE,
"""
OWN = house.path("imported")
os.mkdir(OWN)
c, o, e = load(SENSO, "--out=" + os.path.join(OWN, "senso.conf"))
tap.ok(c == 0 and sorted(os.listdir(OWN)) == ["senso-bullying.conf", "senso-drugs.conf", "senso-threat.conf"], "a file for each category", c, o, e, os.listdir(OWN))
tap.ok(ctl("rules", "check", OWN).returncode == 0 and ctl("rules", "check", os.path.join(TOP, "rules"), OWN).returncode == 0, "they load, alone and behind the shipped ones")
text = open(os.path.join(OWN, "senso-bullying.conf")).read()
tap.ok('"wazzock"  /* Northern, "mild", old */' in text and '"plonkster*"' in text and "snot-faced gonk" in text and 'id = "senso.bullying-4"' in text and "# This file is yours" in text,
       "words, notes, severities", text)
hit = lambda phrase: [x.split("\t")[0] for x in ctl("rules", "test", "--rules=" + OWN, phrase).stdout.splitlines()[1:] if "\tmatch\t" in x]  # noqa: E731
tap.ok(hit("what a wazzock") == ["senso.bullying-4"] and hit("plonksters") == ["senso.bullying-3"], "and match", hit("what a wazzock"), hit("plonksters"))
tap.ok(hit("a stab at it") == [] and hit("stab him, knifey") == ["senso.threat-sametype"] and hit("pub, bevvies") == ["senso.drugs-anytype"], "SAMETYPE, ANYTYPE: together only", hit("a stab at it"), hit("stab him, knifey"))
before = open(os.path.join(OWN, "senso-threat.conf")).read()
c, o, e = load("phrase,category\nzonkhead,threat\nwombler,drugs\n", "--out=" + os.path.join(OWN, "senso.conf"))
tap.ok(c == 2 and "is there already" in e and open(os.path.join(OWN, "senso-threat.conf")).read() == before, "nothing is replaced unasked", c, e)
c, o, e = load("phrase,category\nzonkhead,threat\nwombler,drugs\n", "--yes", "--out=" + os.path.join(OWN, "senso.conf"))
tap.ok(c == 0 and "zonkhead" in open(os.path.join(OWN, "senso-threat.conf")).read(), "--yes does", c, e)

# --- warnings -------------------------------------------------------------------------------------
for phrase, match, words in (("ass", "partial", "is part of ordinary words or names"), ("ass*", "wildcard", "is part of ordinary words"), ("gay", "exact", "says who somebody is"),
                             ("lesbians", "exact", "says who somebody is"), ("kill", "exact", "is an everyday word"), ("strip", "exact", "is an everyday word"),
                             ("Cockburn", "exact", "is also a name"), ("kill yourself", "exact", "is found by the rule selfharm.kill-yourself already"),
                             ("x", "exact", "less than two characters"), ("gl*se", "wildcard", "has a star inside"), ("*zonkle", "wildcard", "a star at the beginning"),
                             ("zonk+", "regex", "a regular expression is not imported"), ("zonkle", "fuzzy", "the match \"fuzzy\" is not known")):
    says("%s, %s" % (phrase, match), "phrase,severity,match,category\nwazzock,4,exact,bullying\n%s,4,%s,bullying\n" % (phrase, match), "LIST:3: warning: ", words)
says("a duplicate", "phrase,severity,category\nwazzock,3,bullying\nWAZZOCK,4,bullying\n", 'LIST:3: warning: "WAZZOCK" is in line 2 already', out=('severity = 4',))
says("everyday words are logged only", "phrase,severity,category\nkill,5,threat\n", out=("severity = 1; confidence = \"low\"",))
says("a severity nobody knows", "phrase,severity,category\nwazzock,purple,bullying\n", "the severity \"purple\" is not known", out=("severity = 3",))
says("other scales", "term,rating,theme\nwazzock,80,bullying\ngonkster,9,bullying\n", out=("severity = 4", "severity = 5"))

# --- shapes ---------------------------------------------------------------------------------------------
for name, table in (("UTF-8 with a mark", "\ufeffphrase,category\nnaïve gonk,bullying\n".encode()), ("UTF-16LE", "\ufeffphrase,category\r\nnaïve gonk,bullying\r\n".encode("utf-16-le")),
                    ("UTF-16BE", "\ufeffphrase,category\nnaïve gonk,bullying\n".encode("utf-16-be")), ("UTF-16 without a mark", "phrase,category\nnaïve gonk,bullying\n".encode("utf-16-le")),
                    ("Windows-1252", "phrase,category\nnaïve gonk,bullying\n".encode("cp1252")), ("semicolons", "phrase;category\nnaïve gonk;bullying\n"),
                    ("bars", "phrase|category\nnaïve gonk|bullying\n"), ("tabs", "category\tphrase\nbullying\tnaïve gonk\n"), ("old line ends", "phrase,category\rnaïve gonk,bullying\r")):
    says(name, table, out=('"naïve gonk"', 'category = "bullying"'))
says("a plain list", "wazzock\ngonkster\n", args=("--dry-run", "--category=bullying"), out=('"wazzock"', '"gonkster"'))
for what, table, words in (("no heading", "a,b\nc,d\n", "no column is called phrase"), ("no category", "phrase\nwazzock\n", "there is no category"),
                           ("an unknown one", "phrase,category\nwazzock,Fish\n", 'the category "Fish" is none of ours'), ("nothing in it", "phrase,category\n", "there is no phrase"), ("an empty file", "", "there is no phrase"),
                           ("an open quote", 'phrase,category\n"wazzock,bullying\n', ":2: a quotation mark is not closed; "),
                           ("a long field", "phrase,category\n%s,bullying\n" % ("x" * 5000), "longer than 4,096 bytes"), ("many columns", "," * 300 + "\n", "more than 256 columns"),
                           ("zero bytes", b"phrase,category\nwaz\0zock,bullying\nand more text here\n", "zero bytes"), ("many rows", "phrase,category\n" + "x,bullying\n" * 100001, "more than 100,000 rows")):
    says("refused: " + what, table, words, code=2)
r = ctl("rules", "import", RULES)
tap.ok(r.returncode == 2 and "--csv=FILE" in r.stderr, "no list", r.stderr)
r = ctl("rules", "import", RULES, "--csv=/nonexistent")
tap.ok(r.returncode == 2, "a list that is not there", r.stderr)
tap.done()
