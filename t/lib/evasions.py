"""Mails that hide a word, and honest twins that must not be suspected.

mails() gives (name, kind, bytes): every trick alone, and those of different kinds in
pairs.  kind is the trick's family, or "honest".  The word is WORD; it never stands in the
clear.  Nothing here is random: the same call gives the same bytes.

To add a trick: one row in the list of its kind (header, coding, boundary, lines, content).
"""
import base64
import binascii
import io
import itertools
import quopri
import zipfile
import zlib

WORD = "SCHOOLGATE-MARKER-7F3A"
TEXT = "Dear all,\r\n\r\nthe word for today is %s, please keep it.\r\n\r\nYours, Ann\r\n" % WORD
PLAIN = "This mail has nothing to hide.\r\n"
TOP = ("From: Ann Example <ann@x.example>\r\nTo: bob@y.example\r\nSubject: trip\r\n"
       "Date: Mon, 15 Sep 2025 09:00:00 +0100\r\nMessage-ID: <1@x.example>\r\nMIME-Version: 1.0\r\n")


def lines(s, n=76):
    return "".join(s[i:i + n] + "\r\n" for i in range(0, len(s), n))


def b64(data):
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def qp(text):
    """Every letter of it, so that no word stands in the clear."""
    out, line = "", ""
    for c in text.replace("\r\n", "\n").encode("latin-1"):
        if c == 10:
            out, line = out + line + "\r\n", ""
            continue
        if len(line) > 70:
            out, line = out + line + "=\r\n", ""
        line += "=%02X" % c
    return out + line


def uu(text, name="n.txt", head="begin 644 "):
    data = text.encode()
    body = "".join(binascii.b2a_uu(data[i:i + 45], backtick=True).decode().replace("\n", "\r\n")
                   for i in range(0, len(data), 45))
    return head + name + "\r\n" + body + "`\r\nend\r\n"


def yenc(text, name="n.txt"):
    out = b""
    for c in text.encode():
        c = (c + 42) & 255
        out += bytes([61, (c + 64) & 255]) if c in (0, 10, 13, 61, 46) else bytes([c])
    body = b"".join(out[i:i + 128] + b"\r\n" for i in range(0, len(out), 128))
    return (b"=ybegin line=128 size=%d name=%s\r\n" % (len(text), name.encode()) + body +
            b"=yend size=%d\r\n" % len(text)).decode("latin-1")


def uncoded(name, text, coding, content):
    return name, text, coding, content


SMALL_FLAWS = ("blanks-inside", "tabs-inside", "foreign", "foreign-each", "dash-lines", "soft-cr-cr-lf", "dots",
               "eight-bit", "nul", "one-letter", "half", "soft-blank", "soft-tab")
PAIRED = ("foreign", "blanks-inside", "padded-pieces", "odd-lines", "utf-16", "soft-each", "one-letter", "soft-blank")


# ---- the fields that say how a part is coded: {C} is base64 or quoted-printable

CODINGS = [
    ("plain", "Content-Transfer-Encoding: {C}\r\n"),
    ("upper", "CONTENT-TRANSFER-ENCODING: {U}\r\n"),
    ("tight", "Content-Transfer-Encoding:{C}\r\n"),
    ("tab", "Content-Transfer-Encoding:\t{C}\t\r\n"),
    ("blank-colon", "Content-Transfer-Encoding : {C}\r\n"),
    ("tab-colon", "Content-Transfer-Encoding\t: {C}\r\n"),
    ("fold-colon", "Content-Transfer-Encoding\r\n : {C}\r\n"),
    ("folded", "Content-Transfer-Encoding:\r\n {C}\r\n"),
    ("folded-blank", "Content-Transfer-Encoding:\r\n \r\n {C}\r\n"),
    ("semicolon", "Content-Transfer-Encoding: {C};\r\n"),
    ("parameter", "Content-Transfer-Encoding: {C}; x=y\r\n"),
    ("comma", "Content-Transfer-Encoding: {C}, 7bit\r\n"),
    ("comment-behind", "Content-Transfer-Encoding: {C} (7bit)\r\n"),
    ("comment-before", "Content-Transfer-Encoding: (7bit) {C}\r\n"),
    ("comment-inside", "Content-Transfer-Encoding: {H}(x){T}\r\n"),
    ("quoted", "Content-Transfer-Encoding: \"{C}\"\r\n"),
    ("apostrophes", "Content-Transfer-Encoding: '{C}'\r\n"),
    ("two-words", "Content-Transfer-Encoding: {C} 7bit\r\n"),
    ("two-words-last", "Content-Transfer-Encoding: 7bit {C}\r\n"),
    ("encoded-word", "Content-Transfer-Encoding: =?us-ascii?q?{C}?=\r\n"),
    ("x-token", "Content-Transfer-Encoding: x-{C}\r\n"),
    ("rubbish-before", "Content-Transfer-Encoding: ;{C}\r\n"),
    ("rubbish-behind", "Content-Transfer-Encoding: {C}!\r\n"),
    ("dot", "Content-Transfer-Encoding: {C}.\r\n"),
    ("nul-behind", "Content-Transfer-Encoding: {C}\0\r\n"),
    ("nul-inside", "Content-Transfer-Encoding: {H}\0{T}\r\n"),
    ("nul-in-name", "Content-Transfer\0-Encoding: {C}\r\n"),
    ("8bit-before", "Content-Transfer-Encoding: \xa0{C}\r\n"),
    ("8bit-in-name", "Content-Transfer-Encoding\xa0: {C}\r\n"),
    ("form-feed", "Content-Transfer-Encoding: \f{C}\r\n"),
    ("vertical-tab", "Content-Transfer-Encoding:\v{C}\r\n"),
    ("twice-first", "Content-Transfer-Encoding: {C}\r\nContent-Transfer-Encoding: 7bit\r\n"),
    ("twice-last", "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: {C}\r\n"),
    ("twice-apart", "Content-Transfer-Encoding: 8bit\r\nX-A: b\r\ncontent-transfer-encoding: {C}\r\n"),
    ("twice-wrong", "Content-Transfer-Encoding: {O}\r\nContent-Transfer-Encoding: {C}\r\n"),
    ("no-colon-before", "this is no field\r\nContent-Transfer-Encoding: {C}\r\n"),
    ("blank-before", " Content-Transfer-Encoding: {C}\r\n"),
    ("fold-hides", "X-A: b\r\n Content-Transfer-Encoding: {C}\r\n"),
    ("bare-cr", "X-A: b\rContent-Transfer-Encoding: {C}\r\n"),
    ("bare-cr-behind", "Content-Transfer-Encoding: {C}\rX-A: b\r\n"),
    ("bare-lf", "Content-Transfer-Encoding: {C}\n"),
    ("cr-cr-lf", "Content-Transfer-Encoding: {C}\r\r\n"),
    ("line-of-blanks", "X-A: b\r\n \r\nContent-Transfer-Encoding: {C}\r\n"),
    ("underscores", "Content_Transfer_Encoding: {C}\r\n"),
    ("other-field", "Content-Encoding: {C}\r\n"),
    ("missing", ""),
    ("says-7bit", "Content-Transfer-Encoding: 7bit\r\n"),
    ("says-8bit", "Content-Transfer-Encoding: 8bit\r\n"),
    ("says-binary", "Content-Transfer-Encoding: binary\r\n"),
    ("says-other", "Content-Transfer-Encoding: {O}\r\n"),
    ("says-uuencode", "Content-Transfer-Encoding: x-uuencode\r\n"),
    ("unknown", "Content-Transfer-Encoding: x-own\r\n"),
    ("empty", "Content-Transfer-Encoding:\r\n"),
    ("very-long", "Content-Transfer-Encoding: {C}" + " " * 2000 + "\r\n"),
    ("long-field-before", "X-Long: " + "a" * 20000 + "\r\nContent-Transfer-Encoding: {C}\r\n"),
]

