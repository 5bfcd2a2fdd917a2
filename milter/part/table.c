#include <string.h>

#include "base/err.h"
#include "part/table.h"
#include "part/tablehead.h"

struct SgTable {
	SgSink	   *sink;
	const char *where;
	GPtrArray  *first;	/* GPtrArray of GString: rows that may be the header, or show what it is not */
	GString	   *text;	/* the rows behind them */
	GPtrArray  *cells;	/* GString, of the row in hand; empty ones are NULL */
	GPtrArray  *spare;	/* GString, to be used again */
	gsize	    bytes;
	gsize	    line;	/* where the row in hand begins in text, when it is straight */
	guint	    column;	/* of the cell at the end of it */
	guint	    row, rows, columns;
	gboolean    straight;	/* so far its cells came from left to right: no cells of their own */
	gboolean    begun, full, wide;
	GHashTable *far;	/* columns behind SG_TABLE_NEAR, in the order in which they were met */
};

static void
free_string(gpointer s)
{
	if (s != NULL)
		g_string_free(s, TRUE);
}

static void
free_row(gpointer row)
{
	g_ptr_array_unref(row);
}

SgTable *
sg_table_new(SgSink *sink, const char *where)
{
	SgTable *t = g_new0(SgTable, 1);

	t->sink = sink;
	t->where = where;
	t->first = g_ptr_array_new_with_free_func(free_row);
	t->cells = g_ptr_array_new_with_free_func(free_string);
	t->spare = g_ptr_array_new_with_free_func(free_string);
	t->text = g_string_new(NULL);
	t->far = g_hash_table_new(NULL, NULL);
	return t;
}

void
sg_table_free(SgTable *t)
{
	if (t == NULL)
		return;
	g_ptr_array_unref(t->first);
	g_ptr_array_unref(t->cells);
	g_ptr_array_unref(t->spare);
	g_string_free(t->text, TRUE);
	g_hash_table_unref(t->far);
	g_free(t);
}

static void
append_row(GString *out, const GPtrArray *cells)
{
	for (guint i = 0; cells != NULL && i < cells->len; i++) {
		const GString *cell = g_ptr_array_index(cells, i);

		if (i > 0)
			g_string_append_c(out, '\t');
		if (cell != NULL)
			g_string_append_len(out, cell->str, (gssize)cell->len);
	}
	g_string_append_c(out, '\n');
}

/* Of the row in hand. */
static guint
width(const SgTable *t)
{
	return t->straight ? t->column + 1 : t->cells->len;
}

static void
end_row(SgTable *t)
{
	t->columns = MAX(t->columns, width(t));
	if (t->straight) {
		t->straight = FALSE;
		g_string_append_c(t->text, '\n');
		return;
	}
	if (t->first->len < SG_TABLE_HEAD_ROWS) {
		g_ptr_array_add(t->first, t->cells);
		t->cells = g_ptr_array_new_with_free_func(free_string);
		return;
	}
	append_row(t->text, t->cells);
	for (guint i = 0; i < t->cells->len; i++) {
		if (t->cells->pdata[i] == NULL)
			continue;
		g_ptr_array_add(t->spare, t->cells->pdata[i]);
		t->cells->pdata[i] = NULL;
	}
	g_ptr_array_set_size(t->cells, 0);
}

static GString *
cell_at(SgTable *t, guint column)
{
	GString *cell;

	if (t->cells->len <= column)
		g_ptr_array_set_size(t->cells, (gint)column + 1);
	cell = g_ptr_array_index(t->cells, column);
	if (cell != NULL)
		return cell;
	if (t->spare->len > 0) {
		cell = g_ptr_array_steal_index_fast(t->spare, t->spare->len - 1);
		g_string_truncate(cell, 0);
	} else {
		cell = g_string_new(NULL);
	}
	t->cells->pdata[column] = cell;
	return cell;
}

/* Without a tab or a line end; begin: nothing stands in the cell yet. */
static void
append_flat(GString *to, gboolean begin, const char *utf8, gsize len)
{
	gsize from = to->len + !begin;
	char *s;

	g_string_set_size(to, from + len);
	s = to->str + from;
	if (!begin)
		s[-1] = ' ';
	for (gsize i = 0; i < len; i++)
		s[i] = utf8[i] == '\t' || utf8[i] == '\n' || utf8[i] == '\r' ? ' ' : utf8[i];
}

