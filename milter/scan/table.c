#include "base/err.h"
#include "scan/table.h"

#define HEADER_AMONG 5u		/* rows in which the names of columns are looked for */

struct SgTable {
	SgSink	   *sink;
	const char *where;
	GPtrArray  *first;	/* GString: rows that may still turn out to be the header */
	GString	   *text;	/* the rows behind them */
	GPtrArray  *cells;	/* GString, of the row in hand; empty ones may be NULL */
	guint	    row, rows, columns;
	gboolean    begun;
};

static void
free_string(gpointer s)
{
	if (s != NULL)
		g_string_free(s, TRUE);
}

SgTable *
sg_table_new(SgSink *sink, const char *where)
{
	SgTable *t = g_new0(SgTable, 1);

	t->sink = sink;
	t->where = where;
	t->first = g_ptr_array_new_with_free_func(free_string);
	t->cells = g_ptr_array_new_with_free_func(free_string);
	t->text = g_string_new(NULL);
	return t;
}

void
sg_table_free(SgTable *t)
{
	if (t == NULL)
		return;
	g_ptr_array_unref(t->first);
	g_ptr_array_unref(t->cells);
	g_string_free(t->text, TRUE);
	g_free(t);
}

static void
end_row(SgTable *t)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (guint i = 0; i < t->cells->len; i++) {
		const GString *cell = g_ptr_array_index(t->cells, i);

		if (i > 0)
			g_string_append_c(line, '\t');
		if (cell != NULL)
			g_string_append_len(line, cell->str, (gssize)cell->len);
	}
	t->columns = MAX(t->columns, t->cells->len);
	g_ptr_array_set_size(t->cells, 0);
	if (t->first->len < HEADER_AMONG) {
		g_ptr_array_add(t->first, g_steal_pointer(&line));
		return;
	}
	g_string_append_len(t->text, line->str, (gssize)line->len);
	g_string_append_c(t->text, '\n');
}

static void
append_flat(GString *cell, const char *utf8, gsize len)
{
	if (cell->len > 0)
		g_string_append_c(cell, ' ');
	for (gsize i = 0; i < len; i++)
		g_string_append_c(cell, utf8[i] == '\t' || utf8[i] == '\n' || utf8[i] == '\r' ? ' ' : utf8[i]);
}

gboolean
sg_table_cell(SgTable *t, guint row, guint column, const char *utf8, gsize len, GError **error)
{
	if (len == 0)
		return TRUE;
	if (t->begun && row != t->row) {
		end_row(t);
		t->begun = FALSE;
	}
	if (!t->begun && ++t->rows > SG_TABLE_ROWS) {
		t->sink->limit(t->sink, "rows");
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "rows of a table");
		return FALSE;
	}
	t->begun = TRUE;
	t->row = row;
	column = MIN(column, SG_TABLE_COLUMNS - 1);
	if (t->cells->len <= column)
		g_ptr_array_set_size(t->cells, (gint)column + 1);
	if (t->cells->pdata[column] == NULL)
		t->cells->pdata[column] = g_string_new(NULL);
	append_flat(t->cells->pdata[column], utf8, len);
	return TRUE;
}

/* A row of words, at least two of them, none of which looks like a value. */
static gboolean
names_columns(const GString *line)
{
	guint words = 0;
	g_auto(GStrv) cells = g_strsplit(line->str, "\t", -1);

	for (char **c = cells; *c != NULL; c++) {
		guint digits = 0;

		if (**c == '\0')
			continue;
		for (const char *p = *c; *p != '\0'; p++)
			digits += g_ascii_isdigit(*p);
		if (digits > 2 || strlen(*c) > 60)
			return FALSE;
		words++;
	}
	return words >= 2;
}

gboolean
sg_table_give(SgTable *t, GError **error)
{
	g_autoptr(GString) all = g_string_new(NULL);
	guint header = HEADER_AMONG, columns;
	gboolean ok;

	if (t->begun)
		end_row(t);
	for (guint i = 0; i < t->first->len && header == HEADER_AMONG; i++)
		if (names_columns(g_ptr_array_index(t->first, i)))
			header = i;
	if (header < HEADER_AMONG)
		g_string_append(all, ((GString *)g_ptr_array_index(t->first, header))->str);
	g_string_append_c(all, '\n');
	for (guint i = 0; i < t->first->len; i++) {
		if (i == header)
			continue;
		g_string_append(all, ((GString *)g_ptr_array_index(t->first, i))->str);
		g_string_append_c(all, '\n');
	}
	g_string_append_len(all, t->text->str, (gssize)t->text->len);
	columns = t->columns;
	g_ptr_array_set_size(t->first, 0);
	g_string_truncate(t->text, 0);
	t->columns = t->rows = 0;
	t->begun = FALSE;
	ok = columns == 0 || t->sink->table(t->sink, t->where, columns, all->str, all->len, error);
	return ok;
}
