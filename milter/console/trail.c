/* trail - the audit of one message in sentences (sheet.h). */
#include <string.h>

#include "console/ladder.h"
#include "console/sheet.h"
#include "store/care.h"
#include "model/uitext.h"

#define TRAIL_MOST 200u
#define WEEK	   ((gint64)7 * 86400)

/* action, what its detail begins with, the words behind the name */
static const struct {
	const char *action, *detail, *text;
} words[] = {
	{ "looked", "rung=2", "opened this page with the matched words" },
	{ "looked", "rung=3", "opened this page with the text" },
	{ "looked", "rung=4", "opened this page with the pictures" },
	{ "looked", "", "opened this page" },
	{ "revealed", "rung=2", "saw the matched words" },
	{ "revealed", "rung=3", "read the text" },
	{ "revealed", "rung=4", "saw the pictures, grey and blurred" },
	{ "revealed", "rung=5", "saw a picture clearly" },
	{ "taken", "", "took it" },
	{ "took-over", "", "took it over" },
	{ "decided", "code=reassign", "passed it on" },
	{ "decided", "code=release_stripped", "released it without attachments" },
	{ "decided", "code=release_advised", "released it with a note to the sender" },
	{ "decided", "code=release", "released it" },
	{ "decided", "code=return", "returned it to the sender" },
	{ "decided", "code=withhold", "decided not to deliver it" },
	{ "undone", "", "took the decision back" },
	{ "sealed", "", "sealed it" },
	{ "unseal-asked", "", "asked for the seal to be lifted" },
	{ "unsealed", "", "agreed, and the seal was lifted" },
	{ "told", "", "recorded who was told" },
	{ "mistake", "", "said that it should not have been held" },
	{ "rule-accepted", "", "accepted a suggestion about a rule" },
	{ "rule-declined", "", "declined a suggestion about a rule" },
	{ "suggestions", "", "looked at suggestions about rules" },
	{ "settled", "", "said what became of a copy" },
	{ "held", "", "held it" },
	{ "listed", "", "looked at a list with names" },
	{ "searched", "", "searched" },
};

const char *
sg_trail_words(const SgAuditEntry *e)
{
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].action, e->action) == 0 && g_str_has_prefix(e->detail, words[i].detail))
			return words[i].text;
	return NULL;
}

static json_t *
named(const SgRequest *q, const SgAuditEntry *e, const char *text)
{
	g_autofree char *name = sg_sheet_name(q, e->actor), *when = sg_sheet_when(e->when, q->now);
	const SgAccount *a = sg_accounts_named(q->people, e->actor);

	return json_pack("{s:s s:s s:b s:s}", "name", a != NULL ? name : "Schoolgate", "when_text", when, "you",
	    strcmp(e->actor, q->who->name) == 0, "text", text);
}

/* Opening the page again and again is one line: the newest. */
static gboolean
again(const json_t *trail, const char *name, const char *text)
{
	const json_t *last = json_array_get(trail, json_array_size(trail) - 1);

	return last != NULL && strcmp(json_string_value(json_object_get(last, "text")), text) == 0 &&
	    strcmp(json_string_value(json_object_get(last, "name")), name) == 0;
}

static void
add_entry(const SgRequest *q, const SgAuditEntry *e, json_t *trail)
{
	const char *text = sg_trail_words(e);
	json_t *o = text != NULL ? named(q, e, text) : NULL;

	if (o == NULL)
		return;
	if (again(trail, json_string_value(json_object_get(o, "name")), text))
		json_decref(o);
	else
		json_array_append_new(trail, o);
}

/* For the page of a sealed message: who saw it before, who sealed it, who was told. */
static void
add_sealed(const SgRequest *q, const SgAuditEntry *e, json_t *m)
{
	json_t *told = json_object_get(m, "told");

	if (strcmp(e->action, "revealed") == 0 && !g_str_has_prefix(e->detail, "rung=2") &&
	    json_object_get(m, "opened") == NULL)
		json_object_set_new(m, "opened", named(q, e, ""));
	if (strcmp(e->action, "sealed") == 0 && sg_accounts_named(q->people, e->actor) != NULL) {
		g_autofree char *name = sg_sheet_name(q, e->actor);

		json_object_set_new(m, "sealed_by", json_string(name));
	}
	if (strcmp(e->action, "told") == 0) {
		json_t *o = named(q, e, "");
		g_autofree char *who = sg_told_text(e->detail);

		json_object_set_new(o, "who_text", json_string(who));
		json_array_append_new(told, o);
	}
}

void
sg_sheet_trail(const SgRequest *q, const SgIncident *i, json_t *m)
{
	g_autoptr(GPtrArray) entries = sg_store_audit_list(q->console->store, i->ref, 0, TRAIL_MOST, NULL);
	json_t *trail = json_array();

	json_object_set_new(m, "told", json_array());
	for (guint k = 0; entries != NULL && k < entries->len; k++) {
		const SgAuditEntry *e = g_ptr_array_index(entries, k);

		add_entry(q, e, trail);
		if (i->sealed)
			add_sealed(q, e, m);
	}
	json_object_set_new(m, "trail", trail);
}

void
sg_sheet_support(const SgRequest *q, const SgIncident *i, json_t *m)
{
	g_autoptr(GHashTable) counts = sg_store_serious(q->console->store, q->now - WEEK, NULL);
	guint n = counts != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(counts, q->who->name)) : 0;

	/* a message that is decided or sealed cannot be passed on */
	if (n > 0)
		json_object_set_new(m, "support", json_pack("{s:i s:b s:b}", "count", (int)n, "many", n > 1, "offer",
		    !i->sealed && sg_incident_count(i, SG_COPY_WAITING) > 0 &&
			n >= (guint)q->setup->options->console.serious_week));
}

/* Numbers only, and only of this week: the head has to know who needs a rest. */
static json_t *
everybody(const SgRequest *q, GHashTable *counts)
{
	json_t *list = json_array();

	for (guint k = 0; k < q->people->len; k++) {
		const SgAccount *a = g_ptr_array_index(q->people, k);
		gpointer n = g_hash_table_lookup(counts, a->name);
		g_autofree char *name = sg_sheet_name(q, a->name);

		/* several rows may be one person */
		if (n != NULL && g_hash_table_remove(counts, a->name))
			json_array_append_new(list, json_pack("{s:s s:i}", "name", name, "count", (int)GPOINTER_TO_UINT(n)));
	}
	return list;
}

void
sg_sheet_week(const SgRequest *q, json_t *m)
{
	g_autoptr(GHashTable) counts = sg_store_serious(q->console->store, q->now - WEEK, NULL);
	guint n = counts != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(counts, q->who->name)) : 0;

	if ((q->who->role & SG_ROLE_CONTENT) == 0 || counts == NULL)
		return;
	json_object_set_new(m, "week", json_pack("{s:i s:b}", "count", (int)n, "many", n != 1));
	json_object_set_new(m, "may_cover", json_boolean(q->who->role == SG_ROLE_LEAD));
	if (q->who->role == SG_ROLE_HEAD)
		json_object_set_new(m, "weeks", everybody(q, counts));
	json_object_set_new(m, "weeks_any", json_boolean(json_array_size(json_object_get(m, "weeks")) > 0));
}
