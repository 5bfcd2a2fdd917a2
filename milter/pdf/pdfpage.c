#include <math.h>
#include <string.h>

#include "part/table.h"
#include "pdf/pdfpage.h"

/* All in heights of a letter. */
#define GAP	 0.9	/* so wide is no blank between words */
#define GUTTER	 0.4	/* so wide is one between columns, when it is there in row after row */
#define BLANK	 0.15	/* so wide is one, even if the library saw none */
#define SAME_ROW 0.5
#define TIGHT	 1.4	/* from line to line inside one cell */
#define APART	 4.0	/* from one table to the next */

#define ROWS	3u	/* fewer are no table */
#define ALONE	2u	/* lines in a row without a gap that may stand in a table */
#define BLOCK	400u	/* rows that are looked at together */
#define WORDS	3u	/* a short cell has no more */
#define SHORT	60u	/* per cent of the cells that must be short */
#define IN_LONG 65u	/* per cent of the words that may be in others */
#define CROSSED 8u	/* a gap that one row in so many runs over is still one */

typedef struct Word {
	const char *s;
	gsize	    len;
	double	    x1, x2, y, height;
	guint	    row;
	guint	    column;	/* of the table that is looked at */
	char	    end;	/* what parts it from the next one: blank, tab or line end */
	gboolean    cell;	/* is in a table */
} Word;

typedef struct Row {
	guint	 first, n;	/* words, in their order from top and left */
	gboolean parted;	/* by a wide gap */
} Row;

typedef struct Span {
	double x1, x2;
} Span;

struct SgPdfPages {
	SgSink	  *sink;
	SgTable	  *table;	/* open: may go on on the next page */
	guint	   rows;	/* that it has */
	gboolean   fresh;	/* no table on this page yet */
	GArray	  *columns;	/* Span */
	GArray	  *words;	/* Word, of the page in hand, in reading order */
	GPtrArray *order;	/* of them: from top to bottom, then from left to right */
	GArray	  *lines;	/* Row */
};

SgPdfPages *
sg_pdf_pages_new(SgSink *sink)
{
	SgPdfPages *p = g_new0(SgPdfPages, 1);

	p->sink = sink;
	p->columns = g_array_new(FALSE, FALSE, sizeof(Span));
	p->words = g_array_new(FALSE, FALSE, sizeof(Word));
	p->order = g_ptr_array_new();
	p->lines = g_array_new(FALSE, FALSE, sizeof(Row));
	return p;
}

void
sg_pdf_pages_free(SgPdfPages *p)
{
	if (p == NULL)
		return;
	sg_table_free(p->table);
	g_array_unref(p->columns);
	g_array_unref(p->words);
	g_ptr_array_unref(p->order);
	g_array_unref(p->lines);
	g_free(p);
}

static Word *
word_at(const SgPdfPages *p, guint i)
{
	return p->order->pdata[i];
}

static Row *
row_at(const SgPdfPages *p, guint i)
{
	return &g_array_index(p->lines, Row, i);
}

/* How far a letter stands from the one before it, whichever way the text runs. */
static double
distance(const SgPdfBox *a, const SgPdfBox *b)
{
	double right = b->x1 - a->x2, left = a->x1 - b->x2, down = b->y1 - a->y2, up = a->y1 - b->y2;
	double across = MAX(right, left), along = MAX(down, up), far = MAX(across, along), size;

	if (!(far > 0))		/* most letters touch */
		return 0;
	size = MAX(fabs(a->y2 - a->y1), fabs(a->x2 - a->x1));
	return size > 0 ? far / size : 0;
}

static gboolean
on_a_line(const SgPdfBox *a, const SgPdfBox *b)
{
	return fabs((a->y1 + a->y2) - (b->y1 + b->y2)) < fabs(a->y2 - a->y1) && b->x1 > a->x1;
}

static void
end_word(SgPdfPages *p, Word *now, char end)
{
	if (now->len > 0) {
		now->end = end;
		g_array_append_val(p->words, *now);
	} else if (p->words->len > 0 && end != ' ') {
		g_array_index(p->words, Word, p->words->len - 1).end = end;
	}
	memset(now, 0, sizeof *now);
}

static void
add_letter(Word *now, const char *s, gsize bytes, const SgPdfBox *box)
{
	if (now->len == 0) {
		*now = (Word){ .s = s, .x1 = box->x1, .x2 = box->x2, .y = (box->y1 + box->y2) / 2,
			.height = MAX(fabs(box->y2 - box->y1), 0.1) };
	}
	now->x2 = MAX(now->x2, box->x2);
	now->x1 = MIN(now->x1, box->x1);
	now->len += bytes;
}

