/* fails-if: a function of store.h does not do what the header says, on any engine */
#include <string.h>

#include "base/err.h"
#include "store/memory.h"
#include "../lib/store_fixture.h"

#define DAY ((gint64)86400)

/* One suite for every engine: a new one is a line here. */
static const struct {
	const char *name;
	const char *url;	/* %s: the directory of the test */
} engines[] = {
	{ "sqlite", "sqlite:%s" },
	{ "failing-never", "failing:0:sqlite:%s" },
};

typedef struct Fixture {
	Place	 place;
	SgStore *s;
} Fixture;

static void
set_up(Fixture *f, gconstpointer engine)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) cut = g_strsplit(engines[GPOINTER_TO_SIZE(engine)].url, "%s", 2);
	g_autofree char *url = NULL;

	place_make(&f->place);
	url = g_strconcat(cut[0], f->place.store, NULL);
	f->s = place_try(&f->place, url, NULL, &error);
	g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer engine G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;

	/* whatever a test did, the audit holds */
	g_assert_true(sg_store_audit_verify(f->s, NULL, &error));
	g_assert_no_error(error);
	sg_store_close(f->s);
	place_clear(&f->place);
}

static void
files_and_gives_back(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) in = incident_make("7F3K9QXD", "d1", "a@x.example b@x.example");
	g_autoptr(SgIncident) known = NULL;
	g_autoptr(SgIncident) out = NULL;
	g_autoptr(SgReading) r = reading_make("zebra");
	g_autoptr(SgReading) r2 = NULL;
	g_autoptr(GBytes) m = g_bytes_new_static("Subject: hello\r\n\r\nbody\r\n", 24);
	g_autoptr(GBytes) m2 = NULL;
	const SgCopy *c;
	const SgHit *h;

	in->failure = (g_free(in->failure), g_strdup("caf\351"));	/* not UTF-8: mended, not refused */
	g_assert_true(sg_store_file(f->s, in, m, r, NULL, &known, &error));
	g_assert_no_error(error);
	g_assert_null(known);
	out = sg_store_get(f->s, "7F3K9QXD", &error);
	g_assert_no_error(error);
	g_assert_cmpstr(out->ref, ==, "7F3K9QXD");
	g_assert_cmpint(out->created, ==, NOW);
	g_assert_cmpstr(out->origin.sender, ==, "Pupil@hillview.example");
	g_assert_cmpstr(out->origin.mail_args, ==, "BODY=8BITMIME");
	g_assert_true(out->origin.authenticated);
	g_assert_true(out->origin.own_id);
	g_assert_cmpuint(out->origin.size, ==, 12345);
	g_assert_cmpstr(out->rows, ==, "harm");
	g_assert_cmpstr(out->failure, ==, "caf\357\277\275");
	g_assert_cmpuint(out->version, ==, 1);
	g_assert_cmpuint(out->copies->len, ==, 2);
	c = g_ptr_array_index(out->copies, 1);
	g_assert_cmpstr(c->address, ==, "b@x.example");
	g_assert_cmpstr(c->klass, ==, "outside");
	g_assert_cmpint(c->state, ==, SG_COPY_WAITING);
	g_assert_cmpuint(out->hits->len, ==, 1);
	h = g_ptr_array_index(out->hits, 0);
	g_assert_cmpstr(h->rule, ==, "bully.insult");
	g_assert_cmpuint(h->count, ==, 4);
	m2 = sg_store_message(f->s, "7F3K9QXD", &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(m, m2));
	r2 = sg_store_reading(f->s, "7F3K9QXD", &error);
	g_assert_no_error(error);
	g_assert_cmpstr(((SgText *)g_ptr_array_index(r2->texts, 0))->text, ==, "the text zebra-text");
	g_assert_false(place_holds(&f->place, "zebra"));
	g_assert_false(place_holds(&f->place, "Subject: hello"));
}

static void
refuses_what_is_not_there(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const char *const refs[] = { "7F3K9QXD", "../../etc/passwd", "", "7f3k9qxd", "7F3K9QXD.." };

	for (gsize n = 0; n < G_N_ELEMENTS(refs); n++) {
		g_autoptr(GError) e1 = NULL;
		g_autoptr(GError) e2 = NULL;
		g_autoptr(GError) e3 = NULL;

		g_assert_null(sg_store_get(f->s, refs[n], &e1));
		g_assert_error(e1, SG_ERR, SG_ERR_INPUT);
		g_assert_null(sg_store_message(f->s, refs[n], &e2));
		g_assert_error(e2, SG_ERR, SG_ERR_INPUT);
		g_assert_false(sg_store_undo(f->s, refs[n], "lead", NOW, &e3));
		g_assert_error(e3, SG_ERR, SG_ERR_INPUT);
	}
}

/* A try for some of the recipients is the same message; one for others too is not. */
static void
knows_a_try_for_some(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const struct { const char *to, *is; } cases[] = {
		{ "a@x.example b@x.example", NULL }, { "b@x.example", "AAAAAAA0" },
		{ "b@x.example a@x.example", "AAAAAAA0" }, { "a@x.example c@x.example", NULL },
		{ "a@x.example", "AAAAAAA3" }, { "b@x.example", "AAAAAAA0" }, { "d@x.example", NULL },
		{ "c@x.example d@x.example", NULL },
	};

	for (gsize n = 0; n < G_N_ELEMENTS(cases); n++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *ref = g_strdup_printf("AAAAAAA%zu", n);
		g_autoptr(SgIncident) i = incident_make(ref, "same", cases[n].to);
		g_autoptr(SgIncident) known = NULL;

		i->created += (gint64)n;
		g_assert_true(sg_store_file(f->s, i, NULL, NULL, NULL, &known, &error));
		g_assert_no_error(error);
		g_assert_cmpstr(known != NULL ? known->ref : NULL, ==, cases[n].is);
	}
}

