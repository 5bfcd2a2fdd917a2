#include <string.h>

#include "rewrite/htmlspot.h"

#define OPEN_MAX 256u	/* more elements inside each other are not followed */

typedef struct Open {
	const char *name;	/* into the page */
	gsize	    len, at;
	gboolean    hides;	/* what is inside is not shown, or not as markup */
} Open;

typedef struct Page {
	const char *html;
	gsize	    len, at;
	Open	    open[OPEN_MAX];
	guint	    depth;
	guint	    deeper;		/* open ones that are not followed */
	gsize	    lost;		/* where the first of them that hides begins */
	gsize	    safe;		/* up to here everything ends that has begun */
	gsize	    body, body_end, html_end, first;
	gboolean    has_body, has_body_end, has_html_end, has_first, after_end, gone;
	SgHtmlSpots *out;
	GString	   *words;
	gsize	   *quoted;
} Page;

typedef struct Tag {
	const char *name;
	gsize	    name_len, at, end;
	gboolean    closing, quote, hidden, gone;
} Tag;

static gboolean
is_name(const char *name, gsize len, const char *word)
{
	return strlen(word) == len && g_ascii_strncasecmp(name, word, len) == 0;
}

static gboolean
is_one_of(const char *name, gsize len, const char *const *words)
{
	for (; *words != NULL; words++)
		if (is_name(name, len, *words))
			return TRUE;
	return FALSE;
}

static const char *const raws[] = { "script", "style", "textarea", "title", "xmp", "iframe", "noembed",
	"noframes", "plaintext", NULL };
static const char *const voids[] = { "area", "base", "br", "col", "embed", "hr", "img", "input", "link",
	"meta", "param", "source", "track", "wbr", "html", "body", "basefont", "bgsound", "frame",
	"keygen", NULL };
/* What is inside these is not shown as it would be outside. */
static const char *const swallowers[] = { "template", "select", "svg", "math", "object", "video", "audio",
	"canvas", "head", "button", "datalist", "optgroup", "option", "frameset", "noscript", "details",
	"dialog", NULL };
/* These end a paragraph that is open. */
static const char *const blocks[] = { "address", "article", "blockquote", "center", "details", "div", "dl",
	"fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol",
	"p", "pre", "section", "table", "ul", NULL };
/* No end tag reaches out of these, but those of tables ... */
static const char *const walls[] = { "table", "td", "th", "caption", "marquee", "object", "template", NULL };
static const char *const tabular[] = { "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", NULL };
/* ... nor an inline one's out of these. */
static const char *const special[] = { "button", "dd", "dt", "li", "select", "tbody", "thead", "tfoot", "tr", NULL };

static gboolean
has_word(const char *p, gsize n, const char *word)
{
	gsize k = strlen(word);

	for (gsize i = 0; i + k <= n; i++)
		if (g_ascii_strncasecmp(p + i, word, k) == 0)
			return TRUE;
	return FALSE;
}

/* What mail programs write where the quoted message begins. */
static const struct {
	const char *tag, *attribute, *value;
} quotes[] = {
	{ "blockquote", "type", "cite" },		/* Apple Mail, Thunderbird */
	{ "blockquote", "class", "gmail_quote" },
	{ "div", "class", "gmail_quote" },
	{ "div", "class", "moz-cite-prefix" },
	{ "div", "class", "yahoo_quoted" },
	{ "div", "class", "protonmail_quote" },
	{ "div", "class", "moz-forward-container" },
	{ "div", "id", "appendonsend" },		/* Outlook */
	{ "div", "id", "divrplyfwdmsg" },
	{ "div", "id", "mail-editor-reference-message-container" },
	{ "hr", "id", "stopspelling" },			/* Hotmail */
	{ "div", "name", "messagereplysection" },	/* Spark */
};

/* A style without blanks and comments, in small letters. */
static char *
plain_style(const char *value, gsize len)
{
	g_autofree char *all = g_strndup(value, len);
	GString *s = g_string_new(NULL);

	for (char *p = all; *p != '\0'; p++)
		*p = g_ascii_isspace(*p) ? ' ' : g_ascii_tolower(*p);
	sg_html_references(all);
	for (const char *p = all; *p != '\0'; p++) {
		const char *end = p[0] == '/' && p[1] == '*' ? strstr(p + 2, "*/") : NULL;

		if (end != NULL)
			p = end + 1;
		else if (*p != ' ')
			g_string_append_c(s, *p);
	}
	return g_string_free(s, FALSE);
}

