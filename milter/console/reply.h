/*
 * reply - from what a handler gave back to bytes on the wire.
 *
 * Every answer, refusals too, goes this way and has the same security headers
 * (console.md 4).  sg_reply(), sg_refuse() and their like are in page.h.
 */
#ifndef SG_CONSOLE_REPLY_H
#define SG_CONSOLE_REPLY_H

#include <microhttpd.h>

#include "console/page.h"

typedef struct SgWire {
	struct MHD_Connection *connection;
	const char	      *allow;	/* value of the Allow header, or NULL		 */
	const char	      *cookie;	/* of another Set-Cookie than the reply's, or NULL */
	gboolean	       https;	/* people come by TLS: they shall stay with it	 */
} SgWire;

enum MHD_Result sg_reply_send(const SgWire *w, const SgReply *r);
/* A file that may be kept for a year; gzip: the other side takes that. */
enum MHD_Result sg_reply_file(const SgWire *w, const SgAsset *f, gboolean gzip);
/* The bytes of a whole answer to whoever is too slow to be understood (408): JSON, or plain
 * words.  Caller frees. */
char	       *sg_reply_late(gboolean json);

#endif
