#include <string.h>

#include <microhttpd.h>

#include "console/entrance.h"
#include "login/password.h"
#include "login/totp.h"

/* The way from a link to an account that works: accept, password, code, recovery codes. */

#define OVER "This link was used already, or is older than 24 hours. Ask your IT support for a new one."

static json_t *
accept_model(const char *token)
{
	return json_pack("{s:s s:s}", "title", "Set up your account", "token", token);
}

void
sg_p_first_use(const SgRequest *q, SgReply *r)
{
	const char *token = sg_field(q->query, "t");
	char hash[SG_HASH_LEN + 1];

	/* what fetches links in mails learns nothing here, and uses nothing up */
	if (sg_token_hash(SG_TOKEN_FIRST_USE, token, hash))
		sg_reply(r, accept_model(token));
	else
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "This link is not complete.", NULL,
		    "Copy all of it, or ask your IT support for a new one.");
}

void
sg_p_first_use_post(const SgRequest *q, SgReply *r)
{
	const char *token = sg_field(q->body, "t");
	char hash[SG_HASH_LEN + 1] = "", cookie[SG_TOKEN_LEN + 1];
	gboolean is_token = sg_token_hash(SG_TOKEN_FIRST_USE, token, hash);
	g_autoptr(GError) error = NULL;
	g_autoptr(SgFirstUse) f = is_token ? sg_store_first_use(q->console->store, hash, q->now, &error) : NULL;
	SgSessionWish w = { .address = q->address, .old = q->session != NULL ? q->session->hash : "",
	    .stage = SG_STAGE_SETUP, .action = "" };

	if (f != NULL) {
		w.account = f->account;
		(void)sg_session_begin(q->console->store, &w, q->now, q->setup->options, cookie, &error);
	}
	if (error != NULL)
		sg_refuse_error(r, "Your account cannot be set up at this moment.", error);
	else if (f == NULL)
		sg_form_again(r, accept_model(is_token ? token : ""), "begin", OVER);
	else {
		r->cookie = sg_cookie_line(SG_COOKIE, cookie);
		sg_form_done(q, r, json_pack("{s:s}", "done", "The password is next."), "/first-use/password");
	}
}

/* Whoever came by a link that is still good, and that account; FALSE: r is the answer. */
static gboolean
on_the_way(const SgRequest *q, SgPerson **p, SgFirstUse **f, SgReply *r)
{
	g_autoptr(GError) error = NULL;

	*p = NULL;
	*f = NULL;
	if (q->session != NULL && q->session->stage == SG_STAGE_SETUP) {
		*f = sg_store_first_use_of(q->console->store, q->session->account, q->now, &error);
		if (error != NULL) {
			sg_refuse_error(r, "Your account cannot be set up at this moment.", error);
			return FALSE;
		}
		*p = *f != NULL ? sg_entrance_person(q, q->session->account, r) : NULL;
		if (*p != NULL)
			return TRUE;
	}
	g_clear_pointer(f, sg_first_use_free);
	sg_refuse(r, MHD_HTTP_CONFLICT, "Open your link first.", OVER, NULL);
	return FALSE;
}

/* --- the password ------------------------------------------------------------------------ */

static json_t *
password_model(const SgPerson *p)
{
	return json_pack("{s:s s:s s:s}", "title", "Choose a password", "name", p->name, "shown", p->shown);
}

void
sg_p_first_password(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = NULL;
	g_autoptr(SgFirstUse) f = NULL;

	if (on_the_way(q, &p, &f, r))
		sg_reply(r, password_model(p));
}

/* Keeps the password, and a secret for the codes. */
static gboolean
keep(const SgRequest *q, const SgFirstUse *f, const char *password, GError **error)
{
	g_autofree char *hash = sg_password_hash(q->console->hasher, password, error), *sealed = NULL;
	char *secret;

	if (hash == NULL)
		return FALSE;
	secret = sg_totp_secret();
	sealed = sg_secret_seal(q->console->keys, "totp", f->account, secret);
	sg_secret_free(secret);
	return sg_store_first_use_keep(q->console->store, f->hash, hash, sealed, error);
}

