/* fails-if: a recipient gets another action, or a role, notice or reply is planned, than the policy says */
#include <glib.h>

#include "school.h"

static const char policy_text[] = SCHOOL_CLASSES SCHOOL_CONTACTS
	"policy = (\n"
	"  { id = \"sealed\"; from = [ \"pupil\" ]; category = [ \"sexual-imagery\" ]; file = [ \"image\" ]; do = \"seal\"; notify = [ \"lead\", \"head\" ]; },\n"
	"  { id = \"sealed-to\"; to = [ \"pupil\" ]; rule = [ \"sexual-imagery.test\" ]; file = [ \"video/*\" ]; do = \"seal\"; },\n"
	"  { id = \"help\"; from = [ \"pupil\" ]; category = [ \"disclosure\" ]; do = \"deliver\"; notify = [ \"lead\" ]; },\n"
	"  { id = \"worry\"; from = [ \"staff\" ]; direction = [ \"out\" ]; category = [ \"disclosure\", \"eating-disorder\" ]; do = \"hold\"; },\n"
	"  { id = \"harm\"; category = [ \"bullying\", \"threat\", \"self-harm\", \"profanity\" ]; severity = 3; confidence = \"medium\";\n"
	"    unless = [ \"report-of-bullying\" ]; do = \"hold\"; notify = [ \"lead\" ]; tell_sender = true; },\n"
	"  { id = \"leak\"; direction = [ \"out\" ]; category = [ \"personal-data\" ]; severity = 3; unless = [ \"strong-encryption\", \"privileged\" ];\n"
	"    do = \"hold\"; notify = [ \"dpo\" ]; tell_sender = true; },\n"
	"  { id = \"bulk\"; direction = [ \"out\" ]; rule = [ \"personal-data.*\" ]; count = 10; do = \"reject\"; },\n"
	"  { id = \"malware\"; category = [ \"malware\" ]; do = \"reject\"; notify = [ \"it\" ]; },\n"
	"  { id = \"programs\"; file = [ \"executable\", \"*.scr\" ]; do = \"reject\"; },\n"
	"  { id = \"macros\"; to = [ \"pupil\" ]; file = [ \"macro\" ]; do = \"detach\"; },\n"
	"  { id = \"discs\"; to = [ \"staff\" ]; file = [ \"*.iso\" ]; do = \"detach\"; },\n"
	"  { id = \"junk\"; to = [ \"pupil\" ]; category = [ \"commerce\" ]; do = \"detach\"; },\n"
	"  { id = \"broken\"; to = [ \"pupil\" ]; direction = [ \"in\" ]; flag = [ \"ambiguous\", \"not-fully-scanned\" ]; do = \"hold\"; notify = [ \"it\" ]; },\n"
	"  { id = \"many\"; from = [ \"staff\" ]; outside_recipients = 2; do = \"tag\"; bcc = [ \"archive@hill.example\" ]; },\n"
	"  { id = \"forged\"; claimed = true; do = \"hold\"; },\n"
	"  { id = \"no-bounce\"; from = [ \"outside\" ]; category = [ \"gambling\" ]; unless = [ \"bounce\" ]; do = \"hold\"; },\n"
	"  { id = \"trial\"; category = [ \"gambling\" ]; mode = \"shadow\"; do = \"hold\"; notify = [ \"head\" ]; },\n"
	"  { id = \"note\"; category = [ \"chain-letter\" ]; log = true; } );\n";

typedef struct {
	const char *says, *mail, *findings, *parts;
	guint	    flags;
	const char *lines;	/* first letter of each line's action; approve a, tag t, detach D */
	const char *rows, *notify, *category;
	guint	    severity, reply;
	const char *others;	/* tell file disclosure privileged */
} Case;

