#!/usr/bin/env python3
"""Zips and other archives of every kind that programs disagree about or that hurt them.

  zips.py OUTDIR     writes the files and cases.json: name, file, must, marker

All bytes are made here, the same in every run.  must is "found" (the marker is in a text
of the reading), "flagged" (found, or the message is ambiguous, malformed or not fully
scanned), "limited" (not fully scanned, within the limits), "protected", "quiet" (found,
and no flag at all).
"""
import bz2
import io
import json
import lzma
import os
import random
import struct
import sys
import tarfile
import zlib

import archives as A

MARK = b"SCHOOLGATE-MARKER-7F3A"
DATE = (9 << 9 | 9 << 5 | 1) | 0x5a000000        # a day in 2025; time 0 below


def text(n=1, word=MARK):
    r = random.Random(n)
    words = b" ".join(bytes(r.choices(b"abcdefghij", k=5)) for _ in range(30))
    return words + b"\r\n" + word + b"\r\n" + words + b"\r\n"


INNOCENT = text(7, b"nothing to see here")


def deflate(d, level=9):
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return c.compress(d) + c.flush()


def huffman(d):
    """without copies, so that it is Deflate64 too"""
    c = zlib.compressobj(9, zlib.DEFLATED, -15, 8, zlib.Z_HUFFMAN_ONLY)
    return c.compress(d) + c.flush()


def zip_lzma(d, eos=True):
    f = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 1 << 20}]
    raw = lzma.compress(d, lzma.FORMAT_RAW, filters=f)
    return b"\x09\x14\x05\x00" + bytes([(2 * 5 + 0) * 9 + 3]) + struct.pack("<I", 1 << 20) + raw


def inflate64_long():
    """text by hand: a literal "a", then one copy of 3 + 0xffff bytes of distance 1 (fixed codes)"""
    bits = []

    def put(v, n):                       # lowest bit first
        bits.extend(v >> i & 1 for i in range(n))

    def code(v, n):                      # Huffman codes: highest bit first
        bits.extend(v >> i & 1 for i in range(n - 1, -1, -1))

    def lit(c):
        code(0x30 + c, 8) if c < 144 else code(0x190 + c - 144, 9)
    put(1, 1)
    put(1, 2)
    lit(10)
    code(0xc0 + 285 - 280, 8)
    put(0xffff, 16)
    code(0, 5)
    for c in MARK + b"\n":
        lit(c)
    code(0, 7)
    bits += [0] * (-len(bits) % 8)
    packed = bytes(sum(bits[i + k] << k for k in range(8)) for i in range(0, len(bits), 8))
    return b"\n" * (1 + 3 + 0xffff) + MARK + b"\n", packed


PACK = {0: lambda d: d, 8: deflate, 9: huffman, 12: bz2.compress, 14: zip_lzma,
        95: lambda d: lzma.compress(d, lzma.FORMAT_XZ)}


class M:
    """A member; local and central (dicts) say what the one header tells differently."""

    def __init__(self, name, data=b"", method=8, flags=0, extra=b"", cextra=None, packed=None, attr=0x20,
                 made=20, local=None, central=None, descriptor=None, comment=b"", hide=""):
        self.name = name if isinstance(name, bytes) else name.encode()
        self.data, self.method, self.flags, self.extra = data, method, flags, extra
        self.cextra = extra if cextra is None else cextra
        self.packed = PACK[method](data) if packed is None else packed
        self.local, self.central = local or {}, central or {}
        self.descriptor, self.attr, self.made, self.comment, self.hide = descriptor, attr, made, comment, hide
        self.crc = zlib.crc32(data)

    def facts(self, other):
        f = {"name": self.name, "method": self.method, "flags": self.flags | (8 if self.descriptor else 0),
             "crc": self.crc, "packed": len(self.packed), "size": len(self.data), "sig": None}
        f.update(other)
        return f

    def head(self):
        f = self.facts(dict(crc=0, packed=0, size=0) if self.descriptor else {})
        f.update(self.local)
        return (f["sig"] or b"PK\3\4") + struct.pack("<HHHIIIIHH", 20, f["flags"], f["method"], DATE, f["crc"],
            f["packed"], f["size"], len(f["name"]), len(self.extra)) + f["name"] + self.extra

    def tail(self):
        d = struct.pack("<III", self.crc, len(self.packed), len(self.data))
        return {None: b"", "sig": b"PK\7\x08" + d, "bare": d}[self.descriptor]

    def listing(self, at):
        f = self.facts(self.central)
        return (f["sig"] or b"PK\1\2") + struct.pack("<HHHHIIIIHHHHHII", self.made, 20, f["flags"], f["method"], DATE,
            f["crc"], f["packed"], f["size"], len(f["name"]), len(self.cextra), len(self.comment), 0, 0,
            self.attr, f.get("offset", at)) + f["name"] + self.cextra + self.comment


