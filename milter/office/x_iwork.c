/*
 * x_iwork - Apple's Pages, Numbers and Keynote: index.xml of old, .iwa files of today.
 *
 * Everything else in the zip (previews as PDF, pictures) becomes a part.
 */
#include <string.h>

#include "base/err.h"
#include "part/flow.h"
#include "part/inside.h"
#include "office/iwa.h"
#include "office/office_type.h"
#include "part/xml.h"
#include "pack/x_zip.h"
#include "pack/zip.h"

#define MEMBERS 20000u

enum { I_PARAGRAPH = 1, I_BREAK, I_TAB, I_CELL, I_NUMBER, I_STRING };

/* sf:p has words; a cell's stand in an attribute. */
static const SgXmlName names[] = { { "br", I_BREAK }, { "ct", I_CELL }, { "lnbr", I_BREAK }, { "n", I_NUMBER },
	{ "p", I_PARAGRAPH }, { "string", I_STRING }, { "tab", I_TAB } };

typedef struct Document {
	SgFlow *flow;
	guint	paragraphs;	/* open */
} Document;

static void
attribute(Document *d, const SgXmlTag *tag, const char *name)
{
	gsize n;
	const char *value = sg_xml_value(tag, name, &n);

	if (value == NULL)
		return;
	sg_flow_words(d->flow, value, n);
	sg_flow_paragraph(d->flow);
}

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	Document *d = data;

	if (code == I_PARAGRAPH)
		d->paragraphs++;
	else if (code == I_BREAK && d->paragraphs > 0)
		sg_flow_break(d->flow);
	else if (code == I_TAB && d->paragraphs > 0)
		sg_flow_words(d->flow, "\t", 1);
	else if (code == I_CELL)
		attribute(d, tag, "s");
	else if (code == I_NUMBER)
		attribute(d, tag, "v");
	else if (code == I_STRING)
		attribute(d, tag, "string");
}

static void
on_end(gpointer data, guint code)
{
	Document *d = data;

	if (code != I_PARAGRAPH)
		return;
	d->paragraphs -= d->paragraphs > 0;
	sg_flow_paragraph(d->flow);
}

static void
on_text(gpointer data, const char *s, gsize n)
{
	Document *d = data;

	if (d->paragraphs > 0)
		sg_flow_prose(d->flow, s, n);
}

static void
on_loose(gpointer data, const char *s, gsize n)
{
	sg_flow_line(((Document *)data)->flow, s, n);
}

static const SgXmlReader reader = { names, G_N_ELEMENTS(names), on_start, on_end, on_text, on_loose };

static gboolean
read_index(SgSink *sink, GBytes *bytes, SgFlow *flow, GError **error)
{
	Document d = { flow, 0 };
	g_autoptr(SgXml) xml = sg_xml_new(&reader, &d, sink);
	gsize n;
	const char *p = g_bytes_get_data(bytes, &n);

	sg_xml_feed(xml, p, n);
	(void)sg_xml_end(xml);
	return sg_flow_finish(flow, error);
}

static gboolean
read_iwa(SgSink *sink, GBytes *bytes, SgFlow *flow, GError **error)
{
	gboolean more;
	gsize n;
	const guint8 *p = g_bytes_get_data(bytes, &n);
	g_autoptr(GByteArray) data = sg_iwa_unpack(p, n, (gsize)sink->options->scan.text, &more);
	g_autoptr(GString) text = g_string_new(NULL);

	if (data == NULL)
		return TRUE;
	if (more)
		sink->limit(sink, "text");
	if (!sink->spend(sink, data->len, error))
		return FALSE;
	sg_iwa_text(data->data, data->len, text);
	sg_flow_words(flow, text->str, text->len);
	return sg_flow_finish(flow, error);
}

static gboolean
read_member(SgInside *inside, const SgZip *zip, guint i, SgFlow *flow, gboolean *broken, GError **error)
{
	const SgZipMember *m = sg_zip_member(zip, i);
	const char *slash = strrchr(m->name, '/'), *name = slash != NULL ? slash + 1 : m->name;
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if ((m->traits & SG_ZIP_FOLDER) != 0)
		return TRUE;
	bytes = sg_zip_unpack_all(zip, i, (gsize)inside->sink->options->scan.unpacked, inside->sink, &local);
	if (bytes == NULL) {
		*broken = TRUE;
		if (g_error_matches(local, SG_ERR, SG_ERR_INPUT))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (g_str_has_suffix(name, ".iwa"))
		return read_iwa(inside->sink, bytes, flow, error);
	if (strcmp(name, "index.xml") == 0 || strcmp(name, "index.apxl") == 0)
		return read_index(inside->sink, bytes, flow, error);
	if (g_bytes_get_size(bytes) == 0 || (g_str_has_suffix(name, ".plist") && sg_inside_is_dull(bytes)))
		return TRUE;
	return sg_inside_give(inside, name, bytes, error);
}

static gboolean
iwork_run(SgPart *part, SgSink *sink, GError **error)
{
	gboolean broken = FALSE;
	g_autoptr(SgZip) zip = sg_zip_read(sg_part_bytes(part), MEMBERS, NULL, error);
	g_autoptr(SgFlow) flow = sg_flow_new(sink, "attachment");
	SgInside inside = { part, sink, 0, NULL };

	if (zip == NULL)
		return FALSE;
	sg_zip_tell(part, sink, sg_zip_facts(zip));
	for (guint i = 0; i < sg_zip_count(zip); i++)
		if (!read_member(&inside, zip, i, flow, &broken, error))
			return FALSE;
	if (broken)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "a file of the document is broken");
	return !broken;
}

/* What holds an Index.zip gives it as a part, of this type again. */
static guint
iwork_bid(const SgPart *part)
{
	return strcmp(part->detected, SG_IWORK_TYPE) == 0 ? 30 : 0;
}

extern const SgExtractor sg_x_iwork;
const SgExtractor sg_x_iwork = { "iwork", iwork_bid, iwork_run, NULL, FALSE };
