#include <string.h>

#include "ctl/ask.h"
#include "ctl/commands.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

/* What reviewers suggest about rules: the console's page Rules, at a terminal. */

SgExit
sg_c_rules_suggestions(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "ID", "id", SG_COL_TEXT, 0 }, { "STATE", "state", SG_COL_TEXT, 0 }, { "RULE", "rule", SG_COL_TEXT, 0 },
		{ "ASKS", "asks", SG_COL_TEXT, 0 }, { "WORDS", "phrase", SG_COL_TEXT, 9 }, { "BY", "by", SG_COL_TEXT, 5 },
		{ "MADE", "made", SG_COL_TIME, 0 },
	};
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = sg_ask(c, "/rules", NULL, "the suggestions cannot be listed", &a);
	const json_t *rows;

	if (code != SG_EXIT_OK)
		return code;
	rows = json_object_get(a.body, "rows");
	if (!sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns)))
		return SG_EXIT_USAGE;
	return json_array_size(rows) > 0 ? SG_EXIT_OK : SG_EXIT_NO;
}

/* The text of an accepted one goes to standard output alone, to be put into a file. */
static SgExit
answer(SgCtl *c, gboolean accept)
{
	const char *id = sg_ctl_arg(c, 0);
	g_autofree char *path = g_strconcat("/rules/", id, NULL);
	g_auto(SgAnswer) a = { 0, NULL };
	const char *text;
	SgExit code;

	if (*id == '\0' || strlen(id) > 18 || id[strspn(id, "0123456789")] != '\0')
		return sg_ctl_fail(c, SG_EXIT_USAGE, "this is not the number of a suggestion", id,
		    "See: schoolgatectl rules suggestions");
	code = sg_ask(c, path, json_pack("{s:b}", "accept", (int)accept), "the suggestion was not answered", &a);
	if (code != SG_EXIT_OK)
		return code;
	text = sg_json_str(a.body, "text");
	if (sg_ctl_has(c, "json"))
		sg_out_json(a.body);
	else if (*text != '\0')
		sg_out_text(c, text, "");
	if (!sg_ctl_has(c, "json"))
		sg_ctl_say(c, "%s", sg_json_str(a.body, "done"));
	return SG_EXIT_OK;
}

SgExit
sg_c_rules_accept(SgCtl *c)
{
	return answer(c, TRUE);
}

SgExit
sg_c_rules_decline(SgCtl *c)
{
	return answer(c, FALSE);
}
