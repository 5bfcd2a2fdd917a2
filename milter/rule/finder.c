#include <string.h>

#include "base/err.h"
#include "disguise/restore.h"
#include "rule/finder.h"
#include "rule/modelrun.h"
#include "word/boundary.h"
#include "word/window.h"

#define HITS_MAX 200000u	/* hits of one chunk; a word in two rules is two */
#define RULE_MAX 20000u		/* of one rule in one chunk: it must not use up the others' room */
#define AROUND	 12u		/* letters either side by which the same words are known again */
#define CONTEXT	 16u		/* bytes PCRE may look at beyond its window, for \b */
#define STEPS	 "(*LIMIT_MATCH=20000)"	/* of PCRE in one window; reaching it counts as a hit */

/* What is searched: a chunk of canonical text, or what has been restored of it. */
typedef struct {
	const char *text;
	gsize	    len, lo, hi;	/* matches that end in (lo, hi] are new */
	gboolean    restored;
	guint32	   *done;	/* by pattern: expressions are settled up to here */
	GArray	   *used;	/* guint: patterns with done > 0 */
} View;

struct SgFinder {
	const SgPatterns *patterns;
	const SgDatabase *database;
	const GPtrArray	 *rules;
	SgTokens	  tokens;	/* of what is being searched, once it has been read: */
	gboolean	  tokens_read;
	SgWindow	  window;	/* around the last hit of a rule that asks */
	SgListener	  listener;
	guint8		 *wants;	/* by rule: is it asked for in this text? */
	hs_scratch_t	 *scratch;
	SgCanon		 *canon;
	SgRestore	 *restore;
	SgEdits		 *edits;	/* of this chunk */
	SgModelRun	 *models;	/* NULL: no rule has one */
	GRegex		**regex;	/* by pattern, made when first needed */
	View		  plain, restored, *view;	/* view: which is being searched */
	guint32		 *raw;		/* by rule: hits in this chunk */
	GArray		 *raw_used;
	/* this text's */
	SgTally		 *tally;
	GArray		 *hits;
};

static void
view_init(View *v, guint patterns, gboolean restored)
{
	v->done = g_new0(guint32, MAX(patterns, 1));
	v->used = g_array_new(FALSE, FALSE, sizeof(guint));
	v->restored = restored;
}

static void
view_clear(View *v)
{
	g_free(v->done);
	g_array_unref(v->used);
}

static void
view_forget(View *v)
{
	for (guint i = 0; i < v->used->len; i++)
		v->done[g_array_index(v->used, guint, i)] = 0;
	g_array_set_size(v->used, 0);
}

