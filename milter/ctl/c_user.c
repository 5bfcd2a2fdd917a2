#include <string.h>
#include <unistd.h>

#include "ctl/ask.h"
#include "ctl/commands.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

/* Accounts: the console's pages for them, at a terminal. */

/* Who is meant, as a path; names are checked here so that none leads elsewhere. */
static char *
path_of(const SgCtl *c, const char *step)
{
	const char *name = sg_ctl_arg(c, 0);

	if (*name == '\0' || *name == '.' || strlen(name) > 64 ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-")] != '\0') {
		(void)sg_ctl_fail(c, SG_EXIT_USAGE, "this is not the name of an account", name,
		    "See: schoolgatectl user list");
		return NULL;
	}
	return g_strconcat("/user/", name, step, NULL);
}

/* One step; body is taken.  The answer's sentence, or with --json its object. */
static SgExit
step(SgCtl *c, const char *name, json_t *body, SgAnswer *a)
{
	g_autofree char *path = path_of(c, name);
	g_autofree char *what = path != NULL ? g_strdup_printf("account %s: nothing was changed", sg_ctl_arg(c, 0)) : NULL;

	if (path == NULL) {
		json_decref(body);
		return SG_EXIT_USAGE;
	}
	return sg_ask(c, path, body, what, a);
}

/* A link goes to standard output alone: that is what somebody copies. */
static SgExit
show(const SgCtl *c, const SgAnswer *a)
{
	const char *link = sg_json_str(a->body, "link");
	g_autofree char *ends = NULL;

	if (sg_ctl_has(c, "json")) {
		sg_out_json(a->body);
		return SG_EXIT_OK;
	}
	if (*link == '\0') {
		sg_out_text(c, sg_json_str(a->body, "done"), "");
		return SG_EXIT_OK;
	}
	ends = sg_out_time(c, sg_json_str(a->body, "ends"));
	sg_out_text(c, link, "");
	sg_ctl_say(c, "Give this link to the person who signs in as %s, and to nobody else. It works once, until %s.",
	    sg_json_str(a->body, "account"), ends);
	if (json_is_true(json_object_get(a->body, "no_role")))
		sg_ctl_say(c, "The account has no role yet: the safeguarding lead or the head teacher has to approve it.");
	return SG_EXIT_OK;
}

static SgExit
one_step(SgCtl *c, const char *name, json_t *body)
{
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = step(c, name, body, &a);

	return code == SG_EXIT_OK ? show(c, &a) : code;
}

SgExit
sg_c_user_list(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "ACCOUNT", "account", SG_COL_TEXT, 0 }, { "PERSON", "shown", SG_COL_TEXT, 5 },
		{ "ROLE", "role", SG_COL_TEXT, 0 }, { "STATE", "state", SG_COL_TEXT, 0 },
		{ "SIGNED IN", "signed_in", SG_COL_TIME, 0 }, { "MAIL", "mail", SG_COL_TEXT, 9 },
	};
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = sg_ask(c, "/users", NULL, "the accounts cannot be listed", &a);
	const json_t *rows;
	size_t waiting;

	if (code != SG_EXIT_OK)
		return code;
	rows = json_object_get(a.body, "rows");
	if (!sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns)))
		return SG_EXIT_USAGE;
	waiting = json_array_size(json_object_get(a.body, "proposals"));
	if (waiting > 0)
		sg_ctl_say(c, "%zu waiting for a second person: schoolgatectl user show ACCOUNT", waiting);
	return json_array_size(rows) > 0 ? SG_EXIT_OK : SG_EXIT_NO;
}

static void
show_proposals(const SgCtl *c, const json_t *list)
{
	size_t i;
	const json_t *p;

	json_array_foreach(list, i, p) {
		g_autofree char *text = g_strdup_printf("%s %s, asked for by %s, %s (proposal %s)",
		    sg_json_str(p, "kind"), sg_json_str(p, "value"), sg_json_str(p, "by"), sg_json_str(p, "when"),
		    sg_json_str(p, "id"));

		sg_out_fact(c, "Waits", text);
	}
}

SgExit
sg_c_user_show(SgCtl *c)
{
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = step(c, "", NULL, &a);
	g_autofree char *last = NULL, *codes = NULL;

	if (code != SG_EXIT_OK)
		return code;
	if (sg_ctl_has(c, "json")) {
		sg_out_json(a.body);
		return SG_EXIT_OK;
	}
	last = sg_out_time(c, sg_json_str(a.body, "signed_in"));
	codes = sg_json_at(a.body, "codes");
	sg_out_fact(c, "Account", sg_json_str(a.body, "account"));
	sg_out_fact(c, "Person", sg_json_str(a.body, "shown"));
	sg_out_fact(c, "Role", sg_json_str(a.body, "role"));
	sg_out_fact(c, "State", sg_json_str(a.body, "state"));
	sg_out_fact(c, "Mail", sg_json_str(a.body, "mail"));
	sg_out_fact(c, "Signed in", last);
	sg_out_fact(c, "Codes left", codes);
	sg_out_fact(c, "Link until", sg_json_str(a.body, "link_until"));
	show_proposals(c, json_object_get(a.body, "proposals"));
	return SG_EXIT_OK;
}

