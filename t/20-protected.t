#!/usr/bin/python3
# Documents and archives with known protection, alone and as attachments, read by the walk.
# fails-if: less than 99 % of the protected files are flagged, a plain or open one is called
#           protected, or a state, a strength or a method is not what the answers say; or a
#           worker that can open no file sees anything else
import base64, json, os, resource, subprocess, sys, tempfile

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
samples = os.path.join(top, "../shared/corpora/documents/protected")
dump = os.path.join(build, "t/lib/walkdump")
if not os.path.exists(samples + "/answers.json"):
    print("1..0 # SKIP the collection of protected files is not beside this tree")
    sys.exit(0)
asan = subprocess.run([dump, "--locked"], capture_output=True).returncode == 77
cases = json.load(open(samples + "/answers.json"))["cases"]
WEAK = ("ZipCrypto", "XOR", "RC4")


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    if not asan:
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def read(files, *options):
    """Every file by itself, so that one that ends the process ends no other."""
    seen = {}
    for f in files:
        try:
            p = subprocess.run([dump, *options, f], capture_output=True, timeout=120, preexec_fn=limits)
        except subprocess.TimeoutExpired:
            print("# time is over:", f)
            continue
        if p.returncode == 0:
            seen[f] = json.loads(p.stdout)["reading"]
        else:
            print("#", f, p.returncode, p.stderr.decode(errors="replace")[-300:])
    return seen


def bare(case, folder):
    """The file alone: no name, and a label that says nothing."""
    path = os.path.join(folder, case["case"].replace("/", "_") + ".eml")
    data = open(os.path.join(samples, case["file"]), "rb").read()
    with open(path, "wb") as f:
        f.write(b"From: a@b.example\nContent-Type: application/octet-stream\n"
                b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data))
    return path


def method(expected):
    """What the method's name begins with, by the answers' own words."""
    kind, said = expected["kind"], expected["algorithm"] or ""
    if kind == "pdf":
        return {"V1": "RC4-40", "V2": "RC4-128", "V4": "AES-128", "V5": "AES-256"}[said.split()[0]]
    return {"zip": "PKWARE" if "PKWARE" in said else "AES-256", "7z": "AES-256", "rar5": "AES-256", "rar4": "AES-128",
            "ooxml-encrypted": "AES-"}.get(kind, ("RC4", "XOR"))


def judge(case, part):
    """What is wrong, or None."""
    want, got = case["expected"], (part["state"], part["strength"], part["method"])
    if want["state"] == "plain":
        return None if got[0] in ("plain", "") and got[1] in ("none", "") and got[2] == "" else "is plain"
    strength = "weak" if got[2].startswith(WEAK) else "strong"
    if got[0] != want["state"] or not got[2].startswith(method(want)):
        return "is %s by %s" % (want["state"], method(want))
    if want["state"] == "open":
        strength = "none"
    if got[1] != strength:
        return "is " + strength
    if want["state"] != "open" and "encrypted-" + strength not in part["kinds"].split():
        return "has no kind encrypted-" + strength
    return None


def inside(reading, part):
    return part["text_bytes"] > 0 or any(p["part"].startswith(part["part"] + ".") for p in reading["parts"])


tests = []
with tempfile.TemporaryDirectory() as folder:
    sets = [("alone", [bare(c, folder) for c in cases], "1"),
            ("attached", [os.path.join(samples, c["mail"]) for c in cases], "2")]
    for name, files, where in sets:
        seen = read(files)
        must = flagged = false = opened = unread = 0
        wrong = []
        for case, f in zip(cases, files):
            reading = seen.get(f, {"parts": []})
            part = next((p for p in reading["parts"] if p["part"] == where),
                        {"state": "?", "strength": "?", "method": "?", "kinds": "", "text_bytes": 0, "part": where})
            shut = part["state"] in ("protected", "partial")
            want = case["expected"]["state"]
            must += want in ("protected", "partial")
            flagged += shut and want in ("protected", "partial")
            false += shut and want in ("plain", "open")
            opened += want == "open"
            if want == "open" and not inside(reading, part):
                unread += 1
                print("# %s, %s: opens without asking, and nothing inside was read" % (name, case["case"]))
            if (why := judge(case, part)) is not None:
                wrong.append("%s, %s %s: %s; seen as state=%s strength=%s method=%s kinds=%s detected=%s" %
                             (name, case["case"], case["category"], why, part["state"], part["strength"],
                              part["method"], part["kinds"], part.get("detected")))
        for w in wrong:
            print("#", w)
        tests.append((flagged >= 0.99 * must, "%s: protected files flagged: %d of %d" % (name, flagged, must)))
        tests.append((false == 0, "%s: none falsely: %d of %d" % (name, false, len(cases) - must)))
        tests.append((not wrong, "%s: state, strength and method: %d of %d right" % (name, len(cases) - len(wrong), len(cases))))
        tests.append((unread == 0, "%s: what opens without asking is read inside: %d of %d" % (name, opened - unread, opened)))
        other = []
        locked = {} if asan else read(files, "--locked")
        for f in files if not asan else []:
            a, b = dict(seen.get(f, {})), dict(locked.get(f, {}))
            a["micros"] = b["micros"] = 0
            if a != b:
                other.append(f)
        for f in other:
            print("# differs when locked in:", os.path.basename(f))
        tests.append((not other, "%s: a locked-in process sees the same%s" %
                      (name, " # SKIP sanitizers cannot be locked in" if asan else "")))

print("1..%d" % len(tests))
for i, (ok, what) in enumerate(tests, 1):
    print("%s %d - %s" % ("ok" if ok else "not ok", i, what))
sys.exit(not all(ok for ok, _ in tests))
