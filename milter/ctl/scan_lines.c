#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "ctl/c_rules.h"
#include "ctl/c_scan.h"
#include "rule/ruleset.h"

#define LINE_MAX_BYTES (16u << 20)
#define FOUND	       0.5	/* of a score: the most that findings alone give */

/* Severity counts most, then how sure the rule is, then how much else there was; and how
 * near the text came to what a model calls harmful, found or not.  A score orders texts, it
 * is not a probability. */
static double
score_of(const GPtrArray *findings, double nearness)
{
	double best = 0.0;

	for (guint i = 0; i < findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(findings, i);
		double one = (MIN(f->severity, 5u) * 3.0 + MIN(f->confidence, 3u) - 1.0) / 17.0;

		best = MAX(best, one);
	}
	if (findings->len > 1)
		best += (1.0 - best) * MIN(findings->len - 1, 10u) / 100.0;
	return 1.0 - (1.0 - FOUND * best) * (1.0 - nearness);
}

static gboolean
stops(const SgFinding *f)
{
	return f->severity >= 3 && f->confidence >= SG_CONF_MEDIUM;
}

static gboolean
has_string(const json_t *array, const char *s)
{
	for (gsize i = 0; i < json_array_size(array); i++)
		if (strcmp(json_string_value(json_array_get(array, i)), s) == 0)
			return TRUE;
	return FALSE;
}

typedef struct {
	const SgRuleset *rules;
	const SgMatch	*match;
	const char	*text;
	gsize		 len;
	gsize		 at;	/* of the place asked for last: spans mostly come in order */
	glong		 chars;	/* before it */
} Asked;

/* Characters, not bytes: what the reader of JSON counts in. */
static glong
chars_before(Asked *a, gsize at)
{
	if (at >= a->at)
		a->chars += g_utf8_strlen(a->text + a->at, (gssize)(at - a->at));
	else
		a->chars -= g_utf8_strlen(a->text + at, (gssize)(a->at - at));
	a->at = at;
	return a->chars;
}

/* One finding has one place, but a rule may have hit in several: as many spans as there are
 * hits. */
static void
add_span(Asked *a, json_t *spans, gsize at, gsize n, const char *type)
{
	glong from, to;

	at = MIN(at, a->len);
	n = MIN(n, a->len - at);
	from = chars_before(a, at);
	to = from + g_utf8_strlen(a->text + at, (gssize)n);
	json_array_append_new(spans, json_pack("[i i s]", (int)from, (int)to, type));
}

static void
add_spans(Asked *a, json_t *spans, const SgFinding *f, const char *type)
{
	guint n, of_rule = 0;
	const SgHitSpan *hit = sg_match_spans(a->match, &n);

	for (guint i = 0; i < n; i++)
		if (strcmp(sg_ruleset_info(a->rules, hit[i].rule)->id, f->rule) == 0) {
			add_span(a, spans, hit[i].at, hit[i].len, type);
			of_rule++;
		}
	if (of_rule == 0 && f->text_len > 0)	/* a rule that counts */
		add_span(a, spans, f->text_at, f->text_len, type);
}

static void
add_name(json_t *array, const char *name)
{
	if (!has_string(array, name))
		json_array_append_new(array, json_string(name));
}

static const char *const *
labels_of(const SgRuleset *rules, const SgFinding *f)
{
	static const char *const none[] = { NULL };
	const SgRuleInfo *info = sg_ruleset_find(rules, f->rule);

	return info != NULL ? info->labels : none;	/* a limit is no rule */
}

static json_t *
answer(Asked *a, const json_t *id, const GPtrArray *findings, double nearness)
{
	json_t *categories = json_array(), *spans = json_array();
	gboolean flagged = FALSE;

	for (guint i = 0; i < findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(findings, i);

		const char *const *label = labels_of(a->rules, f);

		flagged = flagged || stops(f);
		add_spans(a, spans, f, f->rule);
		if (f->confidence < SG_CONF_MEDIUM)
			continue;
		add_name(categories, f->category);
		for (; *label != NULL; label++) {
			add_name(categories, *label);
			add_spans(a, spans, f, *label);
		}
	}
	return json_pack("{s:O s:b s:o s:f s:o}", "id", id, "flagged", flagged, "categories",
	    categories, "score", score_of(findings, nearness), "spans", spans);
}

static json_t *
match_line(const SgRuleset *rules, SgMatch *m, const char *line)
{
	g_autoptr(GPtrArray) findings =
	    g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	g_autoptr(GError) error = NULL;
	json_t *in = json_loads(line, 0, NULL), *out;
	const json_t *id = json_object_get(in, "id");
	g_autofree char *text = g_strdup(json_string_value(json_object_get(in, "text")));
	char where[] = "body", none[] = "";
	SgText t = { .where = where, .part = none, .name = none, .text = text };

	if (id == NULL || text == NULL)
		out = json_pack(
		    "{s:O? s:s}", "id", id, "error", "not an object with \"id\" and \"text\"");
	else {
		sg_match_begin(m, "");
		if (!sg_match_text(m, &t, &error))
			out = json_pack("{s:O s:s}", "id", id, "error", error->message);
		else
			out = NULL;
		sg_match_end(m, findings);
		if (out == NULL)
			out = answer(&(Asked){ rules, m, text, strlen(text), 0, 0 }, id, findings, sg_match_nearness(m));
	}
	json_decref(in);
	return out;
}

static SgRuleset *
load(SgCtl *c, GError **error)
{
	const char *const *dirs = sg_ctl_values(c, "rules");
	const SgOptions *o;

	if (dirs != NULL)
		return sg_ruleset_load((char *const *)dirs, NULL, NULL, error);
	o = sg_ctl_options(c);
	if (o == NULL) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP,
		    "there are no rules to match with; "
		    "name a configuration with --config, or rules with --rules");
		return NULL;
	}
	return sg_ruleset_load(o->files.rules, o->scan.cache, NULL, error);
}

SgExit
sg_scan_lines(SgCtl *c)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgRuleset) rules = load(c, &error);
	g_autoptr(SgMatch) m = rules != NULL ? sg_match_new(rules, 1000, &error) : NULL;
	g_autoptr(SgRoster) roster = sg_rules_roster(c);
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	gboolean flagged = FALSE, bad = FALSE;

	if (m == NULL)
		return sg_ctl_fail_error(c, "nothing was matched", error);
	sg_match_roster(m, roster);
	while (!c->interrupted() && (n = getline(&line, &room, stdin)) > 0) {
		json_t *out = n <= (ssize_t)LINE_MAX_BYTES
				  ? match_line(rules, m, line)
				  : json_pack("{s:s}", "error", "line too long");
		char *text =
		    json_dumps(out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(4));

		flagged = flagged || json_is_true(json_object_get(out, "flagged"));
		bad = bad || json_object_get(out, "error") != NULL;
		printf("%s\n", text);
		free(text);
		json_decref(out);
	}
	free(line);
	return bad ? SG_EXIT_PARTLY : flagged ? SG_EXIT_NO : SG_EXIT_OK;
}
