#include "store/post.h"
#include "store/private.h"

#define NEVER G_MAXINT64

/* A person has looked: these are written to the audit before anything is shown or done. */
#define LOOKED \
	"(i.taken_by <> '' OR EXISTS (SELECT 1 FROM audit a WHERE a.ref = i.ref AND a.action IN " \
	"('looked', 'revealed', 'taken', 'took-over', 'decided', 'unsealed')))"

/* Needs a look at all: somebody's copy waits, or it went on but a child asks for help. */
#define WAITS \
	"i.urgency_rank <= 1 AND i.decision = '' AND i.look_by > 0 AND (i.disclosure = 1 OR i.sealed = 1 OR " \
	"EXISTS (SELECT 1 FROM copy c WHERE c.incident = i.id AND c.state = 'waiting'))"

void
sg_call_free(SgCall *r)
{
	if (r == NULL)
		return;
	g_free(r->ref);
	g_free(r->urgency);
	if (r->mails != NULL)
		g_ptr_array_unref(r->mails);
	g_free(r);
}

static gboolean
on_rung(const SgValue *row, gpointer data)
{
	SgCall *r;

	if (row[0].text == NULL || row[1].text == NULL)
		return FALSE;
	r = g_new0(SgCall, 1);
	r->ref = g_strdup(row[0].text);
	r->urgency = g_strdup(row[1].text);
	r->created = row[2].num;
	r->step = (guint)row[3].num;
	r->due = row[4].num;
	g_ptr_array_add(data, r);
	return TRUE;
}

GPtrArray *
sg_store_ladder_due(SgStore *s, gint64 now, guint most, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_call_free);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_rung, out, "SELECT i.ref, i.urgency, i.created, coalesce(l.step, 0), coalesce(l.due, 0) "
	    "FROM incident i LEFT JOIN ladder l ON l.incident = i.id WHERE " WAITS " AND coalesce(l.due, 0) <= ?1 "
	    "AND NOT " LOOKED " ORDER BY i.urgency_rank, i.id LIMIT ?2", "ii", now, (gint64)most);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&out);
}

static void
climb(SgTx *tx, const SgCall *r, gint64 now)
{
	gint64 id = sg_tx_num(tx, 0, "SELECT i.id FROM incident i LEFT JOIN ladder l ON l.incident = i.id WHERE i.ref = ?1 "
	    "AND coalesce(l.step, 0) = ?2 AND " WAITS, "si", r->ref, (gint64)r->step);

	if (id == 0)
		return;
	sg_tx_run(tx, "INSERT INTO ladder (incident, step, due) VALUES (?1, ?2, ?3) "
	    "ON CONFLICT (incident) DO UPDATE SET step = ?2, due = ?3", "iii", id, (gint64)r->step + 1,
	    r->next > 0 ? r->next : NEVER);
	for (guint i = 0; r->mails != NULL && i < r->mails->len; i++)
		sg_outbox_add(tx, id, -1, g_ptr_array_index(r->mails, i), now, FALSE);
}

gboolean
sg_store_ladder_climb(SgStore *s, const GPtrArray *rungs, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	for (guint i = 0; i < rungs->len && sg_tx_ok(tx); i++)
		climb(tx, g_ptr_array_index(rungs, i), now);
	return sg_tx_end(g_steal_pointer(&tx), error);
}
