#!/usr/bin/python3
# Thousands of mails that hide a word from readers of structure, and honest ones like them.
# fails-if: a trick hides the word and is not flagged either, more than 3 in 100 hide it, or
#           an honest mail is called malformed, ambiguous or not fully scanned
import collections, json, os, subprocess, sys, tempfile

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
sys.path.insert(0, os.path.join(top, "t/lib"))
import evasions  # noqa: E402

dump = os.path.join(build, "t/lib/walkdump")
cases = list(evasions.mails())


def read(folder):
    names, answers = [], {}
    for i, (_, _, data) in enumerate(cases):
        names.append(os.path.join(folder, "%05d.eml" % i))
        with open(names[-1], "wb") as f:
            f.write(data)
    for at in range(0, len(names), 400):
        p = subprocess.run([dump, *names[at:at + 400]], capture_output=True, timeout=300)
        if p.returncode != 0:
            print("# walkdump:", p.returncode, p.stderr.decode(errors="replace")[-300:])
        for line in p.stdout.split(b"\n")[:-1]:
            answer = json.loads(line)
            answers[int(answer["file"][:5])] = answer
    return answers


with tempfile.TemporaryDirectory() as folder:
    seen = read(folder)
print("1..5")
lost = [c[0] for i, c in enumerate(cases) if i not in seen]
print("%s 1 - all are read (%d of %d)" % ("not ok" if lost else "ok", len(seen), len(cases)))
for name in lost:
    print("#", name)
found, flagged, missed, suspected = [], [], [], []
kinds = collections.defaultdict(collections.Counter)
for i, (name, kind, _) in enumerate(cases):
    answer = seen.get(i, {"reading": {"texts": [], "parts": []}, "flags": ""})
    has = any(evasions.WORD in t["text"].upper() for t in answer["reading"]["texts"])
    if kind == "honest":
        if answer["flags"]:
            suspected.append(name + ": " + answer["flags"])
        continue
    result = found if has else flagged if answer["flags"] else missed
    result.append(name)
    kinds[kind]["found" if has else "flagged" if answer["flags"] else "missed"] += 1
hiding = len(found) + len(flagged) + len(missed)
for kind, counts in sorted(kinds.items()):
    print("# %s: %s" % (kind, ", ".join("%d %s" % (n, what) for what, n in sorted(counts.items()))))
for name in flagged:
    print("# flagged only:", name)
for name in missed:
    print("# missed:", name)
share = 100.0 * len(found) / max(1, hiding)
print("%s 2 - found: %d of %d, %.1f %%" % ("ok" if share >= 97 else "not ok", len(found), hiding, share))
print("%s 3 - what is not found is flagged" % ("not ok" if missed else "ok"))
for name in suspected:
    print("#", name)
print("%s 4 - honest mails are not suspected" % ("not ok" if suspected else "ok"))
print("%s 5 - there are several hundred tricks, and honest mails" %
      ("ok" if hiding > 500 and sum(c[1] == "honest" for c in cases) > 40 else "not ok"))
