/* ooxml_cells - one sheet of a workbook: its cells, headers, hints and formulas' words. */
#include <string.h>

#include "office/ooxml_book.h"

#define FORMULA 8192u	/* longest formula that is kept */
#define VALUE	32768u	/* longest number, inline text: Excel's own limit */

enum {
	C_CELL = 1, C_VALUE, C_FORMULA, C_INLINE, C_TEXT, C_ROW, C_PHONETIC, C_HEADER, C_HINT, C_RULE, C_DATA,
};

static const SgXmlName names[] = {
	{ "c", C_CELL }, { "cfRule", C_RULE }, { "dataValidation", C_HINT }, { "evenFooter", C_HEADER },
	{ "evenHeader", C_HEADER }, { "f", C_FORMULA }, { "firstFooter", C_HEADER },
	{ "firstHeader", C_HEADER }, { "formula", C_FORMULA }, { "formula1", C_FORMULA },
	{ "formula2", C_FORMULA }, { "hyperlink", C_HINT }, { "inputCells", C_HINT }, { "is", C_INLINE },
	{ "oddFooter", C_HEADER }, { "oddHeader", C_HEADER }, { "rPh", C_PHONETIC }, { "row", C_ROW },
	{ "sheetData", C_DATA }, { "t", C_TEXT }, { "tableColumn", C_HINT }, { "v", C_VALUE },
};

typedef enum { AS_NUMBER, AS_SHARED, AS_TEXT, AS_BOOLEAN, AS_DATE } Type;

struct SgCells {
	SgBook	*book;
	GString *value, *inline_text, *formula, *shown;
	guint	 row, column, style, skip;
	guint	 reading;	/* the code of the element whose text this is, or 0 */
	Type	 type;
	gboolean in_cell;
};

SgCells *
sg_cells_new(SgBook *b)
{
	SgCells *c = g_new0(SgCells, 1);

	c->book = b;
	c->value = g_string_new(NULL);
	c->inline_text = g_string_new(NULL);
	c->formula = g_string_new(NULL);
	c->shown = g_string_new(NULL);
	return c;
}

void
sg_cells_free(SgCells *c)
{
	if (c == NULL)
		return;
	g_string_free(c->value, TRUE);
	g_string_free(c->inline_text, TRUE);
	g_string_free(c->formula, TRUE);
	g_string_free(c->shown, TRUE);
	g_free(c);
}

/* "AB12": both counted from 0; what is missing stays. */
static void
place(const char *ref, gsize n, guint *row, guint *column)
{
	guint64 letters = 0, digits = 0;
	gsize i = 0;

	while (i < n && ref[i] == '$')
		i++;
	for (; i < n && g_ascii_isalpha(ref[i]) && letters < 1u << 20; i++)
		letters = letters * 26 + (guint64)(g_ascii_toupper(ref[i]) - 'A') + 1;
	for (; i < n && g_ascii_isdigit(ref[i]) && digits < 1u << 30; i++)
		digits = digits * 10 + (guint64)(ref[i] - '0');
	if (letters > 0)
		*column = (guint)letters - 1;
	if (digits > 0)
		*row = (guint)digits - 1;
}

static Type
type_of(const char *value, gsize n)
{
	static const struct {
		const char *name;
		Type type;
	} types[] = { { "s", AS_SHARED }, { "str", AS_TEXT }, { "inlineStr", AS_TEXT }, { "e", AS_TEXT },
		{ "b", AS_BOOLEAN }, { "d", AS_DATE } };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strlen(types[i].name) == n && memcmp(types[i].name, value, n) == 0)
			return types[i].type;
	return AS_NUMBER;
}

/* There are more cells than anything else: one look at each attribute.  The first one of
 * a name decides, and is read last. */
static void
begin_cell(SgCells *c, const SgXmlTag *tag)
{
	guint row = c->row;
	const char *name, *value;
	gsize n;

	c->style = 0;
	c->type = AS_NUMBER;
	for (guint i = tag->n; i > 0; i--) {
		name = sg_xml_attribute(tag, i - 1, &value, &n);
		if (name[0] == '\0' || name[1] != '\0')
			continue;
		if (name[0] == 'r')
			place(value, n, &row, &c->column);
		else if (name[0] == 's')
			c->style = (guint)CLAMP(sg_xml_digits(value, n, 0), 0, G_MAXUINT16);
		else if (name[0] == 't')
			c->type = type_of(value, n);
	}
	c->row = MAX(c->row, row);	/* rows never fall */
	c->in_cell = TRUE;
	g_string_truncate(c->value, 0);
	g_string_truncate(c->inline_text, 0);
}

static void
give(SgCells *c, const char *s, gsize n)
{
	sg_book_cell(c->book, c->row, c->column, s, n);
}

