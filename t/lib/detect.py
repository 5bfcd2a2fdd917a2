#!/usr/bin/env python3
"""detect - what the shipped rules find in the collections of labelled texts, and what it should be.

  t/lib/detect.py [--build DIR] [--rules DIR]... [--sets harm,data] [--misses SET [N]] [--keep DIR]

Runs every text through "schoolgatectl scan --lines", has the collections' own scorer judge the
answers, and prints one line a measure: what, figure, least (or most) it should be, ok or SHORT.
--misses shows what was wrongly flagged or not in one set (abusive language), by functionality.
Ends with 0 when every measure holds, 1 when one does not, 77 when the collections are not here.
"""
import argparse
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORPORA = os.path.join(os.path.dirname(TOP), "shared", "corpora")
MAIL = ["mail_sa_easy_ham_2", "shakespeare", "uk_education"]
HARM = ["hatecheck", "davidson", "edos", "measuringhate", "hatemojibuild", "toxicspans", "schoolcheck",
        "identity_templates"]
NUMBERS = ["UPN", "ULN", "NHS", "CHI", "NINO", "UTR", "CARD", "IBAN", "SORTCODE", "ACCOUNT", "PASSPORT", "DVLA", "TRN"]


def path(name):
    for folder in ("offensive", "benign", "pii"):
        p = os.path.join(CORPORA, folder, name + ".dev.jsonl")
        if os.path.exists(p):
            return p
    sys.exit("no collection " + name)


