#!/usr/bin/python3
# schoolgatectl doctor: sees what is set up wrongly, names the remedy, and is quiet about the rest.
# fails-if: one of the known mistakes (rights, keys, a program away, Postfix or Sendmail wired so
#           that mail passes unread) is not found, or a good set-up is called wrong
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import Desk, needs_root  # noqa: E402
from sg import Tap, until  # noqa: E402

needs_root()
tap = Tap()
desk = Desk()
house = desk.house
os.chmod(house.path("store"), 0o700)
house.start("scan", "milter", "courier")
SOCK = "unix:" + house.path("run/milter.sock")
MAIN = """# a comment
queue_directory = /var/spool/postfix
our = %s
smtpd_milters = $our,
    inet:localhost:8891
non_smtpd_milters = ${our}
milter_default_action = tempfail
milter_protocol = 6
message_size_limit = 20000000
""" % SOCK
MASTER = """smtp      inet  n       -       y       -       -       smtpd
submission inet n - y - - smtpd
  -o syslog_name=postfix/submission
"""
CF = """O InputMailFilters=schoolgate,opendkim
Xschoolgate, S=%s, F=T, T=C:30s;S:30s;R:30s;E:10m
Xopendkim, S=inet:8891@localhost
""" % SOCK
os.mkdir(house.path("postfix"))


def doctor(main=MAIN, master=MASTER, cf=CF, who="it"):
    house.write("postfix/main.cf", main)
    house.write("postfix/master.cf", master)
    house.write("sendmail.cf", cf)
    r = desk.ctl(who, "doctor", "--json", "--postfix-dir", house.path("postfix"), "--sendmail-cf", house.path("sendmail.cf"))
    rows = [json.loads(x) for x in r.stdout.splitlines()]
    return r.returncode, [x for x in rows if x["result"] == "wrong"], rows


def finds(what, words, check=None, **set_up):
    """Exactly one thing is wrong, and it is this."""
    code, wrong, rows = doctor(**set_up)
    tap.ok(code == 1 and wrong and any(words in x["what"] for x in wrong) and all(x.get("remedy") for x in wrong)
           and (check is None or {x["check"] for x in wrong} == {check}), "finds: " + what, code, *rows)


until(lambda: doctor()[0] == 0, 5)
code, wrong, rows = doctor()
tap.ok(code == 0 and not wrong, "nothing is wrong in a good set-up", *wrong)
tap.ok({x["check"] for x in rows} == {"config", "policy", "keys", "sockets", "store", "console", "contacts", "rules", "roster", "signatures", "clock", "postfix", "sendmail"},
       "everything is looked at", *rows)
tap.ok(any(x["result"] == "note" and "signatures" in x["what"] for x in rows), "no signatures: a statement, no error")
r = desk.ctl("it", "doctor", "--postfix-dir", house.path("postfix"), "--sendmail-cf", house.path("sendmail.cf"))
tap.ok(r.returncode == 0 and r.stdout.startswith("RESULT\tCHECK\tWHAT\tREMEDY\n") and "Nothing is wrong." in r.stderr, "as a table", r.stdout)

# --- Postfix -------------------------------------------------------------------------
finds("Schoolgate is not in smtpd_milters", "smtpd_milters does not have", "postfix", main=MAIN.replace("smtpd_milters = $our,\n    inet", "smtpd_milters = inet", 1))
finds("not in non_smtpd_milters", "non_smtpd_milters does not have", "postfix", main=MAIN.replace("non_smtpd_milters = ${our}\n", ""))
finds("milter_default_action = accept", "milter_default_action is accept", "postfix", main=MAIN.replace("tempfail", "accept"))
finds("default_action of the entry", "passes unread", "postfix", main=MAIN.replace("$our,\n", "{ $our, default_action=accept },\n", 1))
finds("milter_protocol 2", "milter_protocol is 2", "postfix", main=MAIN.replace("protocol = 6", "protocol = 2"))
finds("a signer before us", "8891 stands before", "postfix", main=MAIN.replace("$our,\n    inet:localhost:8891", "inet:localhost:8891\n    $our", 1))
code, wrong, rows = doctor(main=MAIN.replace("$our,\n    inet:localhost:8891", "inet:localhost:11332\n    $our", 1))
tap.ok(code == 0 and any(x["result"] == "warning" and "11332 stands before" in x["what"] for x in rows), "rspamd in front may sign: warned", *rows)
finds("smtpd_proxy_filter in main.cf", "neither header nor body", "postfix", main=MAIN + "smtpd_proxy_filter = 127.0.0.1:10024\n")
finds("smtpd_proxy_filter in master.cf", "neither header nor body", "postfix", master=MASTER + "  -o smtpd_proxy_filter=127.0.0.1:10024\n")
code, wrong, rows = doctor(master=MASTER + "  -o smtpd_milters=\n")
tap.ok(code == 0 and any(x["result"] == "warning" and "master.cf: submission" in x["what"] for x in rows), "a service with milters of its own: a warning", *rows)
code, wrong, rows = doctor(main=MAIN.replace("20000000", "99000000"))
tap.ok(code == 0 and any(x["result"] == "warning" and "max_size" in x["what"] for x in rows), "mail larger than we take: a warning", *rows)

