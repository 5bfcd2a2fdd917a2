#include <string.h>

#include <microhttpd.h>

#include "base/clock.h"
#include "base/err.h"
#include "console/view.h"
#include "model/uitext.h"

#define NAME_MAX_SHOWN 200u

static const struct {
	const char *word, *label;
} ways[] = {
	{ "in", "Coming in" },
	{ "out", "Going out" },
	{ "inside", "Inside school" },
	{ "transit", "Passing through" },
};

static const struct {
	const char *urgency, *label;
} urgencies[] = {
	{ "urgent", "Urgent" }, { "high", "High" }, { "medium", "Medium" }, { "low", "Low" },
};

/* What the data protection officer looks after. */
static const char *const leaks[] = { "personal-data", "secrets", NULL };

/* --- who may see what ------------------------------------------------------------ */

gboolean
sg_is_party(const SgAccount *who, const char *sender, const char *recipients)
{
	g_auto(GStrv) list = g_strsplit_set(recipients != NULL ? recipients : "", ", ", -1);

	if (sg_account_is(who, sender))
		return TRUE;
	for (char **a = list; *a != NULL; a++)
		if (**a != '\0' && sg_account_is(who, *a))
			return TRUE;
	return FALSE;
}

gboolean
sg_may_see(const SgAccount *who, const SgIncident *i)
{
	if (who->role == SG_ROLE_DPO && (i->category == NULL || !g_strv_contains(leaks, i->category)))
		return FALSE;
	if (sg_account_is(who, i->origin.sender))
		return FALSE;
	for (guint k = 0; k < i->copies->len; k++)
		if (sg_account_is(who, ((const SgCopy *)g_ptr_array_index(i->copies, k))->address))
			return FALSE;
	for (guint k = 0; k < i->subjects->len; k++)
		if (sg_account_is(who, g_ptr_array_index(i->subjects, k)))
			return FALSE;
	return TRUE;
}

SgIncident *
sg_view_open(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) i = sg_store_get(q->console->store, q->ref, &error);

	if (i != NULL && sg_may_see(q->who, i))
		return g_steal_pointer(&i);
	if (error != NULL && !g_error_matches(error, SG_ERR, SG_ERR_INPUT))
		sg_refuse_error(r, "The message cannot be shown.", error);
	else
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "There is no message with this reference.",
		    "It may have been deleted when its time was over",
		    "See: schoolgatectl held list");
	return NULL;
}

SgFilter
sg_view_filter(const SgRequest *q)
{
	return (SgFilter){ .not_party = (const char *const *)q->who->mail, .now = q->now,
		.categories = q->who->role == SG_ROLE_DPO ? leaks : NULL };
}

static void
keep_visible(const SgRequest *q, GPtrArray *list)
{
	for (guint k = list->len; k-- > 0;)
		if (!sg_may_see(q->who, g_ptr_array_index(list, k)))
			g_ptr_array_remove_index(list, k);
}

/* What sg_view_filter() lets through is looked at once more: one rule, two readers. */
GPtrArray *
sg_view_list(const SgRequest *q, const SgFilter *f, gboolean *more, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = NULL;
	SgFilter wide = *f;

	wide.limit = f->limit + 1;
	list = sg_store_list(q->console->store, &wide, &error);
	if (list == NULL) {
		sg_refuse_error(r, "The list cannot be shown.", error);
		return NULL;
	}
	*more = list->len > f->limit;
	if (*more)
		g_ptr_array_remove_range(list, f->limit, list->len - f->limit);
	keep_visible(q, list);
	return g_steal_pointer(&list);
}

gboolean
sg_view_waiting(const SgRequest *q, SgWaiting *out, GError **error)
{
	SgFilter all = sg_view_filter(q), urgent, late;
	SgStore *s = q->console->store;

	all.waiting = TRUE;
	urgent = late = all;
	urgent.urgency = "urgent";
	late.late = TRUE;
	return sg_store_count(s, &all, &out->all, error) && sg_store_count(s, &urgent, &out->urgent, error) &&
	       sg_store_count(s, &late, &out->late, error);
}

/* --- pieces of a model -------------------------------------------------------------- */

static json_t *
shown(const char *text, gsize max)
{
	g_autofree char *clean = sg_ui_line(text, max);

	return json_string(clean);
}

json_t *
sg_view_time(gint64 seconds)
{
	g_autofree char *t = seconds > 0 ? sg_clock_rfc3339(seconds) : NULL;

	return t != NULL ? json_string(t) : json_null();
}

char *
sg_view_words(gint64 seconds, gint64 now)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_local(seconds);
	g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(now);

	if (t == NULL || today == NULL)
		return g_strdup("an unknown time");
	if (g_date_time_get_year(t) == g_date_time_get_year(today) &&
	    g_date_time_get_day_of_year(t) == g_date_time_get_day_of_year(today))
		return g_date_time_format(t, "%H:%M");
	return g_date_time_format(t, "%A %-d %B, %H:%M");
}

const char *
sg_way_label(const char *route)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++)
		if (g_strcmp0(ways[i].word, route) == 0)
			return ways[i].label;
	return "Unknown";
}

