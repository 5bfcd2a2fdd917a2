/*
 * sheet - what the page of one message shows around its content: who, when, by whom, what next.
 *
 * Everything here is facts of the incident, the audit and the policy; no word of the message.
 * The keys are those that the templates message.html and sealed.html name.
 */
#ifndef SG_CONSOLE_SHEET_H
#define SG_CONSOLE_SHEET_H

#include "console/view.h"

/* Times, holder, outcome, the decision and what became of it, the guide of the school. */
void	sg_sheet_state(const SgRequest *q, const SgIncident *i, json_t *m);
/* [{"is_from"|"is_to"|"is_more","name","chip","sub"|"others"}]; a message's page, not a list. */
json_t *sg_sheet_people(const SgRequest *q, const SgIncident *i);
/* Adds "before": {"count","by_sender","list":[...]} when there was something; own mail of the
 * account is neither listed nor counted. */
void	sg_sheet_before(const SgRequest *q, const SgIncident *i, json_t *m);
/* "opened this page": what somebody did, after their name; NULL = no words for it. */
const char *sg_trail_words(const SgAuditEntry *e);
/* Adds "trail": who did what, in sentences, the newest first; "told", "opened", "sealed_by". */
void	sg_sheet_trail(const SgRequest *q, const SgIncident *i, json_t *m);
/* Adds "support": {"count","offer"}, when this person had serious messages this week. */
void	sg_sheet_support(const SgRequest *q, const SgIncident *i, json_t *m);
/* Adds "week": {"count","many"}, this person's own; for the head "weeks": [{"name","count"}] of
 * everybody; "may_cover" for a lead. */
void	sg_sheet_week(const SgRequest *q, json_t *m);
/* [{"n","account","name","role_label"}]: to whom this may be passed. */
json_t *sg_sheet_receivers(const SgRequest *q, const SgIncident *i);

/* "Ms Okafor", as the account says or people.csv; else the account's name.  Caller frees. */
char   *sg_sheet_name(const SgRequest *q, const char *account);
/* "today at 08:41" or "on Tuesday 4 March at 10:42"; caller frees. */
char   *sg_sheet_when(gint64 seconds, gint64 now);

#endif
