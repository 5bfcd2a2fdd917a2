#include <string.h>

#include "store/private.h"

enum { ANSWER_MOST = 200 };

void
sg_mail_job_free(SgMailJob *j)
{
	if (j == NULL)
		return;
	g_free(j->kind);
	g_free(j->ref);
	g_free(j->template);
	g_free(j->role);
	g_free(j->address);
	g_free(j->nonce);
	g_free(j->about);
	g_free(j);
}

gboolean
sg_outbox_add(SgTx *tx, gint64 incident, gint64 copy, const SgMailJob *j, gint64 now, gboolean decided)
{
	return sg_tx_run(tx, "INSERT INTO outbox (incident, copy, kind, template, role, address, made, not_before, "
	    "decided, about) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", "iissssiiis", incident, copy, j->kind,
	    j->template, j->role, j->address, now, j->not_before, (gint64)(decided != FALSE), j->about);
}

static gboolean
on_job(const SgValue *row, gpointer data)
{
	SgMailJob *j;

	for (guint i = 1; i <= 7; i++)
		if (row[i].text == NULL)
			return FALSE;
	j = g_new0(SgMailJob, 1);
	j->id = row[0].num;
	j->kind = g_strdup(row[1].text);
	j->ref = g_strdup(row[2].text);
	j->template = g_strdup(row[3].text);
	j->role = g_strdup(row[4].text);
	j->address = g_strdup(row[5].text);
	j->nonce = g_strdup(row[6].text);
	j->about = g_strdup(row[7].text);
	j->attempts = (guint)row[8].num;
	j->not_before = row[9].num;
	j->made = row[10].num;
	g_ptr_array_add(data, j);
	return TRUE;
}

/* Due, nobody's or this owner's or left behind.  A sealed message is never released; an
 * attempt on it that was never ended is given back all the same, to be ended. */
#define DUE \
	"FROM outbox o LEFT JOIN incident i ON i.id = o.incident WHERE o.not_before <= ?1 AND " \
	"(o.owner = '' OR o.owner = ?2 OR o.begun <= ?3) AND (o.kind <> 'release' OR i.sealed = 0 OR o.nonce <> '') "

static gboolean
any_due(SgStore *s, const char *owner, gint64 now, gint64 lease, gboolean *any, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return FALSE;
	*any = sg_tx_num(tx, 0, "SELECT count(*) " DUE, "isi", now, owner, now - lease) > 0;
	return sg_tx_end(g_steal_pointer(&tx), error);
}

GPtrArray *
sg_store_outbox_claim(SgStore *s, const char *owner, gint64 now, gint64 lease, guint max, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_mail_job_free);
	g_autoptr(SgTx) tx = NULL;
	gboolean any = FALSE;

	/* an idle courier keeps nobody from writing */
	if (!any_due(s, owner, now, lease, &any, error))
		return NULL;
	if (!any)
		return g_steal_pointer(&out);
	tx = sg_tx_begin(s->db, TRUE, error);
	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_job, out, "SELECT o.id, o.kind, coalesce(i.ref, ''), "
	    "CASE WHEN o.kind = 'release' THEN i.strip ELSE o.template END, o.role, o.address, o.nonce, o.about, "
	    "o.attempts, o.not_before, o.made " DUE "ORDER BY o.template NOT LIKE 'alert-urgent%', o.made, o.id LIMIT ?4", "isii", now, owner,
	    now - lease, (gint64)max);
	for (guint i = 0; i < out->len; i++) {
		const SgMailJob *j = g_ptr_array_index(out, i);

		sg_tx_run(tx, "UPDATE outbox SET owner = ?2, begun = ?3 WHERE id = ?1", "isi", j->id, owner, now);
	}
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&out);
}

typedef struct Job {	/* what an end needs to know of a row */
	gint64	 incident, copy, attempts;
	gboolean sealed;
	char	*kind, *who, *ref;
} Job;