# ---- the bytes of the content, coded as {C} says

BASE64 = [
    ("plain", lambda t: lines(b64(t))),
    ("one-line", lambda t: b64(t) + "\r\n"),
    ("short-lines", lambda t: lines(b64(t), 4)),
    ("odd-lines", lambda t: lines(b64(t), 61)),
    ("lines-of-three", lambda t: lines(b64(t), 3)),
    ("one-letter-lines", lambda t: lines(b64(t), 1)),
    ("blank-lines", lambda t: lines(b64(t), 60).replace("\r\n", "\r\n\r\n")),
    ("blanks-first", lambda t: lines(b64(t), 60).replace("\r\n", "\r\n   ")),
    ("blanks-inside", lambda t: lines(" ".join(b64(t)[i:i + 5] for i in range(0, len(b64(t)), 5)))),
    ("tabs-inside", lambda t: lines("\t".join(b64(t)[i:i + 3] for i in range(0, len(b64(t)), 3)))),
    ("foreign", lambda t: lines("".join(c + ("!" if i % 7 == 0 else "") for i, c in enumerate(b64(t))))),
    ("foreign-each", lambda t: lines("".join(c + "*" for c in b64(t)))),
    ("dots", lambda t: lines(".".join(b64(t)[i:i + 8] for i in range(0, len(b64(t)), 8)))),
    ("eight-bit", lambda t: lines("\xe9".join(b64(t)[i:i + 10] for i in range(0, len(b64(t)), 10)))),
    ("nul", lambda t: lines("\0".join(b64(t)[i:i + 10] for i in range(0, len(b64(t)), 10)))),
    ("quoted-lines", lambda t: "".join("> " + l + "\r\n" for l in lines(b64(t), 60).split("\r\n") if l)),
    ("padded-pieces", lambda t: "".join(b64(t[i:i + 10]) + "\r\n" for i in range(0, len(t), 10))),
    ("padded-one-line", lambda t: "".join(b64(t[i:i + 4]) for i in range(0, len(t), 4)) + "\r\n"),
    ("pad-first", lambda t: "=\r\n" + lines(b64(t))),
    ("pads-first", lambda t: "====\r\n" + lines(b64(t))),
    ("pad-each-line", lambda t: lines(b64(t), 60).replace("\r\n", "=\r\n")),
    ("pad-inside", lambda t: lines("=".join(b64(t)[i:i + 9] for i in range(0, len(b64(t)), 9)))),
    ("short-first", lambda t: b64("x") + "\r\n" + lines(b64(t))),
    ("no-pad", lambda t: lines(b64(t).rstrip("="))),
    ("cut", lambda t: lines(b64(t)[:-3])),
    ("rest-behind", lambda t: lines(b64(t)) + "This is not coded.\r\n"),
    ("words-before", lambda t: "This is not coded at all.\r\n" + lines(b64(t))),
    ("words-and-blank", lambda t: "This is not coded.\r\n\r\n" + lines(b64(t))),
    ("url-alphabet", lambda t: lines(base64.urlsafe_b64encode(("??>>~~" + t).encode()).decode())),
    ("dash-lines", lambda t: lines(b64(t), 60).replace("\r\n", "\r\n--\r\n", 2)),
    ("cr-only", lambda t: lines(b64(t), 60).replace("\r\n", "\r")),
    ("lf-only", lambda t: lines(b64(t), 60).replace("\r\n", "\n")),
    ("utf-16", lambda t: lines(b64(b"\xff\xfe" + t.encode("utf-16-le")))),
    ("long-line", lambda t: b64("x" * 9000 + "\r\n" + t) + "\r\n"),
    ("far-behind", lambda t: lines(b64("abc def. " * 3000 + "\r\n" + t))),
]

QUOTED = [
    ("plain", qp),
    ("small", lambda t: qp(t).lower()),
    ("soft-each", lambda t: "".join(c + "=\r\n" for c in t.replace("\r\n", " "))),
    ("soft-blank", lambda t: "".join(c + "= \r\n" for c in t.replace("\r\n", " "))),
    ("soft-tab", lambda t: "".join(c + "=\t\r\n" for c in t.replace("\r\n", " "))),
    ("soft-lf", lambda t: "".join(c + "=\n" for c in t.replace("\r\n", " "))),
    ("soft-cr", lambda t: "".join(c + "=\r" for c in t.replace("\r\n", " "))),
    ("soft-cr-cr-lf", lambda t: "".join(c + "=\r\r\n" for c in t.replace("\r\n", " "))),
    ("half", lambda t: "".join(c if i % 2 else "=%02X" % ord(c) for i, c in enumerate(t)) if False else
     "\r\n".join("".join(c if i % 2 else "=%02X" % ord(c) for i, c in enumerate(l)) for l in t.split("\r\n"))),
    ("one-letter", lambda t: t.replace("MARKER", "M=41RKER").replace("SCHOOL", "SCH=4FOL")),
    ("equals-left", lambda t: "a = b == c =\x41 =ZZ\r\n" + qp(t)),
    ("long-line", lambda t: qp("x" * 9000) .replace("=\r\n", "") + " " + qp(t).replace("=\r\n", "")),
    ("dash-lines", lambda t: "--\r\n-- x\r\n" + qp(t)),
    ("blank-lines", lambda t: qp(t).replace("=\r\n", "\r\n\r\n") if False else "\r\n\r\n" + qp(t) + "\r\n\r\n"),
    ("cr-only", lambda t: qp(t).replace("\r\n", "\r")),
    ("bad-first", lambda t: "=\r\n=G1=\r\n" + qp(t)),
]

# ---- what a multipart says of its boundary, and the boundary its parts have

