/*
 * accounts - the people who sign in: their roles, addresses and what proves who they are.
 *
 * Nothing that could be used to sign in is here in clear: the room login makes the
 * hashes and sealed strings that are kept, and alone can check them.  Every change
 * is in the audit with its actor, in the same transaction; details are codes and
 * account names, never an address.  Failures as in store.h; SG_ERR_INPUT: there is
 * no such account, link or proposal, or it is not in a state for this.
 */
#ifndef SG_STORE_ACCOUNTS_H
#define SG_STORE_ACCOUNTS_H

#include "model/account.h"
#include "store/store.h"

typedef enum {
	SG_ACCOUNT_NEW,		/* nobody has signed in with it: its first-use link is due */
	SG_ACCOUNT_ACTIVE,
	SG_ACCOUNT_DISABLED,
} SgAccountState;

typedef struct SgPerson {
	char	*name, *shown;	/* "okafor", "Mrs Okafor" */
	SgRole	 role;
	char   **mail;		/* NULL-terminated */
	SgAccountState state;
	gint64	 made, password_at, signed_in;
	char	*password;	/* Argon2id, "" = none yet */
	char	*secret;	/* sealed, "" = none yet */
	gboolean single_keys;	/* setting: keys of one letter work */
	gboolean low_words;	/* setting: Low messages begin at rung 2 */
	guint	 codes;		/* recovery codes left */
	gint64	 link_ends;	/* of its first-use link, 0 = none */
} SgPerson;

typedef struct SgActor {	/* who does it, when, and how it was allowed */
	const char *name;
	const char *how;	/* added to the audit's detail: "set-up", "approved"; "" */
	gint64	    now;
} SgActor;

const char *sg_account_state_name(SgAccountState s);
void	    sg_person_free(SgPerson *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgPerson, sg_person_free)

/* NULL without error when there is none. */
SgPerson  *sg_store_person(SgStore *s, const char *name, GError **error);
GPtrArray *sg_store_people(SgStore *s, GError **error);	/* by name */
/* name, shown, role and mail count.  SG_ERR_INPUT: the name is taken. */
gboolean   sg_store_person_add(SgStore *s, const SgPerson *p, const SgActor *by, GError **error);
/* Ends the account's sessions and open proposals: rights only ever change with a new sign-in. */
gboolean   sg_store_person_role(SgStore *s, const char *name, SgRole role, const SgActor *by, GError **error);
gboolean   sg_store_person_mail(SgStore *s, const char *name, const char *mail, const SgActor *by, GError **error);
/* Disabled: sessions, links and known browsers go; enabled: NEW, or ACTIVE if it has a password. */
gboolean   sg_store_person_enable(SgStore *s, const char *name, gboolean on, const SgActor *by, GError **error);
gboolean   sg_store_person_settings(SgStore *s, const char *name, gboolean single_keys, gboolean low_words,
	       GError **error);
gboolean   sg_store_person_password(SgStore *s, const char *name, const char *hash, const SgActor *by, GError **error);
/* Active accounts with one of these roles (bits), leaving out this one (NULL: none). */
gboolean   sg_store_people_count(SgStore *s, guint roles, const char *but, guint *n, GError **error);

/* A code of this time step was right: *fresh when none of it or of a later step was used. */
gboolean   sg_store_step_use(SgStore *s, const char *name, gint64 step, gboolean *fresh, GError **error);
/* Replaces all recovery codes by these hashes (NULL-terminated). */
gboolean   sg_store_recovery_set(SgStore *s, const char *name, char *const *hashes, const SgActor *by, GError **error);
/* *right when there was such a code; it is gone now. */
gboolean   sg_store_recovery_use(SgStore *s, const char *name, const char *hash, const SgActor *by, gboolean *right,
	       GError **error);

/* --- first use ------------------------------------------------------------ */

typedef struct SgFirstUse {
	char  *account, *hash, *password, *secret;	/* the last two "" at first */
	gint64 ends;
} SgFirstUse;
void sg_first_use_free(SgFirstUse *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgFirstUse, sg_first_use_free)

/* A link to set the account up, in place of an older one.  reset: what proved who they are is
 * forgotten and their sessions end; the account is NEW again. */
gboolean    sg_store_first_use_make(SgStore *s, const char *name, const char *hash, gint64 ends, gboolean reset,
		const SgActor *by, GError **error);
/* NULL without error when there is none, it is over, or the account is disabled. */
SgFirstUse *sg_store_first_use(SgStore *s, const char *hash, gint64 now, GError **error);
SgFirstUse *sg_store_first_use_of(SgStore *s, const char *account, gint64 now, GError **error);
/* Keeps what was chosen so far; NULL leaves as it is. */
gboolean    sg_store_first_use_keep(SgStore *s, const char *hash, const char *password, const char *secret,
		GError **error);
/* Done: password and secret are the account's, it is ACTIVE with these recovery codes, the link
 * and all its sessions are gone.  step: of the code that ended it. */
gboolean    sg_store_first_use_done(SgStore *s, const SgFirstUse *f, gint64 step, char *const *hashes,
		gint64 now, GError **error);

/* --- changes that need two people ------------------------------------------ */

typedef struct SgProposal {
	gint64 id, made;
	char  *account, *kind, *value, *proposer;	/* kind: "role", "mail", "enable", "reset" */
} SgProposal;
void sg_proposal_free(SgProposal *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgProposal, sg_proposal_free)

/* An older one of the same kind for the account is replaced. */
gboolean    sg_store_propose(SgStore *s, const char *account, const char *kind, const char *value,
		const SgActor *by, GError **error);
GPtrArray  *sg_store_proposals(SgStore *s, const char *account, GError **error);	/* NULL: all */
/* Takes it off the list, to be carried out or not; SG_ERR_INPUT: it is not there any more.
 * An approval by its proposer or by the account itself is SG_ERR_INPUT here too. */
SgProposal *sg_store_proposal_end(SgStore *s, gint64 id, gboolean approved, const SgActor *by, GError **error);

#endif
