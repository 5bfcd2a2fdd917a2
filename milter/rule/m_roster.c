/* m_roster - so many pupils of the school's roster in one message, named by these fields. */
#include <string.h>

#include "rule/m_roster.h"
#include "rule/tally.h"

typedef struct {
	guint by;	/* SgPupilBy bits */
	guint within;	/* 0: no words are asked for */
} Wanted;

static const struct {
	const char *name;
	guint	    by;
} fields[] = {
	{ "name", SG_PUPIL_NAME }, { "dob", SG_PUPIL_DOB }, { "upn", SG_PUPIL_UPN },
	{ "address", SG_PUPIL_ADDRESS }, { "email", SG_PUPIL_EMAIL }, { "phone", SG_PUPIL_PHONE },
};

static void
each_field(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text, gpointer data)
{
	Wanted *w = data;

	(void)rule;
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		if (strcmp(fields[i].name, text) == 0) {
			w->by |= fields[i].by;
			return;
		}
	sg_rule_problem(r, at, "\"%s\" is no field of a pupil; choose from name, dob, upn, address, email, phone",
	    text);
}

static void
read_near_words(SgRuleReader *r, SgRule *rule, const config_setting_t *s, Wanted *w)
{
	const config_setting_t *near = config_setting_get_member(s, "near");
	const config_setting_t *within = config_setting_get_member(s, "within");

	if ((near == NULL) != (within == NULL))
		sg_rule_problem(r, s, "near and within belong together in roster; write near = [ \"medical\" ]; "
		    "within = 100;");
	else if (near != NULL && sg_rule_read_int(r, within, 1, SG_WITHIN_MAX, &w->within))
		sg_rule_read_words(r, rule, near, 0);
}

static void
read_roster(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	static const char *const known[] = { "atleast", "field", "near", "within", NULL };
	const config_setting_t *atleast = config_setting_get_member(s, "atleast");
	const config_setting_t *field = config_setting_get_member(s, "field");
	Wanted *w = rule->data = g_new0(Wanted, 1);

	rule->atleast = 1;
	if (!config_setting_is_group(s)) {
		sg_rule_problem(r, s, "roster is not a group; write roster = { atleast = 5; field = [ \"name\" ]; }");
		return;
	}
	sg_rule_check_fields(r, s, known);
	if (field == NULL)
		sg_rule_problem(r, s, "field is missing in roster; write field = [ \"name\" ], for instance");
	else
		sg_rule_each_string(r, rule, field, each_field, w);
	if (atleast != NULL)
		(void)sg_rule_read_int(r, atleast, 1, SG_COUNT_MAX, &rule->atleast);
	read_near_words(r, rule, s, w);
}

/* Does a word begin in [from, to)?  They are in order of place. */
static gboolean
any_in(const SgHitAt *words, guint n, gint64 from, gint64 to)
{
	guint low = 0, high = n;

	while (low < high) {
		guint mid = low + (high - low) / 2;

		if ((gint64)words[mid].at < from)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && words[low].at < to;
}

/* In a table: in the same row, or at the head of a column. */
static gboolean
has_word(const SgPupilAt *p, guint within, const SgHitAt *words, guint n, gsize head)
{
	if (p->to > 0)
		return any_in(words, n, p->from, p->to) || any_in(words, n, 0, (gint64)head);
	return any_in(words, n, (gint64)p->at - within, (gint64)p->at + p->len + within);
}

void
sg_roster_settle(const SgRule *rule, guint index, const SgRosterSeen *seen, SgTally *tally)
{
	const Wanted *w = rule->data;

	for (guint i = 0; i < seen->pupils->len; i++) {
		const SgPupilAt *p = &g_array_index(seen->pupils, SgPupilAt, i);
		SgHitAt hit = { .rule = index, .at = p->at, .len = p->len, .words = p->pupil };

		if ((p->by & w->by) != 0 && (w->within == 0 ||
		    has_word(p, w->within, seen->words, seen->n_words, seen->head)))
			sg_tally_hit(tally, &hit);
	}
	if (seen->over)
		sg_tally_over(tally, index);
}

const SgMatcher sg_m_roster = { .name = "roster", .read = read_roster, .free = g_free, .pupils = TRUE };