static void
note_style(Tag *t, const char *value, gsize len)
{
	g_autofree char *s = plain_style(value, len);

	/* the line above what Word in Outlook quotes */
	if (!t->closing && is_name(t->name, t->name_len, "div") &&
	    (strstr(s, "border-top:solid#e1e1e1") != NULL || strstr(s, "border-top:solid#b5c4df") != NULL))
		t->quote = TRUE;
	/* nothing inside can undo these ... */
	if (strstr(s, "display:none") != NULL || strstr(s, "opacity:0;") != NULL || g_str_has_suffix(s, "opacity:0"))
		t->hidden = t->gone = TRUE;
	/* ... but these */
	if (strstr(s, "visibility:hidden") != NULL || strstr(s, "mso-hide:all") != NULL ||
	    strstr(s, "font-size:0") != NULL || strstr(s, "max-height:0") != NULL)
		t->hidden = TRUE;
}

static void
note_attribute(Tag *t, const char *name, gsize n, const char *value, gsize len)
{
	for (gsize i = 0; i < G_N_ELEMENTS(quotes) && !t->closing; i++)
		if (is_name(t->name, t->name_len, quotes[i].tag) && is_name(name, n, quotes[i].attribute) &&
		    has_word(value, MIN(len, 300), quotes[i].value))
			t->quote = TRUE;
	if (is_name(name, n, "hidden"))
		t->hidden = t->gone = TRUE;
	if (is_name(name, n, "style"))
		note_style(t, value, MIN(len, 2000));
}

static gsize
skip_space(const Page *p, gsize i)
{
	while (i < p->len && g_ascii_isspace(p->html[i]))
		i++;
	return i;
}

/* The value that begins at i, behind "="; returns behind it, 0 when its quote never ends. */
static gsize
read_value(const Page *p, gsize i, gsize *value, gsize *len)
{
	const char *h = p->html;

	if (i < p->len && (h[i] == '"' || h[i] == '\'')) {
		const char *q = memchr(h + i + 1, h[i], p->len - i - 1);

		if (q == NULL)
			return 0;
		*value = i + 1;
		*len = (gsize)(q - h) - *value;
		return (gsize)(q + 1 - h);
	}
	*value = i;
	while (i < p->len && !g_ascii_isspace(h[i]) && h[i] != '>')
		i++;
	*len = i - *value;
	return i;
}

/* One attribute at i, or what is read as one; returns behind it, 0 when it never ends. */
static gsize
read_attribute(const Page *p, gsize i, Tag *t)
{
	const char *h = p->html;
	gsize name = i++, name_len, value, len = 0;	/* even a "=" may begin a name */

	while (i < p->len && strchr("=/> \t\r\n\f", h[i]) == NULL)
		i++;
	name_len = i - name;
	i = value = skip_space(p, i);
	if (i < p->len && h[i] == '=') {
		i = read_value(p, skip_space(p, i + 1), &value, &len);
		if (i == 0)
			return 0;
	}
	note_attribute(t, h + name, name_len, h + value, len);
	return i;
}

/* From "<" of a tag to behind its ">"; FALSE when it never ends. */
static gboolean
read_tag(const Page *p, gsize at, Tag *t)
{
	const char *h = p->html;
	gsize i = at + 1;

	memset(t, 0, sizeof *t);
	t->at = at;
	t->closing = h[i] == '/';
	i += t->closing;
	t->name = h + i;
	while (i < p->len && !g_ascii_isspace(h[i]) && h[i] != '/' && h[i] != '>')
		i++;
	t->name_len = (gsize)(h + i - t->name);
	while (i < p->len && h[i] != '>') {
		if (g_ascii_isspace(h[i]) || h[i] == '/')
			i++;
		else if ((i = read_attribute(p, i, t)) == 0)
			return FALSE;
	}
	t->end = i + 1;
	return i < p->len;
}

