/*
 * release - knows our own mail again: releases and notices that the courier hands in.
 *
 * Such a message carries a signed ticket (model/ticket.h) in a header field.
 * It is good for one recipient, for this content (a release) and until it
 * expires, and it is good once: the store remembers it.
 *
 * All fits but it comes too late (expired, used, withdrawn by the courier):
 * "try later", since another copy may be on its way, and scanning this one
 * would hold it a second time.  Anything else is only noted, and the message
 * treated like any other.  The header field is removed in every case, as all
 * of ours are.
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
	gboolean    genuine;	/* it is this message's all the same, and only too late */
} SgPass;

/*
 * Looks for a good ticket among the header fields and marks it as used.  Sets
 * content_hash of m when there is one to compare.  FALSE with SG_ERR_LATER only
 * when the store cannot say whether it was used before.
 */
gboolean sg_release_check(const SgCollect *c, SgMessage *m, const SgKeys *keys, SgStore *store,
	    gint64 now, SgPass *out, GError **error);

#endif
