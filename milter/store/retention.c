#include "store/private.h"

enum {
	SOME = 200,		/* incidents of one transaction: others must get their turn */
	SOME_TRACES = 2000,
};

#define ORPHAN_AGE ((gint64)3600)
#define SCRUB_GAP  (20 * (gint64)3600)	/* a rebuild keeps everybody from writing: once a night */
#define SMALL_AGE  (30 * SG_STORE_DAY)	/* tickets, times of last mails */

/* All copies have come to an end, nobody forbade it, and no mail about it is on its way. */
#define OVER \
	"FROM incident i WHERE (CASE WHEN i.decided_at > 0 THEN i.decided_at ELSE i.created END) < ?1 " \
	"AND i.sealed = 0 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.incident = i.id) " \
	"AND NOT EXISTS (SELECT 1 FROM copy c WHERE c.incident = i.id AND c.state NOT IN " \
	"('passed', 'rejected', 'released', 'refused', 'withheld', 'returned')) "

/* In the transaction that removes people's data: bytes of it are still in the files. */
static void
mark_unscrubbed(SgTx *tx)
{
	if (sg_tx_changed(tx) > 0)
		sg_tx_run(tx, "UPDATE meter SET value = 1 WHERE name = 'unscrubbed'", "");
}

/* Also what an earlier run could not: the mark stays until it is done. */
static gboolean
scrub(SgStore *s, gint64 now, GError **error)
{
	g_autoptr(SgTx) look = sg_tx_begin(s->db, FALSE, error);
	g_autoptr(SgTx) done = NULL;
	gint64 marked, at;

	if (look == NULL)
		return FALSE;
	marked = sg_tx_num(look, 0, "SELECT value FROM meter WHERE name = 'unscrubbed'", "");
	at = sg_tx_num(look, 0, "SELECT value FROM meter WHERE name = 'scrubbed_at'", "");
	if (!sg_tx_end(g_steal_pointer(&look), error))
		return FALSE;
	if (marked == 0 || (at <= now && at + SCRUB_GAP > now))
		return TRUE;
	if (!sg_db_scrub(s->db, error))
		return FALSE;
	done = sg_tx_begin(s->db, TRUE, error);
	if (done == NULL)
		return FALSE;
	sg_tx_run(done, "UPDATE meter SET value = 0 WHERE name = 'unscrubbed'", "");
	sg_tx_run(done, "UPDATE meter SET value = ?1 WHERE name = 'scrubbed_at'", "i", now);
	return sg_tx_end(g_steal_pointer(&done), error);
}

typedef struct Old {
	gint64 id;
	gint64 content;
	char  *ref;
} Old;

static void
old_free(gpointer p)
{
	g_free(((Old *)p)->ref);
	g_free(p);
}

static gboolean
on_old(const SgValue *row, gpointer data)
{
	Old *o;

	if (row[2].text == NULL)
		return FALSE;
	o = g_new0(Old, 1);
	o->id = row[0].num;
	o->content = row[1].num;
	o->ref = g_strdup(row[2].text);
	g_ptr_array_add(data, o);
	return TRUE;
}

/* Rows first, content after the commit: a crash leaves orphans for the next sweep. */
static gboolean
expire_some(SgStore *s, gint64 now, GPtrArray *gone, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_each(tx, on_old, gone, "SELECT i.id, i.content, i.ref " OVER "ORDER BY i.id LIMIT ?2", "ii",
	    now - s->keep_days * SG_STORE_DAY, (gint64)SOME);
	for (guint i = 0; i < gone->len && sg_tx_ok(tx); i++) {
		const Old *o = g_ptr_array_index(gone, i);

		sg_tx_run(tx, "DELETE FROM incident WHERE id = ?1", "i", o->id);
		mark_unscrubbed(tx);
		sg_content_count(tx, s, -o->content);
		sg_audit_add(tx, s->keys, now, "courier", "expired", o->ref, "");
	}
	return sg_tx_end(g_steal_pointer(&tx), error);
}

static gboolean
expire_incidents(SgStore *s, gint64 now, SgExpired *out, GError **error)
{
	guint done;

	do {
		g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(old_free);

		if (!expire_some(s, now, gone, error))
			return FALSE;
		for (guint i = 0; i < gone->len; i++) {
			const Old *o = g_ptr_array_index(gone, i);

			if (!s->engine->drop(sg_db_connection(s->db), o->ref, NULL, error))
				return FALSE;
			out->contents += o->content > 0;
		}
		done = gone->len;
		out->incidents += done;
	} while (done == SOME);
	return TRUE;
}

