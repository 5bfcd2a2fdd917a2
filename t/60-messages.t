#!/usr/bin/python3
# One message: the ladder up to its pictures, seals and who may lift them, several at once, people it is about.
# fails-if: a rung is skipped or shown before it is on record, a picture leaves without a live grant, for a sealed
#           message or when it moves, anything of a sealed message shows in any output, one person lifts a seal,
#           bulk touches urgent or changed messages, somebody a message is about can
#           see or count it, or a web page loses what was typed, skips a step or lets strings of mail change it
import base64
import glob
import html.parser
import http.client
import json
import os
import re
import sqlite3
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import UIDS, Desk, Socket, finding, needs_root, part, reading  # noqa: E402
from sg import Tap, until  # noqa: E402
from visitor import Visitor  # noqa: E402

needs_root()
tap = Tap()
desk = Desk(console='sealed_view = "two_person";')
desk.house.start("scan")
until(lambda: "ready rules=" in desk.house.log("scan"), 60)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(moves=False):
    rows = b"".join(b"\0" + bytes([40 * x, 90, 200 - 20 * y]) * 1 for y in range(4) for x in range(1))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 4, 8, 2, 0, 0, 0))
            + (chunk(b"acTL", struct.pack(">II", 2, 0)) if moves else b"") + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def mail(text, *files):
    out = ["From: ann@pupils.hillview.example", "Subject: " + text[:20], "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "",
           "--b", "", text]
    for name, kind, data in files:
        out += ["--b", "Content-Type: " + kind, "Content-Transfer-Encoding: base64", 'Content-Disposition: attachment; filename="%s"' % name, "",
                base64.encodebytes(data).decode().replace("\n", "\r\n")]
    return "\r\n".join(out + ["--b--", ""])


def looks(ref):
    return [tuple(r) for r in desk.house.sql("SELECT action, detail FROM audit WHERE ref = ? ORDER BY seq", ref)]


