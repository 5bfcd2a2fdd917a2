/* fails-if: messages of an mbox are split or joined wrongly, a file of a directory is left out or
 * comes in another order, or a message that is too large, empty or unreadable ends the walk */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "ctl/mailbox.h"

static char *
temp(void)
{
	return g_dir_make_tmp("sg-mailbox-XXXXXX", NULL);
}

static void
put(const char *dir, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(dir, name, NULL), *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) d = g_dir_open(path, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	(void)g_remove(path);
}

/* All messages as "[text][text]..."; what cannot be read as "[!why]". */
static char *
all(const char *path, gsize max, gboolean keep)
{
	char *names[] = { (char *)(gsize)path, NULL };
	g_autoptr(SgMailbox) b = sg_mailbox_open(names, max, NULL);
	GString *s = g_string_new(NULL);
	guint64 n = 0;
	SgMail m;

	g_assert_nonnull(b);
	while (sg_mailbox_next(b, keep, &m)) {
		g_assert_cmpuint(m.number, ==, ++n);
		if (m.bytes != NULL)
			g_string_append_printf(s, "[%.*s]", (int)g_bytes_get_size(m.bytes), (const char *)g_bytes_get_data(m.bytes, NULL));
		else
			g_string_append_printf(s, "[%s%s]", m.why != NULL ? "!" : "", m.why != NULL ? m.why : "");
		g_clear_pointer(&m.bytes, g_bytes_unref);
	}
	return g_string_free(s, FALSE);
}

#define FROM "From a@x.example Mon Mar  2 10:40:00 2026\n"

static void
mboxes(void)
{
	static const struct {
		const char *text, *expected, *counted;
	} cases[] = {
		{ FROM "S: 1\n\none\n\n" FROM "S: 2\n\ntwo\n", "[S: 1\n\none\n\n][S: 2\n\ntwo\n]", "[][]" },
		{ FROM "S: 1\n\nFrom here on\n\nFrom me\n", "[S: 1\n\nFrom here on\n\nFrom me\n]", "[]" },
		{ FROM "S: 1\n\nno blank\n" FROM, "[S: 1\n\nno blank\n" FROM "]", "[]" },
		{ FROM "S: 1\n\n>From you\n>>From me\n> From\n", "[S: 1\n\nFrom you\n>From me\n> From\n]", "[]" },
		{ FROM "S: 1\r\n\r\none\r\n\r\n" FROM "two", "[S: 1\r\n\r\none\r\n\r\n][two]", "[][]" },
		{ FROM "\n" FROM "\n" FROM, "[\n][\n][!it is empty]", "[][][]" },
		{ "S: no mbox\n\n" FROM "x\n", "[S: no mbox\n\n" FROM "x\n]", "[]" },
		{ "", "[!it is empty]", "[]" },
		{ "From ", "[!it is empty]", "[]" },
	};
	g_autofree char *dir = temp(), *path = g_build_filename(dir, "m", NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *kept = NULL, *counted = NULL;

		put(dir, "m", cases[i].text);
		kept = all(path, 1000, TRUE);
		counted = all(path, 1000, FALSE);
		g_assert_cmpstr(kept, ==, cases[i].expected);
		g_assert_cmpstr(counted, ==, cases[i].counted);
	}
	remove_tree(dir);
}

/* Lines and messages longer than the buffer, split at every place near its end. */
static void
long_ones(void)
{
	g_autofree char *dir = temp(), *path = g_build_filename(dir, "m", NULL);

	for (gsize n = (256u << 10) - 60; n < (256u << 10) + 60; n++) {
		g_autofree char *filler = g_strnfill(n - strlen(FROM) - 2, 'x');
		g_autofree char *text = g_strconcat(FROM, filler, "\n\n", FROM, "two\n", NULL);
		g_autofree char *expected = g_strconcat("[", filler, "\n\n][two\n]", NULL), *got = NULL;

		put(dir, "m", text);
		got = all(path, 1u << 20, TRUE);
		g_assert_true(strcmp(got, expected) == 0);
	}
	remove_tree(dir);
}

static void
too_large(void)
{
	g_autofree char *dir = temp(), *path = g_build_filename(dir, "m", NULL);
	g_autofree char *filler = g_strnfill(3000, 'x'), *got = NULL;
	g_autofree char *text = g_strconcat(FROM, filler, "\n\n", FROM "two\n", NULL);

	put(dir, "m", text);
	got = all(path, 1000, TRUE);
	g_assert_cmpstr(got, ==, "[!it is larger than milter.max_size][two\n]");
	remove_tree(dir);
}

static void
directories(void)
{
	g_autofree char *dir = temp(), *plain = g_build_filename(dir, "plain", NULL);
	g_autofree char *maildir = g_build_filename(dir, "maildir", NULL), *got = NULL;
	g_autofree char *broken = g_build_filename(dir, "broken", NULL), *gone = g_build_filename(broken, "b.eml", NULL);
	char *none[] = { dir, NULL }, *missing[] = { (char *)(gsize)"/nonexistent/x", NULL };
	g_autoptr(GError) error = NULL, error2 = NULL;

	put(plain, "b.eml", "two");
	put(plain, "a.eml", "one");
	put(plain, "note.txt", "no");
	put(plain, ".hidden.eml", "no");
	got = all(plain, 1000, TRUE);
	g_assert_cmpstr(got, ==, "[one][two]");
	g_free(got);
	put(maildir, "cur/2:2,S", "three");
	put(maildir, "new/1", "four");
	put(maildir, "tmp/9", "no");
	got = all(maildir, 1000, TRUE);
	g_assert_cmpstr(got, ==, "[three][four]");
	g_free(got);
	put(broken, "a.eml", "one");
	g_assert_cmpint(g_mkdir(gone, 0700), ==, 0);	/* opens, and does not read */
	put(broken, "c.eml", "three");
	got = all(broken, 1000, TRUE);
	g_assert_cmpstr(got, ==, "[one][!it cannot be read][three]");
	g_assert_null(sg_mailbox_open(none, 1000, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_assert_null(sg_mailbox_open(missing, 1000, &error2));
	g_assert_error(error2, SG_ERR, SG_ERR_INPUT);
	remove_tree(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mailbox/mboxes", mboxes);
	g_test_add_func("/mailbox/long ones", long_ones);
	g_test_add_func("/mailbox/too large", too_large);
	g_test_add_func("/mailbox/directories", directories);
	return g_test_run();
}
