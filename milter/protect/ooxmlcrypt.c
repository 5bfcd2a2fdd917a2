/*
 * ooxmlcrypt - Word, Excel and PowerPoint packages inside an encrypted compound file:
 * standard and agile encryption, [MS-OFFCRYPTO] 2.3.4.
 */
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/err.h"
#include "protect/olecrypt.h"
#include "protect/pr.h"

#define SPINS_MAX     1000000u
#define SPINS_AT_ONCE 10000u
#define SEGMENT	      4096u
#define XML_MAX	      (256u << 10)

typedef struct Values {		/* attributes of keyData or of encryptedKey */
	SgSpan	 salt, check, check_sum, secret;
	guint8	 bytes[4][256];	/* what they refer to */
	guint	 bits, block, sum_size, spins;
	gboolean aes, cbc;
	SgDigest digest;
} Values;

/* The one that Excel tries by itself; each more would cost a stirring. */
static const char *const passwords[] = { "VelvetSweatshop" };

static const SgCipher *
aes_cipher(guint bits)
{
	static const SgCipher aes[] = { { "AES-128", TRUE }, { "AES-192", TRUE }, { "AES-256", TRUE } };

	return &aes[bits >= 256 ? 2 : bits >= 192 ? 1 : 0];
}

/* salt and password, stirred.  FALSE when that would take too long. */
static gboolean
stir(SgDigest d, SgSpan salt, const char *password, guint spins, SgSink *sink, guint8 sum[SG_DIGEST_MAX])
{
	guint8 wide[64];
	gsize n = strlen(password);

	for (gsize i = 0; i < n; i++) {
		wide[2 * i] = (guint8)password[i];
		wide[2 * i + 1] = 0;
	}
	if (sg_digest(d, (SgSpan[]){ salt, { wide, 2 * n } }, 2, sum) == 0)
		return FALSE;
	for (guint i = 0; i < spins; i += SPINS_AT_ONCE)
		if (!sink->spend(sink, 0, NULL) || sg_digest_spin(d, sum, i, MIN(spins, i + SPINS_AT_ONCE)) == 0)
			return FALSE;
	return TRUE;
}

/* ---- standard: AES in single blocks, SHA-1, 50,000 times */

/* [MS-OFFCRYPTO] 2.3.4.7: the key is made of the sum's two mirrored halves. */
static gboolean
standard_key(SgSpan salt, const char *password, SgSink *sink, guint8 key[2 * 20])
{
	guint8 sum[SG_DIGEST_MAX], pad[64], half[SG_DIGEST_MAX];
	static const guint8 zero[4];

	if (!stir(SG_SHA1, salt, password, 50000, sink, sum))
		return FALSE;
	sg_digest(SG_SHA1, (SgSpan[]){ { sum, 20 }, { zero, 4 } }, 2, sum);
	for (guint k = 0; k < 2; k++) {
		memset(pad, k == 0 ? 0x36 : 0x5c, sizeof pad);
		for (guint i = 0; i < 20; i++)
			pad[i] ^= sum[i];
		sg_digest(SG_SHA1, (SgSpan[]){ { pad, sizeof pad } }, 1, half);
		memcpy(key + 20 * k, half, 20);
	}
	return TRUE;
}

static gboolean
standard_fits(SgSpan verifier, SgSpan sum, SgSpan key)
{
	guint8 plain[16], sum_plain[32], own[SG_DIGEST_MAX];

	return sg_aes(TRUE, key, NULL, verifier, plain) && sg_aes(TRUE, key, NULL, sum, sum_plain) &&
	    sg_digest(SG_SHA1, (SgSpan[]){ { plain, 16 } }, 1, own) == 20 && memcmp(own, sum_plain, 20) == 0;
}

static GBytes *
take_package(guint8 *plain, gsize have, guint64 size)
{
	return g_bytes_new_take(plain, MIN(have, (gsize)MIN(size, G_MAXSIZE)));
}

static GBytes *
standard_package(SgSpan e, SgSpan key, SgSink *sink)
{
	SgSpan body = sg_span_cut(e, 8, (e.n - MIN(e.n, 8)) / 16 * 16);
	g_autofree guint8 *plain = g_malloc(body.n + 1);

	for (gsize at = 0; at < body.n; at += 1u << 20) {
		SgSpan piece = sg_span_cut(body, at, 1u << 20);

		if (!sink->spend(sink, piece.n, NULL) || !sg_aes(TRUE, key, NULL, piece, plain + at))
			return NULL;
	}
	return take_package(g_steal_pointer(&plain), body.n, sg_span_le(e, 0, 8));
}

