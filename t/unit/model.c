/* fails-if: a ticket can be forged or used for another mail, a retry is not recognised, a value is shown unmasked */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "base/ref.h"
#include "model/incident.h"
#include "model/message.h"
#include "model/reading.h"
#include "model/ticket.h"
#include "model/verdict.h"

static SgMessage *
message(const char *text)
{
	SgMessage *m = sg_message_new();

	m->bytes = g_bytes_new(text, strlen(text));
	g_free(m->sender);
	m->sender = g_strdup("a@x.example");
	g_ptr_array_add(m->recipients, g_strdup("b@x.example"));
	g_ptr_array_add(m->recipients, g_strdup("c@x.example"));
	m->message_id = g_strdup("1@x.example");
	sg_message_hash(m);
	sg_message_dedupe(m);
	return m;
}

static void
hash_survives_a_mail_server(void)
{
	static const char one[] = "Subject: hi there\r\n you\r\nContent-Type: text/plain\r\n\r\nbody\r\n";
	static const char *const same[] = {
		"Received: from x\r\n\tby y\r\nSubject:   hi there you\r\ncontent-type: text/plain \r\n\r\nbody\r\n",
		"Subject: hi there\r\n you\r\nDate: today\r\nContent-Type: text/plain\r\nFrom: q\r\n\r\nbody\r\n",
	};
	static const char *const other[] = {
		"Subject: hi there\r\n me\r\nContent-Type: text/plain\r\n\r\nbody\r\n",
		"Subject: hi there\r\n you\r\nContent-Type: text/html\r\n\r\nbody\r\n",
		"Subject: hi there\r\n you\r\nContent-Type: text/plain\r\n\r\nbody \r\n",
		"Subject: hi there\r\n you\r\n\r\nContent-Type: text/plain\r\n\r\nbody\r\n",
		"", "\r\n", "no header",
	};
	g_autoptr(SgMessage) m = message(one);

	for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autoptr(SgMessage) n = message(same[i]);

		g_assert_cmpstr(m->content_hash, ==, n->content_hash);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(other); i++) {
		g_autoptr(SgMessage) n = message(other[i]);

		g_assert_cmpstr(m->content_hash, !=, n->content_hash);
	}
}

static void
retries_are_recognised(void)
{
	g_autoptr(SgMessage) m = message("Subject: x\r\n\r\ny\r\n");
	g_autofree char *first = g_strdup(m->dedupe);

	g_ptr_array_remove_index(m->recipients, 0);
	sg_message_dedupe(m);
	g_assert_cmpstr(first, ==, m->dedupe);		/* a try for some of the recipients */
	g_free(m->sender);
	m->sender = g_strdup("else@x.example");
	sg_message_dedupe(m);
	g_assert_cmpstr(first, !=, m->dedupe);

	g_assert_true(sg_message_has_own_id(m));
	m->queue_id = g_strdup("4ABCD");
	g_free(m->message_id);
	m->message_id = g_strdup("20261121.4ABCD@mx.example");	/* made by our own server */
	g_assert_false(sg_message_has_own_id(m));
}

static void
addresses(void)
{
	static const char *const bad[] = { "a b@x", "a\r\nRCPT TO:<b>", "a\x01@x", "<a@x", "a\xff@x", "a\xc2\x85@x" };
	g_autofree char *good = sg_address_clean("<Ann.O'Neill@Hill.EXAMPLE>");
	g_autofree char *null = sg_address_clean("<>");

	g_assert_cmpstr(good, ==, "Ann.O'Neill@hill.example");
	g_assert_cmpstr(sg_address_domain(good), ==, "hill.example");
	g_assert_cmpstr(null, ==, "");
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_null(sg_address_clean(bad[i]));
}

static void
tickets(void)
{
	SgKeys keys = { .have = SG_KEY_MAIL, .mail = { 1, 2, 3 } }, foreign = { .have = SG_KEY_MAIL };
	SgTicket t = { .release = TRUE, .ref = "7F3K9QXD", .expires = 1000 }, got;
	g_autofree char *value = NULL;
	g_autoptr(GError) error = NULL;

	memset(t.content, 'a', 64);
	value = sg_ticket_make(&t, &keys, "B@x.example");
	g_assert_true(sg_ticket_read(value, TRUE, &keys, 999, &got, &error));
	g_assert_cmpstr(got.ref, ==, "7F3K9QXD");
	g_assert_cmpstr(got.content, ==, t.content);
	g_assert_true(sg_ticket_is_for(&got, &keys, "b@x.example"));
	g_assert_false(sg_ticket_is_for(&got, &keys, "c@x.example"));
	g_assert_false(sg_ticket_read(value, TRUE, &keys, 1001, &got, NULL));	/* expired */
	g_assert_false(sg_ticket_read(value, FALSE, &keys, 999, &got, NULL));	/* another kind */
	g_assert_false(sg_ticket_read(value, TRUE, &foreign, 999, &got, NULL));
	for (gsize i = 0; i < strlen(value); i++) {
		g_autofree char *bent = g_strdup(value);

		bent[i] = bent[i] == '1' ? '2' : '1';
		g_assert_false(sg_ticket_read(bent, TRUE, &keys, 999, &got, NULL));
		bent[i] = '\0';
		g_assert_false(sg_ticket_read(bent, TRUE, &keys, 999, &got, NULL));
	}
}

