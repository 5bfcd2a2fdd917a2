#include <string.h>

#include <microhttpd.h>
#include <sodium.h>

#include "base/log.h"
#include "console/accountmail.h"
#include "console/entrance.h"
#include "login/password.h"
#include "login/totp.h"

#define NEXT_MAX 200u
#define DAY	 ((gint64)86400)
#define OWN_MAX	 16u	/* words of a person's own that a password is compared with */

/* --- forms ------------------------------------------------------------------------- */

void
sg_form_again(SgReply *r, json_t *model, const char *id, const char *text)
{
	g_autofree char *wrong = g_strconcat("wrong_", id, NULL);

	sg_reply(r, model);
	sg_form_error(model, g_strdelimit(wrong, "-", '_'), id, text);
	r->status = MHD_HTTP_UNPROCESSABLE_CONTENT;
}

void
sg_form_done(const SgRequest *q, SgReply *r, json_t *body, const char *path)
{
	if (!q->html) {
		sg_reply(r, body);
		return;
	}
	json_decref(body);
	sg_reply_see(r, "%s", path);
}

const char *
sg_next_path(const SgRequest *q)
{
	const char *next = sg_field(q->body, "to");

	if (next == NULL)
		next = sg_field(q->query, "to");
	if (next == NULL || next[0] != '/' || next[1] == '/' || strlen(next) > NEXT_MAX)
		return "";
	for (const char *p = next; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr("/?=&-_.", *p) == NULL)
			return "";
	return next;
}

char *
sg_with_next(const SgRequest *q, const char *path)
{
	const char *next = sg_next_path(q);
	g_autofree char *escaped = g_uri_escape_string(next, NULL, FALSE);

	return *next != '\0' ? g_strdup_printf("%s?to=%s", path, escaped) : g_strdup(path);
}

/* --- guesses ------------------------------------------------------------------------ */

static gboolean
visitor_hash(const SgRequest *q, char out[SG_HASH_LEN + 1])
{
	return sg_token_hash(SG_TOKEN_VISITOR, q->visitor, out);
}

gboolean
sg_browser_known(const SgRequest *q, const char *name)
{
	char hash[SG_HASH_LEN + 1];
	gboolean known = FALSE;

	return visitor_hash(q, hash) && sg_store_browser_known(q->console->store, name, hash, &known, NULL) && known;
}

/* The counts that a guess at this name, from here, goes to. */
static guint
limits_of(const SgRequest *q, const char *kind, const char *name, char keys[2][SG_HASH_LEN + 1],
    SgGuessLimit limits[2])
{
	const SgKeys *k = q->console->keys;
	gboolean known = sg_browser_known(q, name);
	g_autofree char *what = g_strconcat("guess ", kind, known ? " known" : "", NULL);

	sg_keyed_hash(k, what, name, known ? q->visitor : "", keys[0]);
	sg_keyed_hash(k, "guess address", q->address, "", keys[1]);
	limits[0] = (SgGuessLimit){ keys[0], known ? 10 : 5, 5, 900 };
	limits[1] = (SgGuessLimit){ keys[1], 30, 1, 60 };
	return known ? 1 : 2;
}

static void
say_wait(json_t *model, gint64 wait, const char *field, SgReply *r)
{
	g_autofree char *text = wait > 90
	    ? g_strdup_printf("There were too many tries. Wait %d minutes, then try again.", (int)((wait + 59) / 60))
	    : g_strdup_printf("There were too many tries. Wait %d seconds, then try again.", (int)wait);

	sg_form_again(r, json_incref(model), field, text);
	r->status = MHD_HTTP_TOO_MANY_REQUESTS;
}

gboolean
sg_guess_allowed(const SgRequest *q, const char *kind, const char *name, const char *field, json_t *model,
    SgReply *r)
{
	g_autoptr(GError) error = NULL;
	char keys[2][SG_HASH_LEN + 1];
	SgGuessLimit limits[2];
	guint n = limits_of(q, kind, name, keys, limits);
	gint64 wait = 0;

	if (!sg_store_guess(q->console->store, limits, n, q->now, &wait, &error)) {
		sg_refuse_error(r, "Nobody can sign in at this moment.", error);
		return FALSE;
	}
	if (wait == 0)
		return TRUE;
	say_wait(model, wait, field, r);
	return FALSE;
}

/* --- coming in ---------------------------------------------------------------------- */

SgPerson *
sg_entrance_person(const SgRequest *q, const char *name, SgReply *r)
{
	g_autoptr(GError) error = NULL;
	SgPerson *p = sg_store_person(q->console->store, name, &error);

	if (p != NULL)
		return p;
	if (error != NULL)
		sg_refuse_error(r, "The account cannot be looked up.", error);
	else
		sg_refuse(r, MHD_HTTP_NOT_FOUND, "There is no such account.", NULL, NULL);
	return NULL;
}

