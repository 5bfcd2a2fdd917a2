/* ooxml_xlsb - the binary parts of an .xlsb ([MS-XLSB]): records of number, length, bytes. */
#include <math.h>
#include <string.h>

#include "office/ooxml_book.h"

#define RUN 4u		/* letters in a row that are taken for words */

/* Records: [MS-XLSB] 2.3.2 */
enum {
	R_ROW = 0, R_RK = 2, R_BOOLEAN = 4, R_REAL = 5, R_TEXT = 6, R_SHARED = 7, R_FORMULA_TEXT = 8,
	R_FORMULA_REAL = 9, R_FORMULA_BOOLEAN = 10, R_STRING = 19, R_FORMAT = 44, R_XF = 47, R_RICH_TEXT = 62,
	R_BOOK = 153, R_SHEET = 156, R_XFS = 617, R_XFS_END = 618,
};

typedef struct Record {
	const guint8 *p;
	gsize	      n;
	guint	      type;
} Record;

static guint32
u32(const Record *r, gsize at)
{
	if (r->n < 4 || at > r->n - 4)
		return 0;
	return (guint32)r->p[at] | (guint32)r->p[at + 1] << 8 | (guint32)r->p[at + 2] << 16 |
	    (guint32)r->p[at + 3] << 24;
}

/* A length in letters and UTF-16; how many bytes it takes, or 0. */
static gsize
wide(const Record *r, gsize at, char **utf8)
{
	gsize letters = u32(r, at);

	*utf8 = NULL;
	if (at + 4 > r->n)
		return 0;
	if (letters == G_MAXUINT32) {	/* nullable: none */
		*utf8 = g_strdup("");
		return 4;
	}
	if (letters > (r->n - at - 4) / 2)
		return 0;
	{
		g_autofree gunichar2 *copy = g_new(gunichar2, letters + 1);

		for (gsize i = 0; i < letters; i++)
			copy[i] = (gunichar2)(r->p[at + 4 + 2 * i] | r->p[at + 5 + 2 * i] << 8);
		*utf8 = g_utf16_to_utf8(copy, (glong)letters, NULL, NULL, NULL);
	}
	if (*utf8 == NULL)
		*utf8 = g_strdup("");
	return 4 + letters * 2;
}

static double
rk(guint32 v)
{
	guint64 bits = (guint64)(v & ~3u) << 32;
	double d;

	if ((v & 2) != 0)
		d = (double)((gint32)v >> 2);
	else
		memcpy(&d, &bits, sizeof d);
	return (v & 1) != 0 ? d / 100 : d;
}

static double
real(const Record *r, gsize at)
{
	guint64 bits = (guint64)u32(r, at) | (guint64)u32(r, at + 4) << 32;
	double d;

	memcpy(&d, &bits, sizeof d);
	return at + 8 <= r->n ? d : 0;
}

static void
give_number(SgBook *b, guint row, guint column, double v, guint style)
{
	g_autoptr(GString) shown = g_string_new(NULL);

	sg_book_show(b, shown, v, NULL, style);
	sg_book_cell(b, row, column, shown->str, shown->len);
}

static void
cell(SgBook *b, const Record *r, guint row)
{
	guint column = u32(r, 0), style = u32(r, 4) & 0xffffff;
	g_autofree char *text = NULL;
	const char *s = NULL;

	if (r->n < 9)
		return;
	if (r->type == R_RK || r->type == R_REAL || r->type == R_FORMULA_REAL) {
		give_number(b, row, column, r->type == R_RK ? rk(u32(r, 8)) : real(r, 8), style);
		return;
	}
	if (r->type == R_BOOLEAN || r->type == R_FORMULA_BOOLEAN)
		s = r->p[8] != 0 ? "TRUE" : "FALSE";
	else if (r->type == R_SHARED)
		s = sg_book_string(b, u32(r, 8));
	else if (wide(r, r->type == R_RICH_TEXT ? 9 : 8, &text) > 0)
		s = text;
	if (s != NULL)
		sg_book_cell(b, row, column, s, strlen(s));
}

/* Words in records of other kinds: names, comments, headers, lists. */
static void
sweep(SgBook *b, const Record *r)
{
	g_autoptr(GString) run = g_string_new(NULL);

	for (gsize odd = 0; odd < 2; odd++) {
		for (gsize i = odd; i <= r->n; i += 2) {
			guint c = i + 1 < r->n ? (guint)(r->p[i] | r->p[i + 1] << 8) : 0;

			if (c >= 0x20 && c < 0x2000 && c != 0x7f) {
				g_string_append_unichar(run, c);
				continue;
			}
			if (g_utf8_strlen(run->str, -1) >= RUN) {
				sg_flow_words(b->flow, run->str, run->len);
				sg_flow_paragraph(b->flow);
			}
			g_string_truncate(run, 0);
		}
	}
}

static void
sheet(SgBook *b, const Record *r)
{
	g_autofree char *id = NULL, *name = NULL;
	gsize n = wide(r, 8, &id);

	if (n > 0 && wide(r, 8 + n, &name) > 0)
		sg_book_add_sheet(b, id, name, u32(r, 0) != 0);
}

static void
other(SgBook *b, const Record *r)
{
	g_autofree char *text = NULL;
	guint format;

	switch (r->type) {
	case R_STRING:
		if (wide(r, 1, &text) > 0)
			sg_book_add_string(b, text, strlen(text));
		break;
	case R_FORMAT:
		if (wide(r, 2, &text) > 0)
			sg_book_add_format(b, u32(r, 0) & 0xffff, text);
		break;
	case R_XFS:
		b->formats_open = TRUE;
		break;
	case R_XFS_END:
		b->formats_open = FALSE;
		break;
	case R_XF:
		format = u32(r, 0) >> 16;
		if (b->formats_open && b->formats->len < G_MAXUINT16)
			g_array_append_val(b->formats, format);
		break;
	case R_BOOK:
		b->from_1904 = (u32(r, 0) & 1) != 0;
		break;
	case R_SHEET:
		sheet(b, r);
		break;
	default:
		if (r->n >= 2 * RUN)
			sweep(b, r);
	}
}

/* Seven bits a byte, the low ones first. */
static gboolean
number(const guint8 *p, gsize n, gsize *at, guint most, guint *value)
{
	*value = 0;
	for (guint i = 0; i < most && *at < n; i++) {
		guint8 c = p[(*at)++];

		*value |= (guint)(c & 0x7f) << (7 * i);
		if ((c & 0x80) == 0)
			return TRUE;
	}
	return FALSE;
}

gboolean
sg_xlsb_read(SgBook *b, const guint8 *p, gsize n)
{
	guint row = 0, length;

	for (gsize at = 0; at < n;) {
		Record r;

		if (!number(p, n, &at, 2, &r.type) || !number(p, n, &at, 4, &length) || length > n - at)
			return FALSE;
		r.p = p + at;
		r.n = length;
		at += length;
		if (r.type == R_ROW)
			row = MAX(row, MIN(u32(&r, 0), G_MAXINT32));
		else if (r.type <= R_FORMULA_BOOLEAN || r.type == R_RICH_TEXT)
			cell(b, &r, row);
		else
			other(b, &r);
		if (sg_flow_failed(b->flow))
			break;
	}
	return TRUE;
}
