#include <string.h>

#include "office/ooxml_book.h"
#include "text/number.h"

#define STRINGS	(4u << 20)	/* shared strings of one workbook */
#define STYLES	65536u
#define SHEETS	10000u

enum {
	B_BOOK_PR = 1, B_CELL_XFS, B_DEFINED_NAME, B_NUM_FMT, B_PHONETIC, B_RICH, B_SHEET, B_STRING, B_TEXT, B_XF,
};

static const SgXmlName names[] = {
	{ "cellXfs", B_CELL_XFS }, { "definedName", B_DEFINED_NAME }, { "numFmt", B_NUM_FMT },
	{ "r", B_RICH }, { "rPh", B_PHONETIC }, { "sheet", B_SHEET }, { "si", B_STRING }, { "t", B_TEXT },
	{ "workbookPr", B_BOOK_PR }, { "xf", B_XF },
};

SgBook *
sg_book_new(SgSink *sink, SgFlow *flow)
{
	SgBook *b = g_new0(SgBook, 1);

	b->sink = sink;
	b->flow = flow;
	b->table = sg_table_new(sink, "attachment");
	b->strings = g_string_new(NULL);
	b->offsets = g_array_new(FALSE, FALSE, sizeof(gsize));
	b->used = g_byte_array_new();
	b->codes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	b->types = g_hash_table_new(NULL, NULL);
	b->formats = g_array_new(FALSE, FALSE, sizeof(guint));
	b->sheets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	b->order = g_ptr_array_new();
	return b;
}

void
sg_book_free(SgBook *b)
{
	if (b == NULL)
		return;
	sg_table_free(b->table);
	g_string_free(b->strings, TRUE);
	g_array_unref(b->offsets);
	g_byte_array_unref(b->used);
	g_hash_table_unref(b->codes);
	g_hash_table_unref(b->types);
	g_array_unref(b->formats);
	g_hash_table_unref(b->sheets);
	g_ptr_array_unref(b->order);
	g_free(b);
}

static void
begin_string(SgBook *b)
{
	gsize at = b->strings->len;
	static const guint8 unused;

	if (b->offsets->len >= STRINGS) {
		b->sink->limit(b->sink, "rows");
		return;
	}
	g_array_append_val(b->offsets, at);
	g_byte_array_append(b->used, &unused, 1);
}

static void
string_text(SgBook *b, const char *s, gsize n)
{
	/* no more than this can be given to anybody */
	if (b->strings->len + n > (gsize)b->sink->options->scan.text)
		b->sink->limit(b->sink, "text");
	else
		g_string_append_len(b->strings, s, (gssize)n);
}

void
sg_book_add_string(SgBook *b, const char *utf8, gsize n)
{
	begin_string(b);
	string_text(b, utf8, n);
	g_string_append_c(b->strings, '\0');
}

void
sg_book_add_sheet(SgBook *b, const char *id, const char *name, gboolean hidden)
{
	char *key;

	if (b->order->len >= SHEETS) {
		b->sink->limit(b->sink, "rows");
		return;
	}
	sg_flow_words(b->flow, name, strlen(name));
	sg_flow_words(b->flow, " (hidden)", hidden ? 9 : 0);
	sg_flow_paragraph(b->flow);
	if (g_hash_table_contains(b->sheets, id))
		return;
	key = g_strdup(id);
	g_hash_table_insert(b->sheets, key, g_strdup(name));
	g_ptr_array_add(b->order, key);
}

void
sg_book_add_format(SgBook *b, guint number, const char *code)
{
	if (g_hash_table_size(b->codes) < STYLES)
		g_hash_table_replace(b->codes, GUINT_TO_POINTER(number), g_strdup(code));
}

static void
on_sheet(SgBook *b, const SgXmlTag *tag)
{
	g_autofree char *id = sg_xml_string(tag, "id"), *name = sg_xml_string(tag, "name");

	sg_book_add_sheet(b, id != NULL ? id : "", name != NULL ? name : "",
	    sg_xml_is(tag, "state", "hidden") || sg_xml_is(tag, "state", "veryHidden"));
}

