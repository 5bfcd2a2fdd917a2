/* override - a shipped rule with other settings, without a copy of its words. */
#include <string.h>

#include "base/nearest.h"
#include "rule/own.h"

typedef struct {
	char	*id;
	SgRule	*with;		/* file, line, severity, confidence, where, exceptions */
	gboolean off;
} Override;

static void
override_free(gpointer p)
{
	Override *o = p;

	g_free(o->id);
	sg_rule_free(o->with);
	g_free(o);
}

SgOwn *
sg_own_new(void)
{
	SgOwn *own = g_new0(SgOwn, 1);

	own->overrides = g_ptr_array_new_with_free_func(override_free);
	own->allows = g_ptr_array_new_with_free_func((GDestroyNotify)sg_rule_free);
	return own;
}

void
sg_own_free(SgOwn *own)
{
	if (own == NULL)
		return;
	g_ptr_array_unref(own->overrides);
	g_ptr_array_unref(own->allows);
	g_free(own);
}

gboolean
sg_override_is(const config_setting_t *group)
{
	return config_setting_is_group(group) &&
	    config_setting_get_member(group, "override") != NULL;
}

gboolean
sg_own_needs_names(const config_setting_t *root)
{
	const config_setting_t *list = config_setting_get_member(root, "rules");
	int n = list != NULL && config_setting_is_list(list) ? config_setting_length(list) : 0;

	for (int i = 0; i < n; i++)
		if (!sg_override_is(config_setting_get_elem(list, (unsigned)i)))
			return TRUE;
	return n == 0 && config_setting_get_member(root, "allow") == NULL;
}

static void
read_confidence(SgRuleReader *r, Override *o, const config_setting_t *s)
{
	const char *text = config_setting_get_string(s);

	o->with->confidence = text != NULL ? sg_confidence_parse(text) : 0;
	if (o->with->confidence == 0)
		sg_rule_problem(r, s, "confidence is none of low, medium, high; choose one");
}

static void
read_off(SgRuleReader *r, Override *o, const config_setting_t *group, const config_setting_t *s)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		sg_rule_problem(r, s, "off is neither true nor false; write one of them without "
		    "quotes");
	o->off = config_setting_get_bool(s) != 0;
	if (o->off && config_setting_length(group) > 2)
		sg_rule_problem(r, group, "a rule that is off needs no other setting; remove them, "
		    "or remove off");
}

void
sg_override_read(SgRuleReader *r, const config_setting_t *group)
{
	static const char *const known[] = { "override", "off", "severity", "confidence", "in",
		"except", NULL };
	const char *id = config_setting_get_string(config_setting_get_member(group, "override"));
	Override *o = g_new0(Override, 1);
	const config_setting_t *s;

	o->id = g_strdup(id != NULL ? id : "");
	o->with = sg_rule_new(r, (guint)config_setting_source_line(group));
	if (o->id[0] == '\0')
		sg_rule_problem(r, group, "override is not a text; write override = "
		    "\"bully.insult\", for instance");
	sg_rule_check_fields(r, group, known);
	if (config_setting_length(group) < 2)
		sg_rule_problem(r, group, "the override changes nothing; write severity, "
		    "confidence, in, except, or off = true");
	if ((s = config_setting_get_member(group, "severity")) != NULL)
		(void)sg_rule_read_int(r, s, 1, 5, &o->with->severity);
	if ((s = config_setting_get_member(group, "confidence")) != NULL)
		read_confidence(r, o, s);
	if ((s = config_setting_get_member(group, "in")) != NULL)
		sg_rule_read_where(r, o->with, s);
	if ((s = config_setting_get_member(group, "except")) != NULL)
		sg_rule_read_words(r, o->with, s, SG_SLOT_EXCEPT);
	if ((s = config_setting_get_member(group, "off")) != NULL)
		read_off(r, o, group, s);
	g_ptr_array_add(r->own->overrides, o);
}

char *
sg_own_suggest(const GPtrArray *rules, const char *id)
{
	const char *best = NULL;
	guint low = SG_FAR;

	for (guint i = 0; i < rules->len; i++)
		sg_word_nearer(id, ((const SgRule *)g_ptr_array_index(rules, i))->id, &best, &low);
	return best != NULL && sg_word_near(id, low) ? g_strdup_printf("; did you mean %s?", best) :
	    g_strdup("; \"schoolgatectl rules list\" names all");
}

