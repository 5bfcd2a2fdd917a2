#!/usr/bin/python3
# The console as browsers reach it, over TCP, without a browser: ways in, headers, files, limits.
# fails-if: somebody who is not signed in sees a page or changes something, a request for another
#           host or from another site is served, an empty queue hides that nothing is looked at, a security header is missing, GET changes something,
#           or a slow or broken request stops others, or one that drips is never told and ended
import concurrent.futures
import gzip
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import Desk, needs_root, png  # noqa: E402
from sg import Tap, free_port, until  # noqa: E402

needs_root()
tap = Tap()
desk = Desk()
PORT = desk.house.http
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
text = desk.ask("lead", "GET", "/queue", headers=HTML)[2]
tap.ok("Nothing is waiting" in text and "does not answer" in text and "office@hillview.example" in text and "Mail is flowing" not in text,
       "an empty queue with the scanner away says so, and whom to call")
ref = desk.hold(category="bullying")


def ask(method, path, headers=None, body=None, host=None):
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    c.request(method, path, body=body, headers={**HTML, **({"Host": host} if host else {}), **(headers or {})})
    r = c.getresponse()
    out = r.status, r.headers, r.read()
    c.close()
    return out


def raw(data, wait=3):
    s = socket.create_connection(("127.0.0.1", PORT), timeout=wait)
    got = b""
    try:
        s.sendall(data)
        while chunk := s.recv(65536):
            got += chunk
    except OSError:
        pass
    s.close()
    return got


def audit():
    return subprocess.run(["sqlite3", desk.house.path("store/schoolgate.db"), "SELECT count(*) FROM audit"],
                          capture_output=True, text=True).stdout


# --- not signed in -----------------------------------------------------------------
before = audit()
s, h, b = ask("GET", "/message/" + ref)
tap.ok(s == 303 and h["Location"] == "/sign-in?to=/message/" + ref and not b, "a page leads to the sign-in page and back", s, h["Location"])
s, h, b = ask("GET", "/queue", {"Accept": "application/json"})
tap.ok(s == 401 and b"Sign in first" in b, "a program is told to sign in", s, b)
wrong = []
for method, path in (("POST", "/message/%s/decide" % ref), ("POST", "/audit/verify"), ("GET", "/metrics"), ("GET", "/queue/count"), ("GET", "/audit"),
                     ("GET", "/search?go=1&from=a@b.example"), ("GET", "/"), ("GET", "/me"), ("GET", "/health")):
    s, h, b = ask(method, path, body=b"" if method == "POST" else None)
    if s not in (303, 401, 403, 406) or ref.encode() in b:
        wrong.append("%s %s: %d" % (method, path, s))
tap.ok(not wrong and audit() == before, "nothing is shown or changed for a stranger", *wrong)
s, h, b = ask("GET", "/help")
cookie = h["Set-Cookie"] or ""
tap.ok(s == 200 and re.match(r"__Host-sg-visitor=[\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax", cookie), "help is for everybody; a visitor has a cookie of "
       "their own", s, cookie)
_, h, _ = ask("GET", "/help", {"Cookie": cookie.split(";")[0]})
tap.ok(h["Set-Cookie"] is None, "which stays")

# --- whose page it was ----------------------------------------------------------------
hosts = {"127.0.0.1:%d" % PORT: 200, "localhost:%d" % PORT: 200, "LOCALHOST:%d" % PORT: 200, "localhost": 421, "evil.example": 421,
         "127.0.0.1": 421, "127.0.0.1:1": 421, "evil.example:%d" % PORT: 421, "": 421}
got = {host: ask("GET", "/help", host=host)[0] if host else int(raw(b"GET /help HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")[9:12]) for host in hosts}
tap.ok(got == hosts, "only hosts of ours are answered to", got)
twice = raw(b"GET /help HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nHost: evil.example\r\nConnection: close\r\n\r\n" % PORT)
tap.ok(b" 421 " in twice[:20] or b" 400 " in twice[:20], "two hosts are none", twice[:60])

