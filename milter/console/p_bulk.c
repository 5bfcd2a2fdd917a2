/* p_bulk - several messages at once: only low and medium ones, each looked at, each on record. */
#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/content.h"
#include "console/decisions.h"
#include "console/sheet.h"

#define MOST	   50u

static const char *const actions[] = { "release", "return", "withhold", "reassign", NULL };

typedef struct Bulk {
	const char *code;
	GPtrArray  *list;	/* SgIncident that may be decided so */
	gboolean    sure;	/* they have been looked at */
	guint	    chosen;	/* how many were named */
	guint	    stale;	/* of the list, changed since they were seen */
} Bulk;

static void
bulk_clear(Bulk *b)
{
	g_clear_pointer(&b->list, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bulk, bulk_clear)

static gboolean
fits(const SgRequest *q, const SgIncident *i, const char *code)
{
	const char *holder = sg_view_holder(i, q->now);
	const SgDecisionKind *kind = sg_decision_kind(code);

	return !i->sealed && !i->disclosure && i->severity <= 3 && sg_incident_count(i, SG_COPY_WAITING) > 0 &&
	    (strcmp(i->urgency, "low") == 0 || strcmp(i->urgency, "medium") == 0) &&
	    (holder == NULL || strcmp(holder, q->who->name) == 0) &&
	    (kind == NULL || !kind->inside || sg_sender_inside(q, i));
}

/* The ticks of the form: a reference, and the version that was seen (on the first page: 1). */
static void
take_one(const SgRequest *q, Bulk *b, const char *typed, const char *version)
{
	SgRequest one = *q;
	g_autoptr(SgIncident) i = NULL;
	SgReply none = { 0 };
	guint64 seen = 0;

	if (!sg_ref_parse(typed, one.ref))
		return;
	b->chosen++;
	i = b->list->len < MOST ? sg_view_open(&one, &none) : NULL;
	sg_reply_clear(&none);
	if (i == NULL || !fits(q, i, b->code))
		return;
	if (b->sure && (!g_ascii_string_to_unsigned(version, 10, 0, G_MAXUINT32, &seen, NULL) || seen != i->version)) {
		b->stale++;
		return;
	}
	g_ptr_array_add(b->list, g_steal_pointer(&i));
}

static gint
urgent_first(gconstpointer a, gconstpointer b)
{
	const SgIncident *x = *(const SgIncident *const *)a, *y = *(const SgIncident *const *)b;

	if (x->severity != y->severity)
		return x->severity < y->severity ? 1 : -1;
	return x->created < y->created ? -1 : x->created > y->created ? 1 : strcmp(x->ref, y->ref);
}

/* FALSE: r is a refusal. */
static gboolean
read_bulk(const SgRequest *q, Bulk *b, SgReply *r)
{
	g_autoptr(GPtrArray) names = sg_field_names(q->body);

	b->list = g_ptr_array_new_with_free_func((GDestroyNotify)sg_incident_free);
	b->sure = sg_field_true(q->body, "sure");
	b->code = sg_field(q->body, "do");
	if (b->code == NULL || !g_strv_contains(actions, b->code)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such action for several messages.", NULL,
		    "Choose release, return, withhold or reassign.");
		return FALSE;
	}
	for (guint n = 0; n < names->len; n++)
		take_one(q, b, g_ptr_array_index(names, n), sg_field(q->body, g_ptr_array_index(names, n)));
	g_ptr_array_sort(b->list, urgent_first);
	return TRUE;
}

/* --- the check page ------------------------------------------------------------------- */

static json_t *
row(const SgRequest *q, const SgIncident *i, guint n)
{
	json_t *o = sg_view_row(q, i, FALSE);
	g_autoptr(SgReading) reading = sg_store_reading(q->console->store, i->ref, NULL);
	g_autoptr(SgContent) c = reading != NULL ? sg_content_new(reading) : NULL;
	json_t *hits = c != NULL ? sg_content_hits(c, SG_RUNG_MASKED) : json_array();
	json_t *first = json_object_get(json_array_get(hits, 0), "excerpt");

	json_object_set_new(o, "n", json_integer(n));
	json_object_set_new(o, "excerpt", first != NULL ? json_incref(first) : json_array());
	json_object_set_new(o, "has_excerpt", json_boolean(json_array_size(first) > 0));
	json_decref(hits);
	return o;
}

/* Excerpts are shown, so each look is on record before. */
static gboolean
looks_recorded(const SgRequest *q, const Bulk *b, SgReply *r)
{
	for (guint k = 0; k < b->list->len; k++) {
		SgRequest one = *q;

		(void)g_strlcpy(one.ref, ((SgIncident *)g_ptr_array_index(b->list, k))->ref, sizeof one.ref);
		if (!sg_view_audit(&one, "looked", "rung=1 bulk", r))
			return FALSE;
	}
	return TRUE;
}

