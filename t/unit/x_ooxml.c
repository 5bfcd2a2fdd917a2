/* fails-if: words of a Word, Excel or PowerPoint file are not read, are torn or count twice,
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
	{ "x_ooxml/all.docx", { "http://link.example/outside\n", "split word and\ttab\nbreak\n",
	    "around the box\nalternative words\nboxed once\n", "inserted deleted words\nhidden words\nfield result\n",
	    "http://field.example/x", "III) first\nIV) second\nIV.a below\nV) third\n",
	    "[columns]\nName\tDate of birth\nAnn Lee\t01/02/2010\n", "lay\nout\nbaseline\nreading\nin a control\n",
	    "choice one\n\xe2\x80\x91\xc2\xa3\na footnote\na comment\nCarl Critic\nin the glossary\n",
	    "Jane Author\nA core title\nin a header\nwater mark\nin a footer\n", "secret field\n",
	    "text inside a file inside\n" }, { "boxed once\nboxed once", "no words" }, 0 },
	{ "x_ooxml/late-types.docx", { "types come last\n" }, { NULL }, 0 },
	{ "x_ooxml/cut.docx", { "split word and\ttab\nbreak\n", "[columns]\nName\tDate of birth\n" }, { NULL },
	    SG_FLAG_NOT_FULLY | SG_FLAG_MALFORMED },
	{ "x_ooxml/broken.docx", { "before the break\n", "behind the break\n" }, { NULL }, SG_FLAG_NOT_FULLY },
	{ "x_ooxml/entities.docx", { "before  behind\n", "entity words\n" }, { "root:" }, SG_FLAG_NOT_FULLY },
	{ "x_ooxml/deep.docx", { "deep words\n" }, { NULL }, SG_FLAG_NOT_FULLY },
	{ "x_ooxml/utf16.docx", { "wide w\xc3\xb6rds\n" }, { NULL }, 0 },
	{ "x_ooxml/flat.xml", { "flat words\n", "flat file inside\n" }, { "ZmxhdC" }, 0 },
	{ "x_ooxml/excel2003.xml", { "[columns]\nName\t\tDOB\nAnn\t\t01/02/2010 2010-02-01\n", "Old sheet\n" }, { NULL }, 0 },
	{ "x_ooxml/all.xlsx", { "[columns]\n\tName\tDate of birth\tUPN\tNHS number\n\tClass 7B, autumn\n\tAnn Lee\t"
	    "01/02/2010 2010-02-01\tA123456789012\t9.43E+09 9434765919\tTRUE\t#DIV/0!\n",
	    "At 4:20 AM on Thursday May 17, 2007", "1,234.50\n", "buried words\n", "Front\nBuried (hidden)\nOurName",
	    "\"a\"&\"b\"\n", "a hint\n", "\"Male,Female\"\n", "Head words Page", "cell comment\n", "never shown\n" },
	    { "phonetic", "Arial" }, 0 },
	{ "x_ooxml/strings-bomb.xlsx", { "xxxxx" }, { NULL }, SG_FLAG_NOT_FULLY },
	{ "x_ooxml/all.xlsb", { "[columns]\nFull name\tBorn\nAnn Lee\t01/02/2010 2010-02-01\t1234\n", "Binary sheet",
	    "Binary header" }, { NULL }, 0 },
	{ "x_ooxml/all.pptx", { "shown first\n", "shown second\n", "[columns]\nPupil\tMark\nAnn\t17\n", "speaker notes\n",
	    "master footer\n", "on every slide\n", "slide comment\n", "chart words\n", "diagram words\n" },
	    { "click here" }, 0 },
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

static void
macros_are_told(void)
{
	g_autoptr(SgReading) r = read_sample("x_ooxml/all.docx", "");
	gboolean inside = FALSE;

	g_assert_true(sg_part_is(g_ptr_array_index(r->parts, 0), "macro"));
	for (guint i = 0; i < r->parts->len; i++) {
		const SgPartInfo *p = g_ptr_array_index(r->parts, i);

		inside |= strcmp(p->name, "vbaProject.bin") == 0;
	}
	g_assert_true(inside);
}

/* Every cut of a file ends, and says that it is not all. */
static void
cuts(void)
{
	static const char *const files[] = { "t/data/x_ooxml/all.docx", "t/data/x_ooxml/all.xlsx",
		"t/data/x_ooxml/all.xlsb", "t/data/x_ooxml/all.pptx" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(g_getenv("top_srcdir") != NULL ? g_getenv("top_srcdir") : ".",
		    files[i], NULL), *bytes = NULL;
		gsize n;

		g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
		for (gsize cut = 40; cut < n; cut += 97) {
			g_autoptr(SgReading) r = read_bytes("cut", bytes, cut, "");

			g_assert_cmpuint(r->parts->len, >, 0);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
		g_autofree char *path = g_strconcat("/", samples[i].file, NULL);

		g_test_add_data_func(path, &samples[i], sample);
	}
	g_test_add_func("/x_ooxml/macros-are-told", macros_are_told);
	g_test_add_func("/x_ooxml/cuts", cuts);
	return g_test_run();
}
