#!/usr/bin/python3
# schoolgatectl: what it prints, where, and how it ends.
# fails-if: a table, its piped form or its JSON changes shape, an exit code is not the documented
#           one, text from mail reaches a terminal raw, a bulk limit is passed, scan answers
#           otherwise than documented, or completion offers nothing
import base64
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import UIDS, Desk, finding, needs_root, part, reading  # noqa: E402
from sg import TOP, Tap, until  # noqa: E402

needs_root()
tap = Tap()
desk = Desk()
CTL = desk.house.program("schoolgatectl")
# other users may not be able to enter the checkout, such as one in /root
REACHED = shutil.copy(CTL, os.path.dirname(desk.house.config))
NOW = int(time.time())


def terminal(columns, who, *args, env=None):
    """The command at a terminal of so many columns: everything it prints, and its end."""
    pid, fd = pty.fork()
    if pid == 0:
        if UIDS[who]:
            os.setgroups([])
            os.setresgid(*[UIDS[who]] * 3)
            os.setresuid(*[UIDS[who]] * 3)
        time.sleep(0.05)    # until the parent has set the width
        os.execve(REACHED if UIDS[who] else CTL, [CTL, "--config=" + desk.house.config, *args], {"TERM": "xterm", "TZ": "UTC", "LC_ALL": "C.UTF-8", **(env or {})})
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    out = b""
    while True:
        ready, _, _ = select.select([fd], [], [], 30)
        try:
            chunk = os.read(fd, 65536) if ready else b""
        except OSError:
            chunk = b""
        if not chunk:
            break
        out += chunk
    os.close(fd)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), out.decode().replace("\r\n", "\n")


def plain(text):
    """References and times differ each run; their places do not."""
    text = re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", "7F3K-9QXD", text)
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?", "TIME", text)
    text = re.sub(r"(\w\w\w )?\b\d\d:\d\d\b", "HH:MM", text)
    return re.sub(r"   +", "  ", text)


def same(name, got, expected):
    want = expected.lstrip("\n")
    tap.ok(got == want, name, "got:", *got.split("\n"), "wanted:", *want.split("\n"))


def code(expected, what, r):
    tap.ok(r.returncode == expected, "exit %d: %s" % (expected, what), r.returncode, r.stdout, r.stderr)
    return r


# --- tables -------------------------------------------------------------------------
code(1, "nothing waits", desk.ctl("lead", "held", "list"))
T = "everyone says you are a fake loser and nobody wants you"
first = desk.hold(T, "fake loser", created=NOW - 3600, **{"class": "Year 8"})
second = desk.hold("a", "a", category="self-harm", severity=5, created=NOW - 1800, route="inside", to=["b@pupils.hillview.example=Year 8", "c@hillview.example=staff"])
leak = "UPN H801200001001 for the trip"
third = desk.fill({"class": "staff", "category": "personal-data", "severity": 4, "created": NOW - 60, "to": ["a@coach.example=outside"],
                   "queue_id": "4XkP2z1Qw", "message_id": "trip@hillview.example", "reading": reading(
                       [("subject", "", "", "Trip list")], [finding(leak, "H801200001001", "uk.upn", "Unique pupil number", "personal-data", "attachment", "2", "list.xlsx", True)],
                       [part("1"), part("2", "list.xlsx", "application/zip")])})[0]
s, out = terminal(80, "lead", "--color=never", "held", "list")
lines = out.split("\n")
tap.ok(all(len(x) <= 80 for x in lines) and lines[0].split() == ["ID", "URGENCY", "REASON", "WAY", "FROM", "TO", "LOOK", "BY", "WITH"]
       and lines[1].split()[1] == "urgent" and "late" in lines[1] and "…" in out and lines[4] == "3 waiting, 1 late", "it fits, reasons shortened first", out)