static void
job_clear(Job *j)
{
	g_free(j->kind);
	g_free(j->who);
	g_free(j->ref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static gboolean
on_row(const SgValue *row, gpointer data)
{
	Job *j = data;

	j->incident = row[0].num;
	j->copy = row[1].num;
	j->attempts = row[2].num;
	j->sealed = row[3].num != 0;
	j->kind = g_strdup(row[4].text);
	j->ref = g_strdup(row[5].text);
	j->who = sg_address_key(row[6].text != NULL ? row[6].text : "");
	return j->kind != NULL && j->ref != NULL;
}

static gboolean
load(SgTx *tx, gint64 id, Job *j)
{
	sg_tx_each(tx, on_row, j, "SELECT o.incident, o.copy, o.attempts, coalesce(i.sealed, 0), o.kind, "
	    "coalesce(i.ref, ''), CASE WHEN o.address = '' THEN o.role ELSE o.address END "
	    "FROM outbox o LEFT JOIN incident i ON i.id = o.incident WHERE o.id = ?1", "i", id);
	if (sg_tx_ok(tx) && j->kind == NULL)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no such mail in the outbox");
	return sg_tx_ok(tx);
}

static void
set_copy(SgTx *tx, const Job *j, SgCopyState state, const char *answer, gint64 attempts)
{
	sg_tx_run(tx, "UPDATE copy SET state = ?3, answer = ?4, attempts = ?5 WHERE incident = ?1 AND nr = ?2",
	    "iissi", j->incident, j->copy, sg_copy_state_name(state), answer, attempts);
	sg_tx_run(tx, "UPDATE incident SET version = version + 1 WHERE id = ?1", "i", j->incident);
}

gboolean
sg_store_outbox_sending(SgStore *s, gint64 id, const char *nonce, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_auto(Job) j = { 0 };

	if (tx == NULL)
		return FALSE;
	if (load(tx, id, &j) && strcmp(j.kind, "release") != 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "only a release has a ticket");
	if (j.sealed)
		sg_tx_fail(tx, SG_ERR_INPUT, "the message was sealed meanwhile: it is not released");
	if (sg_tx_num(tx, 0, "SELECT count(*) FROM copy WHERE incident = ?1 AND nr = ?2 AND "
	    "state IN ('releasing', 'sending')", "ii", j.incident, j.copy) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "this copy is not to be released");
	sg_tx_run(tx, "UPDATE outbox SET nonce = ?2 WHERE id = ?1", "is", id, nonce);
	sg_tx_run(tx, "UPDATE copy SET state = 'sending' WHERE incident = ?1 AND nr = ?2", "ii", j.incident, j.copy);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

/* "copy=2 answer=250": the server's words may name people */
static char *
detail_of(const Job *j, SgSent how, const char *answer)
{
	static const char *const ends[] = {
		[SG_SENT] = "sent", [SG_SENT_LATER] = "later",
		[SG_SENT_REFUSED] = "refused", [SG_SENT_UNCLEAR] = "unclear",
	};
	gsize digits = strspn(answer, "0123456789");
	g_autofree char *copy = j->copy >= 0 ? g_strdup_printf("copy=%" G_GINT64_FORMAT " ", j->copy) : g_strdup("");

	return g_strdup_printf("%send=%s%s%.*s", copy, ends[how], digits == 3 ? " answer=" : "",
	    digits == 3 ? 3 : 0, answer);
}

/* One end of a release: what its copy becomes, and what the audit says. */
static const struct {
	SgCopyState state;
	const char *action;
} release_ends[] = {
	[SG_SENT] = { SG_COPY_RELEASED, "released" },
	[SG_SENT_LATER] = { SG_COPY_RELEASING, "" },
	[SG_SENT_REFUSED] = { SG_COPY_REFUSED, "refused" },
	[SG_SENT_UNCLEAR] = { SG_COPY_UNCLEAR, "unclear" },
};

static void
end_job(SgStore *s, SgTx *tx, gint64 id, const Job *j, SgSent how, const char *answer, gint64 now)
{
	gboolean release = strcmp(j->kind, "release") == 0;
	g_autofree char *detail = detail_of(j, how, answer);

	sg_tx_run(tx, "DELETE FROM outbox WHERE id = ?1", "i", id);
	if (how == SG_SENT)
		sg_tx_run(tx, "INSERT INTO sent (kind, who, at) VALUES (?1, ?2, ?3) "
		    "ON CONFLICT (kind, who) DO UPDATE SET at = ?3", "ssi", j->kind, j->who, now);
	if (how == SG_SENT && j->incident > 0 && strcmp(j->kind, "alert") == 0)
		sg_tx_run(tx, "INSERT INTO told (incident, who) VALUES (?1, ?2) ON CONFLICT (incident, who) DO NOTHING",
		    "is", j->incident, j->who);
	sg_audit_add(tx, s->keys, now, "courier", release ? release_ends[how].action : j->kind, j->ref, detail);
}

gboolean
sg_store_outbox_done(SgStore *s, gint64 id, SgSent how, const char *answer, gint64 now, gint64 not_before,
    GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	g_autofree char *text = sg_text_cut(answer, ANSWER_MOST);
	g_auto(Job) j = { 0 };

	if (tx == NULL)
		return FALSE;
	if (!load(tx, id, &j))
		return sg_tx_end(g_steal_pointer(&tx), error);
	if (j.copy >= 0)
		set_copy(tx, &j, release_ends[how].state, text, j.attempts + 1);
	if (how == SG_SENT_LATER)
		sg_tx_run(tx, "UPDATE outbox SET owner = '', begun = 0, attempts = attempts + 1, not_before = ?2 "
		    "WHERE id = ?1", "ii", id, not_before);
	else
		end_job(s, tx, id, &j, how, text, now);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_outbox_defer(SgStore *s, gint64 id, gint64 not_before, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);

	if (tx == NULL)
		return FALSE;
	sg_tx_run(tx, "UPDATE outbox SET owner = '', begun = 0, not_before = ?2 WHERE id = ?1", "ii", id, not_before);
	if (sg_tx_ok(tx) && sg_tx_changed(tx) == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no such mail in the outbox");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_outbox_add(SgStore *s, const char *ref, const SgMailJob *j, gint64 now, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, TRUE, error);
	gint64 incident;

	if (tx == NULL)
		return FALSE;
	incident = sg_tx_num(tx, 0, "SELECT id FROM incident WHERE ref = ?1", "s", ref);
	if (sg_tx_ok(tx) && incident == 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no message with this reference");
	sg_outbox_add(tx, incident, -1, j, now, FALSE);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_store_outbox_last(SgStore *s, const char *kind, const char *address, gint64 *when, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_autofree char *who = sg_address_key(address);
	gint64 at;

	if (tx == NULL)
		return FALSE;
	at = sg_tx_num(tx, 0, "SELECT at FROM sent WHERE kind = ?1 AND who = ?2", "ss", kind, who);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	*when = at;
	return TRUE;
}
