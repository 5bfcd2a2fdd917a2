/* m_count - so many different hits in one message, of a list or of another rule. */
#include "rule/rule.h"

static void
read_count(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	static const char *const known[] = { "words", "rule", "atleast", NULL };
	const config_setting_t *words, *of, *atleast;

	if (!config_setting_is_group(s)) {
		sg_rule_problem(r, s, "count is not a group; write count = { words = [ ... ]; "
		    "atleast = 5; }");
		return;
	}
	sg_rule_check_fields(r, s, known);
	words = config_setting_get_member(s, "words");
	of = config_setting_get_member(s, "rule");
	atleast = config_setting_get_member(s, "atleast");
	if ((words != NULL) == (of != NULL))
		sg_rule_problem(r, s, "count needs either words or rule; write one of them");
	else if (words != NULL)
		sg_rule_read_words(r, rule, words, 0);
	else if (config_setting_type(of) != CONFIG_TYPE_STRING)
		sg_rule_problem(r, of, "rule is not a text; write the id of a rule in double "
		    "quotes");
	else
		rule->of = g_strdup(config_setting_get_string(of));
	if (atleast == NULL)
		sg_rule_problem(r, s, "atleast is missing in count; say how many different hits it "
		    "takes");
	else
		(void)sg_rule_read_int(r, atleast, 1, SG_COUNT_MAX, &rule->atleast);
}

const SgMatcher sg_m_count = { .name = "count", .read = read_count };
