#include <stdio.h>
#include <string.h>

#include "ctl/ask.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

static void
print_numbers(const SgCtl *c, const json_t *m)
{
	static const struct {
		const char *label, *path;
	} facts[] = {
		{ "Waiting", "waiting" },
		{ "Late", "late" },
		{ "Urgent", "urgent" },
		{ "Unclear", "unclear" },
		{ "Outbox", "outbox" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(facts); i++) {
		g_autofree char *value = sg_json_at(m, facts[i].path);

		sg_out_fact(c, facts[i].label, value);
	}
}

/* "Since 10:42: Messages cannot be filed ... (3 times; disk full)" and what to do, each whole. */
static void
print_alarms(const SgCtl *c, const json_t *list)
{
	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *a = json_array_get(list, i);
		const char *began = json_string_value(json_object_get(a, "since"));
		g_autofree char *since = sg_out_time(c, began);
		g_autofree char *times = sg_json_at(a, "count");
		g_autofree char *text = g_strdup_printf("Since %s: %s (%s; %s %s)", since,
		    sg_json_str(a, "text"), sg_json_str(a, "why"), times,
		    strcmp(times, "1") == 0 ? "time" : "times");

		putchar('\n');
		sg_out_text(c, text, "");
		sg_out_text(c, sg_json_str(a, "remedy"), "  ");
	}
}

static void
print_services(const SgCtl *c, const json_t *list)
{
	static const SgColumn columns[] = {
		{ "SERVICE", "name", SG_COL_TEXT, 0 }, { "STATE", "state", SG_COL_TEXT, 0 },
		{ "REMARK", "remark", SG_COL_TEXT, 9 },
	};

	putchar('\n');
	(void)sg_out_rows(c, list, columns, G_N_ELEMENTS(columns));
}

SgExit
sg_c_status(SgCtl *c)
{
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = sg_ask(c, "/health", NULL, "the state is not known", &a);
	g_autofree char *mail = NULL, *rules = NULL, *oldest = NULL, *today = NULL;
	gboolean ok;

	if (code != SG_EXIT_OK)
		return code;
	ok = json_is_true(json_object_get(a.body, "ok"));
	if (sg_ctl_has(c, "json")) {
		sg_out_json(a.body);
		return ok ? SG_EXIT_OK : SG_EXIT_NO;
	}
	sg_out_text(c, sg_json_str(a.body, "sentence"), "");
	putchar('\n');
	print_numbers(c, a.body);
	oldest = sg_out_time(c, json_string_value(json_object_get(a.body, "outbox_oldest")));
	sg_out_fact(c, "Oldest", oldest);
	today = sg_json_at(a.body, "today");
	sg_out_fact(c, "Mail today", today);
	mail = sg_out_time(c, json_string_value(json_object_get(a.body, "last_mail")));
	sg_out_fact(c, "Last mail", mail);
	rules = sg_out_time(c, json_string_value(json_object_get(a.body, "rules_changed")));
	sg_out_fact(c, "Rules from", rules);
	sg_out_fact(c, "Signatures", sg_json_str(a.body, "signatures"));
	sg_out_fact(c, "Version", sg_json_str(a.body, "version"));
	print_alarms(c, json_object_get(a.body, "alarms"));
	print_services(c, json_object_get(a.body, "services"));
	return ok ? SG_EXIT_OK : SG_EXIT_NO;
}
