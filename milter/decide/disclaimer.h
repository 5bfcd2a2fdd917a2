/*
 * disclaimer - which of the school's texts a message carries, ready to be spliced in.
 *
 * The rows of "disclaimers" in policy.conf say from whom, to whom and since when; their
 * texts are files (decide/markup.h).  Values come from the configuration, the row
 * and people.csv alone, never from the mail.
 *
 * A message that has a row's text already, or one of the older texts that its "past"
 * names, does not get it again (rewrite/disclaim.h).
 */
#ifndef SG_DECIDE_DISCLAIMER_H
#define SG_DECIDE_DISCLAIMER_H

#include "base/wire.h"
#include "decide/policy.h"
#include "model/message.h"

typedef struct SgDisclaimers {
	GPtrArray *texts;	/* SgWireDISCLAIM, in the order of the policy */
	GPtrArray *shadow;	/* char *: ids that would have been added     */
	GPtrArray *apart;	/* char *: recipients whose copy stays untouched ("split") */
} SgDisclaimers;

/* recipients: those of m who get their mail now (char *).  NULL when no row applies. */
SgDisclaimers *sg_disclaimers_for(const SgPolicy *p, const SgMessage *m, const GPtrArray *recipients, gint64 now);
void	 sg_disclaimers_free(SgDisclaimers *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgDisclaimers, sg_disclaimers_free)

/* How many rows add to mail (those in shadow do not). */
guint	 sg_policy_disclaimers(const SgPolicy *p);

#endif
