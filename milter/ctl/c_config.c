#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/err.h"
#include "ctl/out.h"
#include "ctl/verbs.h"
#include "decide/policy.h"
#include "model/account.h"
#include "model/logo.h"
#include "rule/ruleset.h"

/* Everything that the programs would read when they start. */
static void
check_all(SgOptions *o, GPtrArray *problems)
{
	g_autoptr(SgPolicy) policy = sg_policy_load(o, problems, NULL);
	g_autoptr(GPtrArray) accounts = sg_accounts_parse(o->cli.accounts, problems, NULL);
	g_autoptr(SgRuleset) rules = sg_ruleset_load(o->files.rules, o->scan.cache, problems, NULL);
	g_autoptr(SgRoster) roster = NULL;
	g_autoptr(GError) error = NULL, unseen = NULL;
	g_autoptr(SgLogo) logo = NULL;

	if (!sg_logo_load(o, &logo, &unseen))
		g_ptr_array_add(problems, g_strdup(unseen->message));
	/* who may not look at it has nothing to say about it */
	if (access(o->files.roster, R_OK | X_OK) == 0 && !sg_roster_load(o->files.roster, &roster, &error))
		g_ptr_array_add(problems, g_strdup_printf("%s:1: %s", o->file, error->message));

	(void)policy;
	(void)accounts;
	(void)rules;
}

static void
print_problems(const SgCtl *c, const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		const char *text = g_ptr_array_index(problems, i);

		if (sg_ctl_has(c, "json")) {
			json_t *o = json_pack("{s:s}", "problem", text);

			sg_out_json(o);
			json_decref(o);
		} else
			(void)sg_ctl_fail(c, SG_EXIT_USAGE, text, NULL, NULL);
	}
}

SgExit
sg_c_config_check(SgCtl *c)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

	c->options = sg_options_load(sg_ctl_config_file(c), problems, NULL);
	if (c->options != NULL)
		check_all(c->options, problems);
	print_problems(c, problems);
	if (sg_problems_errors(problems) > 0) {
		sg_ctl_say(c, "%u to put right.", sg_problems_errors(problems));
		return SG_EXIT_USAGE;
	}
	sg_ctl_say(c, "%s: everything is in order.", c->options->file);
	return SG_EXIT_OK;
}

/* "key = value" lines of sg_options_show() as one object a line. */
static void
show_json(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	const char *help = "";

	for (char **l = lines; *l != NULL; l++) {
		char *eq = strstr(*l, " = ");
		json_error_t bad;
		json_t *value, *o;

		if (g_str_has_prefix(*l, "# "))
			help = *l + 2;
		if (eq == NULL || **l == '#')
			continue;
		*eq = '\0';
		value = json_loads(eq + 3, JSON_DECODE_ANY, &bad);
		o = json_pack("{s:s s:o*}", "key", *l, "value", value);
		if (*help != '\0')
			json_object_set_new(o, "help", json_string(help));
		sg_out_json(o);
		json_decref(o);
		help = "";
	}
}

SgExit
sg_c_config_show(SgCtl *c)
{
	gboolean defaults = sg_ctl_has(c, "defaults");
	SgOptions *o = defaults ? NULL : sg_ctl_options(c);
	g_autofree char *text = NULL;

	if (o == NULL && !defaults)
		return SG_EXIT_USAGE;
	text = sg_options_show(o);
	if (sg_ctl_has(c, "json"))
		show_json(text);
	else
		printf("%s", text);
	return SG_EXIT_OK;
}
