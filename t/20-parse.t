#!/usr/bin/python3
# Real and broken mails of other parsers' test suites, read by the walk.
# fails-if: a mail is not read, a worker's limits are passed, or less than 97 % of the parts
#           that the collections' own answers name are found; or a worker that can open no
#           file reads less than a free process
import glob, hashlib, html, json, os, re, resource, subprocess, sys

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
mails = os.path.join(top, "../shared/corpora/mail")
dump = os.path.join(build, "t/lib/walkdump")
if not os.path.exists(mails + "/parse/answers.json"):
    print("1..0 # SKIP the collections of mails are not beside this tree")
    sys.exit(0)
asan = subprocess.run([dump, "--locked"], capture_output=True).returncode == 77


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    if not asan:
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def read(files, *options):
    """One process for each set; a set that kills it is read again one by one."""
    seen = {}
    for some in [files], [[f] for f in files]:
        seen = {}
        for batch in some:
            try:
                p = subprocess.run([dump, *options, *batch], capture_output=True, timeout=120,
                                   preexec_fn=limits)
            except subprocess.TimeoutExpired:
                print("# time is over:", batch[0] if len(batch) == 1 else "a set")
                continue
            for line in p.stdout.split(b"\n")[:-1]:  # the last one may be cut
                answer = json.loads(line)
                seen[answer["file"]] = answer
            if p.returncode != 0 and len(batch) == 1:
                print("#", batch[0], p.returncode, p.stderr.decode(errors="replace")[-300:])
        if len(seen) == len(files):
            break
    return seen


def words(text, markup=False):
    if markup and re.search(r"<[a-zA-Z!/]", text):
        text = re.sub(r"(?is)<(style|script)\b.*?</\1>", " ", text)
        text = html.unescape(re.sub(r"(?s)<!--.*?-->|<[^>]*(>|$)", " ", text))
    return re.findall(r"[\w\ufffd]{2,}", text.lower())


def found(leaf, answer):
    r = answer["reading"]
    if "sha256" in leaf and any(p["sha256"] == leaf["sha256"] for p in r["parts"]):
        return True
    # a text that is an attachment may have been summed with other line ends
    if "sha256" in leaf and any(hashlib.sha256(t["text"].encode()).hexdigest() == leaf["sha256"]
                                for t in r["texts"]):
        return True
    if "text" not in leaf:
        return False
    # what a parser without the charset could not read is not asked for
    sought = [w for w in words(leaf["text"], True) if "\ufffd" not in w]
    have = set(words(" ".join(t["text"] for t in r["texts"])))
    return not sought or sum(w in have for w in sought) >= 0.95 * len(sought) - 1


def cases(kind):
    answers = json.load(open(mails + "/" + kind + "/answers.json"))["cases"]
    return {os.path.basename(c["file"]): c for c in answers}


parse = cases("parse")
seen = read([mails + "/parse/cases/" + f for f in sorted(parse)])
print("1..6")
lost = sorted(set(parse) - set(seen))
print("%s 1 - every mail is read (%d of %d)" % ("ok" if not lost else "not ok", len(seen), len(parse)))
for f in lost:
    print("#", f)

leaves = hits = 0
for f, case in sorted(parse.items()):
    for leaf in case["expected"].get("leaves", []):
        leaves += 1
        if f in seen and found(leaf, seen[f]):
            hits += 1
        else:
            print("# not found in %s: %s" % (f, json.dumps(leaf)[:160]))
share = 100.0 * hits / max(1, leaves)
print("%s 2 - expected parts found: %d of %d, %.1f %%" % ("ok" if share >= 97 else "not ok", hits, leaves, share))
locked = {} if asan else read([mails + "/parse/cases/" + f for f in sorted(parse)], "--locked")
other = []
for f in [] if asan else sorted(parse):
    a, b = dict(seen.get(f, {}).get("reading", {})), dict(locked.get(f, {}).get("reading", {}))
    a["micros"] = b["micros"] = 0
    if a != b:
        other.append(f)
print("%s 3 - a locked-in process, which can open nothing, reads the same%s" %
      ("ok" if not other else "not ok", " # SKIP sanitizers cannot be locked in" if asan else ""))
for f in other:
    print("# differs:", f)
broken = sum("malformed" in a["flags"] for a in seen.values())
double = sum("ambiguous" in a["flags"] for a in seen.values())
print("# flags: %d malformed, %d ambiguous of %d" % (broken, double, len(seen)))

hostile = [f for f in sorted(glob.glob(mails + "/hostile/cases/*.eml"))]
seen = read(hostile)
print("%s 4 - hostile mails are read within the limits (%d of %d)" %
      ("ok" if len(seen) == len(hostile) else "not ok", len(seen), len(hostile)))

wanted = {os.path.basename(c["file"]): c for c in json.load(open(mails + "/hostile/answers.json"))["cases"]
          if re.match(r"charset|html|mime", c["case"])}
missed = []
for f, c in sorted(wanted.items()):
    if f not in seen:
        missed.append(f)
        continue
    must, a = c["expected"]["must"], seen[f]
    # "S C H O O L" in a column is the canonical text's business, not the walk's
    text = re.sub(r"\s", "", " ".join(t["text"] for t in a["reading"]["texts"]))
    marker = c["expected"].get("contains_marker", "?") in text
    ok = {"found": marker, "found-or-flagged": marker or a["flags"] != "",
          "limited": "not-fully" in a["flags"] or marker}.get(must, True)
    if not ok:
        missed.append(f)
for f in missed:
    print("# not found:", f, wanted[f]["expected"])
print("%s 5 - what hostile text parts hide is found" % ("ok" if not missed else "not ok"))

footer = sorted(glob.glob(mails + "/footer/cases/*.eml")) + sorted(glob.glob(mails + "/wire/cases/*.eml"))
seen = read(footer)
print("%s 6 - footer and wire mails are read (%d of %d)" %
      ("ok" if len(seen) == len(footer) else "not ok", len(seen), len(footer)))
