#include <string.h>

#include "base/clock.h"
#include "store/private.h"

/*
 * A thread with its own connection writes what callers hand over.  Rows wait in one
 * queue, in order; given and settled count them, so that a flush knows its turn.
 */
enum {
	BATCH = 500,		/* rows of one transaction */
	KEEP = 100000,		/* rows kept while the store is away */
	PAUSE_MS = 200,		/* longest wait of a row for company */
	AGAIN_MS = 1000,	/* between tries while the store is away */
};

struct SgTracer {
	GThread	*thread;
	GMutex	 lock;		/* of all below */
	GCond	 work, rest;	/* for the thread; for those who flush */
	GQueue	 rows;		/* SgTrace */
	guint64	 given, settled;	/* rows ever queued; of these on disk */
	guint64	 wanted;	/* settle up to here without waiting for company */
	guint64	 dropped;	/* and not yet counted on disk */
	guint	 tries;		/* failed ones, ever */
	GError	*error;		/* of the last failed try */
	gboolean stop;
	const SgStoreEngine *engine;
	const SgKeys *keys;
	char	*place;
	SgDb	*db;		/* the thread's alone */
};

void
sg_trace_free(SgTrace *t)
{
	if (t == NULL)
		return;
	g_free(t->queue_id);
	g_free(t->message_id);
	g_free(t->sender);
	g_free(t->recipients);
	g_free(t->route);
	g_free(t->verdict);
	g_free(t->ref);
	g_free(t->disclaimer);
	if (t->met != NULL)
		g_ptr_array_unref(t->met);
	g_free(t);
}

static SgTrace *
copy_of(const SgTrace *t)
{
	SgTrace *c = g_new(SgTrace, 1);

	*c = *t;
	c->queue_id = g_strdup(t->queue_id);
	c->message_id = g_strdup(t->message_id);
	c->sender = g_strdup(t->sender);
	c->recipients = g_strdup(t->recipients);
	c->route = g_strdup(t->route);
	c->verdict = g_strdup(t->verdict);
	c->ref = g_strdup(t->ref);
	c->disclaimer = g_strdup(t->disclaimer);
	c->met = t->met != NULL ? g_ptr_array_ref(t->met) : NULL;
	return c;
}

static void
add_party(SgTx *tx, gint64 trace, gint64 role, const char *address)
{
	g_autofree char *key = sg_address_key(address);

	if (*key != '\0')
		sg_tx_run(tx, "INSERT INTO party (trace, role, address_key) VALUES (?1, ?2, ?3) "
		    "ON CONFLICT (trace, role, address_key) DO NOTHING", "iis", trace, role, key);
}

/* The end of the first address of a comma-separated list; a quoted local part may hold commas. */
static const char *
address_end(const char *p)
{
	gboolean quoted = FALSE;

	for (; *p != '\0' && (quoted || *p != ','); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (quoted && *p == '\\' && p[1] != '\0')
			p++;
	}
	return p;
}

static void
write_row(SgTx *tx, const SgKeys *keys, gint64 id, const SgTrace *t)
{
	const SgValue more[] = { { NULL, id } };

	sg_row_insert(tx, &sg_table_trace, t, "id", more, G_N_ELEMENTS(more));
	if (t->sender != NULL)
		add_party(tx, id, 0, t->sender);
	for (const char *p = t->recipients; p != NULL && *p != '\0' && sg_tx_ok(tx);) {
		const char *end = address_end(p);
		g_autofree char *one = g_strndup(p, (gsize)(end - p));

		add_party(tx, id, 1, g_strstrip(one));
		p = *end == ',' ? end + 1 : end;
	}
	if (t->met != NULL && t->met->len > 0)
		sg_meetings_add(tx, keys, t->met, t->when);
}

