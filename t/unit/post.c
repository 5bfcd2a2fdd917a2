/* fails-if: a mail about no message is lost or doubled, a step of the ladder is climbed twice or
 * after somebody looked, or a code confirms another address or still after its time */
#include <string.h>

#include "../lib/store_fixture.h"
#include "base/err.h"
#include "store/post.h"

static SgMailJob *
job(const char *kind, const char *template, const char *role, const char *address)
{
	SgMailJob *j = g_new0(SgMailJob, 1);

	j->kind = g_strdup(kind);
	j->template = g_strdup(template);
	j->role = g_strdup(role);
	j->address = g_strdup(address);
	return j;
}

static GPtrArray *
jobs_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)sg_mail_job_free);
}

static GPtrArray *
claim(SgStore *s, gint64 now)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *jobs = sg_store_outbox_claim(s, "c", now, 300, 100, &error);

	g_assert_no_error(error);
	return jobs;
}

static void
about_no_message(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GPtrArray) mails = jobs_new(), got = NULL, log = NULL, none = NULL;
	g_autoptr(GError) error = NULL;
	SgMailJob *j = job("account", "account-role", "", "ann@hillview.example");
	gint64 mark = -1;

	place_make(&p);
	s = place_open(&p);
	j->about = g_strdup("account=okafor\nnew_role=deputy");
	g_ptr_array_add(mails, j);
	for (guint again = 0; again < 3; again++)
		g_assert_true(sg_store_post(s, "digest", 500, mails, NOW, &error));
	g_assert_true(sg_store_post(s, "digest", 499, mails, NOW, &error));
	g_assert_true(sg_store_mark(s, "digest", &mark, &error));
	g_assert_cmpint(mark, ==, 500);
	got = claim(s, NOW);
	g_assert_cmpuint(got->len, ==, 1);
	j = g_ptr_array_index(got, 0);
	g_assert_cmpstr(j->ref, ==, "");
	g_assert_cmpstr(j->about, ==, "account=okafor\nnew_role=deputy");
	g_assert_true(sg_store_outbox_done(s, j->id, SG_SENT, "250 ok", NOW + 1, 0, &error));
	log = sg_store_audit_list(s, NULL, 0, 1, &error);
	g_assert_cmpstr(((SgAuditEntry *)g_ptr_array_index(log, 0))->action, ==, "account");
	none = claim(s, NOW + 10);
	g_assert_cmpuint(none->len, ==, 0);
	g_assert_true(sg_store_post(s, NULL, 0, mails, NOW, &error));
	g_assert_true(sg_store_post(s, NULL, 0, mails, NOW, &error));
	g_ptr_array_unref(g_steal_pointer(&none));
	none = claim(s, NOW + 10);
	g_assert_cmpuint(none->len, ==, 2);
}

