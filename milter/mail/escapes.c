#include "mail/escapes.h"
#include "text/lenient.h"

#define WINDOW 400u	/* around an escape in a long line */

/* An escape that stands for a letter, or a soft end of line inside a word. */
static gboolean
hides_letter(const char *p, gsize n, gboolean inside)
{
	guint c;

	if (n == 0)
		return inside;
	if (n < 2 || !g_ascii_isxdigit(p[0]) || !g_ascii_isxdigit(p[1]))
		return inside && sg_lines_blanks(p, n) == n;
	c = (guint)g_ascii_xdigit_value(p[0]) << 4 | (guint)g_ascii_xdigit_value(p[1]);
	return g_ascii_isalnum((char)c);
}

/* A line of base64 that ends in its padding: "=" stands for nothing there. */
static gboolean
is_padded(const SgLines *l)
{
	return (l->len % 4 == 0 || l->len > 20) && sg_strict_base64(l->line, l->len);
}

/* Three escapes in a row with letters, or soft ends in three lines: nobody writes so. */
static gboolean
is_sure(const char *p, const char *end)
{
	guint letters = 0;

	for (guint i = 0; i < 3; i++, p += 3) {
		if (end - p < 2 || !g_ascii_isxdigit(p[0]) || !g_ascii_isxdigit(p[1]) ||
		    (i < 2 && (end - p < 3 || p[2] != '=')))
			return FALSE;
		letters += hides_letter(p, 2, FALSE);
	}
	return letters >= 2;
}

/* What stands around an escape at p, behind what was taken already. */
static const char *
take_window(SgEscapes *q, const SgLines *l, const char *p)
{
	const char *end = l->line + l->len;
	const char *from = (gsize)(p - l->line) > WINDOW ? p - WINDOW : l->line;
	const char *to = (gsize)(end - p) > WINDOW ? p + WINDOW : l->next;

	if (q->until != NULL && from < q->until)
		from = q->until;
	if (q->lines == NULL)
		q->lines = g_byte_array_new();
	if (from > q->until && q->lines->len > 0)
		g_byte_array_append(q->lines, (const guint8 *)"\n", 1);
	if (to > from)
		g_byte_array_append(q->lines, (const guint8 *)from, (guint)(to - from));
	q->until = MAX(to, q->until);
	return MIN(to, end);
}

/* The end of a word that began in the line above. */
static void
take_rest(SgEscapes *q, const SgLines *l)
{
	const char *to = l->len > WINDOW ? l->line + WINDOW : l->next;

	if (q->until != l->line || q->lines == NULL)
		return;
	g_byte_array_append(q->lines, (const guint8 *)l->line, (guint)(to - l->line));
	q->until = l->len > WINDOW ? to : NULL;
}

void
sg_escapes_line(SgEscapes *q, const SgLines *l)
{
	const char *p = l->line, *end = p + l->len;
	gboolean padded = l->len > 0 && end[-1] == '=' && is_padded(l);

	if (l->len > 0 && end[-1] == '=' && !padded)
		q->sure = q->sure || ++q->soft >= 3;
	else
		q->soft = 0;
	while ((p = memchr(p, '=', (gsize)(end - p))) != NULL) {
		gboolean inside = p > l->line && g_ascii_isgraph(p[-1]) && p[-1] != '=';

		p++;
		if (!hides_letter(p, (gsize)(end - p), inside) || (p == end && padded))
			continue;
		q->sure = q->sure || is_sure(p, end);
		p = take_window(q, l, p);
	}
	take_rest(q, l);
}

GBytes *
sg_escapes_end(SgEscapes *q, gboolean suspicious)
{
	g_autoptr(GByteArray) lines = g_steal_pointer(&q->lines);

	if (lines == NULL || (!q->sure && !suspicious))
		return NULL;
	return sg_lenient_quoted((const char *)lines->data, lines->len);
}
