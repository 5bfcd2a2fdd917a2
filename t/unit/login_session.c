/* fails-if: a session is found by anything but its cookie, lasts longer than it may, keeps its
 * cookie over a rise in rights, or a cookie, link or secret stands in the store in clear */
#include <string.h>

#include <sodium.h>

#include "../lib/store_fixture.h"
#include "base/err.h"
#include "login/session.h"
#include "store/accounts.h"

typedef struct Fixture {
	Place	   place;
	SgStore	  *s;
	SgOptions *o;
} Fixture;

static void
add(SgStore *s, const char *name, SgRole role)
{
	g_autoptr(GError) error = NULL;
	const char *mail[] = { "dsl@hillview.example", NULL };
	const SgPerson p = { .name = (char *)(gsize)name, .shown = (char *)(gsize) "Mrs Okafor", .role = role,
	    .mail = (char **)(gsize)mail };
	const SgActor by = { "root", "set-up", NOW };

	g_assert_true(sg_store_person_add(s, &p, &by, &error));
	g_assert_no_error(error);
}

static void
set_up(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	place_make(&f->place);
	f->s = place_open(&f->place);
	f->o = place_options(&f->place, NULL, NULL);
	add(f->s, "okafor", SG_ROLE_LEAD);
}

static void
tear_down(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_assert_true(sg_store_audit_verify(f->s, NULL, NULL));
	sg_store_close(f->s);
	sg_options_unref(f->o);
	place_clear(&f->place);
}

static void
begin(Fixture *f, SgStage stage, const char *old, gint64 now, char cookie[SG_TOKEN_LEN + 1])
{
	g_autoptr(GError) error = NULL;
	const SgSessionWish w = { .account = "okafor", .address = "127.0.0.1", .old = old, .stage = stage,
	    .action = stage == SG_STAGE_FULL ? "signed-in" : "" };

	g_assert_true(sg_session_begin(f->s, &w, now, f->o, cookie, &error));
	g_assert_no_error(error);
}

static SgSession *
find(Fixture *f, const char *cookie, gint64 now)
{
	g_autoptr(GError) error = NULL;
	SgSession *s = sg_session_find(f->s, cookie, now, f->o, &error);

	g_assert_no_error(error);
	return s;
}

