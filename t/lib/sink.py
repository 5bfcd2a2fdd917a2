"""A mail server of the tests that keeps every byte and does as it is told.

    sink = Sink()
    sink.rcpt = lambda address: b"451 4.2.0 later"      # None: the usual answer
    sink.dot = lambda mail: b"250 2.0.0 Ok: queued as X"    # DROP: hang up instead; may sleep
    sink.before_dot_reply = lambda mail: ...                # plays the milter
    sink.mails                                          # Mail(sender, to, args, data), taken ones
"""
import re
import socket
import threading
import time

from sg import patience

DROP = b""


class Mail:
    def __init__(self, sender, to, args, rcpt_args, data):
        self.sender, self.to, self.args, self.rcpt_args, self.data, self.at = sender, to, args, rcpt_args, data, time.time()

    def header(self, name):
        m = re.search(rb"(?im)^%s: *((?:.*\r\n)(?:[ \t].*\r\n)*)" % name.encode(), self.data.split(b"\r\n\r\n", 1)[0] + b"\r\n")
        return m.group(1).strip().decode() if m else None

    @property
    def nonce(self):
        m = re.search(r"n=([0-9a-f]{32})", self.header("Schoolgate-Release") or self.header("Schoolgate-Notice") or "")
        return m.group(1) if m else None


class Sink:
    def __init__(self, port=0, extensions=(b"SIZE 52428800", b"8BITMIME", b"DSN", b"SMTPUTF8")):
        self.extensions = extensions
        self.lock = threading.Lock()
        self.mails, self.tries, self.connections = [], [], 0
        self.port = port
        self.usual()
        self.open()

    def usual(self):
        self.mail = self.rcpt = self.data = self.dot = lambda _: None
        self.before_dot_reply = lambda _: None

    def open(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=50)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self, listener):
        while True:
            try:
                c, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(c,), daemon=True).start()

    def to(self, address):
        with self.lock:
            return [m for m in self.mails if m.to == [address]]

    def wait(self, number, seconds=15, what=lambda m: True):
        end = time.monotonic() + patience(seconds)
        while time.monotonic() < end:
            with self.lock:
                found = [m for m in self.mails if what(m)]
            if len(found) >= number:
                return found
            time.sleep(0.02)
        return found

    def serve(self, c):
        with c:
            try:
                self.talk(c, c.makefile("rb"))
            except OSError:
                pass

    def talk(self, c, f):
        sender, to, args, rcpt_args = "", [], b"", b""
        c.sendall(b"220 sink\r\n")
        for line in iter(f.readline, b""):
            word = line[:4].upper()
            answer = b"250 2.1.0 ok"
            path = re.search(rb"<(.*)>(.*)\r\n", line)
            if word in (b"EHLO", b"HELO"):
                lines = [b"sink"] + list(self.extensions)
                answer = b"\r\n".join(b"250%s%s" % (b"-" if i < len(lines) - 1 else b" ", x) for i, x in enumerate(lines))
            elif word == b"MAIL":
                sender, args = path.group(1).decode(), path.group(2)
                answer = self.mail(sender)
            elif word == b"RCPT":
                to, rcpt_args = [path.group(1).decode()], path.group(2)
                answer = self.rcpt(to[0])
            elif word == b"DATA":
                answer = self.data(to[0])
                if answer is None:
                    c.sendall(b"354 go on\r\n")
                    answer = self.take(f, sender, to, args, rcpt_args)
            elif word == b"QUIT":
                c.sendall(b"221 bye\r\n")
                return
            if answer == DROP:
                return
            c.sendall((answer or b"250 2.1.0 ok") + b"\r\n")

    def take(self, f, sender, to, args, rcpt_args):
        lines = []
        for line in iter(f.readline, b""):
            if line == b".\r\n" and (not lines or lines[-1].endswith(b"\r\n")):
                break
            lines.append(line)
        else:
            return DROP
        # a dot is taken off only after a real CR LF, as a strict server does
        data = re.sub(rb"(\A|\r\n)\.", rb"\1", b"".join(lines))
        mail = Mail(sender, to, args, rcpt_args, data)
        with self.lock:
            self.tries.append(mail)
        self.before_dot_reply(mail)
        answer = self.dot(mail)
        if answer is None or answer.startswith(b"2") or (answer == DROP and getattr(mail, "taken", False)):
            with self.lock:
                self.mails.append(mail)
                answer = b"250 2.0.0 Ok: queued as 4TEST%05d" % len(self.mails) if answer is None else answer
        return answer