gboolean
sg_enter(const SgRequest *q, const SgPerson *p, gint64 begun, const char *action, const char *note, SgReply *r)
{
	static const char *const kinds[] = { "password", "code" };
	g_autoptr(GError) error = NULL;
	char keys[4][SG_HASH_LEN + 1], cookie[SG_TOKEN_LEN + 1], browser[SG_HASH_LEN + 1];
	const char *forgive[5] = { NULL };
	SgSessionWish w = { .account = p->name, .address = q->address,
	    .old = q->session != NULL ? q->session->hash : "", .stage = SG_STAGE_FULL, .begun = begun,
	    .note = note, .action = action, .forgive = forgive };
	gboolean known = sg_browser_known(q, p->name);

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *all = g_strconcat("guess ", kinds[i], NULL), *own = g_strconcat(all, " known", NULL);

		sg_keyed_hash(q->console->keys, all, p->name, "", keys[2 * i]);
		sg_keyed_hash(q->console->keys, own, p->name, q->visitor != NULL ? q->visitor : "", keys[2 * i + 1]);
		forgive[2 * i] = keys[2 * i];
		forgive[2 * i + 1] = keys[2 * i + 1];
	}
	if (!sg_session_begin(q->console->store, &w, q->now, q->setup->options, cookie, &error) ||
	    (visitor_hash(q, browser) &&
		!sg_store_browser_add(q->console->store, p->name, browser, q->now, &error))) {
		sg_refuse_error(r, "Nobody can sign in at this moment.", error);
		return FALSE;
	}
	if (!known && p->signed_in > 0)
		sg_account_mail(q, p, "account-new-browser", q->address, "");
	g_free(r->cookie);
	r->cookie = sg_cookie_line(SG_COOKIE, cookie);
	return TRUE;
}

/* --- codes and passwords -------------------------------------------------------------- */

void
sg_recovery_hash(const SgRequest *q, const char *account, const char *code, char out[SG_HASH_LEN + 1])
{
	sg_keyed_hash(q->console->keys, "recovery", account, code, out);
}

void
sg_codes_make(const SgRequest *q, const char *account, SgCodes *out)
{
	char **codes = sg_recovery_new();
	char *text = g_strjoinv(" ", codes);

	out->hashes = g_new0(char *, SG_RECOVERY_CODES + 1);
	for (guint i = 0; i < SG_RECOVERY_CODES; i++) {
		out->hashes[i] = g_malloc0(SG_HASH_LEN + 1);
		sg_recovery_hash(q, account, codes[i], out->hashes[i]);
	}
	out->note = sg_secret_seal(q->console->keys, "codes", account, text);
	sg_secret_free(text);
	sg_codes_free(codes);
}

void
sg_codes_clear(SgCodes *c)
{
	g_strfreev(c->hashes);
	g_free(c->note);
}

gint64
sg_password_ends(const SgOptions *o, const SgPerson *p)
{
	return o->console.password_days > 0 && p->password_at > 0 ? p->password_at + o->console.password_days * DAY : 0;
}

gboolean
sg_password_due(const SgRequest *q)
{
	gint64 ends = q->session != NULL && q->person != NULL ? sg_password_ends(q->setup->options, q->person) : 0;

	return ends > 0 && q->session->begun >= ends;
}

const char *
sg_password_objection(const SgRequest *q, const SgPerson *p, const char *password)
{
	g_autofree char *all = g_strdup_printf("%s %s %s", p->name, p->shown, q->setup->options->school.name);
	g_autofree char *small = g_utf8_strdown(all, -1);
	g_auto(GStrv) words = g_strsplit_set(small, " .,-_'", -1);
	const char *own[OWN_MAX + 1] = { NULL };
	guint n = 0;

	for (char **w = words; *w != NULL && n < OWN_MAX; w++)
		if (strlen(*w) >= 3)
			own[n++] = *w;
	return sg_password_refused(password, own);
}

/* --- mails ---------------------------------------------------------------------------- */

void
sg_account_mail(const SgRequest *q, const SgPerson *p, const char *template, const char *what, const char *role)
{
	const SgAccountNews news = { p->name, p->mail[0], template, what, role,
		q->who != NULL ? q->who->name : p->name };
	g_autoptr(GError) error = NULL;

	if (!sg_account_post(q->console->store, &news, q->now, &error))
		sg_log(SG_LOG_ERROR, "no-account-mail", "template", template, "why", error->message, NULL);
}
