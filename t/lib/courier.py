"""A courier and a mail server for it, for tests of what is sent.

    p = Place(courier="alert_gap = 0;")     # House (sg.py) with p.sink (sink.py); milter not started
    ref = p.held(alert="lead", urgency="urgent")    # files a message, see storefill.c
    p.courier()                             # starts it
    p.fill("audit", ref, "looked")          # any command of storefill
"""
import email
import email.policy
import json
import os
import re
import subprocess
import sys

import sg
from sink import Sink

FILL = os.path.join(sg.BUILD, "t", "lib", "storefill")
LEAD, DEPUTY = "dsl@hillview.example", "deputy@hillview.example"
PUPIL, FRIEND, OUT = "ann.8c@pupils.hillview.example", "ben.8c@pupils.hillview.example", "o'brien+x@outside.example"
MAIL = (b"From: ann\r\nTo: whoever\r\nSubject: a secret heading of mine\r\nMessage-ID: <one@x.example>\r\n\r\n"
        b"you are a most remarkable purple walrus and everybody in the whole class thinks so\r\n"
        b"meet me behind the bicycle shed after the maths lesson on thursday\r\n")
POLICY = """classes = ( { name = "pupil"; match = [ "@pupils.hillview.example" ]; }, { name = "staff"; match = [ "@hillview.example" ]; },
  { name = "outside"; match = [ "*" ]; } );
policy = ( { id = "harm"; category = [ "bullying" ]; severity = 3; do = "hold"; notify = [ "lead" ]; } );
contacts = ( { role = "lead"; address = "dsl@hillview.example"; }, { role = "deputy"; address = "deputy@hillview.example"; } );
"""


def grams(text, n=3):
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[i:i + n]) for i in range(len(words) - n + 1)}


def plain_text(mail):
    m = email.message_from_bytes(mail.data, policy=email.policy.default)
    return m, m.get_body(("plain",)).get_content(), m.get_body(("html",)).get_content()


class Place(sg.House):
    """A store, a courier and a sink; nothing else runs unless a test starts it."""

    clock = 0       # seconds that storefill's clock is ahead, as SCHOOLGATE_CLOCK_OFFSET of a courier

    def __init__(self, policy=POLICY, **sections):
        self.sink = Sink()
        self.plays_milter = True
        sections.setdefault("courier", 'alert_gap = 0; high_gap = 0; notice_gap = 0; alert_from = "low"; digest = [ ];')
        sections.setdefault("mta", "timeout = 5;")
        sections.setdefault("scan", "deadline = 1;")
        super().__init__(smtp=self.sink.port, policy=policy, **sections)
        os.chmod(self.path("store"), 0o700)
        self.sink.before_dot_reply = self.milter

    def keys(self):
        self.fill("keys")

    def fill(self, *args, ok=True):
        r = subprocess.run([FILL, self.config, *args], capture_output=True, text=True,
                           env={**os.environ, "SCHOOLGATE_CLOCK_OFFSET": str(self.clock)})
        if ok and r.returncode != 0:
            raise RuntimeError("storefill %s: %s" % (args, r.stderr))
        return r.stdout.strip()

    def milter(self, mail):
        """What the milter would do with our tickets on the way."""
        if self.plays_milter and mail.header("Schoolgate-Release"):
            self.fill("ticket", "use", mail.nonce)
            self.fill("ticket", "answered", mail.nonce)

    def complaint(self, *args):
        r = subprocess.run([FILL, self.config, *args], capture_output=True, text=True)
        return r.stderr if r.returncode != 0 else ""

    def held(self, data=MAIL, to=(OUT,), **facts):
        with open(self.path("mail"), "wb") as f:
            f.write(data)
        return self.fill("file", *["%s=%s" % (k, v) for k, v in {"from": PUPIL, **facts}.items()],
                         "to=" + ",".join(to), self.path("mail"))

    def release(self, ref, code="release", **more):
        self.fill("decide", ref, code, *["%s=%s" % (k, v) for k, v in more.items()])

    def copies(self, ref):
        return {c["address"]: c for c in json.loads(self.fill("show", ref))["copies"]}

    def states(self, ref):
        return sorted(c["state"] for c in self.copies(ref).values())

    def until(self, ref, *states, seconds=15):
        sg.until(lambda: self.states(ref) == sorted(states), seconds)
        return self.states(ref) == sorted(states)

    def empty(self, seconds=15):
        return sg.until(lambda: json.loads(self.fill("status"))["outbox"] == 0, seconds)

    def courier(self, **env):
        self.start("courier", environment={"TZ": "UTC", **env}, wait=False)
        sg.until(lambda: "audit-head" in self.log("courier")[self.mark:] or self.children["courier"].poll() is not None)
        if self.children["courier"].poll() is not None:
            raise RuntimeError("the courier does not start: " + self.log("courier")[self.mark:])

    @property
    def mark(self):
        return self.log("courier").rfind("start program=") if "courier" in os.listdir(self.path("log")) else 0

    def reset(self):
        self.sink.usual()
        self.sink.before_dot_reply = self.milter
        self.plays_milter = True
        with self.sink.lock:
            del self.sink.mails[:], self.sink.tries[:]