/* Examples say where they stand; in other places they prove nothing any more. */
static void
drop_placed(GArray *examples)
{
	for (guint i = examples->len; i > 0; i--)
		if (g_array_index(examples, SgExample, i - 1).where != NULL)
			g_array_remove_index(examples, i - 1);
}

static void
look_in(SgRule *rule, guint where)
{
	if (rule->where == where)
		return;
	rule->where = where;
	drop_placed(rule->hits);
	drop_placed(rule->misses);
}

/* A rule that counts the hits of this one follows it to other places: elsewhere there is
 * nothing to count. */
static void
move(GPtrArray *rules, SgRule *rule, guint where)
{
	look_in(rule, where);
	for (guint i = 0; i < rules->len; i++) {
		SgRule *other = g_ptr_array_index(rules, i);

		if (g_strcmp0(other->of, rule->id) == 0)
			look_in(other, where);
	}
}

static void
change(GPtrArray *rules, SgRule *rule, const Override *o)
{
	if (o->with->severity > 0)
		rule->severity = o->with->severity;
	if (o->with->confidence > 0)
		rule->confidence = o->with->confidence;
	if (o->with->where > 0)
		move(rules, rule, o->with->where);
	for (guint i = 0; i < o->with->entries->len; i++) {
		SgEntry e = g_array_index(o->with->entries, SgEntry, i);

		e.text = g_strdup(e.text);
		g_array_append_val(rule->entries, e);
	}
	g_free(rule->changed);
	rule->changed = g_strdup_printf("%s:%u", o->with->file, o->with->line);
}

static gboolean
counted(const GPtrArray *rules, const char *id, const char **by)
{
	for (guint i = 0; i < rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(rules, i);

		if (g_strcmp0(rule->of, id) != 0)
			continue;
		*by = rule->id;
		return TRUE;
	}
	return FALSE;
}

static gboolean
said_before(const GPtrArray *overrides, guint n, const Override *o)
{
	for (guint i = 0; i < n; i++)
		if (strcmp(((const Override *)g_ptr_array_index(overrides, i))->id, o->id) == 0)
			return TRUE;
	return FALSE;
}

static void
apply(SgRuleReader *r, const Override *o, GPtrArray *rules, GHashTable *index)
{
	SgRule *rule = g_hash_table_lookup(index, o->id);
	const char *by = NULL;

	if (rule == NULL) {
		g_autofree char *meant = sg_own_suggest(rules, o->id);

		sg_rule_tell(r->problems, "%s:%u: there is no rule %s to override%s", o->with->file,
		    o->with->line, o->id, meant);
		return;
	}
	if (rule->matcher != NULL && rule->matcher->part != NULL &&
	    (o->with->where > 0 || o->with->entries->len > 0)) {
		sg_rule_tell(r->problems, "%s:%u: %s is about files; \"in\" and \"except\" belong to "
		    "rules about text, remove them", o->with->file, o->with->line, o->id);
		return;
	}
	if (!o->off) {
		change(rules, rule, o);
		return;
	}
	if (counted(rules, o->id, &by) && strcmp(by, o->id) != 0) {
		sg_rule_tell(r->problems, "%s:%u: rule %s counts the hits of %s; switch that one off "
		    "before, or give this one severity = 1 instead", o->with->file, o->with->line,
		    by, o->id);
		return;
	}
	g_hash_table_remove(index, o->id);
	g_ptr_array_remove(rules, rule);
}

void
sg_overrides_apply(SgRuleReader *r, GPtrArray *rules, GHashTable *index)
{
	GPtrArray *all = r->own->overrides;

	for (guint i = 0; i < all->len; i++) {
		const Override *o = g_ptr_array_index(all, i);

		if (o->id[0] != '\0' && said_before(all, i, o))
			sg_rule_tell(r->problems, "%s:%u: %s is overridden twice in this directory; "
			    "make one of both", o->with->file, o->with->line, o->id);
		else if (o->id[0] != '\0')
			apply(r, o, rules, index);
	}
	g_ptr_array_set_size(all, 0);
}
