#include "protect/pdfkey.h"

/* What a password is filled up with: the empty one is nothing else. */
static const guint8 padding[32] = { 0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff,
	0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53,
	0x69, 0x7a };

static SgSpan
span(const SgPdfString *s, gsize at, gsize n)
{
	return sg_span_cut((SgSpan){ s->p, s->n }, at, n);
}

/* Algorithm 2: the file's key. */
static void
file_key(const SgPdfKey *k, gsize n, guint8 sum[SG_DIGEST_MAX])
{
	guint32 p = GUINT32_TO_LE(k->permissions);
	SgSpan pieces[] = { { padding, 32 }, span(&k->owner, 0, 32), { (guint8 *)&p, 4 }, span(&k->id, 0, 160),
		{ (const guint8 *)"\xff\xff\xff\xff", k->revision >= 4 && !k->metadata ? 4 : 0 } };

	sg_digest(SG_MD5, pieces, G_N_ELEMENTS(pieces), sum);
	for (guint i = 0; k->revision >= 3 && i < 50; i++)
		sg_digest(SG_MD5, (SgSpan[]){ { sum, n } }, 1, sum);
}

/* Algorithms 4 to 6: what /U is when the password fits. */
static gboolean
opens_with_rc4(const SgPdfKey *k, gsize n)
{
	guint8 key[SG_DIGEST_MAX], turned[16], check[SG_DIGEST_MAX];
	SgRc4 rc4;

	if (k->owner.n < 32 || k->user.n < 16)
		return FALSE;
	file_key(k, n, key);
	if (k->revision == 2) {
		memcpy(check, padding, 32);
		sg_rc4_key(&rc4, (SgSpan){ key, n });
		sg_rc4(&rc4, check, 32);
		return k->user.n >= 32 && memcmp(check, k->user.p, 32) == 0;
	}
	sg_digest(SG_MD5, (SgSpan[]){ { padding, 32 }, span(&k->id, 0, 160) }, 2, check);
	for (guint i = 0; i < 20; i++) {
		for (gsize b = 0; b < n; b++)
			turned[b] = (guint8)(key[b] ^ i);
		sg_rc4_key(&rc4, (SgSpan){ turned, n });
		sg_rc4(&rc4, check, 16);
	}
	return memcmp(check, k->user.p, 16) == 0;
}

/* Algorithm 2.B of revision 6: rounds until the last byte is small enough, at most 288. */
static gboolean
harden(SgSpan user, guint8 sum[SG_DIGEST_MAX])
{
	static const SgDigest digests[] = { SG_SHA256, SG_SHA384, SG_SHA512 };
	guint8 mixed[64 * (SG_DIGEST_MAX + 48)], out[sizeof mixed];
	gsize n = 32;

	for (guint round = 0; round < 64 || out[0] + 32u > round; round++) {
		gsize one = n + user.n, all = 64 * one;
		guint three = 0;

		for (gsize i = 0; i < 64; i++) {
			memcpy(mixed + i * one, sum, n);
			memcpy(mixed + i * one + n, user.p, user.n);
		}
		if (!sg_aes(FALSE, (SgSpan){ sum, 16 }, sum + 16, (SgSpan){ mixed, all }, out))
			return FALSE;
		for (guint i = 0; i < 16; i++)
			three += out[i];	/* as a number modulo 3, since 256 is 1 there */
		n = sg_digest(digests[three % 3], (SgSpan[]){ { out, all } }, 1, sum);
		if (n == 0)
			return FALSE;
		out[0] = out[all - 1];		/* for the loop's question */
	}
	return TRUE;
}

/* Algorithms 11 and 12: sum, and two salts behind it; the owner's is made with the user's. */
static gboolean
opens_with_sha(const SgPdfKey *k, const SgPdfString *who, SgSpan user)
{
	guint8 sum[SG_DIGEST_MAX];

	if (who->n < 48)
		return FALSE;
	sg_digest(SG_SHA256, (SgSpan[]){ span(who, 32, 8), user }, 2, sum);
	return (k->revision < 6 || harden(user, sum)) && memcmp(sum, who->p, 32) == 0;
}

gboolean
sg_pdf_opens(const SgPdfKey *k)
{
	SgSpan none = { k->user.p, 0 };

	/* writers do not agree about the length; only the right one passes the check */
	if (k->revision == 2)
		return opens_with_rc4(k, 5);
	if (k->revision == 3 || k->revision == 4)
		return opens_with_rc4(k, CLAMP(k->bytes, 5, 16)) || opens_with_rc4(k, 16) || opens_with_rc4(k, 5);
	if (k->revision != 5 && k->revision != 6)
		return FALSE;
	return opens_with_sha(k, &k->user, none) ||
	    (k->user.n >= 48 && opens_with_sha(k, &k->owner, span(&k->user, 0, 48)));
}
