#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/ref.h"
#include "ctl/ask.h"
#include "ctl/commands.h"
#include "ctl/held.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

#define BULK_MAX 50u

/* --- one step of one message --------------------------------------------------- */

/* The version a decision must name.  Facts only: this is no look at the message. */
static SgExit
fetch(SgCtl *c, const char *id, SgAnswer *facts)
{
	SgExit code = SG_EXIT_USAGE;
	g_autofree char *path = sg_held_path(c, id, "", &code);
	g_autofree char *full = path != NULL ? sg_ask_path(path, "rung", "0", NULL) : NULL;

	return full != NULL ? sg_ask(c, full, NULL, "the message was not found", facts) : code;
}

/* body without a version is given the current one; takes body. */
static SgExit
post(SgCtl *c, const char *id, const char *step, json_t *body, SgAnswer *answer)
{
	g_auto(SgAnswer) facts = { 0, NULL };
	SgExit code = fetch(c, id, &facts);
	g_autofree char *path = code == SG_EXIT_OK ? sg_held_path(c, id, step, &code) : NULL;
	g_autofree char *what = g_strdup_printf("message %s: nothing was changed", id);

	if (path == NULL) {
		json_decref(body);
		return code;
	}
	json_object_set(body, "version", json_object_get(facts.body, "version"));
	code = sg_ask(c, path, body, what, answer);
	if (code == SG_EXIT_REFUSED)
		sg_ctl_say(c, "  See: schoolgatectl held show %s", id);
	return code;
}

/* The result: a sentence, or the object. */
static void
show_done(const SgCtl *c, const SgAnswer *a)
{
	if (sg_ctl_has(c, "json"))
		sg_out_json(a->body);
	else
		sg_out_text(c, sg_json_str(a->body, "done"), "");
}

static SgExit
one_step(SgCtl *c, const char *step, json_t *body)
{
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = post(c, sg_ctl_arg(c, 0), step, body, &a);

	if (code == SG_EXIT_OK)
		show_done(c, &a);
	return code;
}

SgExit
sg_c_held_take(SgCtl *c)
{
	const char *over = sg_ctl_value(c, "over");

	return one_step(c, "take", over != NULL ? json_pack("{s:s}", "over", over) : json_object());
}

SgExit
sg_c_held_pass(SgCtl *c)
{
	const char *note = sg_ctl_value(c, "message");

	return one_step(c, "pass",
	    json_pack("{s:s s:s}", "to", sg_ctl_arg(c, 1), "reason", note != NULL ? note : ""));
}

SgExit
sg_c_held_seal(SgCtl *c)
{
	return one_step(c, "seal", json_object());
}

SgExit
sg_c_held_settle(SgCtl *c)
{
	const char *copy = sg_ctl_value(c, "copy");
	gboolean again = sg_ctl_has(c, "again");
	json_t *body;

	if (again == sg_ctl_has(c, "arrived"))
		return sg_ctl_fail(c, SG_EXIT_USAGE, "what became of the copy was not said", NULL,
		    "Look in the mail server's log, then say --arrived, or --again to send it once "
		    "more.");
	body = json_pack("{s:b}", "again", again);
	if (copy != NULL)
		json_object_set_new(body, "copy", json_integer(g_ascii_strtoll(copy, NULL, 10)));
	return one_step(c, "settle", body);
}

/* --- decisions on several -------------------------------------------------------- */

typedef SgExit (*Each)(SgCtl *c, const char *id, gboolean bulk);

/* References from the arguments, or from stdin when the only one is "-". */
static GPtrArray *
collect(SgCtl *c, SgExit *code)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) words = NULL;

	if (strcmp(sg_ctl_arg(c, 0), "-") != 0) {
		for (guint i = 0; i < c->args->len; i++)
			g_ptr_array_add(ids, g_strdup(sg_ctl_arg(c, i)));
		return g_steal_pointer(&ids);
	}
	text = sg_ctl_stdin(65536, &error);
	if (text == NULL) {
		*code = sg_ctl_fail_error(c, "the references were not read", error);
		return NULL;
	}
	words = g_strsplit_set(text, " \t\r\n", -1);
	for (char **w = words; *w != NULL; w++)
		if (**w != '\0')
			g_ptr_array_add(ids, g_strdup(*w));
	return g_steal_pointer(&ids);
}