static void
open_standard(SgSpan info, SgSpan e, SgSink *sink, SgProtection *out, GBytes **package)
{
	guint64 check = (guint64)12 + sg_span_le32(info, 8);
	guint bits = sg_span_le32(info, 28);
	SgSpan salt = sg_span_cut(info, check + 4, 16);
	guint8 key[2 * 20];

	sg_pr_say(out, "protected", aes_cipher(bits));
	if (salt.n != 16 || (bits != 128 && bits != 192 && bits != 256))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(passwords); i++) {
		if (!standard_key(salt, passwords[i], sink, key))
			return;
		if (!standard_fits(sg_span_cut(info, check + 20, 16), sg_span_cut(info, check + 40, 32),
		    (SgSpan){ key, bits / 8 }))
			continue;
		sg_pr_say(out, "open", aes_cipher(bits));
		*package = standard_package(e, (SgSpan){ key, bits / 8 }, sink);
		return;
	}
}

/* ---- agile: what is used stands in a piece of XML */

static SgSpan
base64_value(xmlNode *node, const char *name, guint8 *room, gsize size)
{
	xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)name);
	SgSpan s = { room, 0 };
	gsize n = 0;

	if (text != NULL && xmlStrlen(text) < 2 * (int)size) {
		g_autofree guchar *raw = text[0] != '\0' ? g_base64_decode((const char *)text, &n) : NULL;

		if (n > 0 && n <= size) {
			memcpy(room, raw, n);
			s.n = n;
		}
	}
	xmlFree(text);
	return s;
}

static guint
number_value(xmlNode *node, const char *name)
{
	xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)name);
	guint64 v = text != NULL ? g_ascii_strtoull((const char *)text, NULL, 10) : 0;

	xmlFree(text);
	return (guint)MIN(v, G_MAXUINT32);
}

static gboolean
value_is(xmlNode *node, const char *name, const char *value)
{
	xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)name);
	gboolean same = text != NULL && g_ascii_strcasecmp((const char *)text, value) == 0;

	xmlFree(text);
	return same;
}

static void
read_values(xmlNode *node, Values *v)
{
	static const struct {
		const char *name;
		SgDigest digest;
	} digests[] = { { "SHA1", SG_SHA1 }, { "SHA-1", SG_SHA1 }, { "SHA256", SG_SHA256 }, { "SHA-256", SG_SHA256 },
		{ "SHA384", SG_SHA384 }, { "SHA-384", SG_SHA384 }, { "SHA512", SG_SHA512 }, { "SHA-512", SG_SHA512 },
		{ "MD5", SG_MD5 } };

	v->salt = base64_value(node, "saltValue", v->bytes[0], 256);
	v->check = base64_value(node, "encryptedVerifierHashInput", v->bytes[1], 256);
	v->check_sum = base64_value(node, "encryptedVerifierHashValue", v->bytes[2], 256);
	v->secret = base64_value(node, "encryptedKeyValue", v->bytes[3], 256);
	v->bits = number_value(node, "keyBits");
	v->block = number_value(node, "blockSize");
	v->sum_size = number_value(node, "hashSize");
	v->spins = number_value(node, "spinCount");
	v->aes = value_is(node, "cipherAlgorithm", "AES");
	v->cbc = value_is(node, "cipherChaining", "ChainingModeCBC");
	v->digest = SG_DIGEST_N;
	for (gsize i = 0; i < G_N_ELEMENTS(digests); i++)
		if (value_is(node, "hashAlgorithm", digests[i].name))
			v->digest = digests[i].digest;
}

static gboolean
usable(const Values *v)
{
	return v->aes && v->cbc && v->block == 16 && v->digest != SG_DIGEST_N && v->salt.n > 0 &&
	    (v->bits == 128 || v->bits == 192 || v->bits == 256);
}

/* The first keyData and the first encryptedKey with a spinCount (a password's, not a
 * certificate's), anywhere: nobody else's names are like that. */
static void
find_values(xmlNode *node, Values *data, Values *password, guint depth)
{
	for (; node != NULL && depth < 8; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		if (xmlStrcmp(node->name, (const xmlChar *)"keyData") == 0 && data->bits == 0)
			read_values(node, data);
		if (xmlStrcmp(node->name, (const xmlChar *)"encryptedKey") == 0 && password->bits == 0 &&
		    xmlHasProp(node, (const xmlChar *)"spinCount") != NULL)
			read_values(node, password);
		find_values(node->children, data, password, depth + 1);
	}
}

/* The first n bytes of H(sum || what), with 0x36 behind when that is too short. */
static void
derive(SgDigest d, SgSpan sum, const void *what, gsize n_what, guint8 *out, gsize n)
{
	guint8 key[SG_DIGEST_MAX] = { 0 };
	gsize have = sg_digest(d, (SgSpan[]){ sum, { what, n_what } }, 2, key);

	memset(out, 0x36, n);
	memcpy(out, key, MIN(n, have));
}

