#include <stdarg.h>

#include "store/db.h"

struct SgDb {
	const SgStoreEngine *engine;
	gpointer connection;
	gint64	 wait;
	GMutex	 lock;		/* of busy */
	GCond	 free;
	gboolean busy;		/* a transaction is open */
};

struct SgTx {
	SgDb	*db;
	GError	*error;
	guint64	 changed;
};

SgDb *
sg_db_open(const SgStoreEngine *engine, const char *place, GError **error)
{
	gpointer c = engine->open(place, error);
	SgDb *db;

	if (c == NULL)
		return NULL;
	db = g_new0(SgDb, 1);
	db->engine = engine;
	db->connection = c;
	db->wait = SG_DB_WAIT;
	g_mutex_init(&db->lock);
	g_cond_init(&db->free);
	return db;
}

void
sg_db_close(SgDb *db)
{
	if (db == NULL)
		return;
	db->engine->close(db->connection);
	g_mutex_clear(&db->lock);
	g_cond_clear(&db->free);
	g_free(db);
}

void
sg_db_set_wait(SgDb *db, gint64 microseconds)
{
	db->wait = microseconds;
}

gpointer
sg_db_connection(SgDb *db)
{
	return db->connection;
}

static gboolean
enter(SgDb *db, gint64 until, GError **error)
{
	gboolean mine;

	g_mutex_lock(&db->lock);
	while (db->busy && g_cond_wait_until(&db->free, &db->lock, until))
		;
	mine = !db->busy;
	db->busy = TRUE;
	g_mutex_unlock(&db->lock);
	if (!mine)
		g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "the store is busy");
	return mine;
}

static void
leave(SgDb *db)
{
	g_mutex_lock(&db->lock);
	db->busy = FALSE;
	g_cond_signal(&db->free);
	g_mutex_unlock(&db->lock);
}

SgTx *
sg_tx_begin(SgDb *db, gboolean writing, GError **error)
{
	gint64 until = g_get_monotonic_time() + db->wait;
	SgTx *tx;

	if (!enter(db, until, error))
		return NULL;
	if (!db->engine->begin(db->connection, writing, MAX(0, until - g_get_monotonic_time()), error)) {
		leave(db);
		return NULL;
	}
	tx = g_new0(SgTx, 1);
	tx->db = db;
	return tx;
}

gboolean
sg_tx_run_values(SgTx *tx, SgRowFn row, gpointer data, const char *sql, const SgValue *v, guint n)
{
	if (tx->error != NULL)
		return FALSE;
	tx->changed = 0;
	return tx->db->engine->run(tx->db->connection, sql, v, n, row, data, &tx->changed, &tx->error);
}

enum { VALUES = 16 };

static gboolean
run_va(SgTx *tx, SgRowFn row, gpointer data, const char *sql, const char *types, va_list ap)
{
	SgValue v[VALUES] = { 0 };
	guint n = 0;

	for (; types[n] != '\0' && n < VALUES; n++) {
		if (types[n] == 'i') {
			v[n].num = va_arg(ap, gint64);
			continue;
		}
		v[n].text = va_arg(ap, const char *);
		if (v[n].text == NULL)
			v[n].text = "";
	}
	g_assert(types[n] == '\0');
	return sg_tx_run_values(tx, row, data, sql, v, n);
}

gboolean
sg_tx_run(SgTx *tx, const char *sql, const char *types, ...)
{
	va_list ap;
	gboolean ok;

	va_start(ap, types);
	ok = run_va(tx, NULL, NULL, sql, types, ap);
	va_end(ap);
	return ok;
}

gboolean
sg_tx_each(SgTx *tx, SgRowFn row, gpointer data, const char *sql, const char *types, ...)
{
	va_list ap;
	gboolean ok;

	va_start(ap, types);
	ok = run_va(tx, row, data, sql, types, ap);
	va_end(ap);
	return ok;
}

static gboolean
take_num(const SgValue *row, gpointer data)
{
	*(gint64 *)data = row[0].num;
	return row[0].text == NULL;
}

