#include <string.h>

#include "decide/inner.h"
#include "decide/relate.h"
#include "model/heading.h"
#include "model/spelling.h"

enum {
	ONE_ORGANISATION = 20,	/* visible people at one domain: more are families at a provider we do not know */
	ALIKE_LEAST = 9,	/* characters of a domain: short ones have neighbours by nature (ed.ac.uk) */
	REPLY_PEOPLE = 2,	/* besides the writer: fewer are a plain answer */
	SURNAME_LEAST = 3,
};

/* Where families have their addresses: everybody there is somebody else. */
static const char *const providers[] = { "aol.co.uk", "aol.com", "blueyonder.co.uk", "btinternet.com",
	"btopenworld.com", "gmail.com", "gmx.co.uk", "gmx.com", "googlemail.com", "hotmail.co.uk", "hotmail.com",
	"icloud.com", "live.co.uk", "live.com", "mac.com", "mail.com", "me.com", "msn.com", "ntlworld.com",
	"outlook.com", "plusnet.com", "proton.me", "protonmail.com", "sky.com", "talk21.com", "talktalk.net",
	"tiscali.co.uk", "virginmedia.com", "yahoo.co.uk", "yahoo.com", "ymail.com", NULL };

static gboolean
is_common(const char *domain)
{
	return g_strv_contains(providers, domain);
}

/* "gmial.com": known to everybody, so to us too before anybody has written there. */
static gboolean
like_common(const char *domain)
{
	for (guint i = 0; providers[i] != NULL; i++)
		if (strlen(providers[i]) >= ALIKE_LEAST && sg_spelling_near(domain, providers[i]))
			return TRUE;
	return FALSE;
}

static gboolean
is_alike(const char *domain, const char *known)
{
	g_autofree char *a = NULL, *b = NULL;

	if (strcmp(domain, known) == 0 || strlen(known) < ALIKE_LEAST)
		return FALSE;
	if (sg_spelling_near(domain, known))
		return TRUE;
	a = sg_spelling_look(domain);
	b = sg_spelling_look(known);
	return strcmp(a, b) == 0;
}

/* Like one of the school's, and not a part of it. */
static gboolean
like_ours(const SgPolicy *p, const char *domain)
{
	for (char **d = p->options->school.domains; domain[0] != '\0' && *d != NULL; d++) {
		g_autofree char *own = g_ascii_strdown(*d, -1);

		if (is_alike(domain, own))
			return TRUE;
	}
	return FALSE;
}

/* Class of whom it is the private address of; "" of nobody. */
static const char *
home_of(const SgPolicy *p, const char *address, gint64 now)
{
	g_autofree char *plain = sg_address_mailbox(address);
	const char *main = g_hash_table_lookup(p->own, plain);

	return main != NULL ? sg_policy_class_at(p, main, now) : "";
}

static gboolean
is_word(const char *s)
{
	for (const char *p = s; *p != '\0'; p = g_utf8_next_char(p))
		if (!g_unichar_isalpha(g_utf8_get_char(p)) && *p != '-' && *p != '\'')
			return FALSE;
	return g_utf8_strlen(s, -1) >= SURNAME_LEAST;
}

/* "Sarah Jones", "Jones, Sarah (Mrs)": in lower case; "" when there is only one name. */
static char *
surname_of(const char *name)
{
	g_autofree char *low = g_utf8_strdown(name, -1);
	const char *comma = strchr(low, ',');
	g_auto(GStrv) words = NULL;
	guint n;

	if (comma != NULL)
		low[comma - low] = '\0';
	words = g_strsplit_set(low, " \t", -1);
	n = g_strv_length(words);
	while (n > 0 && !is_word(words[n - 1]))
		n--;
	if (n == 0 || (comma == NULL && n < 2))
		return g_strdup("");
	return g_strdup(words[n - 1]);
}

typedef struct Look {
	const SgPolicy *p;
	const SgHeading *h;
	GHashTable *names;	/* canonical address -> name as shown */
	gint64	    now;
} Look;

