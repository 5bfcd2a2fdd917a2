/*
 * crypto - sums and ciphers that files of others are made of; libcrypto's, but RC4.
 *
 * RC4 is not in libcrypto's default provider, and a worker can load no other.
 * Nothing of Schoolgate's own is protected with any of this.
 */
#ifndef SG_PROTECT_CRYPTO_H
#define SG_PROTECT_CRYPTO_H

#include "text/span.h"

#define SG_DIGEST_MAX 64u

typedef enum { SG_MD5, SG_SHA1, SG_SHA256, SG_SHA384, SG_SHA512, SG_DIGEST_N } SgDigest;

/* Makes libcrypto read now what it reads once; before the lock-down. */
gboolean sg_crypto_warm_up(GError **error);

/* The sum over n pieces, one after another, into out; its length, 0 on failure. */
gsize	 sg_digest(SgDigest d, const SgSpan *pieces, gsize n, guint8 out[SG_DIGEST_MAX]);
/* sum := H(i as 32 bits || sum) for from <= i < to, in place; its length, 0 on failure. */
gsize	 sg_digest_spin(SgDigest d, guint8 sum[SG_DIGEST_MAX], guint32 from, guint32 to);

/* AES by whole blocks without padding; iv NULL: each block for itself (ECB).  The key
 * is 16, 24 or 32 bytes.  out may be in. */
gboolean sg_aes(gboolean decrypt, SgSpan key, const guint8 *iv, SgSpan in, guint8 *out);

typedef struct SgRc4 {
	guint8 s[256], i, j;
} SgRc4;

void	 sg_rc4_key(SgRc4 *r, SgSpan key);
void	 sg_rc4(SgRc4 *r, guint8 *bytes, gsize n);	/* in place */

#endif
