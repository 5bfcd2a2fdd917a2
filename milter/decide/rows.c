/* rows - does a row apply?  First what the message shows, then for whom. */
#include <string.h>

#include "decide/inner.h"

typedef struct {
	const SgRow	*row;
	const SgParties *who;
	const SgMessage *message;
	const SgReading *reading;
	SgPrivilege	 privileged;
} Ask;

static gboolean
has_word(char **list, const char *word)
{
	return g_strv_contains((const char *const *)list, word);
}

gboolean
sg_finding_is_words(const SgFinding *f)
{
	static const char *const nature[] = { "malware", "file", "structure", "limit", NULL };

	return g_strcmp0(f->area, "system") != 0 &&
	    (f->category == NULL || !g_strv_contains(nature, f->category));
}

/* Is part id the part root, or inside it ("2.1" is inside "2")? */
static gboolean
lies_in(const char *id, const char *root)
{
	gsize n = strlen(root);

	return n > 0 && strncmp(id, root, n) == 0 && (id[n] == '\0' || id[n] == '.');
}

static gboolean
is_strong(const SgPartInfo *p)
{
	return sg_part_is(p, "encrypted-strong");
}

/* Nobody without the key reads any of it: an archive in which other members lie in the
 * clear excuses nothing. */
static gboolean
is_closed(const SgPartInfo *p)
{
	return is_strong(p) && g_strcmp0(p->state, "partial") != 0;
}

static gboolean
strongly_encrypted(const SgReading *r, const char *part)
{
	for (guint i = 0; part != NULL && i < r->parts->len; i++) {
		const SgPartInfo *p = g_ptr_array_index(r->parts, i);

		if (is_closed(p) && p->part != NULL && lies_in(part, p->part))
			return TRUE;
	}
	return FALSE;
}

