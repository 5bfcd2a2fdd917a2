#include <string.h>

#include "rule/describe.h"
#include "rule/explain.h"
#include "rule/set.h"

#define MATCHES 1000u
#define QUOTED	80	/* characters of the text in one sentence */

typedef struct {
	SgRuleset	   *set;
	const SgExplainAsk *ask;
	SgMatch		   *match;
	GArray		  **hits;	/* by rule: SgHitAt, or NULL */
	SgCanon		   *canon;
	json_t		   *rows;
	guint8		   *masked;	/* by byte of the text: part of a value */
} Explain;

static void
on_hits(gpointer data, guint rule, const SgHitAt *hits, guint n)
{
	Explain *x = data;

	if (x->hits[rule] == NULL)
		x->hits[rule] = g_array_new(FALSE, FALSE, sizeof(SgHitAt));
	if (x->hits[rule]->len < MATCHES)
		g_array_append_vals(x->hits[rule], hits, n);
}

/* Values keep their first three characters and their last two, as everywhere. */
static void
note_values(Explain *x)
{
	g_autofree char *hidden = sg_match_hidden(x->match);
	gsize len = strlen(x->ask->text);

	for (const char *p = hidden; *p != '\0'; p += strspn(p, " ")) {
		char *next;
		gsize at = (gsize)g_ascii_strtoull(p, &next, 10), end = (gsize)g_ascii_strtoull(next + 1, &next, 10);
		gsize front = end - at >= 8 ? 3 : 0, back = front > 0 ? 2 : 0;

		for (gsize i = at + front; i + back < MIN(end, len + back); i++)
			x->masked[i] = 1;
		p = next;
	}
}

static gboolean
run(Explain *x, const char *where, const char *facts, GPtrArray *findings, GError **error)
{
	g_autofree char *place = g_strdup(where), *text = g_strdup(x->ask->text);
	char none[] = "";
	SgText t = { .where = place, .part = none, .name = none, .text = text };

	sg_match_begin(x->match, facts);
	if (!sg_match_text(x->match, &t, error))
		return FALSE;
	note_values(x);
	sg_match_end(x->match, findings);
	return TRUE;
}

/* Bytes [from, from + n) of the text, without what is to be masked. */
static char *
piece_of(const Explain *x, gsize from, gsize n)
{
	GString *s = g_string_new(NULL);

	for (gsize i = from; i < from + n; i++) {
		char c = x->ask->text[i];

		if (x->masked[i] == 0 || c == ' ')
			g_string_append_c(s, c);
		else if (((guchar)c & 0xc0) != 0x80)
			g_string_append(s, "\xe2\x80\xa2");
	}
	return g_string_free(s, FALSE);
}

/* A piece of the text, quoted, one line. */
static char *
quote(const Explain *x, gsize at, gsize len)
{
	gsize all = strlen(x->ask->text);
	gsize from = MIN(at, all), n = MIN(len, all - from);
	g_autofree char *piece = piece_of(x, from, n);

	g_strdelimit(piece, "\n\t\r", ' ');
	if (g_utf8_validate(piece, -1, NULL) && g_utf8_strlen(piece, -1) > QUOTED) {
		g_autofree char *cut = g_utf8_substring(piece, 0, QUOTED);

		return g_strdup_printf("\"%s...\"", cut);
	}
	return g_strdup_printf("\"%s\"", piece);
}

static const SgRule *
rule_named(const Explain *x, const char *id, guint *index)
{
	for (guint i = 0; i < x->set->rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(x->set->rules, i);

		*index = i;
		if (strcmp(rule->id, id) == 0)
			return rule;
	}
	return NULL;
}

/* "from pupil or staff, and to outside" */
static char *
context_words(const SgRule *rule)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < rule->context->len; i++) {
		const SgContext *c = &g_array_index(rule->context, SgContext, i);
		g_autofree char *values = g_strjoinv(" or ", c->values);

		g_string_append_printf(s, "%s%s %s", i > 0 ? ", and " : "",
		    strcmp(c->key, "file") == 0 ? "with a file that is" : c->key, values);
	}
	return g_string_free(s, FALSE);
}

