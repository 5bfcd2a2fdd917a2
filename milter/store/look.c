#include <string.h>

#include "store/private.h"

enum { PARTY_MOST = 64 };	/* addresses one account can have */

static gboolean
on_incident(const SgValue *row, gpointer data)
{
	SgIncident **out = data;

	*out = sg_incident_new();
	return sg_row_read(&sg_table_incident, row, *out);
}

static gboolean
on_copy(const SgValue *row, gpointer data)
{
	SgCopy *c = sg_incident_add_copy(data, NULL, NULL, SG_COPY_WAITING, NULL);

	g_clear_pointer(&c->answer, g_free);
	return sg_row_read(&sg_table_copy, row, c);
}

static gboolean
on_hit(const SgValue *row, gpointer data)
{
	return sg_row_read(&sg_table_hit, row, sg_incident_add_hit(data));
}

static gboolean
on_subject(const SgValue *row, gpointer data)
{
	if (row[0].text == NULL)
		return FALSE;
	g_ptr_array_add(data, g_strdup(row[0].text));
	return TRUE;
}

/* The queries that make an incident from its row's id, composed once for many. */
typedef struct Loader {
	GString *incident, *copies, *hits;
} Loader;

static void
loader_clear(Loader *l)
{
	g_string_free(l->incident, TRUE);
	g_string_free(l->copies, TRUE);
	g_string_free(l->hits, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Loader, loader_clear)

static GString *
select_all(const SgTable *t, const char *where)
{
	GString *sql = g_string_new("SELECT ");

	sg_row_columns(t, "", sql);
	g_string_append_printf(sql, " FROM %s WHERE %s", t->name, where);
	return sql;
}

static void
loader_start(Loader *l)
{
	l->incident = select_all(&sg_table_incident, "id = ?1");
	l->copies = select_all(&sg_table_copy, "incident = ?1 ORDER BY nr");
	l->hits = select_all(&sg_table_hit, "incident = ?1 ORDER BY nr");
}

static SgIncident *
load_one(SgTx *tx, const Loader *l, gint64 id, gboolean hits)
{
	g_autoptr(SgIncident) i = NULL;

	if (!sg_tx_each(tx, on_incident, &i, l->incident->str, "i", id) || i == NULL)
		return NULL;
	sg_tx_each(tx, on_copy, i, l->copies->str, "i", id);
	sg_tx_each(tx, on_subject, i->subjects, "SELECT address_key FROM subject WHERE incident = ?1", "i", id);
	if (hits)
		sg_tx_each(tx, on_hit, i, l->hits->str, "i", id);
	return sg_tx_ok(tx) ? g_steal_pointer(&i) : NULL;
}

SgIncident *
sg_incident_load(SgTx *tx, const char *ref, gboolean hits)
{
	g_auto(Loader) l = { 0 };

	loader_start(&l);
	return load_one(tx, &l, sg_tx_num(tx, 0, "SELECT id FROM incident WHERE ref = ?1", "s", ref), hits);
}

SgIncident *
sg_store_get(SgStore *s, const char *ref, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	g_autoptr(SgIncident) i = NULL;

	if (tx == NULL)
		return NULL;
	i = sg_incident_load(tx, ref, TRUE);
	if (i == NULL)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no message with this reference");
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&i);
}

/* A query that grows by conditions; values are only ever bound. */
typedef struct Query {
	GString *sql;
	GArray	*values;	/* SgValue */
	GPtrArray *keys;	/* what some of them point to */
} Query;

static void
query_clear(Query *q)
{
	g_string_free(q->sql, TRUE);
	g_array_unref(q->values);
	g_ptr_array_unref(q->keys);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_clear)

static void
query_start(Query *q, const char *sql)
{
	q->sql = g_string_new(sql);
	q->values = g_array_new(FALSE, FALSE, sizeof(SgValue));
	q->keys = g_ptr_array_new_with_free_func(g_free);
}

/* "?" and the number of a parameter that is text, or num when text is NULL */
static void
bound(Query *q, const char *before, const char *text, gint64 num, const char *after)
{
	SgValue v = { text, num };

	g_array_append_val(q->values, v);
	g_string_append_printf(q->sql, "%s?%u%s", before, q->values->len, after);
}

/* "(?1, ?2)": the addresses, as they are compared */
static void
bound_keys(Query *q, const char *const *addresses)
{
	g_string_append_c(q->sql, '(');
	for (guint i = 0; addresses[i] != NULL; i++) {
		char *key = sg_address_key(addresses[i]);

		g_ptr_array_add(q->keys, key);
		bound(q, i > 0 ? ", " : "", key, 0, "");
	}
	g_string_append_c(q->sql, ')');
}

