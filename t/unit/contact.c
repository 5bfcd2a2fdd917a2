/* fails-if: a history of signs between an adult and a child gets another severity, or a pair is
 *           remembered that should not be, or left out */
#include <glib.h>

#include "decide/contact.h"
#include "school.h"

#define DAY ((gint64)86400)
#define NOW (20000 * DAY)

static const char policy[] = SCHOOL_CLASSES "policy = ( { id = \"a\"; category = [ \"grooming\" ]; do = \"hold\"; } );\n";

static void
add(SgReading *r, const char *rule, const char *category)
{
	SgFinding *f = sg_finding_of_ours(rule, "A sign", category, 1);

	g_free(f->area);
	f->area = g_strdup("contact");
	g_ptr_array_add(r->findings, f);
}

/* "secrecy photo": one finding of each */
static SgReading *
signs(const char *line)
{
	SgReading *r = sg_reading_new();
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	for (char **w = words; *w != NULL; w++) {
		g_autofree char *rule = g_strconcat("contact.", *w, NULL);

		if (**w != '\0')
			add(r, rule, "grooming");
	}
	return r;
}

static guint
bits(const char *line)
{
	g_autoptr(SgReading) r = signs(line);

	return sg_contact_kinds(r);
}

/* Messages oldest first, "age@0 photo secrecy@2": kinds @ day; the last one is judged. */
static const struct {
	const char *what, *history;
	guint	    severity;
	gboolean    stranger;	/* new, to a memory that is old enough to know */
} cases[] = {
	{ "one sign is nothing", "secrecy@0", 0, FALSE },
	{ "a grandparent", "photo@0 gift@3 photo age@9 gift address@12 photo@20 gift@25", 3, FALSE },
	{ "a coach", "meet@0 meet address@2 move@4 meet@6", 3, FALSE },
	{ "a friend from elsewhere", "move@0 photo@1 secrecy@2", 3, TRUE },
	{ "the four steps", "flattery age@0 move@1 photo@2 secrecy@3", 5, FALSE },
	{ "one by one, from a stranger", "age@0 flattery@1 move@2 photo@3 secrecy@4", 5, TRUE },
	{ "three of them", "flattery age@0 move@1 secrecy@2", 4, FALSE },
	{ "advice on staying safe names them all, once", "secrecy alone photo move age address gift@0", 3, FALSE },
	{ "twice in one message is one message", "age flattery@0 photo secrecy@0", 5, FALSE },
	{ "years of it fade", "flattery age@0 move@90 photo@180 secrecy@270", 0, FALSE },
	{ "weeks do not", "flattery age@0 move@7 photo@14 secrecy@21", 5, FALSE },
	{ "six weeks", "flattery age@0 move@14 photo@28 secrecy@42", 4, FALSE },
	{ "a term", "flattery age@0 move@25 photo@50 secrecy@75", 3, FALSE },
	{ "one habit is no pattern", "photo@0 photo@1 photo@2 photo@3 photo@4 photo@5 photo@6 photo@7 photo@8", 0, FALSE },
	{ "presents alone are none", "gift photo flattery@0 gift photo flattery@1 gift photo flattery age@2", 3, FALSE },
};

static void
severities(void)
{
	g_autoptr(SgPolicy) p = school_policy(policy, NULL, NULL, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func((GDestroyNotify)sg_contact_free);
		SgContact *c = sg_contact_new("ann@pupils.hill.example", "x@y.example");
		g_auto(GStrv) messages = g_strsplit(cases[i].history, "@", -1);
		g_autoptr(SgFinding) f = NULL;
		gint64 when = NOW;
		guint kinds = 0;

		c->since = cases[i].stranger ? NOW - 300 * DAY : 0;
		g_ptr_array_add(pairs, c);
		/* "age", "0 photo secrecy", "2" */
		for (guint k = 0; messages[k + 1] != NULL; k++) {
			const char *now = k == 0 ? messages[0] : strchr(messages[k], ' ') + 1;
			const SgSign before = { when, kinds };

			if (k > 0)
				g_array_append_val(c->before, before);
			kinds = bits(now);
			when = NOW + g_ascii_strtoll(messages[k + 1], NULL, 10) * DAY;
		}
		f = sg_contact_judge(p, pairs, kinds, when);
		g_test_message("%s: %s", cases[i].what, f != NULL ? f->title : "-");
		g_assert_cmpuint(f != NULL ? f->severity : 0, ==, cases[i].severity);
		if (f == NULL)
			continue;
		g_assert_cmpstr(f->rule, ==, "contact.pattern");
		g_assert_cmpstr(f->category, ==, "grooming");
		g_assert_cmpstr(f->area, ==, "contact");
		g_assert_cmpuint(f->confidence, ==, f->severity - 2);
		g_assert_cmpuint(f->count, ==, c->before->len + 1);
	}
}