static void
on_format(SgBook *b, const SgXmlTag *tag)
{
	g_autofree char *code = sg_xml_string(tag, "formatCode");

	if (code != NULL)
		sg_book_add_format(b, (guint)CLAMP(sg_xml_number(tag, "numFmtId", 0), 0, G_MAXUINT16), code);
}

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	SgBook *b = data;
	guint format;

	switch (code) {
	case B_STRING:
		begin_string(b);
		break;
	case B_PHONETIC:
		b->skip++;
		break;
	case B_TEXT:
	case B_DEFINED_NAME:
		b->reading = code;
		break;
	case B_SHEET:
		on_sheet(b, tag);
		break;
	case B_BOOK_PR:
		b->from_1904 = sg_xml_is(tag, "date1904", "1") || sg_xml_is(tag, "date1904", "true");
		break;
	case B_CELL_XFS:
		b->formats_open = TRUE;
		break;
	case B_NUM_FMT:
		on_format(b, tag);
		break;
	case B_XF:
		format = (guint)CLAMP(sg_xml_number(tag, "numFmtId", 0), 0, G_MAXUINT16);
		if (b->formats_open && b->formats->len < STYLES)
			g_array_append_val(b->formats, format);
		break;
	default:
		break;
	}
	if (code == B_DEFINED_NAME) {
		g_autofree char *name = sg_xml_string(tag, "name");

		sg_flow_words(b->flow, name != NULL ? name : "", name != NULL ? strlen(name) : 0);
		sg_flow_words(b->flow, " ", 1);
	}
}

static void
on_end(gpointer data, guint code)
{
	SgBook *b = data;

	if (code == B_STRING)
		g_string_append_c(b->strings, '\0');
	else if (code == B_PHONETIC && b->skip > 0)
		b->skip--;
	else if (code == B_CELL_XFS)
		b->formats_open = FALSE;
	else if (code == B_DEFINED_NAME)
		sg_flow_paragraph(b->flow);
	if (code == b->reading)
		b->reading = 0;
}

static void
on_text(gpointer data, const char *s, gsize n)
{
	SgBook *b = data;

	if (b->skip > 0)
		return;
	if (b->reading == B_TEXT)
		string_text(b, s, n);
	else if (b->reading == B_DEFINED_NAME)
		sg_flow_words(b->flow, s, n);
}

static void
on_loose(gpointer data, const char *s, gsize n)
{
	sg_flow_line(((SgBook *)data)->flow, s, n);
}

const SgXmlReader sg_book_reader = { names, G_N_ELEMENTS(names), on_start, on_end, on_text, on_loose };

const char *
sg_book_string(SgBook *b, guint64 i)
{
	if (i >= b->offsets->len)
		return NULL;
	b->used->data[i] = 1;
	/* the last one may not be ended yet: GString has a NUL behind it */
	return b->strings->str + MIN(g_array_index(b->offsets, gsize, i), b->strings->len);
}

void
sg_book_show(SgBook *b, GString *out, double v, const char *raw, guint style)
{
	guint number = style < b->formats->len ? g_array_index(b->formats, guint, style) : 0;
	const char *code = g_hash_table_lookup(b->codes, GUINT_TO_POINTER(number));

	sg_number_show(out, v, raw, code != NULL ? code : sg_number_builtin(number), b->from_1904);
}

void
sg_book_cell(SgBook *b, guint row, guint column, const char *utf8, gsize n)
{
	if (!b->failed && n > 0 && !sg_table_cell(b->table, row, column, utf8, n, NULL))
		b->failed = TRUE;
}

gboolean
sg_book_end_sheet(SgBook *b, GError **error)
{
	b->failed = FALSE;
	return sg_table_give(b->table, error);
}

void
sg_book_give_unused(SgBook *b)
{
	for (guint i = 0; i < b->offsets->len && !sg_flow_failed(b->flow); i++) {
		const char *s;

		if (b->used->data[i])
			continue;
		s = sg_book_string(b, i);
		sg_flow_words(b->flow, s, strlen(s));
		sg_flow_paragraph(b->flow);
	}
}