/* "x+anything@y" is x@y's too */
static void
tagged(Query *q, const char *column, const char *const *addresses)
{
	for (guint i = 0; addresses[i] != NULL; i++) {
		char *key = sg_address_key(addresses[i]), *at = strrchr(key, '@'), *local;

		g_ptr_array_add(q->keys, key);
		if (at == NULL)
			continue;
		local = g_strdup_printf("%.*s+", (int)(at - key), key);
		g_ptr_array_add(q->keys, local);
		g_string_append_printf(q->sql, " OR (instr(%s, ", column);
		bound(q, "", local, 0, ") = 1");
		g_string_append_printf(q->sql, " AND substr(%s, -length(", column);
		bound(q, "", at, 0, "))");
		bound(q, " = ", at, 0, ")");
	}
}

/* Hiding only some of somebody's mail would be worse than saying no. */
static gboolean
party_fits(const char *const *addresses, GError **error)
{
	guint n = 0;

	while (addresses != NULL && addresses[n] != NULL)
		n++;
	if (n > PARTY_MOST)
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "an account has more than %d addresses", PARTY_MOST);
	return n <= PARTY_MOST;
}

static gboolean
has_any(const char *const *addresses)
{
	return addresses != NULL && addresses[0] != NULL;
}

static void
list_conditions(Query *q, const SgFilter *f)
{
	if (f->waiting || f->late)
		g_string_append(q->sql, " AND i.id IN (SELECT incident FROM copy WHERE state = 'waiting')");
	if (f->urgency != NULL)
		bound(q, " AND i.urgency = ", f->urgency, 0, "");
	if (f->category != NULL)
		bound(q, " AND i.category = ", f->category, 0, "");
	if (has_any(f->categories)) {
		g_string_append(q->sql, " AND i.category IN (");
		for (guint i = 0; f->categories[i] != NULL; i++)
			bound(q, i > 0 ? ", " : "", f->categories[i], 0, "");
		g_string_append_c(q->sql, ')');
	}
	if (f->route != NULL)
		bound(q, " AND i.route = ", f->route, 0, "");
	if (f->taken_by != NULL) {
		bound(q, " AND i.taken_by = ", f->taken_by, 0, "");
		bound(q, " AND (i.taken_until = 0 OR i.taken_until > ", NULL, f->now, ")");
	}
	if (f->person != NULL) {
		char *part = sg_address_key(f->person);

		g_ptr_array_add(q->keys, part);
		bound(q, " AND (instr(i.sender_key, ", part, 0, ") > 0");
		bound(q, " OR EXISTS (SELECT 1 FROM copy c WHERE c.incident = i.id AND instr(c.address_key, ",
		    part, 0, ") > 0))");
	}
	if (f->late)
		bound(q, " AND i.look_by > 0 AND i.look_by < ", NULL, f->now, "");
	if (f->since > 0)
		bound(q, " AND i.created >= ", NULL, f->since, "");
	if (has_any(f->party)) {
		g_string_append(q->sql, " AND (i.sender_key IN ");
		bound_keys(q, f->party);
		g_string_append(q->sql, " OR i.id IN (SELECT incident FROM copy WHERE address_key IN ");
		bound_keys(q, f->party);
		g_string_append(q->sql, "))");
	}
	if (!has_any(f->not_party))
		return;
	g_string_append(q->sql, " AND NOT (i.sender_key IN ");
	bound_keys(q, f->not_party);
	tagged(q, "i.sender_key", f->not_party);
	g_string_append(q->sql, ") AND NOT EXISTS (SELECT 1 FROM copy p WHERE p.incident = i.id AND (p.address_key IN ");
	bound_keys(q, f->not_party);
	tagged(q, "p.address_key", f->not_party);
	g_string_append(q->sql, ")) AND NOT EXISTS (SELECT 1 FROM subject b WHERE b.incident = i.id AND (b.address_key IN ");
	bound_keys(q, f->not_party);
	tagged(q, "b.address_key", f->not_party);
	g_string_append(q->sql, "))");
}

static gboolean
on_id(const SgValue *row, gpointer data)
{
	g_array_append_val((GArray *)data, row[0].num);
	return TRUE;
}

static gboolean
query_run(SgTx *tx, const Query *q, SgRowFn row, gpointer data)
{
	return sg_tx_run_values(tx, row, data, q->sql->str, (const SgValue *)(gconstpointer)q->values->data,
	    q->values->len);
}

