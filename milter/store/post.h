/*
 * post - mails that are about no message, who is asked next, and whose address is known to work.
 *
 * Mails for the outbox as in store.h, with kind
 *	"alert"		reviewers of one message (ref)		"digest"	what waits, twice a day
 *	"account"	to whose account something happened, and to it
 *	"contact"	please confirm that our mail reaches you
 * Failures as in store.h.
 */
#ifndef SG_STORE_POST_H
#define SG_STORE_POST_H

#include "store/store.h"

/* Mails (SgMailJob; kind, template, role or address, about, not_before count) about no message.
 * once: they go only when the meter of this name is lower than mark, and it becomes mark with
 * them ("digest" and a time: never twice for one time); NULL: always. */
gboolean sg_store_post(SgStore *s, const char *once, gint64 mark, GPtrArray *mails, gint64 now, GError **error);
/* A meter's value; 0 when there is none. */
gboolean sg_store_mark(SgStore *s, const char *once, gint64 *mark, GError **error);
/* A mail to a role becomes one for each of these people (char *); no people: it is gone.  first:
 * but for those who have had, or are about to get, an alert about this message. */
gboolean sg_store_outbox_split(SgStore *s, gint64 id, const GPtrArray *addresses, gboolean first, gint64 now,
	    GError **error);

/* What became of messages between two times, of those that none of these addresses is party to. */
typedef struct SgTallies {
	guint held, released, kept;	/* kept: returned or not delivered */
} SgTallies;
gboolean sg_store_tallies(SgStore *s, gint64 since, gint64 until, const char *const *not_party, SgTallies *out,
	    GError **error);

/* --- the ladder: who is asked when nobody has looked -------------------------------------- */

typedef struct SgCall {
	char	*ref, *urgency;
	gint64	 created;
	guint	 step;		/* steps done				      */
	gint64	 due;		/* when this one was; 0 = it is new	      */
	/* filled in by the caller before sg_store_ladder_climb() */
	GPtrArray *mails;	/* SgMailJob of this step		      */
	gint64	   next;	/* when the next step is; 0 = there is none */
} SgCall;
void sg_call_free(SgCall *r);

/* Messages that are urgent or high and wait for a look (held, or a child asks for help), whose
 * next step is due and at which no person has looked since they were filed, oldest first. */
GPtrArray *sg_store_ladder_due(SgStore *s, gint64 now, guint most, GError **error);
/* The mails of all these steps, and that they are done, in one transaction.  A rung that is no
 * longer as it was read is left out: whoever else climbed it has sent its mails. */
gboolean   sg_store_ladder_climb(SgStore *s, const GPtrArray *rungs, gint64 now, GError **error);

/* --- contacts -------------------------------------------------------------------------------- */

typedef struct SgContactState {
	gint64 asked, confirmed;	/* 0 = never */
} SgContactState;
/* TRUE and zeros for an address that was never asked. */
gboolean sg_store_contact(SgStore *s, const char *address, SgContactState *out, GError **error);
/* How many of these addresses (char *) have confirmed. */
gboolean sg_store_contacts_count(SgStore *s, const GPtrArray *addresses, guint *confirmed, GError **error);
/* Remembers a new code for this address (the one before is no longer good) and when it was sent. */
gboolean sg_store_contact_ask(SgStore *s, const char *address, const char *code, gint64 now, GError **error);
/* The address whose code this is (any case, dashes and blanks forgiven) is confirmed; caller
 * frees.  NULL with SG_ERR_INPUT: no such code, or it is older than SG_CONTACT_DAYS.  The code of
 * an address that is confirmed already is still known. */
#define SG_CONTACT_DAYS 14
#define SG_CODE_LEN	16
char	*sg_store_contact_confirm(SgStore *s, const char *code, const char *actor, gint64 now, GError **error);
/* Not confirmed (any more): the address is asked again. */
gboolean sg_store_contact_forget(SgStore *s, const char *address, const char *actor, gint64 now, GError **error);
/* A code: SG_CODE_LEN characters of base/ref.h, 80 bits. */
void	 sg_contact_code(char out[SG_CODE_LEN + 1]);

#endif
