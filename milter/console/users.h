/*
 * users - who may change accounts, and what needs a second person.
 *
 * The technician looks after accounts, the head teacher after roles too.  Whatever
 * gives somebody the contents of mail (a role that reads, a reset or other mail
 * addresses of an account that does, its coming back) is only proposed by the one;
 * the lead or the head, another person, approves it; and nobody for themselves.  Until
 * a lead or head has set an account up, root on this machine does without: the first ones
 * have to come from somewhere.  The audit says "set-up" then, and it never comes back: the
 * last account that can approve or read is neither disabled nor given another role.
 */
#ifndef SG_CONSOLE_USERS_H
#define SG_CONSOLE_USERS_H

#include "console/entrance.h"

#define SG_USERS_MANAGE	 SG_ROLE_IT
#define SG_USERS_ROLE	 (SG_ROLE_IT | SG_ROLE_HEAD)
#define SG_USERS_APPROVE (SG_ROLE_LEAD | SG_ROLE_HEAD)

gboolean sg_users_set_up(const SgRequest *q);
/* [{value, text, on}] */
json_t	*sg_role_choices(SgRole now);
/* The page of one account; NULL: r is a refusal. */
json_t	*sg_user_model(const SgRequest *q, const SgPerson *p, SgReply *r);
/* Own addresses as typed; NULL and a sentence when a role cannot be without, or one is none. */
char   **sg_users_mail(const char *typed, SgRole role, const char **wrong);
/* Answers with a new first-use link, shown this once; reset: what proved who they are goes. */
void	 sg_users_link(const SgRequest *q, const SgPerson *p, gboolean reset, const char *how, SgReply *r);

#endif
