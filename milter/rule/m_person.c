/* m_person - words that are private when they are about somebody who is named. */
#include <string.h>

#include "rule/rule.h"
#include "rule/tally.h"
#include "value/person.h"

enum { SLOT_WORDS, SLOT_NAMES, SLOT_NOT };

static void
read_person(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	static const char *const known[] = { "words", "names", "not", "within", NULL };
	const config_setting_t *within;
	guint n = 0;

	if (!config_setting_is_group(s)) {
		sg_rule_problem(r, s, "person is not a group; write person = { words = [ ... ]; within = "
		    "100; }");
		return;
	}
	sg_rule_check_fields(r, s, known);
	for (guint slot = SLOT_WORDS; slot <= SLOT_NOT; slot++) {
		const config_setting_t *words = config_setting_get_member(s, known[slot]);

		if (words != NULL)
			sg_rule_read_words(r, rule, words, slot);
		else if (slot == SLOT_WORDS)
			sg_rule_problem(r, s, "words is missing in person; write what must not be said of "
			    "somebody");
	}
	within = config_setting_get_member(s, "within");
	if (within == NULL)
		sg_rule_problem(r, s, "within is missing in person; say how far away the name may stand");
	else if (sg_rule_read_int(r, within, 1, SG_WITHIN_MAX, &n))
		rule->data = GUINT_TO_POINTER(n);
}

/* The first of n hits, ordered by place, that does not begin before at. */
static guint
first_from(const SgHitAt *hits, guint n, gsize at)
{
	guint low = 0;

	while (low < n) {
		guint mid = low + (n - low) / 2;

		if (hits[mid].at < at)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

static gboolean
named(const SgHitAt *names, guint n, const SgText *text, gsize len, gsize from, gsize to)
{
	for (guint i = first_from(names, n, from); i < n && names[i].at + names[i].len <= to; i++)
		if (sg_person_is(text->text, len, names[i].at, names[i].len))
			return TRUE;
	return sg_person_in(text->text, from, to);
}

/* In a row of a table: what is told there is told of a list (m_list.c). */
static gboolean
in_row(const char *text, gsize len, gsize at)
{
	gsize low = at > 200 ? at - 200 : 0, high = MIN(len, at + 200), from = at;
	guint seps = 0;

	while (from > low && text[from - 1] != '\n')
		from--;
	for (gsize i = from; i < high && text[i] != '\n'; i++)
		seps += text[i] == '\t' || text[i] == '|' ||
		    ((text[i] == ',' || text[i] == ';') && i + 1 < len && g_ascii_isalnum(text[i + 1]));
	return seps >= 2;
}

static void
settle(const SgRule *rule, const SgHitAt *hits, guint n, SgTally *tally)
{
	guint within = GPOINTER_TO_UINT(rule->data), end[SLOT_NOT + 1];
	const SgText *text;
	gsize len;

	for (guint slot = SLOT_WORDS, i = 0; slot <= SLOT_NOT; slot++) {
		while (i < n && hits[i].slot == slot)
			i++;
		end[slot] = i;
	}
	text = sg_tally_source(tally, &len);
	for (guint i = 0; i < end[SLOT_WORDS]; i++) {
		gsize from = hits[i].at, to = from + hits[i].len, low = from, high = to;
		const SgHitAt *nots = hits + end[SLOT_NAMES];
		guint n_nots = end[SLOT_NOT] - end[SLOT_NAMES], k;

		if (hits[i].disguised || in_row(text->text, len, from))
			continue;
		sg_person_around(text->text, len, within / 2, &low, &high);
		k = first_from(nots, n_nots, low);
		if (k < n_nots && nots[k].at < high)
			continue;
		sg_person_around(text->text, len, within, &from, &to);
		if (named(hits + end[SLOT_WORDS], end[SLOT_NAMES] - end[SLOT_WORDS], text, len, from, to))
			sg_tally_hit(tally, &hits[i]);
	}
}

const SgMatcher sg_m_person = { .name = "person", .read = read_person, .settle = settle };