SgFinder *
sg_finder_new(const SgPatterns *patterns, const SgVocab *vocab, const SgDatabase *database,
    const GPtrArray *rules, const SgSayings *sayings, const SgLexicon *lexicon, GError **error)
{
	g_autoptr(SgFinder) f = g_new0(SgFinder, 1);

	f->patterns = patterns;
	f->database = database;
	f->rules = rules;
	sg_tokens_init(&f->tokens, lexicon);
	sg_window_init(&f->window, &f->tokens);
	sg_listener_init(&f->listener, sayings);
	f->wants = g_new0(guint8, MAX(rules->len, 1));
	f->regex = g_new0(GRegex *, MAX(patterns->n, 1));
	f->raw = g_new0(guint32, MAX(rules->len, 1));
	f->restore = sg_restore_new(vocab);
	f->models = sg_model_run_new(rules);
	f->raw_used = g_array_new(FALSE, FALSE, sizeof(guint));
	view_init(&f->plain, patterns->n, FALSE);
	view_init(&f->restored, patterns->n, TRUE);
	if ((f->canon = sg_canon_new(error)) == NULL)
		return NULL;
	if (database->words != NULL &&
	    hs_alloc_scratch(database->words, &f->scratch) != HS_SUCCESS) {
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
	g_free(f->raw);
	g_array_unref(f->raw_used);
	view_clear(&f->plain);
	view_clear(&f->restored);
	sg_canon_free(f->canon);
	sg_restore_free(f->restore);
	sg_window_clear(&f->window);
	sg_listener_clear(&f->listener);
	sg_tokens_clear(&f->tokens);
	g_free(f->wants);
	sg_model_run_free(f->models);
	hs_free_scratch(f->scratch);
	g_free(f);
}

static gboolean
is_letter(char c)
{
	return (guchar)c >= 0x80 || g_ascii_isalnum(c);
}

static gboolean
wanted(const SgFinder *f, const SgPattern *p)
{
	for (guint i = 0; i < p->uses; i++)
		if (f->wants[f->patterns->use[p->use + i].rule])
			return TRUE;
	return FALSE;
}

static void
read_tokens(SgFinder *f)
{
	if (!f->tokens_read)
		sg_tokens_read(&f->tokens, f->view->text, f->view->len);
	f->tokens_read = TRUE;
}

static void
look_at(SgFinder *f, View *v)
{
	f->view = v;
	f->tokens_read = FALSE;
	sg_window_forget(&f->window);
}

static gboolean
any_near(SgFinder *f, const GPtrArray *phrases, gsize from, gsize to)
{
	read_tokens(f);
	sg_window_read(&f->window, from, to);
	for (guint i = 0; i < phrases->len; i++)
		if (sg_phrase_near(g_ptr_array_index(phrases, i), &f->window))
			return TRUE;
	return FALSE;
}

static View *
view_of_model(SgFinder *f, gboolean restored)
{
	View *v = restored ? &f->restored : &f->plain;

	if (f->view != v)
		look_at(f, v);
	return v;
}

static gboolean
lets_off_model(gpointer data, const SgRule *rule, gboolean restored, gsize from, gsize to)
{
	(void)view_of_model(data, restored);
	return any_near(data, rule->unless, from, to);
}

static gboolean
quotes_model(gpointer data, gboolean restored, gsize from, gsize to)
{
	const View *v = view_of_model(data, restored);

	return sg_window_quoted(v->text, v->len, from, to);
}

/* Where bytes [from, to) of the view are, and what they are; counts: it may be counted, not
 * only be looked for beside others.  FALSE: nowhere, or nothing in them was restored and the
 * plain text has them, too. */
static gboolean
place(SgFinder *f, SgHitAt *hit, gsize from, gsize to, gboolean counts)
{
	const SgCanon *c = f->canon;
	gsize at = 0, end = 0, c_from = from, c_to = to;

	if (f->view->restored && (!sg_edits_place(f->edits, from, to, &c_from, &c_to) ||
	    c_to <= c->lo || c_to > c->hi))
		return FALSE;
	(void)sg_canon_source(c, c_from, c_to, &at, &end);
	if (end <= at)
		return FALSE;
	hit->at = (guint32)at;
	hit->len = (guint32)(end - at);
	hit->from = sg_canon_chars(f->canon, c_from);
	hit->to = sg_canon_chars(f->canon, c_to);
	if (counts)
		hit->around = sg_edits_around(f->edits, c->text, c->len, c_from, c_to, AROUND);
	hit->words = SG_VOCAB_HASH;
	for (gsize i = from; i < to; i++)
		hit->words = sg_vocab_hash(hit->words, f->view->text[i]);
	return TRUE;
}

/* FALSE: rule has no room for another hit in this chunk. */
static gboolean
has_room(SgFinder *f, guint32 rule)
{
	if (f->raw[rule] == 0)
		g_array_append_val(f->raw_used, rule);
	return f->raw[rule]++ < RULE_MAX && f->hits->len < HITS_MAX;
}

/* A hit of bytes [from, to): what its rule asks of the words around it, and what those
 * make of it. */
static void
add_hit(SgFinder *f, SgHitAt *hit, gsize from, gsize to)
{
	const SgRule *rule = g_ptr_array_index(f->rules, hit->rule);

	if (rule->unless != NULL && hit->slot == 0 && any_near(f, rule->unless, from, to))
		return;
	hit->quoted = rule->quoted > 0 && sg_window_quoted(f->view->text, f->view->len, from, to);
	if (has_room(f, hit->rule))
		g_array_append_val(f->hits, *hit);
	else
		sg_tally_over(f->tally, hit->rule);
}

/* A hit that is kept once for all rules that have p; room is counted for the first of them. */
static void
add_shared(SgFinder *f, const SgPattern *p, SgHitAt *hit)
{
	const SgUse *use = &f->patterns->use[p->use];

	hit->shared = TRUE;
	hit->rule = (guint32)(p - f->patterns->pattern);
	if (has_room(f, use->rule))
		g_array_append_val(f->hits, *hit);
	else
		for (guint i = 0; i < p->uses; i++)
			if (f->wants[use[i].rule])
				sg_tally_over(f->tally, use[i].rule);
}

/* Bytes [from, to) of the view are a hit of p; end: of it in the text as sent, or 0. */
static void
add(SgFinder *f, const SgPattern *p, gsize from, gsize to, gsize end)
{
	SgHitAt hit = { .disguised = f->view->restored != 0 };

	if (!place(f, &hit, from, to, !p->shared))
		return;
	if (end > 0)
		hit.len = (guint32)(end - hit.at);
	if (p->shared) {
		add_shared(f, p, &hit);
		return;
	}
	for (guint i = 0; i < p->uses; i++) {
		const SgUse *use = &f->patterns->use[p->use + i];

		if (!f->wants[use->rule])
			continue;
		hit.rule = use->rule;
		hit.slot = use->slot;
		add_hit(f, &hit, from, to);
	}
}

/* A phrase of the rule is tokens [first, last). */
static void
on_said(gpointer data, guint rule, guint first, guint last)
{
	SgFinder *f = data;
	SgHitAt hit = { .rule = rule, .disguised = f->view->restored != 0 };
	gsize from = f->tokens.token[first].from, to = f->tokens.token[last - 1].to;

	if (to > f->view->lo && to <= f->view->hi && place(f, &hit, from, to, TRUE))
		add_hit(f, &hit, from, to);
}

/* Nothing but ASCII either side of byte at, and as it was sent. */
static gboolean
is_ascii_at(const SgCanon *c, gsize at)
{
	return !c->made && at > 0 && at < c->len && (guchar)c->text[at] < 0x80 &&
	    (guchar)c->text[at - 1] < 0x80;
}

static gboolean
bounded(const SgFinder *f, const SgPattern *p, gsize from, gsize to, gsize *at, gsize *end)
{
	const SgCanon *c = f->canon;

	/* the canonical text is as good as the one sent */
	if (c->ascii || (is_ascii_at(c, from) && is_ascii_at(c, to))) {
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

static gsize
letters_from(const View *v, gsize at)
{
	for (guint n = 0; n < 64 && at < v->len && is_letter(v->text[at]); n++)
		at++;
	return at;
}

static void
on_phrase(SgFinder *f, const SgPattern *p, gsize to)
{
	const View *v = f->view;
	const SgCanon *c = f->canon;
	gsize at = 0, end = 0, from = to - p->len;

	if (v->restored ? !sg_boundary_at(v->text, v->len, from) ||
	    (!p->prefix && !sg_boundary_at(v->text, v->len, to)) :
	    !bounded(f, p, from, to, &at, &end))
		return;
	if (!wanted(f, p))
		return;
	if (p->prefix) {
		to = letters_from(v, to);
		end = v->restored ? 0 : sg_boundary_word_end(c->source, c->source_len, end);
	}
	add(f, p, from, to, end);
}

/* The first character that starts at or after (before) at. */
static gsize
character(const View *v, gsize at)
{
	while (at > 0 && at < v->len && ((guchar)v->text[at] & 0xC0) == 0x80)
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
	const View *v = f->view;
	GRegex *re = regex_for(f, id);
	gssize limit = (gssize)character(v, MIN(v->len, MAX(edge, to + SG_CANON_MATCH) + CONTEXT));

	while (from < edge) {
		g_autoptr(GMatchInfo) info = NULL;
		g_autoptr(GError) error = NULL;
		int start = 0, end = 0;
		gsize most;

		if (!g_regex_match_full(re, v->text, limit, (int)from, 0, &info, &error)) {
			if (error != NULL)
				add(f, p, MAX(from, character(v, to - 1)), to, 0);
			return edge;
		}
		(void)g_match_info_fetch_pos(info, 0, &start, &end);
		if ((gsize)start >= to && (gsize)end > edge)
			return (gsize)start;	/* has a candidate of its own */
		if (end <= start)
			return edge;
		most = character(v, (gsize)start + SG_CANON_MATCH);
		add(f, p, (gsize)start, MIN((gsize)end, most), 0);
		from = (gsize)end;
	}
	return MAX(from, edge);
}

static void
on_expression(SgFinder *f, guint id, gsize to)
{
	View *v = f->view;
	gsize from = to > SG_CANON_MATCH ? to - SG_CANON_MATCH : 0;
	gsize edge = character(v, MIN(v->hi, to + SG_CANON_MATCH));

	if (to <= v->done[id] || !wanted(f, &f->patterns->pattern[id]))
		return;
	if (v->done[id] == 0)
		g_array_append_val(v->used, id);
	from = character(v, MAX(from, v->done[id]));
	v->done[id] = (guint32)settle_window(f, id, from, to, MAX(edge, to));
}

static int
on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *data)
{
	SgFinder *f = data;
	const SgPattern *p = &f->patterns->pattern[id];

	(void)from;
	(void)flags;
	if (to <= f->view->lo || to > f->view->hi)
		return 0;
	if (p->regex)
		on_expression(f, id, to);
	else
		on_phrase(f, p, to);
	return f->hits->len >= HITS_MAX;
}

static hs_error_t
scan(SgFinder *f, View *v)
{
	look_at(f, v);
	if (sg_sayings_any(f->listener.sayings)) {
		read_tokens(f);
		sg_listen(&f->listener, &f->tokens, v->lo, f->wants, on_said, f);
	}
	return f->database->words == NULL ? HS_SUCCESS :
	    hs_scan(f->database->words, v->text, (unsigned)v->len, 0, f->scratch, on_match, f);
}

static hs_error_t
scan_chunk(SgFinder *f)
{
	const SgCanon *c = f->canon;
	hs_error_t e;

	for (guint i = 0; i < f->rules->len; i++)
		f->wants[i] = sg_tally_wants(f->tally, i) != 0;
	f->edits = sg_restore_read(f->restore, c);
	f->plain.text = c->text;
	f->plain.len = c->len;
	f->plain.lo = c->lo;
	f->plain.hi = c->hi;
	if ((e = scan(f, &f->plain)) != HS_SUCCESS)
		return e;
	sg_edits_restore(f->edits, c->text, c->len);
	view_forget(&f->restored);
	f->restored.text = f->edits->text->str;
	f->restored.len = f->restored.hi = f->edits->text->len;
	return f->restored.len > 0 ? scan(f, &f->restored) : HS_SUCCESS;
}

/* done[] speaks of this chunk; the next one begins `dropped` later. */
static void
move_done(SgFinder *f, gsize dropped)
{
	for (guint i = 0; i < f->plain.used->len; i++) {
		guint32 *done = &f->plain.done[g_array_index(f->plain.used, guint, i)];

		*done = *done > dropped ? *done - (guint32)dropped : 0;
	}
}

void
sg_finder_start(SgFinder *f, const char *text, gsize len, SgTally *tally, GArray *hits)
{
	f->tally = tally;
	f->hits = hits;
	view_forget(&f->plain);
	sg_canon_start(f->canon, text, len);
	if (f->models != NULL)
		sg_model_run_start(f->models, &(SgModelAround){ lets_off_model, quotes_model, f }, tally, hits);
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
	e = scan_chunk(f);
	if (e == HS_SCAN_TERMINATED)	/* by us: there was no room left */
		sg_tally_unsearched(f->tally);
	*known = f->canon->last ? G_MAXUINT64 : sg_canon_chars(f->canon, f->canon->hi);
	if (f->models != NULL) {
		sg_model_run_chunk(f->models, f->canon, f->edits);
		*known = sg_model_run_known(f->models, *known);
	}
	if (e == HS_SUCCESS || e == HS_SCAN_TERMINATED)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "the rule engine failed (Hyperscan %d)", e);
	return FALSE;
}

double
sg_finder_nearness(SgFinder *f)
{
	return f->models != NULL ? sg_model_run_nearness(f->models) : 0.0;
}