def end(n, size, at, comment=b"", **k):
    return b"PK\5\6" + struct.pack("<HHHHIIH", k.get("disk", 0), k.get("disk", 0), k.get("here", n), n, size, at,
        k.get("length", len(comment))) + comment


def end64(n, size, at, where):
    return b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, n, n, size, at) + \
        b"PK\6\7" + struct.pack("<IQI", 0, where, 1)


def build(members, prefix=b"", suffix=b"", comment=b"", shift=True, between=b"", n=None, with_end=True, **k):
    """hide: "local" leaves a member's local header and data out of the body, "central" its listing."""
    out, listing, count = bytearray(prefix), bytearray(), 0
    base = 0 if shift else len(prefix)
    for m in members:
        at = len(out) - base
        if m.hide != "local":
            out += m.head() + m.packed + m.tail()
        if m.hide != "central":
            listing += m.listing(at)
            count += 1
    out += between
    at = len(out) - base
    out += listing
    if with_end:
        out += end(count if n is None else n, len(listing), at, comment, **k)
    return bytes(out) + suffix


def good(name="marker.txt", **k):
    return M(name, text(), **k)


def plain(name="other.txt", n=7, **k):
    return M(name, INNOCENT if n == 7 else text(n, b"nothing"), **k)


def ordinary():
    for method in PACK:
        yield "plain-method-%d" % method, build([plain(), good(method=method)]), "quiet"
    big, packed = inflate64_long()
    yield "plain-deflate64-long", build([M("marker.txt", big, 9, packed=packed)]), "quiet"
    yield "plain-descriptor-sig", build([plain(descriptor="sig"), good(descriptor="sig")]), "quiet"
    yield "plain-descriptor-bare", build([plain(descriptor="bare"), good(descriptor="bare")]), "quiet"
    yield "plain-comment", build([plain(), good()], comment=b"made by a program"), "quiet"
    yield "plain-folders", build([M("a/", method=0, attr=0x10), M("a/b/", method=0, attr=0x10), good("a/b/c.txt")]), "quiet"
    yield "plain-inner-stored", build([M("in.zip", build([plain(), good()]), 0), plain()]), "quiet"
    yield "plain-inner-level0", build([M("in.zip", build([plain(), good()]), 8,
        packed=deflate(build([plain(), good()]), 0)), plain()]), "quiet"
    yield "plain-inner-last", build([plain(), M("in.zip", build([plain(), good()]), 0)]), "quiet"
    yield "plain-cp437", build([good(b"caf\x82.txt"), plain(n=2)]), "quiet"
    yield "plain-utf8", build([good("caf\xe9.txt", flags=0x800), plain(n=2)]), "quiet"
    u = "r\xe9sum\xe9.txt".encode()
    e = struct.pack("<HHBI", 0x7075, 5 + len(u), 1, zlib.crc32(b"r?sum?.txt")) + u
    yield "plain-unicode-path", build([good(b"r?sum?.txt", extra=e)]), "quiet"
    yield "plain-slash-backslash", build([good("a\\b.txt", local={"name": b"a/b.txt"}), plain()]), "quiet"
    z = build([plain(), good()], prefix=b"MZ" + b"\0" * 3000, shift=True)
    yield "plain-sfx-shifted", z, "found"
    yield "plain-sfx-absolute", build([plain(), good()], prefix=b"MZ" + b"\0" * 3000, shift=False), "found"
    e = struct.pack("<HHQQ", 1, 16, len(text()), len(deflate(text())))
    ff = {"packed": 0xffffffff, "size": 0xffffffff}
    yield "plain-zip64-sizes", build([good(local=ff, central=ff, extra=e), plain()]), "quiet"


