#include <openssl/evp.h>

#include "base/err.h"
#include "protect/crypto.h"

static const EVP_MD *
digest_named(SgDigest d)
{
	switch (d) {
	case SG_MD5:
		return EVP_md5();
	case SG_SHA1:
		return EVP_sha1();
	case SG_SHA256:
		return EVP_sha256();
	case SG_SHA384:
		return EVP_sha384();
	case SG_SHA512:
		return EVP_sha512();
	case SG_DIGEST_N:
		break;
	}
	return NULL;
}

gsize
sg_digest(SgDigest d, const SgSpan *pieces, gsize n, guint8 out[SG_DIGEST_MAX])
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	const EVP_MD *md = digest_named(d);
	unsigned len = 0;
	gboolean ok = c != NULL && md != NULL && EVP_DigestInit_ex(c, md, NULL) == 1;

	for (gsize i = 0; ok && i < n; i++)
		ok = EVP_DigestUpdate(c, pieces[i].p, pieces[i].n) == 1;
	ok = ok && EVP_DigestFinal_ex(c, out, &len) == 1;
	EVP_MD_CTX_free(c);
	return ok ? len : 0;
}

gsize
sg_digest_spin(SgDigest d, guint8 sum[SG_DIGEST_MAX], guint32 from, guint32 to)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	const EVP_MD *md = digest_named(d);
	unsigned len = 0;
	gboolean ok = c != NULL && md != NULL && EVP_DigestInit_ex(c, md, NULL) == 1;
	gsize size = ok ? (gsize)EVP_MD_get_size(md) : 0;

	for (guint32 i = from; ok && i < to; i++) {
		guint32 le = GUINT32_TO_LE(i);

		/* with neither named it stays what it is, and nothing is looked up again */
		ok = EVP_DigestInit_ex(c, NULL, NULL) == 1 && EVP_DigestUpdate(c, &le, 4) == 1 &&
		    EVP_DigestUpdate(c, sum, size) == 1 && EVP_DigestFinal_ex(c, sum, &len) == 1;
	}
	EVP_MD_CTX_free(c);
	return ok ? size : 0;
}

static const EVP_CIPHER *
aes_of(gsize key, gboolean chained)
{
	switch (key) {
	case 16:
		return chained ? EVP_aes_128_cbc() : EVP_aes_128_ecb();
	case 24:
		return chained ? EVP_aes_192_cbc() : EVP_aes_192_ecb();
	case 32:
		return chained ? EVP_aes_256_cbc() : EVP_aes_256_ecb();
	default:
		return NULL;
	}
}

gboolean
sg_aes(gboolean decrypt, SgSpan key, const guint8 *iv, SgSpan in, guint8 *out)
{
	const EVP_CIPHER *cipher = aes_of(key.n, iv != NULL);
	EVP_CIPHER_CTX *c;
	int n = 0;
	gboolean ok;

	if (cipher == NULL || in.n % 16 != 0 || in.n > G_MAXINT32)
		return FALSE;
	c = EVP_CIPHER_CTX_new();
	ok = c != NULL && EVP_CipherInit_ex(c, cipher, NULL, key.p, iv, !decrypt) == 1 &&
	    EVP_CIPHER_CTX_set_padding(c, 0) == 1 && EVP_CipherUpdate(c, out, &n, in.p, (int)in.n) == 1;
	EVP_CIPHER_CTX_free(c);
	return ok && (gsize)n == in.n;
}

void
sg_rc4_key(SgRc4 *r, SgSpan key)
{
	guint8 j = 0;

	r->i = r->j = 0;
	for (guint i = 0; i < 256; i++)
		r->s[i] = (guint8)i;
	for (guint i = 0; i < 256 && key.n > 0; i++) {
		guint8 t = r->s[i];

		j = (guint8)(j + t + key.p[i % key.n]);
		r->s[i] = r->s[j];
		r->s[j] = t;
	}
}

void
sg_rc4(SgRc4 *r, guint8 *bytes, gsize n)
{
	for (gsize k = 0; k < n; k++) {
		guint8 t = r->s[++r->i];

		r->j = (guint8)(r->j + t);
		r->s[r->i] = r->s[r->j];
		r->s[r->j] = t;
		bytes[k] ^= r->s[(guint8)(r->s[r->i] + t)];
	}
}

gboolean
sg_crypto_warm_up(GError **error)
{
	static const guint8 zero[32];
	guint8 out[SG_DIGEST_MAX];
	SgSpan block = { zero, 32 };
	gboolean ok = TRUE;

	/* nothing of this machine's configuration: the same answers everywhere */
	ok = OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_ADD_ALL_CIPHERS |
	    OPENSSL_INIT_ADD_ALL_DIGESTS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL) == 1;
	for (guint d = 0; d < SG_DIGEST_N; d++)
		ok = ok && sg_digest((SgDigest)d, &block, 1, out) > 0;
	for (gsize n = 16; n <= 32; n += 8)
		ok = ok && sg_aes(TRUE, (SgSpan){ zero, n }, NULL, block, out) &&
		    sg_aes(TRUE, (SgSpan){ zero, n }, zero, block, out);
	if (!ok)
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "libcrypto lacks a cipher or a sum of old files");
	return ok;
}