static void
files_the_same_message_once(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const struct { gboolean own; gint64 after; gboolean same; } cases[] = {
		{ TRUE, 60, TRUE }, { TRUE, 6 * 86400, TRUE }, { TRUE, 8 * 86400, FALSE },
		{ FALSE, 60, TRUE }, { FALSE, 7200, FALSE }, { TRUE, -3600, TRUE },
	};
	g_autoptr(GBytes) m = g_bytes_new_static("x", 1);
	g_autoptr(GPtrArray) to = g_ptr_array_new();
	char a[] = "a@x.example";

	g_ptr_array_add(to, a);
	for (gsize n = 0; n < G_N_ELEMENTS(cases); n++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *dedupe = g_strdup_printf("d%zu", n);
		g_autofree char *ref1 = g_strdup_printf("AAAAAAA%zu", n);
		g_autofree char *ref2 = g_strdup_printf("BBBBBBB%zu", n);
		g_autoptr(SgIncident) first = incident_make(ref1, dedupe, "a@x.example");
		g_autoptr(SgIncident) again = incident_make(ref2, dedupe, "a@x.example");
		g_autoptr(SgIncident) known = NULL;
		g_autoptr(SgIncident) found = NULL;
		guint files;

		first->origin.own_id = again->origin.own_id = cases[n].own;
		again->created = first->created + cases[n].after;
		g_assert_true(sg_store_file(f->s, first, m, NULL, NULL, &known, &error));
		g_assert_null(known);
		files = place_files(&f->place);
		found = sg_store_find_same(f->s, dedupe, to, cases[n].own, again->created, &error);
		g_assert_no_error(error);
		g_assert_cmpint(found != NULL, ==, cases[n].same);
		g_assert_true(sg_store_file(f->s, again, m, NULL, NULL, &known, &error));
		g_assert_no_error(error);
		g_assert_cmpint(known != NULL, ==, cases[n].same);
		if (cases[n].same)
			g_assert_cmpstr(known->ref, ==, ref1);
		g_assert_cmpuint(place_files(&f->place), ==, files + !cases[n].same);
	}
}

static void
expect_refusal(gboolean ok, GError **error)
{
	g_assert_false(ok);
	g_assert_error(*error, SG_ERR, SG_ERR_INPUT);
	g_clear_error(error);
}

static GPtrArray *
claim(SgStore *s, const char *owner, gint64 now)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *jobs = sg_store_outbox_claim(s, owner, now, 300, 10, &error);

	g_assert_no_error(error);
	return jobs;
}

static void
releases(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) early = NULL;
	g_autoptr(GPtrArray) jobs = NULL;
	g_autoptr(GPtrArray) other = NULL;
	g_autoptr(GPtrArray) again = NULL;
	g_autoptr(SgIncident) i = NULL;
	g_autofree char *reason = NULL;
	const SgMailJob *a, *b;
	gint64 when = -1;

	file_one(f->s, "7F3K9QXD", "a@x.example B@x.example");
	g_assert_true(decide_one(f->s, "7F3K9QXD", "release_stripped", &error));
	g_assert_no_error(error);
	g_assert_cmpint(copy_state(f->s, "7F3K9QXD", 0), ==, SG_COPY_RELEASING);
	reason = sg_store_reason(f->s, "7F3K9QXD", &error);
	g_assert_cmpstr(reason, ==, "harmless");
	early = claim(f->s, "c1", NOW + 69);
	g_assert_cmpuint(early->len, ==, 0);
	jobs = claim(f->s, "c1", NOW + 70);
	g_assert_cmpuint(jobs->len, ==, 2);
	a = g_ptr_array_index(jobs, 0);
	b = g_ptr_array_index(jobs, 1);
	g_assert_cmpstr(a->kind, ==, "release");
	g_assert_cmpstr(a->template, ==, "2");
	g_assert_cmpstr(a->ref, ==, "7F3K9QXD");
	g_assert_cmpstr(a->address, ==, "a@x.example");
	g_assert_cmpstr(b->address, ==, "B@x.example");
	g_assert_cmpstr(a->nonce, ==, "");
	other = claim(f->s, "c2", NOW + 71);
	g_assert_cmpuint(other->len, ==, 0);

	g_assert_true(sg_store_outbox_sending(f->s, a->id, "nonce-a", &error));
	g_assert_cmpint(copy_state(f->s, "7F3K9QXD", 0), ==, SG_COPY_SENDING);
	g_assert_true(sg_store_outbox_done(f->s, a->id, SG_SENT, "250 2.0.0 queued as 1234", NOW + 72, 0, &error));
	expect_refusal(sg_store_outbox_done(f->s, a->id, SG_SENT, "250", NOW + 72, 0, &error), &error);
	g_assert_true(sg_store_outbox_sending(f->s, b->id, "nonce-b", &error));
	g_assert_true(sg_store_outbox_done(f->s, b->id, SG_SENT_LATER, "451 no", NOW + 72, NOW + 200, &error));
	g_assert_no_error(error);
	g_assert_cmpint(copy_state(f->s, "7F3K9QXD", 1), ==, SG_COPY_RELEASING);
	g_ptr_array_unref(other);
	other = claim(f->s, "c2", NOW + 199);
	g_assert_cmpuint(other->len, ==, 0);
	again = claim(f->s, "c2", NOW + 200);
	g_assert_cmpuint(again->len, ==, 1);
	b = g_ptr_array_index(again, 0);
	g_assert_cmpuint(b->attempts, ==, 1);
	g_assert_cmpstr(b->nonce, ==, "nonce-b");
	g_assert_true(sg_store_outbox_done(f->s, b->id, SG_SENT_UNCLEAR, "", NOW + 201, 0, &error));

	i = sg_store_get(f->s, "7F3K9QXD", &error);
	g_assert_cmpint(((SgCopy *)g_ptr_array_index(i->copies, 0))->state, ==, SG_COPY_RELEASED);
	g_assert_cmpstr(((SgCopy *)g_ptr_array_index(i->copies, 0))->answer, ==, "250 2.0.0 queued as 1234");
	g_assert_cmpint(((SgCopy *)g_ptr_array_index(i->copies, 1))->state, ==, SG_COPY_UNCLEAR);
	g_assert_cmpuint(((SgCopy *)g_ptr_array_index(i->copies, 1))->attempts, ==, 2);
	g_assert_true(sg_store_outbox_last(f->s, "release", "A@X.example", &when, &error));
	g_assert_cmpint(when, ==, NOW + 72);
	g_assert_true(sg_store_outbox_last(f->s, "release", "nobody@x.example", &when, &error));
	g_assert_cmpint(when, ==, 0);

	expect_refusal(sg_store_settle(f->s, "7F3K9QXD", "a@x.example", TRUE, "lead", NOW + 300, &error), &error);
	g_assert_true(sg_store_settle(f->s, "7F3K9QXD", "b@X.example", TRUE, "lead", NOW + 300, &error));
	g_assert_no_error(error);
	g_assert_cmpint(copy_state(f->s, "7F3K9QXD", 1), ==, SG_COPY_RELEASING);
	g_ptr_array_unref(again);
	again = claim(f->s, "c2", NOW + 300);
	g_assert_cmpuint(again->len, ==, 1);
	b = g_ptr_array_index(again, 0);
	g_assert_cmpstr(b->template, ==, "2");
	g_assert_true(sg_store_outbox_done(f->s, b->id, SG_SENT_REFUSED, "550 no such user", NOW + 301, 0, &error));
	g_assert_cmpint(copy_state(f->s, "7F3K9QXD", 1), ==, SG_COPY_REFUSED);
}

