/*
 * release - knows our own mail again: releases and notices that the courier hands in.
 *
 * Such a message carries a signed ticket (model/ticket.h) in a header field.
 * It is good for one recipient, for this content (a release) and until it
 * expires, and it is good once: the store remembers it.  A ticket that fails
 * any of these is only noted, and the message treated like any other (but one
 * of our making is never filed anew: it is put off, and the courier comes with
 * a new ticket); its header field is removed in every case, as all of ours are.
 */
#ifndef SG_FRONT_RELEASE_H
#define SG_FRONT_RELEASE_H

#include "base/keys.h"
#include "front/collect.h"
#include "model/message.h"
#include "model/ticket.h"
#include "store/store.h"

typedef struct SgPass {
	gboolean    good;
	SgTicket    ticket;	/* when good */
	const char *why;	/* a ticket was there and not good: why, in a few words; or NULL */
	gboolean    genuine;	/* it was of our making all the same: too late, or used before */
} SgPass;

/*
 * Looks for a good ticket among the header fields and marks it as used.  Sets
 * content_hash of m when there is one to compare.  FALSE with SG_ERR_LATER only
 * when the store cannot say whether it was used before.
 */
gboolean sg_release_check(const SgCollect *c, SgMessage *m, const SgKeys *keys, SgStore *store,
	    gint64 now, SgPass *out, GError **error);

#endif
