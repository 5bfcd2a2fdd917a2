#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "ctl/out.h"
#include "ctl/verbs.h"
#include "rule/ruleset.h"

#define PHRASE_MAX (1u << 20)

/* The directories named, or those of the configuration; NULL when that cannot be read. */
static SgRuleset *
load(SgCtl *c, GPtrArray *problems, SgExit *code)
{
	g_autoptr(GPtrArray) named = g_ptr_array_new();
	const SgOptions *o;
	SgRuleset *r;

	*code = SG_EXIT_USAGE;
	for (guint i = 0; i < c->args->len; i++)
		g_ptr_array_add(named, g_ptr_array_index(c->args, i));
	g_ptr_array_add(named, NULL);
	if (named->len > 1)
		r = sg_ruleset_load((char *const *)named->pdata, NULL, problems, NULL);
	else {
		o = sg_ctl_options(c);
		if (o == NULL)
			return NULL;
		r = sg_ruleset_load(o->files.rules, o->scan.cache, problems, NULL);
	}
	for (guint i = 0; i < problems->len; i++)
		(void)sg_ctl_fail(c, SG_EXIT_USAGE, g_ptr_array_index(problems, i), NULL, NULL);
	return r;
}

SgExit
sg_c_rules_check(SgCtl *c)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	SgExit code;
	g_autoptr(SgRuleset) r = load(c, problems, &code);
	guint examples = 0;

	if (r == NULL) {
		if (problems->len > 0)
			sg_ctl_say(
			    c, "%u to put right; these rules would not be loaded.", problems->len);
		return code;
	}
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

static void
count_category(json_t *rows, const SgRuleInfo *info)
{
	json_t *row = NULL;

	for (gsize i = 0; i < json_array_size(rows) && row == NULL; i++)
		if (strcmp(sg_json_str(json_array_get(rows, i), "category"), info->category) == 0)
			row = json_array_get(rows, i);
	if (row == NULL) {
		row = json_pack("{s:s s:s s:i s:i s:i}", "category", info->category, "area",
		    info->area, "rules", 0, "examples", 0, "severity", 0);
		json_array_append_new(rows, row);
	}
	json_object_set_new(
	    row, "rules", json_integer(json_integer_value(json_object_get(row, "rules")) + 1));
	json_object_set_new(row, "examples",
	    json_integer(
		json_integer_value(json_object_get(row, "examples")) + info->hits + info->misses));
	json_object_set_new(row, "severity",
	    json_integer(MAX(
		json_integer_value(json_object_get(row, "severity")), (json_int_t)info->severity)));
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
		{ "CATEGORY", "category", SG_COL_TEXT, 9 },
		{ "AREA", "area", SG_COL_TEXT, 0 },
		{ "RULES", "rules", SG_COL_NUMBER, 0 },
		{ "EXAMPLES", "examples", SG_COL_NUMBER, 0 },
		{ "WORST", "severity", SG_COL_NUMBER, 0 },
	};
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	SgExit code;
	g_autoptr(SgRuleset) r = load(c, problems, &code);
	const char *only = sg_ctl_value(c, "reason");
	gboolean grouped = sg_ctl_has(c, "by-category"), shown;
	json_t *rows;

	if (r == NULL)
		return code;
	rows = json_array();
	for (guint i = 0; i < sg_ruleset_size(r); i++) {
		const SgRuleInfo *info = sg_ruleset_info(r, i);

		if (only != NULL && strcmp(only, info->category) != 0)
			continue;
		if (grouped)
			count_category(rows, info);
		else
			json_array_append_new(rows, rule_row(info));
	}
	code = json_array_size(rows) > 0 ? SG_EXIT_OK : SG_EXIT_NO;
	shown = grouped ? sg_out_rows(c, rows, by, G_N_ELEMENTS(by))
			: sg_out_rows(c, rows, each, G_N_ELEMENTS(each));
	sg_ctl_say(c, "%u rules in all.", sg_ruleset_size(r));
	json_decref(rows);
	return shown ? code : SG_EXIT_USAGE;
}

static json_t *
match_phrase(SgRuleset *r, const char *phrase, GError **error)
{
	g_autoptr(SgMatch) m = sg_match_new(r, 1000, error);
	g_autoptr(GPtrArray) findings =
	    g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	g_autofree char *text = g_strdup(phrase);
	char where[] = "body", none[] = "";
	SgText t = { .where = where, .part = none, .name = none, .text = text };
	json_t *rows;

	if (m == NULL)
		return NULL;
	sg_match_begin(m, "");
	if (!sg_match_text(m, &t, error))
		return NULL;
	sg_match_end(m, findings);
	rows = json_array();
	for (guint i = 0; i < findings->len; i++)
		json_array_append_new(rows, sg_finding_json(g_ptr_array_index(findings, i)));
	return rows;
}

SgExit
sg_c_rules_test(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "RULE", "rule", SG_COL_TEXT, 3 },
		{ "CATEGORY", "category", SG_COL_TEXT, 5 },
		{ "SEVERITY", "severity", SG_COL_NUMBER, 0 },
		{ "CONFIDENCE", "confidence", SG_COL_TEXT, 0 },
		{ "DISGUISED", "disguised", SG_COL_TEXT, 0 },
		{ "TITLE", "title", SG_COL_TEXT, 9 },
	};
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	SgExit code;
	g_autoptr(SgRuleset) r = load(c, problems, &code);
	g_autofree char *phrase = r != NULL ? sg_ctl_stdin(PHRASE_MAX, &error) : NULL;
	json_t *rows = phrase != NULL ? match_phrase(r, g_strchomp(phrase), &error) : NULL;
	gboolean shown;

	if (r == NULL)
		return code;
	if (rows == NULL)
		return sg_ctl_fail_error(c, "the phrase was not tested", error);
	code = json_array_size(rows) > 0 ? SG_EXIT_NO : SG_EXIT_OK;
	shown = sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns));
	if (code == SG_EXIT_OK)
		sg_ctl_say(c, "No rule matches.");
	json_decref(rows);
	return shown ? code : SG_EXIT_USAGE;
}
