/*
 * told - what the rows of the policy do about a finding, in words, for lists.
 *
 * Only category, rule, severity and confidence are looked at: who writes to whom
 * and what else a row asks for is not known when rules are listed.
 */
#ifndef SG_DECIDE_TOLD_H
#define SG_DECIDE_TOLD_H

#include "decide/policy.h"

typedef struct SgToldAsk {
	const char *rule, *category;
	guint	    severity, confidence;
} SgToldAsk;

/* Can row i of the policy be about such a finding, by its name? */
gboolean sg_policy_row_takes(const SgPolicy *p, guint i, const SgToldAsk *ask);
/* "hold, tells lead deputy"; caller frees. */
char	*sg_policy_row_told(const SgPolicy *p, guint i);

#endif
