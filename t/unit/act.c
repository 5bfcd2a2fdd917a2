/* fails-if: a plan loses a copy, tells somebody too much, or refuses what only some may not have */
#include <glib.h>

#include "act/act.h"
#include "school.h"

#define REF "7F3K9QXD"

typedef struct {
	SgPolicy  *p;
	SgMessage *m;
	SgReading *r;
	SgVerdict *v;
	SgEffects *e;
} Plan;

/* A verdict made by hand: one letter a recipient, as in decide.c's table. */
static Plan
plan(const char *mail, const char *actions, void (*change)(SgVerdict *))
{
	Plan x = { 0 };

	x.p = school_policy(SCHOOL_CLASSES SCHOOL_CONTACTS "policy = ( { id = \"a\"; category = [ \"hate\" ]; do = \"hold\"; } );\n", NULL, NULL, NULL);
	x.m = school_message(mail);
	x.r = school_reading("profanity/2 bullying/4/2/attachment/2/3", "", 0);
	x.v = sg_verdict_new();
	x.v->route = SG_ROUTE_INSIDE;
	x.v->sender_class = g_strdup("staff");
	x.v->category = g_strdup("bullying");
	x.v->area = g_strdup("conduct");
	x.v->severity = 4;
	x.v->rows = g_strdup("harm");
	x.v->shadow = g_strdup("");
	for (guint i = 0; actions[i] != '\0'; i++) {
		SgLine *line = sg_verdict_add(x.v, x.m->recipients->pdata[i], "staff");

		line->what = (SgDo)(strchr("dtDarhs", actions[i]) - "dtDarhs");
		x.v->strongest = MAX(x.v->strongest, line->what);
	}
	x.v->file = x.v->strongest >= SG_DO_DETACH;
	if (change != NULL)
		change(x.v);
	x.e = sg_act_plan(x.v, x.p, x.m, x.r, REF, 5000);
	return x;
}

static void
plan_clear(Plan *x)
{
	sg_effects_free(x->e);
	sg_verdict_free(x->v);
	sg_reading_free(x->r);
	sg_message_free(x->m);
	sg_policy_unref(x->p);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, plan_clear)

/* "+Schoolgate-Status: deliver; ..." "-a@hill.example" ">archive@..." "x2,3.1", by "|" */
static char *
edits(const SgEffects *e)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < e->edits->len; i++) {
		const SgEdit *x = e->edits->pdata[i];

		g_string_append(s, i > 0 ? "|" : "");
		if (x->kind == SG_EDIT_ADD_HEADER)
			g_string_append_printf(s, "+%s: %s", x->name, x->value);
		else
			g_string_append_printf(s, "%c%s", "+>-x"[x->kind], x->value);
	}
	return g_string_free(s, FALSE);
}

static char *
mails(const SgEffects *e)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < e->outbox->len; i++) {
		const SgOutboxNew *o = e->outbox->pdata[i];

		g_string_append_printf(s, "%s%s:%s:%s%s", i > 0 ? " " : "", o->kind, o->template, o->role, o->address);
	}
	return g_string_free(s, FALSE);
}

static void
notify_lead(SgVerdict *v)
{
	g_ptr_array_add(v->notify, g_strdup("lead"));
	g_ptr_array_add(v->notify, g_strdup("dpo"));
	g_ptr_array_add(v->bcc, g_strdup("archive@hill.example"));
	v->tell_sender = TRUE;
	v->file = TRUE;
}

static void
reply_and_notify(SgVerdict *v)
{
	notify_lead(v);
	v->reply_code = 550;
}

static void
detach_parts(SgVerdict *v)
{
	g_ptr_array_add(v->detach, g_strdup("2"));
	g_ptr_array_add(v->detach, g_strdup("3.1"));
}

static void
reply(SgVerdict *v)
{
	v->reply_code = 550;
	v->reply_status = g_strdup("5.7.1");
	v->reply_text = g_strdup("Not sent. ref {ref}");
}

static void
broken(SgVerdict *v)
{
	v->reply_code = 451;
	v->reply_status = g_strdup("4.7.1");
	v->reply_text = g_strdup("later, 100%. ref {ref}");
}

static void
urgent_data(SgVerdict *v)
{
	notify_lead(v);
	v->severity = 5;
	g_free(v->category);
	v->category = g_strdup("personal-data");
}

