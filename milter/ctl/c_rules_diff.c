#include <stdio.h>
#include <string.h>

#include "ctl/c_rules.h"
#include "ctl/out.h"
#include "ctl/verbs.h"
#include "rule/describe.h"

#define NAMED 3u	/* words named in one line; the others are counted */

typedef struct {
	json_t	  *rows;
	GHashTable *allowed;	/* allow-phrases of the old set */
	GHashTable *told;	/* new allow-phrases: each is told once, not for every rule */
	guint	   weaker;
} Diff;

static void G_GNUC_PRINTF(5, 6)
tell(Diff *d, const char *rule, const char *change, gboolean weaker, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	d->weaker += weaker != FALSE;
	json_array_append_new(d->rows, json_pack("{s:s s:s s:b s:s s:s}", "rule", rule, "change", change, "weaker",
	    weaker != FALSE, "_weaker", weaker ? "less" : "", "what", text));
}

static GHashTable *
set_of(const json_t *list)
{
	GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

	for (gsize i = 0; i < json_array_size(list); i++)
		g_hash_table_add(set, (gpointer)(gsize)json_string_value(json_array_get(list, i)));
	return set;
}

/* What a has and b has not: how many, and the first ones by name. */
static guint
missing(const json_t *a, const json_t *b, char **names)
{
	g_autoptr(GHashTable) have = set_of(b);
	GString *s = g_string_new(NULL);
	guint n = 0;

	for (gsize i = 0; i < json_array_size(a); i++) {
		const char *text = json_string_value(json_array_get(a, i));

		if (g_hash_table_contains(have, text))
			continue;
		if (n++ < NAMED)
			g_string_append_printf(s, "%s\"%s\"", s->len > 0 ? ", " : "", text);
	}
	if (n > NAMED)
		g_string_append_printf(s, " and %u more", n - NAMED);
	*names = g_string_free(s, FALSE);
	return n;
}

/* A list of which a longer one protects more (words), or less (exceptions). */
static void
diff_list(Diff *d, const char *rule, const char *what, const json_t *old, const json_t *new, gboolean more_is_better)
{
	g_autofree char *gone = NULL, *come = NULL;
	guint n_gone = missing(old, new, &gone), n_come = missing(new, old, &come);

	if (n_gone > 0)
		tell(d, rule, "changed", more_is_better, "%s: %u fewer: %s", what, n_gone, gone);
	if (n_come > 0)
		tell(d, rule, "changed", !more_is_better, "%s: %u more: %s", what, n_come, come);
}

static void
diff_words(Diff *d, const char *rule, const json_t *old, const json_t *new)
{
	static const char *const kinds[] = { "words", "regex", "a", "b", "not", "say", NULL };

	for (guint i = 0; kinds[i] != NULL; i++)
		diff_list(d, rule, kinds[i], json_object_get(json_object_get(old, "words"), kinds[i]),
		    json_object_get(json_object_get(new, "words"), kinds[i]), strcmp(kinds[i], "not") != 0);
	diff_list(d, rule, "in", json_object_get(old, "in"), json_object_get(new, "in"), TRUE);
	diff_list(d, rule, "except", json_object_get(old, "except"), json_object_get(new, "except"), FALSE);
	diff_list(d, rule, "needs", json_object_get(old, "needs"), json_object_get(new, "needs"), FALSE);
	diff_list(d, rule, "must match", json_object_get(old, "hit"), json_object_get(new, "hit"), TRUE);
}

/* A context that a rule did not have before narrows it; a class that is gone from one, too. */
static void
diff_context(Diff *d, const char *rule, const json_t *old, const json_t *new)
{
	static const char *const keys[] = { "from", "to", "route", "file", NULL };

	for (guint i = 0; keys[i] != NULL; i++) {
		const json_t *a = json_object_get(json_object_get(old, "context"), keys[i]);
		const json_t *b = json_object_get(json_object_get(new, "context"), keys[i]);

		if (a == NULL && b != NULL)
			tell(d, rule, "changed", TRUE, "context: only with %s now", keys[i]);
		else if (a != NULL && b == NULL)
			tell(d, rule, "changed", FALSE, "context: with any %s now", keys[i]);
		else
			diff_list(d, rule, keys[i], a, b, TRUE);
	}
}

static void
diff_number(Diff *d, const char *rule, const char *key, const json_t *old, const json_t *new, gboolean more_is_better)
{
	json_int_t a = json_integer_value(json_object_get(old, key)), b = json_integer_value(json_object_get(new, key));

	if (a != b)
		tell(d, rule, "changed", (b < a) == more_is_better, "%s: %d, was %d", key, (int)b, (int)a);
}

static void
diff_text(Diff *d, const char *rule, const char *key, const json_t *old, const json_t *new)
{
	const char *a = sg_json_str(old, key), *b = sg_json_str(new, key);

	if (strcmp(a, b) != 0)
		tell(d, rule, "changed", FALSE, "%s: %s, was %s", key, b, a);
}

static void
diff_allows(Diff *d, const json_t *new)
{
	const json_t *list = json_object_get(new, "allow");

	for (gsize i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (!g_hash_table_contains(d->allowed, text) && g_hash_table_add(d->told, g_strdup(text)))
			tell(d, sg_json_str(new, "rule"), "allowed", TRUE, "allow-phrase \"%s\", for this rule and perhaps others", text);
	}
}

