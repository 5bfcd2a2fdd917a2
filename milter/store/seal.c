#include <string.h>

#include <sodium.h>

#include "base/err.h"
#include "store/seal.h"

enum {
	MAGIC = 8,
	KEY_ID = 8,
	KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES,
	BOX = KEY + crypto_box_SEALBYTES,
	STREAM = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
	HEAD = MAGIC + KEY_ID + BOX + STREAM,
	CHUNK = 65536,
	OVER = crypto_secretstream_xchacha20poly1305_ABYTES,
};

static const guint8 magic[MAGIC] = { 'S', 'G', 'V', 'A', 'U', 'L', 'T', 1 };

typedef crypto_secretstream_xchacha20poly1305_state Stream;

struct SgSeal {
	GBytes	*plain;
	gsize	 at;
	gboolean begun, ended;
	char	*bound;		/* additional data of every chunk */
	guint8	 head[HEAD];
	Stream	 stream;
	guint8	 piece[CHUNK + OVER];
};

/* What an object's chunks are bound to. */
static char *
bound_to(const char *ref, const char *object)
{
	return g_strdup_printf("schoolgate vault %u %s.%s", magic[MAGIC - 1], ref, object);
}

static void
key_id(const guint8 public[SG_KEY_LEN], guint8 out[KEY_ID])
{
	guint8 full[crypto_generichash_BYTES];

	crypto_generichash(full, sizeof full, public, SG_KEY_LEN, NULL, 0);
	memcpy(out, full, KEY_ID);
}

/* Whoever has the secret half has both. */
static gboolean
public_key(const SgKeys *keys, guint8 out[SG_KEY_LEN], GError **error)
{
	if ((keys->have & SG_KEY_VAULT_PUBLIC) != 0) {
		memcpy(out, keys->vault_public, SG_KEY_LEN);
		return TRUE;
	}
	if ((keys->have & SG_KEY_VAULT_SECRET) != 0)
		return crypto_scalarmult_base(out, keys->vault_secret) == 0;
	g_set_error_literal(error, SG_ERR, SG_ERR_SETUP,
	    "nothing can be kept without the key vault.pub; make the keys with \"schoolgatectl key init\"");
	return FALSE;
}

SgSeal *
sg_seal_new(const SgKeys *keys, const char *ref, const char *object, GBytes *plain, GError **error)
{
	SgSeal *s;
	guint8 public[SG_KEY_LEN], key[KEY];

	if (!public_key(keys, public, error))
		return NULL;
	s = g_new0(SgSeal, 1);
	s->plain = g_bytes_ref(plain);
	s->bound = bound_to(ref, object);
	crypto_secretstream_xchacha20poly1305_keygen(key);
	memcpy(s->head, magic, MAGIC);
	key_id(public, s->head + MAGIC);
	crypto_box_seal(s->head + MAGIC + KEY_ID, key, KEY, public);
	crypto_secretstream_xchacha20poly1305_init_push(&s->stream, s->head + HEAD - STREAM, key);
	sodium_memzero(key, sizeof key);
	return s;
}

