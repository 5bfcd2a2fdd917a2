#include <errno.h>
#include <signal.h>

#include <jansson.h>

#include "ctl/out.h"
#include "ctl/programs.h"
#include "ctl/verbs.h"

static const char *
tell(const char *config, const SgProgramRow *row, gboolean dry)
{
	g_autoptr(GArray) pids = sg_programs_find(row->name, config);
	const char *state = "not running";

	for (guint i = 0; i < pids->len; i++) {
		pid_t pid = (pid_t)g_array_index(pids, guint, i);

		if (dry)
			state = "would be told";
		else if (kill(pid, row->reload) == 0)
			state = "told";
		else
			state = errno == EPERM ? "not allowed" : "gone";
	}
	return state;
}

SgExit
sg_c_reload(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "PROGRAM", "program", SG_COL_TEXT, 0 }, { "STATE", "state", SG_COL_TEXT, 0 },
	};
	SgExit code = sg_c_config_check(c);
	json_t *rows;
	guint told = 0, denied = 0;
	gboolean shown;

	if (code != SG_EXIT_OK) {
		sg_ctl_say(c, "Nothing was told to read it: what runs goes on as before.");
		return code;
	}
	rows = json_array();
	for (gsize i = 0; i < G_N_ELEMENTS(sg_program_rows); i++) {
		const char *state =
		    tell(c->options->file, &sg_program_rows[i], sg_ctl_has(c, "dry-run"));

		told += state[0] == 't' || state[0] == 'w';
		denied += g_strcmp0(state, "not allowed") == 0;
		json_array_append_new(rows,
		    json_pack("{s:s s:s}", "program", sg_program_rows[i].name, "state", state));
	}
	shown = sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns));
	json_decref(rows);
	if (!shown)
		return SG_EXIT_USAGE;
	if (denied > 0)
		return sg_ctl_fail(c, told > 0 ? SG_EXIT_PARTLY : SG_EXIT_REFUSED,
		    "some programs were not told", "they belong to another user",
		    "Run this as root, or: systemctl reload 'schoolgate-*'");
	return told > 0 ? SG_EXIT_OK : SG_EXIT_AWAY;
}
