#include <string.h>

#include "base/err.h"
#include "rule/boundary.h"
#include "rule/disguise.h"
#include "rule/finder.h"
#include "rule/phrase.h"

#define HITS_MAX 200000u	/* hits of one chunk; a word in two rules is two */
#define RULE_MAX 20000u		/* of one rule in one chunk: it must not use up the others' room */
#define AROUND	 12u		/* letters either side by which the same words are known again */
#define CONTEXT	 16u		/* bytes PCRE may look at beyond its window, for \b */
#define STEPS	 "(*LIMIT_MATCH=20000)"	/* of PCRE in one window; reaching it counts as a hit */

struct SgFinder {
	const SgPatterns  *patterns;
	const SgSkeletons *skeletons;
	const SgDatabase  *database;
	const GPtrArray	  *rules;
	SgWindow	   window;	/* around the last hit of a rule that asks */
	hs_scratch_t	  *scratch;
	SgCanon		  *canon;
	SgDisguise	  *disguise;
	GRegex		 **regex;	/* by pattern, made when first needed */
	guint32		  *done;	/* by pattern: expressions are settled up to here */
	GArray		  *used;	/* guint: patterns with done > 0 */
	guint32		  *raw;		/* by rule: hits in this chunk */
	GArray		  *raw_used;
	/* this text's */
	SgTally		  *tally;
	GArray		  *hits;
};

static gboolean
room_for(const hs_database_t *db, hs_scratch_t **scratch)
{
	return db == NULL || hs_alloc_scratch(db, scratch) == HS_SUCCESS;
}

SgFinder *
sg_finder_new(const SgPatterns *patterns, const SgSkeletons *skeletons,
    const SgDatabase *database, const GPtrArray *rules, const SgLexicon *lexicon, GError **error)
{
	g_autoptr(SgFinder) f = g_new0(SgFinder, 1);

	f->patterns = patterns;
	f->skeletons = skeletons;
	f->database = database;
	f->rules = rules;
	f->window.lexicon = lexicon;
	f->regex = g_new0(GRegex *, MAX(patterns->n, 1));
	f->done = g_new0(guint32, MAX(patterns->n, 1));
	f->raw = g_new0(guint32, MAX(rules->len, 1));
	f->disguise = sg_disguise_new();
	f->used = g_array_new(FALSE, FALSE, sizeof(guint));
	f->raw_used = g_array_new(FALSE, FALSE, sizeof(guint));
	if ((f->canon = sg_canon_new(error)) == NULL)
		return NULL;
	if (!room_for(database->words, &f->scratch) || !room_for(database->disguise, &f->scratch)) {
		g_set_error(error, SG_ERR, SG_ERR_LATER,
		    "no memory for the rule engine's scratch space");
		return NULL;
	}
	return g_steal_pointer(&f);
}

void
sg_finder_free(SgFinder *f)
{
	if (f == NULL)
		return;
	for (guint i = 0; i < f->patterns->n; i++)
		g_clear_pointer(&f->regex[i], g_regex_unref);
	g_free(f->regex);
	g_free(f->done);
	g_free(f->raw);
	g_array_unref(f->used);
	g_array_unref(f->raw_used);
	sg_canon_free(f->canon);
	sg_disguise_free(f->disguise);
	hs_free_scratch(f->scratch);
	g_free(f);
}

static gboolean
is_letter(char c)
{
	return (guchar)c >= 0x80 || g_ascii_isalnum(c);
}

static guint64
mix(guint64 h, char c)
{
	return (h ^ (guchar)c) * 0x100000001b3u;	/* FNV-1a */
}

/* Letters only: a line end, a "> " or a *star* in one of two texts makes no difference. */
static guint64
around(const SgCanon *c, gsize from, gsize to)
{
	guint64 h = 0xcbf29ce484222325u;

	for (guint n = 0; n < AROUND && from > 0; from--) {
		if (!is_letter(c->text[from - 1]))
			continue;
		h = mix(h, c->text[from - 1]);
		n++;
	}
	h = mix(h, '|');
	for (guint n = 0; n < AROUND && to < c->len; to++) {
		if (!is_letter(c->text[to]))
			continue;
		h = mix(h, c->text[to]);
		n++;
	}
	return h;
}

