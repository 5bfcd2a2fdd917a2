"""A browser without a screen: pages over TCP, cookies, forms.

    v = Visitor(house)                      # nobody yet
    v.get("/sign-in"); v.post("/sign-in", name="okafor", password="...")   # csrf and Origin as a browser sends them
    v.set_up(link, "password")              # from a first-use link to signed in; v.secret is the key of its codes
    v.sign_in("okafor", "password")

house needs http, the port of the console, and no more.  As a program: visitor.py SECRETS NAME prints
the code that is good now, from a file of {"name": "secret"}.
"""
import base64
import hashlib
import hmac
import html
import http.client
import json
import re
import struct
import sys
import time
import urllib.parse


def code_of(secret, when=None):
    """RFC 6238, as a telephone does it."""
    step = int((time.time() if when is None else when) // 30)
    mac = hmac.new(base64.b32decode(secret.replace(" ", "")), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


class Visitor:
    def __init__(self, house, accept="text/html", cookies=None):
        self.house, self.accept = house, accept
        self.host = "127.0.0.1:%d" % house.http
        self.cookies, self.sent = dict(cookies or {}), []
        self.csrf, self.secret = "", None
        self.status, self.body, self.location, self.headers = 0, "", None, {}

    def ask(self, method, path, data=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.house.http, timeout=30)
        sent = {"Host": self.host, "Accept": self.accept}
        if self.cookies:
            sent["Cookie"] = "; ".join("%s=%s" % x for x in self.cookies.items())
        sent.update(headers or {})
        c.request(method, path, body=data, headers={k: v for k, v in sent.items() if v is not None})
        r = c.getresponse()
        self.status, self.headers = r.status, r.headers
        self.body = r.read().decode()
        self.location = r.headers["Location"]
        c.close()
        for line in r.headers.get_all("Set-Cookie") or []:
            self.sent.append(line)
            name, value = line.split(";")[0].split("=", 1)
            if value == "":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        found = re.search(r'name="csrf" value="([^"]*)"', self.body)
        if found:
            self.csrf = html.unescape(found.group(1))
        return self.status

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, headers=None, **fields):
        fields.setdefault("csrf", self.csrf)
        data = urllib.parse.urlencode({k: v for k, v in fields.items() if v is not None})
        return self.ask("POST", path, data, {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://" + self.host,
                                             "Sec-Fetch-Site": "same-origin", **(headers or {})})

    def error(self):
        found = re.search(r'class="govuk-error-summary__body">.*?<li>(.*?)</li>', self.body, re.S)
        return html.unescape(re.sub(r"<[^>]*>", "", found.group(1))) if found else None

    @property
    def cookie(self):
        return self.cookies.get("__Host-sg")

    def set_up(self, link, password):
        """The codes to recover with; where a browser would go on is self.location."""
        path = link.strip()[link.index("/first-use"):]
        self.get(path)
        self.post("/first-use", t=path.split("=", 1)[1])
        self.get("/first-use/password")
        self.post("/first-use/password", password=password)
        self.get("/first-use/code")
        self.secret = re.search(r'sg-mono">([A-Z2-7 ]+)<', self.body).group(1).replace(" ", "")
        # the code of the step before, so that the one of now is still good for a sign-in
        self.post("/first-use/code", code=code_of(self.secret, time.time() - 30))
        self.get("/me/codes")
        return re.findall(r"<li>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", self.body)

    def sign_in(self, name, password, code=None):
        self.get("/sign-in")
        self.post("/sign-in", name=name, password=password)
        if self.status != 303:
            return self.status
        self.get("/sign-in/code")
        return self.post("/sign-in/code", code=code or code_of(self.secret))


if __name__ == "__main__":
    with open(sys.argv[1]) as f:
        secrets = json.load(f)
    if len(sys.argv) != 3 or sys.argv[2] not in secrets:
        sys.exit("Whose code?  " + " ".join(secrets))
    print(code_of(secrets[sys.argv[2]]))