static char *
place_words(const SgRule *rule)
{
	static const char *const order[] = { "subject", "body", "quoted", "forwarded", "signature",
		"attachment", "name", "header" };
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
		if ((rule->where & sg_where_bit(order[i])) != 0)
			g_ptr_array_add(names, (gpointer)(gsize)order[i]);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(", ", (char **)names->pdata);
}

/* How the matched words are what the rule looks for. */
static char *
how(const SgRule *rule)
{
	const char *name = rule->matcher->name;

	if (rule->of != NULL)
		return g_strdup_printf("has at least %u different hits of %s", rule->atleast,
		    rule->of);
	if (rule->matcher->pupils)
		return rule->atleast > 1 ? g_strdup_printf("is one of at least %u different pupils of the "
		    "school's roster", rule->atleast) : g_strdup("is on the school's roster, with what the rule asks "
		    "for beside it");
	if (rule->atleast > 0)
		return g_strdup_printf("is one of at least %u different words of its list",
		    rule->atleast);
	if (strcmp(name, "near") == 0)
		return g_strdup_printf("has a word of each of its two lists, at most %u characters "
		    "apart", GPOINTER_TO_UINT(rule->data));
	if (strcmp(name, "words") == 0)
		return g_strdup("is one of its words");
	if (strcmp(name, "regex") == 0)
		return g_strdup("fits one of its expressions");
	return g_strdup_printf("is what it finds by %s", name);
}

static char *
why_matched(const Explain *x, const SgRule *rule, const SgFinding *f)
{
	g_autofree char *words = quote(x, f->text_at, f->text_len), *is = how(rule);
	g_autofree char *context = context_words(rule);
	GString *s = g_string_new(NULL);

	if (f->text_len > 0)
		g_string_append_printf(s, "%s %s", words, is);
	else
		g_string_append_printf(s, "The text %s", is);
	if (f->disguised)
		g_string_append(s, ", though in disguise");
	if (f->count > 1)
		g_string_append_printf(s, "; %u times", (guint)f->count);
	if (context[0] != '\0')
		g_string_append_printf(s, "; it is mail %s, as the rule asks", context);
	if (rule->changed != NULL)
		g_string_append_printf(s, "; the rule was changed in %s", rule->changed);
	g_string_append_c(s, '.');
	return g_string_free(s, FALSE);
}

static void
add_match(Explain *x, const SgFinding *f)
{
	guint index;
	const SgRule *rule = rule_named(x, f->rule, &index);
	g_autofree char *why = rule != NULL ? why_matched(x, rule, f) : g_strdup(f->title);
	g_autofree char *words = quote(x, f->text_at, f->text_len);
	json_t *row = sg_finding_json(f);

	json_object_set_new(row, "outcome", json_string("match"));
	json_object_set_new(row, "title", json_string(f->title));
	json_object_set_new(row, "matched", json_string(f->text_len > 0 ? words : ""));
	json_object_set_new(row, "why", json_string(why));
	json_array_append_new(x->rows, row);
}

static void
add_stopped(Explain *x, const SgRule *rule, const char *why)
{
	json_array_append_new(x->rows,
	    json_pack("{s:s s:s s:i s:s s:b s:s s:s s:s s:s}", "rule", rule->id, "category",
	    rule->category, "severity", (int)rule->severity, "confidence",
	    sg_confidence_name(rule->confidence), "disguised", 0, "title", rule->title, "outcome",
	    "stopped", "matched", "", "why", why));
}

/* --- what stopped a rule ------------------------------------------------------ */

static const SgHitAt *
exception_around(const GArray *hits, const SgHitAt *hit)
{
	for (guint i = 0; i < hits->len; i++) {
		const SgHitAt *e = &g_array_index(hits, SgHitAt, i);

		if (e->slot == SG_SLOT_EXCEPT && e->at <= hit->at &&
		    e->at + e->len >= hit->at + hit->len)
			return e;
	}
	return NULL;
}

