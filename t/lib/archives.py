#!/usr/bin/env python3
"""Archives of every format but zip, made by hand: kind(name) -> bytes of [(name, data), ...].

Used by zips.py, which has the cases.  Only what a reader needs: nothing is packed well.
"""
import bz2
import io
import lzma
import struct
import tarfile
import zlib


def tar(files, form=tarfile.USTAR_FORMAT, end=True, pax=None):
    b = io.BytesIO()
    t = tarfile.open(fileobj=b, mode="w", format=form)
    for f in files:
        info = f if isinstance(f, tarfile.TarInfo) else tarfile.TarInfo(f[0])
        data = b"" if isinstance(f, tarfile.TarInfo) else f[1]
        info.mtime = 0
        info.pax_headers = pax or {}
        if not isinstance(f, tarfile.TarInfo):
            info.size = len(data)
        t.addfile(info, io.BytesIO(data) if data else None)
    if end:
        t.close()
    return b.getvalue()


def tar_head(name, size, kind=b"0", magic=b"ustar\x0000", octal=None):
    h = bytearray(512)
    h[:len(name)] = name
    h[100:108], h[108:116], h[116:124] = b"0000644\0", b"0000000\0", b"0000000\0"
    h[124:136] = octal or b"%011o\0" % size
    h[136:148] = b"00000000000\0"
    h[148:156] = b" " * 8
    h[156:157] = kind
    h[257:257 + len(magic)] = magic
    h[148:156] = b"%06o\0 " % sum(h)
    return bytes(h)


def v7(files):
    return b"".join(tar_head(n.encode(), len(d), magic=b"") + d + b"\0" * (-len(d) % 512) for n, d in files) + b"\0" * 1024


def cpio(files):
    out = bytearray()
    for i, (n, d) in enumerate(list(files) + [("TRAILER!!!", b"")]):
        n = n.encode() + b"\0"
        h = b"070701" + b"".join(b"%08X" % v for v in (i + 1, 0o100644 if d else 0, 0, 0, 1, 0, len(d), 0, 0, 0, 0, len(n), 0))
        out += h + n
        out += b"\0" * (-len(out) % 4) + d
        out += b"\0" * (-len(out) % 4)
    return bytes(out)


def ar(files):
    out = b"!<arch>\n"
    for n, d in files:
        out += (n[:15] + "/").ljust(16).encode() + b"0           0     0     100644  " + str(len(d)).ljust(10).encode() + b"`\n"
        out += d + b"\n" * (len(d) % 2)
    return out


def deb(files):
    return ar([("debian-binary", b"2.0\n"), ("data.tar.gz", zlib.compress(tar(files), 9, 31))])


def num7(n):
    """7z's numbers: leading ones of the first byte say how many bytes follow"""
    for k in range(8):
        if n < 1 << 7 * (k + 1):
            first = (0xff00 >> k & 0xff) | n >> 8 * k
            return bytes([first]) + (n & (1 << 8 * k) - 1).to_bytes(k, "little")
    return b"\xff" + n.to_bytes(8, "little")


