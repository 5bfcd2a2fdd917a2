#include <string.h>

#include <microhttpd.h>

#include "base/err.h"
#include "console/entrance.h"
#include "console/view.h"
#include "login/password.h"
#include "model/uitext.h"

#define NOTICE_SECONDS ((gint64)14 * 86400)

/* One's own account: settings, password, recovery codes, sessions. */

static json_t *
session_view(const SgRequest *q, const SgSessionRow *s)
{
	g_autofree char *begun = sg_view_words(s->begun, q->now), *seen = sg_view_words(s->seen, q->now);
	gboolean here = q->session != NULL && strcmp(q->session->id, s->id) == 0;

	return json_pack("{s:s s:b s:s s:s s:s s:b}", "id", s->id, "here", (int)here, "begun", begun, "seen", seen,
	    "address", s->address, "locked", (int)(s->stage == SG_STAGE_LOCKED));
}

static gboolean
add_sessions(const SgRequest *q, json_t *m, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = sg_store_sessions(q->console->store, q->who->name, &error);
	json_t *out;
	guint others = 0;

	if (list == NULL) {
		sg_refuse_error(r, "Your account cannot be shown.", error);
		return FALSE;
	}
	out = json_array();
	for (guint i = 0; i < list->len; i++) {
		const SgSessionRow *s = g_ptr_array_index(list, i);

		if (s->stage != SG_STAGE_FULL && s->stage != SG_STAGE_LOCKED)
			continue;
		others += q->session == NULL || strcmp(q->session->id, s->id) != 0;
		json_array_append_new(out, session_view(q, s));
	}
	json_object_set_new(m, "sessions", out);
	json_object_set_new(m, "others", json_integer(others));
	return TRUE;
}

/* When a new password is due, from a fortnight before. */
static void
add_age(const SgRequest *q, const SgPerson *p, json_t *m)
{
	gint64 ends = sg_password_ends(q->setup->options, p);
	g_autofree char *words = NULL;

	if (ends == 0 || q->now < ends - NOTICE_SECONDS)
		return;
	words = sg_view_words(ends, q->now);
	json_object_set_new(m, "password_by", json_string(words));
	json_object_set_new(m, "password_over", json_boolean(q->now >= ends));
}

void
sg_p_me(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgPerson) p = sg_store_person(q->console->store, q->who->name, &error);
	json_t *m = json_pack("{s:s s:s s:s s:s s:b}", "title", "Your account", "account", q->who->name, "role",
	    sg_role_name(q->who->role), "role_label", sg_role_label(q->who->role), "reads",
	    (q->who->role & SG_ROLE_CONTENT) != 0);

	if (error != NULL) {
		sg_refuse_error(r, "Your account cannot be shown.", error);
		json_decref(m);
		return;
	}
	if (p != NULL) {
		json_object_set_new(m, "own", json_true());
		json_object_set_new(m, "shown", json_string(p->shown));
		json_object_set_new(m, "single_keys", json_boolean(p->single_keys));
		json_object_set_new(m, "low_words", json_boolean(p->low_words));
		json_object_set_new(m, "codes_left", json_sprintf("%u", p->codes));
		json_object_set_new(m, "few_codes", json_boolean(p->codes < 3));
		add_age(q, p, m);
	}
	if (add_sessions(q, m, r))
		sg_reply(r, m);
	else
		json_decref(m);
}

/* Whose page it is, in a browser; NULL: r is a refusal. */
static SgPerson *
own(const SgRequest *q, SgReply *r)
{
	if (q->session != NULL)
		return sg_entrance_person(q, q->who->name, r);
	sg_refuse(r, MHD_HTTP_CONFLICT, "This is for people who have signed in.", NULL, "Use a browser.");
	return NULL;
}

void
sg_p_me_settings(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgPerson) p = own(q, r);
	gboolean content = (q->who->role & SG_ROLE_CONTENT) != 0;

	if (p == NULL)
		return;
	if (sg_store_person_settings(q->console->store, p->name, sg_field_true(q->body, "single_keys"),
		content && sg_field_true(q->body, "low_words"), &error))
		sg_form_done(q, r, json_pack("{s:s}", "done", "Saved."), "/me?done=saved");
	else
		sg_refuse_error(r, "Your settings were not saved.", error);
}

/* --- what needs the password once more --------------------------------------------------- */

/* FALSE: r is the form again, or a refusal. */
static gboolean
proved(const SgRequest *q, const SgPerson *p, json_t *model, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	gboolean right = FALSE;

	if (!sg_guess_allowed(q, "password", p->name, "current", model, r))
		return FALSE;
	if (!sg_password_check(q->console->hasher, p->password, sg_field(q->body, "current"), &right, &error))
		sg_refuse_error(r, "Nothing was changed.", error);
	else if (!right)
		sg_form_again(r, json_incref(model), "current", "This is not your password.");
	return right;
}