static SgRelation *
relation_of(const Look *l, const char *to, gboolean ours)
{
	SgRelation *r = g_new0(SgRelation, 1);
	gboolean inside = sg_policy_inside(l->p, to);
	const char *name;

	r->address = sg_policy_mailbox(l->p, to);
	r->domain = g_ascii_strdown(inside ? "" : sg_address_domain(to), -1);
	r->common = is_common(r->domain);
	r->home = g_strdup(home_of(l->p, to, l->now));
	name = g_hash_table_lookup(l->names, r->address);
	r->surname = ours && name != NULL ? surname_of(name) : g_strdup("");
	if (ours && !r->common && r->domain[0] != '\0' && (like_ours(l->p, r->domain) || like_common(r->domain)))
		r->facts |= SG_REL_ALIKE;
	return r;
}

/* Addresses at one domain are one organisation, at a provider each is a family. */
static guint
households(const GHashTable *outside)
{
	GHashTableIter it;
	gpointer domain, people;
	guint n = 0;

	g_hash_table_iter_init(&it, (GHashTable *)(guintptr)outside);
	while (g_hash_table_iter_next(&it, &domain, &people)) {
		guint here = g_hash_table_size(people);

		n += is_common(domain) || here > ONE_ORGANISATION ? here : 1;
	}
	return n;
}

static void
set_free(gpointer set)
{
	g_hash_table_unref(set);
}

/* Names, and people outside by domain; returns how many besides the writer there are. */
static guint
look_at_visible(const Look *l, const char *from, GHashTable *outside)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < l->h->visible->len; i++) {
		const SgMailbox *one = g_ptr_array_index(l->h->visible, i);
		char *who = sg_policy_mailbox(l->p, one->address);
		const char *domain = sg_address_domain(who);
		GHashTable *people;

		if (one->name[0] != '\0')
			g_hash_table_insert(l->names, g_strdup(who), one->name);
		if (strcmp(who, from) == 0 || !g_hash_table_add(seen, who)) {
			if (strcmp(who, from) == 0)
				g_free(who);
			continue;
		}
		if (sg_policy_inside(l->p, who))
			continue;
		people = g_hash_table_lookup(outside, domain);
		if (people == NULL) {
			people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
			g_hash_table_insert(outside, g_strdup(domain), people);
		}
		g_hash_table_add(people, g_strdup(who));
	}
	return g_hash_table_size(seen);
}

SgRelations *
sg_relate(const SgPolicy *p, const SgMessage *m, gint64 now)
{
	SgRelations *r = sg_relations_new();
	g_autoptr(SgHeading) h = NULL;
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) outside = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, set_free);
	Look l = { p, NULL, names, now };

	r->from = sg_decide_writer(p, m, now, &r->ours);
	r->home = g_strdup(r->ours ? "" : home_of(p, m->sender, now));
	r->alike = !r->ours && like_ours(p, sg_address_domain(r->from));
	if (r->ours) {	/* what others can see is not the school's matter */
		guint people;

		l.h = h = sg_heading_read(m->bytes);
		people = look_at_visible(&l, r->from, outside);
		r->visible = households(outside);
		r->reply_all = h->reply && people >= REPLY_PEOPLE && g_hash_table_size(outside) > 0;
	}
	for (guint i = 0; i < m->recipients->len; i++)
		g_ptr_array_add(r->to, relation_of(&l, g_ptr_array_index(m->recipients, i), r->ours));
	return r;
}

gboolean
sg_relate_wants_memory(const SgPolicy *p)
{
	for (guint i = 0; i < p->rows->len; i++)
		if (((const SgRow *)g_ptr_array_index(p->rows, i))->relation.facts != 0)
			return TRUE;
	return FALSE;
}

