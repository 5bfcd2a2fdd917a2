#include <string.h>

#include "base/err.h"
#include "mail/offer.h"
#include "text/charset.h"

#define STRETCH 16u	/* bytes of text in a row that are no accident */
#define NOISE	128u	/* in front of a file */

/* Takes the part, also when it fails. */
gboolean
sg_offer_part(SgOffer *s, GBytes *bytes, const char *name, const char *declared)
{
	const char *id = s->message->id;
	g_autofree char *base = g_strconcat(id, id[0] != '\0' ? "." : "", "0", NULL);
	g_autofree char *own = g_strdup_printf("%s.%u", base, ++s->given);
	SgPart *p = sg_part_new(own, declared, bytes, SG_AS_IS);

	g_free(p->name);
	p->name = g_strdup(name);
	p->depth = s->message->depth + 1;
	p->traits = SG_PART_SWEPT | (s->message->traits & SG_PART_FORWARDED) |
	    (name[0] != '\0' ? SG_PART_ATTACHED : 0);
	sg_part_note(p, "swept");
	return s->sink->part(s->sink, p, s->error);
}

/* FALSE: seen before. */
gboolean
sg_offer_is_new(SgOffer *s, GBytes *bytes)
{
	/* Sums, not bytes: what was decoded in six ways would fill the memory. */
	return g_hash_table_add(s->seen, g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes));
}

/* Length of the UTF-8 character at p, 1 for a printable byte or a blank; 0: no text. */
static guint
text_step(const guchar *p, gsize n)
{
	guint k = *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2;

	if (*p < 0x80)
		return (*p >= 0x20 && *p != 0x7f) || *p == '\n' || *p == '\r' || *p == '\t';
	if (*p < 0xc2 || *p > 0xf4 || k > n)
		return 0;
	for (guint i = 1; i < k; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return k;
}

/* The stretches of text in the bytes, a line each; NULL when there are none.  *share:
 * per cent of the bytes that are in them. */
static GString *
stretches(const guchar *p, gsize n, guint *share)
{
	GString *out = NULL;
	gsize from = 0, all = 0;

	for (gsize i = 0; i <= n;) {
		guint k = i < n ? text_step(p + i, n - i) : 0;

		if (k > 0) {
			i += k;
			continue;
		}
		if (i - from >= STRETCH) {
			if (out == NULL)
				out = g_string_sized_new(n + 1);
			g_string_append_len(out, (const char *)p + from, (gssize)(i - from));
			g_string_append_c(out, '\n');
			all += i - from;
		}
		from = ++i;
	}
	*share = n > 0 ? (guint)(all * 100 / n) : 0;
	return out;
}

/* Files that readers open, by how they begin. */
static const struct {
	const char *begin;
	gsize n;
} files[] = {
	{ "PK\003\004", 4 }, { "PK\005\006", 4 }, { "%PDF-", 5 }, { "\xd0\xcf\x11\xe0", 4 },
	{ "Rar!", 4 }, { "7z\xbc\xaf", 4 }, { "{\\rtf", 5 }, { "\x1f\x8b\x08", 3 }, { "BZh", 3 },
	{ "\xfd" "7zXZ", 5 }, { "\x28\xb5\x2f\xfd", 4 }, { "MSCF", 4 }, { "\x78\x9f\x3e\x22", 4 },
	{ "\x7f" "ELF", 4 }, { "MZ\x90", 3 }, { "\x89PNG", 4 }, { "\xff\xd8\xff", 3 },
	{ "GIF8", 4 },
};

/* Where a file begins, a little noise in front of it allowed; -1: nowhere. */
static gssize
file_begin(const guchar *p, gsize n)
{
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		const guchar *at;

		if (n < 2 * files[i].n)
			continue;
		if (memcmp(p, files[i].begin, files[i].n) == 0)
			return 0;
		at = files[i].n < 4 ? NULL : memmem(p, MIN(n, NOISE), files[i].begin, files[i].n);
		if (at != NULL)
			return at - p;
	}
	return -1;
}

