#include <string.h>

#include <microhttpd.h>

#include "console/health.h"
#include "console/pages.h"
#include "console/view.h"
#include "model/message.h"
#include "model/uitext.h"

#define ROWS	  1000u
#define HTML_ROWS 25u	/* a page of 40 kB at most (console.md 3) */
#define TYPED_MAX 200u

static const char *const urgencies[] = { "urgent", "high", "medium", "low", NULL };
static const char *const shows[] = { "waiting", "mine", "all", NULL };
static const char *const ways[] = { "in", "out", "inside", "transit", NULL };

static gboolean
one_of(const char *value, const char *const *words)
{
	return value == NULL || g_strv_contains(words, value);
}

/* A field of the form; "" is no choice. */
static const char *
chosen(const SgRequest *q, const char *name)
{
	const char *v = sg_field(q->query, name);

	return v != NULL && *v != '\0' ? v : NULL;
}

/* NULL: fine. */
static const char *
words_wrong(const SgRequest *q)
{
	if (!one_of(chosen(q, "urgency"), urgencies))
		return "Choose urgent, high, medium or low.";
	if (!one_of(chosen(q, "show"), shows))
		return "Choose waiting, mine or all.";
	if (!one_of(chosen(q, "way"), ways))
		return "Choose in, out, inside or transit.";
	if (chosen(q, "who") != NULL && strlen(chosen(q, "who")) > TYPED_MAX)
		return "Write less of the name or address.";
	return NULL;
}

static gboolean
read_filter(const SgRequest *q, SgFilter *f, SgReply *r)
{
	const char *show = chosen(q, "show"), *wrong = words_wrong(q);
	guint64 since = 0, limit = q->html ? HTML_ROWS : ROWS, offset = 0;

	*f = sg_view_filter(q);
	f->urgency = chosen(q, "urgency");
	f->category = chosen(q, "reason");
	f->route = chosen(q, "way");
	f->person = chosen(q, "who");
	f->late = sg_field_true(q->query, "late");
	f->waiting = g_strcmp0(show, "all") != 0;
	f->taken_by = g_strcmp0(show, "mine") == 0 ? q->who->name : NULL;
	if (wrong != NULL)
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such list.", NULL, wrong);
	else if (!sg_field_number(q->query, "since", G_MAXINT64, &since) ||
		 !sg_field_number(q->query, "limit", ROWS, &limit) ||
		 !sg_field_number(q->query, "offset", 1000000, &offset))
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "A number is needed here.",
		    "since, limit or offset", NULL);
	else {
		f->since = (gint64)since;
		f->limit = (guint)(q->html ? MIN(limit, HTML_ROWS) : limit);
		f->offset = (guint)offset;
		return TRUE;
	}
	return FALSE;
}

static void
count(const SgIncident *i, gint64 now, guint *urgent, guint *late)
{
	*urgent += g_strcmp0(i->urgency, "urgent") == 0;
	*late += i->look_by > 0 && i->look_by < now;
}

/* --- what a person reads ---------------------------------------------------------- */

static char *
span(gint64 seconds)
{
	if (seconds < 3600)
		return g_strdup_printf("%d min", (int)(seconds / 60));
	if (seconds < 48 * 3600)
		return g_strdup_printf("%d h", (int)(seconds / 3600));
	return g_strdup_printf("%d days", (int)(seconds / 86400));
}

/* "11:30", "tomorrow, 08:30", "Fri 4 Dec, 08:30" */
static char *
soon(gint64 when, gint64 now)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_local(when);
	g_autoptr(GDateTime) n = g_date_time_new_from_unix_local(now);
	g_autoptr(GDateTime) next = n != NULL ? g_date_time_add_days(n, 1) : NULL;

	if (t == NULL || next == NULL)
		return g_strdup("an unknown time");
	if (g_date_time_get_day_of_year(t) == g_date_time_get_day_of_year(n) && when < now + 86400)
		return g_date_time_format(t, "%H:%M");
	if (g_date_time_get_day_of_year(t) == g_date_time_get_day_of_year(next) && when < now + 2 * 86400)
		return g_date_time_format(t, "tomorrow, %H:%M");
	return g_date_time_format(t, "%a %-d %b, %H:%M");
}

