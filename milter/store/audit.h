/*
 * audit - who did what, in a chain that shows every later change.
 *
 * hash(n) = BLAKE2b-256, keyed with audit.key, over hash(n - 1) (for the first
 * entry: 32 zeroes) and seq, when, actor, action, ref, detail; numbers as 8 bytes,
 * strings after their length, so no two entries read the same.  A head record
 * {seq, hash} with its own keyed hash says where the chain ends: a cut tail is
 * seen too.  Triggers refuse UPDATE and DELETE; they stop accidents, the chain
 * shows intent.  What it cannot show: an older copy of the whole store put in the
 * place of this one; note audit_seq (SgStoreStatus) elsewhere now and then.
 */
#ifndef SG_STORE_AUDIT_H
#define SG_STORE_AUDIT_H

#include "store/db.h"
#include "store/store.h"

/* Before the first entry, in the transaction that makes the store: from then on there is a head. */
gboolean sg_audit_start(SgTx *tx, const SgKeys *keys);
/* Adds an entry in the caller's transaction; a head that was tampered with is SG_ERR_PEER. */
gboolean sg_audit_add(SgTx *tx, const SgKeys *keys, gint64 now, const char *actor, const char *action,
	    const char *ref, const char *detail);
gint64	 sg_audit_seq(SgTx *tx);	/* of the last entry, 0 = none */

#endif
