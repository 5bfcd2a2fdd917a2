/* m_number - values of one kind, or of several, that tell of a person. */
#include "rule/marks.h"
#include "rule/rule.h"
#include "rule/tally.h"

typedef struct {
	guint32 kinds;		/* bits by SgKind	*/
	guint	sure;		/* bits by SgConfidence */
} Wanted;

static void
each_kind(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text, gpointer data)
{
	Wanted *w = data;
	SgKind kind = sg_kind_named(text);
	g_autofree char *names = sg_kind_names();

	(void)rule;
	if (kind == SG_KINDS)
		sg_rule_problem(r, at, "there are no numbers of the kind \"%s\"; the kinds are %s", text,
		    names);
	else
		w->kinds |= 1u << kind;
}

static void
each_sure(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text, gpointer data)
{
	Wanted *w = data;
	guint c = sg_confidence_parse(text);

	(void)rule;
	if (c == 0)
		sg_rule_problem(r, at, "sure is none of low, medium, high; choose from them");
	w->sure |= 1u << c;
}

static void
read_group(SgRuleReader *r, SgRule *rule, const config_setting_t *s, Wanted *w)
{
	static const char *const known[] = { "kinds", "sure", "atleast", NULL };
	const config_setting_t *kinds, *sure, *atleast;

	sg_rule_check_fields(r, s, known);
	kinds = config_setting_get_member(s, "kinds");
	sure = config_setting_get_member(s, "sure");
	atleast = config_setting_get_member(s, "atleast");
	if (kinds == NULL)
		sg_rule_problem(r, s, "kinds is missing in number; write kinds = [ \"uk.upn\" ]");
	else
		sg_rule_each_string(r, rule, kinds, each_kind, w);
	if (sure != NULL) {
		w->sure = 0;
		sg_rule_each_string(r, rule, sure, each_sure, w);
	}
	if (atleast != NULL)
		(void)sg_rule_read_int(r, atleast, 1, SG_COUNT_MAX, &rule->atleast);
}

/* A rule finds values of exactly its own confidence, unless it says "sure": so there can be
 * one for each, of its own severity, and a value is found by one of them. */
static void
read_number(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	Wanted *w = g_new0(Wanted, 1);

	rule->data = w;
	w->sure = 1u << rule->confidence;
	if (config_setting_is_group(s))
		read_group(r, rule, s, w);
	else if (config_setting_type(s) == CONFIG_TYPE_STRING)
		each_kind(r, rule, s, config_setting_get_string(s), w);
	else
		sg_rule_problem(r, s, "number is neither a kind nor a group; write number = \"uk.nhs\" or "
		    "number = { kinds = [ \"uk.nhs\" ]; }");
}

static void
look(const SgRule *rule, guint index, const SgMarks *marks, SgTally *tally)
{
	const Wanted *w = rule->data;

	for (guint i = 0; i < marks->values->len; i++) {
		const SgValue *v = &g_array_index(marks->values, SgValue, i);
		SgHitAt hit;

		if ((w->kinds & 1u << v->kind) == 0 || (w->sure & 1u << v->confidence) == 0 ||
		    sg_marks_excepted(marks, v->at, v->len))
			continue;
		hit = (SgHitAt){ .rule = index, .at = (guint32)v->at, .len = v->len, .from = v->at,
			.to = v->at + v->len, .words = v->words,
			.around = sg_marks_around(marks, v->at, v->at + v->len) };
		sg_tally_hit(tally, &hit);
	}
}

const SgMatcher sg_m_number = { .name = "number", .read = read_number, .look = look, .free = g_free };
