#include <string.h>

#include "office/ooxml_text.h"

#define LEVELS 256u		/* libxml2 reads no more */
#define BINARY (48u << 20)	/* letters of one file inside the XML */

enum {
	T_NONE, T_TEXT, T_PROSE, T_VALUE, T_PARAGRAPH, T_RUN, T_TAB, T_BREAK, T_HYPHEN, T_SYMBOL, T_TABLE, T_ROW,
	T_CELL, T_SPAN, T_ASIDE, T_FORMS, T_FORM, T_SKIP, T_SHOWN, T_LINE, T_INSTRUCTION, T_SIMPLE_FIELD, T_LIST,
	T_LIST_LEVEL, T_STYLE, T_PROPERTIES, T_CHANGE, T_SHAPE, T_PLACEHOLDER, T_COMMENT, T_KNOWN_ROOT, T_MASTER_ROOT,
	T_PACKED, T_BINARY, T_PART,
};

/* Sorted.  Roots that are not here are read in full. */
static const SgXmlName names[] = {
	{ "AlternateContent", T_FORMS }, { "Author", T_VALUE }, { "Category", T_VALUE }, { "Choice", T_FORM },
	{ "ClientData", T_SKIP }, { "Company", T_VALUE }, { "Description", T_VALUE }, { "Fallback", T_FORM },
	{ "Keywords", T_VALUE }, { "LastAuthor", T_VALUE }, { "Manager", T_VALUE }, { "Subject", T_VALUE },
	{ "Title", T_VALUE },
	{ "alias", T_LINE }, { "binData", T_BINARY }, { "binaryData", T_BINARY }, { "br", T_BREAK },
	{ "cNvPr", T_SHOWN }, { "chartSpace", T_KNOWN_ROOT }, { "cmLst", T_KNOWN_ROOT }, { "comment", T_COMMENT },
	{ "comments", T_KNOWN_ROOT }, { "connectString", T_LINE }, { "cr", T_BREAK }, { "dataModel", T_KNOWN_ROOT },
	{ "default", T_LINE }, { "delInstrText", T_INSTRUCTION }, { "delText", T_TEXT }, { "displayName", T_SHOWN },
	{ "docPr", T_SHOWN }, { "docVar", T_LINE }, { "document", T_KNOWN_ROOT }, { "endnotes", T_KNOWN_ROOT },
	{ "fldSimple", T_SIMPLE_FIELD }, { "footnotes", T_KNOWN_ROOT }, { "ftr", T_KNOWN_ROOT },
	{ "glossaryDocument", T_KNOWN_ROOT }, { "gridSpan", T_SPAN }, { "handoutMaster", T_MASTER_ROOT },
	{ "hdr", T_KNOWN_ROOT }, { "helpText", T_LINE }, { "ilvl", T_LIST_LEVEL }, { "imagedata", T_SHOWN },
	{ "instrText", T_INSTRUCTION }, { "listEntry", T_LINE }, { "listItem", T_SHOWN },
	{ "noBreakHyphen", T_HYPHEN }, { "notes", T_KNOWN_ROOT }, { "notesMaster", T_MASTER_ROOT },
	{ "numId", T_LIST }, { "p", T_PARAGRAPH }, { "pPr", T_PROPERTIES }, { "pPrChange", T_CHANGE },
	{ "pStyle", T_STYLE }, { "package", T_KNOWN_ROOT }, { "part", T_PART }, { "person", T_SHOWN },
	{ "ph", T_PLACEHOLDER }, { "presentation", T_KNOWN_ROOT }, { "pt", T_VALUE }, { "ptab", T_TAB },
	{ "query", T_LINE }, { "r", T_RUN }, { "rPh", T_SKIP }, { "rt", T_ASIDE },
	{ "settings", T_KNOWN_ROOT }, { "shape", T_SHOWN }, { "sld", T_KNOWN_ROOT }, { "sldLayout", T_MASTER_ROOT },
	{ "sldMaster", T_MASTER_ROOT }, { "sp", T_SHAPE }, { "statusText", T_LINE }, { "sym", T_SYMBOL },
	{ "t", T_TEXT }, { "tab", T_TAB }, { "tag", T_LINE }, { "tbl", T_TABLE }, { "tblCaption", T_LINE },
	{ "tblDescription", T_LINE }, { "tc", T_CELL }, { "text", T_PROSE }, { "textpath", T_SHOWN },
	{ "tr", T_ROW }, { "txbxContent", T_ASIDE }, { "userShapes", T_KNOWN_ROOT }, { "v", T_VALUE },
	{ "wordDocument", T_KNOWN_ROOT }, { "wsDr", T_KNOWN_ROOT }, { "xmlData", T_PACKED },
};

