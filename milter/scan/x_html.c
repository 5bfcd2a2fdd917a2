/*
 * x_html - what a reader of an HTML part can see, and what is hidden from him.
 *
 * Hidden text counts: a phrase in a style that hides it was put there for some
 * reader.  script and style do not.  Tags and comments inside a word vanish; block
 * elements end a line; a quotation is marked as in plain text.  Text in
 * comments for one mail client ("[if mso]") is read after the rest.
 */
#include <libxml/HTMLparser.h>
#include <string.h>

#include "base/err.h"
#include "scan/charset.h"
#include "scan/extractor.h"

#define CHUNK (256u << 10)	/* fed at once; between two the text is counted */
#define MARKS 3u		/* deepest ">>>" that is written */

typedef enum { E_NONE, E_BLOCK, E_CELL, E_SKIP, E_PRE, E_QUOTE, E_BREAK } Effect;

/* Sorted: looked up by bisection for every tag. */
static const struct {
	const char *name;
	Effect effect;
} elements[] = {
	{ "address", E_BLOCK }, { "article", E_BLOCK }, { "aside", E_BLOCK },
	{ "blockquote", E_QUOTE }, { "body", E_BLOCK }, { "br", E_BREAK },
	{ "button", E_BLOCK }, { "caption", E_BLOCK }, { "center", E_BLOCK }, { "dd", E_BLOCK },
	{ "details", E_BLOCK }, { "dir", E_BLOCK }, { "div", E_BLOCK }, { "dl", E_BLOCK },
	{ "dt", E_BLOCK }, { "fieldset", E_BLOCK }, { "figcaption", E_BLOCK },
	{ "figure", E_BLOCK }, { "footer", E_BLOCK }, { "form", E_BLOCK }, { "h1", E_BLOCK },
	{ "h2", E_BLOCK }, { "h3", E_BLOCK }, { "h4", E_BLOCK }, { "h5", E_BLOCK },
	{ "h6", E_BLOCK }, { "head", E_BLOCK }, { "header", E_BLOCK }, { "hr", E_BREAK },
	{ "html", E_BLOCK }, { "legend", E_BLOCK }, { "li", E_BLOCK }, { "listing", E_PRE },
	{ "main", E_BLOCK }, { "menu", E_BLOCK }, { "nav", E_BLOCK }, { "ol", E_BLOCK },
	{ "option", E_BLOCK }, { "p", E_BLOCK }, { "plaintext", E_PRE }, { "pre", E_PRE },
	{ "script", E_SKIP }, { "section", E_BLOCK }, { "select", E_BLOCK },
	{ "style", E_SKIP }, { "summary", E_BLOCK }, { "table", E_BLOCK },
	{ "tbody", E_BLOCK }, { "td", E_CELL }, { "textarea", E_PRE }, { "tfoot", E_BLOCK },
	{ "th", E_CELL }, { "thead", E_BLOCK }, { "title", E_BLOCK }, { "tr", E_BLOCK },
	{ "ul", E_BLOCK }, { "xmp", E_PRE },
};

typedef struct Page {
	GString *out;
	GString *later;		/* conditional comments, read as a page of their own */
	gsize	 max;		/* of out */
	guint	 skip, pre, quote;	/* how many of these elements are open */
	gboolean line;		/* something stands in this line */
	gboolean blank;		/* a blank is due before the next word */
} Page;

static Effect
effect_of(const xmlChar *name)
{
	gsize lo = 0, hi = G_N_ELEMENTS(elements);

	while (lo < hi) {
		gsize mid = (lo + hi) / 2;
		int c = strcmp((const char *)name, elements[mid].name);

		if (c == 0)
			return elements[mid].effect;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return E_NONE;
}

static void
new_line(Page *p)
{
	if (p->line)
		g_string_append_c(p->out, '\n');
	p->line = p->blank = FALSE;
}

static void
begin_word(Page *p)
{
	if (!p->line)
		for (guint i = 0; i < MIN(p->quote, MARKS); i++)
			g_string_append(p->out, i + 1 == MIN(p->quote, MARKS) ? "> " : ">");
	else if (p->blank)
		g_string_append_c(p->out, ' ');
	p->line = TRUE;
	p->blank = FALSE;
}

static void
words(Page *p, const char *s, gsize n)
{
	const char *end = s + n;

	while (s < end) {
		const char *from = s;

		if (*s == '\n' && p->pre > 0) {
			g_string_append_c(p->out, '\n');
			p->line = FALSE;
			s++;
		} else if (g_ascii_isspace(*s)) {
			p->blank = TRUE;
			s++;
		} else {
			while (s < end && !g_ascii_isspace(*s))
				s++;
			begin_word(p);
			g_string_append_len(p->out, from, s - from);
		}
	}
}

static void
on_text(void *data, const xmlChar *s, int n)
{
	Page *p = data;

	if (p->skip == 0 && n > 0 && p->out->len < p->max)
		words(p, (const char *)s, (gsize)n);
}

/* Attributes that clients show: in place of a picture, on a button, as a hint. */
static void
shown_attributes(Page *p, const xmlChar **attributes)
{
	static const char *const shown[] = { "alt", "title", "placeholder", "value", "label",
		"aria-label", "summary" };

	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		const char *name = (const char *)attributes[0], *value = (const char *)attributes[1];

		for (gsize i = 0; value != NULL && i < G_N_ELEMENTS(shown); i++) {
			if (strcmp(name, shown[i]) != 0 || p->out->len >= p->max)
				continue;
			p->blank = TRUE;
			words(p, value, strlen(value));
			p->blank = TRUE;
		}
	}
}

