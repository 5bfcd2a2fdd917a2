/* fails-if: an account, a first-use link, a recovery code or a change that needs two people works
 * twice, too late, or for one person alone; or guesses are not slowed */
#include <string.h>

#include "../lib/store_fixture.h"
#include "base/err.h"
#include "store/accounts.h"
#include "store/sessions.h"

#define DAY ((gint64)86400)

typedef struct Fixture {
	Place	 place;
	SgStore *s;
} Fixture;

static const SgActor root = { "root", "set-up", NOW };
static const SgActor head = { "lowe", "", NOW };

static gboolean
add(SgStore *s, const char *name, SgRole role, GError **error)
{
	const char *mail[] = { "a@hillview.example", "b@hillview.example", NULL };
	const SgPerson p = { .name = (char *)(gsize)name, .shown = (char *)(gsize) "Somebody", .role = role,
	    .mail = (char **)(gsize)mail };

	return sg_store_person_add(s, &p, &root, error);
}

static void
set_up(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	place_make(&f->place);
	f->s = place_open(&f->place);
	g_assert_true(add(f->s, "okafor", SG_ROLE_LEAD, NULL));
	g_assert_true(add(f->s, "lowe", SG_ROLE_HEAD, NULL));
}

static void
tear_down(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_assert_true(sg_store_audit_verify(f->s, NULL, NULL));
	sg_store_close(f->s);
	place_clear(&f->place);
}

static SgPerson *
person(Fixture *f, const char *name)
{
	g_autoptr(GError) error = NULL;
	SgPerson *p = sg_store_person(f->s, name, &error);

	g_assert_no_error(error);
	return p;
}

static void
activate(Fixture *f, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgFirstUse) use = NULL;
	const char *codes[] = { "h1", "h2", NULL };

	g_assert_true(sg_store_first_use_make(f->s, name, name, NOW + DAY, FALSE, &root, &error));
	g_assert_true(sg_store_first_use_keep(f->s, name, "pw", NULL, &error));
	g_assert_true(sg_store_first_use_keep(f->s, name, NULL, "secret", &error));
	use = sg_store_first_use(f->s, name, NOW, &error);
	g_assert_true(sg_store_first_use_done(f->s, use, 100, (char *const *)(gsize)codes, NOW, &error));
	g_assert_no_error(error);
}

