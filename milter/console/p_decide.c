#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/ladder.h"
#include "console/notice.h"
#include "console/sheet.h"
#include "model/uitext.h"

#define STRIP_MOST 50	/* attachments of one form */

static const SgDecisionKind kinds[] = {
	{ "release", "Release it",
	    "Delivered as it is, after a minute in which you can undo.",
	    "released it", NULL, "released", TRUE, FALSE },
	{ "release_stripped", "Release it without the attachments",
	    "The receiver sees a line saying that a file was kept back.",
	    "released it without attachments", NULL, "released-stripped", TRUE, FALSE },
	{ "release_advised", "Release it with a note to the sender",
	    "Delivered as it is. You see the note and can change it first.",
	    "released it with a note to the sender", "released-advised", "released-advised", TRUE, TRUE },
	{ "return", "Return it to the sender with an explanation",
	    "Not delivered. The sender can change it and send again.",
	    "returned it to the sender", "returned", "returned", FALSE, TRUE },
	{ "withhold", "Do not deliver it, and tell nobody",
	    "Use when a notice could put someone at risk or spoil evidence.",
	    "kept it from being delivered", NULL, "withheld", FALSE, FALSE },
	{ "reassign", "Pass it to someone else",
	    "Deputy, head teacher or data protection officer.",
	    "passed it on", NULL, "reassigned", FALSE, FALSE },
};

const SgDecisionKind *
sg_decision_kind(const char *code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].code, code) == 0)
			return &kinds[i];
	return NULL;
}

gboolean
sg_sender_inside(const SgRequest *q, const SgIncident *i)
{
	return !i->disclosure && !i->privileged && i->origin.sender != NULL && *i->origin.sender != '\0' &&
	    i->origin.authenticated && sg_policy_inside(q->setup->policy, i->origin.sender);
}

json_t *
sg_decision_choices(const SgRequest *q, const SgIncident *i)
{
	json_t *list = json_array();
	gboolean inside = sg_sender_inside(q, i);
	const char *typed = sg_field(q->body, "code");

	if (i->sealed || sg_incident_count(i, SG_COPY_WAITING) == 0)
		return list;
	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
		if (inside || !kinds[k].inside)
			json_array_append_new(
			    list, json_pack("{s:s s:s s:s s:b}", "value", kinds[k].code, "label",
				      kinds[k].label, "hint", kinds[k].hint, "on", g_strcmp0(typed, kinds[k].code) == 0));
	return list;
}

char *
sg_decision_words(const SgIncident *i, gint64 now)
{
	const SgDecisionKind *kind = sg_decision_kind(i->decision != NULL ? i->decision : "");
	g_autofree char *when = sg_view_words(i->decided_at, now);

	if (i->sealed)
		return g_strdup("it was sealed");
	if (kind == NULL || i->decided_by == NULL || *i->decided_by == '\0')
		return g_strdup("it was changed meanwhile");
	return g_strdup_printf("%s %s at %s", i->decided_by, kind->past, when);
}

/* --- what is asked -------------------------------------------------------------------- */

static gboolean
refuse_stale(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	g_autofree char *id = sg_ref_show(q->ref),
			*what = g_strdup_printf("Message %s was not changed.", id);
	g_autofree char *why = sg_decision_words(i, q->now);

	sg_refuse(r, MHD_HTTP_CONFLICT, what, why, "Nothing was changed by you. Look at it again.");
	return FALSE;
}

/* The version the person saw is the one that is there; each form names it. */
static gboolean
check_version(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	guint64 version = 0;

	if (sg_field(q->body, "version") == NULL ||
	    !sg_field_number(q->body, "version", G_MAXUINT32, &version)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "The request cannot be understood.",
		    "it does not say which state of the message was seen",
		    "Send the version that the message's page gave.");
		return FALSE;
	}
	return version == i->version ? TRUE : refuse_stale(q, i, r);
}

static gboolean
check_sealed(const SgIncident *i, SgReply *r)
{
	if (!i->sealed)
		return TRUE;
	sg_refuse(r, MHD_HTTP_FORBIDDEN, "This message stays where it is.", "it is sealed",
	    "Follow the school's steps for a possible indecent picture.");
	return FALSE;
}