struct SgOoxmlText {
	SgFlow	    *flow;
	SgOoxmlList *lists;
	void	   (*binary)(gpointer data, const char *name, const char *base64, gsize n);
	gpointer     data;
	GString	    *letters;		/* of the binary that is open */
	char	    *name;		/* of the part of a flat package */
	char	    *style;		/* of the paragraph in hand */
	gint64	     num, list_level;
	guint8	     kind[LEVELS];	/* what the text directly inside each open element is */
	guint	     level, runs, skip, span, changes, shape;
	gboolean     root;		/* the next element is one */
	gboolean     all, master;
};

SgOoxmlText *
sg_ooxml_text_new(SgFlow *flow, SgOoxmlList *lists,
    void (*binary)(gpointer data, const char *name, const char *base64, gsize n), gpointer data)
{
	SgOoxmlText *t = g_new0(SgOoxmlText, 1);

	t->flow = flow;
	t->lists = lists;
	t->binary = binary;
	t->data = data;
	t->letters = g_string_new(NULL);
	sg_ooxml_text_begin(t);
	return t;
}

void
sg_ooxml_text_free(SgOoxmlText *t)
{
	if (t == NULL)
		return;
	g_string_free(t->letters, TRUE);
	g_free(t->name);
	g_free(t->style);
	g_free(t);
}

void
sg_ooxml_text_begin(SgOoxmlText *t)
{
	t->level = t->runs = t->skip = t->changes = t->shape = 0;
	t->root = TRUE;
	t->all = t->master = FALSE;
}

static void
line(SgOoxmlText *t, const SgXmlTag *tag, const char *attribute)
{
	gsize n;
	const char *value = sg_xml_value(tag, attribute, &n);

	for (gsize i = 0; value != NULL && i < n; i++)
		if (g_ascii_isalpha(value[i]) || (guchar)value[i] >= 0x80) {
			sg_flow_line(t->flow, value, n);
			return;
		}
}

/* Texts of pictures, fields and people, which programs show on demand. */
static void
shown(SgOoxmlText *t, const SgXmlTag *tag)
{
	static const char *const attributes[] = { "descr", "title", "alt", "string", "displayText", "displayName",
		"author", "tooltip" };

	for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++)
		line(t, tag, attributes[i]);
}

/* Of an element that nobody has heard of. */
static void
telling(SgOoxmlText *t, const SgXmlTag *tag)
{
	static const char *const attributes[] = { "v", "val", "value", "name", "title", "descr", "description",
		"displayName", "text", "string", "alt", "caption", "label", "tooltip", "command", "connection",
		"url", "href", "Target", "prompt", "author", "refersTo" };

	for (gsize i = 0; tag->n > 0 && i < G_N_ELEMENTS(attributes); i++)
		line(t, tag, attributes[i]);
}

static void
root(SgOoxmlText *t, guint code)
{
	t->root = FALSE;
	t->all = code != T_KNOWN_ROOT && code != T_MASTER_ROOT;
	t->master = code == T_MASTER_ROOT;
}

static void
symbol(SgOoxmlText *t, const SgXmlTag *tag)
{
	g_autofree char *hex = sg_xml_string(tag, "char");
	guint64 c = hex != NULL ? g_ascii_strtoull(hex, NULL, 16) : 0;
	char utf8[8];

	/* above: a picture font's own */
	if (c < 0x20 || c >= 0xd800)
		return;
	sg_flow_words(t->flow, utf8, (gsize)g_unichar_to_utf8((gunichar)c, utf8));
}

