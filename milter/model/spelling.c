#include <string.h>

#include "model/spelling.h"

/* Compared from both ends: what is left in the middle must be the slip. */
gboolean
sg_spelling_near(const char *a, const char *b)
{
	gsize n = strlen(a), m = strlen(b), head = 0, tail = 0;

	while (head < MIN(n, m) && a[head] == b[head])
		head++;
	while (tail < MIN(n, m) - head && a[n - 1 - tail] == b[m - 1 - tail])
		tail++;
	n -= head + tail;
	m -= head + tail;
	if (n + m == 1 || (n == 1 && m == 1))
		return TRUE;
	return n == 2 && m == 2 && a[head] == b[head + 1] && a[head + 1] == b[head];
}

/* Letters that look like one of ours.  Unicode's confusables, those of one letter that
 * people have registered domains with. */
static const struct {
	gunichar other;
	char	 like;
} alike[] = {
	{ 0x0430, 'a' }, { 0x03b1, 'a' }, { 0x0251, 'a' }, { 0x0432, 'b' }, { 0x0441, 'c' }, { 0x03f2, 'c' },
	{ 0x0501, 'd' }, { 0x0435, 'e' }, { 0x0451, 'e' }, { 0x04bb, 'h' }, { 0x0456, 'l' }, { 0x03b9, 'l' },
	{ 0x0131, 'l' }, { 0x0457, 'l' }, { 0x0458, 'j' }, { 0x03ba, 'k' }, { 0x043a, 'k' }, { 0x04cf, 'l' },
	{ 0x217c, 'l' }, { 0x043c, 'm' }, { 0x0578, 'n' }, { 0x03b7, 'n' }, { 0x043e, 'o' }, { 0x03bf, 'o' },
	{ 0x0585, 'o' }, { 0x0440, 'p' }, { 0x03c1, 'p' }, { 0x051b, 'q' }, { 0x0433, 'r' }, { 0x0455, 's' },
	{ 0x0442, 't' }, { 0x03c4, 't' }, { 0x057d, 'u' }, { 0x03c5, 'u' }, { 0x03bd, 'v' }, { 0x0475, 'v' },
	{ 0x051d, 'w' }, { 0x0445, 'x' }, { 0x03c7, 'x' }, { 0x0443, 'y' }, { 0x03b3, 'y' },
	{ '0', 'o' }, { '1', 'l' }, { 'i', 'l' }, { '5', 's' }, { '_', '-' },
};

static char
look_of(gunichar c)
{
	for (gsize i = 0; i < G_N_ELEMENTS(alike); i++)
		if (alike[i].other == c)
			return alike[i].like;
	return c < 0x80 ? (char)c : '\0';
}

static void
join_pairs(GString *s)
{
	static const char *const pairs[][2] = { { "rn", "m" }, { "vv", "w" }, { "cl", "d" } };

	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
		g_string_replace(s, pairs[i][0], pairs[i][1], 0);
}

char *
sg_spelling_look(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	const char *at = strrchr(valid, '@'), *domain = at != NULL ? at + 1 : valid;
	g_autofree char *unicode = strstr(domain, "xn--") != NULL ? g_hostname_to_unicode(domain) : NULL;
	g_autofree char *whole = g_strdup_printf("%.*s%s", (int)(domain - valid), valid,
	    unicode != NULL ? unicode : domain);
	g_autofree char *plain = g_utf8_normalize(whole, -1, G_NORMALIZE_ALL);
	g_autofree char *low = g_utf8_strdown(plain != NULL ? plain : valid, -1);
	GString *s = g_string_new(NULL);

	for (const char *p = low; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		char like = look_of(c);

		if (g_unichar_ismark(c))
			continue;
		if (like != '\0')
			g_string_append_c(s, like);
		else
			g_string_append_unichar(s, c);
	}
	join_pairs(s);
	return g_string_free(s, FALSE);
}

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-._";

/* out: room for the text and one letter more.  Fewer, then changed places, then others. */
static gboolean
each_shorter(const char *text, gsize n, char *out, SgSpellingFn fn, gpointer data)
{
	for (gsize i = 0; i < n; i++) {
		memcpy(out, text, i);
		memcpy(out + i, text + i + 1, strlen(text + i + 1) + 1);
		if (!fn(out, data))
			return FALSE;
		if (i + 1 >= n || text[i] == text[i + 1])
			continue;
		memcpy(out, text, strlen(text) + 1);
		out[i] = text[i + 1];
		out[i + 1] = text[i];
		if (!fn(out, data))
			return FALSE;
	}
	return TRUE;
}

static gboolean
each_other(const char *text, gsize n, char *out, SgSpellingFn fn, gpointer data)
{
	for (gsize i = 0; i <= n; i++)
		for (const char *c = letters; *c != '\0'; c++) {
			memcpy(out, text, strlen(text) + 1);
			out[i] = *c;
			if (i < n && *c != text[i] && !fn(out, data))
				return FALSE;
			memcpy(out + i + 1, text + i, strlen(text + i) + 1);
			if (!fn(out, data))
				return FALSE;
		}
	return TRUE;
}

void
sg_spelling_each(const char *text, gsize n, SgSpellingFn fn, gpointer data)
{
	g_autofree char *out = NULL;

	if (n == 0 || n > SG_SPELLING_MOST)
		return;
	out = g_malloc(strlen(text) + 2);
	if (each_shorter(text, n, out, fn, data))
		each_other(text, n, out, fn, data);
}
