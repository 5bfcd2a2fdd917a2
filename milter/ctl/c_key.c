#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/keys.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

static const struct {
	const char *file, *holders;
	gboolean    secret;
} keys[] = {
	{ "vault.pub", "everyone who files", FALSE },
	{ "vault.key", "courier, console", TRUE },
	{ "audit.key", "everyone who writes the audit", TRUE },
	{ "mail.key", "milter, courier", TRUE },
};

static const char *
key_dir(SgCtl *c)
{
	const char *dir = sg_ctl_value(c, "dir");
	const SgOptions *o = dir == NULL ? sg_ctl_options(c) : NULL;

	return dir != NULL ? dir : o != NULL ? o->keys.dir : NULL;
}

SgExit
sg_c_key_init(SgCtl *c)
{
	const char *dir = key_dir(c);
	g_autoptr(GError) error = NULL;
	int made;

	if (dir == NULL)
		return SG_EXIT_USAGE;
	if (sg_ctl_has(c, "dry-run")) {
		sg_ctl_say(c,
		    "Would make whatever is missing in %s. Keys that are there stay as they are.",
		    dir);
		return SG_EXIT_OK;
	}
	made = sg_keys_init(dir, &error);
	if (made == -1)
		return sg_ctl_fail_error(c, "the keys were not made", error);
	if (made == 0)
		sg_ctl_say(c, "%s: all keys were there already; nothing was changed.", dir);
	else
		sg_ctl_say(c,
		    "%s: %d made. Keep a copy of this directory in a safe: without vault.key "
		    "nothing that is "
		    "held can be read or released.",
		    dir, made);
	return SG_EXIT_OK;
}

static char *
owner_of(const struct stat *st)
{
	const struct passwd *pw = getpwuid(st->st_uid);
	g_autofree char *user =
	    pw != NULL ? g_strdup(pw->pw_name) : g_strdup_printf("%u", (guint)st->st_uid);
	const struct group *gr = getgrgid(st->st_gid);

	return gr != NULL ? g_strdup_printf("%s:%s", user, gr->gr_name)
			  : g_strdup_printf("%s:%u", user, (guint)st->st_gid);
}

static json_t *
key_row(const char *dir, gsize i, gboolean *bad)
{
	g_autofree char *path = g_build_filename(dir, keys[i].file, NULL);
	g_autofree char *owner = NULL, *mode = NULL;
	struct stat st;
	const char *state = "ok";

	if (stat(path, &st) == -1) {
		*bad = TRUE;
		return json_pack("{s:s s:s s:s}", "key", keys[i].file, "state", "missing",
		    "holders", keys[i].holders);
	}
	owner = owner_of(&st);
	mode = g_strdup_printf("%04o", (guint)(st.st_mode & 07777));
	if (keys[i].secret && (st.st_mode & (S_IROTH | S_IWOTH)) != 0)
		state = "open to others";
	else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		state = "others can change it";
	*bad = *bad || state[0] != 'o' || state[1] != 'k';
	return json_pack("{s:s s:s s:s s:s s:s}", "key", keys[i].file, "state", state, "mode", mode,
	    "owner", owner, "holders", keys[i].holders);
}

SgExit
sg_c_key_list(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "KEY", "key", SG_COL_TEXT, 0 }, { "STATE", "state", SG_COL_TEXT, 0 },
		{ "MODE", "mode", SG_COL_TEXT, 0 }, { "OWNER", "owner", SG_COL_TEXT, 5 },
		{ "FOR", "holders", SG_COL_TEXT, 9 },
	};
	const char *dir = key_dir(c);
	json_t *rows = json_array();
	gboolean bad = FALSE, shown;

	for (gsize i = 0; dir != NULL && i < G_N_ELEMENTS(keys); i++)
		json_array_append_new(rows, key_row(dir, i, &bad));
	shown = dir != NULL && sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns));
	json_decref(rows);
	if (!shown)
		return SG_EXIT_USAGE;
	if (bad)
		sg_ctl_say(c, "Missing ones: \"schoolgatectl key init\". Rights: \"systemd-tmpfiles "
			      "--create schoolgate.conf\".");
	return bad ? SG_EXIT_NO : SG_EXIT_OK;
}
