#include <string.h>

#include "store/private.h"
#include "store/sessions.h"

#define BROWSERS 20	/* an account is known to have signed in with; the oldest are forgotten */

static const char *const stages[] = { "code", "setup", "full", "locked" };

void
sg_session_row_free(SgSessionRow *r)
{
	if (r == NULL)
		return;
	g_free(r->hash);
	g_free(r->id);
	g_free(r->account);
	g_free(r->address);
	g_free(r->note);
	g_free(r);
}

static gboolean
on_session(const SgValue *row, gpointer data)
{
	g_autoptr(SgSessionRow) r = g_new0(SgSessionRow, 1);

	for (guint i = 0; i < 6; i++)
		if (row[i].text == NULL)
			return FALSE;
	while (r->stage < SG_STAGE_LOCKED && strcmp(stages[r->stage], row[3].text) != 0)
		r->stage++;
	r->hash = g_strdup(row[0].text);
	r->id = g_strdup(row[1].text);
	r->account = g_strdup(row[2].text);
	r->address = g_strdup(row[4].text);
	r->note = g_strdup(row[5].text);
	r->begun = row[6].num;
	r->seen = row[7].num;
	r->hidden = row[8].num;
	g_ptr_array_add(data, g_steal_pointer(&r));
	return TRUE;
}

#define SESSION                                                                                    \
	"SELECT hash, id, account, stage, address, note, begun, seen, hidden FROM session "

SgSessionRow *
sg_store_session(SgStore *s, const char *hash, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_session_row_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_session, out, SESSION "WHERE hash = ?1 AND "
	    "(SELECT state FROM account WHERE name = account) <> 'disabled'", "s", hash);
	if (!sg_tx_end(g_steal_pointer(&tx), error) || out->len == 0)
		return NULL;
	return g_ptr_array_steal_index(out, 0);
}

GPtrArray *
sg_store_sessions(SgStore *s, const char *account, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_session_row_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	if (account != NULL)
		sg_tx_each(tx, on_session, out, SESSION "WHERE account = ?1 ORDER BY begun DESC, id", "s", account);
	else
		sg_tx_each(tx, on_session, out, SESSION "ORDER BY begun DESC, id", "");
	return sg_tx_end(g_steal_pointer(&tx), error) ? g_steal_pointer(&out) : NULL;
}

static void
forgive(SgTx *tx, const char *const *who)
{
	for (; who != NULL && *who != NULL; who++)
		sg_tx_run(tx, "DELETE FROM guess WHERE who = ?1", "s", *who);
}

gboolean
sg_store_session_begin(SgStore *s, const SgSessionRow *r, const char *old, gint64 oldest,
    const char *const *who, const char *action, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *detail = g_strdup_printf("session=%s", r->id);

	if (tx == NULL)
		return FALSE;
	if (sg_tx_num(tx, 0, "SELECT 1 FROM account WHERE name = ?1 AND state <> 'disabled'", "s", r->account) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no such account, or it is disabled");
	sg_tx_run(tx, "DELETE FROM session WHERE hash = ?1 OR begun < ?2", "si", old, oldest);
	sg_tx_run(tx, "INSERT INTO session (hash, id, account, stage, begun, seen, address, note) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "ssssiiss", r->hash, r->id, r->account, stages[r->stage],
	    r->begun, r->seen, r->address, r->note);
	if (r->stage == SG_STAGE_FULL) {
		sg_tx_run(tx, "UPDATE account SET signed_in = ?2 WHERE name = ?1", "si", r->account, r->seen);
		forgive(tx, who);
	}
	if (*action != '\0')
		sg_audit_add(tx, s->keys, r->seen, r->account, action, "", detail);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_session_mark(SgStore *s, const char *hash, SgStage stage, gint64 seen, gint64 hidden, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE session SET stage = ?2, seen = ?3, hidden = ?4 WHERE hash = ?1", "ssii", hash,
	    stages[stage], seen, hidden);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_session_note(SgStore *s, const char *hash, const char *note, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE session SET note = ?2 WHERE hash = ?1", "ss", hash, note);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_session_end(SgStore *s, const char *account, const char *id, const char *but, const char *actor,
    gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *detail = g_strdup_printf("account=%s session=%s", account, id != NULL ? id : "all");

	if (tx == NULL)
		return FALSE;
	if (id != NULL)
		sg_tx_run(tx, "DELETE FROM session WHERE account = ?1 AND id = ?2", "ss", account, id);
	else
		sg_tx_run(tx, "DELETE FROM session WHERE account = ?1 AND hash <> ?2", "ss", account, but);
	if (sg_tx_ok(tx) && id != NULL && sg_tx_changed(tx) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no such session, or it has ended");
	sg_audit_add(tx, s->keys, now, actor, "session-ended", "", detail);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

/* --- browsers ----------------------------------------------------------------- */

gboolean
sg_store_browser_known(SgStore *s, const char *account, const char *hash, gboolean *known, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	gint64 n;

	if (tx == NULL)
		return FALSE;
	n = sg_tx_num(tx, 0, "SELECT 1 FROM browser WHERE account = ?1 AND hash = ?2", "ss", account, hash);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*known = n != 0;
	return TRUE;
}

gboolean
sg_store_browser_add(SgStore *s, const char *account, const char *hash, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "INSERT INTO browser (account, hash, last) VALUES (?1, ?2, ?3) "
	    "ON CONFLICT (account, hash) DO UPDATE SET last = ?3", "ssi", account, hash, now);
	sg_tx_run(tx, "DELETE FROM browser WHERE account = ?1 AND hash NOT IN (SELECT hash FROM browser "
	    "WHERE account = ?1 ORDER BY last DESC, hash LIMIT ?2)", "si", account, (gint64)BROWSERS);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

/* --- guesses ------------------------------------------------------------------ */

typedef struct Counted {
	gint64 times, until;
} Counted;

static gboolean
on_guess(const SgValue *row, gpointer data)
{
	Counted *c = data;

	c->times = row[0].num;
	c->until = row[1].num;
	return row[0].text == NULL && row[1].text == NULL;
}

static gint64
pause_after(const SgGuessLimit *limit, gint64 times)
{
	gint64 wait = limit->first;

	if (times < limit->free)
		return 0;
	for (gint64 k = limit->free; k < times && wait < limit->most; k++)
		wait *= 2;
	return MIN(wait, limit->most);
}

gboolean
sg_store_guess(SgStore *s, const SgGuessLimit *limits, guint n, gint64 now, gint64 *wait, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree Counted *c = g_new0(Counted, n + 1);
	gint64 longest = 0;

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "DELETE FROM guess WHERE at < ?1", "i", now - SG_STORE_DAY);
	for (guint i = 0; i < n; i++) {
		sg_tx_each(tx, on_guess, &c[i], "SELECT times, until FROM guess WHERE who = ?1", "s", limits[i].who);
		longest = MAX(longest, c[i].until - now);
	}
	/* counted before it is looked at, so that a hundred at the same moment are a hundred */
	for (guint i = 0; i < n && longest <= 0; i++)
		sg_tx_run(tx, "INSERT INTO guess (who, times, at, until) VALUES (?1, ?2, ?3, ?4) "
		    "ON CONFLICT (who) DO UPDATE SET times = ?2, at = ?3, until = ?4", "siii", limits[i].who,
		    c[i].times + 1, now, now + pause_after(&limits[i], c[i].times + 1));
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*wait = MAX(longest, 0);
	return TRUE;
}

gboolean
sg_store_guess_forgive(SgStore *s, const char *const *who, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	forgive(tx, who);
	return sg_tx_end(g_steal_pointer(&tx), error);
}
