#!/usr/bin/python3
"""What a large message costs: CPU of milter, scanner and all workers together, end to end.

    t/bench/size.py [--build BUILD] [--kinds text,html] [--sizes 1,2,4,8,16] [--budget 16] [--rules DIR]

Each kind of message in growing sizes (MB); a row shows milliseconds of CPU a message and,
in the last column, how the cost of a MB in the largest compares with the smallest (1.0: in
line with size).  --budget: MB sent for each cell, at least one message.
"""
import argparse
import base64
import os
import quopri
import random
import sys
import time

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORDS = """the of and to in a is that for it as was with be by on not he his but at are this have from or had an they
which one you were all her she there would their we him been has when who will no more if out so up said what its about
than into them can only other time new some could these two may first then do any like my now over such our man me even
most made after also did many off before must well back through years where much your way down should because long each
just state those people too mister how little good world make very year still see own work men day get here old life both
between being under three never know same last another while us might great go come since against right came take used
school pupils trip lesson homework teacher library museum coach lunch permission money form return friday monday term
holiday class parents evening concert choir football hockey netball practice science history geography maths""".split()


class Text:
    def __init__(self, words=WORDS):
        self.random = random.Random(7)
        self.words = words
        self.pool = self.make(1 << 20)

    def make(self, size):
        lines, n = [], 0
        while n < size:
            line = " ".join(self.random.choice(self.words) for _ in range(11))
            lines.append(line)
            n += len(line.encode()) + 2
        return "\r\n".join(lines)[:size]

    def of(self, size):
        """So many bytes, of which no two megabytes are the same."""
        out, n = [], 0
        while n < size:
            out.append("Chapter %d\r\n" % (n >> 20) + self.pool[(n >> 10) % 5000:])
            n += len(out[-1].encode())
        return "".join(out)


ENGLISH = Text()
ACCENTS = Text(["caf\u00e9", "na\u00efve", "\u00fcber", "\u0436\u0438\u0437\u043d\u044c", "\u6771\u4eac", "\u2019tis", "\u2013"] + WORDS[:40])
HEAD = "From: hale@hillview.example\r\nTo: ann@pupils.hillview.example\r\nSubject: size %s\r\nMIME-Version: 1.0\r\n"


def single(kind, charset, encoding, body):
    return (HEAD % kind + "Content-Type: %s; charset=%s\r\nContent-Transfer-Encoding: %s\r\n\r\n" % (kind, charset, encoding)).encode() + body


def multi(parts):
    return (HEAD % "mixed" + 'Content-Type: multipart/mixed; boundary="=b="\r\n\r\n').encode() + b"".join(
        b"--=b=\r\n" + p + b"\r\n" for p in parts) + b"--=b=--\r\n"


def text(n):
    return single("text/plain", "us-ascii", "7bit", ENGLISH.of(n)[:n].encode())


