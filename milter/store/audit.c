#include <string.h>

#include <sodium.h>

#include "store/audit.h"
#include "store/private.h"

enum { HASH = 32, HEX = HASH * 2 + 1 };

typedef crypto_generichash_state Hash;

typedef struct Head {
	gint64 seq;
	char   hash[HEX];
	char   mac[HEX];
} Head;

static void
feed_num(Hash *h, guint64 n)
{
	guint64 le = GUINT64_TO_LE(n);

	crypto_generichash_update(h, (const guint8 *)&le, sizeof le);
}

static void
feed_text(Hash *h, const char *s)
{
	feed_num(h, strlen(s));
	crypto_generichash_update(h, (const guint8 *)s, strlen(s));
}

static void
finish(Hash *h, char out[HEX])
{
	guint8 raw[HASH];

	crypto_generichash_final(h, raw, HASH);
	sodium_bin2hex(out, HEX, raw, HASH);
}

static void
entry_hash(const SgKeys *keys, const char *before, const SgAuditEntry *e, char out[HEX])
{
	Hash h;

	crypto_generichash_init(&h, keys->audit, SG_KEY_LEN, HASH);
	feed_text(&h, "schoolgate audit entry 1");
	feed_text(&h, before);
	feed_num(&h, (guint64)e->seq);
	feed_num(&h, (guint64)e->when);
	feed_text(&h, e->actor);
	feed_text(&h, e->action);
	feed_text(&h, e->ref);
	feed_text(&h, e->detail);
	finish(&h, out);
}

static void
head_mac(const SgKeys *keys, const Head *head, char out[HEX])
{
	Hash h;

	crypto_generichash_init(&h, keys->audit, SG_KEY_LEN, HASH);
	feed_text(&h, "schoolgate audit head 1");
	feed_num(&h, (guint64)head->seq);
	feed_text(&h, head->hash);
	finish(&h, out);
}

static void
head_start(Head *head)
{
	memset(head, 0, sizeof *head);
	memset(head->hash, '0', HEX - 1);
}

static gboolean
on_head(const SgValue *row, gpointer data)
{
	Head *head = data;

	if (row[1].text == NULL || row[2].text == NULL)
		return FALSE;
	head->seq = row[0].num;
	g_strlcpy(head->hash, row[1].text, HEX);
	g_strlcpy(head->mac, row[2].text, HEX);
	return TRUE;
}

static gboolean
read_head(SgTx *tx, const SgKeys *keys, Head *head)
{
	char mac[HEX];

	if ((keys->have & SG_KEY_AUDIT) == 0)
		return sg_tx_fail(tx, SG_ERR_SETUP, "this program holds no audit.key");
	head_start(head);
	if (!sg_tx_each(tx, on_head, head, "SELECT seq, hash, mac FROM audit_head", ""))
		return FALSE;
	head_mac(keys, head, mac);
	if (head->mac[0] == '\0')
		return sg_tx_fail(tx, SG_ERR_PEER, "the record of where the audit ends was removed");
	if (sodium_memcmp(mac, head->mac, HEX) != 0)
		return sg_tx_fail(tx, SG_ERR_PEER, "the record of where the audit ends was changed");
	return TRUE;
}

static gboolean
write_head(SgTx *tx, const SgKeys *keys, const Head *head)
{
	char mac[HEX];

	head_mac(keys, head, mac);
	return sg_tx_run(tx, "INSERT INTO audit_head (id, seq, hash, mac) VALUES (1, ?1, ?2, ?3) "
	    "ON CONFLICT (id) DO UPDATE SET seq = ?1, hash = ?2, mac = ?3", "iss", head->seq, head->hash, mac);
}

gboolean
sg_audit_start(SgTx *tx, const SgKeys *keys)
{
	Head head;

	if ((keys->have & SG_KEY_AUDIT) == 0)
		return sg_tx_fail(tx, SG_ERR_SETUP, "this program holds no audit.key: it cannot make a new store");
	head_start(&head);
	return write_head(tx, keys, &head);
}

gboolean
sg_audit_add(SgTx *tx, const SgKeys *keys, gint64 now, const char *actor, const char *action,
    const char *ref, const char *detail)
{
	g_autofree char *whom = g_utf8_make_valid(actor, -1);
	g_autofree char *what = g_utf8_make_valid(detail, -1);
	g_autofree char *action_copy = g_strdup(action), *ref_copy = g_strdup(ref);
	SgAuditEntry e = { .when = now, .actor = whom, .action = action_copy, .ref = ref_copy, .detail = what };
	Head head;

	if (!sg_tx_ok(tx) || !read_head(tx, keys, &head))
		return FALSE;
	e.seq = ++head.seq;
	entry_hash(keys, head.hash, &e, e.hash);
	sg_tx_run(tx, "INSERT INTO audit (seq, at, actor, action, ref, detail, hash) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", "iisssss", e.seq, e.when, e.actor, e.action, e.ref,
	    e.detail, e.hash);
	memcpy(head.hash, e.hash, HEX);
	return write_head(tx, keys, &head);
}

