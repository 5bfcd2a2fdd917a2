/*
 * decisions - the codes of console.md 6.3: one row each, used by page, API and words.
 */
#ifndef SG_CONSOLE_DECISIONS_H
#define SG_CONSOLE_DECISIONS_H

#include "console/page.h"

#define SG_REASON_MAX 2000	/* characters somebody may write about a decision */

typedef struct SgDecisionKind {
	const char *code, *label, *hint;
	const char *past;	/* "released it": for "Mr Patel ... at 10:42"	  */
	const char *notice;	/* template of the mail to the sender, NULL = none */
	const char *done;	/* code of the banner after it (html.h)		  */
	gboolean    releases;	/* waits for the undo time			  */
	gboolean    inside;	/* only for senders inside the school		  */
} SgDecisionKind;

const SgDecisionKind *sg_decision_kind(const char *code);	/* NULL when unknown */
/* What can be chosen for this incident: [{"value","label","hint","on"}]. */
json_t		     *sg_decision_choices(const SgRequest *q, const SgIncident *i);
/* "patel returned it to the sender at 10:42"; "it was changed meanwhile" when nobody decided. */
char		     *sg_decision_words(const SgIncident *i, gint64 now);
/* Tells the account by mail that this message was passed to it. */
void		      sg_decision_tell(const SgRequest *q, const char *ref, const SgAccount *to);
gboolean	      sg_sender_inside(const SgRequest *q, const SgIncident *i);

#endif
