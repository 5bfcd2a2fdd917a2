#include "store/post.h"
#include "store/private.h"

gboolean
sg_store_post(SgStore *s, const char *once, gint64 mark, GPtrArray *mails, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	if (once != NULL)
		sg_tx_run(tx, "UPDATE meter SET value = ?2 WHERE name = ?1 AND value < ?2", "si", once, mark);
	if (once == NULL || sg_tx_changed(tx) > 0)
		for (guint i = 0; i < mails->len; i++)
			sg_outbox_add(tx, 0, -1, g_ptr_array_index(mails, i), now, FALSE);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_mark(SgStore *s, const char *once, gint64 *mark, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return FALSE;
	*mark = sg_tx_num(tx, 0, "SELECT value FROM meter WHERE name = ?1", "s", once);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_outbox_split(SgStore *s, gint64 id, const GPtrArray *addresses, gboolean first, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	for (guint i = 0; i < addresses->len; i++) {
		const char *to = g_ptr_array_index(addresses, i);
		g_autofree char *key = sg_address_key(to);

		sg_tx_run(tx, "INSERT INTO outbox (incident, copy, kind, template, role, address, about, made, "
		    "not_before, decided) SELECT incident, copy, kind, template, role, ?2, about, made, ?3, decided "
		    "FROM outbox o WHERE id = ?1 AND address = '' AND (?4 = 0 OR (NOT EXISTS (SELECT 1 FROM told t "
		    "WHERE t.incident = o.incident AND t.who = ?5) AND NOT EXISTS (SELECT 1 FROM outbox x WHERE "
		    "x.incident = o.incident AND x.address = ?2 AND x.kind = 'alert' AND x.template LIKE 'alert%')))",
		    "isiis", id, to, now, (gint64)(first != FALSE), key);
	}
	sg_tx_run(tx, "DELETE FROM outbox WHERE id = ?1 AND address = ''", "i", id);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_tallies(SgStore *s, gint64 since, gint64 until, const char *const *not_party, SgTallies *out, GError **error)
{
	/* one address is what a digest has; more would be more rows of the same question */
	g_autofree char *key = sg_address_key(not_party != NULL && not_party[0] != NULL ? not_party[0] : "");
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	SgTallies t = { 0 };

	if (tx == NULL)
		return FALSE;
#define OTHERS \
	"i.sender_key <> ?3 AND NOT EXISTS (SELECT 1 FROM copy p WHERE p.incident = i.id AND p.address_key = ?3) " \
	"AND NOT EXISTS (SELECT 1 FROM subject b WHERE b.incident = i.id AND b.address_key = ?3)"
	t.held = (guint)sg_tx_num(tx, 0, "SELECT count(*) FROM incident i WHERE i.created >= ?1 AND i.created < ?2 AND "
	    "i.look_by > 0 AND " OTHERS, "iis", since, until, key);
	t.released = (guint)sg_tx_num(tx, 0, "SELECT count(*) FROM incident i WHERE i.decided_at >= ?1 AND "
	    "i.decided_at < ?2 AND i.decision IN ('release', 'release_stripped', 'release_advised') AND " OTHERS,
	    "iis", since, until, key);
	t.kept = (guint)sg_tx_num(tx, 0, "SELECT count(*) FROM incident i WHERE i.decided_at >= ?1 AND "
	    "i.decided_at < ?2 AND i.decision IN ('return', 'withhold') AND " OTHERS, "iis", since, until, key);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*out = t;
	return TRUE;
}
