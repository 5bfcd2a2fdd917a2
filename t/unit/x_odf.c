/* fails-if: words of an OpenDocument are not read, are torn or count twice,
 * or a hostile one passes its limits in silence */
#include <glib.h>
#include <string.h>

#include "t/lib/readfile.h"

typedef struct Sample {
	const char *file;
	const char *has[16];	/* in this order */
	const char *has_not[6];
	guint	    flags;
} Sample;

static const Sample samples[] = {
	{ "x_odf/all.odt", { "A heading\nsplit word  and\ttab goes on.\n", "a footnote\n", "a comment\n", "deleted words\n",
	    "shown", "http://link.example/odf\n", "boxed words\n", "[columns]\nName\tDOB\nAnn\t01/02/2010\n",
	    "in a header\n", "A meta title\nkey word\n", "object words\n", "MsgBox \"macro words\"\n" },
	    { "no words" }, 0 },
	{ "x_odf/unordered.odt", { "mimetype is last\n" }, { NULL }, 0 },
	{ "x_odf/all.ods", { "[columns]\nName\tDOB\tUPN\nAnn\t1 Feb 10 01/02/2010 2010-02-01\tA123456789012\t"
	    "9.43E+09 9434765919\ntwice\ttwice\ntwice\ttwice\n", "Sheet name\n", "cell comment\n", "formula words" },
	    { NULL }, 0 },
	{ "x_odf/bomb.ods", { "xxxxx" }, { NULL }, SG_FLAG_NOT_FULLY },
	{ "x_odf/all.odp", { "slide words\n", "speaker notes\n" }, { NULL }, 0 },
	{ "x_odf/flat.fodt", { "Flat title\n", "Rem flat macro\n", "flat words\n", "flat file inside\n" }, { "ZmxhdC" }, 0 },
};

static void
sample(gconstpointer data)
{
	const Sample *s = data;
	g_autoptr(SgReading) r = read_sample(s->file, "");
	g_autofree char *text = read_texts(r);
	const char *at = text;

	for (guint i = 0; i < G_N_ELEMENTS(s->has) && s->has[i] != NULL; i++) {
		const char *found = strstr(at, s->has[i]);

		if (found == NULL)
			g_error("%s: \"%s\" is not in order in \"%.3000s\"", s->file, s->has[i], text);
		at = found + 1;
	}
	for (guint i = 0; i < G_N_ELEMENTS(s->has_not) && s->has_not[i] != NULL; i++)
		if (strstr(text, s->has_not[i]) != NULL)
			g_error("%s: \"%s\" is in \"%.3000s\"", s->file, s->has_not[i], text);
	g_assert_cmpuint(r->flags, ==, s->flags);
}

/* Macros make the document one with macros; what is encrypted is not read as if it were open. */
static void
kinds_and_states(void)
{
	g_autoptr(SgReading) r = read_sample("x_odf/flat.fodt", "");
	g_autoptr(SgReading) locked = read_sample("x_odf/partly.odt", "");
	g_autofree char *text = read_texts(locked);

	g_assert_true(sg_part_is(g_ptr_array_index(r->parts, 0), "macro"));
	g_assert_null(strstr(text, "not for reading"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
		g_autofree char *path = g_strconcat("/", samples[i].file, NULL);

		g_test_add_data_func(path, &samples[i], sample);
	}
	g_test_add_func("/x_odf/kinds-and-states", kinds_and_states);
	return g_test_run();
}
