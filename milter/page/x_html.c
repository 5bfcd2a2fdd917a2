/*
 * x_html - what a reader of an HTML part can see, and what is hidden from him.
 *
 * Hidden text counts: a phrase in a style that hides it was put there for some
 * reader.  script and style do not, unless there are tags where no script or style
 * has any: then some clients see a page there, and it is read after the rest, as are
 * words that a style adds (content: "...") and comments for one client ("[if mso]").  Tags and comments inside a word vanish; block
 * elements end a line; a quotation is marked as in plain text.
 *
 * libxml2 looks at every open element for each end tag: they are bounded here, other
 * things in htmlfeed, so that time stays linear.
 */
#include <string.h>

#include "base/err.h"
#include "page/htmlfeed.h"
#include "page/htmlseen.h"
#include "page/htmltable.h"
#include "part/extractor.h"
#include "text/charset.h"
#include "text/entity.h"
#include "text/lenient.h"

#define DEEP  256	/* open elements that are remembered; no page of a person has more */
#define PAGES 4u	/* pages found in one another that are read */
#define MARKS 3u		/* deepest ">>>" that is written */

typedef enum { E_NONE, E_BLOCK, E_CELL, E_ROW, E_SKIP, E_PRE, E_QUOTE, E_BREAK, E_DRAWING } Effect;

/* What parts a word from the one before it: of several, the last.  So a paragraph that
 * fills a cell does not end its row. */
typedef enum { G_NONE, G_BLANK, G_LINE, G_CELL, G_ROW } Gap;

/* Sorted: looked up by bisection for every tag. */
static const struct {
	const char *name;
	Effect effect;
} elements[] = {
	{ "address", E_BLOCK }, { "article", E_BLOCK }, { "aside", E_BLOCK },
	{ "blockquote", E_QUOTE }, { "body", E_BLOCK }, { "br", E_BREAK },
	{ "button", E_BLOCK }, { "caption", E_ROW }, { "center", E_BLOCK }, { "dd", E_BLOCK },
	{ "details", E_BLOCK }, { "dir", E_BLOCK }, { "div", E_BLOCK }, { "dl", E_BLOCK },
	{ "dt", E_BLOCK }, { "fieldset", E_BLOCK }, { "figcaption", E_BLOCK },
	{ "figure", E_BLOCK }, { "footer", E_BLOCK }, { "form", E_BLOCK }, { "h1", E_BLOCK },
	{ "h2", E_BLOCK }, { "h3", E_BLOCK }, { "h4", E_BLOCK }, { "h5", E_BLOCK },
	{ "h6", E_BLOCK }, { "head", E_BLOCK }, { "header", E_BLOCK }, { "hr", E_BREAK },
	{ "html", E_BLOCK }, { "legend", E_BLOCK }, { "li", E_BLOCK }, { "listing", E_PRE },
	{ "main", E_BLOCK }, { "math", E_DRAWING }, { "menu", E_BLOCK }, { "nav", E_BLOCK }, { "ol", E_BLOCK },
	{ "option", E_BLOCK }, { "p", E_BLOCK }, { "plaintext", E_PRE }, { "pre", E_PRE },
	{ "script", E_SKIP }, { "section", E_BLOCK }, { "select", E_BLOCK },
	{ "style", E_SKIP }, { "summary", E_BLOCK }, { "svg", E_DRAWING }, { "table", E_ROW },
	{ "tbody", E_ROW }, { "td", E_CELL }, { "textarea", E_PRE }, { "tfoot", E_ROW },
	{ "th", E_CELL }, { "thead", E_ROW }, { "title", E_BLOCK }, { "tr", E_ROW },
	{ "ul", E_BLOCK }, { "xmp", E_PRE },
};

