"""A console with something to look at: incidents made by deskfill, requests as any Unix user.

    desk = Desk()                       # its House is desk.house; the console runs
    ref = desk.hold(text="...", hits=[("bully.insult", "word")])
    desk.ask("lead", "GET", "/queue")   # (status, headers, object or text), as that account
"""
import http.client
import json
import os
import socket
import struct
import subprocess
import sys
import zlib

from sg import BUILD, CONFIG, House

UIDS = {"it": 0, "lead": 61001, "deputy": 61002, "head": 61003, "dpo": 61004, "governor": 61005, "teacher": 61006,
        "it2": 61007, "nobody": 61099}
PEOPLE = {"lead": "okafor:lead:dsl@hillview.example,okafor@hillview.example", "deputy": "patel:deputy:patel@hillview.example",
          "head": "lowe:head:head@hillview.example", "dpo": "quill:dpo:dpo@hillview.example",
          "governor": "stone:governor:stone@hillview.example", "teacher": "byrne:teacher:byrne@hillview.example",
          "it2": "tech:it:tech@hillview.example"}
ACCOUNTS = "accounts = [ " + ", ".join('"%d:%s"' % (UIDS[k], v) for k, v in PEOPLE.items()) + " ];"


def finding(text, word, rule="bully.insult", title="Insult to a person", category="bullying", where="body", part="1",
            name="", secret=False, severity=3):
    """As the scanner gives it: offsets in bytes."""
    at = len(text[:text.index(word)].encode())
    return {"id": 1, "severity": severity, "confidence": 3, "count": 1, "disguised": 0, "secret": int(secret),
            "hit_at": at, "hit_len": len(word.encode()), "text_at": at, "text_len": len(word.encode()), "rule": rule,
            "title": title, "category": category, "area": "conduct", "where": where, "part": part, "name": name,
            "excerpt": text}


def part(number, name="", detected="text/plain", kinds=""):
    return {"id": 1, "bytes": 1234, "text_bytes": 10, "part": number, "name": name, "declared": detected,
            "detected": detected, "sha256": "0" * 64, "state": "plain", "strength": "none", "method": "", "kinds": kinds,
            "notes": ""}


def reading(texts=(), findings=(), parts=()):
    return {"schema": 1, "flags": 0, "micros": 4100, "rules": "0123456789abcdef", "findings": list(findings),
            "parts": list(parts) or [part("1")],
            "texts": [{"where": w, "part": p, "name": n, "columns": 0, "text": t}
                      for w, p, n, t in texts]}


def png(width, height):
    """A picture: a shield on white, as a school's logo may be."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def pixel(x, y):
        return b"\x7a\x1f\x2b" if abs(x - width / 2) < width / 3 * (1 - max(0, y / height - 0.4)) else b"\xff\xff\xff"

    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Socket(http.client.HTTPConnection):
    def __init__(self, path, uid):
        super().__init__("localhost", timeout=30)
        self.path, self.uid = path, uid

    def connect(self):
        self.sock = connect_as(self.path, self.uid)


def connect_as(path, uid):
    """A connected socket whose peer credentials are uid's: a child connects and hands it over."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    pid = os.fork()
    if pid == 0:
        try:
            if uid != os.getuid():
                os.setgroups([])
                os.setresgid(uid, uid, uid)
                os.setresuid(uid, uid, uid)
            s = socket.socket(socket.AF_UNIX)
            s.connect(path)
            socket.send_fds(theirs, [b"x"], [s.fileno()])
            os._exit(0)
        except OSError:
            os._exit(1)
    theirs.close()
    try:
        _, fds, _, _ = socket.recv_fds(mine, 1, 1)
    finally:
        mine.close()
        os.waitpid(pid, 0)
    if not fds:
        raise ConnectionError("could not connect as %d" % uid)
    return socket.socket(fileno=fds[0])


class Desk:
    def __init__(self, **sections):
        self.house = House(CONFIG.replace("undo = 0;", "undo = 60;"), cli=ACCOUNTS, **sections)
        os.chmod(self.house.path("run"), 0o755)
        self.socket = self.house.path("run/console.sock")
        self.house.start("console")

    def fill(self, *rows):
        r = subprocess.run([os.path.join(BUILD, "t/lib/deskfill"), self.house.config], text=True, capture_output=True,
                           input="".join(json.dumps(row) + "\n" for row in rows))
        if r.returncode != 0:
            raise RuntimeError(r.stderr)
        return r.stdout.split()

    def hold(self, text="you are a fake loser and nobody likes you", word="fake loser", **more):
        row = {"to": ["out@x.example=outside"], "reading": reading([("body", "1", "", text)], [finding(text, word)]), **more}
        return self.fill(row)[0]

    def ask(self, who, method, path, body=None, headers=None, form=False):
        c = Socket(self.socket, UIDS[who] if isinstance(who, str) else who)
        data = None
        sent = {"Accept": "application/json", **(headers or {})}
        if method == "POST":
            data = body if isinstance(body, (bytes, str)) else json.dumps(body or {})
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded" if form else "application/json")
        c.request(method, path, body=data, headers=sent)
        r = c.getresponse()
        raw = r.read().decode()
        c.close()
        try:
            return r.status, r.headers, json.loads(raw)
        except ValueError:
            return r.status, r.headers, raw

    def raw(self, data, who="lead", wait=5):
        """Bytes as they are; what came back until the console closed."""
        s = connect_as(self.socket, UIDS[who])
        s.settimeout(wait)
        got = b""
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            while chunk := s.recv(65536):
                got += chunk
        except OSError:
            pass
        s.close()
        return got

    def ctl(self, who, *args, stdin=None, env=None):
        uid = UIDS[who]
        as_user = ["setpriv", "--reuid=%d" % uid, "--regid=%d" % uid, "--clear-groups"] if uid != os.getuid() else []
        return subprocess.run(as_user + [self.house.program("schoolgatectl"), "--config=" + self.house.config, *args],
                              capture_output=True, text=True, input=stdin, env={**os.environ, "TZ": "UTC", **(env or {})},
                              stdin=subprocess.DEVNULL if stdin is None else None)

    def version(self, ref, who="lead"):
        return self.ask(who, "GET", "/message/%s?rung=0" % ref)[2]["version"]


def needs_root():
    if os.getuid() != 0:
        print("1..0 # SKIP other Unix users are needed: run as root")
        sys.exit(0)