def ambiguous():
    a, b = plain(), good()
    yield "stream-only", build([a, good(hide="central")]), "found"
    yield "stream-only-first", build([good(hide="central"), a]), "found"
    yield "stream-only-descriptor", build([a, good(hide="central", descriptor="sig"), plain("c.txt", 3)]), "found"
    yield "stream-only-descriptor-bare", build([a, good(hide="central", descriptor="bare"), plain("c.txt", 3)]), "found"
    yield "stream-only-stored-descriptor", build([a, good(hide="central", method=0, descriptor="sig"), plain("c.txt", 3)]), "found"
    yield "no-directory", build([a, b], with_end=False)[:len(a.head() + a.packed + b.head() + b.packed)], "found"
    yield "no-directory-descriptor", b"".join(m.head() + m.packed + m.tail() for m in
        (plain(descriptor="sig"), good(descriptor="sig"))), "found"
    yield "no-end", build([a, b], with_end=False), "found"
    yield "cut-in-directory", build([a, b])[:-60], "found"
    yield "cut-in-data", build([b, M("x.bin", random.Random(4).randbytes(5000))])[:3000], "found"
    yield "directory-only-broken-signature", build([a, good(local={"sig": b"PK\3\5"})]), "found"
    yield "directory-only-zero-signature", build([a, good(local={"sig": b"\0\0\0\0"})]), "found"
    yield "local-name-differs", build([a, good("photo.jpg", local={"name": b"report.txt"})]), "found"
    yield "local-name-longer", build([a, good("a.txt", local={"name": b"a.txt" + b"x" * 300})]), "found"
    yield "local-method-stored-central-deflate", build([a, good(local={"method": 0})]), "found"
    yield "local-deflate-central-stored", build([a, good(central={"method": 0})]), "found"
    yield "local-stored-central-deflate", build([a, good(method=0, central={"method": 8})]), "found"
    yield "central-method-unknown", build([a, good(central={"method": 77})]), "found"
    yield "local-method-unknown", build([a, good(local={"method": 77})]), "found"
    yield "central-method-lzma", build([a, good(central={"method": 14})]), "found"
    yield "central-encrypted-flag", build([a, good(central={"flags": 1})]), "found"
    yield "local-encrypted-flag", build([a, good(local={"flags": 1})]), "found"
    yield "both-encrypted-flag-lie", build([a, good(flags=1)]), "protected"
    yield "central-masked-flag", build([a, good(central={"flags": 1 << 13})]), "found"
    yield "local-sizes-0", build([a, good(local={"packed": 0, "size": 0})]), "found"
    yield "central-sizes-0", build([a, good(central={"packed": 0, "size": 0})]), "found"
    yield "both-sizes-0", build([a, good(central={"packed": 0, "size": 0}, local={"packed": 0, "size": 0})]), "found"
    yield "both-sizes-0-descriptor-flag", build([a, good(flags=8, central={"packed": 0, "size": 0}, local={"packed": 0, "size": 0})]), "found"
    yield "central-packed-small", build([a, good(central={"packed": 10})]), "found"
    yield "central-packed-small-stored", build([a, good(method=0, central={"packed": 10, "size": 10})]), "found"
    yield "local-packed-small", build([a, good(local={"packed": 10})]), "found"
    yield "local-packed-small-stored", build([a, good(method=0, local={"packed": 10, "size": 10})]), "found"
    yield "both-packed-small", build([a, good(local={"packed": 10, "size": 10}, central={"packed": 10, "size": 10})]), "found"
    yield "sizes-huge", build([a, good(local={"packed": 0xfffffff0, "size": 0xfffffff0}, central={"packed": 0xfffffff0, "size": 0xfffffff0})]), "found"
    yield "sizes-ffffffff", build([a, good(local={"packed": 0xffffffff, "size": 0xffffffff}, central={"packed": 0xffffffff, "size": 0xffffffff})]), "found"
    yield "size-small-only", build([a, good(local={"size": 3}, central={"size": 3})]), "found"
    yield "crc-wrong", build([a, good(local={"crc": 1}, central={"crc": 1})]), "found"
    # behind the end of a stream, before its claimed end
    h = good("hidden.txt")
    s = deflate(INNOCENT)
    yield "behind-stream", build([M("a.txt", INNOCENT, packed=s + h.head() + h.packed), plain("c.txt", 3)]), "found"
    yield "behind-stream-bzip2", build([M("a.txt", INNOCENT, 12, packed=bz2.compress(INNOCENT) + h.head() + h.packed)]), "flagged"
    yield "inside-stored-zip", build([M("a.bin", b"\1\2\3" * 50 + build([h]) + b"\3\2\1" * 50, 0)]), "found"
    # ends of directories
    one, two = build([a]), build([b])
    yield "two-zips", one + two, "found"
    yield "two-zips-marker-first", two + one, "found"
    yield "two-zips-three", one + two + one, "found"
    yield "zip-in-comment", build([a], comment=two), "found"
    yield "zip-in-comment-marker-outside", build([b], comment=one), "found"
    yield "end-in-comment", build([a, b], comment=end(0, 0, 0)), "found"
    yield "end-in-comment-fake-offset", build([a, b], comment=end(1, 46, 5)), "found"
    yield "end-behind-empty", build([a, b]) + end(0, 0, 0), "found"
    yield "end-behind-nonsense", build([a, b]) + end(7, 9999, 0xfffffff), "found"
    yield "end-count-less", build([a, b], n=1), "found"
    yield "end-count-more", build([a, b], n=9), "found"
    yield "end-count-0", build([a, b], n=0), "found"
    yield "end-comment-length-long", build([a, b], length=500), "found"
    yield "end-comment-length-short", build([a, b], comment=b"x" * 50, length=0), "found"
    yield "end-disk-1", build([a, b], disk=1), "found"
    yield "end-disk-ffff", build([a, b], disk=0xffff), "found"
    body = a.head() + a.packed + b.head() + b.packed
    la, lb = a.listing(0), b.listing(len(a.head() + a.packed))
    yield "two-directories", body + la + end(1, len(la), len(body)) + lb + end(1, len(lb), len(body + la) + 22), "found"
    yield "end-offset-and-size-differ", body + la + lb + end(1, len(lb), len(body)), "found"
    yield "end-offset-wrong", body + la + lb + end(2, len(la + lb), len(body) + 1000), "found"
    yield "end-size-0", body + la + lb + end(2, 0, len(body)), "found"
    e64 = end64(1, len(lb), len(body + la), len(body + la + lb))
    yield "zip64-other-directory", body + la + lb + e64 + end(1, len(la), len(body)), "found"
    e64 = end64(1, len(la), len(body), len(body + la + lb))
    yield "zip64-other-directory-32", body + la + lb + e64 + end(1, len(lb), len(body + la)), "found"
    yield "zip64-locator-wrong", body + la + lb + end64(2, len(la + lb), len(body), 99) + end(0xffff, 0xffffffff, 0xffffffff), "found"
    yield "zip64-entries-huge", body + la + lb + end64(1 << 60, 1 << 60, len(body), len(body + la + lb)) + end(0xffff, 0xffffffff, 0xffffffff), "found"
    yield "directory-first", (la + M("marker.txt", text(), central={"offset": 500}).listing(0)).ljust(500, b"\0") + b.head() + b.packed + end(2, len(la) + len(lb), 0), "found"
    yield "between-junk", build([a, b], between=b"junk" * 100), "found"
    yield "between-hidden", build([a], between=h.head() + h.packed), "found"
    yield "prefix-hidden", build([a], prefix=h.head() + h.packed, shift=True), "found"
    yield "prefix-hidden-absolute", build([a], prefix=h.head() + h.packed, shift=False), "found"
    yield "suffix-hidden", build([a], suffix=h.head() + h.packed), "found"
    yield "suffix-junk-100k", build([a, b], suffix=b"\x55" * 100000), "found"
    yield "prefix-junk-100k", build([a, b], prefix=b"\x55" * 100000, shift=True), "found"
    # the same twice
    yield "same-name-twice", build([plain("x.txt"), good("x.txt")]), "found"
    yield "same-name-twice-marker-first", build([good("x.txt"), plain("x.txt")]), "found"
    yield "same-name-case", build([plain("X.TXT"), good("x.txt")]), "found"
    yield "same-offset-two-names", build([a, good("n.txt"), good("m.txt", hide="local", central={"offset": len(a.head() + a.packed)})]), "found"
    yield "central-offset-other", build([a, good(hide="local", central={"offset": 0})]), "flagged"
    yield "central-offset-outside", build([a, b, M("ghost.txt", INNOCENT, hide="local", central={"offset": 0x7fffffff})]), "found"
    inner = build([good("w.txt")])
    yield "overlap", build([a, M("x.bin", inner, 0), good("w.txt", hide="local", central={"offset": len(a.head() + a.packed) + 30 + 5})]), "found"
    # names
    for n, name in enumerate([b"../../etc/x.txt", b"/etc/x.txt", b"C:\\x.txt", b"a\0b.txt", b"x.txt\0.exe", b"\x1b[2Jx.txt",
                              b"x\r\ny.txt", "\u202etxt.exe".encode(), b"n" * 65535, b"\xff\xfe.txt", b"a;rm -rf x.txt",
                              b"con.txt", b".", b"..", b"", b" ", b"\\\\host\\x.txt", b"x.txt/", "\u2028.txt".encode()]):
        yield "name-%02d" % n, build([a, good(name)]), "found"
    u = b"invoice.exe"
    yield "unicode-path-other", build([a, good("photo.jpg", extra=struct.pack("<HHBI", 0x7075, 5 + len(u), 1, zlib.crc32(b"photo.jpg")) + u)]), "found"
    yield "unicode-path-wrong-crc", build([a, good("photo.jpg", extra=struct.pack("<HHBI", 0x7075, 5 + len(u), 1, 5) + u)]), "found"
    yield "folder-with-content", build([a, good("d/", attr=0x10)]), "found"
    yield "link-with-content", build([a, good("l.txt", attr=0o120777 << 16, made=3 << 8)]), "found"
    yield "device-with-content", build([a, good("l.txt", attr=0o060777 << 16, made=3 << 8)]), "found"
    # something else that is a zip too
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    gif = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82"
    jpg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"
    for name, head in (("pdf", pdf), ("gif", gif), ("png", png), ("jpg", jpg), ("rtf", b"{\\rtf1 x}"), ("txt", b"hello\n" * 50),
                       ("html", b"<html><body>hello</body></html>"), ("bin", b"\1\2\3\4" * 20), ("gz", zlib.compress(b"x", 9, 31)),
                       ("exe", b"MZ" + b"\0" * 600)):
        for shift in (True, False):
            yield "poly-%s-%s" % (name, "relative" if shift else "absolute"), build([a, b], prefix=head, shift=shift), "found"
        yield "poly-%s-suffix" % name, build([a, b], prefix=head, suffix=b"\n%%EOF\n" * 3), "found"
    yield "poly-pdf-long-tail", build([a, b], prefix=pdf, suffix=b"% x\n" * 30000), "found"
    # methods nobody reads
    for method in (1, 6, 10, 18, 94, 96, 97, 98):
        yield "method-%d" % method, build([a, M("m.txt", b"x" * 50, method, packed=b"\0" * 40)]), "limited"
    yield "split", b"PK\7\x08" + build([a, b]), "found"
    yield "split-pk00", b"PK00" + build([a, b]), "found"


