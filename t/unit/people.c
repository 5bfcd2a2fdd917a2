/* fails-if: a person of people.csv gets another class, or a bad line is not named */
#include <glib.h>

#include "school.h"

#define POLICY SCHOOL_CLASSES "policy = ( { id = \"a\"; category = [ \"hate\" ]; do = \"hold\"; } );\n"

static void
classes_and_aliases(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgPolicy) p = school_policy(POLICY, "\xef\xbb\xbf" "Address , name,class,aliases,until,form\r\n"
	    "Sam@Agency.example,\"Reed, \"\"Sam\"\"\",staff,sam.reed@agency.example;s@agency.example,,\r\n"
	    "\r\n"
	    "gone@agency.example,Gone,staff,,2001-01-01,\r\n"
	    "stays@agency.example,Stays,staff,,2999-12-31,\r\n"
	    "noclass@agency.example,\"Two\nlines\",,,,13A", problems, NULL);
	static const struct {
		const char *address, *klass;
	} want[] = {
		{ "sam@agency.example", "staff" }, { "SAM@AGENCY.EXAMPLE", "staff" }, { "sam.reed@agency.example", "staff" },
		{ "s@agency.example", "staff" }, { "sam+trip@agency.example", "staff" }, { "+sam@agency.example", "outside" },
		{ "gone@agency.example", "outside" }, { "stays@agency.example", "staff" }, { "noclass@agency.example", "outside" },
		{ "ann@pupils.hill.example", "pupil" }, { "Ann@PUPILS.hill.example", "pupil" }, { "x@hill.example", "staff" },
		{ "x@evilhill.example", "outside" }, { "x@hill.example.evil", "outside" }, { "c@childline.org.uk", "privileged" },
		{ "", "outside" }, { "nobody", "outside" },
	};

	g_assert_nonnull(p);
	g_assert_cmpuint(problems->len, ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(want); i++)
		g_assert_cmpstr(sg_policy_class(p, want[i].address), ==, want[i].klass);
	g_assert_true(sg_policy_inside(p, "x@HILL.example"));
	g_assert_false(sg_policy_inside(p, "sam@agency.example"));
	g_assert_false(sg_policy_inside(p, "hill.example"));
	g_assert_false(sg_policy_inside(p, ""));
}

static void
until_is_the_whole_day(void)
{
	g_autoptr(SgPolicy) p = school_policy(POLICY, "address,class,until\nsam@agency.example,staff,2026-07-22\n", NULL, NULL);
	g_autoptr(GDateTime) last = g_date_time_new_local(2026, 7, 22, 23, 59, 59);
	g_autoptr(SgMessage) m = school_message("sam@agency.example > a@hill.example");
	g_autoptr(SgReading) r = school_reading("", "", 0);
	gint64 end = g_date_time_to_unix(last);
	g_autoptr(SgVerdict) on = sg_decide(p, m, r, end), after = sg_decide(p, m, r, end + 1);

	g_assert_cmpstr(on->sender_class, ==, "staff");
	g_assert_cmpstr(after->sender_class, ==, "outside");
}

static void
patterns(void)
{
	g_autoptr(SgPolicy) p = school_policy("classes = ( { name = \"pupil\"; match = [ \"22*@hill.example\", \"Head.Girl@hill.example\" ]; },\n"
	    " { name = \"agency\"; match = [ \"@*.police.uk\" ]; }, { name = \"staff\"; match = [ \"@hill.example\", \"@pupils.hill.example\" ]; } );\n"
	    "policy = ( { id = \"a\"; category = [ \"hate\" ]; do = \"hold\"; } );\n", NULL, NULL, NULL);

	g_assert_cmpstr(sg_policy_class(p, "22ann@hill.example"), ==, "pupil");
	g_assert_cmpstr(sg_policy_class(p, "head.girl@hill.example"), ==, "pupil");
	g_assert_cmpstr(sg_policy_class(p, "hale@hill.example"), ==, "staff");
	g_assert_cmpstr(sg_policy_class(p, "pc@kent.police.uk"), ==, "agency");
	g_assert_cmpstr(sg_policy_class(p, "pc@police.uk.evil.example"), ==, "outside");
}

