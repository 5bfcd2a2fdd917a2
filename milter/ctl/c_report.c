/* c_report - what a school can show: how much mail carried its text. */
#include "base/clock.h"
#include "ctl/ask.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

SgExit
sg_c_report_disclaimers(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "MESSAGES", "messages", SG_COL_NUMBER, 0 }, { "REASON", "reason", SG_COL_TEXT, 0 },
		{ "MEANS", "means", SG_COL_TEXT, 9 },
	};
	g_auto(SgAnswer) a = { 0, NULL };
	g_autofree char *since = NULL, *path = NULL;
	const char *typed = sg_ctl_value(c, "since");
	gint64 when = 0;
	json_int_t due;
	SgExit code;

	if (typed != NULL && !sg_ctl_since(typed, sg_clock_now(), &when))
		return sg_ctl_fail(c, SG_EXIT_USAGE, "option --since", typed, "Write 2h, 3d, today or a date.");
	since = typed != NULL ? g_strdup_printf("%" G_GINT64_FORMAT, when) : NULL;
	path = sg_ask_path("/report/disclaimers", "since", since, NULL);
	code = sg_ask(c, path, NULL, "the report cannot be made", &a);
	if (code != SG_EXIT_OK)
		return code;
	if (sg_ctl_has(c, "json")) {
		sg_out_json(a.body);
		return SG_EXIT_OK;
	}
	due = json_integer_value(json_object_get(a.body, "due"));
	sg_ctl_say(c, "Since %s %lld messages left; %lld of them were due a text, and %lld carry it (%.1f %%).",
	    sg_json_str(a.body, "since"), (long long)json_integer_value(json_object_get(a.body, "outgoing")),
	    (long long)due, (long long)json_integer_value(json_object_get(a.body, "with")),
	    100.0 * json_real_value(json_object_get(a.body, "coverage")));
	return sg_out_rows(c, json_object_get(a.body, "rows"), columns, G_N_ELEMENTS(columns)) ? SG_EXIT_OK
											    : SG_EXIT_USAGE;
}