/* Opened late and opened again: the store may be away when the program starts. */
static gboolean
write_batch(SgTracer *t, GPtrArray *batch, guint64 dropped, GError **error)
{
	g_autoptr(SgTx) tx = NULL;
	gint64 id;

	if (t->db == NULL)
		t->db = sg_db_open(t->engine, t->place, error);
	tx = t->db != NULL ? sg_tx_begin(t->db, TRUE, error) : NULL;
	if (tx == NULL)
		return FALSE;
	id = sg_tx_num(tx, 0, "SELECT coalesce(max(id), 0) FROM trace", "");
	for (guint i = 0; i < batch->len && sg_tx_ok(tx); i++)
		write_row(tx, t->keys, ++id, g_ptr_array_index(batch, i));
	if (dropped > 0)
		sg_tx_run(tx, "UPDATE meter SET value = value + ?1 WHERE name = 'traces_dropped'", "i",
		    (gint64)dropped);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

/* With the lock held: until there is something to write, and company or the pause is over. */
static void
wait_for_work(SgTracer *t)
{
	gint64 until;

	while (!t->stop && g_queue_is_empty(&t->rows))
		g_cond_wait(&t->work, &t->lock);
	until = g_get_monotonic_time() + PAUSE_MS * G_TIME_SPAN_MILLISECOND;
	while (!t->stop && t->rows.length < BATCH && t->wanted <= t->settled)
		if (!g_cond_wait_until(&t->work, &t->lock, until))
			break;
}

/* With the lock held, which is given up while writing.  FALSE: it failed. */
static gboolean
write_some(SgTracer *t)
{
	g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func((GDestroyNotify)sg_trace_free);
	GError *error = NULL;
	guint64 dropped = t->dropped;
	gboolean ok;

	while (batch->len < BATCH && !g_queue_is_empty(&t->rows))
		g_ptr_array_add(batch, g_queue_pop_head(&t->rows));
	g_mutex_unlock(&t->lock);
	ok = write_batch(t, batch, dropped, &error);
	g_mutex_lock(&t->lock);
	if (ok) {
		t->settled += batch->len;
		t->dropped -= dropped;
		return TRUE;
	}
	while (batch->len > 0)
		g_queue_push_head(&t->rows, g_ptr_array_steal_index(batch, batch->len - 1));
	t->tries++;
	t->wanted = t->settled;		/* who flushes hears of it, and does not make it spin */
	g_clear_error(&t->error);
	t->error = error;
	return FALSE;
}

static gpointer
run(gpointer data)
{
	SgTracer *t = data;

	g_mutex_lock(&t->lock);
	while (!t->stop || !g_queue_is_empty(&t->rows)) {
		gint64 until = g_get_monotonic_time() + AGAIN_MS * G_TIME_SPAN_MILLISECOND;
		gboolean ok;

		wait_for_work(t);
		if (g_queue_is_empty(&t->rows))
			continue;
		ok = write_some(t);
		g_cond_broadcast(&t->rest);
		if (!ok && t->stop)
			break;
		while (!ok && !t->stop && t->wanted <= t->settled && g_cond_wait_until(&t->work, &t->lock, until))
			;
	}
	g_mutex_unlock(&t->lock);
	sg_db_close(t->db);
	return NULL;
}

/* make FALSE: NULL when there was no trace yet */
static SgTracer *
tracer_of(SgStore *s, gboolean make)
{
	SgTracer *t;

	g_mutex_lock(&s->lock);
	t = s->tracer;
	if (t == NULL && make) {
		t = s->tracer = g_new0(SgTracer, 1);
		g_mutex_init(&t->lock);
		g_cond_init(&t->work);
		g_cond_init(&t->rest);
		g_queue_init(&t->rows);
		t->engine = s->engine;
		t->keys = s->keys;
		t->place = s->place;
		t->thread = g_thread_new("sg-trace", run, t);
	}
	g_mutex_unlock(&s->lock);
	return t;
}

void
sg_store_trace(SgStore *s, const SgTrace *trace)
{
	SgTracer *t = tracer_of(s, TRUE);
	SgTrace *c = copy_of(trace);

	g_mutex_lock(&t->lock);
	if (t->rows.length >= KEEP) {
		t->dropped++;
		sg_trace_free(c);
	} else {
		g_queue_push_tail(&t->rows, c);
		t->given++;
	}
	/* a lone row waits for company, a full batch does not */
	if (t->rows.length == 1 || t->rows.length == BATCH)
		g_cond_signal(&t->work);
	g_mutex_unlock(&t->lock);
}

gboolean
sg_store_trace_flush(SgStore *s, GError **error)
{
	SgTracer *t = tracer_of(s, FALSE);
	guint64 until;
	guint tries;
	gboolean ok;

	if (t == NULL)
		return TRUE;
	g_mutex_lock(&t->lock);
	until = t->given;
	tries = t->tries;
	t->wanted = MAX(t->wanted, until);
	g_cond_signal(&t->work);
	while (t->settled < until && t->tries == tries)
		g_cond_wait(&t->rest, &t->lock);
	ok = t->settled >= until;
	if (!ok)
		g_propagate_error(error, g_error_copy(t->error));
	g_mutex_unlock(&t->lock);
	return ok;
}

guint64
sg_tracer_dropped(SgTracer *t)
{
	guint64 n;

	g_mutex_lock(&t->lock);
	n = t->dropped;
	g_mutex_unlock(&t->lock);
	return n;
}

void
sg_tracer_free(SgTracer *t)
{
	if (t == NULL)
		return;
	g_mutex_lock(&t->lock);
	t->stop = TRUE;
	g_cond_signal(&t->work);
	g_mutex_unlock(&t->lock);
	g_thread_join(t->thread);
	g_queue_clear_full(&t->rows, (GDestroyNotify)sg_trace_free);
	g_clear_error(&t->error);
	g_mutex_clear(&t->lock);
	g_cond_clear(&t->work);
	g_cond_clear(&t->rest);
	g_free(t);
}
