/*
 * login - who asks.
 *
 * On the Unix socket the kernel says which user is at the other end
 * (SO_PEERCRED, as of the moment of connecting); cli.accounts says which
 * account that is.  Root without a row is the technician: it operates, it does
 * not read.  Passwords and sessions for the web come with the pages; they will
 * give the same SgAccount.
 */
#ifndef SG_CONSOLE_LOGIN_H
#define SG_CONSOLE_LOGIN_H

#include "console/console.h"

/* NULL with SG_ERR_INPUT: nobody we know; *uid says who it was.  The account belongs to setup. */
const SgAccount *sg_login_peer(const SgSetup *setup, int fd, uid_t *uid, GError **error);

#endif