/* Whose exception it is: the rule's own, or that of an allow list. */
static char *
exception_words(const Explain *x, const SgRule *rule, const SgHitAt *e)
{
	g_autofree char *piece = g_strndup(x->ask->text + e->at, e->len);
	g_autofree char *canonical = sg_canon_string(x->canon, piece);
	g_autofree char *shown = quote(x, e->at, e->len);

	for (guint i = 0; i < rule->entries->len; i++) {
		const SgEntry *entry = &g_array_index(rule->entries, SgEntry, i);

		if (entry->slot == SG_SLOT_EXCEPT && entry->allow != NULL &&
		    g_str_has_prefix(canonical, entry->text))
			return g_strdup_printf("%s is an allow-phrase (%s)", shown, entry->allow);
	}
	return g_strdup_printf("%s is an exception of the rule", shown);
}

/* Characters between the nearest two hits of slots 0 and 1 that count; -1: there are none.
 * MATCHES hits at most, so at most a quarter of a million pairs. */
static gint64
nearest_pair(const GArray *hits, const SgHitAt **a, const SgHitAt **b)
{
	gint64 best = -1;

	for (guint i = 0; i < hits->len; i++)
		for (guint k = 0; k < hits->len; k++) {
			const SgHitAt *x = &g_array_index(hits, SgHitAt, i);
			const SgHitAt *y = &g_array_index(hits, SgHitAt, k);
			gint64 d = x->from < y->from ? (gint64)y->from - (gint64)x->to :
			    (gint64)x->from - (gint64)y->to;

			if (x->slot != 0 || y->slot != 1 || d < 0 || (best >= 0 && d >= best) ||
			    exception_around(hits, x) != NULL || exception_around(hits, y) != NULL)
				continue;
			best = d;
			*a = x;
			*b = y;
		}
	return best;
}

static char *
why_near(const Explain *x, const SgRule *rule, const GArray *hits)
{
	const guint within = GPOINTER_TO_UINT(rule->data);
	const SgHitAt *a = NULL, *b = NULL, *no = NULL;
	gint64 apart = nearest_pair(hits, &a, &b);
	g_autofree char *one = NULL, *two = NULL, *undo = NULL;

	if (apart < 0)
		return NULL;
	one = quote(x, a->at, a->len);
	two = quote(x, b->at, b->len);
	for (guint i = 0; i < hits->len && no == NULL; i++)
		if (g_array_index(hits, SgHitAt, i).slot == 2)
			no = &g_array_index(hits, SgHitAt, i);
	if (apart > within)
		return g_strdup_printf("%s and %s are both there, but %" G_GINT64_FORMAT
		    " characters apart; the rule asks for at most %u.", one, two, apart, within);
	if (no == NULL)
		return NULL;
	undo = quote(x, no->at, no->len);
	return g_strdup_printf("%s and %s are both there, but %s beside them undoes the match.", one,
	    two, undo);
}

static char *
why_not_here(const Explain *x, const SgRule *rule, const GArray *hits)
{
	const SgHitAt *inside = NULL, *around = NULL;

	for (guint i = 0; i < hits->len && around == NULL; i++) {
		const SgHitAt *h = &g_array_index(hits, SgHitAt, i);

		if (h->slot == SG_SLOT_EXCEPT || (strcmp(rule->matcher->name, "near") == 0 &&
		    h->slot != 1))
			continue;
		inside = h;
		around = exception_around(hits, h);
	}
	if (around != NULL) {
		g_autofree char *what = quote(x, inside->at, inside->len);
		g_autofree char *whose = exception_words(x, rule, around);

		return g_strdup_printf("%s does not count, because %s.", what, whose);
	}
	if (strcmp(rule->matcher->name, "near") == 0)
		return why_near(x, rule, hits);
	if (rule->needs != NULL && rule->needs[0] != NULL && inside != NULL) {
		g_autofree char *what = quote(x, inside->at, inside->len);
		g_autofree char *names = g_strjoinv(" or ", rule->needs);

		return g_strdup_printf("%s counts only beside a finding of %s.", what, names);
	}
	if ((rule->unless != NULL || rule->say != NULL) && inside != NULL) {
		g_autofree char *what = quote(x, inside->at, inside->len);

		return g_strdup_printf("%s is there, but its sentence lets it off (say, unless).", what);
	}
	if (rule->atleast > 0 && inside != NULL)
		return g_strdup_printf("There are fewer than %u different hits.", rule->atleast);
	return NULL;
}

