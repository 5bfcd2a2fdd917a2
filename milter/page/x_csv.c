/*
 * x_csv - tables in plain text: CSV, TSV, and what spreadsheets save as such.
 *
 * Which character parts the cells is seen from the first lines: the one that is in most
 * of them equally often; "sep=;" in the first line says it.  Quoted cells may hold line ends.
 * A file in which none is found is given as plain text.
 */
#include <string.h>

#include "base/err.h"
#include "part/extractor.h"
#include "part/table.h"
#include "text/charset.h"

#define LOOK	30u		/* lines from which the separator is seen */
#define QUOTED	65536u		/* a quote that is not closed within is a letter */

typedef struct Csv {
	const char *s, *end;
	char	    separator;
	guint	    row, column;
	SgTable	   *table;
	GString	   *cell;
} Csv;

static guint
csv_bid(const SgPart *part)
{
	static const char *const types[] = { "text/csv", "text/tab-separated-values", "application/csv",
		"text/comma-separated-values", "text/x-csv", "application/x-csv" };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(part->detected, types[i]) == 0)
			return 20;
	return 0;
}

/* How often c is in the lines, outside of quotes: in how many as often as in the first. */
static guint
agree(const char *s, const char *end, char c)
{
	guint first = 0, now = 0, same = 0, lines = 0;
	gboolean quoted = FALSE;

	for (; s < end && lines < LOOK; s++) {
		if (*s == '"')
			quoted = !quoted;
		now += *s == c && !quoted;
		if ((*s != '\n' || quoted) && s + 1 < end)
			continue;
		first = lines == 0 ? now : first;
		same += now > 0 && now == first;
		lines++;
		now = 0;
		quoted = FALSE;
	}
	return first > 0 ? same * 1000 + MIN(first, 999) : 0;
}

static char
separator(Csv *c)
{
	static const char tried[] = "\t,;|";
	guint most = 0;
	char best = '\0';

	if (c->end - c->s > 5 && g_ascii_strncasecmp(c->s, "sep=", 4) == 0 && (guchar)c->s[4] < 0x80) {
		char said = c->s[4];
		const char *nl = memchr(c->s, '\n', MIN((gsize)(c->end - c->s), 16));

		c->s = nl != NULL ? nl + 1 : c->s;
		return said;
	}
	for (gsize i = 0; i < sizeof tried - 1; i++) {
		guint n = agree(c->s, c->end, tried[i]);

		if (n > most) {
			most = n;
			best = tried[i];
		}
	}
	return best;
}

/* Behind the opening quote; FALSE when it is not closed and so is a letter. */
static gboolean
quoted_cell(Csv *c)
{
	const char *s = c->s, *end = c->s + MIN((gsize)(c->end - c->s), QUOTED), *quote;

	for (;;) {
		quote = memchr(s, '"', (gsize)(end - s));
		if (quote == NULL)
			return FALSE;
		if (quote + 1 >= c->end || quote[1] != '"')
			break;
		s = quote + 2;
		if (s >= end)
			return FALSE;
	}
	for (s = c->s; s < quote; s++) {
		g_string_append_c(c->cell, *s);
		s += *s == '"';
	}
	c->s = quote + 1;
	return TRUE;
}

/* One cell, up to the separator or the line end. */
static gboolean
read_cell(Csv *c, GError **error)
{
	const char *from;

	g_string_truncate(c->cell, 0);
	while (c->s < c->end && *c->s == ' ')
		c->s++;
	if (c->s < c->end && *c->s == '"') {
		c->s++;
		if (!quoted_cell(c))
			c->s--;
	}
	for (from = c->s; c->s < c->end && *c->s != c->separator && *c->s != '\n'; c->s++)
		continue;
	g_string_append_len(c->cell, from, c->s - from);
	g_strchomp(c->cell->str);
	return sg_table_cell(c->table, c->row, c->column, c->cell->str, strlen(c->cell->str), error);
}

static gboolean
read_table(Csv *c, GError **error)
{
	while (c->s < c->end) {
		if (!read_cell(c, error))
			return FALSE;
		c->column++;
		if (c->s < c->end && *c->s == '\n') {
			c->row++;
			c->column = 0;
		}
		c->s++;
	}
	return TRUE;
}

static gboolean
csv_run(SgPart *part, SgSink *sink, GError **error)
{
	gsize n, len;
	const char *data = g_bytes_get_data(sg_part_bytes(part), &n);
	gboolean lied, ok;
	g_autofree char *text = sg_charset_decode(part->charset, data, n, &len, &lied);
	g_autoptr(GString) cell = g_string_new(NULL);
	g_autoptr(SgTable) table = sg_table_new(sink, "attachment");
	Csv c = { .s = text, .end = text + len, .table = table, .cell = cell };

	if (lied)
		sg_part_note(part, "charset");
	if (n > SG_CHARSET_MAX)
		sink->limit(sink, "text");
	c.separator = separator(&c);
	if (c.separator == '\0')
		return sink->text(sink, NULL, text, len, error);
	ok = read_table(&c, error);
	/* after a limit, what there is */
	return sg_table_give(table, ok ? error : NULL) && ok;
}

extern const SgExtractor sg_x_csv;
const SgExtractor sg_x_csv = { "csv", csv_bid, csv_run, NULL, FALSE };