typedef struct Page {
	htmlParserCtxtPtr ctxt;
	GString *out;
	GString *later;		/* to be read as a page of its own */
	GString *skipped;	/* of the script or style that is open */
	gsize	 max;		/* of out */
	guint	 skip, pre, quote, drawing;	/* how many of these elements are open */
	gboolean line;		/* something stands in this line */
	Gap	 gap;		/* due before the next word */
	SgHtmlSeen *seen;
	Gap	 seen_gap;	/* the same, without what is hidden */
	int	 hidden;	/* open elements when the one that is hidden began; 0: none is */
	SgHtmlTables *tables;
	SgPart	*part;
	SgSink	*sink;
	guint	 inside;	/* parts given */
	gboolean script, stop;	/* a drawing with a program; a limit was reached */
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
part_words(Page *p, Gap gap)
{
	p->gap = MAX(p->gap, gap);
	if (p->hidden == 0)
		p->seen_gap = MAX(p->seen_gap, gap);
}

static void
begin_word(Page *p)
{
	if (p->line && p->gap != G_NONE) {
		g_string_append_c(p->out, p->gap == G_BLANK ? ' ' : p->gap == G_CELL ? '\t' : '\n');
		p->line = p->gap == G_BLANK || p->gap == G_CELL;
	}
	if (!p->line)
		for (guint i = 0; i < MIN(p->quote, MARKS); i++)
			g_string_append(p->out, i + 1 == MIN(p->quote, MARKS) ? "> " : ">");
	p->line = TRUE;
	p->gap = G_NONE;
}

static void
see_word(Page *p, const char *word, gsize n)
{
	static const char gaps[] = { [G_NONE] = 0, [G_BLANK] = ' ', [G_LINE] = '\n', [G_CELL] = '\t',
		[G_ROW] = '\n' };

	if (p->hidden > 0)
		return;
	sg_html_seen_word(p->seen, gaps[p->seen_gap], word, n);
	p->seen_gap = G_NONE;
}

/* Something hidden begins: of interest where it parts a word. */
static void
hide(Page *p)
{
	const char *line = p->out->str + p->out->len;

	p->hidden = MAX(p->ctxt->nameNr, 1);
	/* the begin of a line is looked for once in a line */
	if (!p->line || p->gap != G_NONE || sg_html_seen_again(p->seen))
		return;
	while (line > p->out->str && line[-1] != '\n')
		line--;
	sg_html_seen_begin(p->seen, line, (gsize)(p->out->str + p->out->len - line));
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
			p->gap = G_NONE;
			sg_html_seen_line_end(p->seen);
			s++;
		} else if (g_ascii_isspace(*s)) {
			part_words(p, G_BLANK);
			s++;
		} else {
			while (s < end && !g_ascii_isspace(*s))
				s++;
			begin_word(p);
			g_string_append_len(p->out, from, s - from);
			see_word(p, from, (gsize)(s - from));
		}
	}
}

static void
on_text(void *data, const xmlChar *s, int n)
{
	Page *p = data;

	if (n <= 0)
		return;
	if (p->skip > 0)
		g_string_append_len(p->skipped, (const char *)s, n);
	else if (p->out->len < p->max)
		words(p, (const char *)s, (gsize)n);
}

static void
read_later(Page *p, const char *from, const char *end)
{
	g_string_append_len(p->later, from, end - from);
	g_string_append(p->later, "<hr>");
}

static void
give_file(Page *p, const char *head, GBytes *bytes)
{
	SgPart *file = sg_part_inside(p->part, ++p->inside, "", bytes);

	g_free(file->declared);
	file->declared = g_strndup(head, strcspn(head, ";,"));
	p->stop = !p->sink->part(p->sink, file, NULL);
}

/* A page, a text or a file that is its own address; fonts are what they say. */
static void
read_address(Page *p, const char *value)
{
	const char *comma = strchr(value, ',');
	g_autofree char *head = NULL, *plain = NULL;
	g_autoptr(GBytes) bytes = NULL;
	gsize n;

	if (comma == NULL || g_ascii_strncasecmp(value, "data:font/", 10) == 0 || p->stop ||
	    p->later->len >= p->max)
		return;
	if (!p->sink->spend(p->sink, strlen(comma), NULL)) {
		p->stop = TRUE;
		return;
	}
	head = g_ascii_strdown(value, comma - value);
	plain = g_uri_unescape_string(comma + 1, NULL);
	if (plain == NULL)
		plain = g_strdup(comma + 1);
	if (strstr(head, "base64") != NULL)
		bytes = sg_lenient_base64(plain, strlen(plain), SG_PAD_RESTARTS, 0);
	else
		bytes = g_bytes_new(plain, strlen(plain));
	value = g_bytes_get_data(bytes, &n);
	if (sg_charset_looks_text(value, n)) {
		g_autofree char *text = sg_charset_decode(NULL, value, n, &n, NULL);

		read_later(p, text, text + n);
	} else if (n > 0) {
		give_file(p, head + strlen("data:"), bytes);
	}
}

