/*
 * x_xml - XML that no other extractor knows: data, feeds, settings, school exports.
 *
 * Its values, each behind the name of its element or attribute.
 */
#include <string.h>

#include "part/extractor.h"
#include "text/charset.h"
#include "text/xmltext.h"

static guint
xml_bid(const SgPart *part)
{
	const char *t = part->detected;

	return strcmp(t, "text/xml") == 0 || strcmp(t, "application/xml") == 0 ||
	    g_str_has_suffix(t, "+xml") ? 15 : 0;
}

/* As its first line says: encoding="ISO-8859-1" */
static char *
named_charset(const char *s, gsize n)
{
	static const char key[] = "encoding=";
	const char *end, *name;

	if (n == 0)
		return NULL;
	end = s + MIN(n, 200);
	s = memmem(s, (gsize)(end - s), key, sizeof key - 1);
	if (s == NULL || end - s < (gssize)sizeof key + 1)
		return NULL;
	name = s += sizeof key;		/* behind the quote */
	while (s < end && (g_ascii_isalnum(*s) || strchr("-_.:", *s) != NULL))
		s++;
	return g_strndup(name, (gsize)(s - name));
}

static gboolean
xml_run(SgPart *part, SgSink *sink, GError **error)
{
	gsize n, len;
	const char *data = g_bytes_get_data(sg_part_bytes(part), &n);
	g_autofree char *named = part->charset[0] == '\0' ? named_charset(data, n) : NULL;
	gboolean lied;
	g_autofree char *xml = sg_charset_decode(named != NULL ? named : part->charset, data, n, &len,
	    &lied);
	g_autoptr(GString) out = g_string_new(NULL);

	if (lied)
		sg_part_note(part, "charset");
	if (n > SG_CHARSET_MAX)
		sink->limit(sink, "text");
	sg_xml_text(xml, len, TRUE, out);
	return sink->text(sink, NULL, out->str, out->len, error);
}

extern const SgExtractor sg_x_xml;
const SgExtractor sg_x_xml = { "xml", xml_bid, xml_run, NULL, FALSE };
