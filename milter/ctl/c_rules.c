#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "base/nearest.h"
#include "ctl/c_rules.h"
#include "ctl/out.h"
#include "ctl/verbs.h"
#include "decide/told.h"
#include "word/fold.h"

SgRoster *
sg_rules_roster(const SgCtl *c)
{
	SgRoster *roster = NULL;

	if (c->options != NULL && sg_fold_ready(NULL))
		(void)sg_roster_load(c->options->files.roster, &roster, NULL);
	return roster;
}

SgRuleset *
sg_rules_load(SgCtl *c, const char *const *dirs, SgExit *code)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	const char *const *named = dirs != NULL && dirs[0] != NULL ? dirs : sg_ctl_values(c, "rules");
	const SgOptions *o;
	SgRuleset *r;

	*code = SG_EXIT_USAGE;
	if (named != NULL)
		r = sg_ruleset_load((char *const *)named, NULL, problems, NULL);
	else {
		o = sg_ctl_options(c);
		if (o == NULL)
			return NULL;
		r = sg_ruleset_load(o->files.rules, o->scan.cache, problems, NULL);
	}
	for (guint i = 0; i < problems->len; i++)
		(void)sg_ctl_fail(c, SG_EXIT_USAGE, g_ptr_array_index(problems, i), NULL, NULL);
	if (r == NULL && problems->len > 0)
		sg_ctl_say(
		    c, "%u to put right; these rules would not be loaded.", problems->len);
	return r;
}

const char **
sg_rules_args(const SgCtl *c)
{
	const char **all = g_new0(const char *, c->args->len + 1);

	for (guint i = 0; i < c->args->len; i++)
		all[i] = g_ptr_array_index(c->args, i);
	return all;
}

SgExit
sg_rules_unknown(const SgCtl *c, const SgRuleset *r, const char *id)
{
	const char *best = NULL;
	g_autofree char *todo = NULL;
	guint low = SG_FAR;

	for (guint i = 0; i < sg_ruleset_size(r); i++)
		sg_word_nearer(id, sg_ruleset_info(r, i)->id, &best, &low);
	todo = best != NULL && sg_word_near(id, low)
		   ? g_strdup_printf("Did you mean %s?", best)
		   : g_strdup("See: schoolgatectl rules list");
	return sg_ctl_fail(c, SG_EXIT_NONE, "there is no such rule", id, todo);
}

char *
sg_rules_joined(const json_t *list, const char *between)
{
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < json_array_size(list); i++)
		g_string_append_printf(
		    s, "%s%s", i > 0 ? between : "", json_string_value(json_array_get(list, i)));
	return g_string_free(s, FALSE);
}

SgExit
sg_c_rules_check(SgCtl *c)
{
	g_autofree const char **dirs = sg_rules_args(c);
	SgExit code;
	g_autoptr(SgRuleset) r = sg_rules_load(c, dirs, &code);
	guint examples = 0;

	if (r == NULL)
		return code;
	for (guint i = 0; i < sg_ruleset_size(r); i++)
		examples += sg_ruleset_info(r, i)->hits + sg_ruleset_info(r, i)->misses;
	if (sg_ctl_has(c, "json")) {
		json_t *o = json_pack("{s:b s:i s:i s:s}", "ok", 1, "rules",
		    (int)sg_ruleset_size(r), "examples", (int)examples, "hash", sg_ruleset_hash(r));

		sg_out_json(o);
		json_decref(o);
	} else
		sg_ctl_say(c, "%u rules, %u examples, all as they should be (%s).",
		    sg_ruleset_size(r), examples, sg_ruleset_hash(r));
	return SG_EXIT_OK;
}

static json_t *
rule_row(const SgRuleInfo *i)
{
	return json_pack("{s:s s:s s:s s:s s:i s:s s:s s:s s:i}", "rule", i->id, "title", i->title,
	    "category", i->category, "area", i->area, "severity", (int)i->severity, "confidence",
	    sg_confidence_name(i->confidence), "type", i->matcher, "file", i->file, "line",
	    (int)i->line);
}

/* One category: how many rules, of which severities, and the rows of the policy for them. */
typedef struct Group {
	const char *category, *area;
	guint	    rules, examples, worst, severities[6];
	guint8	   *rows;	/* by row: it is for some rule of this category */
} Group;

static void
group_free(gpointer p)
{
	Group *g = p;

	g_free(g->rows);
	g_free(g);
}

static void
add_to_group(GPtrArray *groups, const SgRuleInfo *info, const SgPolicy *policy)
{
	const SgToldAsk ask = { info->id, info->category, info->severity, info->confidence };
	guint rows = policy != NULL ? sg_policy_rows(policy) : 0;
	Group *g = NULL;

	for (guint i = 0; i < groups->len && g == NULL; i++)
		if (strcmp(((Group *)g_ptr_array_index(groups, i))->category, info->category) == 0)
			g = g_ptr_array_index(groups, i);
	if (g == NULL) {
		g = g_new0(Group, 1);
		g->category = info->category;
		g->area = info->area;
		g->rows = g_new0(guint8, MAX(rows, 1));
		g_ptr_array_add(groups, g);
	}
	g->rules++;
	g->examples += info->hits + info->misses;
	g->worst = MAX(g->worst, info->severity);
	g->severities[MIN(info->severity, 5u)]++;
	for (guint i = 0; i < rows; i++)
		g->rows[i] |= sg_policy_row_takes(policy, i, &ask) != FALSE;
}

