/* examples - a rule that fails its own examples is not loaded. */
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "roster/rostersample.h"
#include "rule/own.h"
#include "rule/set.h"

/* Facts under which the rule applies: the first value of each of its conditions. */
static char *
own_facts(const SgRule *rule)
{
	GString *facts = g_string_new(NULL);

	for (guint i = 0; i < rule->context->len; i++) {
		const SgContext *c = &g_array_index(rule->context, SgContext, i);

		if (c->values[0] != NULL)
			g_string_append_printf(facts, "%s=%s ", c->key, c->values[0]);
	}
	return g_string_free(facts, FALSE);
}

static const char *
own_where(const SgRule *rule)
{
	static const char *const order[] = { "body", "subject", "attachment", "quoted",
		"forwarded", "signature", "name", "header" };

	for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
		if ((rule->where & sg_where_bit(order[i])) != 0)
			return order[i];
	return "body";
}

static gboolean
raises(SgMatch *m, const SgRule *rule, const SgExample *x, GError **error)
{
	g_autoptr(GPtrArray) findings =
	    g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	g_autofree char *facts = x->facts != NULL ? g_strdup(x->facts) : own_facts(rule);
	g_autofree char *where = g_strdup(x->where != NULL ? x->where : own_where(rule));
	char nothing[] = "";

	sg_match_begin(m, facts);
	if (rule->matcher->part != NULL) {
		SgPartInfo part = { .part = nothing, .name = x->text, .declared = nothing,
			.detected = x->type != NULL ? x->type : nothing,
			.sha256 = nothing, .state = nothing, .strength = nothing,
			.method = nothing, .kinds = x->kinds != NULL ? x->kinds : nothing,
			.notes = nothing };

		sg_match_part(m, &part);
	} else {
		SgText text = { .where = where, .part = nothing, .name = nothing, .text = x->text };

		/* a tab in the first line: a table */
		for (const char *p = x->text; *p != '\0' && *p != '\n'; p++)
			text.columns += *p == '\t' ? text.columns == 0 ? 2 : 1 : 0;

		if (!sg_match_text(m, &text, error))
			return FALSE;
	}
	sg_match_end(m, findings);
	for (guint i = 0; i < findings->len; i++)
		if (strcmp(((SgFinding *)g_ptr_array_index(findings, i))->rule, rule->id) == 0)
			/* what is only quoted has less */
			return ((SgFinding *)g_ptr_array_index(findings, i))->severity >=
			    rule->severity;
	return FALSE;
}

static void
run(SgMatch *m, const SgRule *rule, const GArray *examples, guint most, gboolean hit, GPtrArray *problems)
{
	for (guint i = 0; i < MIN(examples->len, most); i++) {
		const SgExample *x = &g_array_index(examples, SgExample, i);
		g_autoptr(GError) error = NULL;
		gboolean got = raises(m, rule, x, &error);

		if (error != NULL)
			sg_rule_tell(problems, "%s:%u: %s", rule->file, x->line, error->message);
		else if (hit && !got && !sg_allow_blamed(rule, x->text, problems))
			sg_rule_tell(problems, "%s:%u: rule %s does not match its own example %u "
			    "of hit; correct the rule or the example", rule->file, x->line,
			    rule->id, i + 1);
		else if (!hit && got)
			sg_rule_tell(problems, "%s:%u: rule %s matches its own example %u of miss; "
			    "correct the rule or the example", rule->file, x->line, rule->id,
			    i + 1);
	}
}

/* These rules, with these examples, and this very program: what they say once they say
 * again.  NULL: it cannot be told. */
static char *
identity(const SgRuleset *set, const char *hash)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *program = NULL;
	struct stat st;

	if (stat("/proc/self/exe", &st) != 0)
		return NULL;
	program = g_strdup_printf("%s %ju %ju %jd %jd.%09ld", hash, (uintmax_t)st.st_dev, (uintmax_t)st.st_ino,
	    (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	g_checksum_update(sum, (const guchar *)program, (gssize)strlen(program));
	/* the same files say something else in another order */
	for (guint i = 0; i < set->rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(set->rules, i);
		g_autofree char *place = g_strdup_printf("%s %s %u %s\n", rule->id, rule->file, rule->line,
		    rule->changed != NULL ? rule->changed : "");

		g_checksum_update(sum, (const guchar *)place, (gssize)strlen(place));
	}
	return g_strdup(g_checksum_get_string(sum));
}

void
sg_examples_run(SgRuleset *set, const char *hash, GPtrArray *problems)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgMatch) m = sg_match_new(set, 100, &error);
	g_autoptr(SgRoster) sample = m != NULL ? sg_roster_sample(&error) : NULL;
	g_autofree char *key = identity(set, hash);
	guint before = problems->len;

	if (sample == NULL) {
		sg_rule_tell(problems, "the examples cannot be run: %s", error->message);
		return;
	}
	sg_match_roster(m, sample);
	set->tried = key == NULL || strcmp(set->database->passed, key) != 0;
	for (guint i = 0; i < set->rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(set->rules, i);

		run(m, rule, rule->hits, set->tried ? G_MAXUINT : 1, TRUE, problems);
		run(m, rule, rule->misses, set->tried ? G_MAXUINT : 0, FALSE, problems);
	}
	if (set->tried && key != NULL && problems->len == before)
		sg_database_note_passed(set->database, key);
}
