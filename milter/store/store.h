/*
 * store - facts, audit, outbox and held messages; the same API for every engine.
 *
 * A SgStore may be used by all threads of a process, and one store by several
 * processes at the same time.  Whatever a function does is in one transaction and is on
 * disk when it returns TRUE.  Failures: SG_ERR_LATER full, locked or away;
 * SG_ERR_PEER contents that cannot be right; SG_ERR_SETUP wrong place or rights;
 * SG_ERR_LIMIT over quota; SG_ERR_INPUT no such thing, or refused (changed
 * meanwhile, wrong state): the message says which, and nothing was changed.
 *
 * To add an engine: s_<name>.c with one SgStoreEngine (store/engine.h), one line
 * in store.c; t/40-store.t runs the same suite against each.
 */
#ifndef SG_STORE_STORE_H
#define SG_STORE_STORE_H

#include "base/keys.h"
#include "base/options.h"
#include "model/incident.h"
#include "model/reading.h"

typedef struct SgStore SgStore;

/* keys stays the caller's and must outlive the store; every program that writes needs
 * audit.key.  Makes the schema when it is missing and migrates an older one; a newer one
 * is refused (SG_ERR_SETUP).  Fault points (base/fault.h): store.content.write,
 * store.content.sync, store.content.rename, store.begin, store.step, store.commit, and in
 * sg_store_file: store.before-commit, store.after-commit.  Open it after fork(). */
SgStore *sg_store_open(const SgOptions *o, const SgKeys *keys, GError **error);
void	 sg_store_close(SgStore *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgStore, sg_store_close)

/* --- filing (front) ---------------------------------------------------- */

typedef struct SgMailJob {	/* a row of the outbox */
	gint64 id;
	char  *kind;		/* "alert", "notice", "release"; about no message: store/post.h */
	char  *ref;		/* incident; "" = none */
	char  *template;	/* release: part ids to leave out, "" = whole */
	char  *role;
	char  *address;		/* notice: to whom; release: the one recipient */
	guint  attempts;
	gint64 not_before, made;
	char  *nonce;		/* release: ticket of the last attempt, "" before */
	char  *about;		/* facts of ours for the text, "name=value" lines, or NULL */
} SgMailJob;
void sg_mail_job_free(SgMailJob *j);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgMailJob, sg_mail_job_free)

/*
 * Files one incident with its content (message, reading: either may be NULL),
 * mails for the outbox (SgMailJob; only kind, template, role, address,
 * not_before count) and an audit entry, all or nothing: content files are
 * written, synced and renamed before the transaction.  When the same message
 * (origin.dedupe) is on file already for all these recipients (a retry may be for
 * some of them only) nothing is written, and *known is its incident as it now
 * stands (caller frees); otherwise *known is NULL.
 */
gboolean sg_store_file(SgStore *s, const SgIncident *i, GBytes *message, const SgReading *reading,
	    GPtrArray *mails, SgIncident **known, GError **error);
/* Would a message of so many bytes be filed now?  Tries it, and leaves nothing behind. */
gboolean sg_store_probe(SgStore *s, gsize bytes, GError **error);
/* The newest incident filed for this very message and all these recipients (char *), and
 * maybe others; NULL (no error) when there is none. */
SgIncident *sg_store_find_same(SgStore *s, const char *dedupe, const GPtrArray *recipients, gboolean own_id,
	    gint64 now, GError **error);

/* Counts a failed scan of this content; *times includes this one.  Old counts fade after a week. */
gboolean sg_store_poison(SgStore *s, const char *content_hash, gint64 now, guint *times, GError **error);

typedef struct SgTrace {	/* one message, however it ended */
	gint64 when;
	char  *queue_id, *message_id, *sender, *recipients;	/* comma-separated */
	char  *route, *verdict, *ref;	/* ref "" when nothing was filed */
	char  *disclaimer;	/* "added", why not, "" when none was due */
	guint  micros;
	guint64 size;
	GPtrArray *met;		/* SgMeeting (store/memory.h): copies that went on; NULL none */
} SgTrace;
void sg_trace_free(SgTrace *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTrace, sg_trace_free)
/* Takes a copy and returns at once; a thread writes batches.  When the store is away the
 * batch is kept up to 100,000 rows; beyond that rows are dropped and counted. */
void	 sg_store_trace(SgStore *s, const SgTrace *t);
/* Waits until all traces given so far are on disk, or have failed. */
gboolean sg_store_trace_flush(SgStore *s, GError **error);