static gboolean
expire_traces(SgStore *s, gint64 now, SgExpired *out, GError **error)
{
	guint64 done = SOME_TRACES;

	while (done == SOME_TRACES) {
		g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

		if (tx == NULL)
			return FALSE;
		sg_tx_run(tx, "DELETE FROM trace WHERE id IN (SELECT id FROM trace WHERE at < ?1 LIMIT ?2)", "ii",
		    now - s->trace_days * SG_STORE_DAY, (gint64)SOME_TRACES);
		done = sg_tx_changed(tx);
		mark_unscrubbed(tx);
		if (!sg_tx_end(g_steal_pointer(&tx), error))
			return FALSE;
		out->traces += (guint)done;
	}
	return TRUE;
}

static gboolean
expire_small(SgStore *s, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "DELETE FROM ticket WHERE used < ?1", "i", now - SMALL_AGE);
	sg_tx_run(tx, "DELETE FROM sent WHERE at < ?1", "i", now - SMALL_AGE);
	sg_tx_run(tx, "DELETE FROM poison WHERE at < ?1", "i", now - 7 * SG_STORE_DAY);
	sg_tx_run(tx, "DELETE FROM sign WHERE at < ?1", "i", now - s->sign_days * SG_STORE_DAY);
	mark_unscrubbed(tx);
	sg_tx_run(tx, "DELETE FROM pair WHERE last < ?1", "i", now - s->contact_days * SG_STORE_DAY);
	mark_unscrubbed(tx);
	sg_tx_run(tx, "DELETE FROM domain WHERE last < ?1", "i", now - s->contact_days * SG_STORE_DAY);
	sg_tx_run(tx, "DELETE FROM namesake WHERE last < ?1", "i", now - s->contact_days * SG_STORE_DAY);
	mark_unscrubbed(tx);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

typedef struct Sweep {
	gint64	    before;
	GHashTable *refs;	/* of objects old enough, as a set */
} Sweep;

static void
on_object(const char *ref, gint64 made, gpointer data)
{
	Sweep *w = data;

	if (made < w->before)
		g_hash_table_add(w->refs, g_strdup(ref));
}

static gboolean
owned(SgTx *tx, const char *ref)
{
	return sg_tx_num(tx, 0, "SELECT count(*) FROM incident WHERE ref = ?1", "s", ref) > 0 || !sg_tx_ok(tx);
}

/* Keeps in refs only those that no incident owns. */
static gboolean
keep_orphans(SgStore *s, GHashTable *refs, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	GHashTableIter it;
	gpointer ref;

	if (tx == NULL)
		return FALSE;
	g_hash_table_iter_init(&it, refs);
	while (g_hash_table_iter_next(&it, &ref, NULL))
		if (owned(tx, ref))
			g_hash_table_iter_remove(&it);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

/* Asked again while nobody can write: a filing that comes late notices (file.c). */
static gboolean
drop_orphan(SgStore *s, const char *ref, SgExpired *out, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	if (!owned(tx, ref)) {
		GError *why = NULL;

		if (!s->engine->drop(sg_db_connection(s->db), ref, NULL, &why))
			sg_tx_fail_take(tx, why);
		else
			out->orphans++;
	}
	return sg_tx_end(g_steal_pointer(&tx), error);
}

static gboolean
sweep(SgStore *s, gint64 now, gboolean dry_run, SgExpired *out, GError **error)
{
	g_autoptr(GHashTable) refs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Sweep w = { now - ORPHAN_AGE, refs };
	GHashTableIter it;
	gpointer ref;

	if (!s->engine->each(sg_db_connection(s->db), on_object, &w, error) || !keep_orphans(s, refs, error))
		return FALSE;
	if (dry_run) {
		out->orphans = g_hash_table_size(refs);
		return TRUE;
	}
	g_hash_table_iter_init(&it, refs);
	while (g_hash_table_iter_next(&it, &ref, NULL))
		if (!drop_orphan(s, ref, out, error))
			return FALSE;
	return TRUE;
}

static gboolean
count_only(SgStore *s, gint64 now, SgExpired *out, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	gint64 before = now - s->keep_days * SG_STORE_DAY;

	if (tx == NULL)
		return FALSE;
	out->incidents = (guint)sg_tx_num(tx, 0, "SELECT count(*) " OVER, "i", before);
	out->contents = (guint)sg_tx_num(tx, 0, "SELECT count(*) " OVER "AND i.content > 0", "i", before);
	out->traces = (guint)sg_tx_num(tx, 0, "SELECT count(*) FROM trace WHERE at < ?1", "i",
	    now - s->trace_days * SG_STORE_DAY);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_expire(SgStore *s, gint64 now, gboolean dry_run, SgExpired *out, GError **error)
{
	SgExpired e = { 0 };

	if (!sweep(s, now, dry_run, &e, error))
		return FALSE;
	if (dry_run ? !count_only(s, now, &e, error)
		    : !expire_incidents(s, now, &e, error) || !expire_traces(s, now, &e, error) ||
			  !expire_small(s, now, error) || !scrub(s, now, error))
		return FALSE;
	*out = e;
	return TRUE;
}
