/*
 * db - one connection to an engine, and transactions whose first failure sticks.
 *
 * After a failure every further call on the SgTx does nothing, and sg_tx_end()
 * rolls back and gives that failure: so most callers need not look before the end.
 * A connection serves one transaction at a time; others wait their turn, at most
 * as long as for the engine itself (SG_ERR_LATER).
 *
 * types of the varargs: "i" gint64, "s" const char * (NULL is ""); SQL values are
 * always bound.  A SgRowFn must not use the transaction it is called from.
 */
#ifndef SG_STORE_DB_H
#define SG_STORE_DB_H

#include "store/engine.h"

#define SG_DB_WAIT (10 * G_USEC_PER_SEC)

typedef struct SgDb SgDb;
typedef struct SgTx SgTx;
typedef gboolean (*SgFirstFn)(SgTx *tx, gpointer data);

SgDb	*sg_db_open(const SgStoreEngine *engine, const char *place, GError **error);
void	 sg_db_close(SgDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgDb, sg_db_close)
void	 sg_db_set_wait(SgDb *db, gint64 microseconds);
gpointer sg_db_connection(SgDb *db);	/* for the engine's object calls and its schema */
/* Runs the schema's scripts from the version found to the last, all or nothing; *version is
 * the one reached.  first (or NULL) is called in the same transaction when all is new. */
gboolean sg_db_migrate(SgDb *db, const SgSchema *schema, gint64 now, SgFirstFn first, gpointer data,
	    guint *version, GError **error);
gboolean sg_db_scrub(SgDb *db, GError **error);

SgTx	*sg_tx_begin(SgDb *db, gboolean writing, GError **error);
gboolean sg_tx_run(SgTx *tx, const char *sql, const char *types, ...);
gboolean sg_tx_each(SgTx *tx, SgRowFn row, gpointer data, const char *sql, const char *types, ...);
gboolean sg_tx_run_values(SgTx *tx, SgRowFn row, gpointer data, const char *sql, const SgValue *v, guint n);
/* First column of the first row; none when there is no row or it failed. */
gint64	 sg_tx_num(SgTx *tx, gint64 none, const char *sql, const char *types, ...);
guint64	 sg_tx_changed(const SgTx *tx);	/* rows, by the last call */
gboolean sg_tx_ok(const SgTx *tx);
gboolean sg_tx_fail(SgTx *tx, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);	/* FALSE */
gboolean sg_tx_fail_take(SgTx *tx, GError *error);	/* FALSE */
/* Commits, or rolls back when something failed; frees tx in every case. */
gboolean sg_tx_end(SgTx *tx, GError **error);
void	 sg_tx_drop(SgTx *tx);		/* rolls back */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTx, sg_tx_drop)

#endif
