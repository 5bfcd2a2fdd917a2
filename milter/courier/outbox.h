/*
 * outbox - takes due mails from the store, has them done, records how they ended.
 *
 * One thread (the main loop's) owns everything here; up to SG_SLOTS threads do the work
 * and hand back an outcome.  Releases never take the last slot, so that a slow
 * delivery does not hold up an alert.  What is in hand is on disk as begun by us: after
 * a crash it comes back at once, because our name (host) stays the same.
 */
#ifndef SG_COURIER_OUTBOX_H
#define SG_COURIER_OUTBOX_H

#include "courier/office.h"

#define SG_SLOTS 4

typedef struct SgOutbox SgOutbox;

/* office stays the caller's and outlives it; takes a reference to setup. */
SgOutbox *sg_outbox_new(SgOffice *office, SgSetup *setup);
/* Only when nothing is running. */
void	  sg_outbox_free(SgOutbox *o);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgOutbox, sg_outbox_free)

/* From now on: work that begins later uses it. */
void	  sg_outbox_setup(SgOutbox *o, SgSetup *setup);
/* Looks for due mail and starts it; call it about once a second, from the main loop's thread. */
void	  sg_outbox_tick(SgOutbox *o);
/* Starts nothing any more; done(data) is called in the main loop when the last piece has ended. */
void	  sg_outbox_close(SgOutbox *o, void (*done)(gpointer data), gpointer data);

#endif