/* Part ids with commas: "2,3.1". */
static gboolean
parts_ok(const char *strip)
{
	return strip != NULL && *strip != '\0' && strlen(strip) <= 1000 &&
	       strip[strspn(strip, "0123456789.,")] == '\0' && g_ascii_isdigit(strip[0]);
}

/* The parts to keep back: "strip" as a list, or the ticks of the form; caller frees. */
static char *
strip_list(const SgRequest *q)
{
	GString *all = g_string_new(sg_field(q->body, "strip"));

	for (guint n = 1; n <= STRIP_MOST; n++) {
		g_autofree char *name = g_strdup_printf("part-%u", n);
		const char *part = sg_field(q->body, name);

		if (part != NULL)
			g_string_append_printf(all, "%s%s", all->len > 0 ? "," : "", part);
	}
	return g_string_free(all, FALSE);
}

static gboolean
bad(SgReply *r, const char *what, const char *todo)
{
	sg_refuse(r, MHD_HTTP_BAD_REQUEST, what, NULL, todo);
	return FALSE;
}

static gboolean
check_form(const SgRequest *q, const SgIncident *i, const SgDecisionKind *kind, SgReply *r)
{
	const char *reason = sg_field(q->body, "reason");
	g_autofree char *strip = NULL;

	if (kind == NULL)
		return bad(r, "Choose what should happen to this message.",
		    "release, release_stripped, release_advised, return, withhold or reassign.");
	if ((reason == NULL || *reason == '\0') && strcmp(kind->code, "reassign") != 0)
		return bad(r, "Say why.", "A short reason is kept with each decision.");
	if (reason != NULL && g_utf8_strlen(reason, -1) > SG_REASON_MAX)
		return bad(r, "The reason is too long.", "Use at most 2,000 characters.");
	strip = strip_list(q);
	if (strcmp(kind->code, "release_stripped") == 0 && !parts_ok(strip))
		return bad(r, "Choose the attachments to keep back.",
		    "Name their parts, for example 2,3.1.");
	if (kind->inside && !sg_sender_inside(q, i))
		return bad(r, "This sender cannot be told.",
		    "Notices go to people inside the school only. Release it, or do not deliver "
		    "it.");
	if (sg_field_true(q->body, "bulk") && i->severity > 3)
		return bad(r, "This message needs a look of its own.",
		    "Several at once: only messages of low and medium urgency.");
	return TRUE;
}

/* --- doing it ---------------------------------------------------------------------------- */

/* After the store refused: what stands there now says why. */
static void
refuse_store(const SgRequest *q, const GError *error, SgReply *r)
{
	g_autoptr(SgIncident) now = NULL;

	if (!g_error_matches(error, SG_ERR, SG_ERR_INPUT)) {
		sg_refuse_error(r, "The message was not changed.", error);
		return;
	}
	now = sg_view_open(q, r);
	if (now != NULL)
		sg_refuse(r, MHD_HTTP_CONFLICT, "The message was not changed.", error->message,
		    "Nothing was changed by you. Look at it again.");
}

static void
say_done(const SgRequest *q, const SgDecisionKind *kind, gboolean undo, SgReply *r)
{
	g_autoptr(SgIncident) now = NULL;
	g_autofree char *id = sg_ref_show(q->ref), *done = NULL;
	gint64 seconds = q->setup->options->courier.undo;

	if (q->html) {
		if (sg_field_true(q->body, "mistake") && strcmp(kind->code, "reassign") != 0)
			sg_reply_see(r, "/message/%s/mistake?done=%s", id, kind->done);
		else if (kind->releases)
			sg_reply_see(r, "/message/%s?done=%s", id, kind->done);
		else
			sg_reply_see(r, "/queue?done=%s&ref=%s", kind->done, id);
		return;
	}
	now = sg_view_open(q, r);
	if (now == NULL)
		return;
	if (undo)
		done = g_strdup_printf("%s released in %" G_GINT64_FORMAT " s.", id, seconds);
	else
		done = g_strdup_printf("%s: you %s.", id, kind->past);
	sg_reply(r, sg_view_row(q, now, FALSE));
	json_object_set_new(r->body, "done", json_string(done));
	json_object_set_new(r->body, "undo", json_boolean(undo && seconds > 0));
	if (undo)
		json_object_set_new(r->body, "undo_until", sg_view_time(q->now + seconds));
}