#define IN "mum@x.example > "
#define PUPIL "ann= ann@pupils.hill.example > "
#define STAFF "hale= hale@hill.example > "
static const Case cases[] = {
	{ "clean mail", IN "hale@hill.example", "", "", 0, "d", "", "", "", 0, 0, "" },
	{ "an insult inside is held", PUPIL "ben@pupils.hill.example", "bullying/3", "", 0, "h", "harm", "lead", "bullying", 3, 0, "file" },
	{ "severity is a floor", PUPIL "ben@pupils.hill.example", "bullying/2", "", 0, "d", "", "", "", 0, 0, "" },
	{ "confidence is a floor", PUPIL "ben@pupils.hill.example", "bullying/4/1", "", 0, "d", "", "", "", 0, 0, "" },
	{ "who reports is not held", PUPIL "hale@hill.example", "bullying/3 report-of-bullying/3", "", 0, "d", "", "", "", 0, 0, "" },
	{ "an address of ours that leads on is outside", STAFF "x%y.example@hill.example y.example!x@hill.example a@hill.example", "personal-data/4", "",
	    0, "hhd", "leak", "dpo", "personal-data", 4, 0, "tell file" },
	{ "and one from elsewhere is claimed as ever", "x%y@hill.example > ben@pupils.hill.example", "", "", 0, "h", "forged", "", "", 3, 0, "file" },
	{ "two of five are outside", STAFF "a@hill.example b@hill.example c@hill.example x@y.example z@y.example", "personal-data/4", "",
	    0, "dddhh", "leak", "dpo", "personal-data", 4, 0, "tell file" },
	{ "strong language may be told", PUPIL "b@hill.example", "profanity/3", "", 0, "h", "harm", "lead", "profanity", 3, 0, "tell file" },
	{ "self-harm is never told", PUPIL "b@hill.example", "self-harm/5", "", 0, "h", "harm", "lead", "self-harm", 5, 0, "file" },
	{ "nothing is told beside self-harm", STAFF "x@y.example", "personal-data/3 self-harm/2", "", 0, "h", "leak", "dpo", "personal-data", 3, 0, "file" },
	{ "outsiders are never told", IN "a@hill.example", "profanity/3", "", 0, "h", "harm", "lead", "profanity", 3, 0, "file" },
	{ "the worst finding names it", PUPIL "b@hill.example", "profanity/3 threat/4", "", 0, "h", "harm", "lead", "threat", 4, 0, "file" },
	{ "a strongly encrypted file may go", STAFF "x@y.example", "personal-data/4/3/name/2", "2/archive+encrypted-strong", 0, "d", "", "", "", 0, 0, "" },
	{ "a part inside it too", STAFF "x@y.example", "personal-data/4/3/attachment/2.1", "2/encrypted-strong", 0, "d", "", "", "", 0, 0, "" },
	{ "not a member in the clear", STAFF "x@y.example", "personal-data/4/3/attachment/2.1", "2/partial+encrypted-strong", 0, "h", "leak", "dpo", "personal-data", 4, 0, "tell file" },
	{ "not what stands beside it", STAFF "x@y.example", "personal-data/4/3/body/1", "2/encrypted-strong", 0, "h", "leak", "dpo", "personal-data", 4, 0, "tell file" },
	{ "part 20 is not inside part 2", STAFF "x@y.example", "personal-data/4/3/attachment/20", "2/encrypted-strong", 0, "h", "leak", "dpo", "personal-data", 4, 0, "tell file" },
	{ "the pupil's own words pass to Childline", PUPIL "help@childline.org.uk", "self-harm/4 bullying/4", "", 0, "d", "", "", "", 0, 0, "privileged" },
	{ "but not to a friend beside it", PUPIL "help@childline.org.uk ben@pupils.hill.example", "bullying/4", "", 0, "dh", "harm", "lead", "bullying", 4, 0, "file privileged" },
	{ "even the gravest", PUPIL "help@childline.org.uk ben@pupils.hill.example", "self-harm/5", "", 0, "dh", "harm", "lead", "self-harm", 5, 0, "file privileged" },
	{ "critical words count when it is Childline by envelope only", "x@childline.org.uk > ben@pupils.hill.example", "threat/5", "", 0, "h", "harm", "lead", "threat", 5, 0, "file privileged" },
	{ "malware from the police is malware", "x@childline.org.uk > a@hill.example", "malware/4", "", 0, "r", "malware", "it", "malware", 4, 550, "file privileged" },
	{ "a call for help arrives, and is told", PUPIL "hale@hill.example", "disclosure/4", "", 0, "d", "help", "lead", "disclosure", 4, 0, "file disclosure" },
	{ "whatever words it uses", PUPIL "hale@hill.example", "disclosure/4 bullying/4 profanity/3 self-harm/5", "", 0, "d", "help,harm", "lead", "disclosure", 5, 0, "file disclosure" },
	{ "and beside a graver finding of the same row", STAFF "x@y.example", "eating-disorder/5 disclosure/4", "", 0, "d", "worry", "", "disclosure", 5, 0, "disclosure" },
	{ "not with a harmful file", PUPIL "hale@hill.example", "disclosure/4 malware/5", "", 0, "r", "help,malware", "lead,it", "disclosure", 5, 550, "file disclosure" },
	{ "not with a program", PUPIL "hale@hill.example", "disclosure/4", "2/executable", 0, "r", "help,programs", "lead", "disclosure", 4, 550, "file disclosure" },
	{ "an adult's is no disclosure", STAFF "head@hill.example", "disclosure/4 bullying/3", "", 0, "h", "harm", "lead", "bullying", 3, 0, "file" },
	{ "a picture with a request is sealed", PUPIL "ben@pupils.hill.example", "sexual-imagery/4", "2//image:png", 0, "s", "sealed", "lead,head", "sealed", 5, 0, "file" },
	{ "sealed for all", PUPIL "ben@pupils.hill.example hale@hill.example", "sexual-imagery/4 disclosure/4", "2/image", 0, "ss", "sealed,help", "lead,head", "sealed", 5, 0, "file disclosure" },
	{ "a seal for one is a seal for all", STAFF "ben@pupils.hill.example x@y.example", "sexual-imagery/4", "2//video:mp4", 0, "ss", "sealed-to", "", "sealed", 5, 0, "file" },
	{ "no picture, no seal", PUPIL "ben@pupils.hill.example", "sexual-imagery/4", "2//text:plain", 0, "d", "", "", "", 0, 0, "" },
	{ "counts add up", STAFF "x@y.example", "personal-data/1/1/body/1/6 personal-data/1/1/attachment/2/4", "", 0, "r", "bulk", "", "personal-data", 1, 550, "file" },
	{ "and must reach the floor", STAFF "x@y.example", "personal-data/1/1/body/1/9", "", 0, "d", "", "", "", 0, 0, "" },
	{ "hold beats reject", STAFF "x@y.example", "personal-data/3/2/body/1/50", "", 0, "h", "leak,bulk", "dpo", "personal-data", 3, 0, "tell file" },
	{ "a program is refused", IN "a@hill.example", "", "2/executable", 0, "r", "programs", "", "file", 3, 550, "file" },
	{ "by its name too", IN "a@hill.example", "", "2///Holiday.SCR", 0, "r", "programs", "", "file", 3, 550, "file" },
	{ "macros are taken out for pupils", IN "ben@pupils.hill.example", "", "2/macro", 0, "D", "macros", "", "file", 3, 0, "file" },
	{ "two who lose different parts cannot share a message", IN "ben@pupils.hill.example cat@pupils.hill.example a@hill.example", "", "2/macro 3///disc.iso", 0, "DDh", "macros,discs", "", "file", 3, 0, "file" },
	{ "an attachment's words are taken out", IN "ben@pupils.hill.example", "commerce/2/2/attachment/2", "", 0, "D", "junk", "", "commerce", 2, 0, "file" },
	{ "a body cannot be taken out", IN "ben@pupils.hill.example", "commerce/2/2/body/1", "", 0, "h", "junk", "", "commerce", 2, 0, "file" },
	{ "what could not be read waits", IN "ben@pupils.hill.example a@hill.example", "limit/3", "", SG_FLAG_NOT_FULLY, "hd", "broken", "it", "limit", 3, 0, "file" },
	{ "another flag does not", IN "ben@pupils.hill.example", "", "", SG_FLAG_MALFORMED, "d", "", "", "", 0, 0, "" },
	{ "many outside: more than two", STAFF "a@y.example b@y.example c@y.example", "", "", 0, "ttt", "many", "", "", 1, 0, "" },
	{ "two are not more than two", STAFF "a@y.example b@y.example", "", "", 0, "dd", "", "", "", 0, 0, "" },
	{ "our address from elsewhere", "head@hill.example > ben@pupils.hill.example", "", "", 0, "h", "forged", "", "", 3, 0, "file" },
	{ "shadow only notes", PUPIL "a@hill.example", "gambling/3", "", 0, "d", "", "", "", 0, 0, "" },
	{ "a bounce has its excuse", "<> > a@hill.example", "gambling/3", "", 0, "d", "", "", "", 0, 0, "" },
	{ "others have not", IN "a@hill.example", "gambling/3", "", 0, "h", "no-bounce", "", "gambling", 3, 0, "file" },
	{ "log keeps the facts", PUPIL "a@hill.example", "chain-letter/1", "", 0, "d", "note", "", "chain-letter", 1, 0, "file" },
	{ "the lead's own mail is for the head", "dsl= dsl@hill.example > a@hill.example", "bullying/3", "", 0, "h", "harm", "head", "bullying", 3, 0, "file" },
	{ "mail to the lead too", PUPIL "dsl@hill.example", "bullying/3", "", 0, "h", "harm", "head", "bullying", 3, 0, "file" },
	{ "under any of the lead's addresses", PUPIL "DSL+cpoms@hill.example", "bullying/3", "", 0, "h", "harm", "head", "bullying", 3, 0, "file" },
	{ "with the head in it, for the chair", "dsl= dsl@hill.example > head@hill.example", "bullying/3", "", 0, "h", "harm", "chair", "bullying", 3, 0, "file" },
	{ "nobody left: better told than unseen", "dsl= dsl@hill.example > head@hill.example chair@trust.example", "bullying/3", "", 0, "hh", "harm", "lead", "bullying", 3, 0, "file" },
	{ "nobody to deliver to", IN "", "bullying/3", "", 0, "", "", "", "", 0, 0, "" },
};

