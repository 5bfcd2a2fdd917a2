#include <string.h>

#include <sodium.h>

#include "model/mark.h"

#define MAC_LEN 32

static char *
with_signature(const SgKeys *keys, const char *body)
{
	char hex[MAC_LEN * 2 + 1];
	guint8 mac[MAC_LEN];
	crypto_generichash_state h;

	crypto_generichash_init(&h, keys->mail, SG_KEY_LEN, MAC_LEN);
	crypto_generichash_update(&h, (const guint8 *)SG_MARK, sizeof SG_MARK);
	crypto_generichash_update(&h, (const guint8 *)body, strlen(body));
	crypto_generichash_final(&h, mac, MAC_LEN);
	return g_strdup_printf("%s; s=%s", body, sodium_bin2hex(hex, sizeof hex, mac, sizeof mac));
}

static char *
body_for(const SgKeys *keys, const char *ids, gsize len, const char *message_id)
{
	guint8 sum[MAC_LEN];
	char hex[17];

	crypto_generichash(sum, sizeof sum, (const guint8 *)message_id, strlen(message_id), keys->mail, SG_KEY_LEN);
	return g_strdup_printf("v=1; id=%.*s; m=%s", (int)len, ids, sodium_bin2hex(hex, sizeof hex, sum, 8));
}

char *
sg_mark_make(const SgKeys *keys, const char *ids, const char *message_id)
{
	g_autofree char *list = g_strdelimit(g_strdup(ids), " ", ',');
	g_autofree char *body = body_for(keys, list, strlen(list), message_id != NULL ? message_id : "");

	return with_signature(keys, body);
}

gboolean
sg_mark_is_good(const SgKeys *keys, const char *value, const char *message_id)
{
	static const char start[] = "v=1; id=";
	const char *ids, *end;
	g_autofree char *body = NULL, *made = NULL;

	value += strspn(value, " \t");
	ids = value + strlen(start);
	if (message_id == NULL || strncmp(value, start, strlen(start)) != 0 || (end = strchr(ids, ';')) == NULL)
		return FALSE;
	/* built again from what was understood */
	body = body_for(keys, ids, (gsize)(end - ids), message_id);
	made = with_signature(keys, body);
	return strlen(made) == strlen(value) && sodium_memcmp(made, value, strlen(made)) == 0;
}