s, wide = terminal(120, "lead", "--color=never", "held", "list")
same("held list at 120 columns", plain(wide), """
ID  URGENCY  REASON  WAY  FROM  TO  LOOK BY  WITH
7F3K-9QXD  urgent  Self-harm or suicide  inside  pupil  Year 8, staff (2)  HH:MM late  -
7F3K-9QXD  high  Personal data  out  staff  outside  HH:MM  -
7F3K-9QXD  medium  Bullying or insults  out  Year 8  outside  HH:MM  -
3 waiting, 1 late
""")
r = code(0, "a list", desk.ctl("lead", "held", "list"))
same("piped: the same columns, tabs, nothing shortened", plain(r.stdout), """
ID	URGENCY	REASON	WAY	FROM	TO	LOOK BY	WITH
7F3K-9QXD	urgent	Self-harm or suicide	inside	pupil	Year 8, staff (2)	TIME late	
7F3K-9QXD	high	Personal data	out	staff	outside	TIME	
7F3K-9QXD	medium	Bullying or insults	out	Year 8	outside	TIME	
""")
tap.ok(r.stderr == "3 waiting, 1 late\n" and desk.ctl("lead", "-q", "held", "list").stderr == "", "remarks go to stderr; -q leaves them out", r.stderr)
r = desk.ctl("lead", "held", "list", "--json")
rows = [json.loads(x) for x in r.stdout.splitlines()]
tap.ok([x["id"].replace("-", "") for x in rows] == [second, third, first] and all(x["schema"] == 1 for x in rows)
       and {k: rows[0][k] for k in ("urgency", "reason", "way", "from", "late", "with")} ==
       {"urgency": "urgent", "reason": "self-harm", "way": "inside", "from": {"group": "pupil"}, "late": True, "with": None}
       and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", rows[0]["look_by"]), "JSON lines as documented", r.stdout)
r = desk.ctl("lead", "held", "list", "--columns=id,look-by", "--no-header", "--utc", "--urgency=high")
tap.ok(re.fullmatch(r"[0-9A-Z-]{9}\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n", r.stdout), "--columns, --no-header, --utc, a filter", r.stdout)
r = code(2, "a column that is not there", desk.ctl("lead", "held", "list", "--columns=nope"))
tap.ok("look-by" in r.stderr, "the others are named", r.stderr)
r = desk.ctl("lead", "held", "list", "--people")
tap.ok("ann@pupils.hillview.example" in r.stdout and "@" not in desk.ctl("lead", "held", "list").stdout, "addresses only with --people")
s, out = terminal(80, "lead", "held", "list")
tap.ok("\033[1;31murgent\033[0m" in out and "\033" not in terminal(80, "lead", "held", "list", env={"NO_COLOR": "1"})[1]
       and "\033" in desk.ctl("lead", "--color=always", "held", "list", "--columns=urgency").stdout + "\033", "colour at a terminal, none with NO_COLOR", out)

# --- one message ----------------------------------------------------------------------
s, out = terminal(100, "lead", "--color=never", "held", "show", third)
same("held show", plain(out), """
Message  7F3K-9QXD
Reason  Personal data
Urgency  high
Way  Going out
From  staff
To  outside
Recipients  1
Status  waiting
Held  HH:MM
Look by  HH:MM

Why it was held
  Unique pupil number (uk.upn), in the attachment list.xlsx
  UPN >H80••••••••01< for the trip

Attachments
PART  NAME  TYPE  SIZE  ENCRYPTION  REMARKS
2  list.xlsx  application/zip  1234  not encrypted  -

Copies
COPY  TO  STATE  ANSWER
  1  outside  waiting  -

What happened before
  HH:MM  okafor looked rung=1
  HH:MM  milter held category=personal-data severity=4 copies=1
""")
r = code(0, "words", desk.ctl("lead", "held", "read", first, "--words"))
tap.ok(">fake loser<" in r.stdout and "On record" in r.stderr, "held read --words", r.stdout, r.stderr)
r = desk.ctl("lead", "held", "read", first, "--text")
tap.ok("--- body\n" in r.stdout and T.replace("fake loser", ">fake loser<") in r.stdout, "held read --text", r.stdout)
nasty = "\x1b[2J\x1b]0;x\x07\u202egnp.exe\u200b \x9b1m " + "A" * 10240
bad = desk.fill({"to": ["a@x.example=outside"], "class": "x\x1b[31m", "reading": reading([("subject", "", "", nasty), ("body", "1", "", nasty)], [finding(nasty[:80], "gnp.exe", name=nasty[:200])],
                 [part("1"), part("2", nasty[:200], "text/plain")])})[0]
for args in (("held", "list"), ("held", "show", bad), ("held", "read", bad, "--text"), ("held", "list", "--json"), ("held", "read", bad, "--json"), ("trace", "--people")):
    s, out = terminal(80, "lead", "--color=never", *args)
    tap.ok(s == 0 and not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u200b]", out), "hostile text, %s: nothing drives the terminal" % " ".join(args[:2]), repr(out[:2000]))

# --- exit codes --------------------------------------------------------------------------
code(1, "nothing found", desk.ctl("lead", "trace", "--queue-id=nothing"))
code(0, "found", desk.ctl("lead", "trace", "--queue-id=4XkP2z1Qw"))
r = desk.ctl("lead", "trace", "--json", "--id", "trip@hillview.example")
tap.ok(json.loads(r.stdout)["ref"] == third and json.loads(r.stdout)["verdict"] == "hold", "trace --id", r.stdout)
tap.ok(json.loads(desk.ctl("lead", "trace", "--json", "--ref", third).stdout)["message_id"] == "trip@hillview.example", "trace --ref")
for args, why in ((("held", "list", "--nope"), "unknown option"), (("held", "list", "extra"), "a word too many"), (("held", "show"), "a word missing"),
                  (("nope",), "unknown noun"), (("held", "nope"), "unknown verb"), (("held",), "no verb"), ((), "nothing at all"), (("held", "show", "not!a!ref"), "no reference"),
                  (("--timeout=x", "held", "list"), "a bad time"), (("held", "release", first), "no reason"), (("trace", "--since", "soon"), "a bad since"),
                  (("held", "list", "--urgency=big"), "a bad urgency"), (("--color=blue", "help"), "a bad colour"), (("held", "settle", first), "settle without saying how"),
                  (("hel", "list"), "a prefix in a script")):
    r = code(2, why, desk.ctl("lead", *args))
    tap.ok(r.stderr.startswith("schoolgatectl: ") and not r.stdout, "and says so: " + r.stderr.split("\n")[0])
tap.ok("did you mean \"held list\"" in desk.ctl("lead", "held", "lits").stderr, "the nearest word is suggested")
code(2, "no configuration", subprocess.run([CTL, "--config=/nonexistent", "held", "list"], capture_output=True, text=True))
r = code(3, "no such message", desk.ctl("lead", "held", "show", "00000000"))
r = code(4, "wrong role", desk.ctl("it", "held", "list"))
tap.ok("Your role does not include this page" in r.stderr and "\n  Ask the safeguarding lead.\n" in r.stderr, "in three parts", r.stderr)
code(4, "no account", desk.ctl("nobody", "held", "list"))
code(5, "no console", desk.ctl("lead", "--socket=/nonexistent/sock", "held", "list"))
r = code(6, "partly", desk.ctl("lead", "held", "release", first, "00000000", "-m", "Spoke with both"))
tap.ok("released in 60 s" in r.stdout and "Undo: schoolgatectl held undo" in r.stderr, "what was done is said", r.stdout, r.stderr)
code(0, "undo", desk.ctl("lead", "held", "undo", first))
code(4, "undo twice", desk.ctl("lead", "held", "undo", first))
code(0, "withhold", desk.ctl("lead", "held", "withhold", first, "-m", "x"))
r = code(4, "decided by somebody meanwhile", desk.ctl("deputy", "held", "return", first, "-m", "x"))
tap.ok("okafor kept it from being delivered" in r.stderr and "See: schoolgatectl held show" in r.stderr, "who did what", r.stderr)
code(0, "passed on", desk.ctl("deputy", "held", "pass", third, "lowe"))
code(4, "held by somebody", desk.ctl("lead", "held", "take", third))
code(0, "taken over", desk.ctl("lead", "held", "take", third, "--over=urgent"))
code(0, "sealed", desk.ctl("lead", "held", "seal", bad))
r = code(4, "sealed cannot be read", desk.ctl("lead", "held", "read", bad))


def waits_for_input(pid):
    """Asleep, with SIGINT caught."""
    with open("/proc/%d/status" % pid) as f:
        now = dict(line.split(":", 1) for line in f)
    return now["State"].split()[0] == "S" and int(now["SigCgt"], 16) & 1 << signal.SIGINT - 1


p = subprocess.Popen([CTL, "--config=" + desk.house.config, "rules", "test"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
until(lambda: waits_for_input(p.pid), 30)
p.send_signal(signal.SIGINT)
tap.ok(p.wait(20) == 130 and p.stderr.read() == b"", "exit 130: interrupted")

# --- several at once ------------------------------------------------------------------------
many = [desk.hold() for _ in range(3)]
urgent = desk.hold(severity=4)
r = code(6, "references from standard input", desk.ctl("lead", "held", "release", "-", "-m", "all looked at", stdin="\n".join(many + [urgent]) + "\n"))
tap.ok(r.stdout.count("released in") == 3 and "look of its own" in r.stderr, "high ones are left out", r.stdout, r.stderr)
code(2, "more than 50", desk.ctl("lead", "held", "release", "-", "-m", "x", stdin="00000000\n" * 51))
code(0, "dry run", desk.ctl("lead", "--dry-run", "held", "withhold", urgent, "-m", "x"))
tap.ok(json.loads(desk.ctl("lead", "held", "show", urgent, "--json").stdout)["state"] == "waiting", "changes nothing")

# --- status, audit, config, key ---------------------------------------------------------------
r = code(1, "status: not healthy without scanner", desk.ctl("it", "status"))
tap.ok("scanner\twrong" in r.stdout and r.stdout.startswith("Something needs attention: scanner, milter."), "and says what", r.stdout)
tap.ok(json.loads(desk.ctl("it", "status", "--json").stdout)["waiting"] == len(desk.ctl("deputy", "held", "list", "--json").stdout.splitlines()) > 2, "status --json")
code(0, "audit verify", desk.ctl("it", "audit", "verify"))
r = code(0, "audit list", desk.ctl("head", "audit", "list", "--json", "--since=1h"))
tap.ok(any(json.loads(x)["action"] == "decided" for x in r.stdout.splitlines()), "has decisions", r.stdout)
code(4, "audit list is not for it", desk.ctl("it", "audit", "list"))
code(0, "config check", desk.ctl("it", "config", "check"))
tap.ok("courier.undo = 60\n" in desk.ctl("it", "config", "show").stdout, "config show")
r = desk.ctl("it", "config", "show", "--defaults", "--json")
rows = {json.loads(x)["key"]: json.loads(x) for x in r.stdout.splitlines()}
tap.ok(rows["courier.undo"]["value"] == 60 and rows["courier.undo"]["help"] and len(rows) > 40, "config show --defaults --json", r.stdout[:500])
desk.house.write("bad.conf", open(desk.house.config).read().replace("timeout", "x") + 'nonsense = 1;\n')
r = code(2, "a configuration with a mistake", subprocess.run([CTL, "--config=" + desk.house.path("bad.conf"), "config", "check"], capture_output=True, text=True))
tap.ok(re.search(r"bad\.conf:\d+: unknown setting", r.stderr), "is named with its line", r.stderr)
code(0, "key list", desk.ctl("it", "key", "list"))
os.chmod(desk.house.path("keys/mail.key"), 0o644)
r = code(1, "a key open to others", desk.ctl("it", "key", "list"))
os.chmod(desk.house.path("keys/mail.key"), 0o640)
code(0, "key init changes nothing", desk.ctl("it", "key", "init"))

# --- rules ---------------------------------------------------------------------------------------
r = code(0, "rules check", desk.ctl("it", "rules", "check"))
code(0, "rules check DIR", desk.ctl("it", "rules", "check", desk.house.path("rules")))
code(1, "rules test: one matches", desk.ctl("it", "rules", "test", stdin="say xyzzyevil now"))
r = code(0, "rules test: none", desk.ctl("it", "rules", "test", stdin="good morning"))
r = desk.ctl("it", "rules", "list", "--by-category")
tap.ok("testing\tconduct\t2\t4\t4" in r.stdout, "rules list --by-category", r.stdout)
tap.ok({json.loads(x)["rule"] for x in desk.ctl("it", "rules", "list", "--json").stdout.splitlines()} == {"testing.hold", "testing.evil", "refused.never"}, "rules list --json")
os.mkdir(desk.house.path("broken"))
desk.house.write("broken/x.conf", 'category = "x"; area = "conduct";\nrules = ( { id = "x.y"; title = "t"; severity = 3; confidence = "high"; words = [ "abc" ]; hit = [ "nothing" ]; miss = []; } );\n')
r = code(2, "a rule whose example fails", desk.ctl("it", "rules", "check", desk.house.path("broken")))
tap.ok("x.conf:2" in r.stderr, "is named with its line", r.stderr)

# --- scan ------------------------------------------------------------------------------------------
os.mkdir(desk.house.path("mail"))
for name, text in (("clean", "Good morning."), ("bad", "say xyzzyevil now"), ("out", "say xyzzyhold now"), ("no", "xyzzynever")):
    desk.house.write("mail/%s.eml" % name, "From: Ann Hale <hale@hillview.example>\nTo: \"x, y\" <a@coach.example>,\n b@hillview.example\nSubject: s\nMIME-Version: 1.0\nContent-Type: text/plain\n\n%s\n" % text)
mail = lambda n: desk.house.path("mail/%s.eml" % n)  # noqa: E731
for running in (False, True):
    if running:
        desk.house.start("scan")
    how = "the running scanner" if running else "a private scanner"
    r = code(0, "scan of a clean mail, " + how, desk.ctl("it", "scan", "--json", mail("clean")))
    o = json.loads(r.stdout)
    tap.ok(o["verdict"] == {"do": "deliver", "severity": 0, "rows": [], "recipients": {"a@coach.example": "deliver", "b@hillview.example": "deliver"}, "disclaimer": []}
           and o["from"] == "hale@hillview.example" and o["route"] == "out" and o["flags"] == [] and o["findings"] == [] and o["parts"][0]["detected"] == "text/plain", "as documented", r.stdout)
    r = code(1, "scan of one that would be stopped, " + how, desk.ctl("it", "scan", "--json", "--from=hale@hillview.example", "--to=a@x.example", "--to=c@hillview.example", mail("out"), mail("clean")))
    o = [json.loads(x) for x in r.stdout.splitlines()]
    f = o[0]["findings"][0]
    tap.ok(o[0]["verdict"]["recipients"] == {"a@x.example": "hold", "c@hillview.example": "deliver"} and o[0]["verdict"]["do"] == "hold" and o[0]["verdict"]["rows"] == ["out-bad"]
           and o[1]["verdict"]["do"] == "deliver" and (f["rule"], f["category"], f["severity"], f["confidence"], f["count"], f["where"], f["disguised"]) == ("testing.hold", "testing", 3, "high", 1, "body", False)
           and "xyzzyhold" not in f["excerpt"], "recipient by recipient", r.stdout)
left = [d for d in os.listdir("/tmp") if d.startswith("schoolgate-scan-")]
tap.ok(not left, "a private scanner leaves nothing behind", left)
os.mkdir(desk.house.path("labelled"))
open(desk.house.path("labelled/a.conf"), "w").write(
    'category = "testing"; area = "content"; labels = [ "OTHER" ]; rules = ( { id = "testing.word"; title = "A word"; severity = 3; confidence = "medium"; '
    'words = [ "xyzzy" ]; hit = [ "xyzzy" ]; miss = [ "plugh" ]; }, { id = "testing.low"; title = "Unsure"; severity = 3; confidence = "low"; labels = [ "LOW" ]; '
    'words = [ "plugh" ]; hit = [ "plugh" ]; miss = [ "xyzzy" ]; } );')
r = desk.ctl("it", "scan", "--lines", "--rules=" + desk.house.path("labelled"), stdin='{"id":1,"text":"an \\u00e9 xyzzy"}\n{"id":2,"text":"plugh"}\n{"id":3,"text":"-"}\n')
o = [json.loads(x) for x in r.stdout.splitlines()]
tap.ok(r.returncode == 1 and o[0]["flagged"] and o[0]["categories"] == ["testing", "OTHER"] and o[0]["spans"] == [[5, 10, "testing.word"], [5, 10, "OTHER"]]
       and not o[1]["flagged"] and o[1]["categories"] == [] and o[1]["spans"] == [[0, 5, "testing.low"]]
       and o[0]["score"] > o[1]["score"] > o[2]["score"] == 0, "--lines: labels beside categories, of findings at medium confidence or more", r.stdout)
r = desk.ctl("it", "scan", "--json", "--texts", "-", stdin=open(mail("bad")).read())
o = json.loads(r.stdout)
tap.ok(o["file"] == "-" and any("say xyzzyevil now" in p.get("text", "") for p in o["parts"]), "--texts, from standard input", r.stdout)
attached = "".join("--b\nContent-Type: application/octet-stream; name=\"%s\"\nContent-Transfer-Encoding: base64\n\n%s"
                   % (n, base64.encodebytes(open(os.path.join(TOP, "t/data/protect", n), "rb").read()).decode())
                   for n in ("aes256.zip", "velvet.xlsx", "zipcrypto.zip"))
r = desk.ctl("it", "scan", "--json", "--texts", "-", stdin="From: hale@hillview.example\nTo: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n"
             "--b\n\nhere they are\n" + attached + "--b--\n")
parts = {p["id"]: p for p in json.loads(r.stdout)["parts"]}
tap.ok(parts["2"]["protection"] == {"state": "protected", "strength": "strong", "method": "AES-256"} and "encrypted-strong" in parts["2"]["kinds"]
       and parts["3"]["protection"] == {"state": "open", "strength": "none", "method": "AES-128"} and "needle in a cell" in parts["3.1"]["text"]
       and parts["4"]["protection"] == {"state": "protected", "strength": "weak", "method": "ZipCrypto"} and "encrypted-weak" in parts["4"]["kinds"],
       "protection and kinds of each part, and what is inside an open one", r.stdout)
r = desk.ctl("it", "scan", "--unauthenticated", "--json", mail("clean"))
tap.ok(r.returncode in (0, 1) and json.loads(r.stdout)["route"] in ("in", "transit", "out"), "--unauthenticated", r.stdout, r.stderr)
r = code(1, "scan with --rules and --policy", desk.ctl("it", "scan", "--rules", desk.house.path("rules"), "--policy", desk.house.path("policy.conf"), "--from=hale@hillview.example", "--to=a@x.example", mail("no")))
tap.ok(re.search(r"no\.eml\treject\t3\tout\trefused\.never\t[\d.]+\n$", r.stdout), "as a table", r.stdout, r.stderr)
code(5, "no scanner to be had", desk.ctl("it", "scan", "--rules", desk.house.path("rules"), mail("no"), env={"SCHOOLGATE_SCAN": "/bin/false"}))
code(2, "no file", desk.ctl("it", "scan"))
r = code(5, "a file that is not there", desk.ctl("it", "scan", "--json", "/nonexistent.eml", mail("clean")))
tap.ok(len(r.stdout.splitlines()) == 1, "the others are scanned all the same")
r = code(6, "--lines", desk.ctl("it", "scan", "--lines", stdin='{"id":1,"text":"good morning"}\n{"id":"b","text":"\u00e9\u00e9 say xyzzyevil now"}\nnonsense\n'))
o = [json.loads(x) for x in r.stdout.splitlines()]
tap.ok(o[0] == {"id": 1, "flagged": False, "categories": [], "score": 0.0, "spans": []} and o[1]["id"] == "b" and o[1]["flagged"] and o[1]["categories"] == ["testing"]
       and 0.4 < o[1]["score"] <= 1 and [7, 16, "testing.evil"] in o[1]["spans"] and "error" in o[2], "one answer a line, in order, spans in characters", r.stdout)

# --- reload, help, completion --------------------------------------------------------------------------
r = code(0, "reload", desk.ctl("it", "reload"))
tap.ok("schoolgate-console\ttold" in r.stdout and "schoolgate-courier\tnot running" in r.stdout, "tells what runs", r.stdout)
text = open(desk.house.config).read()
desk.house.write("schoolgate.conf", text + "nonsense = 1;\n")
code(2, "reload of a bad configuration", desk.ctl("it", "reload"))
desk.house.write("schoolgate.conf", text)
s, out = terminal(80, "lead", "hel")
s2, out2 = terminal(80, "lead", "held", "li", "--no-header", "--color=never", "--columns=id")
tap.ok("can mean" in terminal(80, "lead", "he")[1] and s2 == 0, "prefixes at a terminal", out, out2)
words = lambda *a: desk.ctl("lead", "__complete", *a).stdout.split()  # noqa: E731
tap.ok(words("he") == ["held", "help"] and words("held", "re") == ["read", "release", "return"] and "--urgency=" in words("held", "list", "--u")
       and words("held", "list", "--urgency=u") == ["urgent"] and set(words("held", "show", "")) == {x["id"] for x in map(json.loads, desk.ctl("lead", "held", "list", "--json").stdout.splitlines())}
       and words("completion", "") == ["bash", "zsh", "fish"] and "@" not in " ".join(words("held", "show", "")), "completion offers words, options, values, references",
       words("he"), words("held", "re"), words("held", "list", "--u"), words("held", "show", ""))
for shell, check in (("bash", 'source /dev/stdin <<< "$S"; PATH=%s:$PATH; COMP_WORDS=(schoolgatectl hel); COMP_CWORD=1; _schoolgatectl; echo "${COMPREPLY[*]}"' % os.path.dirname(CTL)),
                     ("zsh", 'autoload -Uz compinit; compinit -u -D; eval "$S"; [ "$_comps[schoolgatectl]" = _schoolgatectl ] && echo held help'),
                     ("fish", 'echo "$S" | source; set PATH %s $PATH; complete -C "schoolgatectl hel"' % os.path.dirname(CTL))):
    if not shutil.which(shell):
        print("# %s is not here: its script is not loaded" % shell)
        continue
    r = subprocess.run([shell, "-c", check], capture_output=True, text=True, env={**os.environ, "S": desk.ctl("it", "completion", shell).stdout})
    tap.ok(r.stdout.split() == ["held", "help"] and not r.stderr, "the %s script loads and completes" % shell, r.stdout, r.stderr)
r = code(0, "help", desk.ctl("it", "help"))
verbs = re.findall(r"^  ([a-z]+(?: [a-z]+)?) {2,}[A-Z]", r.stdout, re.M)
tap.ok(len(verbs) >= 26, "all commands are listed", verbs)
bare = [v for v in verbs if "Example\n  schoolgatectl " + v not in desk.ctl("it", "help", *v.split()).stdout
        or desk.ctl("it", *v.split(), "-h").stdout != desk.ctl("it", "help", *v.split()).stdout]
tap.ok(not bare, "each has help with an example, and -h is the same", *bare)
long = [x for v in verbs for x in desk.ctl("it", "help", *v.split()).stdout.split("\n") if len(x) > 100]
tap.ok(not long, "help fits a screen", *long)
code(0, "version", desk.ctl("it", "--version"))
full = open("/dev/full", "w")
r = subprocess.run([CTL, "help"], stdout=full, stderr=subprocess.PIPE, text=True)
tap.ok(r.returncode == 5 and "could not be written" in r.stderr, "a full disk is noticed", r.returncode, r.stderr)
tap.done()
