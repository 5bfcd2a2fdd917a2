/* fails-if: words of a file of Pages, Numbers, Keynote or OneNote are not read, are torn or count twice,
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
	{ "x_iwork/today.pages", { "Pages words of today\n", "in a field\n" }, { NULL }, 0 },
	{ "x_iwork/old.pages", { "Old pages words\n", "cell words\n", "preview words\n" }, { NULL }, 0 },
	{ "x_onenote/note.one", { "Words of a note\n", "Words in bytes\n", "@echo words of a script inside\n" }, { NULL }, 0 },
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

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
		g_autofree char *path = g_strconcat("/", samples[i].file, NULL);

		g_test_add_data_func(path, &samples[i], sample);
	}
	return g_test_run();
}
