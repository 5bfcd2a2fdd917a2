/*
 * hand - what outbox.c and batch.c share: the mails in hand.  Nobody else includes it.
 *
 * SgOutbox owns the hands, and the main loop's thread alone touches them, but for job
 * and since, which belong to the thread that works while busy > 0.  A SgWork borrows
 * its hands and is freed in the main loop when it has come back.
 */
#ifndef SG_COURIER_HAND_H
#define SG_COURIER_HAND_H

#include "courier/outbox.h"

/* One mail taken from the store. */
typedef struct SgHand {
	SgMailJob *job;
	gint64	   due;		/* not before (seconds) */
	gint64	   since;	/* an unseen end is older than this (seconds); release.h */
	gboolean   busy;	/* a piece of work is running for it */
	gboolean   alerted;	/* reviewers were told of its end */
	SgOutcome  end;		/* known: waits to be recorded */
} SgHand;

/* One piece of work: a release, or one letter that answers for several mails. */
typedef struct SgWork {
	SgOutbox  *outbox;
	SgSetup	  *setup;
	GPtrArray *hands;	/* SgHand, borrowed */
	char	  *address;	/* letters */
	char	  *template;
	GPtrArray *incidents;	/* SgIncident, of the hands in their order; empty for a mail about
				 * no message, NULL for a release */
	gint64	   last;	/* when this person was last written to, before this */
	SgOutcome  out;
} SgWork;

struct SgOutbox {
	SgOffice    *office;
	SgSetup	    *setup;
	char	    *owner;
	GThreadPool *pool;
	GHashTable  *hands;	/* id -> SgHand */
	GHashTable  *last;	/* "alert address" -> seconds: for the gaps */
	guint	     running, releases;
	gint64	     watched;	/* when sg_watch_tick() was last called */
	gboolean     closing, store_away;
	gboolean     split;	/* a mail to a role has become several that are not in hand yet */
	void	   (*done)(gpointer data);
	gpointer     data;
};

/* outbox.c */
void	 sg_outbox_start(SgOutbox *o, SgWork *w);	/* takes w; there must be a slot */
void	 sg_outbox_end(SgOutbox *o, SgHand *h, const SgOutcome *end); /* records it, now or later */
void	 sg_outbox_put_back(SgOutbox *o, SgHand *h, gint64 not_before);	/* h is gone afterwards */
/* A mail to a role becomes one a person (store/post.h); h is gone afterwards. */
void	 sg_outbox_split(SgOutbox *o, SgHand *h, const GPtrArray *addresses, gboolean first);
void	 sg_work_free(SgWork *w);

/* batch.c */
void	 sg_batch_start_due(SgOutbox *o, gint64 now);	/* letters that are due, as slots allow */
void	 sg_batch_send(SgWork *w);			/* in a thread of the pool */
void	 sg_batch_finished(SgOutbox *o, SgWork *w);

#endif
