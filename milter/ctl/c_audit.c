#include "base/clock.h"
#include "base/ref.h"
#include "ctl/ask.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

SgExit
sg_c_audit_verify(SgCtl *c)
{
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = sg_ask(c, "/audit/verify", json_object(), "the audit was not walked", &a);
	gboolean whole;

	if (code != SG_EXIT_OK)
		return code;
	whole = json_is_true(json_object_get(a.body, "unbroken"));
	if (sg_ctl_has(c, "json"))
		sg_out_json(a.body);
	else if (whole)
		sg_ctl_say(c, "%s", sg_json_str(a.body, "done"));
	else
		return sg_ctl_fail(c, SG_EXIT_NO, "the audit was changed from outside",
		    sg_json_str(a.body, "why"),
		    "Keep the store as it is, and compare it with a backup.");
	return whole ? SG_EXIT_OK : SG_EXIT_NO;
}

SgExit
sg_c_audit_list(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "WHEN", "when", SG_COL_TIME, 0 }, { "WHO", "actor", SG_COL_TEXT, 5 },
		{ "WHAT", "action", SG_COL_TEXT, 3 }, { "REF", "id", SG_COL_TEXT, 0 },
		{ "DETAIL", "detail", SG_COL_TEXT, 9 },
	};
	g_auto(SgAnswer) a = { 0, NULL };
	g_autofree char *since = NULL, *path = NULL;
	const char *typed = sg_ctl_value(c, "since"), *id = sg_ctl_arg(c, 0);
	char ref[SG_REF_LEN + 1];
	gint64 when = 0;
	SgExit code;

	if (typed != NULL && !sg_ctl_since(typed, sg_clock_now(), &when))
		return sg_ctl_fail(
		    c, SG_EXIT_USAGE, "option --since", typed, "Write 2h, 3d, today or a date.");
	if (id != NULL && !sg_ref_parse(id, ref))
		return sg_ctl_fail(
		    c, SG_EXIT_USAGE, "this is not a reference", id, "They look like 7F3K-9QXD.");
	since = typed != NULL ? g_strdup_printf("%" G_GINT64_FORMAT, when) : NULL;
	path = sg_ask_path("/audit", "since", since, "limit", sg_ctl_value(c, "limit"), "ref",
	    id != NULL ? ref : NULL, NULL);
	code = sg_ask(c, path, NULL, "the audit cannot be shown", &a);
	if (code != SG_EXIT_OK)
		return code;
	if (!sg_out_rows(c, json_object_get(a.body, "rows"), columns, G_N_ELEMENTS(columns)))
		return SG_EXIT_USAGE;
	return json_array_size(json_object_get(a.body, "rows")) > 0 ? SG_EXIT_OK : SG_EXIT_NO;
}
