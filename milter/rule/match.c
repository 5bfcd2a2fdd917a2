/* match - one message: texts to hits, hits to findings. */
#include <string.h>

#include "base/err.h"
#include "rule/finder.h"
#include "rule/m_roster.h"
#include "rule/marks.h"
#include "rule/set.h"

struct SgMatch {
	SgRuleset *set;
	SgTally	  *tally;
	SgFinder  *finder;
	GArray	  *hits;	/* SgHitAt: of this chunk, and what may matter of the one before */
	GArray	  *group;	/* SgHitAt: those that may count, while they are settled */
	guint8	  *counts;	/* by rule: its hits may count */
	GArray	  *present;	/* guint32: rules of which that is so */
	guint	   most;	/* hits there have been at once in this message */
	GArray	  *files;	/* guint: rules about parts */
	GArray	  *looks;	/* guint: rules about what a text holds besides words */
	GArray	  *excepts;	/* SgHitAt: of those rules, in this text */
	SgWatch	   watch;	/* NULL but while a text is explained */
	gpointer   watcher;
	GArray	  *rosters;	/* guint: rules about pupils */
	SgPupils  *pupils;	/* or NULL: no roster */
	GArray	  *beside;	/* SgHitAt: words of these rules in this text */
	guint64	   settled;	/* characters of this text whose hits have counted */
};

#define BESIDE_MOST 200000u	/* words beside pupils in one text; there are no more names */
#define HITS_KEPT 4096u		/* room that is not given back between messages */
#define GROUP_MAX 400000u	/* hits that are settled at once: twice what a chunk can have */
#define EXCEPTS_MAX 100000u	/* of one text, for rules that look at more than words */
/* Characters from a hit within which another can matter to it: two gaps and two
 * phrases of a "near", or a phrase of an "except". */
#define REACH	  (2 * SG_WITHIN_MAX + 2 * SG_CANON_MATCH)

SgMatch *
sg_match_new(SgRuleset *r, guint max_matches, GError **error)
{
	g_autoptr(SgMatch) m = g_new0(SgMatch, 1);

	m->set = sg_ruleset_ref(r);
	m->tally = sg_tally_new(r->rules, max_matches);
	m->hits = g_array_new(FALSE, FALSE, sizeof(SgHitAt));
	m->group = g_array_new(FALSE, FALSE, sizeof(SgHitAt));
	m->counts = g_new0(guint8, MAX(r->rules->len, 1));
	m->present = g_array_new(FALSE, FALSE, sizeof(guint32));
	m->files = g_array_new(FALSE, FALSE, sizeof(guint));
	m->looks = g_array_new(FALSE, FALSE, sizeof(guint));
	m->rosters = g_array_new(FALSE, FALSE, sizeof(guint));
	m->beside = g_array_new(FALSE, FALSE, sizeof(SgHitAt));
	m->excepts = g_array_new(FALSE, FALSE, sizeof(SgHitAt));
	for (guint i = 0; i < r->rules->len; i++) {
		const SgMatcher *matcher = ((const SgRule *)g_ptr_array_index(r->rules, i))->matcher;

		if (matcher->part != NULL)
			g_array_append_val(m->files, i);
		if (matcher->look != NULL)
			g_array_append_val(m->looks, i);
		if (matcher->pupils)
			g_array_append_val(m->rosters, i);
	}
	m->finder = sg_finder_new(r->patterns, r->vocab, r->database, r->rules, r->sayings,
	    r->lexicon, error);
	return m->finder != NULL ? g_steal_pointer(&m) : NULL;
}

void
sg_match_free(SgMatch *m)
{
	if (m == NULL)
		return;
	sg_finder_free(m->finder);
	sg_tally_free(m->tally);
	g_array_unref(m->hits);
	g_array_unref(m->group);
	g_free(m->counts);
	g_array_unref(m->present);
	g_array_unref(m->files);
	g_array_unref(m->looks);
	g_array_unref(m->rosters);
	g_array_unref(m->beside);
	sg_pupils_free(m->pupils);
	g_array_unref(m->excepts);
	sg_ruleset_unref(m->set);
	g_free(m);
}