/* A person, or what is to be written to him; other addresses are not words. */
static void
read_link(Page *p, const char *value)
{
	static const char *const to[] = { "mailto:", "tel:", "sms:", "whatsapp:" };

	for (gsize i = 0; i < G_N_ELEMENTS(to); i++)
		if (g_ascii_strncasecmp(value, to[i], strlen(to[i])) == 0) {
			const char *s = value + strlen(to[i]), *question = strchr(s, '?');
			g_autofree char *plain = question != NULL ? g_uri_unescape_string(question + 1, NULL) : NULL;

			if (plain == NULL || p->out->len >= p->max)
				return;
			part_words(p, G_LINE);
			words(p, plain, strlen(plain));
			part_words(p, G_LINE);
		}
}

/* Attributes that clients show: in place of a picture, on a button, as a hint. */
static void
shown_attributes(Page *p, const xmlChar **attributes)
{
	static const char *const shown[] = { "alt", "title", "placeholder", "value", "label",
		"aria-label", "summary" };

	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		const char *name = (const char *)attributes[0], *value = (const char *)attributes[1];

		if (value != NULL && g_ascii_strncasecmp(value, "data:", 5) == 0)
			read_address(p, value);
		else if (value != NULL && strcmp(name, "srcdoc") == 0)
			read_later(p, value, value + strlen(value));
		else if (value != NULL && strcmp(name, "href") == 0)
			read_link(p, value);
		for (gsize i = 0; value != NULL && i < G_N_ELEMENTS(shown); i++) {
			if (strcmp(name, shown[i]) != 0 || p->out->len >= p->max)
				continue;
			part_words(p, G_BLANK);
			words(p, value, strlen(value));
			part_words(p, G_BLANK);
		}
	}
}

/* Words that a style puts before or behind an element. */
static void
added_words(Page *p, const char *s)
{
	while ((s = strstr(s, "content")) != NULL) {
		const char *end;

		s += strlen("content");
		s += strspn(s, " \t\r\n");
		if (*s != ':')
			continue;
		s++;
		s += strspn(s, " \t\r\n");
		if ((*s != '"' && *s != '\'') || (end = strchr(s + 1, *s)) == NULL)
			continue;
		read_later(p, s + 1, end);
		s = end + 1;
	}
}

/* Inside drawings and formulas both hold elements for some readers, and a style that is
 * not closed hides the rest of the page only from some. */
static void
end_skipped(Page *p, gboolean script)
{
	const char *s = p->skipped->str, *end = s + p->skipped->len;

	if (!script) {
		added_words(p, s);
		sg_html_seen_style(p->seen, s);
	}
	for (; (!script || p->drawing > 0) && end - s > 1 && (s = memchr(s, '<', (gsize)(end - s))) != NULL; s++)
		if (g_ascii_isalpha(s[1])) {
			read_later(p, s, end);
			break;
		}
	g_string_truncate(p->skipped, 0);
}

/* The oldest half of what is open is forgotten, here and in the parser: their end
 * tags will mean nothing. */
static void
bound_depth(Page *p)
{
	htmlParserCtxtPtr c = p->ctxt;

	if (c->nameNr <= DEEP)
		return;
	for (int i = 0; i < DEEP / 2; i++) {
		Effect e = effect_of(c->nameTab[i]);

		p->pre -= e == E_PRE && p->pre > 0;
		p->quote -= e == E_QUOTE && p->quote > 0;
		p->drawing -= e == E_DRAWING && p->drawing > 0;
	}
	p->hidden = MAX(p->hidden - DEEP / 2, 0);
	c->nameNr -= DEEP / 2;
	memmove(c->nameTab, c->nameTab + DEEP / 2, (gsize)c->nameNr * sizeof *c->nameTab);
}

/* Where an element begins or ends. */
static void
edge(Page *p, Effect e)
{
	if (e == E_CELL)
		part_words(p, G_CELL);
	else if (e == E_ROW)
		part_words(p, G_ROW);
	else if (e != E_NONE && e != E_SKIP && e != E_DRAWING)
		part_words(p, G_LINE);
}

static void
on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
	Page *p = data;
	Effect e = effect_of(name);

	if (p->hidden == 0 && sg_html_seen_hides(p->seen, (const char *const *)attributes))
		hide(p);
	edge(p, e);
	if (e == E_CELL || e == E_ROW)
		sg_html_tables_start(p->tables, (const char *)name);
	p->skip += e == E_SKIP;
	p->pre += e == E_PRE;
	p->quote += e == E_QUOTE;
	p->drawing += e == E_DRAWING;
	p->script = p->script || (p->drawing > 0 && e == E_SKIP && strcmp((const char *)name, "script") == 0);
	if (p->skip == 0)
		shown_attributes(p, attributes);
	bound_depth(p);
}

