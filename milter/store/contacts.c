#include <string.h>

#include <sodium.h>

#include "base/ref.h"
#include "store/post.h"
#include "store/private.h"

void
sg_contact_code(char out[SG_CODE_LEN + 1])
{
	char half[SG_REF_LEN + 1];

	sg_ref_new(half);
	memcpy(out, half, SG_REF_LEN);
	sg_ref_new(half);
	memcpy(out + SG_REF_LEN, half, SG_REF_LEN);
	out[SG_CODE_LEN] = '\0';
}

/* What a person typed, as the code stands in the mail; FALSE: it cannot be one. */
static gboolean
parse(const char *typed, char out[SG_CODE_LEN + 1])
{
	char plain[SG_CODE_LEN + 1] = "", half[SG_REF_LEN + 1];
	gsize n = 0;

	for (const char *p = typed; *p != '\0'; p++) {
		if (*p == '-' || *p == ' ')
			continue;
		if (n == SG_CODE_LEN)
			return FALSE;
		plain[n++] = *p;
	}
	if (!sg_ref_parse(plain + SG_REF_LEN, out + SG_REF_LEN))
		return FALSE;
	plain[SG_REF_LEN] = '\0';
	if (!sg_ref_parse(plain, half))
		return FALSE;
	memcpy(out, half, SG_REF_LEN);
	return TRUE;
}

/* 80 random bits need no salt and no slow hash. */
static char *
hash(const char *code)
{
	guint8 sum[32];
	char hex[sizeof sum * 2 + 1];

	crypto_generichash(sum, sizeof sum, (const guint8 *)code, strlen(code), NULL, 0);
	return g_strdup(sodium_bin2hex(hex, sizeof hex, sum, sizeof sum));
}

static gboolean
on_state(const SgValue *row, gpointer data)
{
	SgContactState *c = data;

	c->asked = row[0].num;
	c->confirmed = row[1].num;
	return TRUE;
}

gboolean
sg_store_contact(SgStore *s, const char *address, SgContactState *out, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_autofree char *key = sg_address_key(address);

	*out = (SgContactState){ 0 };
	if (tx == NULL)
		return FALSE;
	sg_tx_each(tx, on_state, out, "SELECT asked, confirmed FROM contact WHERE address_key = ?1", "s", key);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_contacts_count(SgStore *s, const GPtrArray *addresses, guint *confirmed, GError **error)
{
	*confirmed = 0;
	for (guint i = 0; i < addresses->len; i++) {
		SgContactState c;

		if (!sg_store_contact(s, addresses->pdata[i], &c, error))
			return FALSE;
		*confirmed += c.confirmed > 0;
	}
	return TRUE;
}

gboolean
sg_store_contact_ask(SgStore *s, const char *address, const char *code, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *key = sg_address_key(address), *sum = hash(code);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "INSERT INTO contact (address_key, code, asked, confirmed) VALUES (?1, ?2, ?3, 0) "
	    "ON CONFLICT (address_key) DO UPDATE SET code = ?2, asked = ?3", "ssi", key, sum, now);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

static gboolean
on_address(const SgValue *row, gpointer data)
{
	*(char **)data = g_strdup(row[0].text);
	return row[0].text != NULL;
}

char *
sg_store_contact_confirm(SgStore *s, const char *code, const char *actor, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = NULL;
	g_autofree char *address = NULL, *sum = NULL;
	char plain[SG_CODE_LEN + 1];

	if (!parse(code, plain)) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "this is not a code; it has %d letters and digits, "
		    "such as 7F3K-9QXD-2M4N-8RTV", SG_CODE_LEN);
		return NULL;
	}
	sum = hash(plain);
	tx = sg_tx_begin(s->db, TRUE, error);
	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_address, &address, "SELECT address_key FROM contact WHERE code = ?1 AND asked > ?2", "si",
	    sum, now - SG_CONTACT_DAYS * SG_STORE_DAY);
	if (sg_tx_ok(tx) && address == NULL)
		sg_tx_fail(tx, SG_ERR_INPUT, "no address waits for this code; it may be older than %d days, "
		    "or a newer mail has another one", SG_CONTACT_DAYS);
	if (address != NULL && sg_tx_num(tx, 0, "SELECT confirmed FROM contact WHERE address_key = ?1", "s", address) == 0) {
		sg_tx_run(tx, "UPDATE contact SET confirmed = ?2 WHERE address_key = ?1", "si", address, now);
		sg_audit_add(tx, s->keys, now, actor, "contact-confirmed", "", "");
	}
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&address);
}

gboolean
sg_store_contact_forget(SgStore *s, const char *address, const char *actor, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *key = sg_address_key(address);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "DELETE FROM contact WHERE address_key = ?1", "s", key);
	if (sg_tx_ok(tx) && sg_tx_changed(tx) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "this address was never asked");
	sg_audit_add(tx, s->keys, now, actor, "contact-forgotten", "", "");
	return sg_tx_end(g_steal_pointer(&tx), error);
}
