/*
 * x_odf - OpenDocument files: packages and flat ones, and StarOffice's before them.
 *
 * Every XML member is read but those that only place windows; what is no XML becomes
 * a part.  Members that the manifest calls encrypted are not read as if they were open:
 * pr_odf tells of them.
 */
#include <string.h>

#include "base/err.h"
#include "office/odf_text.h"
#include "office/office_type.h"
#include "office/zipxml.h"
#include "pack/x_zip.h"

#define MEMBERS 20000u
#define PIECE	65536u

enum { M_ENTRY = 1, M_ENCRYPTED };

typedef struct Package {
	SgPart	   *part;
	SgZipXml     xml;
	SgOdfText  *text;
	GHashTable *encrypted;	/* names */
	char	   *entry;	/* of the manifest, in hand */
	SgInside    inside;
} Package;

static const SgXmlName names[] = { { "encryption-data", M_ENCRYPTED }, { "file-entry", M_ENTRY } };

static void
on_start(gpointer data, guint code, const SgXmlTag *tag)
{
	Package *p = data;

	if (code == M_ENTRY) {
		g_free(p->entry);
		p->entry = sg_xml_string(tag, "full-path");
	} else if (code == M_ENCRYPTED && p->entry != NULL && g_hash_table_size(p->encrypted) < MEMBERS) {
		g_hash_table_add(p->encrypted, g_steal_pointer(&p->entry));
	}
}

static const SgXmlReader manifest_reader = { names, G_N_ELEMENTS(names), on_start, NULL, NULL, NULL };

static gboolean
read_xml(Package *p, guint index, const SgXmlReader *reader, gpointer data, GError **error)
{
	GError *local = NULL;
	gboolean well_formed, ok = sg_zipxml_read(&p->xml, index, reader, data, &well_formed, &local);

	if (!well_formed)
		p->xml.broken = TRUE;
	return sg_zipxml_settle(&p->xml, ok, local, error);
}

static gboolean
read_text(Package *p, guint index, GError **error)
{
	g_autoptr(GError) local = NULL;
	gboolean ok, given;

	sg_odf_text_begin(p->text);
	ok = read_xml(p, index, &sg_odf_text_reader, p->text, &local);
	given = sg_odf_text_end(p->text, ok ? error : NULL);
	if (!ok)
		g_propagate_error(error, g_steal_pointer(&local));
	else if (given)
		given = sg_flow_finish(p->xml.flow, error);
	return ok && given;
}

static gboolean
read_file(Package *p, guint index, const char *name, GError **error)
{
	const char *slash = strrchr(name, '/');
	GError *local = NULL;
	g_autoptr(GBytes) bytes = sg_zip_unpack_all(p->xml.zip, index, (gsize)p->xml.sink->options->scan.unpacked, p->xml.sink,
	    &local);

	if (bytes == NULL)
		return sg_zipxml_settle(&p->xml, FALSE, local, error);
	/* pictures of objects that are there themselves, and where windows stood */
	if (g_bytes_get_size(bytes) == 0 || ((g_str_has_prefix(name, "ObjectReplacements/") ||
	    g_str_has_suffix(name, "layout-cache") || g_str_has_suffix(name, ".rdf") ||
	    strcmp(name, "mimetype") == 0) && sg_inside_is_dull(bytes)))
		return TRUE;
	return sg_inside_give(&p->inside, slash != NULL ? slash + 1 : name, bytes, error);
}

/* Places of XML in which only a program reads. */
static gboolean
is_setting(const char *name)
{
	return g_str_has_prefix(name, "META-INF/") || g_str_has_prefix(name, "Configurations2/") ||
	    strcmp(name, "settings.xml") == 0;
}

