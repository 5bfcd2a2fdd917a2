#include <string.h>

#include "login/session.h"

#define MINUTE ((gint64)60)
#define HOUR   ((gint64)3600)
#define SHORT  (15 * MINUTE)	/* between password and code */
#define SETUP  HOUR		/* for a password, a code and a look at the recovery codes */
#define YEAR   "31536000"

void
sg_session_free(SgSession *s)
{
	if (s == NULL)
		return;
	g_free(s->id);
	g_free(s->account);
	g_free(s->note);
	g_free(s);
}

static gboolean
is_over(const SgSessionRow *r, gint64 now, const SgOptions *o)
{
	gint64 most = o->console.session_hours * HOUR;

	if (r->stage == SG_STAGE_CODE)
		most = SHORT;
	else if (r->stage == SG_STAGE_SETUP)
		most = SETUP;
	return now >= r->begun + most;
}

static gboolean
is_idle(const SgSessionRow *r, gint64 now, const SgOptions *o)
{
	if (r->hidden > 0 && now >= r->hidden + SG_HIDE_SECONDS)
		return TRUE;
	return now >= r->seen + o->console.idle_minutes * MINUTE;
}

static SgSession *
find(SgStore *s, const char *cookie, gint64 now, const SgOptions *o, gboolean mark, GError **error)
{
	char hash[SG_HASH_LEN + 1];
	g_autoptr(SgSessionRow) r = NULL;
	g_autoptr(SgSession) out = NULL;
	SgStage stage;

	if (!sg_token_hash(SG_TOKEN_SESSION, cookie, hash))
		return NULL;
	r = sg_store_session(s, hash, error);
	if (r == NULL || is_over(r, now, o))
		return NULL;
	stage = r->stage == SG_STAGE_FULL && is_idle(r, now, o) ? SG_STAGE_LOCKED : r->stage;
	/* a write at each page would be much for one bit of news: by the minute is enough */
	if ((stage != r->stage || (mark && (now >= r->seen + MINUTE || r->hidden > 0))) &&
	    !sg_store_session_mark(s, hash, stage, stage == r->stage ? now : r->seen,
		stage == r->stage ? 0 : r->hidden, error))
		return NULL;
	out = g_new0(SgSession, 1);
	out->id = g_strdup(r->id);
	out->account = g_strdup(r->account);
	out->note = g_strdup(r->note);
	out->begun = r->begun;
	out->seen = r->seen;
	out->stage = stage;
	out->locked = stage != SG_STAGE_FULL;
	g_strlcpy(out->hash, hash, sizeof out->hash);
	(void)sg_token_csrf(SG_TOKEN_SESSION, cookie, out->csrf);
	return g_steal_pointer(&out);
}

SgSession *
sg_session_find(SgStore *s, const char *cookie, gint64 now, const SgOptions *o, GError **error)
{
	return find(s, cookie, now, o, TRUE, error);
}

SgSession *
sg_session_look(SgStore *s, const char *cookie, gint64 now, const SgOptions *o, GError **error)
{
	return find(s, cookie, now, o, FALSE, error);
}

gboolean
sg_session_begin(SgStore *s, const SgSessionWish *w, gint64 now, const SgOptions *o,
    char cookie[SG_TOKEN_LEN + 1], GError **error)
{
	char token[SG_TOKEN_LEN + 1], hash[SG_HASH_LEN + 1];
	g_autofree char *id = NULL;
	SgSessionRow r = { .account = (char *)(gsize)w->account,
	    .address = (char *)(gsize)(w->address != NULL ? w->address : ""),
	    .note = (char *)(gsize)(w->note != NULL ? w->note : ""),
	    .stage = w->stage,
	    .begun = w->begun > 0 ? w->begun : now,
	    .seen = now };

	sg_token_new(token);
	(void)sg_token_hash(SG_TOKEN_SESSION, token, hash);
	r.hash = hash;
	/* a piece of the hash: nothing can be done with it but to end the session */
	r.id = id = g_strndup(hash, 16);
	if (!sg_store_session_begin(
		s, &r, w->old, now - o->console.session_hours * HOUR, w->forgive, w->action, error))
		return FALSE;
	memcpy(cookie, token, sizeof token);
	return TRUE;
}

gboolean
sg_session_hide(SgStore *s, const SgSession *session, gint64 now, GError **error)
{
	if (session->stage != SG_STAGE_FULL)
		return TRUE;
	return sg_store_session_mark(s, session->hash, session->stage, session->seen, now, error);
}

gboolean
sg_session_lock(SgStore *s, const SgSession *session, gint64 now, GError **error)
{
	if (session->stage != SG_STAGE_FULL)
		return TRUE;
	return sg_store_session_mark(s, session->hash, SG_STAGE_LOCKED, now, 0, error);
}

char *
sg_cookie_line(const char *name, const char *value)
{
	const char *age = *value == '\0' ? "; Max-Age=0"
			: strcmp(name, SG_COOKIE_VISITOR) == 0 ? "; Max-Age=" YEAR : "";

	return g_strdup_printf("%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax%s", name, value, age);
}

gboolean
sg_visitor_csrf(const char *cookie, char out[SG_TOKEN_LEN + 1])
{
	return sg_token_csrf(SG_TOKEN_VISITOR, cookie, out);
}