gint64
sg_audit_seq(SgTx *tx)
{
	return sg_tx_num(tx, 0, "SELECT coalesce(max(seq), 0) FROM audit", "");
}

void
sg_audit_entry_free(SgAuditEntry *e)
{
	if (e == NULL)
		return;
	g_free(e->actor);
	g_free(e->action);
	g_free(e->ref);
	g_free(e->detail);
	g_free(e);
}

static SgAuditEntry *
entry_of(const SgValue *row)
{
	SgAuditEntry *e;

	for (guint i = 2; i < 7; i++)
		if (row[i].text == NULL)
			return NULL;
	e = g_new0(SgAuditEntry, 1);
	e->seq = row[0].num;
	e->when = row[1].num;
	e->actor = g_strdup(row[2].text);
	e->action = g_strdup(row[3].text);
	e->ref = g_strdup(row[4].text);
	e->detail = g_strdup(row[5].text);
	g_strlcpy(e->hash, row[6].text, sizeof e->hash);
	return e;
}

gboolean
sg_store_audit(SgStore *s, const char *actor, const char *action, const char *ref, const char *detail,
    gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_audit_add(tx, s->keys, now, actor, action, ref, detail);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

static gboolean
on_entry(const SgValue *row, gpointer data)
{
	SgAuditEntry *e = entry_of(row);

	if (e != NULL)
		g_ptr_array_add(data, e);
	return e != NULL;
}

#define ENTRY "SELECT seq, at, actor, action, ref, detail, hash FROM audit "

GPtrArray *
sg_store_audit_list(SgStore *s, const char *ref, gint64 since, guint limit, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_audit_entry_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	gint64 most = limit > 0 ? limit : SG_STORE_MOST;

	if (tx == NULL)
		return NULL;
	if (ref != NULL && *ref != '\0')
		sg_tx_each(tx, on_entry, out, ENTRY "WHERE ref = ?1 AND at >= ?2 ORDER BY seq DESC LIMIT ?3",
		    "sii", ref, since, most);
	else
		sg_tx_each(tx, on_entry, out, ENTRY "WHERE at >= ?1 ORDER BY seq DESC LIMIT ?2", "ii", since, most);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&out);
}

typedef struct Walk {
	const SgKeys *keys;
	Head	      at;	/* the last entry found right */
	char	     *broken;	/* what was found wrong first */
} Walk;

static gboolean
on_link(const SgValue *row, gpointer data)
{
	Walk *w = data;
	g_autoptr(SgAuditEntry) e = w->broken == NULL ? entry_of(row) : NULL;
	char hash[HEX];

	if (w->broken != NULL)
		return TRUE;
	if (e == NULL)
		return FALSE;
	if (e->seq != w->at.seq + 1) {
		w->broken = g_strdup_printf("entry %" G_GINT64_FORMAT " was removed", w->at.seq + 1);
		return TRUE;
	}
	entry_hash(w->keys, w->at.hash, e, hash);
	if (sodium_memcmp(hash, e->hash, HEX) != 0) {
		w->broken = g_strdup_printf("entry %" G_GINT64_FORMAT " was changed or added from outside", e->seq);
		return TRUE;
	}
	w->at.seq = e->seq;
	memcpy(w->at.hash, hash, HEX);
	return TRUE;
}

gboolean
sg_store_audit_verify(SgStore *s, gint64 *entries, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	Walk w = { .keys = s->keys };
	Head head;

	if (tx == NULL)
		return FALSE;
	head_start(&w.at);
	head_start(&head);
	if (read_head(tx, s->keys, &head))
		sg_tx_each(tx, on_link, &w, ENTRY "ORDER BY seq", "");
	if (w.broken == NULL && w.at.seq != head.seq)
		w.broken = w.at.seq < head.seq
		    ? g_strdup_printf("entry %" G_GINT64_FORMAT " was removed", w.at.seq + 1)
		    : g_strdup_printf("entry %" G_GINT64_FORMAT " was added from outside", head.seq + 1);
	if (w.broken == NULL && strcmp(w.at.hash, head.hash) != 0)
		w.broken = g_strdup_printf("entry %" G_GINT64_FORMAT " was changed", head.seq);
	if (w.broken != NULL)
		sg_tx_fail(tx, SG_ERR_PEER, "the audit does not hold: %s", w.broken);
	g_free(w.broken);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	if (entries != NULL)
		*entries = w.at.seq;
	return TRUE;
}