static gboolean
read_member(Package *p, guint i, GError **error)
{
	const SgZipMember *m = sg_zip_member(p->xml.zip, i);

	if ((m->traits & SG_ZIP_FOLDER) != 0 || g_hash_table_contains(p->encrypted, m->name) ||
	    (is_setting(m->name) && g_str_has_suffix(m->name, ".xml")))
		return TRUE;
	if (g_str_has_suffix(m->name, ".xml") || g_str_has_suffix(m->name, ".xba") ||
	    g_str_has_suffix(m->name, ".xlb"))
		return read_text(p, i, error);
	return read_file(p, i, m->name, error);
}

static gboolean
read_package(Package *p, GError **error)
{
	gint manifest = sg_zip_find(p->xml.zip, "META-INF/manifest.xml"), content = sg_zip_find(p->xml.zip, "content.xml");

	if (manifest >= 0 && !read_xml(p, (guint)manifest, &manifest_reader, p, error))
		return FALSE;
	/* what a person sees first comes first */
	if (content >= 0 && !read_member(p, (guint)content, error))
		return FALSE;
	for (guint i = 0; i < sg_zip_count(p->xml.zip); i++)
		if ((gint)i != content && !read_member(p, i, error))
			return FALSE;
	return TRUE;
}

/* What was said first stays the error. */
static gboolean
finish(SgFlow *flow, SgInside *inside, gboolean ok, gboolean broken, GError **error)
{
	g_autoptr(GError) inner = inside->error;
	gboolean given = sg_flow_finish(flow, ok ? error : NULL);

	if (!ok || !given)
		return FALSE;
	if (inner != NULL) {
		g_propagate_error(error, g_steal_pointer(&inner));
		return FALSE;
	}
	if (broken)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "a file of the document is broken");
	return !broken;
}

static gboolean
read_flat(SgPart *part, SgSink *sink, GError **error)
{
	g_autoptr(SgFlow) flow = sg_flow_new(sink, "attachment");
	SgInside inside = { part, sink, 0, NULL };
	g_autoptr(SgOdfText) text = sg_odf_text_new(flow, &inside);
	g_autoptr(SgXml) xml = sg_xml_new(&sg_odf_text_reader, text, sink);
	gboolean ok = TRUE, well;
	gsize n;
	const char *p = g_bytes_get_data(sg_part_bytes(part), &n);

	for (gsize at = 0; at < n && ok; at += MIN(PIECE, n - at)) {
		ok = !sg_flow_failed(flow) && sink->spend(sink, 0, error);
		if (ok)
			sg_xml_feed(xml, p + at, MIN(PIECE, n - at));
	}
	well = sg_xml_end(xml);
	ok = sg_odf_text_end(text, ok ? error : NULL) && ok;
	return finish(flow, &inside, ok, !well, error);
}

static gboolean
odf_run(SgPart *part, SgSink *sink, GError **error)
{
	gboolean ok;
	g_autoptr(SgZip) zip = NULL;
	g_autoptr(SgFlow) flow = NULL;
	g_autoptr(SgOdfText) text = NULL;
	g_autoptr(GHashTable) encrypted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Package p = { .part = part, .xml = { .sink = sink }, .encrypted = encrypted, .inside = { part, sink, 0, NULL } };

	if (strcmp(part->detected, SG_ODF_FLAT) == 0)
		return read_flat(part, sink, error);
	p.xml.zip = zip = sg_zip_read(sg_part_bytes(part), MEMBERS, NULL, error);
	if (zip == NULL)
		return FALSE;
	sg_zip_tell(part, sink, sg_zip_facts(zip));
	p.xml.flow = flow = sg_flow_new(sink, "attachment");
	p.text = text = sg_odf_text_new(flow, &p.inside);
	ok = read_package(&p, error);
	g_free(p.entry);
	return finish(flow, &p.inside, ok, p.xml.broken, error);
}

static guint
odf_bid(const SgPart *part)
{
	return g_str_has_prefix(part->detected, "application/vnd.oasis.opendocument") ||
	    g_str_has_prefix(part->detected, "application/vnd.sun.xml.") ? 30 : 0;
}

extern const SgExtractor sg_x_odf;
const SgExtractor sg_x_odf = { "odf", odf_bid, odf_run, NULL, FALSE };
