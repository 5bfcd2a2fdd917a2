/*
 * x_xls - the cells of an Excel file: [MS-XLS] (BIFF8), BIFF5 of 1995, and the bare
 * sheets of BIFF2 to 4.  Each sheet is a table; names, notes, headers and what stands
 * in records that are not read here are texts beside it.
 */
#include <math.h>
#include <string.h>

#include "base/err.h"
#include "old/biff.h"
#include "old/olejob.h"
#include "part/table.h"
#include "protect/olecrypt.h"
#include "text/number.h"

#define STYLES_MOST 65536u
#define SHOWN 0x80000000u

typedef struct Xls {
	SgOleJob *job;
	SgBiff	  b;
	guint	  version;	/* 2, 3, 4, 5 or 8 */
	guint	  page, depth;	/* depth: of substreams in each other */
	gboolean  from_1904, sheet, unread;	/* unread: the last record was swept */
	GHashTable *formats;	/* number of a format to its text */
	GArray	 *styles;	/* guint16: number of the format */
	GString	 *shared;	/* the shared strings behind each other */
	GArray	 *starts;	/* guint32: where each begins; the top bit: a cell shows it */
	SgTable	 *table;
	GString	 *cell, *aside;
	guint	  row, column;	/* of the formula whose text comes next */
	guint	  last_row;
	guint64	  total;	/* bytes in cells */
} Xls;

static void
get_string(Xls *x, guint length_bytes, GString *out)
{
	if (x->version == 8)
		sg_biff_string8(&x->b, length_bytes, out);
	else
		sg_biff_string5(&x->b, length_bytes, x->job->pages, x->page, out);
}

static void
say_aside(Xls *x, guint length_bytes)
{
	get_string(x, length_bytes, x->aside);
	g_string_append_c(x->aside, '\n');
}

/* One cell.  A shared string may stand in every cell: what they come to is bounded. */
static gboolean
put_cell(Xls *x, guint row, guint column, const char *text, gsize len, GError **error)
{
	if (len == 0)
		return TRUE;
	if (x->depth > 1 || !x->sheet) {	/* labels of a chart in the sheet */
		g_string_append_len(x->aside, text, (gssize)MIN(len, 4096));
		g_string_append_c(x->aside, '\n');
		return TRUE;
	}
	x->total += len + 1 + (row != x->last_row ? column : 0);
	x->last_row = row;
	if (x->total > (guint64)x->job->sink->options->scan.text) {
		x->job->sink->limit(x->job->sink, "text");
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "text of a workbook");
		return FALSE;
	}
	return sg_table_cell(x->table, row, column, text, len, error);
}

static gboolean
put_number(Xls *x, guint row, guint column, guint style, gdouble v, GError **error)
{
	guint id = style < x->styles->len ? g_array_index(x->styles, guint16, style) : 0;
	const char *format = g_hash_table_lookup(x->formats, GUINT_TO_POINTER(id));

	if (x->depth > 1)
		return TRUE;
	g_string_truncate(x->cell, 0);
	sg_number_show(x->cell, v, NULL, format != NULL ? format : sg_number_builtin(id), x->from_1904);
	return put_cell(x, row, column, x->cell->str, x->cell->len, error);
}

/* Row, column and style, as every cell begins; BIFF2 has attributes for a style. */
static void
get_place(Xls *x, guint *row, guint *column, guint *style)
{
	*row = sg_biff_get(&x->b, 2);
	*column = sg_biff_get(&x->b, 2);
	*style = sg_biff_get(&x->b, 2);
	if (x->version == 2)
		*style = (*style >> 8 & 0x3f) + (sg_biff_get(&x->b, 1) & 0);
}