static void
diff_rule(Diff *d, const json_t *old, const json_t *new)
{
	const char *rule = sg_json_str(new, "rule");
	guint a = sg_confidence_parse(sg_json_str(old, "confidence"));
	guint b = sg_confidence_parse(sg_json_str(new, "confidence"));

	diff_number(d, rule, "severity", old, new, TRUE);
	if (a != b)
		tell(d, rule, "changed", b < a, "confidence: %s, was %s", sg_confidence_name(b), sg_confidence_name(a));
	diff_text(d, rule, "category", old, new);
	diff_text(d, rule, "type", old, new);
	diff_text(d, rule, "title", old, new);
	diff_number(d, rule, "within", old, new, TRUE);
	diff_number(d, rule, "atleast", old, new, FALSE);
	diff_number(d, rule, "say", old, new, TRUE);
	diff_number(d, rule, "unless", old, new, FALSE);
	diff_words(d, rule, old, new);
	diff_context(d, rule, old, new);
	diff_allows(d, new);
}

static json_t *
describe_all(const SgRuleset *r)
{
	json_t *all = json_object();

	for (guint i = 0; i < sg_ruleset_size(r); i++)
		json_object_set_new(all, sg_ruleset_info(r, i)->id, sg_describe_rule(r, i));
	return all;
}

static void
collect_allowed(GHashTable *out, const json_t *all)
{
	const char *id;
	json_t *rule;

	json_object_foreach((json_t *)(gsize)all, id, rule) {
		const json_t *list = json_object_get(rule, "allow");

		for (gsize i = 0; i < json_array_size(list); i++)
			g_hash_table_add(out, g_strdup(json_string_value(json_array_get(list, i))));
	}
}

static void
diff_sets(Diff *d, const json_t *old, const json_t *new)
{
	const char *id;
	json_t *rule;

	collect_allowed(d->allowed, old);
	json_object_foreach((json_t *)(gsize)old, id, rule)
		if (json_object_get(new, id) == NULL)
			tell(d, id, "removed", TRUE, "is gone: %s", sg_json_str(rule, "title"));
	json_object_foreach((json_t *)(gsize)new, id, rule) {
		const json_t *before = json_object_get(old, id);

		if (before != NULL) {
			diff_rule(d, before, rule);
			continue;
		}
		tell(d, id, "added", FALSE, "is new: %s", sg_json_str(rule, "title"));
		diff_allows(d, rule);
	}
}

/* Directories joined by ":". */
static SgRuleset *
load_joined(SgCtl *c, const char *joined, SgExit *code)
{
	g_auto(GStrv) dirs = g_strsplit(joined, ":", -1);

	return sg_rules_load(c, (const char *const *)dirs, code);
}

/* One directory: the rules in use without it, and with it behind them. */
static gboolean
load_own(SgCtl *c, const char *own, SgRuleset **old, SgRuleset **new, SgExit *code)
{
	const char *const *dirs = sg_ctl_values(c, "rules");
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autofree char *real = g_canonicalize_filename(own, NULL);
	const SgOptions *o = dirs == NULL ? sg_ctl_options(c) : NULL;

	*code = SG_EXIT_USAGE;
	if (dirs == NULL && o == NULL)
		return FALSE;
	if (dirs == NULL)
		dirs = (const char *const *)(gsize)o->files.rules;
	for (; *dirs != NULL; dirs++) {
		g_autofree char *one = g_canonicalize_filename(*dirs, NULL);

		if (strcmp(one, real) != 0)
			g_ptr_array_add(list, (gpointer)(gsize)*dirs);
	}
	g_ptr_array_add(list, NULL);
	*old = sg_rules_load(c, (const char *const *)list->pdata, code);
	g_ptr_array_insert(list, (gint)list->len - 1, (gpointer)(gsize)own);
	*new = *old != NULL ? sg_rules_load(c, (const char *const *)list->pdata, code) : NULL;
	return *new != NULL;
}

static SgExit
compare(SgCtl *c, const SgRuleset *a, const SgRuleset *b)
{
	static const SgColumn columns[] = {
		{ "RULE", "rule", SG_COL_TEXT, 3 },
		{ "CHANGE", "change", SG_COL_TEXT, 0 },
		{ "PROTECTS", "_weaker", SG_COL_TEXT, 0 },
		{ "WHAT", "what", SG_COL_TEXT, 9 },
	};
	Diff d = { .rows = json_array() };
	json_t *old = describe_all(a), *new = describe_all(b);
	gboolean shown;

	d.allowed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	d.told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	diff_sets(&d, old, new);
	shown = sg_out_rows(c, d.rows, columns, G_N_ELEMENTS(columns));
	sg_ctl_say(c, "%u differences, %u of them protect less.", (guint)json_array_size(d.rows), d.weaker);
	g_hash_table_unref(d.allowed);
	g_hash_table_unref(d.told);
	json_decref(d.rows);
	json_decref(old);
	json_decref(new);
	return !shown ? SG_EXIT_USAGE : d.weaker > 0 ? SG_EXIT_NO : SG_EXIT_OK;
}

SgExit
sg_c_rules_diff(SgCtl *c)
{
	const char *one = sg_ctl_arg(c, 0), *two = sg_ctl_arg(c, 1);
	SgRuleset *old = NULL, *new = NULL;
	SgExit code = SG_EXIT_USAGE;

	if (two == NULL)
		(void)load_own(c, one, &old, &new, &code);
	else if ((old = load_joined(c, one, &code)) != NULL)
		new = load_joined(c, two, &code);
	if (new != NULL)
		code = compare(c, old, new);
	if (old != NULL)
		sg_ruleset_unref(old);
	if (new != NULL)
		sg_ruleset_unref(new);
	return code;
}
