/*
 * private - what the files of this room share; nobody else includes it.
 *
 *   file.c look.c decide.c outbox.c ticket.c trace.c memory.c retention.c audit.c accounts.c
 *   proposal.c sessions.c
 *       the API of store.h, memory.h, accounts.h and sessions.h, one subject each, over transactions (db.h)
 *   store.c   opening, closing, the list of engines
 */
#ifndef SG_STORE_PRIVATE_H
#define SG_STORE_PRIVATE_H

#include "store/audit.h"
#include "store/row.h"

#define SG_STORE_MOST	1000	/* rows of a list when nobody says how many */
#define SG_STORE_DAY	((gint64)86400)

typedef struct SgTracer SgTracer;

struct SgStore {
	SgDb		    *db;
	const SgStoreEngine *engine;
	const SgKeys	    *keys;
	char		    *place;	/* for the tracer's own connection */
	guint64		     quota;	/* bytes */
	gint64		     trace_days, keep_days, contact_days, sign_days;
	guint		     schema;
	GMutex		     lock;	/* of tracer's making */
	SgTracer	    *tracer;	/* NULL before the first trace */
};

/* What addresses are compared by: valid UTF-8, case folded.  Caller frees. */
char	   *sg_address_key(const char *address);
/* Valid UTF-8 of at most most bytes, cut at a character.  Caller frees. */
char	   *sg_text_cut(const char *s, gsize most);

/* The incident, with copies and, when asked for, hits; NULL when there is none or tx failed. */
SgIncident *sg_incident_load(SgTx *tx, const char *ref, gboolean hits);
#define SG_SAME_OWN  (7 * SG_STORE_DAY)	/* how long a retry is recognised by its Message-ID, */
#define SG_SAME_ELSE ((gint64)3600)	/* and without one */
/* Its ref, or NULL; as sg_store_find_same(). */
char	   *sg_incident_same(SgTx *tx, const char *dedupe, const GPtrArray *recipients, gboolean own_id, gint64 now);

/* A row of the outbox in the caller's transaction; copy: nr of the copy to release, or -1;
 * decided: undo takes it back. */
gboolean    sg_outbox_add(SgTx *tx, gint64 incident, gint64 copy, const SgMailJob *j, gint64 now,
	    gboolean decided);
/* decide.c: one release job for each copy that is in this state. */
void	    sg_releases_add(SgTx *tx, gint64 id, SgCopyState from, const char *key, const SgMailJob *like,
		gint64 now, gboolean decided);

/* Seals and keeps bytes under ref, and adds what they take to *stored. */
gboolean    sg_content_put(SgStore *s, const char *ref, const char *object, GBytes *plain,
	    guint64 *stored, GError **error);
/* care.c: a person's words under ref.  put: *object is "" when nothing is said; otherwise it is
 * on disk when this returns TRUE. */
gboolean    sg_words_put(SgStore *s, const char *ref, const char *kind, guint version, const char *said,
	    char **object, guint64 *stored, GError **error);
char	   *sg_words_get(SgStore *s, const char *ref, const char *object, GError **error);
void	    sg_words_drop(SgStore *s, const char *ref, const char *object);
/* Adds to the content of all, and fails the transaction when that is over quota. */
gboolean    sg_content_count(SgTx *tx, const SgStore *s, gint64 bytes);

/* memory.c: met (SgMeeting) at that time; nothing without mail.key. */
void	    sg_meetings_add(SgTx *tx, const SgKeys *keys, GPtrArray *met, gint64 when);

/* Ends the thread after a last try to write what it holds. */
void	    sg_tracer_free(SgTracer *t);
guint64	    sg_tracer_dropped(SgTracer *t);	/* not yet counted on disk */

#endif