static void
weak_lock(SgVerdict *v)
{
	notify_lead(v);
	g_free(v->category);
	v->category = g_strdup("protection");
}

static void
disclosure(SgVerdict *v)
{
	notify_lead(v);
	v->tell_sender = FALSE;
	v->disclosure = TRUE;
	g_ptr_array_set_size(v->bcc, 0);
	g_free(v->category);
	v->category = g_strdup("disclosure");
}

static void
forget_to_file(SgVerdict *v)
{
	v->file = FALSE;
}

static const char inside[] = "= hale@hill.example > a@hill.example b@hill.example";
static const char mixed[] = "= hale@hill.example > a@hill.example x@y.example";

static const struct {
	const char *says, *mail, *actions;
	void	  (*change)(SgVerdict *);
	const char *edits;
	SgEnd	    end;
	const char *copies;	/* states of the incident's copies; NULL: no incident */
	gboolean    content;
	const char *mails;
} cases[] = {
	{ "clean inside", inside, "dd", NULL, "+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1", SG_END_ACCEPT, NULL, FALSE, "" },
	{ "tagged", inside, "td", NULL, "+Schoolgate-Status: tag; ref=7F3K-9QXD; v=1", SG_END_ACCEPT, NULL, FALSE, "" },
	{ "leaving says nothing", mixed, "td", NULL, "+Schoolgate-Status: checked; ref=7F3K-9QXD", SG_END_ACCEPT, NULL, FALSE, "" },
	{ "only the held one goes", mixed, "dh", NULL, "-x@y.example|+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1", SG_END_ACCEPT,
	    "passed waiting", TRUE, "" },
	{ "nobody left", inside, "hh", notify_lead, "", SG_END_DISCARD, "waiting waiting", TRUE,
	    "alert:alert:lead alert:alert:dpo notice:held-general:hale@hill.example" },
	{ "an alert that cannot wait, a notice of data", inside, "hd", urgent_data,
	    "-a@hill.example|>archive@hill.example|+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1", SG_END_ACCEPT, "waiting passed", TRUE,
	    "alert:alert-urgent:lead alert:alert-urgent:dpo notice:held-personal-data:hale@hill.example" },
	{ "a weak lock has its own notice", inside, "hh", weak_lock, "", SG_END_DISCARD, "waiting waiting", TRUE,
	    "alert:alert:lead alert:alert:dpo notice:held-weak-lock:hale@hill.example" },
	{ "told only when held", inside, "dd", notify_lead, ">archive@hill.example|+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1",
	    SG_END_ACCEPT, "passed passed", TRUE, "alert:alert:lead alert:alert:dpo" },
	{ "a call for help", inside, "dd", disclosure, "+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1", SG_END_ACCEPT, "passed passed", TRUE,
	    "alert:alert-urgent:lead alert:alert-urgent:dpo" },
	{ "all refused", inside, "rr", reply, "", SG_END_REPLY, "rejected rejected", FALSE, "" },
	{ "refused, and a role is told", inside, "rr", reply_and_notify, "", SG_END_REPLY, "rejected rejected", FALSE,
	    "alert:alert:lead alert:alert:dpo" },
	{ "some refused are held", inside, "rd", NULL, "-a@hill.example|+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1", SG_END_ACCEPT,
	    "waiting passed", TRUE, "" },
	{ "refused and held: all are held", inside, "rh", NULL, "", SG_END_DISCARD, "waiting waiting", TRUE, "" },
	{ "approval waits", inside, "ad", NULL, "-a@hill.example|+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1", SG_END_ACCEPT,
	    "waiting passed", TRUE, "" },
	{ "sealed", inside, "ss", NULL, "", SG_END_DISCARD, "waiting waiting", TRUE, "" },
	{ "taken out for all", inside, "DD", detach_parts, "x2,3.1|+Schoolgate-Status: detach; ref=7F3K-9QXD; v=1", SG_END_ACCEPT,
	    "passed passed", TRUE, "" },
	{ "taken out for some is held", inside, "Dd", detach_parts, "-a@hill.example|+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1",
	    SG_END_ACCEPT, "waiting passed", TRUE, "" },
	{ "taken out, and held for another", inside, "Dh", detach_parts, "x2,3.1|-b@hill.example|+Schoolgate-Status: detach; ref=7F3K-9QXD; v=1",
	    SG_END_ACCEPT, "passed waiting", TRUE, "" },
	{ "broken: nothing but the answer", inside, "dd", broken, "", SG_END_REPLY, NULL, FALSE, "" },
	{ "held is always on file", inside, "hd", forget_to_file, "-a@hill.example|+Schoolgate-Status: deliver; ref=7F3K-9QXD; v=1",
	    SG_END_ACCEPT, "waiting passed", TRUE, "" },
};

