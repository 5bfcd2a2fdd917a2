#!/usr/bin/python3
# Accounts at the command line: who may make and change them, and what needs a second person.
# fails-if: one person alone gives somebody the contents of mail, a role does what it may not, a link
#           works twice or is in the store, an exit code is not the documented one, or the audit does
#           not say who did what
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import Desk, needs_root  # noqa: E402
from sg import Tap  # noqa: E402

needs_root()
tap = Tap()
desk = Desk()


def ctl(who, *args, **more):
    r = desk.ctl(who, "user", *args, **more)
    return r.returncode, r.stdout, r.stderr


def show(name):
    code, out, _ = ctl("it", "show", name, "--json")
    return json.loads(out) if code == 0 else {}


def audit(action):
    return [r[0] + " " + r[1] for r in desk.house.sql("SELECT actor, detail FROM audit WHERE action = ? ORDER BY seq", action)]


# --- the first ones ------------------------------------------------------------------
code, out, err = ctl("it2", "add", "anna", "--role", "lead", "--mail", "anna@hillview.example")
tap.ok(code == 0 and show("anna")["role"] == "none" and [p["value"] for p in show("anna")["proposals"]] == ["lead"],
       "a technician who is not root proposes even the first lead", code, out, err)
code, out, err = ctl("it", "add", "ruth", "--role", "lead", "--mail", "ruth@hillview.example", "--person", "Mrs Ruth")
tap.ok(code == 0 and re.fullmatch(r"http\S+/first-use\?t=[\w-]{43}\n", out) and "ruth" in err, "root adds the first lead and gets a link", out, err)
tap.ok(show("ruth")["role"] == "lead" and show("ruth")["state"] == "new" and audit("account-added")[-1] == "root account=ruth role=lead set-up",
       "the audit says that it was at set-up", audit("account-added"))
token = out.strip().split("=")[1]
held = b"".join(open(os.path.join(d, f), "rb").read() for d, _, fs in os.walk(desk.house.path("store")) for f in fs)
tap.ok(token.encode() not in held and b"ruth" in held, "the link is not in the store")
code, again, _ = ctl("it", "link", "ruth")
tap.ok(code == 0 and again != out, "another link takes its place")

# --- what is wrong ----------------------------------------------------------------------
for args, want in ((("add", "Ruth!", "--role", "lead"), 2), (("add", "bob", "--role", "boss"), 2), (("add", "bob"), 2),
                   (("add", "bob", "--role", "lead"), 2), (("add", "ruth", "--role", "it"), 2), (("show", "bob"), 3), (("show", "../me"), 2),
                   (("role", "bob", "it"), 3), (("role", "ruth", "boss"), 2), (("disable", "ruth"), 2), (("enable", "ruth"), 4),
                   (("add", "root", "--role", "it"), 2), (("end", "ruth", "0123456789abcdef"), 4)):
    code, out, err = ctl("it", *args)
    tap.ok(code == want and not out, "user %s: %d" % (" ".join(args), want), code, out, err)
for who in ("lead", "deputy", "dpo", "governor", "teacher"):
    code, _, err = ctl(who, "add", "bob", "--role", "it")
    if code != 4:
        break
tap.ok(code == 4, "nobody but the technician adds accounts", who, code, err)

# --- by two people, once there is somebody who reads ----------------------------------------
desk.house.sql_change("UPDATE account SET state = 'active', password = 'x', secret = 'x' WHERE name = 'ruth'")
code, out, err = ctl("it", "add", "carl", "--role", "deputy", "--mail", "carl@hillview.example")
tap.ok(code == 0 and "no role yet" in err and show("carl")["role"] == "none", "a second reader is proposed", out, err)
code, _, err = ctl("it", "approve", "carl")
tap.ok(code == 4 and show("carl")["role"] == "none", "the technician approves nothing", err)
code, _, err = ctl("governor", "approve", "carl")
tap.ok(code == 4, "nor does a governor", err)
code, out, err = ctl("head", "approve", "carl")
tap.ok(code == 0 and show("carl")["role"] == "deputy" and show("carl")["proposals"] == [], "the head does", out, err)
tap.ok(audit("account-role")[-1] == "lowe account=carl role=deputy proposed-by=root" and audit("approved")[-1].startswith("lowe account=carl"),
       "and the audit has both names", audit("account-role"))
code, _, err = ctl("head", "role", "carl", "lead")
tap.ok(code == 0 and show("carl")["role"] == "deputy", "a role that the head proposes waits too", err)
code, _, err = ctl("head", "approve", "carl")
tap.ok(code == 4 and "second person" in err and show("carl")["role"] == "deputy", "the head does not approve it", err)
code, _, err = ctl("lead", "approve", "carl", "--decline")
tap.ok(code == 0 and show("carl")["role"] == "deputy" and show("carl")["proposals"] == [], "the lead declines", err)
code, _, err = ctl("it", "role", "carl", "governor")
tap.ok(code == 0 and show("carl")["role"] == "governor", "a role that reads nothing needs one person", err)

