#!/usr/bin/python3
"""Makes the samples of t/data/x_image: pictures of a pixel or none, with words and places in them.

    t/lib/mkimage.py t/data/x_image
"""
import os, struct, sys, zlib


def exif(big=False, place=True):
    """TIFF structure: description, artist, comment in Unicode, owner of the camera, place"""
    e = ">" if big else "<"
    head = (b"MM\0*" if big else b"II*\0") + struct.pack(e + "I", 8)
    data, lists = b"", {}

    def field(tag, kind, count, value, base):
        nonlocal data
        if len(value) > 4:
            at = base + len(data)
            data += value + b"\0" * (len(value) % 2)
            value = struct.pack(e + "I", at)
        return struct.pack(e + "HHI", tag, kind, count) + value.ljust(4, b"\0")

    owner = b"Ann Example\0"
    wide = "utf-16be" if big else "utf-16le"
    comment = b"UNICODE\0" + "sports day \u2013 4B".encode(wide)
    title = "Wide title\0".encode("utf-16le")
    sizes = [2 + 12 * n + 4 for n in (6 if place else 5, 2, 4)]
    first, sub, gps = 8, 8 + sizes[0], 8 + sizes[0] + sizes[1]
    base = gps + sizes[2]
    rational = lambda *v: b"".join(struct.pack(e + "II", x, 1) for x in v)
    pointers = [(0x8769, sub)] + ([(0x8825, gps)] if place else [])
    one = [field(0x0100, 3, 1, struct.pack(e + "H", 40), base), field(0x0101, 4, 1, struct.pack(e + "I", 30), base),
           field(0x010e, 2, 17, b"a picture of us\0\0", base)]
    one += [struct.pack(e + "HHII", t, 4, 1, v) for t, v in pointers]
    one.append(field(0x9c9b, 1, len(title), title, base))
    two = [field(0x9286, 7, len(comment), comment, base), field(0xa430, 2, len(owner), owner, base)]
    three = [field(1, 2, 2, b"N\0", base), field(2, 5, 3, rational(51, 30, 0), base),
             field(3, 2, 2, b"W\0", base), field(4, 5, 3, rational(0, 7, 0), base)]
    out = head
    for fields in (one, two, three):
        out += struct.pack(e + "H", len(fields)) + b"".join(fields) + struct.pack(e + "I", 0)
    return out + data


XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><dc:creator><rdf:Seq><rdf:li>Xavier Maple'
       b"</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>")


def segment(kind, data):
    return b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data


def jpeg(tiff):
    iptc = b"\x1c\x02\x78" + struct.pack(">H", 11) + b"the caption"
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
    return b"\xff\xd8" + segment(0xe1, b"Exif\0\0" + tiff) + segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0" + XMP) + \
        segment(0xed, b"Photoshop 3.0\0" + block) + segment(0xfe, b"a comment") + \
        segment(0xc0, struct.pack(">BHHB", 8, 480, 640, 1) + b"\1\x11\0") + segment(0xda, b"\0" * 6) + b"\xff\xd9"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png():
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0)) + \
        chunk(b"tEXt", b"Comment\0plain w\xf6rds") + chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"packed words")) + \
        chunk(b"iTXt", b"Author\0\1\0en\0\0" + zlib.compress("Zo\u00eb".encode())) + \
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP) + chunk(b"eXIf", exif()) + chunk(b"IEND", b"")


def gif():
    return b"GIF89a" + struct.pack("<HHBBB", 7, 5, 0x80, 0, 0) + b"\0" * 6 + b"!\xfe\x05hello\x06 there\0" + \
        b"!\xf9\4\0\0\0\0\0" + b"," + struct.pack("<HHHHB", 0, 0, 7, 5, 0) + b"\2\1\1\0" + b"!\xfe\3end\0;"


def webp():
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\x3f\x01\0" + b"\xef\0\0" + \
        b"EXIF" + struct.pack("<I", len(exif())) + exif()
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def heic():
    box = lambda kind, data: struct.pack(">I", len(data) + 8) + kind + data
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + \
        box(b"meta", b"\0" * 4 + box(b"ispe", struct.pack(">III", 0, 4032, 3024))) + \
        box(b"mdat", struct.pack(">I", 6) + b"Exif\0\0" + exif(True))


SAMPLES = {"photo.jpg": lambda: jpeg(exif()), "nowhere.jpg": lambda: jpeg(exif(True, False)), "words.png": png,
           "words.gif": gif, "photo.webp": webp, "photo.heic": heic, "scan.tif": lambda: exif(True),
           "small.bmp": lambda: b"BM" + b"\0" * 16 + struct.pack("<II", 11, 12) + b"\0" * 10}

if __name__ == "__main__":
    for name, make in SAMPLES.items():
        with open(os.path.join(sys.argv[1], name), "wb") as f:
            f.write(make())
