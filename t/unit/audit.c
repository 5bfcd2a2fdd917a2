/* fails-if: an entry of the audit can be changed, removed, added or cut off unseen */
#include <glib/gstdio.h>
#include <string.h>

#include <sqlite3.h>

#include "../lib/store_fixture.h"
#include "base/err.h"

static void
fill(Place *p)
{
	g_autoptr(SgStore) s = place_open(p);
	g_autoptr(GError) error = NULL;
	gint64 n = -1;

	g_assert_true(sg_store_audit_verify(s, &n, &error));
	g_assert_cmpint(n, ==, 0);
	for (guint i = 0; i < 10; i++) {
		g_autofree char *detail = g_strdup_printf("n=%u", i);

		g_assert_true(sg_store_audit(s, "lead", "looked", "7F3K9QXD", detail, NOW + i, &error));
		g_assert_no_error(error);
	}
	g_assert_true(sg_store_audit_verify(s, &n, &error));
	g_assert_cmpint(n, ==, 10);
}

/* What somebody with the file, but not the key, would do. */
static int
tamper(const Place *p, const char *sql)
{
	g_autofree char *path = g_build_filename(p->store, "schoolgate.db", NULL);
	sqlite3 *db = NULL;
	int rc;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

#define OPEN "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; "

static const struct {
	const char *name, *sql, *says;
} attacks[] = {
	{ "when", OPEN "UPDATE audit SET at = at + 1 WHERE seq = 4", "entry 4 was changed" },
	{ "actor", OPEN "UPDATE audit SET actor = 'deputy' WHERE seq = 1", "entry 1 was changed" },
	{ "action", OPEN "UPDATE audit SET action = 'opened' WHERE seq = 10", "entry 10 was changed" },
	{ "ref", OPEN "UPDATE audit SET ref = '' WHERE seq = 5", "entry 5 was changed" },
	{ "detail", OPEN "UPDATE audit SET detail = 'n=' WHERE seq = 5", "entry 5 was changed" },
	{ "hash", OPEN "UPDATE audit SET hash = 'ff' WHERE seq = 5", "entry 5 was changed" },
	{ "fields-shifted", OPEN "UPDATE audit SET actor = actor || action, action = '' WHERE seq = 5", "entry 5 was changed" },
	{ "removed", OPEN "DELETE FROM audit WHERE seq = 5", "entry 5 was removed" },
	{ "first-removed", OPEN "DELETE FROM audit WHERE seq = 1", "entry 1 was removed" },
	{ "removed-and-closed-up", OPEN "DELETE FROM audit WHERE seq = 5; UPDATE audit SET seq = seq - 1 WHERE seq > 5",
	  "entry 5 was changed" },
	{ "added-inside", OPEN "UPDATE audit SET seq = -seq - 1 WHERE seq > 5; UPDATE audit SET seq = -seq WHERE seq < 0; "
	  "INSERT INTO audit SELECT 6, at, actor, action, ref, detail, hash FROM audit WHERE seq = 5", "entry 6 was changed" },
	{ "added-at-end", "INSERT INTO audit SELECT 11, at, actor, action, ref, detail, hash FROM audit WHERE seq = 10",
	  "entry 11 was changed or added" },
	{ "swapped", OPEN "UPDATE audit SET seq = 99 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; "
	  "UPDATE audit SET seq = 4 WHERE seq = 99", "entry 3 was changed" },
	{ "tail-cut", OPEN "DELETE FROM audit WHERE seq > 8", "entry 9 was removed" },
	{ "tail-cut-and-head-set-back", OPEN "DELETE FROM audit WHERE seq > 8; UPDATE audit_head SET seq = 8, "
	  "hash = (SELECT hash FROM audit WHERE seq = 8)", "where the audit ends was changed" },
	{ "head-removed", "DELETE FROM audit_head", "where the audit ends was removed" },
	{ "all-removed", OPEN "DELETE FROM audit; DELETE FROM audit_head", "where the audit ends was removed" },
	{ "all-but-head-removed", OPEN "DELETE FROM audit", "entry 1 was removed" },
};

static void
finds(gconstpointer data)
{
	gsize n = GPOINTER_TO_SIZE(data);
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;

	place_make(&p);
	fill(&p);
	g_assert_cmpint(tamper(&p, attacks[n].sql), ==, SQLITE_OK);
	s = place_open(&p);
	g_assert_false(sg_store_audit_verify(s, NULL, &error));
	g_assert_error(error, SG_ERR, SG_ERR_PEER);
	g_test_message("%s", error->message);
	g_assert_nonnull(strstr(error->message, attacks[n].says));

	/* going on does not heal it */
	sg_store_audit(s, "lead", "looked", "", "", NOW, NULL);
	g_assert_false(sg_store_audit_verify(s, NULL, NULL));
}

static void
grow(const Place *p, const char *action)
{
	g_autoptr(SgStore) s = place_open(p);

	for (guint i = 0; i < 5; i++)
		g_assert_true(sg_store_audit(s, "lead", action, "", "", NOW, NULL));
}

/* Somebody keeps a copy, puts it back later and mixes entries of both lives: each was made with
 * the key, at its place, but not after this one. */
static void
finds_an_entry_of_another_life(void)
{
	g_auto(Place) p = { 0 };
	g_autofree char *path = NULL;
	g_autofree char *copy = NULL;
	g_autofree char *other = NULL;
	g_autofree char *sql = NULL;
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GError) error = NULL;
	gsize n;

	place_make(&p);
	fill(&p);
	path = g_build_filename(p.store, "schoolgate.db", NULL);
	other = g_build_filename(p.store, "other.db", NULL);
	g_assert_true(g_file_get_contents(path, &copy, &n, NULL));
	grow(&p, "opened");
	g_assert_cmpint(g_rename(path, other), ==, 0);
	g_assert_true(g_file_set_contents(path, copy, (gssize)n, NULL));
	grow(&p, "looked");
	sql = g_strdup_printf("ATTACH '%s' AS o; " OPEN "DELETE FROM main.audit WHERE seq = 13; "
	    "INSERT INTO main.audit SELECT * FROM o.audit WHERE seq = 13;", other);
	g_assert_cmpint(tamper(&p, sql), ==, SQLITE_OK);
	s = place_open(&p);
	g_assert_false(sg_store_audit_verify(s, NULL, &error));
	g_assert_nonnull(strstr(error->message, "entry 13 was changed"));
}

