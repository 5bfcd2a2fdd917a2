/* fails-if: a store of an older schema is not taken to the newest with its rows, a step that
 * fails leaves a half-made schema, or a store of a newer program is opened */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "../lib/store_fixture.h"
#include "base/err.h"
#include "store/private.h"

#define MADE "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'"

static const char first[] =
    "CREATE TABLE migration (version INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;";
static const char second[] =
    "ALTER TABLE thing ADD COLUMN size INTEGER NOT NULL DEFAULT 7;";
static const char third[] =
    "UPDATE thing SET size = size + 1; CREATE INDEX thing_size ON thing (size);";
static const char broken[] =
    "UPDATE thing SET size = 1; CREATE TABLE thing (id INTEGER PRIMARY KEY) STRICT;";

static SgDb *
open_db(const Place *p)
{
	g_autoptr(GError) error = NULL;
	SgDb *db = sg_db_open(&sg_s_sqlite, p->store, &error);

	g_assert_no_error(error);
	return db;
}

static gint64
ask(SgDb *db, const char *sql)
{
	g_autoptr(GError) error = NULL;
	SgTx *tx = sg_tx_begin(db, FALSE, &error);
	gint64 n = sg_tx_num(tx, -1, sql, "");

	g_assert_true(sg_tx_end(tx, &error));
	g_assert_no_error(error);
	return n;
}

static gboolean
count_first(SgTx *tx G_GNUC_UNUSED, gpointer data)
{
	++*(guint *)data;
	return TRUE;
}

static void
goes_up_step_by_step(void)
{
	static const char *const old_steps[] = { first, NULL };
	static const char *const new_steps[] = { first, second, third, NULL };
	const SgSchema old = { MADE, old_steps }, new = { MADE, new_steps };
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgDb) db = NULL;
	guint version = 0, firsts = 0;
	SgTx *tx;

	place_make(&p);
	db = open_db(&p);
	g_assert_true(sg_db_migrate(db, &old, NOW, count_first, &firsts, &version, &error));
	g_assert_cmpuint(version, ==, 1);
	tx = sg_tx_begin(db, TRUE, &error);
	sg_tx_run(tx, "INSERT INTO thing (name) VALUES (?1)", "s", "kept");
	g_assert_true(sg_tx_end(tx, &error));
	for (guint again = 0; again < 2; again++) {
		g_assert_true(sg_db_migrate(db, &new, NOW + 5, count_first, &firsts, &version, &error));
		g_assert_no_error(error);
		g_assert_cmpuint(version, ==, 3);
		g_assert_cmpint(ask(db, "SELECT size FROM thing WHERE name = 'kept'"), ==, 8);
	}
	g_assert_cmpuint(firsts, ==, 1);
	g_assert_cmpint(ask(db, "SELECT count(*) FROM migration"), ==, 3);

	/* the older program now meets the newer store */
	g_assert_false(sg_db_migrate(db, &old, NOW, NULL, NULL, &version, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
}

static void
all_or_nothing(void)
{
	static const char *const old_steps[] = { first, second, NULL };
	static const char *const bad_steps[] = { first, second, third, broken, NULL };
	const SgSchema old = { MADE, old_steps }, bad = { MADE, bad_steps };
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgDb) db = NULL;
	guint version = 0;

	place_make(&p);
	db = open_db(&p);
	g_assert_false(sg_db_migrate(db, &bad, NOW, NULL, NULL, &version, &error));
	g_clear_error(&error);
	g_assert_cmpint(ask(db, MADE), ==, 0);
	g_assert_true(sg_db_migrate(db, &old, NOW, NULL, NULL, &version, &error));
	g_assert_false(sg_db_migrate(db, &bad, NOW, NULL, NULL, &version, &error));
	g_assert_cmpint(ask(db, "SELECT max(version) FROM migration"), ==, 2);
	g_assert_cmpint(ask(db, "SELECT count(*) FROM sqlite_master WHERE name = 'thing_size'"), ==, 0);
}

static void
refuses_a_newer_store(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	SgTx *tx;

	place_make(&p);
	s = place_open(&p);
	tx = sg_tx_begin(s->db, TRUE, &error);
	sg_tx_run(tx, "INSERT INTO migration (version, at) VALUES (?1, ?2)", "ii", (gint64)s->schema + 1, NOW);
	g_assert_true(sg_tx_end(tx, &error));
	g_clear_pointer(&s, sg_store_close);
	g_assert_null(place_try(&p, NULL, NULL, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_test_message("%s", error->message);
}

/* Four programs start at once where there is nothing yet. */
static void
makes_it_once(void)
{
	for (guint round = 0; round < 10; round++) {
		g_auto(Place) p = { 0 };
		g_autoptr(GError) error = NULL;
		g_autoptr(SgStore) s = NULL;
		pid_t pids[4];

		place_make(&p);
		for (gsize n = 0; n < G_N_ELEMENTS(pids); n++) {
			pids[n] = fork();
			if (pids[n] == 0) {
				g_autoptr(GError) why = NULL;
				SgStore *mine = place_try(&p, NULL, NULL, &why);

				if (mine == NULL)
					g_test_message("%s", why->message);
				_exit(mine != NULL && sg_store_audit(mine, "x", "started", "", "", NOW, NULL) ? 0 : 1);
			}
		}
		for (gsize n = 0; n < G_N_ELEMENTS(pids); n++) {
			int status = 0;

			waitpid(pids[n], &status, 0);
			g_assert_cmpint(status, ==, 0);
		}
		s = place_open(&p);
		g_assert_true(sg_store_audit_verify(s, NULL, &error));
		g_assert_no_error(error);
	}
}

static void
says_what_is_wrong(void)
{
	static const struct { const char *url; int code; } cases[] = {
		{ "oracle:/x", SG_ERR_SETUP }, { "sqlite", SG_ERR_SETUP }, { ":", SG_ERR_SETUP }, { "", SG_ERR_SETUP },
		{ "sqlite:/proc/no/such", SG_ERR_SETUP }, { "sqlite:/dev/null", SG_ERR_SETUP },
		{ "failing:x", SG_ERR_SETUP }, { "failing:1:nothing:x", SG_ERR_SETUP },
	};
	g_auto(Place) p = { 0 };

	place_make(&p);
	for (gsize n = 0; n < G_N_ELEMENTS(cases); n++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(place_try(&p, cases[n].url, NULL, &error));
		g_assert_error(error, SG_ERR, cases[n].code);
		g_test_message("%s", error->message);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store-schema/goes-up-step-by-step", goes_up_step_by_step);
	g_test_add_func("/store-schema/all-or-nothing", all_or_nothing);
	g_test_add_func("/store-schema/refuses-a-newer-store", refuses_a_newer_store);
	g_test_add_func("/store-schema/makes-it-once", makes_it_once);
	g_test_add_func("/store-schema/says-what-is-wrong", says_what_is_wrong);
	return g_test_run();
}
