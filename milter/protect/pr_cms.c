/*
 * pr_cms - S/MIME: encrypted, or signed and readable; and key stores (.p12).
 *
 * RFC 5652 and 8551, RFC 7292.  What is only signed or packed is taken out of its wrapper
 * and given as a part: a mail program shows it like any other body.  libcrypto reads the
 * structure (BER of any form); which cipher was used is found by its object identifier.
 */
#include <openssl/cms.h>
#include <openssl/err.h>

#include "protect/pr.h"

#define LOOKED (1u << 20)	/* bytes in which the cipher must stand: behind the recipients */
#define OPENED (8u << 10)	/* and of a key store, in front of the keys */

typedef enum { NOTHING, DATA, SIGNED, ENVELOPED, PACKED, STORE } Kind;

static const struct {
	const char *oid;	/* what is behind 06 and its length */
	gsize	    n;
	Kind	    kind;
} kinds[] = {
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 9, DATA },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 9, SIGNED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", 9, ENVELOPED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x04", 9, ENVELOPED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06", 9, ENVELOPED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x02", 11, SIGNED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", 11, PACKED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", 11, ENVELOPED },
};

static const struct {
	const char *oid;
	gsize	    n;
	SgCipher    cipher;
} ciphers[] = {
	{ "\x60\x86\x48\x01\x65\x03\x04\x01\x2a", 9, { "AES-256", TRUE } },
	{ "\x60\x86\x48\x01\x65\x03\x04\x01\x2e", 9, { "AES-256", TRUE } },
	{ "\x60\x86\x48\x01\x65\x03\x04\x01\x16", 9, { "AES-192", TRUE } },
	{ "\x60\x86\x48\x01\x65\x03\x04\x01\x1a", 9, { "AES-192", TRUE } },
	{ "\x60\x86\x48\x01\x65\x03\x04\x01\x02", 9, { "AES-128", TRUE } },
	{ "\x60\x86\x48\x01\x65\x03\x04\x01\x06", 9, { "AES-128", TRUE } },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x03\x12", 11, { "ChaCha20", TRUE } },
	{ "\x2a\x86\x48\x86\xf7\x0d\x03\x07", 8, { "3DES", FALSE } },
	{ "\x2a\x86\x48\x86\xf7\x0d\x03\x02", 8, { "RC2", FALSE } },
	{ "\x2a\x86\x48\x86\xf7\x0d\x03\x04", 8, { "RC4", FALSE } },
	{ "\x2b\x0e\x03\x02\x07", 5, { "DES", FALSE } },
};

/* Behind the tag and the length at at; 0 when it is another tag. */
static gsize
enter(SgSpan s, gsize at, guint8 tag)
{
	guint8 n = sg_span_u8(s, at + 1);

	if (at >= s.n || s.p[at] != tag || n > 0x88)
		return 0;
	return at + 2 + (n > 0x80 ? n & 0x7fu : 0);
}