BOUNDARIES = [
    ("plain", "multipart/mixed; boundary=foo", "foo"),
    ("quoted", "multipart/mixed; boundary=\"foo\"", "foo"),
    ("capitals", "MULTIPART/Mixed; BOUNDARY=\"foo\"", "foo"),
    ("blanks", "multipart/mixed ; boundary = \"foo\"", "foo"),
    ("blanks-in-type", "multipart / mixed; boundary=\"foo\"", "foo"),
    ("apostrophes", "multipart/mixed; boundary='foo'", "foo"),
    ("apostrophes-kept", "multipart/mixed; boundary='foo'", "'foo'"),
    ("open-quote", "multipart/mixed; boundary=\"foo", "foo"),
    ("open-quote-more", "multipart/mixed; boundary=\"foo; x=y", "foo"),
    ("close-quote", "multipart/mixed; boundary=foo\"", "foo"),
    ("close-quote-kept", "multipart/mixed; boundary=foo\"", "foo\""),
    ("blank-behind", "multipart/mixed; boundary=\"foo \"", "foo"),
    ("blank-behind-kept", "multipart/mixed; boundary=\"foo \"", "foo "),
    ("blank-before", "multipart/mixed; boundary=\" foo\"", "foo"),
    ("blank-inside", "multipart/mixed; boundary=foo bar", "foo"),
    ("blank-inside-kept", "multipart/mixed; boundary=foo bar", "foo bar"),
    ("escape", "multipart/mixed; boundary=\"f\\oo\"", "foo"),
    ("escape-kept", "multipart/mixed; boundary=\"f\\oo\"", "f\\oo"),
    ("escaped-quote", "multipart/mixed; boundary=\"fo\\\"o\"", "fo\"o"),
    ("escaped-quote-cut", "multipart/mixed; boundary=\"foo\\\"o\"", "foo"),
    ("comment", "multipart/mixed; boundary=foo(bar)", "foo"),
    ("comment-kept", "multipart/mixed; boundary=foo(bar)", "foo(bar)"),
    ("comment-before", "multipart/mixed; (boundary=bar) boundary=foo", "foo"),
    ("comment-wins", "multipart/mixed; (x; boundary=bar); boundary=foo", "bar"),
    ("comment-in-type", "multipart(x)/mixed; boundary=foo", "foo"),
    ("comment-first", "(x) multipart/mixed; boundary=foo", "foo"),
    ("twice-first", "multipart/mixed; boundary=foo; boundary=bar", "foo"),
    ("twice-last", "multipart/mixed; boundary=bar; boundary=foo", "foo"),
    ("in-other-value", "multipart/mixed; x=\"; boundary=bar\"; boundary=foo", "foo"),
    ("in-other-value-wins", "multipart/mixed; x=\"; boundary=bar\"; boundary=foo", "bar"),
    ("2231", "multipart/mixed; boundary*=us-ascii''foo", "foo"),
    ("2231-percent", "multipart/mixed; boundary*=us-ascii''f%6F%6f", "foo"),
    ("2231-pieces", "multipart/mixed; boundary*0=fo; boundary*1=o", "foo"),
    ("2231-pieces-swapped", "multipart/mixed; boundary*1=o; boundary*0=fo", "foo"),
    ("2231-pieces-coded", "multipart/mixed; boundary*0*=us-ascii''f%6f; boundary*1=o", "foo"),
    ("2231-and-plain", "multipart/mixed; boundary=bar; boundary*=us-ascii''foo", "foo"),
    ("2231-and-plain-wins", "multipart/mixed; boundary=bar; boundary*=us-ascii''foo", "bar"),
    ("2231-pieces-and-plain", "multipart/mixed; boundary=bar; boundary*0=f; boundary*1=oo", "foo"),
    ("2231-first-missing", "multipart/mixed; boundary*1=foo", "foo"),
    ("encoded-word", "multipart/mixed; boundary=\"=?us-ascii?q?foo?=\"", "foo"),
    ("encoded-word-kept", "multipart/mixed; boundary=\"=?us-ascii?q?foo?=\"", "=?us-ascii?q?foo?="),
    ("encoded-type", "=?us-ascii?q?multipart/mixed;_boundary=3Dfoo?=", "foo"),
    ("no-semicolon", "multipart/mixed boundary=foo", "foo"),
    ("comma", "multipart/mixed, boundary=foo", "foo"),
    ("two-semicolons", "multipart/mixed;; boundary=foo", "foo"),
    ("semicolon-kept", "multipart/mixed; boundary=foo;bar", "foo;bar"),
    ("no-subtype", "multipart; boundary=foo", "foo"),
    ("empty-subtype", "multipart/; boundary=foo", "foo"),
    ("own-subtype", "multipart/x-own; boundary=foo", "foo"),
    ("digest", "multipart/digest; boundary=foo", "foo"),
    ("report", "multipart/report; report-type=delivery-status; boundary=foo", "foo"),
    ("appledouble", "multipart/appledouble; boundary=foo", "foo"),
    ("parallel", "multipart/parallel; boundary=foo", "foo"),
    ("alternative", "multipart/alternative; boundary=foo", "foo"),
    ("form-data", "multipart/form-data; boundary=foo", "foo"),
    ("signed", "multipart/signed; protocol=\"application/pgp-signature\"; boundary=foo", "foo"),
    ("encrypted", "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=foo", "foo"),
    ("missing", "multipart/mixed", "foo"),
    ("empty", "multipart/mixed; boundary=\"\"", ""),
    ("empty-open", "multipart/mixed; boundary=", "foo"),
    ("wrong", "multipart/mixed; boundary=bar", "foo"),
    ("case-differs", "multipart/mixed; boundary=FOO", "foo"),
    ("prefix", "multipart/mixed; boundary=foo", "foobar"),
    ("prefix-other", "multipart/mixed; boundary=foobar", "foo"),
    ("very-long", "multipart/mixed; boundary=\"" + "o" * 200 + "\"", "o" * 200),
    ("longer-than-a-line", "multipart/mixed; boundary=\"" + "o" * 1200 + "\"", "o" * 1200),
    ("cut-at-70", "multipart/mixed; boundary=\"" + "o" * 80 + "\"", "o" * 70),
    ("nul-behind", "multipart/mixed; boundary=\"foo\0bar\"", "foo"),
    ("nul-kept", "multipart/mixed; boundary=\"foo\0bar\"", "foo\0bar"),
    ("nul-in-type", "multipart/mi\0xed; boundary=foo", "foo"),
    ("8bit", "multipart/mixed; boundary=\"fo\xe9\"", "fo\xe9"),
    ("8bit-before", "multipart/mixed;\xa0boundary=foo", "foo"),
    ("folded", "multipart/mixed;\r\n boundary=foo", "foo"),
    ("folded-inside", "multipart/mixed; boundary=\"fo\r\n o\"", "foo"),
    ("folded-inside-kept", "multipart/mixed; boundary=\"fo\r\n o\"", "fo o"),
    ("folded-blanks", "multipart/mixed;\r\n \r\n boundary=foo", "foo"),
    ("no-fold", "multipart/mixed;\r\nboundary=foo", "foo"),
    ("cr-fold", "multipart/mixed;\r boundary=foo", "foo"),
    ("only-dashes", "multipart/mixed; boundary=--", "--"),
    ("ends-in-dashes", "multipart/mixed; boundary=foo--", "foo--"),
    ("rubbish", "multipart/mixed; =; boundary=foo; ;=", "foo"),
    ("many-parameters", "multipart/mixed; " + "".join("a%d=b; " % i for i in range(200)) + "boundary=foo", "foo"),
    ("equals-twice", "multipart/mixed; boundary==foo", "foo"),
    ("equals-twice-kept", "multipart/mixed; boundary==foo", "=foo"),
    ("colon", "multipart/mixed; boundary:foo", "foo"),
    ("angle", "multipart/mixed; boundary=<foo>", "foo"),
    ("html-quote", "multipart/mixed; boundary=\xe2\x80\x9cfoo\xe2\x80\x9d", "foo"),
    ("text-type", "text/plain; boundary=foo", "foo"),
    ("octets", "application/octet-stream; boundary=foo", "foo"),
    ("message", "message/rfc822; boundary=foo", "foo"),
]