static void
is_kept(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgPerson) p = person(f, "okafor");
	g_autoptr(GPtrArray) all = sg_store_people(f->s, &error);

	g_assert_cmpint(p->state, ==, SG_ACCOUNT_NEW);
	g_assert_cmpint(p->role, ==, SG_ROLE_LEAD);
	g_assert_cmpstr(p->mail[1], ==, "b@hillview.example");
	g_assert_true(p->single_keys && !p->low_words);
	g_assert_cmpuint(all->len, ==, 2);
	g_assert_null(person(f, "nobody"));
	g_assert_false(add(f->s, "okafor", SG_ROLE_HEAD, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_clear_error(&error);
	g_assert_false(sg_store_person_role(f->s, "nobody", SG_ROLE_IT, &head, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
}

static void
first_use(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgFirstUse) use = NULL;
	g_autoptr(SgPerson) p = NULL, after = NULL;
	const char *codes[] = { "h1", NULL };

	g_assert_true(sg_store_first_use_make(f->s, "okafor", "old", NOW + DAY, FALSE, &root, NULL));
	g_assert_true(sg_store_first_use_make(f->s, "okafor", "new", NOW + DAY, FALSE, &root, NULL));
	g_assert_null(sg_store_first_use(f->s, "old", NOW, &error));
	g_assert_null(sg_store_first_use(f->s, "new", NOW + DAY, &error));
	g_assert_no_error(error);
	use = sg_store_first_use(f->s, "new", NOW + DAY - 1, NULL);
	/* nothing chosen yet, but somebody else has chosen meanwhile: what was looked at must be it */
	g_assert_true(sg_store_first_use_keep(f->s, "new", "pw", "secret", NULL));
	g_assert_false(sg_store_first_use_done(f->s, use, 1, (char *const *)(gsize)codes, NOW, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_clear_error(&error);
	activate(f, "okafor");
	p = person(f, "okafor");
	g_assert_cmpint(p->state, ==, SG_ACCOUNT_ACTIVE);
	g_assert_cmpstr(p->password, ==, "pw");
	g_assert_cmpuint(p->codes, ==, 2);
	g_assert_null(sg_store_first_use(f->s, "okafor", NOW, NULL));
	g_assert_false(sg_store_first_use_make(f->s, "okafor", "again", NOW + DAY, FALSE, &root, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_assert_true(sg_store_first_use_make(f->s, "okafor", "again", NOW + DAY, TRUE, &root, NULL));
	after = person(f, "okafor");
	g_assert_cmpint(after->state, ==, SG_ACCOUNT_NEW);
	g_assert_cmpstr(after->password, ==, "");
	g_assert_cmpuint(after->codes, ==, 0);
}

static void
codes_once(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	const SgActor self = { "okafor", "", NOW };
	gboolean right = FALSE, fresh = FALSE;

	activate(f, "okafor");
	activate(f, "lowe");
	g_assert_true(sg_store_recovery_use(f->s, "okafor", "h1", &self, &right, NULL) && right);
	g_assert_true(sg_store_recovery_use(f->s, "okafor", "h1", &self, &right, NULL) && !right);
	g_assert_true(sg_store_recovery_use(f->s, "okafor", "h9", &self, &right, NULL) && !right);
	/* the one that ended the set-up counts as used */
	g_assert_true(sg_store_step_use(f->s, "okafor", 100, &fresh, NULL) && !fresh);
	g_assert_true(sg_store_step_use(f->s, "okafor", 101, &fresh, NULL) && fresh);
	g_assert_true(sg_store_step_use(f->s, "okafor", 101, &fresh, NULL) && !fresh);
	g_assert_true(sg_store_step_use(f->s, "okafor", 99, &fresh, NULL) && !fresh);
}

static gint64
proposed(Fixture *f)
{
	g_autoptr(GPtrArray) list = sg_store_proposals(f->s, NULL, NULL);

	g_assert_cmpuint(list->len, ==, 1);
	return ((const SgProposal *)g_ptr_array_index(list, 0))->id;
}

static void
two_people(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	const SgActor tech = { "root", "", NOW }, self = { "okafor", "", NOW };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgProposal) p = NULL;

	g_assert_true(sg_store_propose(f->s, "okafor", "role", "head", &tech, NULL));
	g_assert_null(sg_store_proposal_end(f->s, proposed(f), TRUE, &tech, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_clear_error(&error);
	g_assert_null(sg_store_proposal_end(f->s, proposed(f), TRUE, &self, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_clear_error(&error);
	p = sg_store_proposal_end(f->s, proposed(f), TRUE, &head, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(p->value, ==, "head");
	g_assert_null(sg_store_proposal_end(f->s, p->id, TRUE, &head, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	/* a newer one is in place of the older; whoever made it may take it back */
	g_assert_true(sg_store_propose(f->s, "okafor", "role", "dpo", &tech, NULL));
	g_assert_true(sg_store_propose(f->s, "okafor", "role", "deputy", &tech, NULL));
	sg_proposal_free(g_steal_pointer(&p));
	p = sg_store_proposal_end(f->s, proposed(f), FALSE, &tech, NULL);
	g_assert_cmpstr(p->value, ==, "deputy");
	/* addresses are not for the audit */
	g_assert_true(sg_store_propose(f->s, "okafor", "mail", "zebra@hillview.example", &tech, NULL));
	{
		g_autoptr(GPtrArray) audit = sg_store_audit_list(f->s, NULL, 0, 100, NULL);

		for (guint i = 0; i < audit->len; i++)
			g_assert_null(strchr(((const SgAuditEntry *)g_ptr_array_index(audit, i))->detail, '@'));
	}
}

static void
guesses(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	const SgGuessLimit limits[] = { { (char *)(gsize) "name", 5, 2, 900 }, { (char *)(gsize) "place", 30, 1, 60 } };
	const char *who[] = { "name", NULL };
	guint passed = 0;
	gint64 wait = 0;

	/* one a second, for 10,000 seconds */
	for (gint64 t = NOW; t < NOW + 10000; t++) {
		g_assert_true(sg_store_guess(f->s, limits, 2, t, &wait, NULL));
		passed += wait == 0;
	}
	g_assert_cmpuint(passed, <=, 30);
	g_assert_cmpuint(passed, >=, 10);
	/* all at the same moment */
	g_assert_true(sg_store_guess_forgive(f->s, who, NULL));
	passed = 0;
	for (guint i = 0; i < 100; i++) {
		g_assert_true(sg_store_guess(f->s, limits, 1, NOW + 20000, &wait, NULL));
		passed += wait == 0;
	}
	g_assert_cmpuint(passed, ==, 5);
	g_assert_true(sg_store_guess(f->s, limits, 1, NOW + 20000 + DAY + 1, &wait, NULL));
	g_assert_cmpint(wait, ==, 0);
}

static void
browsers(Fixture *f, gconstpointer u G_GNUC_UNUSED)
{
	gboolean known = TRUE;

	g_assert_true(sg_store_browser_known(f->s, "okafor", "b0", &known, NULL) && !known);
	for (guint i = 0; i < 25; i++) {
		g_autofree char *hash = g_strdup_printf("b%u", i);

		g_assert_true(sg_store_browser_add(f->s, "okafor", hash, NOW + i, NULL));
	}
	g_assert_true(sg_store_browser_known(f->s, "okafor", "b24", &known, NULL) && known);
	g_assert_true(sg_store_browser_known(f->s, "okafor", "b0", &known, NULL) && !known);
	g_assert_true(sg_store_browser_known(f->s, "lowe", "b24", &known, NULL) && !known);
}

#define ADD(name, fn) g_test_add("/accounts/" name, Fixture, NULL, set_up, fn, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("is kept", is_kept);
	ADD("first use", first_use);
	ADD("codes once", codes_once);
	ADD("two people", two_people);
	ADD("guesses", guesses);
	ADD("browsers", browsers);
	return g_test_run();
}
