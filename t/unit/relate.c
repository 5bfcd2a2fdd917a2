/* fails-if: a row about the people of a message applies where it should not, or does not where it
 *           should, a Bcc is told of, or a fact alone holds harmless mail */
#include <glib.h>

#include "decide/relate.h"
#include "school.h"

static const char policy[] = SCHOOL_CLASSES SCHOOL_CONTACTS "policy = (\n"
	"  { id = \"bcc\"; from = [ \"staff\" ]; to = [ \"outside\" ]; visible_outside = 3; do = \"hold\"; tell_sender = true; },\n"
	"  { id = \"first\"; first_contact = true; category = [ \"personal-data\" ]; severity = 2; do = \"hold\"; },\n"
	"  { id = \"alike\"; lookalike = true; category = [ \"personal-data\" ]; do = \"hold\"; },\n"
	"  { id = \"like-us\"; direction = [ \"in\" ]; lookalike = true; do = \"tag\"; },\n"
	"  { id = \"name\"; namesake = true; category = [ \"personal-data\" ]; do = \"hold\"; },\n"
	"  { id = \"all\"; reply_all = true; recipients = 3; category = [ \"personal-data\" ]; do = \"hold\"; },\n"
	"  { id = \"home\"; to = [ \"pupil\" ]; personal_address = [ \"staff\" ]; do = \"hold\"; notify = [ \"lead\" ]; },\n"
	"  { id = \"to-home\"; from = [ \"pupil\" ]; personal_address = [ \"staff\" ]; do = \"hold\"; },\n"
	"  { id = \"any-home\"; category = [ \"secrets\" ]; personal_address = true; do = \"hold\"; },\n"
	"  { id = \"hour\"; from = [ \"pupil\" ]; recipients_hour = 10; do = \"hold\"; } );\n";

static const char people[] = "address,class,own_addresses\n"
	"hale@hill.example,staff,hale.home@x.example\nann@pupils.hill.example,pupil,marsh@x.example\n";

#define STAFF "hale= hale@hill.example > "
#define PUPIL "ann= ann@pupils.hill.example > "

