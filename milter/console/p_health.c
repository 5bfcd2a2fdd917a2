#include <string.h>

#include <microhttpd.h>

#include "console/alarms.h"
#include "console/health.h"
#include "console/view.h"

static void
service(json_t *list, const char *name, gboolean ok, const char *remark)
{
	json_array_append_new(list, json_pack("{s:s s:s s:s s:b}", "name", name, "state",
	    ok ? "ok" : "wrong", "remark", ok ? "" : remark, "is_ok", (int)ok));
}

static json_t *
services(const SgHealth *h)
{
	json_t *list = json_array();

	service(list, "store", h->store,
	    "Facts cannot be read or written; new mail waits at its senders.");
	service(list, "scanner", h->scan, "Nobody answers; new mail waits at its senders.");
	service(list, "milter", h->milter, "Nobody answers; new mail waits at its senders.");
	service(list, "courier", h->courier,
	    "Mail in the outbox does not go out: is the courier running?");
	service(list, "mail server", h->status.outbox_failed == 0,
	    "It does not take alerts or releases; they are tried again.");
	service(list, "contacts", h->contacts,
	    "Fewer than two have confirmed that mail reaches them: schoolgatectl contact list.");
	service(list, "disk", h->disk, "There is little room left for held mail.");
	return list;
}

/* One sentence: what is wrong (and was before this list), or that nothing is. */
static char *
sentence(const json_t *list, GString *wrong, guint unclear, gboolean *ok)
{
	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *s = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(s, "name"));

		if (strcmp(json_string_value(json_object_get(s, "state")), "ok") != 0)
			g_string_append_printf(wrong, "%s%s", wrong->len > 0 ? ", " : "", name);
	}
	*ok = wrong->len == 0 && unclear == 0;
	if (wrong->len > 0)
		return g_strdup_printf("Something needs attention: %s.", wrong->str);
	if (unclear > 0)
		return g_strdup(
		    "Working. The end of some releases was not seen: a person has to look.");
	return g_strdup("Working. Mail is flowing.");
}

/* For somebody with mail of their own in the house, counts come from what they may see. */
static gboolean
counts(const SgRequest *q, const SgHealth *h, json_t *m, SgReply *r)
{
	SgWaiting n = { h->status.waiting, h->status.urgent, h->status.late };
	g_autoptr(GError) error = NULL;

	if (q->who->mail != NULL && q->who->mail[0] != NULL && !sg_view_waiting(q, &n, &error)) {
		sg_refuse_error(r, "The health of the system cannot be shown.", error);
		return FALSE;
	}
	json_object_set_new(m, "waiting", json_integer((json_int_t)n.all));
	json_object_set_new(m, "late", json_integer((json_int_t)n.late));
	json_object_set_new(m, "urgent", json_integer((json_int_t)n.urgent));
	return TRUE;
}

static char *
signatures(const SgHealth *h, gint64 now)
{
	gint64 age = MAX(now - h->signatures_made, 0);

	if (h->signatures_made == 0)
		return g_strdup("none used");
	return age < 2 * 86400 ? g_strdup_printf("%" G_GINT64_FORMAT " hours old", age / 3600)
			       : g_strdup_printf("%" G_GINT64_FORMAT " days old", age / 86400);
}

void
sg_p_health(const SgRequest *q, SgReply *r)
{
	SgHealth h;
	g_autoptr(GString) wrong = g_string_new(NULL);
	json_t *list, *alarms, *m;
	gboolean ok;
	g_autofree char *text = NULL, *virus = NULL;

	sg_health_look(q->console, q->setup, q->now, &h);
	list = services(&h);
	alarms = sg_alarms_view(q->setup->options, wrong);
	virus = signatures(&h, q->now);
	text = sentence(list, wrong, h.status.unclear, &ok);
	m = json_pack("{s:s s:b s:s s:o s:o s:s s:s s:o s:o}", "title", "Health", "ok", ok, "sentence",
	    text, "services", list, "alarms", alarms, "version", PACKAGE_VERSION, "signatures",
	    virus, "signatures_made", sg_view_time(h.signatures_made), "rules_changed",
	    sg_view_time(h.rules_changed));
	if (q->html && h.rules_changed > 0) {
		g_autofree char *changed = sg_view_words(h.rules_changed, q->now);

		json_object_set_new(m, "rules_changed_words", json_string(changed));
	}
	if (h.store) {
		json_object_set_new(m, "unclear", json_integer(h.status.unclear));
		json_object_set_new(m, "outbox", json_integer(h.status.outbox));
		json_object_set_new(m, "outbox_oldest", sg_view_time(h.oldest));
		json_object_set_new(m, "last_mail", sg_view_time(h.status.last_mail));
		json_object_set_new(m, "today", json_integer((json_int_t)h.status.today));
		json_object_set_new(m, "store_schema", json_integer(h.status.schema));
	}
	if (!h.store || counts(q, &h, m, r))
		sg_reply(r, m);
	else
		json_decref(m);
}

