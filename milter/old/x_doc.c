/*
 * x_doc - the words of a Word document: [MS-DOC] and, without a piece table, Word 6,
 * 95 and 2.  All stories (footnotes, headers, comments, text boxes) follow the main
 * one in the same table of pieces; hidden and deleted words stand among the others.
 */
#include <string.h>

#include "base/err.h"
#include "old/docruns.h"
#include "old/olejob.h"
#include "part/table.h"

#define FLUSH	(1u << 20)	/* given to the sink from here on, at a line's end */
#define DEPTH	63u		/* fields in fields */
#define CELL	'\a'		/* between the cells of a row that has not ended */

/* Offsets in the FIB. */
#define FIB_VERSION	0x02u
#define FIB_LANGUAGE	0x06u
#define FIB_FLAGS	0x0au
#define FIB_MIN		0x18u
#define FIB_MAC		0x1cu
#define FIB_CLX_6	0x160u
#define FIB_CLX_97	0x1a2u
#define FIB_PAPX_97	0x102u
#define VERSION_95	105u
#define F_COMPLEX	0x0004u
#define F_ENCRYPTED	0x0100u
#define F_TABLE_1	0x0200u

typedef struct Piece {
	gsize at, bytes;
	gboolean wide;
} Piece;

typedef struct Doc {
	SgOleJob *job;
	const guint8 *data;
	gsize	  len;
	guint	  page;		/* of eight-bit text */
	GArray	 *pieces;	/* Piece: in the order of the text */
	GString	 *text, *orders;	/* the words; what fields are told to do */
	guint	  depth;	/* of fields */
	guint64	  telling;	/* bit per depth: before the result of that field */
	gboolean  cell;		/* the last character ended a cell */
	GArray	 *runs;		/* paragraphs in tables; NULL: not known */
	SgTable	 *table;
	guint	  row;
	gsize	  row_start;	/* in text: what comes from here on is a row */
	gboolean  narrow;	/* Word 6 and 95: no UTF-16 at all */
} Doc;

static GString *
target(Doc *d)
{
	return d->telling != 0 ? d->orders : d->text;
}

static void
flatten_cells(GString *s)
{
	for (gsize i = 0; i < s->len; i++)
		if (s->str[i] == CELL)
			s->str[i] = '\t';
}

static gboolean
say_text(Doc *d, GError **error)
{
	flatten_cells(d->text);
	d->row_start = 0;
	return sg_ole_say(d->job, d->text, error);
}

static gboolean
end_row(Doc *d, GError **error)
{
	gsize column = 0, start = MIN(d->row_start, d->text->len);

	sg_strings_known(d->job->strings, d->text->str + start, d->text->len - start);
	for (gsize at = start; at < d->text->len; column++) {
		const char *p = d->text->str + at, *stop = memchr(p, CELL, d->text->len - at);
		gsize n = stop != NULL ? (gsize)(stop - p) : d->text->len - at;

		if (!sg_table_cell(d->table, d->row, (guint)column, p, n, error))
			return FALSE;
		at += n + 1;
	}
	g_string_truncate(d->text, start);
	d->row++;
	return TRUE;
}

/* A cell ends, or a row; without the properties of paragraphs only the doubled mark tells. */
static gboolean
put_cell(Doc *d, guint flags, GError **error)
{
	GString *to = target(d);

	if (d->runs != NULL && to == d->text && (flags & SG_DOC_ROW_END) != 0)
		return end_row(d, error);
	if (d->runs != NULL && (flags & SG_DOC_IN_TABLE) != 0)
		g_string_append_c(to, CELL);
	else if (d->cell && to->len > 0)
		to->str[to->len - 1] = '\n';
	else
		g_string_append_c(to, '\t');
	return TRUE;
}

/* A paragraph that stands in no table: the next row begins behind it at the earliest. */
static gboolean
end_paragraph(Doc *d, guint flags, GError **error)
{
	g_string_append_c(target(d), '\n');
	if ((flags & SG_DOC_IN_TABLE) != 0)
		return TRUE;
	d->row_start = d->text->len;
	if (d->row == 0)
		return TRUE;
	d->row = 0;
	return sg_table_give(d->table, error);
}

