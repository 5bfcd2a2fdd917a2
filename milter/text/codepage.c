#include <string.h>
#include <unicode/ucnv.h>

#include "text/codepage.h"

#define OPEN_MOST 16u
#define PIECE	  (64u << 10)

struct SgCodepages {
	struct {
		guint cp;
		UConverter *converter;	/* NULL: read as 1252 */
	} open[OPEN_MOST];
	guint n;
};

static const struct {
	guint cp;
	const char *name;
} names[] = {
	{ 932, "windows-31j" }, { 936, "gb18030" }, { 949, "windows-949" }, { 950, "Big5-HKSCS" },
	{ 1201, "UTF-16BE" }, { 10000, "macintosh" }, { 10006, "x-mac-greek" },
	{ 10007, "x-mac-cyrillic" }, { 10029, "x-mac-centraleurroman" }, { 10081, "x-mac-turkish" },
	{ 20866, "KOI8-R" }, { 21866, "KOI8-U" }, { 50220, "iso-2022-jp" }, { 50221, "iso-2022-jp" },
	{ 50222, "iso-2022-jp" }, { 50225, "iso-2022-kr" }, { 51932, "euc-jp" }, { 51936, "gb18030" },
	{ 51949, "euc-kr" }, { 52936, "HZ" }, { 54936, "gb18030" }, { 65000, "utf-7" },
	{ 65001, "utf-8" },
};

SgCodepages *
sg_codepages_new(void)
{
	return g_new0(SgCodepages, 1);
}

void
sg_codepages_free(SgCodepages *c)
{
	if (c == NULL)
		return;
	for (guint i = 0; i < c->n; i++)
		if (c->open[i].converter != NULL)
			ucnv_close(c->open[i].converter);
	g_free(c);
}

static UConverter *
open_converter(guint cp)
{
	UErrorCode status = U_ZERO_ERROR;
	char name[32];
	UConverter *u;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].cp == cp)
			return ucnv_open(names[i].name, &status);
	if (cp > 28590 && cp < 28606)
		g_snprintf(name, sizeof name, "iso-8859-%u", cp - 28590);
	else
		g_snprintf(name, sizeof name, "windows-%u", cp);
	u = ucnv_open(name, &status);
	if (u != NULL)
		return u;
	g_snprintf(name, sizeof name, "ibm-%u", cp);
	status = U_ZERO_ERROR;
	return ucnv_open(name, &status);
}

static UConverter *
converter_of(SgCodepages *c, guint cp)
{
	for (guint i = 0; i < c->n; i++)
		if (c->open[i].cp == cp)
			return c->open[i].converter;
	if (c->n == OPEN_MOST) {
		c->n--;
		if (c->open[c->n].converter != NULL)
			ucnv_close(c->open[c->n].converter);
	}
	c->open[c->n].cp = cp;
	c->open[c->n].converter = open_converter(cp);
	return c->open[c->n++].converter;
}

gunichar
sg_cp1252_char(guint8 c)
{
	static const guint16 high[32] = { 0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c,
		0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178 };

	return c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
}

void
sg_cp1252_append(const void *data, gsize len, GString *out)
{
	const guint8 *p = data, *end = len > 0 ? p + len : p;

	while (p < end) {
		const guint8 *from = p;

		while (p < end && *p < 0x80)
			p++;
		g_string_append_len(out, (const char *)from, (gssize)(p - from));
		for (; p < end && *p >= 0x80; p++)
			g_string_append_unichar(out, sg_cp1252_char(*p));
	}
}