static const char *
urgency_label(const char *urgency)
{
	for (gsize i = 0; i < G_N_ELEMENTS(urgencies); i++)
		if (g_strcmp0(urgencies[i].urgency, urgency) == 0)
			return urgencies[i].label;
	return "Low";
}

json_t *
sg_view_from(const SgIncident *i, gboolean people)
{
	json_t *o = json_object();

	json_object_set_new(o, "group", shown(i->origin.sender_class, NAME_MAX_SHOWN));
	if (people)
		json_object_set_new(o, "address", shown(i->origin.sender, NAME_MAX_SHOWN));
	return o;
}

json_t *
sg_view_to(const SgIncident *i, gboolean people)
{
	json_t *o = json_object(), *addresses = json_array();
	g_autoptr(GString) groups = g_string_new(NULL);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint k = 0; k < i->copies->len; k++) {
		const SgCopy *c = g_ptr_array_index(i->copies, k);

		if (c->klass != NULL && g_hash_table_add(seen, c->klass))
			g_string_append_printf(
			    groups, "%s%s", groups->len > 0 ? ", " : "", c->klass);
		if (people)
			json_array_append_new(addresses, shown(c->address, NAME_MAX_SHOWN));
	}
	json_object_set_new(o, "group", shown(groups->str, NAME_MAX_SHOWN));
	json_object_set_new(o, "count", json_integer((json_int_t)i->copies->len));
	if (people)
		json_object_set(o, "addresses", addresses);
	json_decref(addresses);
	return o;
}

const char *
sg_view_holder(const SgIncident *i, gint64 now)
{
	if (i->taken_by == NULL || *i->taken_by == '\0')
		return NULL;
	/* no end: it was passed to them */
	return i->taken_until == 0 || i->taken_until > now ? i->taken_by : NULL;
}

const char *
sg_view_state(const SgIncident *i)
{
	static const SgCopyState order[] = { SG_COPY_WAITING, SG_COPY_UNCLEAR, SG_COPY_REFUSED,
	    SG_COPY_SENDING, SG_COPY_RELEASING, SG_COPY_RELEASED, SG_COPY_RETURNED,
	    SG_COPY_WITHHELD, SG_COPY_REJECTED };

	for (gsize k = 0; k < G_N_ELEMENTS(order); k++)
		if (sg_incident_count(i, order[k]) > 0)
			return sg_copy_state_name(order[k]);
	return sg_copy_state_name(SG_COPY_PASSED);
}

json_t *
sg_view_row(const SgRequest *q, const SgIncident *i, gboolean people)
{
	g_autofree char *id = sg_ref_show(i->ref);
	const char *holder = sg_view_holder(i, q->now);
	guint waiting = sg_incident_count(i, SG_COPY_WAITING);
	gboolean late = waiting > 0 && i->look_by > 0 && i->look_by < q->now;
	json_t *row = json_pack("{s:s s:s s:s s:s s:s s:s s:s s:o s:o}", "id", id, "urgency",
	    i->urgency, "urgency_label", urgency_label(i->urgency), "reason", i->category, "why",
	    sg_category_label(i->category), "way", i->route, "direction", sg_way_label(i->route),
	    "from", sg_view_from(i, people), "to", sg_view_to(i, people));
	json_t *rest = json_pack("{s:o s:o s:b s:o s:b s:s s:i s:i s:b s:b s:b s:I}", "held",
	    sg_view_time(i->created), "look_by", sg_view_time(i->look_by), "late", late, "with",
	    holder != NULL ? json_string(holder) : json_null(), "mine",
	    holder != NULL && strcmp(holder, q->who->name) == 0, "state", sg_view_state(i),
	    "waiting", (int)waiting, "unclear", (int)sg_incident_count(i, SG_COPY_UNCLEAR),
	    "sealed", i->sealed != FALSE, "disclosure", i->disclosure != FALSE, "bulk",
	    !i->sealed && i->severity <= 3 && waiting > 0, "version", (json_int_t)i->version);

	json_object_update(row, rest);
	json_decref(rest);
	return row;
}

gboolean
sg_view_audit(const SgRequest *q, const char *action, const char *detail, SgReply *r)
{
	g_autoptr(GError) error = NULL;

	if (sg_store_audit(q->console->store, q->who->name, action, q->ref, detail, q->now, &error))
		return TRUE;
	sg_refuse_error(r, "This cannot be written down, so it cannot be shown.", error);
	return FALSE;
}

json_t *
sg_view_entry(const SgAuditEntry *e)
{
	g_autofree char *id =
	    e->ref != NULL && *e->ref != '\0' ? sg_ref_show(e->ref) : g_strdup("");
	json_t *o = json_pack("{s:o s:s}", "when", sg_view_time(e->when), "id", id);

	json_object_set_new(o, "actor", shown(e->actor, NAME_MAX_SHOWN));
	json_object_set_new(o, "action", shown(e->action, NAME_MAX_SHOWN));
	json_object_set_new(o, "detail", shown(e->detail, NAME_MAX_SHOWN));
	return o;
}
