#include <string.h>

#include "pdf/pdfstring.h"
#include "text/charset.h"

#define LONGEST 65536u		/* of one string; the rest of it is another one */
#define WORD	150		/* thousandths of a letter's height that are a blank between words */

typedef struct Strings {
	const char *s, *end;
	gboolean    content;
	GString	   *one, *out;
	double	    number, before;	/* the last two operands	    */
	double	    line;		/* where the last line of text stood */
	guint	    array;
} Strings;

/* "\12", "\n", "\(" and a line that goes on */
static void
escape(Strings *t)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	char c = *t->s++;
	const char *k = strchr(from, c);

	if (c >= '0' && c <= '7') {
		guint v = (guint)(c - '0');

		for (guint i = 0; i < 2 && t->s < t->end && *t->s >= '0' && *t->s <= '7'; i++)
			v = v * 8 + (guint)(*t->s++ - '0');
		g_string_append_c(t->one, (char)(v & 0xff));
	} else if (c == '\r' || c == '\n') {
		t->s += c == '\r' && t->s < t->end && *t->s == '\n';
	} else {
		g_string_append_c(t->one, c != '\0' && k != NULL ? to[k - from] : c);
	}
}

static void
literal(Strings *t)
{
	guint nested = 1;

	g_string_truncate(t->one, 0);
	while (t->s < t->end && t->one->len < LONGEST) {
		char c = *t->s++;

		if (c == '\\' && t->s < t->end) {
			escape(t);
			continue;
		}
		nested += c == '(';
		nested -= c == ')';
		if (nested == 0)
			return;
		g_string_append_c(t->one, c);
	}
}

static void
hexadecimal(Strings *t)
{
	int high = -1;

	g_string_truncate(t->one, 0);
	while (t->s < t->end && t->one->len < LONGEST) {
		char c = *t->s++;
		int v = g_ascii_xdigit_value(c);

		if (c == '>')
			break;
		if (v < 0)
			continue;
		if (high >= 0)
			g_string_append_c(t->one, (char)(high << 4 | v));
		high = high >= 0 ? -1 : v;
	}
	if (high >= 0)
		g_string_append_c(t->one, (char)(high << 4));
}

/* What an encrypted string or one of glyph numbers would be: not for reading. */
static gboolean
readable(const char *s, gsize n)
{
	gsize odd = 0;

	for (gsize i = 0; i < n; i++)
		odd += (guchar)s[i] < ' ' && strchr("\t\r\n", s[i]) == NULL;
	return n > 0 && odd <= n / 8;
}

static gboolean
is_wide(const char *s, gsize n)
{
	gsize high = 0;

	if (n < 2 || n % 2 != 0)
		return FALSE;
	if (memcmp(s, "\xfe\xff", 2) == 0)
		return TRUE;
	for (gsize i = 0; i < n; i += 2)
		high += s[i] == '\0' && (guchar)s[i + 1] >= ' ';
	return high == n / 2;
}

static void
give(Strings *t)
{
	const GString *s = t->one;
	gboolean lied, wide = is_wide(s->str, s->len);
	gboolean utf8 = s->len > 3 && memcmp(s->str, "\xef\xbb\xbf", 3) == 0;
	g_autofree char *text = NULL;
	gsize len;

	if (s->len == 0 || (!wide && !readable(s->str, s->len)))
		return;
	text = sg_charset_decode(wide ? "utf-16be" : utf8 ? "utf-8" : "windows-1252", s->str, s->len,
	    &len, &lied);
	if (!t->content && len < 2)
		return;
	g_string_append_len(t->out, text, (gssize)len);
	if (!t->content)
		g_string_append_c(t->out, '\n');
}

static void
gap(Strings *t, char c)
{
	if (t->out->len > 0 && !g_ascii_isspace(t->out->str[t->out->len - 1]))
		g_string_append_c(t->out, c);
}

static void
operator(Strings *t, const char *s, gsize n)
{
	if (n == 2 && s[0] == 'T' && (s[1] == 'd' || s[1] == 'D')) {
		gap(t, t->number < 0 || t->number > 0 ? '\n' : ' ');
	} else if (n == 2 && memcmp(s, "Tm", 2) == 0) {
		gap(t, t->number < t->line || t->number > t->line ? '\n' : ' ');
		t->line = t->number;
	} else if ((n == 2 && (memcmp(s, "T*", 2) == 0 || memcmp(s, "ET", 2) == 0)) ||
	    (n == 1 && (*s == '\'' || *s == '"'))) {
		gap(t, '\n');
	}
}

static void
word(Strings *t)
{
	const char *from = t->s - 1;
	gsize n;

	while (t->s < t->end && (guchar)*t->s > ' ' && strchr("()<>[]{}/%", *t->s) == NULL)
		t->s++;
	n = (gsize)(t->s - from);
	if (n == 0 || !t->content)
		return;
	if (g_ascii_isdigit(*from) || strchr("+-.", *from) != NULL) {
		g_autofree char *digits = g_strndup(from, MIN(n, 24));

		t->number = g_ascii_strtod(digits, NULL);
		if (t->array > 0 && t->number < -WORD)
			gap(t, ' ');
	} else {
		operator(t, from, n);
	}
}

void
sg_pdf_strings(const char *s, gsize n, gboolean content, GString *out)
{
	g_autoptr(GString) one = g_string_new(NULL);
	Strings t = { .s = s, .end = s + n, .content = content, .one = one, .out = out };

	while (t.s < t.end) {
		char c = *t.s++;

		if (c == '(') {
			literal(&t);
			give(&t);
		} else if (c == '<' && t.s < t.end && *t.s != '<') {
			hexadecimal(&t);
			give(&t);
		} else if (c == '<') {
			t.s++;
		} else if (c == '[' || c == ']') {
			t.array = c == '[';
		} else if ((guchar)c > ' ' && strchr(")>{}%", c) == NULL) {
			word(&t);
		}
	}
	if (content)
		gap(&t, '\n');
}
