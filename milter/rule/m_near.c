/* m_near - a word of one list not far from a word of another, in any order. */
#include "rule/rule.h"
#include "rule/tally.h"

enum { SLOT_A, SLOT_B, SLOT_NOT };

static void
read_near(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	static const char *const known[] = { "a", "b", "not", "within", NULL };
	const config_setting_t *within;
	guint n = 0;

	if (!config_setting_is_group(s)) {
		sg_rule_problem(r, s, "near is not a group; write near = { a = [ ... ]; b = [ ... "
		    "]; within = 40; }");
		return;
	}
	sg_rule_check_fields(r, s, known);
	for (guint slot = SLOT_A; slot <= SLOT_NOT; slot++) {
		const config_setting_t *words = config_setting_get_member(s, known[slot]);

		if (words != NULL)
			sg_rule_read_words(r, rule, words, slot);
		else if (slot != SLOT_NOT)
			sg_rule_problem(r, s, "%s is missing in near; write a list of words",
			    known[slot]);
	}
	within = config_setting_get_member(s, "within");
	if (within == NULL)
		sg_rule_problem(r, s, "within is missing in near; say how many characters may "
		    "stand between");
	else if (sg_rule_read_int(r, within, 1, SG_WITHIN_MAX, &n))
		rule->data = GUINT_TO_POINTER(n);
}

/* Characters between two hits; -1 when they overlap. */
static gint64
gap(const SgHitAt *x, const SgHitAt *y)
{
	if (x->from > y->from)
		return gap(y, x);
	return x->to <= y->from ? (gint64)(y->from - x->to) : -1;
}

/* How many of the first n hits begin before `from`; hits are ordered. */
static guint
before(const SgHitAt *hits, guint n, guint64 from)
{
	guint low = 0;

	while (low < n) {
		guint mid = low + (n - low) / 2;

		if (hits[mid].from < from)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

/* The nearest hit to `to` that does not overlap it and is not farther than within. */
static const SgHitAt *
nearest(const SgHitAt *hits, guint n, const SgHitAt *to, gint64 within)
{
	const SgHitAt *best = NULL;
	guint i = before(hits, n, to->from);

	/* an overlapping one on either side may hide the neighbour behind it */
	for (guint k = i > 2 ? i - 2 : 0; k < n && k < i + 2; k++) {
		gint64 d = gap(&hits[k], to);

		if (d >= 0 && d <= within && (best == NULL || d < gap(best, to)))
			best = &hits[k];
	}
	return best;
}

static gboolean
undone(const SgHitAt *hits, guint n, guint64 from, guint64 to, guint64 within)
{
	guint64 low = from > within ? from - within : 0;
	guint i = before(hits, n, low);

	if (i > 0 && hits[i - 1].to > low)
		return TRUE;
	return i < n && hits[i].from < to + within;
}

static void
settle(const SgRule *rule, const SgHitAt *hits, guint n, SgTally *tally)
{
	guint within = GPOINTER_TO_UINT(rule->data), end[SLOT_NOT + 1];
	const SgHitAt *b_hits, *not_hits;

	for (guint slot = SLOT_A, i = 0; slot <= SLOT_NOT; slot++) {
		while (i < n && hits[i].slot == slot)
			i++;
		end[slot] = i;
	}
	b_hits = hits + end[SLOT_A];
	not_hits = hits + end[SLOT_B];
	for (guint i = 0; i < end[SLOT_A]; i++) {
		const SgHitAt *a = &hits[i];
		const SgHitAt *b = nearest(b_hits, end[SLOT_B] - end[SLOT_A], a, within);
		SgHitAt both = *a;

		if (b == NULL || undone(not_hits, end[SLOT_NOT] - end[SLOT_B],
		    MIN(a->from, b->from), MAX(a->to, b->to), within))
			continue;
		both.at = MIN(a->at, b->at);
		both.len = MAX(a->at + a->len, b->at + b->len) - both.at;
		both.words = a->words * 31 + b->words;
		both.disguised = a->disguised || b->disguised;
		sg_tally_hit(tally, &both);
	}
}

const SgMatcher sg_m_near = { .name = "near", .read = read_near, .settle = settle };
