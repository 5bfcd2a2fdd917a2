/* route - who writes to whom, and where it goes. */
#include <string.h>

#include "base/clock.h"
#include "decide/inner.h"

/* A login without a domain is a person of the first school domain that people.csv
 * knows; failing that the envelope is believed, which the mail server has checked
 * against the login (smtpd_sender_login_maps, Sendmail's check_mail). */
static char *
login_address(const SgPolicy *p, const char *login, const char *sender, gint64 now)
{
	char **domains = p->options->school.domains;
	g_autofree char *user = g_strndup(login, strcspn(login, "@"));

	for (char **d = domains; *d != NULL; d++) {
		g_autofree char *a = g_strconcat(user, "@", *d, NULL);
		g_autofree char *low = g_utf8_strdown(a, -1);

		if (sg_people_class(p, low, now) != NULL)
			return g_steal_pointer(&low);
	}
	if (sg_policy_inside(p, sender) || domains[0] == NULL)
		return g_strdup(sender);
	return g_strconcat(user, "@", domains[0], NULL);
}

/* The address the sender's class comes from; NULL when nobody vouches for one. */
static char *
identity_of(const SgPolicy *p, const SgMessage *m, gint64 now)
{
	if (!m->authenticated)
		return NULL;
	if (m->auth != NULL && m->auth[0] != '\0')
		return sg_policy_inside(p, m->auth) ? g_strdup(m->auth)
						    : login_address(p, m->auth, m->sender, now);
	/* a trusted network: our own mailbox server, which also forwards mail of others */
	if (m->sender[0] == '\0' || sg_policy_inside(p, m->sender))
		return g_strdup(m->sender);
	return NULL;
}

void
sg_parties_init(SgParties *w, const SgPolicy *p, const SgMessage *m, gint64 now)
{
	memset(w, 0, sizeof(*w));
	w->identity = identity_of(p, m, now);
	w->claimed = w->identity == NULL && sg_policy_own_domain(p, m->sender);
	w->klass = SG_OUTSIDE;
	if (w->identity != NULL)
		w->klass = sg_policy_class_at(p, w->identity, now);
	else if (!w->claimed)
		w->klass = sg_policy_class_at(p, m->sender, now);
	for (guint i = 0; i < m->recipients->len; i++)
		w->outside += !sg_policy_inside(p, g_ptr_array_index(m->recipients, i));
}

void
sg_parties_clear(SgParties *w)
{
	g_clear_pointer(&w->identity, g_free);
}

SgRoute
sg_route_of(const SgParties *w, gboolean recipient_inside)
{
	if (w->identity != NULL)
		return recipient_inside ? SG_ROUTE_INSIDE : SG_ROUTE_OUT;
	return recipient_inside ? SG_ROUTE_IN : SG_ROUTE_TRANSIT;
}

/* Of the message as a whole: one recipient outside makes it leave, and one
 * recipient inside makes mail from elsewhere ours. */
SgRoute
sg_route_whole(const SgParties *w, const SgMessage *m)
{
	if (w->identity != NULL)
		return w->outside > 0 ? SG_ROUTE_OUT : SG_ROUTE_INSIDE;
	return w->outside < m->recipients->len ? SG_ROUTE_IN : SG_ROUTE_TRANSIT;
}

char *
sg_decide_facts(const SgPolicy *p, const SgMessage *m)
{
	gint64 now = sg_clock_now();
	g_autoptr(GString) out = g_string_new("from=");
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	SgParties w;

	sg_parties_init(&w, p, m, now);
	g_string_append_printf(out, "%s to=", w.klass);
	for (guint i = 0; i < m->recipients->len; i++) {
		const char *klass = sg_policy_class_at(p, g_ptr_array_index(m->recipients, i), now);

		if (g_hash_table_add(seen, (gpointer)(gsize)klass))
			g_string_append_printf(
			    out, "%s%s", g_hash_table_size(seen) > 1 ? "," : "", klass);
	}
	g_string_append_printf(out, " route=%s", sg_route_name(sg_route_whole(&w, m)));
	sg_parties_clear(&w);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
sg_decide_writer(const SgPolicy *p, const SgMessage *m, gint64 now, gboolean *ours)
{
	g_autofree char *identity = identity_of(p, m, now);

	*ours = identity != NULL;
	return sg_policy_mailbox(p, identity != NULL ? identity : m->sender);
}
