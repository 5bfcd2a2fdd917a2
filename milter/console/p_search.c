#include <string.h>

#include <microhttpd.h>

#include "console/view.h"
#include "model/message.h"
#include "model/uitext.h"

#define ROWS	  1000u
#define HTML_ROWS 40u	/* a page of 40 kB at most (console.md 3) */

static const char *const purposes[] = { "welfare", "complaint", "delivery", "request", NULL };

typedef struct Search {
	SgTraceFilter f;
	char	     *queue_id;	/* of the incident asked for by reference */
	char	     *from, *to;
	gboolean      people;
} Search;

static void
search_clear(Search *s)
{
	g_free(s->queue_id);
	g_free(s->from);
	g_free(s->to);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static gboolean
is_pupil(const SgRequest *q, const char *address)
{
	return address != NULL && strcmp(sg_policy_class(q->setup->policy, address), "pupil") == 0;
}

/* The empty page asks for nothing and finds nothing. */
static gboolean
asked(const SgRequest *q)
{
	return sg_field(q->query, "go") != NULL;
}

/* An empty field of a form is none. */
static const char *
typed(const SgRequest *q, const char *name)
{
	const char *v = sg_field(q->query, name);

	return v != NULL && *v != '\0' ? v : NULL;
}

/* People: never for the technician; about a pupil only with a purpose, which is written down. */
static gboolean
check_people(const SgRequest *q, Search *s, SgReply *r)
{
	const char *purpose = typed(q, "purpose");

	if (q->who->role == SG_ROLE_IT && (s->from != NULL || s->to != NULL || s->people)) {
		sg_refuse(r, MHD_HTTP_FORBIDDEN, "Your role does not include people.", NULL,
		    "Search by queue id, message id or reference; or ask the safeguarding lead.");
		return FALSE;
	}
	if (purpose != NULL && !g_strv_contains(purposes, purpose)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such purpose.", NULL,
		    "Choose welfare, complaint, delivery or request.");
		return FALSE;
	}
	if ((is_pupil(q, s->from) || is_pupil(q, s->to)) && purpose == NULL && q->html) {
		sg_reply(r, json_pack("{s:s s:[] s:{s:[{s:s s:s}]}}", "title", "Search", "rows", "error", "list",
		    "id", "f-purpose", "text", "Say why you look for a pupil. It is written down."));
		r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
		return FALSE;
	}
	if ((is_pupil(q, s->from) || is_pupil(q, s->to)) && purpose == NULL) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "Say why you look for a pupil.", NULL,
		    "Choose a purpose: welfare, complaint, delivery or request. It is written "
		    "down.");
		return FALSE;
	}
	return TRUE;
}

/* Names the incident's queue id; FALSE: r is a refusal. */
static gboolean
by_reference(const SgRequest *q, Search *s, SgReply *r)
{
	SgRequest named = *q;
	g_autoptr(SgIncident) i = NULL;

	if (typed(q, "ref") == NULL)
		return TRUE;
	if (!sg_ref_parse(sg_field(q->query, "ref"), named.ref)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "This is not a reference.", NULL,
		    "They look like 7F3K-9QXD.");
		return FALSE;
	}
	i = sg_view_open(&named, r);
	if (i == NULL)
		return FALSE;
	s->queue_id = g_strdup(i->origin.queue_id != NULL ? i->origin.queue_id : "");
	s->f.queue_id = s->queue_id;
	return TRUE;
}

static gboolean
read_search(const SgRequest *q, Search *s, SgReply *r)
{
	guint64 since = 0, limit = q->html ? HTML_ROWS : 200;

	s->from = typed(q, "from") != NULL ? sg_address_clean(typed(q, "from")) : NULL;
	s->to = typed(q, "to") != NULL ? sg_address_clean(typed(q, "to")) : NULL;
	s->people = sg_field_true(q->query, "people") ||
		    (q->html && asked(q) && q->who->role != SG_ROLE_IT);
	if (!sg_field_number(q->query, "since", G_MAXINT64, &since) ||
	    !sg_field_number(q->query, "limit", ROWS, &limit)) {
		sg_refuse(
		    r, MHD_HTTP_BAD_REQUEST, "A number is needed here.", "since or limit", NULL);
		return FALSE;
	}
	s->f = (SgTraceFilter){.from = s->from,
	    .to = s->to,
	    .message_id = typed(q, "message_id"),
	    .queue_id = typed(q, "queue_id"),
	    .since = (gint64)since,
	    .limit = (guint)limit + 1,
	    .not_party = (const char *const *)q->who->mail };
	return check_people(q, s, r) && by_reference(q, s, r);
}

static void
add_people(json_t *row, const SgTrace *t)
{
	g_autofree char *from = sg_ui_line(t->sender, 200);
	g_auto(GStrv) list = g_strsplit(t->recipients != NULL ? t->recipients : "", ",", 1000);
	json_t *to = json_array();

	for (char **a = list; *a != NULL; a++) {
		g_autofree char *clean = sg_ui_line(g_strstrip(*a), 200);

		if (*clean != '\0')
			json_array_append_new(to, json_string(clean));
	}
	json_object_set_new(row, "from", json_pack("{s:s}", "address", from));
	json_object_set_new(row, "to", json_pack("{s:o}", "addresses", to));
}

