#!/usr/bin/python3
# The school's text in real and awkward mails: once, readable, and nothing else changed.
# fails-if: a text is missing, doubled or damaged, another part of a mail changes, a signed or
#           protected mail changes, another parser sees another tree, or a second pass changes
#           anything
import email, email.policy, glob, json, os, subprocess, sys, tempfile, unicodedata
from html.parser import HTMLParser

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
mails = os.path.join(top, "../shared/corpora/mail")
dump = os.path.join(build, "t/lib/disclaimdump")
if not os.path.exists(mails + "/footer/answers.json"):
    print("1..0 # SKIP the collections of mails are not beside this tree")
    sys.exit(0)
TEXT = ("This email is confidential \u2013 St Mary\u2019s C of E School, registered charity. Trips cost "
        "from \u00a35. If it is not for you, tell us and delete it.")
work = tempfile.mkdtemp(prefix="disclaim-")
plain, html = work + "/plain", work + "/html"
open(plain, "w").write("-- \nThis email is confidential \u2013 St Mary\u2019s C of E School, registered charity.\n"
                       "Trips cost from \u00a35. If it is not for you, tell us and delete it.\n")
open(html, "w").write('<div style="color:#555555;background-color:#ffffff"><hr>\n<p>' + TEXT + "</p>\n</div>")


def run(files, out, *options):
    os.makedirs(work + "/" + out, exist_ok=True)
    answers = {}
    for i in range(0, len(files), 200):
        p = subprocess.run([dump, *options, plain, html, work + "/" + out, *files[i:i + 200]],
                           capture_output=True, text=True, timeout=300)
        if p.returncode != 0:
            print("#", p.returncode, p.stderr[-500:])
        for line in p.stdout.splitlines():
            a = json.loads(line)
            answers[a["file"]] = a
    return answers


