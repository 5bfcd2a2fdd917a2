/*
 * account - who a Unix user is to Schoolgate: rows of the setting cli.accounts.
 *
 *   "okafor:okafor:lead:dsl@hillview.example"    unix user (name or number), account,
 *                                                role, own mail addresses (comma-separated)
 *
 * The addresses are how the own-message rule knows its person: whoever is sender
 * or recipient of a message neither sees it nor learns that it is there.
 * Several rows may name one account (one person, several machine users).
 */
#ifndef SG_MODEL_ACCOUNT_H
#define SG_MODEL_ACCOUNT_H

#include <sys/types.h>

#include <glib.h>

typedef enum {
	SG_ROLE_NONE = 0,
	SG_ROLE_LEAD = 1 << 0,
	SG_ROLE_DEPUTY = 1 << 1,
	SG_ROLE_HEAD = 1 << 2,
	SG_ROLE_DPO = 1 << 3,
	SG_ROLE_IT = 1 << 4,
	SG_ROLE_GOVERNOR = 1 << 5,
	SG_ROLE_TEACHER = 1 << 6,
	SG_ROLE_ALL = (1 << 7) - 1,
	SG_ROLE_STRANGER = 1 << 7,	/* nobody has it: who asks before signing in */
	SG_ROLE_ANYBODY = (1 << 8) - 1,	/* a page that needs no account		     */
	/* may see what a message says, within their limits */
	SG_ROLE_CONTENT = SG_ROLE_LEAD | SG_ROLE_DEPUTY | SG_ROLE_HEAD | SG_ROLE_DPO,
} SgRole;

typedef struct SgAccount {
	uid_t  uid;
	char  *name;
	SgRole role;
	char **mail;	/* NULL-terminated, may be empty */
} SgAccount;

/* Copies; without a Unix user. */
SgAccount  *sg_account_new(const char *name, SgRole role, char *const *mail);
void	    sg_account_free(SgAccount *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgAccount, sg_account_free)

const char *sg_role_name(SgRole r);	/* "lead"; "none" */
SgRole	    sg_role_parse(const char *s);
/* "the safeguarding lead": for sentences that say whom to ask. */
const char *sg_role_label(SgRole r);

/* SgAccount rows, freed by the array.  NULL with SG_ERR_SETUP at the first row that is
 * wrong; every wrong row goes to problems when it is not NULL. */
GPtrArray  *sg_accounts_parse(char *const *rows, GPtrArray *problems, GError **error);
/* The row of this Unix user, or NULL. */
const SgAccount *sg_accounts_find(const GPtrArray *accounts, uid_t uid);
const SgAccount *sg_accounts_named(const GPtrArray *accounts, const char *name);
/* Is this one of the account's own addresses?  Case and "+tag" do not matter. */
gboolean    sg_account_is(const SgAccount *a, const char *address);

#endif
