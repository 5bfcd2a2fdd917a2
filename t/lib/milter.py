"""The mail server's side of the milter protocol, for tests: one conversation, step by step.

    c = Mta("unix:/tmp/x/milter.sock")          # or "inet:7357@127.0.0.1"
    answer = c.send("a@x.example", ["b@y.example"], b"Subject: x\\r\\n\\r\\nbody\\r\\n")
    answer.word      # accept, discard, reject, tempfail, or gone (the milter hung up)
    answer.code      # 550 ... when the milter said one; answer.text its words
    answer.edits     # ("insert", index, name, value), ("change", index, name, value),
                     # ("rcpt+", address), ("rcpt-", address), in order
    answer.body      # bytes that replace the body, or None
    c.message(data)  # headers as the milter left them, applied the way Postfix does
"""
import socket
import struct

WORDS = {b"c": "continue", b"a": "accept", b"d": "discard", b"r": "reject", b"t": "tempfail"}
ALL_ACTIONS, ALL_STEPS = 0x1FF, 0x1FFFFF
NR_HDR, NR_CONN, NR_MAIL, NR_RCPT, NR_BODY = 0x80, 0x1000, 0x4000, 0x8000, 0x80000
NO_HELO, NO_DATA, NO_EOH, LEADSPC = 0x2, 0x200, 0x40, 0x100000


class Answer:
    def __init__(self):
        self.word, self.code, self.text, self.edits, self.body, self.progress = "gone", 0, "", [], None, 0

    def inserted(self, name):
        return [e[3] for e in self.edits if e[0] == "insert" and e[2].lower() == name.lower()]

    def deleted(self, name):
        return [e[1] for e in self.edits if e[0] == "change" and e[2].lower() == name.lower() and e[3] == ""]

    def removed(self):
        return [e[1] for e in self.edits if e[0] == "rcpt-"]

    def __repr__(self):
        return "<%s %s %s %r>" % (self.word, self.code or "", self.text, self.edits)


