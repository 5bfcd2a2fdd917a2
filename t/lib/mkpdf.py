#!/usr/bin/python3
"""Makes the samples of t/data/x_pdf: small PDFs, each for one thing that a reader must see.

    t/lib/mkpdf.py t/data/x_pdf
"""
import base64, os, sys, zlib

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(data, more=b"", packed=True):
    if packed:
        data, more = zlib.compress(data, 9), more + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>stream\n" % (len(data), more) + data + b"\nendstream"


def show(*places):
    """(x, y, text) ... as a page shows them"""
    return b"BT /F 10 Tf " + b" ".join(
        b"1 0 0 1 %d %d Tm (%s) Tj" % (x, y, t.replace("(", "\\(").replace(")", "\\)").encode("latin-1"))
        for x, y, t in places) + b" ET"


class Pdf:
    def __init__(self):
        self.objects, self.pages = [b"", b""], []

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def page(self, content, more=b"", resources=b"", contents=None):
        c = contents or self.add(stream(content))
        font = self.add(FONT)
        self.pages.append(self.add(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
                                   b"/Resources<</Font<</F %d 0 R>>%s>>%s>>" % (c, font, resources, more)))

    def bytes(self, catalog=b"", trailer=b""):
        self.objects[0] = b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog
        self.objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
            len(self.pages), b" ".join(b"%d 0 R" % p for p in self.pages))
        out, at = b"%PDF-1.7\n", []
        for i, o in enumerate(self.objects, 1):
            at.append(len(out))
            out += b"%d 0 obj\n" % i + o + b"\nendobj\n"
        table = b"".join(b"%010d 00000 n \n" % a for a in at)
        return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1) + table + \
            b"trailer<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(at) + 1, trailer, len(out))


