/* fails-if: a sealed object can be changed, cut, prolonged, moved or read with another key */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "../lib/store_fixture.h"
#include "base/err.h"
#include "store/vault.h"

static GBytes *
seal_all(const SgKeys *keys, const char *ref, const char *object, GBytes *plain)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgSeal) s = sg_seal_new(keys, ref, object, plain, &error);
	GByteArray *out = g_byte_array_new();
	const guint8 *p;
	gsize n;

	g_assert_no_error(error);
	while (sg_seal_next(s, &p, &n))
		g_byte_array_append(out, p, (guint)n);
	g_assert_cmpuint(out->len, ==, sg_seal_size(plain));
	return g_byte_array_free_to_bytes(out);
}

static GBytes *
noise(gsize n)
{
	guint8 *p = g_malloc(n + 1);

	randombytes_buf(p, n);
	return g_bytes_new_take(p, n);
}

static void
round_trips(void)
{
	static const gsize sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 131073, 1000000 };
	g_auto(Place) p = { 0 };

	place_make(&p);
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) plain = noise(sizes[i]);
		g_autoptr(GBytes) sealed = seal_all(p.keys, "7F3K9QXD", "message", plain);
		g_autoptr(GBytes) back = sg_seal_open(p.keys, "7F3K9QXD", "message", sealed, &error);

		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(plain, back));
	}
}

static void
refused(const SgKeys *keys, const char *ref, const char *object, const guint8 *p, gsize n)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) b = g_bytes_new(p, n);

	g_assert_null(sg_seal_open(keys, ref, object, b, &error));
	g_assert_true(g_error_matches(error, SG_ERR, SG_ERR_PEER) || g_error_matches(error, SG_ERR, SG_ERR_SETUP));
}

/* every byte flipped, every truncation and a prolongation, of a short and of a long object */
static void
refuses_every_change(void)
{
	static const gsize sizes[] = { 40, 70000 };
	g_auto(Place) place = { 0 };

	place_make(&place);
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GBytes) plain = noise(sizes[i]);
		g_autoptr(GBytes) sealed = seal_all(place.keys, "7F3K9QXD", "message", plain);
		gsize n, step = sizes[i] > 1000 ? 997 : 1;
		const guint8 *good = g_bytes_get_data(sealed, &n);
		g_autofree guint8 *bad = g_malloc(n + 1);

		for (gsize at = 0; at < n; at += at < 200 ? 1 : step) {
			memcpy(bad, good, n);
			bad[at] ^= 1u << (at % 8);
			refused(place.keys, "7F3K9QXD", "message", bad, n);
		}
		for (gsize cut = 0; cut < n; cut += cut < 200 ? 1 : step)
			refused(place.keys, "7F3K9QXD", "message", good, cut);
		memcpy(bad, good, n);
		bad[n] = 0;
		refused(place.keys, "7F3K9QXD", "message", bad, n + 1);
		if (sizes[i] > 65536)	/* at the end of a chunk exactly, and with two chunks the same */
			refused(place.keys, "7F3K9QXD", "message", good, 120 + 65536 + 17);
	}
}