static gboolean
decrypt_value(const Values *v, SgSpan sum, const char block_key[8], SgSpan in, guint8 out[256])
{
	guint8 key[32], iv[16];

	derive(v->digest, sum, block_key, 8, key, v->bits / 8);
	memset(iv, 0x36, sizeof iv);
	memcpy(iv, v->salt.p, MIN(v->salt.n, sizeof iv));
	return in.n >= 16 && in.n <= 256 && sg_aes(TRUE, (SgSpan){ key, v->bits / 8 }, iv, in, out);
}

/* TRUE: password fits, and key is the package's. */
static gboolean
agile_key(const Values *v, const char *password, SgSink *sink, guint8 key[256])
{
	guint8 sum[SG_DIGEST_MAX], check[256], check_sum[256], own[SG_DIGEST_MAX];
	gsize n;
	SgSpan stirred = { sum, 0 };

	if (!stir(v->digest, v->salt, password, v->spins, sink, sum))
		return FALSE;
	stirred.n = sg_digest(v->digest, NULL, 0, own);		/* only its length */
	if (!decrypt_value(v, stirred, "\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79", v->check, check) ||
	    !decrypt_value(v, stirred, "\xd7\xaa\x0f\x6d\x30\x61\x34\x4e", v->check_sum, check_sum) ||
	    !decrypt_value(v, stirred, "\x14\x6e\x0b\xe7\xab\xac\xd0\xd6", v->secret, key))
		return FALSE;
	n = sg_digest(v->digest, (SgSpan[]){ { check, MIN(v->check.n, v->salt.n) } }, 1, own);
	return n > 0 && n <= v->check_sum.n && memcmp(own, check_sum, n) == 0;
}

static GBytes *
agile_package(const Values *data, SgSpan e, SgSpan key, SgSink *sink)
{
	SgSpan body = sg_span_cut(e, 8, (e.n - MIN(e.n, 8)) / 16 * 16);
	g_autofree guint8 *plain = g_malloc(body.n + 1);

	for (gsize at = 0, i = 0; at < body.n; at += SEGMENT, i++) {
		guint32 le = GUINT32_TO_LE((guint32)i);
		guint8 iv[16];

		derive(data->digest, data->salt, &le, 4, iv, sizeof iv);
		if ((i % 256 == 0 && !sink->spend(sink, MIN(body.n - at, 256 * SEGMENT), NULL)) ||
		    !sg_aes(TRUE, key, iv, sg_span_cut(body, at, SEGMENT), plain + at))
			return NULL;
	}
	return take_package(g_steal_pointer(&plain), body.n, sg_span_le(e, 0, 8));
}

static void
open_agile(SgSpan info, SgSpan e, SgSink *sink, SgProtection *out, GBytes **package)
{
	static const SgCipher other = { "agile", FALSE };
	SgSpan xml = sg_span_cut(info, 8, XML_MAX);
	xmlDoc *doc = xmlReadMemory((const char *)xml.p, (int)xml.n, "info.xml", NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_RECOVER);
	Values data = { .digest = SG_DIGEST_N }, v = { .digest = SG_DIGEST_N };
	guint8 key[256];

	if (doc != NULL)
		find_values(xmlDocGetRootElement(doc), &data, &v, 0);
	xmlFreeDoc(doc);
	sg_pr_say(out, "protected", data.aes ? aes_cipher(data.bits) : &other);
	if (!usable(&data) || !usable(&v))
		return;
	if (v.spins > SPINS_MAX) {
		sink->limit(sink, "seconds");
		return;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(passwords); i++) {
		if (!agile_key(&v, passwords[i], sink, key))
			continue;
		sg_pr_say(out, "open", aes_cipher(data.bits));
		*package = agile_package(&data, e, (SgSpan){ key, data.bits / 8 }, sink);
		return;
	}
}

void
sg_ooxml_open(GBytes *info, GBytes *encrypted, SgSink *sink, SgProtection *out, GBytes **package)
{
	static const SgCipher other = { "extensible", FALSE };
	SgSpan i = sg_span_of(info), e = sg_span_of(encrypted);
	guint major = sg_span_le16(i, 0), minor = sg_span_le16(i, 2);

	*package = NULL;
	if (major == 4 && minor == 4)
		open_agile(i, e, sink, out, package);
	else if (major >= 2 && major <= 4 && minor == 2)
		open_standard(i, e, sink, out, package);
	else
		sg_pr_say(out, "protected", &other);
}