static char *
letters(const SgVerdict *v)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < v->lines->len; i++)
		g_string_append_c(s, "dtDarhs"[((const SgLine *)v->lines->pdata[i])->what]);
	return g_string_free(s, FALSE);
}

static char *
joined(GPtrArray *list)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(s, "%s%s", i > 0 ? "," : "", (const char *)list->pdata[i]);
	return g_string_free(s, FALSE);
}

static char *
others(const SgVerdict *v)
{
	g_autofree char *s = g_strconcat(v->tell_sender ? "tell " : "", v->file ? "file " : "",
	    v->disclosure ? "disclosure " : "", v->privileged ? "privileged " : "", NULL);

	return g_strdup(g_strchomp(s));
}

static void
one_case(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(SgPolicy) p = school_policy(policy_text, NULL, NULL, NULL);
	g_autoptr(SgMessage) m = school_message(g_str_has_suffix(c->mail, "> ") ? "mum@x.example >" : c->mail);
	g_autoptr(SgReading) r = school_reading(c->findings, c->parts, c->flags);
	g_autoptr(SgVerdict) v = sg_decide(p, m, r, 1000);
	g_autofree char *lines = letters(v), *notify = joined(v->notify), *rest = others(v);

	g_assert_cmpstr(lines, ==, c->lines);
	g_assert_cmpstr(v->rows, ==, c->rows);
	g_assert_cmpstr(notify, ==, c->notify);
	g_assert_cmpstr(v->category, ==, c->category);
	g_assert_cmpuint(v->severity, ==, c->severity);
	g_assert_cmpuint(v->reply_code, ==, c->reply);
	g_assert_cmpstr(rest, ==, c->others);
	g_assert_true(v->reply_code == 0 || g_str_is_ascii(v->reply_text));
}

