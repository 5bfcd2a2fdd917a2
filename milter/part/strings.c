#include <string.h>

#include "part/strings.h"
#include "text/codepage.h"

#define RUN_MOST 65536u		/* a longer run is cut: it is judged as a whole */

struct SgStrings {
	SgSink	   *sink;
	GHashTable *known;	/* hashes of lines, as pointers */
	GString	   *text, *run;
	gboolean    full;
	guint8	    bytes[256], pages[256];	/* Class of a byte, and of units by their upper half */
};

/* What a byte or a unit can be in a text. */
typedef enum { C_NONE, C_LETTER, C_UPPER, C_DIGIT, C_BLANK, C_LINE, C_MARK, C_WIDE, C_CJK } Class;

static Class class_of_byte(guint8 c);
static Class class_of_page(guint8 page);

SgStrings *
sg_strings_new(SgSink *sink)
{
	SgStrings *s = g_new0(SgStrings, 1);

	s->sink = sink;
	s->known = g_hash_table_new(NULL, NULL);
	s->text = g_string_new(NULL);
	s->run = g_string_new(NULL);
	for (guint i = 0; i < 256; i++) {
		s->bytes[i] = (guint8)class_of_byte((guint8)i);
		s->pages[i] = (guint8)class_of_page((guint8)i);
	}
	return s;
}

void
sg_strings_free(SgStrings *s)
{
	if (s == NULL)
		return;
	g_hash_table_unref(s->known);
	g_string_free(s->text, TRUE);
	g_string_free(s->run, TRUE);
	g_free(s);
}

static void
trim(const char **p, gsize *n)
{
	while (*n > 0 && (guchar)**p <= ' ') {
		(*p)++;
		(*n)--;
	}
	while (*n > 0 && (guchar)(*p)[*n - 1] <= ' ')
		(*n)--;
}

static gpointer
hash_of(const char *p, gsize n)
{
	guint64 h = G_GUINT64_CONSTANT(0xcbf29ce484222325);

	for (gsize i = 0; i < n; i++)
		h = (h ^ (guchar)p[i]) * G_GUINT64_CONSTANT(0x100000001b3);
	return GSIZE_TO_POINTER((gsize)h);
}

void
sg_strings_known(SgStrings *s, const char *utf8, gsize len)
{
	const char *end = utf8 + len;

	while (utf8 < end) {
		const char *p = utf8;
		gsize n;

		while (utf8 < end && (guchar)*utf8 >= ' ')
			utf8++;
		n = (gsize)(utf8 - p);
		trim(&p, &n);
		if (n > 0)
			g_hash_table_add(s->known, hash_of(p, n));
		utf8++;
	}
}

void
sg_strings_add(SgStrings *s, const char *utf8, gsize len)
{
	const char *end = utf8 + len;

	while (utf8 < end && !s->full) {
		const char *p = utf8;
		gsize n;

		while (utf8 < end && *utf8 != '\n' && *utf8 != '\r')
			utf8++;
		n = (gsize)(utf8 - p);
		trim(&p, &n);
		utf8++;
		if (n == 0 || !g_hash_table_add(s->known, hash_of(p, n)))
			continue;
		if (s->text->len + n > SG_STRINGS_MAX) {
			s->full = TRUE;
			s->sink->limit(s->sink, "text");
			return;
		}
		g_string_append_len(s->text, p, (gssize)n);
		g_string_append_c(s->text, '\n');
	}
}

static Class
class_of_ascii(guint8 c)
{
	if (c >= 'a' && c <= 'z')
		return C_LETTER;
	if (c >= 'A' && c <= 'Z')
		return C_UPPER;
	if (c >= '0' && c <= '9')
		return C_DIGIT;
	if (c == ' ')
		return C_BLANK;
	if (c == '\n' || c == '\r' || c == '\t' || c == '\v')
		return C_LINE;
	return c > ' ' && c < 0x7f ? C_MARK : C_NONE;
}

/* Of the upper half only what stands in western texts. */
static Class
class_of_byte(guint8 c)
{
	if (c < 0x80)
		return class_of_ascii(c);
	if (c >= 0xc0)
		return c == 0xd7 || c == 0xf7 ? C_NONE : C_WIDE;
	return (c >= 0x91 && c <= 0x97) || c == 0x80 || c == 0x85 || c == 0xa0 || c == 0xa3 ? C_MARK : C_NONE;
}

/* Of UTF-16 by the upper half of a unit: whole scripts stand behind each other. */
static Class
class_of_page(guint8 page)
{
	static const struct {
		guint8 from, to;
		Class class;
	} ranges[] = { { 0x01, 0x06, C_WIDE }, { 0x09, 0x0d, C_WIDE }, { 0x1e, 0x1f, C_WIDE },
		{ 0x20, 0x20, C_MARK }, { 0x30, 0x30, C_CJK }, { 0x4e, 0x9f, C_CJK }, { 0xac, 0xd7, C_CJK },
		{ 0xff, 0xff, C_CJK } };

	for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++)
		if (page >= ranges[i].from && page <= ranges[i].to)
			return ranges[i].class;
	return C_NONE;
}

