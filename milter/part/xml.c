#include <libxml/parser.h>
#include <string.h>

#include "part/xml.h"
#include "text/charset.h"
#include "text/xmltext.h"

#define HEAD	   128u		/* enough to see the declaration of a charset */
#define FOREIGN	   (64u << 20)	/* bytes of a file in another charset than UTF-8 */
#define PIECE	   16384u	/* fed at once */
#define ATTRIBUTES 2000u	/* in one tag: libxml2 compares each with all others */
#define NAMESPACES 1000		/* in force at once: it looks at all of them */
#define ENTITIES   100u		/* declared by one file */
#define LEVELS	   250u		/* readers keep track of so many */
#define CACHE	   256u		/* names seen lately; a power of two */
#define VALUE	   65536u	/* longest copy of an attribute */

struct SgXml {
	const SgXmlReader *reader;
	gpointer	 data;
	SgSink		*sink;
	xmlParserCtxtPtr ctxt;
	GByteArray	*held;		/* the begin, until the charset is known; or all of it */
	GString		*rest;		/* of a file that the parser gave up */
	char		*charset;	/* not UTF-8: the whole file is held */
	char		 cut[4];	/* a character that is cut by the end of a piece */
	guint		 n_cut;
	guint		 level, entities, equals;
	gsize		 pending;	/* bytes of a tag that was open behind the last piece */
	gboolean	 known, dead, broken;
	struct { const xmlChar *name; guint code; } cache[CACHE];
};

static guint
code_of(SgXml *x, const xmlChar *name)
{
	gsize slot = ((guintptr)name ^ (guintptr)name >> 8) & (CACHE - 1), lo = 0, hi = x->reader->n_names;
	guint code = 0;

	if (x->cache[slot].name == name)
		return x->cache[slot].code;
	while (lo < hi) {
		gsize mid = (lo + hi) / 2;
		int c = strcmp((const char *)name, x->reader->names[mid].name);

		if (c == 0) {
			code = x->reader->names[mid].code;
			break;
		}
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	/* the parser keeps one copy of each name, so the pointer stands for it */
	x->cache[slot].name = name;
	x->cache[slot].code = code;
	return code;
}

static void
on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
    const xmlChar **ns, int n, int n_defaulted, const xmlChar **values)
{
	SgXml *x = data;
	SgXmlTag tag = { (const char *)name, (const char **)(guintptr)values, (guint)n };

	(void)prefix; (void)uri; (void)n_ns; (void)ns; (void)n_defaulted;
	if (++x->level > LEVELS) {	/* without a tree libxml2 goes on for ever */
		xmlStopParser(x->ctxt);
		return;
	}
	x->reader->start(x->data, code_of(x, name), &tag);
}

static void
on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	SgXml *x = data;

	(void)prefix; (void)uri;
	x->level -= x->level > 0;
	if (x->reader->end != NULL)
		x->reader->end(x->data, code_of(x, name));
}

static void
on_text(void *data, const xmlChar *s, int n)
{
	SgXml *x = data;

	if (n > 0 && x->reader->text != NULL)
		x->reader->text(x->data, (const char *)s, (gsize)n);
}

static void
give_loose(SgXml *x, const char *s, gsize n)
{
	if (x->reader->loose != NULL && n > 0)
		x->reader->loose(x->data, s, n);
}

static void
on_entity(void *data, const xmlChar *name, int type, const xmlChar *public_id, const xmlChar *system_id,
    xmlChar *content)
{
	SgXml *x = data;
	const char *s = (const char *)content;

	(void)name; (void)type; (void)public_id;
	x->entities++;
	if (system_id != NULL || x->entities > ENTITIES || (s != NULL && strpbrk(s, "&%") != NULL))
		x->sink->limit(x->sink, "entities");
	if (s != NULL && x->entities <= ENTITIES)
		give_loose(x, s, strlen(s));
	if (x->entities > ENTITIES)
		xmlStopParser(x->ctxt);
}

/* Attributes by default would be added to every element. */
static void
on_attribute_declared(void *data, const xmlChar *element, const xmlChar *name, int type, int how,
    const xmlChar *value, xmlEnumerationPtr tree)
{
	SgXml *x = data;

	(void)element; (void)name; (void)type; (void)how; (void)value;
	xmlFreeEnumeration(tree);
	xmlStopParser(x->ctxt);
}

static void
on_error(void *data, xmlErrorPtr e)
{
	(void)data;
	(void)e;
}