/* Behind the end tag of an element whose content is no markup; 0 when there is none. */
static gsize
behind_raw(const Page *p, const Tag *t)
{
	gsize at = t->end;

	if (is_name(t->name, t->name_len, "plaintext"))
		return 0;
	for (;;) {
		const char *lt = at < p->len ? memchr(p->html + at, '<', p->len - at) : NULL;
		Tag end;

		if (lt == NULL)
			return 0;
		at = (gsize)(lt - p->html);
		if (at + 2 + t->name_len < p->len && lt[1] == '/' &&
		    g_ascii_strncasecmp(lt + 2, t->name, t->name_len) == 0 &&
		    strchr("> \t\r\n\f/", lt[2 + t->name_len]) != NULL)
			return read_tag(p, at, &end) ? end.end : 0;
		at++;
	}
}

/* Behind a comment or what is read as one; 0 when it does not end. */
static gsize
behind_comment(const Page *p, gsize at)
{
	const char *h = p->html + at, *end;
	gsize n = p->len - at;

	if (n < 4 || memcmp(h, "<!--", 4) != 0) {
		end = memchr(h, '>', n);
		return end != NULL ? (gsize)(end + 1 - p->html) : 0;
	}
	if (n > 4 && h[4] == '>')
		return at + 5;
	if (n > 5 && h[4] == '-' && h[5] == '>')
		return at + 6;
	for (end = h + 4; (end = memmem(end, (gsize)(h + n - end), "--", 2)) != NULL; end++) {
		gsize left = (gsize)(h + n - end);

		if (left > 2 && end[2] == '>')
			return (gsize)(end + 3 - p->html);
		if (left > 3 && end[2] == '!' && end[3] == '>')
			return (gsize)(end + 4 - p->html);
	}
	return 0;
}

/* --- the stack ---------------------------------------------------------------------- */

static gboolean
is_open(const Open *o, const char *const *words)
{
	return is_one_of(o->name, o->len, words);
}

/* HTML standard 13.2.4.2: how far an end tag sees. */
static void
pop_to(Page *p, const char *name, gsize len)
{
	gboolean table = is_one_of(name, len, tabular);
	gboolean block = is_one_of(name, len, blocks) || is_one_of(name, len, special);

	if (p->deeper > 0) {
		p->deeper--;
		return;
	}
	for (guint i = p->depth; i-- > 0;) {
		const Open *o = &p->open[i];

		if (o->len == len && g_ascii_strncasecmp(o->name, name, len) == 0) {
			p->depth = i;
			return;
		}
		if (table ? is_name(o->name, o->len, "table") || is_name(o->name, o->len, "template") :
		    is_open(o, walls) || (!block && (is_open(o, blocks) || is_open(o, special))))
			return;
	}
}

/* What was opened inside stays open: parts of pages differ in this only for Outlook. */
static void
pop_condition(Page *p)
{
	for (guint i = p->depth; i-- > 0;)
		if (*p->open[i].name == '!') {
			p->open[i].hides = FALSE;
			return;
		}
}

/* Elements that the next of their kind ends, as far as nothing stands between them. */
static void
end_before(Page *p, const Tag *t)
{
	static const struct {
		const char *kind[3], *stop[6];
	} rows[] = {
		{ { "li", NULL }, { "ul", "ol", "table", "td", "blockquote", NULL } },
		{ { "dd", "dt", NULL }, { "dl", "table", "td", "blockquote", NULL } },
		{ { "td", "th", NULL }, { "table", NULL } },
		{ { "tr", NULL }, { "table", NULL } },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint at = is_one_of(t->name, t->name_len, rows[i].kind) ? p->depth : 0;

		while (at-- > 0 && !is_open(&p->open[at], rows[i].stop))
			if (is_open(&p->open[at], rows[i].kind)) {
				p->depth = at;
				break;
			}
	}
}

