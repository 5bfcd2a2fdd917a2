/* fails-if: a change, or the age, of virus signatures is not seen */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "base/signatures.h"

static void
put(const char *dir, const char *name, const char *text, gint64 when)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	const struct utimbuf t = { when, when };

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(utime(path, &t), ==, 0);
}

static void
drop(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	g_assert_cmpint(g_unlink(path), ==, 0);
}

static void
age_and_change(void)
{
	g_autofree char *dir = g_dir_make_tmp("sg-signatures-XXXXXX", NULL);
	SgSignatures s, was;

	sg_signatures_look(dir, &s);
	g_assert_true(s.files == 0 && s.made == 0 && s.stamp == 0);
	put(dir, "notes.txt", "x", 5000);
	sg_signatures_look(dir, &s);
	g_assert_cmpuint(s.files, ==, 0);
	put(dir, "own.hdb", "x", 5000);
	put(dir, "other.ndb", "x", 6000);
	sg_signatures_look(dir, &s);
	g_assert_true(s.files == 2 && s.made == 6000 && s.stamp != 0);
	sg_signatures_look(dir, &was);
	g_assert_cmpuint(was.stamp, ==, s.stamp);
	put(dir, "own.hdb", "x", 5001);
	sg_signatures_look(dir, &s);
	g_assert_cmpuint(was.stamp, !=, s.stamp);
	/* the daily set tells its own age, whatever was touched since */
	put(dir, "daily.cvd", "ClamAV-VDB:01 Jan 2026 00-00 +0000:1:2:90:aa:bb:builder:1234567   ", 9000);
	sg_signatures_look(dir, &s);
	g_assert_true(s.files == 3 && s.made == 1234567);
	put(dir, "daily.cvd", "half of it", 9000);
	sg_signatures_look(dir, &s);
	g_assert_cmpint(s.made, ==, 9000);
	put(dir, "daily.cvd", "ClamAV-VDB:a:b", 9000);
	sg_signatures_look(dir, &s);
	g_assert_cmpint(s.made, ==, 9000);
	drop(dir, "daily.cvd");
	drop(dir, "own.hdb");
	drop(dir, "other.ndb");
	drop(dir, "notes.txt");
	g_assert_cmpint(g_rmdir(dir), ==, 0);
	sg_signatures_look(dir, &s);
	g_assert_cmpuint(s.files, ==, 0);
	sg_signatures_look(NULL, &s);
	g_assert_cmpuint(s.files, ==, 0);
}

static void
what_is_meant(void)
{
	g_autofree char *usual = sg_signatures_dir("auto"), *named = sg_signatures_dir("/some/where");

	g_assert_true(usual == NULL || strcmp(usual, SG_SIGNATURES_USUAL) == 0);
	g_assert_cmpstr(named, ==, "/some/where");
	g_assert_null(sg_signatures_dir("off"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/signatures/age-and-change", age_and_change);
	g_test_add_func("/signatures/what-is-meant", what_is_meant);
	return g_test_run();
}