/* Only ids are sorted: whole rows would be carried through the sorter. */
GPtrArray *
sg_store_list(SgStore *s, const SgFilter *f, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_incident_free);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(SgTx) tx = NULL;
	g_auto(Loader) l = { 0 };
	g_auto(Query) q = { 0 };

	loader_start(&l);
	query_start(&q, "SELECT i.id FROM incident i WHERE 1 = 1");
	list_conditions(&q, f);
	bound(&q, " ORDER BY i.urgency_rank, i.look_by = 0, i.look_by, i.created, i.id LIMIT ", NULL,
	    f->limit > 0 ? f->limit : SG_STORE_MOST, "");
	bound(&q, " OFFSET ", NULL, f->offset, "");
	if (!party_fits(f->not_party, error) || !party_fits(f->party, error) ||
	    (tx = sg_tx_begin(s->db, FALSE, error)) == NULL)
		return NULL;
	query_run(tx, &q, on_id, ids);
	for (guint n = 0; n < ids->len && sg_tx_ok(tx); n++) {
		SgIncident *i = load_one(tx, &l, g_array_index(ids, gint64, n), FALSE);

		if (i != NULL)
			g_ptr_array_add(out, i);
	}
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&out);
}

static gboolean
on_number(const SgValue *row, gpointer data)
{
	*(guint *)data = (guint)row[0].num;
	return TRUE;
}

gboolean
sg_store_count(SgStore *s, const SgFilter *f, guint *n, GError **error)
{
	g_autoptr(SgTx) tx = NULL;
	g_auto(Query) q = { 0 };

	*n = 0;
	query_start(&q, "SELECT count(*) FROM incident i WHERE 1 = 1");
	list_conditions(&q, f);
	if (!party_fits(f->not_party, error) || (tx = sg_tx_begin(s->db, FALSE, error)) == NULL)
		return FALSE;
	query_run(tx, &q, on_number, n);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

/* The content's owner must be on file, and not be one that nobody may look at. */
static gboolean
may_read(SgStore *s, const char *ref, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	gint64 sealed;

	if (tx == NULL)
		return FALSE;
	sealed = sg_tx_num(tx, -1, "SELECT sealed FROM incident WHERE ref = ?1", "s", ref);
	if (sealed == -1)
		sg_tx_fail(tx, SG_ERR_INPUT, "there is no message with this reference");
	else if (sealed != 0)
		sg_tx_fail(tx, SG_ERR_INPUT, "the message is sealed: nobody may look at it");
	return sg_tx_end(g_steal_pointer(&tx), error);
}

static GBytes *
content(SgStore *s, const char *ref, const char *object, GError **error)
{
	g_autoptr(GBytes) sealed = NULL;

	if (!may_read(s, ref, error))
		return NULL;
	sealed = s->engine->get(sg_db_connection(s->db), ref, object, error);
	return sealed != NULL ? sg_seal_open(s->keys, ref, object, sealed, error) : NULL;
}

GBytes *
sg_store_message(SgStore *s, const char *ref, GError **error)
{
	return content(s, ref, "message", error);
}

SgReading *
sg_store_reading(SgStore *s, const char *ref, GError **error)
{
	g_autoptr(GBytes) json = content(s, ref, "reading", error);

	return json != NULL ? sg_reading_from_json(json, error) : NULL;
}

static gboolean
on_trace(const SgValue *row, gpointer data)
{
	SgTrace *t = g_new0(SgTrace, 1);

	g_ptr_array_add(data, t);
	return sg_row_read(&sg_table_trace, row, t);
}

/* Messages that address wrote (role 0) or was to get (role 1) */
static void
with_party(Query *q, const char *address, const char *role)
{
	char *key;

	if (address == NULL)
		return;
	key = sg_address_key(address);
	g_ptr_array_add(q->keys, key);
	g_string_append_printf(q->sql, " AND t.id IN (SELECT trace FROM party WHERE role = %s", role);
	bound(q, " AND address_key = ", key, 0, ")");
}

GPtrArray *
sg_store_traces(SgStore *s, const SgTraceFilter *f, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)sg_trace_free);
	g_autoptr(SgTx) tx = NULL;
	g_auto(Query) q = { 0 };

	query_start(&q, "SELECT ");
	sg_row_columns(&sg_table_trace, "t.", q.sql);
	bound(&q, " FROM trace t WHERE t.at >= ", NULL, f->since, "");
	with_party(&q, f->from, "0");
	with_party(&q, f->to, "1");
	if (f->message_id != NULL)
		bound(&q, " AND t.message_id = ", f->message_id, 0, "");
	if (f->queue_id != NULL)
		bound(&q, " AND t.queue_id = ", f->queue_id, 0, "");
	if (has_any(f->not_party)) {
		g_string_append(q.sql, " AND NOT EXISTS (SELECT 1 FROM party p WHERE p.trace = t.id AND p.address_key IN ");
		bound_keys(&q, f->not_party);
		g_string_append_c(q.sql, ')');
	}
	bound(&q, " ORDER BY t.at DESC, t.id DESC LIMIT ", NULL, f->limit > 0 ? f->limit : SG_STORE_MOST, "");
	if (!party_fits(f->not_party, error) || (tx = sg_tx_begin(s->db, FALSE, error)) == NULL)
		return NULL;
	query_run(tx, &q, on_trace, out);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return NULL;
	return g_steal_pointer(&out);
}

