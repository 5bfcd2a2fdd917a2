/*
 * relate - is a message perhaps going to the wrong people?
 *
 * What can be seen in the message and in people.csv is found here; what must be remembered
 * (who has written to whom) is asked of the store by the caller, and filled into facts and
 * hour.  Rows of the policy ask for the facts; none of them holds anything by itself.
 *
 * Whether recipients can see each other comes from To and Cc alone.  A Bcc is in the
 * envelope only: nothing here tells how many there are, or who.
 */
#ifndef SG_DECIDE_RELATE_H
#define SG_DECIDE_RELATE_H

#include "decide/policy.h"
#include "model/message.h"
#include "model/reading.h"
#include "model/relation.h"

/* Facts that need no memory are in it already. */
SgRelations *sg_relate(const SgPolicy *p, const SgMessage *m, gint64 now);
/* Does any row ask for what is remembered; for the recipients of the last hour? */
gboolean     sg_relate_wants_memory(const SgPolicy *p);
gboolean     sg_relate_wants_hour(const SgPolicy *p);
/* Can a row about look-alikes apply, given what was found? */
gboolean     sg_relate_wants_alike(const SgPolicy *p, const SgReading *reading);
/* One finding for each fact that holds, "recipients.first" ..., severity 1: it holds
 * nothing, and says to whoever looks why a row did.  Appended to findings. */
void	     sg_relate_tell(const SgRelations *r, GPtrArray *findings);

#endif
