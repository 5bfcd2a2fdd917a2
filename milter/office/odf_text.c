#include <string.h>

#include "office/odf_sheet.h"
#include "office/odf_text.h"

#define BINARY (48u << 20)	/* letters of one file inside the XML */
#define BLANKS 1000		/* that one element may stand for */

enum {
	O_NONE, O_PARAGRAPH, O_ASIDE, O_SPACE, O_TAB, O_BREAK, O_LINK, O_TABLE, O_ROW, O_CELL, O_COVERED, O_SHEETS,
	O_WORDS, O_CODE, O_BINARY, O_SETTINGS, O_META, O_ALL_ROOT, O_KNOWN_ROOT, O_NAMED, O_PAGE,
};

/* Sorted.  Roots that are not here are read in full. */
static const SgXmlName names[] = {
	{ "a", O_LINK }, { "annotation", O_ASIDE }, { "binary-data", O_BINARY }, { "content-validation", O_NAMED },
	{ "covered-table-cell", O_COVERED }, { "creator", O_WORDS }, { "custom-shape", O_ASIDE },
	{ "database-range", O_NAMED }, { "date-time-decl", O_WORDS }, { "desc", O_WORDS },
	{ "document", O_KNOWN_ROOT }, { "document-content", O_KNOWN_ROOT }, { "document-meta", O_ALL_ROOT },
	{ "document-settings", O_SETTINGS }, { "document-styles", O_KNOWN_ROOT }, { "dropdown", O_NAMED },
	{ "error-message", O_NAMED }, { "footer-decl", O_WORDS }, { "h", O_PARAGRAPH },
	{ "header-decl", O_WORDS }, { "help-message", O_NAMED }, { "hidden-paragraph", O_NAMED },
	{ "hidden-text", O_NAMED }, { "item", O_NAMED }, { "keyword", O_WORDS }, { "label", O_NAMED },
	{ "line-break", O_BREAK }, { "list-source", O_NAMED }, { "meta", O_META }, { "module", O_CODE },
	{ "named-expression", O_NAMED }, { "named-range", O_NAMED }, { "note", O_ASIDE }, { "option", O_NAMED },
	{ "p", O_PARAGRAPH }, { "page", O_PAGE }, { "ruby-text", O_ASIDE }, { "s", O_SPACE },
	{ "settings", O_SETTINGS }, { "source-code", O_CODE }, { "spreadsheet", O_SHEETS },
	{ "tab", O_TAB }, { "table", O_TABLE }, { "table-cell", O_CELL }, { "table-row", O_ROW },
	{ "text", O_NONE }, { "text-box", O_ASIDE }, { "textarea", O_NAMED }, { "title", O_WORDS },
	{ "user-field-decl", O_NAMED }, { "variable-set", O_NAMED },
};

struct SgOdfText {
	SgFlow	   *flow;
	SgInside   *inside;
	SgOdfSheet *sheet;
	GString	   *letters;	/* of a file or a macro that is open */
	char	   *name;
	guint	    span;
	guint	    paragraphs, words, code, all, asides, settings, binary;	/* how many are open */
	guint	    tables;	/* in text */
	gboolean    root, sheets;
};

SgOdfText *
sg_odf_text_new(SgFlow *flow, SgInside *inside)
{
	SgOdfText *t = g_new0(SgOdfText, 1);

	t->flow = flow;
	t->inside = inside;
	t->letters = g_string_new(NULL);
	t->sheet = sg_odf_sheet_new(flow, inside->sink);
	sg_odf_text_begin(t);
	return t;
}

void
sg_odf_text_free(SgOdfText *t)
{
	if (t == NULL)
		return;
	sg_odf_sheet_free(t->sheet);
	g_string_free(t->letters, TRUE);
	g_free(t->name);
	g_free(t);
}

void
sg_odf_text_begin(SgOdfText *t)
{
	t->paragraphs = t->words = t->code = t->all = t->asides = t->settings = t->tables = t->binary = 0;
	t->root = TRUE;
	t->sheets = FALSE;
	g_string_truncate(t->letters, 0);
}

gboolean
sg_odf_text_end(SgOdfText *t, GError **error)
{
	return sg_odf_sheet_end(t->sheet, error);
}

/* The words of a cell of a sheet go to the cell; what is drawn or noted there does not. */
static gboolean
in_cell(const SgOdfText *t)
{
	return t->sheets && t->asides == 0 && sg_odf_sheet_in_cell(t->sheet);
}

static void
prose(SgOdfText *t, const char *s, gsize n)
{
	if (in_cell(t))
		sg_odf_sheet_words(t->sheet, s, n);
	else
		sg_flow_prose(t->flow, s, n);
}

static void
exactly(SgOdfText *t, const char *s, gsize n)
{
	if (in_cell(t))
		sg_odf_sheet_words(t->sheet, s, n);
	else
		sg_flow_words(t->flow, s, n);
}

static void
line(SgOdfText *t, const SgXmlTag *tag, const char *attribute)
{
	gsize n;
	const char *value = sg_xml_value(tag, attribute, &n);

	if (value != NULL)
		sg_flow_line(t->flow, value, n);
}

/* Fields, lists and forms have words in their attributes. */
static void
named(SgOdfText *t, const SgXmlTag *tag)
{
	static const char *const attributes[] = { "string-value", "condition", "title", "label", "value",
		"current-value", "expression" };

	for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++)
		line(t, tag, attributes[i]);
}

static void
begin_table(SgOdfText *t, const SgXmlTag *tag)
{
	if (t->sheets && t->asides == 0) {
		line(t, tag, "name");
		sg_odf_sheet_begin(t->sheet);
	} else {
		t->tables++;
		sg_flow_table(t->flow);
	}
}

