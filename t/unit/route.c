/* fails-if: mail from elsewhere passes for ours, or a direction or a rule's fact is wrong */
#include <glib.h>

#include "school.h"

#define PEOPLE "address,class\njones@pupils.hill.example,pupil\n"

static const struct {
	const char *mail;
	SgRoute	    route;
	const char *klass, *facts;
	gboolean    claimed;
} cases[] = {
	{ "mum@x.example > a@hill.example", SG_ROUTE_IN, "outside", "from=outside to=staff route=in", FALSE },
	{ "hale= hale@hill.example > x@y.example", SG_ROUTE_OUT, "staff", "from=staff to=outside route=out", FALSE },
	{ "hale= hale@hill.example > ann@pupils.hill.example", SG_ROUTE_INSIDE, "staff", "from=staff to=pupil route=inside", FALSE },
	{ "hale= hale@hill.example > ann@pupils.hill.example x@y.example b@hill.example z@y.example", SG_ROUTE_OUT, "staff",
	    "from=staff to=pupil,outside,staff route=out", FALSE },
	{ "mum@x.example > x@y.example", SG_ROUTE_TRANSIT, "outside", "from=outside to=outside route=transit", FALSE },
	{ "mum@x.example > x@y.example a@hill.example", SG_ROUTE_IN, "outside", "from=outside to=outside,staff route=in", FALSE },
	/* an inside address means nothing without the mail server's word */
	{ "head@hill.example > ann@pupils.hill.example", SG_ROUTE_IN, "outside", "from=outside to=pupil route=in", TRUE },
	{ "head@hill.example > x@y.example", SG_ROUTE_TRANSIT, "outside", "from=outside to=outside route=transit", TRUE },
	{ "x@childline.org.uk > a@hill.example", SG_ROUTE_IN, "privileged", "from=privileged to=staff route=in", FALSE },
	/* a trusted network: ours under our address, somebody else's under theirs */
	{ "= hale@hill.example > x@y.example", SG_ROUTE_OUT, "staff", "from=staff to=outside route=out", FALSE },
	{ "= <> > x@y.example", SG_ROUTE_OUT, "outside", "from=outside to=outside route=out", FALSE },
	{ "= mum@x.example > a@hill.example", SG_ROUTE_IN, "outside", "from=outside to=staff route=in", FALSE },
	/* the login tells who it is, whatever the envelope says */
	{ "ann@pupils.hill.example= head@hill.example > x@y.example", SG_ROUTE_OUT, "pupil", "from=pupil to=outside route=out", FALSE },
	{ "ann@pupils.hill.example= me@gmail.example > a@hill.example", SG_ROUTE_INSIDE, "pupil", "from=pupil to=staff route=inside", FALSE },
	{ "jones= head@hill.example > x@y.example", SG_ROUTE_OUT, "pupil", "from=pupil to=outside route=out", FALSE },
	{ "jones@REALM= head@hill.example > x@y.example", SG_ROUTE_OUT, "pupil", "from=pupil to=outside route=out", FALSE },
	{ "hale= me@gmail.example > x@y.example", SG_ROUTE_OUT, "staff", "from=staff to=outside route=out", FALSE },
	{ "<> > a@hill.example", SG_ROUTE_IN, "outside", "from=outside to=staff route=in", FALSE },
};

static void
who_writes_to_whom(void)
{
	g_autoptr(SgPolicy) p = school_policy(SCHOOL_CLASSES "policy = ( { id = \"forged\"; claimed = true; do = \"tag\"; } );\n",
	    PEOPLE, NULL, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(SgMessage) m = school_message(cases[i].mail);
		g_autoptr(SgReading) r = school_reading("", "", 0);
		g_autoptr(SgVerdict) v = sg_decide(p, m, r, 1000);
		g_autofree char *facts = sg_decide_facts(p, m);

		g_test_message("%s", cases[i].mail);
		g_assert_cmpint(v->route, ==, cases[i].route);
		g_assert_cmpstr(v->sender_class, ==, cases[i].klass);
		g_assert_cmpstr(facts, ==, cases[i].facts);
		g_assert_cmpstr(v->rows, ==, cases[i].claimed ? "forged" : "");
	}
}

static void
direction_is_for_each_recipient(void)
{
	g_autoptr(SgPolicy) p = school_policy(SCHOOL_CLASSES "policy = ( { id = \"out\"; direction = [ \"out\" ]; do = \"hold\"; },\n"
	    "{ id = \"in\"; direction = [ \"inside\", \"in\" ]; do = \"tag\"; }, { id = \"by\"; direction = [ \"transit\" ]; do = \"reject\"; } );\n",
	    NULL, NULL, NULL);
	g_autoptr(SgReading) r = school_reading("", "", 0);
	g_autoptr(SgMessage) ours = school_message("= hale@hill.example > a@hill.example x@y.example");
	g_autoptr(SgMessage) theirs = school_message("mum@x.example > a@hill.example x@y.example");
	g_autoptr(SgVerdict) v = sg_decide(p, ours, r, 1000), w = sg_decide(p, theirs, r, 1000);

	g_assert_cmpstr(((const SgLine *)v->lines->pdata[0])->rows, ==, "in");
	g_assert_cmpstr(((const SgLine *)v->lines->pdata[1])->rows, ==, "out");
	g_assert_cmpstr(((const SgLine *)w->lines->pdata[0])->rows, ==, "in");
	g_assert_cmpstr(((const SgLine *)w->lines->pdata[1])->rows, ==, "by");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/route/who writes to whom", who_writes_to_whom);
	g_test_add_func("/route/the direction is each recipient's own", direction_is_for_each_recipient);
	return g_test_run();
}