gboolean
sg_seal_next(SgSeal *s, const guint8 **piece, gsize *len)
{
	gsize size, n;
	const guint8 *plain = g_bytes_get_data(s->plain, &size);
	unsigned long long out = 0;

	if (s->ended)
		return FALSE;
	if (!s->begun) {
		s->begun = TRUE;
		*piece = s->head;
		*len = HEAD;
		return TRUE;
	}
	n = MIN(size - s->at, CHUNK);
	s->ended = s->at + n == size;
	crypto_secretstream_xchacha20poly1305_push(&s->stream, s->piece, &out,
	    n > 0 ? plain + s->at : (const guint8 *)"", n, (const guint8 *)s->bound, strlen(s->bound),
	    s->ended ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
		     : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
	s->at += n;
	*piece = s->piece;
	*len = (gsize)out;
	return TRUE;
}

guint64
sg_seal_size(GBytes *plain)
{
	guint64 n = g_bytes_get_size(plain);
	guint64 chunks = n == 0 ? 1 : (n + CHUNK - 1) / CHUNK;

	return HEAD + n + chunks * OVER;
}

void
sg_seal_free(SgSeal *s)
{
	if (s == NULL)
		return;
	g_bytes_unref(s->plain);
	g_free(s->bound);
	sodium_memzero(s, sizeof *s);
	g_free(s);
}

static gboolean
damaged(const char *ref, const char *object, GError **error)
{
	g_set_error(error, SG_ERR, SG_ERR_PEER, "%s.%s is damaged or not what was filed; "
	    "restore it from a backup", ref, object);
	return FALSE;
}

static gboolean
open_head(const SgKeys *keys, const char *name, const guint8 *p, Stream *stream, GError **error)
{
	guint8 public[SG_KEY_LEN], id[KEY_ID], key[KEY];
	gboolean ok;

	if ((keys->have & SG_KEY_VAULT_SECRET) == 0) {
		g_set_error_literal(error, SG_ERR, SG_ERR_SETUP,
		    "this program holds no vault.key and cannot read what is held");
		return FALSE;
	}
	crypto_scalarmult_base(public, keys->vault_secret);
	key_id(public, id);
	if (memcmp(id, p + MAGIC, KEY_ID) != 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s was sealed to another vault.key; "
		    "put that key back to read it", name);
		return FALSE;
	}
	ok = crypto_box_seal_open(key, p + MAGIC + KEY_ID, BOX, public, keys->vault_secret) == 0 &&
	    crypto_secretstream_xchacha20poly1305_init_pull(stream, p + HEAD - STREAM, key) == 0;
	sodium_memzero(key, sizeof key);
	if (!ok)
		g_set_error(error, SG_ERR, SG_ERR_PEER, "%s is damaged; restore it from a backup", name);
	return ok;
}

/* Decrypts all chunks into out; the last, and only the last, must say FINAL. */
static gboolean
open_chunks(Stream *stream, const char *bound, const guint8 *p, gsize n, guint8 *out)
{
	unsigned char tag = 0;

	while (n > 0) {
		gsize piece = MIN(n, CHUNK + OVER);
		unsigned long long len = 0;
		guint8 want = piece == n ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
					 : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;

		if (piece < OVER || crypto_secretstream_xchacha20poly1305_pull(stream, out, &len, &tag,
		    p, piece, (const guint8 *)bound, strlen(bound)) != 0 || tag != want)
			return FALSE;
		out += len;
		p += piece;
		n -= piece;
	}
	return TRUE;
}

GBytes *
sg_seal_open(const SgKeys *keys, const char *ref, const char *object, GBytes *sealed, GError **error)
{
	g_autofree char *name = g_strdup_printf("%s.%s", ref, object);
	g_autofree char *bound = bound_to(ref, object);
	gsize n, body, chunks;
	const guint8 *p = g_bytes_get_data(sealed, &n);
	guint8 *plain;
	Stream stream;

	if (n < HEAD + OVER || memcmp(p, magic, MAGIC) != 0)
		return damaged(ref, object, error), NULL;
	if (!open_head(keys, name, p, &stream, error))
		return NULL;
	body = n - HEAD;
	chunks = (body + CHUNK + OVER - 1) / (CHUNK + OVER);
	if (body < chunks * OVER)
		return damaged(ref, object, error), NULL;
	plain = g_malloc(body - chunks * OVER + 1);
	if (!open_chunks(&stream, bound, p + HEAD, body, plain)) {
		sodium_memzero(plain, body - chunks * OVER + 1);
		g_free(plain);
		return damaged(ref, object, error), NULL;
	}
	sodium_memzero(&stream, sizeof stream);
	return g_bytes_new_take(plain, body - chunks * OVER);
}
