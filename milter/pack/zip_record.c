#include <string.h>

#include "pack/zip_record.h"

#define ZIP64_FIELD 0x0001u
#define PATH_FIELD  0x7075u	/* Info-ZIP's Unicode path */
#define AES_FIELD   0x9901u
#define NAME_MOST   4096u	/* of a header that nobody points at */

guint16
sg_zip_u16(const guint8 *p)
{
	return (guint16)(p[0] | p[1] << 8);
}

guint32
sg_zip_u32(const guint8 *p)
{
	return (guint32)sg_zip_u16(p) | (guint32)sg_zip_u16(p + 2) << 16;
}

guint64
sg_zip_u64(const guint8 *p)
{
	return (guint64)sg_zip_u32(p) | (guint64)sg_zip_u32(p + 4) << 32;
}

/* Are there len bytes at this place, and do they begin so? */
static gboolean
stands(SgZipView v, gsize at, gsize len, const char *sig)
{
	return at <= v.n && v.n - at >= len && memcmp(v.p + at, sig, 4) == 0;
}

/* The fields that were too large for 32 bits, in their order. */
static void
read_zip64(SgZipRecord *r, const guint8 *p, gsize n)
{
	guint64 *const wanted[] = { &r->size, &r->packed, &r->offset };

	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
		if (*wanted[i] != G_MAXUINT32 || n < 8)
			continue;
		*wanted[i] = sg_zip_u64(p);
		p += 8;
		n -= 8;
	}
}

static void
read_extra(SgZipRecord *r, const guint8 *p, gsize n)
{
	while (n >= 4) {
		guint id = sg_zip_u16(p);
		gsize len = sg_zip_u16(p + 2);

		p += 4;
		n -= 4;
		if (len > n)
			return;
		if (id == ZIP64_FIELD)
			read_zip64(r, p, len);
		if (id == PATH_FIELD && len > 5 && p[0] == 1) {
			r->path_crc = sg_zip_u32(p + 1);
			r->path = p + 5;
			r->path_len = len - 5;
		}
		if (id == AES_FIELD && len >= 7) {
			r->aes = p[4] >= 1 && p[4] <= 3 ? 64u + 64u * p[4] : 256u;
			r->aes_method = sg_zip_u16(p + 5);
		}
		p += len;
		n -= len;
	}
}

gboolean
sg_zip_local(SgZipView v, gsize at, SgZipRecord *r)
{
	const guint8 *p;
	gsize name, extra;

	if (!stands(v, at, SG_ZIP_LOCAL_LEN, SG_ZIP_LOCAL))
		return FALSE;
	p = v.p + at;
	name = sg_zip_u16(p + 26);
	extra = sg_zip_u16(p + 28);
	if (name + extra > v.n - at - SG_ZIP_LOCAL_LEN)
		return FALSE;
	*r = (SgZipRecord){ .at = at, .next = at + SG_ZIP_LOCAL_LEN + name + extra,
		.flags = sg_zip_u16(p + 6), .method = sg_zip_u16(p + 8), .crc = sg_zip_u32(p + 14),
		.packed = sg_zip_u32(p + 18), .size = sg_zip_u32(p + 22),
		.name = p + SG_ZIP_LOCAL_LEN, .name_len = name };
	read_extra(r, r->name + name, extra);
	return TRUE;
}

gboolean
sg_zip_central(SgZipView v, gsize at, SgZipRecord *r)
{
	const guint8 *p;
	gsize name, extra, comment;

	if (!stands(v, at, SG_ZIP_CENTRAL_LEN, SG_ZIP_CENTRAL))
		return FALSE;
	p = v.p + at;
	name = sg_zip_u16(p + 28);
	extra = sg_zip_u16(p + 30);
	comment = sg_zip_u16(p + 32);
	if (name + extra + comment > v.n - at - SG_ZIP_CENTRAL_LEN)
		return FALSE;
	*r = (SgZipRecord){ .at = at, .next = at + SG_ZIP_CENTRAL_LEN + name + extra + comment,
		.made_by = sg_zip_u16(p + 4), .flags = sg_zip_u16(p + 8), .method = sg_zip_u16(p + 10),
		.crc = sg_zip_u32(p + 16), .packed = sg_zip_u32(p + 20), .size = sg_zip_u32(p + 24),
		.attributes = sg_zip_u32(p + 38), .offset = sg_zip_u32(p + 42),
		.name = p + SG_ZIP_CENTRAL_LEN, .name_len = name };
	read_extra(r, r->name + name, extra);
	return TRUE;
}

/* The ZIP64 end stands where its locator says, or, when something was put before the
 * zip, right before the locator. */
static gboolean
read_end64(SgZipView v, SgZipEnd *e)
{
	gsize locator = e->at - 20, at;
	guint64 where;
	const guint8 *p;

	if (e->at < 20 || !stands(v, locator, 20, "PK\006\007"))
		return FALSE;
	where = sg_zip_u64(v.p + locator + 8);
	at = where < locator ? (gsize)where : 0;
	if (!stands(v, at, 56, "PK\006\006"))
		at = locator >= 56 ? locator - 56 : locator;
	if (!stands(v, at, 56, "PK\006\006"))
		return FALSE;
	p = v.p + at;
	e->entries = sg_zip_u64(p + 32);
	e->size = sg_zip_u64(p + 40);
	e->directory = sg_zip_u64(p + 48);
	e->edge = at;
	return TRUE;
}

gboolean
sg_zip_end(SgZipView v, gsize at, gboolean long64, SgZipEnd *e)
{
	const guint8 *p;
	gsize comment;

	if (!stands(v, at, SG_ZIP_END_LEN, SG_ZIP_END))
		return FALSE;
	p = v.p + at;
	comment = sg_zip_u16(p + 20);
	*e = (SgZipEnd){ .at = at, .next = at + SG_ZIP_END_LEN + MIN(comment, v.n - at - SG_ZIP_END_LEN),
		.edge = at, .entries = sg_zip_u16(p + 10), .size = sg_zip_u32(p + 12),
		.directory = sg_zip_u32(p + 16) };
	e->split = sg_zip_u16(p + 4) != sg_zip_u16(p + 6) ||
	    (sg_zip_u16(p + 4) != 0 && sg_zip_u16(p + 4) != G_MAXUINT16);
	return !long64 || read_end64(v, e);
}

gboolean
sg_zip_plausible(const SgZipRecord *r)
{
	static const guint8 methods[] = { 0, 1, 6, 8, 9, 10, 12, 14, 18, 19, 93, 94, 95, 96, 97, 98, 99 };

	return r->name_len > 0 && r->name_len <= NAME_MOST && (r->method <= 99 &&
	    memchr(methods, (int)r->method, sizeof methods) != NULL);
}

/* memchr() is several times as fast as memmem(), and "P" is rare in packed data. */
gsize
sg_zip_next(SgZipView v, gsize from, gsize to, const char *sig)
{
	to = MIN(to, v.n);
	while (from < to && to - from >= 4) {
		const guint8 *p = memchr(v.p + from, sig[0], to - from - 3);

		if (p == NULL)
			break;
		from = (gsize)(p - v.p);
		if (memcmp(p, sig, 4) == 0)
			return from;
		from++;
	}
	return to;
}
