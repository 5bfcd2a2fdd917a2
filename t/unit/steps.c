/* fails-if: a school's steps are lost or mixed up, a file that is wrong is taken or not named with
 * its line, a value that is not set leaves half a sentence, or a shipped file is not right */
#include <string.h>

#include <glib/gstdio.h>

#include "base/err.h"
#include "console/steps.h"
#include "model/incident.h"

typedef struct Place {
	char	 *dir;
	SgOptions o;
} Place;

static void
put(const Place *p, const char *name, const char *text)
{
	g_autofree char *file = g_build_filename(p->dir, name, NULL);

	g_assert_true(g_file_set_contents(file, text, -1, NULL));
}

static void
place_make(Place *p)
{
	memset(p, 0, sizeof *p);
	p->dir = g_dir_make_tmp("sg-steps-XXXXXX", NULL);
	p->o.console.steps = p->dir;
	p->o.school.name = (char *)(gsize)"Hillview Academy";
	p->o.school.help_name = (char *)(gsize)"the office";
	p->o.school.help_phone = (char *)(gsize)"";
	put(p, "default.txt", "# ours\nLook first. Then act.\n\npolicy: 4.2\ncall: {help_name} | room 3\ncall: nobody | {help_phone}\n");
	put(p, "sealed.txt", "Do not look.\n");
}

static void
place_clear(Place *p)
{
	GDir *d = g_dir_open(p->dir, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(d)) != NULL) {
		g_autofree char *file = g_build_filename(p->dir, name, NULL);

		g_unlink(file);
	}
	g_dir_close(d);
	g_rmdir(p->dir);
	g_free(p->dir);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static void
reads(void)
{
	g_auto(Place) p;
	g_autoptr(SgSteps) s = NULL;
	g_autoptr(GError) error = NULL;
	json_t *other, *sealed;

	place_make(&p);
	put(&p, "threat.txt", "Keep the two apart.\n");
	put(&p, ".hidden.txt", "call: x\n");
	put(&p, "notes.md", "\xff");
	s = sg_steps_load(&p.o, NULL, &error);
	g_assert_no_error(error);
	other = sg_steps_for(s, "bullying");
	sealed = sg_steps_for(s, "sealed");
	g_assert_cmpstr(json_string_value(json_object_get(json_array_get(json_object_get(other, "steps"), 0), "do")), ==,
	    "Look first.");
	g_assert_cmpstr(json_string_value(json_object_get(json_array_get(json_object_get(other, "steps"), 0), "how")), ==,
	    "Then act.");
	g_assert_cmpstr(json_string_value(json_object_get(other, "policy")), ==, "4.2");
	g_assert_cmpuint(json_array_size(json_object_get(other, "calls")), ==, 1);
	g_assert_cmpstr(json_string_value(json_object_get(json_array_get(json_object_get(other, "calls"), 0), "who")), ==,
	    "the office");
	g_assert_cmpuint(json_array_size(json_object_get(sealed, "steps")), ==, 1);
	json_decref(other);
	json_decref(sealed);
}

static void
wrong(void)
{
	static const struct {
		const char *name, *text, *says;
	} cases[] = {
		{ "threat.txt", "Look.\n\ncall: nobody\n", "threat.txt:3: " },
		{ "threat.txt", "# nothing\n", "has no step" },
		{ "threat.txt", "\xff\xfe", "threat.txt:1: is not text in UTF-8" },
	};
	GString *many = g_string_new(NULL);

	for (guint i = 0; i < 41; i++)
		g_string_append_printf(many, "Step %u.\n", i);
	for (gsize i = 0; i <= G_N_ELEMENTS(cases) + 1; i++) {
		g_auto(Place) p;
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;
		g_autofree char *gone = NULL;
		const char *says = i < G_N_ELEMENTS(cases) ? cases[i].says : i == G_N_ELEMENTS(cases) ? "threat.txt:41: " : "sealed.txt is missing";

		place_make(&p);
		gone = g_build_filename(p.dir, "sealed.txt", NULL);
		if (i <= G_N_ELEMENTS(cases))
			put(&p, "threat.txt", i < G_N_ELEMENTS(cases) ? cases[i].text : many->str);
		else
			g_unlink(gone);
		g_assert_null(sg_steps_load(&p.o, problems, &error));
		g_assert_error(error, SG_ERR, SG_ERR_SETUP);
		g_assert_cmpuint(problems->len, >=, 1);
		g_assert_nonnull(strstr(problems->pdata[0], says));
		g_assert_nonnull(strstr(error->message, says));
	}
	g_string_free(many, TRUE);
}

/* Each of them is for a category that there is. */
static void
shipped(void)
{
	const char *top = g_getenv("top_srcdir");
	g_autofree char *dir = g_build_filename(top != NULL ? top : ".", "rules", "steps", NULL);
	SgOptions o = { .console.steps = dir, .school = { .name = dir, .help_name = dir, .help_phone = dir } };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgSteps) s = sg_steps_load(&o, NULL, &error);
	GDir *d = g_dir_open(dir, 0, NULL);
	const char *name;

	g_assert_no_error(error);
	g_assert_nonnull(s);
	while ((name = g_dir_read_name(d)) != NULL) {
		g_autofree char *category = g_strndup(name, strlen(name) - strlen(".txt"));

		g_assert_true(g_str_has_suffix(name, ".txt"));
		if (strcmp(category, "default") != 0)
			g_assert_cmpstr(sg_category_label(category), !=, "Other");
	}
	g_dir_close(d);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/steps/reads", reads);
	g_test_add_func("/steps/wrong", wrong);
	g_test_add_func("/steps/shipped", shipped);
	return g_test_run();
}