static SgExit
for_each(SgCtl *c, Each one)
{
	SgExit code = SG_EXIT_USAGE, last = SG_EXIT_OK;
	g_autoptr(GPtrArray) ids = collect(c, &code);
	gboolean bulk = strcmp(sg_ctl_arg(c, 0), "-") == 0;
	guint bad = 0;

	if (ids == NULL)
		return code;
	if (ids->len == 0)
		return sg_ctl_fail(c, SG_EXIT_USAGE, "no reference was given", NULL,
		    "See: schoolgatectl held list");
	if (ids->len > BULK_MAX)
		return sg_ctl_fail(c, SG_EXIT_USAGE, "these are too many at once",
		    "the limit is 50", "Nothing was changed. Decide on 50 or fewer at a time.");
	for (guint i = 0; i < ids->len && !c->interrupted(); i++) {
		code = one(c, g_ptr_array_index(ids, i), bulk);
		if (code != SG_EXIT_OK) {
			last = code;
			bad++;
		}
	}
	if (bad == 0)
		return SG_EXIT_OK;
	return bad == ids->len ? last : SG_EXIT_PARTLY;
}

static const char *
decision_code(const SgCtl *c)
{
	if (strcmp(c->command->verb, "release") != 0)
		return c->command->verb;
	if (sg_ctl_has(c, "strip"))
		return "release_stripped";
	return sg_ctl_has(c, "advise") ? "release_advised" : "release";
}

static SgExit
decide_one(SgCtl *c, const char *id, gboolean bulk)
{
	g_auto(SgAnswer) a = { 0, NULL };
	const char *strip = sg_ctl_value(c, "strip");
	json_t *body = json_pack("{s:s s:s s:b s:b}", "code", decision_code(c), "reason",
	    sg_ctl_value(c, "message"), "mistake", sg_ctl_has(c, "mistake"), "bulk", bulk);
	SgExit code;

	if (strip != NULL)
		json_object_set_new(body, "strip", json_string(strip));
	code = post(c, id, "decide", body, &a);
	if (code == SG_EXIT_OK)
		show_done(c, &a);
	else if (sg_ctl_has(c, "json") && a.body != NULL) {
		json_object_set_new(a.body, "id", json_string(id));
		sg_out_json(a.body);
	}
	if (code == SG_EXIT_OK && json_is_true(json_object_get(a.body, "undo")))
		sg_ctl_say(c, "Undo: schoolgatectl held undo %s", sg_json_str(a.body, "id"));
	return code;
}

SgExit
sg_c_held_decide(SgCtl *c)
{
	const char *reason = sg_ctl_value(c, "message");

	if (reason == NULL || *reason == '\0')
		return sg_ctl_fail(c, SG_EXIT_USAGE, "a reason is missing",
		    "each decision keeps one", "Add it: -m \"Checked with the office\"");
	if (sg_ctl_has(c, "strip") && sg_ctl_has(c, "advise"))
		return sg_ctl_fail(
		    c, SG_EXIT_USAGE, "--strip and --advise", "one of them at a time", NULL);
	if (sg_ctl_has(c, "dry-run")) {
		sg_ctl_say(c, "Would %s: %u message(s). Nothing was changed.", c->command->verb,
		    c->args->len);
		return SG_EXIT_OK;
	}
	return for_each(c, decide_one);
}

static SgExit
undo_one(SgCtl *c, const char *id, gboolean bulk)
{
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = post(c, id, "undo", json_object(), &a);

	(void)bulk;
	if (code == SG_EXIT_OK)
		show_done(c, &a);
	return code;
}

SgExit
sg_c_held_undo(SgCtl *c)
{
	return for_each(c, undo_one);
}
