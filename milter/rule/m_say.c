/* m_say - ways to say something: phrases of words and word classes (phrase.h). */
#include "rule/rule.h"

static void
read_say(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	rule->say = sg_rule_read_phrases(r, rule, s);
}

const SgMatcher sg_m_say = { .name = "say", .read = read_say };