static void
gives_back_what_an_owner_left(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GPtrArray) a = NULL;
	g_autoptr(GPtrArray) b = NULL;
	g_autoptr(GPtrArray) c = NULL;
	g_autoptr(GPtrArray) d = NULL;

	file_one(f->s, "7F3K9QXD", "a@x.example");
	g_assert_true(decide_one(f->s, "7F3K9QXD", "release", NULL));
	a = claim(f->s, "c1", NOW + 100);
	b = claim(f->s, "c2", NOW + 399);
	c = claim(f->s, "c1", NOW + 399);
	d = claim(f->s, "c2", NOW + 699);
	g_assert_cmpuint(a->len, ==, 1);
	g_assert_cmpuint(b->len, ==, 0);
	g_assert_cmpuint(c->len, ==, 1);
	g_assert_cmpuint(d->len, ==, 1);
}

static void
undoes_before_the_courier_begins(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) none = NULL;
	g_autoptr(GPtrArray) one = NULL;
	g_autoptr(SgIncident) i = NULL;

	file_one(f->s, "7F3K9QXD", "a@x.example");
	expect_refusal(sg_store_undo(f->s, "7F3K9QXD", "lead", NOW, &error), &error);
	g_assert_true(decide_one(f->s, "7F3K9QXD", "release_advised", &error));
	g_assert_true(sg_store_undo(f->s, "7F3K9QXD", "lead", NOW + 11, &error));
	g_assert_no_error(error);
	i = sg_store_get(f->s, "7F3K9QXD", &error);
	g_assert_cmpstr(i->decision, ==, "");
	g_assert_cmpuint(i->version, ==, 3);
	none = claim(f->s, "c", NOW + 1000);
	g_assert_cmpuint(none->len, ==, 0);
	g_assert_true(decide_one(f->s, "7F3K9QXD", "release", &error));
	one = claim(f->s, "c", NOW + 1000);
	g_assert_cmpuint(one->len, ==, 1);
	expect_refusal(sg_store_undo(f->s, "7F3K9QXD", "lead", NOW + 1001, &error), &error);
	g_assert_cmpint(copy_state(f->s, "7F3K9QXD", 0), ==, SG_COPY_RELEASING);
}

static void
tells_the_sender(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const struct { const char *code; SgCopyState state; guint releases, notices; } cases[] = {
		{ "release", SG_COPY_RELEASING, 2, 0 },
		{ "release_advised", SG_COPY_RELEASING, 2, 1 },
		{ "return", SG_COPY_RETURNED, 0, 1 },
		{ "withhold", SG_COPY_WITHHELD, 0, 0 },
		{ "reassign", SG_COPY_WAITING, 0, 0 },
	};

	for (gsize n = 0; n < G_N_ELEMENTS(cases); n++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) jobs = NULL;
		g_autoptr(SgIncident) i = NULL;
		g_autofree char *ref = g_strdup_printf("AAAAAAA%zu", n);
		guint releases_seen = 0, notices = 0;

		file_one(f->s, ref, "a@x.example b@x.example");
		g_assert_true(decide_one(f->s, ref, cases[n].code, &error));
		g_assert_no_error(error);
		jobs = claim(f->s, "c", NOW + 100);
		for (guint k = 0; k < jobs->len; k++) {
			const SgMailJob *j = g_ptr_array_index(jobs, k);
			gboolean notice = strcmp(j->kind, "notice") == 0;

			releases_seen += !notice;
			notices += notice;
			if (notice)
				g_assert_cmpstr(j->address, ==, "Pupil@hillview.example");
			g_assert_true(sg_store_outbox_done(f->s, j->id, SG_SENT, "250", NOW, 0, &error));
		}
		g_assert_cmpuint(releases_seen, ==, cases[n].releases);
		g_assert_cmpuint(notices, ==, cases[n].notices);
		i = sg_store_get(f->s, ref, &error);
		g_assert_cmpint(copy_state(f->s, ref, 0), ==,
		    cases[n].releases > 0 ? SG_COPY_RELEASED : cases[n].state);
		if (strcmp(cases[n].code, "reassign") == 0)
			g_assert_cmpstr(i->taken_by, ==, "deputy");
		else
			expect_refusal(decide_one(f->s, ref, "withhold", &error), &error);
	}
}

static void
refuses_decisions(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autofree char *long_reason = g_strnfill(5000, 'x');
	const SgDecision bad[] = {
		{ .code = "release", .reason = "r", .version = 2 },
		{ .code = "release", .reason = "", .version = 1 },
		{ .code = "release", .reason = long_reason, .version = 1 },
		{ .code = "delete", .reason = "r", .version = 1 },
		{ .code = "release_stripped", .reason = "r", .version = 1 },
		{ .code = "reassign", .reason = "r", .version = 1 },
	};
	g_autoptr(GError) error = NULL;
	guint files;

	file_one(f->s, "7F3K9QXD", "a@x.example");
	files = place_files(&f->place);
	for (gsize n = 0; n < G_N_ELEMENTS(bad); n++) {
		SgDecision d = bad[n];

		d.ref = "7F3K9QXD";
		d.actor = "lead";
		d.now = NOW;
		expect_refusal(sg_store_decide(f->s, &d, &error), &error);
	}
	g_assert_cmpint(copy_state(f->s, "7F3K9QXD", 0), ==, SG_COPY_WAITING);
	g_assert_cmpuint(place_files(&f->place), ==, files);
}

