/* fails-if: a message about a reviewer is not known to be, or one that only mentions a reviewer,
 * or is about data, is kept from them */
#include "decide/subject.h"
#include "school.h"

#define POLICY SCHOOL_CLASSES SCHOOL_CONTACTS \
	"policy = ( { id = \"a\"; category = [ \"hate\" ]; do = \"hold\"; } );\n"
#define PEOPLE "address,name,class\ndsl@hill.example,Grace Okafor,staff\nhead@hill.example,\"Mrs H. Lowe\",staff\n"

static void
who_is_meant(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgPolicy) p = school_policy(POLICY, PEOPLE, problems, NULL);
	static const struct {
		const char *excerpt, *category, *want;
		guint	    severity;
	} cases[] = {
		{ "I hate Mrs Okafor, she is an idiot", "bullying", "dsl@hill.example", 3 },
		{ "GRACE OKAFOR IS AN IDIOT", "bullying", "dsl@hill.example", 3 },
		{ "that idiot, Ms. Okafor\xe2\x80\x99s friend", "bullying", "dsl@hill.example", 3 },
		{ "Mrs Lowe and Miss Okafor are idiots", "threat", "dsl@hill.example,head@hill.example", 4 },
		{ "okafor is an idiot", "bullying", "", 3 },
		{ "you idiot", "bullying", "", 3 },
		{ "the mrs lowered her voice, idiot", "bullying", "", 3 },
		{ "I hate Mrs Okafor, she is an idiot", "profanity", "", 2 },
		{ "Mrs Okafor 943 476 5919", "personal-data", "", 4 },
		{ "", "bullying", "", 3 },
	};

	g_assert_nonnull(p);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(SgReading) r = sg_reading_new();
		SgFinding *f = sg_finding_of_ours("x.y", "t", cases[i].category, cases[i].severity);
		g_autoptr(GPtrArray) got = g_ptr_array_new_with_free_func(g_free);
		g_autofree char *joined = NULL;

		g_free(f->excerpt);
		f->excerpt = g_strdup(cases[i].excerpt);
		g_ptr_array_add(r->findings, f);
		sg_subjects_find(p, r, got);
		g_ptr_array_add(got, NULL);
		joined = g_strjoinv(",", (char **)got->pdata);
		g_assert_cmpstr(joined, ==, cases[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/subject/who-is-meant", who_is_meant);
	return g_test_run();
}
