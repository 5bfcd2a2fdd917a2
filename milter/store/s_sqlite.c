#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "base/fault.h"
#include "base/fd.h"
#include "store/vault.h"

typedef struct Conn {
	sqlite3	   *db;
	GHashTable *statements;	/* SQL text -> sqlite3_stmt, compiled once */
	gint64	    until;	/* monotonic: when waiting for a lock ends */
	SgVault	   *vault;
} Conn;

typedef sqlite3_stmt Statement;
static void
statement_reset(Statement *st)
{
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statement, statement_reset)

enum {
	STATEMENTS = 200,	/* more only when queries are composed wildly: start anew */
	COLUMNS = 64,
};

/* Which remedy: a full disk, a lock or a lost mount passes; a broken file does not. */
static int
remedy(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		return SG_ERR_PEER;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return SG_ERR_SETUP;
	default:
		return SG_ERR_LATER;
	}
}

static gboolean
failed(const Conn *c, int rc, const char *what, GError **error)
{
	g_set_error(error, SG_ERR, remedy(rc), "store: %s: %s", what,
	    c->db != NULL ? sqlite3_errmsg(c->db) : sqlite3_errstr(rc));
	return FALSE;
}

static gboolean
faulty(const char *point, GError **error)
{
	if (!sg_fault(point))
		return FALSE;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "store: fault point %s", point);
	return TRUE;
}

static int
on_busy(void *data, int times)
{
	Conn *c = data;

	if (g_get_monotonic_time() >= c->until)
		return 0;
	g_usleep(times < 10 ? 500 : (gulong)g_random_int_range(1000, 5000));
	return 1;
}

static gboolean
sqlite_script(gpointer data, const char *sql, GError **error)
{
	Conn *c = data;
	int rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || failed(c, rc, "script", error);
}

static void
sqlite_close(gpointer data)
{
	Conn *c = data;

	if (c->statements != NULL)
		g_hash_table_unref(c->statements);
	if (c->db != NULL)
		sqlite3_close(c->db);
	sg_vault_close(c->vault);
	g_free(c);
}

/* Directories that a group shares give files that it shares; others see nothing. */
static gboolean
place_mode(const char *place, mode_t *mode, GError **error)
{
	struct stat st;

	if (g_mkdir_with_parents(place, 0700) == -1 || stat(place, &st) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s", place, g_strerror(errno));
		return FALSE;
	}
	if (!S_ISDIR(st.st_mode) || (st.st_mode & 0007) != 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "%s: must be a directory that others cannot enter; chmod o-rwx it", place);
		return FALSE;
	}
	*mode = (st.st_mode & 0020) != 0 ? 02770 : 0700;
	return TRUE;
}

/* SQLite gives its -wal and -shm files the mode of the main file, so that one is made here. */
static gboolean
make_file(const char *path, mode_t mode, GError **error)
{
	sg_autofd fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	g_autofree char *place = g_path_get_dirname(path);
	sg_autofd dir = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if ((fd == -1 && errno != EEXIST) || (fd != -1 && (fchmod(fd, mode) == -1 || fsync(dir) == -1))) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s", path, g_strerror(errno));
		return FALSE;
	}
	return TRUE;
}

/*
 * FULL: a commit is on disk when it returns.  secure_delete and memory for temporary
 * tables: nothing lies about longer than it must.  auto_vacuum works only before the first table.
 */
static const char settings[] =
    "PRAGMA auto_vacuum = INCREMENTAL;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA journal_size_limit = 16777216;";

/* A first switch to WAL does not wait for its lock, whatever the busy handler says. */
static gboolean
set_up(Conn *c, GError **error)
{
	int rc;

	while ((rc = sqlite3_exec(c->db, settings, NULL, NULL, NULL)) == SQLITE_BUSY &&
	    g_get_monotonic_time() < c->until)
		g_usleep(2000);
	return rc == SQLITE_OK || failed(c, rc, "open", error);
}

static gboolean
open_in(Conn *c, const char *place, GError **error)
{
	g_autofree char *path = g_build_filename(place, "schoolgate.db", NULL);
	mode_t mode;
	int rc;

	if (!place_mode(place, &mode, error) || !make_file(path, mode & 0666, error))
		return FALSE;
	c->vault = sg_vault_open(place, mode, error);
	if (c->vault == NULL)
		return FALSE;
	rc = sqlite3_open_v2(path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		g_set_error(error, SG_ERR, remedy(rc) == SG_ERR_PEER ? SG_ERR_PEER : SG_ERR_SETUP,
		    "%s: %s", path, sqlite3_errstr(rc));
		return FALSE;
	}
	if (sqlite3_db_readonly(c->db, "main") != 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: cannot be written; look at owner, group and mode", path);
		return FALSE;
	}
	sqlite3_extended_result_codes(c->db, 1);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_busy_handler(c->db, on_busy, c);
	return set_up(c, error);
}

static void
statement_free(gpointer p)
{
	sqlite3_finalize(p);
}

static gpointer
sqlite_open(const char *place, GError **error)
{
	Conn *c = g_new0(Conn, 1);

	c->until = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	c->statements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, statement_free);
	if (open_in(c, place, error))
		return c;
	sqlite_close(c);
	return NULL;
}

static Statement *
prepare(Conn *c, const char *sql, GError **error)
{
	sqlite3_stmt *st = g_hash_table_lookup(c->statements, sql);
	int rc;

	if (st != NULL)
		return st;
	if (g_hash_table_size(c->statements) >= STATEMENTS)
		g_hash_table_remove_all(c->statements);
	rc = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);
	if (rc != SQLITE_OK) {
		failed(c, rc, "prepare", error);
		return NULL;
	}
	g_hash_table_insert(c->statements, g_strdup(sql), st);
	return st;
}

