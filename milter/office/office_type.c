#include <string.h>

#include "office/office_type.h"
#include "office/ooxml_flat.h"
#include "text/span.h"

#define LOOK 262144u	/* bytes at the begin and at the end in which names are looked for */
#define TRIES 64u	/* places where a name may stand by chance */

/* Is there a member whose name begins so, in a local header or in the directory? */
static gboolean
has_within(const guint8 *p, gsize n, const char *name)
{
	gsize len = strlen(name), at = 0;
	SgSpan all = { p, n };

	for (guint i = 0; i < TRIES && sg_span_find(all, at, name, len, &at); i++, at += len) {
		if (at >= 30 && memcmp(p + at - 30, "PK\003\004", 4) == 0)
			return TRUE;
		if (at >= 46 && memcmp(p + at - 46, "PK\001\002", 4) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
has(const guint8 *p, gsize n, const char *name)
{
	if (n <= 2 * LOOK)
		return has_within(p, n, name);
	return has_within(p + n - LOOK, LOOK, name) || has_within(p, LOOK, name);
}

static const char *
ooxml_mime(const guint8 *p, gsize n)
{
	if (has(p, n, "AppxManifest.xml") || has(p, n, "visio/") || has(p, n, "extension.vsixmanifest"))
		return NULL;
	if (has(p, n, "xl/"))
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	if (has(p, n, "ppt/"))
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation";
	return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
}

static const char *
odf_mime(const guint8 *p, gsize n)
{
	static const char *const kinds[] = { "spreadsheet", "presentation", "graphics", "chart", "formula",
		"database", "text" };
	static const char *const mimes[] = { "application/vnd.oasis.opendocument.spreadsheet",
		"application/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.graphics",
		"application/vnd.oasis.opendocument.chart", "application/vnd.oasis.opendocument.formula",
		"application/vnd.oasis.opendocument.database", "application/vnd.oasis.opendocument.text" };
	static const char head[] = "application/vnd.oasis.opendocument.";
	const guint8 *at = memmem(p, n, head, sizeof head - 1);

	for (gsize i = 0; at != NULL && i < G_N_ELEMENTS(kinds); i++)
		if ((gsize)(p + n - at) > sizeof head + strlen(kinds[i]) &&
		    memcmp(at + sizeof head - 1, kinds[i], strlen(kinds[i])) == 0)
			return mimes[i];
	return mimes[G_N_ELEMENTS(mimes) - 1];
}

const char *
sg_office_zip_mime(const guint8 *p, gsize n)
{
	if (has(p, n, "[Content_Types].xml"))
		return ooxml_mime(p, n);
	if (has(p, n, "META-INF/container.xml"))
		return "application/epub+zip";
	if (has(p, n, "content.xml") && (has(p, n, "META-INF/manifest.xml") || has(p, n, "mimetype")))
		return odf_mime(p, n);
	if (has(p, n, "Index/") || has(p, n, "index.apxl") || has(p, n, "Index.zip") ||
	    (has(p, n, "index.xml") && has(p, n, "QuickLook/")))
		return has(p, n, "Metadata/") || has(p, n, "QuickLook/") || has(p, n, "buildVersionHistory.plist") ||
		    has(p, n, "preview") ? SG_IWORK_TYPE : NULL;
	return NULL;
}

const char *
sg_office_xml_mime(const char *head, gsize n)
{
	static const char *const rows[][2] = {
		{ "<office:document", SG_ODF_FLAT },
		{ "schemas.microsoft.com/office/2006/xmlPackage", SG_OOXML_FLAT },
		{ "schemas.microsoft.com/office/word/2003/wordml", SG_OOXML_FLAT },
		{ "urn:schemas-microsoft-com:office:spreadsheet", SG_OOXML_FLAT },
		{ "<?mso-application progid=\"Word.Document\"", SG_OOXML_FLAT },
	};

	if (memchr(head, '<', MIN(n, 16)) == NULL ||
	    (memmem(head, MIN(n, 64), "<?xml", 5) == NULL && memmem(head, n, "xmlns", 5) == NULL) ||
	    memmem(head, n, "<html", 5) != NULL)
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (memmem(head, n, rows[i][0], strlen(rows[i][0])) != NULL)
			return rows[i][1];
	return NULL;
}
