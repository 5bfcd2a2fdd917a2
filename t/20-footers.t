#!/usr/bin/python3
# The school's text in a thousand made mails: every shape, charset and encoding, and replies.
# fails-if: a text is missing, doubled, unreadable or hidden, any other byte of a mail changes, a
#           signed or protected mail changes, lines get too long or 8-bit, a second pass or a
#           reply gets the text again
import email, json, os, re, subprocess, sys, tempfile, unicodedata
top = os.environ.get("top_srcdir", ".")
sys.path.insert(0, os.path.join(top, "t/lib"))
import footers

dump = os.path.join(os.environ.get("top_builddir", "."), "t/lib/disclaimdump")
LINES = ["This email is confidential \u2013 St Mary\u2019s C of E School, registered charity.",
         "Trips cost from \u00a35. If it is not for you, tell us and delete it."]
work = os.environ.get("FOOTERS_KEEP") or tempfile.mkdtemp(prefix="footers-")
os.makedirs(work + "/in", exist_ok=True)
plain, html = work + "/plain", work + "/html"
open(plain, "w").write("-- \n%s\n%s\n" % tuple(LINES))
open(html, "w").write('<div style="color:#555555;background-color:#ffffff"><hr>\n<p>%s %s</p>\n</div>' % tuple(LINES))


def run(mails, out, *options):
    """mails: {name: bytes}; gives {name: (answer, bytes)}."""
    got, names = {}, sorted(mails)
    for d in ("in", out):
        os.makedirs(work + "/" + d, exist_ok=True)
    for n in names:
        open(work + "/in/" + n, "wb").write(mails[n])
    for i in range(0, len(names), 300):
        p = subprocess.run([dump, *options, plain, html, work + "/" + out] + [work + "/in/" + n for n in names[i:i + 300]],
                           capture_output=True, text=True, timeout=600)
        if p.returncode:
            print("#", p.returncode, p.stderr[-300:])
        for a in map(json.loads, p.stdout.splitlines()):
            got[a["file"]] = (a, open(work + "/" + out + "/" + a["file"], "rb").read())
    return got


RAW = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}
VOID = set("area base br col embed hr img input link meta param source track wbr html body frame".split())
SCOPE = {"table", "td", "th", "caption", "marquee", "object", "template"}
SPECIAL = SCOPE | set("address article blockquote button center details dd div dl dt fieldset footer form frameset "
                      "h1 h2 h3 h4 h5 h6 header li main nav ol p pre section select tbody tr ul".split())
HIDES = set("script style textarea title xmp iframe noembed noframes head template select svg math object video audio "
            "canvas button noscript datalist frameset".split())