/* Release and notice tickets are good once.  use: FALSE with SG_ERR_INPUT when it was
 * answered before, or withdrawn; a ticket used but never answered (the process died before
 * its reply) may be used again.  answered: just before the reply goes out; SG_ERR_INPUT:
 * it must not go out, the ticket was withdrawn or answered meanwhile, or the message (ref;
 * "" for a notice) was sealed. */
gboolean sg_store_ticket_use(SgStore *s, const char *nonce, gint64 now, GError **error);
gboolean sg_store_ticket_answered(SgStore *s, const char *nonce, const char *ref, gint64 now, GError **error);
typedef enum { SG_TICKET_UNUSED, SG_TICKET_USED, SG_TICKET_ANSWERED } SgTicketState;
gboolean sg_store_ticket_state(SgStore *s, const char *nonce, SgTicketState *state, GError **error);
/* Whoever carries it comes too late from now on; unless *was is ANSWERED: then it stays so. */
gboolean sg_store_ticket_withdraw(SgStore *s, const char *nonce, gint64 now, SgTicketState *was, GError **error);

/* --- looking (console, courier) ----------------------------------------- */

typedef struct SgFilter {	/* zero fields do not restrict */
	gboolean    waiting;	/* at least one copy waits     */
	const char *urgency, *category, *route;
	const char *const *categories;	/* one of these; NULL-terminated */
	const char *taken_by;	/* has it now		       */
	const char *person;	/* part of the sender's or a recipient's address */
	gboolean    late;	/* waits, and look_by is over */
	gint64	    since, now;
	/* accounts see nothing of mail they are party to: addresses, NULL-terminated */
	const char *const *not_party;
	const char *const *party;	/* one of these wrote it or was to get it */
	guint	    limit;	/* 0 = 1,000 */
	guint	    offset;
} SgFilter;
/* SgIncident without hits, most urgent first, then by look_by. */
GPtrArray  *sg_store_list(SgStore *s, const SgFilter *f, GError **error);
/* How many there are, whatever limit and offset say. */
gboolean    sg_store_count(SgStore *s, const SgFilter *f, guint *n, GError **error);
SgIncident *sg_store_get(SgStore *s, const char *ref, GError **error);
/* Content; needs the vault's secret key.  SG_ERR_INPUT when there is none (any more). */
GBytes	   *sg_store_message(SgStore *s, const char *ref, GError **error);
SgReading  *sg_store_reading(SgStore *s, const char *ref, GError **error);
/* What was given as the reason of the last decision; "" = none.  Needs the secret key too. */
char	   *sg_store_reason(SgStore *s, const char *ref, GError **error);

typedef struct SgTraceFilter {	/* NULL fields do not restrict; addresses match whole */
	const char *from, *to, *message_id, *queue_id;
	gint64	    since;
	guint	    limit;
	const char *const *not_party;
} SgTraceFilter;
/* What became of the school's texts on mail that left since then: word -> GUINT_TO_POINTER
 * count; "added", a reason, "" = no text was due.  Strings belong to the table. */
GHashTable *sg_store_coverage(SgStore *s, gint64 since, GError **error);
GPtrArray  *sg_store_traces(SgStore *s, const SgTraceFilter *f, GError **error);	/* newest first */

typedef struct SgStoreStatus {
	guint	waiting, late, urgent, unclear;
	guint	outbox, outbox_failed;	/* jobs; of these put off at least once */
	gint64	outbox_oldest;	/* made time of the oldest job due; 0 = none */
	gint64	outbox_put_off;	/* and of the oldest that was put off at least once */
	gint64	last_mail;	/* time of the newest trace */
	guint64 today;		/* traces of the last 24 h  */
	guint64 content_bytes;	/* vault                    */
	guint64 traces_dropped;
	gint64	audit_seq;
	guint	schema;
} SgStoreStatus;
gboolean    sg_store_status(SgStore *s, gint64 now, SgStoreStatus *out, GError **error);

/* --- deciding (console) -------------------------------------------------- */