static void
seals(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) jobs = NULL;
	g_autoptr(GPtrArray) none = NULL;
	g_autoptr(GPtrArray) begun = NULL;
	g_autoptr(GPtrArray) left = NULL;
	gint64 id;

	file_one(f->s, "7F3K9QXD", "a@x.example");
	g_assert_true(decide_one(f->s, "7F3K9QXD", "release", &error));
	g_assert_true(sg_store_seal(f->s, "7F3K9QXD", "lead", NOW, &error));
	g_assert_true(sg_store_seal(f->s, "7F3K9QXD", "lead", NOW, &error));
	g_assert_cmpint(copy_state(f->s, "7F3K9QXD", 0), ==, SG_COPY_WAITING);
	expect_refusal(decide_one(f->s, "7F3K9QXD", "release", &error), &error);
	expect_refusal(sg_store_message(f->s, "7F3K9QXD", &error) != NULL, &error);
	expect_refusal(sg_store_reading(f->s, "7F3K9QXD", &error) != NULL, &error);
	none = claim(f->s, "c", NOW + 1000);
	g_assert_cmpuint(none->len, ==, 0);

	/* sealed after the courier took the job, before it sends */
	file_one(f->s, "7F3K9QXE", "a@x.example");
	g_assert_true(decide_one(f->s, "7F3K9QXE", "release", &error));
	jobs = claim(f->s, "c", NOW + 1000);
	g_assert_cmpuint(jobs->len, ==, 1);
	g_assert_true(sg_store_seal(f->s, "7F3K9QXE", "lead", NOW, &error));
	expect_refusal(sg_store_outbox_sending(f->s, ((SgMailJob *)g_ptr_array_index(jobs, 0))->id, "n", &error), &error);
	g_assert_cmpint(copy_state(f->s, "7F3K9QXE", 0), ==, SG_COPY_WAITING);

	/* sealed while it is being sent: that attempt still gets its end, from whomever */
	file_one(f->s, "7F3K9QXF", "a@x.example b@x.example");
	g_assert_true(decide_one(f->s, "7F3K9QXF", "release", &error));
	begun = claim(f->s, "c", NOW + 1000);
	id = ((SgMailJob *)g_ptr_array_index(begun, 0))->id;
	g_assert_true(sg_store_outbox_sending(f->s, id, "n", &error));
	g_assert_true(sg_store_seal(f->s, "7F3K9QXF", "lead", NOW, &error));
	g_assert_cmpint(copy_state(f->s, "7F3K9QXF", 0), ==, SG_COPY_SENDING);
	g_assert_cmpint(copy_state(f->s, "7F3K9QXF", 1), ==, SG_COPY_WAITING);
	left = claim(f->s, "other", NOW + 2000);
	g_assert_cmpuint(left->len, ==, 1);
	g_assert_cmpint(((SgMailJob *)g_ptr_array_index(left, 0))->id, ==, id);
	expect_refusal(sg_store_outbox_sending(f->s, id, "n2", &error), &error);
	g_assert_true(sg_store_outbox_done(f->s, id, SG_SENT_UNCLEAR, "", NOW + 2001, 0, &error));
	expect_refusal(sg_store_settle(f->s, "7F3K9QXF", "a@x.example", TRUE, "lead", NOW, &error), &error);
	g_assert_true(sg_store_settle(f->s, "7F3K9QXF", "a@x.example", FALSE, "lead", NOW, &error));
}

static void
takes(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) i = NULL;

	file_one(f->s, "7F3K9QXD", "a@x.example");
	g_assert_true(sg_store_take(f->s, "7F3K9QXD", "lead", NOW, NOW + 1200, &error));
	g_assert_true(sg_store_take(f->s, "7F3K9QXD", "lead", NOW + 5, NOW + 1205, &error));
	expect_refusal(sg_store_take(f->s, "7F3K9QXD", "deputy", NOW + 10, NOW + 1210, &error), &error);
	i = sg_store_get(f->s, "7F3K9QXD", &error);
	g_assert_cmpstr(i->taken_by, ==, "lead");
	g_assert_cmpint(i->taken_until, ==, NOW + 1205);
	g_assert_cmpuint(i->version, ==, 2);
	g_assert_true(sg_store_take(f->s, "7F3K9QXD", "deputy", NOW + 1206, NOW + 2400, &error));
	g_assert_no_error(error);
}