def base64_text(n):
    return single("text/plain", "utf-8", "base64", base64.encodebytes(ENGLISH.of(n)[:n * 3 // 4].encode()).replace(b"\n", b"\r\n"))


def quoted(n):
    return single("text/plain", "utf-8", "quoted-printable", quopri.encodestring(ACCENTS.of(n // 2)[:n // 2].encode())[:n].replace(b"\n", b"\r\n"))


def accents(n):
    return single("text/plain", "utf-8", "8bit", ACCENTS.of(n).encode()[:n - 4].decode(errors="ignore").encode())


def one_line(n):
    return single("text/plain", "us-ascii", "7bit", ENGLISH.of(n)[:n].replace("\r\n", " ").encode())


def html(n):
    rows = []
    while sum(map(len, rows[-1000:])) and len(rows) * 160 < n or not rows:
        i = len(rows)
        rows.append('<tr class="c%d"><td style="color:#123"><b>%s</b></td><td><a href="https://school.example/%d">%s</a>&nbsp;&eacute;</td></tr>\r\n'
                    % (i % 9, ENGLISH.pool[i % 90000:i % 90000 + 20].replace("\r\n", " "), i, ENGLISH.pool[i % 70000:i % 70000 + 40].replace("\r\n", " ")))
    return single("text/html", "utf-8", "7bit", ("<html><body><table>%s</table></body></html>" % "".join(rows)).encode()[:n])


def deep_html(n):
    return single("text/html", "utf-8", "7bit", ("<html><body>" + "<div><span>word " * (n // 16))[:n].encode())


def parts(n):
    """As many parts as the limit lets through, and more of them the larger it is."""
    count = min(1900, max(100, n >> 13))
    size = n // count
    return multi([b"Content-Type: text/plain\r\n\r\n" + ENGLISH.of(size)[:size].encode() for _ in range(count)])


def headers(n):
    """A header of 1 MB at most is what a milter may see: the rest is text."""
    lines = "".join("X-Field-%d: %s\r\n" % (i, ENGLISH.pool[i * 40:i * 40 + 400].replace("\r\n", " ")) for i in range(min(1900, n // 1000)))
    return (lines + HEAD % "headers").encode() + b"\r\n" + ENGLISH.of(n // 4)[:n // 4].encode()


def nested(n):
    inner = text(n)
    for i in range(15):
        inner = (HEAD % i).encode() + b"Content-Type: message/rfc822\r\n\r\n" + inner
    return inner


def attachment(n):
    body = base64.encodebytes(random.Random(3).randbytes(n * 3 // 4 - 4096)).replace(b"\n", b"\r\n")
    return multi([b"Content-Type: text/plain\r\n\r\nsee the picture\r\n",
                  b"Content-Type: image/jpeg; name=p.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/4AAQSkZJRgABAQAAAQABAAD/" + body])


KINDS = {f.__name__.replace("_", "-"): f for f in (text, one_line, accents, base64_text, quoted, html, deep_html, parts, headers,
                                                    nested, attachment)}


def ticks(house):
    """CPU so far of milter and scanner, dead workers too, in ms."""
    from scanner import Scanner
    keeper = house.children["scan"].pid
    zygotes = Scanner.children_of(keeper)
    pids = [house.children["milter"].pid, keeper] + zygotes + [w for z in zygotes for w in Scanner.children_of(z)]
    total = 0
    for pid in pids:
        try:
            with open("/proc/%d/stat" % pid) as f:
                field = f.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(x) for x in field[11:15])
    return total * 1000 / os.sysconf("SC_CLK_TCK")


def cell(house, make, size, budget):
    from milter import Mta
    data = make(size << 20)
    rounds = max(1, budget // size)
    began, words, wall = ticks(house), set(), time.monotonic()
    for i in range(rounds):
        m = Mta(house.door, "127.0.0.2", timeout=120)
        words.add(m.send("hale@hillview.example", ["ann@pupils.hillview.example"], b"X-Round: %d\r\n" % i + data).word)
        m.quit()
    time.sleep(0.3)
    return (ticks(house) - began) / rounds, (time.monotonic() - wall - 0.3) * 1000 / rounds, words, len(data) / (1 << 20)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--build", default=os.environ.get("top_builddir", "."))
    a.add_argument("--kinds", default=",".join(KINDS))
    a.add_argument("--sizes", default="1,2,4,8,16")
    a.add_argument("--budget", type=int, default=16)
    a.add_argument("--rules", default=os.path.join(TOP, "rules"))
    o = a.parse_args()
    os.environ.update(top_srcdir=TOP, top_builddir=os.path.abspath(o.build))
    sys.path.insert(0, os.path.join(TOP, "t", "lib"))
    from sg import House
    sizes = [int(s) for s in o.sizes.split(",")]
    house = House(scan="deadline = 120;")
    house.template = house.template.replace('rules  = [ "{dir}/rules" ];', 'rules = [ "%s" ];' % o.rules).replace(
        'policy = "policy.conf";', 'policy = "%s/policy/policy.conf";' % os.path.join(TOP, "rules"))
    house.configure()
    house.start("scan", "milter")
    cell(house, text, 1, 2)     # the first one waits for the rules to be compiled
    print("ms of CPU a message, by MB" + "".join("%9d" % s for s in sizes) + "   a MB of the largest against the smallest")
    for kind in o.kinds.split(","):
        row = [cell(house, KINDS[kind], s, o.budget) for s in sizes]
        words = set.union(*(w for _, _, w, _ in row))
        ratio = (row[-1][0] / row[-1][3]) / max(0.1, row[0][0] / row[0][3])
        print("%-26s" % kind + "".join("%9.0f" % r[0] for r in row) + "   %.2f%s" % (ratio, "" if words == {"accept"} else "  " + ",".join(sorted(words))), flush=True)
    late = [line for line in house.log("scan").split("\n") if "worker.l" in line]
    print("workers lost or killed: %d" % len(late))
    house.stop()


if __name__ == "__main__":
    main()
