/*
 * notice - the mail to a sender that goes with a decision, for the reviewer to see and change.
 *
 * The courier writes the mail from its template (courier/texts.h); here the same files are
 * read to show it beforehand.  The line {note} of a template is the reviewer's; what stands
 * there when nobody changes it is the word "note.<template>" of words.txt.
 */
#ifndef SG_CONSOLE_NOTICE_H
#define SG_CONSOLE_NOTICE_H

#include "console/decisions.h"

#define SG_NOTICE_MAX 2000	/* characters of the reviewer's part */

/* {"subject","above":[lines],"text","below":[lines],"released"}; NULL: this decision tells the
 * sender nothing, or the school's template has no line that can be changed. */
json_t *sg_notice_view(const SgRequest *q, const SgIncident *i, const SgDecisionKind *kind);

#endif