SgXml *
sg_xml_new(const SgXmlReader *reader, gpointer data, SgSink *sink)
{
	xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC, .startElementNs = on_start,
		.endElementNs = on_end, .characters = on_text, .cdataBlock = on_text,
		.ignorableWhitespace = on_text, .entityDecl = on_entity,
		.attributeDecl = on_attribute_declared, .serror = on_error };
	SgXml *x = g_new0(SgXml, 1);

	x->reader = reader;
	x->data = data;
	x->sink = sink;
	x->held = g_byte_array_new();
	x->rest = g_string_new(NULL);
	x->ctxt = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	/* IGNORE_ENC: it is UTF-8 already, whatever it says */
	if (x->ctxt != NULL)
		xmlCtxtUseOptions(x->ctxt, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	x->dead = x->ctxt == NULL;
	return x;
}

void
sg_xml_free(SgXml *x)
{
	if (x == NULL)
		return;
	if (x->ctxt != NULL) {
		if (x->ctxt->myDoc != NULL)
			xmlFreeDoc(x->ctxt->myDoc);
		xmlFreeParserCtxt(x->ctxt);
	}
	g_byte_array_unref(x->held);
	g_string_free(x->rest, TRUE);
	g_free(x->charset);
	g_free(x);
}

/* Of a file that is not XML any more; read when it is over. */
static void
keep(SgXml *x, const char *s, gsize n)
{
	gsize room = (gsize)x->sink->options->scan.text;

	room -= MIN(room, x->rest->len);
	if (n > room)
		x->sink->limit(x->sink, "text");
	g_string_append_len(x->rest, s, (gssize)MIN(n, room));
}

static void
give_up(SgXml *x)
{
	x->dead = x->broken = TRUE;
	if (x->level > LEVELS)
		x->sink->limit(x->sink, "depth");
}

/* Tags that are cheap to write and dear to read. */
static gboolean
too_dear(SgXml *x)
{
	const xmlParserInput *in = x->ctxt->input;
	gsize pending = (gsize)(in->end - in->cur), from;

	if (x->ctxt->nsNr > NAMESPACES * 2)
		return TRUE;
	if (pending < 2 || in->cur[0] != '<' || in->cur[1] == '!' || in->cur[1] == '?') {
		x->pending = 0;
		return FALSE;
	}
	from = pending > x->pending && x->pending > 0 ? x->pending : 0;
	if (from == 0)
		x->equals = 0;
	for (gsize i = from; i < pending; i++)
		x->equals += in->cur[i] == '=';
	x->pending = pending;
	return x->equals > ATTRIBUTES;
}

static void
parse(SgXml *x, const char *s, gsize n)
{
	for (gsize at = 0, len; at < n; at += len) {
		len = MIN(PIECE, n - at);
		if (!x->dead) {
			xmlParseChunk(x->ctxt, s + at, (int)len, 0);
			if (x->ctxt->instate == XML_PARSER_EOF || x->ctxt->disableSAX || too_dear(x))
				give_up(x);
			else
				continue;
		}
		keep(x, s + at, len);
	}
}

/* A zero byte or one that is no UTF-8 would stop the parser or turn its charset. */
static void
repair(SgXml *x, const char *s, gsize n)
{
	g_autoptr(GString) good = g_string_sized_new(n + 16);
	const char *end = s + n, *bad;

	while (s < end && !g_utf8_validate_len(s, (gsize)(end - s), &bad)) {
		gunichar c = g_utf8_get_char_validated(bad, end - bad);

		g_string_append_len(good, s, bad - s);
		s = bad;
		if (c == (gunichar)-2 && end - bad < 4)
			break;		/* goes on in the next piece */
		g_string_append(good, *bad == '\0' ? " " : "\xef\xbf\xbd");
		x->broken = TRUE;
		s = bad + 1;
	}
	x->n_cut = 0;
	if (s < end && !g_utf8_validate_len(s, (gsize)(end - s), NULL)) {
		x->n_cut = (guint)(end - s);
		memcpy(x->cut, s, x->n_cut);
	} else {
		g_string_append_len(good, s, end - s);
	}
	parse(x, good->str, good->len);
}

static void
feed_utf8(SgXml *x, const char *s, gsize n)
{
	g_autoptr(GString) joined = NULL;

	if (x->n_cut > 0) {
		joined = g_string_new_len(x->cut, (gssize)x->n_cut);
		g_string_append_len(joined, s, (gssize)n);
		s = joined->str;
		n = joined->len;
	}
	x->n_cut = 0;
	if (sg_charset_is_utf8(s, n) && memchr(s, '\0', n) == NULL)
		parse(x, s, n);
	else
		repair(x, s, n);
}

