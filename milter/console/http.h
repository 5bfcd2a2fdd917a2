/*
 * http - one request from its first byte to its answer.
 *
 * libmicrohttpd parses; what it lets through is checked again here: one Host,
 * known to us; never Content-Length together with Transfer-Encoding; no chunked
 * bodies, none on GET; 64 kB at most.  Every answer, refusals too, has the same
 * security headers.  Who asks is asked before anything else: on the Unix socket of
 * the kernel (login.h), on TCP of the session (visit.h).
 */
#ifndef SG_CONSOLE_HTTP_H
#define SG_CONSOLE_HTTP_H

#include <microhttpd.h>

#include "console/console.h"

typedef struct SgExchange SgExchange;

/* uri as on the request line, nothing decoded; copied.  tcp: nobody is known by the connection. */
SgExchange	*sg_exchange_new(const char *uri, gboolean tcp);
void		 sg_exchange_free(SgExchange *x);
/* Its head has been looked at: what comes is the body, or the end. */
gboolean	 sg_exchange_has_begun(const SgExchange *x);
/* What MHD_AccessHandlerCallback is to do. */
enum MHD_Result	 sg_exchange_step(SgExchange *x, SgConsole *console, struct MHD_Connection *c,
			const char *method, const char *data, size_t *len);

#endif
