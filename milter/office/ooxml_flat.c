#include <string.h>

#include "base/err.h"
#include "office/ooxml_flat.h"
#include "office/ooxml_text.h"
#include "part/inside.h"
#include "part/table.h"
#include "part/xml.h"

#define PIECE 65536u

/* Excel 2003: <Worksheet ss:Name><Table><Row><Cell><Data>. */
enum { F_SHEET = 1, F_ROW, F_CELL, F_DATA, F_COMMENT, F_NAME, F_PROPERTY };

static const SgXmlName names[] = { { "Author", F_PROPERTY }, { "Cell", F_CELL }, { "Comment", F_COMMENT },
	{ "Company", F_PROPERTY }, { "Data", F_DATA }, { "Description", F_PROPERTY }, { "Keywords", F_PROPERTY },
	{ "LastAuthor", F_PROPERTY }, { "NamedRange", F_NAME }, { "Row", F_ROW }, { "Subject", F_PROPERTY },
	{ "Title", F_PROPERTY }, { "Worksheet", F_SHEET } };

typedef struct Sheets {
	SgFlow	*flow;
	SgTable *table;
	GString *value;
	guint	 row, column, span, reading;
	gboolean comment, date, failed;
	GError	*error;
} Sheets;

static void
attribute_line(Sheets *s, const SgXmlTag *tag, const char *name)
{
	gsize n;
	const char *value = sg_xml_value(tag, name, &n);

	if (value != NULL)
		sg_flow_line(s->flow, value, n);
}

/* Counted from 1 in the file; rows never fall. */
static guint
index_of(const SgXmlTag *tag, guint otherwise)
{
	return (guint)CLAMP(sg_xml_number(tag, "Index", (gint64)otherwise + 1) - 1, (gint64)otherwise, G_MAXINT32);
}

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	Sheets *s = data;

	switch (code) {
	case F_SHEET:
	case F_NAME:
		attribute_line(s, tag, "Name");
		attribute_line(s, tag, "RefersTo");
		s->row = code == F_SHEET ? 0 : s->row;
		break;
	case F_ROW:
		s->row = index_of(tag, s->row);
		s->column = 0;
		break;
	case F_CELL:
		s->column = index_of(tag, s->column);
		s->span = (guint)CLAMP(sg_xml_number(tag, "MergeAcross", 0), 0, 1000);
		attribute_line(s, tag, "HRef");
		break;
	case F_COMMENT:
		s->comment = TRUE;
		break;
	case F_DATA:
	case F_PROPERTY:
		s->reading = code;
		s->date = sg_xml_is(tag, "Type", "DateTime");
		g_string_truncate(s->value, 0);
		break;
	default:
		break;
	}
}

/* "2005-09-01T00:00:00.000" */
static void
tidy_date(GString *v)
{
	char day[16];

	if (v->len < 10 || v->str[4] != '-' || v->str[7] != '-')
		return;
	g_snprintf(day, sizeof day, "%.2s/%.2s/%.4s ", v->str + 8, v->str + 5, v->str);
	g_string_truncate(v, g_str_has_prefix(v->str + 10, "T00:00") ? 10 : v->len);
	g_string_prepend(v, day);
}

static void
end_data(Sheets *s)
{
	if (s->date)
		tidy_date(s->value);
	if (s->comment || s->reading == F_PROPERTY)
		sg_flow_line(s->flow, s->value->str, s->value->len);
	else if (!s->failed)
		s->failed = !sg_table_cell(s->table, s->row, s->column, s->value->str, s->value->len, NULL);
	s->reading = 0;
}

static void
on_end(gpointer data, guint code)
{
	Sheets *s = data;

	if (code == F_DATA || code == F_PROPERTY)
		end_data(s);
	else if (code == F_CELL)
		s->column += 1 + s->span;
	else if (code == F_ROW)
		s->row++;
	else if (code == F_COMMENT)
		s->comment = FALSE;
	else if (code == F_SHEET) {
		sg_flow_paragraph(s->flow);
		s->failed = FALSE;
		if (s->error == NULL)
			sg_table_give(s->table, &s->error);
	}
}

static void
on_text(gpointer data, const char *text, gsize n)
{
	Sheets *s = data;

	if (s->reading != 0 && s->value->len < PIECE)
		g_string_append_len(s->value, text, (gssize)n);
}

static void
on_loose(gpointer data, const char *text, gsize n)
{
	sg_flow_line(((Sheets *)data)->flow, text, n);
}

static const SgXmlReader sheets_reader = { names, G_N_ELEMENTS(names), on_start, on_end, on_text, on_loose };

/* *well: it was well-formed.  FALSE: the sink takes no more. */
static gboolean
read_all(SgPart *part, SgSink *sink, SgFlow *flow, const SgXmlReader *reader, gpointer data, gboolean *well,
    GError **error)
{
	g_autoptr(SgXml) xml = sg_xml_new(reader, data, sink);
	gsize n;
	const char *p = g_bytes_get_data(sg_part_bytes(part), &n);

	for (gsize at = 0, len; at < n; at += len) {
		len = MIN(PIECE, n - at);
		if (sg_flow_failed(flow) || !sink->spend(sink, 0, error))
			return FALSE;
		sg_xml_feed(xml, p + at, len);
	}
	*well = sg_xml_end(xml);
	return TRUE;
}

static void
on_binary(gpointer data, const char *name, const char *base64, gsize n)
{
	const char *slash = name != NULL ? strrchr(name, '/') : NULL;

	sg_inside_base64(data, slash != NULL ? slash + 1 : name, base64, n);
}

/* The end of each of these readers: what was said first stays the error. */
static gboolean
finish(SgFlow *flow, gboolean ok, gboolean well, GError *inner, GError **error)
{
	gboolean given = sg_flow_finish(flow, ok && inner == NULL ? error : NULL);

	if (inner != NULL) {
		if (ok)
			g_propagate_error(error, inner);
		else
			g_error_free(inner);
		return FALSE;
	}
	if (ok && given && !well)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "not well-formed");
	return ok && given && well;
}

static gboolean
read_sheets(SgPart *part, SgSink *sink, SgFlow *flow, GError **error)
{
	g_autoptr(SgTable) table = sg_table_new(sink, "attachment");
	g_autoptr(GString) value = g_string_new(NULL);
	Sheets s = { .flow = flow, .table = table, .value = value };
	gboolean well = TRUE, ok = read_all(part, sink, flow, &sheets_reader, &s, &well, error);

	/* of a sheet that was cut off */
	if (ok && s.error == NULL)
		sg_table_give(table, &s.error);
	return finish(flow, ok, well, s.error, error);
}

gboolean
sg_ooxml_flat_read(SgPart *part, SgSink *sink, GError **error)
{
	g_autoptr(SgFlow) flow = sg_flow_new(sink, "attachment");
	SgInside inside = { part, sink, 0, NULL };
	g_autoptr(SgOoxmlText) text = sg_ooxml_text_new(flow, NULL, on_binary, &inside);
	gboolean well = TRUE, ok;
	gsize n;
	const char *p = g_bytes_get_data(sg_part_bytes(part), &n);

	if (memmem(p, MIN(n, 4096), "com:office:spreadsheet", 22) != NULL)
		return read_sheets(part, sink, flow, error);
	ok = read_all(part, sink, flow, &sg_ooxml_text_reader, text, &well, error);
	return finish(flow, ok, well, inside.error, error);
}
