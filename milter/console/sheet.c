#include <string.h>

#include "console/decisions.h"
#include "console/sheet.h"
#include "model/uitext.h"
#include "store/accounts.h"
#include "store/care.h"

#define SHOWN	   200u
#define RECIPIENTS 20u
#define DAY	   ((gint64)86400)

static const struct {
	const char *state, *text;
} states[] = {
	{ "passed", "Delivered at once" },
	{ "rejected", "Refused when it came" },
	{ "waiting", "Waiting for a decision" },
	{ "releasing", "Released, goes out in a moment" },
	{ "sending", "Being handed to the mail server" },
	{ "released", "Accepted by the mail server" },
	{ "refused", "The mail server refused it" },
	{ "unclear", "Its end was not seen: somebody has to look" },
	{ "withheld", "Not delivered" },
	{ "returned", "Returned to the sender" },
};

static const char *
state_text(const char *state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		if (strcmp(states[i].state, state) == 0)
			return states[i].text;
	return "";
}

char *
sg_sheet_when(gint64 seconds, gint64 now)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_local(seconds);
	g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(now);

	if (t == NULL || today == NULL)
		return g_strdup("at an unknown time");
	if (g_date_time_get_year(t) == g_date_time_get_year(today) &&
	    g_date_time_get_day_of_year(t) == g_date_time_get_day_of_year(today))
		return g_date_time_format(t, "today at %H:%M");
	return g_date_time_format(t,
	    g_date_time_get_year(t) == g_date_time_get_year(today) ? "on %A %-d %B at %H:%M" : "on %-d %B %Y at %H:%M");
}

char *
sg_sheet_name(const SgRequest *q, const char *account)
{
	g_autoptr(SgPerson) p = sg_store_person(q->console->store, account, NULL);
	const SgAccount *a = sg_accounts_named(q->people, account);
	const char *name = p != NULL && *p->shown != '\0' ? p->shown : NULL;

	for (char **mail = a != NULL ? a->mail : NULL; mail != NULL && *mail != NULL && name == NULL; mail++)
		name = sg_policy_name(q->setup->policy, *mail);
	return sg_ui_line(name != NULL ? name : account, SHOWN);
}

/* --- who ------------------------------------------------------------------------------ */

static json_t *
person(const SgRequest *q, const char *what, const char *address, const char *klass)
{
	const char *name = sg_policy_name(q->setup->policy, address);
	g_autofree char *shown = sg_ui_line(address, SHOWN), *chip = sg_ui_line(klass, SHOWN);
	g_autofree char *full = sg_ui_line(name != NULL ? name : address, SHOWN);

	return json_pack("{s:b s:s s:s s:s}", what, 1, "name", *full != '\0' ? full : "nobody (a mail server’s own message)",
	    "chip", strcmp(chip, "outside") == 0 ? "outside school" : chip, "sub", name != NULL ? shown : "");
}

json_t *
sg_sheet_people(const SgRequest *q, const SgIncident *i)
{
	json_t *list = json_array();

	json_array_append_new(list, person(q, "is_from", i->origin.sender, i->origin.sender_class));
	for (guint k = 0; k < i->copies->len && k < RECIPIENTS; k++) {
		const SgCopy *c = g_ptr_array_index(i->copies, k);

		json_array_append_new(list, person(q, "is_to", c->address, c->klass));
	}
	if (i->copies->len > RECIPIENTS)
		json_array_append_new(list,
		    json_pack("{s:b s:s s:s s:s s:i}", "is_more", 1, "name", "", "chip", "", "sub", "", "others",
			(int)(i->copies->len - RECIPIENTS)));
	return list;
}

json_t *
sg_sheet_receivers(const SgRequest *q, const SgIncident *i)
{
	json_t *list = json_array();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint k = 0; k < q->people->len; k++) {
		const SgAccount *a = g_ptr_array_index(q->people, k);
		g_autofree char *name = sg_sheet_name(q, a->name);

		if ((a->role & SG_ROLE_CONTENT) == 0 || strcmp(a->name, q->who->name) == 0 ||
		    (i != NULL && !sg_may_see(a, i)) || !g_hash_table_add(seen, a->name))
			continue;
		json_array_append_new(list,
		    json_pack("{s:i s:s s:s s:s}", "n", (int)json_array_size(list) + 1, "account", a->name, "name",
			name, "role_label", sg_role_label(a->role)));
	}
	return list;
}

