#!/usr/bin/python3
# schoolgatectl rules: what it says about the rules of a school, and what a school can change.
# fails-if: list, show or test say something else than the rules do, a near miss is not
#           explained, or an exit code is not the documented one
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import TOP, House, Tap  # noqa: E402

tap = Tap()
house = House(rules={"a": """category = "bullying"; area = "conduct"; rules = (
  { id = "bully.word"; title = "A word"; severity = 3; confidence = "medium"; words = [ "zonk", "plonker" ];
    except = [ "zonk and sons" ]; hit = [ "you zonk" ]; miss = [ "zonk and sons" ]; },
  { id = "bully.near"; title = "Two words"; severity = 4; confidence = "low";
    near = { a = [ "you" ]; b = [ "gribble" ]; within = 9; not = [ "said" ]; }; hit = [ "you gribble" ]; miss = [ "you said gribble" ]; },
  { id = "bully.pupil"; title = "Pupils only"; severity = 3; confidence = "high"; words = [ "spleck" ];
    context = { from = [ "pupil" ]; }; hit = [ "spleck" ]; miss = [ "x" ]; },
  { id = "bully.quoted"; title = "Quoted only"; severity = 3; confidence = "high"; words = [ "thrum" ];
    in = [ "quoted" ]; hit = [ "thrum" ]; miss = [ "x" ]; } );
"""}, policy="""classes = ( { name = "staff"; match = [ "@hillview.example" ]; }, { name = "outside"; match = [ "*" ]; } );
policy = ( { id = "harm"; category = [ "bullying" ]; severity = 4; do = "hold"; notify = [ "lead", "head" ]; },
           { id = "noted"; category = [ "bullying" ]; log = true; },
           { id = "other"; category = [ "hate" ]; do = "reject"; } );
contacts = ( { role = "lead"; address = "dsl@hillview.example"; }, { role = "head"; address = "h@hillview.example"; } );
""")
CTL = house.program("schoolgatectl")


def ctl(*args, stdin=None, config=True):
    return subprocess.run([CTL] + (["--config=" + house.config] if config else []) + list(args), capture_output=True, text=True, input=stdin)


def code(expected, what, r):
    tap.ok(r.returncode == expected, "exit %d: %s" % (expected, what), r.returncode, r.stdout, r.stderr)
    return r


# --- list, show -------------------------------------------------------------------------
r = code(0, "by category", ctl("rules", "list", "--by-category"))
tap.ok(r.stdout.splitlines()[1:] == ["bullying\tconduct\t4\t8\t4\t3\tharm: hold, tells lead head; noted: log"],
       "area, numbers, usual severity, where it goes", r.stdout)
r = code(0, "the shipped rules by category", ctl("rules", "list", "--by-category", "--json", os.path.join(TOP, "rules"), config=False))
rows = [json.loads(x) for x in r.stdout.splitlines()]
tap.ok(len(rows) >= 18 and all(x["area"] in ("content", "contact", "conduct", "commerce") and x["rules"] > 0 and 1 <= x["severity"] <= 5 for x in rows),
       "at least 18, each with one area of risk and a severity", rows)
r = code(0, "show", ctl("rules", "show", "bully.near"))
tap.ok("Within\t9\n" in r.stdout and "gribble" in r.stdout and "you said gribble" in r.stdout and "rules/a.conf:4" in r.stdout, "words, examples, place", r.stdout)
r = code(0, "show --json", ctl("rules", "show", "bully.pupil", "--json"))
tap.ok(json.loads(r.stdout)["context"] == {"from": ["pupil"]} and json.loads(r.stdout)["words"] == {"words": ["spleck"]}, "everything", r.stdout)
r = code(3, "no such rule", ctl("rules", "show", "bully.nera"))
tap.ok("Did you mean bully.near?" in r.stderr, "the nearest is named", r.stderr)

# --- test ---------------------------------------------------------------------------------


def test(*args, stdin=None):
    r = ctl("rules", "test", "--json", *args, stdin=stdin)
    return r.returncode, {x["rule"]: (x["outcome"], x["why"]) for x in map(json.loads, r.stdout.splitlines())}


