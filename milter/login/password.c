#include <string.h>

#include <sodium.h>

#include "base/err.h"
#include "login/password.h"

#define PASSES 3
#define MEMORY ((size_t)64 << 20)
#define WAIT   (5 * G_USEC_PER_SEC)

struct SgHasher {
	GMutex lock;
	GCond  free;
	guint  busy, waiting;
	char   dummy[crypto_pwhash_STRBYTES];	/* of a password nobody has */
};

SgHasher *
sg_hasher_new(void)
{
	SgHasher *h = g_new0(SgHasher, 1);
	guint8 salt[crypto_pwhash_SALTBYTES], raw[32];
	char b64[2][64];

	g_mutex_init(&h->lock);
	g_cond_init(&h->free);
	randombytes_buf(salt, sizeof salt);
	randombytes_buf(raw, sizeof raw);
	sodium_bin2base64(b64[0], sizeof b64[0], salt, sizeof salt, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	sodium_bin2base64(b64[1], sizeof b64[1], raw, sizeof raw, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	/* written, not made: a program that starts needs no hash */
	g_snprintf(h->dummy, sizeof h->dummy, "$argon2id$v=19$m=%u,t=%u,p=1$%s$%s", (guint)(MEMORY >> 10),
	    (guint)PASSES, b64[0], b64[1]);
	return h;
}

void
sg_hasher_free(SgHasher *h)
{
	if (h == NULL)
		return;
	g_mutex_clear(&h->lock);
	g_cond_clear(&h->free);
	g_free(h);
}

static gboolean
enter(SgHasher *h, GError **error)
{
	gint64 until = g_get_monotonic_time() + WAIT;
	gboolean mine = FALSE;

	g_mutex_lock(&h->lock);
	if (h->busy < SG_HASHES_AT_ONCE)
		mine = TRUE;
	else if (h->waiting < SG_HASHES_WAITING) {
		h->waiting++;
		while (h->busy >= SG_HASHES_AT_ONCE && g_cond_wait_until(&h->free, &h->lock, until))
			;
		h->waiting--;
		mine = h->busy < SG_HASHES_AT_ONCE;
	}
	h->busy += mine;
	g_mutex_unlock(&h->lock);
	if (!mine)
		g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "many people sign in at this moment");
	return mine;
}

static void
leave(SgHasher *h)
{
	g_mutex_lock(&h->lock);
	h->busy--;
	g_cond_signal(&h->free);
	g_mutex_unlock(&h->lock);
}

/* The same keys give the same password on every machine (NFKC, as NIST SP 800-63B asks). */
static char *
normal(const char *password)
{
	return g_utf8_normalize(password, -1, G_NORMALIZE_ALL_COMPOSE);
}

static void
wipe(char *text)
{
	if (text != NULL)
		sodium_memzero(text, strlen(text));
	g_free(text);
}

static gboolean
is_text(const char *password)
{
	return password != NULL && strlen(password) <= SG_PASSWORD_MOST * 4 && g_utf8_validate(password, -1, NULL);
}

char *
sg_password_hash(SgHasher *h, const char *password, GError **error)
{
	char *out, *text;
	int rc;

	g_assert(is_text(password));
	if (!enter(h, error))
		return NULL;
	out = g_malloc0(crypto_pwhash_STRBYTES);
	text = normal(password);
	rc = crypto_pwhash_str(out, text, strlen(text), PASSES, MEMORY);
	wipe(text);
	leave(h);
	if (rc == 0)
		return out;
	g_free(out);
	g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "there is not enough memory for a password");
	return NULL;
}

gboolean
sg_password_check(SgHasher *h, const char *kept, const char *password, gboolean *right, GError **error)
{
	gboolean real = kept != NULL && *kept != '\0', same;
	char *text;

	if (!enter(h, error))
		return FALSE;
	/* what cannot be a password is hashed like one */
	text = normal(is_text(password) ? password : "");
	same = crypto_pwhash_str_verify(real ? kept : h->dummy, text, strlen(text)) == 0;
	wipe(text);
	leave(h);
	*right = same && real && is_text(password);
	return TRUE;
}
