/*
 * scoreboard - what each worker says it is doing, in memory it shares with the zygote.
 *
 * One page a slot.  A worker keeps only its own page and can therefore say
 * nothing about another; the zygote reads, believes no more than it must (it
 * keeps the process ids to itself) and uses it for two things: to kill what is
 * late, and to know which extractor was at work when a worker died.
 */
#ifndef SG_POOL_SCOREBOARD_H
#define SG_POOL_SCOREBOARD_H

#include <glib.h>

#include "pool/blame.h"

typedef enum {
	SG_SLOT_STARTING,	/* locking itself in             */
	SG_SLOT_IDLE,		/* waiting for a client          */
	SG_SLOT_RECEIVING,	/* a client is there, its request not yet */
	SG_SLOT_SCANNING,	/* hostile bytes are being read  */
	SG_SLOT_ANSWERING,	/* the client is being told      */
} SgSlotState;

typedef struct SgSlot {
	gint	state;		/* SgSlotState, atomic                        */
	gint	leave;		/* set by the zygote: go after this message   */
	guint	messages;	/* how many it has begun                      */
	guint	deadline_ms;	/* of this state                              */
	gint64	since;		/* monotonic microseconds: begin of the state */
	guint8	hash[SG_BLAME_HASH];	/* of the message in hand             */
	char	part[SG_BLAME_NAME];
	char	extractor[SG_BLAME_NAME];
	char	why[160];	/* why it could not start, or leaves          */
} SgSlot;

typedef struct SgScoreboard SgScoreboard;

SgScoreboard *sg_scoreboard_new(guint slots, GError **error);
void	      sg_scoreboard_free(SgScoreboard *b);
SgSlot	     *sg_scoreboard_slot(const SgScoreboard *b, guint i);
/* In the worker: the pages of the others are no longer there. */
void	      sg_scoreboard_keep_only(SgScoreboard *b, guint i);
const char   *sg_slot_state_name(gint state);	/* "?" when the worker lies */

/* In the worker: a new state with its time limit (0: none). */
void	      sg_slot_enter(SgSlot *s, SgSlotState state, guint deadline_ms);

#endif
