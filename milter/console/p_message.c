#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/ladder.h"
#include "console/plain.h"
#include "console/sheet.h"
#include "model/uitext.h"
#include "store/accounts.h"

#define LOOKED_MAX   50u
#define ANSWER_SHOWN 200u

static const char *const rung_names[] = { "facts", "masked", "words", "text", "pictures" };

/* --- the page ------------------------------------------------------------------------ */

/* Facts of the findings without a word of the message: for rung 0 and sealed messages. */
static json_t *
bare_hits(const SgIncident *i)
{
	json_t *list = json_array();

	for (guint k = 0; k < i->hits->len; k++) {
		const SgHit *h = g_ptr_array_index(i->hits, k);
		g_autofree char *title = sg_ui_line(h->title, 200);

		json_array_append_new(list,
		    json_pack("{s:s s:s s:s s:s s:s s:s s:i s:i s:s}", "rule", h->rule, "rule_text", title,
			"category", sg_category_label(h->category), "where", h->where, "where_text",
			sg_plain_where(h->where), "part", h->part, "severity", (int)h->severity, "count",
			(int)h->count, "name", ""));
	}
	return list;
}

static json_t *
copies(const SgIncident *i, gboolean people)
{
	json_t *list = json_array();

	for (guint k = 0; k < i->copies->len; k++) {
		const SgCopy *c = g_ptr_array_index(i->copies, k);
		g_autofree char *group = sg_ui_line(c->klass, ANSWER_SHOWN),
				*answer = sg_ui_line(c->answer, ANSWER_SHOWN);
		g_autofree char *address = sg_ui_line(c->address, ANSWER_SHOWN);
		json_t *o = json_pack("{s:i s:s s:s s:i}", "n", (int)k + 1, "group", group, "state",
		    sg_copy_state_name(c->state), "attempts", (int)c->attempts);

		/* a server's answer repeats addresses */
		if (people)
			json_object_set_new(o, "address", json_string(address));
		if (people || strchr(answer, '@') == NULL)
			json_object_set_new(o, "answer", json_string(answer));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *
looked(const SgRequest *q)
{
	g_autoptr(GPtrArray) entries =
	    sg_store_audit_list(q->console->store, q->ref, 0, LOOKED_MAX, NULL);
	json_t *list = json_array();

	for (guint k = 0; entries != NULL && k < entries->len; k++)
		json_array_append_new(list, sg_view_entry(g_ptr_array_index(entries, k)));
	return list;
}

static void
add_decision(const SgRequest *q, const SgIncident *i, json_t *m)
{
	const SgDecisionKind *kind = sg_decision_kind(i->decision != NULL ? i->decision : "");
	g_autofree char *reason = NULL, *clean = NULL;

	/* the reason is a person's words about the message: not for a sealed one */
	reason = i->sealed ? NULL : sg_store_reason(q->console->store, i->ref, NULL);
	clean = sg_ui_text(reason, -1, 2000, SG_UI_DROP);
	if (kind != NULL)
		json_object_set_new(m, "decision",
		    json_pack("{s:s s:s s:s s:o s:s}", "code", kind->code, "label", kind->label, "by",
			i->decided_by, "at", sg_view_time(i->decided_at), "reason", clean));
	else if (*clean != '\0')
		json_object_set_new(m, "passed_note", json_string(clean));
}

/* Content for this rung; when there is none any more the page says so. */
static void
add_content(const SgRequest *q, const SgIncident *i, SgRung rung, json_t *m)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgReading) reading = sg_store_reading(q->console->store, i->ref, &error);
	g_autoptr(SgContent) c = reading != NULL ? sg_content_new(reading) : NULL;

	if (c == NULL) {
		json_object_set_new(m, "hits", bare_hits(i));
		json_object_set_new(m, "note",
		    json_string(g_error_matches(error, SG_ERR, SG_ERR_INPUT)
				    ? "What it said is not kept any more."
				    : "What it said cannot be opened just now."));
		return;
	}
	json_object_set_new(m, "hits", sg_content_hits(c, rung));
	json_object_set_new(m, "attachments", sg_content_files(c, rung));
	sg_ladder_add(q, i, c, rung, m);
}