def read(p):
    with open(p, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def scan(ctl, rules, gold, out):
    """The answers to one collection, in the file out."""
    args = [ctl, "scan", "--lines"]
    for r in rules:
        args += ["--rules", r]
    text = "".join(json.dumps({"id": x["id"], "text": x["text"]}) + "\n" for x in gold)
    with open(out, "w") as f:
        done = subprocess.run(args, input=text.encode(), stdout=f, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1):
        sys.exit("scan --lines: exit %d: %s" % (done.returncode, done.stderr.decode()[-2000:]))


def score(names, folder):
    """The scorer's own figures for these collections, and its text."""
    out = os.path.join(folder, "score.json")
    args = [sys.executable, os.path.join(CORPORA, "score.py"), "--json", out]
    for n in names:
        args += ["--pred", os.path.join(folder, n + ".pred")]
    benign = [n for n in names if n in MAIL]
    args += [path(n) for n in names if n not in benign]
    if benign:
        args += ["--benign"] + [path(n) for n in benign]
    text = subprocess.run(args, stdout=subprocess.PIPE, check=True).stdout.decode()
    with open(out) as f:
        return {k.replace(".dev", ""): v for k, v in json.load(f).items()}, text


class Measures:
    def __init__(self):
        self.short = 0

    def least(self, what, figure, least):
        self.line(what, figure, ">=", least, figure is not None and figure >= least)

    def most(self, what, figure, most):
        self.line(what, figure, "<=", most, figure <= most)

    def line(self, what, figure, sign, bound, good):
        self.short += not good
        print("%-52s %8s  %s %-6g %s" % (what, "-" if figure is None else "%.3f" % figure, sign, bound,
                                         "ok" if good else "SHORT"))


def harm(m, r, folder):
    mail = sum(r[n]["flagged"]["fp"] for n in MAIL) / sum(r[n]["n"] for n in MAIL) * 1e4
    m.most("benign mail, flags per 10,000", mail, 10)
    m.most("school mail with look-alikes, flags per 10,000", r["school_mail"]["per10k"], 20)
    hc = r["hatecheck"]
    m.least("HateCheck macro-F1 (hate)", hc["judged"]["macroF1"], .75)
    f = hc["functionality"]
    worst = min(f, key=f.get)
    m.least("HateCheck, worst functionality: " + worst, f[worst], .30)
    m.least("HateCheck, quoted counter-speech", f["counter_quote_nh"], .50)
    for k in sorted(k for k in f if k.startswith("spell_")):
        m.least("HateCheck, " + k, f[k], .88)
    for n in ("davidson", "edos", "measuringhate"):
        b = r[n].get("budget")
        m.least(n + " macro-F1 at the budget", b and b["macroF1"], .68)
    m.least("davidson F1", r["davidson"]["flagged"]["F1"], .95)
    m.least("hatemoji F1 (hate)", r["hatemojibuild"]["judged"]["F1"], .78)
    sc = r["schoolcheck"]
    m.least("SchoolCheck F1", sc["flagged"]["F1"], .92)
    m.least("SchoolCheck category macro-F1", sc.get("category_macroF1"), .88)
    m.least("SchoolCheck look-alikes right", sc["flagged"]["tn"] / (sc["flagged"]["tn"] + sc["flagged"]["fp"]), .97)
    m.least("SchoolCheck obfuscated profanity", sc["functionality"]["profanity_obfusc_h"], .95)
    i = r["identity_templates"]
    m.most("identity templates, harmless ones flagged", i["flagged"]["fpr"], .01)


def only_data(rules, folder):
    """The rules but for the packs of harm: what else flags a text is not for data() to count."""
    out = os.path.join(folder, "rules")
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(rules, out)
    for pack in glob.glob(os.path.join(out, "*.conf")):
        with open(pack, encoding="utf-8") as f:
            if not re.search(r'^category = "(personal-data|secrets)"', f.read(), re.M):
                os.remove(pack)
    return out


def per_10k(names, folder):
    answers = [p for n in names for p in read(os.path.join(folder, n + ".pred"))]
    return 1e4 * sum(p["flagged"] for p in answers) / len(answers)


def data(m, r, folder):
    m.most("benign mail, data flags per 10,000", per_10k(MAIL, folder), 2)
    m.most("school mail, data flags per 10,000", per_10k(["school_mail"], folder), 5)
    s, c = r["schoolpii"].get("spans", {}), r["schoolpii"].get("category", {})
    for k in NUMBERS:
        m.least("SchoolPII %s precision" % k, s.get(k, {}).get("P"), .99)
        m.least("SchoolPII %s recall" % k, s.get(k, {}).get("R"), .99)
    m.least("SchoolPII ROSTER F1", c.get("ROSTER", {}).get("F1"), .98)
    secrets = [c[k]["F1"] for k in ("PASSWORD", "SECRET") if k in c]
    m.least("SchoolPII secrets F1", sum(secrets) / len(secrets) if secrets else None, .92)
    for k in ("MEDICAL", "SEN", "SAFEGUARD"):
        m.least("SchoolPII %s F1" % k, c.get(k, {}).get("F1"), .85)
    m.least("SchoolPII macro-F1", r["schoolpii"].get("category_macroF1"), .93)
    p = r["presidio_generated"].get("spans", {})
    for k, least in (("CREDIT_CARD", .95), ("IBAN_CODE", 1.0), ("EMAIL_ADDRESS", 1.0)):
        m.least("Presidio %s recall" % k, p.get(k, {}).get("R"), least)
        m.least("Presidio %s precision" % k, p.get(k, {}).get("P"), .98)


def misses(name, folder, most):
    pred = {x["id"]: x for x in read(os.path.join(folder, name + ".pred"))}
    by = collections.defaultdict(list)
    for x in read(path(name)):
        p = pred[x["id"]]
        flagged = bool(set(p["categories"]) & set(x["judge"])) if x.get("judge") else p["flagged"]
        if flagged != bool(x["label"]):
            by[(x.get("functionality") or x["source"], "missed" if x["label"] else "wrong")].append(
                "%s  %s" % (x["text"][:300].replace("\n", " / "), sorted({s[2] for s in p["spans"]}) or ""))
    for key in sorted(by):
        print("%s, %s: %d" % (*key, len(by[key])))
        for t in by[key][:most]:
            print("    " + t)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--build", default=os.path.join(TOP, "build-check"))
    ap.add_argument("--rules", action="append")
    ap.add_argument("--sets", default="harm")
    ap.add_argument("--misses", nargs="+", default=[])
    ap.add_argument("--keep")
    ap.add_argument("--scores", action="store_true", help="print all that the scorer says")
    a = ap.parse_args()
    if not os.path.isdir(CORPORA):
        print("the collections of labelled texts are not here")
        return 77
    ctl, m = os.path.join(a.build, "schoolgatectl"), Measures()
    with tempfile.TemporaryDirectory() as tmp:
        folder = a.keep or tmp
        os.makedirs(folder, exist_ok=True)
        names = {"harm": MAIL + ["school_mail"] + HARM, "data": MAIL + ["school_mail", "schoolpii", "presidio_generated"]}
        rules = a.rules or [os.path.join(TOP, "rules")]
        if a.misses:
            scan(ctl, rules, read(path(a.misses[0])), os.path.join(folder, a.misses[0] + ".pred"))
            misses(a.misses[0], folder, int(a.misses[1]) if len(a.misses) > 1 else 5)
            return 0
        began = time.time()
        for s in a.sets.split(","):
            own = [only_data(r, folder) for r in rules] if s == "data" else rules
            for n in names[s]:
                scan(ctl, own, read(path(n)), os.path.join(folder, n + ".pred"))
            figures, text = score(names[s], folder)
            if a.scores:
                print(text)
            {"harm": harm, "data": data}[s](m, figures, folder)
        print("%.0f s, %d short" % (time.time() - began, m.short))
    return 1 if m.short else 0


if __name__ == "__main__":
    sys.exit(main())