# How the type field of the message itself stands: {T} is what BOUNDARIES has.
FIELDS = [
    ("plain", "Content-Type: {T}\r\n"),
    ("tight", "Content-Type:{T}\r\n"),
    ("blank-colon", "Content-Type : {T}\r\n"),
    ("tab-colon", "Content-Type\t: {T}\r\n"),
    ("twice-first", "Content-Type: {T}\r\nContent-Type: text/plain\r\n"),
    ("twice-last", "Content-Type: text/plain\r\nContent-Type: {T}\r\n"),
    ("twice-other", "Content-Type: multipart/mixed; boundary=bar\r\nContent-Type: {T}\r\n"),
    ("no-colon-before", "this is no field\r\nContent-Type: {T}\r\n"),
    ("line-of-blanks", "X-A: b\r\n \r\nContent-Type: {T}\r\n"),
    ("blank-before", " Content-Type: {T}\r\n"),
    ("bare-cr", "X-A: b\rContent-Type: {T}\r\n"),
    ("bare-cr-behind", "Content-Type: {T}\rX-A: b\r\n"),
    ("cr-cr-lf", "Content-Type: {T}\r\r\n"),
    ("nul-before", "\0Content-Type: {T}\r\n"),
    ("nul-in-name", "Content-\0Type: {T}\r\n"),
    ("8bit-in-name", "Content-Type\xa0: {T}\r\n"),
    ("underscore", "Content_Type: {T}\r\n"),
    ("from-line", ">From a@b Mon Jan  1 00:00:00 2025\r\nContent-Type: {T}\r\n"),
    ("empty-then", "Content-Type:\r\nContent-Type: {T}\r\n"),
    ("below-blank", "\r\nContent-Type: {T}\r\n"),
    ("missing", ""),
    ("long-before", "X-Long: " + "a" * 20000 + "\r\nContent-Type: {T}\r\n"),
    ("many-before", "".join("X-%d: b\r\n" % i for i in range(400)) + "Content-Type: {T}\r\n"),
    ("c-t-e", "Content-Transfer-Encoding: base64\r\nContent-Type: {T}\r\n"),
    ("c-t-e-quoted", "Content-Type: {T}\r\nContent-Transfer-Encoding: quoted-printable\r\n"),
    ("no-version", "@no-version\r\nContent-Type: {T}\r\n"),
]


# How the lines between the parts stand: (name, function of the parts and the boundary)
def joined(parts, b, before="--%s\r\n", between="\r\n--%s\r\n", end="\r\n--%s--\r\n"):
    return before % b + (between % b).join(parts) + (end % b if "%s" in end else end)


LAYOUTS = [
    ("plain", lambda p, b: joined(p, b)),
    ("blank-behind", lambda p, b: joined(p, b + " ")),
    ("tab-behind", lambda p, b: joined(p, b + "\t")),
    ("blank-before", lambda p, b: joined(p, b, " --%s\r\n", "\r\n --%s\r\n", "\r\n --%s--\r\n")),
    ("blank-after-dashes", lambda p, b: joined(p, b, "-- %s\r\n", "\r\n-- %s\r\n", "\r\n-- %s--\r\n")),
    ("rubbish-behind", lambda p, b: joined(p, b + "xyz")),
    ("no-end", lambda p, b: joined(p, b, end="\r\n")),
    ("behind-end", lambda p, b: joined(p[:1], b) + joined(p[1:], b)),
    ("before-begin", lambda p, b: p[1] + joined(p[:1], b)),
    ("end-first", lambda p, b: "--%s--\r\n" % b + joined(p, b)),
    ("prologue", lambda p, b: "This is a multi-part message in MIME format.\r\n\r\n" + joined(p, b)),
    ("epilogue", lambda p, b: joined(p[:1], b) + "\r\n" + p[1]),
    ("epilogue-body", lambda p, b: joined(p[:1], b) + "\r\n" + p[1].partition("\r\n\r\n")[2]),
    ("prologue-body", lambda p, b: p[1].partition("\r\n\r\n")[2] + joined(p[:1], b)),
    ("lf-only", lambda p, b: joined(p, b).replace("\r\n", "\n")),
    ("cr-only", lambda p, b: joined(p, b).replace("\r\n", "\r")),
    ("cr-between", lambda p, b: joined(p, b, between="\r--%s\r", end="\r--%s--\r")),
    ("no-line-before", lambda p, b: joined(p, b, between="--%s\r\n", end="--%s--\r\n")),
    ("three-dashes", lambda p, b: joined(p, "-" + b)),
    ("one-dash", lambda p, b: joined(p, b, "-%s\r\n", "\r\n-%s\r\n", "\r\n-%s--\r\n")),
    ("end-lacks-dash", lambda p, b: joined(p, b, end="\r\n--%s-\r\n")),
    ("nul-behind", lambda p, b: joined(p, b + "\0")),
    ("no-blank-line", lambda p, b: joined([x.replace("\r\n\r\n", "\r\n", 1) for x in p], b)),
    ("blanks-for-blank-line", lambda p, b: joined([x.replace("\r\n\r\n", "\r\n \r\n", 1) for x in p], b)),
    ("cr-for-blank-line", lambda p, b: joined([x.replace("\r\n\r\n", "\r\n\r\r\n", 1) for x in p], b)),
    ("blank-line-first", lambda p, b: joined(["\r\n" + x for x in p], b)),
    ("blanks-first", lambda p, b: joined([" \r\n" + x for x in p], b)),
    ("nested-same", lambda p, b: joined([p[0], "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n" % b + joined(p[1:], b)], b)),
    ("nested-prefix", lambda p, b: joined([p[0], "Content-Type: multipart/mixed; boundary=\"%sx\"\r\n\r\n" % b +
                                           joined(p[1:], b + "x")], b)),
    ("nested-shorter", lambda p, b: joined([p[0], "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n" % b[:-1] +
                                            joined(p[1:], b[:-1])], b)),
    ("outer-ends", lambda p, b: "--%s\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n%s\r\n--%s--\r\n--in\r\n%s\r\n--in--\r\n" %
     (b, p[0], b, p[1])),
]