static void
triggers_refuse(void)
{
	static const char *const tries[] = {
		"UPDATE audit SET actor = 'x' WHERE seq = 1",
		"DELETE FROM audit WHERE seq = 10",
		"DELETE FROM audit",
	};
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GError) error = NULL;

	place_make(&p);
	fill(&p);
	for (gsize i = 0; i < G_N_ELEMENTS(tries); i++)
		g_assert_cmpint(tamper(&p, tries[i]) & 0xff, ==, SQLITE_CONSTRAINT);
	s = place_open(&p);
	g_assert_true(sg_store_audit_verify(s, NULL, &error));
	g_assert_no_error(error);
}

/* Another key cannot go on with the chain, nor say that it holds. */
static void
needs_its_key(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;

	place_make(&p);
	fill(&p);
	p.keys->audit[0] ^= 1;
	s = place_open(&p);
	g_assert_false(sg_store_audit_verify(s, NULL, &error));
	g_assert_error(error, SG_ERR, SG_ERR_PEER);
	g_clear_error(&error);
	g_assert_false(sg_store_audit(s, "lead", "looked", "", "", NOW, &error));
	g_assert_error(error, SG_ERR, SG_ERR_PEER);
	g_clear_error(&error);
	p.keys->audit[0] ^= 1;
	p.keys->have &= ~(guint)SG_KEY_AUDIT;
	g_assert_false(sg_store_audit(s, "lead", "looked", "", "", NOW, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	p.keys->have |= SG_KEY_AUDIT;
	g_assert_true(sg_store_audit_verify(s, NULL, NULL));
}

static void
lists(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GPtrArray) some = NULL;
	g_autoptr(GPtrArray) none = NULL;
	g_autoptr(GPtrArray) late = NULL;
	const SgAuditEntry *e;

	place_make(&p);
	fill(&p);
	s = place_open(&p);
	some = sg_store_audit_list(s, NULL, 0, 3, &error);
	g_assert_cmpuint(some->len, ==, 3);
	e = g_ptr_array_index(some, 0);
	g_assert_cmpint(e->seq, ==, 10);
	g_assert_cmpstr(e->detail, ==, "n=9");
	g_assert_cmpuint(strlen(e->hash), ==, 64);
	none = sg_store_audit_list(s, "' OR 1=1 --", 0, 0, &error);
	g_assert_cmpuint(none->len, ==, 0);
	late = sg_store_audit_list(s, "7F3K9QXD", NOW + 8, 0, &error);
	g_assert_cmpuint(late->len, ==, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(attacks); i++) {
		g_autofree char *path = g_strdup_printf("/audit/finds/%s", attacks[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), finds);
	}
	g_test_add_func("/audit/finds-an-entry-of-another-life", finds_an_entry_of_another_life);
	g_test_add_func("/audit/triggers-refuse", triggers_refuse);
	g_test_add_func("/audit/needs-its-key", needs_its_key);
	g_test_add_func("/audit/lists", lists);
	return g_test_run();
}
