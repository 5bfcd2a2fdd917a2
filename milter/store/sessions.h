/*
 * sessions - who is signed in, with which browser, and how often somebody guessed wrong.
 *
 * A session is found by the hash of its cookie; the cookie itself is never kept.
 * Time limits are the caller's (login/session.h): a row says only what was.
 */
#ifndef SG_STORE_SESSIONS_H
#define SG_STORE_SESSIONS_H

#include "store/store.h"

typedef enum {
	SG_STAGE_CODE,		/* the password was right, the code is still to come */
	SG_STAGE_SETUP,		/* came by a first-use link */
	SG_STAGE_FULL,
	SG_STAGE_LOCKED,	/* was full; the password is needed again */
} SgStage;

typedef struct SgSessionRow {
	char   *hash, *id, *account, *address, *note;
	SgStage stage;
	gint64	begun, seen, hidden;	/* hidden: since when the page is blank, 0 = it is not */
} SgSessionRow;
void sg_session_row_free(SgSessionRow *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSessionRow, sg_session_row_free)

/* A new one in place of the one with hash old ("" = none), which ends; those of the account that
 * are over (begun before oldest) go too.  FULL: signed_in is noted, wrong guesses of who (its keys,
 * NULL-terminated) are forgiven, and the audit has it as action ("" = no entry). */
gboolean sg_store_session_begin(SgStore *s, const SgSessionRow *r, const char *old, gint64 oldest,
	     const char *const *who, const char *action, GError **error);
/* NULL without error when there is none, or its account is disabled. */
SgSessionRow *sg_store_session(SgStore *s, const char *hash, GError **error);
/* What is seen, stage and hidden are from now on. */
gboolean sg_store_session_mark(SgStore *s, const char *hash, SgStage stage, gint64 seen, gint64 hidden, GError **error);
gboolean sg_store_session_note(SgStore *s, const char *hash, const char *note, GError **error);
/* SgSessionRow of the account (NULL: of all), newest first. */
GPtrArray *sg_store_sessions(SgStore *s, const char *account, GError **error);
/* Ends the one with this id (NULL: all of the account, but the one with hash but, "" = none), and
 * writes it down.  SG_ERR_INPUT: there is none with this id. */
gboolean sg_store_session_end(SgStore *s, const char *account, const char *id, const char *but, const char *actor,
	     gint64 now, GError **error);

/* Has the account signed in with this browser before? */
gboolean sg_store_browser_known(SgStore *s, const char *account, const char *hash, gboolean *known,
	     GError **error);
gboolean sg_store_browser_add(SgStore *s, const char *account, const char *hash, gint64 now, GError **error);

/* How many guesses go by at once, and how long one must wait after that: twice as long each time. */
typedef struct SgGuessLimit {
	char  *who;	/* a hash */
	guint  free;
	gint64 first, most;	/* seconds */
} SgGuessLimit;
/* Counts one guess for each, before it is looked at; *wait: seconds until the next is allowed, and
 * then nothing was counted.  What nobody guessed at for a day starts anew. */
gboolean sg_store_guess(SgStore *s, const SgGuessLimit *limits, guint n, gint64 now, gint64 *wait, GError **error);
gboolean sg_store_guess_forgive(SgStore *s, const char *const *who, GError **error);

#endif
