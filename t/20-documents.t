#!/usr/bin/python3
# Real documents with known words in them, and broken ones, read by the walk as attachments.
# fails-if: a document kills the reader or passes 10 s or 512 MiB; fewer of the words that other
#           tools find in a type of document are found than its bar below; a worker that can
#           open no file reads less than a free process
import base64, collections, json, os, re, resource, subprocess, sys, tempfile, time

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
corpus = os.path.join(top, "../shared/corpora/documents/text")
dump = os.path.join(build, "t/lib/walkdump")
SECONDS, MEMORY = 10, 512 << 20
OVERALL = 95  # of all confirmed words, per cent: the bar that counts
# Per cent of a type's confirmed words that must be found
BARS = collections.defaultdict(lambda: 95)

if not os.path.exists(corpus + "/answers.json"):
    print("1..0 # SKIP the collection of documents is not beside this tree")
    sys.exit(0)
asan = subprocess.run([dump, "--locked"], capture_output=True).returncode == 77
cases = json.load(open(corpus + "/answers.json"))["cases"]
only = sys.argv[1:]  # parts of names: to look at some only
cases = [c for c in cases if not only or any(o in c["file"] for o in only)]


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    if not asan:
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def as_mail(path, where):
    """As a pupil would send it: one attachment, its type left to the name."""
    name = os.path.basename(path)
    out = os.path.join(where, name + ".eml")
    body = base64.encodebytes(open(path, "rb").read())
    with open(out, "wb") as f:
        f.write(b"From: a@hill.example\nTo: b@hill.example\nSubject: x\nMIME-Version: 1.0\n"
                b"Content-Type: multipart/mixed; boundary=\"=b\"\n\n--=b\nContent-Type: text/plain\n\nHi\n"
                b"--=b\nContent-Type: application/octet-stream; name=\"%s\"\n"
                b"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"%s\"\n\n"
                % (name.encode(), name.encode()) + body + b"--=b--\n")
    return out


class Run:
    """One file, one process: what it printed, and what it cost."""

    def __init__(self, mail, *options):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            p = subprocess.Popen([dump, *options, mail], stdout=out, stderr=err, preexec_fn=limits)
            _, status, usage = os.wait4(p.pid, 0)
            p.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            self.answer = next((json.loads(row) for row in out if row.endswith(b"\n")), None)
            self.said = err.read().decode(errors="replace")[-300:]
        self.code, self.seconds = p.returncode, usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss << 10
        if self.answer is not None:
            self.answer["reading"]["micros"] = self.answer["cpu"] = 0

    def text(self):
        texts = self.answer["reading"]["texts"] if self.answer else []
        return " ".join(t["text"] for t in texts if (t["part"], t["where"]) != ("2", "name"))


def plain(text):
    return re.sub(r"[\s\0]+", " ", text).strip()


def dense(text):
    return re.sub(r"[\s\0]+", "", text)


def verdict(n, good, what, notes=()):
    print("%s %d - %s" % ("ok" if good else "not ok", n, what))
    for note in notes:
        print("# " + note)


found, total, joined = collections.Counter(), collections.Counter(), []
files, cost, size = collections.Counter(), collections.Counter(), collections.Counter()
crashes, heavy, misses, others = [], [], [], []
with tempfile.TemporaryDirectory() as where:
    for case in cases:
        kind, name = case["category"], os.path.basename(case["file"])
        mail = as_mail(os.path.join(corpus, case["file"]), where)
        r = Run(mail)
        files[kind] += 1
        cost[kind] = max(cost[kind], r.seconds)
        size[kind] = max(size[kind], r.memory)
        if r.code != 0 or r.answer is None:
            crashes.append("%s: %d %s" % (name, r.code, r.said))
        if r.seconds > SECONDS * (5 if asan else 1) or r.memory > MEMORY and not asan:
            heavy.append("%s: %.1f s, %d MiB" % (name, r.seconds, r.memory >> 20))
        text = plain(r.text())
        tight = dense(text)
        for words in case["expected"].get("confirmed", []):
            total[kind] += 1
            if dense(words) in tight:
                found[kind] += 1
                if plain(words) not in text:
                    joined.append("blanks differ in %s: %s" % (name, words[:80]))
            else:
                misses.append("not found in %s: %s" % (name, words[:80]))
        if only:
            more = [s for s in case["expected"].get("snippets", []) if dense(s) not in tight]
            print("# %s: %d bytes of text, not asked for and not found: %s" % (name, len(text), more))
        if not asan and Run(mail, "--locked").answer != r.answer:
            others.append(name)

below = ["%s: %d of %d, bar %d %%" % (k, found[k], total[k], BARS[k]) for k in total
         if 100 * found[k] < BARS[k] * total[k]]
print("1..5")
for k in sorted(files):
    print("# %-14s %2d files %3d of %3d, at most %5.2f s and %3d MiB" %
          (k, files[k], found[k], total[k], cost[k], size[k] >> 20))
verdict(1, not crashes, "no document kills the reader (%d files)" % len(cases), crashes)
verdict(2, not heavy, "each within %d s of a processor and %d MiB" % (SECONDS, MEMORY >> 20), heavy)
verdict(3, not others, "a locked-in process, which can open nothing, reads the same%s" %
        (" # SKIP sanitizers cannot be locked in" if asan else ""), others)
verdict(4, not below, "every type reaches its bar", below)
share = 100.0 * sum(found.values()) / max(1, sum(total.values()))
verdict(5, share >= OVERALL, "confirmed words found: %d of %d, %.1f %%" %
        (sum(found.values()), sum(total.values()), share), misses + joined)
sys.exit(bool(crashes or heavy or others or below or share < OVERALL))
