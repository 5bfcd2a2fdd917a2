/*
 * engine - what a database must do to be a store: run SQL in transactions, keep sealed objects.
 *
 * All rules of the store (states, audit, quota ...) are written once, above this
 * table, in SQL that SQLite and PostgreSQL both read: numbered parameters, INTEGER
 * and TEXT columns only, never NULL.  A connection has one user at a time (db.c sees
 * to that); put, get, has, drop and each may be called by any thread at any time.
 * Strings given to a SgRowFn live until it returns.  Failures as in store.h.
 *
 * To add an engine: write s_<name>.c with one SgStoreEngine and its schema, add it
 * to the list in store.c and to the list in t/unit/store.c.
 */
#ifndef SG_STORE_ENGINE_H
#define SG_STORE_ENGINE_H

#include "base/err.h"
#include "store/seal.h"

typedef struct SgValue {
	const char *text;	/* NULL: it is a number */
	gint64	    num;
} SgValue;

/* One row; FALSE stops with SG_ERR_PEER (a value that cannot be right). */
typedef gboolean (*SgRowFn)(const SgValue *row, gpointer data);
/* One kept object; made: when, by the clock of the file system. */
typedef void (*SgObjectFn)(const char *ref, gint64 made, gpointer data);

typedef struct SgSchema {
	const char	  *made;	/* query: 1 when the table "migration" is there */
	const char *const *scripts;	/* NULL-terminated; [n] takes version n to n + 1 */
} SgSchema;

typedef struct SgStoreEngine {
	const char *name;		/* scheme of store.url: "sqlite" */

	/* place: what follows "name:".  Makes what is missing. */
	gpointer (*open)(const char *place, GError **error);
	void	 (*close)(gpointer c);
	const SgSchema *(*schema)(gpointer c);

	/* writing: nobody else writes until the end.  Gives up with SG_ERR_LATER after wait
	 * microseconds; that time counts for the whole transaction. */
	gboolean (*begin)(gpointer c, gboolean writing, gint64 wait, GError **error);
	gboolean (*run)(gpointer c, const char *sql, const SgValue *v, guint n, SgRowFn row,
	    gpointer data, guint64 *changed, GError **error);
	gboolean (*script)(gpointer c, const char *sql, GError **error);
	/* When it fails the changes are most likely, but not certainly, undone. */
	gboolean (*commit)(gpointer c, GError **error);
	void	 (*rollback)(gpointer c);
	/* Outside a transaction: leave no trace of rows that were deleted, whatever it takes.
	 * Nobody else can write meanwhile. */
	gboolean (*scrub)(gpointer c, GError **error);

	/* Sealed objects; on disk when put returns, never replaced. */
	gboolean (*put)(gpointer c, const char *ref, const char *object, SgSeal *seal, GError **error);
	/* NULL with SG_ERR_INPUT when there is none. */
	GBytes	*(*get)(gpointer c, const char *ref, const char *object, GError **error);
	gboolean (*has)(gpointer c, const char *ref, const char *object);
	/* One object, or (NULL) every one of ref, also unfinished; none is no failure. */
	gboolean (*drop)(gpointer c, const char *ref, const char *object, GError **error);
	gboolean (*each)(gpointer c, SgObjectFn fn, gpointer data, GError **error);
} SgStoreEngine;

/* The engine for a store.url, and in *place what is its own; NULL with SG_ERR_SETUP. */
const SgStoreEngine *sg_engine_for(const char *url, const char **place, GError **error);

extern const SgStoreEngine sg_s_sqlite;
/* "failing:N:URL" is the store of URL whose N-th call fails; "failing:N+:URL": that one
 * and all later ones; "failing:N!:URL": if it is a commit, it only says so.  For tests. */
extern const SgStoreEngine sg_s_failing;

#endif