static char *
refs_of(GPtrArray *list)
{
	g_autoptr(GString) out = g_string_new("");

	g_assert_nonnull(list);
	for (guint n = 0; n < list->len; n++)
		g_string_append_printf(out, "%s%s", n > 0 ? " " : "", ((SgIncident *)g_ptr_array_index(list, n))->ref);
	g_ptr_array_unref(list);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
add_listed(SgStore *s, const char *ref, const char *urgency, gint64 look_by, const char *category, const char *to)
{
	g_autoptr(SgIncident) i = incident_make(ref, ref, to);
	g_autoptr(SgIncident) known = NULL;

	g_free(i->urgency);
	i->urgency = g_strdup(urgency);
	g_free(i->category);
	i->category = g_strdup(category);
	i->look_by = look_by;
	g_assert_true(sg_store_file(s, i, NULL, NULL, NULL, &known, NULL));
}

static void
lists(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const char *const pupil[] = { "PUPIL@HILLVIEW.example", NULL };
	static const char *const carol[] = { "x@y.example", "CAROL@x.example", NULL };
	static const struct { SgFilter f; const char *want; } cases[] = {
		{ { 0 }, "A1 A2 B1 C1 D1 D2" },
		{ { .waiting = TRUE }, "A1 A2 B1 D1 D2" },
		{ { .urgency = "low" }, "D1 D2" },
		{ { .category = "threat" }, "B1" },
		{ { .late = TRUE, .now = NOW + 150 }, "A1" },
		{ { .limit = 2, .offset = 1 }, "A2 B1" },
		{ { .since = NOW + 1 }, "" },
		{ { .not_party = pupil }, "" },
		{ { .not_party = carol }, "A1 A2 C1 D1 D2" },
		{ { .category = "' OR 1=1 --" }, "" },
	};
	g_autoptr(GError) error = NULL;
	SgStoreStatus st;

	add_listed(f->s, "D2AAAAAA", "low", 0, "bullying", "a@x.example");
	add_listed(f->s, "D1AAAAAA", "low", NOW + 900, "bullying", "a@x.example");
	add_listed(f->s, "C1AAAAAA", "medium", NOW + 10, "bullying", "a@x.example");
	add_listed(f->s, "B1AAAAAA", "high", NOW + 200, "threat", "a@x.example carol@x.example");
	add_listed(f->s, "A2AAAAAA", "urgent", NOW + 200, "bullying", "a@x.example");
	add_listed(f->s, "A1AAAAAA", "urgent", NOW + 100, "bullying", "a@x.example b@x.example");
	g_assert_true(decide_one(f->s, "C1AAAAAA", "withhold", &error));
	for (gsize n = 0; n < G_N_ELEMENTS(cases); n++) {
		g_autofree char *got = refs_of(sg_store_list(f->s, &cases[n].f, &error));
		g_auto(GStrv) parts = g_strsplit(got, "AAAAAA", -1);
		g_autofree char *brief = g_strjoinv("", parts);

		g_assert_no_error(error);
		g_test_message("case %zu", n);
		g_assert_cmpstr(brief, ==, cases[n].want);
	}
	g_assert_true(sg_store_status(f->s, NOW + 150, &st, &error));
	g_assert_cmpuint(st.waiting, ==, 5);
	g_assert_cmpuint(st.late, ==, 1);
	g_assert_cmpuint(st.urgent, ==, 2);
	g_assert_cmpint(st.audit_seq, ==, 7);
	g_assert_cmpuint(st.schema, >=, 1);
}

static void
queues_mails(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	SgMailJob alert = { .kind = g_strdup("alert"), .template = g_strdup("alert"), .role = g_strdup("lead") };
	g_autoptr(GPtrArray) mails = g_ptr_array_new();
	g_autoptr(GPtrArray) jobs = NULL;
	g_autoptr(GPtrArray) log = NULL;
	g_autoptr(SgIncident) i = incident_make("7F3K9QXD", "d", "a@x.example");
	g_autoptr(SgIncident) known = NULL;
	g_autoptr(GError) error = NULL;
	const SgMailJob *j;
	SgStoreStatus st;
	gint64 when;

	g_ptr_array_add(mails, &alert);
	g_assert_true(sg_store_file(f->s, i, NULL, NULL, mails, &known, &error));
	jobs = claim(f->s, "c", NOW);
	g_assert_cmpuint(jobs->len, ==, 1);
	j = g_ptr_array_index(jobs, 0);
	g_assert_cmpstr(j->role, ==, "lead");
	expect_refusal(sg_store_outbox_sending(f->s, j->id, "n", &error), &error);
	g_assert_true(sg_store_status(f->s, NOW + 5, &st, &error));
	g_assert_cmpuint(st.outbox, ==, 1);
	g_assert_cmpint(st.outbox_oldest, ==, NOW);
	g_assert_true(sg_store_outbox_done(f->s, j->id, SG_SENT, "250 ok", NOW + 3, 0, &error));
	g_assert_true(sg_store_outbox_last(f->s, "alert", "lead", &when, &error));
	g_assert_cmpint(when, ==, NOW + 3);
	log = sg_store_audit_list(f->s, "7F3K9QXD", 0, 0, &error);
	g_assert_cmpuint(log->len, ==, 2);
	g_assert_cmpstr(((SgAuditEntry *)g_ptr_array_index(log, 0))->action, ==, "alert");
	g_assert_cmpstr(((SgAuditEntry *)g_ptr_array_index(log, 1))->action, ==, "held");
	g_free(alert.kind);
	g_free(alert.template);
	g_free(alert.role);
}

/* Given back without an attempt; one more mail about an incident. */
static void
defers_and_adds(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	SgMailJob alert = { .kind = g_strdup("alert"), .template = g_strdup("refused"), .role = g_strdup("lead") };
	g_autoptr(GPtrArray) jobs = NULL;
	g_autoptr(GPtrArray) early = NULL;
	g_autoptr(GPtrArray) again = NULL;
	g_autoptr(GError) error = NULL;
	gint64 id;

	file_one(f->s, "7F3K9QXD", "a@x.example");
	g_assert_true(sg_store_outbox_add(f->s, "7F3K9QXD", &alert, NOW, &error));
	expect_refusal(sg_store_outbox_add(f->s, "AAAAAAAA", &alert, NOW, &error), &error);
	jobs = claim(f->s, "c1", NOW);
	g_assert_cmpuint(jobs->len, ==, 1);
	id = ((SgMailJob *)g_ptr_array_index(jobs, 0))->id;
	g_assert_true(sg_store_outbox_defer(f->s, id, NOW + 60, &error));
	expect_refusal(sg_store_outbox_defer(f->s, id + 1, NOW + 60, &error), &error);
	early = claim(f->s, "c1", NOW + 59);
	g_assert_cmpuint(early->len, ==, 0);
	again = claim(f->s, "c2", NOW + 60);
	g_assert_cmpuint(again->len, ==, 1);
	g_assert_cmpuint(((SgMailJob *)g_ptr_array_index(again, 0))->attempts, ==, 0);
	g_free(alert.kind);
	g_free(alert.template);
	g_free(alert.role);
}

static void
traces(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const char *const dave[] = { "dave@x.example", NULL };
	static const struct { SgTraceFilter f; guint want; } cases[] = {
		{ { .limit = 5000 }, 1200 },
		{ { 0 }, 1000 },
		{ { .from = "S7@hillview.example", .limit = 5000 }, 120 },
		{ { .to = "DAVE@x.example" }, 1 },
		{ { .to = "\"a,b\"@x.example" }, 1 },
		{ { .to = "b\"@x.example" }, 0 },
		{ { .to = "ave@x.example" }, 0 },
		{ { .queue_id = "q17" }, 1 },
		{ { .message_id = "m17" }, 1 },
		{ { .since = NOW + 1190 }, 10 },
		{ { .not_party = dave, .limit = 5000 }, 1199 },
	};
	g_autoptr(GError) error = NULL;
	SgStoreStatus st;

	for (guint n = 0; n < 1200; n++) {
		g_autofree char *q = g_strdup_printf("q%u", n);
		g_autofree char *m = g_strdup_printf("m%u", n);
		g_autofree char *sender = g_strdup_printf("s%u@hillview.example", n % 10);
		g_autofree char *to = g_strdup(n == 600 ? "a@x.example, Dave@x.example,\"a,b\"@x.example" : "a@x.example");
		g_autofree char *route = g_strdup("in");
		g_autofree char *verdict = g_strdup("deliver");
		SgTrace t = { .when = NOW + n, .queue_id = q, .message_id = m, .sender = sender, .recipients = to,
			.route = route, .verdict = verdict, .micros = 41, .size = 9 };

		sg_store_trace(f->s, &t);
	}
	g_assert_true(sg_store_trace_flush(f->s, &error));
	g_assert_no_error(error);
	for (gsize n = 0; n < G_N_ELEMENTS(cases); n++) {
		g_autoptr(GPtrArray) got = sg_store_traces(f->s, &cases[n].f, &error);

		g_assert_no_error(error);
		g_test_message("case %zu", n);
		g_assert_cmpuint(got->len, ==, cases[n].want);
		if (n == 0)
			g_assert_cmpstr(((SgTrace *)g_ptr_array_index(got, 0))->queue_id, ==, "q1199");
	}
	g_assert_true(sg_store_status(f->s, NOW + 1200, &st, &error));
	g_assert_cmpuint(st.today, ==, 1200);
	g_assert_cmpint(st.last_mail, ==, NOW + 1199);
}

static void
tickets_and_poison(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	SgTicketState st;
	guint times = 0;

	g_assert_true(sg_store_ticket_state(f->s, "n", &st, &error));
	g_assert_cmpint(st, ==, SG_TICKET_UNUSED);
	expect_refusal(sg_store_ticket_answered(f->s, "n", "", NOW, &error), &error);
	g_assert_true(sg_store_ticket_use(f->s, "n", NOW, &error));
	g_assert_true(sg_store_ticket_use(f->s, "n", NOW, &error));
	g_assert_true(sg_store_ticket_state(f->s, "n", &st, &error));
	g_assert_cmpint(st, ==, SG_TICKET_USED);
	g_assert_true(sg_store_ticket_answered(f->s, "n", "", NOW, &error));
	expect_refusal(sg_store_ticket_use(f->s, "n", NOW, &error), &error);
	expect_refusal(sg_store_ticket_answered(f->s, "n", "", NOW, &error), &error);
	g_assert_true(sg_store_ticket_state(f->s, "n", &st, &error));
	g_assert_cmpint(st, ==, SG_TICKET_ANSWERED);
	/* sealed before the milter has said yes */
	file_one(f->s, "7F3K9QXD", "a@x.example");
	g_assert_true(sg_store_ticket_use(f->s, "r", NOW, &error));
	g_assert_true(sg_store_seal(f->s, "7F3K9QXD", "lead", NOW, &error));
	expect_refusal(sg_store_ticket_answered(f->s, "r", "7F3K9QXD", NOW, &error), &error);
	/* too late to withdraw */
	g_assert_true(sg_store_ticket_withdraw(f->s, "n", NOW, &st, &error));
	g_assert_cmpint(st, ==, SG_TICKET_ANSWERED);
	/* withdrawn before, and while, the milter has it in hand */
	g_assert_true(sg_store_ticket_withdraw(f->s, "o", NOW, &st, &error));
	g_assert_cmpint(st, ==, SG_TICKET_UNUSED);
	expect_refusal(sg_store_ticket_use(f->s, "o", NOW, &error), &error);
	g_assert_true(sg_store_ticket_use(f->s, "p", NOW, &error));
	g_assert_true(sg_store_ticket_withdraw(f->s, "p", NOW, &st, &error));
	g_assert_cmpint(st, ==, SG_TICKET_USED);
	expect_refusal(sg_store_ticket_answered(f->s, "p", "", NOW, &error), &error);
	g_assert_true(sg_store_ticket_withdraw(f->s, "p", NOW, &st, &error));
	g_assert_cmpint(st, ==, SG_TICKET_USED);

	for (guint n = 1; n <= 3; n++) {
		g_assert_true(sg_store_poison(f->s, "abc", NOW, &times, &error));
		g_assert_cmpuint(times, ==, n);
	}
	g_assert_true(sg_store_poison(f->s, "other", NOW, &times, &error));
	g_assert_cmpuint(times, ==, 1);
	g_assert_true(sg_store_poison(f->s, "abc", NOW + 8 * 86400, &times, &error));
	g_assert_cmpuint(times, ==, 1);
}

static void
expires(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const char *const kept[] = { "WA1T1NG0", "SEA1ED00", "GET0VTGE" };
	const gint64 year = 366 * 86400;
	g_autoptr(GError) error = NULL;
	SgExpired dry, e;
	SgStoreStatus st;
	g_autofree char *who = g_strdup("zanzibar@x.example");
	SgTrace t = { .when = NOW, .sender = who };

	file_one(f->s, "WA1T1NG0", "a@x.example");
	file_one(f->s, "SEA1ED00", "a@x.example");
	file_one(f->s, "GET0VTGE", "a@x.example");	/* its release waits in the outbox */
	file_one(f->s, "G0NE0000", "zanzibar@x.example");
	sg_store_trace(f->s, &t);
	g_assert_true(sg_store_trace_flush(f->s, &error));
	g_assert_true(decide_one(f->s, "SEA1ED00", "withhold", &error));
	g_assert_true(sg_store_seal(f->s, "SEA1ED00", "lead", NOW, &error));
	g_assert_true(decide_one(f->s, "GET0VTGE", "release", &error));
	g_assert_true(decide_one(f->s, "G0NE0000", "withhold", &error));
	g_assert_true(sg_store_ticket_use(f->s, "n", NOW, &error));
	g_assert_true(sg_store_expire(f->s, NOW + year, FALSE, &e, &error));
	g_assert_cmpuint(e.incidents, ==, 0);
	g_assert_cmpuint(e.traces, ==, 1);
	g_assert_true(place_holds(&f->place, "zanzibar"));
	g_assert_true(sg_store_expire(f->s, NOW + 2 * year, TRUE, &dry, &error));
	g_assert_true(sg_store_expire(f->s, NOW + 2 * year, FALSE, &e, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(dry.incidents, ==, 1);
	g_assert_cmpuint(e.incidents, ==, 1);
	g_assert_cmpuint(e.contents, ==, 1);
	g_assert_cmpuint(dry.contents, ==, 1);
	for (gsize n = 0; n < G_N_ELEMENTS(kept); n++) {
		g_autoptr(SgIncident) i = sg_store_get(f->s, kept[n], &error);

		g_assert_nonnull(i);
	}
	expect_refusal(sg_store_get(f->s, "G0NE0000", &error) != NULL, &error);
	g_assert_false(place_holds(&f->place, "zanzibar"));
	g_assert_cmpuint(place_files(&f->place), ==, 8);	/* three messages, three readings, two reasons */
	g_assert_true(sg_store_status(f->s, NOW, &st, &error));
	g_assert_cmpuint(st.content_bytes, >, 0);
}

/* Retention deletes for good: of what goes not a byte is left in any file, also where
 * its neighbours stay. */
static void
leaves_no_trace(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	SgExpired e;

	for (guint n = 0; n < 600; n++) {
		gboolean goes = n % 5 != 0;
		g_autofree char *ref = g_strdup_printf("AAAAA%03u", n);
		g_autofree char *to = g_strdup_printf("%s%u-%u@x.example %s@x.example", goes ? "quagga" : "okapi",
		    n * 7919 % 600, n, goes ? "quagga" : "okapi");
		SgTrace t = { .when = goes ? NOW : NOW + 490 * 86400, .sender = to, .recipients = to, .message_id = to };

		file_one(f->s, ref, to);
		sg_store_trace(f->s, &t);
		if (n % 3 == 0)
			g_assert_true(sg_store_trace_flush(f->s, &error));
		if (goes)
			g_assert_true(decide_one(f->s, ref, "withhold", &error));
	}
	g_assert_true(sg_store_trace_flush(f->s, &error));
	g_assert_true(place_holds(&f->place, "quagga"));
	g_assert_false(place_holds(&f->place, "harmless"));
	g_assert_true(sg_store_expire(f->s, NOW + 500 * 86400, FALSE, &e, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(e.incidents, ==, 480);
	g_assert_cmpuint(e.traces, ==, 480);
	g_assert_false(place_holds(&f->place, "quagga"));
	g_assert_true(place_holds(&f->place, "okapi"));
	g_assert_cmpuint(place_files(&f->place), ==, 240);
}

static void
keeps_to_its_quota(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) big = g_bytes_new_take(g_malloc0(40u << 20), 40u << 20);
	g_autoptr(SgIncident) i1 = incident_make("AAAAAAA1", "1", "a@x.example");
	g_autoptr(SgIncident) i2 = incident_make("AAAAAAA2", "2", "a@x.example");
	g_autoptr(SgIncident) i3 = incident_make("AAAAAAA3", "3", "a@x.example");
	g_autoptr(SgIncident) known = NULL;
	g_autoptr(SgReading) r = NULL;
	g_autofree char *long_text = NULL;
	SgExpired e;

	sg_store_close(f->s);
	f->s = place_try(&f->place, NULL, "quota = 64;", &error);
	g_assert_true(sg_store_file(f->s, i1, big, NULL, NULL, &known, &error));
	g_assert_false(sg_store_file(f->s, i2, big, NULL, NULL, &known, &error));
	g_assert_error(error, SG_ERR, SG_ERR_LIMIT);
	g_clear_error(&error);
	g_assert_cmpuint(place_files(&f->place), ==, 1);
	/* a reading counts too, and is only known when it is there */
	long_text = g_strnfill(25u << 20, 'x');
	r = reading_make(long_text);
	g_assert_false(sg_store_file(f->s, i2, NULL, r, NULL, &known, &error));
	g_assert_error(error, SG_ERR, SG_ERR_LIMIT);
	g_clear_error(&error);
	g_assert_cmpuint(place_files(&f->place), ==, 1);
	/* facts still fit, and space comes back */
	g_assert_true(sg_store_file(f->s, i3, NULL, NULL, NULL, &known, &error));
	g_assert_true(decide_one(f->s, "AAAAAAA1", "withhold", &error));
	g_assert_true(sg_store_expire(f->s, NOW + 500 * 86400, FALSE, &e, &error));
	g_assert_true(sg_store_file(f->s, i2, big, NULL, NULL, &known, &error));
	g_assert_no_error(error);
}

#define ADULT "old.friend@x.example"
#define CHILD "ann@pupils.hillview.example"

/* What the store knew before of the two, and remembers now. */
static SgContact *
worry(SgStore *s, const char *dedupe, gboolean own_id, guint kinds, gint64 now)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	SgContact *c = sg_contact_new(CHILD, ADULT);
	const SgWorry w = { dedupe, own_id, kinds, now, now - 100 * DAY };

	g_ptr_array_add(one, c);
	g_assert_true(sg_store_worry(s, &w, one, &error));
	g_assert_no_error(error);
	return c;
}

static guint
worries(SgStore *s, const char *dedupe, gboolean own_id, guint kinds, gint64 now)
{
	g_autoptr(SgContact) c = worry(s, dedupe, own_id, kinds, now);

	return c->before->len;
}

static void
remembers_signs(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(SgContact) third = NULL;
	SgExpired gone;

	g_assert_cmpuint(worries(f->s, "m1", TRUE, 1, NOW), ==, 0);
	g_assert_cmpuint(worries(f->s, "m2", TRUE, 6, NOW + DAY), ==, 1);
	third = worry(f->s, "m3", TRUE, 8, NOW + 2 * DAY);
	g_assert_cmpuint(third->before->len, ==, 2);
	g_assert_cmpint(g_array_index(third->before, SgSign, 0).when, ==, NOW);
	g_assert_cmpuint(g_array_index(third->before, SgSign, 0).kinds, ==, 1);
	g_assert_cmpuint(g_array_index(third->before, SgSign, 1).kinds, ==, 6);

	/* the same message again is none of what was before, and no second one */
	g_assert_cmpuint(worries(f->s, "m3", TRUE, 8, NOW + 2 * DAY + 900), ==, 2);
	g_assert_cmpuint(worries(f->s, "m2", TRUE, 6, NOW + 3 * DAY), ==, 2);
	g_assert_cmpuint(worries(f->s, "m4", FALSE, 8, NOW + 4 * DAY), ==, 3);
	g_assert_cmpuint(worries(f->s, "m4", FALSE, 8, NOW + 4 * DAY + 1800), ==, 3);
	/* without a Message-ID of its own, an hour later, it is another one */
	g_assert_cmpuint(worries(f->s, "m4", FALSE, 8, NOW + 4 * DAY + 7200), ==, 4);

	/* signs too old are not looked at, and go in the end */
	g_assert_cmpuint(worries(f->s, "m5", TRUE, 8, NOW + 102 * DAY), ==, 3);
	g_assert_true(sg_store_expire(f->s, NOW + 182 * DAY, FALSE, &gone, NULL));
	g_assert_cmpuint(worries(f->s, "m6", TRUE, 8, NOW + 183 * DAY), ==, 1);
}

static void
meet_at(Fixture *f, const char *from, const char *to, gint64 when)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) met = g_ptr_array_new_with_free_func((GDestroyNotify)sg_meeting_free);
	char none[] = "";
	const SgTrace t = { .when = when, .queue_id = none, .message_id = none, .sender = none, .recipients = none,
		.route = none, .verdict = none, .ref = none, .disclaimer = none, .met = met };

	g_ptr_array_add(met, sg_meeting_new(from, to, "x.example", "zebedee"));
	sg_store_trace(f->s, &t);
	g_assert_true(sg_store_trace_flush(f->s, &error));
	g_assert_no_error(error);
}

static void
remembers_who_met(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(SgContact) before = worry(f->s, "m1", TRUE, 1, NOW), after = NULL, later = NULL;
	SgExpired gone;

	g_assert_cmpint(before->first, ==, 0);
	g_assert_cmpint(before->since, ==, 0);
	meet_at(f, CHILD, ADULT, NOW + 5);
	meet_at(f, ADULT, CHILD, NOW + 10);
	after = worry(f->s, "m2", TRUE, 1, NOW + 20);
	g_assert_cmpint(after->first, ==, NOW + 5);
	g_assert_cmpint(after->since, ==, NOW + 5);
	g_assert_true(sg_store_expire(f->s, NOW + 401 * DAY, FALSE, &gone, NULL));
	later = worry(f->s, "m3", TRUE, 1, NOW + 402 * DAY);
	g_assert_cmpint(later->first, ==, 0);
}

/* Facts of one recipient as letters: f first, a alike, n namesake. */
static char *
facts_of(Fixture *f, const char *to, const char *surname, gint64 now)
{
	g_autoptr(SgRelations) r = sg_relations_new();
	g_autoptr(GError) error = NULL;
	SgRelation *one = g_new0(SgRelation, 1);

	r->from = g_strdup("hale@hillview.example");
	r->home = g_strdup("");
	one->address = g_strdup(to);
	one->domain = g_strdup(g_str_has_suffix(to, "@hillview.example") ? "" : strrchr(to, '@') + 1);
	one->surname = g_strdup(surname);
	one->home = g_strdup("");
	g_ptr_array_add(r->to, one);
	g_assert_true(sg_store_relations(f->s, r, TRUE, now, 10 * DAY, &error));
	g_assert_no_error(error);
	return g_strdup_printf("%s%s%s", one->facts & SG_REL_FIRST ? "f" : "", one->facts & SG_REL_ALIKE ? "a" : "",
	    one->facts & SG_REL_NAMESAKE ? "n" : "");
}

static void
tells_who_is_new(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const struct { const char *to, *surname, *facts; } cases[] = {
		{ "sarah.jones@harbour.example", "jones", "" },
		{ "sarah.jonse@harbour.example", "", "fa" }, { "sara.jones@harbour.example", "", "fa" },
		{ "someone.else@harbour.example", "", "f" }, { "sarah.jones@harbor.example", "", "fa" },
		{ "anyone@harb0ur.example", "", "fa" }, { "anyone@hrabour.example", "", "fa" },
		{ "anyone@elsewhere.example", "", "f" }, { "s.jones@elsewhere.example", "jones", "fn" },
		{ "s.jones@elsewhere.example", "smith", "f" }, { "jones@hillview.example", "jones", "n" },
		{ "hale@hillview.example", "jones", "" }, { "aj@harbour.example", "", "f" },
	};
	g_autofree char *young = NULL;

	for (guint n = 0; n < 3; n++) {
		g_autoptr(GPtrArray) met = g_ptr_array_new_with_free_func((GDestroyNotify)sg_meeting_free);
		g_autoptr(GError) error = NULL;
		char none[] = "";
		const SgTrace t = { .when = NOW + n, .queue_id = none, .message_id = none, .sender = none, .recipients = none,
			.route = none, .verdict = none, .ref = none, .disclaimer = none, .met = met };

		g_ptr_array_add(met, sg_meeting_new("hale@hillview.example", "sarah.jones@harbour.example", "harbour.example", "jones"));
		g_ptr_array_add(met, sg_meeting_new("ak@harbour.example", "hale@hillview.example", "", ""));
		sg_store_trace(f->s, &t);
		g_assert_true(sg_store_trace_flush(f->s, &error));
	}
	/* not before it knows enough to say who is new */
	young = facts_of(f, "anyone@elsewhere.example", "", NOW + 9 * DAY);
	g_assert_cmpstr(young, ==, "");
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = facts_of(f, cases[i].to, cases[i].surname, NOW + 11 * DAY);

		g_test_message("%s %s", cases[i].to, cases[i].surname);
		g_assert_cmpstr(got, ==, cases[i].facts);
	}
}

