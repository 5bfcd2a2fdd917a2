#include <string.h>

#include "mail/header.h"
#include "text/charset.h"
#include "text/lenient.h"

/* One "=?charset*language?encoding?text?=". */
typedef struct Word {
	const char *charset, *text, *end;	/* end: behind the "?=" */
	gsize	    charset_len, text_len;
	char	    how;			/* 'b' or 'q' */
} Word;

static gboolean
word_at(const char *p, Word *w)
{
	const char *q = p + 2, *close;

	w->charset = q;
	w->charset_len = strcspn(q, "?*= \t\r\n");
	q += w->charset_len;
	if (*q == '*')
		q += strcspn(q, "? \t\r\n");
	if (w->charset_len == 0 || q[0] != '?' || q[1] == '\0' || q[2] != '?')
		return FALSE;
	w->how = g_ascii_tolower(q[1]);
	w->text = q + 3;
	if (w->how != 'b' && w->how != 'q')
		return FALSE;
	close = strstr(w->text, "?=");
	/* A value that was cut off in the middle of its word is still shown by clients. */
	w->text_len = close != NULL ? (gsize)(close - w->text) : strlen(w->text);
	w->end = close != NULL ? close + 2 : w->text + w->text_len;
	return TRUE;
}

static void
append_q(GByteArray *out, const char *s, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		guint8 c = (guint8)s[i];

		if (c == '\r' || c == '\n')
			continue;
		if (c == '_')
			c = ' ';
		if (c == '=' && i + 2 < n && g_ascii_isxdigit(s[i + 1]) && g_ascii_isxdigit(s[i + 2])) {
			c = (guint8)(g_ascii_xdigit_value(s[i + 1]) * 16 +
			    g_ascii_xdigit_value(s[i + 2]));
			i += 2;
		}
		g_byte_array_append(out, &c, 1);
	}
}

static void
append_bytes(GByteArray *out, const Word *w)
{
	g_autoptr(GBytes) bytes = NULL;
	gsize n;
	const guint8 *p;

	if (w->how == 'q') {
		append_q(out, w->text, w->text_len);
		return;
	}
	bytes = sg_lenient_base64(w->text, w->text_len, SG_PAD_RESTARTS, 0);
	p = g_bytes_get_data(bytes, &n);
	g_byte_array_append(out, p, (guint)n);
}

/* Decodes the word at p and every one that follows with only blanks between. */
static const char *
words(const char *p, Word *w, GString *out)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autofree char *charset = g_strndup(w->charset, w->charset_len), *text = NULL;
	gsize len;

	for (;;) {
		Word next;
		const char *q;

		append_bytes(bytes, w);
		p = w->end;
		q = p + strspn(p, " \t\r\n");
		if (strncmp(q, "=?", 2) != 0 || !word_at(q, &next))
			break;
		p = q;
		if (next.charset_len != w->charset_len ||
		    g_ascii_strncasecmp(next.charset, w->charset, w->charset_len) != 0)
			break;
		*w = next;
	}
	text = sg_charset_decode(charset, bytes->data, bytes->len, &len, NULL);
	g_string_append_len(out, text, (gssize)len);
	return p;
}

static void
append_raw(GString *out, const char *p, gsize n)
{
	g_autofree char *text = NULL;
	gsize len;

	if (n == 0)
		return;
	text = sg_charset_decode(NULL, p, n, &len, NULL);
	g_string_append_len(out, text, (gssize)len);
}

/* Folds and other line ends become one blank; blanks at the ends go. */
static char *
one_line(GString *s)
{
	gsize o = 0;

	for (gsize i = 0; i < s->len; i++) {
		char c = s->str[i];

		if (c == '\n' || c == '\t' || c == ' ') {
			if (o == 0 || s->str[o - 1] == ' ')
				continue;
			c = ' ';
		}
		s->str[o++] = c;
	}
	while (o > 0 && s->str[o - 1] == ' ')
		o--;
	g_string_truncate(s, o);
	return g_string_free(s, FALSE);
}

char *
sg_header_decode(const char *raw)
{
	GString *out = g_string_new(NULL);
	const char *from = raw, *p = raw;
	Word w;

	while ((p = strstr(p, "=?")) != NULL) {
		if (!word_at(p, &w)) {
			p += 2;
			continue;
		}
		append_raw(out, from, (gsize)(p - from));
		p = from = words(p, &w, out);
	}
	append_raw(out, from, strlen(from));
	return one_line(out);
}

static void
append_name(GString *out, GString *name)
{
	g_autofree char *stripped = g_strstrip(g_strdup(name->str));

	g_string_truncate(name, 0);
	if (stripped[0] == '\0' || (strchr(stripped, '@') != NULL && strpbrk(stripped, " \t") == NULL))
		return;
	g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", stripped);
}

/* What stands in angle brackets and is no address is shown as it is. */
static void
append_angle(GString *out, GString *angle)
{
	if (strpbrk(angle->str, " \t") != NULL)
		append_name(out, angle);
	g_string_truncate(angle, 0);
}

char *
sg_header_names(const char *raw)
{
	g_autoptr(GString) out = g_string_new(NULL), name = g_string_new(NULL), in = g_string_new(NULL);
	gboolean quoted = FALSE, angle = FALSE;

	for (const char *p = raw; *p != '\0'; p++) {
		if (*p == '\\' && quoted && p[1] != '\0')
			g_string_append_c(name, *++p);
		else if (*p == '"' && !angle)
			quoted = !quoted;
		else if (quoted)
			g_string_append_c(name, *p);
		else if (*p == '<' || *p == '>') {
			angle = *p == '<';
			append_angle(out, in);
		} else if (angle)
			g_string_append_c(in, *p);
		else if (*p == ',' || *p == ';')
			append_name(out, name);
		else
			g_string_append_c(name, *p == '(' || *p == ')' ? ' ' : *p);
	}
	append_name(out, name);
	append_angle(out, in);
	return sg_header_decode(out->str);
}