def locked():
    enc = b"\x12" * 12 + b"\x99" * 60
    aes = struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, 3, 8)
    yield "zipcrypto", build([M("s.txt", b"x" * 100, 8, flags=1, packed=enc)]), "protected"
    yield "aes", build([M("s.txt", b"x" * 100, 99, flags=1, packed=enc, extra=aes)]), "protected"
    yield "pkware-strong", build([M("s.txt", b"x" * 100, 8, flags=0x41, packed=enc)]), "protected"
    yield "partial", build([M("s.txt", b"x" * 100, 8, flags=1, packed=enc), good()]), "found"
    yield "partial-aes", build([good(), M("s.txt", b"x" * 100, 99, flags=1, packed=enc, extra=aes)]), "found"
    masked = M(b"0", b"", 8, flags=0x2041, packed=enc).head() + enc
    yield "hidden-directory", masked + b"PK\6\x08" + struct.pack("<I", 20) + b"\xaa" * 100 + end(1, 128, len(masked)), "protected"
    yield "stream-only-encrypted", build([plain(), M("s.txt", b"x" * 100, 8, flags=1, packed=enc, hide="central")]), "flagged"


def zeros(n):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    out = [c.compress(b"\0" * (1 << 20)) for _ in range(n >> 20)]
    return b"".join(out) + c.flush(), n


