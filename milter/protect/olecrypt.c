#include "base/err.h"
#include "protect/olecrypt.h"
#include "protect/pr.h"

#define FILEPASS 0x2fu
#define BLOCK	 1024u		/* bytes of a workbook under one key */

/* An ASCII password in the two bytes a letter that every sum is made over. */
static gsize
widen(const char *password, guint8 out[64])
{
	gsize n = MIN(strlen(password), 32u);

	for (gsize i = 0; i < n; i++) {
		out[2 * i] = (guint8)password[i];
		out[2 * i + 1] = 0;
	}
	return 2 * n;
}

void
sg_old_key_block(const SgOldKey *key, guint32 block, SgRc4 *rc4)
{
	guint32 le = GUINT32_TO_LE(block);
	guint8 sum[SG_DIGEST_MAX] = { 0 };
	gsize n = key->bits / 8;

	if (key->how == SG_OLD_RC4) {
		sg_digest(SG_MD5, (SgSpan[]){ { key->base, 5 }, { (guint8 *)&le, 4 } }, 2, sum);
		n = 16;
	} else {
		sg_digest(SG_SHA1, (SgSpan[]){ { key->base, 20 }, { (guint8 *)&le, 4 } }, 2, sum);
		if (key->bits == 40) {	/* the rest of 128 bits is nought */
			memset(sum + 5, 0, 11);
			n = 16;
		}
	}
	sg_rc4_key(rc4, (SgSpan){ sum, n });
}

/* Does the key open the check that the file carries: a number, and its sum? */
static gboolean
key_fits(const SgOldKey *key, SgSpan verifier, SgSpan sum)
{
	guint8 plain[16], sum_plain[SG_DIGEST_MAX], own[SG_DIGEST_MAX];
	SgRc4 rc4;
	gsize n;

	if (verifier.n != 16 || sum.n < 16 || sum.n > 20)
		return FALSE;
	memcpy(plain, verifier.p, 16);
	memcpy(sum_plain, sum.p, sum.n);
	sg_old_key_block(key, 0, &rc4);
	sg_rc4(&rc4, plain, 16);
	sg_rc4(&rc4, sum_plain, sum.n);
	n = sg_digest(key->how == SG_OLD_RC4 ? SG_MD5 : SG_SHA1, (SgSpan[]){ { plain, 16 } }, 1, own);
	return n == sum.n && memcmp(own, sum_plain, n) == 0;
}

/* [MS-OFFCRYPTO] 2.3.6.2: 40 bits, whatever the password. */
static void
rc4_base(SgOldKey *key, SgSpan salt)
{
	guint8 wide[64], first[SG_DIGEST_MAX], mixed[16 * 21];
	gsize n = widen(key->password, wide);

	sg_digest(SG_MD5, (SgSpan[]){ { wide, n } }, 1, first);
	for (gsize i = 0; i < 16; i++) {
		memcpy(mixed + i * 21, first, 5);
		memcpy(mixed + i * 21 + 5, salt.p, 16);
	}
	sg_digest(SG_MD5, (SgSpan[]){ { mixed, sizeof mixed } }, 1, key->base);
}

static void
capi_base(SgOldKey *key, SgSpan salt)
{
	guint8 wide[64];
	gsize n = widen(key->password, wide);

	sg_digest(SG_SHA1, (SgSpan[]){ salt, { wide, n } }, 2, key->base);
}

void
sg_old_key_read(SgSpan h, SgOldKey *key)
{
	static const char *const passwords[] = { "VelvetSweatshop", "", "/01Hannes Ruescher/01" };
	guint major = sg_span_le16(h, 0), minor = sg_span_le16(h, 2);
	guint64 size = sg_span_le32(h, 8), check = 12 + size;
	SgSpan salt, verifier, sum;

	*key = (SgOldKey){ .how = SG_OLD_NONE };
	if (major == 1 && minor == 1) {
		key->how = SG_OLD_RC4;
		key->bits = 40;
		salt = sg_span_cut(h, 4, 16);
		verifier = sg_span_cut(h, 20, 16);
		sum = sg_span_cut(h, 36, 16);
	} else if (major >= 2 && major <= 4 && minor == 2) {
		key->how = SG_OLD_CAPI;
		key->bits = sg_span_le32(h, 28);
		if (key->bits == 0)
			key->bits = 40;
		salt = sg_span_cut(h, check + 4, 16);
		verifier = sg_span_cut(h, check + 20, 16);
		sum = sg_span_cut(h, check + 40, 20);
	} else {
		return;
	}
	if (salt.n != 16 || key->bits < 40 || key->bits > 128 || key->bits % 8 != 0)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(passwords); i++) {
		key->password = passwords[i];
		if (key->how == SG_OLD_RC4)
			rc4_base(key, salt);
		else
			capi_base(key, salt);
		if (key_fits(key, verifier, sum))
			return;
	}
	key->password = NULL;
}