void
sg_p_first_password_post(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = NULL;
	g_autoptr(SgFirstUse) f = NULL;
	g_autoptr(GError) error = NULL;
	const char *password = sg_field(q->body, "password"), *wrong;

	if (!on_the_way(q, &p, &f, r))
		return;
	wrong = sg_password_objection(q, p, password);
	if (wrong != NULL)
		sg_form_again(r, password_model(p), "password", wrong);
	else if (!keep(q, f, password, &error))
		sg_refuse_error(r, "The password was not kept.", error);
	else
		sg_form_done(q, r, json_pack("{s:s}", "done", "The code is next."), "/first-use/code");
}

/* --- the code ----------------------------------------------------------------------------- */

/* The secret that waits; NULL: r is the answer. */
static char *
secret_of(const SgRequest *q, const SgFirstUse *f, SgReply *r)
{
	char *secret = f->password[0] != '\0' ? sg_secret_open(q->console->keys, "totp", f->account, f->secret) : NULL;

	if (secret == NULL && q->html)
		sg_reply_see(r, "/first-use/password");
	else if (secret == NULL)
		sg_refuse(r, MHD_HTTP_CONFLICT, "The password comes first.", NULL, NULL);
	return secret;
}

static json_t *
code_model(const SgPerson *p, const char *secret)
{
	char *key = sg_totp_show(secret);
	json_t *m = json_pack("{s:s s:s s:s s:s}", "title", "Set up your codes", "name", p->name, "key", key,
	    "picture", "/first-use/key.svg");

	sg_secret_free(key);
	return m;
}

void
sg_p_first_code(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = NULL;
	g_autoptr(SgFirstUse) f = NULL;
	char *secret = on_the_way(q, &p, &f, r) ? secret_of(q, f, r) : NULL;

	if (secret != NULL)
		sg_reply(r, code_model(p, secret));
	sg_secret_free(secret);
}

void
sg_p_first_picture(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = NULL;
	g_autoptr(SgFirstUse) f = NULL;
	char *secret = on_the_way(q, &p, &f, r) ? secret_of(q, f, r) : NULL, *uri;
	GBytes *svg;

	if (secret == NULL)
		return;
	uri = sg_totp_uri(secret, q->setup->options->school.name, p->name);
	svg = sg_totp_picture(uri);
	sg_secret_free(uri);
	if (svg == NULL) {
		/* a school with a very long name */
		uri = sg_totp_uri(secret, "", p->name);
		svg = sg_totp_picture(uri);
		sg_secret_free(uri);
	}
	sg_secret_free(secret);
	if (svg == NULL) {
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "There is no picture.", NULL, "Type the key.");
		return;
	}
	sg_reply_bytes(r, svg, "image/svg+xml");
	r->sandboxed = TRUE;
}

/* The first code was right: the account works from now on, and this browser is signed in. */
static void
finish(const SgRequest *q, SgPerson *p, const SgFirstUse *f, gint64 step, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	g_auto(SgCodes) codes = { NULL, NULL };
	g_autofree char *text = NULL;
	char *shown;
	json_t *m;

	sg_codes_make(q, p->name, &codes);
	if (!sg_store_first_use_done(q->console->store, f, step, codes.hashes, q->now, &error)) {
		sg_refuse_error(r, "Your account was not set up.", error);
		return;
	}
	if (!sg_enter(q, p, 0, "signed-in", codes.note, r))
		return;
	/* a program has no second page to see them on */
	shown = q->html ? NULL : sg_secret_open(q->console->keys, "codes", p->name, codes.note);
	m = json_pack("{s:s}", "done", "Your account is set up.");
	if (shown != NULL)
		json_object_set_new(m, "codes", json_string(shown));
	sg_secret_free(shown);
	sg_form_done(q, r, m, "/me/codes");
}

void
sg_p_first_code_post(const SgRequest *q, SgReply *r)
{
	g_autoptr(SgPerson) p = NULL;
	g_autoptr(SgFirstUse) f = NULL;
	char *secret = on_the_way(q, &p, &f, r) ? secret_of(q, f, r) : NULL;
	gint64 step;

	if (secret == NULL)
		return;
	step = sg_totp_check(secret, sg_field(q->body, "code"), q->now);
	if (step != 0)
		finish(q, p, f, step, r);
	else
		sg_form_again(r, code_model(p, secret), "code",
		    "This is not the code of now. Type the six digits that the telephone shows, and look whether its clock is right.");
	sg_secret_free(secret);
}