/* --- state ------------------------------------------------------------------------------ */

static void
add_claim(const SgRequest *q, const SgIncident *i, json_t *m)
{
	const char *holder = sg_view_holder(i, q->now);
	g_autofree char *until = i->taken_until > 0 ? sg_view_words(i->taken_until, q->now) : NULL, *name = NULL;

	if (holder == NULL || sg_incident_count(i, SG_COPY_WAITING) == 0)
		return;
	name = sg_sheet_name(q, holder);
	json_object_set_new(m, "claim", json_pack("{s:b s:s s:s}", "mine", strcmp(holder, q->who->name) == 0, "name",
	    name, "until", until != NULL ? until : ""));
}

/* What a mail server answered: the name it gave the message, for whoever looks in its log. */
static char *
queue_id(const char *answer)
{
	const char *at = answer != NULL ? strstr(answer, "queued as ") : NULL;
	gsize n;

	if (at == NULL)
		return g_strdup("");
	at += strlen("queued as ");
	n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
	return g_strndup(at, MIN(n, 40));
}

static void
add_copies(const SgIncident *i, json_t *m)
{
	json_t *copies = json_object_get(m, "copies");
	gboolean any = FALSE;

	for (guint k = 0; k < i->copies->len; k++) {
		const SgCopy *c = g_ptr_array_index(i->copies, k);
		json_t *o = json_array_get(copies, k);
		g_autofree char *queue = queue_id(c->answer);
		const char *answer = json_string_value(json_object_get(o, "answer"));

		any = any || (c->state != SG_COPY_WAITING && c->state != SG_COPY_RELEASING);
		json_object_set_new(o, "state_text", json_string(state_text(sg_copy_state_name(c->state))));
		json_object_set_new(o, "queue", json_sprintf("%s%s", *queue != '\0' ? "queue id " : "", queue));
		json_object_set_new(o, "answer_text", json_string(
		    *queue == '\0' && c->state != SG_COPY_WAITING && answer != NULL ? answer : ""));
		json_object_set_new(o, "unclear", json_boolean(c->state == SG_COPY_UNCLEAR && !i->sealed));
	}
	json_object_set_new(m, "has_delivery", json_boolean(any));
}

static void
add_decided(const SgRequest *q, const SgIncident *i, json_t *m)
{
	json_t *d = json_object_get(m, "decision"), *o;
	g_autofree char *name = NULL, *when = NULL, *note = NULL;

	if (d == NULL)
		return;
	name = sg_sheet_name(q, i->decided_by);
	when = sg_sheet_when(i->decided_at, q->now);
	o = json_pack("{s:O s:s s:b s:s s:O}", "label", json_object_get(d, "label"), "name", name, "you",
	    g_strcmp0(i->decided_by, q->who->name) == 0, "when_text", when, "reason", json_object_get(d, "reason"));
	note = i->sealed ? NULL : sg_store_note(q->console->store, i->ref, NULL);
	if (note != NULL && *note != '\0') {
		g_autofree char *clean = sg_ui_text(note, -1, 2000, SG_UI_DROP);

		json_object_set_new(o, "sent_note", json_string(clean));
	}
	json_object_set_new(m, "decided", o);
}

/* Seconds in which a release can still be taken back. */
static void
add_undo(const SgRequest *q, const SgIncident *i, json_t *m)
{
	gint64 left = i->decided_at + q->setup->options->courier.undo - q->now;

	/* the banner of the release itself has the button already */
	if (sg_field(q->query, "done") != NULL)
		return;
	if (!i->sealed && sg_incident_count(i, SG_COPY_RELEASING) > 0 && left > 0)
		json_object_set_new(m, "undo", json_pack("{s:I}", "seconds", (json_int_t)left));
}

static void
add_keep(const SgRequest *q, const SgIncident *i, json_t *m)
{
	gint64 from = i->decided_at > 0 ? i->decided_at : i->created;
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_local(from + q->setup->options->store.keep_days * DAY);
	g_autofree char *day = t != NULL ? g_date_time_format(t, "%-d %B %Y") : NULL;

	if (day != NULL && !i->sealed && sg_incident_count(i, SG_COPY_WAITING) == 0)
		json_object_set_new(m, "keep", json_string(day));
}

