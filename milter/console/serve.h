/*
 * serve - the console's two ways in and their threads.
 *
 * The Unix socket (console.socket) for schoolgatectl: everybody on the machine may
 * connect, the kernel says who they are.  TCP (console.listen, loopback only) for
 * browsers, which sign in.  Each has connections and threads of its own, so that
 * whoever fills one leaves the other free.  Either may be systemd's.
 */
#ifndef SG_CONSOLE_SERVE_H
#define SG_CONSOLE_SERVE_H

#include "console/console.h"

typedef struct SgServer SgServer;

SgServer *sg_server_start(SgConsole *console, GError **error);
/* To be called every second: ends requests that take too long (patience.h). */
void	  sg_server_tend(SgServer *s);
/* Lets requests in hand end, then closes and removes the socket. */
void	  sg_server_stop(SgServer *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgServer, sg_server_stop)

#endif
