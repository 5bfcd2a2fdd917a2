/*
 * accountmail - mails that tell of accounts: a new browser, a reset, a role, something to approve.
 *
 * They go to whose account it is, and to the technicians; what is to be approved goes to
 * those who can.  The courier has the texts (rules/notices); facts are names of accounts
 * and roles, and where a sign-in came from.
 */
#ifndef SG_CONSOLE_ACCOUNTMAIL_H
#define SG_CONSOLE_ACCOUNTMAIL_H

#include "store/store.h"

typedef struct SgAccountNews {
	const char *account, *address;	/* address NULL: only the technicians are told */
	const char *template;		/* "account-new-browser" -reset -role -approve */
	const char *what, *role, *by;	/* "" = none */
} SgAccountNews;

gboolean sg_account_post(SgStore *s, const SgAccountNews *n, gint64 now, GError **error);

#endif
