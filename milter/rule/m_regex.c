/* m_regex - regular expressions over canonical text; the subset is translate.c's. */
#include <stdlib.h>
#include <string.h>

#include <hs.h>

#include "rule/rule.h"
#include "rule/translate.h"

/* What only the engines know: syntax, and how short and long a match can be. */
static gboolean
check_engines(SgRuleReader *r, const config_setting_t *at, guint n, const char *regex, const char *bytes)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GRegex) pcre = g_regex_new(regex, 0, 0, &error);
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *hs_error = NULL;
	gboolean good = FALSE;

	if (pcre == NULL)
		sg_rule_problem(r, at, "expression %u: %s; correct it", n, error->message);
	else if (hs_expression_info(bytes, 0, &info, &hs_error) != HS_SUCCESS) {
		sg_rule_problem(r, at, "expression %u: %s; write it more simply", n,
		    hs_error != NULL ? hs_error->message : "Hyperscan refuses it");
		hs_free_compile_error(hs_error);
	} else if (info->min_width == 0)
		sg_rule_problem(r, at, "expression %u can match nothing at all; give it something that "
		    "must be there", n);
	else if (info->max_width != G_MAXUINT && info->max_width > SG_CANON_MATCH)
		sg_rule_problem(r, at, "expression %u can match %u bytes; keep gaps small, the limit "
		    "is %u", n, info->max_width, SG_CANON_MATCH);
	else
		good = TRUE;
	free(info);
	return good;
}

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
		sg_rule_problem(r, at, "expression %u has characters that compared text never has; begin and "
		    "end without a blank, write small letters, and ' \" - for typographic quotes and dashes", n);
		return;
	}
	if (!check_engines(r, at, n, text, bytes))
		return;
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
