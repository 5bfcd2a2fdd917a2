/*
 * login - who asks on the Unix socket.
 *
 * The kernel says which user is at the other end (SO_PEERCRED, as of the moment of
 * connecting); cli.accounts says which account that is.  When the store has that
 * account, its role and addresses count, and a disabled one is nobody.  Root without a
 * row is the technician: it operates, it does not read.  Browsers: visit.h.
 */
#ifndef SG_CONSOLE_LOGIN_H
#define SG_CONSOLE_LOGIN_H

#include "console/visit.h"

/* Fills account (and person, when the store has it) of v.  FALSE with SG_ERR_INPUT: nobody we know;
 * *uid says who it was.  v borrows from setup. */
gboolean   sg_login_peer(SgConsole *c, const SgSetup *setup, int fd, SgVisit *v, uid_t *uid, GError **error);

/* Everybody who has an account: those of the store (a disabled one with no role), and those of
 * cli.accounts that it does not have.  SgAccount, freed by the array. */
GPtrArray *sg_login_accounts(SgConsole *c, const SgSetup *setup, GError **error);

#endif
