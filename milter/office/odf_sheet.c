#include <string.h>

#include "office/odf_sheet.h"
#include "part/table.h"

#define ROWS	1000	/* as often as a row that says something is repeated */
#define COLUMNS ((gint64)SG_TABLE_COLUMNS)
#define WHOLE	8u	/* digits of a number that somebody might look for */
#define CELL	(1u << 20)

typedef struct Value {
	char *text;
	guint column;
	guint times;
} Value;

struct SgOdfSheet {
	SgFlow	*flow;
	SgSink	*sink;
	SgTable *table;
	GArray	*cells;		/* Value, of the row in hand */
	GString *text;		/* of the cell in hand */
	char	*exact;		/* its value, as the file has it, or NULL */
	char	*date;
	gint64	 row, column, rows, times;	/* rows, times: how often it is repeated */
	gboolean open, full;
	GError	*error;
};

static void
clear_value(gpointer data)
{
	g_free(((Value *)data)->text);
}

SgOdfSheet *
sg_odf_sheet_new(SgFlow *flow, SgSink *sink)
{
	SgOdfSheet *s = g_new0(SgOdfSheet, 1);

	s->flow = flow;
	s->sink = sink;
	s->table = sg_table_new(sink, "attachment");
	s->cells = g_array_new(FALSE, FALSE, sizeof(Value));
	g_array_set_clear_func(s->cells, clear_value);
	s->text = g_string_new(NULL);
	return s;
}

void
sg_odf_sheet_free(SgOdfSheet *s)
{
	sg_table_free(s->table);
	g_array_unref(s->cells);
	g_string_free(s->text, TRUE);
	g_free(s->exact);
	g_free(s->date);
	g_clear_error(&s->error);
	g_free(s);
}

void
sg_odf_sheet_begin(SgOdfSheet *s)
{
	s->row = s->column = 0;
	s->rows = 1;
	s->open = FALSE;
}

void
sg_odf_sheet_row(SgOdfSheet *s, const SgXmlTag *tag)
{
	s->rows = CLAMP(sg_xml_number(tag, "number-rows-repeated", 1), 1, G_MAXINT32 / 2);
	s->column = 0;
	g_array_set_size(s->cells, 0);
}

void
sg_odf_sheet_cell(SgOdfSheet *s, const SgXmlTag *tag)
{
	g_autofree char *formula = sg_xml_string(tag, "formula");

	s->open = TRUE;
	s->times = CLAMP(sg_xml_number(tag, "number-columns-repeated", 1), 1, G_MAXINT32 / 2);
	g_string_truncate(s->text, 0);
	g_free(s->exact);
	g_free(s->date);
	s->exact = sg_xml_string(tag, "value");
	if (s->exact == NULL)
		s->exact = sg_xml_string(tag, "string-value");
	s->date = sg_xml_string(tag, "date-value");
	if (formula != NULL && (strchr(formula, '"') != NULL || strstr(formula, "://") != NULL))
		sg_flow_line(s->flow, formula, strlen(formula));
}

gboolean
sg_odf_sheet_in_cell(const SgOdfSheet *s)
{
	return s->open;
}

void
sg_odf_sheet_words(SgOdfSheet *s, const char *words, gsize n)
{
	if (s->text->len < CELL)
		g_string_append_len(s->text, words, (gssize)MIN(n, CELL));
}

static void
append_unless_there(GString *text, const char *s)
{
	if (strstr(text->str, s) != NULL)
		return;
	if (text->len > 0)
		g_string_append_c(text, ' ');
	g_string_append(text, s);
}

/* What a format hides of a number or a date; see text/number.h. */
static void
append_exact(SgOdfSheet *s)
{
	if (s->exact != NULL && (s->text->len == 0 ||
	    (strlen(s->exact) >= WHOLE && s->exact[strspn(s->exact, "-0123456789")] == '\0')))
		append_unless_there(s->text, s->exact);
	if (s->date != NULL && strlen(s->date) >= 10 && s->date[4] == '-') {
		g_autofree char *day = g_strdup_printf("%.2s/%.2s/%.4s", s->date + 8, s->date + 5, s->date);
		g_autofree char *iso = g_strndup(s->date, 10);

		append_unless_there(s->text, day);
		append_unless_there(s->text, iso);
	}
}

void
sg_odf_sheet_cell_end(SgOdfSheet *s)
{
	if (!s->open)
		return;
	s->open = FALSE;
	while (s->text->len > 0 && g_ascii_isspace(s->text->str[s->text->len - 1]))
		g_string_truncate(s->text, s->text->len - 1);
	append_exact(s);
	if (s->text->len > 0 && s->column < COLUMNS) {
		Value v = { g_strndup(s->text->str, s->text->len), (guint)s->column,
			(guint)MIN(s->times, COLUMNS - s->column) };

		g_array_append_val(s->cells, v);
		if (s->times > COLUMNS)
			s->sink->limit(s->sink, "rows");
	} else if (s->text->len > 0 && s->cells->len < 2 * COLUMNS) {
		Value v = { g_strndup(s->text->str, s->text->len), (guint)s->column, 1 };

		g_array_append_val(s->cells, v);
	}
	s->column = MIN(s->column + s->times, G_MAXINT32);
}

void
sg_odf_sheet_row_end(SgOdfSheet *s)
{
	gint64 times = MIN(s->rows, ROWS);

	if (s->cells->len > 0 && s->rows > ROWS)
		s->sink->limit(s->sink, "rows");
	for (gint64 r = 0; r < times && s->cells->len > 0 && !s->full; r++)
		for (guint i = 0; i < s->cells->len && !s->full; i++) {
			const Value *v = &g_array_index(s->cells, Value, i);

			for (guint c = 0; c < v->times && !s->full; c++)
				s->full = !sg_table_cell(s->table, (guint)(s->row + r), v->column + c, v->text,
				    strlen(v->text), NULL);
		}
	g_array_set_size(s->cells, 0);
	s->row = MIN(s->row + s->rows, G_MAXINT32);
}

gboolean
sg_odf_sheet_give(SgOdfSheet *s)
{
	s->full = s->open = FALSE;
	sg_flow_paragraph(s->flow);
	return s->error == NULL && sg_table_give(s->table, &s->error);
}

gboolean
sg_odf_sheet_end(SgOdfSheet *s, GError **error)
{
	sg_odf_sheet_cell_end(s);
	sg_odf_sheet_row_end(s);
	sg_odf_sheet_give(s);
	if (s->error == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&s->error));
	return FALSE;
}