static Kind
kind_of(SgSpan s)
{
	gsize at = enter(s, 0, 0x30), store;

	if (at == 0)
		return NOTHING;
	if (sg_span_is(s, at, "\x02\x01\x03\x30", 4) && (store = enter(s, at + 3, 0x30)) != 0 &&
	    sg_span_is(s, store, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07", 10))
		return STORE;
	for (gsize i = 0; sg_span_u8(s, at) == 6 && i < G_N_ELEMENTS(kinds); i++)
		if (sg_span_u8(s, at + 1) == kinds[i].n && sg_span_is(s, at + 2, kinds[i].oid, kinds[i].n))
			return kinds[i].kind;
	return NOTHING;
}

/* The first cipher that is named: ciphers that only wrap keys are others. */
static const SgCipher *
cipher_in(SgSpan s)
{
	static const SgCipher unknown = { "S/MIME", FALSE };
	const SgCipher *found = &unknown;
	gsize first = s.n;

	for (gsize i = 0; i < G_N_ELEMENTS(ciphers); i++) {
		gsize at = 0;

		while (sg_span_find(s, at, ciphers[i].oid, ciphers[i].n, &at) && at < first) {
			if (at >= 2 && s.p[at - 1] == ciphers[i].n && s.p[at - 2] == 6) {
				first = at;
				found = &ciphers[i].cipher;
			}
			at++;
		}
	}
	return found;
}

/* Does it begin with the header of a MIME entity? */
static gboolean
is_entity(SgSpan s)
{
	static const char *const names[] = { "content-", "mime-version", "from:", "received:", "date:", "subject:" };

	while (s.n > 0 && g_ascii_isspace(*s.p))
		s = sg_span_cut(s, 1, s.n);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (s.n > 20 && g_ascii_strncasecmp((const char *)s.p, names[i], strlen(names[i])) == 0)
			return TRUE;
	return FALSE;
}

/* "letter.pdf.p7m" holds "letter.pdf"; "smime.p7m" an entity without a name. */
static char *
inner_name(const SgPart *part)
{
	char *name = g_strdup(part->name), *dot = strrchr(name, '.');

	if (dot != NULL && g_ascii_strncasecmp(dot, ".p7", 3) == 0)
		*dot = '\0';
	if (strchr(name, '.') == NULL)
		name[0] = '\0';
	return name;
}

static void
give(SgPart *part, SgSpan inside, SgSink *sink)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *name = inner_name(part);
	SgPart *p;

	if (inside.n == 0 || !sink->spend(sink, MIN(inside.n, 1u << 20), NULL))
		return;
	bytes = g_bytes_new(inside.p, inside.n);
	p = sg_part_inside(part, 1, name, bytes);
	if (is_entity(inside)) {	/* a body, not a file in one */
		p->traits = part->traits & SG_PART_FORWARDED;
		p->traits |= (part->traits & (SG_PART_FORWARDED | SG_PART_ATTACHED)) == 0 ? SG_PART_OWN : 0;
		g_free(p->declared);
		p->declared = g_strdup("message/rfc822");
	}
	sink->part(sink, p, NULL);
	part->traits |= SG_PART_READ;
}

/* FALSE when the structure cannot be read. */
static gboolean
unwrap(SgPart *part, SgSpan file, SgSink *sink)
{
	BIO *in = BIO_new_mem_buf(file.p, (int)MIN(file.n, G_MAXINT32));
	CMS_ContentInfo *cms = in != NULL ? d2i_CMS_bio(in, NULL) : NULL;
	ASN1_OCTET_STRING **content = cms != NULL ? CMS_get0_content(cms) : NULL;

	if (content != NULL && *content != NULL)
		give(part, (SgSpan){ ASN1_STRING_get0_data(*content), (gsize)MAX(ASN1_STRING_length(*content), 0) }, sink);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	ERR_clear_error();
	return cms != NULL;
}

static const SgCipher *
store_cipher(SgSpan s)
{
	static const SgCipher strong = { "PKCS12", TRUE }, weak = { "PKCS12-3DES", FALSE };
	gsize at;

	/* PBES2, or what came before it */
	return sg_span_find(sg_span_cut(s, 0, OPENED), 0, "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d", 9, &at) ? &strong : &weak;
}

static gboolean
judge(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	Kind kind = kind_of(file);

	if (kind != NOTHING)
		sg_pr_type(part, kind == STORE ? "application/x-pkcs12" : "application/pkcs7-mime");
	switch (kind) {
	case ENVELOPED:
		sg_pr_say(out, "protected", cipher_in(sg_span_cut(file, 0, LOOKED)));
		return TRUE;
	case STORE:
		sg_pr_say(out, "protected", store_cipher(file));
		return TRUE;
	case DATA: case SIGNED:
		sg_pr_say(out, "plain", NULL);
		return unwrap(part, file, sink);
	case PACKED: case NOTHING:
		break;
	}
	return FALSE;
}

static gboolean
is_labelled(const SgPart *part)
{
	const char *dot = strrchr(part->name, '.');

	return strstr(part->declared, "pkcs7-mime") != NULL || strstr(part->declared, "pkcs12") != NULL ||
	    (dot != NULL && g_ascii_strcasecmp(dot, ".p7m") == 0);
}

/* Letters between the lines of PEM, or nothing but letters under the right label. */
static GBytes *
from_letters(const SgPart *part, SgSpan s)
{
	static const char *const begins[] = { "-----BEGIN PKCS7-----", "-----BEGIN CMS-----",
		"-----BEGIN PKCS #7 SIGNED DATA-----" };
	gsize at = 0, n = 0, end = s.n;
	g_autofree char *text = NULL;
	guchar *raw;

	for (gsize i = 0; i < G_N_ELEMENTS(begins); i++)
		if (sg_span_find(sg_span_cut(s, 0, SG_PR_HEAD), 0, begins[i], strlen(begins[i]), &at)) {
			at += strlen(begins[i]);
			sg_span_find(s, at, "-----END", 8, &end);
		}
	if ((at == 0 && !is_labelled(part)) || end - at > G_MAXINT32 || end == at)
		return NULL;
	text = g_strndup((const char *)s.p + at, end - at);
	raw = g_base64_decode(text, &n);
	return g_bytes_new_take(raw, n);
}

gboolean
sg_pr_cms_is(const SgPart *part, SgSpan head)
{
	gsize at;

	return kind_of(head) != NOTHING || is_labelled(part) ||
	    sg_span_find(head, 0, "-----BEGIN PKCS", 15, &at) || sg_span_find(head, 0, "-----BEGIN CMS-", 15, &at);
}

gboolean
sg_pr_cms(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	g_autoptr(GBytes) binary = NULL;

	if (kind_of(file) != NOTHING)
		return judge(part, file, sink, out);
	binary = from_letters(part, file);
	return binary != NULL && judge(part, sg_span_of(binary), sink, out);
}