/* Fields that fetch or start something; what they show stands beside them. */
static gboolean
is_telling_field(const char *s, gsize n)
{
	static const char *const words[] = { "://", "mailto:", "DDE", "INCLUDE", "QUOTE", "MACROBUTTON" };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (memmem(s, n, words[i], strlen(words[i])) != NULL)
			return TRUE;
	return FALSE;
}

/* Boilerplate that asks to be clicked at; what every slide shows is not among it. */
static void
placeholder(SgOoxmlText *t, const SgXmlTag *tag)
{
	if (!t->master || t->shape == 0 || t->skip > 0 || sg_xml_is(tag, "type", "ftr") ||
	    sg_xml_is(tag, "type", "hdr") || sg_xml_is(tag, "type", "dt"))
		return;
	t->skip = 1;	/* until the shape ends */
}

static void
begin_paragraph(SgOoxmlText *t)
{
	t->num = t->list_level = -1;
	g_clear_pointer(&t->style, g_free);
}

static void
paragraph_property(SgOoxmlText *t, guint code, const SgXmlTag *tag)
{
	if (t->changes > 0)
		return;
	if (code == T_LIST)
		t->num = sg_xml_number(tag, "val", -1);
	else if (code == T_LIST_LEVEL)
		t->list_level = sg_xml_number(tag, "val", -1);
	else {
		g_free(t->style);
		t->style = sg_xml_string(tag, "val");
	}
}

static void
list_label(SgOoxmlText *t)
{
	const char *label;

	if (t->lists == NULL || t->changes > 0 || t->skip > 0 || (t->num < 0 && t->style == NULL))
		return;
	label = sg_ooxml_list_next(t->lists, t->num, t->list_level, t->style);
	t->num = -1;
	g_clear_pointer(&t->style, g_free);
	if (label != NULL)
		sg_flow_words(t->flow, label, strlen(label));
}

/* Elements that only open something in the flow. */
static void
structure(SgOoxmlText *t, guint code, const SgXmlTag *tag)
{
	SgFlow *f = t->flow;

	switch (code) {
	case T_PARAGRAPH:
		begin_paragraph(t);
		break;
	case T_TABLE:
		sg_flow_table(f);
		break;
	case T_ROW:
		sg_flow_row(f);
		break;
	case T_CELL:
		t->span = (guint)CLAMP(sg_xml_number(tag, "gridSpan", 1), 1, 64);
		sg_flow_cell(f);
		break;
	case T_SPAN:
		t->span = (guint)CLAMP(sg_xml_number(tag, "val", 1), 1, 64);
		break;
	case T_ASIDE:
		sg_flow_aside(f);
		break;
	case T_FORMS:
		sg_flow_forms(f);
		break;
	case T_FORM:
		sg_flow_form(f);
		break;
	case T_BREAK:
		sg_flow_break(f);
		break;
	default:
		break;
	}
}

/* Elements whose attributes or emptiness are words. */
static void
content(SgOoxmlText *t, guint code, const SgXmlTag *tag)
{
	switch (code) {
	case T_TAB:
		if (t->runs > 0)
			sg_flow_words(t->flow, "\t", 1);
		break;
	case T_HYPHEN:
		sg_flow_words(t->flow, "\xe2\x80\x91", 3);
		break;
	case T_SYMBOL:
		symbol(t, tag);
		break;
	case T_SHOWN:
	case T_COMMENT:
		shown(t, tag);
		break;
	case T_LINE:
		line(t, tag, "val");
		break;
	case T_SIMPLE_FIELD: {
		gsize n;
		const char *value = sg_xml_value(tag, "instr", &n);

		if (value != NULL && is_telling_field(value, n))
			sg_flow_line(t->flow, value, n);
		break;
	}
	case T_LIST:
	case T_LIST_LEVEL:
	case T_STYLE:
		paragraph_property(t, code, tag);
		break;
	default:
		structure(t, code, tag);
	}
}

