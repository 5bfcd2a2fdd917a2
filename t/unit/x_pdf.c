/* fails-if: words, tables, notes, fields or files of a PDF are not read; a bomb is read to its end, or silently not */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "scan/walk.h"
#include "t/lib/catch.h"

static GBytes *
sample(const char *name)
{
	g_autofree char *file = g_strdup_printf("%s/t/data/x_pdf/%s.pdf",
	    g_getenv("top_srcdir") != NULL ? g_getenv("top_srcdir") : ".", name);
	char *data;
	gsize n;

	if (!g_file_get_contents(file, &data, &n, NULL))
		g_error("no %s", file);
	return g_bytes_new_take(data, n);
}

static Catch *
read_as(const char *name, const char *settings, gboolean good)
{
	Catch *c = catch_new(settings);
	g_autoptr(GBytes) bytes = sample(name);
	g_autoptr(GError) error = NULL;
	gboolean ok = catch_run(c, "pdf", "application/pdf", bytes, &error);

	g_assert_cmpint(ok, ==, good);
	g_assert_true(ok || error != NULL);
	return c;
}

static void
words(void)
{
	static const struct {
		const char *file, *text;
	} files[] = {
		{ "plain", "[attachment] The first page speaks of otters\nand of badgers.\n\n"
		    "[attachment] The second one does not.\n\n"
		    "[attachment] Chapter of voles\nOn otters\nAnn Example\nRivers\notter, holt\nSecond Author\n\n" },
		{ "objects", "[attachment] The first page speaks of otters\nand of badgers.\n\n"
		    "[attachment] The second one does not.\n\n"
		    "[attachment] Chapter of voles\nOn otters\nAnn Example\nRivers\notter, holt\nSecond Author\n\n" },
		{ "open", "[attachment] The first page speaks of otters\nand of badgers.\n\n"
		    "[attachment] The second one does not.\n\n"
		    "[attachment] Chapter of voles\nOn otters\nAnn Example\nRivers\notter, holt\nSecond Author\n\n" },
		{ "ascii85", "[attachment] through two filters\n\n" },
		{ "beside", "[attachment] page\n\n[attachment] Ann: a note on moles\nfree words\n"
		    "https://stoat.example/x\n\n" },
		{ "form", "[attachment] A form\n\n[attachment] Elm\nOak\npupil: Weasel Smith\n\n"
		    "[attachment] Medical: ferret allergy\n\n" },
		{ "files", "[attachment] see the file\n\n[attachment] the whole list\n\n" },
		/* once as it is shown, once with all that is there */
		{ "layers", "[attachment] what is seen\n\n[attachment] what is seen\nwhat is switched off\n\n" },
		{ "closed", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(Catch) c = read_as(files[i].file, "", TRUE);

		g_test_message("%s", files[i].file);
		g_assert_cmpstr(c->text->str, ==, files[i].text);
		g_assert_cmpstr(c->limits->str, ==, "");
	}
}

static void
tables(void)
{
	g_autoptr(Catch) list = read_as("table", "", TRUE), office = read_as("office", "", TRUE);
	g_autoptr(Catch) prose = read_as("columns", "", TRUE);

	/* over two pages, a cell of two lines, an empty column */
	g_assert_nonnull(strstr(list->text->str, "[attachment|4] Name\tUPN\tDate of birth\tNotes\n"
	    "Pupil Number0\tA823456789000\t01/03/2012\nPupil Number1\tA823456789001\t02/03/2012\n"
	    "Pupil Number2\tA823456789002\t03/03/2012\tcarries an inhaler and an adrenaline pen\n"));
	g_assert_nonnull(strstr(list->text->str, "\nPupil Number15\tA823456789015\t16/03/2012\n"));
	g_assert_nonnull(strstr(list->text->str, "[attachment] Class list of 4B\nFor the office only"));
	g_assert_null(strstr(strstr(list->text->str, "|4]") + 1, "|4]"));
	g_assert_nonnull(strstr(office->text->str, "[attachment|5] Surname\tForename\tUPN\tDate of birth\tYear\n"
	    "Adams\tAmy\tA823456789012\t12/03/2012\t4\n"));
	g_assert_nonnull(strstr(office->text->str, "\nName70\tFirst70\tF823456789080\t08/05/2012\t5\n"));
	g_assert_null(strstr(prose->text->str, "|2]"));
	g_assert_nonnull(strstr(prose->text->str, "river runs past the old mill and\nruns past"));
}

static void
facts_and_files(void)
{
	g_autoptr(Catch) beside = read_as("beside", "", TRUE), files = read_as("files", "", TRUE);
	g_autoptr(Catch) form = read_as("form", "", TRUE);

	g_assert_cmpstr(beside->part->notes->str, ==, "pdf:script pdf:launch");
	g_assert_cmpstr(beside->part->kinds->str, ==, "macro shortcut");
	g_assert_cmpstr(beside->parts->str, ==, "1.1 pin.txt 24\n");
	g_assert_cmpstr(files->parts->str, ==, "1.1 list.csv 27\n");
	g_assert_cmpstr(files->part->notes->str, ==, "");
	g_assert_cmpstr(form->part->notes->str, ==, "pdf:xfa");
}

static void
broken(void)
{
	g_autoptr(Catch) cut = read_as("cut", "", FALSE), loop = read_as("loop", "", FALSE);

	g_assert_nonnull(strstr(cut->text->str, "speaks of otters\nand of badgers.\n"));
	g_assert_nonnull(strstr(loop->text->str, "nobody points here\n"));
}

/* Every prefix is read without harm, and what is there is found in most of them. */
static void
cut_anywhere(void)
{
	g_autoptr(GBytes) whole = sample("plain");
	guint found = 0, all = 0;

	for (gsize n = 0; n < g_bytes_get_size(whole); n += 7) {
		g_autoptr(Catch) c = catch_new("");
		g_autoptr(GBytes) some = g_bytes_new_from_bytes(whole, 0, n);
		g_autoptr(GError) error = NULL;
		gboolean ok = catch_run(c, "pdf", "application/pdf", some, &error);

		g_assert_true(ok || g_error_matches(error, SG_ERR, SG_ERR_INPUT));
		all += n > 500;
		found += n > 500 && strstr(c->text->str, "otters") != NULL;
	}
	g_assert_cmpuint(found, ==, all);
}

static void
bombs(void)
{
	static const char *const names[] = { "bomb", "bomb-twice" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		gint64 began = g_get_monotonic_time();
		g_autoptr(Catch) c = read_as(names[i], "text = 65536L;", FALSE);

		g_assert_cmpstr(c->limits->str, !=, "");
		g_assert_cmpint(g_get_monotonic_time() - began, <, 30 * G_USEC_PER_SEC);
	}
}

static void
limits(void)
{
	g_autoptr(Catch) pages = read_as("plain", "pages = 1;", TRUE);

	g_assert_cmpstr(pages->limits->str, ==, "pages");
	g_assert_nonnull(strstr(pages->text->str, "otters"));
	g_assert_null(strstr(pages->text->str, "The second one"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/pdf/words", words);
	g_test_add_func("/pdf/tables", tables);
	g_test_add_func("/pdf/facts-and-files", facts_and_files);
	g_test_add_func("/pdf/broken", broken);
	g_test_add_func("/pdf/cut-anywhere", cut_anywhere);
	g_test_add_func("/pdf/bombs", bombs);
	g_test_add_func("/pdf/limits", limits);
	return g_test_run();
}
