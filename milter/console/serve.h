/*
 * serve - the console's socket and its threads.
 *
 * Only the Unix socket (console.socket): console.listen stays closed until the
 * web pages and their accounts exist.  Everybody on the machine may connect;
 * who they are decides what they get.
 */
#ifndef SG_CONSOLE_SERVE_H
#define SG_CONSOLE_SERVE_H

#include "console/console.h"

typedef struct SgServer SgServer;

SgServer *sg_server_start(SgConsole *console, GError **error);
/* Lets requests in hand end, then closes and removes the socket. */
void	  sg_server_stop(SgServer *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgServer, sg_server_stop)

#endif