static const SgAccount *
receiver(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	const char *to = sg_field(q->body, "to");
	const SgAccount *a = to != NULL ? sg_accounts_named(q->people, to) : NULL;

	if (a != NULL && (a->role & SG_ROLE_CONTENT) != 0 && sg_may_see(a, i))
		return a;
	sg_refuse(r, MHD_HTTP_BAD_REQUEST, "It cannot be passed to this account.", NULL,
	    "Choose the account of a lead, deputy, head or data protection officer who has no part "
	    "in it.");
	return NULL;
}

/* The message is passed on already: that its mail cannot be written now is no reason to say otherwise. */
void
sg_decision_tell(const SgRequest *q, const char *ref, const SgAccount *to)
{
	g_autofree char *about = g_strdup_printf("by=%s", q->who->name);
	char kind[] = "alert", template[] = "passed", none[] = "";
	SgMailJob j = { .kind = kind, .template = template, .role = none, .address = to->mail[0], .about = about,
		.not_before = q->now };

	if (to->mail[0] != NULL)
		(void)sg_store_outbox_add(q->console->store, ref, &j, q->now, NULL);
}

static void
decide(const SgRequest *q, const SgIncident *i, const SgDecisionKind *kind, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	const char *reason = sg_field(q->body, "reason");
	gboolean reassign = strcmp(kind->code, "reassign") == 0;
	const SgAccount *to = reassign ? receiver(q, i, r) : NULL;
	g_autofree char *strip = NULL, *note = NULL;
	SgDecision d = { .ref = q->ref,
	    .code = kind->code,
	    .actor = q->who->name,
	    .reason = reason != NULL ? reason : "",
	    .template = kind->notice,
	    .version = i->version,
	    .now = q->now,
	    .not_before = q->now + q->setup->options->courier.undo,
	    .mistake = sg_field_true(q->body, "mistake"),
	    .record = sg_field_true(q->body, "incident") };

	if (reassign && to == NULL)
		return;
	d.to = to != NULL ? to->name : NULL;
	strip = strcmp(kind->code, "release_stripped") == 0 ? strip_list(q) : NULL;
	d.strip = strip;
	note = sg_ui_text(sg_field(q->body, "note"), -1, SG_NOTICE_MAX, SG_UI_DROP);
	d.note = kind->notice != NULL && *note != '\0' ? note : NULL;
	if (!sg_store_decide(q->console->store, &d, &error)) {
		refuse_store(q, error, r);
		return;
	}
	if (reassign)
		sg_decision_tell(q, q->ref, to);
	else
		sg_grants_close(q->console->grants, q->ref);
	say_done(q, kind, kind->releases, r);
}

/* --- the same for a browser: a form that was not right comes again, with what was typed --- */

static json_t *
typed_fields(const SgRequest *q)
{
	const char *code = sg_field(q->body, "code"), *reason = sg_field(q->body, "reason");

	return json_pack("{s:s s:s s:b s:b}", "code", code != NULL ? code : "", "reason", reason != NULL ? reason : "",
	    "mistake", sg_field_true(q->body, "mistake"), "incident", sg_field_true(q->body, "incident"));
}

static void
show_form(SgReply *r, json_t *m, const char *template)
{
	sg_reply(r, m);
	r->template = template;
	if (json_object_get(m, "error") != NULL)
		r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
}

/* FALSE: the message's page with what is missing has been given. */
static gboolean
check_choice(const SgRequest *q, const SgIncident *i, const SgDecisionKind *kind, SgReply *r)
{
	const char *reason = sg_field(q->body, "reason");
	gboolean wants = kind == NULL || strcmp(kind->code, "reassign") != 0;
	gboolean silent = wants && (reason == NULL || *reason == '\0');
	gboolean told = kind == NULL || !kind->inside || sg_sender_inside(q, i);
	json_t *m;

	if (kind != NULL && !silent && told)
		return TRUE;
	m = sg_message_build(q, i, r);
	if (m == NULL)
		return FALSE;
	if (kind == NULL)
		sg_form_error(m, "err_decision", "d-release", "Choose what should happen to this message");
	else if (!told)
		sg_form_error(m, "err_decision", "d-release", "This sender cannot be told: choose another way");
	if (silent)
		sg_form_error(m, "err_reason", "reason", "Say why: a sentence is enough");
	json_object_set_new(m, "typed", typed_fields(q));
	show_form(r, m, "message");
	return FALSE;
}

