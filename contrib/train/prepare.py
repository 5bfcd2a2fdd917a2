#!/usr/bin/env python3
"""prepare - the collections of labelled texts as lines for trainmodel.

  prepare.py CORPORA [--without SET]... [--without-folds 1,2,3]

A line: what the text says to each head (+ - or 0: nothing), its weight, its fold, the text.
"""
import argparse
import json
import os
import re
import sys
import zlib

HEADS = ["hate", "offence", "bullying", "threat", "selfharm", "sexual", "grooming"]
FOLDS = 10
# What a set's positive and negative lines say: head -> sign; heads that are not named: 0.
SETS = {
    "davidson": ("offensive", 0.7), "edos": ("offensive", 0.7), "measuringhate": ("offensive", 1.0),
    "hatemojibuild": ("offensive", 1.0), "toxicspans": ("offensive", 0.5), "hatecheck": ("offensive", 2.0),
    "identity_templates": ("offensive", 0.2), "schoolcheck": ("offensive", 1.0),
    "mail_sa_easy_ham_2": ("benign", 3.0), "school_mail": ("benign", 2.0), "shakespeare": ("benign", 1.5),
    "uk_education": ("benign", 3.0),
}
CATEGORY = {"bullying": "bullying", "threat": "threat", "self_harm": "selfharm", "sexual": "sexual",
            "grooming": "grooming", "hate": "hate", "profanity": "offence"}


def signs(**said):
    return "".join(said.get(h, "0") for h in HEADS)


NONE = signs(**{h: "-" for h in HEADS})
CALM = signs(hate="-", offence="-", bullying="-", threat="-", selfharm="-", grooming="-")


def say(name, x):
    """The signs for a line of a set."""
    bad, category = x["label"] == 1, x.get("category")
    if SETS[name][0] == "benign":
        return NONE
    if name == "davidson":
        return signs(hate="+", offence="+") if category == "hate" else signs(offence="+") if bad else CALM
    if name == "toxicspans":
        return signs(offence="+")
    if name == "hatemojibuild":
        return signs(hate="+", offence="+") if bad else signs(hate="-")
    if name == "hatecheck":
        profane = x["functionality"] in ("profanity_nh", "slur_reclaimed_nh")
        return signs(hate="+", offence="+") if bad else signs(hate="-", offence="0" if profane else "-", selfharm="-", sexual="-",
                                                              grooming="-", threat="-" if "target" not in x["functionality"] else "0")
    if name == "schoolcheck":
        if not bad:
            return NONE
        said = {h: "-" for h in HEADS if h not in ("hate", "offence", "bullying", "threat")}
        said[CATEGORY.get(category, "")] = "+"
        said.pop("", None)
        return signs(**said)
    if name == "identity_templates" and not bad:
        return NONE
    return signs(hate="+", offence="+") if bad else signs(hate="-", offence="-")


def clean(text):
    text = text.replace("[USER]", "@user").replace("[URL]", "http://link")
    return " ".join(text.split())


GROUPS = re.compile(r"\b(wom[ae]n|trans|gay|black|disabled|muslims?|immigrants?|people|person|who is|is|an?|[A-Z][a-z]+)\b")


def fold_of(name, x):
    """What differs only by the group or the name it is about goes into one fold."""
    key = GROUPS.sub("", x["text"]) if name in ("hatecheck", "schoolcheck") else x["id"]
    return zlib.crc32(key.encode()) % FOLDS


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("corpora")
    p.add_argument("--without", action="append", default=[])
    p.add_argument("--composed", action="append", default=[], help="further lines, already made")
    p.add_argument("--without-folds", default="", help="of every set, to be judged by them")
    a = p.parse_args()
    for name in sorted(SETS):
        if name in a.without:
            continue
        folder, weight = SETS[name]
        with open(os.path.join(a.corpora, folder, name + ".dev.jsonl"), encoding="utf-8") as f:
            for line in f:
                x = json.loads(line)
                text = clean(x["text"])
                fold = fold_of(name, x)
                if str(fold) not in a.without_folds.split(","):
                    sys.stdout.write("%s\t%g\t%d\t%s\n" % (say(name, x), weight, fold, text))
    for path in a.composed:
        with open(path, encoding="utf-8") as f:
            sys.stdout.write(f.read())


if __name__ == "__main__":
    main()