SgExit
sg_c_user_add(SgCtl *c)
{
	g_auto(SgAnswer) a = { 0, NULL };
	const char *role = sg_ctl_value(c, "role"), *mail = sg_ctl_value(c, "mail"), *person = sg_ctl_value(c, "person");
	SgExit code;

	if (role == NULL)
		return sg_ctl_fail(c, SG_EXIT_USAGE, "option --role", "is missing",
		    "Choose lead, deputy, head, dpo, it, governor or teacher.");
	code = sg_ask(c, "/users", json_pack("{s:s s:s s:s s:s}", "name", sg_ctl_arg(c, 0), "role", role, "mail",
	    mail != NULL ? mail : "", "shown", person != NULL ? person : ""), "the account was not made", &a);
	return code == SG_EXIT_OK ? show(c, &a) : code;
}

SgExit
sg_c_user_link(SgCtl *c)
{
	return one_step(c, "/link", json_object());
}

SgExit
sg_c_user_reset(SgCtl *c)
{
	return one_step(c, "/reset", json_object());
}

SgExit
sg_c_user_enable(SgCtl *c)
{
	return one_step(c, "/enable", json_object());
}

/* The name once more, at a terminal; elsewhere --yes. */
static SgExit
confirm(SgCtl *c)
{
	const char *name = sg_ctl_arg(c, 0);
	char typed[80] = "";

	if (sg_ctl_has(c, "yes"))
		return SG_EXIT_OK;
	if (!c->terminal)
		return sg_ctl_fail(c, SG_EXIT_USAGE, "nothing was changed", "nobody is there to ask", "Add --yes.");
	sg_ctl_say(c, "The sessions of %s end, and nobody signs in with it any more. Type its name to go on.", name);
	if (read(STDIN_FILENO, typed, sizeof typed - 1) <= 0 || strcmp(g_strstrip(typed), name) != 0)
		return sg_ctl_fail(c, SG_EXIT_USAGE, "nothing was changed", "this is not its name", NULL);
	return SG_EXIT_OK;
}

SgExit
sg_c_user_disable(SgCtl *c)
{
	SgExit code;

	if (sg_ctl_has(c, "dry-run")) {
		sg_ctl_say(c, "The sessions of %s would end, and nobody would sign in with it.", sg_ctl_arg(c, 0));
		return SG_EXIT_OK;
	}
	code = confirm(c);
	return code == SG_EXIT_OK ? one_step(c, "/disable", json_object()) : code;
}

SgExit
sg_c_user_role(SgCtl *c)
{
	return one_step(c, "/role", json_pack("{s:s}", "role", sg_ctl_arg(c, 1)));
}

SgExit
sg_c_user_mail(SgCtl *c)
{
	return one_step(c, "/mail", json_pack("{s:s}", "mail", sg_ctl_arg(c, 1)));
}

SgExit
sg_c_user_approve(SgCtl *c)
{
	const char *id = sg_ctl_value(c, "proposal");
	json_t *body = json_pack("{s:b}", "approve", (int)!sg_ctl_has(c, "decline"));

	if (id != NULL)
		json_object_set_new(body, "proposal", json_string(id));
	return one_step(c, "/answer", body);
}

SgExit
sg_c_user_sessions(SgCtl *c)
{
	static const SgColumn columns[] = {
		{ "SESSION", "id", SG_COL_TEXT, 0 }, { "SINCE", "begun", SG_COL_TEXT, 0 },
		{ "LAST USED", "seen", SG_COL_TEXT, 0 }, { "FROM", "address", SG_COL_TEXT, 0 },
		{ "LOCKED", "locked", SG_COL_TEXT, 0 },
	};
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = step(c, "", NULL, &a);
	const json_t *rows;

	if (code != SG_EXIT_OK)
		return code;
	rows = json_object_get(a.body, "sessions");
	if (rows == NULL)
		return sg_ctl_fail(c, SG_EXIT_REFUSED, "the sessions are not shown", "they are for who looks after accounts",
		    NULL);
	if (!sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns)))
		return SG_EXIT_USAGE;
	return json_array_size(rows) > 0 ? SG_EXIT_OK : SG_EXIT_NO;
}

SgExit
sg_c_user_end(SgCtl *c)
{
	const char *id = sg_ctl_arg(c, 1);

	return one_step(c, "/sessions", id != NULL ? json_pack("{s:s}", "session", id) : json_object());
}