static json_t *
password_model(const SgRequest *q)
{
	gboolean due = sg_password_due(q);

	return json_pack("{s:s s:b s:s s:I}", "title", due ? "Choose a new password" : "Change your password", "due",
	    (int)due, "to", sg_next_path(q), "days", (json_int_t)q->setup->options->console.password_days);
}

void
sg_p_me_password(const SgRequest *q, SgReply *r)
{
	sg_reply(r, password_model(q));
}

static void
change_password(const SgRequest *q, const SgPerson *p, const char *password, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *hash = sg_password_hash(q->console->hasher, password, &error);
	const char *to = sg_next_path(q);
	gboolean due = sg_password_due(q);
	const SgActor by = { p->name, due ? "password-age" : "", q->now };

	/* every session ends with it, this one too: it goes on under a new cookie */
	if (hash == NULL || !sg_store_person_password(q->console->store, p->name, hash, &by, &error)) {
		sg_refuse_error(r, "The password was not changed.", error);
		return;
	}
	if (!sg_enter(q, p, q->session->begun, "", NULL, r))
		return;
	sg_account_mail(q, p, "account-reset", "a new password", "");
	sg_form_done(q, r, json_pack("{s:s}", "done", "The password is changed."),
	    !due ? "/me?done=saved" : *to != '\0' ? to : "/");
}

void
sg_p_me_password_post(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = own(q, r);
	const char *password = sg_field(q->body, "password"), *wrong;
	json_t *m;

	if (p == NULL)
		return;
	m = password_model(q);
	wrong = sg_password_objection(q, p, password);
	if (wrong == NULL && g_strcmp0(password, sg_field(q->body, "current")) == 0)
		wrong = "This is the password you have now. Choose another one.";
	if (wrong != NULL)
		sg_form_again(r, json_incref(m), "password", wrong);
	else if (proved(q, p, m, r))
		change_password(q, p, password, r);
	json_decref(m);
}

/* --- recovery codes ------------------------------------------------------------------------ */

void
sg_p_me_codes_new(const SgRequest *q, SgReply *r)
{
	(void)q;
	sg_reply(r, json_pack("{s:s}", "title", "Make new recovery codes"));
}

void
sg_p_me_codes_new_post(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = own(q, r);
	g_autoptr(GError) error = NULL;
	g_auto(SgCodes) codes = { NULL, NULL };
	const SgActor by = { q->who->name, "", q->now };
	json_t *m;

	if (p == NULL)
		return;
	m = json_pack("{s:s}", "title", "Make new recovery codes");
	if (proved(q, p, m, r)) {
		sg_codes_make(q, p->name, &codes);
		if (!sg_store_recovery_set(q->console->store, p->name, codes.hashes, &by, &error))
			sg_refuse_error(r, "There are no new codes.", error);
		else if (sg_enter(q, p, q->session->begun, "", codes.note, r))
			sg_form_done(q, r, json_pack("{s:s}", "done", "There are new codes."), "/me/codes");
	}
	json_decref(m);
}

/* Shown until they are noted down, and never again. */
void
sg_p_me_codes(const SgRequest *q, SgReply *r)
{
	char *text = q->session != NULL && q->session->note[0] != '\0'
			 ? sg_secret_open(q->console->keys, "codes", q->session->account, q->session->note)
			 : NULL;
	json_t *list = json_array();

	if (text != NULL) {
		g_auto(GStrv) codes = g_strsplit(text, " ", -1);

		for (char **c = codes; *c != NULL; c++)
			json_array_append_new(list, json_string(*c));
	}
	sg_secret_free(text);
	sg_reply(r, json_pack("{s:s s:b s:o}", "title", "Your recovery codes", "any", (int)(json_array_size(list) > 0),
			"codes", list));
}

void
sg_p_me_codes_post(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;

	if (q->session != NULL && !sg_store_session_note(q->console->store, q->session->hash, "", &error))
		sg_refuse_error(r, "The codes are still shown.", error);
	else
		sg_form_done(q, r, json_pack("{s:s}", "done", "They are not shown again."), "/");
}

/* --- sessions -------------------------------------------------------------------------------- */

static void
end_sessions(const SgRequest *q, const char *id, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	const char *but = q->session != NULL ? q->session->hash : "";

	if (sg_store_session_end(q->console->store, q->who->name, id, but, q->who->name, q->now, &error))
		sg_form_done(q, r, json_pack("{s:s}", "done", "Ended."), "/me?done=saved");
	else if (g_error_matches(error, SG_ERR, SG_ERR_INPUT))
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "There is no such session.", "It may have ended meanwhile", NULL);
	else
		sg_refuse_error(r, "The session has not ended.", error);
}

void
sg_p_me_session_end(const SgRequest *q, SgReply *r)
{
	end_sessions(q, q->id, r);
}

void
sg_p_me_sessions_end(const SgRequest *q, SgReply *r)
{
	end_sessions(q, NULL, r);
}