class Hollow(M):
    """A member whose bytes are not kept."""

    def __init__(self, name, packed, size, method=8, **k):
        super().__init__(name, b"", method, packed=packed, **k)
        self.size = size
        self.local.setdefault("size", size)
        self.central.setdefault("size", size)


def overlapped(n, kernel, size):
    """Each member's data begins with a stored block that quotes the headers of those behind it."""
    parts, listing = [], []
    tail, crc = kernel, 0
    for i in range(n):
        m = Hollow("f%04d" % i, tail, size)
        quote = b"" if i == 0 else struct.pack("<BHH", 0, len(head), len(head) ^ 0xffff) + head
        m = Hollow("f%04d" % i, quote + tail, size)
        head = m.head()
        tail = quote + tail
        parts.append((m, len(head) + len(tail)))
        size += 0 if i == 0 else 35
        if i + 1 < n:
            tail = tail
        parts[-1] = (m, head, tail)
        # the next one quotes this head before this data
    body = parts[-1][1] + parts[-1][2]
    total = len(body)
    for m, h, t in reversed(parts):
        listing.append(m.listing(total - len(h) - len(t)))
    c = b"".join(listing)
    return body + c + end(n, len(c), total)


def bombs():
    z, n = zeros(100 << 20)
    yield "bomb-zeros-100M.zip", build([Hollow("z.txt", z, n)]), "limited"
    yield "bomb-zeros-many.zip", build([Hollow("z%d.txt" % i, z, n) for i in range(20)]), "limited"
    yield "bomb-size-lie.zip", build([Hollow("z.txt", z, 10)]), "limited"
    yield "bomb-descriptor.zip", build([Hollow("z.txt", z, n, descriptor="sig")]), "limited"
    yield "bomb-stream-only.zip", build([plain(), Hollow("z.txt", z, n, hide="central")]), "limited"
    small, k = zeros(15 << 20)
    yield "bomb-below-ratio.zip", build([Hollow("z%d.txt" % i, small, k) for i in range(100)]), "limited"
    yield "bomb-overlap.zip", overlapped(200, z[:], n), "limited"
    yield "bomb-same-data.zip", build([Hollow("z0.txt", z, n)] + [Hollow("z%d.txt" % i, z, n, hide="local", central={"offset": 0, "size": n}) for i in range(1, 3000)]), "limited"
    d = build([M("x.txt", b"end " + MARK)])
    for i in range(60):
        d = build([M("n%d.zip" % i, d)])
    yield "bomb-60-deep.zip", d, "limited"
    d = build([Hollow("z.txt", small, k)])
    for i in range(5):
        d = build([M("l%d-%d.zip" % (i, j), d) for j in range(16)])
    yield "bomb-42.zip", d, "limited"
    yield "bomb-20000-names.zip", build([M("d/%05d.txt" % i, b"", 0) for i in range(20000)]), "limited"
    yield "bomb-65535-folders.zip", build([M("d%05d/" % i, b"", 0, attr=0x10) for i in range(65535)]), "limited"
    yield "bomb-100000-stream.zip", b"".join(M("%05d" % i, b"", 0, descriptor="sig").head() for i in range(100000)), "limited"
    yield "bomb-descriptor-search.zip", b"".join(M("%05d" % i, b"", 8, descriptor="sig").head() + b"PK\7\x08" + b"\xff" * 12 for i in range(30000)), "limited"
    gz = b"\x1f\x8b\x08\0\0\0\0\0\0\3" + z + b"\0" * 8
    yield "bomb-zeros.gz", gz, "limited"
    yield "bomb-zeros-gz.gz", zlib.compress(gz, 9, 31), "limited"
    yield "bomb-many.gz", (b"\x1f\x8b\x08\0\0\0\0\0\0\3" + small + b"\0" * 4 + struct.pack("<I", k)) * 40, "limited"
    yield "bomb-zeros.bz2", bz2.compress(b"\0" * (45 << 20)), "limited"
    x = lzma.compress(b"\0" * (45 << 20), lzma.FORMAT_XZ, preset=0)
    yield "bomb-zeros.xz", x, "limited"
    yield "bomb-zeros.lzma", lzma.compress(b"\0" * (45 << 20), lzma.FORMAT_ALONE, preset=0), "limited"
    f = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    yield "bomb-dictionary.xz", lzma.compress(text(), lzma.FORMAT_XZ, filters=f), "limited"
    f = [{"id": lzma.FILTER_LZMA1, "preset": 0, "dict_size": 1 << 30}]
    yield "bomb-dictionary.lzma", lzma.compress(text(), lzma.FORMAT_ALONE, filters=f), "limited"
    huge = zip_lzma(text())
    yield "bomb-dictionary-lzma.zip", build([M("x.txt", text(), 14, packed=huge[:5] + struct.pack("<I", 0xffffffff) + huge[9:])]), "limited"
    # zstd: a frame header that asks for a window of 2 GiB, then one raw block
    yield "bomb-window.zst", b"\x28\xb5\x2f\xfd\0" + bytes([21 << 3]) + b"\x21\0\0" + b"abcd", "limited"
    # zstd: run-length blocks of 128 KiB each from four bytes
    rle = struct.pack("<I", (128 << 10) << 3 | 2)[:3] + b"a"
    yield "bomb-rle.zst", b"\x28\xb5\x2f\xfd\0" + bytes([(20 - 10) << 3]) + rle * 2000 + b"\1\0\0", "limited"


