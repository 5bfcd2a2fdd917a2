#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/ref.h"
#include "ctl/ask.h"
#include "ctl/held.h"
#include "ctl/out.h"
#include "ctl/verbs.h"

#define LIST_MOST 100000u

char *
sg_held_path(const SgCtl *c, const char *typed, const char *step, SgExit *code)
{
	char ref[SG_REF_LEN + 1];

	if (!sg_ref_parse(typed, ref)) {
		*code = sg_ctl_fail(c, SG_EXIT_USAGE, "this is not a reference", typed,
		    "References have eight characters, like 7F3K-9QXD; see: schoolgatectl held "
		    "list");
		return NULL;
	}
	return g_strdup_printf("/message/%s%s%s", ref, step[0] != '\0' ? "/" : "", step);
}

/* --- list ------------------------------------------------------------------ */

/* What several fields say together, for the table only. */
static void
add_derived(const SgCtl *c, json_t *row)
{
	g_autofree char *due = sg_out_time(c, json_string_value(json_object_get(row, "look_by")));
	gboolean late = json_is_true(json_object_get(row, "late"));
	json_int_t many = json_integer_value(json_object_get(json_object_get(row, "to"), "count"));
	g_autofree char *to = many > 1
				  ? g_strdup_printf("%s (%d)",
					sg_json_str(json_object_get(row, "to"), "group"), (int)many)
				  : g_strdup(sg_json_str(json_object_get(row, "to"), "group"));

	json_object_set_new(row, "_due", json_sprintf("%s%s", due, late ? " late" : ""));
	json_object_set_new(row, "_to", json_string(to));
}

static gboolean
since_option(const SgCtl *c, char **out, SgExit *code)
{
	const char *typed = sg_ctl_value(c, "since");
	gint64 when;

	if (typed == NULL)
		return TRUE;
	if (!sg_ctl_since(typed, sg_clock_now(), &when)) {
		*code = sg_ctl_fail(c, SG_EXIT_USAGE, "option --since", typed,
		    "Write 2h, 3d, today, yesterday, 2026-03-04 or a time as in RFC 3339.");
		return FALSE;
	}
	*out = g_strdup_printf("%" G_GINT64_FORMAT, when);
	return TRUE;
}

/* What waits is looked at by a time; among all, what became of each counts. */
static gboolean
print_queue(const SgCtl *c, const json_t *rows)
{
	gboolean people = sg_ctl_has(c, "people"), all = sg_ctl_has(c, "all");
	const SgColumn columns[] = {
		{ "ID", "id", SG_COL_TEXT, 0 },
		{ "URGENCY", "urgency", SG_COL_TEXT, 0 },
		{ "REASON", "why", SG_COL_TEXT, 9 },
		{ "WAY", "way", SG_COL_TEXT, 0 },
		{ "FROM", people ? "from.address" : "from.group", SG_COL_TEXT, 4 },
		{ "TO", people ? "to.addresses" : "_to", SG_COL_TEXT, 5 },
		{ all ? "STATE" : "LOOK BY", all ? "state" : "_due", SG_COL_TEXT, 0 },
		{ "WITH", "with", SG_COL_TEXT, 3 },
	};

	return sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns));
}

/* All pages of the list, joined. */
static SgExit
fetch_queue(SgCtl *c, const char *since, json_t *rows)
{
	json_int_t next = 0;
	SgExit code = SG_EXIT_OK;

	/* the last page has no next one */
	while (next >= 0 && code == SG_EXIT_OK && !c->interrupted()) {
		g_auto(SgAnswer) a = { 0, NULL };
		g_autofree char *offset = g_strdup_printf("%" JSON_INTEGER_FORMAT, next);
		g_autofree char *path = sg_ask_path("/queue", "urgency", sg_ctl_value(c, "urgency"),
		    "reason", sg_ctl_value(c, "reason"), "late", sg_ctl_has(c, "late") ? "1" : NULL,
		    "since", since, "show", sg_ctl_has(c, "all") ? "all" : NULL, "people",
		    sg_ctl_has(c, "people") ? "1" : NULL, "offset", offset, NULL);

		code = sg_ask(c, path, NULL, "the list cannot be shown", &a);
		next = json_is_integer(json_object_get(a.body, "next")) &&
			       json_array_size(rows) < LIST_MOST
			   ? json_integer_value(json_object_get(a.body, "next"))
			   : -1;
		if (code == SG_EXIT_OK)
			(void)json_array_extend(rows, json_object_get(a.body, "rows"));
	}
	return code;
}

