#include <math.h>
#include <string.h>

#include "decide/contact.h"
#include "decide/inner.h"

/*
 * Weights: what isolates a child, or makes it a target, weighs more than what every
 * grandparent writes.  Without one kind that isolates, a pair is watched, never held:
 * photographs, presents and birthdays are what families write about.  Decided on
 * dialogues written for the purpose (t/unit/contact.c), not learned.
 *
 * The place of a row is its bit in the store: add at the end, change none.
 */
static const struct {
	const char *stem;	/* "contact.photo" and "contact.photo-asked" are kind photo */
	const char *other;	/* another stem for the same kind, or NULL		     */
	const char *words;	/* "signs: ..."						     */
	double	    weight;
	gboolean    isolates;
} kinds[] = {
	{ "secrecy", "secret", "secrecy", 3, TRUE },
	{ "alone", "parents", "whether the child is alone or watched", 3, TRUE },
	{ "photo", "picture", "a photograph", 3, FALSE },
	{ "move", "channel", "another app or number", 2, FALSE },
	{ "age", NULL, "age", 2, FALSE },
	{ "address", "where", "where the child lives or is", 2, FALSE },
	{ "gift", "present", "presents or money", 2, FALSE },
	{ "flattery", "praise", "flattery", 2, FALSE },
	{ "affection", "feelings", "personal feelings", 2, FALSE },
	{ "meet", NULL, "meeting", 2, FALSE },
	{ "sexual", "body", "sexual matters", 4, TRUE },
	{ "pressure", "test", "pressure or testing", 2, FALSE },
};

enum {
	CIRCULAR = 10,		/* children: more are a class or a club, not a contact */
	NEW_DAYS = 30,		/* a contact younger than this counts a little more   */
	DAY = 86400,
};

#define NEW_WEIGHT 1.0
#define FADED	   0.25		/* after two half-lives a kind is no longer named */

/* Reached with at least so many kinds in so many messages; with one that isolates from 4
 * on.  One message is never more than watched: advice on staying safe names every sign. */
static const struct {
	guint  severity, confidence, kinds, messages;
	double score;
} levels[] = {
	{ 5, SG_CONF_HIGH, 4, 2, 9 },
	{ 4, SG_CONF_MEDIUM, 4, 2, 8 },
	{ 3, SG_CONF_LOW, 3, 1, 5 },	/* low: noted, and held by no row that asks for more */
};

/* "photo-asked": does one of its words begin with the stem? */
static gboolean
has_stem(const char *name, const char *stem)
{
	gsize n = stem != NULL ? strlen(stem) : 0;

	for (const char *w = name; n > 0 && w != NULL; w = strpbrk(w, "-.")) {
		w += strspn(w, "-.");
		if (strncmp(w, stem, n) == 0)
			return TRUE;
	}
	return FALSE;
}

static guint
kinds_of(const SgFinding *f)
{
	const char *rule = f->rule != NULL ? f->rule : "";
	guint bits = 0;

	if (g_strcmp0(f->category, "sexual-imagery") == 0)
		return 1u << 2 | 1u << 10;
	if (g_strcmp0(f->category, "sexual") == 0)
		return 1u << 10;
	if (g_strcmp0(f->category, "meeting") == 0)
		return 1u << 9;
	if (!g_str_has_prefix(rule, "contact."))
		return 0;
	for (guint k = 0; k < G_N_ELEMENTS(kinds); k++)
		if (has_stem(rule + strlen("contact."), kinds[k].stem) ||
		    has_stem(rule + strlen("contact."), kinds[k].other))
			bits |= 1u << k;
	return bits;
}

guint
sg_contact_kinds(const SgReading *r)
{
	guint bits = 0;

	for (guint i = 0; i < r->findings->len; i++)
		bits |= kinds_of(g_ptr_array_index(r->findings, i));
	return bits;
}

static gboolean
is_child(const SgPolicy *p, const char *klass)
{
	return g_strv_contains((const char *const *)p->options->memory.children, klass);
}

static void
contact_free(gpointer c)
{
	sg_contact_free(c);
}

GPtrArray *
sg_contact_pairs(const SgPolicy *p, const SgMessage *m, const SgReading *r, gint64 now, guint *bits)
{
	g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func(contact_free);
	g_autofree char *other = NULL;
	SgParties who;

	*bits = sg_contact_kinds(r);
	if (*bits == 0)
		return NULL;
	sg_parties_init(&who, p, m, now);
	other = sg_policy_mailbox(p, who.identity != NULL ? who.identity : m->sender);
	if (!is_child(p, who.klass) && other[0] != '\0')
		for (guint i = 0; i < m->recipients->len && pairs->len <= CIRCULAR; i++) {
			const char *to = g_ptr_array_index(m->recipients, i);
			g_autofree char *child = sg_policy_mailbox(p, to);

			if (is_child(p, sg_policy_class_at(p, to, now)))
				g_ptr_array_add(pairs, sg_contact_new(child, other));
		}
	sg_parties_clear(&who);
	return pairs->len > 0 && pairs->len <= CIRCULAR ? g_steal_pointer(&pairs) : NULL;
}