static gboolean
read_number(Xls *x, GError **error)
{
	guint row, column, style, type = x->b.type;
	gdouble v;

	get_place(x, &row, &column, &style);
	if (type == 0x27e)
		v = sg_biff_rk(sg_biff_get(&x->b, 4));
	else if (type == 0x0002)
		v = sg_biff_get(&x->b, 2);
	else
		v = sg_biff_double(&x->b);
	return put_number(x, row, column, style, v, error);
}

static gboolean
read_mulrk(Xls *x, GError **error)
{
	guint row = sg_biff_get(&x->b, 2), column = sg_biff_get(&x->b, 2);

	while (x->b.end - x->b.p >= 6) {
		guint style = sg_biff_get(&x->b, 2);
		gdouble v = sg_biff_rk(sg_biff_get(&x->b, 4));

		if (!put_number(x, row, column++, style, v, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_label(Xls *x, GError **error)
{
	guint row, column, style;

	get_place(x, &row, &column, &style);
	g_string_truncate(x->cell, 0);
	get_string(x, x->version == 2 ? 1 : 2, x->cell);
	return put_cell(x, row, column, x->cell->str, x->cell->len, error);
}

static const char *
shared_string(const Xls *x, guint i, gsize *n)
{
	guint32 from = g_array_index(x->starts, guint32, i) & ~SHOWN;
	guint32 to = i + 1 < x->starts->len ? g_array_index(x->starts, guint32, i + 1) & ~SHOWN :
	    (guint32)x->shared->len;

	*n = to - from;
	return x->shared->str + from;
}

static gboolean
read_label_sst(Xls *x, GError **error)
{
	guint row, column, style, i;
	const char *text;
	gsize n;

	get_place(x, &row, &column, &style);
	i = sg_biff_get(&x->b, 4);
	if (i >= x->starts->len)
		return TRUE;
	text = shared_string(x, i, &n);
	g_array_index(x->starts, guint32, i) |= SHOWN;
	return put_cell(x, row, column, text, n, error);
}

/* A string that no cell shows any more goes out with the file all the same. */
static void
add_unshown(Xls *x)
{
	for (guint i = 0; i < x->starts->len; i++) {
		gsize n;
		const char *text = shared_string(x, i, &n);

		if ((g_array_index(x->starts, guint32, i) & SHOWN) == 0)
			sg_strings_add(x->job->strings, text, n);
	}
}

static gboolean
read_formula(Xls *x, GError **error)
{
	const guint8 *result;
	guint style;

	get_place(x, &x->row, &x->column, &style);
	result = x->b.p;
	if (x->b.end - x->b.p < 8)
		return TRUE;
	/* strings in the formula itself */
	sg_strings_sweep(x->job->strings, result + 8, (gsize)(x->b.end - result) - 8, 5);
	if (sg_le16(result + 6) != 0xffff)
		return put_number(x, x->row, x->column, style, sg_biff_double(&x->b), error);
	if (result[0] == 1)
		return put_cell(x, x->row, x->column, result[2] ? "TRUE" : "FALSE", result[2] ? 4 : 5, error);
	return TRUE;		/* text, in the STRING record behind; an error; nothing */
}

static gboolean
read_result(Xls *x, GError **error)
{
	g_string_truncate(x->cell, 0);
	get_string(x, x->version == 2 ? 1 : 2, x->cell);
	return put_cell(x, x->row, x->column, x->cell->str, x->cell->len, error);
}

static gboolean
read_shared(Xls *x, GError **error)
{
	guint left;

	sg_biff_get(&x->b, 4);
	for (left = sg_biff_get(&x->b, 4); left > 0 && !sg_biff_at_end(&x->b); left--) {
		guint32 start = (guint32)x->shared->len;

		if (left % 1024 == 0 && !x->job->sink->spend(x->job->sink, 0, error))
			return FALSE;
		if (start >= SHOWN)
			break;
		g_array_append_val(x->starts, start);
		if (!sg_biff_string8(&x->b, 2, x->shared))
			break;
	}
	return TRUE;
}

static void
read_format(Xls *x)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint id = x->version >= 4 ? sg_biff_get(&x->b, 2) : g_hash_table_size(x->formats);

	get_string(x, x->version == 8 ? 2 : 1, text);
	if (g_hash_table_size(x->formats) < STYLES_MOST)
		g_hash_table_insert(x->formats, GUINT_TO_POINTER(id),
		    g_string_free(g_steal_pointer(&text), FALSE));
}

static void
read_style(Xls *x)
{
	guint narrow = x->b.type != 0xe0;
	guint16 format;

	sg_biff_skip(&x->b, narrow ? 1 : 2);
	format = (guint16)sg_biff_get(&x->b, narrow ? 1 : 2);
	if (x->styles->len < STYLES_MOST)
		g_array_append_val(x->styles, format);
}

static void
read_page(Xls *x)
{
	x->page = sg_biff_get(&x->b, 2);
	if (x->page == 0x8000)
		x->page = 10000;
	else if (x->page == 0x8001 || x->page == 1200)
		x->page = 1252;
}

static void
read_sheet_name(Xls *x)
{
	sg_biff_skip(&x->b, 4);
	if ((sg_biff_get(&x->b, 2) >> 8 & 0xff) == 1)
		sg_part_kind(x->job->part, "macro");	/* of Excel 4 */
	say_aside(x, 1);
}

static void
read_note(Xls *x)
{
	sg_biff_skip(&x->b, x->version == 8 ? 8 : 4);
	say_aside(x, 2);
}

/* The text of a box or a note stands in the CONTINUE behind. */
static void
read_box(Xls *x)
{
	guint n;

	sg_biff_skip(&x->b, 10);
	n = sg_biff_get(&x->b, 2);
	if (n == 0 || !sg_biff_more(&x->b))
		return;
	sg_biff_chars(&x->b, n, (sg_biff_get(&x->b, 1) & 1) != 0, x->aside);
	g_string_append_c(x->aside, '\n');
}

static gboolean
begin(Xls *x, GError **error)
{
	guint type = x->b.type, says = sg_biff_get(&x->b, 2), what = sg_biff_get(&x->b, 2);

	if (x->depth++ > 0)
		return TRUE;
	x->version = type == 0x0009 ? 2 : type == 0x0209 ? 3 : type == 0x0409 ? 4 : says < 0x600 ? 5 : 8;
	x->sheet = what != 5;
	if (what == 0x40)
		sg_part_kind(x->job->part, "macro");
	return sg_ole_say(x->job, x->aside, error);
}

static gboolean
end(Xls *x, GError **error)
{
	x->depth -= x->depth > 0;
	if (x->depth > 0)
		return TRUE;
	x->last_row = G_MAXUINT;
	return sg_table_give(x->table, error) && sg_ole_say(x->job, x->aside, error);
}

/* Records of looks, places and pictures: there are no words in them. */
static gboolean
is_wordless(guint type)
{
	static const guint16 types[] = { 0x31, 0x201, 0x208, 0xbe, 0xd7, 0x20b, 0xff, 0x92, 0x7d, 0x200,
		0xeb, 0x896, 0x87d, 0x7f, 0xe9, 0x892, 0x88e, 0x88f, 0x88d, 0x293, 0x3d, 0x1d, 0x23e, 0x5d,
		0x8a, 0x4d, 0x868, 0x87c, 0x89b, 0x205, 0x3, 0x2f, 0x160, 0xc1, 0xe1, 0xe2, 0x13d, 0x99,
		0x26, 0x27, 0x28, 0x29, 0xa1, 0x5b, 0x863 };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (types[i] == type)
			return TRUE;
	return FALSE;
}

static void
sweep_record(Xls *x)
{
	if (x->b.type != SG_BIFF_CONTINUE)
		x->unread = !is_wordless(x->b.type);
	if (x->unread)
		sg_strings_sweep(x->job->strings, x->b.p, (gsize)(x->b.end - x->b.p), 5);
}

static gboolean
read_cell(Xls *x, gboolean *mine, GError **error)
{
	*mine = TRUE;
	switch (x->b.type) {
	case 0x0002:		/* INTEGER */
	case 0x0003:
	case 0x0203:		/* NUMBER */
	case 0x027e:		/* RK */
		return read_number(x, error);
	case 0x00bd:
		return read_mulrk(x, error);
	case 0x0004:
	case 0x0204:		/* LABEL */
	case 0x00d6:		/* RSTRING */
		return read_label(x, error);
	case 0x00fd:
		return read_label_sst(x, error);
	case 0x0006:
	case 0x0206:
	case 0x0406:		/* FORMULA */
		return read_formula(x, error);
	case 0x0007:
	case 0x0207:		/* STRING */
		return read_result(x, error);
	default:
		*mine = FALSE;
		return TRUE;
	}
}

static gboolean
read_record(Xls *x, GError **error)
{
	gboolean mine, ok = read_cell(x, &mine, error);

	x->unread = x->unread && x->b.type == SG_BIFF_CONTINUE;
	if (mine)
		return ok;
	switch (x->b.type) {
	case 0x0009:
	case 0x0209:
	case 0x0409:
	case 0x0809:
		return begin(x, error);
	case 0x000a:
		return end(x, error);
	case 0x00fc:
		return read_shared(x, error);
	case 0x001e:
	case 0x041e:
		read_format(x);
		return TRUE;
	case 0x00e0:
	case 0x0243:
	case 0x0443:
		read_style(x);
		return TRUE;
	case 0x0022:
		x->from_1904 = sg_biff_get(&x->b, 2) != 0;
		return TRUE;
	case 0x0042:
		read_page(x);
		return TRUE;
	case 0x0085:
		read_sheet_name(x);
		return TRUE;
	case 0x001c:
		read_note(x);
		return TRUE;
	case 0x01b6:
		read_box(x);
		return TRUE;
	case 0x0014:
	case 0x0015:		/* header and footer */
		say_aside(x, x->version == 8 ? 2 : 1);
		return TRUE;
	default:
		sweep_record(x);
		return TRUE;
	}
}

static gboolean
read_records(Xls *x, GError **error)
{
	guint n = 0;

	while (sg_biff_next(&x->b)) {
		if (!read_record(x, error))
			return FALSE;
		if (++n % 4096 == 0 && !x->job->sink->spend(x->job->sink, 0, error))
			return FALSE;
	}
	if (n == 0 || x->version == 0)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "workbook without a beginning");
	return n > 0 && x->version > 0;
}

gboolean
sg_xls_read(SgOleJob *j, GBytes *stream, GError **error)
{
	Xls x = { .job = j, .page = 1252, .last_row = G_MAXUINT };
	g_autoptr(GHashTable) formats = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_autoptr(GArray) styles = g_array_new(FALSE, FALSE, sizeof(guint16));
	g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(SgTable) table = sg_table_new(j->sink, "attachment");
	g_autoptr(GString) shared = g_string_new(NULL), cell = g_string_new(NULL);
	g_autoptr(GString) aside = g_string_new(NULL);
	/* encrypted, but with the password that Excel itself knows */
	g_autoptr(GBytes) opened = sg_biff_open(stream, j->sink, error);
	gboolean ok;

	if (opened == NULL)
		return FALSE;
	x.formats = formats;
	x.styles = styles;
	x.starts = starts;
	x.table = table;
	x.shared = shared;
	x.cell = cell;
	x.aside = aside;
	x.b.data = g_bytes_get_data(opened, &x.b.len);
	ok = read_records(&x, error);
	add_unshown(&x);
	/* what was read before a limit or damage counts */
	if (!sg_table_give(table, ok ? error : NULL))
		ok = FALSE;
	return sg_ole_say(j, aside, ok ? error : NULL) && ok;
}
