#include <string.h>

#include "model/finding.h"
#include "value/tables.h"
#include "word/flat.h"

enum { SEPS = 5 };
static const char seps[SEPS + 1] = "\t|;, ";	/* a blank: two and more of them */

#define SUBJECTS 2u	/* columns of school subjects that make a table of results */
#define HEADER_MAX 60u	/* bytes of a header in running text; a longer one is a sentence */
#define QUESTION_MAX 200u	/* of one in a table: forms have whole questions for headers */
#define RULES 4u	/* empty lines and rules of a table, one below the other; more end it */
#define LEAST_ROWS 3u	/* lines that look alike are no table before there are so many */

typedef struct {
	gsize at, end;
} Cell;

typedef struct {
	GArray *cell;	/* Cell: as many as the widest line had; the first n are of this one */
	guint	n;
	gsize	rest;	/* what is behind the last cell that fits */
} Cells;

typedef struct {	/* what a column's cells were, in how many rows */
	guint what;
	gboolean cued;	/* its header says something of values */
	guint filled, identity, birth, contact, pay, full_name, one_name;
	SgCues cues;
} Column;

typedef struct {
	const char *text;
	gsize	    len;
	guint	    most;
	GArray	   *values, *tables;
	Cells	    cells;
	GArray	   *column;	/* Column: of the table in hand, one for each cell of its first line */
	SgCues	    none;
	gboolean    table, room, wide;	/* wide: a table had more columns than are told apart */
} Reader;

static Cell *
cell_at(const Reader *r, guint i)
{
	return &g_array_index(r->cells.cell, Cell, i);
}

static Column *
column_at(const Reader *r, guint i)
{
	return &g_array_index(r->column, Column, i);
}

static gsize
line_end(const Reader *r, gsize at)
{
	const char *nl = at < r->len ? memchr(r->text + at, '\n', r->len - at) : NULL;

	return nl != NULL ? (gsize)(nl - r->text) : r->len;
}

static void
trim(const char *text, gsize *at, gsize *end)
{
	while (*at < *end && strchr(" \r\"*>", text[*at]) != NULL)
		(*at)++;
	while (*end > *at && strchr(" \r\"*", text[*end - 1]) != NULL)
		(*end)--;
}

/* Where the cell that begins at `at` ends. */
static gsize
cell_end(const char *text, gsize at, gsize end, char sep)
{
	gsize i = at;

	if (sep == ' ') {
		while (i + 1 < end && (text[i] != ' ' || text[i + 1] != ' '))
			i++;
		return i + 1 < end ? i : end;
	}
	if (at < end && text[at] == '"' && sep != '\t') {	/* "18 Mill Lane, Leeds",7C */
		const char *close = memchr(text + at + 1, '"', end - at - 1);

		if (close != NULL)
			i = (gsize)(close - text);
	}
	while (i < end && text[i] != sep)
		i++;
	return i;
}

static void
split(Reader *r, gsize from, gsize end, char sep)
{
	Cells *c = &r->cells;
	gsize at = from;

	c->n = 0;
	c->rest = end;
	if (sep == '|' || sep == ' ') {
		trim(r->text, &at, &end);
		if (at < end && sep == '|' && r->text[at] == '|')
			at++;
		if (end > at && sep == '|' && r->text[end - 1] == '|')
			end--;
	}
	for (;;) {
		gsize stop = cell_end(r->text, at, end, sep);
		Cell *cell;

		if (c->n == SG_TABLE_COLUMNS) {
			c->rest = at;
			return;
		}
		if (c->n == c->cell->len)
			g_array_set_size(c->cell, c->n + 1);
		cell = cell_at(r, c->n++);
		*cell = (Cell){ at, stop };
		trim(r->text, &cell->at, &cell->end);
		if (stop >= end)
			return;
		at = stop + 1;
		while (sep == ' ' && at < end && r->text[at] == ' ')
			at++;
	}
}

/* How many cells the line has by each separator: one more than there are separators. */
static void
count(const Reader *r, gsize from, gsize end, guint *n)
{
	gboolean quoted = FALSE;

	memset(n, 0, SEPS * sizeof *n);
	while (end > from && strchr(" \r", r->text[end - 1]) != NULL)
		end--;
	while (from < end && r->text[from] == ' ')
		from++;
	for (gsize i = from; i < end; i++) {
		char c = r->text[i];

		if (g_ascii_isalnum(c))
			continue;
		n[0] += c == '\t';
		n[1] += c == '|' && i > from && i + 1 < end;
		if (c == '"')
			quoted = !quoted;
		n[2] += c == ';' && !quoted;
		n[3] += c == ',' && !quoted;
		n[4] += c == ' ' && i + 1 < end && r->text[i + 1] == ' ' && i > from && r->text[i - 1] != ' ';
	}
}