static json_t *
group_json(const Group *g, const SgPolicy *policy)
{
	g_autoptr(GString) route = g_string_new(NULL);
	guint rows = policy != NULL ? sg_policy_rows(policy) : 0, usual = 1;

	for (guint s = 1; s <= 5; s++)
		if (g->severities[s] >= g->severities[usual])
			usual = s;
	for (guint i = 0; i < rows; i++) {
		g_autofree char *told = g->rows[i] ? sg_policy_row_told(policy, i) : NULL;

		if (told != NULL)
			g_string_append_printf(route, "%s%s: %s", route->len > 0 ? "; " : "",
			    sg_policy_row_id(policy, i), told);
	}
	return json_pack("{s:s s:s s:i s:i s:i s:i s:s}", "category", g->category, "area", g->area,
	    "rules", (int)g->rules, "examples", (int)g->examples, "worst", (int)g->worst, "severity",
	    (int)usual, "route", route->str);
}

/* The policy of the configuration, by which the categories are routed.  NULL when there is
 * none to be read; the list is then made without. */
static SgPolicy *
policy_for_list(SgCtl *c)
{
	SgOptions *o = NULL;

	/* rules of named directories may be looked at where nothing is installed */
	if (c->options != NULL || c->args->len == 0 || sg_ctl_has(c, "config"))
		o = sg_ctl_options(c);
	return o != NULL ? sg_policy_load(o, NULL, NULL) : NULL;
}

static json_t *
grouped_rows(SgCtl *c, const SgRuleset *r, const char *only)
{
	g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(group_free);
	g_autoptr(SgPolicy) policy = policy_for_list(c);
	json_t *rows = json_array();

	for (guint i = 0; i < sg_ruleset_size(r); i++) {
		const SgRuleInfo *info = sg_ruleset_info(r, i);

		if (only == NULL || strcmp(only, info->category) == 0)
			add_to_group(groups, info, policy);
	}
	for (guint i = 0; i < groups->len; i++)
		json_array_append_new(rows, group_json(g_ptr_array_index(groups, i), policy));
	if (policy == NULL)
		sg_ctl_say(c, "Where findings go is not shown: there is no policy with these rules.");
	return rows;
}

static json_t *
single_rows(const SgRuleset *r, const char *only)
{
	json_t *rows = json_array();

	for (guint i = 0; i < sg_ruleset_size(r); i++) {
		const SgRuleInfo *info = sg_ruleset_info(r, i);

		if (only == NULL || strcmp(only, info->category) == 0)
			json_array_append_new(rows, rule_row(info));
	}
	return rows;
}

SgExit
sg_c_rules_list(SgCtl *c)
{
	static const SgColumn each[] = {
		{ "RULE", "rule", SG_COL_TEXT, 3 },
		{ "CATEGORY", "category", SG_COL_TEXT, 5 },
		{ "SEVERITY", "severity", SG_COL_NUMBER, 0 },
		{ "CONFIDENCE", "confidence", SG_COL_TEXT, 0 },
		{ "TYPE", "type", SG_COL_TEXT, 0 },
		{ "TITLE", "title", SG_COL_TEXT, 9 },
	};
	static const SgColumn by[] = {
		{ "CATEGORY", "category", SG_COL_TEXT, 0 },
		{ "AREA", "area", SG_COL_TEXT, 0 },
		{ "RULES", "rules", SG_COL_NUMBER, 0 },
		{ "EXAMPLES", "examples", SG_COL_NUMBER, 0 },
		{ "WORST", "worst", SG_COL_NUMBER, 0 },
		{ "SEVERITY", "severity", SG_COL_NUMBER, 0 },
		{ "ROUTE", "route", SG_COL_TEXT, 9 },
	};
	g_autofree const char **dirs = sg_rules_args(c);
	SgExit code;
	g_autoptr(SgRuleset) r = sg_rules_load(c, dirs, &code);
	const char *only = sg_ctl_value(c, "reason");
	gboolean grouped = sg_ctl_has(c, "by-category"), shown;
	json_t *rows;

	if (r == NULL)
		return code;
	rows = grouped ? grouped_rows(c, r, only) : single_rows(r, only);
	code = json_array_size(rows) > 0 ? SG_EXIT_OK : SG_EXIT_NO;
	shown = grouped ? sg_out_rows(c, rows, by, G_N_ELEMENTS(by))
			: sg_out_rows(c, rows, each, G_N_ELEMENTS(each));
	sg_ctl_say(c, "%u rules in all.", sg_ruleset_size(r));
	json_decref(rows);
	return shown ? code : SG_EXIT_USAGE;
}