gboolean
sg_offer_has_markup(const char *p, gsize n)
{
	static const char *const tags[] = { "a", "b", "blockquote", "body", "br", "center", "div", "em",
		"font", "h1", "h2", "h3", "head", "html", "i", "iframe", "img", "li", "ol", "p", "pre",
		"script", "span", "strong", "style", "svg", "table", "td", "tr", "tt", "u", "ul", "!doctype", "!--" };
	const char *end = p != NULL ? p + n : NULL;

	for (; n > 0 && (p = memchr(p, '<', (gsize)(end - p))) != NULL;) {
		gsize k = 0, max;

		p += end - p > 1 && p[1] == '/' ? 2 : 1;
		max = MIN((gsize)(end - p), 12);
		while (k < max && (g_ascii_isalnum(p[k]) || p[k] == '!' || p[k] == '-'))
			k++;
		if (k == max || (p[k] != '>' && p[k] != '/' && !g_ascii_isspace(p[k])))
			continue;
		for (gsize i = 0; k > 0 && i < G_N_ELEMENTS(tags); i++)
			if (strlen(tags[i]) == k && g_ascii_strncasecmp(p, tags[i], k) == 0)
				return TRUE;
	}
	return FALSE;
}

gboolean
sg_offer_is_mail(const char *p, gsize n)
{
	gsize i = 0;

	while (i < n && (g_ascii_isalnum(p[i]) || p[i] == '-'))
		i++;
	return i > 1 && i < n && p[i] == ':' &&
	    (memmem(p, n, "\nContent-", 9) != NULL || memmem(p, n, "\nSubject:", 9) != NULL ||
	    g_ascii_strncasecmp(p, "Content-", 8) == 0);
}

gboolean
sg_offer_text(SgOffer *s, GBytes *bytes)
{
	gsize n, len;
	const char *p = g_bytes_get_data(bytes, &n);
	g_autofree char *text = NULL;

	if (n == 0 || !sg_offer_is_new(s, bytes))
		return TRUE;
	if (sg_offer_is_mail(p, n) && !sg_offer_part(s, bytes, "", "message/rfc822"))
		return FALSE;
	text = sg_charset_decode("", p, n, &len, NULL);
	if (sg_offer_has_markup(text, len)) {
		g_autoptr(GBytes) page = g_bytes_new(text, len);

		if (!sg_offer_part(s, page, "", "text/html"))
			return FALSE;
	}
	return s->sink->text(s->sink, NULL, text, len, s->error);
}

/* Gives what was decoded, if it is something; FALSE when reading must stop. */
gboolean
sg_offer(SgOffer *s, GBytes *bytes, const char *name, gboolean *taken)
{
	gsize n;
	const guchar *p = g_bytes_get_data(bytes, &n);
	g_autoptr(GString) text = NULL;
	g_autoptr(GBytes) some = NULL;
	guint share;
	gssize at;

	*taken = FALSE;
	if (n == 0)
		return TRUE;
	at = file_begin(p, n);
	if (name != NULL || at >= 0) {
		g_autoptr(GBytes) file = g_bytes_new_from_bytes(bytes, name == NULL ? (gsize)at : 0,
		    n - (name == NULL ? (gsize)at : 0));

		*taken = TRUE;
		return !sg_offer_is_new(s, file) || sg_offer_part(s, file, name != NULL ? name : "", "");
	}
	text = stretches(p, n, &share);
	if ((text != NULL && share >= 90) ||
	    (n >= 64 && memchr(p, '\0', n) != NULL && sg_charset_looks_text(p, n))) {
		*taken = TRUE;
		return sg_offer_text(s, bytes);
	}
	if (text == NULL || share < s->least)
		return TRUE;
	*taken = TRUE;
	some = g_bytes_new(text->str, text->len);
	return sg_offer_text(s, some);
}

SgOffer
sg_offer_begin(const SgPart *message, SgSink *sink, GError **error)
{
	return (SgOffer){ .sink = sink, .message = message, .error = error,
		.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
}

void
sg_offer_clear(SgOffer *s)
{
	g_clear_pointer(&s->seen, g_hash_table_unref);
}