/* How a held one stands now.  FALSE: this account may not know of it at all. */
static gboolean
add_state(const SgRequest *q, json_t *row, const char *ref)
{
	g_autoptr(SgIncident) i = sg_store_get(q->console->store, ref, NULL);
	g_autofree char *id = sg_ref_show(ref);

	if (i == NULL)
		return TRUE;
	json_object_set_new(row, "id", json_string(id));
	json_object_set_new(row, "ref", json_string(ref));
	json_object_set_new(row, "state", json_string(sg_view_state(i)));
	return q->who->role == SG_ROLE_IT || sg_may_see(q->who, i);
}

static void
add_words(const SgRequest *q, json_t *row, const SgTrace *t)
{
	g_autofree char *when = sg_view_words(t->when, q->now);

	json_object_set_new(row, "when_words", json_string(when));
	json_object_set_new(row, "direction", json_string(sg_way_label(t->route)));
	json_object_set_new(row, "link", json_boolean((q->who->role & SG_ROLE_CONTENT) != 0));
}

/* NULL: not for this account. */
static json_t *
trace_row(const SgRequest *q, const SgTrace *t, gboolean people)
{
	g_autofree char *queue = sg_ui_line(t->queue_id, 100),
			*mid = sg_ui_line(t->message_id, 300);
	json_t *row;

	if (sg_is_party(q->who, t->sender, t->recipients))
		return NULL;
	row = json_pack("{s:o s:s s:s s:s s:f s:I}", "when", sg_view_time(t->when), "queue_id",
	    queue, "way", t->route, "verdict", t->verdict, "ms", (double)t->micros / 1000.0, "size",
	    (json_int_t)t->size);
	if (t->disclaimer[0] != '\0')
		json_object_set_new(row, "disclaimer", json_string(t->disclaimer));
	/* the sender chooses the Message-ID: it may hold a name */
	if (q->who->role != SG_ROLE_IT)
		json_object_set_new(row, "message_id", json_string(mid));
	if (people)
		add_people(row, t);
	if (q->html)
		add_words(q, row, t);
	if (t->ref != NULL && *t->ref != '\0' && !add_state(q, row, t->ref)) {
		json_decref(row);
		return NULL;
	}
	return row;
}

/* What was typed stays, what can be chosen is there. */
static void
add_page(const SgRequest *q, json_t *m, gboolean searched)
{
	static const char *const names[] = { "from", "to", "ref", "queue_id", "message_id" };
	static const char *const words[][2] = { { "", "Not about a pupil" }, { "welfare", "A pupil's welfare" },
	    { "complaint", "A complaint" }, { "delivery", "A message did not arrive" },
	    { "request", "A request for their data" } };
	json_t *typed = json_object(), *list = json_array();

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *clean = sg_ui_line(sg_field(q->query, names[i]), 320);

		json_object_set_new(typed, names[i], json_string(clean));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		json_array_append_new(list, json_pack("{s:s s:s s:b}", "value", words[i][0], "text", words[i][1],
		    "on", g_strcmp0(sg_field(q->query, "purpose"), words[i][0]) == 0));
	json_object_set_new(m, "typed", typed);
	json_object_set_new(m, "purposes", list);
	json_object_set_new(m, "may_people", json_boolean(q->who->role != SG_ROLE_IT));
	json_object_set_new(m, "asked", json_boolean(searched));
	json_object_set_new(m, "any", json_boolean(json_array_size(json_object_get(m, "rows")) > 0));
	json_object_set_new(m, "trace_days", json_integer(q->setup->options->store.trace_days));
}

void
sg_p_search(const SgRequest *q, SgReply *r)
{
	g_auto(Search) s = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = NULL;
	g_autofree char *detail = NULL;
	const char *purpose = typed(q, "purpose");
	json_t *rows;

	if (!read_search(q, &s, r)) {
		if (q->html && r->status == MHD_HTTP_UNPROCESSABLE_CONTENT)
			add_page(q, r->body, FALSE);
		return;
	}
	detail = g_strdup_printf("%s%s%s%s", s.from != NULL || s.to != NULL ? "person" : "message",
	    s.people ? " people" : "", purpose != NULL ? " purpose=" : "",
	    purpose != NULL ? purpose : "");
	if ((s.people || s.from != NULL || s.to != NULL) &&
	    !sg_view_audit(q, "searched", detail, r))
		return;
	if (q->html && !asked(q)) {
		sg_reply(r, json_pack("{s:s s:[]}", "title", "Search", "rows"));
		add_page(q, r->body, FALSE);
		return;
	}
	list = sg_store_traces(q->console->store, &s.f, &error);
	if (list == NULL) {
		sg_refuse_error(r, "The search cannot be made.", error);
		return;
	}
	rows = json_array();
	for (guint k = 0; k < list->len && k + 1 < s.f.limit; k++) {
		json_t *row = trace_row(q, g_ptr_array_index(list, k), s.people);

		if (row != NULL)
			json_array_append_new(rows, row);
	}
	sg_reply(r, json_pack("{s:s s:o s:b}", "title", "Search", "rows", rows, "more",
			list->len >= s.f.limit));
	if (q->html)
		add_page(q, r->body, TRUE);
}