static void
each_plan(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Plan) x = plan(cases[i].mail, cases[i].actions, cases[i].change);
		g_autofree char *what = edits(x.e), *out = mails(x.e);
		g_autoptr(GString) copies = g_string_new(NULL);

		g_test_message("%s", cases[i].says);
		g_assert_cmpstr(what, ==, cases[i].edits);
		g_assert_cmpint(x.e->end, ==, cases[i].end);
		g_assert_cmpint(x.e->content, ==, cases[i].content);
		g_assert_cmpstr(out, ==, cases[i].mails);
		g_assert_cmpint(x.e->incident != NULL, ==, cases[i].copies != NULL);
		for (guint k = 0; x.e->incident != NULL && k < x.m->recipients->len; k++)
			for (guint c = 0; c < x.e->incident->copies->len; c++) {
				const SgCopy *copy = x.e->incident->copies->pdata[c];

				if (strcmp(copy->address, x.m->recipients->pdata[k]) == 0)
					g_string_append_printf(copies, "%s%s", copies->len > 0 ? " " : "", sg_copy_state_name(copy->state));
			}
		if (cases[i].copies != NULL)
			g_assert_cmpstr(copies->str, ==, cases[i].copies);
	}
}

static void
replies_have_the_reference(void)
{
	g_auto(Plan) x = plan(inside, "rr", reply), y = plan(inside, "dd", broken);

	g_assert_cmpuint(x.e->code, ==, 550);
	g_assert_cmpstr(x.e->status, ==, "5.7.1");
	g_assert_cmpstr(x.e->text, ==, "Not sent. ref 7F3K-9QXD");
	g_assert_cmpuint(y.e->code, ==, 451);
	g_assert_cmpstr(y.e->text, ==, "later, 100%. ref 7F3K-9QXD");
}

static void
facts_are_filed_without_content(void)
{
	g_auto(Plan) x = plan(inside, "hd", NULL);
	const SgIncident *i = x.e->incident;
	const SgHit *first = i->hits->pdata[0];

	g_assert_cmpstr(i->ref, ==, REF);
	g_assert_cmpint(i->created, ==, 5000);
	g_assert_cmpint(i->look_by, ==, 10 * 3600);	/* two hours of school after a night */
	g_assert_cmpstr(i->urgency, ==, "high");
	g_assert_cmpstr(i->route, ==, "inside");
	g_assert_cmpstr(i->rows, ==, "harm");
	g_assert_cmpstr(i->origin.sender, ==, "hale@hill.example");
	g_assert_cmpstr(i->origin.dedupe, ==, x.m->dedupe);
	g_assert_cmpstr(i->origin.queue_id, ==, "");
	g_assert_cmpstr(i->failure, ==, "");
	g_assert_true(i->origin.authenticated);
	g_assert_false(i->sealed);
	g_assert_cmpuint(i->hits->len, ==, 2);
	g_assert_cmpstr(first->category, ==, "bullying");	/* worst first */
	g_assert_cmpstr(first->part, ==, "2");
	g_assert_cmpuint(first->count, ==, 3);
	for (guint k = 0; k < i->hits->len; k++)
		g_assert_null(strstr(((const SgHit *)i->hits->pdata[k])->title, "SECRETWORD"));
}

static void
sealed_says_so(void)
{
	g_auto(Plan) x = plan(inside, "ss", notify_lead);
	g_autofree char *out = mails(x.e);

	g_assert_true(x.e->incident->sealed);
	g_assert_null(strstr(out, "notice"));	/* nobody is warned */
	g_assert_cmpstr(((const SgCopy *)x.e->incident->copies->pdata[0])->action, ==, "seal");
}

static void
the_note_names_help_and_number(void)
{
	g_auto(Plan) x = plan(inside, "DD", detach_parts);
	const SgEdit *e = x.e->edits->pdata[0];

	g_assert_cmpstr(e->name, ==, "[Hillview Academy: 2 attachments were kept back. Questions: office@hill.example, number 7F3K-9QXD]");
}