/* "by 11:30", "Now (10 min over)", "" when nobody waits for it. */
static char *
due(const SgIncident *i, gint64 now)
{
	g_autofree char *t = NULL;

	if (sg_incident_count(i, SG_COPY_WAITING) == 0 || i->look_by == 0)
		return g_strdup("");
	t = i->look_by < now ? span(now - i->look_by) : soon(i->look_by, now);
	return g_strdup_printf(i->look_by < now ? "Now (%s over)" : "by %s", t);
}

/* "a@x.example", "a@x.example and 2 others" */
static char *
receivers(const SgIncident *i)
{
	const SgCopy *first = i->copies->len > 0 ? g_ptr_array_index(i->copies, 0) : NULL;
	g_autofree char *shown = sg_ui_line(first != NULL ? first->address : "", 120);

	if (i->copies->len < 2)
		return g_steal_pointer(&shown);
	return i->copies->len == 2 ? g_strdup_printf("%s and 1 other", shown)
				   : g_strdup_printf("%s and %u others", shown, i->copies->len - 1);
}

/* Besides the row itself: the sentences of the web page. */
static json_t *
add_words(const SgRequest *q, const SgIncident *i, json_t *row)
{
	g_autofree char *look = due(i, q->now), *age = span(MAX(q->now - i->created, 0)),
			*from = sg_ui_line(i->origin.sender, 120), *to = receivers(i);
	json_t *w = json_pack("{s:s s:s s:s s:s}", "due", look, "age", age, "sender",
	    *from != '\0' ? from : "a mail system", "receivers", to);

	json_object_set_new(w, "is_urgent", json_boolean(g_strcmp0(i->urgency, "urgent") == 0));
	json_object_update(row, w);
	json_decref(w);
	return row;
}

static json_t *
options(const char *const *values, const char *const *texts, const char *on)
{
	json_t *list = json_array();

	for (gsize i = 0; values[i] != NULL; i++)
		json_array_append_new(list, json_pack("{s:s s:s s:b}", "value", values[i], "text",
		    texts != NULL ? texts[i] : sg_category_label(values[i]), "on",
		    g_strcmp0(values[i], on != NULL ? on : "") == 0));
	return list;
}

static void
add_form(const SgRequest *q, json_t *m)
{
	static const char *const show_words[] = { "Waiting", "Only mine", "All, decided too" };
	static const char *const urgency_values[] = { "", "urgent", "high", "medium", "low", NULL };
	static const char *const urgency_words[] = { "All", "Urgent", "High", "Medium", "Low" };
	static const char *const way_values[] = { "", "in", "out", "inside", NULL };
	static const char *const way_words[] = { "All", "Coming in", "Going out", "Inside school" };
	static const char *const reasons[] = { "self-harm", "grooming", "disclosure", "threat", "sexual",
	    "extremism", "hate", "bullying", "profanity", "personal-data", "secrets", "protection", "file",
	    "malware", "structure", "chain-letter", NULL };
	const char *show = chosen(q, "show");
	g_autofree char *who = sg_ui_line(chosen(q, "who"), TYPED_MAX);
	json_t *why = options(reasons, NULL, chosen(q, "reason"));

	json_array_insert_new(why, 0, json_pack("{s:s s:s s:b}", "value", "", "text", "All reasons",
	    "on", chosen(q, "reason") == NULL));
	json_object_set_new(m, "shows", options(shows, show_words, show != NULL ? show : "waiting"));
	json_object_set_new(m, "urgencies", options(urgency_values, urgency_words, chosen(q, "urgency")));
	json_object_set_new(m, "ways", options(way_values, way_words, chosen(q, "way")));
	json_object_set_new(m, "reasons", why);
	json_object_set_new(m, "who", json_string(who));
	json_object_set_new(m, "filtered", json_boolean(chosen(q, "urgency") != NULL || show != NULL ||
	    chosen(q, "way") != NULL || chosen(q, "reason") != NULL || *who != '\0'));
}

