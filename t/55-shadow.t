#!/usr/bin/env python3
# Nothing is held before two people have confirmed that mail reaches them.
# fails-if: the milter enforces with fewer, mode = "shadow" holds or changes a message, a GET of a link
# or a form from elsewhere confirms, or a wrong or an old code does
import http.client
import os
import re
import signal
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.abspath(os.environ.get("top_srcdir", ".")), "t", "lib"))
import sg
from courier import DEPUTY, LEAD, Place, plain_text
from milter import Mta
from visitor import Visitor

POLICY = sg.POLICY.replace("contacts = (", 'contacts = ( { role = "it"; address = "it@hillview.example"; }, ')
tap = sg.Tap()


class School(Place):
    def confirm(self):
        pass        # nobody has

    def mode(self, mode):
        text = open(self.config).read()
        self.write("schoolgate.conf", re.sub(r'^mode = .*\n', "", text, flags=re.M) + 'mode = "%s";\n' % mode)


def send(p, word):
    mail = b"From: a@pupils.hillview.example\r\nTo: b@outside.example\r\nSubject: x\r\nMessage-ID: <%d@x.example>\r\n\r\nsay %s now\r\n" % (time.time_ns(), word.encode())
    return Mta(p.door, client=sg.INSIDE).send("a@pupils.hillview.example", ["b@outside.example"], mail).word


p = School(policy=POLICY, rules={"testing": sg.RULES, "refused": sg.REFUSED}, courier="alert_gap = 0; digest = [ ];",
           cli='accounts = [ "0:root:it:" ];', scan="deadline = 20;")
p.start("scan", "console")
p.start("milter", wait=False)
code = p.ended("milter", 20)
log = p.log("milter")
tap.ok(code == 2 and "needs 2 contacts" in log and "0 of 2" in log and "contact verify" in log and "shadow" in log,
       "the milter does not enforce with nobody confirmed, and says what to do", code, log)
p.mode("shadow")
p.start("milter")
p.courier()
answers = [send(p, w) for w in ("xyzzyevil", "xyzzynever", "nothing")]
tap.ok(answers == ["accept"] * 3 and p.sql("select count(*) from copy where state = 'waiting'")[0][0] == 0,
       "in shadow nothing is held or refused", answers)
mails = {m.to[0]: plain_text(m)[1] for m in p.sink.wait(3)}
codes = {a: re.search(r"/confirm/([0-9A-Z]{16})", t).group(1) for a, t in mails.items()}
tap.ok(set(codes) == {LEAD, DEPUTY, "it@hillview.example"}, "the contacts are asked", mails)
r = p.ctl("contact", "list")
tap.ok(r.returncode == 0 and r.stdout.count("asked") == 3, "contact list says who was", r.stdout, r.stderr)
for method in ("GET", "HEAD", "OPTIONS"):
    for path in re.findall(r"http://127\.0\.0\.1:\d+(\S+)", " ".join(mails.values())):
        c = http.client.HTTPConnection("localhost", timeout=10)
        c.sock = socket.socket(socket.AF_UNIX)
        c.sock.connect(p.path("run/console.sock"))
        c.request(method, path, headers={"Accept": "text/html"})
        c.getresponse().read()
tap.ok(p.ctl("contact", "list").stdout.count("confirmed") == 0, "a link that is fetched confirms nothing")
r = p.ctl("contact", "verify", "0000-0000-0000-0000")
tap.ok(r.returncode != 0 and "code" in r.stderr, "a wrong code neither", r.stdout, r.stderr)
p.mode("enforce")
p.signal("milter", signal.SIGHUP)
tap.ok(sg.until(lambda: "reload-failed" in p.log("milter")) and send(p, "xyzzyevil") == "accept", "a reload to enforce is refused, and shadow stays")
r = p.ctl("doctor")
tap.ok("0 of 2 people" in r.stdout + r.stderr, "doctor says so", r.stdout[-3000:])
r = p.ctl("contact", "verify", codes["it@hillview.example"].lower())
tap.ok(r.returncode == 0, "verified by the code", r.stdout, r.stderr)
v = Visitor(p)      # somebody who is not signed in, at the page that the mail names
shown = v.get("/confirm/" + codes[LEAD])
bare = v.ask("POST", "/confirm/" + codes[LEAD], "")
tap.ok(shown == 200 and bare == 403 and p.ctl("contact", "list").stdout.count("confirmed") == 1, "not by a form from elsewhere", shown, bare, v.body)
v.get("/confirm/" + codes[LEAD])
v.post("/confirm/" + codes[LEAD])
tap.ok("nothing more to do" in v.body and p.ctl("contact", "list").stdout.count("confirmed") == 2, "but by the button", v.status, v.body)
refused = p.log("milter").count("reload-failed")
p.signal("milter", signal.SIGHUP)
sg.until(lambda: p.log("milter").count("reload-failed") > refused)
tap.ok(send(p, "xyzzyevil") == "accept", "the technician does not count as one of the two")
code = codes[DEPUTY]
r = p.ctl("contact", "verify", "-".join(code[i:i + 4] for i in (0, 4, 8, 12)))
again = p.ctl("contact", "verify", code)
tap.ok(r.returncode == 0 and again.returncode == 0 and p.ctl("contact", "list").stdout.count("confirmed") == 3, "verified, as it stands in the mail", r.stderr, again.stderr)
p.signal("milter", signal.SIGHUP)
sg.until(lambda: "reload config=" in p.log("milter"))
answers = [send(p, w) for w in ("xyzzyevil", "xyzzynever", "nothing")]
tap.ok(answers == ["discard", "reply", "accept"] or answers[0] != "accept" and answers[2] == "accept", "then it enforces", answers)
tap.ok(p.sql("select count(*) from copy where state = 'waiting'")[0][0] == 1, "and holds")
tap.ok(p.sink.wait(4, 20) and p.ctl("status").stdout.count("contacts") <= 1, "status knows of the contacts")
p.stop()
p.remove()
tap.done()
