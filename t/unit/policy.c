/* fails-if: a slip in policy.conf is accepted, or its error lacks file, line or remedy */
#include <glib.h>

#include "base/err.h"
#include "school.h"

#define ROW(text) SCHOOL_CLASSES SCHOOL_CONTACTS "policy = (\n" text "\n);\n"
#define GOOD_ROW "{ id = \"a\"; category = [ \"hate\" ]; do = \"hold\"; }"

static const struct {
	const char *text, *says;
} slips[] = {
	/* rows stand in line 10 */
	{ ROW("{ id = \"a\"; colour = 3; do = \"hold\"; }"), ":9: unknown field \"colour\" in a policy row" },
	{ ROW("{ category = [ \"hate\" ]; do = \"hold\"; }"), ":9: a row has no id" },
	{ ROW("{ id = \"A b\"; category = [ \"hate\" ]; do = \"hold\"; }"), ":9: id is not a short name" },
	{ ROW("{ id = \"a\"; category = [ \"hate\" ]; }"), ":9: the row says nothing to do" },
	{ ROW("{ id = \"a\"; category = [ \"hat\" ]; do = \"hold\"; }"), ":9: category: \"hat\" is not known" },
	{ ROW("{ id = \"a\"; category = \"hate\"; do = \"hold\"; }"), ":9: category is not a list of texts" },
	{ ROW("{ id = \"a\"; category = [ 3 ]; do = \"hold\"; }"), ":9: entry 1 of category is not a text" },
	{ ROW("{ id = \"a\"; category = [ ]; do = \"hold\"; }"), ":9: category is not a list of texts" },
	{ ROW("{ id = \"a\"; from = [ \"teacher\" ]; do = \"hold\"; }"), ":9: from: \"teacher\" is not known" },
	{ ROW("{ id = \"a\"; to = [ \"staff\", \"teacher\" ]; do = \"hold\"; }"), ":9: to: \"teacher\" is not known" },
	{ ROW("{ id = \"a\"; direction = [ \"sideways\" ]; do = \"hold\"; }"), ":9: direction: \"sideways\" is not known" },
	{ ROW("{ id = \"a\"; severity = 6; do = \"hold\"; }"), ":9: severity = 6 is out of range; choose 1 to 5" },
	{ ROW("{ id = \"a\"; severity = \"3\"; do = \"hold\"; }"), ":9: severity is not a whole number" },
	{ ROW("{ id = \"a\"; severity = 4294967299; do = \"hold\"; }"), ":9: a number is too long" },
	{ ROW("{ id = \"a\"; confidence = \"certain\"; do = \"hold\"; }"), ":9: confidence is not known" },
	{ ROW("{ id = \"a\"; count = 0; do = \"hold\"; }"), ":9: count = 0 is out of range" },
	{ ROW("{ id = \"a\"; recipients = -1; do = \"hold\"; }"), ":9: recipients = -1 is out of range" },
	{ ROW("{ id = \"a\"; file = [ \"program\" ]; do = \"hold\"; }"), ":9: file: \"program\" is not known" },
	{ ROW("{ id = \"a\"; flag = [ \"odd\" ]; do = \"hold\"; }"), ":9: flag: \"odd\" is not known" },
	{ ROW("{ id = \"a\"; claimed = \"yes\"; do = \"hold\"; }"), ":9: claimed is neither true nor false" },
	{ ROW("{ id = \"a\"; unless = [ \"luck\" ]; do = \"hold\"; }"), ":9: unless: \"luck\" is not known" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"drop\"; }"), ":9: do is not known" },
	{ ROW("{ id = \"a\"; severity = 3; do = 7; }"), ":9: do is not known" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"hold\"; notify = [ \"matron\" ]; }"), ":9: notify: \"matron\" is not known; nobody has this role" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"tag\"; bcc = [ \"archive\" ]; }"), ":9: bcc: \"archive\" is not a mail address" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"tag\"; bcc = [ \"a@b.example\\nRCPT\" ]; }"), "is not a mail address" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"hold\"; tell_sender = 1; }"), ":9: tell_sender is neither true nor false" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"hold\"; mode = \"test\"; }"), ":9: mode is not known" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"hold\"; first_contact = 1; }"), ":9: first_contact is neither true nor false" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"hold\"; personal_address = [ \"nobody\" ]; }"), ":9: personal_address: \"nobody\" is not known" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"hold\"; visible_outside = -2; }"), ":9: visible_outside = -2 is out of range" },
	{ ROW("{ id = \"a\"; severity = 3; do = \"hold\"; time = \"night\"; }"), ":9: time comes with a later release" },
	{ ROW("{ id = \"a\"; severity = 3; remind_cc = true; do = \"hold\"; }"), ":9: remind_cc comes with a later release" },
	{ ROW("{ id = \"a\"; to = [ \"pupil\" ]; do = \"detach\"; }"), ":9: detach needs to know which part" },
	{ ROW(GOOD_ROW ",\n" GOOD_ROW), ":10: a row called \"a\" is there already" },
	{ ROW(GOOD_ROW ",\n 3"), ":10: entry 2 of policy is not a group" },
	{ SCHOOL_CLASSES "policy = [ 1, 2 ];\n", ":5: policy is not a list of at most 1000 groups" },
	{ SCHOOL_CLASSES "policy = ();\n", ":5: policy is empty; start from policy.conf.example" },
	{ SCHOOL_CLASSES, ":1: policy is missing" },
	{ "policy = ( " GOOD_ROW " );\n", ":1: classes is missing" },
	{ ROW(GOOD_ROW) "polcy = ();\n", ":11: unknown section \"polcy\"" },
	{ ROW(GOOD_ROW) "contacts = ();\n", ":11: duplicate setting name" },
	{ ROW(GOOD_ROW) "categories = \"x\";\n", ":11: categories is not a list of texts" },
	{ ROW(GOOD_ROW) "disclaimers = ( { id = \"d\"; } );\n", ":11: a disclaimer needs id and text" },
	{ ROW(GOOD_ROW) "disclaimers = ( { id = \"d\"; text = \"t\"; place = \"left\"; } );\n", ":11: place is none of its choices; write one of bottom, top, above-quote" },
	{ ROW(GOOD_ROW) "disclaimers = ( { id = \"d\"; text = \"t\"; from = [ \"x\" ]; } );\n", ":11: no class is called \"x\"" },
	{ ROW(GOOD_ROW) "disclaimers = ( { id = \"d\"; text = 3; } );\n", ":11: text is not a text" },
	{ ROW(GOOD_ROW) "disclaimers = ( { id = \"d\"; text = \"t\"; font = \"x\"; } );\n", ":11: unknown field \"font\" in a disclaimer" },
	{ "classes = ( { name = \"staff\"; } );\npolicy = ( " GOOD_ROW " );\n", ":1: a class needs name and match" },
	{ "classes = ( { name = \"st aff\"; match = [ \"@x.example\" ]; } );\npolicy = ( " GOOD_ROW " );\n", ":1: name is not a short name" },
	{ "classes = ( { name = \"staff\"; match = [ \"x.example\" ]; } );\npolicy = ( " GOOD_ROW " );\n", ":1: \"x.example\" matches no address; write \"@x.example\"" },
	{ "classes = ( { name = \"staff\"; match = [ \"@x.example\" ]; size = 3; } );\npolicy = ( " GOOD_ROW " );\n", ":1: unknown field \"size\" in a class" },
	{ SCHOOL_CLASSES "contacts = ( { role = \"lead\"; } );\npolicy = ( " GOOD_ROW " );\n", ":5: a contact needs role and address" },
	{ SCHOOL_CLASSES "contacts = ( { role = \"lead\"; address = \"dsl\"; } );\npolicy = ( " GOOD_ROW " );\n", ":5: address is not a mail address" },
	{ SCHOOL_CLASSES "contacts = ( { role = \"lead\"; address = \"d@x.example\"; tel = 3; } );\npolicy = ( " GOOD_ROW " );\n", ":5: unknown field \"tel\" in a contact" },
	{ SCHOOL_CLASSES "contacts = ( { role = 3; address = \"d@x.example\"; } );\npolicy = ( " GOOD_ROW " );\n", ":5: role is not a short name" },
	{ "classes = (", ": syntax error" },
};

