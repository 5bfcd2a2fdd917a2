/* fails-if: a wrong row of cli.accounts is taken, or a person is not known by their own address */
#include "base/err.h"
#include "model/account.h"

static GPtrArray *
parse(const char *row, GError **error)
{
	const char *rows[] = { row, NULL };

	return sg_accounts_parse((char *const *)(gsize)rows, NULL, error);
}

static void
good(void)
{
	const char *rows[] = { "1001:okafor:lead:dsl@hillview.example,Okafor@Hillview.example",
	    "root:tech:it", "1003:x:governor:", NULL };
	g_autoptr(GPtrArray) a = sg_accounts_parse((char *const *)(gsize)rows, NULL, NULL);
	const SgAccount *lead;

	g_assert_nonnull(a);
	lead = sg_accounts_find(a, 1001);
	g_assert_cmpstr(lead->name, ==, "okafor");
	g_assert_cmpint(lead->role, ==, SG_ROLE_LEAD);
	g_assert_cmpint(sg_accounts_find(a, 0)->role, ==, SG_ROLE_IT);
	g_assert_null(sg_accounts_find(a, 1002));
	g_assert_true(sg_accounts_named(a, "okafor") == lead);
	g_assert_true(sg_account_is(lead, "DSL@hillview.example"));
	g_assert_true(sg_account_is(lead, "okafor@hillview.example"));
	g_assert_true(sg_account_is(lead, "okafor+lists@HILLVIEW.example"));
	g_assert_false(sg_account_is(lead, "okafor@elsewhere.example"));
	g_assert_false(sg_account_is(lead, "xokafor@hillview.example"));
	g_assert_false(sg_account_is(lead, ""));
	g_assert_false(sg_account_is(lead, NULL));
	g_assert_false(sg_account_is(sg_accounts_find(a, 0), ""));
}

static void
bad(void)
{
	static const char *const rows[] = { "", "okafor", "1:okafor",
	    "no-such-user-here:a:lead:a@b.c", "1:a:boss:a@b.c", "1:A B:lead:a@b.c", "1::lead:a@b.c",
	    "1:a:lead:", "1:a:lead", "4294967295:a:it", "-1:a:it" };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) a = parse(rows[i], &error);

		g_assert_null(a);
		g_assert_error(error, SG_ERR, SG_ERR_SETUP);
		g_assert_true(g_str_has_prefix(error->message, "cli.accounts: "));
	}
}

static void
every_wrong_row_is_told(void)
{
	const char *rows[] = { "1:a:boss:x@y.z", "2:b:it", "2:c:it", NULL };
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

	g_assert_null(sg_accounts_parse((char *const *)(gsize)rows, problems, NULL));
	g_assert_cmpuint(problems->len, ==, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/account/good", good);
	g_test_add_func("/account/bad", bad);
	g_test_add_func("/account/every wrong row is told", every_wrong_row_is_told);
	return g_test_run();
}
