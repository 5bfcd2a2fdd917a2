#!/usr/bin/python3
# The console over its Unix socket: who gets what, what is written down, what is refused.
# fails-if: a role reaches a page it has no right to, a person sees or can count mail of their own,
#           the technician gets a word from mail, a stale decision is carried out, content comes
#           before its audit entry, a sealed message shows anything, or a wild request does harm
import contextlib
import json
import os
import re
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import UIDS, Desk, finding, needs_root, part, reading  # noqa: E402
from sg import TOP, Tap, until  # noqa: E402

needs_root()
tap = Tap()
desk = Desk()
READERS = {"lead", "deputy", "head", "dpo"}
#          path, method, who may
PAGES = [("/me", "GET", set(UIDS) - {"nobody"}), ("/hide", "POST", set(UIDS) - {"nobody"}),
         ("/queue", "GET", READERS), ("/queue/count", "GET", READERS), ("/message/REF", "GET", READERS),
         ("/message/REF/reveal", "POST", READERS), ("/message/REF/hide", "POST", READERS),
         ("/message/REF/decide", "POST", READERS), ("/message/REF/undo", "POST", READERS),
         ("/message/REF/take", "POST", READERS), ("/message/REF/pass", "POST", READERS),
         ("/message/REF/pass", "GET", READERS), ("/message/REF/picture/2", "GET", READERS),
         ("/message/REF/told", "GET", READERS - {"dpo"}), ("/message/REF/told", "POST", READERS - {"dpo"}),
         ("/message/REF/unseal", "GET", READERS - {"dpo"}), ("/message/REF/unseal", "POST", READERS - {"dpo"}),
         ("/queue/bulk", "POST", {"lead", "deputy"}), ("/cover", "GET", READERS - {"dpo"}), ("/cover", "POST", {"lead"}),
         ("/cover/7", "POST", {"lead"}),
         ("/message/REF/seal", "POST", READERS), ("/message/REF/settle", "POST", READERS),
         ("/search", "GET", {"lead", "deputy", "head", "it", "it2"}), ("/audit", "GET", {"lead", "head", "governor"}),
         ("/audit/verify", "POST", {"lead", "head", "governor", "it", "it2"}),
         ("/health", "GET", {"lead", "it", "it2"}), ("/metrics", "GET", {"it", "it2"})]
ALL, TECH = set(UIDS) - {"nobody"}, {"it", "it2"}
PAGES += [("/hide", "GET", ALL), ("/sign-out", "POST", ALL), ("/first-use/key.svg", "GET", ALL)]
PAGES += [(p, m, ALL) for p in ("/sign-in", "/sign-in/code", "/sign-in/recovery", "/first-use", "/first-use/password",
                                "/first-use/code", "/me/password", "/me/codes", "/me/codes/new") for m in ("GET", "POST")]
PAGES += [("/me/settings", "POST", ALL), ("/me/session/0", "POST", ALL), ("/me/sessions", "POST", ALL),
          ("/users", "GET", TECH | {"head", "lead"}), ("/users", "POST", TECH), ("/user/none", "GET", TECH | {"head", "lead"}),
          ("/user/none/role", "POST", TECH | {"head"}), ("/user/none/answer", "POST", {"head", "lead"} | TECH)]
PAGES += [("/user/none/" + step, "POST", TECH) for step in ("mail", "link", "reset", "disable", "enable", "sessions")]
PAGES += [(p, "GET", ALL) for p in ("/", "/help", "/wellbeing", "/accessibility", "/privacy", "/confirm/none")]
PAGES += [("/confirm/none", "POST", ALL), ("/contacts", "GET", {"lead", "deputy", "head"} | TECH),
          ("/rules", "GET", {"lead", "head"} | TECH), ("/rules/7", "POST", {"lead", "head"} | TECH),
          ("/message/REF/mistake", "GET", READERS), ("/message/REF/mistake", "POST", READERS),
          ("/reports", "GET", {"lead", "deputy", "head", "governor"}),
          ("/report/disclaimers", "GET", {"lead", "deputy", "head", "governor"} | TECH)]


