#include <string.h>

#include "base/clock.h"
#include "ctl/ask.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

/* A person who types no --from and no --to sees no people, and neither does the technician. */
static gboolean
print_traces(const SgCtl *c, const json_t *rows)
{
	static const SgColumn columns[] = {
		{ "WHEN", "when", SG_COL_TIME, 0 }, { "QUEUE ID", "queue_id", SG_COL_TEXT, 2 },
		{ "WAY", "way", SG_COL_TEXT, 0 }, { "VERDICT", "verdict", SG_COL_TEXT, 0 },
		{ "REF", "id", SG_COL_TEXT, 0 }, { "STATE", "state", SG_COL_TEXT, 1 },
		{ "MS", "ms", SG_COL_NUMBER, 0 }, { "SIZE", "size", SG_COL_NUMBER, 0 },
		{ "MESSAGE-ID", "message_id", SG_COL_TEXT, 9 },
	};
	static const SgColumn people[] = {
		{ "WHEN", "when", SG_COL_TIME, 0 },
		{ "WAY", "way", SG_COL_TEXT, 0 },
		{ "VERDICT", "verdict", SG_COL_TEXT, 0 },
		{ "REF", "id", SG_COL_TEXT, 0 },
		{ "STATE", "state", SG_COL_TEXT, 1 },
		{ "FROM", "from.address", SG_COL_TEXT, 7 },
		{ "TO", "to.addresses", SG_COL_TEXT, 8 },
		{ "QUEUE ID", "queue_id", SG_COL_TEXT, 2 },
	};

	return sg_ctl_has(c, "people") ? sg_out_rows(c, rows, people, G_N_ELEMENTS(people))
				       : sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns));
}

SgExit
sg_c_trace(SgCtl *c)
{
	g_auto(SgAnswer) a = { 0, NULL };
	g_autofree char *since = NULL, *path = NULL;
	const char *typed = sg_ctl_value(c, "since");
	gint64 when = 0;
	SgExit code;
	const json_t *rows;

	if (typed != NULL && !sg_ctl_since(typed, sg_clock_now(), &when))
		return sg_ctl_fail(c, SG_EXIT_USAGE, "option --since", typed,
		    "Write 2h, 3d, today, yesterday, 2026-03-04 or a time as in RFC 3339.");
	since = typed != NULL ? g_strdup_printf("%" G_GINT64_FORMAT, when) : NULL;
	path = sg_ask_path("/search", "from", sg_ctl_value(c, "from"), "to", sg_ctl_value(c, "to"),
	    "message_id", sg_ctl_value(c, "id"), "queue_id", sg_ctl_value(c, "queue-id"), "ref",
	    sg_ctl_value(c, "ref"), "since", since, "limit", sg_ctl_value(c, "limit"), "people",
	    sg_ctl_has(c, "people") ? "1" : NULL, "purpose", sg_ctl_value(c, "purpose"), NULL);
	code = sg_ask(c, path, NULL, "the search cannot be made", &a);
	if (code != SG_EXIT_OK)
		return code;
	rows = json_object_get(a.body, "rows");
	if (!print_traces(c, rows))
		return SG_EXIT_USAGE;
	if (json_array_size(rows) == 0)
		sg_ctl_say(c, "Nothing was found.");
	else if (json_is_true(json_object_get(a.body, "more")))
		sg_ctl_say(c, "There are more; --since and --limit say which.");
	return json_array_size(rows) > 0 ? SG_EXIT_OK : SG_EXIT_NO;
}