static SgVerdict *
verdict(const char *mail, const char *findings, const char *parts)
{
	g_autoptr(SgPolicy) p = school_policy(policy_text, NULL, NULL, NULL);
	g_autoptr(SgMessage) m = school_message(mail);
	g_autoptr(SgReading) r = school_reading(findings, parts, 0);

	return sg_decide(p, m, r, 1000);
}

static void
shadow_is_named(void)
{
	g_autoptr(SgVerdict) v = verdict(PUPIL "a@hill.example", "gambling/3", "");

	g_assert_cmpstr(v->shadow, ==, "trial");
	g_assert_cmpuint(v->notify->len, ==, 0);
}

static void
rows_are_told_apart_by_line(void)
{
	g_autoptr(SgVerdict) v = verdict(STAFF "a@hill.example x@y.example", "personal-data/4", "");

	g_assert_cmpstr(((const SgLine *)v->lines->pdata[0])->rows, ==, "");
	g_assert_cmpstr(((const SgLine *)v->lines->pdata[1])->rows, ==, "leak");
	g_assert_cmpstr(((const SgLine *)v->lines->pdata[1])->klass, ==, "outside");
	g_assert_cmpint(v->route, ==, SG_ROUTE_OUT);
	g_assert_cmpstr(v->sender_class, ==, "staff");
}

