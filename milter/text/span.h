/*
 * span - bytes of a hostile file with their end: what lies outside reads as nothing.
 *
 * A reader of a format asks for a number or a piece at an offset that the file named;
 * when it is not all there, the answer is 0 or an empty span, never a byte too many.
 * No offset is ever added to another before it is compared with what is there.
 */
#ifndef SG_TEXT_SPAN_H
#define SG_TEXT_SPAN_H

#include <glib.h>
#include <string.h>

typedef struct SgSpan {
	const guint8 *p;
	gsize	      n;
} SgSpan;

static inline SgSpan
sg_span_of(GBytes *b)
{
	SgSpan s;

	s.p = g_bytes_get_data(b, &s.n);
	return s;
}

static inline gboolean
sg_span_has(SgSpan s, guint64 at, guint64 n)
{
	return at <= s.n && n <= s.n - at;
}

/* From at on, at most n bytes: what there is of it. */
static inline SgSpan
sg_span_cut(SgSpan s, guint64 at, guint64 n)
{
	SgSpan none = { s.p, 0 }, cut = { s.p, 0 };

	if (at >= s.n)
		return none;
	cut.p = s.p + at;
	cut.n = (gsize)MIN(n, s.n - at);
	return cut;
}

static inline guint64
sg_span_le(SgSpan s, guint64 at, guint bytes)
{
	guint64 v = 0;

	if (!sg_span_has(s, at, bytes))
		return 0;
	for (guint i = bytes; i > 0; i--)
		v = v << 8 | s.p[at + i - 1];
	return v;
}

static inline guint8
sg_span_u8(SgSpan s, guint64 at)
{
	return at < s.n ? s.p[at] : 0;
}

static inline guint16
sg_span_le16(SgSpan s, guint64 at)
{
	return (guint16)sg_span_le(s, at, 2);
}

static inline guint32
sg_span_le32(SgSpan s, guint64 at)
{
	return (guint32)sg_span_le(s, at, 4);
}

static inline gboolean
sg_span_is(SgSpan s, guint64 at, const void *what, gsize n)
{
	return sg_span_has(s, at, n) && memcmp(s.p + at, what, n) == 0;
}

/* The first place of what at or after from; FALSE when there is none.  By its first byte:
 * memchr() is several times as fast as memmem(), and no byte is frequent in packed data. */
static inline gboolean
sg_span_find(SgSpan s, guint64 from, const void *what, gsize n, gsize *at)
{
	const guint8 *p, *end;

	if (n == 0 || from >= s.n)
		return FALSE;
	p = s.p + from;
	end = s.p + s.n;
	while ((gsize)(end - p) >= n &&
	    (p = memchr(p, *(const guint8 *)what, (gsize)(end - p) - n + 1)) != NULL) {
		if (memcmp(p, what, n) == 0) {
			*at = (gsize)(p - s.p);
			return TRUE;
		}
		p++;
	}
	return FALSE;
}

#endif