static gboolean
wanted(const SgFinder *f, const SgPattern *p)
{
	for (guint i = 0; i < p->uses; i++)
		if (sg_tally_wants(f->tally, f->patterns->use[p->use + i].rule))
			return TRUE;
	return FALSE;
}

static gboolean
any_near(SgFinder *f, const GPtrArray *phrases, gsize from, gsize to)
{
	sg_window_read(&f->window, f->canon->text, f->canon->len, from, to);
	for (guint i = 0; i < phrases->len; i++)
		if (sg_phrase_near(g_ptr_array_index(phrases, i), &f->window))
			return TRUE;
	return FALSE;
}

/* Which of the phrases is around the word [*from, *to)?  Then that is the place. */
static gboolean
widen(SgFinder *f, const GPtrArray *phrases, gsize *from, gsize *to)
{
	SgWindow *w = &f->window;

	sg_window_read(w, f->canon->text, f->canon->len, *from, *to);
	for (guint i = 0; i < phrases->len; i++) {
		const SgPhrase *p = g_ptr_array_index(phrases, i);

		for (guint k = w->first; k < w->last && k < w->n; k++)
			if (sg_phrase_has_mark(p, &w->token[k])) {
				if (sg_phrase_find(p, w, from, to))
					return TRUE;
				break;
			}
	}
	return FALSE;
}

static void
place(SgFinder *f, SgHitAt *hit, gsize from, gsize to)
{
	hit->to = sg_canon_chars(f->canon, to);
	hit->from = sg_canon_chars(f->canon, from);
	hit->words = 0xcbf29ce484222325u;
	for (gsize i = from; i < to; i++)
		hit->words = mix(hit->words, f->canon->text[i]);
}

/* What a rule asks of the words around a hit, and what those make of it. */
static gboolean
told(SgFinder *f, const SgRule *rule, SgHitAt *hit, gsize from, gsize to)
{
	const SgCanon *c = f->canon;
	gsize at = 0, end = 0;

	if (rule->say != NULL && hit->slot == 0) {
		if (!widen(f, rule->say, &from, &to))
			return FALSE;
		place(f, hit, from, to);
		(void)sg_canon_source(c, from, to, &at, &end);
		if (end > at) {
			hit->at = (guint32)at;
			hit->len = (guint32)(end - at);
		}
	}
	if (rule->unless != NULL && hit->slot == 0 && any_near(f, rule->unless, from, to))
		return FALSE;
	hit->quoted = rule->quoted > 0 && sg_window_quoted(c->text, c->len, from, to);
	return TRUE;
}

/* Canonical bytes [from, to) are a hit of p, [at, end) of the text as sent. */
static void
add(SgFinder *f, const SgPattern *p, gsize from, gsize to, gsize at, gsize end, gboolean disguised)
{
	SgHitAt hit = { .disguised = disguised != 0, .at = (guint32)at, .len = (guint32)(end - at),
		.around = around(f->canon, from, to) };

	place(f, &hit, from, to);
	for (guint i = 0; i < p->uses; i++) {
		const SgUse *use = &f->patterns->use[p->use + i];
		const SgRule *rule = g_ptr_array_index(f->rules, use->rule);
		SgHitAt its = hit;

		its.rule = use->rule;
		its.slot = use->slot;
		if (!sg_tally_wants(f->tally, use->rule) || !told(f, rule, &its, from, to))
			continue;
		if (f->raw[use->rule] == 0)
			g_array_append_val(f->raw_used, use->rule);
		if (f->raw[use->rule]++ >= RULE_MAX || f->hits->len >= HITS_MAX) {
			sg_tally_over(f->tally, use->rule);
			continue;
		}
		g_array_append_val(f->hits, its);
	}
}