static void
counts_the_last_hour(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static char words[][10] = { "deliver", "later", "reject", "hold", "deliver" };
	static const gint64 age[] = { 60, 60, 60, 1800, 7200 };
	char none[] = "", from[] = "Ann@pupils.example", to[] = "a@x.example,b@x.example,c@x.example";
	g_autoptr(GError) error = NULL;
	guint n = 7;

	for (gsize i = 0; i < G_N_ELEMENTS(age); i++) {
		const SgTrace t = { .when = NOW - age[i], .queue_id = none, .message_id = none, .sender = from, .recipients = to,
			.route = none, .verdict = words[i], .ref = none, .disclaimer = none };

		sg_store_trace(f->s, &t);
	}
	g_assert_true(sg_store_trace_flush(f->s, &error));
	g_assert_true(sg_store_sent_since(f->s, "ann@pupils.example", NOW - 3600, &n, &error));
	g_assert_cmpuint(n, ==, 6);
	g_assert_true(sg_store_sent_since(f->s, "ben@pupils.example", NOW - 3600, &n, &error));
	g_assert_cmpuint(n, ==, 0);
}

/* Neither as it is nor in pieces that say who it was. */
static void
keeps_no_name_of_those_who_met(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	static const char *const clear[] = { "old.friend", "x.example", "ann@", "pupils.hillview", "zebedee" };

	meet_at(f, CHILD, ADULT, NOW);
	g_assert_cmpuint(worries(f->s, "the-hash-of-a-message", TRUE, 1, NOW), ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(clear); i++)
		g_assert_false(place_holds(&f->place, clear[i]));
	g_assert_false(place_holds(&f->place, "the-hash-of-a-message"));
}