@contextlib.contextmanager
def locked(house):
    name = [f for f in os.listdir(house.path("store")) if f.endswith((".db", ".sqlite"))][0]
    db = sqlite3.connect(house.path("store/" + name), isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    yield
    db.execute("ROLLBACK")
    db.close()


def status(who, method, path, body=None):
    return desk.ask(who, method, path, body)[0]


# --- rights ----------------------------------------------------------------------
with open(os.path.join(TOP, "milter/console/pages.c")) as f:
    rows = {(re.sub(r"\bID\b", "*", p), m) for p, m in re.findall(r'{ "(/[^"]*)",\s*"(GET|POST)",', f.read())}
here = {(re.sub(r"/(none|0|7|2)\b", "/*", p), m) for p, m, _ in PAGES}
tap.ok(len(rows) > 60 and rows == here, "the table here, written by itself, has every row of the console's", *sorted(rows ^ here))
ref = desk.hold(category="personal-data")
wrong = []
for path, method, may in PAGES:
    for who in UIDS:
        s = status(who, method, path.replace("REF", "00000000"))
        if (s == 403) == (who in may):
            wrong.append("%s %s %s: %d" % (who, method, path, s))
    known = {m for p, m, _ in PAGES if p == path}
    for other in {"GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"} - known - ({"HEAD"} if "GET" in known else set()):
        s = status("lead", other, path.replace("REF", ref))
        if s != 405:
            wrong.append("lead %s %s: %d" % (other, path, s))
tap.ok(not wrong, "role x path x method: each gets what its role includes, no other method does anything", *wrong)
s, _, m = desk.ask("nobody", "GET", "/queue")
tap.ok(s == 403 and "61099" in m["error"]["why"] and "cli.accounts" in m["error"]["do"], "an unknown user is told what to do", m)
s, _, m = desk.ask("governor", "GET", "/queue")
tap.ok(s == 403 and m["error"]["what"] == "Your role does not include this page." and "lead" in m["error"]["do"],
       "a role without the page is told whom to ask", m)
bad = [p for p in ("/queue/", "//queue", "/queue/../audit", "/%71ueue", "/message", "/message/", "/message/REF", "/Queue",
                   "/message/7F3K9QXU", "/message/" + ref + "x", "/message/" + ref + "/", "/message/" + ref + "/reveal/x", "*")
       if status("lead", "GET", p) not in (404, 400)]
tap.ok(not bad, "what is no page is not found", *bad)
tap.ok(status("lead", "GET", "/message/" + ref[:4].lower() + "-" + ref[4:]) == 200, "a reference is taken as people type it")

# --- headers ----------------------------------------------------------------------
missing = []
for who, method, path in (("lead", "GET", "/queue"), ("lead", "GET", "/nothing"), ("nobody", "GET", "/queue"), ("it", "GET", "/metrics"),
                          ("lead", "POST", "/message/00000000/decide")):
    _, h, _ = desk.ask(who, method, path)
    for name, value in (("Content-Security-Policy", "default-src 'none'"), ("X-Content-Type-Options", "nosniff"),
                        ("Cache-Control", "no-store"), ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin")):
        if value not in (h[name] or ""):
            missing.append("%s %s: %s" % (method, path, name))
tap.ok(not missing, "security headers are on every answer", *missing)
s, _, t = desk.ask("lead", "GET", "/queue", headers={"Accept": "text/html"})
tap.ok(s == 200 and "<h1" in t, "a browser gets the page", t)

# --- one message, rung by rung ------------------------------------------------------
TEXT = "Dear Sam, you are a fake loser and everybody knows. FAKE LOSER! Call 943 476 5919 now."
ref = desk.fill({"to": ["out@x.example=outside", "patel2@hillview.example=staff"], "reading": reading(
    [("subject", "", "", "about a fake loser"), ("body", "1", "", TEXT)],
    [finding(TEXT, "fake loser"), finding(TEXT, "943 476 5919", "uk.nhs", "NHS number", "personal-data", secret=True)],
    [part("1"), part("2", "fake loser list.xlsx", "application/vnd.ms-excel", "macro")])})[0]
url = "/message/" + ref
before = desk.house.sql("SELECT count(*) FROM audit")[0][0]
s, _, m = desk.ask("lead", "GET", url + "?rung=0")
tap.ok(s == 200 and "excerpt" not in json.dumps(m) and "loser" not in json.dumps(m) and "list.xlsx" not in json.dumps(m),
       "rung 0 has facts and no word of the message", m)
s, _, m = desk.ask("lead", "GET", url)
text = json.dumps(m, ensure_ascii=False)
tap.ok(s == 200 and m["rung"] == "masked" and "everybody knows" in text and "loser" not in text.lower() and "476" not in text,
       "rung 1 masks matched words wherever they stand, also in file names", text)
tap.ok("@" not in text, "no address unless it is asked for", text)
s, _, p = desk.ask("lead", "GET", url + "?people=1")
tap.ok("out@x.example" in json.dumps(p) and "ann@pupils.hillview.example" in json.dumps(p), "addresses when asked for", p)
rows = [r[0] for r in desk.house.sql("SELECT detail FROM audit WHERE action = 'looked' ORDER BY seq")]
tap.ok(rows[-3:] == ["rung=0", "rung=1", "rung=1 people"], "each look is on record", rows)
s, _, m = desk.ask("lead", "POST", url + "/reveal", {"rung": "text"})
tap.ok(s == 409 and "everybody" not in json.dumps(m), "no rung is left out", m)
s, _, m = desk.ask("lead", "POST", url + "/reveal", {"rung": "words"})
text = json.dumps(m, ensure_ascii=False)
tap.ok(s == 200 and m["rung"] == "words" and "fake loser" in text and "476 5919" not in text and "943" in text and m["with"] == "okafor"
       and m["mine"], "rung 2 shows words; numbers stay partly masked; reading takes the message", text)
s, _, m = desk.ask("lead", "POST", url + "/reveal", {"rung": "text"})
text = json.dumps(m, ensure_ascii=False)
tap.ok(s == 200 and "Dear Sam" in text and "476 5919" not in text and any(x["where"] == "subject" for x in m["texts"])
       and "".join(x["text"] for x in m["texts"][1]["pieces"] if x.get("hit")).startswith("fake loserFAKE LOSER943"),
       "rung 3 shows the text; numbers stay partly masked", text)
s, _, m = desk.ask("lead", "GET", url)
tap.ok(m["rung"] == "text", "a grant lasts for the page", m["rung"])
s, _, m = desk.ask("lead", "POST", url + "/hide")
tap.ok(desk.ask("lead", "GET", url)[2]["rung"] == "masked", "hide ends it")
s, _, m = desk.ask("deputy", "POST", url + "/reveal", {"rung": "words"})
tap.ok(s == 409 and "okafor has it until" in m["error"]["why"], "somebody else's message is not read", m)
s, _, m = desk.ask("deputy", "POST", url + "/take", {})
tap.ok(s == 409 and "okafor" in m["error"]["why"], "nor taken without saying why", m)
tap.ok(status("deputy", "POST", url + "/take", {"over": "because"}) == 400, "why is one of four")
s, _, m = desk.ask("deputy", "POST", url + "/take", {"over": "absent"})
tap.ok(s == 200 and m["with"] == "patel", "taken over with a reason", m)
rows = desk.house.sql("SELECT action, detail FROM audit WHERE action = 'took-over'")
tap.ok(rows == [("took-over", "from=okafor why=absent")], "which is on record", rows)

# nothing is shown that could not be written down
desk.house.fault("console", "store.commit=fail@1")
s, _, m = desk.ask("lead", "GET", url)
tap.ok(s == 503 and "everybody" not in json.dumps(m) and "Nothing was released or deleted" in m["error"]["why"]
       and re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", m["error"]["do"]), "no audit, no content", m)
desk.house.fault("console", "")

# --- decisions -----------------------------------------------------------------------
s, _, m = desk.ask("lead", "POST", url + "/decide", {"code": "release", "version": 1})
tap.ok(s == 400 and m["error"]["what"] == "Say why.", "a reason is asked for", m)
s, _, m = desk.ask("lead", "POST", url + "/decide", {"code": "release", "reason": "ok"})
tap.ok(s == 400, "and the version that was seen", m)
s, _, m = desk.ask("lead", "POST", url + "/decide", {"code": "release", "reason": "ok", "version": 1})
tap.ok(s == 409 and "Nothing was changed by you" in m["error"]["do"], "an old version is refused", m)
v = desk.version(ref)
s, _, m = desk.ask("deputy", "POST", url + "/decide", {"code": "withhold", "reason": "seen the pupil", "version": v})
tap.ok(s == 200 and m["state"] == "withheld", "a decision is taken", m)
s, _, m = desk.ask("lead", "POST", url + "/decide", {"code": "release", "reason": "ok", "version": v})
tap.ok(s == 409 and re.search(r"patel kept it from being delivered at \d\d:\d\d", m["error"]["why"]), "the second is told who did what and when", m)
tap.ok(desk.ask("lead", "GET", url + "?rung=0")[2]["decision"]["reason"] == "seen the pupil", "the reason is kept")
with locked(desk.house), ThreadPoolExecutor() as pool:     # reading works, the audit does not
    asked = [pool.submit(desk.ask, "lead", *a) for a in (("GET", url), ("POST", url + "/reveal", {"rung": "words"}))]
    for a in asked:
        s, _, m = a.result()
        tap.ok(s == 503 and "everybody" not in json.dumps(m), "store locked: no audit, so no words", m)
r2 = desk.hold()
s, _, m = desk.ask("lead", "POST", "/message/%s/decide" % r2, {"code": "release", "reason": "ok", "version": desk.version(r2)})
jobs = desk.house.sql("SELECT kind, not_before FROM outbox")
tap.ok(s == 200 and m["undo"] and m["state"] == "releasing" and "released in 60 s" in m["done"] and
       jobs[0][0] == "release" and 50 <= jobs[0][1] - time.time() <= 61, "a release waits for the undo time", m, jobs)
s, _, m = desk.ask("lead", "POST", "/message/%s/undo" % r2)
tap.ok(s == 200 and m["state"] == "waiting" and not desk.house.sql("SELECT * FROM outbox"), "undo", m)
tap.ok(status("lead", "POST", "/message/%s/undo" % r2) == 409, "nothing to undo: said so")
r3 = desk.hold(**{"from": "stranger@x.example", "class": "outside", "outside": 1, "route": "in", "to": ["ann@pupils.hillview.example=pupil"]})
v = desk.version(r3)
for code in ("return", "release_advised"):
    s, _, m = desk.ask("lead", "POST", "/message/%s/decide" % r3, {"code": code, "reason": "no", "version": v})
    tap.ok(s == 400, "%s: nobody outside the school is told" % code, m)
choices = [c["value"] for c in desk.ask("lead", "GET", "/message/%s?rung=0" % r3)[2]["choices"]]
tap.ok("return" not in choices and "withhold" in choices, "nor is it offered", choices)
s, _, m = desk.ask("lead", "POST", "/message/%s/decide" % r2, {"code": "return", "reason": "kinder words", "version": desk.version(r2)})
tap.ok(s == 200 and m["state"] == "returned" and [j[0] for j in desk.house.sql("SELECT kind FROM outbox")] == ["notice"],
       "return: not delivered, the sender is told", m)
s, _, m = desk.ask("lead", "POST", "/message/%s/decide" % r3, {"code": "release_stripped", "strip": "../1", "reason": "x", "version": v})
tap.ok(s == 400, "parts are parts", m)
s, _, m = desk.ask("lead", "POST", "/message/%s/pass" % r3, {"to": "tech", "version": v})
tap.ok(s == 400, "not passed to somebody who may not read", m)
s, _, m = desk.ask("lead", "POST", "/message/%s/pass" % r3, {"to": "patel", "version": v})
tap.ok(s == 200 and m["with"] == "patel" and m["done"].endswith("you passed it on."), "passed on", m)
big = desk.hold(severity=4, category="self-harm")
s, _, m = desk.ask("lead", "POST", "/message/%s/decide" % big, {"code": "release", "reason": "x", "bulk": True, "version": desk.version(big)})
tap.ok(s == 400 and "look of its own" in m["error"]["what"], "urgent ones are not decided by the dozen", m)
s, _, m = desk.ask("lead", "POST", "/message/%s/decide" % big, "code=withhold&reason=a+form%%2C+too&version=%d" % desk.version(big), form=True)
tap.ok(s == 200, "a form does the same as JSON", m)

# --- mail of one's own -----------------------------------------------------------------
MARK = "secretmarker"
own = [desk.hold("%s about you" % MARK, MARK, to=["DSL@hillview.example=staff", "out@x.example=outside"], severity=4),
       desk.hold("%s by you" % MARK, MARK, **{"from": "okafor@hillview.example", "class": "staff"}),
       desk.hold("%s with a tag" % MARK, MARK, to=["okafor+x@hillview.example=staff"])]
r4 = desk.hold("somebody else's", "somebody")
for who, sees in (("deputy", 3), ("lead", 0)):
    s, _, m = desk.ask(who, "GET", "/queue?show=all")
    tap.ok(len([r for r in m["rows"] if r["id"].replace("-", "") in own]) == sees, "%s: %d of three in the queue" % (who, sees))
counts = {who: desk.ask(who, "GET", "/queue/count")[2]["waiting"] for who in ("lead", "deputy")}
tap.ok(counts["deputy"] - counts["lead"] == 3, "counts leave them out", counts)
lead_view = desk.ask("lead", "GET", "/health")[2]
tap.ok(lead_view["waiting"] == counts["lead"], "so does the state of the service", lead_view)
answers = []
for r in own:
    v = desk.version(r, "deputy")
    for method, step, body in (("GET", "", None), ("POST", "/reveal", {"rung": "words"}), ("POST", "/take", {}), ("POST", "/seal", {}),
                               ("POST", "/decide", {"code": "release", "reason": "mine", "version": v}), ("POST", "/undo", {}),
                               ("POST", "/pass", {"to": "patel", "version": v}), ("POST", "/settle", {"again": True})):
        answers.append(desk.ask("lead", method, "/message/%s%s" % (r, step), body)[::2])
nowhere = desk.ask("lead", "GET", "/message/00000000")[::2]
tap.ok(all(a == nowhere for a in answers), "each step is \"not found\", as for a message that is not there", [a for a in answers if a != nowhere][:3], nowhere)
s, _, m = desk.ask("lead", "GET", "/search?limit=1000")
tap.ok(not [r for r in m["rows"] if r.get("ref") in own], "search leaves them out", m)
tap.ok(status("lead", "GET", "/search?ref=" + own[0]) == 404, "by reference too")
for who in ("lead", "head"):
    s, _, m = desk.ask(who, "GET", "/audit")
    hidden = [e for e in m["rows"] if e["id"].replace("-", "") in own]
    tap.ok(bool(hidden) == (who == "head") and "seq" not in json.dumps(m["rows"]), "%s: the audit %s them" % (who, "has" if who == "head" else "leaves out"), hidden)
s, _, m = desk.ask("deputy", "POST", "/message/%s/pass" % own[0], {"to": "okafor", "version": desk.version(own[0], "deputy")})
tap.ok(s == 400, "nobody passes it to them", m)

# --- the data protection officer ---------------------------------------------------------
leak = desk.hold("sort code 12-34-56", "12-34-56", category="personal-data")
s, _, m = desk.ask("dpo", "GET", "/queue?limit=2")
tap.ok({r["reason"] for r in m["rows"]} == {"personal-data"}, "sees personal data only", m)
s, _, m = desk.ask("deputy", "GET", "/queue?limit=2")
s, _, m2 = desk.ask("deputy", "GET", "/queue?limit=2&offset=%d" % m["next"])
tap.ok(m["more"] and m["next"] == 2 and not {r["id"] for r in m["rows"]} & {r["id"] for r in m2["rows"]}, "page by page", m)
tap.ok(status("dpo", "GET", "/message/" + leak) == 200 and status("dpo", "GET", "/message/" + r4) == 404, "also one by one")

# --- sealed ------------------------------------------------------------------------------
s, _, m = desk.ask("deputy", "POST", "/message/%s/seal" % r4)
tap.ok(s == 200 and m["sealed"], "sealed at once, no reason asked", m)
sealed = ["/message/%s%s" % (r4, x) for x in ("", "?rung=3", "?people=1")]
seen = [json.dumps(desk.ask("lead", "GET", p)[2]) for p in sealed]
tap.ok(not [x for x in seen if "somebody else" in x or '"excerpt"' in x or '"attachments"' in x] and "Sealed" in seen[0], "shows facts only", *seen)
refused = {x: desk.ask("lead", "POST", "/message/%s/%s" % (r4, x), b) for x, b in (
    ("reveal", {"rung": "words"}), ("decide", {"code": "release", "reason": "x", "version": desk.version(r4)}),
    ("pass", {"to": "patel", "version": desk.version(r4)}), ("take", {}))}
tap.ok([r[0] for r in refused.values()] == [403, 403, 403, 409], "nothing can be done with it", {k: v[::2] for k, v in refused.items()})

# --- the technician gets no word ------------------------------------------------------------
WORDS = ["subjectmarker", "bodymarker", "namemarker", "filemarker", "idmarker", "classmarker"]
hit = "xx bodymarker xx"
marked = desk.fill({"from": "namemarker@pupils.hillview.example", "to": ["namemarker2@x.example=outside"], "message_id": "idmarker@x.example",
                    "message": "Subject: subjectmarker\r\n\r\nbodymarker\r\n", "queue_id": "4MARKED",
                    "reading": reading([("subject", "", "", "subjectmarker"), ("body", "1", "", hit)], [finding(hit, "bodymarker", name="filemarker.doc")],
                                       [part("1"), part("2", "filemarker.doc", "application/msword")])})[0]
got = []
for who in ("it", "it2", "governor"):
    for path, method, _ in PAGES:
        for query in ("", "?people=1", "?rung=3", "?queue_id=4MARKED", "?ref=" + marked, "?from=namemarker@pupils.hillview.example&purpose=welfare", "?show=all"):
            a = desk.ask(who, method, path.replace("REF", marked) + query, {"rung": "text", "people": "1"})
            text = json.dumps(a[2]).replace("mail-address", "").replace("office@hillview.example", "")  # whom to call: console.contact
            if any(w in text for w in WORDS) or ("@" in text and path != "/contacts"):  # of reviewers, from policy.conf
                got.append("%s %s %s%s: %s" % (who, method, path, query, json.dumps(a[2])[:300]))
tap.ok(not got, "no marker and no address on any page of it and governor", *got)
s, _, m = desk.ask("it", "GET", "/search?queue_id=4MARKED")
tap.ok(s == 200 and len(m["rows"]) == 1 and m["rows"][0]["verdict"] == "hold", "but a trace by queue id", m)
tap.ok(status("it", "GET", "/search?from=a@x.example") == 403, "never by person")
s, _, m = desk.ask("it2", "GET", "/search?limit=1000")
desk.fill({"from": "tech@hillview.example", "to": ["out@x.example"], "reading": reading()})
tap.ok(len(desk.ask("it2", "GET", "/search?limit=1000")[2]["rows"]) == len(m["rows"]), "nor mail of one's own")
s, _, m = desk.ask("lead", "GET", "/search?from=namemarker@pupils.hillview.example")
tap.ok(s == 400 and "Say why" in m["error"]["what"], "a search about a pupil needs a purpose", m)
s, _, m = desk.ask("lead", "GET", "/search?from=namemarker@pupils.hillview.example&purpose=welfare&people=1")
tap.ok(s == 200 and m["rows"][0]["from"]["address"].startswith("namemarker"), "with one it is answered", m)
tap.ok(desk.house.sql("SELECT detail FROM audit WHERE action = 'searched' ORDER BY seq DESC LIMIT 1")[0][0] == "person people purpose=welfare", "and on record, without the name")

# --- metrics, audit ----------------------------------------------------------------------------
s, h, t = desk.ask("it", "GET", "/metrics")
tap.ok(s == 200 and h["Content-Type"].startswith("application/openmetrics-text") and t.endswith("# EOF\n") and "@" not in t
       and 'schoolgate_held{urgency="medium"}' in t and "schoolgate_scan_seconds_count" in t, "metrics", t)
lines = [x for x in t.splitlines() if not re.match(r'(# (TYPE|HELP) schoolgate_\w+ .+|# EOF|schoolgate_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+]+)$', x)]
tap.ok(not lines, "every line is OpenMetrics", *lines)
s, _, m = desk.ask("head", "POST", "/audit/verify")
tap.ok(s == 200 and m["unbroken"] and "entries" not in m, "the chain is whole", m)
n = len(desk.ask("lead", "GET", "/audit")[2]["rows"])
tap.ok(status("head", "GET", "/message/" + marked) == 200 and len(desk.ask("lead", "GET", "/audit")[2]["rows"]) == n, "a lead does not see what the head looks at")

# --- hostile text ---------------------------------------------------------------------------------
nasty = "ev\u202eil \x1b]0;x\x07 <script>\u200b fin"
r5 = desk.fill({"to": ["out@x.example=outside"], "reading": reading([("body", "1", "", nasty)], [finding(nasty, "<script>")],
                [part("2", "a\u202etxt.exe\x1b[2J", "application/x-dosexec")])})[0]
desk.ask("lead", "POST", "/message/%s/reveal" % r5, {"rung": "words"})
s, _, m = desk.ask("lead", "POST", "/message/%s/reveal" % r5, {"rung": "text"})
text = json.dumps(m, ensure_ascii=False)
tap.ok(s == 200 and not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u200b]|\\\\u00", text) and "[U+202E]" in text and "<script>" in text,
       "control and bidi characters never reach a page; markup is text", text)

# --- wild requests ----------------------------------------------------------------------------------
HOST = b"Host: localhost\r\n"
CASES = {
    "no Host": b"GET /me HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET /me HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    "another Host": b"GET /me HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "CL and TE": b"POST /hide HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two CL": b"POST /hide HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    "chunked": b"POST /hide HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "no length": b"POST /hide HTTP/1.1\r\n" + HOST + b"\r\n",
    "bad length": b"POST /hide HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "huge length": b"POST /hide HTTP/1.1\r\n" + HOST + b"Content-Length: 999999999999999999999\r\n\r\n",
    "too long": b"POST /hide HTTP/1.1\r\n" + HOST + b"Content-Length: 65537\r\n\r\n" + b"x" * 65537,
    "body on GET": b"GET /me HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{}",
    "long header": b"GET /me HTTP/1.1\r\n" + HOST + b"X: " + b"y" * 70000 + b"\r\n\r\n",
    "long path": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "many headers": b"GET /me HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 5000 + b"\r\n",
    "percent NUL": b"GET /me%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "bad query": b"GET /queue?a=%zz HTTP/1.1\r\n" + HOST + b"\r\n",
    "query twice": b"GET /queue?late=1&late=0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "JSON array": b"POST /message/" + ref.encode() + b"/decide HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
    "JSON deep": b"POST /message/" + ref.encode() + b"/decide HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n" + b"[" * 60000,
    "XML": b"POST /message/" + ref.encode() + b"/decide HTTP/1.1\r\n" + HOST + b"Content-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>",
    "garbage": bytes(range(256)) * 40,
    "nothing": b"",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
}
wrong = []
for name, data in CASES.items():
    got = desk.raw(data)
    if re.match(rb"HTTP/1.[01] 2", got):
        wrong.append("%s: %r" % (name, got[:200]))
tap.ok(not wrong, "%d wild requests, none is served" % len(CASES), *wrong)
# libmicrohttpd ends a path at a NUL; what stands before it is what rights are asked for
tap.ok(b'"account":"okafor"' in desk.raw(b"GET /me\0/metrics HTTP/1.1\r\n" + HOST + b"\r\n")
       and b" 403 " in desk.raw(b"GET /metrics\0/me HTTP/1.1\r\n" + HOST + b"\r\n")[:20], "a NUL does not change the page")
tap.ok(status("lead", "GET", "/me") == 200, "and the console is still there")
flood = [desk.raw(b"POST /message/%s/reveal HTTP/1.1\r\n" % ref.encode() + HOST + b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{", wait=0.05) for _ in range(30)]
tap.ok(status("lead", "GET", "/me") == 200, "half requests do not hold up others")

# --- reload, time ---------------------------------------------------------------------------------------
desk.house.configure(cli='accounts = [ "61001:okafor:governor:dsl@hillview.example" ];')
desk.house.signal("console", 1)
tap.ok(until(lambda: status("lead", "GET", "/queue") == 403), "a reload changes who is who")
desk.house.configure(cli='accounts = [ "61001:okafor:nonsense:x" ];')
desk.house.signal("console", 1)
tap.ok(until(lambda: "reload-failed" in desk.house.log("console")) and desk.ask("lead", "GET", "/me")[2]["role"] == "governor", "a bad one changes nothing")
log = desk.house.log("console")
tap.ok(not any(w in log for w in WORDS + [MARK, "okafor@", "fake loser", "Dear Sam"]), "the log has neither text nor people")
desk.house.signal("console", 15)
tap.ok(desk.house.ended("console") == 0 and not os.path.exists(desk.socket), "it stops when told, and takes its socket away")
tap.done()