static void
begin_cell(SgOdfText *t, guint code, const SgXmlTag *tag)
{
	if (t->sheets && t->asides == 0) {
		sg_odf_sheet_cell(t->sheet, tag);
	} else {
		t->span = code == O_COVERED ? (guint)CLAMP(sg_xml_number(tag, "number-columns-repeated", 1), 1, 64) : 1;
		sg_flow_cell(t->flow);
	}
}

static void
blanks(SgOdfText *t, gint64 n)
{
	for (n = CLAMP(n, 1, BLANKS); n > 0; n--)
		exactly(t, " ", 1);
}

static void
open_table(SgOdfText *t, guint code, const SgXmlTag *tag)
{
	if (code == O_TABLE)
		begin_table(t, tag);
	else if (code == O_CELL || code == O_COVERED)
		begin_cell(t, code, tag);
	else if (code == O_SHEETS)
		t->sheets = TRUE;
	else if (t->sheets && t->asides == 0)
		sg_odf_sheet_row(t->sheet, tag);
	else
		sg_flow_row(t->flow);
}

static void
open_file(SgOdfText *t, guint code, const SgXmlTag *tag)
{
	g_string_truncate(t->letters, 0);
	if (code == O_BINARY) {
		t->binary++;
		return;
	}
	t->code++;
	g_free(t->name);
	t->name = sg_xml_string(tag, "name");
}

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	SgOdfText *t = data;

	t->all += t->root && code != O_KNOWN_ROOT && code != O_SETTINGS;
	t->root = FALSE;
	switch (code) {
	case O_PARAGRAPH:
		t->paragraphs++;
		break;
	case O_ASIDE:
		t->asides++;
		sg_flow_aside(t->flow);
		break;
	case O_SPACE:
		blanks(t, sg_xml_number(tag, "c", 1));
		break;
	case O_TAB:
		exactly(t, "\t", 1);
		break;
	case O_BREAK:
		exactly(t, "\n", 1);
		break;
	case O_LINK:
		line(t, tag, "href");
		break;
	case O_WORDS:
		t->words++;
		break;
	case O_META:
		t->all++;
		break;
	case O_SETTINGS:
		t->settings++;
		break;
	case O_NAMED:
		named(t, tag);
		break;
	case O_CODE:
	case O_BINARY:
		open_file(t, code, tag);
		break;
	case O_TABLE:
	case O_ROW:
	case O_CELL:
	case O_COVERED:
	case O_SHEETS:
		open_table(t, code, tag);
		break;
	default:
		break;
	}
}

static void
end_paragraph(SgOdfText *t)
{
	t->paragraphs -= t->paragraphs > 0;
	if (in_cell(t))
		sg_odf_sheet_words(t->sheet, "\n", 1);
	else
		sg_flow_paragraph(t->flow);
}

static void
close_table(SgOdfText *t, guint code)
{
	gboolean sheet = t->sheets && t->asides == 0;

	if (code == O_SHEETS)
		t->sheets = FALSE;
	else if (code == O_TABLE && sheet)
		(void)sg_odf_sheet_give(t->sheet);
	else if (code == O_TABLE)
		sg_flow_table_end(t->flow);
	else if (code == O_ROW && sheet)
		sg_odf_sheet_row_end(t->sheet);
	else if (code != O_ROW && sheet)
		sg_odf_sheet_cell_end(t->sheet);
	else if (code != O_ROW)
		sg_flow_cell_end(t->flow, t->span);
}

static void
close_file(SgOdfText *t, guint code)
{
	if (code == O_BINARY) {
		sg_inside_base64(t->inside, NULL, t->letters->str, t->letters->len);
		t->binary -= t->binary > 0;
	} else {
		t->code -= t->code > 0;
		if (t->letters->len > 0)
			sg_part_kind(t->inside->part, "macro");
		sg_flow_line(t->flow, t->letters->str, t->letters->len);
		sg_flow_paragraph(t->flow);
	}
	g_string_truncate(t->letters, 0);
}

static void
on_end(gpointer data, guint code)
{
	SgOdfText *t = data;

	switch (code) {
	case O_PARAGRAPH:
		end_paragraph(t);
		break;
	case O_ASIDE:
		sg_flow_aside_end(t->flow);
		t->asides -= t->asides > 0;
		break;
	case O_WORDS:
		t->words -= t->words > 0;
		sg_flow_paragraph(t->flow);
		break;
	case O_META:
		t->all -= t->all > 0;
		break;
	case O_SETTINGS:
		t->settings -= t->settings > 0;
		break;
	case O_CODE:
	case O_BINARY:
		close_file(t, code);
		break;
	case O_TABLE:
	case O_ROW:
	case O_CELL:
	case O_COVERED:
	case O_SHEETS:
		close_table(t, code);
		break;
	default:
		if (t->all > 0)
			sg_flow_paragraph(t->flow);
	}
}

static void
on_text(gpointer data, const char *s, gsize n)
{
	SgOdfText *t = data;

	if (t->binary > 0 || t->code > 0) {
		if (t->letters->len + n <= BINARY)
			g_string_append_len(t->letters, s, (gssize)n);
	} else if (t->paragraphs > 0 || ((t->words > 0 || t->all > 0) && t->settings == 0)) {
		prose(t, s, n);
	}
}

static void
on_loose(gpointer data, const char *s, gsize n)
{
	sg_flow_line(((SgOdfText *)data)->flow, s, n);
}

const SgXmlReader sg_odf_text_reader = { names, G_N_ELEMENTS(names), on_start, on_end, on_text, on_loose };