def with_pictures(text="you are a fake loser", word="fake loser", **more):
    files = [("party.png", "image/png", png()), ("wave.png", "image/png", png(True)), ("x.svg", "image/svg+xml", b"<svg/>")]
    return desk.fill({"to": ["out@x.example=outside"], "message": mail(text, *files), "reading": reading(
        [("body", "1", "", text)], [finding(text, word)],
        [part("1"), part("2", "party.png", "image/png", "image"), part("3", "wave.png", "image/png", "image"),
         part("4", "x.svg", "image/svg+xml", "image"), part("5", "list.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
         part("5.1", "inside.png", "image/png", "image")]), **more})[0]


# --- the ladder up to pictures -----------------------------------------------------------
ref = with_pictures()
url = "/message/" + ref
for rung, want in (("picture", 409), ("pictures", 409), ("text", 409)):
    tap.ok(desk.ask("lead", "POST", url + "/reveal", {"rung": rung, "part": "2"})[0] == want, "%s: no rung is left out" % rung)
s, _, m = desk.ask("lead", "GET", url + "/picture/2")
tap.ok(s == 403 and "PNG" not in json.dumps(m), "no picture without its rung", m)
for rung in ("words", "text"):
    s, _, m = desk.ask("lead", "POST", url + "/reveal", {"rung": rung})
tap.ok(s == 200 and "pictures" not in m and m["picture_count"] == 2 and m["ladder"]["pictures"], "reading loads no picture", m.get("ladder"))
tap.ok(desk.ask("lead", "GET", url + "/picture/2")[0] == 403, "and none can be had")
s, _, m = desk.ask("lead", "POST", url + "/reveal", {"rung": "pictures"})
tap.ok(s == 200 and [(p["part"], p["clear"]) for p in m["pictures"]] == [("2", False), ("3", False)] and m["rung"] == "pictures",
       "rung 4: the pictures of the mail, none of them clear, none from inside a file", m.get("pictures"))


def fetch(who, number):
    c = Socket(desk.socket, UIDS[who])
    c.request("GET", "%s/picture/%s" % (url, number), headers={"Accept": "*/*"})
    r = c.getresponse()
    body = r.read()
    c.close()
    return r.status, r.headers, body


s, h, body = fetch("lead", "2")
tap.ok(s == 200 and body == png() and h["Content-Type"] == "image/png" and h["Content-Security-Policy"] == "sandbox; default-src 'none'"
       and h["X-Content-Type-Options"] == "nosniff" and h["Cache-Control"] == "no-store", "a worker takes it out; byte for byte, sandboxed", s, h.items(), body[:60])
tap.ok(looks(ref)[-1] == ("picture", "rung=4 part=2"), "on record before it left", looks(ref)[-3:])
for number, why in (("3", "it moves"), ("4", "PNG"), ("5.1", "no such part"), ("1", "PNG"), ("9", "no such part")):
    s, _, body = fetch("lead", number)
    tap.ok(s == 404 and why in body.decode(), "part %s is not shown: %s" % (number, why), s, body[:200])
tap.ok(fetch("deputy", "2")[0] == 403 and fetch("governor", "2")[0] == 403, "for nobody else")
s, _, m = desk.ask("lead", "POST", url + "/reveal", {"rung": "picture", "part": "2"})
tap.ok(s == 200 and [p["clear"] for p in m["pictures"]] == [True, False] and ("revealed", "rung=5 part=2") in looks(ref), "rung 5: one clearly, on record", m.get("pictures"))
fetch("lead", "2")
tap.ok(looks(ref)[-1] == ("picture", "rung=5 part=2"), "and so is its being fetched", looks(ref)[-1])
tap.ok(desk.ask("lead", "POST", url + "/reveal", {"rung": "picture", "part": "../2"})[0] == 400, "parts are parts")
desk.house.fault("console", "store.commit=fail@1")
s, _, body = fetch("lead", "2")
tap.ok(s == 503 and b"PNG" not in body, "no audit, no picture", s)
desk.house.fault("console", "")
desk.ask("lead", "POST", url + "/hide")
tap.ok(fetch("lead", "2")[0] == 403, "hide ends it")

# --- sealed: blind everywhere ------------------------------------------------------------------
MARK = "zebramarker"
mark = with_pictures(text="this %s is a fake loser" % MARK, word="fake loser", **{"from": "%sfrom@pupils.hillview.example" % MARK})
sealed_words = [MARK + " is", "fake loser", "party.png", "wave.png", "list.docx"]
for rung in ("words", "text", "pictures"):
    desk.ask("lead", "POST", "/message/%s/reveal" % mark, {"rung": rung})
s, _, m = desk.ask("lead", "POST", "/message/%s/seal" % mark, {})
tap.ok(s == 200 and m["sealed"], "sealed at the press of a button, no reason asked", m)
url = "/message/" + mark
outputs = {}
for who in ("lead", "deputy", "head"):
    for method, path, body in (("GET", "", None), ("GET", "?rung=4&people=1", None), ("POST", "/reveal", {"rung": "words"}), ("POST", "/reveal", {"rung": "pictures"}),
                               ("GET", "/picture/2", None), ("GET", "/told", None), ("GET", "/unseal", None), ("GET", "/pass", None),
                               ("POST", "/decide", {"code": "release", "reason": "x", "version": m["version"]})):
        outputs[who, method, path] = json.dumps(desk.ask(who, method, url + path, body)[2], ensure_ascii=False)
    for path in ("/queue?show=all", "/queue?show=all&people=1", "/search?limit=1000", "/audit", "/search?ref=" + mark):
        outputs[who, "GET", path] = json.dumps(desk.ask(who, "GET", path)[2], ensure_ascii=False)
for args in (("held", "show", mark), ("held", "read", mark, "--text"), ("held", "list", "--all"), ("held", "show", mark, "--people"), ("trace", mark)):
    r = desk.ctl("lead", *args)
    outputs["ctl"] = outputs.get("ctl", "") + r.stdout + r.stderr
found = [(k, w) for k, v in outputs.items() for w in sealed_words if w in v]
tap.ok(not found, "no output of it has a word, a name of a file or a subject", *found[:6])
s, _, m = desk.ask("lead", "GET", url)
tap.ok(m["hits"] and "excerpt" not in m["hits"][0] and "attachments" not in m and not m["choices"] and "reason" not in json.dumps(m.get("decision", "")),
       "only facts are left", m)
tap.ok(desk.house.sql("SELECT sealed FROM incident WHERE ref = ?", mark) == [(1,)]
       and not [r for r in desk.house.sql("SELECT i.ref FROM outbox o JOIN incident i ON i.id = o.incident WHERE o.kind = 'notice'") if r[0] == mark], "no notice about it")
s, _, m = desk.ask("deputy", "POST", url + "/told", {})
tap.ok(s == 422, "whom was told: an empty form is asked again", m)
s, _, m = desk.ask("deputy", "POST", url + "/told", {"who-head": True, "who-police": True})
tap.ok(s == 200 and looks(mark)[-1] == ("told", "who=head,police"), "who was told is on record", looks(mark)[-1])

# --- lifting a seal -------------------------------------------------------------------------------
tap.ok(desk.ask("dpo", "POST", url + "/unseal", {"reason": "x"})[0] == 403, "not for the data protection officer")
tap.ok(desk.ask("lead", "POST", url + "/unseal", {})[0] == 422, "a reason is asked for")
s, _, m = desk.ask("lead", "POST", url + "/unseal", {"reason": "it is a drawing of a house"})
tap.ok(s == 200 and not m["lifted"] and desk.ask("head", "GET", url)[2]["sealed"], "one person asks, and it stays sealed", m)
tap.ok(desk.ask("lead", "POST", url + "/unseal", {"reason": "again"})[0] == 409, "the same person cannot agree")
s, _, m = desk.ask("head", "GET", url + "/unseal")
tap.ok(m["asked"]["reason"] == "it is a drawing of a house" and not any(w in json.dumps(m) for w in sealed_words), "the second sees who asked, and why; nothing of the message", m)
s, _, m = desk.ask("head", "POST", url + "/unseal", {"reason": "I agree"})
tap.ok(s == 200 and m["lifted"] and not desk.ask("head", "GET", url)[2]["sealed"], "two people lift it", m)
tap.ok(desk.house.sql("SELECT kind, template, role FROM outbox WHERE template = 'unsealed'") == [("alert", "unsealed", "head")], "the head is told")
tap.ok(desk.ask("lead", "GET", url + "?rung=4")[2]["rung"] == "masked", "grants from before are gone")

# --- several at once ---------------------------------------------------------------------------------
low = [desk.hold("a damn thing %d" % i, "damn", severity=2, category="profanity") for i in range(3)]
medium = desk.hold("you loser", "loser")
high = desk.hold("bad", "bad", severity=4, category="threat")
s, _, m = desk.ask("lead", "POST", "/queue/bulk", {"do": "release", **{r: "1" for r in low + [medium, high, ref]}})
tap.ok(s == 200 and len(m["rows"]) == 5 and m["left_out"] == 1 and high not in json.dumps(m).replace("-", "") and "damn" not in json.dumps(m)
       and all(r["excerpt"] for r in m["rows"]), "check page: low and medium, each with its masked excerpt", m)
tap.ok(("looked", "rung=1 bulk") in looks(low[0]), "each look is on record", looks(low[0]))
seen = {r["id"]: r["version"] for r in m["rows"] if r["id"].replace("-", "") != ref}
tap.ok(desk.ask("lead", "POST", "/queue/bulk", {"do": "release", "sure": True, **seen})[0] == 422, "a reason is asked for")
tap.ok(desk.ask("lead", "POST", "/queue/bulk", {"do": "shred", "sure": True, "reason": "x", **seen})[0] == 400, "one of four actions")
tap.ok(desk.ask("head", "POST", "/queue/bulk", {"do": "release"})[0] == 403, "lead and deputy only")
desk.ask("deputy", "POST", "/message/%s/take" % low[0], {})
s, _, m = desk.ask("lead", "POST", "/queue/bulk", {"do": "release", "sure": True, "reason": "all the same film quote", **seen})
tap.ok(s == 200 and m["count"] == 3, "what somebody else has meanwhile is left out", m)
state = {r: desk.house.sql("SELECT c.state FROM copy c JOIN incident i ON i.id = c.incident WHERE i.ref = ?", r)[0][0] for r in low + [medium, high]}
tap.ok([state[r] for r in low + [medium, high]] == ["waiting", "releasing", "releasing", "releasing", "waiting"], "the others are decided", state)
tap.ok(all([a for a in looks(r) if a[0] == "decided"] == [("decided", "code=release copies=1")] for r in low[1:] + [medium]), "each with its own entry")
pair = [desk.hold("a damn thing", "damn", severity=2, category="profanity") for _ in range(2)]
seen = {r["id"]: r["version"] for r in desk.ask("lead", "POST", "/queue/bulk", {"do": "reassign", **{r: "1" for r in pair}})[2]["rows"]}
s, _, m = desk.ask("lead", "POST", "/queue/bulk", {"do": "reassign", "to": "patel", "sure": True, **seen})
told = desk.house.sql("SELECT i.ref, o.address FROM outbox o JOIN incident i ON i.id = o.incident WHERE o.template = 'passed'")
tap.ok(s == 200 and sorted(told) == sorted((r, "patel@hillview.example") for r in pair), "who is passed several gets a mail about each", (s, m, told))
many = [desk.hold("a damn thing %d" % i, "damn", severity=2, category="profanity") for i in range(53)]
s, _, m = desk.ask("lead", "POST", "/queue/bulk", {"do": "withhold", **{r: "1" for r in many}})
tap.ok(s == 200 and len(m["rows"]) == 50, "at most fifty", len(m.get("rows", [])))
seen = {r["id"]: r["version"] for r in m["rows"][:2]}
first = m["rows"][0]["id"].replace("-", "")
desk.ask("lead", "POST", "/message/%s/reveal" % first, {"rung": "words"})
s, _, m = desk.ask("lead", "POST", "/queue/bulk", {"do": "withhold", "sure": True, "reason": "x", **seen})
tap.ok(s == 422 and "nothing was changed by you" in json.dumps(m) and not [a for r in seen for a in looks(r.replace("-", "")) if a[0] == "decided"],
       "one that was changed meanwhile stops all of it", m)

# --- disclosure, privileged -----------------------------------------------------------------------------
helpme = desk.hold("please help me", "help", category="disclosure", severity=5, state="passed", disclosure=1)
s, _, m = desk.ask("lead", "GET", "/message/" + helpme)
tap.ok(m["disclosure"] and m["state"] == "passed" and not m["choices"], "a disclosure is shown as one; it was delivered", m)
line = desk.hold("words", "words", privileged=1)
s, _, m = desk.ask("lead", "GET", "/message/" + line)
tap.ok("return" not in [c["value"] for c in m["choices"]], "nobody is told about mail with a helpline", m["choices"])
tap.ok(desk.ask("lead", "POST", "/message/%s/decide" % line, {"code": "return", "reason": "x", "version": m["version"]})[0] == 400, "also when asked for")

# --- people a message is about -----------------------------------------------------------------------------
about = desk.hold("%s about the lead" % MARK, MARK, subjects=["okafor@hillview.example"])
rows = {who: [r["id"].replace("-", "") for r in desk.ask(who, "GET", "/queue")[2]["rows"]] for who in ("lead", "deputy")}
tap.ok(about in rows["deputy"] and about not in rows["lead"], "a message about somebody is not in their queue")
tap.ok(desk.ask("lead", "GET", "/message/" + about)[::2] == desk.ask("lead", "GET", "/message/00000000")[::2], "and not found for them")
counts = [desk.ask(who, "GET", "/queue/count")[2]["waiting"] for who in ("lead", "deputy")]
tap.ok(counts[1] == counts[0] + 1, "nor counted", counts)
tap.ok(not [r for r in desk.ask("lead", "GET", "/search?limit=1000")[2]["rows"] if r.get("ref") == about], "nor found by a search")
tap.ok(not [e for e in desk.ask("lead", "GET", "/audit?limit=1000")[2]["rows"] if e["id"].replace("-", "") == about], "nor in the audit")
s, _, m = desk.ask("deputy", "POST", "/message/%s/pass" % about, {"to": "okafor", "version": desk.version(about, "deputy")})
tap.ok(s == 400, "nor passed to them", m)

# --- the same pages for a browser -------------------------------------------------------------------------------
class Shape(html.parser.HTMLParser):
    """Tags, forms and texts of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.forms, self.texts, self.ids = [], [], "", set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.tags.append((tag, tuple(sorted(k for k, _ in attrs))))
        self.ids.add(a.get("id"))
        if tag == "form":
            self.forms.append((a.get("action"), {}))
        elif self.forms and tag in ("input", "button", "textarea") and a.get("name"):
            self.forms[-1][1][a["name"]] = a.get("value", "")

    def handle_data(self, data):
        self.texts += data


def on_disk(word):
    for where, _, names in os.walk(desk.house.path("store")):
        for name in names:
            with open(os.path.join(where, name), "rb") as f:
                if word.encode() in f.read():
                    return True
    return False


def page(who, path, method="GET", body=None):
    c = Socket(desk.socket, UIDS[who])
    sent = {"Accept": "text/html", **({"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {})}
    c.request(method, path, body=body, headers=sent)
    r = c.getresponse()
    text = r.read().decode(errors="replace")
    c.close()
    return r.status, r.headers, text


web = with_pictures(text="you are a fake loser <b>and</b> \"so\" on", subject="x")
url = "/message/" + web
s, _, t = page("lead", url)
first = Shape(t)
tap.ok(s == 200 and "loser" not in t and "Show the matched words" in t and "Read the message" not in t and "Show pictures" not in t and "Why it was held" in t
       and "ann@pupils.hillview.example" in t, "the page begins with masked words and one way on", t[:3000])
tap.ok(len(t) < 40000, "40 kB at most", len(t))
tap.ok(looks(web)[-1] == ("looked", "rung=1 people"), "on record, people too", looks(web))
for rung, button in (("words", "Read the message"), ("text", "Show pictures"), ("pictures", "Show it clearly")):
    s, h, _ = page("lead", url + "/reveal", "POST", "rung=" + rung)
    tap.ok(s == 303 and h["Location"].startswith("/message/" + web[:4] + "-" + web[4:]), "%s: and back to the page" % rung, s, h["Location"])
    _, _, t = page("lead", url)
    tap.ok(button in t, "then the next step is offered: " + button)
tap.ok("&lt;b&gt;and&lt;/b&gt;" in t and "<b>" not in t, "text of mail is text")
shape = Shape(t)
tap.ok(t.count('class="sg-blur"') == 2 and "/picture/2" in t and "/picture/3" in t, "pictures are grey and blurred")
page("lead", url + "/reveal", "POST", "rung=picture&part=2")
tap.ok(page("lead", url)[2].count('class="sg-blur"') == 1, "one is clear")
version = desk.version(web)
s, _, t = page("lead", url + "/decide", "POST", "version=%d&reason=typed+words&mistake=1" % version)
e = Shape(t)
tap.ok(s == 422 and "There is a problem" in t and "<title>Error: " in t and "typed words</textarea>" in t and 'href="#d-release"' in t and "d-release" in e.ids
       and re.search(r'name="mistake"[^>]*checked', t), "no choice: an error summary that leads to the field, what was typed is kept", s, t[:1500])
s, _, t = page("lead", url + "/decide", "POST", "version=%d&code=withhold" % version)
tap.ok(s == 422 and 'href="#reason"' in t and re.search(r'value="withhold"[^>]*checked', t), "no reason: the same, the choice is kept", s)
s, _, t = page("lead", url + "/decide", "POST", "version=%d&code=release_stripped&reason=ok" % version)
tap.ok(s == 200 and "Which attachments" in t and "party.png" in t and 'name="reason" value="ok"' in t, "which attachments is asked next", s, t[:800])
tap.ok(page("lead", url + "/decide", "POST", "version=%d&code=release_stripped&reason=ok&step=1" % version)[0] == 422, "and asked again when none is chosen")
s, _, t = page("lead", url + "/decide", "POST", "version=%d&code=release_advised&reason=ok" % version)
tap.ok(s == 200 and "What the sender is told" in t and "Messages cannot be taken back" in t and "Please read this" in t and "the school office" in t,
       "the note is shown as it will be, and can be changed", s, t[:800])
s, h, _ = page("lead", url + "/decide", "POST", "version=%d&code=release_advised&reason=ok&step=1&note=zebranote+be+kind" % version)
tap.ok(s == 303 and h["Location"].endswith("?done=released-advised"), "released with it", s, h["Location"])
_, _, t = page("lead", h["Location"])
tap.ok("zebranote be kind" in t and re.search(r"within \d+ seconds", t) and Shape(t).forms and [f for f in Shape(t).forms if f[0].endswith("/undo")], "a banner with undo; the note is on the page")
_, _, later = page("lead", url)
tap.ok(re.search(r"It goes out in \d+ seconds", later) and len([f for f in Shape(t).forms if f[0].endswith("/undo")]) == 1
       and len([f for f in Shape(later).forms if f[0].endswith("/undo")]) == 1, "undo is there once, as long as it works")
tap.ok(not on_disk("zebranote"), "the note is kept sealed")
s, _, t = page("deputy", url + "/decide", "POST", "version=%d&code=withhold&reason=x" % version)
tap.ok(s == 409 and "okafor" in t and "released it with a note" in t and "Nothing was changed by you" in t, "a stale form: who did what, and that nothing was changed", s, t[-1800:])
s, h, _ = page("lead", url + "/undo", "POST", "")
tap.ok(s == 303 and h["Location"].endswith("done=undone") and "zebranote" not in page("lead", url)[2], "undo")
page("lead", url + "/take", "POST", "")
s, _, t = page("deputy", url)
tap.ok("Take it over" in t and "Show the matched words" not in t and "Your decision" not in t, "somebody else's: only taking over is offered", s)
s, _, t = page("deputy", url + "/take", "POST", "")
tap.ok(s == 422 and "Choose why you take it over" in t, "which asks why", s)
page("lead", url + "/reveal", "POST", "rung=words")
tap.ok(page("deputy", url + "/take", "POST", "over=absent")[0] == 303 and "fake loser" not in page("lead", url)[2] and "You have it" in page("deputy", url)[2], "taken over")
s, _, t = page("deputy", url + "/pass")
tap.ok(s == 200 and "Pass it on" in t and 'value="lowe"' in t and 'value="patel"' not in t and 'value="tech"' not in t, "passed only to those who may read it", s)
tap.ok(page("deputy", url + "/pass", "POST", "version=%d" % desk.version(web, "deputy"))[0] == 422, "to whom is asked")
s, h, _ = page("deputy", url + "/pass", "POST", "version=%d&to=lowe&reason=zebranote+please+look" % desk.version(web, "deputy"))
tap.ok(s == 303 and "zebranote please look" in page("head", url)[2] and not on_disk("zebranote"), "the note reaches them on the page only", s)
urgent = desk.hold("I want to end it all", "end it all", category="self-harm", severity=5)
_, _, t = page("lead", "/message/" + urgent)
tap.ok(t.index("What to do") < t.index("Why it was held") and "not an emergency service" in t and "999" in t, "urgent: what to do comes first")
page("lead", "/message/%s/seal" % urgent, "POST", "")
page("lead", "/message/%s/seal" % web, "POST", "")
for r in (urgent, web):
    _, _, t = page("head", "/message/" + r)
    told = [w for w in ("loser", "party.png", "end it all", "zebranote", "/reveal", "/picture/", "/decide", "/hide\"><") if w in t]
    tap.ok("Do not try to open it" in t and not told and "101" in t and "Deletion" in t, "sealed: facts and the school's steps, no way to open it", told, "101" in t)
other = desk.hold("you loser", "loser", **{"from": "ann@pupils.hillview.example"})
_, _, t = page("lead", "/message/" + other)
tap.ok("What happened before" in t and re.search(r"In the last 12 months \d+ other messages", t) and "loser" not in t, "what happened before: counts and links, no word of it", t[-3000:])
mine = desk.hold("you loser", "loser", **{"from": "zoe@pupils.hillview.example", "to": ["okafor@hillview.example=staff"]})
seen = desk.hold("you loser", "loser", **{"from": "zoe@pupils.hillview.example", "to": ["yan@pupils.hillview.example=pupil"]})
_, _, a = page("lead", "/message/" + seen)
_, _, b = page("deputy", "/message/" + seen)
tap.ok("Nothing else was held" in a and "another message" in b, "mail of one's own is not counted there either", a[-3000:])
nasty = '"><script>alert(1)</script>{{x}}\u202e\x1b[2J'
evil = desk.fill({"to": ["out@x.example=outside"], "reading": reading([("subject", "", "", nasty), ("body", "1", nasty, nasty)],
                 [finding(nasty, "<script>", name=nasty)], [part("1"), part("2", nasty, "image/png", "image")])})[0]
plain = desk.fill({"to": ["out@x.example=outside"], "reading": reading([("subject", "", "", "abc def ghi"), ("body", "1", "abc", "abc def ghi")],
                  [finding("abc def ghi", "def", name="abc")], [part("1"), part("2", "abc", "image/png", "image")])})[0]
shapes = []
for r in (evil, plain):
    for rung in ("words", "text", "pictures"):
        page("lead", "/message/%s/reveal" % r, "POST", "rung=" + rung)
    t = page("lead", "/message/" + r)[2]
    shapes.append(Shape(t.replace(r[:4] + "-" + r[4:], "X")).tags)
    tap.ok("alert(1)</script>" not in t and not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", t), "hostile strings are only text")
tap.ok(shapes[0] == shapes[1], "and leave the skeleton of the page as it is", [x for x in zip(*shapes) if x[0] != x[1]][:5])

# --- cover, and how much somebody has had to read ---------------------------------------------------------------
tap.ok(desk.ask("deputy", "POST", "/cover", {})[0] == 403 and desk.ask("it", "GET", "/cover")[0] == 403, "only a lead names a deputy")
s, _, t = page("lead", "/cover", "POST", "deputy=lowe&since-day=31&since-month=2&since-year=2099&until-day=1")
tap.ok(s == 422 and 'href="#deputy-1"' in t and 'href="#since-day"' in t and 'href="#until-day"' in t and 'value="2099"' in t, "a head is no deputy, the 31st of February no day; what was typed is kept", s, t[-3000:])
s, h, _ = page("lead", "/cover", "POST", "deputy=patel&since-day=1&since-month=7&since-year=2099&until-day=14&until-month=7&until-year=2099")
s2, _, t = page("deputy", "/cover")
tap.ok(s == 303 and s2 == 200 and "14 July 2099" in t and "End it" not in t and "Save" not in t, "a cover; the deputy sees it", s, t[-2500:])
number = desk.ask("lead", "GET", "/cover")[2]["rows"][0]["number"]
tap.ok(desk.ask("lead", "POST", "/cover", {"deputy": "patel", "since": "2098-07-14", "until": "2098-07-01"})[0] == 422, "the last day is not before the first")
tap.ok(desk.ask("lead", "POST", "/cover/%d" % number, {})[0] == 200 and desk.ask("lead", "POST", "/cover/%d" % number, {})[0] == 404
       and desk.ask("lead", "GET", "/cover")[2]["rows"] == [], "and its end")
tap.ok([a[0] for a in desk.house.sql("SELECT action FROM audit WHERE action LIKE 'cover%' ORDER BY seq")] == ["cover", "cover-ended"], "both on record")
hard = [desk.hold("I want to end it all", "end it all", category="self-harm", severity=5) for _ in range(11)]
for r in hard:
    page("lead", "/message/%s/reveal" % r, "POST", "rung=words")
_, _, t = page("lead", "/message/" + hard[0])
tap.ok(re.search("You have dealt with 1[1-9] serious messages this week", t) and "/message/%s-%s/pass" % (hard[0][:4], hard[0][4:]) in t, "after many serious messages the page offers to pass this one on", t[-2500:])
week = {who: page(who, "/wellbeing")[2] for who in ("lead", "head", "governor")}
tap.ok(re.search("dealt with 1[1-9] serious messages", week["lead"]) and "okafor" not in week["lead"].split("<main")[1] and re.search("okafor.*?>1[1-9]<", week["head"], re.S)
       and "serious message" not in week["governor"].split("<main")[1].split("Whom to talk to")[0], "everybody sees their own number, the head everybody's", week["head"][-2500:])

# --- the same for who has signed in: every form with its token ------------------------------------------------------
v = Visitor(desk.house)
v.set_up(desk.ctl("it", "user", "add", "ruth", "--role", "lead", "--mail", "ruth@hillview.example", "--person", "Mrs Ruth").stdout, "tractor violin seven lamps")
over = with_pictures()
url = "/message/" + over
tap.ok(v.get(url) == 200 and "Show the matched words" in v.body and "loser" not in v.body, "signed in: the page, masked", v.status, v.body[:500])
tap.ok(v.post(url + "/reveal", csrf="0" * 64, rung="words") == 403 and ("revealed", "rung=2") not in looks(over), "a form without its token reveals nothing", v.status)
tap.ok(v.post(url + "/reveal", headers={"Origin": "http://evil.example"}, rung="words") == 403 and ("revealed", "rung=2") not in looks(over), "nor one from elsewhere", v.status)
for rung in ("words", "text", "pictures"):
    v.get(url)
    tap.ok(v.post(url + "/reveal", rung=rung) == 303, "with it: " + rung, v.status, v.error())


def picture(cookies):
    c = http.client.HTTPConnection("127.0.0.1", desk.house.http, timeout=30)
    c.request("GET", url + "/picture/2", headers={"Host": v.host, "Accept": "image/avif,image/webp,image/*,*/*;q=0.8",
                                                  "Cookie": "; ".join("%s=%s" % x for x in cookies.items())})
    r = c.getresponse()
    body = r.read()
    c.close()
    return r.status, r.headers["Content-Security-Policy"], body


s, policy, body = picture(v.cookies)
tap.ok(s == 200 and body == png() and policy == "sandbox; default-src 'none'", "the picture, to this session", s, body[:40])
tap.ok(b"PNG" not in picture({})[2] and "Mrs Ruth" in page("deputy", url)[2], "to nobody without one; others see her name", picture({})[0])
v.get(url)
version = re.search(r'name="version" value="([0-9]+)"', v.body).group(1)
tap.ok(v.post(url + "/decide", version=version, code="release", reason="fine") == 303 and v.get(v.location) == 200 and "Undo" in v.body, "decided", v.status, v.error())
tap.ok(v.post(url + "/undo") == 303 and v.get(url) == 200 and "Your decision" in v.body, "undone", v.status)
v.post(url + "/reveal", rung="words")
v.get("/hide")
gone = picture(v.cookies)
v.get(url)
tap.ok(b"PNG" not in gone[2] and gone[0] != 200 and "loser" not in v.body, "hidden: no picture and no word any more", gone[0], v.status)

# --- a setting of one's own: low messages begin with their words --------------------------------------------------
small, larger = desk.hold("a damn thing", "damn", severity=2, category="profanity"), desk.hold("you loser", "loser")
tap.ok("damn" not in page("lead", "/message/" + small)[2], "without it they are masked")
db = sqlite3.connect(glob.glob(desk.house.path("store/*.db"))[0], timeout=10)
with db:
    db.execute("INSERT INTO account (name, shown, role, mail, state, made, low_words) VALUES ('okafor', 'Ms Okafor', 'lead', 'dsl@hillview.example,okafor@hillview.example', 'active', 1, 1)")
db.close()
t = page("lead", "/message/" + small)[2]
tap.ok("damn" in t and "Read the message" in t and looks(small)[-1] == ("looked", "rung=2 people"), "with it their words are shown, on record", looks(small))
page("lead", "/message/%s/take" % larger, "POST", "")
tap.ok("Ms Okafor</bdi> has it" in page("deputy", "/message/" + larger)[2], "people have the names that their accounts say")
tap.ok("loser" not in page("lead", "/message/" + larger)[2] and "damn" not in page("deputy", "/message/" + small)[2], "of no other message, to nobody else")
tap.ok(page("lead", "/message/%s/reveal" % small, "POST", "rung=text")[0] == 303, "and the text is one step further")

# --- nobody else learns a word --------------------------------------------------------------------------------
texts = [json.dumps(desk.ask(who, "GET", path)[2]) for who in ("governor", "it", "teacher")
         for path in ("/me", "/queue", "/audit", "/search", "/health", "/metrics", "/message/" + ref, "/message/%s/picture/2" % ref, "/report/disclaimers")]
texts += [page(who, path)[2] for who in ("governor", "it", "teacher") for path in ("/queue", "/audit", "/search", "/health", "/reports", "/message/" + ref)]
tap.ok(not [t for t in texts for w in (MARK, "loser", "party.png") if w in t], "governor, technician and teacher get no word of mail")
tap.ok(not [w for w in (MARK, "loser", "party.png", "drawing of a house") if w in desk.house.log("console")], "nor does the log")
desk.house.signal("console", 15)
tap.ok(desk.house.ended("console") == 0, "it stops when told")
tap.done()