def plain():
    p = Pdf()
    p.page(show((50, 800, "The first page speaks of otters"), (50, 780, "and of badgers.")))
    p.page(show((50, 800, "The second one does not.")))
    info = p.add(b"<</Title(On otters)/Author(Ann Example)/Subject(Rivers)/Keywords(otter, holt)>>")
    mark = p.add(b"<</Title(Chapter of voles)/Parent %d 0 R/Dest[%d 0 R/Fit]>>" % (len(p.objects) + 2, p.pages[0]))
    tree = p.add(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count 1>>" % (mark, mark))
    xmp = p.add(stream(b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description>'
                       b"<dc:creator><rdf:Seq><rdf:li>Second Author</rdf:li></rdf:Seq></dc:creator>"
                       b"<xmp:CreateDate>2020-01-01T01:01:01Z</xmp:CreateDate></rdf:Description></rdf:RDF>"
                       b"</x:xmpmeta>", b"/Type/Metadata/Subtype/XML", False))
    return p.bytes(b"/Outlines %d 0 R/Metadata %d 0 R" % (tree, xmp), b"/Info %d 0 R" % info)


def table(pages=2):
    p, n = Pdf(), 0
    for k in range(pages):
        places = [(50, 800, "Class list of 4B"), (50, 780, "For the office only, not to leave the school")]
        if k == 0:
            places += [(50, 750, "Name"), (190, 750, "UPN"), (290, 750, "Date of birth"), (380, 750, "Notes")]
        for row in range(8):
            y = 730 - 20 * row
            places += [(50, y, "Pupil Number%d" % n), (190, y, "A8234567890%02d" % n),
                       (290, y, "%02d/03/2012" % (n + 1))]
            if row == 2:
                places += [(380, y, "carries an inhaler and an"), (380, y - 11, "adrenaline pen")]
            n += 1
        places.append((50, 500, "Page %d of %d" % (k + 1, pages)))
        p.page(show(*places))
    return p.bytes()


def columns():
    p, words = Pdf(), "the river runs past the old mill and on to the sea".split()
    places = []
    for i in range(30):
        left = " ".join(words[(i + k) % len(words)] for k in range(7))
        places += [(50, 800 - 12 * i, left), (320, 800 - 12 * i, left[::-1])]
    p.page(show(*places))
    return p.bytes()


def beside():
    p = Pdf()
    note = p.add(b"<</Type/Annot/Subtype/Text/Rect[10 10 20 20]/Contents(a note on moles)/T(Ann)>>")
    free = p.add(b"<</Type/Annot/Subtype/FreeText/Rect[10 30 90 50]/Contents(free words)/DA(/F 10 Tf)>>")
    link = p.add(b"<</Type/Annot/Subtype/Link/Rect[10 60 20 70]/A<</S/URI/URI(https://stoat.example/x)>>>>")
    run = p.add(b"<</Type/Annot/Subtype/Link/Rect[10 80 20 90]/A<</S/L#61unch/F(calc.exe)>>>>")
    inner = p.add(stream(b"a file that is pinned on", b"/Type/EmbeddedFile"))
    pin = p.add(b"<</Type/Annot/Subtype/FileAttachment/Rect[10 100 20 110]/FS<</Type/Filespec/F(pin.txt)"
                b"/EF<</F %d 0 R>>>>>>" % inner)
    p.page(show((50, 800, "page")), b"/Annots[%s]" % b" ".join(b"%d 0 R" % a for a in (note, free, link, run, pin)))
    return p.bytes(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")


def form():
    p = Pdf()
    name = p.add(b"<</Type/Annot/Subtype/Widget/FT/Tx/T(pupil)/V(Weasel Smith)/Rect[10 10 90 20]/F 4>>")
    pick = p.add(b"<</Type/Annot/Subtype/Widget/FT/Ch/Ff 131072/T(house)/Opt[(Elm)(Oak)]/V(Oak)/Rect[10 30 90 40]>>")
    p.page(show((50, 800, "A form")), b"/Annots[%d 0 R %d 0 R]" % (name, pick))
    xfa = p.add(stream(b'<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1>'
                       b"<Medical>ferret allergy</Medical></form1></xfa:data></xfa:datasets>"))
    return p.bytes(b"/AcroForm<</Fields[%d 0 R %d 0 R]/XFA[(datasets) %d 0 R]>>" % (name, pick, xfa))


def files():
    p = Pdf()
    p.page(show((50, 800, "see the file")))
    inner = p.add(stream(b"Name,UPN\nAmy,A823456789012\n", b"/Type/EmbeddedFile"))
    spec = p.add(b"<</Type/Filespec/F(list.csv)/Desc(the whole list)/EF<</F %d 0 R>>>>" % inner)
    return p.bytes(b"/Names<</EmbeddedFiles<</Names[(list.csv) %d 0 R]>>>>" % spec)


def layers():
    p = Pdf()
    off = p.add(b"<</Type/OCG/Name(Answers)>>")
    p.page(b"/OC /L BDC " + show((50, 780, "what is switched off")) + b" EMC " +
           show((50, 800, "what is seen")), b"", b"/Properties<</L %d 0 R>>" % off)
    return p.bytes(b"/OCProperties<</OCGs[%d 0 R]/D<</BaseState/ON/Order[%d 0 R]/OFF[%d 0 R]>>>>" % (off, off, off))


def ascii85():
    p = Pdf()
    data = base64.a85encode(zlib.compress(show((50, 800, "through two filters")))) + b"~>"
    p.page(b"", contents=p.add(b"<</Length %d/Filter[/ASCII85Decode/FlateDecode]>>stream\n" % len(data) + data +
                               b"\nendstream"))
    return p.bytes()


def bomb(mib=16, twice=False):
    p = Pdf()
    data = zlib.compress(b"BT /F 10 Tf 1 0 0 1 50 800 Tm " + b"(a) Tj " * ((mib << 20) // 7) + b"ET", 9)
    if twice:
        data = zlib.compress(data, 9)
    p.page(b"", contents=p.add(b"<</Length %d/Filter%s>>stream\n" % (
        len(data), b"[/FlateDecode/FlateDecode]" if twice else b"/FlateDecode") + data + b"\nendstream"))
    return p.bytes()


def cut():
    whole = plain()
    return whole[:whole.index(b"4 0 obj")]


def loop():
    p = Pdf()
    p.add(stream(show((50, 800, "nobody points here"))))
    return p.bytes().replace(b"/Count 0/Kids[]", b"/Count 1/Kids[2 0 R]")


SAMPLES = {"plain": plain, "table": table, "columns": columns, "beside": beside, "form": form,
           "files": files, "layers": layers, "ascii85": ascii85, "bomb": bomb,
           "bomb-twice": lambda: bomb(64, True), "cut": cut, "loop": loop}

if __name__ == "__main__":
    for name, make in SAMPLES.items():
        with open(os.path.join(sys.argv[1], name + ".pdf"), "wb") as f:
            f.write(make())