static void
push(Page *p, const Tag *t)
{
	static const char *const foreign[] = { "svg", "math", NULL };
	gboolean hides = t->hidden || is_one_of(t->name, t->name_len, swallowers);

	if (p->deeper == 0 && is_one_of(t->name, t->name_len, blocks) && p->depth > 0 &&
	    is_name(p->open[p->depth - 1].name, p->open[p->depth - 1].len, "p"))
		p->depth--;
	if (p->deeper == 0)
		end_before(p, t);
	if (is_one_of(t->name, t->name_len, voids))
		return;
	/* "<div/>" opens a div all the same */
	if (p->html[t->end - 2] == '/' && (is_one_of(t->name, t->name_len, foreign) ||
	    (p->depth > 0 && p->open[p->depth - 1].hides)))
		return;
	if (p->depth < OPEN_MAX) {
		p->open[p->depth++] = (Open){ t->name, t->name_len, t->at, hides };
		return;
	}
	p->deeper++;
	if (hides)
		p->lost = MIN(p->lost, t->at);
}

/* Where the outermost element begins that would hide what is put at at. */
static gsize
before_hidden(const Page *p, gsize at)
{
	for (guint i = 0; i < p->depth; i++)
		if (p->open[i].hides)
			return MIN(MIN(at, p->lost), p->open[i].at);
	return MIN(at, p->lost);
}

/* --- what shows ----------------------------------------------------------------------- */

static void
show(Page *p, gsize from, gsize to)
{
	const char *h = p->html;

	for (gsize i = from; i < to; i++) {
		if (g_ascii_isspace(h[i]))
			continue;
		if (!p->has_first)
			p->first = i;
		p->has_first = TRUE;
		p->after_end = FALSE;
		break;
	}
	if (p->words != NULL)
		g_string_append_len(p->words, h + from, (gssize)(to - from));
}

static void
mark_quote(Page *p, gsize at)
{
	if (p->out->has_quote)
		return;
	p->out->has_quote = TRUE;
	p->out->quote = before_hidden(p, at);
	if (p->words != NULL && p->quoted != NULL)
		*p->quoted = p->words->len;
}

static void
note_end(Page *p, const Tag *t)
{
	if (is_name(t->name, t->name_len, "body")) {
		p->body_end = before_hidden(p, t->at);
		p->has_body_end = p->after_end = TRUE;
	} else if (is_name(t->name, t->name_len, "html")) {
		p->html_end = before_hidden(p, t->at);
		p->has_html_end = TRUE;
		p->after_end = p->after_end || p->has_body_end == FALSE;
	}
	pop_to(p, t->name, t->name_len);
}

static void
note_start(Page *p, const Tag *t)
{
	/* a page that does not show, or is made of frames */
	if ((t->gone && is_one_of(t->name, t->name_len, (const char *const[]){ "html", "body", NULL })) ||
	    (is_name(t->name, t->name_len, "frameset") && !p->has_body))
		p->gone = TRUE;
	if (is_name(t->name, t->name_len, "body")) {
		pop_to(p, "head", 4);
		p->after_end = FALSE;
		if (!p->has_body) {
			p->body = t->end;
			p->has_body = TRUE;
		}
	} else if (!p->has_first && !is_one_of(t->name, t->name_len, (const char *const[]){ "html",
	    "head", "meta", "link", "base", NULL })) {
		p->first = t->at;
		p->has_first = TRUE;
	}
	if (t->quote)
		mark_quote(p, t->at);
	if (is_one_of(t->name, t->name_len, (const char *const[]){ "img", "p", "div", "table", NULL }))
		p->after_end = FALSE;
	push(p, t);
}

/* What Outlook shows or does not, and all others show: "<![if !mso]>", "<!--[if !mso]><!-->",
 * to "<![endif]" in a comment of its own. */
static void
note_condition(Page *p, gsize at, gsize end)
{
	static const char name[] = "![if";
	const char *h = p->html + at;
	gsize n = end - at, skip = n > 4 && h[2] == '-' ? 4 : 2;
	gboolean shown = skip == 2 || (n >= 8 && memcmp(h + n - 4, "!-->", 4) == 0 && h[n - 5] == '<');
	Tag t = { .name = name, .name_len = sizeof name - 1, .at = at, .end = end, .hidden = TRUE };

	if (n > skip + 3 && g_ascii_strncasecmp(h + skip, "[if", 3) == 0) {
		if (shown)
			push(p, &t);
	} else if (has_word(h, MIN(n, 24), "[endif]") && !has_word(h, MIN(n, 24), "[if")) {
		pop_condition(p);
	}
}