static void
splits(void)
{
	static const char *const who[] = { "a@hillview.example", "b@hillview.example" };
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GPtrArray) got = NULL, both = NULL, people = g_ptr_array_new();
	g_autoptr(SgMailJob) j = job("alert", "alert", "lead", "");
	g_autoptr(GError) error = NULL;
	gint64 id;

	place_make(&p);
	s = place_open(&p);
	file_one(s, "7F3K9QXD", "a@x.example");
	g_assert_true(sg_store_outbox_add(s, "7F3K9QXD", j, NOW, &error));
	got = claim(s, NOW);
	id = ((SgMailJob *)g_ptr_array_index(got, 0))->id;
	for (guint i = 0; i < G_N_ELEMENTS(who); i++)
		g_ptr_array_add(people, (gpointer)(gintptr)who[i]);
	for (guint again = 0; again < 2; again++)
		g_assert_true(sg_store_outbox_split(s, id, people, FALSE, NOW, &error));
	both = claim(s, NOW);
	g_assert_cmpuint(both->len, ==, 2);
	for (guint i = 0; i < both->len; i++) {
		const SgMailJob *one = g_ptr_array_index(both, i);

		g_assert_cmpstr(one->address, ==, who[i]);
		g_assert_cmpstr(one->role, ==, "lead");
		g_assert_cmpstr(one->ref, ==, "7F3K9QXD");
		g_assert_cmpint(one->made, ==, NOW);
		/* one that has its person already is never taken for a role's */
		g_assert_true(sg_store_outbox_split(s, one->id, people, FALSE, NOW, &error));
	}
	g_ptr_array_unref(g_steal_pointer(&both));
	both = claim(s, NOW);
	g_assert_cmpuint(both->len, ==, 2);

	/* a has had it, b is about to: a first alert goes to neither again */
	g_assert_true(sg_store_outbox_done(s, ((SgMailJob *)both->pdata[0])->id, SG_SENT, "250", NOW, 0, &error));
	for (guint first = 0; first < 2; first++) {
		g_assert_true(sg_store_outbox_add(s, "7F3K9QXD", j, NOW, &error));
		g_ptr_array_unref(g_steal_pointer(&got));
		got = claim(s, NOW);
		for (guint i = 0; i < got->len; i++)
			if (*((SgMailJob *)got->pdata[i])->address == '\0')
				id = ((SgMailJob *)got->pdata[i])->id;
		g_assert_true(sg_store_outbox_split(s, id, people, first == 0, NOW, &error));
		g_ptr_array_unref(g_steal_pointer(&got));
		got = claim(s, NOW);
		g_assert_cmpuint(got->len, ==, first == 0 ? 1 : 3);
	}
}

static void
file_urgent(SgStore *s, const char *ref, guint severity)
{
	g_autoptr(SgIncident) i = incident_make(ref, ref, "a@x.example"), known = NULL;
	g_autoptr(GError) error = NULL;

	i->severity = severity;
	g_free(i->urgency);
	i->urgency = g_strdup(sg_urgency_for(severity, ""));
	i->look_by = NOW + 900;
	g_assert_true(sg_store_file(s, i, NULL, NULL, NULL, &known, &error));
	g_assert_no_error(error);
}

static guint
due(SgStore *s, gint64 now)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rungs = sg_store_ladder_due(s, now, 100, &error);

	g_assert_no_error(error);
	return rungs->len;
}

static void
ladder(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GPtrArray) rungs = NULL, got = NULL, later = NULL;
	g_autoptr(GError) error = NULL;
	SgCall *r;

	place_make(&p);
	s = place_open(&p);
	file_urgent(s, "AAAAAAAA", 5);
	file_urgent(s, "BBBBBBBB", 4);
	file_urgent(s, "CCCCCCCC", 3);
	rungs = sg_store_ladder_due(s, NOW, 100, &error);
	g_assert_cmpuint(rungs->len, ==, 2);
	for (guint i = 0; i < rungs->len; i++) {
		r = g_ptr_array_index(rungs, i);
		g_assert_cmpstr(r->ref, ==, i == 0 ? "AAAAAAAA" : "BBBBBBBB");
		g_assert_cmpuint(r->step, ==, 0);
		r->mails = jobs_new();
		g_ptr_array_add(r->mails, job("alert", "alert", "deputy", ""));
		r->next = NOW + 1800;
	}
	/* the same step again, as after a crash before the answer came: once */
	for (guint again = 0; again < 3; again++)
		g_assert_true(sg_store_ladder_climb(s, rungs, NOW, &error));
	got = claim(s, NOW);
	g_assert_cmpuint(got->len, ==, 2);
	g_assert_cmpuint(due(s, NOW + 1799), ==, 0);
	g_assert_cmpuint(due(s, NOW + 1800), ==, 2);
	/* somebody looks at one, another is decided */
	g_assert_true(sg_store_audit(s, "okafor", "looked", "AAAAAAAA", "", NOW + 60, &error));
	g_assert_cmpuint(due(s, NOW + 1800), ==, 1);
	g_assert_true(decide_one(s, "BBBBBBBB", "withhold", &error));
	g_assert_cmpuint(due(s, NOW + 1800), ==, 0);
	/* what is decided meanwhile is not climbed any more */
	later = sg_store_ladder_due(s, NOW, 100, &error);
	g_assert_cmpuint(later->len, ==, 0);
	r = g_ptr_array_index(rungs, 1);
	r->step = 1;
	g_assert_true(sg_store_ladder_climb(s, rungs, NOW + 1800, &error));
	g_ptr_array_unref(g_steal_pointer(&got));
	got = claim(s, NOW + 1800);
	g_assert_cmpuint(got->len, ==, 2);
}

