/* m_words - whole words and phrases; one that ends in * matches as a beginning. */
#include "rule/rule.h"

static void
read_words(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	sg_rule_read_words(r, rule, s, 0);
}

const SgMatcher sg_m_words = { .name = "words", .read = read_words };