typedef struct Sum {
	double	 times[G_N_ELEMENTS(kinds)];	/* with decay */
	double	 score;
	guint	 bits, n;	/* kinds not faded, and how many */
	guint	 messages;
	gboolean isolates;
} Sum;

static void
count(Sum *s, guint bits, double weight)
{
	for (guint k = 0; k < G_N_ELEMENTS(kinds); k++)
		if ((bits & 1u << k) != 0)
			s->times[k] += weight;
}

/* A kind that comes again adds less each time, and never more than as much again: one
 * habit of somebody's writing is not a pattern. */
static void
add_up(Sum *s)
{
	for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
		s->score += kinds[k].weight * (2 - exp2(1 - s->times[k])) * (s->times[k] > 0);
		if (s->times[k] < FADED)
			continue;
		s->bits |= 1u << k;
		s->n++;
		s->isolates = s->isolates || kinds[k].isolates;
	}
}

/* Not before the memory is older than what counts as new: till then everybody is. */
static gboolean
is_new(const SgContact *c, gint64 now)
{
	const gint64 young = now - NEW_DAYS * (gint64)DAY;

	return c->since > 0 && c->since < young && (c->first == 0 || c->first > young);
}

static Sum
sum_of(const SgPolicy *p, const SgContact *c, guint bits, gint64 now)
{
	const double life = (double)p->options->memory.half_life * DAY;
	Sum s = { .score = is_new(c, now) ? NEW_WEIGHT : 0, .messages = c->before->len + 1 };

	count(&s, bits, 1);
	for (guint i = 0; i < c->before->len; i++) {
		const SgSign *one = &g_array_index(c->before, SgSign, i);

		count(&s, one->kinds, exp2(-(double)MAX(now - one->when, 0) / life));
	}
	add_up(&s);
	return s;
}

/* Index into levels; their number: none. */
static guint
level_of(const Sum *s)
{
	guint i = 0;

	while (i < G_N_ELEMENTS(levels) && (s->score < levels[i].score || s->n < levels[i].kinds ||
	    s->messages < levels[i].messages || (levels[i].severity > 3 && !s->isolates)))
		i++;
	return i;
}

static char *
name_kinds(guint bits)
{
	GString *out = g_string_new(NULL);

	for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
		if ((bits & 1u << k) == 0)
			continue;
		bits &= ~(1u << k);
		g_string_append_printf(out, "%s%s", out->len == 0 ? "" : bits != 0 ? ", " : " and ",
		    kinds[k].words);
	}
	return g_string_free(out, FALSE);
}

static char *
title_of(const SgContact *c, const Sum *s, gint64 now)
{
	const gint64 from = c->before->len > 0 ? g_array_index(c->before, SgSign, 0).when : now;
	g_autoptr(GDateTime) day = g_date_time_new_from_unix_local(from);
	g_autofree char *date = g_date_time_format(day, "%-e %B"), *what = name_kinds(s->bits);

	if (c->before->len == 0)
		return g_strdup_printf("Several signs of unsafe contact in one message: %s", what);
	return g_strdup_printf("Signs of unsafe contact in %u messages since %s: %s", c->before->len + 1,
	    date, what);
}

SgFinding *
sg_contact_judge(const SgPolicy *p, const GPtrArray *pairs, guint bits, gint64 now)
{
	const SgContact *worst = NULL;
	guint level = G_N_ELEMENTS(levels);
	g_autofree char *title = NULL;
	SgFinding *f;
	Sum sum = { .score = -1 };

	for (guint i = 0; i < pairs->len; i++) {
		const SgContact *c = g_ptr_array_index(pairs, i);
		Sum s = sum_of(p, c, bits, now);

		if (level_of(&s) > level || (level_of(&s) == level && s.score <= sum.score))
			continue;
		worst = c;
		sum = s;
		level = level_of(&s);
	}
	if (worst == NULL || level == G_N_ELEMENTS(levels))
		return NULL;
	title = title_of(worst, &sum, now);
	f = sg_finding_of_ours("contact.pattern", title, "grooming", levels[level].severity);
	g_free(f->area);
	f->area = g_strdup("contact");
	g_free(f->where);
	f->where = g_strdup("correspondence");
	f->confidence = levels[level].confidence;
	f->count = worst->before->len + 1;
	return f;
}
