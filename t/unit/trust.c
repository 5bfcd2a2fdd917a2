/* fails-if: a sender counts as authenticated by anything but a login or a trusted network */
#include "base/err.h"
#include "front/trust.h"

static SgTrust *
trust(const char *networks)
{
	g_auto(GStrv) list = g_strsplit(networks, " ", -1);

	return sg_trust_new(list, NULL, NULL);
}

static void
vouched(void)
{
	static const struct {
		const char *networks, *auth, *client;
		gboolean want;
	} cases[] = {
		{ "",		   NULL,  "192.0.2.1",		FALSE },
		{ "",		   "",	  "127.0.0.1",		FALSE },	/* not even loopback */
		{ "",		   "amy", "192.0.2.1",		TRUE },
		{ "",		   "amy", NULL,			TRUE },
		{ "192.0.2.0/24",  NULL,  "192.0.2.255",	TRUE },
		{ "192.0.2.0/24",  NULL,  "192.0.3.0",		FALSE },
		{ "192.0.2.7",	   NULL,  "192.0.2.7",		TRUE },
		{ "192.0.2.7",	   NULL,  "192.0.2.70",		FALSE },
		{ "192.0.2.0/24",  NULL,  "::ffff:192.0.2.9",	TRUE },
		{ "2001:db8::/32", NULL,  "2001:db8:1::1",	TRUE },
		{ "2001:db8::/32", NULL,  "192.0.2.1",		FALSE },
		{ "10.0.0.0/8 2001:db8::/32", NULL, "10.200.1.1", TRUE },
		{ "192.0.2.0/24",  NULL,  "mail.192.0.2.9",	FALSE },
		{ "192.0.2.0/24",  NULL,  "",			FALSE },
		{ "0.0.0.0/0",	   NULL,  NULL,			FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(SgTrust) t = trust(cases[i].networks);

		g_test_message("%zu", i);
		g_assert_nonnull(t);
		g_assert_cmpint(sg_trust_vouched(t, cases[i].auth, cases[i].client), ==, cases[i].want);
	}
}

static void
bad_networks(void)
{
	char *list[] = { (char *)"192.0.2.0/24", (char *)"192.0.2.1/24", (char *)"lan", NULL };
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	g_assert_null(sg_trust_new(list, problems, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_assert_cmpuint(problems->len, ==, 2);	/* both are told, not only the first */
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trust/vouched", vouched);
	g_test_add_func("/trust/bad-networks", bad_networks);
	return g_test_run();
}