static const struct {
	const char *name;
	void (*run)(Fixture *f, gconstpointer u);
} tests[] = {
	{ "files-and-gives-back", files_and_gives_back },
	{ "refuses-what-is-not-there", refuses_what_is_not_there },
	{ "files-the-same-message-once", files_the_same_message_once },
	{ "knows-a-try-for-some", knows_a_try_for_some },
	{ "releases", releases },
	{ "gives-back-what-an-owner-left", gives_back_what_an_owner_left },
	{ "undoes-before-the-courier-begins", undoes_before_the_courier_begins },
	{ "tells-the-sender", tells_the_sender },
	{ "refuses-decisions", refuses_decisions },
	{ "seals", seals },
	{ "takes", takes },
	{ "lists", lists },
	{ "queues-mails", queues_mails },
	{ "defers-and-adds", defers_and_adds },
	{ "traces", traces },
	{ "tickets-and-poison", tickets_and_poison },
	{ "expires", expires },
	{ "leaves-no-trace", leaves_no_trace },
	{ "keeps-to-its-quota", keeps_to_its_quota },
	{ "remembers-signs", remembers_signs },
	{ "remembers-who-met", remembers_who_met },
	{ "tells-who-is-new", tells_who_is_new },
	{ "counts-the-last-hour", counts_the_last_hour },
	{ "keeps-no-name-of-those-who-met", keeps_no_name_of_those_who_met },
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize e = 0; e < G_N_ELEMENTS(engines); e++)
		for (gsize t = 0; t < G_N_ELEMENTS(tests); t++) {
			g_autofree char *path = g_strdup_printf("/store/%s/%s", engines[e].name, tests[t].name);

			g_test_add(path, Fixture, GSIZE_TO_POINTER(e), set_up, tests[t].run, tear_down);
		}
	return g_test_run();
}