static void
on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
	Page *p = data;
	Effect e = effect_of(name);

	if (e == E_CELL)
		p->blank = TRUE;
	else if (e != E_NONE && e != E_SKIP)
		new_line(p);
	p->skip += e == E_SKIP;
	p->pre += e == E_PRE;
	p->quote += e == E_QUOTE;
	if (p->skip == 0)
		shown_attributes(p, attributes);
}

static void
on_end(void *data, const xmlChar *name)
{
	Page *p = data;
	Effect e = effect_of(name);

	if (e == E_CELL)
		p->blank = TRUE;
	else if (e != E_NONE && e != E_SKIP)
		new_line(p);
	p->skip -= e == E_SKIP && p->skip > 0;
	p->pre -= e == E_PRE && p->pre > 0;
	p->quote -= e == E_QUOTE && p->quote > 0;
}

static void
on_comment(void *data, const xmlChar *text)
{
	Page *p = data;
	const char *s = (const char *)text, *from, *end;

	s += strspn(s, " \t\r\n");
	if (p->later == NULL || !g_str_has_prefix(s, "[if") || (from = strstr(s, "]>")) == NULL)
		return;
	from += 2;
	end = g_strrstr(from, "<![endif]");
	g_string_append_len(p->later, from, end != NULL ? end - from : (gssize)strlen(from));
	g_string_append(p->later, "<hr>");
}

/* FALSE when the text grew to its limit and the rest was not read. */
static gboolean
read_page(Page *p, const char *html, gsize len)
{
	xmlSAXHandler sax = { .startElement = on_start, .endElement = on_end,
		.characters = on_text, .cdataBlock = on_text, .ignorableWhitespace = on_text,
		.comment = on_comment };
	htmlParserCtxtPtr ctxt = htmlCreatePushParserCtxt(&sax, p, NULL, 0, NULL,
	    XML_CHAR_ENCODING_UTF8);

	if (ctxt == NULL)
		return FALSE;
	/* IGNORE_ENC: the text is UTF-8 already, whatever its meta element says. */
	htmlCtxtUseOptions(ctxt, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	    HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_COMPACT);
	for (gsize at = 0; at < len && p->out->len < p->max; at += CHUNK)
		htmlParseChunk(ctxt, html + at, (int)MIN(CHUNK, len - at), at + CHUNK >= len);
	htmlFreeParserCtxt(ctxt);
	new_line(p);
	p->skip = p->pre = p->quote = 0;
	return p->out->len < p->max;
}

/* The charset that the page itself names, for parts whose label names none. */
static char *
named_charset(const char *p, gsize n)
{
	static const char key[] = "charset=";

	n = MIN(n, 1024);
	for (gsize i = 0; i + sizeof key < n; i++) {
		if (g_ascii_strncasecmp(p + i, key, sizeof key - 1) != 0)
			continue;
		i += sizeof key - 1;
		i += p[i] == '"' || p[i] == '\'';
		p += i;
		n -= i;
		for (i = 0; i < n && i < 39 && (g_ascii_isalnum(p[i]) || strchr("-_.:", p[i]) != NULL); i++)
			continue;
		return g_strndup(p, i);
	}
	return NULL;
}

static guint
html_bid(const SgPart *part)
{
	return strcmp(part->detected, "text/html") == 0 ||
	    strcmp(part->detected, "application/xhtml+xml") == 0 ? 20 : 0;
}

static gboolean
html_run(SgPart *part, SgSink *sink, GError **error)
{
	gsize n, len;
	const char *data = g_bytes_get_data(sg_part_bytes(part), &n);
	g_autofree char *named = part->charset[0] == '\0' ? named_charset(data, n) : NULL;
	gboolean lied, whole;
	g_autofree char *html = sg_charset_decode(named != NULL ? named : part->charset, data, n,
	    &len, &lied);
	g_autoptr(GString) out = g_string_sized_new(len / 2 + 64);
	g_autoptr(GString) later = g_string_new(NULL);
	Page page = { .out = out, .later = later, .max = (gsize)sink->options->scan.text + 1 };

	if (lied)
		sg_part_note(part, "charset");
	whole = read_page(&page, html, len);
	page.later = NULL;
	if (later->len > 0 && whole)
		whole = read_page(&page, later->str, later->len);
	if (!whole)
		sink->limit(sink, "text");
	return sink->text(sink, NULL, out->str, out->len, error);
}

extern const SgExtractor sg_x_html;
const SgExtractor sg_x_html = { "html", html_bid, html_run };