static void
give_number(SgCells *c)
{
	const char *raw = g_strstrip(c->value->str);
	char *end;
	double v = g_ascii_strtod(raw, &end);

	if (*raw == '\0')
		return;
	if (*end != '\0') {	/* no number after all */
		give(c, raw, strlen(raw));
		return;
	}
	g_string_truncate(c->shown, 0);
	sg_book_show(c->book, c->shown, v, raw, c->style);
	give(c, c->shown->str, c->shown->len);
}

static void
end_cell(SgCells *c)
{
	const char *shared;

	c->in_cell = FALSE;
	if (c->inline_text->len > 0)
		give(c, c->inline_text->str, c->inline_text->len);
	if (c->type == AS_SHARED) {
		shared = sg_book_string(c->book, g_ascii_strtoull(c->value->str, NULL, 10));
		if (shared != NULL && c->value->len > 0)
			give(c, shared, strlen(shared));
	} else if (c->type == AS_BOOLEAN && c->value->len > 0) {
		give(c, c->value->str[0] == '1' ? "TRUE" : "FALSE", c->value->str[0] == '1' ? 4 : 5);
	} else if (c->type == AS_NUMBER) {
		give_number(c);
	} else {
		give(c, c->value->str, c->value->len);
	}
	c->column++;
}

static void
hints(SgCells *c, const SgXmlTag *tag)
{
	static const char *const attributes[] = { "promptTitle", "prompt", "errorTitle", "error", "tooltip",
		"display", "location" };

	for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++) {
		gsize n;
		const char *value = sg_xml_value(tag, attributes[i], &n);

		if (value != NULL)
			sg_flow_line(c->book->flow, value, n);
	}
}

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	SgCells *c = data;

	switch (code) {
	case C_ROW:
		c->column = 0;
		c->row = MAX(c->row, (guint)CLAMP(sg_xml_number(tag, "r", (gint64)c->row + 1) - 1, 0, G_MAXINT32));
		break;
	case C_CELL:
		begin_cell(c, tag);
		break;
	case C_PHONETIC:
		c->skip++;
		break;
	case C_FORMULA:
		g_string_truncate(c->formula, 0);
		c->reading = code;
		break;
	case C_VALUE:
	case C_TEXT:
	case C_HEADER:
		c->reading = code;
		break;
	case C_HINT:
		hints(c, tag);
		break;
	default:
		break;
	}
}

/* Words in a formula may be put together by it, or be shown only sometimes. */
static void
end_formula(SgCells *c)
{
	if (strchr(c->formula->str, '"') != NULL || strstr(c->formula->str, "://") != NULL)
		sg_flow_line(c->book->flow, c->formula->str, c->formula->len);
	g_string_truncate(c->formula, 0);
}

/* "&LLeft&C&P of &N": where, how and which number; the rest are words. */
static void
end_header(SgCells *c)
{
	g_string_truncate(c->shown, 0);
	for (const char *p = c->formula->str; *p != '\0'; p++) {
		if (*p != '&') {
			g_string_append_c(c->shown, *p);
		} else if (p[1] == '&') {
			g_string_append_c(c->shown, *p++);
		} else if (p[1] == '"') {
			const char *end = strchr(p + 2, '"');

			p = end != NULL ? end : p + 1;
		} else if (g_ascii_isdigit(p[1])) {
			while (g_ascii_isdigit(p[1]))
				p++;
		} else if (p[1] != '\0') {
			g_string_append_c(c->shown, ' ');
			p++;
		}
	}
	sg_flow_line(c->book->flow, c->shown->str, c->shown->len);
	g_string_truncate(c->formula, 0);
}

static void
on_end(gpointer data, guint code)
{
	SgCells *c = data;

	if (code == C_CELL)
		end_cell(c);
	else if (code == C_ROW)
		c->row++;
	else if (code == C_PHONETIC && c->skip > 0)
		c->skip--;
	else if (code == C_FORMULA)
		end_formula(c);
	else if (code == C_HEADER)
		end_header(c);
	if (code == c->reading)
		c->reading = 0;
}

static void
append_some(GString *out, const char *s, gsize n, gsize most)
{
	if (out->len < most)
		g_string_append_len(out, s, (gssize)MIN(n, most - out->len));
}

static void
on_text(gpointer data, const char *s, gsize n)
{
	SgCells *c = data;

	if (c->skip > 0)
		return;
	if (c->reading == C_VALUE)
		append_some(c->value, s, n, VALUE * 4);
	else if (c->reading == C_TEXT && c->in_cell)
		append_some(c->inline_text, s, n, VALUE * 4);
	else if (c->reading == C_TEXT)
		sg_flow_words(c->book->flow, s, n);
	else if (c->reading == C_FORMULA || c->reading == C_HEADER)
		append_some(c->formula, s, n, FORMULA);
}

static void
on_loose(gpointer data, const char *s, gsize n)
{
	sg_flow_line(((SgCells *)data)->book->flow, s, n);
}

const SgXmlReader sg_cells_reader = { names, G_N_ELEMENTS(names), on_start, on_end, on_text, on_loose };