static gboolean
told(GPtrArray *problems, const char *says)
{
	for (guint i = 0; i < problems->len; i++)
		if (strstr(problems->pdata[i], says) != NULL)
			return TRUE;
	for (guint i = 0; i < problems->len; i++)
		g_test_message("got: %s", (char *)problems->pdata[i]);
	return FALSE;
}

static void
each_slip_is_named(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;

		if (school_policy(slips[i].text, NULL, problems, &error) != NULL)
			g_error("accepted: %s", slips[i].says);
		g_assert_error(error, SG_ERR, SG_ERR_SETUP);
		if (!told(problems, slips[i].says))
			g_error("not told: %s", slips[i].says);
		for (guint k = 0; k < problems->len; k++) {
			g_assert_nonnull(strstr(problems->pdata[k], "policy.conf:"));
			g_assert_nonnull(strchr(problems->pdata[k], ';'));	/* a remedy follows */
		}
	}
}

static void
all_slips_are_told(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	g_assert_null(school_policy(ROW("{ id = \"a\"; severity = 9; do = \"no\"; }"), NULL, problems, &error));
	g_assert_cmpuint(problems->len, ==, 2);
	g_assert_nonnull(strstr(error->message, "(and more)"));
	g_clear_error(&error);
	g_assert_null(school_policy(ROW("{ id = \"a\"; severity = 9; do = \"no\"; }"), NULL, NULL, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
}

static void
warnings_do_not_stop(void)
{
	static const struct {
		const char *text, *says;
	} soft[] = {
		{ ROW("{ id = \"a\"; do = \"hold\"; }"), ":9: warning: the row has no condition" },
		{ ROW("{ id = \"a\"; from = [ \"pupil\" ]; do = \"approve\"; }"), ":9: warning: do = \"approve\" holds" },
		{ ROW("{ id = \"a\"; category = [ \"self-harm\" ]; do = \"hold\"; tell_sender = true; }"), ":9: warning: tell_sender: a sender is never told of \"self-harm\"" },
		{ ROW("{ id = \"a\"; severity = 3; do = \"tag\"; tell_sender = true; }"), ":9: warning: tell_sender does nothing" },
		{ ROW(GOOD_ROW) "disclaimers = ( { id = \"d\"; text = \"hello.md\"; from = [ \"outside\" ]; } );\n", ":11: warning: \"d\" changes mail from outside" },
		{ ROW(GOOD_ROW) "disclaimers = ( { id = \"d\"; text = \"hello\"; from = [ \"staff\" ]; } );\n", ":11: warning: line 2 of the text of \"d\" uses {nobody}" },
		{ "classes = ( { name = \"staff\"; match = [ \"@hill.example\" ]; } );\npolicy = ( " GOOD_ROW " );\n", "warning: people at pupils.hill.example get the class \"outside\"" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(soft); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(SgPolicy) p = school_policy(soft[i].text, NULL, problems, NULL);

		g_assert_nonnull(p);
		if (!told(problems, soft[i].says))
			g_error("not told: %s", soft[i].says);
	}
}

static void
good_rows_are_kept(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgPolicy) p = school_policy(ROW("{ id = \"all\"; from = [ \"pupil\" ]; to = [ \"outside\" ]; direction = [ \"out\" ];\n"
	    "category = [ \"hate\", \"maths\" ]; rule = [ \"hate.*\" ]; severity = 2; confidence = \"low\"; count = 2; file = [ \"image\", \"*.iso\", \"video/*\" ];\n"
	    "flag = [ \"malformed\" ]; recipients = 10; outside_recipients = 0; claimed = false; unless = [ \"strong-encryption\", \"disclosure\", \"malformed\" ];\n"
	    "mode = \"shadow\"; do = \"hold\"; notify = [ \"lead\" ]; bcc = [ \"a@hill.example\" ]; log = true; },\n" GOOD_ROW)
	    "categories = [ \"maths\" ];\n", NULL, problems, NULL);

	g_assert_cmpuint(problems->len, ==, 0);
	g_assert_cmpuint(sg_policy_rows(p), ==, 2);
	g_assert_cmpstr(sg_policy_row_id(p, 0), ==, "all");
	g_assert_null(sg_policy_row_id(p, 2));
	g_assert_cmpstr(sg_policy_contacts(p, "lead")[0], ==, "dsl@hill.example");
	g_assert_null(sg_policy_contacts(p, "lead")[1]);
	g_assert_null(sg_policy_contacts(p, "matron")[0]);
	g_assert_cmpstr(sg_policy_options(p)->school.name, ==, "Hillview Academy");
}

static void
contacts_may_share_a_role(void)
{
	g_autoptr(SgPolicy) p = school_policy(SCHOOL_CLASSES "contacts = ( { role = \"lead\"; address = \"a@hill.example\"; },"
	    " { role = \"lead\"; address = \"B@HILL.example\"; } );\npolicy = ( " GOOD_ROW " );\n", NULL, NULL, NULL);

	g_assert_cmpstr(sg_policy_contacts(p, "lead")[0], ==, "a@hill.example");
	g_assert_cmpstr(sg_policy_contacts(p, "lead")[1], ==, "B@hill.example");
	g_assert_null(sg_policy_contacts(p, "lead")[2]);
}

static void
missing_file(void)
{
	g_autofree char *dir = g_dir_make_tmp("sg-policy-XXXXXX", NULL);
	g_autofree char *conf = g_build_filename(dir, "schoolgate.conf", NULL);
	g_autoptr(SgOptions) o = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(conf, SCHOOL_CONF, -1, NULL));
	o = sg_options_load(conf, NULL, NULL);
	g_assert_null(sg_policy_load(o, NULL, &error));
	g_assert_nonnull(strstr(error->message, "policy.conf:1: no such file; copy policy.conf.example"));
	g_unlink(conf);
	g_rmdir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/policy/each slip is named with line and remedy", each_slip_is_named);
	g_test_add_func("/policy/all slips are told", all_slips_are_told);
	g_test_add_func("/policy/warnings do not stop the load", warnings_do_not_stop);
	g_test_add_func("/policy/good rows are kept", good_rows_are_kept);
	g_test_add_func("/policy/contacts may share a role", contacts_may_share_a_role);
	g_test_add_func("/policy/a missing file is named", missing_file);
	return g_test_run();
}
