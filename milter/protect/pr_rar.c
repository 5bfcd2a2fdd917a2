/*
 * pr_rar - encrypted headers and files of RAR archives: 1.4, 1.5 to 4, and 5.
 *
 * Formats: www.rarlab.com/technote.htm (5); the technical note of WinRAR 3 and unrar's
 * headers (1.5 to 4).  Only headers are read; each says how far it is to the next one.
 */
#include "protect/pr.h"

#define MARK4 "Rar!\x1a\x07\x00"
#define MARK5 "Rar!\x1a\x07\x01\x00"
#define SEARCHED (1u << 20)	/* how far a program may stand before the archive */

typedef struct Tally {
	guint	    plain, shut;
	gboolean    headers;
	const SgCipher *weakest;
} Tally;

static void
shut(Tally *t, const SgCipher *c)
{
	t->shut++;
	if (t->weakest == NULL || (t->weakest->strong && !c->strong))
		t->weakest = c;
}

/* What was used follows from the version that can unpack it. */
static const SgCipher *
cipher_of_version(guint version)
{
	static const SgCipher old = { "RAR-1.5", FALSE }, two = { "RAR-2", FALSE }, aes = { "AES-128", TRUE };

	return version >= 29 ? &aes : version >= 20 ? &two : &old;
}

static void
read4(SgSpan f, gsize at, Tally *t)
{
	/* each header is 7 bytes at least, so the file's size bounds the loop */
	while (sg_span_has(f, at, 7)) {
		guint type = sg_span_u8(f, at + 2), flags = sg_span_le16(f, at + 3), size = sg_span_le16(f, at + 5);
		gboolean file = type == 0x74;
		guint64 data = file || (flags & 0x8000) != 0 ? sg_span_le32(f, at + 7) : 0;

		if (size < 7 || type < 0x72 || type > 0x7b)
			return;
		if ((file || type == 0x7a) && (flags & 0x100) != 0)
			data |= (guint64)sg_span_le32(f, at + 32) << 32;
		if (type == 0x73 && (flags & 0x80) != 0) {
			t->headers = TRUE;
			shut(t, cipher_of_version(29));
			return;
		}
		if (file && (flags & 0x04) != 0)
			shut(t, cipher_of_version(sg_span_u8(f, at + 24)));
		else if (file)
			t->plain += (flags & 0xe0) != 0xe0 && data > 0;
		if (type == 0x7b || !sg_span_has(f, (guint64)at + size, data))
			return;
		at += size + (gsize)data;
	}
}

/* Seven bits a byte, the lowest first; at most ten bytes.  0 and *bad beyond the end. */
static guint64
vint(SgSpan f, gsize *at, gboolean *bad)
{
	guint64 v = 0;

	for (guint i = 0; i < 10; i++) {
		guint8 b = sg_span_u8(f, *at);

		if (*at >= f.n)
			break;
		*at += 1;
		v |= (guint64)(b & 0x7f) << (7 * i);
		if ((b & 0x80) == 0)
			return v;
	}
	*bad = TRUE;
	return 0;
}

/* Does a file's extra area have the record of encryption? */
static gboolean
extra_is_shut(SgSpan extra)
{
	gboolean bad = FALSE;

	for (gsize at = 0; at < extra.n;) {
		guint64 size = vint(extra, &at, &bad);
		gsize next = at;

		if (bad || size == 0 || !sg_span_has(extra, at, size))
			return FALSE;
		next += (gsize)size;
		if (vint(extra, &at, &bad) == 1 && !bad)
			return TRUE;
		at = next;
	}
	return FALSE;
}

static void
read5(SgSpan f, gsize at, Tally *t)
{
	static const SgCipher aes = { "AES-256", TRUE };
	gboolean bad = FALSE;

	while (sg_span_has(f, at, 7)) {
		guint64 size, type, flags, extra, data;
		gsize body;

		at += 4;
		size = vint(f, &at, &bad);
		body = at;
		type = vint(f, &at, &bad);
		flags = vint(f, &at, &bad);
		extra = (flags & 1) != 0 ? vint(f, &at, &bad) : 0;
		data = (flags & 2) != 0 ? vint(f, &at, &bad) : 0;
		if (bad || size == 0 || !sg_span_has(f, body, size))
			return;
		if (type == 4) {
			t->headers = TRUE;
			shut(t, &aes);
			return;
		}
		if (type == 2) {
			guint64 kind = vint(f, &at, &bad);	/* bit 0: a folder */

			if (extra <= size && extra_is_shut(sg_span_cut(f, body + (size - extra), extra)))
				shut(t, &aes);
			else
				t->plain += (kind & 1) == 0 && data > 0;
		}
		body += (gsize)size;
		if (type == 5 || !sg_span_has(f, body, data))
			return;
		at = body + (gsize)data;
	}
}

/* RAR 1.4: one header of the archive, then one a file. */
static void
read14(SgSpan f, Tally *t)
{
	static const SgCipher cipher = { "RAR-1.4", FALSE };
	guint64 at = sg_span_le16(f, 4);

	while (at >= 7 && sg_span_has(f, at, 21)) {
		guint64 packed = sg_span_le32(f, at), head = sg_span_le16(f, at + 10);

		if (head < 21 || !sg_span_has(f, at + head, packed))
			return;
		if ((sg_span_u8(f, at + 17) & 0x04) != 0)
			shut(t, &cipher);
		else
			t->plain += packed > 0;
		at += head + packed;
	}
}

gboolean
sg_pr_rar_is(const SgPart *part, SgSpan head)
{
	(void)part;
	return sg_span_is(head, 0, "Rar!\x1a\x07", 6) || sg_span_is(head, 0, "RE~^", 4) ||
	    sg_span_is(head, 0, "MZ", 2);
}

gboolean
sg_pr_rar(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	Tally t = { 0, 0, FALSE, NULL };
	SgSpan front = sg_span_cut(file, 0, SEARCHED);
	gsize at;

	(void)part;
	(void)sink;
	if (sg_span_find(front, 0, MARK5, 8, &at))
		read5(file, at + 8, &t);
	else if (sg_span_find(front, 0, MARK4, 7, &at))
		read4(file, at + 7, &t);
	else if (sg_span_is(file, 0, "RE~^", 4))
		read14(file, &t);
	if (t.shut == 0) {
		sg_pr_say(out, "plain", NULL);
		return t.plain > 0;
	}
	sg_pr_say(out, t.plain > 0 && !t.headers ? "partial" : "protected", t.weakest);
	return TRUE;
}