static gboolean
bounded(const SgFinder *f, const SgPattern *p, gsize from, gsize to, gsize *at, gsize *end)
{
	const SgCanon *c = f->canon;

	if (c->ascii) {	/* the canonical text is as good as the one sent */
		if (from > 0 && g_ascii_isalnum(c->text[from]) &&
		    g_ascii_isalnum(c->text[from - 1]))
			return FALSE;
		if (!p->prefix && to < c->len && g_ascii_isalnum(c->text[to]) &&
		    g_ascii_isalnum(c->text[to - 1]))
			return FALSE;
		return sg_canon_source(c, from, to, at, end);
	}
	return sg_canon_source(c, from, to, at, end) &&
	    sg_boundary_at(c->source, c->source_len, *at) &&
	    (p->prefix || sg_boundary_at(c->source, c->source_len, *end));
}

static void
on_phrase(SgFinder *f, const SgPattern *p, gsize to)
{
	const SgCanon *c = f->canon;
	gsize at = 0, end = 0, from = to - p->len;

	if (!wanted(f, p) || !bounded(f, p, from, to, &at, &end))
		return;
	if (p->prefix) {
		end = sg_boundary_word_end(c->source, c->source_len, end);
		for (guint n = 0; n < 64 && to < c->len && is_letter(c->text[to]); n++)
			to++;
	}
	add(f, p, from, to, at, end, FALSE);
}

static void
add_match(SgFinder *f, const SgPattern *p, gsize from, gsize to)
{
	gsize at = 0, end = 0;

	(void)sg_canon_source(f->canon, from, to, &at, &end);
	if (end > at)
		add(f, p, from, to, at, end, FALSE);
}

