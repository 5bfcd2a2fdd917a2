#include "store/private.h"

/* Small memories of the front: tickets that were used, contents whose scan failed. */

/* answered: 0 not yet, when, or WITHDRAWN. */
#define WITHDRAWN ((gint64)-1)

static gint64
state_of(SgTx *tx, const char *nonce)
{
	return sg_tx_num(tx, SG_TICKET_UNUSED, "SELECT CASE WHEN answered > 0 THEN 2 ELSE 1 END FROM ticket "
	    "WHERE nonce = ?1", "s", nonce);
}

gboolean
sg_store_ticket_use(SgStore *s, const char *nonce, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	if (sg_tx_num(tx, 0, "SELECT answered FROM ticket WHERE nonce = ?1", "s", nonce) != 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "the ticket was used before, or withdrawn");
	sg_tx_run(tx, "INSERT INTO ticket (nonce, used, answered) VALUES (?1, ?2, 0) "
	    "ON CONFLICT (nonce) DO UPDATE SET used = ?2", "si", nonce, now);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_ticket_answered(SgStore *s, const char *nonce, const char *ref, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	if (sg_tx_num(tx, 0, "SELECT sealed FROM incident WHERE ref = ?1", "s", ref) != 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "the message was sealed meanwhile");
	sg_tx_run(tx, "UPDATE ticket SET answered = ?2 WHERE nonce = ?1 AND answered = 0", "si", nonce, MAX(now, 1));
	if (sg_tx_ok(tx) && sg_tx_changed(tx) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "the ticket is not in use, or was withdrawn");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_ticket_state(SgStore *s, const char *nonce, SgTicketState *state, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	gint64 found;

	if (tx == NULL)
		return FALSE;
	found = state_of(tx, nonce);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*state = (SgTicketState)found;
	return TRUE;
}

gboolean
sg_store_ticket_withdraw(SgStore *s, const char *nonce, gint64 now, SgTicketState *was, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	gint64 found;

	if (tx == NULL)
		return FALSE;
	found = state_of(tx, nonce);
	if (found != SG_TICKET_ANSWERED)
		sg_tx_run(tx, "INSERT INTO ticket (nonce, used, answered) VALUES (?1, ?2, ?3) "
		    "ON CONFLICT (nonce) DO UPDATE SET answered = ?3", "sii", nonce, now, WITHDRAWN);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*was = (SgTicketState)found;
	return TRUE;
}

gboolean
sg_store_poison(SgStore *s, const char *content_hash, gint64 now, guint *times, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	gint64 count;

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "INSERT INTO poison (content_hash, times, at) VALUES (?1, 1, ?2) "
	    "ON CONFLICT (content_hash) DO UPDATE SET at = ?2, "
	    "times = CASE WHEN poison.at < ?3 THEN 1 ELSE poison.times + 1 END", "sii", content_hash, now,
	    now - 7 * SG_STORE_DAY);
	count = sg_tx_num(tx, 0, "SELECT times FROM poison WHERE content_hash = ?1", "s", content_hash);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*times = (guint)count;
	return TRUE;
}