BLOCKS = set("address article blockquote center details div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav "
             "ol p pre section table ul".split())
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)((?:\s+|/|[^\s/>=][^\s/>=]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"'][^\s>]*|(?=>)))?)*)>")


class Page:
    """The words of a page that show, as browsers build it (roughly: HTML standard 13.2.6)."""

    def __init__(self, text):
        self.stack, self.shown, self.all = [], [], []
        at = 0
        while at < len(text):
            lt = text.find("<", at)
            lt = len(text) if lt < 0 else lt
            self.words(text[at:lt])
            if lt == len(text):
                break
            at = self.markup(text, lt)

    def words(self, s):
        self.all.append(s)
        if not any(hides for _, hides in self.stack):
            self.shown.append(s)

    def markup(self, t, at):
        if t.startswith("<!--", at):
            m = re.compile(r"<!--(?:-?>|.*?(?:--!?>|$(?![\r\n])))", re.S).match(t, at)
            return m.end() if m else len(t)
        if re.match(r"<([!?]|/[^a-zA-Z])", t[at:at + 3]):
            end = t.find(">", at)
            if re.match(r"<!\[if", t[at:at + 5]):
                self.stack.append(("![", True))
            if re.match(r"<!\[endif", t[at:at + 8]):
                self.stack = [s for s in self.stack if s[0] != "!["]
            return len(t) if end < 0 else end + 1
        if not re.match(r"</?[a-zA-Z]", t[at:at + 3]):
            self.words("<")
            return at + 1
        m = TAG.match(t, at)
        if not m:
            return len(t)
        name = m[2].lower()
        (self.close if m[1] else self.open)(name, m[3])
        if not m[1] and name == "plaintext":
            return len(t)
        if not m[1] and name in RAW:
            end = re.compile(r"</%s[\s/>]" % name, re.I).search(t, m.end())
            self.stack.pop()
            close = t.find(">", end.start()) if end else -1
            return len(t) if close < 0 else close + 1
        return m.end()

    def open(self, name, attrs):
        style = re.sub(r"\s", "", attrs.lower())
        hidden = "display:none" in style or "font-size:0" in style or bool(re.search(r"\shidden\b", attrs, re.I))
        if name == "body":
            self.stack = [s for s in self.stack if s[0] != "head"]
        if name in BLOCKS:
            self.close("p", quiet=True)
        for one, stop in (({"li"}, {"ul", "ol"}), ({"dd", "dt"}, {"dl"}), ({"td", "th"}, {"table"}), ({"tr"}, {"table"}),
                          ({"option"}, {"select"})):
            if name in one:
                for i in range(len(self.stack) - 1, -1, -1):
                    if self.stack[i][0] in one:
                        del self.stack[i:]
                        break
                    if self.stack[i][0] in stop or (self.stack[i][0] in SPECIAL - {"div", "p", "address", "td", "th"}):
                        break
        if name in VOID or (attrs.endswith("/") and any(s[0] in ("svg", "math") for s in self.stack + [(name, 0)])):
            return
        closed = name == "details" and "open" not in attrs.lower()
        self.stack.append((name, hidden or name in HIDES or closed))

    def close(self, name, quiet=False):
        for i in range(len(self.stack) - 1, -1, -1):
            at = self.stack[i][0]
            if at == name:
                del self.stack[i:]
                return
            if name in ("table", "tr", "td", "th", "tbody"):
                if at in ("table", "template"):
                    return
            elif at in SCOPE or (name not in SPECIAL and at in SPECIAL) or (name == "p" and at == "button"):
                return


def norm(s):
    return "".join(c for c in unicodedata.normalize("NFC", s).lower() if c.isalnum())


def decoded(part, errors="strict"):
    data = part.get_payload(decode=True) or b""
    label = (part.get_content_charset() or "us-ascii").split()[0:1]
    try:
        return data.decode({"hz-gb-2312": "hz", "ibm850": "cp850", "macintosh": "mac_roman", "unicode-1-1-utf-7": "utf-7",
                            "ks_c_5601-1987": "cp949", "x-sjis": "cp932", "iso-8859-1": "cp1252", "gb2312": "gb18030"}.get(label[0], label[0]), errors)
    except (LookupError, UnicodeDecodeError):
        return None


def readings(part):
    """The leaves that a reader sees as the message."""
    kind, sub = part.get_content_maintype(), part.get_content_subtype()
    if part.is_multipart() and kind == "multipart":
        kids = part.get_payload()
        if sub == "alternative":
            return [leaf for k in kids for leaf in readings(k)]
        if sub == "related":
            start = (part.get_param("start") or "").strip()
            kids = [k for k in kids if start and k.get("Content-ID") == start] or kids[:1]
            return readings(kids[0]) if kids else []
        for k in kids:
            got = readings(k) if k.get_content_disposition() != "attachment" else []
            if got:
                return got
        return []
    good = part.get_content_type() in ("text/plain", "text/html") and part.get_content_disposition() != "attachment"
    return [part] if good and not part.is_multipart() else []


want = norm(" ".join(LINES))
OURS = ("content-type", "content-transfer-encoding", "mime-version")


def leaf_faults(x, y):
    out, old, new = [], decoded(x), decoded(y)
    if new is None:
        if old is not None or decoded(y, "replace") is None:
            return ["unreadable as " + str(y.get_content_charset())]
        old, new = decoded(x, "replace"), decoded(y, "replace")    # its label was wrong before
    if old is None:
        old = (x.get_payload(decode=True) or b"").decode("utf-8" if y.get_content_charset() == "utf-8" else "latin-1", "replace")
    if y.get_content_type() == "text/html":
        import html as h
        if norm(h.unescape(" ".join(Page(new).shown))).count(want) != 1:
            out.append("not shown once")
        a, b = new.find('<div style="color:#555555'), new.rfind("delete it.</p>")
        end = new.find("</div>", b) + 6
        if re.sub(r"\s", "", new[:a] + new[end:]) != re.sub(r"\s", "", old):
            out.append("the page changed")
    else:
        if norm(new).count(want) != 1:
            out.append("not there once")
        for line in LINES:
            if line not in [s.strip() for s in re.split("\r?\n", new)]:
                out.append("its lines changed")
        rest = new
        for line in ["-- "] + LINES:
            rest = re.sub("(?s)(.*)" + re.escape(line), lambda m: m[1], rest, count=1)
        squeeze = lambda s: re.sub(r"[\s\u00a0-]", "", s)
        if squeeze(rest) != squeeze(old):
            out.append("the words around it changed")
    old = [v for v in (x.get_params() or []) if v[0].lower() not in ("charset", "")]
    new = [v for v in (y.get_params() or []) if v[0].lower() not in ("charset", "")]
    if x["Content-Type"] and old != new and old:
        out.append("parameters %s -> %s" % (old, new))
    if (y.get("Content-Transfer-Encoding") or "7bit").strip().lower() == "7bit" and not (y.get_payload() or "").isascii():
        out.append("8-bit under 7bit")
    return out


def faults(before, after):
    a, b = email.message_from_bytes(before), email.message_from_bytes(after)
    xs, ys = list(a.walk()), list(b.walk())
    if [p.get_content_type() for p in xs] != [p.get_content_type() for p in ys]:
        return ["another tree"]
    mine, out = readings(a), []
    for x, y in zip(xs, ys):
        if [(k, v) for k, v in x.items() if k.lower() not in OURS] != [(k, v) for k, v in y.items() if k.lower() not in OURS]:
            out.append("header lines changed")
        if x.is_multipart():
            if x.items() != y.items() or x.preamble != y.preamble or x.epilogue != y.epilogue:
                out.append("a container changed")
        elif any(x is m for m in mine):
            out += leaf_faults(x, y)
        elif x.as_bytes() != y.as_bytes():
            out.append("another part changed")
    if not mine:
        out.append("nothing to read, and yet changed")
    for line in after.split(b"\n"):
        if len(line.rstrip(b"\r")) > 998 and line.strip() not in before:
            out.append("a line of %d bytes" % len(line))
    crlf = before.count(b"\r\n") * 2 > before.count(b"\n")
    if after.replace(b"\r\n", b"").count(b"\r") > before.replace(b"\r\n", b"").count(b"\r") or \
            (crlf and after.replace(b"\r\n", b"").count(b"\n") > before.replace(b"\r\n", b"").count(b"\n")) or \
            (not crlf and after.count(b"\r\n") > before.count(b"\r\n")):
        out.append("bare CR or LF")
    out += soft_breaks(ys)
    return out


def soft_breaks(parts):
    """Every line of quoted-printable UTF-8, decoded alone, is whole characters."""
    for p in parts:
        if p.get_content_charset() == "utf-8" and (p.get("Content-Transfer-Encoding") or "").strip() == "quoted-printable":
            for line in p.get_payload().splitlines():
                if "email is conf" in line or "St Mary" in line or "Trips cost" in line:
                    data = bytes.fromhex("".join(re.findall("=([0-9A-F]{2})", line)))
                    if data.decode("utf-8", "ignore").encode() != data:
                        return ["a soft break inside a character"]
    return []


def ok(n, good, what, bad):
    print("%s %d - %s" % ("ok" if good else "not ok", n, what))
    for b in bad[:int(os.environ.get("FOOTERS_BAD", "40"))]:
        print("#", b)


def judge(cases, got):
    bad = []
    for n, raw, action in cases:
        if n not in got:
            bad.append(n + ": no answer")
            continue
        a, after = got[n]
        if not a["changed"]:
            why = ["not added"] if action == "add" else [] if after == raw else ["changed"]
        else:
            why = ["changed"] if action == "unchanged" else faults(raw, after)
        if why:
            bad.append("%s: %s (%s)" % (n, "; ".join(sorted(set(why))), a["skipped"]))
    return bad


print("1..6")
cases = list(footers.cases())
step = 0
for options in ((), ("--place", "top"), ("--place", "above-quote", "--repeat", "always")):
    got = run({n: raw for n, raw, _ in cases}, "out%d" % step, *options)
    bad = judge(cases, got)
    step += 1
    ok(step, not bad, "%s: %d of %d right" % (" ".join(options) or "bottom", len(cases) - len(bad), len(cases)), bad)
    changed = {n: after for n, (a, after) in got.items() if a["changed"]}
    more = run(changed, "again%d" % step, *options)
    again = [n for n in changed if n not in more or more[n][0]["changed"]]
    if again:
        print("# a second pass changes", again[:30])
    last = again if step == 1 else last + again
ok(4, not last, "a second pass changes nothing", [])
threads = list(footers.replies(LINES))
bad = []
for repeat in ("once-per-thread", "never"):
    got = run({n: raw for n, raw, _ in threads}, "replies-" + repeat, "--repeat", repeat)
    bad += [repeat + " " + b for b in judge([(n, raw, "unchanged") for n, raw, has in threads if has], got)]
    if repeat == "once-per-thread":
        bad += judge([(n, raw, "add") for n, raw, has in threads if not has], got)
ok(5, not bad, "replies: %d, not repeated" % len(threads), bad)
bad = []
for place in ("bottom", "above-quote", "top"):
    got = run({n: raw for n, raw, _ in threads}, "always-" + place, "--repeat", "always", "--place", place)
    more = run({n: got[n][1] for n in got}, "always2-" + place, "--repeat", "always", "--place", place)
    bad += ["%s %s: twice" % (place, n) for n in more if more[n][0]["changed"]]
    bad += ["%s %s: not added (%s)" % (place, n, got[n][0]["skipped"]) for n, _, has in threads
            if not got[n][0]["changed"] and not (has and n.startswith(("reply-outlook", "reply-forwarded")))]
    if place == "bottom":
        continue
    for n, raw, _ in threads:
        page = norm(re.sub("<[^>]*>", "", decoded(email.message_from_bytes(got[n][1]), "replace")))
        mine, quote = page.find("thisemailisconfidential"), page.find("oldwords")
        if got[n][0]["changed"] and not (0 <= mine < quote):
            bad.append("%s %s: below the quotation" % (place, n))
ok(6, not bad, "always: above the quotation where it is asked for", bad)
if not os.environ.get("FOOTERS_KEEP"):
    subprocess.run(["rm", "-rf", work])