static const struct {
	const char *says, *mail, *header, *findings;
	guint	    facts, hour;	/* what is remembered: of each recipient; before this message */
	const char *rows;
} cases[] = {
	{ "nothing", STAFF "x@y.example", "To: x@y.example", "", 0, 0, "" },
	{ "a first message alone", STAFF "x@y.example", "To: x@y.example", "", SG_REL_FIRST, 0, "" },
	{ "with data", STAFF "x@y.example", "To: x@y.example", "personal-data/2", SG_REL_FIRST, 0, "first" },
	{ "data to somebody known", STAFF "x@y.example", "To: x@y.example", "personal-data/2", 0, 0, "" },
	{ "like a known one", STAFF "x@y.example", "", "personal-data/2", SG_REL_FIRST | SG_REL_ALIKE, 0, "first,alike" },
	{ "another of the name", STAFF "x@y.example", "", "personal-data/1", SG_REL_NAMESAKE, 0, "name" },
	{ "like us, without memory", STAFF "x@hil1.example", "", "personal-data/1", 0, 0, "alike" },
	{ "like everybody's", STAFF "x@gmial.com", "", "personal-data/1", 0, 0, "alike" },
	{ "a provider of its own", STAFF "x@ymail.com", "", "personal-data/1", 0, 0, "" },
	{ "like us, from elsewhere", "head@hlll.example > ann@pupils.hill.example", "", "", 0, 0, "like-us" },
	{ "us from elsewhere is claimed, not alike", "head@hill.example > ann@pupils.hill.example", "", "", 0, 0, "" },
	{ "four families", STAFF "a@gmail.com", "To: a@gmail.com, b@gmail.com, c@gmail.com\r\nCc: d@gmail.com", "", 0, 0, "bcc" },
	{ "three", STAFF "a@gmail.com", "To: a@gmail.com, b@gmail.com, A@gmail.com, a+x@gmail.com, c@gmail.com", "", 0, 0, "" },
	{ "one organisation", STAFF "a@council.example", "To: a@council.example, b@council.example, c@council.example, d@council.example, e@council.example", "", 0, 0, "" },
	{ "four of them", STAFF "a@a.example", "To: a@a.example, a@b.example, a@c.example, a@d.example", "", 0, 0, "bcc" },
	{ "in Bcc", STAFF "a@gmail.com b@gmail.com c@gmail.com d@gmail.com e@gmail.com", "To: hale@hill.example", "", 0, 0, "" },
	{ "colleagues do not count", STAFF "a@gmail.com", "To: a@gmail.com, b@hill.example, c@hill.example, d@hill.example, e@pupils.hill.example", "", 0, 0, "" },
	{ "what others show is theirs", "club@x.example > hale@hill.example", "To: a@gmail.com, b@gmail.com, c@gmail.com, d@gmail.com, e@gmail.com", "", 0, 0, "" },
	{ "an answer to all", STAFF "a@x.example b@hill.example c@hill.example d@hill.example",
	    "In-Reply-To: <1@x>\r\nTo: a@x.example, b@hill.example\r\nCc: c@hill.example, d@hill.example", "personal-data/2", 0, 0, "all" },
	{ "no answer", STAFF "a@x.example b@hill.example c@hill.example d@hill.example",
	    "To: a@x.example, b@hill.example\r\nCc: c@hill.example, d@hill.example", "personal-data/2", 0, 0, "" },
	{ "an answer to all inside", STAFF "a@hill.example b@hill.example c@hill.example d@hill.example",
	    "In-Reply-To: <1@x>\r\nTo: a@hill.example, b@hill.example\r\nCc: c@hill.example, d@hill.example", "personal-data/2", 0, 0, "" },
	{ "an answer to one", STAFF "a@x.example", "References: <1@x>\r\nTo: a@x.example", "personal-data/2", 0, 0, "" },
	{ "from a teacher's home", "hale.home@x.example > ben@pupils.hill.example", "", "", 0, 0, "home" },
	{ "in another spelling", "Hale.Home+me@x.example > ben@pupils.hill.example", "", "", 0, 0, "home" },
	{ "from a family's", "marsh@x.example > ben@pupils.hill.example", "", "", 0, 0, "" },
	{ "to a teacher's home", PUPIL "hale.home@x.example", "", "", 0, 0, "to-home" },
	{ "to one's own", PUPIL "marsh@x.example", "", "", 0, 0, "" },
	{ "a password home", STAFF "marsh@x.example", "", "secrets/1", 0, 0, "any-home" },
	{ "the eleventh in an hour", PUPIL "a@hill.example b@hill.example", "", "", 0, 9, "hour" },
	{ "the tenth", PUPIL "a@hill.example", "", "", 0, 9, "" },
};

static void
one_case(gconstpointer data)
{
	const gsize i = GPOINTER_TO_SIZE(data);
	g_autoptr(SgPolicy) p = school_policy(policy, people, NULL, NULL);
	g_autoptr(SgMessage) m = school_message(cases[i].mail);
	g_autoptr(SgReading) r = school_reading(cases[i].findings, "", 0);
	g_autofree char *text = g_strdup_printf("%s%sSubject: x\r\n\r\nx\r\n", cases[i].header, cases[i].header[0] != '\0' ? "\r\n" : "");
	g_autoptr(SgRelations) rel = NULL;
	g_autoptr(SgVerdict) v = NULL, plain = NULL;

	g_bytes_unref(m->bytes);
	m->bytes = g_bytes_new(text, strlen(text));
	rel = sg_relate(p, m, 1000);
	g_assert_cmpuint(rel->to->len, ==, m->recipients->len);
	for (guint k = 0; k < rel->to->len; k++)
		((SgRelation *)g_ptr_array_index(rel->to, k))->facts |= cases[i].facts;
	rel->hour = cases[i].hour;
	sg_relate_tell(rel, r->findings);
	v = sg_decide_related(p, m, r, rel, 1000);
	g_assert_cmpstr(v->rows, ==, cases[i].rows);
	plain = sg_decide(p, m, r, 1000);
	g_assert_true(cases[i].facts != 0 || cases[i].hour != 0 || g_strcmp0(plain->rows, v->rows) == 0);
}

