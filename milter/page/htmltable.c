#include <string.h>

#include "page/htmltable.h"
#include "part/table.h"

#define OPEN	32u	/* tables in one another; deeper ones are layout */
#define WORDS	4u	/* a short cell has no more */
#define SHORT	70u	/* per cent of the cells that must be short */

typedef struct Cell {
	gsize start;		/* in the text of the page */
	guint row, column;
} Cell;

typedef struct Open {
	gsize	 start;
	guint	 first;		/* of its cells */
	guint	 rows, column, columns;
	gboolean layout;
} Open;

struct SgHtmlTables {
	const SgPart *part;
	SgSink	     *sink;
	GString	     *out;
	GArray	     *cells;	/* Cell, of all tables that are open */
	GArray	     *open;	/* Open */
};

SgHtmlTables *
sg_html_tables_new(const SgPart *part, SgSink *sink, GString *out)
{
	SgHtmlTables *t = g_new0(SgHtmlTables, 1);

	t->part = part;
	t->sink = sink;
	t->out = out;
	t->cells = g_array_new(FALSE, FALSE, sizeof(Cell));
	t->open = g_array_new(FALSE, FALSE, sizeof(Open));
	return t;
}

void
sg_html_tables_free(SgHtmlTables *t)
{
	if (t == NULL)
		return;
	g_array_unref(t->cells);
	g_array_unref(t->open);
	g_free(t);
}

static Open *
last(const SgHtmlTables *t)
{
	return t->open->len > 0 ? &g_array_index(t->open, Open, t->open->len - 1) : NULL;
}

void
sg_html_tables_start(SgHtmlTables *t, const char *name)
{
	Open *now = last(t), fresh = { t->out->len, t->cells->len, 0, 0, 0, FALSE };
	Cell cell;

	if (strcmp(name, "table") == 0) {
		if (now != NULL)
			now->layout = TRUE;
		if (t->open->len < OPEN)
			g_array_append_val(t->open, fresh);
	} else if (now != NULL && strcmp(name, "tr") == 0) {
		now->rows++;
		now->column = 0;
	} else if (now != NULL && !now->layout && (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)) {
		now->rows += now->rows == 0;
		cell = (Cell){ t->out->len, now->rows - 1, now->column++ };
		now->columns = MAX(now->columns, now->column);
		g_array_append_val(t->cells, cell);
	}
}

/* The text of a cell, without the blanks around it. */
static const char *
text_of(const SgHtmlTables *t, guint i, gsize *n)
{
	const Cell *cell = &g_array_index(t->cells, Cell, i);
	gsize end = i + 1 < t->cells->len ? cell[1].start : t->out->len, start = cell->start;

	while (start < end && g_ascii_isspace(t->out->str[start]))
		start++;
	while (end > start && g_ascii_isspace(t->out->str[end - 1]))
		end--;
	*n = end - start;
	return t->out->str + start;
}

static guint
count_words(const char *s, gsize n)
{
	guint words = n > 0;

	for (gsize i = 1; i < n && words <= WORDS; i++)
		words += g_ascii_isspace(s[i - 1]) && !g_ascii_isspace(s[i]);
	return words;
}

/* Rows with something in them, of cells that are mostly short. */
static gboolean
is_data(const SgHtmlTables *t, const Open *now, gboolean attached)
{
	guint rows = 0, cells = 0, few = 0, row = G_MAXUINT;

	if (now->layout || now->columns < (attached ? 2 : 3))
		return FALSE;
	for (guint i = now->first; i < t->cells->len; i++) {
		const Cell *cell = &g_array_index(t->cells, Cell, i);
		gsize n;
		const char *s = text_of(t, i, &n);

		if (n == 0)
			continue;
		rows += cell->row != row;
		row = cell->row;
		cells++;
		few += count_words(s, n) <= WORDS;
	}
	return rows >= (attached ? 3 : 4) && cells >= 2 * rows && few * 100 >= cells * SHORT;
}

static const char *
where(const SgHtmlTables *t, gboolean quoted)
{
	if ((t->part->traits & SG_PART_ATTACHED) != 0)
		return "attachment";
	if ((t->part->traits & SG_PART_FORWARDED) != 0)
		return "forwarded";
	return quoted ? "quoted" : "body";
}

/* A limit is told by the sink; the page goes on. */
static void
give(const SgHtmlTables *t, const Open *now, gboolean quoted)
{
	g_autoptr(SgTable) table = sg_table_new(t->sink, where(t, quoted));

	for (guint i = now->first; i < t->cells->len; i++) {
		const Cell *cell = &g_array_index(t->cells, Cell, i);
		gsize n;
		const char *s = text_of(t, i, &n);

		if (!sg_table_cell(table, cell->row, cell->column, s, n, NULL))
			break;
	}
	sg_table_give(table, NULL);
}

gboolean
sg_html_tables_end(SgHtmlTables *t, const char *name, gboolean quoted)
{
	Open *now = last(t);
	gboolean data;

	if (now == NULL || strcmp(name, "table") != 0)
		return FALSE;
	data = is_data(t, now, (t->part->traits & SG_PART_ATTACHED) != 0);
	if (data) {
		gsize before = g_array_index(t->cells, Cell, now->first).start;

		give(t, now, quoted);
		/* what stands before the first cell (a caption) stays */
		g_string_truncate(t->out, MAX(now->start, before));
	}
	g_array_set_size(t->cells, now->first);
	g_array_set_size(t->open, t->open->len - 1);
	return data;
}
