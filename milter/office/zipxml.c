#include "base/err.h"
#include "office/zipxml.h"

typedef struct Feed {
	SgXml  *xml;
	SgFlow *flow;
} Feed;

static gboolean
feed(gpointer data, const char *piece, gsize n, GError **error)
{
	Feed *f = data;

	sg_xml_feed(f->xml, piece, n);
	return !sg_flow_failed(f->flow) || sg_flow_finish(f->flow, error);
}

gboolean
sg_zipxml_read(SgZipXml *z, guint index, const SgXmlReader *reader, gpointer data, gboolean *well_formed,
    GError **local)
{
	g_autoptr(SgXml) xml = sg_xml_new(reader, data, z->sink);
	Feed f = { xml, z->flow };
	gboolean ok = sg_zip_unpack(z->zip, index, z->sink, feed, &f, local), good = sg_xml_end(xml);

	if (well_formed != NULL)
		*well_formed = good;
	return ok;
}

gboolean
sg_zipxml_settle(SgZipXml *z, gboolean ok, GError *local, GError **error)
{
	if (ok)
		return TRUE;
	if (!g_error_matches(local, SG_ERR, SG_ERR_INPUT)) {
		g_propagate_error(error, local);
		return FALSE;
	}
	g_error_free(local);
	z->broken = TRUE;
	return TRUE;
}