/* The charset of a file when it is not UTF-8; NULL when it is. */
static char *
foreign_charset(const GByteArray *head)
{
	const guint8 *p = head->data;
	g_autofree char *text = NULL, *value = NULL;
	char *at, *stop;

	if (head->len >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == '<' && p[1] == 0)))
		return g_strdup("UTF-16LE");
	if (head->len >= 2 && ((p[0] == 0xfe && p[1] == 0xff) || (p[0] == 0 && p[1] == '<')))
		return g_strdup("UTF-16BE");
	text = g_strndup((const char *)p, MIN(head->len, HEAD));
	if ((at = strstr(text, "?>")) != NULL)
		*at = '\0';
	if ((at = strstr(text, "encoding")) == NULL || (at = strpbrk(at, "\"'")) == NULL ||
	    (stop = strchr(at + 1, *at)) == NULL)
		return NULL;
	value = g_strndup(at + 1, (gsize)(stop - at - 1));
	if (g_ascii_strcasecmp(value, "utf-8") == 0 || g_ascii_strcasecmp(value, "utf8") == 0 ||
	    g_ascii_strcasecmp(value, "us-ascii") == 0)
		return NULL;
	return g_steal_pointer(&value);
}

static void
hold(SgXml *x, const char *bytes, gsize n)
{
	gsize room = FOREIGN - MIN(FOREIGN, x->held->len);

	if (n > room)
		x->sink->limit(x->sink, "text");
	g_byte_array_append(x->held, (const guint8 *)bytes, (guint)MIN(n, room));
}

static void
look_at_head(SgXml *x)
{
	x->known = TRUE;
	x->charset = foreign_charset(x->held);
	if (x->charset == NULL) {
		feed_utf8(x, (const char *)x->held->data, x->held->len);
		g_byte_array_set_size(x->held, 0);
	}
}

void
sg_xml_feed(SgXml *x, const char *bytes, gsize n)
{
	if (n == 0)
		return;
	if (x->known && x->charset == NULL) {
		feed_utf8(x, bytes, n);
		return;
	}
	hold(x, bytes, n);
	if (!x->known && x->held->len >= HEAD)
		look_at_head(x);
}

gboolean
sg_xml_end(SgXml *x)
{
	if (!x->known && x->held->len > 0)
		look_at_head(x);
	if (x->charset != NULL) {
		gsize len;
		g_autofree char *text = sg_charset_decode(x->charset, x->held->data, x->held->len, &len, NULL);

		feed_utf8(x, text, len);
	}
	if (x->n_cut > 0)
		parse(x, "?", 1);
	if (!x->dead) {
		gsize left = (gsize)(x->ctxt->input->end - x->ctxt->input->cur);
		g_autofree char *rest = g_strndup((const char *)x->ctxt->input->cur, left);

		xmlParseChunk(x->ctxt, "", 0, 1);
		if (!x->ctxt->wellFormed && left > 0)
			keep(x, rest, left);
		x->broken |= !x->ctxt->wellFormed;
	}
	if (x->rest->len > 0) {
		g_autoptr(GString) words = g_string_new(NULL);

		sg_xml_text(x->rest->str, x->rest->len, FALSE, words);
		give_loose(x, words->str, words->len);
	}
	return !x->broken;
}

const char *
sg_xml_attribute(const SgXmlTag *tag, guint i, const char **value, gsize *n)
{
	if (i >= tag->n)
		return NULL;
	*value = tag->values[i * 5 + 3];
	*n = (gsize)(tag->values[i * 5 + 4] - *value);
	return tag->values[i * 5];
}

const char *
sg_xml_value(const SgXmlTag *tag, const char *name, gsize *n)
{
	const char *value, *have;

	for (guint i = 0; (have = sg_xml_attribute(tag, i, &value, n)) != NULL; i++)
		if (strcmp(have, name) == 0)
			return value;
	return NULL;
}

char *
sg_xml_string(const SgXmlTag *tag, const char *name)
{
	gsize n;
	const char *value = sg_xml_value(tag, name, &n);

	return value != NULL ? g_strndup(value, MIN(n, VALUE)) : NULL;
}

gint64
sg_xml_digits(const char *value, gsize n, gint64 otherwise)
{
	char digits[24];
	gint64 number = 0;
	gsize i = 0;

	if (n == 0 || n >= sizeof digits)
		return otherwise;
	for (; i < n && n <= 18 && g_ascii_isdigit(value[i]); i++)
		number = number * 10 + (value[i] - '0');
	if (i == n)
		return number;
	memcpy(digits, value, n);
	digits[n] = '\0';
	return g_ascii_strtoll(digits, NULL, 10);
}

gint64
sg_xml_number(const SgXmlTag *tag, const char *name, gint64 otherwise)
{
	gsize n;
	const char *value = sg_xml_value(tag, name, &n);

	return value != NULL ? sg_xml_digits(value, n, otherwise) : otherwise;
}

gboolean
sg_xml_is(const SgXmlTag *tag, const char *name, const char *value)
{
	gsize n;
	const char *have = sg_xml_value(tag, name, &n);

	return have != NULL && n == strlen(value) && memcmp(have, value, n) == 0;
}
