/*
 * rostersample - the invented pupils with whom rules about the roster try their examples.
 *
 * A rule's hit and miss examples must not depend on whose roster is loaded, nor on there
 * being one.  So they run with these, whom schoolgate-rules(5) lists.
 */
#ifndef SG_ROSTER_ROSTERSAMPLE_H
#define SG_ROSTER_ROSTERSAMPLE_H

#include "roster/roster.h"

SgRoster *sg_roster_sample(GError **error);

#endif