/* --- everywhere, and from anybody to anybody ------------------------------------ */

/* Facts under which every rule's context holds. */
static char *
all_facts(const SgRuleset *set)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < set->rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(set->rules, i);

		for (guint k = 0; k < rule->context->len; k++) {
			const SgContext *c = &g_array_index(rule->context, SgContext, k);
			g_autofree char *values = g_strjoinv(",", c->values);

			g_string_append_printf(s, "%s=%s ", c->key, values);
		}
	}
	return g_string_free(s, FALSE);
}

static void
add_elsewhere(Explain *x, GHashTable *told, const SgFinding *f)
{
	guint index;
	const SgRule *rule = rule_named(x, f->rule, &index);
	g_autofree char *why = NULL, *words = NULL, *what = quote(x, f->text_at, f->text_len);

	if (rule == NULL || !g_hash_table_add(told, (gpointer)rule))
		return;
	if ((rule->where & sg_where_bit(x->ask->where)) == 0) {
		words = place_words(rule);
		why = g_strdup_printf("%s would match in other places: the rule looks in %s only.",
		    what, words);
	} else {
		words = context_words(rule);
		why = g_strdup_printf("%s would match in mail %s only.", what, words);
	}
	add_stopped(x, rule, why);
}

static gboolean
look_elsewhere(Explain *x, GHashTable *told, GError **error)
{
	static const char *const places[] = { "subject", "body", "quoted", "forwarded", "signature",
		"attachment", "name", "header" };
	g_autofree char *facts = all_facts(x->set);

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autoptr(GPtrArray) findings =
		    g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);

		if (!run(x, places[i], facts, findings, error))
			return FALSE;
		for (guint k = 0; k < findings->len; k++)
			add_elsewhere(x, told, g_ptr_array_index(findings, k));
	}
	return TRUE;
}

static gboolean
explain(Explain *x, GError **error)
{
	g_autoptr(GPtrArray) findings =
	    g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	g_autoptr(GHashTable) told = g_hash_table_new(NULL, NULL);
	g_autofree char *all = all_facts(x->set);

	/* what is a value to any rule, whoever writes to whom */
	if (!run(x, x->ask->where, all, findings, error))
		return FALSE;
	g_ptr_array_set_size(findings, 0);
	sg_match_watch(x->match, on_hits, x);
	if (!run(x, x->ask->where, x->ask->facts, findings, error))
		return FALSE;
	sg_match_watch(x->match, NULL, NULL);
	for (guint i = 0; i < findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(findings, i);
		guint index;
		const SgRule *rule = rule_named(x, f->rule, &index);

		add_match(x, f);
		if (rule != NULL)
			g_hash_table_add(told, (gpointer)rule);
	}
	for (guint i = 0; i < x->set->rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(x->set->rules, i);
		g_autofree char *why = NULL;

		if (x->hits[i] == NULL || g_hash_table_contains(told, rule))
			continue;
		why = why_not_here(x, rule, x->hits[i]);
		if (why == NULL)
			continue;
		add_stopped(x, rule, why);
		g_hash_table_add(told, (gpointer)rule);
	}
	return look_elsewhere(x, told, error);
}

json_t *
sg_explain(SgRuleset *r, const SgExplainAsk *ask, GError **error)
{
	g_autoptr(SgMatch) m = sg_match_new(r, MATCHES, error);
	g_autoptr(SgCanon) canon = m != NULL ? sg_canon_new(error) : NULL;
	Explain x = { .set = r, .ask = ask, .match = m, .canon = canon };
	gboolean ok;

	if (canon == NULL)
		return NULL;
	sg_match_roster(m, ask->roster);
	x.hits = g_new0(GArray *, MAX(r->rules->len, 1));
	x.rows = json_array();
	x.masked = g_malloc0(strlen(ask->text) + 1);
	ok = explain(&x, error);
	for (guint i = 0; i < r->rules->len; i++)
		g_clear_pointer(&x.hits[i], g_array_unref);
	g_free(x.hits);
	g_free(x.masked);
	if (!ok)
		g_clear_pointer(&x.rows, json_decref);
	return x.rows;
}
