"""Mails into which the school's text must go, or must not: every shape with every charset.

cases() gives (name, bytes, want): "add"; "unchanged"; "any": either, but whole.  The same
every time, so that a name in a test's output is enough to see the mail again.
"""
import base64
import quopri

HEAD = (b"From: office@school.example\r\nTo: parent@far.example\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n"
        b"Date: Mon, 02 Sep 2024 09:00:00 +0100\r\nMessage-ID: <f@school.example>\r\n"
        b"X-Folded: one\r\n\ttwo; boundary=\"=_x\"\r\n")
LATIN = "Dear parent,\r\n\r\nThe trip costs little \u2013 see the website.\r\n\r\n-- \r\nMr Finch\r\n"
WORDS = {
    "us-ascii": "Dear parent,\r\n\r\nThe trip costs nothing.\r\n\r\n-- \r\nMr Finch\r\n",
    "utf-8": "Dear parent,\r\n\r\nThe trip costs \u00a35 \u2013 \u4f60\u597d \U0001f600.\r\n",
    "iso-8859-1": "Caf\u00e9 \u00a35\r\n", "iso-8859-2": "\u0141\u00f3d\u017a\r\n",
    "iso-8859-7": "\u039a\u03b1\u03bb\u03b7\r\n", "iso-8859-9": "\u0130yi g\u00fcnler\r\n",
    "iso-8859-15": "Caf\u00e9 5 \u20ac\r\n", "windows-1250": "\u0141\u00f3d\u017a \u2013\r\n",
    "windows-1251": "\u041f\u0440\u0438\u0432\u0435\u0442\r\n", "windows-1252": LATIN,
    "windows-1253": "\u039a\u03b1\u03bb\u03b7\r\n", "windows-1254": "\u0130yi\r\n",
    "windows-1255": "\u05e9\u05dc\u05d5\u05dd\r\n", "windows-1256": "\u0633\u0644\u0627\u0645\r\n",
    "windows-1257": "\u0160iauliai\r\n", "windows-1258": "Vi\u00eat\r\n",
    "koi8-r": "\u041f\u0440\u0438\u0432\u0435\u0442\r\n", "koi8-u": "\u0407\u0436\u0430\r\n",
    "macintosh": "Caf\u00e9\r\n", "ibm850": "Caf\u00e9\r\n", "tis-620": "\u0e2a\u0e27\u0e31\u0e2a\r\n",
    "gb18030": "\u4f60\u597d\uff0c\u5bb6\u957f\u3002\r\n", "gb2312": "\u4f60\u597d\uff0c\u5bb6\u957f\u3002\r\n",
    "gbk": "\u4f60\u597d\u93bb\u3002\r\n", "big5": "\u60a8\u597d\uff0c\u5bb6\u9577\u3002\r\n",
    "shift_jis": "\u4fdd\u8b77\u8005\u306e\u7686\u69d8\u3001\u8868\r\n",
    "iso-2022-jp": "\u4fdd\u8b77\u8005\u306e\u7686\u69d8\r\nhello\r\n\u306f\u3044\r\n",
    "euc-jp": "\u4fdd\u8b77\u8005\u306e\u7686\u69d8\r\n", "euc-kr": "\uc548\ub155\ud558\uc138\uc694\r\n",
    "iso-2022-kr": "\uc548\ub155\r\n", "hz-gb-2312": "\u4f60\u597d\r\n",
    "utf-7": "Caf\u00e9 \u00a35 & <b>\r\n",
}
WIDE = {"utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "utf-32": "utf-32"}
PAGE = "<html><head><title>x</title></head><body><p>The trip costs &pound;5.</p></body></html>"
BAD = b"-----BEGIN PGP "


def b64(data, width=76):
    text = base64.b64encode(data)
    return b"\r\n".join(text[i:i + width] for i in range(0, len(text), width))


def qp(data):
    lines = []
    for line in data.split(b"\r\n"):
        lines.append(quopri.encodestring(line).replace(b"\n", b"\r\n"))
    return b"\r\n".join(lines)


def coded(data, cte):
    return {"base64": b64, "quoted-printable": qp}.get(cte, bytes)(data)


def leaf(data, ctype="text/plain; charset=utf-8", cte="8bit", more=b""):
    if isinstance(data, str):
        data = data.encode()
    head = b"Content-Type: %s\r\n" % ctype.encode() if ctype else b""
    head += b"Content-Transfer-Encoding: %s\r\n" % cte.encode() if cte else b""
    return head + more + b"\r\n" + coded(data, cte)


def multi(kind, *parts, b="=_b", more=""):
    mark = b.encode()
    out = b"Content-Type: multipart/%s; boundary=\"%s\"%s\r\n\r\n" % (kind.encode(), mark, more.encode())
    for p in parts:
        out += b"--" + mark + b"\r\n" + p + b"\r\n"
    return out + b"--" + mark + b"--\r\n"


def mail(entity, head=HEAD, version=True):
    return head + (b"MIME-Version: 1.0\r\n" if version else b"") + entity


TEXT = leaf(WORDS["utf-8"], cte="quoted-printable")
HTML = leaf(PAGE, "text/html; charset=utf-8", "quoted-printable")
PDF = leaf(b"%PDF-1.4 fake\x00\xff" * 9, "application/pdf; name=a.pdf", "base64",
           b"Content-Disposition: attachment; filename=a.pdf\r\n")
PNG = leaf(b"\x89PNG fake", "image/png", "base64", b"Content-ID: <i1>\r\nContent-Disposition: inline\r\n")
INNER = b"Content-Type: message/rfc822\r\n\r\n" + mail(leaf("forwarded words\r\n", cte="7bit"))
SIG = leaf(b"0\x82\x01", "application/pkcs7-signature; name=smime.p7s", "base64",
           b"Content-Disposition: attachment; filename=smime.p7s\r\n")
PGPSIG = leaf("-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----\r\n",
              "application/pgp-signature; name=signature.asc", "7bit")
ICS = ("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nORGANIZER:mailto:a@school.example\r\n"
       "END:VEVENT\r\nEND:VCALENDAR\r\n")


def signed(*parts, b="=_s", protocol="application/pkcs7-signature"):
    return multi("signed", *parts, b=b, more="; protocol=\"%s\"; micalg=sha-256" % protocol)


def texts():
    for label, words in WORDS.items():
        data = words.encode({"windows-1252": "cp1252", "hz-gb-2312": "hz"}.get(label, label))
        seven = all(c < 128 for c in data)
        for cte in ("7bit" if seven else "8bit", "base64", "quoted-printable"):
            ctype = "text/plain; charset=%s" % label
            yield "text-%s-%s" % (label, cte), mail(leaf(data, ctype, cte)), "add"
        if seven or label in ("gb18030", "windows-1251", "iso-8859-1", "euc-kr"):
            page = PAGE.replace("The trip", words.strip().replace("&", "and"))
            page = page.encode({"hz-gb-2312": "hz"}.get(label, label), "xmlcharrefreplace")
            yield "html-charset-%s" % label, mail(leaf(page, "text/html; charset=\"%s\"" % label,
                                                       "quoted-printable")), "add"
    for label, codec in WIDE.items():
        for kind, words in (("plain", LATIN), ("html", PAGE)):
            yield "text-%s-%s" % (label, kind), mail(leaf(words.encode(codec), "text/%s; charset=%s" %
                                                          (kind, label), "base64")), "add"
    yield "text-utf-16-no-mark", mail(leaf(LATIN.encode("utf-16-le"), "text/plain; charset=utf-16", "base64")), "any"
    u = WORDS["utf-8"]
    yield "text-utf-8-bom", mail(leaf("\ufeff" + u)), "add"
    yield "text-no-charset-ascii", mail(leaf(WORDS["us-ascii"], "text/plain", "7bit")), "add"
    yield "text-no-charset-utf-8", mail(leaf(u, "text/plain", "8bit")), "add"
    yield "text-no-charset-latin", mail(leaf("Caf\u00e9\r\n".encode("latin-1"), "text/plain", "8bit")), "any"
    yield "text-no-type", mail(leaf(WORDS["us-ascii"], None, None)), "add"
    yield "text-no-mime", mail(leaf(WORDS["us-ascii"], None, None), version=False), "add"
    yield "text-no-mime-8bit", mail(leaf(u, None, None), version=False), "any"
    yield "text-claims-ascii-is-utf-8", mail(leaf(u, "text/plain; charset=us-ascii", "8bit")), "add"
    yield "text-claims-utf-8-is-latin", mail(leaf("Caf\u00e9\r\n".encode("latin-1"))), "add"
    yield "text-claims-jp-is-utf-8", mail(leaf(u, "text/plain; charset=iso-2022-jp", "8bit")), "any"
    yield "text-claims-gb2312-is-gbk", mail(leaf("\u93bb\u9555\r\n".encode("gbk"), "text/plain; charset=gb2312")), "any"
    yield "text-claims-latin-is-1252", mail(leaf("\u2019\u20ac\r\n".encode("cp1252"), "text/plain; charset=iso-8859-1")), "any"
    yield "text-claims-7bit-is-8", mail(leaf(u, cte="7bit")), "add"
    for label in ("x-foo", "unknown-8bit", "x-user-defined", "utf8", "unicode-1-1-utf-7", "ansi_x3.4-1968",
                  "ks_c_5601-1987", "x-sjis", "cp1252", "latin1", "default", "", "x" * 60):
        yield "text-label-" + label[:20], mail(leaf(WORDS["us-ascii"], "text/plain; charset=\"%s\"" % label, "7bit")), "add"
    for n, h in enumerate((
            "text/plain; charset=\"us-ascii\"; format=flowed", "text/plain;\r\n\tcharset=us-ascii;\r\n format=flowed; delsp=yes",
            "text/plain; format=flowed", "TEXT/PLAIN; CHARSET=US-ASCII", "text/plain; charset = us-ascii",
            "text/plain; charset*=us-ascii'en'us-ascii", "text/plain; charset=us-ascii (Plain text)",
            "text/plain; x=y; charset=us-ascii", "text/plain; charset=us-ascii;", "text/plain;charset=us-ascii ; x=\"a;charset=b\"",
            "text/plain; x=\"charset=\\\"q\\\"\"", "text/plain;", "text/plain; charset=\"us-ascii\" ; name*0=a; name*1=b",
            "text/plain; charset=us-ascii; charset=utf-8", "text/plain; charset", "text/plain; charset=")):
        yield "text-header-%d" % n, mail(leaf("Hello there. \r\nJoined\r\n", h, "7bit")), "any" if n in (5, 12, 13, 14) else "add"
    for c in ("7BIT", " 7bit", "(c) 7bit", "8bit", "binary", "7-bit", "QUOTED-PRINTABLE", "Base64", ""):
        yield "text-cte-" + c.strip().replace(" ", "_"), mail(
            b"Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: " + c.encode() + b"\r\n\r\n" +
            coded(b"Hello\r\n", c.strip().lower())), "any" if "(" in c else "add"
    yield "text-cte-unknown", mail(b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-zip\r\n\r\nUEsDBA\r\n"), "unchanged"
    yield "text-header-first", mail(b"Content-Transfer-Encoding: 7bit\r\nX-A: b\r\nContent-Type: text/plain\r\n\r\nHi\r\n"), "add"


def bodies():
    ascii_ = "text/plain; charset=us-ascii"
    rows = {
        "empty": b"", "one-newline": b"\r\n", "blank-lines": b"\r\n\r\n\r\n", "blanks": b"   \r\n",
        "no-final-newline": b"Hello", "no-final-newline-blank": b"Hello ", "dots": b".\r\n..\r\n.\r\n", "from-lines": b"From me\r\n>From you\r\nFrom\r\n",
        "like-boundaries": b"--\r\n---\r\n--=_b2\r\n--=_bogus--\r\n", "long": b"word " * 190 + b"\r\nend\r\n",
        "998": b"x" * 998 + b"\r\n", "tabs": b"\ta\t\r\n", "lf-only": b"a\nb\nc\n", "crlf-lf": b"a\r\nb\nc\r\n",
        "nul": b"a\x00b\x00 and on\r\nmore\r\n", "controls": b"a\x1b[1m\x07b\x0c\r\n", "signature-only": b"-- \r\n", "header-like": b"From: x\r\nTo: y\r\n\r\nhi\r\n", "ends-from": b"a\r\n.\r\n",
    }
    for n, body in rows.items():
        for cte in ("7bit", "base64", "quoted-printable"):
            yield "body-%s-%s" % (n, cte), mail(leaf(body, ascii_, cte)), "any" if n == "nul" else "add"
            inside = multi("mixed", leaf(body, ascii_, cte), PDF)
            yield "body-%s-%s-mixed" % (n, cte), mail(inside), "any" if n in ("like-boundaries", "nul") and cte == "7bit" else "add"
        want = "any" if n == "nul" else "add"
        yield "body-%s-flowed" % n, mail(leaf(body, ascii_ + "; format=flowed", "7bit")), want
        yield "body-%s-lf" % n, mail(leaf(body, ascii_, "7bit")).replace(b"\r\n", b"\n"), want
    h = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    for n, body in enumerate((b"abc=", b"abc=\r\n", b"abc= \t\r\n", b"abc =", b"a=C3=\r\n=A9=", b"a  \r\n", b"a=20=\r\n", b"=E2=82", b"=zz =\r\n",
                              b"=c3=a9 \t", b"a" * 900, b"=\r\n=\r\n", b"a\r\n=\r\n", b"a=0D=0Ab=0A=\r\n", b"a=0D=0A", b"=20")):
        yield "qp-%d" % n, mail(h + body), "any" if n in (7, 8) else "add"
        yield "qp-mixed-%d" % n, mail(multi("mixed", h + body, PDF)), "any" if n in (7, 8) else "add"
    h = b"Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    data = WORDS["utf-8"].encode() * 9
    for n, body in enumerate((b64(data, 60), b64(data, 1000), b64(data, 5), b64(data).replace(b"\r\n", b"\n"), b64(data) + b"\r\n\r\n\r\n",
                              b"\r\n" + b64(data), b64(data).replace(b"\r\n", b" \r\n"), b64(data) + b"====", b64(data)[:-1], b"!" + b64(data),
                              b64(b"aaaa") + b"\r\n" + b64(data), b64(data) + b"\r\nwords behind\r\n")):
        yield "base64-%d" % n, mail(h % b"plain" + body), "add" if n < 7 else "any"
    yield "base64-empty", mail(h % b"html"), "add"
    yield "part-no-header", mail(multi("mixed", b"\r\nHello\r\n", PDF)), "add"
    yield "part-no-header-empty", mail(multi("mixed", b"\r\n", PDF)), "any"
    yield "part-no-empty-line", mail(multi("mixed", b"Hello there\r\nyou", PDF)), "any"
    yield "part-no-blank-line", mail(multi("mixed", b"Content-Type: text/plain", PDF)), "any"
    yield "mail-no-blank-line", HEAD, "any"
    yield "mail-no-blank-line-base64", mail(b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n"), "any"
    yield "mail-no-blank-line-html", mail(b"Content-Type: text/html\r\n"), "any"
    yield "mail-no-body", HEAD + b"\r\n", "add"
    yield "no-last-boundary", mail(multi("mixed", TEXT, PDF))[:-8], "any"
    yield "text-behind-last-boundary", mail(multi("mixed", TEXT, PDF)) + b"epilogue\r\n", "any"
    yield "text-before-first-boundary", mail(multi("mixed", TEXT).replace(b"\r\n\r\n--=_b", b"\r\n\r\nThis is MIME\r\n--=_b", 1)), "add"


def shapes():
    alt = multi("alternative", TEXT, HTML, b="=_a")
    rel = multi("related", HTML, PNG, b="=_r", more="; type=\"text/html\"")
    smime = leaf(b"0\x82" * 60, "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "base64",
                 b"Content-Disposition: attachment; filename=smime.p7m\r\n")
    opaque = smime.replace(b"enveloped-data", b"signed-data")
    xmime = smime.replace(b"pkcs7-mime", b"x-pkcs7-mime").replace(b"; smime-type=enveloped-data", b"")
    enc = multi("encrypted", leaf("Version: 1\r\n", "application/pgp-encrypted", "7bit"),
                leaf("-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----\r\n",
                     "application/octet-stream; name=encrypted.asc", "7bit"),
                b="=_e", more="; protocol=\"application/pgp-encrypted\"")
    att = leaf("notes\r\n", "text/plain; charset=utf-8; name=n.txt", "8bit", b"Content-Disposition: attachment; filename=n.txt\r\n")
    add = {
        "alternative": alt, "related": rel, "alt-related": multi("alternative", TEXT, rel),
        "related-alt": multi("related", alt, PNG, b="=_r"), "mixed-text-pdf": multi("mixed", TEXT, PDF),
        "mixed-alt-pdf": multi("mixed", alt, PDF), "mixed-alt-related-pdf": multi("mixed", multi("related", alt, PNG, b="=_r"), PDF),
        "apple": multi("alternative", TEXT, multi("mixed", HTML, PDF, HTML, b="=_m")),
        "mixed-nested": multi("mixed", multi("mixed", multi("mixed", TEXT, b="=_3"), PDF, b="=_2"), PDF),
        "mixed-attachment-first": multi("mixed", att, TEXT), "mixed-pdf-first": multi("mixed", PDF, TEXT),
        "mixed-image-first": multi("mixed", PNG, HTML), "mixed-forwarded": multi("mixed", TEXT, INNER),
        "mixed-forwarded-first": multi("mixed", INNER, TEXT), "mixed-vcard": multi("mixed", TEXT, leaf("BEGIN:VCARD\r\n", "text/x-vcard", "7bit")),
        "mixed-digest": multi("mixed", TEXT, multi("digest", b"\r\n" + mail(leaf("x", cte="7bit")), b="=_d")),
        "alt-empty-text": multi("alternative", leaf("", cte="7bit"), HTML),
        "alt-one": multi("alternative", HTML), "alt-html-first": multi("alternative", HTML, TEXT),
        "related-start": multi("related", PNG, HTML.replace(b"\r\n", b"\r\nContent-ID: <root>\r\n", 1), b="=_r", more="; start=\"<root>\""),
        "unknown-multipart": multi("x-strange", TEXT, PDF), "report-word": multi("mixed", TEXT, leaf("report", "text/csv; name=report.csv", "7bit", b"Content-Disposition: attachment; filename=report.csv\r\n")),
        "inline-disposition": multi("mixed", leaf(WORDS["us-ascii"], cte="7bit", more=b"Content-Disposition: inline\r\n"), PDF),
        "boundary-quoted": multi("mixed", TEXT, PDF, b="a b'()+_,-./:?=c"), "boundary-prefix": multi("mixed", multi("mixed", TEXT, PDF, b="=_b1"), b="=_b"),
        "boundary-long": multi("mixed", TEXT, PDF, b="b" * 70), "forwarded-signed": multi("mixed", TEXT, b"Content-Type: message/rfc822\r\n\r\n" + mail(signed(TEXT, SIG))),
        "calendar-attached": multi("mixed", TEXT, leaf(ICS.replace("METHOD:REQUEST\r\n", ""), "text/calendar; name=a.ics", "base64", b"Content-Disposition: attachment; filename=a.ics\r\n")),
        "p7m-contract": multi("mixed", TEXT, leaf(b"0\x82", "application/pkcs7-mime; name=contract.pdf.p7m", "base64", b"Content-Disposition: attachment; filename=contract.pdf.p7m\r\n")),
    }
    for n, e in add.items():
        yield "shape-" + n, mail(e), "add"
        yield "shape-%s-lf" % n, mail(e).replace(b"\r\n", b"\n"), "add"
    clear = "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nHello\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----\r\n"
    secret = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----\r\n"
    never = {
        "signed": signed(TEXT, SIG), "signed-pgp": signed(alt, PGPSIG, protocol="application/pgp-signature"),
        "signed-alt": signed(alt, SIG), "signed-mixed": signed(multi("mixed", TEXT, PDF), SIG), "signed-in-mixed": multi("mixed", signed(TEXT, SIG), PDF),
        "signed-in-mixed-footer": multi("mixed", signed(TEXT, SIG), TEXT), "signed-in-mixed-second": multi("mixed", TEXT, signed(TEXT, SIG)),
        "signed-in-alt": multi("alternative", TEXT, signed(HTML, SIG)), "signed-in-related": multi("related", signed(HTML, SIG), PNG),
        "signed-deep": multi("mixed", multi("mixed", multi("mixed", signed(multi("alternative", TEXT, HTML, b="=_9"), SIG), b="=_3"), b="=_2"), PDF),
        "signed-upper": signed(TEXT, SIG).replace(b"multipart/signed", b"MULTIPART/SIGNED"), "signed-no-protocol": multi("signed", TEXT, SIG),
        "signed-signed": signed(signed(TEXT, SIG, b="=_t"), SIG), "smime": smime, "smime-opaque": opaque, "smime-x": xmime,
        "smime-octets": smime.replace(b"application/pkcs7-mime; smime-type=enveloped-data", b"application/octet-stream"),
        "smime-in-mixed": multi("mixed", smime, TEXT), "smime-text-first": multi("mixed", TEXT, opaque), "pgp-mime": enc,
        "pgp-mime-in-mixed": multi("mixed", enc, TEXT), "pgp-mime-text-first": multi("mixed", TEXT, enc),
        "pgp-exchange": multi("mixed", leaf("", "text/plain; charset=us-ascii", "7bit"), leaf("Version: 1\r\n", "application/pgp-encrypted; name=\"PGPMIME Versions Identification\"", "7bit"), leaf(secret, "application/octet-stream; name=encrypted.asc", "base64")),
        "report": multi("report", TEXT, leaf("Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b\r\n", "message/delivery-status", "7bit"), INNER, more="; report-type=delivery-status"),
        "mdn": multi("report", TEXT, leaf("Final-Recipient: rfc822; a@b\r\n", "message/disposition-notification", "7bit"), more="; report-type=disposition-notification"),
        "report-no-type": multi("report", TEXT, INNER), "mixed-report": multi("mixed", multi("report", TEXT, leaf("x: y\r\n", "message/delivery-status", "7bit"), b="=_p"), TEXT),
        "partial": b"Content-Type: message/partial; id=a; number=1; total=2\r\n\r\nSubject: x\r\n\r\nhello\r\n",
        "external": b"Content-Type: message/external-body; access-type=url; url=\"http://x/\"\r\n\r\nContent-Type: text/plain\r\n\r\n",
        "tnef": multi("mixed", TEXT, leaf(b"\x78\x9f\x3e\x22", "application/ms-tnef; name=winmail.dat", "base64")),
        "invitation": multi("alternative", TEXT, HTML, leaf(ICS, "text/calendar; charset=utf-8; method=REQUEST", "8bit")),
        "invitation-base64": multi("alternative", TEXT, HTML, leaf(ICS, "text/calendar; charset=utf-8; method=REQUEST", "base64")),
        "invitation-answer": multi("mixed", multi("alternative", TEXT, leaf(ICS.replace("REQUEST", "REPLY"), "text/calendar; method=REPLY", "7bit"), b="=_a"), PDF),
        "invitation-only": leaf(ICS, "text/calendar; method=REQUEST; charset=utf-8", "7bit"),
        "attachment-only": PDF, "attachment-text": att, "image-only": PNG, "mixed-attachments": multi("mixed", PDF, att, PNG),
        "forwarded-only": INNER, "digest": multi("digest", b"\r\n" + mail(leaf("x", cte="7bit")), b="=_d"),
        "amp": multi("alternative", TEXT, leaf("<!doctype html><html amp4email><head></head><body>x</body></html>", "text/x-amp-html; charset=utf-8", "8bit"), HTML),
        "alt-attached-html": multi("alternative", TEXT, HTML.replace(b"\r\n", b"\r\nContent-Disposition: attachment; filename=a.html\r\n", 1)),
    }
    for n, e in never.items():
        want = "any" if n in ("amp", "alt-attached-html") else "unchanged"
        yield "never-" + n, mail(e), want
        yield "never-%s-lf" % n, mail(e).replace(b"\r\n", b"\n"), want
    for n, t in (("clear", clear), ("secret", secret)):
        for cte in ("7bit", "base64", "quoted-printable"):
            for where, e in (("root", leaf(t, cte=cte)), ("words-before", leaf("See:\r\n\r\n" + t, cte=cte)), ("indented", leaf("  " + t, cte=cte)),
                             ("mixed", multi("mixed", leaf(t, cte=cte), PDF)), ("second", multi("mixed", TEXT, leaf(t, cte=cte))),
                             ("alternative", multi("alternative", leaf(t, cte=cte), HTML)),
                             ("html", leaf("<html><body><p>" + t.replace("\r\n", "<br>\r\n") + "</body></html>", "text/html; charset=utf-8", cte)),
                             ("html-nbsp", leaf("<pre>" + t.replace("BEGIN PGP", "BEGIN&nbsp;PGP").replace("--BEGIN", "&#45;-BEGIN") + "</pre>", "text/html; charset=utf-8", cte)),
                             ("html-tags", leaf("<div>" + t.replace("PGP", "<b>PGP</b>", 1) + "</div>", "text/html; charset=utf-8", cte)),
                             ("utf-16", leaf(t.encode("utf-16"), "text/plain; charset=utf-16", "base64"))):
                yield "never-pgp-%s-%s-%s" % (n, where, cte), mail(e), "unchanged"
    for n, h in (("auto", b"Auto-Submitted: auto-replied"), ("list", b"List-Id: <a.b>"), ("dkim", b"DKIM-Signature: v=1; a=rsa-sha256"), ("bulk", b"Precedence: bulk"),
                 ("class", b"Content-Class: urn:content-classes:calendarmessage")):
        yield "never-header-" + n, mail(TEXT, HEAD + h + b"\r\n"), "unchanged"
    yield "shape-auto-no", mail(TEXT, HEAD + b"Auto-Submitted: no\r\n"), "add"


PAGES = {
    "plain": PAGE, "empty": "", "blank": "  \r\n", "words-only": "Hello", "no-html": "<p>Hello</p>", "no-end": "<html><body><p>Hello", "no-body": "<html><p>Hello</p></html>",
    "no-head": "<head><title>x</title></head><p>Hello", "upper": PAGE.upper().replace("&POUND;", "&pound;"), "two-bodies": "<html><body><p>a</body></html><html><body><p>b</p></body></html>",
    "two-open": "<html><body><body class=x><p>a</p></body></body></html>", "text-behind": "<html><body>a</body></html> more", "text-behind-body": "<body>a</body><p>b</p></html>",
    "comment-end": "<body>a<!-- </body> --></body>", "comment-last": "<body>a</body><!-- </body></html> -->", "comment-open": "<body>a<!-- </body></html>", "comment-bang": "<body>a<!-- x --!><p>b</body>",
    "comment-short": "<body>a<!--><p>b</p><!---></body>", "attribute": "<body><p title=\"</body>\">a</p></body>", "attribute-single": "<body><p title='</body>'>a</p></body>",
    "attribute-bare": "<body><p title=</body>a</p></body>", "attribute-open": "<body><p>a</p><p title=\"</body></html>", "script": "<body>a<script>\"</body>\"</script></body>",
    "script-open": "<body>a<script>x</body></html>", "style": "<body><style>/*</body>*/</style>a</body>", "textarea": "<body>a<textarea></body></textarea></body>", "textarea-open": "<body>a<textarea></body></html>",
    "title": "<html><head><title></body></title></head><body>a</body></html>", "title-open": "<html><head><title>x</head><body>a</body></html>", "xmp": "<body>a<xmp></body></xmp>b</body>", "plaintext": "<body>a<plaintext></body></html>",
    "noscript": "<body>a<noscript>b</noscript></body>", "noscript-open": "<body>a<noscript>b</body>", "template": "<body>a<template></body></template></body>", "template-open": "<body>a<template>b</body>",
    "select": "<body>a<select><option>b</body>", "svg": "<body>a<svg><text>b</text></svg></body>", "svg-open": "<body>a<svg><text>b</body>", "svg-short": "<body>a<svg/>b</body>", "button": "<body>a<button>b</body>",
    "details": "<body>a<details><summary>s</summary>b</body>", "hidden-div": "<body><p>a</p><div style=\"display:none\">x</body></html>", "hidden-short": "<body><p>a</p><div style=\"display:none\"/>x</body></html>",
    "hidden-attr": "<body>a<div hidden>x</body>", "hidden-upper": "<body>a<DIV STYLE='Display : None'>x</body>", "hidden-important": "<body>a<div style='color:red;display: none !important;'>x</body>",
    "hidden-table": "<body>a<div style='display:none'><table><tr><td></div>x</td></tr></table></body>", "hidden-span": "<body>a<span style='display:none'><div></span>x</div></body>",
    "hidden-p": "<body>a<p style='display:none'>x<p>y</body>", "hidden-li": "<body>a<ul><li style='display:none'>x<li>y</ul></body>", "hidden-td": "<body><table><tr><td style='display:none'>x<td>y</table></body>", "hidden-html": "<html style='display:none'><body>a</body></html>",
    "hidden-body": "<body style='display:none'>a</body>", "hidden-closed": "<body><div style='display:none'>pre</div><p>a</p></body>", "hidden-deep": "<body>" + "<div>" * 400 + "<div style='display:none'>x</body>",
    "hidden-deep-closed": "<body>" + "<div>" * 400 + "x" + "</div>" * 400 + "<p>b</body>", "hidden-size": "<body>a<div style='font-size:0px;line-height:0'>x</body>", "hidden-comment": "<body>a<div style='display:/**/none'>x</body>", "hidden-ref": "<body>a<div style='display&#58;none'>x</body>",
    "conditional": "<body>a<!--[if mso]></body><![endif]--></body>", "conditional-open": "<body>a<!--[if mso]><table><tr><td><![endif]--><p>b<!--[if mso]></td></tr></table><![endif]--></body>",
    "conditional-shown": "<body>a<![if !mso]><p>b</p><![endif]></body>", "conditional-shown-2": "<body>a<!--[if !mso]><!--><p>b</p><!--<![endif]--></body>", "conditional-shown-open": "<body>a<!--[if !mso]><!--><p>b</body>",
    "frameset": "<html><head></head><frameset cols=50%><frame src=x></frameset></html>", "table-open": "<body><table><tr><td>a</body>", "table-bare": "<body><table>a</body>", "cdata": "<body>a<![CDATA[</body>]]></body>", "pi": "<?xml version=\"1.0\"?><body>a</body>",
    "xhtml": "<?xml version=\"1.0\"?>\r\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\r\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>x</title></head><body><p>a<br/></p></body></html>",
    "white": "<html><body style=\"color:white;background:black\"><p>a</p></body></html>", "white-font": "<body bgcolor=white><font color=white>x</body>", "meta-charset": "<html><head><meta charset=\"iso-8859-1\"></head><body><p>a</p></body></html>",
    "meta-http": "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=utf-16\"></head><body>a</body></html>", "less-than": "<body>1 < 2 <3 and <- </body>", "less-last": "<body>a</body><", "tag-cut": "<body>a</body", "amp-last": "<body>a &am",
    "end-spaces": "<body>a</body \r\n ></html\t>", "end-attribute": "<body>a</body title=\"</body>\"></html>", "image-only": "<body><img src=\"cid:i1\"></body>", "outlook": "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><style><!-- p {margin:0} --></style></head><body lang=EN-GB><div class=WordSection1><p class=MsoNormal>a<o:p></o:p></p></div></body></html>",
    "ruby": "<body><ruby>a<rt>b</body>", "marquee": "<body><marquee>a</body>", "a-open": "<body><a href=x>a</body>", "iframe-open": "<body>a<iframe src=x></body></html>", "object-open": "<body>a<object>x</body>", "video": "<body>a<video>x</body>", "math": "<body>a<math><mi>x</body>",
    "long-line": "<body>" + "<p>word word</p>" * 60 + "</body>", "lines": "<html>\r\n<body>\r\n<p>a</p>\r\n</body>\r\n</html>\r\n", "nested-quote": "<body>a<p title='\"'>b</p><p title=\"'\">c</p></body>", "body-space": "<body\r\nclass=x\r\n>a</body>", "style-comment": "<head><style><!--</style></head><body>a</body>", "script-comment": "<body>a<script><!-- <script> </script> --></script>b</body>",
}


def pages():
    anyhow = ("hidden-html", "hidden-body", "hidden-comment", "hidden-ref", "frameset", "script-comment")
    for n, page in PAGES.items():
        for cte in ("7bit", "base64", "quoted-printable"):
            want = "any" if n in anyhow else "add"
            yield "html-%s-%s" % (n, cte), mail(leaf(page, "text/html; charset=utf-8", cte)), want
        yield "html-%s-alternative" % n, mail(multi("alternative", TEXT, leaf(page, "text/html", "7bit"))), want


def cases():
    for make in (texts, bodies, shapes, pages):
        yield from make()


def _quoted(lines, mark="> "):
    return "".join(mark + s + "\r\n" for s in lines)


def replies(ours):
    """(name, mail, whether our text is in the quotation): as mail programs answer."""
    first, second = ours
    mangled = [first[:40], first[40:].strip(), "", second[:30].rstrip(), second[30:].strip()]
    soft = ("%s %s" % (first, second)).replace("\u2019", "'").replace("\u2013", "-")
    for has in (True, False):
        told = mangled if has else ["Yours,", "Ann"]
        flat = ("%s %s" % (first, second)) if has else "Yours"
        plain = {
            "gmail": "Thanks\r\n\r\nOn Mon, 2 Sept 2024 at 09:00, Ann Example <a@far.example>\r\nwrote:\r\n\r\n" + _quoted(["old words"] + told),
            "gmail-tight": "Thanks\r\n\r\nOn Mon, 2 Sept 2024, Ann wrote:\r\n" + _quoted(["old words"] + told, ">"),
            "gmail-deep": "Thanks\r\n\r\nOn Mon, Ann wrote:\r\n" + _quoted(["On Sun, Bob wrote:", "> old words"] + ["> " + t for t in told]),
            "thunderbird": "Thanks\r\n\r\nOn 02/09/2024 09:00, Ann Example wrote:\r\n" + _quoted(["old words", ""] + told),
            "thunderbird-bottom": "On 02/09/2024 09:00, Ann Example wrote:\r\n" + _quoted(["old words"] + told) + "\r\nThanks\r\n",
            "outlook": "Thanks\r\n\r\n-----Original Message-----\r\nFrom: Ann\r\nSent: 02 September 2024 09:00\r\nTo: Office\r\nSubject: x\r\n\r\nold words\r\n" + "\r\n".join(told) + "\r\n",
            "outlook-line": "Thanks\r\n\r\n________________________________\r\nFrom: Ann <a@far.example>\r\nSent: Monday, September 2, 2024\r\nTo: Office\r\nSubject: Re: x\r\n\r\nold words\r\n" + "\r\n".join(told),
            "apple": "Thanks\r\n\r\n> On 2 Sep 2024, at 09:00, Ann <a@far.example> wrote:\r\n> \r\n" + _quoted(["old words"] + told),
            "apple-nbsp": "Thanks\r\n\r\n" + _quoted(["On 2 Sep 2024, at 09:00, Ann wrote:", "", "old\u00a0words"] + [t.replace(" ", "\u00a0") for t in told]),
            "german": "Danke\r\n\r\nAm 02.09.2024 um 09:00 schrieb Ann:\r\n" + _quoted(["old words"] + told),
            "forwarded": "See\r\n\r\n---------- Forwarded message ---------\r\nFrom: Ann\r\nDate: Mon\r\nSubject: x\r\nTo: Office\r\n\r\nold words\r\n" + "\r\n".join(told) + "\r\n",
            "straight": "Thanks\r\n\r\nOn Mon, Ann wrote:\r\n" + _quoted(["old words", soft if has else "Yours"]),
        }
        for n, words in plain.items():
            for cte in ("8bit", "quoted-printable"):
                yield "reply-%s-%s-%s" % (n, has, cte), mail(leaf(words, cte=cte), HEAD + b"In-Reply-To: <x@y>\r\n"), has
        block = "<div style='color:#555'><hr><p>%s</p></div>" % flat
        word = "<p class=MsoNormal><span style='font-size:9.0pt'>%s</span><o:p></o:p></p>" % flat.replace(" ", "\r\n", 3).replace("\u2013", "&ndash;").replace("\u2019", "&rsquo;").replace("C of", "C&nbsp;of")
        cut = "".join("<span>%s</span>" % flat[i:i + 7] for i in range(0, len(flat), 7))
        page = {
            "gmail": "<div dir=\"ltr\">Thanks</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon Ann wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0\">old words%s</blockquote></div>" % block,
            "gmail-container": "<div dir=\"ltr\">Thanks</div><br><div class=\"gmail_quote gmail_quote_container\"><div class=gmail_attr>On Mon</div><blockquote class=\"gmail_quote\">old words%s</blockquote></div>" % word,
            "outlook": "<html><body><div class=WordSection1><p class=MsoNormal>Thanks</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>From:</b> Ann<br><b>Sent:</b> Monday</p></div></div><p>old words</p>%s</div></body></html>" % word,
            "outlook-web": "<html><body><div>Thanks</div><div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%%\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>From:</b> Ann</div><div>old words%s</div></body></html>" % block,
            "apple": "<html><body>Thanks<br><div><br><blockquote type=\"cite\"><div>On 2 Sep 2024, at 09:00, Ann wrote:</div><br><div>old words%s</div></blockquote></div></body></html>" % cut,
            "thunderbird": "<html><body><p>Thanks</p><div class=\"moz-cite-prefix\">On 02/09/2024, Ann wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x\">old words%s</blockquote></body></html>" % block,
            "yahoo": "<html><body><div>Thanks</div><div id=\"yqt1\" class=\"yahoo_quoted\"><div>On Monday, Ann wrote:</div><div>old words%s</div></div></body></html>" % cut,
            "shy": "<html><body>Thanks<blockquote type=cite>old words<p>%s</p></blockquote></body></html>" % flat.replace("confidential", "confi&shy;den&#8203;tial").replace("\u00a3", "&pound;"),
        }
        for n, words in page.items():
            for cte in ("8bit", "quoted-printable"):
                yield "reply-html-%s-%s-%s" % (n, has, cte), mail(leaf(words, "text/html; charset=utf-8", cte), HEAD + b"In-Reply-To: <x@y>\r\n"), has