static void
says_what_and_since_when(void)
{
	g_autoptr(SgPolicy) p = school_policy(policy, NULL, NULL, NULL);
	g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func((GDestroyNotify)sg_contact_free);
	g_autoptr(GDateTime) third = g_date_time_new_local(2026, 3, 3, 12, 0, 0);
	SgContact *c = sg_contact_new("ann@pupils.hill.example", "x@y.example");
	const SgSign before = { g_date_time_to_unix(third), bits("age flattery") };
	g_autoptr(SgFinding) f = NULL;

	g_ptr_array_add(pairs, c);
	g_array_append_val(c->before, before);
	f = sg_contact_judge(p, pairs, bits("photo secrecy"), before.when + DAY);
	g_assert_nonnull(f);
	g_assert_cmpstr(f->title, ==,
	    "Signs of unsafe contact in 2 messages since 3 March: secrecy, a photograph, age and flattery");
}

/* sender, recipients, and whom it is remembered for: "child/other ..." */
static void
whom_it_is_about(void)
{
	g_autoptr(SgPolicy) p = school_policy(policy, "address,class,aliases,own_addresses\n"
	    "hale@hill.example,staff,,hale@home.example\nann@pupils.hill.example,pupil,a.marsh@pupils.hill.example,\n",
	    NULL, NULL);
	static const struct { const char *mail, *pairs; } want[] = {
		{ "Old@x.example > ann@pupils.hill.example", "ann@pupils.hill.example/old@x.example" },
		{ "old+two@x.example > A.Marsh@pupils.hill.example", "ann@pupils.hill.example/old@x.example" },
		{ "hale= hale@hill.example > ann@pupils.hill.example", "ann@pupils.hill.example/hale@hill.example" },
		{ "hale@home.example > ann@pupils.hill.example", "ann@pupils.hill.example/hale@hill.example" },
		{ "ben= ben@pupils.hill.example > ann@pupils.hill.example", "" },
		{ "ann= ann@pupils.hill.example > old@x.example", "" },
		{ "old@x.example > hale@hill.example", "" },
		{ "<> > ann@pupils.hill.example", "" },
		{ "old@x.example > hale@hill.example ann@pupils.hill.example ben@pupils.hill.example",
		    "ann@pupils.hill.example/old@x.example ben@pupils.hill.example/old@x.example" },
		{ "ben@pupils.hill.example > ann@pupils.hill.example", "ann@pupils.hill.example/ben@pupils.hill.example" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
		g_autoptr(SgMessage) m = school_message(want[i].mail);
		g_autoptr(SgReading) r = signs("age"), quiet = signs("");
		g_autoptr(GString) got = g_string_new(NULL);
		guint kinds = 0;
		g_autoptr(GPtrArray) pairs = sg_contact_pairs(p, m, r, NOW, &kinds);

		for (guint k = 0; pairs != NULL && k < pairs->len; k++) {
			const SgContact *c = g_ptr_array_index(pairs, k);

			g_string_append_printf(got, "%s%s/%s", k > 0 ? " " : "", c->child, c->other);
		}
		g_assert_cmpstr(got->str, ==, want[i].pairs);
		g_assert_null(sg_contact_pairs(p, m, quiet, NOW, &kinds));
	}
}

static void
a_circular_is_none(void)
{
	g_autoptr(SgPolicy) p = school_policy(policy, NULL, NULL, NULL);
	g_autoptr(SgMessage) m = school_message("club@x.example > p1@pupils.hill.example");
	g_autoptr(SgReading) r = signs("age photo");
	guint kinds = 0;

	for (guint i = 2; i <= 11; i++) {
		g_autoptr(GPtrArray) pairs = sg_contact_pairs(p, m, r, NOW, &kinds);

		g_assert_nonnull(pairs);
		g_assert_cmpuint(pairs->len, ==, i - 1);
		g_ptr_array_add(m->recipients, g_strdup_printf("p%u@pupils.hill.example", i));
	}
	g_assert_null(sg_contact_pairs(p, m, r, NOW, &kinds));
}

static void
kinds_by_rule_and_category(void)
{
	g_autoptr(SgReading) r = signs("pattern affection other"), none = signs("unknown stage");

	g_assert_cmpuint(sg_contact_kinds(r), ==, bits("affection-told"));
	g_assert_cmpuint(sg_contact_kinds(none), ==, 0);
	g_assert_cmpuint(bits("photo"), ==, bits("picture"));
	g_assert_cmpuint(bits("secret"), ==, bits("secrecy-kept"));
	g_assert_cmpuint(bits("move"), ==, bits("channel"));
	add(none, "bully.age", "bullying");
	g_assert_cmpuint(sg_contact_kinds(none), ==, 0);
	add(none, "meet.arrange", "meeting");
	g_assert_cmpuint(sg_contact_kinds(none), ==, bits("meet"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/contact/severities", severities);
	g_test_add_func("/contact/says-what-and-since-when", says_what_and_since_when);
	g_test_add_func("/contact/whom-it-is-about", whom_it_is_about);
	g_test_add_func("/contact/a-circular-is-none", a_circular_is_none);
	g_test_add_func("/contact/kinds-by-rule-and-category", kinds_by_rule_and_category);
	return g_test_run();
}