void
sg_old_key_say(const SgOldKey *key, SgProtection *out)
{
	static const SgCipher weak[] = { { "encrypted", FALSE }, { "XOR", FALSE }, { "RC4-40", FALSE },
		{ "RC4-CryptoAPI-40", FALSE }, { "RC4-CryptoAPI-56", FALSE }, { "RC4-CryptoAPI-128", FALSE } };
	gsize i = key->how != SG_OLD_CAPI ? (gsize)key->how : key->bits <= 40 ? 3 : key->bits <= 56 ? 4 : 5;

	sg_pr_say(out, key->password != NULL ? "open" : "protected", &weak[i]);
}

/* ---- workbooks */

typedef struct Record {
	guint16 type;
	gsize	at, n;		/* of its data */
} Record;

/* FALSE at the end, or where nothing sensible follows. */
static gboolean
next_record(SgSpan s, gsize *at, Record *r)
{
	if (!sg_span_has(s, *at, 4))
		return FALSE;
	r->type = sg_span_le16(s, *at);
	r->at = *at + 4;
	r->n = MIN((gsize)sg_span_le16(s, *at + 2), s.n - r->at);
	*at = r->at + r->n;
	return TRUE;
}

/* The FILEPASS record stands behind the BOF of the first part: among its first records. */
static gboolean
find_filepass(SgSpan s, Record *r)
{
	gsize at = 0;

	for (guint i = 0; i < 64 && next_record(s, &at, r); i++)
		if (r->type == FILEPASS)
			return TRUE;
	return FALSE;
}

/* Key and check of the password that Excel knows, [MS-OFFCRYPTO] 2.3.7.1 and 2.3.7.2. */
static void
read_filepass(SgSpan d, SgOldKey *key)
{
	gboolean old = d.n == 4;	/* before BIFF8 there was only one way */
	gsize at = old ? 0 : 2;

	if (!old && sg_span_le16(d, 0) == 1) {
		sg_old_key_read(sg_span_cut(d, 2, d.n), key);
		return;
	}
	*key = (SgOldKey){ .how = SG_OLD_XOR };
	if (sg_span_le16(d, at) == 0xb359 && sg_span_le16(d, at + 2) == 0x9a0a)
		key->password = "VelvetSweatshop";
}

void
sg_biff_look(GBytes *workbook, SgProtection *out)
{
	SgSpan s = sg_span_of(workbook);
	SgOldKey key;
	Record r;

	if (!find_filepass(s, &r)) {
		sg_pr_say(out, "plain", NULL);
		return;
	}
	read_filepass(sg_span_cut(s, r.at, r.n), &key);
	sg_old_key_say(&key, out);
}

/* How many bytes at the front of a record's data are in the clear, [MS-XLS] 2.2.10. */
static gsize
in_the_clear(const Record *r)
{
	switch (r->type) {
	case 0x0009: case 0x0209: case 0x0409: case 0x0809:	/* BOF */
	case FILEPASS: case 0x00e1: case 0x0138: case 0x0194: case 0x0195: case 0x0196:
		return r->n;
	case 0x0085:						/* BoundSheet: its place */
		return MIN(r->n, 4);
	default:
		return 0;
	}
}

static void
unxor(guint8 *p, gsize n, gsize at)
{
	static const guint8 array[16] = { 0x87, 0x6b, 0x9a, 0xe2, 0x1e, 0xe3, 0x05, 0x62, 0x1e, 0x69, 0x96,
		0x60, 0x98, 0x6e, 0x94, 0x04 };

	for (gsize i = 0; i < n; i++) {
		guint8 b = p[i] ^ array[(at + i) % 16];

		p[i] = (guint8)(b >> 5 | b << 3);
	}
}

/* The key stream of place at, which runs over everything, encrypted or not. */
static void
unrc4(const SgOldKey *key, SgRc4 *rc4, gsize *keyed, guint8 *p, gsize at, gsize n)
{
	guint8 waste[BLOCK];

	while (n > 0) {
		gsize block = at / BLOCK, in = at % BLOCK, some = MIN(n, BLOCK - in);

		if (*keyed == G_MAXSIZE || *keyed / BLOCK != block || *keyed > at) {
			sg_old_key_block(key, (guint32)block, rc4);
			*keyed = block * BLOCK;
		}
		memset(waste, 0, at - *keyed);
		sg_rc4(rc4, waste, at - *keyed);
		sg_rc4(rc4, p, some);
		*keyed = in + some == BLOCK ? G_MAXSIZE : at + some;
		p += some;
		at += some;
		n -= some;
	}
}

static void
decrypt_records(guint8 *p, gsize n, const SgOldKey *key)
{
	SgSpan s = { p, n };
	gsize at = 0, keyed = G_MAXSIZE;
	SgRc4 rc4;
	Record r;

	while (next_record(s, &at, &r)) {
		gsize clear = in_the_clear(&r);

		if (key->how == SG_OLD_XOR)
			unxor(p + r.at + clear, r.n - clear, r.at + clear + r.n);
		else
			unrc4(key, &rc4, &keyed, p + r.at + clear, r.at + clear, r.n - clear);
	}
}

