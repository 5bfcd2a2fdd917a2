/* fails-if: words of an old Office document are not in its text, or cells lose their columns */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "t/lib/catch.h"

static GBytes *
sample(const char *name)
{
	const char *top = g_getenv("top_srcdir");
	g_autofree char *file = g_build_filename(top != NULL ? top : ".", "t/data/x_ole", name, NULL);
	char *text;
	gsize len;

	g_assert_true(g_file_get_contents(file, &text, &len, NULL));
	return g_bytes_new_take(text, len);
}

static void
finds(const char *name, const char *mime, const char *const *words)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) b = sample(name);
	g_autoptr(GError) error = NULL;

	g_assert_true(catch_run(c, "ole", mime, b, &error));
	g_assert_no_error(error);
	for (; *words != NULL; words++)
		if (strstr(c->text->str, *words) == NULL)
			g_error("%s: no \"%s\" in:\n%s", name, *words, c->text->str);
}

static void
word(void)
{
	static const char *const words[] = { "caf\xc3\xa9 costs \xc2\xa3" "5 \xe2\x80\x93 bring",
		/* what the field is told stands elsewhere */
		"Visit our page about it before then.", "http://trip.example/page",
		"Words of the footnote", "hidden words", "Words of the comment", "Ben Deputy",
		"words that were deleted", "Words in a text box", "Words of the header",
		"Words of the footer", "\xce\xb1\xce\xb2\xce\xb3", "\xd0\xbc\xd0\xb8\xd1\x80",
		"Pupil\tDate of birth\nAnn Marsh\t01/02/2014\n", "Title of the letter", "Ada Teacher",
		"keyword-one", "Form\nSeven Beech", NULL };

	finds("letter.doc", "application/msword", words);
}

static void
excel(void)
{
	static const char *const words[] = { "Hidden sheet", "words on the hidden sheet", "Words of the note",
		"[attachment|5] Name\tDate of birth\tNumber\tJoined\nAnn Marsh\t",
		"\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 Marsh\t17\t18", "4505577104", "of Beech", NULL };

	finds("list.xls", "application/vnd.ms-excel", words);
}

/* Damage never does more than a flag, and the words that are still there are found. */
static void
damage(void)
{
	static const char *const files[][2] = { { "letter.doc", "application/msword" },
		{ "list.xls", "application/vnd.ms-excel" } };
	g_autoptr(GRand) random = g_rand_new_with_seed(11);

	for (gsize f = 0; f < G_N_ELEMENTS(files); f++) {
		g_autoptr(GBytes) b = sample(files[f][0]);
		gsize n = g_bytes_get_size(b);
		g_autofree guint8 *copy = g_malloc(n);

		for (guint i = 0; i < 400; i++) {
			g_autoptr(Catch) c = catch_new("");
			g_autoptr(GError) error = NULL;
			g_autoptr(GBytes) damaged = NULL;

			if (i % 20 == 0)
				memcpy(copy, g_bytes_get_data(b, NULL), n);
			copy[g_rand_int_range(random, 8, (gint32)n)] = (guint8)g_rand_int(random);
			damaged = g_bytes_new(copy, i % 3 != 0 ? n : (gsize)g_rand_int_range(random, 0, (gint32)n));
			if (!catch_run(c, "ole", files[f][1], damaged, &error))
				g_assert_true(error->domain == SG_ERR &&
				    (error->code == SG_ERR_INPUT || error->code == SG_ERR_LIMIT));
		}
	}
}

/* A file whose tables are gone still has its words. */
static void
sweeps_what_is_broken(void)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) b = sample("letter.doc"), broken = NULL;
	gsize n = g_bytes_get_size(b);
	guint8 *copy = g_memdup2(g_bytes_get_data(b, NULL), n);
	g_autoptr(GError) error = NULL;

	memset(copy + 0x30, 0xff, 4);		/* the directory is nowhere */
	broken = g_bytes_new_take(copy, n);
	g_assert_false(catch_run(c, "ole", "application/x-ole-storage", broken, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_assert_nonnull(strstr(c->text->str, "Words of the footnote"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ole/word", word);
	g_test_add_func("/ole/excel", excel);
	g_test_add_func("/ole/damage", damage);
	g_test_add_func("/ole/sweep", sweeps_what_is_broken);
	return g_test_run();
}
