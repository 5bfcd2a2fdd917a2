#include <string.h>

#include "text/xmltext.h"

#define ENTITY_MAX 12u
#define LABEL_MAX  64

typedef struct Xml {
	const char *begin, *end;
	gboolean    labels;
	GString	   *out;
	GString	   *comments;	/* behind all else: they may stand inside a word */
} Xml;

static void
new_line(GString *out)
{
	if (out->len > 0 && out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
}

/* Without the blanks that only make it look tidy. */
static void
words(GString *out, const char *s, const char *end)
{
	gboolean blank = s < end && g_ascii_isspace(*s);

	while (s < end) {
		const char *from;

		while (s < end && g_ascii_isspace(*s))
			s++;
		for (from = s; s < end && !g_ascii_isspace(*s); s++)
			continue;
		if (s > from && blank && out->len > 0 && !g_ascii_isspace(out->str[out->len - 1]))
			g_string_append_c(out, ' ');
		g_string_append_len(out, from, s - from);
		blank = TRUE;
	}
}

/* The name of an element or attribute, without that of its language. */
static void
label(const Xml *x, const char *s, const char *end)
{
	const char *colon = s < end ? memchr(s, ':', (gsize)(end - s)) : NULL;

	s = colon != NULL ? colon + 1 : s;
	if (!x->labels || s >= end || end - s > LABEL_MAX)
		return;
	g_string_append_len(x->out, s, end - s);
	g_string_append(x->out, ": ");
}

/* Behind a tag's name; those that name a language of XML are for programs. */
static const char *
attributes(const Xml *x, const char *s)
{
	while (s < x->end && *s != '>') {
		const char *name = s, *stop, *equals;
		char quote;

		while (s < x->end && !g_ascii_isspace(*s) && *s != '=' && *s != '>')
			s++;
		equals = s;
		if (s < x->end && *s != '=') {
			s += g_ascii_isspace(*s) != 0;
			continue;
		}
		for (s += s < x->end; s < x->end && g_ascii_isspace(*s); s++)
			continue;
		if (s >= x->end || (*s != '"' && *s != '\''))
			continue;
		quote = *s++;
		stop = memchr(s, quote, (gsize)(x->end - s));
		if (stop == NULL)
			return s;	/* not closed: what follows is text */
		if (stop > s && (stop - name < 5 || memcmp(name, "xmlns", 5) != 0)) {
			new_line(x->out);
			label(x, name, equals);
			words(x->out, s, stop);
			new_line(x->out);
		}
		s = stop + 1;
	}
	return s < x->end ? s + 1 : s;
}

static const char *
up_to(const char *s, const char *end, const char *mark)
{
	const char *stop = s < end ? memmem(s, (gsize)(end - s), mark, strlen(mark)) : NULL;

	return stop != NULL ? stop : end;
}

/* A tag between two letters is inside a word, and does not end a line. */
static gboolean
inside_word(const Xml *x, const char *tag, const char *behind)
{
	return tag > x->begin && tag[-1] != '>' && !g_ascii_isspace(tag[-1]) && behind < x->end &&
	    *behind != '<' && !g_ascii_isspace(*behind);
}

static const char *
element(const Xml *x, const char *s)
{
	const char *name = s + 1, *behind, *next;
	gsize was = x->out->len;

	for (behind = name; behind < x->end && !g_ascii_isspace(*behind) && *behind != '>' && *behind != '/'; behind++)
		continue;
	next = attributes(x, behind);
	if (x->out->len != was || !inside_word(x, s, next)) {
		new_line(x->out);
		for (s = next; s < x->end && g_ascii_isspace(*s); s++)
			continue;
		if (s < x->end && *s != '<')
			label(x, name, behind);
	}
	return next;
}

/* From a "<" on; where text goes on. */
static const char *
markup(const Xml *x, const char *s)
{
	static const struct {
		const char *begin, *end;
	} kinds[] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" } };
	const char *stop;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		gsize n = strlen(kinds[i].begin);

		if ((gsize)(x->end - s) < n || memcmp(s, kinds[i].begin, n) != 0)
			continue;
		stop = up_to(s + n, x->end, kinds[i].end);
		words(i == 0 ? x->comments : x->out, s + n, stop);
		if (i == 0)
			new_line(x->comments);
		return stop < x->end ? stop + 3 : x->end;
	}
	if (x->end - s > 1 && s[1] != '?' && s[1] != '/' && s[1] != '!')
		return element(x, s);
	stop = up_to(s, x->end, ">");
	stop += stop < x->end;
	if (!inside_word(x, s, stop))
		new_line(x->out);
	return stop;
}