def part(head, fields, body, name=None):
    disposition = "Content-Disposition: attachment; filename=\"%s\"\r\n" % name if name else ""
    return head + disposition + fields + "\r\n" + body


def fill(template, coding):
    return (template.replace("{C}", coding).replace("{U}", coding.upper()).replace("{H}", coding[:3])
            .replace("{T}", coding[3:]).replace("{O}", "quoted-printable" if coding == "base64" else "base64"))


def single(name, kind, fields, body, type_="text/plain; charset=us-ascii"):
    yield "%s/%s/body" % (kind, name), kind, TOP + "Content-Type: %s\r\n" % type_ + fields + "\r\n" + body
    two = [part("Content-Type: text/plain\r\n", "", PLAIN),
           part("Content-Type: %s\r\n" % type_, fields, body, "n.txt")]
    yield "%s/%s/part" % (kind, name), kind, (TOP + "Content-Type: multipart/mixed; boundary=\"=_x1\"\r\n\r\n" +
                                               joined(two, "=_x1"))


def coded():
    for (cn, c), (coding, contents) in itertools.product(
            CODINGS, (("base64", BASE64), ("quoted-printable", QUOTED))):
        for bn, b in contents:
            # nobody decodes with less than a hint of a label what is not plainly coded
            if bn in SMALL_FLAWS and cn in ("missing", "says-7bit", "says-8bit", "says-binary", "empty", "other-field", "says-other",
                                             "says-uuencode"):
                continue
            if bn != "plain" and cn not in ("plain", "missing", "says-7bit", "twice-first", "unknown") and (
                    bn not in PAIRED):
                continue
            yield from single("%s+%s+%s" % (coding, cn, bn), "coding", fill(c, coding), b(TEXT))


def zipped():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("a.txt", (2025, 9, 1, 8, 0, 0)), TEXT)
    text = packed.getvalue()
    for cn, c in CODINGS:
        for bn, b in BASE64:
            if cn in ("says-other", "says-uuencode") or bn in SMALL_FLAWS + ("long-line", "far-behind", "utf-16", "url-alphabet"):
                continue
            if bn != "plain" and cn not in ("plain", "twice-last"):
                continue
            if bn in ("padded-pieces", "padded-one-line"):
                body = "".join(b64(text[i:i + 10]) + "\r\n" for i in range(0, len(text), 10))
            else:
                body = b(text)
            yield from single("zip+%s+%s" % (cn, bn), "packed", fill(c, "base64"), body, "application/octet-stream")


def structured():
    coded_part = [("base64", lines(b64(TEXT))), ("quoted-printable", qp(TEXT))]
    for coding, body in coded_part:
        for attached in (None, "n.txt"):
            two = [part("Content-Type: text/plain\r\n", "", PLAIN),
                   part("Content-Type: text/plain\r\n", "Content-Transfer-Encoding: %s\r\n" % coding, body, attached)]
            for (fn, f), (tn, t, b), (ln, layout) in itertools.product(FIELDS, BOUNDARIES, LAYOUTS):
                # each alone, and in pairs with what is most telling
                odd = (fn != "plain") + (tn != "plain") + (ln != "plain")
                if odd > 1 and not (odd == 2 and attached and coding == "base64" and (
                        tn in ("missing", "2231-pieces", "twice-last", "plain") or
                        fn in ("twice-last", "blank-colon"))):
                    continue
                if b == "" and ln == "nested-shorter":
                    continue
                yield ("structure/%s+%s+%s+%s+%s" % (fn, tn, ln, coding, "file" if attached else "body"),
                       "structure", with_field(f.replace("{T}", t)) + "\r\n" + layout(two, b))


def with_field(field):
    top = TOP
    if "@no-version\r\n" in field:
        field, top = field.replace("@no-version\r\n", ""), top.replace("MIME-Version: 1.0\r\n", "")
    return top + field


def embedded():
    ways = [("uu", uu(TEXT)), ("uu-mode-4", uu(TEXT, head="begin 0644 ")), ("uu-blanks", uu(TEXT).replace("`", " ")),
            ("uu-stripped", "\r\n".join(l.rstrip() for l in uu(TEXT).replace("`", " ").split("\r\n"))),
            ("uu-no-end", uu(TEXT).replace("end\r\n", "")), ("uu-no-name", uu(TEXT, "")),
            ("uu-capitals", uu(TEXT, head="BEGIN 644 ")), ("uu-blank-line", uu(TEXT).replace("n.txt\r\n", "n.txt\r\n\r\n")),
            ("uu-behind-words", PLAIN + "\r\n" + uu(TEXT)), ("uu-in-words", PLAIN + uu(TEXT) + PLAIN),
            ("uu-lf", uu(TEXT).replace("\r\n", "\n")), ("uu-two", uu("other", "o.txt") + uu(TEXT)),
            ("uu-base64", "begin-base64 644 n.txt\r\n" + lines(b64(TEXT)) + "====\r\n"),
            ("uu-base64-words", PLAIN + "begin-base64 644 n.txt\r\n" + lines(b64(TEXT), 60) + "====\r\n"),
            ("yenc", yenc(TEXT)), ("yenc-behind-words", PLAIN + yenc(TEXT)),
            ("yenc-part", yenc(TEXT).replace("line=", "part=1 line=", 1).replace(
                ".txt\r\n", ".txt\r\n=ypart begin=1 end=%d\r\n" % len(TEXT), 1)),
            ("yenc-no-end", yenc(TEXT).partition("=yend")[0]),
            ("base64-words", PLAIN + "\r\n" + lines(b64(TEXT)) + "\r\n" + PLAIN),
            ("quoted-words", PLAIN + "\r\n" + qp(TEXT) + "\r\n" + PLAIN),
            ("data-uri", PLAIN + "<a href=\"data:text/plain;base64,%s\">x</a>\r\n" % b64(TEXT))]
    gz = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = (gz.compress(TEXT.encode()) + gz.flush()).decode("latin-1")
    ways += [("gzip-binary", packed), ("gzip-behind-words", PLAIN + packed)]
    for name, body in ways:
        kind = "packed" if "gzip" in name else "embedded"
        for tn, t in (("plain", "text/plain"), ("html", "text/html"), ("octets", "application/octet-stream"),
                      ("none", None)):
            if name == "data-uri" and tn != "html":
                continue
            if tn == "none":
                yield "%s/%s/no-type" % (kind, name), kind, TOP + "\r\n" + body
            else:
                yield from single("%s+%s" % (name, tn), kind, "", body, t)
        if "gzip" in name or "yenc" in name or name.endswith("-words") and "uu" not in name:
            continue
        t_in = "text/html" if name == "data-uri" else "text/plain"
        yield from single("%s+in-base64" % name, "embedded", "Content-Transfer-Encoding: base64\r\n", lines(b64(body)), t_in)
        yield from single("%s+in-quoted" % name, "embedded", "Content-Transfer-Encoding: quoted-printable\r\n", qp(body), t_in)


