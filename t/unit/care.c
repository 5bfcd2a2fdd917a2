/* fails-if: one person alone lifts a seal, the head is not told, the words of reviewers can be
 * read on disk or stay after an undo, somebody a message is about sees it in a list, a cover has
 * impossible dates or is ended by another, or serious messages are counted wrongly */
#include <string.h>

#include "../lib/store_fixture.h"
#include "base/err.h"
#include "store/care.h"

static void
refused(gboolean ok, GError **error)
{
	g_assert_false(ok);
	g_assert_error(*error, SG_ERR, SG_ERR_INPUT);
	g_clear_error(error);
}

static gboolean
is_sealed(SgStore *s, const char *ref)
{
	g_autoptr(SgIncident) i = sg_store_get(s, ref, NULL);

	return i->sealed;
}

static void
seals(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) mails = NULL;
	g_auto(SgUnseal) u = { 0 };
	gboolean lifted = TRUE;

	place_make(&p);
	s = place_open(&p);
	file_one(s, "7F3K9QXD", "a@x.example");
	refused(sg_store_unseal(s, "7F3K9QXD", "okafor", "why", NOW, &lifted, &error), &error);
	g_assert_true(sg_store_seal(s, "7F3K9QXD", "okafor", NOW, &error));
	refused(sg_store_unseal(s, "7F3K9QXD", "okafor", "", NOW, &lifted, &error), &error);
	refused(sg_store_unseal(s, "00000000", "okafor", "why", NOW, &lifted, &error), &error);
	g_assert_true(sg_store_unseal(s, "7F3K9QXD", "okafor", "markerword: a drawing", NOW, &lifted, &error));
	g_assert_false(lifted);
	g_assert_true(is_sealed(s, "7F3K9QXD"));
	refused(sg_store_unseal(s, "7F3K9QXD", "okafor", "again", NOW + 1, &lifted, &error), &error);
	g_assert_true(is_sealed(s, "7F3K9QXD"));
	g_assert_true(sg_store_unseal_asked(s, "7F3K9QXD", &u, &error));
	g_assert_cmpstr(u.actor, ==, "okafor");
	g_assert_cmpstr(u.reason, ==, "markerword: a drawing");
	g_assert_false(place_holds(&p, "markerword"));
	g_assert_true(sg_store_unseal(s, "7F3K9QXD", "lowe", "markerword too", NOW + 2, &lifted, &error));
	g_assert_true(lifted);
	g_assert_false(is_sealed(s, "7F3K9QXD"));
	mails = sg_store_outbox_claim(s, "c", NOW + 2, 300, 10, &error);
	g_assert_cmpuint(mails->len, ==, 1);
	g_assert_cmpstr(((SgMailJob *)mails->pdata[0])->template, ==, "unsealed");
	g_assert_cmpstr(((SgMailJob *)mails->pdata[0])->role, ==, "head");
	g_assert_false(place_holds(&p, "markerword"));
	refused(sg_store_unseal(s, "7F3K9QXD", "patel", "why", NOW + 3, &lifted, &error), &error);
}

static void
notes(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *note = NULL, *after = NULL;
	SgDecision d = { .ref = "7F3K9QXD", .code = "release_advised", .actor = "okafor", .reason = "fine",
		.note = "markerword: be kind", .template = "released-advised", .now = NOW, .not_before = NOW + 60 };

	place_make(&p);
	s = place_open(&p);
	file_one(s, "7F3K9QXD", "a@x.example");
	d.version = 1;
	g_assert_true(sg_store_decide(s, &d, &error));
	note = sg_store_note(s, "7F3K9QXD", &error);
	g_assert_cmpstr(note, ==, "markerword: be kind");
	g_assert_false(place_holds(&p, "markerword"));
	g_assert_true(sg_store_undo(s, "7F3K9QXD", "okafor", NOW + 1, &error));
	after = sg_store_note(s, "7F3K9QXD", &error);
	g_assert_cmpstr(after, ==, "");
}