/* The character that "&...;" stands for; 0 when it is none of XML's own.  */
static gunichar
character(const char *s, gsize n)
{
	static const char *const names[] = { "amp", "lt", "gt", "quot", "apos" };
	gboolean hex = n > 1 && (s[1] == 'x' || s[1] == 'X');
	gunichar c = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i]) == n && memcmp(names[i], s, n) == 0)
			return (guchar)"&<>\"'"[i];
	if (n < 2 || s[0] != '#')
		return 0;
	for (gsize i = hex ? 2 : 1; i < n && c <= 0x10ffff; i++) {
		int v = hex ? g_ascii_xdigit_value(s[i]) : g_ascii_digit_value(s[i]);

		if (v < 0)
			return 0;
		c = c * (hex ? 16 : 10) + (gunichar)v;
	}
	return g_unichar_validate(c) ? c : 0;
}

static void
resolve(GString *text, GString *out)
{
	const char *s = text->str, *end = s + text->len, *amp;

	while ((amp = memchr(s, '&', (gsize)(end - s))) != NULL) {
		const char *stop = memchr(amp, ';', MIN((gsize)(end - amp), ENTITY_MAX));
		gunichar c = stop != NULL ? character(amp + 1, (gsize)(stop - amp - 1)) : 0;

		g_string_append_len(out, s, amp - s);
		if (c != 0)
			g_string_append_unichar(out, c);
		else
			g_string_append_c(out, '&');
		s = c != 0 ? stop + 1 : amp + 1;
	}
	g_string_append_len(out, s, end - s);
}

void
sg_xml_text(const char *xml, gsize n, gboolean labels, GString *out)
{
	g_autoptr(GString) text = g_string_sized_new(n / 2 + 16);
	g_autoptr(GString) comments = g_string_new(NULL);
	Xml x = { xml, xml + n, labels, text, comments };

	for (const char *s = xml; s < x.end;) {
		const char *tag = up_to(s, x.end, "<");

		words(text, s, tag);
		s = tag < x.end ? markup(&x, tag) : x.end;
	}
	new_line(text);
	g_string_append_len(text, comments->str, (gssize)comments->len);
	resolve(text, out);
}

/* "uuid:...", "2012-08-16T10:18:34" and the like */
static gboolean
for_programs(const char *line, gsize n)
{
	static const char *const begins[] = { "uuid:", "xmp.", "x-default", "Adobe XMP Core", "adobe:",
		"image/", "application/" };

	for (gsize i = 0; i < G_N_ELEMENTS(begins); i++)
		if (n >= strlen(begins[i]) && memcmp(line, begins[i], strlen(begins[i])) == 0)
			return TRUE;
	return n > 18 && line[4] == '-' && line[7] == '-' && line[10] == 'T' && line[13] == ':';
}

void
sg_xmp_text(const char *xmp, gsize n, GString *out)
{
	g_autoptr(GString) all = g_string_new(NULL);

	sg_xml_text(xmp, n, FALSE, all);
	for (const char *s = all->str, *end = s + all->len, *nl; s < end; s = nl + 1) {
		nl = memchr(s, '\n', (gsize)(end - s));
		nl = nl != NULL ? nl : end;
		if (nl > s && !for_programs(s, (gsize)(nl - s))) {
			g_string_append_len(out, s, nl - s);
			g_string_append_c(out, '\n');
		}
	}
}