# --- headers and files ---------------------------------------------------------------------
missing = []
for method, path in (("GET", "/help"), ("GET", "/queue"), ("GET", "/nothing"), ("POST", "/help"), ("PUT", "/help"), ("HEAD", "/help")):
    _, h, _ = ask(method, path, body=b"" if method == "POST" else None)
    for name, value in (("Content-Security-Policy", "default-src 'none'; script-src 'self'"), ("X-Content-Type-Options", "nosniff"),
                        ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"), ("Cache-Control", "no-store")):
        if value not in (h[name] or ""):
            missing.append("%s %s: %s" % (method, path, name))
    if "unsafe" in h["Content-Security-Policy"] or h["Strict-Transport-Security"]:
        missing.append("%s %s: too much" % (method, path))
tap.ok(not missing, "security headers are on every answer", *missing)
page = ask("GET", "/help")[2].decode()
files = sorted(set(re.findall(r'"(/static/[^"]+)"', page)))
wrong = []
for f in files + [re.sub("app.js", "govuk-frontend.min.js", f) for f in files if f.endswith("app.js")]:
    s, h, plain = ask("GET", f)
    _, z, packed = ask("GET", f, {"Accept-Encoding": "gzip, br"})
    if s != 200 or h["Cache-Control"] != "public, max-age=31536000, immutable" or h["Content-Encoding"] or z["Content-Encoding"] != "gzip":
        wrong.append("%s: %d %s" % (f, s, h.items()))
    elif gzip.decompress(packed) != plain or "Accept-Encoding" not in h["Vary"] or not h["X-Content-Type-Options"] or h["Set-Cookie"]:
        wrong.append(f)
    limit = (120000, 15000) if f.endswith(".css") else (60000, 15000)
    if len(plain) > limit[0] or len(packed) > limit[1]:
        wrong.append("%s: %d bytes, %d packed" % (f, len(plain), len(packed)))
tap.ok(len(files) == 3 and not wrong, "files are kept for a year, packed for who takes that, and within their budget", files, *wrong)
old = re.sub(r"/static/\w+", "/static/000000000000", files[0])
tap.ok([ask("GET", p)[0] for p in (old, "/static/", files[0] + "/", files[0].replace("static", "static/.."), "/static/x/app.js", files[0] + ".gz")] ==
       [404] * 6, "and there are no others")

# --- broken, large and slow ------------------------------------------------------------------
H = b"Host: 127.0.0.1:%d\r\n" % PORT
POST = b"POST /help HTTP/1.1\r\n" + H + b"Content-Type: application/x-www-form-urlencoded\r\n"
cases = {"Content-Length and Transfer-Encoding": (POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
         "chunks": (POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n", b"400"),
         "two lengths": (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\na=1", b"400"),
         "a length that is none": (POST + b"Content-Length: 3x\r\n\r\na=1", b"400"),
         "a negative length": (POST + b"Content-Length: -3\r\n\r\na=1", b"400"),
         "a body of 65537 bytes": (POST + b"Content-Length: 65537\r\n\r\n", b"413"),
         "a long address": (b"GET /help?" + b"a" * 5000 + b" HTTP/1.1\r\n" + H + b"\r\n", b"414"),
         "long headers": (b"GET /help HTTP/1.1\r\n" + H + b"X: " + b"a" * 40000 + b"\r\n\r\n", b"431"),
         "two rows of cookies": (b"GET /help HTTP/1.1\r\n" + H + b"Cookie: a=b\r\nCookie: c=d\r\nConnection: close\r\n\r\n", b"400"),
         "no Host": (b"GET /help HTTP/1.1\r\n\r\n", b" 4"),
         "two Hosts": (b"GET /help HTTP/1.1\r\n" + H + H + b"\r\n", b" 4"),
         "a zero byte": (b"GET /he\0lp HTTP/1.1\r\n" + H + b"\r\n", b" 4"),
         "a broken percent sign": (b"GET /search?who=%zz HTTP/1.1\r\n" + H + b"\r\n", b""),
         "a header that is none": (b"GET /help HTTP/1.1\r\n" + H + b"nothing\r\n\r\n", b""),
         "no protocol": (b"hello\r\n\r\n", b"")}
wrong = ["%s: %s" % (what, got[:60]) for what, (data, code) in cases.items()
         if (code and code not in (got := raw(data, 1))[:13]) or b" 200 " in (got := raw(data, 1))[:13] or ask("GET", "/help")[0] != 200]
tap.ok(not wrong, "broken and large requests are refused in one answer, and the next is served", *wrong)
slow = [socket.create_connection(("127.0.0.1", PORT)) for _ in range(120)]
for s in slow:
    s.sendall(b"GET /help HTTP/1.1\r\nHost: ")
start = time.monotonic()
codes = [ask("GET", "/help")[0] for _ in range(5)]
took = time.monotonic() - start
more = [socket.create_connection(("127.0.0.1", PORT)) for _ in range(120)]
local = desk.ask("lead", "GET", "/queue")[0]
for s in slow + more:
    s.close()
tap.ok(codes == [200] * 5 and took < 5, "120 slow visitors do not slow the next", codes, took)
tap.ok(local == 200 and until(lambda: ask("GET", "/help")[0] == 200), "and a full door leaves the other one free, and itself when they go", local)

# --- GET changes nothing -----------------------------------------------------------------------
seen, todo = set(), ["/queue", "/search", "/help", "/reports", "/audit", "/me"]
while todo:
    path = todo.pop()
    if path in seen or path == "/hide" or path.startswith("/static") or len(seen) > 40:
        continue
    seen.add(path)
    _, _, text = desk.ask("lead", "GET", path, headers=HTML)
    todo += [p for p in re.findall(r'href="(/[^"#]*)"', str(text))]


def state():
    return subprocess.run(["sqlite3", desk.house.path("store/schoolgate.db"),
                           "SELECT ref, version, decision, taken_by, sealed FROM incident; SELECT incident, address, state FROM copy; SELECT count(*) FROM outbox"],
                          capture_output=True, text=True).stdout


first = state()
for _ in range(100):
    for path in seen:
        desk.ask("lead", "GET", path, headers=HTML)
        desk.ask("lead", "HEAD", path, headers=HTML)
tap.ok(len(seen) > 8 and first and state() == first, "GET and HEAD of every link, again and again, change nothing", sorted(seen))

# --- counts --------------------------------------------------------------------------------------
desk.hold(category="personal-data")
counts = {who: (desk.ask(who, "GET", "/queue/count")[2]["waiting"], len(desk.ask(who, "GET", "/queue")[2]["rows"])) for who in ("lead", "dpo")}
tap.ok(counts["dpo"] == (1, 1) and counts["lead"][0] == counts["lead"][1] > 1, "the officer's share is counted, and nothing else", counts)

# --- patience --------------------------------------------------------------------------------------
desk.house.stop()
with open(desk.house.path("crest.png"), "wb") as f:
    f.write(png(160, 80))
desk.house.configure(school='logo = "crest.png";')
desk.house.start("console")
page = ask("GET", "/sign-in")[2].decode()
found = re.search(r'<img class="sg-bar__logo" src="(/static/\w+/logo\.png)" alt="Hillview Academy" width="80" height="40">', page)
s, h, b = ask("GET", found.group(1) if found else "/static/none", {"Accept-Encoding": "gzip"})
tap.ok(found and s == 200 and b == png(160, 80) and h["Content-Type"] == "image/png" and h["Content-Encoding"] is None and "immutable" in h["Cache-Control"]
       and h["X-Content-Type-Options"] == "nosniff", "the school's logo is on the sign-in page, with its name for who does not see it", s, page[:1500])
desk.house.stop()
desk.house.write("crest.png", "<svg onload='alert(1)'/>")
r = subprocess.run([desk.house.program("console"), "--config", desk.house.config, "--check"], capture_output=True, text=True, timeout=20)
tap.ok(r.returncode == 2 and re.search(r"schoolgate\.conf:\d: school\.logo: .*no PNG; save", r.stdout + r.stderr), "--check says what is wrong with a logo", r.stdout, r.stderr)
desk.house.configure(school="")
desk.house.configure(console="patience = 1;")
desk.house.start("console")


def drip(place, data, pause=0.3, most=40):
    """What comes back to somebody who sends a byte now and then, and whether the connection was ended."""
    s = socket.socket(socket.AF_UNIX if isinstance(place, str) else socket.AF_INET)
    s.connect(place)
    s.settimeout(pause)
    s.sendall(data)
    got = b""
    for _ in range(most):
        try:
            part = s.recv(4096)
            got += part
            if not part:
                return got
        except TimeoutError:
            s.sendall(b"x")
        except OSError:
            return got
    return b"still there"


with concurrent.futures.ThreadPoolExecutor(4) as pool:
    slow = {what: pool.submit(drip, place, data) for what, place, data in (
        ("a head", ("127.0.0.1", PORT), b"GET /help HTTP/1.1\r\nX: "),
        ("a body", ("127.0.0.1", PORT), POST + b"Content-Length: 60000\r\n\r\n"),
        ("a head on the Unix socket", desk.socket, b"GET /queue HTTP/1.1\r\nX: "))}
    others = [ask("GET", "/help")[0] for _ in range(5)]
    slow = {what: f.result() for what, f in slow.items()}
wrong = ["%s: %s" % (what, got[:300]) for what, got in slow.items()
         if not (got.startswith(b"HTTP/1.1 408 ") and b"Please send it again." in got and
                 b"\r\nContent-Security-Policy: sandbox; default-src 'none'\r\n" in got)]
tap.ok(not wrong and json.loads(slow["a head on the Unix socket"].split(b"\r\n\r\n")[1])["error"]["status"] == 408,
       "a request that drips is told that it took too long, and ended", *wrong)
tap.ok(others == [200] * 5 and "late door=" in desk.house.log("console"), "and hurts nobody", others)

# --- settings ------------------------------------------------------------------------------------
desk.house.stop()
desk.house.configure(console='listen = "0.0.0.0:%d";' % free_port())
text = open(desk.house.config).read().replace('listen = "127.0.0.1:%d"; socket' % PORT, "socket")
open(desk.house.config, "w").write(text)
r = subprocess.run([desk.house.program("console"), "--config", desk.house.config], capture_output=True, text=True, timeout=20)
tap.ok(r.returncode == 2 and "console.listen" in r.stderr and "TLS" in r.stderr, "it does not listen where others can reach it, and says what to do", r.stderr)
broken = desk.house.path("templates")
subprocess.run(["cp", "-r", os.path.join(os.environ.get("top_srcdir", "."), "milter/console/templates/en-GB"), broken], check=True)
with open(broken + "/queue.html", "a") as f:
    f.write('\n<a href="{{x}}">x</a>\n')
text = re.sub(r'templates = "[^"]*"', 'templates = "%s"' % broken, text)
open(desk.house.config, "w").write(text)
r = subprocess.run([desk.house.program("console"), "--config", desk.house.config, "--check"], capture_output=True, text=True, timeout=20)
tap.ok(r.returncode == 2 and re.search(r"queue\.html:\d+: \{\{x\}\}: ", r.stdout + r.stderr), "--check names file, line and fault of a template", r.stdout, r.stderr)
tap.done()
