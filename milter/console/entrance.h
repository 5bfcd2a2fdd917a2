/*
 * entrance - what the pages share by which people come in, and change how they come in.
 *
 * Guesses are counted for the name as it was typed, whether there is such an account
 * or not, and for the address; a browser that the account has signed in with before
 * has a count of its own, so that nobody can keep its owner out by guessing.
 */
#ifndef SG_CONSOLE_ENTRANCE_H
#define SG_CONSOLE_ENTRANCE_H

#include "console/doors.h"
#include "login/session.h"
#include "store/accounts.h"

/* One text for everything that is wrong at a sign-in. */
#define SG_NOT_RIGHT "The name, password or code is not right."

/* The form again: model (taken) with one thing to put right at the field id; 422. */
void	  sg_form_again(SgReply *r, json_t *model, const char *id, const char *text);
/* It went well: a browser is sent to path, a program gets body (taken). */
void	  sg_form_done(const SgRequest *q, SgReply *r, json_t *body, const char *path);
/* Where somebody wanted to go before they had to sign in: a path of ours from the field "to",
 * made from plain characters, or "". */
const char *sg_next_path(const SgRequest *q);
/* path?to=...; caller frees */
char	 *sg_with_next(const SgRequest *q, const char *path);

/* Counts a guess of kind ("password", "code") for this name.  FALSE: it is not allowed now, or the
 * store is away; r is the answer: model (kept) again with how long to wait, as error of the field. */
gboolean  sg_guess_allowed(const SgRequest *q, const char *kind, const char *name, const char *field,
	      json_t *model, SgReply *r);
/* Is the browser one that the account has used?  FALSE also when the store is away. */
gboolean  sg_browser_known(const SgRequest *q, const char *name);

/* A session that may do everything its role may: a new cookie in r, the browser known, guesses
 * forgiven.  begun 0: now.  note: sealed, or NULL.  FALSE: r is a refusal. */
gboolean  sg_enter(const SgRequest *q, const SgPerson *p, gint64 begun, const char *action, const char *note,
	      SgReply *r);
/* The account of a session, or NULL: r is a refusal. */
SgPerson *sg_entrance_person(const SgRequest *q, const char *name, SgReply *r);

/* Ten new recovery codes: hashes to keep, and sealed for the one page that shows them. */
typedef struct SgCodes {
	char **hashes;
	char  *note;
} SgCodes;
void	  sg_codes_make(const SgRequest *q, const char *account, SgCodes *out);
void	  sg_codes_clear(SgCodes *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgCodes, sg_codes_clear)
void	  sg_recovery_hash(const SgRequest *q, const char *account, const char *code, char out[SG_HASH_LEN + 1]);
/* When a password is too old (console.password_days); 0 = never. */
gint64	  sg_password_ends(const SgOptions *o, const SgPerson *p);
/* Was it too old when this session began?  Then nothing else is shown until there is a new one.
 * Work in hand is never broken off. */
gboolean  sg_password_due(const SgRequest *q);
/* Why this password may not be theirs, NULL = it may. */
const char *sg_password_objection(const SgRequest *q, const SgPerson *p, const char *password);

/* A mail about an account: to whose it is, and to the technicians.  what, role: "" = none.  It only
 * informs: what it is about is done already, so a failure is logged and no more. */
void	  sg_account_mail(const SgRequest *q, const SgPerson *p, const char *template, const char *what,
	      const char *role);

#endif