def whole():
    """What is odd about the mail as a whole, or about its labels."""
    inner = TOP + "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines(b64(TEXT))
    b = "Content-Transfer-Encoding: base64\r\n"
    text = lines(b64(TEXT))
    html = "<html><body><p>the word is SCHOOL<b></b>GATE&#45;MARK<!-- x -->ER-7F3A</p></body></html>"
    yield "lines/lf", "lines", inner.replace("\r\n", "\n")
    yield "lines/cr", "lines", inner.replace("\r\n", "\r")
    yield "lines/cr-cr-lf", "lines", inner.replace("\r\n", "\r\r\n")
    yield "lines/lf-cr", "lines", inner.replace("\r\n", "\n\r")
    yield "lines/header-cr-body-crlf", "lines", inner.partition("\r\n\r\n")[0].replace("\r\n", "\r") + "\r\r" + text
    yield "lines/mbox", "lines", "From ann@x.example Mon Sep 15 09:00:00 2025\r\n" + inner
    yield "lines/mbox-quoted", "lines", ">From ann@x.example Mon Sep 15 09:00:00 2025\r\n" + inner
    yield "lines/mbox-two", "lines", ("From a Mon Sep 15 09:00:00 2025\r\n" + TOP + "\r\nhi\r\n\r\nFrom ann@x.example Mon "
                                     "Sep 15 09:00:00 2025\r\n" + inner)
    yield "lines/blank-first", "lines", "\r\n" + inner
    yield "lines/blanks-first", "lines", " \r\n" + inner
    yield "lines/fold-first", "lines", " x\r\n" + inner
    yield "lines/nul-first", "lines", "\0" + inner
    yield "lines/bom-first", "lines", "\xef\xbb\xbf" + inner
    yield "lines/no-header", "lines", "\r\n" + text
    yield "lines/only-body", "lines", text
    yield "lines/no-colon-first", "lines", "no field\r\n" + inner
    yield "lines/several-from", "lines", "From: Other <o@x.example>\r\n" + inner
    yield "lines/nul-in-body", "lines", TOP + "Content-Type: text/plain\r\n\r\nhi\0\r\n" + text
    yield "lines/dot-only", "lines", TOP + "Content-Type: text/plain\r\n\r\nhi\r\n.\r\n" + inner
    yield "lines/dot-lf", "lines", TOP + "\r\nhi\n.\n" + inner
    for cn, c in (("base64", text), ("quoted-printable", qp(TEXT))):
        for tn, t in (("html", "text/html"), ("image", "image/png"), ("audio", "audio/mpeg"), ("pdf", "application/pdf"),
                      ("own", "x-own/x-own"), ("broken", "text"), ("no-type", ""), ("slash", "/"), ("octets", "application/octet-stream"),
                      ("zip", "application/zip; name=a.zip"), ("rfc822", "message/rfc822"), ("delivery", "message/delivery-status"),
                      ("headers", "text/rfc822-headers"), ("richtext", "text/richtext"), ("enriched", "text/enriched"), ("calendar", "text/calendar"),
                      ("css", "text/css"), ("javascript", "application/javascript"), ("tnef", "application/ms-tnef"),
                      ("partial", "message/partial; id=a; number=1; total=2"),
                      ("external", "message/external-body; access-type=url; URL=\"http://x/\""),
                      ("multipart", "multipart/mixed; boundary=foo"), ("charset", "text/plain; charset=x-own"),
                      ("charset-wrong", "text/plain; charset=utf-16"), ("charset-7", "text/plain; charset=utf-7"),
                      ("charset-ebcdic", "text/plain; charset=cp037"), ("charset-two", "text/plain; charset=utf-8; charset=utf-16")):
            yield from single("%s+%s" % (cn, tn), "label", "Content-Transfer-Encoding: %s\r\n" % cn, c, t)
    for tn, t in (("html", "text/html"), ("plain", "text/plain"), ("octets", "application/octet-stream"), ("image", "image/gif"),
                  ("own", "x/y"), ("xhtml", "application/xhtml+xml"), ("xml", "text/xml"), ("no-type", "")):
        for cn, c in (("plain", html), ("doctype", "<!DOCTYPE html>\r\n" + html), ("late", PLAIN + html), ("blank", "\r\n\r\n  " + html),
                      ("fragment", html[12:-14]), ("upper", html.upper().replace("&#45;", "&#x2d;"))):
            yield from single("html+%s+%s" % (tn, cn), "label", "", c, t)
            yield from single("html64+%s+%s" % (tn, cn), "label", b, lines(b64(c)), t)
    message = [("base64", b, lines(b64(inner))), ("quoted", "Content-Transfer-Encoding: quoted-printable\r\n", qp(inner)), ("plain", "", inner),
               ("mbox", "", "From a Mon Sep 15 09:00:00 2025\r\n" + inner), ("blank", "", "\r\n" + inner)]
    for mn, f, c in message:
        for tn, t in (("rfc822", "message/rfc822"), ("global", "message/global"), ("octets", "application/octet-stream"), ("text", "text/plain"),
                      ("news", "message/news"), ("digest", "")):
            yield from single("mail+%s+%s" % (mn, tn), "label", f, c, t)
    for sub in ("digest", "appledouble", "related", "alternative", "report"):
        for k in (1, 2):
            items = [part("", "", PLAIN), part("", "", inner)][:k] if sub == "digest" else [
                part("Content-Type: application/applefile\r\n", b, "AAUWBwACAAA=\r\n"), part("Content-Type: text/plain\r\n", b, text)]
            if sub == "digest" and k == 1:
                items = [part("", "", inner)]
            yield "label/multipart-%s-%d" % (sub, k), "label", TOP + "Content-Type: multipart/%s; boundary=foo\r\n\r\n" % sub + joined(items, "foo")
    utf7 = "the word is +AFMAQwBIAE8ATwBMAEcAQQBUAEUALQBNAEEAUgBLAEUAUgAtADcARgAzAEE-\r\n"
    yield from single("utf-7", "charset", "", utf7, "text/plain; charset=utf-7")
    for enc in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037", "utf-8-sig"):
        raw = TEXT.encode(enc)
        label = enc.replace("-sig", "")
        for ln, l in (("right", label), ("none", None), ("wrong", "us-ascii"), ("unknown", "x-own")):
            if enc == "cp037" and ln != "right":
                continue
            yield from single("%s+%s" % (enc, ln), "charset", b, lines(b64(raw)), "text/plain" + ("; charset=" + l if l else ""))
    for name, enc in (("iso-2022-jp", "iso-2022-jp"), ("hz", "hz"), ("gb18030", "gb18030"), ("shift_jis", "shift_jis"), ("big5", "big5")):
        yield from single(name, "charset", b, lines(b64(("\u4e2d" + TEXT).encode(enc))), "text/plain; charset=" + name)