tap.ok(test("you zonk") == (1, {"bully.word": ("match", '"zonk" is one of its words.')}), "a phrase as argument", test("you zonk"))
tap.ok(test(stdin="you z0nk\n") == (1, {"bully.word": ("match", '"z0nk" is one of its words, though in disguise.')}), "from standard input, disguised", test(stdin="you z0nk\n"))
tap.ok(test("Zonk and Sons") == (0, {"bully.word": ("stopped", '"Zonk" does not count, because "Zonk and Sons" is an exception of the rule.')}), "an exception", test("Zonk and Sons"))
tap.ok(test("you gribble")[1]["bully.near"] == ("match", '"you gribble" has a word of each of its two lists, at most 9 characters apart.'), "near", test("you gribble"))
tap.ok(test("he said you gribble") == (0, {"bully.near": ("stopped", '"you" and "gribble" are both there, but "said" beside them undoes the match.')}), "undone", test("he said you gribble"))
tap.ok(test("you are the one and only gribble") == (0, {"bully.near": ("stopped", '"you" and "gribble" are both there, but 22 characters apart; the rule asks for at most 9.')}), "too far apart", test("you are the one and only gribble"))
tap.ok(test("you there") == (0, {}), "half of it is no near miss", test("you there"))
tap.ok(test("spleck") == (0, {"bully.pupil": ("stopped", '"spleck" would match in mail from pupil only.')}), "who writes", test("spleck"))
tap.ok(test("spleck", "--from=pupil") == (1, {"bully.pupil": ("match", '"spleck" is one of its words; it is mail from pupil, as the rule asks.')}), "--from", test("spleck", "--from=pupil"))
tap.ok(test("thrum") == (0, {"bully.quoted": ("stopped", '"thrum" would match in other places: the rule looks in quoted only.')}), "where", test("thrum"))
tap.ok(test("thrum", "--where=quoted")[0] == 1, "--where")
r = code(2, "no such place", ctl("rules", "test", "x", "--where=foot"))
code(2, "not UTF-8", subprocess.run([CTL, "--config=" + house.config, "rules", "test"], capture_output=True, input=b"\xff\xfe"))
os.mkdir(house.path("own"))
house.write("own/own.conf", 'rules = ( { override = "bully.near"; severity = 5; } ); allow = [ "plonker street" ];\n')
both = ["--rules=" + house.path("rules"), "--rules=" + house.path("own")]
tap.ok(test("Plonker Street", *both)[1]["bully.word"][1].startswith('"Plonker" does not count, because "Plonker Street" is an allow-phrase ('), "an allow-phrase, and where it stands",
       test("Plonker Street", *both))
r = ctl("rules", "show", "bully.near", *both)
tap.ok("Severity\t5\n" in r.stdout and "own/own.conf:1" in r.stdout, "show names the override", r.stdout)

# --- diff ---------------------------------------------------------------------------------
def diff(own, *args):
    os.makedirs(house.path("d"), exist_ok=True)
    house.write("d/own.conf", own)
    r = ctl("rules", "diff", "--json", *(args or (house.path("d"),)))
    return r.returncode, {(x["rule"], x["change"], x["weaker"]): x["what"] for x in map(json.loads, r.stdout.splitlines())}, r.stderr


for own, expected, what in (
        ('rules = ( { override = "bully.near"; off = true; } );', (1, {("bully.near", "removed", True): "is gone: Two words"}), "a rule off"),
        ('rules = ( { override = "bully.near"; severity = 3; } );', (1, {("bully.near", "changed", True): "severity: 3, was 4"}), "a lower severity"),
        ('rules = ( { override = "bully.near"; severity = 5; } );', (0, {("bully.near", "changed", False): "severity: 5, was 4"}), "a higher one"),
        ('rules = ( { override = "bully.pupil"; confidence = "low"; } );', (1, {("bully.pupil", "changed", True): "confidence: low, was high"}), "a lower confidence"),
        ('rules = ( { override = "bully.quoted"; in = [ "quoted", "body" ]; } );', (0, {("bully.quoted", "changed", False): 'in: 1 more: "body"'}), "one more place"),
        ('rules = ( { override = "bully.word"; except = [ "plonker street" ]; } );', (1, {("bully.word", "changed", True): 'except: 1 more: "plonker street"'}), "an exception"),
        ('allow = [ "plonker street" ];', (1, {("bully.word", "allowed", True): 'allow-phrase "plonker street", for this rule and perhaps others'}), "an allow-phrase, once"),
        ('category = "hate"; area = "content"; rules = ( { id = "own.one"; title = "One"; severity = 3; confidence = "low"; words = [ "grunk" ]; hit = [ "grunk" ]; miss = [ "x" ]; } );',
         (0, {("own.one", "added", False): "is new: One"}), "a new rule"),
        ('category = "bullying"; area = "conduct"; rules = ( { id = "bully.word"; title = "A word"; severity = 3; confidence = "medium"; words = [ "zonk", "gronk" ];\n'
         'except = [ "zonk and sons" ]; hit = [ "you zonk" ]; miss = [ "zonk and sons" ]; } );',
         (1, {("bully.word", "changed", True): 'words: 1 fewer: "plonker"', ("bully.word", "changed", False): 'words: 1 more: "gronk"'}), "other words")):
    got = diff(own)
    tap.ok(got[:2] == expected, "diff: " + what, *got)
r = ctl("rules", "diff", "--json", house.path("rules"), house.path("rules") + ":" + house.path("d"), config=False)
tap.ok(r.returncode == 1 and len(r.stdout.splitlines()) == 2 and "2 differences, 1 of them protect less." in r.stderr, "two sets, of several directories", r.stdout, r.stderr)
r = code(0, "the same set", ctl("rules", "diff", house.path("rules"), house.path("rules"), config=False))
code(2, "an override of nothing", ctl("rules", "diff", house.path("own"), house.path("own"), config=False))
r = ctl("__complete", "rules", "show", "bully.n")
tap.ok(r.stdout == "bully.near\n" and "quoted" in ctl("__complete", "rules", "test", "--where=").stdout, "completion knows rules and places", r.stdout, r.stderr)
tap.done()
