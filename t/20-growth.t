#!/usr/bin/python3
# What the readings of a mail's structure cost: ten times the size, at most twelve times the time.
# fails-if: a kind of mail that is all suspicion takes more than twelve times as much processor
#           time for 2 MB as for 200 KB, or more than 100 ms for 1 MB of plain text
import base64, os, random, subprocess, sys, tempfile

build = os.environ.get("top_builddir", ".")
dump = os.path.join(build, "t/lib/walkdump")
PAGE = "Content-Type: text/html\r\n\r\n"
TOP = "From: a@x.example\r\nTo: b@y.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
FLAWED = TOP + "Content-Transfer-Encoding: x-base64\r\nContent-Transfer-Encoding: base64\r\n\r\n"
SMALL, TIMES, ROUNDS, LEAST = 200000, 10, 4, 2000	# LEAST: microseconds; below, nothing can be said


def over(text):
    return lambda n: TOP + "\r\n" + text * (n // len(text))


def noise(n):
    return base64.encodebytes(random.Random(3).randbytes(n * 3 // 4)).decode().replace("\n", "\r\n")


def prose(n):
    return "the trip to the museum is on Monday, and all pupils need a packed lunch.\r\n" * (n // 75)


KINDS = {
    "prose": lambda n: TOP + "\r\n" + prose(n),
    "base64 lines": lambda n: TOP + "\r\n" + noise(n),
    "dashes": over("--\r\n"),
    "parts nobody knows": lambda n: TOP + "\r\n" + "".join("--%d\r\nContent-Type: x\r\n" % i for i in range(n // 24)),
    "one part nobody knows": over("--x\r\nContent-Type: x\r\n"),
    "begin 644": over("begin 644 x\r\n"),
    "begin-base64": over("begin-base64 644 x\r\n"),
    "begin, CR only": over("begin 644 x\r"),
    "uuencoded files": over("begin 644 x\r\n#0V%T\r\n`\r\nend\r\n"),
    "=ybegin": over("=ybegin line=128 size=1 name=x\r\n"),
    "=": over("="),
    "= and blanks": over("=\t\t\t"),
    "escapes": over("=41=42=43\r\n"),
    "gzip": over("\x1f\x8b\x08aaaa\r\n"),
    "<": over("<"),
    "flawed base64": lambda n: FLAWED + noise(n),
    "flawed prose": lambda n: FLAWED + prose(n),
    "flawed blocks": lambda n: FLAWED + "QUJDREVGR0hJSktMTU5P\r\n\r\n" * (n // 24),
    "flawed escapes": lambda n: FLAWED + "=41=42=43\r\n\r\n" * (n // 13),
    "multiparts never closed": lambda n: TOP + "".join("Content-Type: multipart/mixed; boundary=\"N%d\"\r\n\r\n--N%d\r\n" % (i, i)
                                                       for i in range(n // 60)),
    "multiparts nobody can name": lambda n: TOP + "".join("Content-Type: multipart/mixed; boundary=\"\\N%d\"\r\n\r\n--N%d\r\n" % (i, i)
                                                          for i in range(n // 60)),
    "names in a field": lambda n: TOP + "Content-Type: x/y" + "".join("; name=%d" % i for i in range(n // 13)) + "\r\n\r\n",
    "a page with something hidden in each word": lambda n: TOP + PAGE + "wo<span style='display:none'>x</span>rd" * (n // 41),
    "a page of elements nobody knows": lambda n: TOP + PAGE + "".join("<x%06d>" % i for i in range(n // 9)),
    "a page of entities nobody knows": lambda n: TOP + PAGE + "".join("&x%06d;" % i for i in range(n // 9)),
    "pieces of a name": lambda n: TOP + "Content-Type: x/y" + "".join("; name*%d=%d" % (i, i) for i in range(n // 17)) + "\r\n\r\n",
}


if subprocess.run([dump, "--locked"], capture_output=True).returncode == 77:
    print("1..0 # SKIP sanitizers have their own time")
    sys.exit(0)
print("1..%d" % (len(KINDS) + 1))
best = {}	# microseconds of processor time; the least of some rounds
with tempfile.TemporaryDirectory() as folder:
    paths = []
    for i, make in enumerate(KINDS.values()):
        for size in (SMALL, SMALL * TIMES):
            paths.append(os.path.join(folder, "%d-%d" % (i, size)))
            with open(paths[-1], "wb") as f:
                f.write(make(size).encode("latin-1"))
    for _ in range(ROUNDS):
        p = subprocess.run([dump, "--bench", "1", *paths], capture_output=True, timeout=600, text=True,
                           env=dict(os.environ, BENCH_EACH="1"))
        for line in p.stdout.splitlines():
            words = line.split()
            if words[1:2] == ["us"]:
                best[words[-1]] = min(float(words[0]), best.get(words[-1], float("inf")))
    for i, name in enumerate(KINDS):
        small, large = (best.get(os.path.join(folder, "%d-%d" % (i, SMALL * k)), float("inf")) for k in (1, TIMES))
        ratio = large / max(small, LEAST)
        print("%s %d - %s: %.1f times for %d times the size (%.0f ms for 2 MB)" %
              ("ok" if ratio <= 1.2 * TIMES else "not ok", i + 1, name, ratio, TIMES, large / 1000))
        if name == "prose":
            text = large / (SMALL * TIMES) * (1 << 20) / 1000
print("%s %d - 1 MiB of text: %.1f ms" % ("ok" if text < 100 else "not ok", len(KINDS) + 1, text))