gint64
sg_tx_num(SgTx *tx, gint64 none, const char *sql, const char *types, ...)
{
	va_list ap;
	gint64 out = none;
	gboolean ok;

	va_start(ap, types);
	ok = run_va(tx, take_num, &out, sql, types, ap);
	va_end(ap);
	return ok ? out : none;
}

guint64
sg_tx_changed(const SgTx *tx)
{
	return tx->changed;
}

gboolean
sg_tx_ok(const SgTx *tx)
{
	return tx->error == NULL;
}

gboolean
sg_tx_fail(SgTx *tx, int code, const char *format, ...)
{
	va_list ap;

	if (tx->error != NULL)
		return FALSE;
	va_start(ap, format);
	tx->error = g_error_new_valist(SG_ERR, code, format, ap);
	va_end(ap);
	return FALSE;
}

gboolean
sg_tx_fail_take(SgTx *tx, GError *error)
{
	if (tx->error == NULL)
		tx->error = error;
	else
		g_error_free(error);
	return FALSE;
}

static void
finish(SgTx *tx, gboolean undo)
{
	if (undo)
		tx->db->engine->rollback(tx->db->connection);
	leave(tx->db);
	g_clear_error(&tx->error);
	g_free(tx);
}

gboolean
sg_tx_end(SgTx *tx, GError **error)
{
	gboolean ok = tx->error == NULL && tx->db->engine->commit(tx->db->connection, &tx->error);

	if (!ok)
		g_propagate_error(error, g_steal_pointer(&tx->error));
	finish(tx, !ok);
	return ok;
}

void
sg_tx_drop(SgTx *tx)
{
	if (tx != NULL)
		finish(tx, TRUE);
}

gboolean
sg_db_scrub(SgDb *db, GError **error)
{
	gboolean ok;

	if (!enter(db, g_get_monotonic_time() + db->wait, error))
		return FALSE;
	ok = db->engine->scrub(db->connection, error);
	leave(db);
	return ok;
}

static guint
version_now(SgTx *tx, const SgSchema *schema)
{
	if (sg_tx_num(tx, 0, schema->made, "") == 0)
		return 0;
	return (guint)sg_tx_num(tx, 0, "SELECT coalesce(max(version), 0) FROM migration", "");
}

/* The version on disk, read without keeping anybody from writing. */
static gboolean
look(SgDb *db, const SgSchema *schema, guint last, guint *version, GError **error)
{
	g_autoptr(SgTx) tx = sg_tx_begin(db, FALSE, error);

	if (tx == NULL)
		return FALSE;
	*version = version_now(tx, schema);
	if (*version > last)
		sg_tx_fail(tx, SG_ERR_SETUP, "the store has version %u, this program knows %u; "
		    "install the newer Schoolgate again", *version, last);
	return sg_tx_end(g_steal_pointer(&tx), error);
}

gboolean
sg_db_migrate(SgDb *db, const SgSchema *schema, gint64 now, SgFirstFn first, gpointer data,
    guint *version, GError **error)
{
	guint last = 0, at = 0;
	gboolean fresh;
	g_autoptr(SgTx) tx = NULL;

	while (schema->scripts[last] != NULL)
		last++;
	if (!look(db, schema, last, &at, error))
		return FALSE;
	*version = last;
	if (at == last)
		return TRUE;
	tx = sg_tx_begin(db, TRUE, error);
	if (tx == NULL)
		return FALSE;
	/* another program may have done it meanwhile */
	at = version_now(tx, schema);
	fresh = at == 0;
	for (; at < last && sg_tx_ok(tx); at++) {
		tx->db->engine->script(tx->db->connection, schema->scripts[at], &tx->error);
		sg_tx_run(tx, "INSERT INTO migration (version, at) VALUES (?1, ?2)", "ii", (gint64)at + 1, now);
	}
	if (fresh && first != NULL && sg_tx_ok(tx))
		first(tx, data);
	return sg_tx_end(g_steal_pointer(&tx), error);
}