static void
find_words(SgPdfPages *p, const char *text, const SgPdfBox *boxes)
{
	const SgPdfBox *last = NULL;
	Word now = { 0 };

	for (const char *s = text, *next; *s != '\0'; s = next, boxes++) {
		double far = last != NULL ? distance(last, boxes) : 0;

		next = g_utf8_next_char(s);
		if (*s == '\n' || *s == ' ') {
			end_word(p, &now, *s);
			last = *s == '\n' ? NULL : last;
			continue;
		}
		if (far > GAP)
			end_word(p, &now, on_a_line(last, boxes) ? '\t' : '\n');
		else if (far > BLANK)
			end_word(p, &now, ' ');
		add_letter(&now, s, (gsize)(next - s), boxes);
		last = boxes;
	}
	end_word(p, &now, '\n');
}

static int
from_top(gconstpointer a, gconstpointer b)
{
	const Word *p = *(const Word *const *)a, *q = *(const Word *const *)b;

	return p->y < q->y ? -1 : p->y > q->y;
}

static int
from_left(gconstpointer a, gconstpointer b)
{
	const Word *p = *(const Word *const *)a, *q = *(const Word *const *)b;

	return p->row != q->row ? (p->row < q->row ? -1 : 1) : p->x1 < q->x1 ? -1 : p->x1 > q->x1;
}

/* Most pages have their words in order already. */
static void
put_in_order(GPtrArray *words, GCompareFunc compare)
{
	for (guint i = 1; i < words->len; i++)
		if (compare(&words->pdata[i - 1], &words->pdata[i]) > 0) {
			g_ptr_array_sort(words, compare);
			return;
		}
}

static gboolean
gap_before(const SgPdfPages *p, guint i, double wide)
{
	return word_at(p, i)->x1 - word_at(p, i - 1)->x2 > wide * word_at(p, i)->height;
}

static void
find_rows(SgPdfPages *p)
{
	const Word *top = NULL;

	g_ptr_array_set_size(p->order, 0);
	g_array_set_size(p->lines, 0);
	for (guint i = 0; i < p->words->len; i++)
		g_ptr_array_add(p->order, &g_array_index(p->words, Word, i));
	put_in_order(p->order, from_top);
	for (guint i = 0; i < p->order->len; i++) {
		Word *now = word_at(p, i);
		Row row = { i, 1, FALSE };

		if (top != NULL && now->y - top->y < SAME_ROW * MIN(now->height, top->height)) {
			row_at(p, p->lines->len - 1)->n++;
		} else {
			g_array_append_val(p->lines, row);
			top = now;
		}
		now->row = p->lines->len - 1;
	}
	put_in_order(p->order, from_left);
	for (guint i = 0; i < p->lines->len; i++) {
		Row *row = row_at(p, i);

		for (guint k = 1; k < row->n && !row->parted; k++)
			row->parted = gap_before(p, row->first + k, GAP);
	}
}

typedef struct Edge {
	double x;
	int    step;	/* a stretch of a row begins or ends here */
} Edge;

static int
by_place(gconstpointer a, gconstpointer b)
{
	const Edge *p = a, *q = b;

	return p->x < q->x ? -1 : p->x > q->x ? 1 : q->step - p->step;
}

/* The stretches between wide gaps, of the rows that have any. */
static guint
find_edges(const SgPdfPages *p, guint from, guint to, GArray *edges)
{
	guint rows = 0;

	for (guint i = from; i < to; i++) {
		const Row *row = row_at(p, i);

		rows += row->parted;
		for (guint k = 0; k < row->n && row->parted; k++) {
			guint at = row->first + k;
			Edge begin = { word_at(p, at)->x1, 1 }, end = { word_at(p, at)->x2, -1 };

			if (k == 0 || gap_before(p, at, GUTTER))
				g_array_append_val(edges, begin);
			if (k + 1 == row->n || gap_before(p, at + 1, GUTTER))
				g_array_append_val(edges, end);
		}
	}
	g_array_sort(edges, by_place);
	return rows;
}

/* A column is where most rows have something; between two of them hardly any has. */
static void
find_columns(const SgPdfPages *p, guint from, guint to, GArray *columns)
{
	g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(Edge));
	int most = (int)(find_edges(p, from, to, edges) / CROSSED), over = 0;

	g_array_set_size(columns, 0);
	for (guint i = 0; i < edges->len; i++) {
		const Edge *e = &g_array_index(edges, Edge, i);
		Span span = { e->x, e->x };

		over += e->step;
		if (e->step > 0 && over == most + 1)
			g_array_append_val(columns, span);
		else if (e->step < 0 && over == most && columns->len > 0)
			g_array_index(columns, Span, columns->len - 1).x2 = e->x;
	}
}