/* A cell that lies before one that is there: the row becomes cells after all. */
static void
part_row(SgTable *t)
{
	const char *s = t->text->str + t->line, *end = t->text->str + t->text->len;

	t->straight = FALSE;
	for (guint i = 0; i <= t->column; i++) {
		const char *tab = memchr(s, '\t', (gsize)(end - s)), *stop = tab != NULL ? tab : end;

		if (stop > s)
			g_string_append_len(cell_at(t, i), s, stop - s);
		s = stop + (tab != NULL);
	}
	g_string_truncate(t->text, t->line);
}

static void
append_straight(SgTable *t, guint column, const char *utf8, gsize len)
{
	gboolean begin = t->text->len == t->line || column > t->column;

	for (; t->column < column; t->column++)
		g_string_append_c(t->text, '\t');
	append_flat(t->text, begin, utf8, len);
}

static void
append(SgTable *t, guint column, const char *utf8, gsize len)
{
	GString *cell;

	if (t->straight && column < t->column)
		part_row(t);
	if (t->straight) {
		append_straight(t, column, utf8, len);
		return;
	}
	cell = cell_at(t, column);
	append_flat(cell, cell->len == 0, utf8, len);
}

static void
begin_row(SgTable *t, guint row)
{
	t->row = row;
	t->begun = TRUE;
	t->straight = t->first->len >= SG_TABLE_HEAD_ROWS;
	t->line = t->text->len;
	t->column = 0;
}

static gboolean
refuse(SgTable *t, const char *limit, GError **error)
{
	t->full = TRUE;
	t->sink->limit(t->sink, limit);
	g_set_error(error, SG_ERR, SG_ERR_LIMIT, "%s of a table", limit);
	return FALSE;
}

/* Where the column stands in the text. */
static guint
place_of(SgTable *t, guint column)
{
	guint place = SG_TABLE_NEAR + g_hash_table_size(t->far);
	gpointer known;

	if (column < SG_TABLE_NEAR)
		return column;
	if (g_hash_table_lookup_extended(t->far, GUINT_TO_POINTER(column), NULL, &known))
		return GPOINTER_TO_UINT(known);
	if (place < SG_TABLE_COLUMNS) {
		g_hash_table_insert(t->far, GUINT_TO_POINTER(column), GUINT_TO_POINTER(place));
		return place;
	}
	if (!t->wide)
		t->sink->limit(t->sink, "rows");
	t->wide = TRUE;
	return SG_TABLE_COLUMNS - 1;
}

gboolean
sg_table_cell(SgTable *t, guint row, guint column, const char *utf8, gsize len, GError **error)
{
	gsize cost = len + 1;

	if (len == 0)
		return TRUE;
	column = place_of(t, column);
	if (t->begun && row != t->row) {
		end_row(t);
		t->begun = FALSE;
	}
	/* an empty cell before this one costs a tab */
	cost += !t->begun ? column : column > width(t) ? column - width(t) : 0;
	if (t->full || cost > (gsize)t->sink->options->scan.text - t->bytes)
		return refuse(t, "text", error);
	if (!t->begun && ++t->rows > SG_TABLE_ROWS)
		return refuse(t, "rows", error);
	t->bytes += cost;
	if (!t->begun)
		begin_row(t, row);
	append(t, column, utf8, len);
	return TRUE;
}

gboolean
sg_table_give(SgTable *t, GError **error)
{
	g_autoptr(GString) all = NULL;
	guint columns;
	gint header;

	if (t->begun)
		end_row(t);
	columns = t->columns;
	header = sg_table_header(t->first, columns);
	all = g_string_sized_new(t->bytes + 64);
	append_row(all, header >= 0 ? g_ptr_array_index(t->first, (guint)header) : NULL);
	for (guint i = 0; i < t->first->len; i++)
		if ((gint)i != header)
			append_row(all, g_ptr_array_index(t->first, i));
	g_string_append_len(all, t->text->str, (gssize)t->text->len);
	g_ptr_array_set_size(t->first, 0);
	g_string_truncate(t->text, 0);
	t->columns = t->rows = 0;
	t->bytes = 0;
	t->begun = t->full = t->wide = FALSE;
	g_hash_table_remove_all(t->far);
	return columns == 0 || t->sink->table(t->sink, t->where, columns, all->str, all->len, error);
}