def others():
    two = [("other.txt", INNOCENT), ("marker.txt", text())]
    for kind, make in A.KINDS.items():
        yield "plain." + kind, make(two), "quiet"
    for kind in ("7z", "lzma.7z", "rar4.rar", "rar5.rar", "cab", "mszip.cab"):
        yield "sfx-%s.exe" % kind, b"MZ" + b"\0" * 700 + A.KINDS[kind](two), "found"
    for kind in ("tar", "7z", "rar4.rar", "rar5.rar", "cab", "lzh", "gz", "bz2", "xz", "zst", "Z"):
        yield "in-zip." + kind + ".zip", build([M("in." + kind, A.KINDS[kind](two))]), "quiet"
    d = two
    for kind in ("rar5.rar", "7z", "tar.gz", "cab", "cpio", "iso", "a", "rar4.rar", "tar.xz"):
        d = [("next." + kind, A.KINDS[kind](d)), ("x.txt", INNOCENT)]
    yield "nested-9.tar", A.tar(d), "found"
    for kind in ("rar4.rar", "rar5.rar", "7z", "lzma.7z"):
        for name, head in (("jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"), ("pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
                           ("bin", b"\1\2\3\4" * 50), ("txt", b"hello\n" * 50)):
            yield "behind-%s-%s.%s" % (name, kind.replace(".", "-"), name), head + A.KINDS[kind](two), "found"
    # tar
    yield "tar-behind-end.tar", A.tar([("a.txt", INNOCENT)]) + A.tar(two), "found"
    yield "tar-no-end.tar", A.tar(two)[:2048], "found"
    yield "tar-cut.tar", (A.tar(two + [("z.bin", bytes(9000))])[:6000]), "found"
    yield "tar-name-long.tar", A.tar([("d/" * 90 + "x.txt", text())], tarfile.GNU_FORMAT), "found"
    yield "tar-name-pax.tar", A.tar([("x.txt", text())], tarfile.PAX_FORMAT, pax={"path": "../../y.exe"}), "found"
    yield "tar-size-huge.tar", A.tar_head(b"x.txt", 1 << 32) + text().ljust(1024, b"\0"), "flagged"
    yield "tar-size-base256.tar", A.tar_head(b"x.txt", 0, octal=b"\x80" + struct.pack(">QBH", 0, 0, len(text()))) + text().ljust(1024, b"\0") + bytes(1024), "found"
    for kind in (b"1", b"2", b"3", b"4", b"6"):
        yield "tar-kind-%s.tar" % kind.decode(), A.tar_head(b"l.txt", 0, kind) + A.tar(two), "found"
    for kind in (b"2", b"7", b"Z", b"D"):
        yield "tar-content-%s.tar" % kind.decode(), A.tar_head(b"l.txt", len(text()), kind) + text().ljust(512, b"\0") + A.tar([("a.txt", INNOCENT)]), "flagged"
    for i, name in enumerate(["../../x.txt", "/etc/x.txt", "a;rm -rf $(x).txt", "\x1b[2J.txt", "\u202etxt.exe", "n" * 99, "\udcff.txt"]):
        yield "tar-name-%d.tar" % i, A.tar_head(name.encode("utf-8", "surrogateescape"), len(text())) + text().ljust(512, b"\0") + bytes(1024), "found"
    yield "7z-name.7z", A.seven([("r\u00e9sum\u00e9 \u6587.txt", text()), ("empty.txt", b"")]), "quiet"
    # one packed file
    yield "two.gz", A.gz(INNOCENT) + A.gz(text()), "quiet"
    yield "name.gz", A.gz(text(), b"r.txt", b"\1\2\0\0", b"words"), "quiet"
    yield "behind.gz", A.gz(INNOCENT) + build([good()]), "found"
    yield "cut.gz", A.gz(text() * 50, level=0)[:-600], "found"
    yield "two.bz2", bz2.compress(INNOCENT) + bz2.compress(text()), "quiet"
    yield "two.xz", lzma.compress(INNOCENT) + lzma.compress(text()), "quiet"
    yield "two.zst", A.zstd(INNOCENT) + A.zstd(text()), "quiet"
    yield "skip.zst", b"\x50\x2a\x4d\x18\4\0\0\0abcd" + A.zstd(text()), "quiet"
    yield "two.lz", A.lzip(INNOCENT) + A.lzip(text()), "quiet"
    # locked
    yield "locked.rar", A.rar4([("s.txt", b"x" * 64)], 4), "protected"
    yield "locked5.rar", A.rar5([("s.txt", b"x" * 64)], extra=b"\x0c\1\0\0\x0f" + b"s" * 8), "protected"


def big(n, byte=b"a"):
    return byte * n


def more_bombs():
    yield "bomb-21000.tar", b"".join(A.tar_head(b"%06d" % i, 0) for i in range(21000)) + bytes(1024), "limited"
    yield "bomb-entries.cpio", A.cpio([("%05d" % i, b"") for i in range(21000)]), "limited"
    yield "bomb-entries.7z", A.seven([("%05d" % i, b"") for i in range(21000)] + [("x", b"y")]), "limited"
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2, "mode": lzma.MODE_FAST, "mf": lzma.MF_HC3, "nice_len": 273}]
    packed = lzma.compress(big(48 << 20), lzma.FORMAT_RAW, filters=filters)
    coder = b"\x23\3\1\1" + b"\5\x5d" + struct.pack("<I", 1 << 16)
    yield "bomb-zeros.7z", A.seven([("z.txt", b"")], coder=coder, packed=packed, size=48 << 20, header=seven_header(len(packed), coder, 48 << 20)), "limited"
    for name, props in (("dictionary", b"\5\x5d\xff\xff\xff\xff"), ("dictionary-1g", b"\5\x5d\0\0\0\x40")):
        coder = b"\x23\3\1\1" + props
        yield "bomb-%s.7z" % name, A.seven([], packed=packed[:3000], header=seven_header(3000, coder, 48 << 20)), "limited"
    coder = b"\x23\3\4\1" + b"\5\x20\0\0\0\x70"
    yield "bomb-ppmd.7z", A.seven([], packed=b"\0" * 3000, header=seven_header(3000, coder, 48 << 20)), "limited"
    yield "bomb-count.7z", A.seven([("x.txt", text())], count=1 << 40), "limited"
    yield "bomb-window.rar", A.rar5([("x.txt", b"\xff" * 500)], window=15, method=3, size=1 << 40), "limited"
    run = b"\x1fa\1\0" + b"\xff" * 16000 + b"\0" + b"\x50aaaaa"
    yield "bomb-zeros.lz4", A.lz4(b"", packed=(struct.pack("<I", len(run)) + run) * 20), "limited"
    many = A.gz(big(15 << 20))
    yield "bomb-tar-of-gz.tar", A.tar([("%d.gz" % i, many) for i in range(60)]), "limited"
    d = text()
    for i in range(60):
        d = A.gz(d)
    yield "bomb-deep.gz", d, "limited"
    d = [("x.txt", text())]
    for i in range(40):
        d = [("n.tar", A.tar(d, end=False))]
    yield "bomb-deep.tar", d[0][1], "limited"


def seven_header(packed, coder, size):
    n = A.num7
    return b"\1\4\6" + n(0) + n(1) + b"\t" + n(packed) + b"\0\7\x0b" + n(1) + b"\0" + n(1) + coder + b"\x0c" + n(size) + \
        b"\0\x08\x0d" + n(1) + b"\0\0\5" + n(1) + b"\x11" + n(5) + b"\0z\0\0\0\0\0"


FAMILIES = (ordinary, ambiguous, locked, others, bombs, more_bombs)


def main(out, only=(), families=FAMILIES):
    os.makedirs(out, exist_ok=True)
    rows = []
    for family in families:
        for name, data, must in family():
            if only and not any(o in name for o in only):
                continue
            file = name if "." in name else name + ".zip"
            with open(os.path.join(out, file), "wb") as f:
                f.write(data)
            rows.append({"name": name, "file": file, "must": must, "family": family.__name__})
    with open(os.path.join(out, "cases.json"), "w") as f:
        json.dump(rows, f, indent=0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
