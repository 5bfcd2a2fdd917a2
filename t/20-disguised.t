#!/usr/bin/python3
# Words disguised by HTML, look-alikes and signs are found in whole mails, once, at their place.
# fails-if: a finding is missing, not marked as disguised, counted twice, or its span is elsewhere
import json, os, subprocess, sys, tempfile

top, build = os.environ.get("top_srcdir", "."), os.environ.get("top_builddir", ".")
ctl = os.path.join(build, "schoolgatectl")
HEAD = "From: a@y.example\nTo: b@y.example\nSubject: s\nMIME-Version: 1.0\n"
RULE = "bully.insult"
PAGES = {	# what is in the page: is it disguised?
    "plain tags inside the word": ("an <b>i</b>d<i>i</i>ot", False),
    "a comment inside the word": ("an id<!-- x -->iot", False),
    "references": ("an &#105;&#x64;i&#111;t", False),
    "zero width": ("an i&#8203;d&#8203;i&#8203;o&#8203;t", False),
    "soft hyphens": ("an id&shy;iot", False),
    "joiners": ("an id&zwj;io&zwnj;t", False),
    "a place to break": ("an id<wbr>iot", False),
    "hidden by its style": ("an id<span style='display:none'>xqz</span>iot", False),
    "hidden by its size": ("an id<span style='font-size: 0px'>so there</span>iot", False),
    "hidden by a class": ("an id<span class='h'>abc</span>iot", False),
    "hidden by an attribute": ("an id<span hidden><b>ab</b>cd</span>iot", False),
    "far away": ("an id<span style='position:absolute; left: -999px'>abc</span>iot", False),
    "all of it hidden": ("a tree <span style='display:none'>you are an idiot</span>", False),
    "look-alikes": ("an \u0456d\u0456ot", True),
    "signs": ("an 1d10t", True),
    "a star": ("an id*ot", True),
    "a picture between": ("an id<img src='x'> iot", True),
    "marks strewn over": ("an i\u0336d\u0336i\u0336o\u0336t\u0336", True),
    "hidden, and signs": ("an 1d<span style='display:none'>xqz</span>10t", True),
}
BENIGN = ["a rad<span style='display:none'>x</span>io", "an id<span style='display:none'>x</span>ea",
          "a <span style='display:none'>ticket for</span>museum", "a radio<!-- idiot -->"]
ALTERNATIVES = [("you are an idiot, mate", "you are an id<b style='display:none'>xyz</b>iot, mate"),
                ("you are an 1diot, mate", "you are an idiot, mate"),
                ("you are an i d i o t, mate", "you are an id&#8203;iot, mate")]
LINES = ["é – you are an id1ot, ok", "naïve 🎉🎉 u are an i.d.i.o.t!", "ﬁne, you are an ｉdiot", "\u00a3\u00a3 you are an idi ot"]


def page(inner):
    return "<html><head><style>.h { display: none }</style></head><body><p>%s, ok</p></body></html>\n" % inner


def mail(html, text=None):
    part = "Content-Type: text/%s; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n"
    if text is None:
        return HEAD + part % ("html", page(html))
    return HEAD + "Content-Type: multipart/alternative; boundary=b\n\n--b\n%s--b\n%s--b--\n" % (
        part % ("plain", text + ", ok"), part % ("html", page(html)))


def findings(answer):
    if isinstance(answer, dict):
        if answer.get("rule") == RULE:
            yield answer
        answer = list(answer.values())
    if isinstance(answer, list):
        for x in answer:
            yield from findings(x)


def scan(data):
    with tempfile.NamedTemporaryFile(suffix=".eml") as f:
        f.write(data.encode())
        f.flush()
        p = subprocess.run([ctl, "--json", "scan", "--rules", os.path.join(top, "rules"), "--policy",
                            os.path.join(top, "rules/policy/policy.conf"), "--domain", "y.example", "--from",
                            "a@y.example", f.name], capture_output=True)
    if not p.stdout:
        print("#", p.stderr.decode(errors="replace"))
        return []
    return list(findings(json.loads(p.stdout.split(b"\n")[0])))


n = 0


def check(what, good, seen):
    global n
    n += 1
    print("%s %d - %s" % ("ok" if good else "not ok", n, what))
    if not good:
        print("#", json.dumps(seen)[:300])


print("1..%d" % (len(PAGES) + len(BENIGN) + len(ALTERNATIVES) + len(LINES)))
for what, (inner, disguised) in PAGES.items():
    f = scan(mail("you are " + inner))
    check(what, len(f) == 1 and f[0]["count"] == 1 and f[0]["disguised"] == disguised, f)
for inner in BENIGN:
    f = scan(mail("you are " + inner))
    check("innocent: " + inner, not f, f)
for text, html in ALTERNATIVES:
    f = scan(mail(html, text))
    check("once: %s / %s" % (text, html), len(f) == 1 and f[0]["count"] == 1, f)
p = subprocess.run([ctl, "scan", "--lines", "--rules", os.path.join(top, "rules")], capture_output=True,
                   input="".join(json.dumps({"id": x, "text": x}) + "\n" for x in LINES).encode())
for x, line in zip(LINES, p.stdout.splitlines()):
    spans = [s for s in json.loads(line)["spans"] if s[2] == RULE]
    got = [x[s[0]:s[1]] for s in spans]
    last = x.rstrip(", ok!”")
    check("place: " + x, len(got) == 1 and got[0] in (last[last.index("you"):] if "you" in last else last[last.index("u are"):],), got)
