/*
 * mark - the signed header that says which of the school's texts a message carries.
 *
 *   Schoolgate-Disclaimer: v=1; id=staff-out,charity; m=<16 hex over the Message-ID>; s=<64 hex>
 *
 * s is keyed BLAKE2b-256 (mail.key) over everything before it, so that nobody else can
 * keep the texts off a message, and a mark is worth nothing on another message.
 */
#ifndef SG_MODEL_MARK_H
#define SG_MODEL_MARK_H

#include "base/keys.h"

#define SG_MARK "Schoolgate-Disclaimer"

/* ids: blank-separated, as the scanner gave them.  Caller frees. */
char	*sg_mark_make(const SgKeys *keys, const char *ids, const char *message_id);
/* Ours, and for the message with this id (NULL: it has none, and nothing is ours)? */
gboolean sg_mark_is_good(const SgKeys *keys, const char *value, const char *message_id);

#endif
