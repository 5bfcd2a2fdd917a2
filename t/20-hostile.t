#!/usr/bin/python3
# Bombs, liars and tricks, alone and in mails, read by a worker locked in under its limits.
# fails-if: less than 97 % of what must be found is found, something that must be found or
#           flagged is neither, a bomb is not marked as not fully scanned, takes more than 10
#           seconds or 512 MiB, or a harmless one is flagged
import base64, json, os, resource, subprocess, sys, tempfile, time

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
samples = os.path.join(top, "../shared/corpora/mail/hostile")
dump = os.path.join(build, "t/lib/walkdump")
if not os.path.exists(samples + "/answers.json"):
    print("1..0 # SKIP the collection of hostile mails is not beside this tree")
    sys.exit(0)
asan = subprocess.run([dump, "--locked"], capture_output=True).returncode == 77
cases = json.load(open(samples + "/answers.json"))["cases"]
SECONDS, MEMORY = 10, 512 << 20


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    if not asan:
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))


def as_mail(case, folder):
    """A file that is no mail goes as an attachment."""
    path = os.path.join(samples, case["file"])
    if path.endswith(".eml"):
        return path
    name = os.path.basename(path)
    out = os.path.join(folder, name + ".eml")
    with open(out, "wb") as f:
        f.write(b"From: a@b.example\nSubject: a file\nMIME-Version: 1.0\nContent-Type: application/octet-stream;"
                b" name=\"%s\"\nContent-Disposition: attachment; filename=\"%s\"\n"
                b"Content-Transfer-Encoding: base64\n\n" % (name.encode(), name.encode()) +
                base64.encodebytes(open(path, "rb").read()))
    return out


def peak():
    """The most memory that a child of ours has had: of the largest one so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10


def spent():
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime


def read(path):
    began = spent()
    try:
        p = subprocess.run([dump] + ([] if asan else ["--locked"]) + [path], capture_output=True,
                           timeout=120, preexec_fn=limits)
    except subprocess.TimeoutExpired:
        return None, 120.0
    took = spent() - began
    if p.returncode != 0 or not p.stdout:
        print("#", path, p.returncode, p.stderr.decode(errors="replace")[-200:])
        return None, took
    return json.loads(p.stdout), took


wrong = {"found": [], "found-or-flagged": [], "limited": [], "harmless": []}
total = {k: 0 for k in wrong}
slow, fat = [], []
with tempfile.TemporaryDirectory() as folder:
    for case in cases:
        must = case["expected"]["must"]
        answer, took = read(as_mail(case, folder))
        total[must] += 1
        texts, flags, notes = "", "", ""
        if answer is not None:
            # a word that stands in several cells or letters far apart is the matcher's business
            texts = "".join("".join(t["text"].split()) for t in answer["reading"]["texts"])
            flags = answer["flags"]
            notes = " ".join(p["kinds"] + " " + p["notes"] for p in answer["reading"]["parts"])
        marker = case["expected"].get("contains_marker")
        found = marker is not None and marker in texts
        ok = {"found": found, "found-or-flagged": found or flags != "" or "unscannable" in notes,
              "limited": "not-fully" in flags, "harmless": answer is not None and flags == ""}[must]
        if answer is None or not ok:
            wrong[must].append("%s: %s" % (case["case"], flags if answer is not None else "no answer"))
        if took > SECONDS:
            slow.append("%s: %.1f s" % (case["case"], took))
        if peak() > MEMORY and not fat and not asan:
            fat.append("%s: %d MiB" % (case["case"], peak() >> 20))

print("1..6")
for i, kind in enumerate(("found", "found-or-flagged", "limited", "harmless")):
    n = total[kind] - len(wrong[kind])
    share = 100.0 * n / total[kind] if total[kind] else 100
    for line in wrong[kind]:
        print("# missed (%s): %s" % (kind, line))
    print("%s %d - %s: %d of %d" % ("ok" if share >= (97 if kind == "found" else 100) else "not ok",
                                      i + 1, kind, n, total[kind]))
for line in slow + fat:
    print("#", line)
print("%s 5 - each within %d seconds of a processor" % ("not ok" if slow else "ok", SECONDS))
print("%s 6 - each within %d MiB%s" % ("not ok" if fat else "ok", MEMORY >> 20, " # SKIP sanitizers" if asan else ""))