/* To mail that leaves: what comes in is compared with the school's own domains alone. */
static gboolean
may_apply(const SgRow *row, const SgReading *reading)
{
	if (row->routes != 0 && (row->routes & 1u << SG_ROUTE_OUT) == 0)
		return FALSE;
	if (row->categories == NULL)
		return TRUE;
	for (guint i = 0; i < reading->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(reading->findings, i);

		if (f->severity >= row->severity && f->category != NULL &&
		    g_strv_contains((const char *const *)row->categories, f->category))
			return TRUE;
	}
	return FALSE;
}

gboolean
sg_relate_wants_alike(const SgPolicy *p, const SgReading *reading)
{
	for (guint i = 0; i < p->rows->len; i++) {
		const SgRow *row = g_ptr_array_index(p->rows, i);

		if ((row->relation.facts & SG_REL_ALIKE) != 0 && may_apply(row, reading))
			return TRUE;
	}
	return FALSE;
}

gboolean
sg_relate_wants_hour(const SgPolicy *p)
{
	for (guint i = 0; i < p->rows->len; i++)
		if (((const SgRow *)g_ptr_array_index(p->rows, i))->relation.hour >= 0)
			return TRUE;
	return FALSE;
}

/* What the message as a whole must show. */
gboolean
sg_relating_message(const SgRowRelation *w, const SgRelations *r)
{
	if (w->visible >= 0 && r->visible <= w->visible)
		return FALSE;
	if (w->hour >= 0 && (gint64)r->hour + r->to->len <= w->hour)
		return FALSE;
	return !w->reply_all || r->reply_all;
}

static gboolean
is_home(char **classes, const char *klass)
{
	return klass[0] != '\0' && (g_strv_contains((const char *const *)classes, klass) ||
	    g_strv_contains((const char *const *)classes, "*"));
}

/* And what holds of one recipient. */
gboolean
sg_relating_line(const SgRowRelation *w, const SgRelations *r, guint n)
{
	const SgRelation *to = g_ptr_array_index(r->to, n);
	guint facts = to->facts | (r->alike ? (guint)SG_REL_ALIKE : 0);

	if ((facts & w->facts) != w->facts)
		return FALSE;
	return w->home == NULL || is_home(w->home, to->home) || is_home(w->home, r->home);
}

gboolean
sg_relating_asks(const SgRowRelation *w)
{
	return w->facts != 0 || w->home != NULL || w->visible >= 0 || w->hour >= 0 || w->reply_all;
}

static void
tell(GPtrArray *findings, gboolean holds, const char *rule, const char *title)
{
	SgFinding *f;

	if (!holds)
		return;
	f = sg_finding_of_ours(rule, title, "recipients", 1);
	g_free(f->area);
	f->area = g_strdup("conduct");
	g_free(f->where);
	f->where = g_strdup("correspondence");
	g_ptr_array_add(findings, f);
}

void
sg_relate_tell(const SgRelations *r, GPtrArray *findings)
{
	g_autofree char *many = g_strdup_printf("%u families or organisations outside can see each other's "
	    "addresses, which Bcc would hide", r->visible);
	guint facts = r->alike ? SG_REL_ALIKE : 0;
	gboolean home = r->home[0] != '\0';

	for (guint i = 0; i < r->to->len; i++) {
		const SgRelation *to = g_ptr_array_index(r->to, i);

		facts |= to->facts;
		home = home || to->home[0] != '\0';
	}
	tell(findings, r->visible > 1, "recipients.visible", many);
	tell(findings, (facts & SG_REL_FIRST) != 0, "recipients.first", "The first message to somebody outside");
	tell(findings, (facts & SG_REL_ALIKE) != 0, "recipients.alike",
	    "An address that is easily taken for a known one");
	tell(findings, (facts & SG_REL_NAMESAKE) != 0, "recipients.namesake",
	    "A new recipient with the surname of somebody the sender often writes to");
	tell(findings, home, "recipients.private", "A private address of somebody of the school");
	tell(findings, r->reply_all, "recipients.reply-all", "An answer to all, some of them outside");
}