/* "|---|---|" between header and rows of a table in plain text. */
static gboolean
is_rule(const Reader *r, gsize from, gsize end)
{
	for (gsize i = from; i < end; i++)
		if (strchr("-|:=+ \r", r->text[i]) == NULL)
			return FALSE;
	return end > from;
}

/* --- columns ---------------------------------------------------------------------- */

/* "KS2" and "Contact 1" are headers; a cell with three digits is none. */
static gboolean
has_number(const char *cell, gsize len)
{
	guint digits = 0;

	for (gsize i = 0; i < len; i++)
		digits += g_ascii_isdigit(cell[i]);
	return digits > 2;
}

/* One subject may be anything, a class or a teacher; several are what each of the people has
 * reached in them. */
static void
read_subjects(Reader *r)
{
	guint n = 0;

	for (guint i = 0; i < r->column->len; i++)
		n += column_at(r, i)->what == SG_COLUMN_SUBJECT;
	for (guint i = 0; i < r->column->len; i++)
		if (column_at(r, i)->what == SG_COLUMN_SUBJECT)
			column_at(r, i)->what = n >= SUBJECTS ? SG_COLUMN_RESULTS : SG_COLUMN_OTHER;
}

/* As many columns as the line has cells that was split last, and nothing known of them. */
static void
forget_header(Reader *r)
{
	Column nothing = { 0 };

	sg_cues_none(&nothing.cues);
	g_array_set_size(r->column, 0);
	for (guint i = 0; i < r->cells.n; i++)
		g_array_append_val(r->column, nothing);
}

/* Sets what the headers say; how many of them are known. */
static guint
read_header(Reader *r, gsize from, gsize end, char sep)
{
	guint known = 0;
	gboolean plain = TRUE;

	split(r, from, end, sep);
	forget_header(r);
	for (guint i = 0; i < r->cells.n; i++) {
		Column *c = column_at(r, i);
		const char *name = r->text + cell_at(r, i)->at;
		gsize len = cell_at(r, i)->end - cell_at(r, i)->at;

		if (len == 0 || len > (r->table ? QUESTION_MAX : HEADER_MAX))
			continue;
		c->what = sg_column_of(name, len);
		sg_cues_column(&c->cues, name, len);
		for (guint k = 0; k < SG_CUE_WHATS; k++)
			c->cued = c->cued || c->cues.strong[k] != SG_CUE_NONE;
		known += c->what != 0 && c->what != SG_COLUMN_SUBJECT;
		plain = plain && !has_number(name, len);
	}
	read_subjects(r);
	return plain ? known : 0;
}

/* How many words a cell has that are written like names; 0 when it has anything else. */
static guint
name_words(const char *text, gsize at, gsize end)
{
	guint words = 0;

	while (at < end) {
		gsize from = at;

		if (!g_ascii_isupper(text[at]) && (guchar)text[at] < 0x80)
			return 0;
		while (at < end && (g_ascii_isalpha(text[at]) || (guchar)text[at] >= 0x80 || text[at] == '\'' ||
		    text[at] == '-'))
			at++;
		if (at - from < 2 || (at < end && text[at] != ' ' && text[at] != ','))
			return 0;
		words++;
		while (at < end && (text[at] == ' ' || text[at] == ','))
			at++;
	}
	return words;
}

/* Two digits or four at the end of a date: is it a child's year of birth? */
static gboolean
is_childs(const char *text, const SgValue *v)
{
	guint year = 0;

	return sg_kind_date(text, v->at + v->len, v->at, &year) != 0 && year >= 2004 && year <= 2024;
}

static void
note_value(Column *c, const char *text, const SgValue *v)
{
	guint32 bit = 1u << v->kind;

	if ((bit & (1u << SG_KIND_PHONE | 1u << SG_KIND_EMAIL | 1u << SG_KIND_ADDRESS)) != 0)
		c->contact++;
	else if (v->kind == SG_KIND_DOB)
		c->birth += is_childs(text, v);
	else if (v->kind == SG_KIND_NHS || (v->kind <= SG_KIND_CHI && v->confidence >= SG_CONF_MEDIUM))
		c->identity++;
	else if (v->confidence >= SG_CONF_MEDIUM)
		c->pay++;
}