/* Columns part in the middle between them. */
static guint
column_of(const GArray *columns, const Word *now)
{
	guint lo = 0, hi = columns->len;

	while (lo + 1 < hi) {
		guint mid = (lo + hi) / 2;
		const Span *right = &g_array_index(columns, Span, mid), *left = right - 1;

		if (left->x2 + right->x1 <= now->x1 + now->x2)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* A word that follows closely stays with the one before it, unless it reaches into a
 * column of its own. */
static void
place_words(const SgPdfPages *p, guint from, guint to, const GArray *columns)
{
	for (guint i = from; i < to; i++) {
		const Row *row = row_at(p, i);

		for (guint k = 0; k < row->n; k++) {
			Word *now = word_at(p, row->first + k);

			now->column = column_of(columns, now);
			if (k > 0 && now->column > word_at(p, row->first + k - 1)->column &&
			    !gap_before(p, row->first + k, GUTTER) &&
			    now->x2 <= g_array_index(columns, Span, now->column).x1)
				now->column = word_at(p, row->first + k - 1)->column;
		}
	}
}

typedef struct Cells {
	guint n, few, words, in_long;
} Cells;

static void
count_cell(Cells *c, guint words)
{
	c->n += words > 0;
	c->few += words > 0 && words <= WORDS;
	c->words += words;
	c->in_long += words > WORDS ? words : 0;
}

/* Most cells of a table are short, those of a page in columns are not. */
static gboolean
is_table(const SgPdfPages *p, guint from, guint to, const GArray *columns)
{
	Cells c = { 0 };
	guint rows = 0;

	for (guint i = from; i < to; i++) {
		const Row *row = row_at(p, i);
		guint words = 0, last = G_MAXUINT;

		rows += row->parted;
		for (guint k = 0; k < row->n && row->parted; k++) {
			guint column = word_at(p, row->first + k)->column;

			if (column != last) {
				count_cell(&c, words);
				words = 0;
			}
			words++;
			last = column;
		}
		count_cell(&c, words);
	}
	return rows >= ROWS && columns->len >= 2 && c.few * 100 >= c.n * SHORT &&
	    c.in_long * 100 <= c.words * IN_LONG;
}

/* No word of a row lies over a gap between columns, and none joins two of them. */
static gboolean
fits(const SgPdfPages *p, const Row *row, const GArray *columns)
{
	guint last = G_MAXUINT;

	for (guint k = 0; k < row->n; k++) {
		const Word *now = word_at(p, row->first + k);
		guint column = now->column;

		if (column + 1 < columns->len && now->x2 > g_array_index(columns, Span, column + 1).x1)
			return FALSE;
		if (column > 0 && now->x1 < g_array_index(columns, Span, column - 1).x2)
			return FALSE;
		if (last != G_MAXUINT && column != last &&
		    now->x1 - word_at(p, row->first + k - 1)->x2 < BLANK * now->height)
			return FALSE;
		last = column;
	}
	return TRUE;
}

/* Where a line of a cell must end at the latest. */
static double
room(const GArray *columns, guint column)
{
	return column + 1 < columns->len ? g_array_index(columns, Span, column + 1).x1
					 : g_array_index(columns, Span, column).x2;
}

/* All that this line has goes on in cells whose last line was full. */
static gboolean
goes_on(const SgPdfPages *p, const GArray *columns, const Row *row, const double *ends)
{
	const Word *first = word_at(p, row->first);
	guint last = G_MAXUINT;

	if (row->first == 0 || first->column == 0 ||
	    first->y - word_at(p, row->first - 1)->y > TIGHT * first->height)
		return FALSE;
	for (guint k = 0; k < row->n; k++) {
		const Word *now = word_at(p, row->first + k);
		guint column = now->column;

		if (column != last && (ends[column] <= 0 ||
		    ends[column] + now->x2 - now->x1 + BLANK * now->height < room(columns, column)))
			return FALSE;
		last = column;
	}
	return TRUE;
}

/* All rows fit into the columns of the table that is open from the page before. */
static gboolean
continues(const SgPdfPages *p, guint from, guint to)
{
	if (p->table == NULL || !p->fresh)
		return FALSE;
	place_words(p, from, to, p->columns);
	for (guint i = from; i < to; i++)
		if (!fits(p, row_at(p, i), p->columns))
			return FALSE;
	return is_table(p, from, to, p->columns);
}

gboolean
sg_pdf_pages_end(SgPdfPages *p, GError **error)
{
	gboolean ok = p->table == NULL || sg_table_give(p->table, error);

	g_clear_pointer(&p->table, sg_table_free);
	p->rows = 0;
	return ok;
}

static gboolean
give_row(SgPdfPages *p, const Row *row, GError **error)
{
	for (guint k = 0; k < row->n; k++) {
		Word *now = word_at(p, row->first + k);

		now->cell = TRUE;
		if (!sg_table_cell(p->table, p->rows, now->column, now->s, now->len, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
give_table(SgPdfPages *p, guint from, guint to, const GArray *columns, GError **error)
{
	g_autofree double *ends = g_new0(double, columns->len);

	if (columns != p->columns) {
		if (!sg_pdf_pages_end(p, error))
			return FALSE;
		p->table = sg_table_new(p->sink, "attachment");
		g_array_set_size(p->columns, 0);
		g_array_append_vals(p->columns, columns->data, columns->len);
	}
	p->fresh = FALSE;
	for (guint i = from; i < to; i++) {
		const Row *row = row_at(p, i);

		p->rows += i == from || !goes_on(p, columns, row, ends);
		memset(ends, 0, columns->len * sizeof *ends);
		for (guint k = 0; k < row->n; k++)
			ends[word_at(p, row->first + k)->column] = word_at(p, row->first + k)->x2;
		if (!give_row(p, row, error))
			return FALSE;
	}
	return TRUE;
}

/* Rows that may be one table: with gaps, or few in a row without; not far apart. */
static guint
block_end(const SgPdfPages *p, guint from)
{
	guint to = from, alone = 0;

	for (guint i = from; i < p->lines->len && i - from < BLOCK && alone <= ALONE; i++) {
		const Row *row = row_at(p, i);
		const Word *now = word_at(p, row->first);

		if (i > from && now->y - word_at(p, row->first - 1)->y > APART * now->height)
			break;
		alone = row->parted ? 0 : alone + 1;
		to = row->parted ? i + 1 : to;
		if (i == from && !row->parted)
			break;
	}
	return to;
}

/* The last row may go on in lines without a gap, none of them in the first column. */
static guint
tail_end(const SgPdfPages *p, guint to, const GArray *columns)
{
	for (; to < p->lines->len; to++) {
		const Row *row = row_at(p, to);
		const Word *now = word_at(p, row->first);

		place_words(p, to, to + 1, columns);
		if (row->parted || now->column == 0 || !fits(p, row, columns) ||
		    now->y - word_at(p, row->first - 1)->y > TIGHT * now->height)
			break;
	}
	return to;
}

/* The rows of a block that are a table, and its columns; NULL when they are none. */
static GArray *
columns_of(SgPdfPages *p, guint *from, guint *to, GArray *columns)
{
	if (continues(p, *from, *to))
		return p->columns;
	find_columns(p, *from, *to, columns);
	place_words(p, *from, *to, columns);
	/* a title, or text before and behind */
	while (*from < *to && !fits(p, row_at(p, *from), columns))
		++*from;
	while (*from < *to && !fits(p, row_at(p, *to - 1), columns))
		--*to;
	return *to - *from >= ROWS && is_table(p, *from, *to, columns) ? columns : NULL;
}

static gboolean
find_tables(SgPdfPages *p, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Span));

	p->fresh = TRUE;
	for (guint from = 0, next; from < p->lines->len; from = next) {
		guint to = block_end(p, from);
		const GArray *columns;

		next = MAX(to, from + 1);
		columns = to - from >= ROWS ? columns_of(p, &from, &to, found) : NULL;
		if (columns == NULL)
			continue;
		to = tail_end(p, to, columns);
		next = MAX(next, to);
		if (!give_table(p, from, to, columns, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
give_text(SgPdfPages *p, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < p->words->len; i++) {
		const Word *now = &g_array_index(p->words, Word, i);

		if (now->cell)
			continue;
		g_string_append_len(text, now->s, (gssize)now->len);
		g_string_append_c(text, now->end);
	}
	return text->len == 0 || p->sink->text(p->sink, "attachment", text->str, text->len, error);
}

gboolean
sg_pdf_pages_add(SgPdfPages *p, const char *text, const SgPdfBox *boxes, gsize n, GError **error)
{
	gsize len = strlen(text);

	if (n == 0 || (gsize)g_utf8_strlen(text, (gssize)len) != n)
		return len == 0 || p->sink->text(p->sink, "attachment", text, len, error);
	g_array_set_size(p->words, 0);
	find_words(p, text, boxes);
	find_rows(p);
	return find_tables(p, error) && give_text(p, error);
}