static void
tallies(void)
{
	static const char *const ann[] = { "A@x.example", NULL };
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GError) error = NULL;
	SgTallies t;

	place_make(&p);
	s = place_open(&p);
	file_urgent(s, "AAAAAAAA", 5);
	file_urgent(s, "BBBBBBBB", 4);
	g_assert_true(decide_one(s, "BBBBBBBB", "withhold", &error));
	g_assert_true(sg_store_tallies(s, 0, NOW + 86400, NULL, &t, &error));
	g_assert_cmpuint(t.held, ==, 2);
	g_assert_cmpuint(t.kept, ==, 1);
	g_assert_cmpuint(t.released, ==, 0);
	g_assert_true(sg_store_tallies(s, 0, NOW + 86400, ann, &t, &error));
	g_assert_cmpuint(t.held + t.kept, ==, 0);
	g_assert_true(sg_store_tallies(s, 0, 5, NULL, &t, &error));
	g_assert_cmpuint(t.held, ==, 0);
}

static void
refuse(SgStore *s, const char *code, gint64 now)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(sg_store_contact_confirm(s, code, "x", now, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
}

static void
contacts(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *who = NULL, *typed = NULL, *again = NULL;
	char code[SG_CODE_LEN + 1], other[SG_CODE_LEN + 1];
	SgContactState c;

	place_make(&p);
	s = place_open(&p);
	sg_contact_code(code);
	sg_contact_code(other);
	g_assert_cmpstr(code, !=, other);
	g_assert_true(sg_store_contact_ask(s, "DSL@hillview.example", code, NOW, &error));
	g_assert_true(sg_store_contact(s, "dsl@hillview.example", &c, &error));
	g_assert_cmpint(c.asked, ==, NOW);
	g_assert_cmpint(c.confirmed, ==, 0);
	refuse(s, other, NOW + 5);
	refuse(s, "", NOW);
	refuse(s, "7F3K-9QXD", NOW);
	refuse(s, "' OR 1=1 --", NOW);
	refuse(s, code, NOW + SG_CONTACT_DAYS * 86400 + 1);
	g_assert_false(place_holds(&p, code));
	typed = g_strdup_printf(" %.4s-%.4s %.8s", code, code + 4, code + 8);
	again = g_ascii_strdown(typed, -1);
	who = sg_store_contact_confirm(s, again, "x", NOW + 10, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(who, ==, "dsl@hillview.example");
	g_assert_true(sg_store_contact(s, "dsl@hillview.example", &c, &error));
	g_assert_cmpint(c.confirmed, ==, NOW + 10);
	/* a newer code takes the place of the older one */
	g_assert_true(sg_store_contact_ask(s, "it@hillview.example", code, NOW, &error));
	g_assert_true(sg_store_contact_ask(s, "it@hillview.example", other, NOW, &error));
	g_free(who);
	who = sg_store_contact_confirm(s, other, "x", NOW, &error);
	g_assert_cmpstr(who, ==, "it@hillview.example");
	g_assert_true(sg_store_contact_forget(s, "dsl@hillview.example", "x", NOW, &error));
	g_assert_true(sg_store_contact(s, "dsl@hillview.example", &c, &error));
	g_assert_cmpint(c.confirmed + c.asked, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/post/about-no-message", about_no_message);
	g_test_add_func("/post/splits", splits);
	g_test_add_func("/post/ladder", ladder);
	g_test_add_func("/post/tallies", tallies);
	g_test_add_func("/post/contacts", contacts);
	return g_test_run();
}