static void
on_end(void *data, const xmlChar *name)
{
	Page *p = data;
	Effect e = effect_of(name);

	edge(p, e);
	if (e == E_ROW && sg_html_tables_end(p->tables, (const char *)name, p->quote > 0))
		p->line = p->out->len > 0 && p->out->str[p->out->len - 1] != '\n';
	if (e == E_SKIP)
		end_skipped(p, strcmp((const char *)name, "script") == 0);
	p->skip -= e == E_SKIP && p->skip > 0;
	p->pre -= e == E_PRE && p->pre > 0;
	p->quote -= e == E_QUOTE && p->quote > 0;
	p->drawing -= e == E_DRAWING && p->drawing > 0;
	if (p->hidden > 0 && p->ctxt->nameNr <= p->hidden)
		p->hidden = 0;
}

static void
on_comment(void *data, const xmlChar *text)
{
	Page *p = data;
	const char *s = (const char *)text, *from, *end;

	s += strspn(s, " \t\r\n");
	if (!g_str_has_prefix(s, "[if") || (from = strstr(s, "]>")) == NULL)
		return;
	from += 2;
	end = g_strrstr(from, "<![endif]");
	read_later(p, from, end != NULL ? end : from + strlen(from));
}

/* FALSE when the text grew to its limit and the rest was not read. */
static gboolean
read_page(Page *p, const char *html, gsize len)
{
	xmlSAXHandler sax = { .startElement = on_start, .endElement = on_end,
		.characters = on_text, .cdataBlock = on_text, .ignorableWhitespace = on_text,
		.comment = on_comment };
	const SgHtmlFeed f = { &sax, p, &p->ctxt, p->out, p->max };

	if (!sg_html_feed(&f, html, len))
		return FALSE;
	end_skipped(p, FALSE);
	if (p->line)
		g_string_append_c(p->out, '\n');
	p->line = FALSE;
	p->gap = G_NONE;
	p->skip = p->pre = p->quote = p->drawing = 0;
	p->hidden = 0;
	sg_html_seen_line_end(p->seen);
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

/* What has elements and text, though not those of HTML, is read in the same way. */
static guint
html_bid(const SgPart *part)
{
	static const char *const types[] = { "text/html", "application/xhtml+xml", "text/x-amp-html",
		"text/enriched", "text/richtext", "image/svg+xml" };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(part->detected, types[i]) == 0)
			return 20;
	return 0;
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
	g_autoptr(GString) later = g_string_new(NULL), skipped = g_string_new(NULL);
	g_autoptr(SgHtmlTables) tables = sg_html_tables_new(part, sink, out);
	g_autoptr(SgHtmlSeen) seen = sg_html_seen_new();
	Page page = { .out = out, .seen = seen, .later = later, .skipped = skipped, .max = (gsize)sink->options->scan.text + 1,
		.tables = tables, .part = part, .sink = sink };

	if (lied)
		sg_part_note(part, "charset");
	if (n > SG_CHARSET_MAX)
		sink->limit(sink, "text");
	len = sg_entity_expand(html, len);
	whole = read_page(&page, html, len);
	for (guint i = 1; i < PAGES && whole && later->len > 0; i++) {
		g_autoptr(GString) next = g_string_new_len(later->str, (gssize)later->len);

		g_string_truncate(later, 0);
		whole = read_page(&page, next->str, next->len);
	}
	if (page.script && strcmp(part->detected, "image/svg+xml") == 0) {
		sg_part_note(part, "svg:script");
		sg_part_kind(part, "script");
	}
	if (!whole)
		sink->limit(sink, "text");
	else if (later->len > 0)
		sink->limit(sink, "depth");
	if (!sink->text(sink, NULL, out->str, out->len, error))
		return FALSE;
	return sg_html_seen_text(seen)->len == 0 ||
	    sink->text(sink, NULL, sg_html_seen_text(seen)->str, sg_html_seen_text(seen)->len, error);
}

extern const SgExtractor sg_x_html;
const SgExtractor sg_x_html = { .name = "html", .bid = html_bid, .run = html_run };