class Mta:
    def __init__(self, where, client="127.0.0.3", steps=ALL_STEPS, actions=ALL_ACTIONS, timeout=60, hello=True):
        kind, rest = where.split(":", 1)
        if kind == "unix":
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(timeout)
            self.sock.connect(rest)
        else:
            port, host = rest.split("@")
            self.sock = socket.create_connection((host, int(port)), timeout)
        self.steps = self.actions = 0
        if hello:
            self.negotiate(steps, actions)
            self.connect(client)

    # --- packets -----------------------------------------------------------
    def put(self, command, data=b""):
        self.sock.sendall(struct.pack(">I", len(data) + 1) + command + data)

    def read(self, n):
        data = b""
        while len(data) < n:
            more = self.sock.recv(n - len(data))
            if not more:
                return None
            data += more
        return data

    def get(self):
        """(command, data), or (None, b"") when the milter hung up."""
        try:
            head = self.read(4)
            data = self.read(struct.unpack(">I", head)[0]) if head else None
        except ConnectionError:
            data = None
        return (data[:1], data[1:]) if data else (None, b"")

    def answer(self, quiet=False):
        a = Answer()
        if quiet:
            a.word = "continue"
            return a
        while True:
            command, data = self.get()
            if command is None:
                return a
            if command in WORDS:
                a.word = WORDS[command]
                return a
            if command == b"y":
                a.text = data.rstrip(b"\0").decode()
                a.code = int(a.text[:3])
                a.word = "reject" if a.code >= 500 else "tempfail"
                return a
            self.note(a, command, data)

    @staticmethod
    def note(a, command, data):
        strings = [s.decode("utf-8", "surrogateescape") for s in data.split(b"\0")]
        if command == b"p":
            a.progress += 1
        elif command == b"b":
            a.body = (a.body or b"") + data
        elif command in (b"i", b"m"):
            name, value = data[4:].split(b"\0")[:2]
            a.edits.append(({b"i": "insert", b"m": "change"}[command], struct.unpack(">I", data[:4])[0], name.decode(), value.decode()))
        elif command == b"h":
            a.edits.append(("insert", -1, strings[0], strings[1]))
        elif command in (b"+", b"-"):
            a.edits.append(("rcpt" + command.decode(), strings[0]))
        else:
            a.edits.append((command, data))

    # --- steps ---------------------------------------------------------------
    def negotiate(self, steps=ALL_STEPS, actions=ALL_ACTIONS):
        self.put(b"O", struct.pack(">III", 6, actions, steps))
        command, data = self.get()
        if command != b"O":
            raise ConnectionError("the milter refused to negotiate")
        _, self.actions, self.steps = struct.unpack(">III", data[:12])

    def macros(self, step, pairs):
        if pairs:
            self.put(b"D", step + b"".join(k.encode() + b"\0" + v.encode() + b"\0" for k, v in pairs.items()))

    def connect(self, client):
        where = b"client.example\0"
        where += b"U" if client is None else (b"6" if ":" in client else b"4") + struct.pack(">H", 25) + client.encode() + b"\0"
        self.put(b"C", where)
        return self.answer(self.steps & NR_CONN)

    def mail(self, sender, *args, **macros):
        self.macros(b"M", {k if len(k) == 1 else "{%s}" % k: v for k, v in macros.items()})
        self.put(b"M", b"".join(s.encode("utf-8", "surrogateescape") + b"\0" for s in ("<%s>" % sender,) + args))
        return self.answer(self.steps & NR_MAIL)

    def rcpt(self, recipient):
        self.put(b"R", b"<" + recipient.encode("utf-8", "surrogateescape") + b">\0")
        return self.answer(self.steps & NR_RCPT)

    def header(self, name, value):
        self.put(b"L", name + b"\0" + value + b"\0")
        return self.answer(self.steps & NR_HDR)

    def body(self, data):
        for at in range(0, len(data), 65535):
            self.put(b"B", data[at:at + 65535])
            self.answer(self.steps & NR_BODY)

    def eom(self, queue_id="4TESTQUEUE"):
        self.macros(b"E", {"i": queue_id} if queue_id else {})
        self.put(b"E")
        return self.answer()

    def abort(self):
        self.put(b"A")

    def quit(self):
        try:
            self.put(b"Q")
        except OSError:
            pass
        self.sock.close()

    # --- whole messages ------------------------------------------------------
    @staticmethod
    def fields(head):
        """(name, value) as a mail server passes them: the blank stays, folds end in LF."""
        out = []
        for line in head.split(b"\r\n"):
            if line[:1] in (b" ", b"\t") and out:
                out[-1][1] += b"\n" + line
            elif line:
                name, _, value = line.partition(b":")
                out.append([name, value])
        return out

    def envelope(self, sender, recipients, *args, **macros):
        """TRUE answers only; the first other one is returned."""
        a = self.mail(sender, *args, **macros)
        if a.word == "continue":
            taken = [self.rcpt(r) for r in recipients]
            a = next((x for x in taken if x.word == "continue"), taken[0] if taken else a)
        return a

    def send(self, sender, recipients, data, *args, queue_id="4TESTQUEUE", **macros):
        a = self.envelope(sender, recipients, *args, **macros)
        if a.word != "continue":
            return a
        head, _, body = (b"\r\n" + data).partition(b"\r\n\r\n")
        for name, value in self.fields(head[2:]):
            self.header(name, value if self.steps & LEADSPC else value[1:])
        if not self.steps & NO_EOH:
            self.put(b"N")
            self.answer()
        if body:
            self.body(body)
        return self.eom(queue_id)


def after(data, answer):
    """Header fields (name, value) once the answer's edits are done, counting like Postfix:
    an index means the n-th field of that name that is still there."""
    fields = Mta.fields(data.partition(b"\r\n\r\n")[0])
    for e in answer.edits:
        if e[0] == "insert":
            fields.insert(e[1], [e[2].encode(), e[3].encode()])
        elif e[0] == "change":
            same = [f for f in fields if f[0].rstrip().lower() == e[2].lower().encode()]
            if e[1] <= len(same) and e[3] == "":
                del fields[next(i for i, f in enumerate(fields) if f is same[e[1] - 1])]
            elif e[1] <= len(same):
                same[e[1] - 1][1] = e[3].encode()
            elif e[3] != "":
                fields.append([e[2].encode(), e[3].encode()])
    return [(n, v) for n, v in fields]
