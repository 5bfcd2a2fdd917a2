/*
 * session - who a browser is, from its cookie.
 *
 * The cookie __Host-sg is a token (token.h), new at every sign-in and every rise
 * in rights; the store has its hash.  A session ends console.session_hours after
 * it began.  It locks after console.idle_minutes without a request: then the
 * password is needed, and gives a new cookie.  GET /hide leaves five minutes.
 *
 * Before anybody has signed in, a browser is a visitor: __Host-sg-visitor is a
 * token too, kept for a year.  Forms before sign-in carry what belongs to it, and
 * it is how a browser that somebody has used before is known.
 */
#ifndef SG_LOGIN_SESSION_H
#define SG_LOGIN_SESSION_H

#include "login/token.h"
#include "store/sessions.h"

#define SG_COOKIE	  "__Host-sg"
#define SG_COOKIE_VISITOR "__Host-sg-visitor"
#define SG_HIDE_SECONDS	  300

typedef struct SgSession {
	char	*id;		/* what lists call it; not the cookie		   */
	char	*account;
	char	 csrf[SG_TOKEN_LEN + 1];
	gint64	 begun, seen;
	gboolean locked;	/* it gives no rights: treat as signed out	   */
	SgStage	 stage;		/* why: CODE, SETUP or LOCKED			   */
	char	 hash[SG_HASH_LEN + 1];
	char	*note;		/* sealed, "" = none */
} SgSession;
void sg_session_free(SgSession *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSession, sg_session_free)

/* NULL without error: no such session, or it has ended.  cookie is the value of __Host-sg; NULL is
 * fine.  Marks it seen, and takes a hidden one back within its five minutes. */
SgSession *sg_session_find(SgStore *s, const char *cookie, gint64 now, const SgOptions *o, GError **error);
/* The same for a request that no person made (a script that counts): nothing is marked. */
SgSession *sg_session_look(SgStore *s, const char *cookie, gint64 now, const SgOptions *o, GError **error);

/* Whose, from where and in place of which ("" = none) one begins. */
typedef struct SgSessionWish {
	const char *account, *address, *old;
	SgStage	    stage;
	gint64	    begun;	/* 0 = now; an unlocked one keeps its end */
	const char *note;	/* sealed; NULL = none */
	const char *action;	/* for the audit; "" = no entry */
	const char *const *forgive;	/* keys of guesses, or NULL */
} SgSessionWish;
/* cookie: the new value, for sg_cookie_line(). */
gboolean sg_session_begin(SgStore *s, const SgSessionWish *w, gint64 now, const SgOptions *o,
	     char cookie[SG_TOKEN_LEN + 1], GError **error);
gboolean sg_session_hide(SgStore *s, const SgSession *session, gint64 now, GError **error);
gboolean sg_session_lock(SgStore *s, const SgSession *session, gint64 now, GError **error);

/* "__Host-sg=...; Path=/; Secure; HttpOnly; SameSite=Lax": for Set-Cookie.  value "" takes it back. */
char *sg_cookie_line(const char *name, const char *value);
/* A signed-out visitor's token for forms; FALSE: no such cookie, make one with sg_token_new(). */
gboolean sg_visitor_csrf(const char *cookie, char out[SG_TOKEN_LEN + 1]);

#endif