static inline Class
class_of_unit(const SgStrings *s, guint8 low, guint8 high)
{
	if (high == 0)
		return s->bytes[low];
	if (low == 0)		/* ASCII seen from one byte beside */
		return high >= 0x30 && high < 0xa0 ? C_CJK : C_NONE;
	return s->pages[high];
}

typedef struct Tally {
	guint n, alphabetic, good, turns, wide, cjk, packed;
	Class before;
} Tally;

static void
count(Tally *t, Class c, guint16 unit)
{
	t->n++;
	t->alphabetic += c == C_LETTER || c == C_UPPER || c == C_WIDE || c == C_CJK;
	t->good += c != C_MARK && c != C_LINE;
	t->wide += c == C_WIDE;
	t->cjk += c == C_CJK;
	/* two ASCII characters, or half of two, read as one of Chinese */
	t->packed += c == C_CJK && ((unit & 0xff) == 0 || (class_of_ascii((guint8)unit) != C_NONE &&
	    class_of_ascii((guint8)(unit >> 8)) != C_NONE));
	t->turns += (c == C_UPPER && t->before == C_LETTER) || (c == C_DIGIT && (t->before == C_LETTER)) ||
	    (c == C_LETTER && t->before == C_DIGIT);
	t->before = c;
}

/* Chance gives short runs of mixed case, digits and signs; people write words. */
static gboolean
is_wordy(const Tally *t, guint least)
{
	/* addresses have more signs, and are longer */
	if (t->n < least || t->turns * 5 > t->n ||
	    (t->n < 12 ? t->good * 4 < t->n * 3 : t->good * 5 < t->n * 3))
		return FALSE;
	/* people do not mix scripts */
	if (t->cjk > t->wide)
		return t->n >= 8 && t->packed * 4 < t->cjk && t->wide * 8 <= t->cjk;
	if (t->wide * 3 > t->n)
		return t->n >= least + 2 && t->cjk * 8 <= t->wide;
	return t->alphabetic >= 3 || t->good >= MAX(least, 6);
}

/* A run that is long enough is looked at as a whole. */
static void
end_run8(SgStrings *s, const guint8 *p, gsize n, guint least)
{
	Tally t = { 0 };

	for (gsize i = 0; i < n; i++)
		count(&t, s->bytes[p[i]], 0);
	/* more than a third from the upper half is no western text */
	if (!is_wordy(&t, least) || t.wide * 3 > t.n)
		return;
	g_string_truncate(s->run, 0);
	sg_cp1252_append(p, n, s->run);
	sg_strings_add(s, s->run->str, s->run->len);
}

static void
end_run16(SgStrings *s, const guint8 *p, gsize n, guint least)
{
	Tally t = { 0 };

	for (gsize i = 0; i < n; i++)
		count(&t, class_of_unit(s, p[i * 2], p[i * 2 + 1]), (guint16)(p[i * 2] | p[i * 2 + 1] << 8));
	if (!is_wordy(&t, least))
		return;
	g_string_truncate(s->run, 0);
	sg_utf16le_append(p, n * 2, s->run);
	sg_strings_add(s, s->run->str, s->run->len);
}

static void
sweep8(SgStrings *s, const guint8 *p, gsize len, guint least)
{
	for (gsize i = 0, from; i < len && !s->full; i++) {
		if (s->bytes[p[i]] == C_NONE)
			continue;
		for (from = i; i < len && i - from < RUN_MOST && s->bytes[p[i]] != C_NONE; i++)
			;
		if (i - from >= least)
			end_run8(s, p + from, i - from, least);
		i -= i - from == RUN_MOST;
	}
}

static void
sweep16(SgStrings *s, const guint8 *p, gsize len, guint least)
{
	gsize n = len / 2;

	for (gsize i = 0, from; i < n && !s->full; i++) {
		if (class_of_unit(s, p[i * 2], p[i * 2 + 1]) == C_NONE)
			continue;
		for (from = i; i < n && i - from < RUN_MOST &&
		    class_of_unit(s, p[i * 2], p[i * 2 + 1]) != C_NONE; i++)
			;
		if (i - from >= least)
			end_run16(s, p + from * 2, i - from, least);
		i -= i - from == RUN_MOST;
	}
}

void
sg_strings_sweep(SgStrings *s, const void *data, gsize len, guint least)
{
	const guint8 *p = data;

	sweep8(s, p, len, least);
	sweep16(s, p, len, MAX(least, 6) - 2);
	if (len > 1)
		sweep16(s, p + 1, len - 1, MAX(least, 6) - 2);
}

gboolean
sg_strings_give(SgStrings *s, GError **error)
{
	gboolean ok = s->text->len == 0 ||
	    s->sink->text(s->sink, "attachment", s->text->str, s->text->len, error);

	g_string_truncate(s->text, 0);
	return ok;
}
