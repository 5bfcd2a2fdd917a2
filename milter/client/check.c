#include <string.h>

#include "base/err.h"
#include "client/check.h"

static gboolean
bad(GError **error, const char *what)
{
	g_set_error(error, SG_ERR, SG_ERR_PEER, "the scanner's answer is wrong: %s", what);
	return FALSE;
}

/* TRUE when at..at+len lies in the n bytes of s and cuts no character in two. */
static gboolean
span_fits(const char *s, gsize n, guint32 at, guint32 len)
{
	return at <= n && len <= n - at && (s[at] & 0xc0) != 0x80 && (s[at + len] & 0xc0) != 0x80;
}

gboolean
sg_check_finding(const SgFinding *f, guint64 id, guint so_far, GError **error)
{
	if (so_far > SG_READING_FINDINGS)
		return bad(error, "too many findings");
	if (f->id != id)
		return bad(error, "finding of another message");
	if (f->severity < 1 || f->severity > 5 || f->confidence < SG_CONF_LOW || f->confidence > SG_CONF_HIGH)
		return bad(error, "severity or confidence");
	if (f->count > G_MAXINT32)
		return bad(error, "count");
	if (f->disguised > 1 || f->secret > 1 || f->rule[0] == '\0' || f->category[0] == '\0')
		return bad(error, "finding without rule or category");
	if (!span_fits(f->excerpt, strlen(f->excerpt), f->hit_at, f->hit_len))
		return bad(error, "hit outside its excerpt");
	return TRUE;
}

static gboolean
is_one_of(const char *s, const char *const *words)
{
	return s[0] == '\0' || g_strv_contains(words, s);
}

static gboolean
is_sha256(const char *s)
{
	return s[0] == '\0' || (strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64);
}

gboolean
sg_check_part(const SgPartInfo *p, guint64 id, guint so_far, GError **error)
{
	static const char *const states[] = { "plain", "open", "partial", "protected", NULL };
	static const char *const strengths[] = { "none", "weak", "strong", NULL };

	if (so_far > SG_READING_PARTS)
		return bad(error, "too many parts");
	if (p->id != id)
		return bad(error, "part of another message");
	if (p->bytes > G_MAXINT64 || p->text_bytes > G_MAXINT64)
		return bad(error, "size of a part");	/* JSON and SQL have signed numbers */
	if (!is_one_of(p->state, states) || !is_one_of(p->strength, strengths) || !is_sha256(p->sha256))
		return bad(error, "state, strength or hash of a part");
	return TRUE;
}

gboolean
sg_check_done(const SgWireDONE *d, guint64 id, const SgReading *r, gsize out_most, GError **error)
{
	const guint known = SG_FLAG_AMBIGUOUS | SG_FLAG_MALFORMED | SG_FLAG_NOT_FULLY;

	if (d->id != id || (d->flags & ~known) != 0)
		return bad(error, "end of another message, or unknown flags");
	if (d->findings != r->findings->len || d->parts != r->parts->len)
		return bad(error, "a finding or a part is missing");
	if (d->micros > G_MAXINT64)
		return bad(error, "time");
	if (d->written > out_most)
		return bad(error, "it wrote too much");
	return TRUE;
}

static gboolean
names_a_text(const char *s, gsize len, const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++) {
		const SgWireDISCLAIM *t = g_ptr_array_index(texts, i);

		if (strlen(t->name) == len && memcmp(t->name, s, len) == 0)
			return TRUE;
	}
	return FALSE;
}

/* They go into a header field that we sign, into the log and on file. */
gboolean
sg_check_disclaimed(const SgWireDONE *d, const GPtrArray *texts, GError **error)
{
	g_auto(GStrv) added = g_strsplit(d->added != NULL ? d->added : "", " ", -1);
	g_auto(GStrv) skipped = g_strsplit(d->skipped != NULL ? d->skipped : "", " ", -1);
	guint n = g_strv_length(added);

	if (n > texts->len || g_strv_length(skipped) > texts->len || (n == 0) != (d->written == 0))
		return bad(error, "more or fewer texts than there are");
	for (char **s = added; *s != NULL; s++)
		if (!names_a_text(*s, strlen(*s), texts))
			return bad(error, "a text that was not asked for");
	for (char **s = skipped; *s != NULL; s++) {
		const char *why = strrchr(*s, '=');

		if (why == NULL || !names_a_text(*s, (gsize)(why - *s), texts) ||
		    strspn(why + 1, "abcdefghijklmnopqrstuvwxyz-") != strlen(why + 1))
			return bad(error, "a text that was not asked for");
	}
	return TRUE;
}

gboolean
sg_check_texts(GBytes *frames, SgReading *r, GError **error)
{
	gsize at = 0;

	while (at < g_bytes_get_size(frames)) {
		g_autoptr(GBytes) one = sg_wire_next_frame(frames, &at);
		SgText *t;

		if (one == NULL || r->texts->len == SG_READING_TEXTS)
			return bad(error, "texts");
		t = g_new0(SgText, 1);
		g_ptr_array_add(r->texts, t);
		if (!sg_wire_get_TEXT(one, t, error))
			return FALSE;
	}
	return TRUE;
}

/* lens: of the texts, which may be long and asked for often. */
static gboolean
place_exists(const SgReading *r, const gsize *lens, const SgFinding *f)
{
	for (guint i = 0; i < r->texts->len; i++) {
		const SgText *t = g_ptr_array_index(r->texts, i);

		if (strcmp(t->part, f->part) == 0 && strcmp(t->where, f->where) == 0 &&
		    span_fits(t->text, lens[i], f->text_at, f->text_len))
			return TRUE;
	}
	return FALSE;
}

void
sg_check_places(SgReading *r)
{
	g_autofree gsize *lens = g_new(gsize, r->texts->len + 1);

	for (guint i = 0; i < r->texts->len; i++)
		lens[i] = strlen(((const SgText *)g_ptr_array_index(r->texts, i))->text);
	for (guint i = 0; i < r->findings->len; i++) {
		SgFinding *f = g_ptr_array_index(r->findings, i);

		if (f->text_len > 0 && !place_exists(r, lens, f))
			f->text_at = f->text_len = 0;
	}
}
