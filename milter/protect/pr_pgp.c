/*
 * pr_pgp - OpenPGP messages, binary or in armour, alone or between the lines of a text.
 *
 * RFC 9580, 4.2 (packets) and 6 (armour).  Encrypted is what has a session key (tags 1
 * and 3) or encrypted data (9, 18, 20) in a sensible packet; what is only signed or
 * packed is not.  A text with other words around the message is partial.
 */
#include "protect/pr.h"

#define BEGIN	   "-----BEGIN PGP MESSAGE-----"
#define END	   "-----END PGP MESSAGE-----"
#define PACKETS	   32u		/* session keys before the data */
#define ARMOUR_MAX 65536u	/* letters that are decoded: enough for the packets in front */
#define MESSAGES   64u		/* in one text */

typedef struct Packet {
	guint	tag;
	SgSpan	body;		/* what there is of it */
	guint64 size;
	gboolean open_end;	/* in pieces, or up to the end */
} Packet;

/* The packet at *at; FALSE when there is none. */
static gboolean
next_packet(SgSpan s, gsize *at, Packet *p)
{
	guint8 first = sg_span_u8(s, *at);
	guint64 here = (guint64)*at + 1;
	guint8 a = sg_span_u8(s, here);

	if ((first & 0x80) == 0 || *at >= s.n)
		return FALSE;
	p->open_end = FALSE;
	if ((first & 0x40) == 0) {	/* the old form: how many bytes the size has */
		guint bytes = 1u << (first & 3);

		p->tag = first >> 2 & 15;
		p->open_end = bytes == 8;
		p->size = 0;
		for (guint i = 0; bytes < 8 && i < bytes; i++)
			p->size = p->size << 8 | sg_span_u8(s, here++);
	} else {
		p->tag = first & 63;
		p->open_end = a >= 224 && a < 255;
		p->size = a < 192 ? a : ((guint64)(a - 192u) << 8) + sg_span_u8(s, here + 1) + 192;
		here += a < 192 ? 1 : 2;
		if (a == 255) {
			p->size = GUINT32_FROM_BE(sg_span_le32(s, here - 1));
			here += 3;
		} else if (p->open_end) {
			here--;
		}
	}
	p->body = sg_span_cut(s, here, p->open_end ? s.n : p->size);
	*at = p->open_end || !sg_span_has(s, here, p->size) ? s.n : (gsize)(here + p->size);
	return TRUE;
}

static gboolean
is_session_key(const Packet *p)
{
	guint8 version = sg_span_u8(p->body, 0), cipher = sg_span_u8(p->body, version > 4 ? 2 : 1);

	if (p->open_end)
		return FALSE;
	if (p->tag == 1)
		return (version == 2 || version == 3 || version == 6) && p->size >= 12 && p->size < 8192;
	return p->tag == 3 && version >= 4 && version <= 6 && cipher >= 1 && cipher <= 13 &&
	    p->size >= 4 && p->size < 512;
}

static gboolean
is_data(const Packet *p)
{
	guint8 version = sg_span_u8(p->body, 0);

	if (p->tag == 18)
		return (version == 1 || version == 2) && (p->open_end || p->size >= 20);
	return (p->tag == 20 && version == 1) || p->tag == 9;
}

/* The cipher that a passphrase's packet names; a public key's does not tell. */
static const SgCipher *
cipher_of(const Packet *p)
{
	static const SgCipher ciphers[] = { { "OpenPGP", TRUE }, { "OpenPGP-IDEA", FALSE }, { "OpenPGP-3DES", FALSE },
		{ "OpenPGP-CAST5", FALSE }, { "OpenPGP-Blowfish", FALSE }, { "OpenPGP", TRUE }, { "OpenPGP", TRUE },
		{ "OpenPGP-AES-128", TRUE }, { "OpenPGP-AES-192", TRUE }, { "OpenPGP-AES-256", TRUE },
		{ "OpenPGP-Twofish", TRUE }, { "OpenPGP-Camellia", TRUE }, { "OpenPGP-Camellia", TRUE },
		{ "OpenPGP-Camellia", TRUE } };
	guint n = p->tag == 3 ? sg_span_u8(p->body, sg_span_u8(p->body, 0) > 4 ? 2 : 1) : 0;

	return &ciphers[n < G_N_ELEMENTS(ciphers) ? n : 0];
}

