#include <string.h>

#include "old/biff.h"

gboolean
sg_biff_next(SgBiff *b)
{
	if (b->len - b->next < 4)
		return FALSE;
	b->type = sg_le16(b->data + b->next);
	b->p = b->data + b->next + 4;
	b->end = b->p + MIN(sg_le16(b->data + b->next + 2), b->len - b->next - 4);
	b->next = (gsize)(b->end - b->data);
	return TRUE;
}

gboolean
sg_biff_more(SgBiff *b)
{
	guint type = b->type;

	if (b->len - b->next < 4 || sg_le16(b->data + b->next) != SG_BIFF_CONTINUE)
		return FALSE;
	sg_biff_next(b);
	b->type = type;
	return TRUE;
}

gboolean
sg_biff_at_end(SgBiff *b)
{
	while (b->p >= b->end)
		if (!sg_biff_more(b))
			return TRUE;
	return FALSE;
}

guint32
sg_biff_get(SgBiff *b, guint bytes)
{
	guint32 v = 0;

	for (guint i = 0; i < bytes && !sg_biff_at_end(b); i++)
		v |= (guint32)*b->p++ << (8 * i);
	return v;
}

void
sg_biff_skip(SgBiff *b, gsize bytes)
{
	while (bytes > 0 && !sg_biff_at_end(b)) {
		gsize n = MIN(bytes, (gsize)(b->end - b->p));

		b->p += n;
		bytes -= n;
	}
}

/* Eight-bit characters of BIFF8 are the lower halves of UTF-16. */
static void
append_latin1(const guint8 *p, gsize n, GString *out)
{
	for (gsize i = 0; i < n; i++)
		if (p[i] < 0x80)
			g_string_append_c(out, (char)p[i]);
		else
			g_string_append_unichar(out, sg_cp1252_char(p[i]));
}

gboolean
sg_biff_chars(SgBiff *b, gsize n, gboolean wide, GString *out)
{
	while (n > 0) {
		gsize unit = wide ? 2 : 1, k = MIN(n, (gsize)(b->end - b->p) / unit);

		if (wide)
			sg_utf16le_append(b->p, k * 2, out);
		else
			append_latin1(b->p, k, out);
		b->p += k * unit;
		n -= k;
		if (n == 0)
			break;
		if (!sg_biff_more(b))
			return FALSE;
		if (b->p < b->end)
			wide = (*b->p++ & 1) != 0;
	}
	return TRUE;
}

gboolean
sg_biff_string8(SgBiff *b, guint length_bytes, GString *out)
{
	guint n = sg_biff_get(b, length_bytes), options = sg_biff_get(b, 1);
	gsize runs = (options & 8) != 0 ? (gsize)sg_biff_get(b, 2) * 4 : 0;
	gsize spoken = (options & 4) != 0 ? sg_biff_get(b, 4) : 0;

	if (!sg_biff_chars(b, n, (options & 1) != 0, out))
		return FALSE;
	sg_biff_skip(b, runs);
	sg_biff_skip(b, spoken);	/* how it is spoken, in Japanese */
	return TRUE;
}

void
sg_biff_string5(SgBiff *b, guint length_bytes, SgCodepages *pages, guint page, GString *out)
{
	gsize n = sg_biff_get(b, length_bytes);

	while (n > 0 && !sg_biff_at_end(b)) {
		gsize k = MIN(n, (gsize)(b->end - b->p));

		sg_codepage_append(pages, page, b->p, k, out);
		b->p += k;
		n -= k;
	}
}

gdouble
sg_biff_rk(guint32 rk)
{
	gdouble v;

	if ((rk & 2) != 0) {
		v = (gint32)(rk & ~3u) / 4;
	} else {
		guint64 bits = (guint64)(rk & ~3u) << 32;

		memcpy(&v, &bits, sizeof v);
	}
	return (rk & 1) != 0 ? v / 100 : v;
}

gdouble
sg_biff_double(SgBiff *b)
{
	guint64 bits = sg_biff_get(b, 4);
	gdouble v;

	bits |= (guint64)sg_biff_get(b, 4) << 32;
	memcpy(&v, &bits, sizeof v);
	return v;
}