/* What a decision needs, and what a form that was not right is shown with again. */
static void
add_forms(const SgRequest *q, const SgIncident *i, json_t *m)
{
	const char *holder = sg_view_holder(i, q->now);
	gboolean waits = !i->sealed && sg_incident_count(i, SG_COPY_WAITING) > 0;
	gboolean mine = holder == NULL || strcmp(holder, q->who->name) == 0;
	json_t *choices = sg_decision_choices(q, i);

	json_object_set_new(m, "choices", choices);
	json_object_set_new(m, "decide", json_boolean(waits && mine));
	if (waits && !mine) {
		g_autofree char *name = sg_sheet_name(q, holder);

		json_object_set_new(m, "take_over", json_pack("{s:s s:o}", "name", name, "overs", sg_ladder_overs()));
	}
}

static json_t *
build(const SgRequest *q, const SgIncident *i, SgRung rung, gboolean people)
{
	json_t *m = sg_view_row(q, i, people);
	g_autofree char *title = sg_ref_show(i->ref), *flags = sg_flags_string(i->flags);
	g_autofree char *failure = sg_ui_line(i->failure, 200);

	json_object_set_new(m, "title", json_sprintf("Message %s", title));
	json_object_set_new(m, "rung", json_string(rung_names[rung]));
	json_object_set_new(m, "flags", json_string(flags));
	json_object_set_new(m, "failure", json_string(failure));
	json_object_set_new(m, "copies", copies(i, people));
	json_object_set_new(m, "looked", looked(q));
	add_decision(q, i, m);
	add_forms(q, i, m);
	if (i->sealed && !q->html)
		json_object_set_new(m, "note",
		    json_string("Sealed: nobody can look at it, release it or delete it. "
				"Follow the school's steps for a possible indecent picture."));
	if (rung >= SG_RUNG_MASKED)
		add_content(q, i, rung, m);
	else
		json_object_set_new(m, "hits", bare_hits(i));
	if (!q->html)
		return m;
	if (people)
		json_object_set_new(m, "people", sg_sheet_people(q, i));
	sg_sheet_state(q, i, m);
	sg_sheet_before(q, i, m);
	sg_sheet_trail(q, i, m);
	sg_sheet_support(q, i, m);
	if (i->sealed)
		sg_sealed_add(q, i, m);
	return m;
}

/* The rung to show: never above the grant, never content of a sealed message. */
static gboolean
choose_rung(const SgRequest *q, const SgIncident *i, SgRung *rung, SgReply *r)
{
	guint64 wanted = SG_RUNG_PICTURES;

	if (!sg_field_number(q->query, "rung", SG_RUNG_PICTURES, &wanted)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such rung.", NULL,
		    "Ask for 0, 1, 2, 3 or 4.");
		return FALSE;
	}
	*rung = i->sealed ? SG_RUNG_FACTS
			  : MIN((SgRung)wanted,
				sg_grants_rung(q->console->grants, q->who->name, q->ref, q->now));
	return TRUE;
}

/* A person's own setting: what is low begins with the matched words shown, never with more. */
static gboolean
begins_with_words(const SgRequest *q, const SgIncident *i, SgRung rung)
{
	const char *holder = sg_view_holder(i, q->now);
	g_autoptr(SgPerson) p = NULL;

	if (!q->html || i->sealed || rung != SG_RUNG_MASKED || sg_field(q->query, "rung") != NULL ||
	    strcmp(i->urgency, "low") != 0 || (holder != NULL && strcmp(holder, q->who->name) != 0))
		return FALSE;
	p = sg_store_person(q->console->store, q->who->name, NULL);
	return p != NULL && p->low_words;
}

json_t *
sg_message_build(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	gboolean people = q->html || sg_field_true(q->query, "people");
	g_autofree char *detail = NULL;
	gboolean words;
	SgRung rung;

	if (!choose_rung(q, i, &rung, r))
		return NULL;
	words = begins_with_words(q, i, rung);
	if (words)
		rung = SG_RUNG_WORDS;
	detail = g_strdup_printf("rung=%u%s", (guint)rung, people ? " people" : "");
	if (!sg_view_audit(q, "looked", detail, r))
		return NULL;
	if (words)
		sg_grants_give(q->console->grants, q->who->name, i->ref, rung, q->now);
	return build(q, i, rung, people);
}

void
sg_p_message(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	json_t *m = i != NULL ? sg_message_build(q, i, r) : NULL;

	if (m == NULL)
		return;
	sg_reply(r, m);
	if (q->html && i->sealed)
		r->template = "sealed";
}

json_t *
sg_message_at(const SgRequest *q, const SgIncident *i, SgRung rung)
{
	return build(q, i, rung, sg_field_true(q->body, "people"));
}