void
sg_match_watch(SgMatch *m, SgWatch watch, gpointer data)
{
	m->watch = watch;
	m->watcher = data;
}

void
sg_match_roster(SgMatch *m, SgRoster *roster)
{
	g_clear_pointer(&m->pupils, sg_pupils_free);
	if (roster != NULL && m->rosters->len > 0)
		m->pupils = sg_pupils_new(roster);
}

void
sg_match_begin(SgMatch *m, const char *facts)
{
	sg_tally_begin(m->tally, facts);
}

static int
by_rule_and_place(gconstpointer x, gconstpointer y)
{
	const SgHitAt *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->slot != b->slot)
		return a->slot - b->slot;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->len > b->len ? -1 : a->len < b->len;
}

/* Of hits of one slot that overlap one stays: a plain one before a disguised
 * one, then the first, then the longest.  Returns how many stay. */
static guint
drop_overlaps(SgHitAt *hits, guint n)
{
	guint kept = 0;

	for (guint i = 0; i < n; i++) {
		SgHitAt *last = kept > 0 ? &hits[kept - 1] : NULL;

		if (last == NULL || last->slot != hits[i].slot ||
		    hits[i].at >= last->at + last->len)
			hits[kept++] = hits[i];
		else if (last->disguised && !hits[i].disguised)
			*last = hits[i];
	}
	return kept;
}

/* Hits that lie inside one of the rule's "except" phrases do not count.  Both
 * are in order of place, so the farthest end so far decides. */
static guint
drop_excepted(SgHitAt *hits, guint n, const SgHitAt *except, guint n_except)
{
	guint kept = 0, begin = 0;

	while (begin < n) {
		guint slot = hits[begin].slot, e = 0, i;
		guint64 reach = 0;

		for (i = begin; i < n && hits[i].slot == slot; i++) {
			guint64 end = (guint64)hits[i].at + hits[i].len;

			for (; e < n_except && except[e].at <= hits[i].at; e++)
				reach = MAX(reach, (guint64)except[e].at + except[e].len);
			if (end > reach)
				hits[kept++] = hits[i];
		}
		begin = i;
	}
	return kept;
}

/* Words that matter beside a pupil wait for the end of the text; each comes in two chunks. */
static void
put_beside(SgMatch *m, const SgHitAt *hits, guint n)
{
	for (guint i = 0; i < n && m->beside->len < BESIDE_MOST; i++)
		if (hits[i].from >= m->settled)
			g_array_append_val(m->beside, hits[i]);
	if (m->beside->len >= BESIDE_MOST)
		sg_tally_unsearched(m->tally);
}

static void
settle_rule(SgMatch *m, SgHitAt *hits, guint n)
{
	const SgRule *rule = g_ptr_array_index(m->set->rules, hits[0].rule);
	guint own = 0;

	if (m->watch != NULL)
		m->watch(m->watcher, hits[0].rule, hits, n);
	while (own < n && hits[own].slot != SG_SLOT_EXCEPT)
		own++;
	if (rule->matcher->look != NULL) {	/* they have no other words */
		if (m->excepts->len < EXCEPTS_MAX)
			g_array_append_vals(m->excepts, hits, n);
		return;
	}
	if (own < n)
		own = drop_excepted(hits, own, hits + own, n - own);
	own = drop_overlaps(hits, own);
	if (rule->matcher->pupils)
		put_beside(m, hits, own);
	else if (rule->matcher->settle != NULL)
		rule->matcher->settle(rule, hits, own, m->tally);
	else
		for (guint i = 0; i < own; i++)
			sg_tally_hit(m->tally, &hits[i]);
}

static void
note_rule(SgMatch *m, guint32 rule)
{
	if (m->counts[rule] != 0)
		return;
	m->counts[rule] = 1;
	g_array_append_val(m->present, rule);
}

/* Without a hit in slot 0 those of a rule amount to nothing, unless it looks at more. */
static gboolean
counts_alone(const SgMatch *m, guint32 rule, guint slot)
{
	return slot == 0 || m->watch != NULL ||
	    ((const SgRule *)g_ptr_array_index(m->set->rules, rule))->matcher->look != NULL;
}

