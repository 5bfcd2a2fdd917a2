#include <string.h>

#include <microhttpd.h>

#include "base/log.h"
#include "console/entrance.h"
#include "login/password.h"
#include "login/totp.h"

/* Signing in and out: a password, then a code; and what comes between. */

#define NAME_SHOWN 64u

/* What every form here has. */
static json_t *
model_of(const SgRequest *q, const char *title)
{
	return json_pack("{s:s s:s}", "title", title, "to", sg_next_path(q));
}

static gboolean
at_stage(const SgRequest *q, SgStage stage)
{
	return q->session != NULL && q->session->stage == stage;
}

/* Names are in small letters; what was typed with a capital means the same. */
static char *
typed_name(const SgRequest *q)
{
	const char *typed = sg_field(q->body, "name");
	char *name = g_ascii_strdown(typed != NULL ? typed : "", -1);

	return g_strstrip(name);
}

/* --- the password -------------------------------------------------------------------- */

static json_t *
password_model(const SgRequest *q, const char *name)
{
	json_t *m = model_of(q, "Sign in");
	gboolean locked = at_stage(q, SG_STAGE_LOCKED);

	json_object_set_new(m, "locked", json_boolean(locked));
	json_object_set_new(m, "name", json_string(locked ? q->session->account : name));
	return m;
}

void
sg_p_sign_in(const SgRequest *q, SgReply *r)
{
	if (q->who != NULL && q->html)
		sg_reply_see(r, "/");
	else
		sg_reply(r, password_model(q, ""));
}

/* After the right password: on to the code, or back to work. */
static void
go_on(const SgRequest *q, const SgPerson *p, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = sg_with_next(q, "/sign-in/code");
	char cookie[SG_TOKEN_LEN + 1];
	const SgSessionWish w = { .account = p->name, .address = q->address,
	    .old = q->session != NULL ? q->session->hash : "", .stage = SG_STAGE_CODE, .action = "" };

	if (at_stage(q, SG_STAGE_LOCKED)) {
		if (sg_enter(q, p, q->session->begun, "unlocked", NULL, r))
			sg_form_done(q, r, json_pack("{s:s}", "done", "Unlocked."),
			    *sg_next_path(q) != '\0' ? sg_next_path(q) : "/");
		return;
	}
	if (!sg_session_begin(q->console->store, &w, q->now, q->setup->options, cookie, &error)) {
		sg_refuse_error(r, "Nobody can sign in at this moment.", error);
		return;
	}
	r->cookie = sg_cookie_line(SG_COOKIE, cookie);
	sg_form_done(q, r, json_pack("{s:s}", "done", "The code is next."), path);
}

void
sg_p_sign_in_post(const SgRequest *q, SgReply *r)
{
	gboolean locked = at_stage(q, SG_STAGE_LOCKED), right = FALSE;
	g_autofree char *name = locked ? g_strdup(q->session->account) : typed_name(q);
	g_autofree char *shown = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), NAME_SHOWN));
	g_autoptr(GError) error = NULL;
	g_autoptr(SgPerson) p = NULL;
	json_t *m = password_model(q, shown);

	if (sg_guess_allowed(q, "password", name, locked ? "password" : "name", m, r)) {
		/* somebody who is not there is looked up, and a password is hashed, all the same */
		p = sg_store_person(q->console->store, name, &error);
		if (error == NULL)
			(void)sg_password_check(q->console->hasher,
			    p != NULL && p->state == SG_ACCOUNT_ACTIVE ? p->password : NULL,
			    sg_field(q->body, "password"), &right, &error);
		if (error != NULL)
			sg_refuse_error(r, "Nobody can sign in at this moment.", error);
		else if (right)
			go_on(q, p, r);
		else {
			sg_log(SG_LOG_NOTICE, "sign-in", "step", "password", "right", "no", NULL);
			sg_form_again(r, json_incref(m), locked ? "password" : "name", SG_NOT_RIGHT);
		}
	}
	json_decref(m);
}

/* --- the code --------------------------------------------------------------------------- */

/* The account whose code is due, or NULL: r is the answer. */
static SgPerson *
half_way(const SgRequest *q, SgReply *r)
{
	if (at_stage(q, SG_STAGE_CODE))
		return sg_entrance_person(q, q->session->account, r);
	if (q->html)
		sg_reply_see(r, "%s", q->who != NULL ? "/" : "/sign-in");
	else
		sg_refuse(r, MHD_HTTP_CONFLICT, "The password comes first.", NULL, "Begin at /sign-in.");
	return NULL;
}

