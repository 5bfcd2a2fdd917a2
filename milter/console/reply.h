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

/* allow: value of the Allow header, or NULL. */
enum MHD_Result sg_reply_send(struct MHD_Connection *c, const SgReply *r, const char *allow);
/* A file that may be kept for a year; gzip: the other side takes that. */
enum MHD_Result sg_reply_file(struct MHD_Connection *c, const SgAsset *f, gboolean gzip);

#endif