static void
only_the_one_who_is_new(void)
{
	g_autoptr(SgPolicy) p = school_policy(policy, NULL, NULL, NULL);
	g_autoptr(SgMessage) m = school_message(STAFF "a@y.example b@y.example");
	g_autoptr(SgReading) r = school_reading("personal-data/2", "", 0);
	g_autoptr(SgRelations) rel = sg_relate(p, m, 1000);
	g_autoptr(SgVerdict) v = NULL;

	((SgRelation *)g_ptr_array_index(rel->to, 1))->facts = SG_REL_FIRST;
	v = sg_decide_related(p, m, r, rel, 1000);
	g_assert_cmpint(((SgLine *)g_ptr_array_index(v->lines, 0))->what, ==, SG_DO_DELIVER);
	g_assert_cmpint(((SgLine *)g_ptr_array_index(v->lines, 1))->what, ==, SG_DO_HOLD);
}

/* Held for it alone, it has a name, and its sender may be told. */
static void
visible_is_told(void)
{
	g_autoptr(SgPolicy) p = school_policy(policy, NULL, NULL, NULL);
	g_autoptr(SgMessage) m = school_message(STAFF "a@gmail.com");
	g_autoptr(SgReading) r = school_reading("", "", 0);
	g_autoptr(SgVerdict) v = NULL;
	g_autoptr(SgRelations) rel = NULL;
	static const char text[] = "To: a@gmail.com, b@gmail.com, c@gmail.com, d@gmail.com\r\n\r\n";

	g_bytes_unref(m->bytes);
	m->bytes = g_bytes_new_static(text, strlen(text));
	rel = sg_relate(p, m, 1000);
	sg_relate_tell(rel, r->findings);
	v = sg_decide_related(p, m, r, rel, 1000);
	g_assert_cmpstr(v->category, ==, "recipients");
	g_assert_true(v->tell_sender);
	g_assert_cmpuint(r->findings->len, ==, 1);
	g_assert_cmpstr(((SgFinding *)g_ptr_array_index(r->findings, 0))->title, ==,
	    "4 families or organisations outside can see each other's addresses, which Bcc would hide");
}

static void
surnames(void)
{
	static const struct { const char *name, *surname; } want[] = {
		{ "Sarah Jones <a@y.example>", "jones" }, { "\"JONES, Sarah (Mrs)\" <a@y.example>", "jones" },
		{ "Mrs S O'Neill-Marsh <a@y.example>", "o'neill-marsh" }, { "Sarah <a@y.example>", "" }, { "a@y.example", "" },
		{ "Sarah Jones (7C) <a@y.example>", "jones" }, { "\"a@y.example\" <a@y.example>", "" }, { "Al Wu <a@y.example>", "" },
	};
	g_autoptr(SgPolicy) p = school_policy(policy, NULL, NULL, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
		g_autoptr(SgMessage) m = school_message(STAFF "a@y.example");
		g_autofree char *text = g_strdup_printf("To: %s\r\n\r\n", want[i].name);
		g_autoptr(SgRelations) rel = NULL;

		g_bytes_unref(m->bytes);
		m->bytes = g_bytes_new(text, strlen(text));
		rel = sg_relate(p, m, 1000);
		g_test_message("%s", want[i].name);
		g_assert_cmpstr(((SgRelation *)g_ptr_array_index(rel->to, 0))->surname, ==, want[i].surname);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/relate/%s", cases[i].says);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), one_case);
	}
	g_test_add_func("/relate/only the one who is new", only_the_one_who_is_new);
	g_test_add_func("/relate/visible is told", visible_is_told);
	g_test_add_func("/relate/surnames", surnames);
	return g_test_run();
}