SgExit
sg_c_held_list(SgCtl *c)
{
	g_autofree char *since = NULL;
	SgExit code;
	json_t *rows;
	guint late = 0;

	if (!since_option(c, &since, &code))
		return code;
	rows = json_array();
	code = fetch_queue(c, since, rows);
	for (gsize i = 0; i < json_array_size(rows); i++) {
		add_derived(c, json_array_get(rows, i));
		late += json_is_true(json_object_get(json_array_get(rows, i), "late"));
	}
	if (code == SG_EXIT_OK && !print_queue(c, rows))
		code = SG_EXIT_USAGE;
	else if (code == SG_EXIT_OK) {
		sg_ctl_say(c, "%u %s, %u late", (guint)json_array_size(rows),
		    sg_ctl_has(c, "all") ? "in all" : "waiting", late);
		code = json_array_size(rows) > 0 ? SG_EXIT_OK : SG_EXIT_NO;
	}
	json_decref(rows);
	return code;
}

/* --- one message ------------------------------------------------------------ */

static void
print_pieces(const SgCtl *c, const json_t *pieces, const char *indent)
{
	g_autoptr(GString) s = g_string_new(NULL);

	for (gsize i = 0; i < json_array_size(pieces); i++) {
		const json_t *p = json_array_get(pieces, i);
		gboolean hit = json_is_true(json_object_get(p, "hit"));

		g_string_append_printf(
		    s, "%s%s%s", hit ? ">" : "", sg_json_str(p, "text"), hit ? "<" : "");
	}
	sg_out_text(c, s->str, indent);
}

static void
print_hits(const SgCtl *c, const json_t *hits)
{
	if (json_array_size(hits) > 0)
		sg_out_heading(c, "\nWhy it was held");
	for (gsize i = 0; i < json_array_size(hits); i++) {
		const json_t *h = json_array_get(hits, i);
		g_autofree char *line = g_strdup_printf("%s (%s), in the %s%s%s",
		    sg_json_str(h, "rule_text"), sg_json_str(h, "rule"), sg_json_str(h, "where"),
		    *sg_json_str(h, "name") != '\0' ? " " : "", sg_json_str(h, "name"));

		sg_out_text(c, line, "  ");
		if (json_array_size(json_object_get(h, "excerpt")) > 0)
			print_pieces(c, json_object_get(h, "excerpt"), "    ");
	}
}

static void
print_attachments(const SgCtl *c, const json_t *list)
{
	static const SgColumn columns[] = {
		{ "PART", "part", SG_COL_TEXT, 0 },
		{ "NAME", "name", SG_COL_TEXT, 5 },
		{ "TYPE", "type", SG_COL_TEXT, 9 },
		{ "SIZE", "bytes", SG_COL_NUMBER, 0 },
		{ "ENCRYPTION", "encryption", SG_COL_TEXT, 0 },
		{ "REMARKS", "notes", SG_COL_TEXT, 7 },
	};

	if (json_array_size(list) == 0)
		return;
	sg_out_heading(c, "\nAttachments");
	(void)sg_out_rows(c, list, columns, G_N_ELEMENTS(columns));
}

static void
print_copies(const SgCtl *c, const json_t *list)
{
	static const SgColumn columns[] = {
		{ "COPY", "n", SG_COL_NUMBER, 0 }, { "TO", "to", SG_COL_TEXT, 5 },
		{ "STATE", "state", SG_COL_TEXT, 0 }, { "ANSWER", "answer", SG_COL_TEXT, 9 },
	};

	sg_out_heading(c, "\nCopies");
	for (gsize i = 0; i < json_array_size(list); i++) {
		json_t *copy = json_array_get(list, i);
		const char *address = sg_json_str(copy, "address");

		json_object_set_new(copy, "to",
		    json_string(*address != '\0' ? address : sg_json_str(copy, "group")));
	}
	(void)sg_out_rows(c, list, columns, G_N_ELEMENTS(columns));
}