static void
parts_and_bcc_are_named(void)
{
	g_autoptr(SgVerdict) cut = verdict(IN "ben@pupils.hill.example", "", "2/macro 3/archive 3.1/macro");
	g_autoptr(SgVerdict) many = verdict(STAFF "a@y.example b@y.example c@y.example", "", "");
	g_autoptr(SgVerdict) two = verdict(IN "a@hill.example ben@pupils.hill.example", "", "2/macro 3///disc.iso");
	g_autoptr(SgVerdict) held = verdict(IN "ben@pupils.hill.example a@hill.example", "commerce/2/2/body/1", "2/macro 3///disc.iso");
	g_autofree char *parts = joined(cut->detach), *bcc = joined(many->bcc);
	g_autofree char *one = joined(two->detach), *his = joined(held->detach);

	g_assert_cmpstr(parts, ==, "2,3.1");
	g_assert_cmpstr(one, ==, "3");
	g_assert_cmpstr(his, ==, "3");		/* who is held loses nothing, and takes nothing from others */
	g_assert_cmpstr(bcc, ==, "archive@hill.example");
}

static void
replies_fit_the_case(void)
{
	g_autoptr(SgVerdict) in = verdict(IN "a@hill.example", "", "2/executable");
	g_autoptr(SgVerdict) own = verdict(STAFF "a@hill.example", "", "2/executable");
	g_autoptr(SgVerdict) bad = verdict(IN "a@hill.example", "malware/5", "");
	g_autoptr(SgVerdict) file = verdict(STAFF "x@y.example", "personal-data/1/1/attachment/2/40", "");

	g_assert_true(g_str_has_prefix(in->reply_text, "Hillview Academy: message not accepted"));
	g_assert_true(g_str_has_prefix(own->reply_text, "Not sent: our mail rules"));
	g_assert_nonnull(strstr(bad->reply_text, "refused as harmful"));
	g_assert_nonnull(strstr(file->reply_text, "please encrypt"));
	g_assert_nonnull(strstr(file->reply_text, "{ref}"));
}

/* A thousand recipients and a thousand findings are decided in no time. */
static void
grows_in_line_with_size(void)
{
	g_autoptr(SgPolicy) p = school_policy(policy_text, NULL, NULL, NULL);
	g_autoptr(SgMessage) m = school_message(STAFF "a@hill.example");
	g_autoptr(GString) many = g_string_new(NULL);
	g_autoptr(SgReading) r = NULL;
	g_autoptr(SgVerdict) v = NULL;
	gint64 start;

	for (guint i = 0; i < 1000; i++) {
		g_ptr_array_add(m->recipients, g_strdup_printf("p%u@%s", i, i % 2 ? "y.example" : "hill.example"));
		g_string_append(many, "personal-data/4 ");
	}
	r = school_reading(g_strchomp(many->str), "", 0);
	start = g_get_monotonic_time();
	v = sg_decide(p, m, r, 1000);
	g_assert_cmpuint(sg_verdict_count(v, SG_DO_HOLD), ==, 500);
	g_assert_cmpint(g_get_monotonic_time() - start, <, G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/decide/%s", cases[i].says);

		g_test_add_data_func(path, &cases[i], one_case);
	}
	g_test_add_func("/decide/shadow rows are named and nothing more", shadow_is_named);
	g_test_add_func("/decide/each line has its own rows", rows_are_told_apart_by_line);
	g_test_add_func("/decide/parts to take out and addresses to add", parts_and_bcc_are_named);
	g_test_add_func("/decide/replies fit the case", replies_fit_the_case);
	g_test_add_func("/decide/cost", grows_in_line_with_size);
	return g_test_run();
}