static void
put_mark(Doc *d, gunichar c)
{
	switch (c) {
	case 0x13:	/* a field begins: its order, 0x14, its result, 0x15 */
		d->depth = MIN(d->depth + 1, DEPTH);
		d->telling |= G_GUINT64_CONSTANT(1) << d->depth;
		return;
	case 0x14:
		d->telling &= ~(G_GUINT64_CONSTANT(1) << d->depth);
		return;
	case 0x15:
		d->telling &= ~(G_GUINT64_CONSTANT(1) << d->depth);
		d->depth -= d->depth > 0;
		if (d->telling == 0)
			g_string_append_c(d->orders, '\n');
		return;
	case 0x09:
		g_string_append_c(target(d), '\t');
		return;
	case 0x0b:
	case 0x0c:
	case 0x0e:
		g_string_append_c(target(d), '\n');
		return;
	case 0x1e:
		g_string_append(target(d), "\xe2\x80\x91");
		return;
	case 0x1f:
		g_string_append(target(d), "\xc2\xad");
		return;
	default:	/* anchors of pictures, notes and the like */
		return;
	}
}

static void
put_plain(Doc *d, const guint8 *p, gsize n, gboolean wide)
{
	if (wide)
		sg_utf16le_append(p, n, target(d));
	else
		sg_codepage_append(d->job->pages, d->page, p, n, target(d));
}

/* Between marks whole runs are converted at once. */
static gboolean
put_piece(Doc *d, const guint8 *p, gsize n, gboolean wide, GError **error)
{
	gsize step = wide ? 2 : 1, from = 0;

	for (gsize i = 0; i + step <= n; i += step) {
		guint c = wide ? sg_le16(p + i) : p[i];

		if (c >= 0x20 && (c & 0xff00) != 0xf000) {
			d->cell = FALSE;
			continue;
		}
		put_plain(d, p + from, i - from, wide);
		from = i + step;
		if (c >= 0x20) {	/* of a symbol font */
			d->cell = FALSE;
			if ((c & 0xff) >= 0x20 && (c & 0xff) < 0x7f)
				g_string_append_c(target(d), (char)(c & 0xff));
			continue;
		}
		if (c == 0x07 || c == 0x0d) {
			guint flags = d->runs != NULL ? sg_doc_run_at(d->runs, (gsize)(p - d->data) + i) : 0;

			if (!(c == 0x07 ? put_cell : end_paragraph)(d, flags, error))
				return FALSE;
		} else {
			put_mark(d, c);
		}
		d->cell = c == 0x07 && !d->cell;
	}
	put_plain(d, p + from, (n - from) / step * step, wide);
	return TRUE;
}

static gboolean
put_pieces(Doc *d, GError **error)
{
	guint64 total = 0;

	for (guint i = 0; i < d->pieces->len; i++) {
		const Piece *pc = &g_array_index(d->pieces, Piece, i);

		total += pc->bytes;
		/* the pieces of an honest file do not overlap */
		if (total > (guint64)d->len * 2 + FLUSH) {
			d->job->sink->limit(d->job->sink, "text");
			break;
		}
		if (!sg_ole_spend(d->job->sink, pc->bytes, error))
			return FALSE;
		if (!put_piece(d, d->data + pc->at, pc->bytes, pc->wide, error))
			return FALSE;
		if (d->text->len > FLUSH && d->row_start == d->text->len && !say_text(d, error))
			return FALSE;
	}
	flatten_cells(d->orders);
	return sg_table_give(d->table, error) && say_text(d, error) && sg_ole_say(d->job, d->orders, error);
}

static void
add_piece(Doc *d, gsize at, guint64 bytes, gboolean wide)
{
	Piece pc = { at, 0, wide };

	if (at >= d->len)
		return;
	pc.bytes = (gsize)MIN(bytes, d->len - at);
	g_array_append_val(d->pieces, pc);
}

/* PlcPcd: n + 1 positions, then n descriptors of 8 bytes. */
static gboolean
read_plc(Doc *d, const guint8 *p, gsize n)
{
	gsize count = n >= 16 ? (n - 4) / 12 : 0;
	const guint8 *pcd = p + (count + 1) * 4;

	for (gsize i = 0; i < count; i++) {
		guint32 from = sg_le32(p + i * 4), to = sg_le32(p + i * 4 + 4);
		guint32 fc = sg_le32(pcd + i * 8 + 2);

		if (to < from)
			return FALSE;
		if (d->narrow)
			add_piece(d, fc, to - from, FALSE);
		else if ((fc & 0x40000000) != 0)
			add_piece(d, (fc & 0x3fffffff) / 2, to - from, FALSE);
		else
			add_piece(d, fc & 0x3fffffff, (guint64)(to - from) * 2, TRUE);
	}
	return count > 0;
}