static void
subjects(void)
{
	static const char *const own[] = { "Okafor@hillview.example", NULL }, *const other[] = { "x@hillview.example", NULL };
	static const char *const party[] = { "A@x.example", NULL };
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(SgIncident) i = incident_make("7F3K9QXD", "d1", "a@x.example"), got = NULL, known = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) hidden = NULL, seen = NULL, with = NULL, without = NULL;

	place_make(&p);
	s = place_open(&p);
	g_ptr_array_add(i->subjects, g_strdup("okafor@hillview.example"));
	g_ptr_array_add(i->subjects, g_strdup("OKAFOR@hillview.example"));
	g_assert_true(sg_store_file(s, i, NULL, NULL, NULL, &known, &error));
	got = sg_store_get(s, "7F3K9QXD", &error);
	g_assert_cmpuint(got->subjects->len, ==, 1);
	hidden = sg_store_list(s, &(SgFilter){ .not_party = own, .now = NOW }, &error);
	seen = sg_store_list(s, &(SgFilter){ .not_party = other, .now = NOW }, &error);
	g_assert_cmpuint(hidden->len, ==, 0);
	g_assert_cmpuint(seen->len, ==, 1);
	with = sg_store_list(s, &(SgFilter){ .party = party, .now = NOW }, &error);
	without = sg_store_list(s, &(SgFilter){ .party = other, .now = NOW }, &error);
	g_assert_cmpuint(with->len, ==, 1);
	g_assert_cmpuint(without->len, ==, 0);
}

static void
covers(void)
{
	char lead[] = "okafor", deputy[] = "patel";
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) now = NULL, later = NULL;
	SgCover c = { .lead = lead, .deputy = deputy, .since = NOW, .until = NOW + 86400 }, bad = c;

	place_make(&p);
	s = place_open(&p);
	bad.until = bad.since;
	refused(sg_store_cover_add(s, &bad, NOW, &error), &error);
	bad.until = bad.since + (gint64)400 * 86400;
	refused(sg_store_cover_add(s, &bad, NOW, &error), &error);
	refused(sg_store_cover_add(s, &c, NOW + 90000, &error), &error);
	g_assert_true(sg_store_cover_add(s, &c, NOW, &error));
	now = sg_store_covers(s, NOW, &error);
	g_assert_cmpuint(now->len, ==, 1);
	g_assert_cmpstr(((SgCover *)now->pdata[0])->deputy, ==, "patel");
	refused(sg_store_cover_end(s, ((SgCover *)now->pdata[0])->id, "patel", NOW + 5, &error), &error);
	g_assert_true(sg_store_cover_end(s, ((SgCover *)now->pdata[0])->id, "okafor", NOW + 5, &error));
	later = sg_store_covers(s, NOW + 6, &error);
	g_assert_cmpuint(later->len, ==, 0);
}

static void
serious(void)
{
	g_auto(Place) p = { 0 };
	g_autoptr(SgStore) s = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GHashTable) counts = NULL, none = NULL;

	place_make(&p);
	s = place_open(&p);
	for (guint n = 0; n < 3; n++) {
		g_autofree char *ref = g_strdup_printf("7F3K9QX%u", n), *dedupe = g_strdup_printf("d%u", n);
		g_autoptr(SgIncident) i = incident_make(ref, dedupe, "a@x.example"), known = NULL;

		i->severity = n == 0 ? 3 : 4;
		g_assert_true(sg_store_file(s, i, NULL, NULL, NULL, &known, &error));
		g_assert_true(sg_store_audit(s, "okafor", "looked", ref, "rung=1", NOW, &error));
		g_assert_true(sg_store_audit(s, "okafor", "revealed", ref, "rung=2", NOW, &error));
		g_assert_true(sg_store_audit(s, "okafor", "revealed", ref, "rung=3", NOW, &error));
		g_assert_true(sg_store_audit(s, "patel", "looked", ref, "rung=1", NOW, &error));
	}
	counts = sg_store_serious(s, NOW, &error);
	g_assert_cmpuint(GPOINTER_TO_UINT(g_hash_table_lookup(counts, "okafor")), ==, 2);
	g_assert_null(g_hash_table_lookup(counts, "patel"));
	none = sg_store_serious(s, NOW + 1, &error);
	g_assert_cmpuint(g_hash_table_size(none), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/care/seals", seals);
	g_test_add_func("/care/notes", notes);
	g_test_add_func("/care/subjects", subjects);
	g_test_add_func("/care/covers", covers);
	g_test_add_func("/care/serious", serious);
	return g_test_run();
}
