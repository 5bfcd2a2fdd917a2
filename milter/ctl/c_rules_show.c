#include <stdio.h>
#include <string.h>

#include "ctl/c_rules.h"
#include "ctl/out.h"
#include "ctl/verbs.h"
#include "rule/describe.h"

#define WORDS_SHOWN 40u	/* of one list; -v shows all */

static void
fact_list(const SgCtl *c, const char *label, const json_t *list)
{
	gsize n = json_array_size(list), most = sg_ctl_has(c, "verbose") ? n : MIN(n, WORDS_SHOWN);
	g_autoptr(GString) s = g_string_new(NULL);

	if (n == 0)
		return;
	for (gsize i = 0; i < most; i++)
		g_string_append_printf(s, "%s%s", i > 0 ? ", " : "",
		    json_string_value(json_array_get(list, i)));
	if (most < n)
		g_string_append_printf(s, " ... and %" G_GSIZE_FORMAT " more (-v shows all)", n - most);
	printf("\n%s\n", label);
	sg_out_text(c, s->str, "  ");
}

static void
examples(const SgCtl *c, const char *label, const json_t *list)
{
	if (json_array_size(list) == 0)
		return;
	printf("\n%s\n", label);
	for (gsize i = 0; i < json_array_size(list); i++)
		sg_out_text(c, json_string_value(json_array_get(list, i)), "  ");
}

static void
context(const SgCtl *c, const json_t *o)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(gsize)o, key, value) {
		g_autofree char *label = g_strdup_printf("Only %s", key);
		g_autofree char *values = sg_rules_joined(value, ", ");

		sg_out_fact(c, label, values);
	}
}

static void
words(const SgCtl *c, const json_t *rule)
{
	static const struct {
		const char *key, *label;
	} lists[] = { { "words", "Words" }, { "regex", "Expressions" }, { "a", "A word of these" },
		{ "b", "near a word of these" }, { "not", "but none of these beside them" } };
	const json_t *all = json_object_get(rule, "words");

	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
		fact_list(c, lists[i].label, json_object_get(all, lists[i].key));
	fact_list(c, "Exceptions", json_object_get(rule, "except"));
	fact_list(c, "Allowed by the school", json_object_get(rule, "allow"));
}

static void
show(const SgCtl *c, const json_t *rule)
{
	static const char *const numbers[] = { "severity", "confidence", "type", "within", "atleast",
		"of" };
	static const char *const labels[] = { "Severity", "Confidence", "Type", "Within", "At least",
		"Counts" };
	g_autofree char *in = sg_rules_joined(json_object_get(rule, "in"), ", ");
	g_autofree char *line = sg_json_at(rule, "line");
	g_autofree char *file = g_strdup_printf("%s:%s", sg_json_str(rule, "file"), line);

	sg_out_fact(c, "Rule", sg_json_str(rule, "rule"));
	sg_out_fact(c, "Title", sg_json_str(rule, "title"));
	sg_out_fact(c, "Category", sg_json_str(rule, "category"));
	sg_out_fact(c, "Area", sg_json_str(rule, "area"));
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_autofree char *value = sg_json_at(rule, numbers[i]);

		sg_out_fact(c, labels[i], value);
	}
	sg_out_fact(c, "Looks in", in);
	context(c, json_object_get(rule, "context"));
	sg_out_fact(c, "From", file);
	sg_out_fact(c, "Changed by", sg_json_str(rule, "changed"));
	words(c, rule);
	examples(c, "Must match", json_object_get(rule, "hit"));
	examples(c, "Must not match", json_object_get(rule, "miss"));
}

SgExit
sg_c_rules_show(SgCtl *c)
{
	SgExit code;
	g_autoptr(SgRuleset) r = sg_rules_load(c, NULL, &code);
	const char *id = sg_ctl_arg(c, 0);

	if (r == NULL)
		return code;
	for (guint i = 0; i < sg_ruleset_size(r); i++) {
		json_t *rule;

		if (strcmp(sg_ruleset_info(r, i)->id, id) != 0)
			continue;
		rule = sg_describe_rule(r, i);
		if (sg_ctl_has(c, "json"))
			sg_out_json(rule);
		else
			show(c, rule);
		json_decref(rule);
		return SG_EXIT_OK;
	}
	return sg_rules_unknown(c, r, id);
}