typedef struct SgDecision {
	const char *ref, *code;	/* release release_stripped release_advised return withhold reassign */
	const char *actor;	/* account */
	const char *reason;	/* "" only for reassign */
	const char *strip;	/* part ids for release_stripped, else NULL */
	const char *to;		/* account for reassign, else NULL */
	const char *template;	/* notice to the sender, NULL = none */
	const char *note;	/* the reviewer's part of it, NULL = as it is in the notices */
	guint	    version;	/* the incident's, as the person saw it */
	gint64	    now, not_before;	/* releases: when the undo time ends */
	gboolean    mistake;	/* "this should not have been held" */
	gboolean    record;	/* "also start an incident record" */
} SgDecision;
/* All copies that wait.  SG_ERR_INPUT: version changed, sealed, already decided. */
gboolean sg_store_decide(SgStore *s, const SgDecision *d, GError **error);
/* A release, before the courier has begun; SG_ERR_INPUT afterwards.  All copies wait again. */
gboolean sg_store_undo(SgStore *s, const char *ref, const char *actor, gint64 now, GError **error);
/* Nobody reads or releases it from now on; releases that are not being sent at this moment
 * are taken back, and one that is does not pass the milter any more. */
gboolean sg_store_seal(SgStore *s, const char *ref, const char *actor, gint64 now, GError **error);
/* SG_ERR_INPUT while somebody else has it (reassign takes it over).  Goes up in version when
 * the holder changes, so take first, show then. */
gboolean sg_store_take(SgStore *s, const char *ref, const char *actor, gint64 now, gint64 until, GError **error);
/* An unclear copy, after a person has looked: sent again, or known to have arrived. */
gboolean sg_store_settle(SgStore *s, const char *ref, const char *address, gboolean again,
	    const char *actor, gint64 now, GError **error);

/* --- sending (courier) ---------------------------------------------------- */

/* Jobs due at now, urgent alerts and then the oldest first, marked as begun by owner; those that an owner began
 * and never ended (it died) come back after lease seconds, or at once to the same owner. */
GPtrArray *sg_store_outbox_claim(SgStore *s, const char *owner, gint64 now, gint64 lease, guint max, GError **error);
/* release: before DATA, which ticket goes out; the copy becomes SENDING.  SG_ERR_INPUT: undone
 * or sealed meanwhile, it must not go out. */
gboolean sg_store_outbox_sending(SgStore *s, gint64 id, const char *nonce, GError **error);
typedef enum { SG_SENT, SG_SENT_LATER, SG_SENT_REFUSED, SG_SENT_UNCLEAR } SgSent;
/* How it ended: the job goes (SENT, REFUSED, UNCLEAR) or waits until not_before (LATER);
 * the copy's state, the server's answer (UTF-8, cut to 200) and the audit follow. */
gboolean sg_store_outbox_done(SgStore *s, gint64 id, SgSent how, const char *answer, gint64 now,
	    gint64 not_before, GError **error);
/* Gives a job back as it was, not to be claimed before not_before; no attempt is counted. */
gboolean sg_store_outbox_defer(SgStore *s, gint64 id, gint64 not_before, GError **error);
/* One more mail about an incident; the fields of j that sg_store_file reads count. */
gboolean sg_store_outbox_add(SgStore *s, const char *ref, const SgMailJob *j, gint64 now, GError **error);
/* Time of the last mail of this kind that was SENT to this address (a job without one: to
 * this role), 0 = never or a month ago: for rate limits. */
gboolean sg_store_outbox_last(SgStore *s, const char *kind, const char *address, gint64 *when, GError **error);

/* --- audit ------------------------------------------------------------------ */

typedef struct SgAuditEntry {
	gint64 seq, when;
	char  *actor;		/* account or program */
	char  *action;		/* "held", "looked", "decided" ... */
	char  *ref;		/* incident or "" */
	char  *detail;		/* codes only, never content or people */
	char   hash[65];
} SgAuditEntry;
void sg_audit_entry_free(SgAuditEntry *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgAuditEntry, sg_audit_entry_free)

gboolean   sg_store_audit(SgStore *s, const char *actor, const char *action, const char *ref,
	    const char *detail, gint64 now, GError **error);
GPtrArray *sg_store_audit_list(SgStore *s, const char *ref, gint64 since, guint limit, GError **error);
/* Walks the whole chain.  TRUE and *entries when it is unbroken; SG_ERR_PEER names the
 * first entry that was changed, removed or added from outside. */
gboolean   sg_store_audit_verify(SgStore *s, gint64 *entries, GError **error);

/* --- retention (courier) ------------------------------------------------------ */

typedef struct SgExpired {
	guint incidents, contents, traces, orphans;
} SgExpired;
/* Removes decided incidents after keep_days, traces after trace_days, content files no
 * incident owns.  Never what waits, is unclear or sealed.  dry_run only counts.  At most once
 * in 20 hours it rebuilds the database, so that no byte of them is left: run it at night. */
gboolean sg_store_expire(SgStore *s, gint64 now, gboolean dry_run, SgExpired *out, GError **error);

#endif
