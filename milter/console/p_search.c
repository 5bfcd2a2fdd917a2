#include <string.h>

#include <microhttpd.h>

#include "console/view.h"
#include "model/message.h"
#include "model/uitext.h"

#define ROWS 1000u

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

/* People: never for the technician; about a pupil only with a purpose, which is written down. */
static gboolean
check_people(const SgRequest *q, Search *s, SgReply *r)
{
	const char *purpose = sg_field(q->query, "purpose");

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

	if (sg_field(q->query, "ref") == NULL)
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
	guint64 since = 0, limit = 200;

	s->from = sg_field(q->query, "from") != NULL ? sg_address_clean(sg_field(q->query, "from"))
						     : NULL;
	s->to =
	    sg_field(q->query, "to") != NULL ? sg_address_clean(sg_field(q->query, "to")) : NULL;
	s->people = sg_field_true(q->query, "people");
	if (!sg_field_number(q->query, "since", G_MAXINT64, &since) ||
	    !sg_field_number(q->query, "limit", ROWS, &limit)) {
		sg_refuse(
		    r, MHD_HTTP_BAD_REQUEST, "A number is needed here.", "since or limit", NULL);
		return FALSE;
	}
	s->f = (SgTraceFilter){.from = s->from,
	    .to = s->to,
	    .message_id = sg_field(q->query, "message_id"),
	    .queue_id = sg_field(q->query, "queue_id"),
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
	if (t->ref != NULL && *t->ref != '\0' && !add_state(q, row, t->ref)) {
		json_decref(row);
		return NULL;
	}
	return row;
}

void
sg_p_search(const SgRequest *q, SgReply *r)
{
	g_auto(Search) s = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = NULL;
	g_autofree char *detail = NULL;
	const char *purpose = sg_field(q->query, "purpose");
	json_t *rows;

	if (!read_search(q, &s, r))
		return;
	detail = g_strdup_printf("%s%s%s%s", s.from != NULL || s.to != NULL ? "person" : "message",
	    s.people ? " people" : "", purpose != NULL ? " purpose=" : "",
	    purpose != NULL ? purpose : "");
	if ((s.people || s.from != NULL || s.to != NULL) &&
	    !sg_view_audit(q, "searched", detail, r))
		return;
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
}
