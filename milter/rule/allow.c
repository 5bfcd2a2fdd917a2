/* allow - phrases that are never meant badly in this school. */
#include <string.h>

#include "rule/own.h"

/* What is kept of one list is a rule that never runs: its entries are the phrases, the
 * values of its context the names of the rules they are for (none: all). */

static void
each_name(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text,
    gpointer data)
{
	(void)rule;
	if (strlen(text) > 64 || text[0] == '\0' || (text[0] == '*' && text[1] != '\0'))
		sg_rule_problem(r, at, "rules names rules; write ids, or a beginning with a star: "
		    "\"bully.*\"");
	else
		g_ptr_array_add(data, g_strdup(text));
}

static void
keep(SgRuleReader *r, const config_setting_t *at, const config_setting_t *words,
    const config_setting_t *names)
{
	SgRule *list = sg_rule_new(r, (guint)config_setting_source_line(at));
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

	sg_rule_read_words(r, list, words, SG_SLOT_EXCEPT);
	for (guint i = 0; i < list->entries->len; i++)
		g_array_index(list->entries, SgEntry, i).allow = g_intern_string(list->file);
	if (names != NULL) {
		SgContext c = { g_strdup("rule"), NULL };

		sg_rule_each_string(r, list, names, each_name, values);
		g_ptr_array_add(values, NULL);
		c.values = (char **)g_ptr_array_free(g_steal_pointer(&values), FALSE);
		g_array_append_val(list->context, c);
	}
	g_ptr_array_add(r->own->allows, list);
}

void
sg_allow_read(SgRuleReader *r, const config_setting_t *s)
{
	static const char *const known[] = { "words", "rules", NULL };
	gboolean grouped = config_setting_is_list(s) && config_setting_length(s) > 0 &&
	    config_setting_is_group(config_setting_get_elem(s, 0));

	if (!grouped) {
		keep(r, s, s, NULL);
		return;
	}
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *group = config_setting_get_elem(s, (unsigned)i), *words;

		if (!config_setting_is_group(group)) {
			sg_rule_problem(r, group, "allow mixes phrases and groups; write each as "
			    "{ words = [ ... ]; } or { words = [ ... ]; rules = [ ... ]; }");
			continue;
		}
		sg_rule_check_fields(r, group, known);
		words = config_setting_get_member(group, "words");
		if (words == NULL)
			sg_rule_problem(r, group, "words is missing; write the phrases to allow");
		else
			keep(r, group, words, config_setting_get_member(group, "rules"));
	}
}

gboolean
sg_own_named(const char *name, const char *id)
{
	gsize n = strlen(name);

	return n > 0 && name[n - 1] == '*' ? strncmp(name, id, n - 1) == 0 : strcmp(name, id) == 0;
}

static gboolean
is_for(const SgRule *list, const char *id)
{
	if (list->context->len == 0)
		return TRUE;
	for (char **v = g_array_index(list->context, SgContext, 0).values; *v != NULL; v++)
		if (sg_own_named(*v, id))
			return TRUE;
	return FALSE;
}

/* Every name must be that of some rule: a slip would silently allow nothing. */
static void
check_names(SgRuleReader *r, const SgRule *list, const GPtrArray *rules)
{
	char **v = list->context->len > 0 ? g_array_index(list->context, SgContext, 0).values : NULL;

	for (; v != NULL && *v != NULL; v++) {
		g_autofree char *meant = NULL;
		gboolean known = FALSE;

		for (guint i = 0; i < rules->len && !known; i++)
			known = sg_own_named(*v, ((const SgRule *)g_ptr_array_index(rules, i))->id);
		if (known)
			continue;
		meant = sg_own_suggest(rules, *v);
		sg_rule_tell(r->problems, "%s:%u: there is no rule %s to allow something for%s",
		    list->file, list->line, *v, meant);
	}
}

static void
give(const SgRule *list, SgRule *rule)
{
	for (guint i = 0; i < list->entries->len; i++) {
		SgEntry e = g_array_index(list->entries, SgEntry, i);

		e.text = g_strdup(e.text);
		g_array_append_val(rule->entries, e);
	}
}

void
sg_allows_apply(SgRuleReader *r, GPtrArray *rules)
{
	guint n = 0;

	for (guint i = 0; i < r->own->allows->len; i++) {
		const SgRule *list = g_ptr_array_index(r->own->allows, i);

		n += list->entries->len;
		if (n > SG_ALLOW_MAX) {
			sg_rule_tell(r->problems, "%s:%u: more than %u allow-phrases in all; keep "
			    "those that were held wrongly", list->file, list->line, SG_ALLOW_MAX);
			return;
		}
		check_names(r, list, rules);
		for (guint k = 0; k < rules->len; k++) {
			SgRule *rule = g_ptr_array_index(rules, k);

			if (rule->matcher != NULL && rule->matcher->part == NULL &&
			    is_for(list, rule->id))
				give(list, rule);
		}
	}
}

gboolean
sg_allow_blamed(const SgRule *rule, const char *example, GPtrArray *problems)
{
	g_autoptr(SgCanon) canon = sg_canon_new(NULL);
	g_autofree char *text = canon != NULL ? sg_canon_string(canon, example) : NULL;

	for (guint i = 0; text != NULL && i < rule->entries->len; i++) {
		const SgEntry *e = &g_array_index(rule->entries, SgEntry, i);

		if (e->allow == NULL || strstr(text, e->text) == NULL)
			continue;
		sg_rule_tell(problems, "%s:%u: the allow-phrase \"%s\" silences rule %s, whose own "
		    "example has it; allow a longer phrase, or only for other rules: { words = "
		    "[ ... ]; rules = [ ... ]; }", e->allow, e->line,
		    e->text, rule->id);
		return TRUE;
	}
	return FALSE;
}
