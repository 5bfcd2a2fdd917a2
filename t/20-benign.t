#!/usr/bin/python3
# Texts that people have sent, in the mails that ordinary programs make of them.
# fails-if: more than 1 mail in 1,000 is called malformed or ambiguous, or one is not fully
#           scanned; or the second reading adds a text to more than 1 in 20 of them, or a part
#           to more than 1 in 200
import base64, glob, html, json, os, quopri, subprocess, sys, tempfile

top = os.environ.get("top_srcdir", ".")
build = os.environ.get("top_builddir", ".")
dump = os.path.join(build, "t/lib/walkdump")
sets = sorted(glob.glob(os.path.join(top, "../shared/corpora/benign/*.jsonl")))
if not sets:
    print("1..0 # SKIP the collections of texts are not beside this tree")
    sys.exit(0)
TOP = ("Received: from mx.x.example (mx.x.example [192.0.2.1])\r\n\tby mail.y.example with ESMTP id 4Xk2\r\n"
       "DKIM-Signature: v=1; a=rsa-sha256; d=x.example; h=From:To:Content-Type:\r\n Content-Transfer-Encoding; bh=" +
       base64.b64encode(b"0123456789abcdef" * 2).decode() + "=;\r\n b=" + base64.b64encode(bytes(range(180))).decode() +
       "\r\nFrom: Ann Example <ann@x.example>\r\nTo: bob@y.example\r\nDate: Mon, 15 Sep 2025 09:00:00 +0100\r\n"
       "Message-ID: <1@x.example>\r\nMIME-Version: 1.0\r\nSubject: %s\r\n")


def crlf(text):
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def page(text):
    return ("<html><head><style>p { color: #202020 }</style></head><body bgcolor=FFFFFF><p>" +
            html.escape(text).replace("\n", "<br>\r\n") + "</p><a href=\"http://x.example/?id=4512&u=41\">more</a></body></html>")


def eight(text):
    return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + crlf(text)


def coded(text):
    return ("Content-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
            crlf(base64.encodebytes(text.encode()).decode()))


def quoted(text):
    return ("Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
            crlf(quopri.encodestring(text.encode()).decode()))


def old(text):
    return "\r\n" + crlf(text)


def markup(text):
    return "Content-Type: text/html; charset=utf-8\r\n\r\n" + crlf(page(text))


def both(text):
    return ("Content-Type: multipart/alternative;\r\n boundary=\"----=_NextPart_000_0001\"\r\n\r\nThis is a multi-part message in MIME format.\r\n\r\n"
            "------=_NextPart_000_0001\r\n" + quoted(text) + "\r\n------=_NextPart_000_0001\r\n" + markup(text) +
            "\r\n------=_NextPart_000_0001--\r\n\r\n_______________\r\nlist mailing list\r\nhttp://x.example/list\r\n")


def forwarded(text):
    return ("Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--outer\r\n"
            "Content-Type: message/rfc822\r\n\r\n" + TOP % "inner" + both(text) + "\r\n--outer--\r\n")


WAYS = (eight, coded, quoted, old, markup, both, forwarded)
flagged, partly, texts, parts, total, lost = [], [], 0, 0, 0, 0
with tempfile.TemporaryDirectory() as folder:
    files = []
    for path in sets:
        for i, line in enumerate(open(path, encoding="utf-8")):
            row = json.loads(line)
            first, _, rest = row["text"].partition("\n")
            way = WAYS[i % len(WAYS)]
            name = os.path.join(folder, "%s.%s.eml" % (row["id"].replace("/", "_"), way.__name__))
            with open(name, "wb") as f:
                f.write((TOP % "note" + way(row["text"] if rest else first)).encode())
            files.append(name)
    for at in range(0, len(files), 400):
        p = subprocess.run([dump, *files[at:at + 400]], capture_output=True, timeout=300)
        answers = [json.loads(line) for line in p.stdout.split(b"\n")[:-1]]
        lost += len(files[at:at + 400]) - len(answers)
        for a in answers:
            total += 1
            flagged += [a["file"] + ": " + a["flags"]] if "malformed" in a["flags"] or "ambiguous" in a["flags"] else []
            partly += [a["file"]] if "not-fully" in a["flags"] else []
            parts += any("swept" in p["notes"] for p in a["reading"]["parts"])
            # the multipart's prologue and epilogue are texts of the message too
            texts += sum(t["part"] == "" and t["where"] not in ("subject", "header") for t in a["reading"]["texts"]) > (
                2 if ".both." in a["file"] or ".forwarded." in a["file"] else 0)
print("1..4")
for line in flagged + partly:
    print("#", line)
print("%s 1 - malformed or ambiguous: %d of %d" % ("ok" if len(flagged) * 1000 <= total else "not ok", len(flagged), total))
print("%s 2 - all are read to the end" % ("not ok" if partly or lost else "ok"))
print("%s 3 - with a text of the second reading: %d of %d" % ("ok" if texts * 20 <= total else "not ok", texts, total))
print("%s 4 - with a part of the second reading: %d of %d" % ("ok" if parts * 200 <= total else "not ok", parts, total))