/* What begins at "<"; FALSE when it never ends: then nothing behind it is seen. */
static gboolean
read_markup(Page *p)
{
	gsize at = p->at, end;
	char next = at + 1 < p->len ? p->html[at + 1] : '\0';
	Tag t;

	if (g_ascii_isalpha(next) || (next == '/' && at + 2 < p->len && g_ascii_isalpha(p->html[at + 2]))) {
		if (!read_tag(p, at, &t))
			return FALSE;
		end = t.end;
		if (!t.closing && is_one_of(t.name, t.name_len, raws)) {
			end = behind_raw(p, &t);
			if (end == 0)
				return FALSE;
		} else if (t.closing) {
			note_end(p, &t);
		} else {
			note_start(p, &t);
		}
		if (p->words != NULL)
			g_string_append_c(p->words, ' ');
	} else if (next == '!' || next == '?' || next == '/') {
		end = behind_comment(p, at);
		if (end == 0)
			return FALSE;
		note_condition(p, at, end);
	} else {
		show(p, at, at + 1);	/* a "<" that is only itself */
		end = at + 1;
	}
	p->at = end;
	return TRUE;
}

void
sg_html_spots(const char *html, gsize len, SgHtmlSpots *out, GString *words, gsize *quoted)
{
	Page p = { .html = html, .len = len, .out = out, .words = words, .quoted = quoted, .lost = G_MAXSIZE };

	memset(out, 0, sizeof *out);
	while (p.at < len) {
		const char *lt = memchr(html + p.at, '<', len - p.at);
		gsize to = lt != NULL ? (gsize)(lt - html) : len;

		show(&p, p.at, to);
		p.at = p.safe = to;
		if (lt != NULL && !read_markup(&p))
			break;
		p.safe = p.at;
	}
	out->shown = !p.gone;
	/* A second page behind the first one's end belongs to it: then the end of all. */
	if (p.has_body_end && p.after_end)
		out->bottom = p.body_end;
	else if (p.has_html_end && p.after_end)
		out->bottom = p.html_end;
	else
		out->bottom = before_hidden(&p, p.safe);
	out->top = p.has_body ? p.body : p.has_first ? p.first : out->bottom;
	out->top = MIN(out->top, out->bottom);
	if (!out->has_quote)
		out->quote = out->bottom;
	if (words != NULL && quoted != NULL && !out->has_quote)
		*quoted = words->len;
}

/* One reference at s: its length, and the letter it stands for (' ' for no letter). */
static gsize
read_reference(const char *s, gunichar *c)
{
	gsize i = 1;
	static const char *const marks[] = { "acute", "grave", "circ", "uml", "tilde", "cedil", "ring" };

	*c = ' ';
	if (s[1] == '#') {
		gboolean hex = s[2] == 'x' || s[2] == 'X';
		gunichar n = 0;

		for (i = hex ? 3 : 2; i < 12 && (hex ? g_ascii_isxdigit(s[i]) : g_ascii_isdigit(s[i])); i++)
			n = MIN(n, 0x110000) * (hex ? 16 : 10) + (gunichar)g_ascii_xdigit_value(s[i]);
		if (n > 0 && g_unichar_validate(n))
			*c = n;
	} else {
		while (i < 32 && g_ascii_isalnum(s[i]))
			i++;
		for (gsize k = 0; i > 4 && k < G_N_ELEMENTS(marks); k++)
			if (strncmp(s + 2, marks[k], strlen(marks[k])) == 0)
				*c = (guchar)s[1];
	}
	return i > 1 && s[i] == ';' ? i + 1 : i;
}

void
sg_html_references(char *utf8)
{
	char *to = utf8;

	for (const char *p = utf8; *p != '\0';) {
		gunichar c;
		gsize n;

		if (*p != '&') {
			*to++ = *p++;
			continue;
		}
		n = read_reference(p, &c);
		/* the shortest reference of a letter is no shorter than its UTF-8 */
		to += (gsize)g_unichar_to_utf8(c, to) <= n ? g_unichar_to_utf8(c, NULL) : 0;
		p += n;
	}
	*to = '\0';
}