def seven(files, lzma1=False, coder=None, packed=None, size=None, header=None, count=None):
    data = b"".join(d for _, d in files)
    if packed is None:
        filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
        packed = lzma.compress(data, lzma.FORMAT_RAW, filters=filters) if lzma1 else data
    if coder is None:
        coder = b"\x23\3\1\1" + b"\5\x5d" + struct.pack("<I", 1 << 16) if lzma1 else b"\1\0"
    full = [f for f in files if f[1]]
    sizes = b"".join(num7(len(d)) for _, d in full[:-1])
    names = b"".join(n.encode("utf-16le") + b"\0\0" for n, _ in files)
    empty = bytearray((len(files) + 7) // 8)
    for i, (_, d) in enumerate(files):
        if not d:
            empty[i // 8] |= 0x80 >> i % 8
    h = b"\1\4" + b"\6" + num7(0) + num7(1) + b"\t" + num7(len(packed)) + b"\0"
    h += b"\7\x0b" + num7(1) + b"\0" + num7(1) + coder + b"\x0c" + num7(len(data) if size is None else size) + b"\0"
    h += b"\x08\x0d" + num7(len(full)) + (b"\t" + sizes if len(full) > 1 else b"") + b"\0\0"
    h += b"\5" + num7(len(files) if count is None else count)
    if len(full) < len(files):
        h += b"\x0e" + num7(len(empty)) + bytes(empty)
    h += b"\x11" + num7(len(names) + 1) + b"\0" + names + b"\0\0"
    h = h if header is None else header
    start = struct.pack("<QQI", len(packed), len(h), zlib.crc32(h))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + packed + h


def rar4(files, flags=0):
    def block(kind, flag, body, data=b""):
        h = struct.pack("<BHH", kind, flag, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(h) & 0xffff) + h + data
    out = b"Rar!\x1a\7\0" + block(0x73, 0, b"\0" * 6)
    for n, d in files:
        n = n.encode()
        out += block(0x74, 0x8000 | flags, struct.pack("<IIBIIBBHI", len(d), len(d), 2, zlib.crc32(d), 0, 20, 0x30,
                     len(n), 0x20) + n, d)
    return out + block(0x7b, 0x4000, b"")


def vint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def rar5(files, window=0, method=0, size=None, extra=b""):
    def block(body):
        body = vint(len(body)) + body
        return struct.pack("<I", zlib.crc32(body)) + body
    out = b"Rar!\x1a\7\1\0" + block(vint(1) + vint(0) + vint(0))
    for n, d in files:
        n = n.encode()
        body = vint(2) + vint(2 | (1 if extra else 0)) + (vint(len(extra)) if extra else b"") + vint(len(d))
        body += vint(4) + vint(len(d) if size is None else size) + vint(0o100644) + struct.pack("<I", zlib.crc32(d))
        out += block(body + vint(method << 7 | window << 10) + vint(1) + vint(len(n)) + n + extra) + d
    return out + block(vint(5) + vint(0) + vint(0))


def cab(files, mszip=False):
    data = b"".join(d for _, d in files)
    blocks = b""
    pieces = [data[i:i + 32768] for i in range(0, len(data), 32768)]
    for p in pieces:
        c = zlib.compressobj(9, zlib.DEFLATED, -15)
        d = b"CK" + c.compress(p) + c.flush() if mszip else p
        blocks += struct.pack("<IHH", 0, len(d), len(p)) + d
    listing, at = b"", 0
    for n, d in files:
        listing += struct.pack("<IIHHHH", len(d), at, 0, 0x5a21, 0, 0xa0) + n.encode() + b"\0"
        at += len(d)
    return _cab(files, listing, blocks, len(pieces), mszip)


def _cab(files, listing, blocks, n, mszip):
    first = 36 + 8
    total = first + len(listing) + len(blocks)
    h = b"MSCF" + struct.pack("<IIIII", 0, total, 0, first, 0) + b"\3\1" + struct.pack("<HHHHH", 1, len(files), 0, 7, 0)
    return h + struct.pack("<IHH", first + len(listing), n, 1 if mszip else 0) + listing + blocks


def lha(files):
    out = b""
    for n, d in files:
        n = n.encode()
        crc = 0
        for c in d:
            crc ^= c
            for _ in range(8):
                crc = crc >> 1 ^ (0xa001 if crc & 1 else 0)
        body = b"-lh0-" + struct.pack("<IIIBBB", len(d), len(d), 0x5a210000, 0x20, 0, len(n)) + n + struct.pack("<H", crc)
        out += bytes([len(body), sum(body) & 255]) + body + d
    return out + b"\0"


def iso(files):
    def both(n):
        return struct.pack("<I", n) + struct.pack(">I", n)

    def both16(n):
        return struct.pack("<H", n) + struct.pack(">H", n)

    def record(name, at, size, flags):
        r = b"\0" + both(at) + both(size) + b"\x7d\1\1\0\0\0\0" + bytes([flags, 0, 0]) + both16(1) + bytes([len(name)]) + name
        r += b"\0" * (len(name) % 2 == 0)
        return bytes([len(r) + 1]) + r
    at = 21
    root = record(b"\0", 20, 2048, 2) + record(b"\1", 20, 2048, 2)
    body = b""
    for n, d in files:
        root += record(n.upper().encode() + b";1", at, len(d), 0)
        d += b"\0" * (-len(d) % 2048)
        body += d
        at += len(d) // 2048
    path = b"\1\0" + struct.pack("<I", 20) + b"\1\0\0\0"
    p = b"\1CD001\1\0" + b" " * 64 + b"\0" * 8 + both(at) + b"\0" * 32 + both16(1) + both16(1) + both16(2048) + both(len(path))
    p += struct.pack("<II", 19, 0) + struct.pack(">II", 19, 0) + record(b"\0", 20, 2048, 2)
    p = (p + b" " * 623 + (b"0" * 16 + b"\0") * 4 + b"\1").ljust(2048, b"\0")
    return b"\0" * 32768 + p + b"\xffCD001\1".ljust(2048, b"\0") + bytes(2048) + path.ljust(2048, b"\0") + root.ljust(2048, b"\0") + body.ljust(10 << 11, b"\0")


def xar(files):
    heap, toc = b"", b""
    for i, (n, d) in enumerate(files):
        toc += b'<file id="%d"><name>%s</name><type>file</type><data><length>%d</length><offset>%d</offset><size>%d</size>' \
            b'<encoding style="application/octet-stream"/></data></file>' % (i + 1, n.encode(), len(d), len(heap), len(d))
        heap += d
    toc = b'<?xml version="1.0" encoding="UTF-8"?><xar><toc>' + toc + b"</toc></xar>"
    z = zlib.compress(toc)
    return b"xar!" + struct.pack(">HHQQI", 28, 1, len(z), len(toc), 0) + z + heap


def gz(data, name=b"", extra=b"", comment=b"", level=9):
    flags = (4 if extra else 0) | (8 if name else 0) | (16 if comment else 0)
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\3" + (struct.pack("<H", len(extra)) + extra if extra else b"") + \
        (name + b"\0" if name else b"") + (comment + b"\0" if comment else b"") + c.compress(data) + c.flush() + \
        struct.pack("<II", zlib.crc32(data), len(data) & 0xffffffff)


def lzip(data):
    f = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}]
    raw = lzma.compress(data, lzma.FORMAT_RAW, filters=f)
    return b"LZIP\1\x14" + raw + struct.pack("<IQQ", zlib.crc32(data), len(data), 26 + len(raw))


