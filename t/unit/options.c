/* fails-if: a wrong setting is accepted, or its error lacks file, line or remedy */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "base/options.h"

#define GOOD "school: { name = \"Hill\"; domains = [ \"hill.example\" ]; };\n" \
	     "courier: { from = \"sg@hill.example\"; };\n"

static SgOptions *
load(const char *text, GPtrArray *problems)
{
	g_autofree char *dir = g_dir_make_tmp("sg-options-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(dir, "schoolgate.conf", NULL);
	SgOptions *o;

	g_assert_true(g_file_set_contents(file, text, -1, NULL));
	o = sg_options_load(file, problems, NULL);
	g_unlink(file);
	g_rmdir(dir);
	return o;
}

static void
minimal(void)
{
	g_autoptr(SgOptions) o = load(GOOD, NULL);

	g_assert_nonnull(o);
	g_assert_cmpstr(o->school.domains[0], ==, "hill.example");
	g_assert_null(o->school.domains[1]);
	g_assert_cmpint(o->scan.deadline, ==, 30);
	g_assert_true(g_path_is_absolute(o->files.policy));
	g_assert_true(g_str_has_suffix(o->files.policy, "/policy.conf"));
}

static void
each_mistake_is_named(void)
{
	static const struct {
		const char *line, *says;
	} bad[] = {
		{ "scan: { dedline = 3; };", ":3: unknown setting \"scan.dedline\"" },
		{ "colour = \"red\";", ":3: unknown setting \"colour\"" },
		{ "scan: { deadline = 0; };", ":3: deadline = 0 is out of range; choose 1 to 300" },
		{ "scan: { deadline = \"ten\"; };", ":3: deadline is not a whole number" },
		{ "scan: { listen = 7; };", ":3: listen is not a text" },
		{ "rules = \"one\";", ":3: rules is not a list" },
		{ "rules = [ 1, 2 ];", "entry 1 of rules is not a text" },
		{ "milter = 3;", ":3: milter is not a group" },
		{ "milter: { max_size = 99999999999; };", ":3: the number of max_size is too long" },
		{ "scan: { deadline = 3; deadline = 4; };", ":3: duplicate setting name" },
		{ "scan: { deadline = ", ": syntax error" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *text = g_strconcat(GOOD, bad[i].line, "\n", NULL);
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		gboolean found = FALSE;

		g_assert_null(load(text, problems));
		g_assert_cmpuint(problems->len, >, 0);
		for (guint k = 0; k < problems->len; k++) {
			const char *p = g_ptr_array_index(problems, k);

			found = found || strstr(p, bad[i].says) != NULL;
			g_assert_nonnull(strchr(p, ';'));	/* a remedy follows */
		}
		if (!found)
			g_error("\"%s\": got %s", bad[i].line, (char *)problems->pdata[0]);
	}
}

static void
missing_ones_are_all_told(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

	g_assert_null(load("", problems));
	g_assert_cmpuint(problems->len, ==, 3);
}

static void
shows_itself(void)
{
	g_autofree char *defaults = sg_options_show(NULL);
	g_autoptr(SgOptions) o = load(GOOD "cli: { accounts = [ \"a:b\", \"c:d\" ]; };", NULL);
	g_autofree char *now = sg_options_show(o);

	g_assert_nonnull(strstr(defaults, "scan.deadline = 30\n"));
	g_assert_nonnull(strstr(defaults, "school.name = (required)\n"));
	g_assert_nonnull(strstr(now, "cli.accounts = [ \"a:b\", \"c:d\" ]\n"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/options/minimal", minimal);
	g_test_add_func("/options/each-mistake-is-named", each_mistake_is_named);
	g_test_add_func("/options/missing-ones-are-all-told", missing_ones_are_all_told);
	g_test_add_func("/options/shows-itself", shows_itself);
	return g_test_run();
}
