/* fails-if: something breaks and mail is accepted unread, lost, or answered with the wrong class of code */
#include <glib.h>

#include "school.h"

#define POLICY SCHOOL_CLASSES SCHOOL_CONTACTS "policy = ( { id = \"a\"; category = [ \"hate\" ]; do = \"hold\"; } );\n"

static const struct {
	SgFailure   what;
	guint	    times, code;
	const char *status, *says;
} cases[] = {
	{ SG_FAIL_SCANNER, 1, 451, "4.7.1", "mail checks busy, please try again later" },
	{ SG_FAIL_SCANNER, 9, 451, "4.7.1", "mail checks busy" },
	{ SG_FAIL_CONTENT, 1, 451, "4.7.1", "mail checks busy" },
	{ SG_FAIL_CONTENT, 2, 451, "4.7.1", "mail checks busy" },
	{ SG_FAIL_STORE, 9, 451, "4.7.1", "mail checks busy" },
	{ SG_FAIL_INTERNAL, 9, 451, "4.7.1", "mail checks busy" },
	{ SG_FAIL_TOO_LARGE, 1, 552, "5.3.4", "too large to check" },
};

static void
later_or_too_large(void)
{
	g_autoptr(SgPolicy) p = school_policy(POLICY, NULL, NULL, NULL);
	g_autoptr(SgMessage) m = school_message("mum@x.example > a@hill.example");

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(SgVerdict) v = sg_decide_failure(p, m, cases[i].what, cases[i].times);

		g_assert_cmpuint(v->reply_code, ==, cases[i].code);
		g_assert_cmpstr(v->reply_status, ==, cases[i].status);
		g_assert_nonnull(strstr(v->reply_text, cases[i].says));
		g_assert_nonnull(strstr(v->reply_text, "ref {ref}"));
		g_assert_false(v->file);
	}
}

static void
the_third_time_it_is_held(void)
{
	g_autoptr(SgPolicy) p = school_policy(POLICY, NULL, NULL, NULL);
	g_autoptr(SgMessage) m = school_message("mum@x.example > a@hill.example b@hill.example");
	g_autoptr(SgVerdict) v = sg_decide_failure(p, m, SG_FAIL_CONTENT, 3);

	g_assert_cmpuint(v->reply_code, ==, 0);
	g_assert_cmpuint(sg_verdict_count(v, SG_DO_HOLD), ==, 2);
	g_assert_cmpstr(v->failure, ==, "could not be scanned");
	g_assert_true(v->file);
	g_assert_false(v->tell_sender);
	g_assert_cmpuint(v->notify->len, ==, 2);
	g_assert_cmpstr(v->notify->pdata[0], ==, "lead");
}

/* One line of printable ASCII, at most 200 characters, whatever the school is called. */
static void
replies_are_plain(void)
{
	static const char *const names[] = { "Ysgol Gyfun \xc5\xb4yr {ref} %s", "St Mary's\\r\\nC of E", NULL };

	for (guint i = 0; i < 3; i++) {
		g_autofree char *dir = g_dir_make_tmp("sg-failure-XXXXXX", NULL);
		g_autofree char *conf = g_build_filename(dir, "schoolgate.conf", NULL);
		g_autofree char *rows = g_build_filename(dir, "policy.conf", NULL);
		g_autofree char *name = names[i] != NULL ? g_strdup(names[i]) : g_strnfill(500, 'n');
		g_autofree char *text = g_strdup_printf("school: { name = \"%s\"; domains = [ \"hill.example\" ]; help_name = \"%s\"; };\n"
		    "courier: { from = \"sg@hill.example\"; };\n", name, name);
		g_autoptr(SgMessage) m = school_message("mum@x.example > a@hill.example");
		g_autoptr(SgOptions) o = NULL;
		g_autoptr(SgPolicy) p = NULL;
		g_autoptr(SgVerdict) v = NULL;

		g_assert_true(g_file_set_contents(conf, text, -1, NULL));
		g_assert_true(g_file_set_contents(rows, POLICY, -1, NULL));
		o = sg_options_load(conf, NULL, NULL);
		p = sg_policy_load(o, NULL, NULL);
		g_assert_nonnull(p);
		v = sg_decide_failure(p, m, SG_FAIL_TOO_LARGE, 1);
		g_assert_cmpuint(strlen(v->reply_text), <=, 190);
		for (const char *c = v->reply_text; *c != '\0'; c++)
			g_assert_true(g_ascii_isprint(*c));
		g_assert_true(strstr(v->reply_text, "{ref}") == strrchr(v->reply_text, '{'));
		g_unlink(conf);
		g_unlink(rows);
		g_rmdir(dir);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/failure/later, or too large", later_or_too_large);
	g_test_add_func("/failure/the third failure of a content is held", the_third_time_it_is_held);
	g_test_add_func("/failure/replies are one plain line", replies_are_plain);
	return g_test_run();
}