static void
read_cell(Reader *r, guint i)
{
	Column *c = column_at(r, i);
	gsize at = cell_at(r, i)->at, end = cell_at(r, i)->end;
	guint before = r->values->len, words;

	if (at == end)
		return;
	c->filled++;
	r->room = sg_values_find(r->text, at, end, c->cued ? &c->cues : NULL, r->most, r->values);
	if (r->values->len > before) {
		const SgValue *v = &g_array_index(r->values, SgValue, before);

		if (v->len * 2 > end - at)
			note_value(c, r->text, v);
		return;
	}
	words = end - at < 60 ? name_words(r->text, at, end) : 0;
	c->full_name += words >= 2 && words <= 4;
	c->one_name += words == 1;
}

/* What a column without a known header is, by its cells. */
static void
guess_columns(Reader *r)
{
	for (guint i = 0; i < r->column->len; i++) {
		Column *c = column_at(r, i), *next = i + 1 < r->column->len ? c + 1 : NULL;
		guint most = c->filled * 3 / 5;

		if (c->what != 0 || c->filled < 2)
			continue;
		if (c->identity > most)
			c->what = SG_COLUMN_IDENTITY;
		else if (c->birth > most)
			c->what = SG_COLUMN_BIRTH;
		else if (c->contact > most)
			c->what = SG_COLUMN_CONTACT;
		else if (c->pay > most)
			c->what = SG_COLUMN_PAY;
		else if (c->full_name > most)
			c->what = SG_COLUMN_NAME;
		else if (c->one_name > most && next != NULL && next->one_name > most && next->what == 0) {
			c->what = SG_COLUMN_SURNAME;
			next->what = SG_COLUMN_FORENAME;
		}
	}
}

/* --- people ------------------------------------------------------------------------ */

static guint64
hash_cell(guint64 h, const char *text, gsize at, gsize end)
{
	for (; at < end; at++)
		if (g_ascii_isalnum(text[at]) || (guchar)text[at] >= 0x80)
			h = (h ^ (guchar)g_ascii_tolower(text[at])) * 0x100000001b3u;
	return (h ^ '|') * 0x100000001b3u;
}

/* The row's person, by the columns in by; 0 when none is told or nothing is told of them. */
static guint64
person(const Reader *r, guint by)
{
	guint64 h = 0xcbf29ce484222325u, empty = h;
	gboolean told = FALSE;

	for (guint i = 0; i < MIN(r->cells.n, r->column->len); i++) {
		guint what = column_at(r, i)->what;
		gsize at = cell_at(r, i)->at, end = cell_at(r, i)->end;

		if (at == end)
			continue;
		if ((what & by) != 0)
			h = hash_cell(h, r->text, at, end);
		told = told || (what & ~(SG_COLUMN_PERSON | SG_COLUMN_OTHER)) != 0;
	}
	return told && h != empty ? h : 0;
}

static void
count_people(Reader *r, gsize from, gsize to, char sep, SgTable *t)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	guint by = (t->columns & SG_COLUMN_PERSON) != 0 ? SG_COLUMN_PERSON : SG_COLUMN_IDENTITY;

	while (from < to && g_hash_table_size(seen) < SG_TABLE_PEOPLE) {
		gsize end = line_end(r, from);
		guint64 h;

		split(r, from, end, sep);
		h = is_rule(r, from, end) ? 0 : person(r, by);
		if (h != 0 && g_hash_table_add(seen, GSIZE_TO_POINTER(h)))
			t->words += h;
		from = end + 1;
	}
	t->people = g_hash_table_size(seen);
}

/* --- tables ------------------------------------------------------------------------ */

static void
read_rows(Reader *r, gsize from, gsize to, char sep)
{
	guint columns = r->column->len;

	while (from < to && r->room) {
		gsize end = line_end(r, from);
		guint n;

		if (is_rule(r, from, end)) {
			from = end + 1;
			continue;
		}
		split(r, from, end, sep);
		n = r->cells.n;
		if (n > columns && sep == ',') {	/* commas inside cells: which is which? */
			r->room = sg_values_find(r->text, from, end, &r->none, r->most, r->values);
			from = end + 1;
			continue;
		}
		for (guint i = 0; i < MIN(n, columns) && r->room; i++)
			read_cell(r, i);
		if (n > columns)
			r->cells.rest = cell_at(r, columns)->at;
		if (r->room && r->cells.rest < end)
			r->room = sg_values_find(r->text, r->cells.rest, end, &r->none, r->most, r->values);
		from = end + 1;
	}
}

