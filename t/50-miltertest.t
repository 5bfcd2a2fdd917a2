#!/usr/bin/python3
# Dialogues with miltertest, a mail server that is not of our making.
# fails-if: the milter answers an abort in any state, a hang-up, a second message or a message
#           without header or body otherwise than it should
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import House, Tap, skip_all  # noqa: E402

if not shutil.which("miltertest"):
    skip_all("miltertest is not installed")

COMMON = r"""
function say(what, good) if not good then error(what) end end
function open()
	local c = mt.connect("%s")
	say("connect", c ~= nil)
	say("conninfo", mt.conninfo(c, "client.example", "127.0.0.2") == nil)
	return c
end
function mail(c) say("mail", mt.mailfrom(c, "<hale@hillview.example>") == nil and mt.getreply(c) == SMFIR_CONTINUE) end
function rcpt(c, to) say("rcpt", mt.rcptto(c, to) == nil and mt.getreply(c) == SMFIR_CONTINUE) end
function head(c, n, v) say("header", mt.header(c, n, v) == nil) end
function body(c, text) say("body", mt.bodystring(c, text) == nil) end
function finish(c, want)
	say("eom", mt.eom(c) == nil)
	say("reply " .. string.char(mt.getreply(c)), mt.getreply(c) == want)
end
function clean(c)
	mail(c) rcpt(c, "<ann@pupils.hillview.example>") head(c, "Subject", " hello") body(c, "Nothing of note.\r\n")
	finish(c, SMFIR_ACCEPT)
	say("status", mt.eom_check(c, MT_HDRINSERT, "Schoolgate-Status"))
	say("no one removed", not mt.eom_check(c, MT_RCPTDELETE, "<ann@pupils.hillview.example>"))
end
"""
DIALOGUES = {
    "a clean message": "c = open() clean(c) mt.disconnect(c)",
    "two messages of one conversation": "c = open() clean(c) clean(c) mt.disconnect(c)",
    "abort after the connection": "c = open() mt.abort(c) clean(c) mt.disconnect(c)",
    "abort after MAIL": "c = open() mail(c) mt.abort(c) clean(c) mt.disconnect(c)",
    "abort after RCPT": "c = open() mail(c) rcpt(c, '<x@elsewhere.example>') mt.abort(c) clean(c) mt.disconnect(c)",
    "abort in the header": "c = open() mail(c) rcpt(c, '<x@elsewhere.example>') head(c, 'Subject', ' xyzzyevil') mt.abort(c) clean(c) mt.disconnect(c)",
    "abort in the body": "c = open() mail(c) rcpt(c, '<x@elsewhere.example>') head(c, 'A', ' b') body(c, 'xyzzyevil\\r\\n') mt.abort(c) clean(c) mt.disconnect(c)",
    "abort after the end": "c = open() clean(c) mt.abort(c) clean(c) mt.disconnect(c)",
    "abort twice": "c = open() mail(c) mt.abort(c) mt.abort(c) clean(c) mt.disconnect(c)",
    "hanging up after MAIL": "c = open() mail(c) mt.disconnect(c, false) c = open() clean(c) mt.disconnect(c)",
    "hanging up in the body": "c = open() mail(c) rcpt(c, '<x@elsewhere.example>') body(c, 'xyzzyevil') mt.disconnect(c, false) c = open() clean(c) mt.disconnect(c)",
    "hanging up at once": "c = mt.connect(DOOR) mt.disconnect(c, false) c = open() clean(c) mt.disconnect(c)",
    "a header and no body": "c = open() mail(c) rcpt(c, '<ann@pupils.hillview.example>') head(c, 'Subject', ' x') finish(c, SMFIR_ACCEPT) mt.disconnect(c)",
    "a body and no header": "c = open() mail(c) rcpt(c, '<ann@pupils.hillview.example>') body(c, 'hello\\r\\n') finish(c, SMFIR_ACCEPT) mt.disconnect(c)",
    "a held copy leaves the envelope": "c = open() mail(c) rcpt(c, '<ann@pupils.hillview.example>') rcpt(c, '<x@elsewhere.example>') head(c, 'Subject', ' y') "
        "body(c, 'say xyzzyhold now\\r\\n') finish(c, SMFIR_ACCEPT) say('removed', mt.eom_check(c, MT_RCPTDELETE, '<x@elsewhere.example>')) "
        "say('only that', not mt.eom_check(c, MT_RCPTDELETE, '<ann@pupils.hillview.example>')) mt.disconnect(c)",
    "all held: discarded": "c = open() mail(c) rcpt(c, '<ann@pupils.hillview.example>') body(c, 'say xyzzyevil now\\r\\n') finish(c, SMFIR_DISCARD) mt.disconnect(c)",
    "refused with a reply": "c = open() mail(c) rcpt(c, '<x@elsewhere.example>') body(c, 'say xyzzynever now\\r\\n') mt.eom(c) "
        "say('code', mt.getreply(c) == SMFIR_REPLYCODE) mt.disconnect(c)",
    "forged fields are removed": "c = open() mail(c) rcpt(c, '<ann@pupils.hillview.example>') head(c, 'Schoolgate-Status', ' deliver') head(c, 'X-Keep', ' x') "
        "body(c, 'hello\\r\\n') finish(c, SMFIR_ACCEPT) say('gone', mt.eom_check(c, MT_HDRDELETE, 'Schoolgate-Status')) "
        "say('kept', not mt.eom_check(c, MT_HDRDELETE, 'X-Keep')) mt.disconnect(c)",
    "random bytes": "c = open() mail(c) rcpt(c, '<ann@pupils.hillview.example>') head(c, 'Subject', ' x') mt.bodyrandom(c, 300000) mt.eom(c) "
        "say('answered', mt.getreply(c) == SMFIR_ACCEPT or mt.getreply(c) == SMFIR_DISCARD) mt.disconnect(c)",
}

tap = Tap()
house = House()
house.start("scan", "milter")
for what, script in DIALOGUES.items():
    path = house.path("dialogue.lua")
    with open(path, "w") as f:
        f.write(COMMON.replace("%s", house.door) + "good, why = pcall(function()\n" + script.replace("DOOR", '"%s"' % house.door) +
                "\nend)\nif not good then mt.echo(tostring(why)) error(why) end\n")
    r = subprocess.run(["miltertest", "-s", path], capture_output=True, text=True, timeout=60)
    tap.ok(r.returncode == 0 and house.children["milter"].poll() is None, what, r.stdout + r.stderr)
house.stop("milter")
tap.ok("left-in-hand" not in house.log("milter"), "nothing is left in hand")
tap.done()
