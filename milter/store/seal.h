/*
 * seal - bytes that only the holder of the vault's secret key can read.
 *
 * An object is
 *   8   "SGVAULT" and the version, 1
 *   8   the first bytes of BLAKE2b over the public key: whose key opens it
 *   80  a fresh random key, crypto_box_seal()ed to the public key
 *   24  header of crypto_secretstream_xchacha20poly1305
 *   n   chunks of 65,536 bytes (the last may be shorter or empty, and is tagged
 *       FINAL) with 17 bytes overhead each
 * Every chunk is bound to "<ref>.<object>" and the version as additional data, so an
 * object cannot be read under another name, cut, prolonged or put together anew.
 */
#ifndef SG_STORE_SEAL_H
#define SG_STORE_SEAL_H

#include "base/keys.h"

typedef struct SgSeal SgSeal;

/* plain stays alive by a reference. NULL with SG_ERR_SETUP when keys has no vault key. */
SgSeal	*sg_seal_new(const SgKeys *keys, const char *ref, const char *object, GBytes *plain,
	    GError **error);
/* The next piece of the object; FALSE when all has been given. *piece lives until the next call. */
gboolean sg_seal_next(SgSeal *s, const guint8 **piece, gsize *len);
/* Bytes the whole object takes. */
guint64	 sg_seal_size(GBytes *plain);
void	 sg_seal_free(SgSeal *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSeal, sg_seal_free)

/* SG_ERR_SETUP: no secret key, or sealed to another one; SG_ERR_PEER: damaged or misplaced. */
GBytes	*sg_seal_open(const SgKeys *keys, const char *ref, const char *object, GBytes *sealed,
	    GError **error);

#endif