/* The same list, from another row on: its address is built again from what was understood. */
static json_t *
another_page(const SgRequest *q, gint64 offset)
{
	static const char *const kept[] = { "show", "urgency", "reason", "way", "who" };
	json_t *o = json_pack("{s:I}", "offset", (json_int_t)offset);

	for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
		json_object_set_new(o, kept[i], json_string(chosen(q, kept[i]) != NULL ? chosen(q, kept[i]) : ""));
	return o;
}

/* An empty queue is good news only while mail is looked at. */
static void
add_calm(const SgRequest *q, json_t *m)
{
	const SgOptions *o = q->setup->options;
	SgHealth h;

	sg_health_look(q->console, q->setup, q->now, &h);
	if (h.store && h.scan && h.milter && h.courier)
		return;
	json_object_set_new(m, "unwell", json_pack("{s:s s:s s:s}", "name", o->school.help_name, "address",
	    o->school.help_address, "phone", o->school.help_phone));
}

static gboolean
add_page(const SgRequest *q, const SgFilter *f, gboolean more, json_t *m, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	SgWaiting n;
	SgStoreStatus status = { 0 };

	if (!sg_view_waiting(q, &n, &error) ||
	    !sg_store_status(q->console->store, q->now, &status, &error)) {
		sg_refuse_error(r, "The queue cannot be shown.", error);
		return FALSE;
	}
	json_object_set_new(m, "waiting", json_integer((json_int_t)n.all));
	json_object_set_new(m, "late", json_integer((json_int_t)n.late));
	json_object_set_new(m, "today", json_integer((json_int_t)status.today));
	json_object_set_new(m, "any", json_boolean(json_array_size(json_object_get(m, "rows")) > 0));
	json_object_set_new(m, "may_bulk",
	    json_boolean((sg_pages_roles("/queue/bulk", "POST") & (guint)q->who->role) != 0));
	add_form(q, m);
	if (!json_is_true(json_object_get(m, "any")))
		add_calm(q, m);
	if (f->offset > 0)
		json_object_set_new(m, "earlier", another_page(q, f->offset > HTML_ROWS ? f->offset - HTML_ROWS : 0));
	if (more)
		json_object_set_new(m, "later", another_page(q, f->offset + f->limit));
	return TRUE;
}

/* --- the pages ---------------------------------------------------------------------- */

void
sg_p_queue(const SgRequest *q, SgReply *r)
{
	gboolean people = q->html || sg_field_true(q->query, "people");
	g_autoptr(GPtrArray) list = NULL;
	SgFilter f;
	json_t *rows, *m;
	guint urgent = 0, late = 0;
	gboolean more;

	if (!read_filter(q, &f, r))
		return;
	list = sg_view_list(q, &f, &more, r);
	if (list == NULL || (people && !sg_view_audit(q, "listed", "people", r)))
		return;
	rows = json_array();
	for (guint k = 0; k < list->len; k++) {
		const SgIncident *i = g_ptr_array_index(list, k);
		json_t *row = sg_view_row(q, i, people);

		json_array_append_new(rows, q->html ? add_words(q, i, row) : row);
		count(i, q->now, &urgent, &late);
	}
	m = json_pack("{s:s s:o s:i s:i s:b}", "title", "Queue", "rows", rows, "urgent", (int)urgent, "late",
	    (int)late, "more", more);
	if (more)
		json_object_set_new(m, "next", json_integer(f.offset + f.limit));
	if (!q->html || add_page(q, &f, more, m, r))
		sg_reply(r, m);
	else
		json_decref(m);
}

/* Asked every minute by every open page. */
void
sg_p_queue_count(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	SgWaiting n;

	if (sg_view_waiting(q, &n, &error))
		sg_reply(r, json_pack("{s:i s:i s:i s:b}", "waiting", (int)n.all, "urgent", (int)n.urgent, "late", (int)n.late,
		    "more", 0));
	else
		sg_refuse_error(r, "The queue cannot be counted.", error);
}