# --- Sendmail ---------------------------------------------------------------------------
finds("Sendmail without F=T", "mail passes unread", "sendmail", cf=CF.replace(" F=T,", ""))
finds("Sendmail with F=R", "refused for good", "sendmail", cf=CF.replace("F=T", "F=R"))
finds("a short R", "timer R", "sendmail", cf=CF.replace("R:30s", "R:10s"))
finds("a short E", "timer E", "sendmail", cf=CF.replace("E:10m", "E:2m"))
finds("a filter that is not used", "does not name schoolgate", "sendmail", cf=CF.replace("Filters=schoolgate,", "Filters="))
finds("a signer before us", "a program that signs", "sendmail", cf=CF.replace("schoolgate,opendkim", "opendkim,schoolgate"))
finds("no filter of ours", "no filter has", "sendmail", cf="O InputMailFilters=\n")

# --- rights, keys, programs ------------------------------------------------------------------
for path, mode, good, what in (("keys/mail.key", 0o644, 0o640, "a key that others can read"), ("keys", 0o755, 0o750, "a directory of keys that others can read"),
                               ("store", 0o755, 0o700, "a store that others can enter"), ("run/scan.sock", 0o777, 0o660, "a scanner that everybody can ask"),
                               ("run/milter.sock", 0o777, 0o660, "a milter that everybody can reach")):
    os.chmod(house.path(path), mode)
    finds(what, os.path.basename(path))
    os.chmod(house.path(path), good)
for key in ("vault.key", "audit.key"):
    os.chown(house.path("keys/" + key), -1, 61500)
finds("a vault.key that the milter can read", "same group as audit.key", "keys")
for key in ("vault.key", "audit.key"):
    os.chown(house.path("keys/" + key), -1, 0)
os.rename(house.path("keys/vault.pub"), house.path("pub"))
finds("a missing key", "vault.pub", "keys")
os.rename(house.path("pub"), house.path("keys/vault.pub"))
tap.ok(doctor()[0] == 0, "put right, it is quiet again", *doctor()[1])
policy = open(house.path("policy.conf")).read()
house.write("policy.conf", policy.replace('{ role = "deputy"; address = "deputy@hillview.example"; }', '{ role = "deputy"; address = "DSL@hillview.example"; }'))
finds("one person in two roles", "fewer than two people", "policy")
house.write("policy.conf", policy.replace("severity = 3", "sevrity = 3", 1))
finds("a mistake in the policy", "policy.conf:", "policy")
house.write("policy.conf", policy)
text = open(house.config).read()
house.write("schoolgate.conf", text.replace(":lead:", ":teacher:").replace(":deputy:", ":teacher:").replace(":head:", ":teacher:").replace(":dpo:", ":teacher:"))
finds("nobody who may read", "nobody has an account", "policy")
house.write("schoolgate.conf", text.replace("school:  {", 'school: { logo = "none.png";'))
finds("a logo that is not there", "schoolgate.conf:1: school.logo", "console")
house.write("schoolgate.conf", text)
os.mkdir(house.path("sigs"))
house.write("schoolgate.conf", text.replace('signatures = "off"', 'signatures = "%s"' % house.path("sigs")))
finds("no virus signatures where they should be", "there are no virus signatures", "signatures")
house.write("sigs/own.hdb", "d41d8cd98f00b204e9800998ecf8427e:5:Test.Sum\n")
os.utime(house.path("sigs/own.hdb"), (1e9, 1e9))
finds("old virus signatures", "days old", "signatures")
os.utime(house.path("sigs/own.hdb"))
code, wrong, rows = doctor()
tap.ok(code == 0 and any(x["check"] == "signatures" and x["result"] == "ok" for x in rows), "signatures of today", *rows)
house.write("schoolgate.conf", text + "nonsense = 1;\n")
code, wrong, rows = doctor()
tap.ok(code == 2 and wrong[0]["check"] == "config", "an unreadable configuration", code, *rows)
house.write("schoolgate.conf", text)
for name, words in (("courier", "schoolgate-courier does not run"), ("scan", "nobody answers"), ("milter", "milter"), ("console", "console")):
    house.stop(name)
    code, wrong, rows = doctor()
    tap.ok(code == 1 and any(words in x["what"] or "there is no socket" in x["what"] and name in x["what"] for x in wrong), "finds: %s is away" % name, *wrong)
tap.done()
