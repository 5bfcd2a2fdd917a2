/* p_cover - a lead names a deputy who stands in, and from when to when. */
#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/sheet.h"
#include "store/care.h"

typedef struct Day {
	const char *name;	/* of the form: "since", "until" */
	gint64	    from, to;	/* the first second of the day, and the first after it */
	const char *wrong;
} Day;

static guint64
piece(const SgRequest *q, const char *name, const char *which, guint64 most)
{
	g_autofree char *field = g_strdup_printf("%s-%s", name, which);
	guint64 n = 0;

	return sg_field_number(q->body, field, most, &n) ? n : 0;
}

/* Three fields of a form, or one text ("2026-12-01") of a program. */
static void
read_day(const SgRequest *q, Day *d)
{
	const char *text = sg_field(q->body, d->name);
	g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", "-", 4);
	gboolean iso = g_strv_length(parts) == 3;
	guint64 year = iso ? g_ascii_strtoull(parts[0], NULL, 10) : piece(q, d->name, "year", 9999);
	guint64 month = iso ? g_ascii_strtoull(parts[1], NULL, 10) : piece(q, d->name, "month", 12);
	guint64 day = iso ? g_ascii_strtoull(parts[2], NULL, 10) : piece(q, d->name, "day", 31);
	g_autoptr(GDateTime) at = NULL, next = NULL;

	d->wrong = "This is not a date: write it like 27 3 2027";
	if (year < 2000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
		return;
	at = g_date_time_new_local((gint)year, (gint)month, (gint)day, 0, 0, 0);
	next = at != NULL ? g_date_time_add_days(at, 1) : NULL;
	if (next == NULL)
		return;
	d->from = g_date_time_to_unix(at);
	d->to = g_date_time_to_unix(next);
	d->wrong = NULL;
}

/* --- the page ------------------------------------------------------------------------ */

static char *
day_text(gint64 when)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_local(when);

	return t != NULL ? g_date_time_format(t, "%A %-d %B %Y") : g_strdup("");
}

static json_t *
covers(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = sg_store_covers(q->console->store, q->now, &error);
	json_t *rows;

	if (list == NULL) {
		sg_refuse_error(r, "Cover cannot be shown.", error);
		return NULL;
	}
	rows = json_array();
	for (guint k = 0; k < list->len; k++) {
		const SgCover *c = g_ptr_array_index(list, k);
		g_autofree char *lead = sg_sheet_name(q, c->lead), *deputy = sg_sheet_name(q, c->deputy);
		g_autofree char *since = day_text(c->since), *until = day_text(c->until - 1);

		json_array_append_new(rows, json_pack("{s:I s:s s:s s:s s:s s:b s:b}", "number", (json_int_t)c->id, "lead", lead,
		    "deputy", deputy, "since_text", since, "until_text", until, "now", c->since <= q->now, "mine",
		    strcmp(c->lead, q->who->name) == 0));
	}
	return rows;
}

static json_t *
deputies(const SgRequest *q)
{
	json_t *all = sg_sheet_receivers(q, NULL), *list = json_array();
	const char *typed = sg_field(q->body, "deputy");

	for (gsize k = 0; k < json_array_size(all); k++) {
		json_t *one = json_array_get(all, k);
		const char *account = json_string_value(json_object_get(one, "account"));
		const SgAccount *a = sg_accounts_named(q->people, account);

		json_object_set_new(one, "on", json_boolean(g_strcmp0(typed, account) == 0));
		json_object_set_new(one, "n", json_integer((json_int_t)json_array_size(list) + 1));
		if (a != NULL && a->role == SG_ROLE_DEPUTY)
			json_array_append(list, one);
	}
	json_decref(all);
	return list;
}

static json_t *
typed_day(const SgRequest *q, const char *name)
{
	static const char *const which[] = { "day", "month", "year" };
	json_t *o = json_object();

	for (gsize i = 0; i < G_N_ELEMENTS(which); i++) {
		g_autofree char *field = g_strdup_printf("%s-%s", name, which[i]);
		const char *v = sg_field(q->body, field);

		json_object_set_new(o, which[i], json_string(v != NULL ? v : ""));
	}
	return o;
}

static json_t *
show(const SgRequest *q, SgReply *r)
{
	json_t *rows = covers(q, r);

	if (rows == NULL)
		return NULL;
	sg_reply(r, json_pack("{s:s s:o s:b s:o s:o s:o}", "title", "Who stands in for you", "rows", rows, "may",
	    q->who->role == SG_ROLE_LEAD, "deputies", deputies(q), "since", typed_day(q, "since"), "until",
	    typed_day(q, "until")));
	return r->body;
}

void
sg_p_cover(const SgRequest *q, SgReply *r)
{
	(void)show(q, r);
}

/* --- naming and ending ------------------------------------------------------------------ */

void
sg_p_cover_add(const SgRequest *q, SgReply *r)
{
	Day since = { .name = "since" }, until = { .name = "until" };
	const char *deputy = sg_field(q->body, "deputy");
	const SgAccount *a = deputy != NULL ? sg_accounts_named(q->people, deputy) : NULL;
	g_autoptr(GError) error = NULL;
	SgCover c = { .lead = q->who->name };

	read_day(q, &since);
	read_day(q, &until);
	if (until.wrong == NULL && since.wrong == NULL && (until.to <= since.from || until.to <= q->now))
		until.wrong = "The last day must not be before the first, or over already";
	if (a == NULL || a->role != SG_ROLE_DEPUTY || since.wrong != NULL || until.wrong != NULL) {
		if (show(q, r) == NULL)
			return;
		if (a == NULL || a->role != SG_ROLE_DEPUTY)
			sg_form_error(r->body, "err_deputy", "deputy-1", "Choose a deputy");
		if (since.wrong != NULL)
			sg_form_error(r->body, "err_since", "since-day", since.wrong);
		if (until.wrong != NULL)
			sg_form_error(r->body, "err_until", "until-day", until.wrong);
		r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
		return;
	}
	c.deputy = a->name;
	c.since = since.from;
	c.until = until.to;
	if (!sg_store_cover_add(q->console->store, &c, q->now, &error)) {
		if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
			sg_refuse(r, MHD_HTTP_CONFLICT, "This cover was not kept.", error->message, "Look at the dates again.");
		else
			sg_refuse_error(r, "This cover was not kept.", error);
	} else if (q->html)
		sg_reply_see(r, "/cover?done=saved");
	else
		sg_reply(r, json_pack("{s:s}", "done", "It is on record."));
}

void
sg_p_cover_end(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	guint64 id = 0;

	if (!g_ascii_string_to_unsigned(q->id, 10, 1, G_MAXINT64, &id, NULL))
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "There is no such cover.", NULL, NULL);
	else if (sg_store_cover_end(q->console->store, (gint64)id, q->who->name, q->now, &error)) {
		if (q->html)
			sg_reply_see(r, "/cover?done=saved");
		else
			sg_reply(r, json_pack("{s:s}", "done", "It has ended."));
	} else if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "There is no such cover.", error->message, NULL);
	else
		sg_refuse_error(r, "The cover was not ended.", error);
}
