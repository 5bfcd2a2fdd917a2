#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/ladder.h"

static void
refuse(const SgRequest *q, const GError *error, SgReply *r)
{
	(void)q;
	if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
		sg_refuse(r, MHD_HTTP_CONFLICT, "The message was not changed.", error->message,
		    "Nothing was changed by you. Look at it again.");
	else
		sg_refuse_error(r, "The message was not changed.", error);
}

/* what: the sentence for a program; code: the banner of a browser. */
static void
done(const SgRequest *q, const char *what, const char *code, SgReply *r)
{
	g_autoptr(SgIncident) now = NULL;
	g_autofree char *id = sg_ref_show(q->ref);

	if (q->html) {
		sg_reply_see(r, "/message/%s?done=%s", id, code);
		return;
	}
	now = sg_view_open(q, r);
	if (now == NULL)
		return;
	sg_reply(r, sg_view_row(q, now, FALSE));
	json_object_set_new(r->body, "done", json_sprintf("%s: %s", id, what));
}

/* --- take ------------------------------------------------------------------------------ */

/* From somebody who has it: the store's "reassign" does it, and the audit says why. */
static gboolean
take_over(const SgRequest *q, const SgIncident *i, const char *why, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *detail = g_strdup_printf("from=%s why=%s", i->taken_by, why);
	SgDecision d = { .ref = q->ref,
	    .code = "reassign",
	    .actor = q->who->name,
	    .reason = "",
	    .to = q->who->name,
	    .version = i->version,
	    .now = q->now };

	if (!sg_view_audit(q, "took-over", detail, r))
		return FALSE;
	if (sg_store_decide(q->console->store, &d, &error)) {
		sg_grants_end(q->console->grants, i->taken_by, q->ref);
		return TRUE;
	}
	refuse(q, error, r);
	return FALSE;
}

static gboolean
known_over(const char *why)
{
	json_t *overs = sg_ladder_overs();
	gboolean known = FALSE;

	for (gsize i = 0; why != NULL && i < json_array_size(overs); i++)
		known = known ||
		    strcmp(json_string_value(json_object_get(json_array_get(overs, i), "value")), why) == 0;
	json_decref(overs);
	return known;
}

/* The page again, with what is missing. */
static void
ask_why(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	json_t *m = sg_message_build(q, i, r);

	if (m == NULL)
		return;
	json_object_set_new(m, "err_over", json_string("Choose why you take it over"));
	json_object_set_new(m, "error", json_pack("{s:[{s:s s:s}]}", "list", "id", "over-absent", "text",
	    "Choose why you take it over"));
	sg_reply(r, m);
	r->template = "message";
	r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
}

static gboolean
may_take(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	const char *holder = sg_view_holder(i, q->now), *why = sg_field(q->body, "over");
	g_autofree char *until = i->taken_until > 0 ? sg_view_words(i->taken_until, q->now) : NULL,
			*text = NULL;

	if (i->sealed || sg_incident_count(i, SG_COPY_WAITING) == 0) {
		sg_refuse(r, MHD_HTTP_CONFLICT, "There is nothing to take.",
		    i->sealed ? "it is sealed" : "it has been decided", NULL);
		return FALSE;
	}
	if (why != NULL && !known_over(why)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such reason to take it over.", NULL,
		    "Choose absent, urgent, asked or conflict.");
		return FALSE;
	}
	if (holder == NULL || strcmp(holder, q->who->name) == 0)
		return TRUE;
	if (why != NULL)
		return take_over(q, i, why, r);
	if (q->html) {
		ask_why(q, i, r);
		return FALSE;
	}
	text = until != NULL ? g_strdup_printf("%s has it until %s", holder, until)
			     : g_strdup_printf("it was passed to %s", holder);
	sg_refuse(r, MHD_HTTP_CONFLICT, "Somebody else has this message.", text,
	    "Ask them, or take it over and say why: absent, urgent, asked or conflict.");
	return FALSE;
}

void
sg_p_take(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	g_autoptr(GError) error = NULL;
	g_autofree char *until = sg_view_words(q->now + SG_TAKE_SECONDS, q->now), *what = NULL;

	if (i == NULL || !may_take(q, i, r))
		return;
	if (!sg_store_take(
		q->console->store, q->ref, q->who->name, q->now, q->now + SG_TAKE_SECONDS, &error)) {
		refuse(q, error, r);
		return;
	}
	what = g_strdup_printf("you have it until %s.", until);
	done(q, what, "taken", r);
}

/* --- undo, seal, settle ------------------------------------------------------------------ */

void
sg_p_undo(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	g_autoptr(GError) error = NULL;

	if (i == NULL)
		return;
	if (sg_store_undo(q->console->store, q->ref, q->who->name, q->now, &error))
		done(q, "the decision is taken back; it waits again.", "undone", r);
	else
		refuse(q, error, r);
}

void
sg_p_seal(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	g_autoptr(GError) error = NULL;

	if (i == NULL)
		return;
	if (!sg_store_seal(q->console->store, q->ref, q->who->name, q->now, &error)) {
		refuse(q, error, r);
		return;
	}
	sg_grants_close(q->console->grants, q->ref);
	done(q,
	    "sealed. Nobody can look at it any more. Check that the pupil is safe, and tell the "
	    "head teacher.",
	    "sealed", r);
}

/* The copy that is meant: by its number, or the only one with an unclear end. */
static const SgCopy *
unclear_copy(const SgRequest *q, const SgIncident *i, SgReply *r)
{
	guint64 n = 0;
	const SgCopy *only = NULL;
	guint count = 0;

	if (!sg_field_number(q->body, "copy", i->copies->len, &n)) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "There is no such copy.", NULL,
		    "See: schoolgatectl held show ID");
		return NULL;
	}
	for (guint k = 0; k < i->copies->len; k++) {
		const SgCopy *c = g_ptr_array_index(i->copies, k);

		if (c->state == SG_COPY_UNCLEAR && (n == 0 || n == k + 1)) {
			only = c;
			count++;
		}
	}
	if (count == 1)
		return only;
	sg_refuse(r, MHD_HTTP_CONFLICT,
	    count == 0 ? "No copy of this message has an unclear end."
		       : "Several copies have an unclear end.",
	    NULL, count == 0 ? "Nothing was changed." : "Say which: --copy=N");
	return NULL;
}

void
sg_p_settle(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgIncident) i = sg_view_open(q, r);
	g_autoptr(GError) error = NULL;
	const SgCopy *copy = i != NULL ? unclear_copy(q, i, r) : NULL;
	gboolean again = sg_field_true(q->body, "again");

	if (copy == NULL)
		return;
	if (sg_field(q->body, "again") == NULL) {
		sg_refuse(r, MHD_HTTP_BAD_REQUEST, "Say what became of the copy.", NULL,
		    "again: true or false.");
		return;
	}
	if (sg_store_settle(
		q->console->store, q->ref, copy->address, again, q->who->name, q->now, &error))
		done(q, again ? "that copy is sent once more." : "that copy has arrived.", "settled", r);
	else
		refuse(q, error, r);
}
