#include <string.h>

#include <sodium.h>

#include "login/token.h"

enum {
	RAW = 32,
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	OVER = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	SECRET_MAX = 4096,	/* bytes of anything sealed here */
};

static const char *const kinds[] = { "session", "visitor", "first-use" };

static void
to_text(const guint8 raw[RAW], char out[SG_TOKEN_LEN + 1])
{
	sodium_bin2base64(out, SG_TOKEN_LEN + 1, raw, RAW, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
sg_token_new(char out[SG_TOKEN_LEN + 1])
{
	guint8 raw[RAW];

	randombytes_buf(raw, sizeof raw);
	to_text(raw, out);
	sodium_memzero(raw, sizeof raw);
}

static gboolean
from_text(const char *text, guint8 raw[RAW])
{
	size_t len = 0;

	return text != NULL && strlen(text) == SG_TOKEN_LEN &&
	       sodium_base642bin(raw, RAW, text, SG_TOKEN_LEN, NULL, &len, NULL,
		   sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 && len == RAW;
}

/* BLAKE2b with the token as its key: what comes out tells nothing of the token. */
static gboolean
derive(const char *purpose, SgTokenKind kind, const char *text, guint8 out[RAW])
{
	guint8 raw[RAW];
	g_autofree char *what = g_strdup_printf("schoolgate %s %s 1", purpose, kinds[kind]);

	if (!from_text(text, raw))
		return FALSE;
	crypto_generichash(out, RAW, (const guint8 *)what, strlen(what), raw, sizeof raw);
	sodium_memzero(raw, sizeof raw);
	return TRUE;
}

gboolean
sg_token_hash(SgTokenKind kind, const char *text, char out[SG_HASH_LEN + 1])
{
	guint8 hash[RAW];

	if (!derive("hash", kind, text, hash))
		return FALSE;
	sodium_bin2hex(out, SG_HASH_LEN + 1, hash, sizeof hash);
	return TRUE;
}

gboolean
sg_token_csrf(SgTokenKind kind, const char *cookie, char out[SG_TOKEN_LEN + 1])
{
	guint8 raw[RAW];

	if (!derive("csrf", kind, cookie, raw))
		return FALSE;
	to_text(raw, out);
	return TRUE;
}

gboolean
sg_token_same(const char *a, const char *b)
{
	gsize n = a != NULL ? strlen(a) : 0;

	return n > 0 && b != NULL && strlen(b) == n && sodium_memcmp(a, b, n) == 0;
}

static void
subkey(const SgKeys *keys, const char *purpose, guint8 out[RAW])
{
	g_autofree char *what = g_strdup_printf("schoolgate login %s 1", purpose);

	g_assert((keys->have & SG_KEY_VAULT_SECRET) != 0);
	crypto_generichash(out, RAW, (const guint8 *)what, strlen(what), keys->vault_secret,
	    sizeof keys->vault_secret);
}

void
sg_keyed_hash(const SgKeys *keys, const char *purpose, const char *a, const char *b, char out[SG_HASH_LEN + 1])
{
	crypto_generichash_state st;
	guint8 key[RAW], hash[RAW];

	subkey(keys, purpose, key);
	(void)crypto_generichash_init(&st, key, sizeof key, sizeof hash);
	(void)crypto_generichash_update(&st, (const guint8 *)a, strlen(a) + 1);
	(void)crypto_generichash_update(&st, (const guint8 *)b, strlen(b) + 1);
	(void)crypto_generichash_final(&st, hash, sizeof hash);
	sodium_memzero(key, sizeof key);
	sodium_bin2hex(out, SG_HASH_LEN + 1, hash, sizeof hash);
}

char *
sg_secret_seal(const SgKeys *keys, const char *purpose, const char *owner, const char *plain)
{
	gsize n = strlen(plain), all = NONCE + n + OVER;
	g_autofree guint8 *box = g_malloc(all);
	char *hex = g_malloc(all * 2 + 1);
	guint8 key[RAW];

	g_assert(n <= SECRET_MAX);
	subkey(keys, purpose, key);
	randombytes_buf(box, NONCE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, NULL, (const guint8 *)plain, n,
	    (const guint8 *)owner, strlen(owner), NULL, box, key);
	sodium_memzero(key, sizeof key);
	return sodium_bin2hex(hex, all * 2 + 1, box, all);
}

char *
sg_secret_open(const SgKeys *keys, const char *purpose, const char *owner, const char *sealed)
{
	gsize n = strlen(sealed) / 2, len = 0;
	g_autofree guint8 *box = g_malloc(n + 1);
	guint8 key[RAW];
	char *plain;
	int ok;

	if (n < NONCE + OVER || n > SECRET_MAX + NONCE + OVER ||
	    sodium_hex2bin(box, n, sealed, strlen(sealed), NULL, &len, NULL) != 0 || len != n)
		return NULL;
	plain = g_malloc0(n - NONCE - OVER + 1);
	subkey(keys, purpose, key);
	ok = crypto_aead_xchacha20poly1305_ietf_decrypt((guint8 *)plain, NULL, NULL, box + NONCE, n - NONCE,
	    (const guint8 *)owner, strlen(owner), box, key);
	sodium_memzero(key, sizeof key);
	if (ok == 0)
		return plain;
	g_free(plain);
	return NULL;
}

void
sg_secret_free(char *plain)
{
	if (plain != NULL)
		sodium_memzero(plain, strlen(plain));
	g_free(plain);
}
