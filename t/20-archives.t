#!/usr/bin/python3
# Zips that programs read differently, locked ones and bombs (t/lib/zips.py), as attachments.
# fails-if: words that some unpacker shows are neither found nor is the message marked; an ordinary
#           zip is marked; a bomb is not marked as not fully scanned, or costs 2 s of processor
#           time or 200 MB; a worker that can open no file reads less than a free process
import base64, json, os, resource, subprocess, sys, tempfile

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
dump = os.path.join(build, "t/lib/walkdump")
MARKER = "SCHOOLGATE-MARKER-7F3A"
SECONDS, MEMORY = 2.0, 200 << 20
TYPES = {".zip": "application/zip", ".gz": "application/gzip"}
only = sys.argv[1:]
asan = subprocess.run([dump, "--locked"], capture_output=True).returncode == 77
work = tempfile.TemporaryDirectory()
subprocess.run([sys.executable, "-B", os.path.join(top, "t/lib/zips.py"), work.name] + only, check=True)
cases = json.load(open(work.name + "/cases.json"))


def mail(case):
    path = os.path.join(work.name, case["file"])
    kind = TYPES.get(os.path.splitext(path)[1], "application/octet-stream")
    name = case["file"]
    with open(path + ".eml", "wb") as f:
        f.write(b"From: a@hill.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=b\"\n\n"
                b"--=b\nContent-Type: text/plain\n\nHi\n--=b\nContent-Type: %s; name=\"%s\"\n"
                b"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"%s\"\n\n"
                % (kind.encode(), name.encode(), name.encode()) +
                base64.encodebytes(open(path, "rb").read()) + b"--=b--\n")
    return path + ".eml"


def rows(*args):
    p = subprocess.run([dump, *args], capture_output=True)
    return p.returncode, {json.loads(r)["file"]: json.loads(r) for r in p.stdout.split(b"\n") if r}


def judge(case, row):
    """what is wrong, or None"""
    if row is None:
        return "no answer"
    texts = "\n".join(t["text"] for t in row["reading"]["texts"])
    found, flags = MARKER in texts, row["flags"]
    states = [p["state"] for p in row["reading"]["parts"]]
    must = case["must"]
    if must == "found" and not found:
        return "not found, flags: " + flags
    if must == "quiet" and (not found or flags):
        return "not found" if not found else "flags: " + flags
    if must == "flagged" and not found and not flags:
        return "neither found nor flagged"
    if must == "limited" and "not-fully-scanned" not in flags:
        return "not marked"
    if must == "protected" and "protected" not in states:
        return "states: " + " ".join(states)
    return None


tests = []


def ok(good, name, *why):
    tests.append("%sok %d - %s" % ("" if good else "not ", len(tests) + 1, name))
    print(tests[-1])
    if not good:
        for w in why:
            print("#", w)
    sys.stdout.flush()


small = [c for c in cases if "bomb" not in c["family"]]
mails = [mail(c) for c in small]
code, free = rows(*mails)
for family in sorted({c["family"] for c in small}):
    wrong = [(c["name"], judge(c, free.get(c["file"] + ".eml"))) for c in small if c["family"] == family]
    ok(all(w is None for _, w in wrong), "%s: %d files" % (family, len(wrong)), *["%s: %s" % w for w in wrong if w[1]])
if not asan:
    code, locked = rows("--locked", *mails)
    same = [k for k in free if locked.get(k, {}).get("reading", {}).get("texts") != free[k]["reading"]["texts"]]
    ok(code == 0 and not same, "behind locked doors", code, *same)
for c in cases:
    if "bomb" not in c["family"]:
        continue
    path = mail(c)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.Popen([dump, "--facts"] + ([] if asan else ["--locked"]) + [path], stdout=subprocess.PIPE)
    out = p.stdout.read()
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    cpu, rss = usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10
    wrong = judge(c, json.loads(out)) if out else "died: %s" % p.returncode
    if "-v" in os.environ.get("TEST_SAY", ""):
        print("# %-32s %5.2f s %4d MB" % (c["name"], cpu, rss >> 20))
    ok(wrong is None and (asan or (cpu <= SECONDS and rss <= MEMORY)), c["name"], wrong,
       "%.2f s, %d MB" % (cpu, rss >> 20))
print("1..%d" % len(tests))
sys.exit(any(t.startswith("not") for t in tests))