/* Lines [from, to), the first of them the header's end when there is one. */
static void
read_table(Reader *r, gsize from, gsize to, char sep, gboolean headed)
{
	SgTable t = { .at = from, .len = to - from };
	gsize rows = headed ? MIN(to, line_end(r, from) + 1) : from;

	split(r, from, line_end(r, from), sep);
	r->wide = r->wide || r->cells.rest < line_end(r, from);
	read_rows(r, rows, to, sep);
	guess_columns(r);
	for (guint i = 0; i < r->column->len; i++) {
		t.columns |= column_at(r, i)->what;
		t.contacts += column_at(r, i)->what == SG_COLUMN_CONTACT;
	}
	if ((t.columns & (SG_COLUMN_PERSON | SG_COLUMN_IDENTITY)) == 0 ||
	    (t.columns & ~(SG_COLUMN_PERSON | SG_COLUMN_OTHER)) == 0)
		return;
	count_people(r, rows, to, sep, &t);
	if (t.people > 1)
		g_array_append_val(r->tables, t);
}

/* As many lines as fall into the same number of cells; where they end. */
static gsize
block_end(const Reader *r, gsize from, guint sep, guint cells, gboolean headed, guint *rows)
{
	gsize at = from, end = from;
	guint rules = 0;

	for (*rows = 0; at < r->len; at = line_end(r, at) + 1) {
		gsize stop = line_end(r, at);
		guint n[SEPS];

		if (*rows > 0 && is_rule(r, at, stop)) {
			if (++rules > RULES)
				break;
			end = stop;
			continue;
		}
		rules = 0;
		count(r, at, stop, n);
		if (n[sep] != cells && !(headed && sep == 3 && n[sep] > cells))
			break;
		(*rows)++;
		end = stop;
	}
	return end;
}

/* Does the line behind this one look like it?  Most lines of running text do not. */
static gboolean
goes_on(const Reader *r, gsize end, const guint *n, guint sep)
{
	guint next[SEPS];

	if (end + 1 >= r->len)
		return FALSE;
	count(r, end + 1, line_end(r, end + 1), next);
	return next[sep] == n[sep] || (sep == 3 && next[sep] > n[sep]) ||
	    (sep == 1 && is_rule(r, end + 1, line_end(r, end + 1)));
}

/* A table that begins with this line: its end, or 0. */
static gsize
try_block(Reader *r, gsize from, gsize end)
{
	guint n[SEPS];

	count(r, from, end, n);
	for (guint s = 0; s < SEPS; s++) {
		guint rows = 0, known;
		gsize to;

		if (n[s] == 0 || (n[s] == 1 && seps[s] == ',') || !goes_on(r, end, n, s))
			continue;
		known = read_header(r, from, end, seps[s]);
		if (known < 2 && !(known == 1 && n[s] == 1))
			known = 0;
		to = block_end(r, from, s, n[s], known > 0, &rows);
		if (rows < LEAST_ROWS - (known > 0))
			continue;
		if (known == 0)
			forget_header(r);
		read_table(r, from, to, seps[s], known > 0);
		return to;
	}
	return 0;
}

static void
read_running(Reader *r)
{
	gsize prose = 0, at = 0;

	while (at < r->len && r->room) {
		gsize end = line_end(r, at), before = r->values->len, to;

		/* what is before the table comes first, values are in order */
		to = try_block(r, at, end);
		if (to != 0 && prose < at) {
			g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(SgValue));

			r->room = sg_values_find(r->text, prose, at, NULL, r->most, found) && r->room;
			g_array_insert_vals(r->values, (guint)before, found->data, found->len);
		}
		if (to != 0)
			prose = to;
		at = MAX(to, end) + 1;
	}
	if (r->room && prose < r->len)
		r->room = sg_values_find(r->text, prose, r->len, NULL, r->most, r->values);
}

gboolean
sg_tables_find(const char *text, gsize len, gboolean table, guint most, GArray *values, GArray *tables,
	gboolean *wide)
{
	Reader r = { .text = text, .len = len, .most = most, .values = values, .tables = tables,
		.table = table, .room = TRUE,
		.cells.cell = g_array_new(FALSE, FALSE, sizeof(Cell)),
		.column = g_array_new(FALSE, FALSE, sizeof(Column)) };

	sg_cues_none(&r.none);
	if (table && len > 0) {
		if (read_header(&r, 0, line_end(&r, 0), '\t') == 0)
			forget_header(&r);
		read_table(&r, 0, len, '\t', TRUE);
	} else
		read_running(&r);
	g_array_unref(r.cells.cell);
	g_array_unref(r.column);
	*wide = r.wide;
	return r.room;
}