# nobody for themselves: okafor is the lead's account at the command line
ctl("it", "add", "okafor", "--role", "governor", "--mail", "dsl@hillview.example")
ctl("it", "role", "okafor", "lead")
tap.ok(ctl("lead", "approve", "okafor")[0] == 4 and show("okafor")["role"] == "governor", "nobody approves for their own account")
tap.ok(desk.ask("lead", "GET", "/queue")[0] == 403, "the account of the store says what a Unix user may")
ctl("head", "approve", "okafor")
tap.ok(desk.ask("lead", "GET", "/queue")[0] == 200, "and so it does when it has changed")
ctl("it", "disable", "okafor", "--yes")
tap.ok(desk.ask("lead", "GET", "/queue")[0] == 403, "a disabled account is nobody, here too")
code, _, err = ctl("it", "enable", "okafor")
tap.ok(code == 0 and show("okafor")["state"] == "disabled" and [p["kind"] for p in show("okafor")["proposals"]] == ["enable"],
       "an account that reads comes back by two people", err)
ctl("head", "approve", "okafor")
tap.ok(show("okafor")["state"] == "new", "and does", show("okafor"))

# reset and addresses of an account that reads
desk.house.sql_change("UPDATE account SET state = 'active', password = 'x', secret = 'x' WHERE name = 'okafor'")
code, out, err = ctl("it", "reset", "ruth")
tap.ok(code == 0 and "first-use" not in out and show("ruth")["state"] == "active", "a reset of a reader is proposed", out, err)
ctl("head", "approve", "ruth")
tap.ok(show("ruth")["state"] == "new" and audit("account-reset")[-1].startswith("lowe account=ruth"), "and approved", audit("account-reset"))
code, out, err = ctl("it", "mail", "ruth", "other@hillview.example")
tap.ok(code == 0 and show("ruth")["mail"] == "ruth@hillview.example", "so are other addresses", out, err)
ctl("head", "approve", "ruth")
tap.ok(show("ruth")["mail"] == "other@hillview.example", "which are then there", show("ruth"))
tap.ok(not [r for r in desk.house.sql("SELECT detail FROM audit WHERE detail LIKE '%@%'")], "no address is in the audit")

# --- the last who can look is not sent away, and set-up does not come back ---------------------
last = [n for n in ("ruth", "okafor", "carl") if show(n)["role"] in ("lead", "head", "deputy", "dpo") and show(n)["state"] == "active"]
for name in last[1:]:
    ctl("it", "disable", name, "--yes")
desk.house.sql_change("UPDATE account SET state = 'active', password = 'x', secret = 'x', password_at = 1 WHERE name = ?", last[0])
code, out, err = ctl("it", "disable", last[0], "--yes")
tap.ok(code == 4 and show(last[0])["state"] == "active" and "still needed" in err and "takes over" in err, "the last account that approves stays", code, err)
code, out, err = ctl("it", "role", last[0], "governor")
tap.ok(code == 4 and show(last[0])["role"] == "lead" and "still needed" in err, "and keeps its role", code, err)
desk.house.sql_change("UPDATE account SET state = 'disabled' WHERE name = ?", last[0])
code, out, err = ctl("it", "add", "dora", "--role", "lead", "--mail", "dora@hillview.example")
tap.ok(code == 0 and show("dora")["role"] == "none", "with all of them disabled by force root is still no second person", out, err)
desk.house.sql_change("DELETE FROM account WHERE name = 'dora'")
desk.house.sql_change("UPDATE account SET state = 'active' WHERE name = ?", last[0])

# --- how it looks -------------------------------------------------------------------------
code, out, _ = ctl("it", "list")
tap.ok(code == 0 and out.splitlines()[0] == "ACCOUNT\tPERSON\tROLE\tSTATE\tSIGNED IN\tMAIL" and len(out.splitlines()) == 5, "the list", out)
code, out, _ = ctl("it", "list", "--json")
tap.ok([json.loads(x)["account"] for x in out.splitlines()] == ["anna", "carl", "okafor", "ruth"], "as JSON lines", out)
tap.ok(ctl("it", "sessions", "ruth")[0] == 1 and ctl("governor", "list")[0] == 4, "no sessions: 1; no right: 4")
out = desk.ctl("it", "__complete", "user", "").stdout.split()
tap.ok({"add", "approve", "disable", "sessions"} <= set(out), "completion offers the verbs", out)
mails = desk.house.sql("SELECT template, count(*) FROM outbox WHERE kind = 'account' GROUP BY template ORDER BY template")
tap.ok({m[0] for m in mails} == {"account-approve", "account-reset", "account-role"}, "whom it concerns is told by mail", mails)
tap.done()
