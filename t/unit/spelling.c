/* fails-if: two texts one slip apart are not found, or two that are further apart are */
#include <string.h>

#include <glib.h>

#include "model/spelling.h"

static const struct { const char *a, *b; gboolean near, look; } cases[] = {
	{ "gmail.com", "gmial.com", TRUE, FALSE }, { "gmail.com", "gmal.com", TRUE, FALSE }, { "gmail.com", "ggmail.com", TRUE, FALSE },
	{ "gmail.com", "gnail.com", TRUE, FALSE }, { "gmail.com", "gmail.con", TRUE, FALSE }, { "gmail.com", "gmail.com", FALSE, TRUE },
	{ "gmail.com", "hmial.com", FALSE, FALSE }, { "gmail.com", "gmail.co.uk", FALSE, FALSE }, { "abcd", "badc", FALSE, FALSE },
	{ "hill.example", "h1ll.example", TRUE, TRUE }, { "harbour.example", "harb0ur.example", TRUE, TRUE },
	{ "corner.example", "comer.example", FALSE, TRUE }, { "hi11.example", "hill.example", FALSE, TRUE },
	{ "h\xd1\x96ll.example", "hill.example", FALSE, TRUE },
	{ "caf\xc3\xa9.example", "cafe.example", FALSE, TRUE }, { "", "a", TRUE, FALSE }, { "", "", FALSE, TRUE }, { "ab", "ba", TRUE, FALSE },
	{ "aab", "ab", TRUE, FALSE }, { "ab", "cd", FALSE, FALSE }, { "ab", "bc", FALSE, FALSE },
};

static void
near_and_alike(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *a = sg_spelling_look(cases[i].a), *b = sg_spelling_look(cases[i].b);

		g_test_message("%s %s: %s %s", cases[i].a, cases[i].b, a, b);
		g_assert_cmpint(sg_spelling_near(cases[i].a, cases[i].b), ==, cases[i].near);
		g_assert_cmpint(sg_spelling_near(cases[i].b, cases[i].a), ==, cases[i].near);
		g_assert_cmpint(strcmp(a, b) == 0, ==, cases[i].look);
	}
}

static void
encoded_domains(void)
{
	g_autofree char *xn = g_hostname_to_ascii("h\xd1\x96ll.example");
	g_autofree char *address = g_strconcat("xn--@", xn, NULL), *got = sg_spelling_look(address);
	g_autofree char *want = sg_spelling_look("xn--@hill.example");

	g_assert_true(g_str_has_prefix(xn, "xn--"));
	g_assert_cmpstr(got, ==, want);
}

static gboolean
on_each(const char *text, gpointer data)
{
	g_assert_true(sg_spelling_near(text, "smith@x.example") || strcmp(text, "smith@x.example") == 0);
	g_assert_true(g_str_has_suffix(text, "@x.example"));
	g_hash_table_add(data, g_strdup(text));
	return TRUE;
}

static gboolean
first_only(const char *text G_GNUC_UNUSED, gpointer data)
{
	++*(guint *)data;
	return FALSE;
}

/* What it lists is what near finds: every slip, and nothing else. */
static void
each_slip(void)
{
	g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	static const char *const want[] = { "smth@x.example", "msith@x.example", "smitb@x.example", "smith1@x.example",
		"5smith@x.example", "sm.ith@x.example", "mith@x.example", "smit@x.example", "smiht@x.example" };
	g_autofree char *long_one = g_strnfill(SG_SPELLING_MOST + 1, 'a');
	guint n = 0;

	sg_spelling_each("smith@x.example", 5, on_each, all);
	for (gsize i = 0; i < G_N_ELEMENTS(want); i++)
		g_assert_true(g_hash_table_contains(all, want[i]));
	sg_spelling_each("smith", 5, first_only, &n);
	g_assert_cmpuint(n, ==, 1);
	sg_spelling_each(long_one, strlen(long_one), first_only, &n);
	sg_spelling_each("", 0, first_only, &n);
	g_assert_cmpuint(n, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spelling/near-and-alike", near_and_alike);
	g_test_add_func("/spelling/encoded-domains", encoded_domains);
	g_test_add_func("/spelling/each-slip", each_slip);
	return g_test_run();
}
