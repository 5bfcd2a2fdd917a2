#!/usr/bin/python3
# What the shipped rules find in the collections of labelled texts, and what they leave alone.
# fails-if: a figure of detection falls below what it should be, or more harmless texts are flagged
import os, re, subprocess, sys

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
run = subprocess.run([os.path.join(top, "t/lib/detect.py"), "--build", build, "--sets", "harm,data"],
                     stdout=subprocess.PIPE, universal_newlines=True)
if run.returncode == 77:
    print("1..0 # SKIP the collections of texts are not beside this tree")
    sys.exit(0)
# what is known to be short of its mark; the figure is shown all the same
SHORT = ("hatemoji F1",)
lines = [l for l in run.stdout.splitlines() if re.search(r" (ok|SHORT)$", l)]
if run.returncode > 1 or not lines:
    sys.exit("detect.py ended with %d" % run.returncode)
failed = 0
print("1..%d" % len(lines))
for n, l in enumerate(lines, 1):
    good, known = l.endswith(" ok"), l.startswith(SHORT)
    failed += not good and not known
    print("%s %d - %s%s" % ("ok" if good else "not ok", n, re.sub(r" +(ok|SHORT)$", "", l), " # TODO" if known else ""))
sys.exit(failed > 0)