/* The Clx: property modifiers (1), then the table of pieces (2). */
static gboolean
read_clx(Doc *d, const guint8 *p, gsize n)
{
	gsize at = 0;

	while (n - at >= 5) {
		if (p[at] == 2)
			return read_plc(d, p + at + 5, MIN(n - at - 5, sg_le32(p + at + 1)));
		if (p[at] != 1 || n - at - 3 < sg_le16(p + at + 1))
			return FALSE;
		at += 3 + (gsize)sg_le16(p + at + 1);
	}
	return FALSE;
}

static gboolean
find_pieces(Doc *d, GBytes *table, guint fib)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(table, &n);
	guint32 at = sg_le32(d->data + fib), size = sg_le32(d->data + fib + 4);

	return at < n && read_clx(d, p + at, MIN(size, n - at));
}

static void
find_runs(Doc *d, GBytes *table)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(table, &n);
	guint32 at = sg_le32(d->data + FIB_PAPX_97), size = sg_le32(d->data + FIB_PAPX_97 + 4);

	if (at < n)
		d->runs = sg_doc_runs(d->data, d->len, p + at, MIN(size, n - at));
}

/* Where the table is missing or broken, the text of a file saved in one go stands in
 * one piece from fcMin to fcMac, mostly. */
static void
guess_pieces(Doc *d)
{
	guint32 min = sg_le32(d->data + FIB_MIN), mac = sg_le32(d->data + FIB_MAC);

	if (min < mac)
		add_piece(d, min, mac - min, FALSE);
}

static gint
by_place(gconstpointer a, gconstpointer b)
{
	const Piece *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* What a fast save left behind the pieces is not shown, yet it goes out with the file. */
static void
sweep_gaps(Doc *d)
{
	gsize at = 0;

	g_array_sort(d->pieces, by_place);
	for (guint i = 0; i <= d->pieces->len; i++) {
		const Piece *pc = i < d->pieces->len ? &g_array_index(d->pieces, Piece, i) : NULL;
		gsize to = pc != NULL ? pc->at : d->len;

		if (to > at)
			sg_strings_sweep(d->job->strings, d->data + at, to - at, 8);
		if (pc != NULL)
			at = MAX(at, pc->at + pc->bytes);
	}
}

static gboolean
read_text(Doc *d, GBytes *stream, GError **error)
{
	guint flags = sg_le16(d->data + FIB_FLAGS);
	g_autoptr(GBytes) table = NULL;
	GError *local = NULL;
	gboolean found = FALSE;

	if (d->narrow) {
		d->page = sg_codepage_of_language(sg_le16(d->data + FIB_LANGUAGE));
		found = (flags & F_COMPLEX) != 0 && d->len > FIB_CLX_6 + 8 &&
		    find_pieces(d, stream, FIB_CLX_6);
		if (!found)
			guess_pieces(d);
		return put_pieces(d, error);
	}
	table = sg_ole_take(d->job, 0, (flags & F_TABLE_1) != 0 ? "1Table" : "0Table", &local);
	if (local != NULL) {
		g_propagate_error(error, local);
		return FALSE;
	}
	found = table != NULL && d->len > FIB_CLX_97 + 8 && find_pieces(d, table, FIB_CLX_97);
	if (found)
		find_runs(d, table);
	if (table != NULL)
		sg_strings_sweep(d->job->strings, g_bytes_get_data(table, NULL),
		    g_bytes_get_size(table), 8);
	if (!put_pieces(d, error))
		return FALSE;
	if (!found)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "Word document without its table of pieces");
	return found;
}

gboolean
sg_doc_read(SgOleJob *j, GBytes *stream, GError **error)
{
	Doc d = { .job = j, .page = 1252 };
	gboolean ok;

	d.data = g_bytes_get_data(stream, &d.len);
	if (d.len < 0x20) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "Word document without a header");
		return FALSE;
	}
	if (j->ole != NULL && (sg_le16(d.data + FIB_FLAGS) & F_ENCRYPTED) != 0) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "encrypted Word document");
		return FALSE;
	}
	d.narrow = sg_le16(d.data + FIB_VERSION) <= VERSION_95;
	d.text = g_string_new(NULL);
	d.orders = g_string_new(NULL);
	d.pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
	d.table = sg_table_new(j->sink, "attachment");
	ok = read_text(&d, stream, error);
	sweep_gaps(&d);
	g_array_unref(d.pieces);
	g_clear_pointer(&d.runs, g_array_unref);
	sg_table_free(d.table);
	g_string_free(d.text, TRUE);
	g_string_free(d.orders, TRUE);
	return ok;
}