static void
note_shared(SgMatch *m, const SgPattern *p)
{
	for (guint i = 0; (p->looked || m->watch != NULL) && i < p->uses; i++) {
		const SgUse *use = &m->set->patterns->use[p->use + i];

		if (counts_alone(m, use->rule, use->slot) && sg_tally_wants(m->tally, use->rule))
			note_rule(m, use->rule);
	}
}

static void
note_rules(SgMatch *m)
{
	for (guint i = 0; i < m->hits->len; i++) {
		const SgHitAt *hit = &g_array_index(m->hits, SgHitAt, i);

		if (hit->shared)
			note_shared(m, &m->set->patterns->pattern[hit->rule]);
		else if (counts_alone(m, hit->rule, hit->slot))
			note_rule(m, hit->rule);
	}
}

/* The hit as one of each rule that has it and may count. */
static void
share_out(SgMatch *m, const SgHitAt *hit)
{
	const SgPattern *p = &m->set->patterns->pattern[hit->rule];
	SgHitAt one = *hit;

	one.shared = FALSE;
	for (guint i = 0; i < p->uses; i++) {
		const SgUse *use = &m->set->patterns->use[p->use + i];

		one.rule = use->rule;
		one.slot = use->slot;
		if (m->counts[one.rule] == 0)
			continue;
		if (m->group->len < GROUP_MAX)
			g_array_append_val(m->group, one);
		else
			sg_tally_unsearched(m->tally);
	}
}

static void
settle_all(SgMatch *m)
{
	guint end;

	note_rules(m);
	g_array_set_size(m->group, 0);
	for (guint i = 0; i < m->hits->len; i++) {
		const SgHitAt *hit = &g_array_index(m->hits, SgHitAt, i);

		if (hit->shared)
			share_out(m, hit);
		else if (m->counts[hit->rule] != 0)
			g_array_append_val(m->group, *hit);
	}
	g_array_sort(m->group, by_rule_and_place);
	for (guint i = 0; i < m->group->len; i = end) {
		SgHitAt *first = &g_array_index(m->group, SgHitAt, i);

		for (end = i + 1; end < m->group->len; end++)
			if (g_array_index(m->group, SgHitAt, end).rule != first->rule)
				break;
		settle_rule(m, first, end - i);
	}
	for (guint i = 0; i < m->present->len; i++)
		m->counts[g_array_index(m->present, guint32, i)] = 0;
	g_array_set_size(m->present, 0);
}