static void
without_detach_it_is_held(void)
{
	g_auto(Plan) x = plan(inside, "DD", detach_parts);
	SgEffects *e;

	sg_act_without_detach(x.v);
	e = sg_act_plan(x.v, x.p, x.m, x.r, REF, 5000);
	g_assert_cmpint(e->end, ==, SG_END_DISCARD);
	g_assert_cmpuint(sg_incident_count(e->incident, SG_COPY_WAITING), ==, 2);
	sg_effects_free(e);
}

static void
a_failure_is_filed_without_a_reading(void)
{
	g_auto(Plan) x = plan(inside, "dd", NULL);
	g_autoptr(SgVerdict) v = sg_decide_failure(x.p, x.m, SG_FAIL_CONTENT, 3);
	g_autoptr(SgEffects) e = sg_act_plan(v, x.p, x.m, NULL, REF, 5000);

	g_assert_cmpint(e->end, ==, SG_END_DISCARD);
	g_assert_cmpstr(e->incident->failure, ==, "could not be scanned");
	g_assert_cmpuint(e->incident->hits->len, ==, 0);
	g_assert_true(e->content);
}

static void
hits_are_bounded(void)
{
	g_auto(Plan) x = plan(inside, "hd", NULL);
	g_autoptr(GString) many = g_string_new("threat/5");
	g_autoptr(SgReading) r = NULL;
	g_autoptr(SgEffects) e = NULL;

	for (guint i = 0; i < 1000; i++)
		g_string_prepend(many, "profanity/1 ");
	r = school_reading(many->str, "", 0);
	e = sg_act_plan(x.v, x.p, x.m, r, REF, 5000);
	g_assert_cmpuint(e->incident->hits->len, ==, 200);
	g_assert_cmpstr(((const SgHit *)e->incident->hits->pdata[0])->category, ==, "threat");
}

/* "split" hands the others their copies whole: not when that would undo what else was decided. */
static void
split_undoes_nothing(void)
{
	static const struct {
		const char *actions;
		void	  (*change)(SgVerdict *);
		guint	    apart;
	} some[] = {
		{ "ddd", NULL, 1 }, { "ddh", NULL, 1 }, { "dhd", NULL, 1 }, { "hdd", NULL, 0 },
		{ "DDD", detach_parts, 0 }, { "tdd", NULL, 0 }, { "dds", NULL, 0 }, { "ddd", NULL, 0 },	/* without a Message-ID */
	};
	g_autoptr(SgPolicy) p = school_policy(SCHOOL_CLASSES SCHOOL_CONTACTS
	    "policy = ( { id = \"a\"; category = [ \"hate\" ]; do = \"hold\"; } );\n"
	    "disclaimers = ( { id = \"d\"; text = \"hello.md\"; from = [ \"staff\" ]; to = [ \"outside\" ]; mode = \"split\"; } );\n",
	    NULL, NULL, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(some); i++) {
		g_auto(Plan) x = plan("= hale@hill.example > a@hill.example x@y.example z@y.example", some[i].actions, some[i].change);
		g_autoptr(SgEffects) e = NULL;

		x.m->message_id = i < G_N_ELEMENTS(some) - 1 ? g_strdup("1@hill.example") : NULL;
		e = sg_act_plan(x.v, p, x.m, x.r, REF, 5000);

		g_test_message("%s", some[i].actions);
		g_assert_cmpuint(e->incident != NULL ? sg_incident_count(e->incident, SG_COPY_RELEASING) : 0, ==, some[i].apart);
		g_assert_cmpuint(e->disclaimers->apart->len, ==, some[i].apart);
	}
}

int
main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/act/each plan", each_plan);
	g_test_add_func("/act/replies have the reference", replies_have_the_reference);
	g_test_add_func("/act/facts are filed without content", facts_are_filed_without_content);
	g_test_add_func("/act/sealed says so, and warns nobody", sealed_says_so);
	g_test_add_func("/act/the note names help and number", the_note_names_help_and_number);
	g_test_add_func("/act/what cannot be taken out is held", without_detach_it_is_held);
	g_test_add_func("/act/a failure is filed without a reading", a_failure_is_filed_without_a_reading);
	g_test_add_func("/act/hits are bounded", hits_are_bounded);
	g_test_add_func("/act/split-undoes-nothing", split_undoes_nothing);
	return g_test_run();
}
