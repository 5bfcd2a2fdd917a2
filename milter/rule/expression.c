#include <stdlib.h>

#include <hs.h>

#include "rule/expression.h"
#include "rule/translate.h"

/* What is wrong with it, and the remedy; NULL when nothing is. Caller frees. */
static char *
fault_of(const char *regex)
{
	g_autofree char *why = NULL, *bytes = sg_translate_regex(regex, &why), *fault = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GRegex) pcre = g_regex_new(regex, 0, 0, &error);
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *refused = NULL;

	if (bytes == NULL)
		return g_steal_pointer(&why);
	if (pcre == NULL)
		return g_strdup_printf("%s; correct it", error->message);
	if (hs_expression_info(bytes, 0, &info, &refused) != HS_SUCCESS) {
		fault = g_strdup_printf("%s write it more simply",
		    refused != NULL ? refused->message : "Hyperscan refuses it;");
		hs_free_compile_error(refused);
	} else if (info->min_width == 0)
		fault = g_strdup("it can match nothing at all; give it something that must be "
		    "there");
	else if (info->max_width != G_MAXUINT && info->max_width > SG_CANON_MATCH)
		fault = g_strdup_printf("it can match %u bytes and the limit is %u; keep gaps "
		    "small", info->max_width, SG_CANON_MATCH);
	free(info);
	return g_steal_pointer(&fault);
}

void
sg_expressions_check(const GPtrArray *rules, GPtrArray *problems)
{
	for (guint i = 0; i < rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(rules, i);

		for (guint k = 0; k < rule->entries->len; k++) {
			const SgEntry *e = &g_array_index(rule->entries, SgEntry, k);
			g_autofree char *fault = e->regex ? fault_of(e->text) : NULL;

			if (fault != NULL)
				sg_rule_tell(problems, "%s:%u: rule %s, expression %u: %s",
				    rule->file, e->line, rule->id, k + 1, fault);
		}
	}
}
