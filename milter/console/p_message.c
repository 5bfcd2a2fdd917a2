#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/content.h"
#include "console/decisions.h"
#include "console/view.h"
#include "model/uitext.h"

#define TAKE_SECONDS 1200	/* "You have it until 11:05" */
#define LOOKED_MAX   50u
#define ANSWER_SHOWN 200u

static const char *const rung_names[] = { "facts", "masked", "words", "text" };

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
		    json_pack("{s:s s:s s:s s:s s:s s:i s:i}", "rule", h->rule, "rule_text", title,
			"category", sg_category_label(h->category), "where", h->where, "part",
			h->part, "severity", (int)h->severity, "count", (int)h->count));
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

	if (kind == NULL)
		return;
	/* the reason is a person's words about the message: not for a sealed one */
	reason = i->sealed ? NULL : sg_store_reason(q->console->store, i->ref, NULL);
	clean = sg_ui_text(reason, -1, 2000, SG_UI_DROP);
	json_object_set_new(m, "decision",
	    json_pack("{s:s s:s s:s s:o s:s}", "code", kind->code, "label", kind->label, "by",
		i->decided_by, "at", sg_view_time(i->decided_at), "reason", clean));
}

/* Content for this rung; when there is none any more the page says so. */
static void
add_content(const SgRequest *q, const SgIncident *i, SgRung rung, json_t *m)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgReading) reading = sg_store_reading(q->console->store, i->ref, &error);
	g_autoptr(SgContent) c = reading != NULL ? sg_content_new(reading) : NULL;
	gboolean cut = FALSE;

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
	if (rung < SG_RUNG_TEXT)
		return;
	json_object_set_new(m, "texts", sg_content_texts(c, &cut));
	json_object_set_new(m, "cut", json_boolean(cut));
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
	json_object_set_new(m, "choices", sg_decision_choices(q, i));
	if (i->sealed)
		json_object_set_new(m, "note",
		    json_string("Sealed: nobody can look at it, release it or delete it. "
				"Follow the school's steps for a possible indecent picture."));
	if (rung >= SG_RUNG_MASKED)
		add_content(q, i, rung, m);
	else
		json_object_set_new(m, "hits", bare_hits(i));
	return m;
}

/* The rung to show: never above the grant, never content of a sealed message. */
static gboolean
choose_rung(const SgRequest *q, const SgIncident *i, SgRung *rung, SgReply *r)
{
	guint64 wanted = SG_RUNG_TEXT;

	if (!sg_field_number(q->query, "rung", SG_RUNG_TEXT, &wanted)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such rung.", NULL,
		    "Ask for 0, 1, 2 or 3.");
		return FALSE;
	}
	*rung = i->sealed ? SG_RUNG_FACTS
			  : MIN((SgRung)wanted,
				sg_grants_rung(q->console->grants, q->who->name, q->ref, q->now));
	return TRUE;
}

void
sg_p_message(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	gboolean people = sg_field_true(q->query, "people");
	g_autofree char *detail = NULL;
	SgRung rung;

	if (i == NULL || !choose_rung(q, i, &rung, r))
		return;
	detail = g_strdup_printf("rung=%u%s", (guint)rung, people ? " people" : "");
	if (sg_view_audit(q, "looked", detail, r))
		sg_reply(r, build(q, i, rung, people));
}

/* --- the next rung ---------------------------------------------------------------------- */

static gboolean
may_reveal(const SgRequest *q, const SgIncident *i, SgRung rung, SgReply *r)
{
	const char *holder = sg_view_holder(i, q->now);
	g_autofree char *until = i->taken_until > 0 ? sg_view_words(i->taken_until, q->now) : NULL,
			*why = NULL;

	if (i->sealed)
		sg_refuse(r, MHD_HTTP_FORBIDDEN, "This message cannot be read.",
		    "it is sealed: nobody may look at it",
		    "Follow the school's steps for a possible indecent picture.");
	else if (holder != NULL && strcmp(holder, q->who->name) != 0) {
		why = until != NULL ? g_strdup_printf("%s has it until %s", holder, until)
				    : g_strdup_printf("it was passed to %s", holder);
		sg_refuse(r, MHD_HTTP_CONFLICT, "This message cannot be read just now.", why,
		    "Ask them, or take it over and say why: schoolgatectl held take ID --over=WHY");
	} else if (rung == SG_RUNG_TEXT && i->hits->len > 0 &&
	    sg_grants_rung(q->console->grants, q->who->name, q->ref, q->now) < SG_RUNG_WORDS)
		sg_refuse(r, MHD_HTTP_CONFLICT, "The text is one step further.",
		    "no step is left out", "Show the matched words first.");
	else
		return TRUE;
	return FALSE;
}

/* Reading takes the message.  Taking goes first, because it changes the version. */
static gboolean
take(const SgRequest *q, SgIncident **i, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	gint64 until = q->now + TAKE_SECONDS;

	if (sg_incident_count(*i, SG_COPY_WAITING) == 0)
		return TRUE;
	if (!sg_store_take(q->console->store, q->ref, q->who->name, q->now, until, &error)) {
		if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
			sg_refuse(r, MHD_HTTP_CONFLICT, "This message cannot be read just now.",
			    error->message, "Look again.");
		else
			sg_refuse_error(r, "The message cannot be shown.", error);
		return FALSE;
	}
	sg_incident_free(*i);
	*i = sg_view_open(q, r);
	return *i != NULL;
}

void
sg_p_reveal(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	const char *wanted = sg_field(q->body, "rung");
	SgRung rung = g_strcmp0(wanted, "text") == 0 ? SG_RUNG_TEXT : SG_RUNG_WORDS;
	g_autofree char *detail = g_strdup_printf("rung=%u", (guint)rung), *until = NULL;

	if (i == NULL)
		return;
	if (rung == SG_RUNG_WORDS && g_strcmp0(wanted, "words") != 0) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such step.", NULL,
		    "Ask for \"words\" or \"text\".");
		return;
	}
	/* on record before a word of it leaves this program */
	if (!may_reveal(q, i, rung, r) || !take(q, &i, r) || !may_reveal(q, i, rung, r) ||
	    !sg_view_audit(q, "revealed", detail, r))
		return;
	sg_grants_give(q->console->grants, q->who->name, q->ref, rung, q->now);
	sg_reply(r, build(q, i, rung, sg_field_true(q->body, "people")));
	until = sg_view_words(q->now + TAKE_SECONDS, q->now);
	json_object_set_new(r->body, "until", json_string(until));
}

void
sg_p_hide(const SgRequest *q, SgReply *r)
{
	sg_grants_end(q->console->grants, q->who->name, *q->ref != '\0' ? q->ref : NULL);
	sg_reply(r, json_pack("{s:s}", "done", "Hidden again."));
}