void
sg_utf16le_append(const void *data, gsize len, GString *out)
{
	const guint8 *p = data, *end = len > 1 ? p + (len & ~(gsize)1) : p;
	char ascii[256];

	while (p < end) {
		gsize n = 0;
		gunichar c;

		for (; p < end && p[1] == 0 && p[0] < 0x80 && n < sizeof ascii; p += 2)
			ascii[n++] = (char)p[0];
		g_string_append_len(out, ascii, (gssize)n);
		if (p >= end || (p[1] == 0 && p[0] < 0x80))
			continue;
		c = (gunichar)(p[0] | p[1] << 8);
		p += 2;
		if (c >= 0xd800 && c < 0xdc00 && end - p >= 2 && (p[1] & 0xfc) == 0xdc) {
			c = 0x10000 + ((c & 0x3ff) << 10) + (((gunichar)p[1] & 3) << 8 | p[0]);
			p += 2;
		} else if (c >= 0xd800 && c < 0xe000) {
			c = 0xfffd;
		}
		g_string_append_unichar(out, c);
	}
}

void
sg_codepage_append(SgCodepages *c, guint cp, const void *data, gsize len, GString *out)
{
	const char *p = data, *end = len > 0 ? p + len : p;
	UConverter *u;

	if (cp == 1200) {
		sg_utf16le_append(data, len, out);
		return;
	}
	u = cp != 1252 && cp != 0 ? converter_of(c, cp) : NULL;
	if (u == NULL) {
		sg_cp1252_append(data, len, out);
		return;
	}
	ucnv_reset(u);
	while (p < end) {
		UChar units[1024], *to = units;
		UErrorCode status = U_ZERO_ERROR;
		const char *stop = end - p > (gssize)PIECE ? p + PIECE : end, *before = p;

		ucnv_toUnicode(u, &to, units + G_N_ELEMENTS(units), &p, stop, NULL, stop == end, &status);
		sg_utf16le_append(units, (gsize)((char *)to - (char *)units), out);
		if (p == before && to == units)
			break;
	}
}

guint
sg_codepage_of_language(guint lcid)
{
	/* primary languages whose Windows code page is not 1252; [MS-LCID] */
	static const guint16 pages[][2] = { { 0x01, 1256 }, { 0x02, 1251 }, { 0x04, 936 }, { 0x05, 1250 },
		{ 0x08, 1253 }, { 0x0d, 1255 }, { 0x0e, 1250 }, { 0x11, 932 }, { 0x12, 949 },
		{ 0x15, 1250 }, { 0x18, 1250 }, { 0x19, 1251 }, { 0x1a, 1250 }, { 0x1b, 1250 },
		{ 0x1c, 1250 }, { 0x1e, 874 }, { 0x1f, 1254 }, { 0x20, 1256 }, { 0x22, 1251 },
		{ 0x23, 1251 }, { 0x24, 1250 }, { 0x25, 1257 }, { 0x26, 1257 }, { 0x27, 1257 },
		{ 0x29, 1256 }, { 0x2a, 1258 }, { 0x2c, 1254 }, { 0x2f, 1251 }, { 0x3f, 1251 },
		{ 0x40, 1251 }, { 0x43, 1254 }, { 0x44, 1251 } };

	if (lcid == 0x0404 || lcid == 0x0c04 || lcid == 0x1404)
		return 950;
	if (lcid == 0x0c1a || lcid == 0x201a)
		return 1251;
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
		if (pages[i][0] == (lcid & 0x3ff))
			return pages[i][1];
	return 1252;
}

guint
sg_codepage_of_fcharset(guint charset)
{
	static const guint16 pages[][2] = { { 77, 10000 }, { 78, 932 }, { 79, 949 }, { 80, 936 },
		{ 81, 950 }, { 83, 1255 }, { 84, 1256 }, { 85, 10006 }, { 86, 10081 }, { 87, 874 },
		{ 88, 10029 }, { 89, 10007 }, { 128, 932 }, { 129, 949 }, { 130, 1361 }, { 134, 936 },
		{ 136, 950 }, { 161, 1253 }, { 162, 1254 }, { 163, 1258 }, { 177, 1255 }, { 178, 1256 },
		{ 186, 1257 }, { 204, 1251 }, { 222, 874 }, { 238, 1250 }, { 254, 437 }, { 255, 850 } };

	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
		if (pages[i][0] == charset)
			return pages[i][1];
	return 0;
}
