#include <string.h>

#include <sodium.h>

#include "base/err.h"
#include "model/ticket.h"

#define MAC_LEN 32

static void
recipient_tag(const SgKeys *keys, const char *recipient, char out[17])
{
	g_autofree char *lower = g_utf8_strdown(recipient, -1);
	guint8 sum[MAC_LEN];

	crypto_generichash(sum, sizeof sum, (const guint8 *)lower, strlen(lower), keys->mail, SG_KEY_LEN);
	sodium_bin2hex(out, 17, sum, 8);
}

static char *
body_of(const SgTicket *t)
{
	if (t->release)
		return g_strdup_printf("v=1; ref=%s; n=%s; t=%" G_GINT64_FORMAT "; c=%s; r=%s", t->ref, t->nonce,
		    t->expires, t->content, t->recipient);
	return g_strdup_printf("v=1; n=%s; t=%" G_GINT64_FORMAT "; r=%s", t->nonce, t->expires, t->recipient);
}

/* The kind is part of what is signed: a notice's ticket is no release's. */
static void
sign(const SgTicket *t, const char *body, const SgKeys *keys, guint8 mac[MAC_LEN])
{
	const char *kind = t->release ? SG_TICKET_RELEASE : SG_TICKET_NOTICE;
	crypto_generichash_state h;

	crypto_generichash_init(&h, keys->mail, SG_KEY_LEN, MAC_LEN);
	crypto_generichash_update(&h, (const guint8 *)kind, strlen(kind) + 1);
	crypto_generichash_update(&h, (const guint8 *)body, strlen(body));
	crypto_generichash_final(&h, mac, MAC_LEN);
}

char *
sg_ticket_make(SgTicket *t, const SgKeys *keys, const char *recipient)
{
	guint8 mac[MAC_LEN], random[16];
	char hex[MAC_LEN * 2 + 1];
	g_autofree char *body = NULL;

	if (t->nonce[0] == '\0') {
		randombytes_buf(random, sizeof random);
		sodium_bin2hex(t->nonce, sizeof t->nonce, random, sizeof random);
	}
	recipient_tag(keys, recipient, t->recipient);
	body = body_of(t);
	sign(t, body, keys, mac);
	return g_strdup_printf("%s; s=%s", body, sodium_bin2hex(hex, sizeof hex, mac, sizeof mac));
}

/* The next "name=value" of exactly this name; length 0 means any up to max - 1. */
static gboolean
field(const char **p, const char *name, char *out, gsize max, gsize length)
{
	gsize n = strlen(name), len;

	if (strncmp(*p, name, n) != 0)
		return FALSE;
	*p += n;
	len = strcspn(*p, ";");
	if (len >= max || (length != 0 && len != length) || strspn(*p, "0123456789abcdefABCDEFGHJKMNPQRSTVWXYZ") < len)
		return FALSE;
	memcpy(out, *p, len);
	out[len] = '\0';
	*p += len;
	if (strncmp(*p, "; ", 2) == 0)
		*p += 2;
	return TRUE;
}

static gboolean
parse(const char *p, SgTicket *t, char mac[MAC_LEN * 2 + 1])
{
	char version[2] = "", expires[21] = "";

	if (!field(&p, "v=", version, sizeof version, 1) || version[0] != '1' ||
	    (t->release && !field(&p, "ref=", t->ref, sizeof t->ref, 8)) ||
	    !field(&p, "n=", t->nonce, sizeof t->nonce, 32) || !field(&p, "t=", expires, sizeof expires, 0) ||
	    (t->release && !field(&p, "c=", t->content, sizeof t->content, 64)) ||
	    !field(&p, "r=", t->recipient, sizeof t->recipient, 16) ||
	    !field(&p, "s=", mac, MAC_LEN * 2 + 1, MAC_LEN * 2) || *p != '\0')
		return FALSE;
	t->expires = g_ascii_strtoll(expires, NULL, 10);
	return TRUE;
}

gboolean
sg_ticket_read(const char *value, gboolean release, const SgKeys *keys, gint64 now, SgTicket *out, GError **error)
{
	SgTicket t = { .release = release };
	char given[MAC_LEN * 2 + 1] = "", made[MAC_LEN * 2 + 1];
	guint8 mac[MAC_LEN];
	g_autofree char *body = NULL;

	while (*value == ' ' || *value == '\t')
		value++;
	if (!parse(value, &t, given)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_PEER, "not a ticket of ours");
		return FALSE;
	}
	/* The body is built again from what was understood: nothing unread is signed. */
	body = body_of(&t);
	sign(&t, body, keys, mac);
	sodium_bin2hex(made, sizeof made, mac, sizeof mac);
	if (sodium_memcmp(given, made, sizeof made) != 0) {
		g_set_error_literal(error, SG_ERR, SG_ERR_PEER, "the ticket's signature is wrong");
		return FALSE;
	}
	if (t.expires < now) {
		g_set_error_literal(error, SG_ERR, SG_ERR_PEER, "the ticket has expired");
		return FALSE;
	}
	*out = t;
	return TRUE;
}

gboolean
sg_ticket_is_for(const SgTicket *t, const SgKeys *keys, const char *recipient)
{
	char tag[17];

	recipient_tag(keys, recipient, tag);
	return sodium_memcmp(tag, t->recipient, sizeof tag) == 0;
}