/* Is this an encrypted message?  alone: data without a session key will do, too. */
static const SgCipher *
encrypted(SgSpan s, gboolean labelled)
{
	static const SgCipher any = { "OpenPGP", TRUE };
	const SgCipher *c = NULL;
	gsize at = 0;
	Packet p;

	for (guint i = 0; i < PACKETS && next_packet(s, &at, &p); i++) {
		if (is_session_key(&p))
			c = c == NULL || c->strong ? cipher_of(&p) : c;
		else if (is_data(&p))
			return c != NULL ? c : p.tag == 18 || labelled ? &any : NULL;
		else if (p.tag != 10 && p.tag != 21)	/* a marker, padding */
			return NULL;
	}
	/* only keys: the rest is cut off, or was not looked at */
	return c;
}

/* ---- armour */

/* Lines in front of the letters: what they say is read by people. */
static gsize
skip_armour_headers(SgSpan s, gsize at, gboolean *words)
{
	while (at < s.n) {
		const guint8 *nl = memchr(s.p + at, '\n', s.n - at);
		gsize end = nl != NULL ? (gsize)(nl - s.p) : s.n;
		SgSpan line = sg_span_cut(s, at, end - at);

		if (memchr(line.p, ':', line.n) == NULL)
			return at;
		*words |= line.n > 60 || g_ascii_strncasecmp((const char *)line.p, "comment", MIN(line.n, 7)) == 0;
		at = MIN(end + 1, s.n);
	}
	return at;
}

/* The letters from at to end, decoded; marks of quoting and markup are no letters.  *words:
 * there is something that is not of the message. */
static const SgCipher *
armoured(SgSpan s, gsize at, gsize end, gboolean *words)
{
	g_autofree char *letters = g_malloc(ARMOUR_MAX + 1);
	gsize n = 0, have = 0;
	gint state = 0;
	guint save = 0;
	gboolean tag = FALSE;
	g_autofree guchar *out = g_malloc(ARMOUR_MAX);

	for (at = skip_armour_headers(sg_span_cut(s, 0, end), at, words); at < end && n < ARMOUR_MAX; at++) {
		guint8 c = s.p[at];

		if (c == '=' && n > 0 && s.p[at - 1] == '\n')	/* its check sum */
			break;
		tag = c == '<' || (tag && c != '>');
		*words |= tag || (c == '>' && n > 0);
		if (!tag && (g_ascii_isalnum(c) || c == '+' || c == '/'))
			letters[n++] = (char)c;
		else if (!g_ascii_isspace(c) && c != '=')
			*words = TRUE;
	}
	have = g_base64_decode_step(letters, n, out, &state, &save);
	return encrypted((SgSpan){ out, have }, TRUE);
}

static gboolean
is_blank(SgSpan s, gsize at, gsize end)
{
	while (at < end && g_ascii_isspace(s.p[at]))
		at++;
	return at >= end;
}

static gboolean
look_text(SgSpan s, SgProtection *out)
{
	const SgCipher *weakest = NULL;
	gsize behind = 0, at = 0;
	gboolean words = FALSE;

	for (guint i = 0; i < MESSAGES && sg_span_find(s, behind, BEGIN, strlen(BEGIN), &at); i++) {
		gsize letters = at + strlen(BEGIN), end = s.n;
		const SgCipher *c;

		words |= !is_blank(s, behind, at);
		sg_span_find(s, letters, END, strlen(END), &end);
		while (letters < end && s.p[letters] != '\n')
			letters++;
		c = armoured(s, MIN(letters + 1, end), end, &words);
		words |= c == NULL;
		if (c != NULL && (weakest == NULL || !c->strong))
			weakest = c;
		behind = MIN(end + strlen(END), s.n);
	}
	if (weakest == NULL)
		return FALSE;
	sg_pr_say(out, words || !is_blank(s, behind, s.n) ? "partial" : "protected", weakest);
	return TRUE;
}

static gboolean
is_labelled(const SgPart *part)
{
	const char *dot = strrchr(part->name, '.');

	return strstr(part->declared, "pgp") != NULL ||
	    (dot != NULL && (g_ascii_strcasecmp(dot, ".pgp") == 0 || g_ascii_strcasecmp(dot, ".gpg") == 0));
}

gboolean
sg_pr_pgp_is(const SgPart *part, SgSpan head)
{
	gsize at;

	return g_str_has_prefix(part->detected, "text/") || g_str_has_prefix(part->declared, "text/") ||
	    sg_span_find(head, 0, "-----BEGIN PGP", 14, &at) || encrypted(head, is_labelled(part)) != NULL;
}

gboolean
sg_pr_pgp(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	const SgCipher *c = encrypted(file, is_labelled(part));

	(void)sink;
	if (c == NULL)
		return look_text(file, out);
	sg_pr_type(part, "application/pgp-encrypted");
	sg_pr_say(out, "protected", c);
	return TRUE;
}