/* As many MiB as it is, paid for one by one. */
static gboolean
pay(SgSink *sink, gsize n, GError **error)
{
	for (gsize done = 0; done < n; done += 1u << 20)
		if (!sink->spend(sink, MIN(n - done, 1u << 20), error))
			return FALSE;
	return TRUE;
}

GBytes *
sg_biff_open(GBytes *workbook, SgSink *sink, GError **error)
{
	SgSpan s = sg_span_of(workbook);
	SgOldKey key;
	guint8 *copy;
	Record r;

	if (!find_filepass(s, &r))
		return g_bytes_ref(workbook);
	read_filepass(sg_span_cut(s, r.at, r.n), &key);
	if (key.password == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "the workbook needs a password");
		return NULL;
	}
	if (!pay(sink, s.n, error))
		return NULL;
	copy = g_memdup2(s.p, s.n);
	decrypt_records(copy, s.n, &key);
	return g_bytes_new_take(copy, s.n);
}

/* ---- presentations */

#define CRYPT_SESSION "\x0f\x00\x14\x2f"	/* version and type of its record */
#define USER_EDIT     "\x00\x00\xf5\x0f"
#define PERSIST_DIR   "\x00\x00\x72\x17"

/* Only the container's record header and its version make it one. */
static gboolean
find_session(SgSpan d, SgOldKey *key)
{
	gsize at = 0;

	for (guint i = 0; i < 64 && sg_span_find(d, at, CRYPT_SESSION, 4, &at); i++, at++) {
		sg_old_key_read(sg_span_cut(d, (guint64)at + 8, sg_span_le32(d, at + 4)), key);
		if (key->how != SG_OLD_NONE)
			return TRUE;
	}
	return FALSE;
}

void
sg_ppt_look(GBytes *document, SgProtection *out)
{
	SgOldKey key = { .how = SG_OLD_NONE };

	if (find_session(sg_span_of(document), &key))
		sg_old_key_say(&key, out);
	else
		sg_pr_say(out, "plain", NULL);
}

/* Every object of the directory is encrypted by itself, under its number; how long it is
 * stands in its own, encrypted, header. */
static gsize
decrypt_object(guint8 *p, gsize n, guint32 at, guint32 id, const SgOldKey *key)
{
	SgRc4 rc4;
	gsize size;

	if (at > n || n - at < 8)
		return 0;
	sg_old_key_block(key, id, &rc4);
	sg_rc4(&rc4, p + at, 8);
	size = MIN(sg_span_le32((SgSpan){ p, n }, (guint64)at + 4), n - at - 8);
	sg_rc4(&rc4, p + at + 8, size);
	return size + 8;
}

static void
decrypt_listed(guint8 *p, gsize n, SgSpan list, const SgOldKey *key, SgSink *sink)
{
	gsize done = 0;

	/* objects do not overlap, so all of them are no more than the stream */
	for (guint64 at = 0; sg_span_has(list, at, 8);) {
		guint32 head = sg_span_le32(list, at), id = head & 0xfffff, count = head >> 20;

		at += 4;
		for (guint i = 0; i < count && sg_span_has(list, at, 4); i++, at += 4) {
			guint32 place = sg_span_le32(list, at);

			if (done / 2 > n + 65536) {
				sink->flag(sink, SG_FLAG_MALFORMED);
				return;
			}
			if (!sg_span_is((SgSpan){ p, n }, place, CRYPT_SESSION, 4))
				done += 64 + decrypt_object(p, n, place, id + i, key);
		}
	}
}

GBytes *
sg_ppt_open(GBytes *document, SgSink *sink, GError **error)
{
	SgSpan d = sg_span_of(document);
	SgOldKey key = { .how = SG_OLD_NONE };
	guint8 *copy;
	gsize at = d.n;

	if (!find_session(d, &key))
		return g_bytes_ref(document);
	if (key.password == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "the presentation needs a password");
		return NULL;
	}
	if (!pay(sink, d.n, error))
		return NULL;
	copy = g_memdup2(d.p, d.n);
	/* edits are in the clear; the last one tells where the newest directory is */
	while (at > 0) {
		at--;
		if (sg_span_is(d, at, USER_EDIT, 4) && sg_span_le32(d, at + 4) >= 28) {
			guint64 dir = sg_span_le32(d, at + 20);

			if (sg_span_is(d, dir, PERSIST_DIR, 4)) {
				decrypt_listed(copy, d.n, sg_span_cut(d, dir + 8, sg_span_le32(d, dir + 4)), &key, sink);
				break;
			}
		}
	}
	return g_bytes_new_take(copy, d.n);
}