static void
refuses_another_name_or_key(void)
{
	g_auto(Place) p = { 0 };
	g_auto(Place) other = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) none = NULL;
	g_autoptr(GBytes) plain = NULL;
	g_autoptr(GBytes) sealed = NULL;
	SgKeys public_only;

	place_make(&p);
	place_make(&other);
	plain = noise(100);
	sealed = seal_all(p.keys, "7F3K9QXD", "message", plain);
	refused(p.keys, "7F3K9QXE", "message", g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed));
	refused(p.keys, "7F3K9QXD", "reading", g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed));
	g_assert_null(sg_seal_open(other.keys, "7F3K9QXD", "message", sealed, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_assert_nonnull(strstr(error->message, "another vault.key"));

	/* who files cannot read back */
	public_only = *p.keys;
	public_only.have = SG_KEY_VAULT_PUBLIC;
	memset(public_only.vault_secret, 0, SG_KEY_LEN);
	g_assert_null(sg_seal_open(&public_only, "7F3K9QXD", "message", sealed, &none));
	g_assert_error(none, SG_ERR, SG_ERR_SETUP);
}

typedef struct Seen {
	guint  n;
	gint64 made;
} Seen;

static void
see(const char *ref G_GNUC_UNUSED, gint64 made, gpointer data)
{
	((Seen *)data)->n++;
	((Seen *)data)->made = made;
}

static guint
count(SgVault *v)
{
	Seen s = { 0 };

	g_assert_true(sg_vault_each(v, see, &s, NULL));
	return s.n;
}

static gboolean
put(SgVault *v, const SgKeys *keys, const char *ref, const char *object, GBytes *b, GError **error)
{
	g_autoptr(SgSeal) s = sg_seal_new(keys, ref, object, b, NULL);

	return sg_vault_put(v, ref, object, s, error);
}

static void
keeps_files(void)
{
	static const char *const wild[] = { "../AAAAA", "AA/AAAAA", "7f3k9qxd", "", "7F3K9QXDX", ".AAAAAAA" };
	g_auto(Place) p = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgVault) v = NULL;
	g_autoptr(GBytes) one = g_bytes_new_static("one", 3);
	g_autoptr(GBytes) two = g_bytes_new_static("two", 3);
	g_autoptr(GBytes) got = NULL;

	place_make(&p);
	g_assert_cmpint(g_mkdir(p.store, 0700), ==, 0);
	v = sg_vault_open(p.store, 0700, &error);
	g_assert_no_error(error);
	g_assert_true(put(v, p.keys, "7F3K9QXD", "message", one, &error));
	g_assert_true(put(v, p.keys, "7F3K9QXD", "reading", two, &error));
	g_assert_true(put(v, p.keys, "7FAAAAAA", "message", two, &error));
	g_assert_no_error(error);

	/* never replaced */
	g_assert_false(put(v, p.keys, "7F3K9QXD", "message", two, &error));
	g_clear_error(&error);
	got = sg_vault_get(v, "7F3K9QXD", "message", &error);
	g_assert_cmpuint(count(v), ==, 3);

	g_assert_true(sg_vault_drop(v, "7F3K9QXD", "reading", &error));
	g_assert_false(sg_vault_has(v, "7F3K9QXD", "reading"));
	g_assert_true(sg_vault_has(v, "7F3K9QXD", "message"));
	g_assert_true(sg_vault_drop(v, "7F3K9QXD", NULL, &error));
	g_assert_true(sg_vault_drop(v, "7F3K9QXD", NULL, &error));
	g_assert_cmpuint(count(v), ==, 1);
	for (gsize i = 0; i < G_N_ELEMENTS(wild); i++) {
		g_assert_false(put(v, p.keys, wild[i], "message", one, NULL));
		g_assert_null(sg_vault_get(v, wild[i], "message", NULL));
		g_assert_false(sg_vault_has(v, wild[i], "message"));
	}
	g_assert_cmpuint(count(v), ==, 1);
}

/* Files of programs that share a group are the group's; others never see them. */
static void
sets_modes(void)
{
	static const struct { mode_t dir, want_dir, want_file; gboolean ok; } cases[] = {
		{ 0700, 0700, 0600, TRUE }, { 02770, 02770, 0660, TRUE },
		{ 0755, 0, 0, FALSE }, { 0701, 0, 0, FALSE },
	};
	mode_t mask = umask(077);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Place) p = { 0 };
		g_autoptr(GError) error = NULL;
		g_autoptr(SgStore) s = NULL;
		static const char *const files[] = { "schoolgate.db", "schoolgate.db-wal", "schoolgate.db-shm",
			"content/7F/7F3K9QXD.message" };
		g_autofree char *shelf = NULL;
		struct stat st;

		place_make(&p);
		g_assert_cmpint(g_mkdir(p.store, 0700), ==, 0);
		g_assert_cmpint(chmod(p.store, cases[i].dir), ==, 0);
		s = place_try(&p, NULL, NULL, &error);
		g_assert_cmpint(s != NULL, ==, cases[i].ok);
		if (!cases[i].ok) {
			g_assert_error(error, SG_ERR, SG_ERR_SETUP);
			continue;
		}
		file_one(s, "7F3K9QXD", "a@x.example");
		for (gsize k = 0; k < G_N_ELEMENTS(files); k++) {
			g_autofree char *path = g_build_filename(p.store, files[k], NULL);

			g_assert_cmpint(stat(path, &st), ==, 0);
			g_test_message("%s", files[k]);
			g_assert_cmpint(st.st_mode & 07777, ==, cases[i].want_file);
		}
		shelf = g_build_filename(p.store, "content/7F", NULL);
		g_assert_cmpint(stat(shelf, &st), ==, 0);
		g_assert_cmpint(st.st_mode & 07777, ==, cases[i].want_dir);
	}
	umask(mask);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(sodium_init(), !=, -1);
	g_test_add_func("/vault/round-trips", round_trips);
	g_test_add_func("/vault/refuses-every-change", refuses_every_change);
	g_test_add_func("/vault/refuses-another-name-or-key", refuses_another_name_or_key);
	g_test_add_func("/vault/keeps-files", keeps_files);
	g_test_add_func("/vault/sets-modes", sets_modes);
	return g_test_run();
}
