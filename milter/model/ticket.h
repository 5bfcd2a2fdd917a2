/*
 * ticket - the signed headers by which the milter knows our own mail again.
 *
 *   Schoolgate-Release: v=1; ref=7F3K9QXD; n=<32 hex>; t=<expiry>; c=<content hash>;
 *     r=<16 hex over the recipient>; s=<64 hex>
 *   Schoolgate-Notice:  v=1; n=<32 hex>; t=<expiry>; r=<16 hex>; s=<64 hex>
 *
 * s is keyed BLAKE2b-256 (keys.h, mail.key) over everything before it, so a
 * ticket cannot be made, changed, prolonged or used for another message or
 * another recipient.  n is used once: the store remembers it
 * (sg_store_ticket_use).  Comparison is in constant time.
 */
#ifndef SG_MODEL_TICKET_H
#define SG_MODEL_TICKET_H

#include "base/keys.h"

#define SG_TICKET_RELEASE "Schoolgate-Release"
#define SG_TICKET_NOTICE  "Schoolgate-Notice"

typedef struct SgTicket {
	gboolean release;	/* else a notice, and ref, content are "" */
	char	 ref[9];
	char	 nonce[33];
	gint64	 expires;
	char	 content[65];
	char	 recipient[17];	/* keyed hash of the address in lower case */
} SgTicket;

/* The header's value (no CR, LF; one line under 300 bytes); t->nonce is set when
 * it is "".  Caller frees. */
char	*sg_ticket_make(SgTicket *t, const SgKeys *keys, const char *recipient);
/* Strict: FALSE with SG_ERR_PEER for anything we did not make, or expired at now. */
gboolean sg_ticket_read(const char *value, gboolean release, const SgKeys *keys, gint64 now,
		SgTicket *out, GError **error);
/* Is the ticket for this one recipient? */
gboolean sg_ticket_is_for(const SgTicket *t, const SgKeys *keys, const char *recipient);

#endif