static gboolean
rule_matches(char **rules, const char *id)
{
	for (char **w = rules; *w != NULL; w++) {
		gsize n = strlen(*w);

		if (n > 0 && (*w)[n - 1] == '*' ? strncmp(*w, id, n - 1) == 0 : strcmp(*w, id) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
finding_counts(const Ask *a, const SgFinding *f)
{
	const SgRow *row = a->row;

	if (f->severity < row->severity || f->confidence < row->confidence)
		return FALSE;
	if (row->categories != NULL &&
	    !has_word(row->categories, f->category != NULL ? f->category : ""))
		return FALSE;
	if (row->rules != NULL && !rule_matches(row->rules, f->rule != NULL ? f->rule : ""))
		return FALSE;
	if (a->privileged != SG_PRIV_NO && sg_finding_is_words(f) &&
	    (f->severity < 5 || a->privileged == SG_PRIV_SURE))
		return FALSE;
	return row->unless == NULL || !has_word(row->unless, "strong-encryption") ||
	    !strongly_encrypted(a->reading, f->part);
}

static gboolean
asks_for_findings(const SgRow *row)
{
	return row->categories != NULL || row->rules != NULL || row->severity > 0 ||
	       row->confidence > 0 || row->count > 0;
}

static gboolean
worse(const SgFinding *a, const SgFinding *b)
{
	return b == NULL || a->severity > b->severity ||
	    (a->severity == b->severity && a->confidence > b->confidence);
}

static gboolean
findings_hold(const Ask *a, SgEvidence *e)
{
	const gboolean by_name = a->row->categories != NULL || a->row->rules != NULL;
	guint64 sum = 0;

	if (!asks_for_findings(a->row))
		return TRUE;
	for (guint i = 0; i < a->reading->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(a->reading->findings, i);

		if (!finding_counts(a, f))
			continue;
		sum += MAX(f->count, 1);
		e->disclosure = e->disclosure ||
		    (by_name && g_strcmp0(f->category, "disclosure") == 0);
		if (worse(f, e->worst))
			e->worst = f;
	}
	return sum >= MAX(a->row->count, 1);
}

/* One word of a file condition against one part. */
static gboolean
file_matches(const char *word, const SgPartInfo *p)
{
	const char *name = p->name != NULL ? p->name : "",
		   *type = p->detected != NULL ? p->detected : "";

	if (strchr(word, '/') != NULL) {
		g_autofree char *low = g_ascii_strdown(type, -1);

		return g_pattern_match_simple(word, low);
	}
	if (g_str_has_prefix(word, "*.")) {
		g_autofree char *low = g_ascii_strdown(name, -1), *want = g_ascii_strdown(word, -1);

		return g_pattern_match_simple(want, low);
	}
	if (strcmp(word, "image") == 0 && g_str_has_prefix(type, "image/"))
		return TRUE;
	if (strcmp(word, "encrypted") == 0)
		return is_strong(p) || sg_part_is(p, "encrypted-weak");
	return sg_part_is(p, word);
}

static gboolean
part_matches(const SgRow *row, const SgPartInfo *p)
{
	if (row->unless != NULL && has_word(row->unless, "strong-encryption") && is_closed(p))
		return FALSE;
	for (char **w = row->files; *w != NULL; w++)
		if (file_matches(*w, p))
			return TRUE;
	return FALSE;
}

static gboolean
files_hold(const Ask *a)
{
	for (guint i = 0; a->row->files != NULL && i < a->reading->parts->len; i++)
		if (part_matches(a->row, g_ptr_array_index(a->reading->parts, i)))
			return TRUE;
	return a->row->files == NULL;
}

/* Facts of "unless", but for strong-encryption: that one takes evidence away,
 * since an encrypted file beside a list in the clear excuses nothing. */
static gboolean
fact_privileged(const Ask *a)
{
	return a->privileged != SG_PRIV_NO;
}

static gboolean
fact_authenticated(const Ask *a)
{
	return a->message->authenticated;
}

static gboolean
fact_claimed(const Ask *a)
{
	return a->who->claimed;
}

static gboolean
fact_bounce(const Ask *a)
{
	return a->message->sender[0] == '\0';
}

static gboolean
fact_never(const Ask *a)
{
	(void)a;
	return FALSE;
}

static const struct {
	const char *name;
	gboolean  (*holds)(const Ask *);
} facts[] = {
	{ "strong-encryption", fact_never },
	{ "privileged", fact_privileged },
	{ "authenticated", fact_authenticated },
	{ "claimed", fact_claimed },
	{ "bounce", fact_bounce },
};

gboolean
sg_row_has_fact(const char *fact)
{
	for (gsize i = 0; i < G_N_ELEMENTS(facts); i++)
		if (strcmp(facts[i].name, fact) == 0)
			return TRUE;
	return sg_flag_parse(fact) != 0;
}

static gboolean
fact_holds(const Ask *a, const char *fact)
{
	for (gsize i = 0; i < G_N_ELEMENTS(facts); i++)
		if (strcmp(facts[i].name, fact) == 0)
			return facts[i].holds(a);
	if (sg_flag_parse(fact) != 0)
		return (a->reading->flags & sg_flag_parse(fact)) != 0;
	for (guint i = 0; i < a->reading->findings->len; i++)
		if (g_strcmp0(
			((const SgFinding *)g_ptr_array_index(a->reading->findings, i))->category,
			fact) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
excused(const Ask *a)
{
	for (char **w = a->row->unless; w != NULL && *w != NULL; w++)
		if (fact_holds(a, *w))
			return TRUE;
	return FALSE;
}

static gboolean
envelope_holds(const Ask *a)
{
	const SgRow *row = a->row;

	if (row->from != NULL && !has_word(row->from, a->who->klass))
		return FALSE;
	if (row->claimed && !a->who->claimed)
		return FALSE;
	if (row->flags != 0 && (row->flags & a->reading->flags) == 0)
		return FALSE;
	return (row->recipients < 0 || a->message->recipients->len > row->recipients) &&
	    (row->outside_recipients < 0 || a->who->outside > row->outside_recipients);
}

SgEvidence
sg_row_evidence(const SgRow *row, const SgParties *w, const SgMessage *m, const SgReading *r,
    SgPrivilege privileged)
{
	Ask a = { row, w, m, r, privileged };
	SgEvidence e = { FALSE, FALSE, NULL };

	e.holds = envelope_holds(&a) && findings_hold(&a, &e) && files_hold(&a) && !excused(&a);
	return e;
}

gboolean
sg_row_for_line(const SgRow *row, const char *klass, SgRoute route)
{
	return (row->to == NULL || has_word(row->to, klass)) &&
	    (row->routes == 0 || (row->routes & 1u << route) != 0);
}

static gboolean
finding_parts(const Ask *a, GPtrArray *parts)
{
	gboolean all = TRUE;

	for (guint i = 0; i < a->reading->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(a->reading->findings, i);
		gboolean apart =
		    g_strcmp0(f->where, "attachment") == 0 || g_strcmp0(f->where, "name") == 0;

		if (!finding_counts(a, f))
			continue;
		all = all && apart && f->part != NULL && f->part[0] != '\0';
		if (apart && f->part != NULL)
			g_ptr_array_add(parts, g_strdup(f->part));
	}
	return all;
}

gboolean
sg_row_parts(
    const SgRow *row, const SgParties *w, const SgMessage *m, const SgReading *r, GPtrArray *parts)
{
	Ask a = { row, w, m, r, SG_PRIV_NO };

	if (row->files == NULL)
		return finding_parts(&a, parts);
	for (guint i = 0; i < r->parts->len; i++) {
		const SgPartInfo *p = g_ptr_array_index(r->parts, i);

		if (part_matches(row, p))
			g_ptr_array_add(parts, g_strdup(p->part));
	}
	return TRUE;
}
