"""A made-up school's pupils, and the files it sends: sheets, letters, archives, pictures.

    pupils(90)                          # dicts: given, family, dob, upn, address, postcode, form
    xlsx([("Sheet", rows, "hidden")], hidden_columns=(2,), pivot=rows)
    mail(sender, to, subject, text, files=[(name, bytes)], cc=(), show_to=None)
"""
import io
import os
import sys
import zipfile
from email.message import EmailMessage
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import office  # noqa: E402
import zips  # noqa: E402

GIVEN = ("Amelia Bartosz Chidi Delyth Ewan Farida Gethin Hafsa Imran Jemima Kofi Lowri Mateo Nuala Osian Priya Quentin "
         "Rhiannon Samir Tegan Umar Verity Wiktor Xanthe Yasmin Zachary").split()
FAMILY = ("Abernathy Bolarinwa Castellanos Drummond Eastwick Fitzpatrick Gunawardena Havelock Iqbal Jaworski Kerrigan "
          "Lovelace Mukherjee Nordstrom Oyelaran Pemberley Quaglia Rafferty Szymanski Trevelyan Underhill Vasquez "
          "Whitcombe Yardley Zielinski").split()


def check_letter(digits):
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[sum(int(d) * w for d, w in zip(digits, range(2, 14))) % 23]


def pupils(n):
    """The same ones each time, no name twice."""
    out = []
    for i in range(n):
        digits = "801200%06d" % (1000 + i)
        out.append({"given": GIVEN[i % len(GIVEN)], "family": FAMILY[(i + i // len(GIVEN)) % len(FAMILY)],
                    "dob": "%02d/%02d/20%02d" % (1 + i % 28, 1 + i % 12, 11 + i % 3), "form": "%d%s" % (7 + i % 3, "ABCD"[i % 4]),
                    "upn": check_letter(digits[:11]) + digits[:11] + digits[11],
                    "address": "%d %s" % (1 + i * 7 % 90, ("Tannery Row", "Mill Lane", "Orchard Close")[i % 3]),
                    "postcode": "HV%d %d%s" % (1 + i % 9, 1 + i % 9, ("AB", "CD", "EF")[i % 3])})
    return out


def cell(column, row, value):
    name = "%s%d" % (chr(65 + column), row)
    return '<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (name, escape(str(value)))


def sheet(rows, hidden_columns=()):
    cols = "".join('<col min="%d" max="%d" width="9" hidden="1"/>' % (c + 1, c + 1) for c in hidden_columns)
    return office.HEAD + "<worksheet %s>%s<sheetData>%s</sheetData></worksheet>" % (
        office.S, cols and "<cols>%s</cols>" % cols,
        "".join('<row r="%d">%s</row>' % (r, "".join(cell(c, r, v) for c, v in enumerate(row))) for r, row in enumerate(rows, 1)))


def pivot(rows):
    """The copy of its data that a pivot table takes along."""
    head, body = rows[0], rows[1:]
    fields = "".join('<cacheField name="%s"><sharedItems>%s</sharedItems></cacheField>' % (
        escape(h), "".join('<s v="%s"/>' % escape(str(r[c])) for r in body)) for c, h in enumerate(head))
    records = "".join("<r>%s</r>" % "".join('<x v="%d"/>' % n for _ in head) for n in range(len(body)))
    return [("xl/pivotCache/pivotCacheDefinition1.xml", office.HEAD + '<pivotCacheDefinition %s recordCount="%d"><cacheFields>%s'
             "</cacheFields></pivotCacheDefinition>" % (office.S, len(body), fields)),
            ("xl/pivotCache/pivotCacheRecords1.xml", office.HEAD + "<pivotCacheRecords %s>%s</pivotCacheRecords>" % (office.S, records))]


def xlsx(sheets, hidden_columns=(), pivot_of=None):
    book = "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"%s/>' % (name, i, i, state and ' state="%s"' % state)
                   for i, (name, _, state) in enumerate(sheets, 1))
    members = [("[Content_Types].xml", office.types([("xl/workbook.xml", "openxmlformats-officedocument.spreadsheetml.sheet.main+xml")])),
               ("xl/workbook.xml", office.HEAD + "<workbook %s><sheets>%s</sheets></workbook>" % (office.S, book)),
               ("xl/_rels/workbook.xml.rels", office.rels([("rId%d" % i, "worksheets/sheet%d.xml" % i, 0) for i in range(1, len(sheets) + 1)]))]
    members += [("xl/worksheets/sheet%d.xml" % i, sheet(rows, hidden_columns)) for i, (_, rows, _) in enumerate(sheets, 1)]
    return packed(members + (pivot(pivot_of) if pivot_of else []))


def docx(paragraphs):
    body = "".join(office.p(escape(t)) for t in paragraphs)
    return packed([("[Content_Types].xml", office.types([("word/document.xml", "openxmlformats-officedocument.wordprocessingml.document.main+xml")])),
                   ("word/document.xml", office.HEAD + "<w:document %s><w:body>%s</w:body></w:document>" % (office.W, body))])


def packed(members):
    out = io.BytesIO()
    office.pack(out, members)
    return out.getvalue()


def locked(name, strong):
    """A ZIP with one member under AES-256, or under the old ZipCrypto."""
    kernel = bytes(range(200)) * 3
    if strong:
        import struct
        return zips.build([zips.M(name, b"x" * 4000, 99, flags=1, packed=kernel, extra=struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, 3, 8))])
    return zips.build([zips.M(name, b"x" * 4000, 8, flags=1, packed=kernel)])


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files:
            z.writestr(name, data)
    return out.getvalue()


TYPES = {"xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"), "pdf": ("application", "pdf"),
         "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"), "csv": ("text", "csv"),
         "jpg": ("image", "jpeg"), "zip": ("application", "zip"), "png": ("image", "png")}


def mail(sender, to, subject, text, files=(), cc=(), shown=None, reply_to=None):
    """shown: what its To: says when that is not the recipients (Bcc)."""
    m = EmailMessage()
    m["From"], m["To"], m["Subject"] = sender, ", ".join(shown if shown is not None else to) or "undisclosed-recipients:;", subject
    if cc:
        m["Cc"] = ", ".join(cc)
    if reply_to:
        m["In-Reply-To"] = m["References"] = reply_to
    m["Date"], m["Message-ID"], m["MIME-Version"] = "Tue, 04 Mar 2026 10:00:00 +0000", "<%s@hillview.example>" % subject.replace(" ", "."), "1.0"
    m.set_content(text)
    for name, data in files:
        kind = TYPES.get(name.rsplit(".", 1)[-1].lower(), ("application", "octet-stream"))
        m.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
    return m.as_bytes()
