#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "ctl/c_rules.h"
#include "ctl/out.h"
#include "ctl/verbs.h"
#include "rule/explain.h"

#define PHRASE_MAX (1u << 20)

/* Arguments that are directories hold the rules; the others are the phrase. */
static char *
phrase_of(SgCtl *c, GPtrArray *dirs, GError **error)
{
	g_autoptr(GString) s = g_string_new(NULL);
	char *text;

	for (guint i = 0; i < c->args->len; i++) {
		const char *arg = sg_ctl_arg(c, i);

		if (g_file_test(arg, G_FILE_TEST_IS_DIR))
			g_ptr_array_add(dirs, (gpointer)(gsize)arg);
		else
			g_string_append_printf(s, "%s%s", s->len > 0 ? " " : "", arg);
	}
	g_ptr_array_add(dirs, NULL);
	if (s->len > 0 && !g_utf8_validate(s->str, (gssize)s->len, NULL)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "the phrase is not UTF-8 text");
		return NULL;
	}
	text = s->len > 0 ? g_strdup(s->str) : sg_ctl_stdin(PHRASE_MAX, error);
	return text != NULL ? g_strchomp(text) : NULL;
}

/* "from=pupil to=outside" of --from and --to, which are classes here. */
static char *
facts_of(const SgCtl *c)
{
	const char *from = sg_ctl_value(c, "from"), *const *to = sg_ctl_values(c, "to");
	g_autofree char *all = to != NULL ? g_strjoinv(",", (char **)(gsize)to) : NULL;
	GString *s = g_string_new(NULL);

	if (from != NULL)
		g_string_append_printf(s, "from=%s ", from);
	if (all != NULL)
		g_string_append_printf(s, "to=%s ", all);
	return g_string_free(s, FALSE);
}

static gboolean
is_place(const char *where)
{
	static const char *const places[] = { "subject", "body", "quoted", "forwarded", "signature",
		"attachment", "name", "header", NULL };

	return g_strv_contains(places, where);
}

/* At a terminal: a paragraph for each rule. */
static void
print_sentences(const SgCtl *c, const json_t *rows, const char *outcome, const char *heading)
{
	gboolean headed = FALSE;

	for (gsize i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		if (strcmp(sg_json_str(row, "outcome"), outcome) != 0)
			continue;
		if (!headed) {
			putchar('\n');
			sg_out_heading(c, heading);
		}
		headed = TRUE;
		printf("  %s: %s\n", sg_json_str(row, "rule"), sg_json_str(row, "title"));
		sg_out_text(c, sg_json_str(row, "why"), "    ");
	}
}

static json_t *
matches_of(const json_t *rows)
{
	json_t *out = json_array();

	for (gsize i = 0; i < json_array_size(rows); i++)
		if (strcmp(sg_json_str(json_array_get(rows, i), "outcome"), "match") == 0)
			json_array_append(out, json_array_get(rows, i));
	return out;
}

static gboolean
print(SgCtl *c, const json_t *rows, const json_t *matches)
{
	static const SgColumn columns[] = {
		{ "RULE", "rule", SG_COL_TEXT, 3 },
		{ "CATEGORY", "category", SG_COL_TEXT, 5 },
		{ "SEVERITY", "severity", SG_COL_NUMBER, 0 },
		{ "CONFIDENCE", "confidence", SG_COL_TEXT, 0 },
		{ "DISGUISED", "disguised", SG_COL_TEXT, 0 },
		{ "TITLE", "title", SG_COL_TEXT, 9 },
		{ "OUTCOME", "outcome", SG_COL_TEXT, 0 },
		{ "WHY", "why", SG_COL_TEXT, 9 },
	};

	if (!c->table || sg_ctl_has(c, "json"))
		return sg_out_rows(c, rows, columns, G_N_ELEMENTS(columns));
	if (!sg_out_rows(c, matches, columns, G_N_ELEMENTS(columns) - 2))
		return FALSE;
	print_sentences(c, rows, "match", "Why");
	print_sentences(c, rows, "stopped", "Nearly");
	return TRUE;
}

SgExit
sg_c_rules_test(SgCtl *c)
{
	g_autoptr(GPtrArray) dirs = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	const char *where = sg_ctl_value(c, "where");
	g_autofree char *facts = facts_of(c), *phrase = NULL;
	SgExplainAsk ask = { .where = where != NULL ? where : "body", .facts = facts };
	g_autoptr(SgRuleset) r = NULL;
	g_autoptr(SgRoster) roster = NULL;
	json_t *rows, *matches;
	gboolean shown;
	SgExit code;

	if (!is_place(ask.where))
		return sg_ctl_fail(c, SG_EXIT_USAGE, "there is no such place in a message", where,
		    "Choose subject, body, quoted, forwarded, signature, attachment, name or header.");
	phrase = phrase_of(c, dirs, &error);
	if (phrase == NULL)
		return sg_ctl_fail_error(c, "the phrase was not tested", error);
	r = sg_rules_load(c, (const char *const *)dirs->pdata, &code);
	if (r == NULL)
		return code;
	roster = sg_rules_roster(c);
	ask.text = phrase;
	ask.roster = roster;
	rows = sg_explain(r, &ask, &error);
	if (rows == NULL)
		return sg_ctl_fail_error(c, "the phrase was not tested", error);
	matches = matches_of(rows);
	code = json_array_size(matches) > 0 ? SG_EXIT_NO : SG_EXIT_OK;
	shown = print(c, rows, matches);
	if (code == SG_EXIT_OK)
		sg_ctl_say(c, "No rule matches.");
	json_decref(rows);
	json_decref(matches);
	return shown ? code : SG_EXIT_USAGE;
}