void
sg_sheet_state(const SgRequest *q, const SgIncident *i, json_t *m)
{
	g_autofree char *held = sg_sheet_when(i->created, q->now);
	g_autofree char *due = i->look_by > 0 ? sg_view_words(i->look_by, q->now) : NULL;
	gboolean waiting = sg_incident_count(i, SG_COPY_WAITING) > 0;
	const char *state = sg_view_state(i);
	json_t *guide = sg_steps_for(q->setup->steps, i->sealed ? "sealed" : i->category);

	json_object_set_new(m, "back", json_pack("{s:s s:s}", "path", "queue", "label", "Back to the queue"));
	json_object_set_new(m, "held_text", json_string(held));
	json_object_set_new(m, "due_text", json_string(due != NULL && waiting ? due : ""));
	json_object_set_new(m, "urgent", json_boolean(g_strcmp0(i->urgency, "urgent") == 0));
	json_object_set_new(m, "privileged", json_boolean(i->privileged));
	json_object_set_new(m, "delivered", json_boolean(sg_incident_count(i, SG_COPY_PASSED) == i->copies->len));
	json_object_set_new(m, "outcome", json_string(waiting ? "" : state_text(state)));
	json_object_set_new(guide, "has_calls", json_boolean(json_array_size(json_object_get(guide, "calls")) > 0));
	json_object_set_new(m, "guide", guide);
	add_claim(q, i, m);
	add_copies(i, m);
	add_decided(q, i, m);
	add_undo(q, i, m);
	add_keep(q, i, m);
}

/* --- before ------------------------------------------------------------------------------- */

#define BEFORE_MOST  200u	/* beyond it "many" is enough */
#define BEFORE_SHOWN 5u

static gint
newest_first(gconstpointer a, gconstpointer b)
{
	const SgIncident *x = *(const SgIncident *const *)a, *y = *(const SgIncident *const *)b;

	return x->created < y->created ? 1 : x->created > y->created ? -1 : strcmp(x->ref, y->ref);
}

static GPtrArray *
parties(const SgIncident *i)
{
	GPtrArray *all = g_ptr_array_new();

	if (i->origin.sender != NULL && *i->origin.sender != '\0')
		g_ptr_array_add(all, i->origin.sender);
	for (guint k = 0; k < i->copies->len && k < RECIPIENTS; k++)
		g_ptr_array_add(all, ((SgCopy *)g_ptr_array_index(i->copies, k))->address);
	g_ptr_array_add(all, NULL);
	return all;
}

static json_t *
earlier(const SgRequest *q, const SgIncident *i)
{
	g_autofree char *id = sg_ref_show(i->ref), *when = sg_sheet_when(i->created, q->now);

	return json_pack("{s:s s:s s:s s:s}", "id", id, "when_text", when, "why", sg_category_label(i->category), "outcome",
	    state_text(sg_view_state(i)));
}

void
sg_sheet_before(const SgRequest *q, const SgIncident *i, json_t *m)
{
	g_autoptr(GPtrArray) who = parties(i), list = NULL;
	SgFilter f = sg_view_filter(q);
	SgReply r = { 0 };
	gboolean more;
	json_t *shown;
	guint count = 0, sender = 0;

	f.party = (const char *const *)who->pdata;
	f.since = q->now - 365 * DAY;
	f.limit = BEFORE_MOST;
	list = who->len > 1 ? sg_view_list(q, &f, &more, &r) : NULL;
	sg_reply_clear(&r);
	if (list == NULL)
		return;
	g_ptr_array_sort(list, newest_first);
	shown = json_array();
	for (guint k = 0; k < list->len; k++) {
		const SgIncident *other = g_ptr_array_index(list, k);

		if (strcmp(other->ref, i->ref) == 0)
			continue;
		count++;
		sender += g_ascii_strcasecmp(other->origin.sender, i->origin.sender) == 0;
		if (json_array_size(shown) < BEFORE_SHOWN)
			json_array_append_new(shown, earlier(q, other));
	}
	if (count > 0)
		json_object_set_new(m, "before", json_pack("{s:b s:i s:b s:i s:O}", "over", more, "count", (int)count, "many", count > 1, "by_sender", (int)sender,
		    "list", shown));
	json_decref(shown);
}