/* The first character that starts at or after (before) at. */
static gsize
character(const SgCanon *c, gsize at)
{
	while (at > 0 && at < c->len && ((guchar)c->text[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static GRegex *
regex_for(SgFinder *f, guint id)
{
	if (f->regex[id] == NULL) {
		g_autofree char *limited = g_strconcat(STEPS, f->patterns->pattern[id].text, NULL);

		f->regex[id] = g_regex_new(limited, 0, 0, NULL);
	}
	return f->regex[id];
}

/* Adds the matches of a window that are sure to be whole; returns up to where
 * everything is settled. */
static gsize
settle_window(SgFinder *f, guint id, gsize from, gsize to, gsize edge)
{
	const SgPattern *p = &f->patterns->pattern[id];
	const SgCanon *c = f->canon;
	GRegex *re = regex_for(f, id);
	gssize limit = (gssize)character(c, MIN(c->len, MAX(edge, to + SG_CANON_MATCH) + CONTEXT));

	while (from < edge) {
		g_autoptr(GMatchInfo) info = NULL;
		g_autoptr(GError) error = NULL;
		int start = 0, end = 0;
		gsize most;

		if (!g_regex_match_full(re, c->text, limit, (int)from, 0, &info, &error)) {
			if (error != NULL)
				add_match(f, p, MAX(from, character(c, to - 1)), to);
			return edge;
		}
		(void)g_match_info_fetch_pos(info, 0, &start, &end);
		if ((gsize)start >= to && (gsize)end > edge)
			return (gsize)start;	/* has a candidate of its own */
		if (end <= start)
			return edge;
		most = character(c, (gsize)start + SG_CANON_MATCH);
		add_match(f, p, (gsize)start, MIN((gsize)end, most));
		from = (gsize)end;
	}
	return MAX(from, edge);
}

static void
on_expression(SgFinder *f, guint id, gsize to)
{
	const SgCanon *c = f->canon;
	gsize from = to > SG_CANON_MATCH ? to - SG_CANON_MATCH : 0;
	gsize edge = character(c, MIN(c->hi, to + SG_CANON_MATCH));

	if (to <= f->done[id] || !wanted(f, &f->patterns->pattern[id]))
		return;
	if (f->done[id] == 0)
		g_array_append_val(f->used, id);
	from = character(c, MAX(from, f->done[id]));
	f->done[id] = (guint32)settle_window(f, id, from, to, MAX(edge, to));
}

static int
on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *data)
{
	SgFinder *f = data;
	const SgPattern *p = &f->patterns->pattern[id];

	(void)from;
	(void)flags;
	if (to <= f->canon->lo || to > f->canon->hi)
		return 0;
	if (p->regex)
		on_expression(f, id, to);
	else
		on_phrase(f, p, to);
	return f->hits->len >= HITS_MAX;
}

static int
on_disguised(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
    void *data)
{
	SgFinder *f = data;
	const SgSkeletonWord *w = &f->skeletons->word[id];

	(void)from;
	(void)flags;
	for (guint i = 0; i < w->forms->len; i++) {
		const SgSkeletonForm *form = &g_array_index(w->forms, SgSkeletonForm, i);
		const SgPattern *p = &f->patterns->pattern[form->pattern];
		gsize start = 0, end = 0, at = 0, source_end = 0;

		if (!wanted(f, p) ||
		    !sg_disguise_is(f->disguise, w, form, p->prefix, to, &start, &end) ||
		    end <= f->canon->lo || end > f->canon->hi)
			continue;
		(void)sg_canon_source(f->canon, start, end, &at, &source_end);
		if (source_end > at)
			add(f, p, start, end, at, source_end, TRUE);
	}
	return f->hits->len >= HITS_MAX;
}

static hs_error_t
scan_chunk(SgFinder *f)
{
	const SgCanon *c = f->canon;
	hs_error_t e = HS_SUCCESS;
	const char *skeletal;
	gsize len = 0;

	if (f->database->words != NULL)
		e = hs_scan(f->database->words, c->text, (unsigned)c->len, 0, f->scratch,
		    on_match, f);
	if (f->database->disguise == NULL || e != HS_SUCCESS)
		return e;
	skeletal = sg_disguise_read(f->disguise, c->text, c->len, &len);
	if (skeletal != NULL)
		e = hs_scan(f->database->disguise, skeletal, (unsigned)len, 0, f->scratch,
		    on_disguised, f);
	return e;
}

/* done[] speaks of this chunk; the next one begins `dropped` later. */
static void
move_done(SgFinder *f, gsize dropped)
{
	for (guint i = 0; i < f->used->len; i++) {
		guint32 *done = &f->done[g_array_index(f->used, guint, i)];

		*done = *done > dropped ? *done - (guint32)dropped : 0;
	}
}

void
sg_finder_start(SgFinder *f, const char *text, gsize len, SgTally *tally, GArray *hits)
{
	f->tally = tally;
	f->hits = hits;
	for (guint i = 0; i < f->used->len; i++)
		f->done[g_array_index(f->used, guint, i)] = 0;
	g_array_set_size(f->used, 0);
	sg_canon_start(f->canon, text, len);
}

gboolean
sg_finder_next(SgFinder *f, guint64 *known, GError **error)
{
	hs_error_t e;

	if (!sg_canon_next(f->canon))
		return FALSE;
	for (guint i = 0; i < f->raw_used->len; i++)
		f->raw[g_array_index(f->raw_used, guint, i)] = 0;
	g_array_set_size(f->raw_used, 0);
	move_done(f, f->canon->dropped);
	sg_window_forget(&f->window);
	e = scan_chunk(f);
	if (e == HS_SCAN_TERMINATED)	/* by us: there was no room left */
		sg_tally_unsearched(f->tally);
	*known = f->canon->last ? G_MAXUINT64 : sg_canon_chars(f->canon, f->canon->hi);
	if (e == HS_SUCCESS || e == HS_SCAN_TERMINATED)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "the rule engine failed (Hyperscan %d)", e);
	return FALSE;
}
