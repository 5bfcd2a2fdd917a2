/* m_regex - regular expressions over canonical text; the subset is translate.c's. */
#include <string.h>

#include "rule/rule.h"
#include "rule/translate.h"

static void
each(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text, gpointer data)
{
	g_autofree char *why = NULL, *bytes = sg_translate_regex(text, &why), *folded = NULL;
	guint n = ++*(guint *)data;
	SgEntry e = { .line = (guint)config_setting_source_line(at), .regex = TRUE };

	if (bytes == NULL) {
		sg_rule_problem(r, at, "expression %u: %s", n, why);
		return;
	}
	folded = sg_canon_string(r->canon, text);
	if (strcmp(folded, text) != 0) {
		sg_rule_problem(r, at, "expression %u has characters that compared text never has; "
		    "begin and end without a blank, write small letters, and ' \" - for "
		    "typographic quotes and dashes", n);
		return;
	}
	e.text = g_strdup(text);
	g_array_append_val(rule->entries, e);
}

static void
read_regex(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	guint n = 0;

	sg_rule_each_string(r, rule, s, each, &n);
}

const SgMatcher sg_m_regex = { .name = "regex", .read = read_regex };