class Seen(HTMLParser):
    """The text that shows: nothing in hidden elements."""
    voids = {"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "wbr"}

    def __init__(self):
        super().__init__()
        self.stack, self.text = [], []

    def handle_starttag(self, tag, attrs):
        style = (dict(attrs).get("style") or "").replace(" ", "")
        if tag == "body":
            self.stack = [s for s in self.stack if s[0] != "head"]
        if tag not in self.voids:
            self.stack.append((tag, tag in ("script", "style", "title", "head") or "display:none" in style))

    def handle_endtag(self, tag):
        for i in range(len(self.stack) - 1, -1, -1):
            if self.stack[i][0] == tag:
                del self.stack[i:]
                return

    def handle_data(self, data):
        if not any(hidden for _, hidden in self.stack):
            self.text.append(data)


def norm(s):
    return "".join(c for c in unicodedata.normalize("NFC", s).lower() if c.isalnum())


def decoded(part):
    data = part.get_payload(decode=True) or b""
    label = part.get_content_charset() or "us-ascii"
    try:
        return data.decode(label)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")


def shown(part):
    text = decoded(part)
    if part.get_content_type() == "text/html":
        p = Seen()
        p.feed(text)
        p.close()
        text = " ".join(p.text)
    return norm(text)


def leaves(m):
    """(path, part) of everything that is not a container; an attached message is one."""
    out = []

    def walk(part, path, inside):
        kids = part.get_payload() if part.is_multipart() else None
        if kids is None:
            out.append((path, part, inside))
            return
        for i, k in enumerate(kids):
            walk(k, path + "." + str(i), inside or part.get_content_maintype() == "message")
    walk(m, "", False)
    return out


def is_body(path, part, inside):
    return not inside and part.get_content_type() in ("text/plain", "text/html") and \
        part.get_content_disposition() in (None, "inline") and part.get_filename() is None


def tree(m):
    return [(p.get_content_type(), p.get_filename(), str(p.get("Content-ID"))) for p in m.walk()]


want = norm(TEXT)


def faults(before, after, must_add):
    """What is wrong with after, or nothing."""
    out = []
    a, b = email.message_from_bytes(before), email.message_from_bytes(after)
    if a.get_content_maintype() == "multipart" and not a.is_multipart():
        return []    # Python's parser does not unfold a boundary
    if tree(a) != tree(b):
        return ["another tree"]
    hits = 0
    for (path, x, inside), (_, y, _) in zip(leaves(a), leaves(b)):
        body = is_body(path, x, inside)
        same = x.get_payload(decode=True) == y.get_payload(decode=True)
        if not body or same:
            if not same:
                out.append("part %s changed" % path)
            continue
        old, new = shown(x), shown(y)
        if new.count(want) != old.count(want) + 1:
            out.append("part %s shows it %d times" % (path, new.count(want)))
        rest = decoded(y).replace("\r\n", "\n")
        if x.get_content_type() == "text/plain" and \
                not norm(rest).replace(want, "", 1) == norm(decoded(x)):
            out.append("part %s lost something" % path)
        hits += 1
    if must_add and hits == 0:
        out.append("nothing was added")
    for line in after.split(b"\n"):
        if len(line) > 1000 and line not in before:
            out.append("a line of %d bytes" % len(line))
    if after.count(b"\r") - after.count(b"\r\n") > before.count(b"\r") - before.count(b"\r\n"):
        out.append("a bare CR")
    return out


def ok(n, good, what, bad):
    print("%s %d - %s" % ("ok" if good else "not ok", n, what))
    for b in bad[:30]:
        print("#", b)


print("1..6")
cases = {os.path.basename(c["file"]): c for c in json.load(open(mails + "/footer/answers.json"))["cases"]}
files = [mails + "/footer/cases/" + f for f in sorted(cases)]
answers = run(files, "one")
bad = []
for f in sorted(cases):
    before = open(mails + "/footer/cases/" + f, "rb").read()
    after = open(work + "/one/" + f, "rb").read() if f in answers else b""
    add = cases[f]["expected"]["action"] == "add"
    why = faults(before, after, add) if add else [] if before == after else ["changed"]
    if why:
        bad.append("%s: %s (%s)" % (f, "; ".join(why), answers.get(f)))
ok(1, not bad, "footer: %d of %d right" % (len(cases) - len(bad), len(cases)), bad)
again = run([work + "/one/" + f for f in sorted(answers)], "two")
bad = [f for f in again if again[f]["changed"]]
ok(2, not bad, "a second pass changes nothing", bad)

parse = sorted(glob.glob(mails + "/parse/cases/*.eml")) + sorted(glob.glob(mails + "/wire/cases/*.eml"))
answers = run(parse, "parse")
bad, added = [], 0
for f in parse:
    n = os.path.basename(f)
    if n not in answers:
        bad.append(n + ": no answer")
        continue
    before, after = open(f, "rb").read(), open(work + "/parse/" + n, "rb").read()
    added += answers[n]["changed"]
    why = faults(before, after, True) if answers[n]["changed"] else [] if before == after else ["changed"]
    if why:
        bad.append("%s: %s" % (n, "; ".join(why)))
ok(3, not bad, "parse: %d mails, text in %d, nothing else changed" % (len(parse), added), bad)
reasons = {}
for a in answers.values():
    if a["skipped"]:
        r = a["skipped"].split("=")[1]
        reasons[r] = reasons.get(r, 0) + 1
print("#", reasons)
again = run([work + "/parse/" + f for f in sorted(answers) if answers[f]["changed"]], "parse2")
bad = [f for f in again if again[f]["changed"]]
ok(4, not bad, "a second pass over them changes nothing", bad)

texts = [json.loads(line)["text"] for f in sorted(glob.glob(mails + "/../benign/*.jsonl")) for line in open(f)]
os.makedirs(work + "/ham")
for i, t in enumerate(texts):
    head = "From: a@school.example\r\nTo: b@far.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n" \
        "Content-Type: text/plain; charset=%s\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    label = ("utf-8", "iso-8859-1", "windows-1252")[i % 3]
    try:
        body = t.encode(label)
    except UnicodeEncodeError:
        label, body = "utf-8", t.encode()
    with open("%s/ham/%04d.eml" % (work, i), "wb") as out:
        out.write((head % label).encode() + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n")
files = sorted(glob.glob(work + "/ham/*.eml"))
answers = run(files, "ham-out")
bad = []
for f in files:
    n = os.path.basename(f)
    before, after = open(f, "rb").read(), open(work + "/ham-out/" + n, "rb").read()
    why = faults(before, after, answers[n]["skipped"] == "")
    if why:
        bad.append("%s: %s %s" % (n, "; ".join(why), answers[n]))
ok(5, not bad, "benign: %d mails, text in %d" % (len(files), sum(a["changed"] for a in answers.values())), bad)

hostile = sorted(glob.glob(mails + "/hostile/cases/*.eml"))
answers = run(hostile, "hostile")
bad = []
for f in hostile:
    n = os.path.basename(f)
    if n not in answers:
        bad.append(n + ": no answer")
    elif answers[n]["changed"]:
        why = faults(open(f, "rb").read(), open(work + "/hostile/" + n, "rb").read(), False)
        bad += ["%s: %s" % (n, "; ".join(why))] if why else []
ok(6, not bad, "hostile mails stay whole or stay as they are (%d)" % len(hostile), bad)
subprocess.run(["rm", "-rf", work])