static void
print_looked(const SgCtl *c, const json_t *list)
{
	if (json_array_size(list) > 0)
		sg_out_heading(c, "\nWhat happened before");
	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *e = json_array_get(list, i);
		g_autofree char *when = sg_out_time(c, sg_json_str(e, "when"));
		g_autofree char *line = g_strdup_printf("%s  %s %s %s", when,
		    sg_json_str(e, "actor"), sg_json_str(e, "action"), sg_json_str(e, "detail"));

		sg_out_text(c, line, "  ");
	}
}

static void
print_texts(const SgCtl *c, const json_t *texts)
{
	for (gsize i = 0; i < json_array_size(texts); i++) {
		const json_t *t = json_array_get(texts, i);
		g_autofree char *head = g_strdup_printf("%s%s%s", sg_json_str(t, "where"),
		    *sg_json_str(t, "name") != '\0' ? " " : "", sg_json_str(t, "name"));

		putchar('\n');
		sg_out_text(c, head, "--- ");
		print_pieces(c, json_object_get(t, "pieces"), "  ");
	}
}

static void
print_facts(const SgCtl *c, const json_t *m)
{
	static const struct {
		const char *label, *path;
	} facts[] = {
		{ "Message", "id" },
		{ "Reason", "why" },
		{ "Urgency", "urgency" },
		{ "Way", "direction" },
		{ "From", "from.group" },
		{ "Sender", "from.address" },
		{ "To", "to.group" },
		{ "Recipients", "to.count" },
		{ "Status", "state" },
		{ "With", "with" },
		{ "Decision", "decision.label" },
		{ "By", "decision.by" },
		{ "Because", "decision.reason" },
		{ "Note", "note" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(facts); i++) {
		g_autofree char *value = sg_json_at(m, facts[i].path);

		sg_out_fact(c, facts[i].label, value);
	}
	for (const char *const *t = (const char *const[]){"held", "look_by", NULL}; *t != NULL;
	     t++) {
		g_autofree char *when = sg_out_time(c, json_string_value(json_object_get(m, *t)));

		sg_out_fact(c, **t == 'h' ? "Held" : "Look by", when);
	}
}

static void
print_message(const SgCtl *c, const json_t *m)
{
	if (sg_ctl_has(c, "json")) {
		sg_out_json(m);
		return;
	}
	print_facts(c, m);
	print_hits(c, json_object_get(m, "hits"));
	print_texts(c, json_object_get(m, "texts"));
	print_attachments(c, json_object_get(m, "attachments"));
	print_copies(c, json_object_get(m, "copies"));
	print_looked(c, json_object_get(m, "looked"));
}

SgExit
sg_c_held_show(SgCtl *c)
{
	g_auto(SgAnswer) a = { 0, NULL };
	SgExit code = SG_EXIT_USAGE;
	g_autofree char *path = sg_held_path(c, sg_ctl_arg(c, 0), "", &code);
	g_autofree char *full = path != NULL ? sg_ask_path(path, "rung", "1", "people",
	    sg_ctl_has(c, "people") ? "1" : NULL, NULL) : NULL;

	if (full == NULL)
		return code;
	code = sg_ask(c, full, NULL, "the message cannot be shown", &a);
	if (code == SG_EXIT_OK)
		print_message(c, a.body);
	return code;
}

/* No rung is left out: the words are asked for on the way to the text, and both are on record. */
SgExit
sg_c_held_read(SgCtl *c)
{
	static const char *const rungs[] = { "words", "text" };
	SgExit code = SG_EXIT_USAGE;
	g_autofree char *path = sg_held_path(c, sg_ctl_arg(c, 0), "reveal", &code);
	guint last = sg_ctl_has(c, "text") ? 1 : 0;

	if (path == NULL)
		return code;
	if (sg_ctl_has(c, "words") && sg_ctl_has(c, "text"))
		return sg_ctl_fail(c, SG_EXIT_USAGE, "--words and --text", "one of them at a time",
		    "Start with --words; --text is the next step.");
	for (guint i = 0; i <= last; i++) {
		g_auto(SgAnswer) a = { 0, NULL };

		code = sg_ask(c, path, json_pack("{s:s}", "rung", rungs[i]),
		    "the message cannot be shown", &a);
		if (code != SG_EXIT_OK)
			return code;
		if (i < last)
			continue;
		print_message(c, a.body);
		sg_ctl_say(c, "On record: you have seen %s. You have it until %s.",
		    last == 1 ? "the text" : "the matched words", sg_json_str(a.body, "until"));
	}
	return SG_EXIT_OK;
}