static guint8
kind_inside(const SgOoxmlText *t, guint code)
{
	if (code == T_TEXT || code == T_PROSE || code == T_VALUE || code == T_INSTRUCTION || code == T_BINARY)
		return (guint8)code;
	return t->all ? T_PROSE : T_NONE;
}

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	SgOoxmlText *t = data;

	if (t->root)
		root(t, code);
	if (t->level < LEVELS)
		t->kind[t->level] = kind_inside(t, code);
	t->level++;
	t->runs += code == T_RUN;
	t->changes += code == T_CHANGE;
	t->shape += code == T_SHAPE;
	if (code == T_SKIP || (t->skip > 0 && code == T_SHAPE))
		t->skip++;
	if (code == T_PLACEHOLDER)
		placeholder(t, tag);
	if (code == T_PACKED)
		t->root = TRUE;
	if (code == T_PART || code == T_BINARY) {
		g_autofree char *name = sg_xml_string(tag, "name");

		if (name != NULL) {
			g_free(t->name);
			t->name = g_steal_pointer(&name);
		}
		g_string_truncate(t->letters, 0);
	}
	if (t->skip > 0)
		return;
	if (t->all)
		telling(t, tag);
	content(t, code, tag);
}

static void
end_structure(SgOoxmlText *t, guint code)
{
	SgFlow *f = t->flow;

	switch (code) {
	case T_PARAGRAPH:
	case T_VALUE:
	case T_COMMENT:
	case T_SHAPE:
		sg_flow_paragraph(f);
		break;
	case T_PROPERTIES:
		list_label(t);
		break;
	case T_TABLE:
		sg_flow_table_end(f);
		break;
	case T_CELL:
		sg_flow_cell_end(f, t->span);
		t->span = 1;
		break;
	case T_ASIDE:
		sg_flow_aside_end(f);
		break;
	case T_FORMS:
		sg_flow_forms_end(f);
		break;
	case T_FORM:
		sg_flow_form_end(f);
		break;
	default:
		if (t->all)
			sg_flow_paragraph(f);
	}
}

static void
end_binary(SgOoxmlText *t)
{
	if (t->binary != NULL && t->letters->len > 0)
		t->binary(t->data, t->name, t->letters->str, t->letters->len);
	g_string_truncate(t->letters, 0);
}

static void
on_end(gpointer data, guint code)
{
	SgOoxmlText *t = data;
	gboolean skipped = t->skip > 0;

	t->level -= t->level > 0;
	t->runs -= code == T_RUN && t->runs > 0;
	if (code == T_SHAPE && t->shape > 0)
		t->shape--;
	if (skipped && (code == T_SKIP || code == T_SHAPE))
		t->skip--;
	if (code == T_BINARY)
		end_binary(t);
	if (code == T_INSTRUCTION && t->letters->len > 0) {
		if (is_telling_field(t->letters->str, t->letters->len))
			sg_flow_line(t->flow, t->letters->str, t->letters->len);
		g_string_truncate(t->letters, 0);
	}
	if (!skipped)
		end_structure(t, code);
	t->changes -= code == T_CHANGE && t->changes > 0;
}

static void
on_text(gpointer data, const char *s, gsize n)
{
	SgOoxmlText *t = data;
	guint8 kind = t->level > 0 ? t->kind[MIN(t->level, LEVELS) - 1] : t->all;

	if (t->skip > 0)
		return;
	if (kind == T_TEXT)
		sg_flow_words(t->flow, s, n);
	else if (kind == T_PROSE || kind == T_VALUE)
		sg_flow_prose(t->flow, s, n);
	else if ((kind == T_INSTRUCTION || kind == T_BINARY) && t->letters->len + n <= BINARY)
		g_string_append_len(t->letters, s, (gssize)n);
}

static void
on_loose(gpointer data, const char *s, gsize n)
{
	sg_flow_line(((SgOoxmlText *)data)->flow, s, n);
}

const SgXmlReader sg_ooxml_text_reader = { names, G_N_ELEMENTS(names), on_start, on_end, on_text, on_loose };