void
sg_p_code(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = half_way(q, r);

	if (p != NULL)
		sg_reply(r, model_of(q, "Enter the code"));
}

void
sg_p_recovery(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = half_way(q, r);

	if (p != NULL)
		sg_reply(r, model_of(q, "Use a recovery code"));
}

/* Was it of now, and never used? */
static gboolean
code_right(const SgRequest *q, const SgPerson *p, gboolean *right, GError **error)
{
	char *secret = sg_secret_open(q->console->keys, "totp", p->name, p->secret);
	gint64 step = secret != NULL ? sg_totp_check(secret, sg_field(q->body, "code"), q->now) : 0;

	sg_secret_free(secret);
	*right = FALSE;
	return step == 0 || sg_store_step_use(q->console->store, p->name, step, right, error);
}

static gboolean
recovery_right(const SgRequest *q, const SgPerson *p, gboolean *right, GError **error)
{
	const SgActor by = { p->name, "", q->now };
	char code[12], hash[SG_HASH_LEN + 1];

	*right = FALSE;
	if (!sg_recovery_parse(sg_field(q->body, "code"), code))
		return TRUE;
	sg_recovery_hash(q, p->name, code, hash);
	return sg_store_recovery_use(q->console->store, p->name, hash, &by, right, error);
}

static void
check_code(const SgRequest *q, const char *title,
    gboolean (*check)(const SgRequest *, const SgPerson *, gboolean *, GError **), SgReply *r)
{
	g_autoptr(SgPerson) p = half_way(q, r);
	g_autoptr(GError) error = NULL;
	gboolean right = FALSE;
	json_t *m;

	if (p == NULL)
		return;
	m = model_of(q, title);
	if (!sg_guess_allowed(q, "code", p->name, "code", m, r)) {
		json_decref(m);
		return;
	}
	if (!check(q, p, &right, &error))
		sg_refuse_error(r, "Nobody can sign in at this moment.", error);
	else if (!right || p->state != SG_ACCOUNT_ACTIVE) {
		sg_log(SG_LOG_NOTICE, "sign-in", "step", "code", "right", "no", NULL);
		sg_form_again(r, json_incref(m), "code", SG_NOT_RIGHT);
	} else if (sg_enter(q, p, 0, "signed-in", NULL, r)) {
		if (check == recovery_right)
			sg_account_mail(q, p, "account-recovery", q->address, "");
		sg_form_done(q, r, json_pack("{s:s}", "done", "Signed in."),
		    *sg_next_path(q) != '\0' ? sg_next_path(q) : "/");
	}
	json_decref(m);
}

void
sg_p_code_post(const SgRequest *q, SgReply *r)
{
	check_code(q, "Enter the code", code_right, r);
}

void
sg_p_recovery_post(const SgRequest *q, SgReply *r)
{
	check_code(q, "Use a recovery code", recovery_right, r);
}

/* --- going ---------------------------------------------------------------------------------- */

void
sg_p_sign_out(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;

	if (q->session != NULL) {
		sg_grants_end(q->console->grants, q->session->account, NULL);
		if (!sg_store_session_end(q->console->store, q->session->account, q->session->id, "",
			q->session->account, q->now, &error)) {
			sg_refuse_error(r, "You are not signed out yet.", error);
			return;
		}
		r->cookie = sg_cookie_line(SG_COOKIE, "");
	}
	sg_form_done(q, r, json_pack("{s:s}", "done", "You are signed out."), "/sign-in?done=signed-out");
}

/* The one page that changes something when it is looked at: it must work at once, and does no harm. */
void
sg_p_hide_page(const SgRequest *q, SgReply *r)
{
	g_autoptr(GError) error = NULL;

	if (q->who != NULL)
		sg_grants_end(q->console->grants, q->who->name, NULL);
	if (q->session != NULL && !sg_session_hide(q->console->store, q->session, q->now, &error))
		sg_log(SG_LOG_ERROR, "not-locked", "why", error->message, NULL);
	sg_reply(r, json_pack("{s:s s:b}", "title", "Nothing to see", "blank", 1));
}