static void
masks(void)
{
	SgFinding f = { .excerpt = (char[]){ "call 943 476 5965 or" }, .hit_at = 5, .hit_len = 12, .secret = 1 };
	g_autofree char *number = sg_finding_masked(&f), *word = NULL, *wrong = NULL;

	g_assert_cmpstr(number, ==, "call 943 \xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2 \xe2\x80\xa2\xe2\x80\xa2" "65 or");
	f.secret = 0;
	word = sg_finding_masked(&f);
	g_assert_null(strpbrk(word, "0123456789"));
	f.hit_at = G_MAXUINT32;
	wrong = sg_finding_masked(&f);		/* out of range: nothing is read beyond the text */
	g_assert_nonnull(wrong);
}

/* "scan --json": the lists of a part are lists, and large numbers stay what they are */
static void
json_for_tools(void)
{
	const SgPartInfo p = { .part = (char *)(guintptr)"1", .name = (char *)(guintptr)"", .declared =
	    (char *)(guintptr)"", .detected = (char *)(guintptr)"", .sha256 = (char *)(guintptr)"", .state =
	    (char *)(guintptr)"", .strength = (char *)(guintptr)"", .method = (char *)(guintptr)"", .kinds =
	    (char *)(guintptr)"archive unread", .notes = (char *)(guintptr)"charset limit:text" };
	json_t *o = sg_part_json(&p);

	g_assert_cmpuint(json_array_size(json_object_get(o, "kinds")), ==, 2);
	g_assert_cmpuint(json_array_size(json_object_get(o, "notes")), ==, 2);
	g_assert_cmpstr(json_string_value(json_array_get(json_object_get(o, "notes"), 1)), ==, "limit:text");
	json_decref(o);
}

static void
reading_round_trip(void)
{
	g_autoptr(SgReading) r = sg_reading_new(), back = NULL;
	SgFinding *f = g_new0(SgFinding, 1);
	SgPartInfo *p = g_new0(SgPartInfo, 1);
	SgText *t = g_new0(SgText, 1);
	g_autoptr(GBytes) json = NULL;
	gsize n;
	const char *text;

	f->rule = g_strdup("bully.insult");
	f->excerpt = g_strdup("\"\\\xc3\xa9");
	f->severity = 3;
	p->kinds = g_strdup("archive encrypted-weak");
	p->bytes = G_GUINT64_CONSTANT(5000000000);
	t->text = g_strdup("line\nline");
	g_ptr_array_add(r->findings, f);
	g_ptr_array_add(r->parts, p);
	g_ptr_array_add(r->texts, t);
	r->flags = SG_FLAG_MALFORMED;
	json = sg_reading_to_json(r);
	back = sg_reading_from_json(json, NULL);
	g_assert_nonnull(back);
	g_assert_cmpstr(((SgFinding *)back->findings->pdata[0])->excerpt, ==, f->excerpt);
	g_assert_cmpuint(((SgPartInfo *)back->parts->pdata[0])->bytes, ==, p->bytes);
	g_assert_true(sg_part_is(back->parts->pdata[0], "encrypted-weak"));
	g_assert_false(sg_part_is(back->parts->pdata[0], "encrypted"));
	g_assert_cmpstr(((SgText *)back->texts->pdata[0])->text, ==, "line\nline");
	text = g_bytes_get_data(json, &n);
	for (gsize cut = 0; cut < n; cut++) {
		g_autoptr(GBytes) b = g_bytes_new(text, cut);

		g_assert_null(sg_reading_from_json(b, NULL));
	}
}

static void
names_round_trip(void)
{
	for (guint i = 0; i < SG_DO_N; i++) {
		SgDo d;

		g_assert_true(sg_do_parse(sg_do_name((SgDo)i), &d));
		g_assert_cmpuint(d, ==, i);
	}
	for (guint i = 0; i < SG_COPY_N; i++) {
		SgCopyState s;

		g_assert_true(sg_copy_state_parse(sg_copy_state_name((SgCopyState)i), &s));
		g_assert_cmpuint(s, ==, i);
	}
}

static void
references(void)
{
	char ref[SG_REF_LEN + 1], again[SG_REF_LEN + 1];
	g_autofree char *shown = NULL;

	sg_ref_new(ref);
	shown = sg_ref_show(ref);
	g_assert_true(sg_ref_parse(shown, again));
	g_assert_cmpstr(ref, ==, again);
	g_assert_true(sg_ref_parse(" 7f3k-9qxo ", again));
	g_assert_cmpstr(again, ==, "7F3K9QX0");
	g_assert_false(sg_ref_parse("7F3K9QX", again));
	g_assert_false(sg_ref_parse("7F3K9QXDD", again));
	g_assert_false(sg_ref_parse("7F3K9QX\xc3\xa9", again));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/hash-survives-a-mail-server", hash_survives_a_mail_server);
	g_test_add_func("/model/retries-are-recognised", retries_are_recognised);
	g_test_add_func("/model/addresses", addresses);
	g_test_add_func("/model/tickets", tickets);
	g_test_add_func("/model/masks", masks);
	g_test_add_func("/model/json-for-tools", json_for_tools);
	g_test_add_func("/model/reading-round-trip", reading_round_trip);
	g_test_add_func("/model/names-round-trip", names_round_trip);
	g_test_add_func("/model/references", references);
	return g_test_run();
}