static gboolean
on_waiting(const SgValue *row, gpointer data)
{
	SgStoreStatus *st = data;

	st->waiting = (guint)row[0].num;
	st->late = (guint)row[1].num;
	st->urgent = (guint)row[2].num;
	return TRUE;
}

gboolean
sg_store_status(SgStore *s, gint64 now, SgStoreStatus *out, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);
	SgStoreStatus st = { .schema = s->schema };

	if (tx == NULL)
		return FALSE;
	sg_tx_each(tx, on_waiting, &st, "SELECT count(*), "
	    "coalesce(sum(CASE WHEN look_by > 0 AND look_by < ?1 THEN 1 ELSE 0 END), 0), "
	    "coalesce(sum(CASE WHEN urgency = 'urgent' THEN 1 ELSE 0 END), 0) "
	    "FROM incident WHERE id IN (SELECT incident FROM copy WHERE state = 'waiting')", "i", now);
	st.unclear = (guint)sg_tx_num(tx, 0, "SELECT count(DISTINCT incident) FROM copy WHERE state = 'unclear'", "");
	st.outbox = (guint)sg_tx_num(tx, 0, "SELECT count(*) FROM outbox", "");
	st.outbox_failed = (guint)sg_tx_num(tx, 0, "SELECT count(*) FROM outbox WHERE attempts > 0", "");
	st.outbox_oldest = sg_tx_num(tx, 0, "SELECT coalesce(min(made), 0) FROM outbox WHERE not_before <= ?1", "i", now);
	st.outbox_put_off = sg_tx_num(tx, 0,
	    "SELECT coalesce(min(made), 0) FROM outbox WHERE attempts > 0", "");
	st.last_mail = sg_tx_num(tx, 0, "SELECT coalesce(max(at), 0) FROM trace", "");
	st.today = (guint64)sg_tx_num(tx, 0, "SELECT count(*) FROM trace WHERE at > ?1", "i", now - SG_STORE_DAY);
	st.content_bytes = (guint64)sg_tx_num(tx, 0, "SELECT value FROM meter WHERE name = 'content'", "");
	st.traces_dropped = (guint64)sg_tx_num(tx, 0, "SELECT value FROM meter WHERE name = 'traces_dropped'", "");
	st.audit_seq = sg_audit_seq(tx);
	if (!sg_tx_end(g_steal_pointer(&tx), error))
		return FALSE;
	g_mutex_lock(&s->lock);
	if (s->tracer != NULL)
		st.traces_dropped += sg_tracer_dropped(s->tracer);
	g_mutex_unlock(&s->lock);
	*out = st;
	return TRUE;
}

static gboolean
on_coverage(const SgValue *row, gpointer data)
{
	if (row[0].text != NULL)
		g_hash_table_insert(data, g_strdup(row[0].text),
		    GUINT_TO_POINTER((guint)MIN(row[1].num, (gint64)G_MAXUINT)));
	return TRUE;
}

GHashTable *
sg_store_coverage(SgStore *s, gint64 since, GError **error)
{
	g_autoptr(GHashTable) words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(SgTx) tx = sg_tx_begin(s->db, FALSE, error);

	if (tx == NULL)
		return NULL;
	sg_tx_each(tx, on_coverage, words, "SELECT disclaimer, count(*) FROM trace WHERE at >= ?1 AND "
	    "(route = 'out' OR disclaimer <> '') AND verdict IN ('deliver', 'tag', 'detach', 'released') "
	    "GROUP BY disclaimer", "i", since);
	return sg_tx_end(g_steal_pointer(&tx), error) ? g_steal_pointer(&words) : NULL;
}
