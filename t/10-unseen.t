#!/usr/bin/python3
# The shipped rules on texts that they were not written from (t/data/unseen/README).
# fails-if: fewer of them are told rightly than when the set was made, or data is no longer found
import collections, json, os, subprocess, sys

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")


def right(name):
    """Of each kind, how many there are and how many are told rightly."""
    with open(os.path.join(top, "t/data/unseen", name + ".jsonl"), encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    asked = "".join(json.dumps({"id": r["id"], "text": r["text"]}) + "\n" for r in rows)
    out = subprocess.run([os.path.join(build, "schoolgatectl"), "scan", "--lines", "--rules", os.path.join(top, "rules")],
                         input=asked, stdout=subprocess.PIPE, universal_newlines=True).stdout
    answers = {a["id"]: a for a in map(json.loads, out.splitlines())}
    kinds = collections.OrderedDict()
    for r in rows:
        a = answers[r["id"]]
        good = set(r["category"]) <= set(a["categories"]) if name == "data" and r["label"] else a["flagged"] == bool(r["label"])
        n = kinds.setdefault((r["kind"], r["label"]), [0, 0])
        n[0] += 1
        n[1] += good
    for (kind, label), (n, good) in kinds.items():
        print("# %-20s %2d of %2d %s" % (kind, good, n, "found" if label else "left alone"))
    return {label: sum(v[1] for k, v in kinds.items() if k[1] == label) / sum(v[0] for k, v in kinds.items() if k[1] == label)
            for label in (0, 1)}


harm, data = right("harm"), right("data")
checks = [("harm is found", harm[1], .80), ("what only looks so is left alone", harm[0], .92),
          ("personal data is found", data[1], .95), ("what only looks so is left alone", data[0], .98)]
print("1..%d" % len(checks))
failed = 0
for n, (what, share, least) in enumerate(checks, 1):
    failed += share < least
    print("%s %d - %s: %.3f, at least %.2f" % ("ok" if share >= least else "not ok", n, what, share, least))
sys.exit(failed > 0)