/* The head of the pages that ask for one thing more. */
static json_t *
step_model(const SgRequest *q, const SgIncident *i, const char *title)
{
	json_t *m = sg_view_row(q, i, FALSE);
	g_autofree char *id = sg_ref_show(i->ref), *path = g_strdup_printf("message/%s", id);

	json_object_set_new(m, "title", json_string(title));
	json_object_set_new(m, "back", json_pack("{s:s s:s}", "path", path, "label", "Back to the message"));
	json_object_set_new(m, "typed", typed_fields(q));
	return m;
}

static gboolean
ask_strip(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	g_autofree char *strip = strip_list(q);
	g_autoptr(SgReading) reading = NULL;
	g_autoptr(SgContent) c = NULL;
	json_t *m;

	if (parts_ok(strip))
		return FALSE;
	reading = sg_store_reading(q->console->store, i->ref, NULL);
	c = reading != NULL ? sg_content_new(reading) : NULL;
	m = step_model(q, i, "Which attachments should be kept back?");
	json_object_set_new(m, "strip", json_true());
	json_object_set_new(m, "attachments", c != NULL ? sg_content_files(c, SG_RUNG_MASKED) : json_array());
	if (sg_field(q->body, "step") != NULL)
		sg_form_error(m, "err_strip", "part-1", "Choose at least one attachment, or release the whole message");
	show_form(r, m, "decide");
	return TRUE;
}

static gboolean
ask_letter(const SgRequest *q, const SgIncident *i, const SgDecisionKind *kind, SgReply *r)
{
	const char *note = sg_field(q->body, "note");
	gboolean empty = note != NULL && *note == '\0', large = note != NULL && g_utf8_strlen(note, -1) > SG_NOTICE_MAX;
	json_t *letter, *m;

	if (note != NULL && !empty && !large)
		return FALSE;
	letter = sg_notice_view(q, i, kind);
	if (letter == NULL)
		return FALSE;
	if (large)
		json_object_set_new(letter, "text", json_string(note));
	m = step_model(q, i, "What the sender is told");
	json_object_set_new(m, "letter", letter);
	if (empty || large)
		sg_form_error(m, "err_letter", "note", empty ? "Write what the sender is told" : "Use at most 2,000 characters");
	show_form(r, m, "decide");
	return TRUE;
}

static void
show_pass(const SgRequest *q, const SgIncident *i, gboolean wrong, SgReply *r)
{
	json_t *m = step_model(q, i, "Pass it to someone else");

	json_object_set_new(m, "receivers", sg_sheet_receivers(q, i));
	if (wrong)
		sg_form_error(m, "err_to", "to-1", "Choose who should have it");
	show_form(r, m, "pass");
}

/* TRUE: another page was given first. */
static gboolean
asked_first(const SgRequest *q, const SgIncident *i, const SgDecisionKind *kind, SgReply *r)
{
	if (strcmp(kind->code, "reassign") == 0) {
		show_pass(q, i, FALSE, r);
		return TRUE;
	}
	return (strcmp(kind->code, "release_stripped") == 0 && ask_strip(q, i, r)) || ask_letter(q, i, kind, r);
}

void
sg_p_decide(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	const char *code = sg_field(q->body, "code");
	const SgDecisionKind *kind = sg_decision_kind(code != NULL ? code : "");

	if (i == NULL || !check_sealed(i, r))
		return;
	if (q->html && (!check_version(q, i, r) || !check_choice(q, i, kind, r) || asked_first(q, i, kind, r)))
		return;
	if (!check_form(q, i, kind, r) || !check_version(q, i, r))
		return;
	if (sg_incident_count(i, SG_COPY_WAITING) == 0) {
		(void)refuse_stale(q, i, r);
		return;
	}
	decide(q, i, kind, r);
}

void
sg_p_pass_form(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);

	if (i != NULL && check_sealed(i, r))
		show_pass(q, i, FALSE, r);
}

void
sg_p_pass(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);

	if (i == NULL || !check_sealed(i, r) || !check_version(q, i, r))
		return;
	if (q->html && (sg_field(q->body, "to") == NULL || *sg_field(q->body, "to") == '\0'))
		show_pass(q, i, TRUE, r);
	else
		decide(q, i, sg_decision_kind("reassign"), r);
}