def names():
    """The word as a file's name or a subject."""
    word = WORD
    two = "SCHOOLGATE-", "MARKER-7F3A"
    rows = [("plain-q", "filename=\"=?utf-8?q?%s?=\"" % "".join("=%02X" % ord(c) for c in word)),
            ("bare-b", "filename==?utf-8?b?%s?=" % b64(word)),
            ("two-words", "filename=\"=?utf-8?b?%s?= =?utf-8?b?%s?=\"" % (b64(two[0]), b64(two[1]))),
            ("two-words-fold", "filename=\"=?utf-8?b?%s?=\r\n =?utf-8?b?%s?=\"" % (b64(two[0]), b64(two[1]))),
            ("2231", "filename*=utf-8''%s" % "".join("%%%02X" % ord(c) for c in word)),
            ("2231-small", "filename*=UTF-8'en'%s" % "".join("%%%02x" % ord(c) for c in word)),
            ("2231-pieces", "filename*0=\"SCHOOLGATE-\"; filename*1=\"MARKER-7F3A\""),
            ("2231-pieces-coded", "filename*0*=utf-8''%53CHOOLGATE-; filename*1*=%4DARKER-7F3A"),
            ("2231-mixed", "filename*0*=utf-8''%53CHOOLGATE-; filename*1=\"MARKER-7F3A\""),
            ("2231-swapped", "filename*1=\"MARKER-7F3A\"; filename*0=\"SCHOOLGATE-\""),
            ("2231-padded", "filename*00=\"SCHOOLGATE-\"; filename*01=\"MARKER-7F3A\""),
            ("2231-no-charset", "filename*=%53CHOOLGATE-MARKER-7F3A"),
            ("2231-beside", "filename=\"x.txt\"; filename*=utf-8''%53CHOOLGATE-MARKER-7F3A"),
            ("beside-2231", "filename*=utf-8''x.txt; filename=\"=?utf-8?b?%s?=\"" % b64(word)),
            ("twice", "filename=\"x.txt\"; filename=\"=?utf-8?b?%s?=\"" % b64(word)),
            ("2231-in-word", "filename*0=\"=?utf-8?b?%s\"; filename*1=\"%s?=\"" % (b64(word)[:12], b64(word)[12:])),
            ("escape", "filename=\"SCHOOL\\GATE-MARKER\\-7F3A\""),
            ("percent", "filename=\"%53CHOOLGATE-MARKER-7F3A\""),
            ("utf-16", "filename=\"=?utf-16?b?%s?=\"" % b64(word.encode("utf-16")))]
    for n, f in rows:
        head = part("Content-Type: application/octet-stream\r\nContent-Disposition: attachment; " + f + "\r\n", "", "x")
        yield "name/" + n, "name", TOP + "Content-Type: multipart/mixed; boundary=foo\r\n\r\n" + joined(
            [part("Content-Type: text/plain\r\n", "", PLAIN), head], "foo")
        head = part("Content-Type: application/octet-stream; " + f.replace("filename", "name") + "\r\n", "", "x")
        yield "name/type-" + n, "name", TOP + "Content-Type: multipart/mixed; boundary=foo\r\n\r\n" + joined(
            [part("Content-Type: text/plain\r\n", "", PLAIN), head], "foo")
    subjects = [("q", "=?utf-8?q?%s?=" % "".join("=%02x" % ord(c) for c in word)), ("b", "=?UTF-8?B?%s?=" % b64(word)),
                ("no-pad", "=?utf-8?b?%s?=" % b64(word).rstrip("=")), ("two", "=?utf-8?b?%s?=\r\n =?utf-8?b?%s?=" % (b64(two[0]), b64(two[1]))),
                ("in-quotes", "\"=?utf-8?b?%s?=\"" % b64(word)), ("no-blank", "x=?utf-8?b?%s?=y" % b64(word)),
                ("language", "=?utf-8*en?b?%s?=" % b64(word)), ("charset", "=?x-own?b?%s?=" % b64(word)),
                ("blank-in-q", "=?utf-8?q?the word is %s?=" % "".join("=%02X" % ord(c) for c in word)),
                ("long", "=?utf-8?b?%s?=" % b64("x " * 300 + word)), ("folded-in", "=?utf-8?b?%s\r\n %s?=" % (b64(word)[:12], b64(word)[12:]))]
    for n, s in subjects:
        yield "name/subject-" + n, "name", TOP.replace("Subject: trip", "Subject: " + s) + "\r\n" + PLAIN
        yield "name/second-subject-" + n, "name", TOP + "Subject: " + s + "\r\n\r\n" + PLAIN
        yield "name/from-" + n, "name", TOP.replace("Ann Example", s) + "\r\n" + PLAIN