static int
by_rule_then_place(gconstpointer x, gconstpointer y)
{
	const SgHitAt *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static SgTextForm
form_of(const SgText *text)
{
	if (strcmp(text->where, "name") == 0)
		return SG_TEXT_NAME;
	return text->columns > 0 ? SG_TEXT_TABLE : SG_TEXT_PROSE;
}

/* The whole text has been searched for words: whom does it name? */
static void
settle_pupils(SgMatch *m, const SgText *text, gsize len)
{
	SgRosterSeen seen = { .head = strcspn(text->text, "\n") };
	const SgHitAt *words = (const SgHitAt *)(gpointer)m->beside->data;
	guint at = 0;

	for (guint i = 0; i < m->rosters->len; i++) {
		guint index = g_array_index(m->rosters, guint, i);

		if (!sg_tally_wants(m->tally, index))
			continue;
		if (seen.pupils == NULL) {
			seen.pupils = sg_pupils_find(m->pupils, text->text, len, form_of(text), &seen.over);
			g_array_sort(m->beside, by_rule_then_place);
		}
		while (at < m->beside->len && words[at].rule < index)
			at++;
		seen.words = words + at;
		for (seen.n_words = 0; at < m->beside->len && words[at].rule == index; at++)
			seen.n_words++;
		sg_roster_settle(g_ptr_array_index(m->set->rules, index), index, &seen, m->tally);
	}
}

/* Only what begins so near to the next chunk that it may still matter stays. */
static void
keep_from(GArray *hits, guint64 from)
{
	guint kept = 0;

	for (guint i = 0; i < hits->len; i++)
		if (g_array_index(hits, SgHitAt, i).from >= from)
			g_array_index(hits, SgHitAt, kept++) = g_array_index(hits, SgHitAt, i);
	g_array_set_size(hits, kept);
}

/* The exceptions of one rule, for the marks. */
static void
set_excepts(const SgMatch *m, guint rule, SgMarks *marks)
{
	const SgHitAt *all = (const SgHitAt *)(gconstpointer)m->excepts->data;
	guint from = 0, to;

	while (from < m->excepts->len && all[from].rule < rule)
		from++;
	for (to = from; to < m->excepts->len && all[to].rule == rule;)
		to++;
	marks->except = all + from;
	marks->n_except = to - from;
}

/* Rules about values and tables, over the whole text at once. */
static void
look(SgMatch *m, const SgText *text, gsize len)
{
	g_autoptr(SgMarks) marks = NULL;

	sg_tally_window(m->tally, 0, G_MAXUINT64);
	g_array_sort(m->excepts, by_rule_and_place);
	for (guint i = 0; i < m->looks->len; i++) {
		guint index = g_array_index(m->looks, guint, i);
		const SgRule *rule = g_ptr_array_index(m->set->rules, index);

		if (!sg_tally_wants(m->tally, index))
			continue;
		if (marks == NULL)
			marks = sg_marks_new(text, len);
		set_excepts(m, index, marks);
		rule->matcher->look(rule, index, marks, m->tally);
	}
	if (marks != NULL && marks->full)
		sg_tally_unsearched(m->tally);
	if (marks != NULL && marks->wide)
		sg_tally_wide(m->tally);
}

gboolean
sg_match_text(SgMatch *m, const SgText *text, GError **error)
{
	gsize len = strlen(text->text);
	guint64 settled = 0, known = 0;
	GError *inner = NULL;

	if (len > G_MAXUINT32) {
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "a text of %" G_GSIZE_FORMAT " bytes",
		    len);
		return FALSE;
	}
	sg_tally_text(m->tally, text, len);
	g_array_set_size(m->hits, 0);
	g_array_set_size(m->beside, 0);
	g_array_set_size(m->excepts, 0);
	sg_finder_start(m->finder, text->text, len, m->tally, m->hits);
	while (sg_finder_next(m->finder, &known, &inner)) {
		guint64 next = known;

		if (known != G_MAXUINT64)
			next = MAX(settled, known > REACH ? known - REACH : 0);
		m->most = MAX(m->most, m->hits->len);
		sg_tally_window(m->tally, settled, next);
		m->settled = settled;
		settle_all(m);
		keep_from(m->hits, next > REACH ? next - REACH : 0);
		settled = next;
	}
	if (inner == NULL && m->pupils != NULL) {
		sg_tally_window(m->tally, 0, G_MAXUINT64);
		settle_pupils(m, text, len);
	}
	if (inner == NULL)
		look(m, text, len);
	sg_tally_text_end(m->tally);
	if (inner != NULL) {
		g_propagate_error(error, inner);
		return FALSE;
	}
	return TRUE;
}

void
sg_match_part(SgMatch *m, const SgPartInfo *part)
{
	sg_tally_kinds(m->tally, part);
	for (guint i = 0; i < m->files->len; i++) {
		guint index = g_array_index(m->files, guint, i);
		const SgRule *rule = g_ptr_array_index(m->set->rules, index);

		if (rule->matcher->part(rule, part))
			sg_tally_part(m->tally, index, part);
	}
}

void
sg_match_end(SgMatch *m, GPtrArray *findings)
{
	sg_tally_end(m->tally, findings);
	if (m->most > HITS_KEPT) {
		g_array_unref(m->hits);
		g_array_unref(m->group);
		m->hits = g_array_new(FALSE, FALSE, sizeof(SgHitAt));
		m->group = g_array_new(FALSE, FALSE, sizeof(SgHitAt));
	}
	m->most = 0;
}

double
sg_match_nearness(SgMatch *m)
{
	return sg_finder_nearness(m->finder);
}

char *
sg_match_hidden(const SgMatch *m)
{
	return sg_tally_hidden(m->tally);
}

const SgHitSpan *
sg_match_spans(const SgMatch *m, guint *n)
{
	return sg_tally_spans(m->tally, n);
}
