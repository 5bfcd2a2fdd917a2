/*
 * m_roster - rules about pupils of the roster, once a text has been searched for them.
 *
 * Their words ("near") are found like those of other rules; who is named is found once for
 * all of them (pupils.h).  Here both come together.
 */
#ifndef SG_RULE_M_ROSTER_H
#define SG_RULE_M_ROSTER_H

#include "roster/pupils.h"
#include "rule/rule.h"

typedef struct SgRosterSeen {	/* in one text */
	const GArray  *pupils;	/* SgPupilAt, in order of place	  */
	const SgHitAt *words;	/* of this rule, in order of place */
	guint	       n_words;
	gsize	       head;	/* of a table: where its first line ends */
	gboolean       over;	/* there were more pupils	  */
} SgRosterSeen;

void sg_roster_settle(const SgRule *rule, guint index, const SgRosterSeen *seen, SgTally *tally);

#endif