def honest():
    """What mail programs send, and what people write."""
    def mail(name, fields, body):
        return "honest/" + name, "honest", TOP + fields + "\r\n" + body

    def multi(name, parts, sub="mixed", b="----=_Part_1_2.3", before="", behind="", more=""):
        return mail(name, "Content-Type: multipart/%s; boundary=\"%s\"%s\r\n" % (sub, b, more), before + joined(parts, b) + behind)

    plain = part("Content-Type: text/plain; charset=\"utf-8\"\r\n", "Content-Transfer-Encoding: 7bit\r\n", PLAIN)
    html_body = ("<html><body bgcolor=FFFFFF><table width=100 border=0 cellpadding=20><tr><td><a href=\"http://x.example/?id=4512&t=41&u=ab\">"
                 "go</a><img src=\"cid:a@b\"></table></body></html>\r\n")
    html = part("Content-Type: text/html; charset=utf-8\r\n", "", html_body)
    image = part("Content-Type: image/png; name=\"a.png\"\r\n", "Content-ID: <a@b>\r\nContent-Transfer-Encoding: base64\r\n",
                 lines(b64(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 12)), "a.png")
    pgp = ("-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nhello\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\n" +
           lines(b64(bytes((i * 71) & 255 for i in range(400))), 64) + "=Kx3f\r\n-----END PGP SIGNATURE-----\r\n")
    yield mail("plain", "", PLAIN)
    yield mail("plain-8bit", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", "caf\xc3\xa9\r\n")
    yield mail("base64", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n", lines(b64(PLAIN * 5)))
    yield mail("quoted", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n", qp(PLAIN))
    yield mail("html-7bit", "Content-Type: text/html\r\n", html_body)
    yield mail("html-quoted", "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n",
               quopri.encodestring(html_body.encode()).decode().replace("\n", "\r\n"))
    yield mail("pgp", "", pgp)
    yield mail("signature", "", PLAIN + "-- \r\nAnn\r\n--\r\n----------\r\n-- x --\r\n")
    yield mail("words-begin", "", "begin with this\r\nbegin 644 times again\r\nbegin here\r\nend\r\n")
    yield mail("arithmetic", "", "a=20, b=41; x = y == z\r\nlen=\r\n3 = 2+1\r\nhttp://x.example/?q=41&r=c3%20d\r\n")
    yield mail("token", "", "Open http://x.example/t/" + b64("a secret of the site, " * 6) + "\r\nthen go on\r\n")
    yield mail("hashes", "", "".join("%064x  file%d\r\n" % (i * 0x9e3779b97f4a7c15, i) for i in range(40)))
    yield mail("key", "", "-----BEGIN CERTIFICATE-----\r\n" + lines(b64(b"\x30\x82" + bytes((i * 37) & 255 for i in range(900))), 64) + "-----END CERTIFICATE-----\r\n")
    yield mail("patch", "", "---\r\n a.c | 2 +-\r\ndiff --git a/a.c b/a.c\r\n--- a/a.c\r\n+++ b/a.c\r\n@@ -1 +1 @@\r\n-int a=10;\r\n+int a=20;\r\n-- \r\n2.30.2\r\n")
    yield mail("unix-from", "", "From here on it is fine.\r\n>From there too.\r\n")
    yield mail("long-lines", "", "word " * 3000 + "\r\n")
    yield mail("no-body", "", "")
    yield mail("base64-trailing", "Content-Transfer-Encoding: base64\r\n", lines(b64(PLAIN)) + "\r\n\r\n")
    yield mail("list-footer", "Content-Transfer-Encoding: base64\r\n", lines(b64(PLAIN)) + "\r\n_______________\r\nlist mailing list\r\n")
    yield mail("twice-same", "Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: 7bit\r\n", PLAIN)
    yield mail("odd-codings", "Content-Transfer-Encoding: 7BIT\r\n", PLAIN)
    yield mail("semicolon-end", "Content-Type: text/plain; charset=us-ascii;\r\n", PLAIN)
    yield mail("charset-wrong", "Content-Type: text/plain; charset=us-ascii\r\n", "caf\xe9\r\n")
    yield mail("subject-8bit", "Comments: caf\xe9 \xa3\r\n", PLAIN)
    yield mail("dkim", "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n bh=" + b64(b"x" * 32) + ";\r\n b=" + "\r\n ".join(
        b64(bytes((i * 91) & 255 for i in range(256)))[i:i + 70] for i in range(0, 344, 70)) + "\r\n", PLAIN)
    yield "honest/mbox", "honest", "From ann@x.example Mon Sep 15 09:00:00 2025\r\n" + TOP + "\r\n" + PLAIN
    yield "honest/lf", "honest", (TOP + "\r\n" + PLAIN).replace("\r\n", "\n")
    yield "honest/lf-multi", "honest", multi("x", [plain, html], "alternative")[2].replace("\r\n", "\n")
    yield multi("alternative", [plain, html], "alternative")
    yield multi("prologue", [plain, html], "alternative", before="This is a multi-part message in MIME format.\r\n")
    yield multi("epilogue", [plain, image], behind="\r\n\r\n_______________\r\nlist mailing list\r\nhttp://x.example/\r\n")
    yield multi("no-end", [plain, image])[:2] + (multi("x", [plain, image])[2].replace("--\r\n", "\r\n"),)
    yield multi("image", [plain, image])
    yield multi("image-base64-blank", [plain, image + "\r\n\r\n"])
    yield multi("related", [html, image], "related", more="; type=\"text/html\"")
    yield multi("signed", [plain, part("Content-Type: application/pgp-signature; name=\"signature.asc\"\r\n", "", pgp.partition("hello\r\n")[2])], "signed",
                more="; micalg=pgp-sha256; protocol=\"application/pgp-signature\"")
    inner = TOP + "Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n" + joined([plain, html], "inner")
    yield multi("nested", [part("Content-Type: multipart/alternative; boundary=\"----=_Part_1_2.3_alt\"\r\n", "", joined([plain, html], "----=_Part_1_2.3_alt")), image])
    yield multi("forwarded", [plain, part("Content-Type: message/rfc822\r\n", "", inner)])
    yield multi("digest", [part("", "", inner), part("", "", TOP + "\r\n" + PLAIN)], "digest")
    yield multi("bounce", [plain, part("Content-Type: message/delivery-status\r\n", "", "Reporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; b@y.example\r\nAction: failed\r\n"),
                           part("Content-Type: text/rfc822-headers\r\n", "", TOP)], "report", more="; report-type=delivery-status")
    cut = TOP + "Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\nThis is a multi-part message in MIME format.\r\n"
    yield multi("bounce-cut", [plain, part("Content-Type: message/delivery-status\r\n", "", "Reporting-MTA: dns; x.example\r\n"),
                               part("Content-Type: message/rfc822\r\n", "", cut)], "report", more="; report-type=delivery-status")
    yield multi("bounce-header", [plain, part("Content-Type: message/rfc822\r\n", "", cut.partition("\r\n\r\n")[0] + "\r\n\r\n")], "report")
    yield multi("calendar", [plain, part("Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n", "Content-Transfer-Encoding: base64\r\n",
                                         lines(b64("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:trip\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")))], "alternative")
    yield multi("name-2231", [plain, part("Content-Type: text/plain\r\nContent-Disposition: attachment; filename*0*=utf-8''caf%C3%A9; filename*1=\".txt\"\r\n", "", PLAIN)])
    yield multi("name-2047", [plain, part("Content-Type: text/plain; name=\"=?utf-8?q?caf=C3=A9.txt?=\"\r\n", "", PLAIN)])
    yield multi("empty-part", [plain, part("Content-Type: text/plain\r\n", "", "")])
    yield multi("bare-part", ["\r\n" + PLAIN, html])
    yield mail("bounce-in-text", "", "Your mail could not be delivered.\r\n\r\n------ a copy of it ------\r\n\r\n" + inner)
    yield mail("reply", "", PLAIN + "\r\nOn Monday Ann wrote:\r\n" + "".join("> " + l + "\r\n" for l in inner.split("\r\n")))


def mails():
    seen = set()
    for name, kind, text in itertools.chain(coded(), zipped(), structured(), embedded(), whole(), names(), honest()):
        data = text if isinstance(text, bytes) else text.encode("latin-1")
        if WORD.encode() in data and not name.startswith("name/"):
            raise ValueError(name + ": the word stands in the clear")
        if name in seen:
            raise ValueError(name + " twice")
        seen.add(name)
        yield name, kind, data
