/* fails-if: a member that some zip program would show is not read, or an offset is believed */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "pack/zip.h"
#include "pack/zip_name.h"
#include "t/lib/catch.h"

/* The samples and expected.txt are made by t/lib/zips.py. */
static char *
sample(const char *name, gsize *n)
{
	g_autofree char *file = g_build_filename(g_getenv("top_srcdir"), "t/data/zip", name, NULL);
	g_autoptr(GError) error = NULL;
	char *text;

	g_file_get_contents(file, &text, n, &error);
	g_assert_no_error(error);
	return text;
}

/* Of each member: name, other name, traits, and "marker" where it holds it, "!" where it
 * cannot be read; then the facts. */
static char *
describe(GBytes *bytes)
{
	static const char letters[] = "LSDEPFKMOT";	/* in the order of SgZipTrait */
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(SgZip) z = sg_zip_read(bytes, 1000, NULL, NULL);
	GString *out = g_string_new(NULL);

	if (z == NULL)
		return g_string_free(g_string_append(out, "nothing\n"), FALSE);
	for (guint i = 0; i < sg_zip_count(z); i++) {
		const SgZipMember *m = sg_zip_member(z, i);
		g_autoptr(GBytes) b = sg_zip_unpack_all(z, i, 1u << 20, &c->sink, NULL);
		gsize n = 0;
		const char *p = b != NULL ? g_bytes_get_data(b, &n) : NULL;

		g_string_append(out, m->name);
		if (m->other != NULL)
			g_string_append_printf(out, " (%s)", m->other);
		g_string_append_c(out, ' ');
		for (guint k = 0; letters[k] != '\0'; k++)
			if ((m->traits & 1u << k) != 0)
				g_string_append_c(out, letters[k]);
		if (m->aes > 0)
			g_string_append_printf(out, " aes-%u", m->aes);
		g_string_append(out, b == NULL ? " !\n" : n > 0 && memmem(p, n, "MARKER", 6) != NULL ? " marker\n" : "\n");
	}
	if (sg_zip_facts(z) != 0)
		g_string_append_printf(out, "facts %u\n", sg_zip_facts(z));
	return g_string_free(out, FALSE);
}

static void
samples_are_read_as_expected(void)
{
	gsize n;
	g_autofree char *expected = sample("expected.txt", &n);
	g_auto(GStrv) cases = g_strsplit(expected, "== ", -1);

	g_assert_cmpuint(g_strv_length(cases), >, 20);
	for (guint i = 1; cases[i] != NULL; i++) {
		char *rest = strchr(cases[i], '\n') + 1;
		g_autofree char *name = g_strndup(cases[i], (gsize)(rest - 1 - cases[i]));
		char *text = sample(name, &n);
		g_autoptr(GBytes) bytes = g_bytes_new_take(text, n);
		g_autofree char *seen = describe(bytes);

		g_test_message("%s", name);
		g_assert_cmpstr(seen, ==, rest);
	}
}

/* No length and no single byte can make it read elsewhere (run it with ASan). */
static void
damage_is_survived(void)
{
	static const char *const names[] = { "plain-comment.zip", "zip64-other-directory.zip",
		"unicode-path-other.zip", "stream-only-descriptor.zip", "plain-method-14.zip",
		"plain-method-9.zip", "aes.zip" };

	for (gsize k = 0; k < G_N_ELEMENTS(names); k++) {
		gsize n;
		g_autofree char *text = sample(names[k], &n);

		for (gsize i = 0; i < n; i++) {
			g_autofree char *copy = g_memdup2(text, i);
			g_autoptr(GBytes) cut = g_bytes_new(copy, i), changed = NULL;

			g_free(describe(cut));
			text[i] ^= (char)(i % 3 == 0 ? 0xff : 1 << i % 8);
			changed = g_bytes_new(text, n);
			g_free(describe(changed));
			text[i] ^= (char)(i % 3 == 0 ? 0xff : 1 << i % 8);
		}
	}
}

static void
limits_hold(void)
{
	gsize n;
	char *text = sample("plain-deflate64-long.zip", &n);
	g_autoptr(GBytes) bytes = g_bytes_new_take(text, n), all = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(SgZip) z = sg_zip_read(bytes, 1, NULL, &error);
	g_autoptr(Catch) c = catch_new("");
	gboolean more;

	g_assert_no_error(error);
	all = sg_zip_unpack_all(z, 0, 60000, &c->sink, &error);
	g_assert_null(all);
	g_assert_error(error, SG_ERR, SG_ERR_LIMIT);
	g_clear_error(&error);
	all = sg_zip_unpack_all(z, 0, 70000, &c->sink, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(all), ==, 65562);
	g_assert_cmpint(sg_zip_find(z, "MARKER.TXT"), ==, 0);
	g_assert_cmpint(sg_zip_find(z, "marker"), ==, -1);
	g_clear_pointer(&z, sg_zip_free);
	g_clear_pointer(&bytes, g_bytes_unref);
	text = sample("plain-comment.zip", &n);
	bytes = g_bytes_new_take(text, n);
	z = sg_zip_read(bytes, 1, &more, &error);
	g_assert_cmpuint(sg_zip_count(z), ==, 1);
	g_assert_true(more);
}

static void
names_are_repaired(void)
{
	static const struct {
		const char *in, *out;
		gsize n;
	} names[] = {
		{ "a.txt", "a.txt", 5 }, { "a\0b", "a\xef\xbf\xbd" "b", 3 }, { "caf\x82", "caf\xc3\xa9", 4 },
		{ "caf\xc3\xa9", "caf\xc3\xa9", 5 }, { "\xe2\x80\xaetxt.exe", "\xef\xbf\xbdtxt.exe", 10 },
		{ "\x1b[2J\n", "\xef\xbf\xbd[2J\xef\xbf\xbd", 5 }, { "", "", 0 },
		{ "\xc3\xa9\0\xc3", "\xe2\x94\x9c\xe2\x8c\x90\xef\xbf\xbd\xe2\x94\x9c", 4 },
	};
	g_autofree char *all = g_strnfill(70000, 'x'), *name = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *seen = sg_name_show(names[i].in, names[i].n, NULL);

		g_assert_cmpstr(seen, ==, names[i].out);
	}
	strcpy(all + 69995, ".exe");
	name = sg_name_show(all, 69999, NULL);
	g_assert_cmpuint(strlen(name), <=, 1024);
	g_assert_true(g_str_has_suffix(name, "x.exe"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/zip/samples_are_read_as_expected", samples_are_read_as_expected);
	g_test_add_func("/zip/damage_is_survived", damage_is_survived);
	g_test_add_func("/zip/limits_hold", limits_hold);
	g_test_add_func("/zip/names_are_repaired", names_are_repaired);
	return g_test_run();
}