def zstd(data):
    out = b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data))
    pieces = [data[i:i + 65536] for i in range(0, len(data), 65536)] or [b""]
    for i, p in enumerate(pieces):
        out += struct.pack("<I", len(p) << 3 | (i + 1 == len(pieces)))[:3] + p
    return out


def compress(data):
    """.Z: LZW of 9 to 16 bits; codes of one length come in groups of eight"""
    out, bits, n, width, group = bytearray(b"\x1f\x9d\x90"), 0, 0, 9, 0
    table, free, word = {bytes([c]): c for c in range(256)}, 257, b""

    def put(code):
        nonlocal bits, n, group
        bits |= code << n
        n += width
        group += 1
        while n >= 8:
            out.append(bits & 255)
            bits >>= 8
            n -= 8
    for i in range(len(data)):
        longer = word + data[i:i + 1]
        if longer in table:
            word = longer
            continue
        put(table[word])
        if free < 65536:
            if free == 1 << width:         # the decoder is one entry behind
                while group % 8:
                    put(0)
                width, group = width + 1, 0
            table[longer] = free
            free += 1
        word = data[i:i + 1]
    if word:
        put(table[word])
    if n:
        out.append(bits & 255)
    return bytes(out)


def xxh32(d):
    """of fewer than 16 bytes"""
    p = [2654435761, 2246822519, 3266489917, 668265263, 374761393]
    h = (p[4] + len(d)) & 0xffffffff
    for i in range(0, len(d) // 4 * 4, 4):
        h = (h + struct.unpack_from("<I", d, i)[0] * p[2]) & 0xffffffff
        h = ((h << 17 | h >> 15) * p[3]) & 0xffffffff
    for c in d[len(d) // 4 * 4:]:
        h = (h + c * p[4]) & 0xffffffff
        h = ((h << 11 | h >> 21) * p[0]) & 0xffffffff
    h = ((h ^ h >> 15) * p[1]) & 0xffffffff
    h = ((h ^ h >> 13) * p[2]) & 0xffffffff
    return h ^ h >> 16


def lz4(data, packed=None):
    d = b"\x60\x70"
    out = b"\x04\x22\x4d\x18" + d + bytes([xxh32(d) >> 8 & 255])
    if packed is not None:
        return out + packed + b"\0\0\0\0"
    for i in range(0, len(data), 1 << 20):
        p = data[i:i + (1 << 20)]
        out += struct.pack("<I", len(p) | 0x80000000) + p
    return out + b"\0\0\0\0"


def one(pack, **k):
    return lambda files: pack(files[-1][1], **k)


KINDS = {
    "tar": tar, "v7.tar": v7, "gnu.tar": lambda f: tar(f, tarfile.GNU_FORMAT), "pax.tar": lambda f: tar(f, tarfile.PAX_FORMAT),
    "cpio": cpio, "a": ar, "deb": deb, "7z": seven, "lzma.7z": lambda f: seven(f, True), "rar4.rar": rar4, "rar5.rar": rar5,
    "cab": cab, "mszip.cab": lambda f: cab(f, True), "lzh": lha, "iso": iso, "xar": xar,
    "gz": one(gz), "bz2": one(bz2.compress), "xz": one(lzma.compress), "lzma": one(lzma.compress, format=lzma.FORMAT_ALONE),
    "lz": one(lzip), "zst": one(zstd), "Z": one(compress), "lz4": one(lz4),
    "tar.gz": lambda f: gz(tar(f)), "tgz": lambda f: gz(tar(f)), "tar.bz2": lambda f: bz2.compress(tar(f)),
    "tar.xz": lambda f: lzma.compress(tar(f)), "tar.zst": lambda f: zstd(tar(f)), "tar.Z": lambda f: compress(tar(f)),
}