static void
tokens(void)
{
	static const char *const bad[] = { "", "x", "../../../../../../../../../../../../etc/passwd",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
	char a[SG_TOKEN_LEN + 1], b[SG_TOKEN_LEN + 1], x[SG_HASH_LEN + 1], y[SG_HASH_LEN + 1], c[SG_TOKEN_LEN + 1];

	sg_token_new(a);
	sg_token_new(b);
	g_assert_cmpuint(strlen(a), ==, SG_TOKEN_LEN);
	g_assert_cmpstr(a, !=, b);
	g_assert_true(sg_token_hash(SG_TOKEN_SESSION, a, x) && sg_token_hash(SG_TOKEN_FIRST_USE, a, y));
	g_assert_cmpstr(x, !=, y);
	g_assert_true(sg_token_csrf(SG_TOKEN_SESSION, a, c));
	g_assert_true(sg_token_same(c, c) && !sg_token_same(c, a) && !sg_token_same("", "") &&
	    !sg_token_same(NULL, NULL) && !sg_token_same("a", NULL) && !sg_token_same("a", "ab"));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(sg_token_hash(SG_TOKEN_SESSION, bad[i], x));
	g_assert_false(sg_token_hash(SG_TOKEN_SESSION, NULL, x));
}

static void
secrets(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autofree char *box = sg_secret_seal(f->place.keys, "totp", "okafor", "JBSWY3DPEHPK3PXP");
	g_autofree char *again = sg_secret_seal(f->place.keys, "totp", "okafor", "JBSWY3DPEHPK3PXP");
	g_autofree char *open = sg_secret_open(f->place.keys, "totp", "okafor", box);

	g_assert_cmpstr(open, ==, "JBSWY3DPEHPK3PXP");
	g_assert_cmpstr(box, !=, again);
	g_assert_null(sg_secret_open(f->place.keys, "totp", "patel", box));
	g_assert_null(sg_secret_open(f->place.keys, "note", "okafor", box));
	g_assert_null(sg_secret_open(f->place.keys, "totp", "okafor", ""));
	g_assert_null(sg_secret_open(f->place.keys, "totp", "okafor", "zz"));
	box[60] = box[60] == '0' ? '1' : '0';
	g_assert_null(sg_secret_open(f->place.keys, "totp", "okafor", box));
}

static void
found_by_its_cookie(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	char cookie[SG_TOKEN_LEN + 1], other[SG_TOKEN_LEN + 1];
	g_autoptr(SgSession) s = NULL;

	begin(f, SG_STAGE_FULL, "", NOW, cookie);
	s = find(f, cookie, NOW + 60);
	g_assert_nonnull(s);
	g_assert_cmpstr(s->account, ==, "okafor");
	g_assert_false(s->locked);
	g_assert_cmpuint(strlen(s->csrf), ==, SG_TOKEN_LEN);
	g_assert_cmpstr(s->csrf, !=, cookie);
	sg_token_new(other);
	g_assert_null(find(f, other, NOW));
	g_assert_null(find(f, s->hash, NOW));
	g_assert_null(find(f, s->id, NOW));
	g_assert_null(find(f, NULL, NOW));
	/* what is kept is of no use to a thief of the store */
	g_assert_false(place_holds(&f->place, cookie));
	g_assert_false(place_holds(&f->place, s->csrf));
}

static void
locks_and_ends(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	char cookie[SG_TOKEN_LEN + 1];
	gint64 t = NOW;
	guint pages = 0;

	begin(f, SG_STAGE_FULL, "", NOW, cookie);
	for (;; t += 14 * 60, pages++) {
		g_autoptr(SgSession) s = find(f, cookie, t);

		if (s == NULL)
			break;
		g_assert_false(s->locked);
	}
	/* ten hours, however busy */
	g_assert_cmpint(t, >=, NOW + 10 * 3600);
	g_assert_cmpint(t, <, NOW + 10 * 3600 + 15 * 60);
	begin(f, SG_STAGE_FULL, "", NOW, cookie);
	{
		g_autoptr(SgSession) busy = find(f, cookie, NOW + 14 * 60);
		/* a script that counts is nobody */
		g_autoptr(SgSession) polled = sg_session_look(f->s, cookie, NOW + 28 * 60, f->o, NULL);
		g_autoptr(SgSession) idle = find(f, cookie, NOW + 29 * 60);
		g_autoptr(SgSession) still = find(f, cookie, NOW + 29 * 60 + 1);

		g_assert_false(busy->locked);
		g_assert_false(polled->locked);
		g_assert_true(idle->locked && idle->stage == SG_STAGE_LOCKED);
		/* asking again is no way out */
		g_assert_true(still->locked);
	}
}

static void
hides(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	char cookie[SG_TOKEN_LEN + 1];
	g_autoptr(SgSession) s = NULL;

	begin(f, SG_STAGE_FULL, "", NOW, cookie);
	s = find(f, cookie, NOW);
	g_assert_true(sg_session_hide(f->s, s, NOW, NULL));
	{
		g_autoptr(SgSession) back = find(f, cookie, NOW + 299);
		g_autoptr(SgSession) on = find(f, cookie, NOW + 400);

		g_assert_false(back->locked);
		g_assert_false(on->locked);
		g_assert_true(sg_session_hide(f->s, on, NOW + 400, NULL));
	}
	{
		g_autoptr(SgSession) polled = sg_session_look(f->s, cookie, NOW + 410, f->o, NULL);
		g_autoptr(SgSession) late = find(f, cookie, NOW + 701);

		g_assert_false(polled->locked);
		g_assert_true(late->locked);
	}
}

static void
new_value_at_each_rise(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	char half[SG_TOKEN_LEN + 1], full[SG_TOKEN_LEN + 1], hash[SG_HASH_LEN + 1];
	g_autoptr(SgSession) s = NULL;

	begin(f, SG_STAGE_CODE, "", NOW, half);
	s = find(f, half, NOW);
	g_assert_true(s->locked && s->stage == SG_STAGE_CODE);
	g_assert_true(sg_token_hash(SG_TOKEN_SESSION, half, hash));
	begin(f, SG_STAGE_FULL, hash, NOW, full);
	g_assert_cmpstr(half, !=, full);
	g_assert_null(find(f, half, NOW));
	/* a half one does not wait for ever */
	begin(f, SG_STAGE_CODE, "", NOW, half);
	g_assert_null(find(f, half, NOW + 16 * 60));
}

static void
ends_with_rights(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	const SgActor by = { "lowe", "", NOW };
	char cookie[SG_TOKEN_LEN + 1];

	begin(f, SG_STAGE_FULL, "", NOW, cookie);
	g_assert_true(sg_store_person_role(f->s, "okafor", SG_ROLE_DEPUTY, &by, NULL));
	g_assert_null(find(f, cookie, NOW));
	begin(f, SG_STAGE_FULL, "", NOW, cookie);
	g_assert_true(sg_store_person_enable(f->s, "okafor", FALSE, &by, NULL));
	g_assert_null(find(f, cookie, NOW));
	{
		g_autoptr(GError) error = NULL;
		const SgSessionWish w = { .account = "okafor", .old = "", .stage = SG_STAGE_FULL, .action = "signed-in" };

		g_assert_false(sg_session_begin(f->s, &w, NOW, f->o, cookie, &error));
		g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	}
}

static void
listed_and_ended(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	char one[SG_TOKEN_LEN + 1], two[SG_TOKEN_LEN + 1], three[SG_TOKEN_LEN + 1];
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(SgSession) s = NULL, here = NULL;

	begin(f, SG_STAGE_FULL, "", NOW, one);
	begin(f, SG_STAGE_FULL, "", NOW + 1, two);
	begin(f, SG_STAGE_FULL, "", NOW + 2, three);
	list = sg_store_sessions(f->s, "okafor", NULL);
	g_assert_cmpuint(list->len, ==, 3);
	s = find(f, one, NOW);
	here = find(f, three, NOW);
	g_assert_false(sg_store_session_end(f->s, "patel", s->id, "", "patel", NOW, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_assert_true(sg_store_session_end(f->s, "okafor", s->id, "", "okafor", NOW, NULL));
	g_assert_null(find(f, one, NOW));
	g_assert_true(sg_store_session_end(f->s, "okafor", NULL, here->hash, "okafor", NOW, NULL));
	g_assert_null(find(f, two, NOW));
	sg_session_free(here);
	here = find(f, three, NOW);
	g_assert_nonnull(here);
}

static void
cookies(void)
{
	g_autofree char *line = sg_cookie_line(SG_COOKIE, "abc"), *gone = sg_cookie_line(SG_COOKIE, ""),
			*visitor = sg_cookie_line(SG_COOKIE_VISITOR, "abc");

	g_assert_cmpstr(line, ==, "__Host-sg=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
	g_assert_true(g_str_has_suffix(gone, "; Max-Age=0"));
	g_assert_nonnull(strstr(visitor, "Secure; HttpOnly"));
}

#define ADD(name, fn) g_test_add("/login-session/" name, Fixture, NULL, set_up, fn, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(sodium_init(), !=, -1);
	g_test_add_func("/login-session/tokens", tokens);
	g_test_add_func("/login-session/cookies", cookies);
	ADD("secrets", secrets);
	ADD("found by its cookie", found_by_its_cookie);
	ADD("locks and ends", locks_and_ends);
	ADD("hides", hides);
	ADD("a new value at each rise", new_value_at_each_rise);
	ADD("ends with rights", ends_with_rights);
	ADD("listed and ended", listed_and_ended);
	return g_test_run();
}