static json_t *
check_page(const SgRequest *q, const Bulk *b, SgReply *r)
{
	const char *reason = sg_field(q->body, "reason");
	json_t *m, *rows;

	if (!looks_recorded(q, b, r))
		return NULL;
	rows = json_array();
	for (guint k = 0; k < b->list->len; k++)
		json_array_append_new(rows, row(q, g_ptr_array_index(b->list, k), k + 1));
	m = json_pack("{s:s s:s s:b s:o s:i s:{s:s}}", "title", "Check these messages", "do", b->code, b->code, 1, "rows",
	    rows, "left_out", (int)(b->chosen - b->list->len), "typed", "reason", reason != NULL ? reason : "");
	json_object_set_new(m, "back", json_pack("{s:s s:s}", "path", "queue", "label", "Back to the queue"));
	json_object_set_new(m, "receivers", sg_sheet_receivers(q, NULL));
	sg_reply(r, m);
	r->template = "bulk";
	return m;
}

/* FALSE: the page has been given again, with what is missing. */
static gboolean
complete(const SgRequest *q, const Bulk *b, const SgAccount *to, SgReply *r)
{
	const char *reason = sg_field(q->body, "reason");
	gboolean pass = strcmp(b->code, "reassign") == 0;
	gboolean silent = !pass && (reason == NULL || *reason == '\0' || g_utf8_strlen(reason, -1) > SG_REASON_MAX);

	if (b->list->len > 0 && b->stale == 0 && !silent && (!pass || to != NULL))
		return TRUE;
	if (check_page(q, b, r) == NULL)
		return FALSE;
	if (b->stale > 0)
		sg_form_error(r->body, "err_ids", "m-1", "Some were changed by somebody else meanwhile: nothing was changed by you");
	else if (b->list->len == 0)
		sg_form_error(r->body, "err_ids", "m-1", "Choose at least one message");
	if (silent)
		sg_form_error(r->body, "err_reason", "reason", "Say why, in at most 2,000 characters");
	if (pass && to == NULL)
		sg_form_error(r->body, "err_to", "to-1", "Choose who should have them");
	r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
	return FALSE;
}

/* --- doing it ---------------------------------------------------------------------------- */

static gboolean
decide_one(const SgRequest *q, const Bulk *b, const SgIncident *i, const SgAccount *to)
{
	const SgDecisionKind *kind = sg_decision_kind(b->code);
	const char *reason = sg_field(q->body, "reason");
	const SgDecision d = { .ref = i->ref,
	    .code = b->code,
	    .actor = q->who->name,
	    .reason = reason != NULL ? reason : "",
	    .template = kind->notice,
	    .to = to != NULL ? to->name : NULL,
	    .version = i->version,
	    .now = q->now,
	    .not_before = q->now + q->setup->options->courier.undo };

	if (to != NULL && !sg_may_see(to, i))
		return FALSE;
	if (!sg_store_decide(q->console->store, &d, NULL))
		return FALSE;
	sg_grants_close(q->console->grants, i->ref);
	if (to != NULL)
		sg_decision_tell(q, i->ref, to);
	return TRUE;
}

void
sg_p_bulk(const SgRequest *q, SgReply *r)
{
	g_auto(Bulk) b = { 0 };
	const char *to = sg_field(q->body, "to");
	const SgAccount *receiver = to != NULL ? sg_accounts_named(q->people, to) : NULL;
	guint done = 0;

	if (!read_bulk(q, &b, r))
		return;
	if (!b.sure) {
		if (check_page(q, &b, r) == NULL || b.list->len > 0)
			return;
		sg_form_error(r->body, "err_ids", "m-1",
		    "Choose messages of low or medium urgency that nobody else has; others are looked at one by one");
		r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
		return;
	}
	if (receiver != NULL && (receiver->role & SG_ROLE_CONTENT) == 0)
		receiver = NULL;
	if (strcmp(b.code, "reassign") != 0)
		receiver = NULL;
	if (!complete(q, &b, receiver, r))
		return;
	for (guint k = 0; k < b.list->len; k++)
		done += decide_one(q, &b, g_ptr_array_index(b.list, k), receiver);
	if (done < b.list->len)
		sg_refuse(r, MHD_HTTP_CONFLICT, "Not all of them were changed.",
		    "some were decided by somebody else meanwhile, or the store did not take them",
		    "Go back to the queue and look which are left.");
	else if (q->html)
		sg_reply_see(r, "/queue?done=bulk");
	else
		sg_reply(r, json_pack("{s:s s:i}", "done", "Each of them is done, and on record.", "count", (int)done));
}