static gboolean
bind(Conn *c, sqlite3_stmt *st, const SgValue *v, guint n, GError **error)
{
	int rc = SQLITE_OK;

	g_assert((guint)sqlite3_bind_parameter_count(st) == n);
	for (guint i = 0; i < n && rc == SQLITE_OK; i++)
		rc = v[i].text != NULL ? sqlite3_bind_text(st, (int)i + 1, v[i].text, -1, SQLITE_STATIC)
				       : sqlite3_bind_int64(st, (int)i + 1, v[i].num);
	return rc == SQLITE_OK || failed(c, rc, "bind", error);
}

static gboolean
give_row(sqlite3_stmt *st, SgRowFn row, gpointer data, GError **error)
{
	SgValue v[COLUMNS] = { 0 };
	int n = MIN(sqlite3_column_count(st), COLUMNS);

	for (int i = 0; i < n; i++) {
		if (sqlite3_column_type(st, i) == SQLITE_INTEGER)
			v[i].num = sqlite3_column_int64(st, i);
		else
			v[i].text = (const char *)sqlite3_column_text(st, i);
	}
	if (row(v, data))
		return TRUE;
	g_set_error_literal(error, SG_ERR, SG_ERR_PEER, "the store holds a value that cannot be right; "
	    "restore it from a backup");
	return FALSE;
}

static gboolean
sqlite_run(gpointer data, const char *sql, const SgValue *v, guint n, SgRowFn row, gpointer row_data,
    guint64 *changed, GError **error)
{
	Conn *c = data;
	g_autoptr(Statement) st = faulty("store.step", error) ? NULL : prepare(c, sql, error);
	int rc;

	if (st == NULL || !bind(c, st, v, n, error))
		return FALSE;
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		if (row != NULL && !give_row(st, row, row_data, error))
			return FALSE;
	if (rc != SQLITE_DONE)
		return failed(c, rc, "step", error);
	*changed = (guint64)sqlite3_changes64(c->db);
	return TRUE;
}

static gboolean
simple(Conn *c, const char *sql, GError **error)
{
	guint64 changed;

	return sqlite_run(c, sql, NULL, 0, NULL, NULL, &changed, error);
}

static gboolean
sqlite_begin(gpointer data, gboolean writing, gint64 wait, GError **error)
{
	Conn *c = data;

	c->until = g_get_monotonic_time() + wait;
	return !faulty("store.begin", error) && simple(c, writing ? "BEGIN IMMEDIATE" : "BEGIN", error);
}

static gboolean
sqlite_commit(gpointer data, GError **error)
{
	return !faulty("store.commit", error) && simple(data, "COMMIT", error);
}

/* After some failures (disk full) SQLite has rolled back by itself. */
static void
sqlite_rollback(gpointer data)
{
	Conn *c = data;

	if (!sqlite3_get_autocommit(c->db))
		sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
}

static gboolean
on_checkpoint(const SgValue *row, gpointer data)
{
	*(gboolean *)data = row[0].num == 0;	/* else a reader needs the log */
	return TRUE;
}

/*
 * secure_delete zeroes what is deleted, but not the copies that stay in the gaps of a
 * page when its cells move to another one; only a rebuild is free of them.  It works in a
 * file without a name, not in memory: the whole store goes through it.  Then the log,
 * where the old rows stand too, is emptied.
 */
static gboolean
sqlite_scrub(gpointer data, GError **error)
{
	Conn *c = data;
	gboolean ok, emptied = FALSE;
	guint64 changed;

	c->until = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	ok = simple(c, "PRAGMA temp_store = FILE", error) && simple(c, "VACUUM", error) &&
	    sqlite_run(c, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, 0, on_checkpoint, &emptied, &changed, error);
	simple(c, "PRAGMA temp_store = MEMORY", NULL);
	if (ok && !emptied)
		g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "store: the log is in use and cannot be emptied yet");
	return ok && emptied;
}

static gboolean
sqlite_put(gpointer data, const char *ref, const char *object, SgSeal *seal, GError **error)
{
	return sg_vault_put(((Conn *)data)->vault, ref, object, seal, error);
}

static GBytes *
sqlite_get(gpointer data, const char *ref, const char *object, GError **error)
{
	return sg_vault_get(((Conn *)data)->vault, ref, object, error);
}

static gboolean
sqlite_has(gpointer data, const char *ref, const char *object)
{
	return sg_vault_has(((Conn *)data)->vault, ref, object);
}

static gboolean
sqlite_drop(gpointer data, const char *ref, const char *object, GError **error)
{
	return sg_vault_drop(((Conn *)data)->vault, ref, object, error);
}

static gboolean
sqlite_each(gpointer data, SgObjectFn fn, gpointer fn_data, GError **error)
{
	return sg_vault_each(((Conn *)data)->vault, fn, fn_data, error);
}

static const SgSchema *
sqlite_schema(gpointer data G_GNUC_UNUSED)
{
	static const char *const scripts[] = {
#include "store/schema.inc"
		NULL,
	};
	static const SgSchema schema = {
		"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'", scripts,
	};

	return &schema;
}

const SgStoreEngine sg_s_sqlite = {
	.name = "sqlite",
	.open = sqlite_open,
	.close = sqlite_close,
	.schema = sqlite_schema,
	.begin = sqlite_begin,
	.run = sqlite_run,
	.script = sqlite_script,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.scrub = sqlite_scrub,
	.put = sqlite_put,
	.get = sqlite_get,
	.has = sqlite_has,
	.drop = sqlite_drop,
	.each = sqlite_each,
};
