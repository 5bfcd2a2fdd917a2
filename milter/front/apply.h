/*
 * apply - carries a plan out: the only place that changes a message at the mail server.
 *
 * Everything else has been done before (scanned, decided, filed); the edits go
 * out in one burst, and the reply follows at once, so that a program that dies
 * leaves a message either untouched or done.
 */
#ifndef SG_FRONT_APPLY_H
#define SG_FRONT_APPLY_H

#include <libmilter/mfapi.h>

#include "act/act.h"
#include "front/session.h"

/*
 * edits: of act (may be NULL); body: replaces the message's body, or NULL.
 * Header fields of our own that arrived with the message are removed first,
 * last occurrence first, so that no index moves under the next one.
 * SG_ERR_LATER: the mail server did not take an edit; answer "try later".
 */
gboolean sg_apply_edits(SgSession *s, const GPtrArray *edits, GBytes *body, GError **error);

/* Sets the reply (percent signs are doubled here) and returns what libmilter
 * is to be told.  Code 0, or a text that cannot be sent: plain "try later". */
sfsistat sg_apply_answer(SMFICTX *ctx, guint code, const char *status, const char *text);

/* "Still working": keeps the mail server from giving up.  FALSE: it has gone. */
gboolean sg_apply_progress(gpointer session);

#endif