static void
each_bad_line_is_named(void)
{
	static const struct {
		const char *csv, *says;
	} bad[] = {
		{ "", ":1: the file is empty" },
		{ "name,class\nAnn,pupil\n", ":1: there is no column \"address\"" },
		{ "address,class,class\n", ":1: the column class is there twice" },
		{ "address,class\nann,pupil\n", ":2: address: not a mail address" },
		{ "address,class\n,pupil\n", ":2: no address" },
		{ "address,class\na@x.example,pupil\nb@x.example,head\n", ":3: no class is called \"head\"" },
		{ "address,until\na@x.example,31.07.2026\n", ":2: until: \"31.07.2026\" is not a date" },
		{ "address,until\na@x.example,2026-02-30\n", ":2: until: \"2026-02-30\" is not a date" },
		{ "address,until\na@x.example,2026-7-3\n", ":2: until: \"2026-7-3\" is not a date" },
		{ "address\na@x.example\nA@X.example\n", ":3: address: this address is in the file twice" },
		{ "address,class\n\"a@x.example,pupil\nb@x.example,staff\n", ":2: the quotes of this line do not match" },
		{ "address,class\n\"a@x.example\"y,pupil\n", ":2: the quotes of this line do not match" },
		{ "address,class\na@x.example,staff,more\n", ":2: 3 fields, but 2 columns" },
		{ "address,tutor\na@x.example,Mrs Hale\n", ":2: tutor: not a mail address" },
		{ "address,aliases\na@x.example,b@x.example c\n", ":2: aliases: not a mail address" },
		{ "address,name\na@x.example,\xe9t\xe9\n", ":1: the file is not UTF-8" },
		{ "address,name\n\"Two\nlines\",x\nbad,y\n", ":4: address: not a mail address" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		gboolean found = FALSE;

		g_assert_null(school_policy(POLICY, bad[i].csv, problems, NULL));
		g_assert_cmpuint(problems->len, >, 0);
		for (guint k = 0; k < problems->len; k++) {
			found = found || strstr(problems->pdata[k], bad[i].says) != NULL;
			g_assert_nonnull(strchr(problems->pdata[k], ';'));
			g_assert_null(strchr(problems->pdata[k], '@'));	/* is logged */
		}
		if (!found)
			g_error("not told: %s; got %s", bad[i].says, (char *)problems->pdata[0]);
	}
}

static void
unknown_columns_are_one_warning(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgPolicy) p = school_policy(POLICY, "address,house,bus\na@x.example,red,12\nb@x.example,blue,3\n", problems, NULL);

	g_assert_nonnull(p);
	g_assert_cmpuint(problems->len, ==, 1);
	g_assert_nonnull(strstr(problems->pdata[0], "people.csv:1: warning: columns that are not used: \"house\", \"bus\""));
}

static void
many_bad_lines_end(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) csv = g_string_new("address\n");

	for (guint i = 0; i < 5000; i++)
		g_string_append(csv, "bad\n");
	g_assert_null(school_policy(POLICY, csv->str, problems, NULL));
	g_assert_cmpuint(problems->len, ==, 51);
	g_assert_nonnull(strstr(problems->pdata[50], "4950 more lines like these"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/people/classes, aliases and dates", classes_and_aliases);
	g_test_add_func("/people/until is the whole day", until_is_the_whole_day);
	g_test_add_func("/people/patterns of classes", patterns);
	g_test_add_func("/people/each bad line is named", each_bad_line_is_named);
	g_test_add_func("/people/unknown columns are one warning", unknown_columns_are_one_warning);
	g_test_add_func("/people/many bad lines end", many_bad_lines_end);
	return g_test_run();
}
