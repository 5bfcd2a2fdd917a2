/* fails-if: a request for another host is served, or a form from another site, another session or
 * without a token is taken */
#include <string.h>

#include "console/visit.h"

static SgOptions *
options(const char *listen, const char *url)
{
	static SgOptions o;

	o.console.listen = (char *)(gsize)listen;
	o.console.url = (char *)(gsize)url;
	return &o;
}

static void
hosts(void)
{
	static const struct {
		const char *listen, *url, *host;
		gboolean tcp, ours;
	} rows[] = {
		{ "127.0.0.1:8380", "https://sg.example", "sg.example", TRUE, TRUE },
		{ "127.0.0.1:8380", "https://sg.example", "SG.example", TRUE, TRUE },
		{ "127.0.0.1:8380", "https://sg.example:443/", "sg.example", TRUE, TRUE },
		{ "127.0.0.1:8380", "https://sg.example:8443", "sg.example:8443", TRUE, TRUE },
		{ "127.0.0.1:8380", "https://sg.example:8443", "sg.example", TRUE, FALSE },
		{ "127.0.0.1:8380", "https://sg.example", "sg.example.evil.example", TRUE, FALSE },
		{ "127.0.0.1:8380", "", "127.0.0.1:8380", TRUE, TRUE },
		{ "127.0.0.1:8380", "", "localhost:8380", TRUE, TRUE },
		{ "[::1]:8380", "", "[::1]:8380", TRUE, TRUE },
		{ "127.0.0.1:8380", "", "localhost", TRUE, FALSE },
		{ "127.0.0.1:8380", "", "localhost", FALSE, TRUE },
		{ "127.0.0.1:8380", "", "localhost:8381", TRUE, FALSE },
		{ "off", "", "off", TRUE, FALSE },
		{ "off", "", "", TRUE, FALSE },
		{ "127.0.0.1:8380", "", NULL, TRUE, FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(sg_visit_host(options(rows[i].listen, rows[i].url), rows[i].host,
		    rows[i].tcp), ==, rows[i].ours);
}

static void
forms(void)
{
	static const char good[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	static const char bad[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB";
	static const struct {
		SgOrigin    from;
		const char *field;
		gboolean    own;
	} rows[] = {
		{ { "sg.example", "https://sg.example", "same-origin", NULL }, good, TRUE },
		{ { "sg.example", "https://sg.example", NULL, NULL }, good, TRUE },
		{ { "sg.example", "https://sg.example", NULL, good }, NULL, TRUE },
		{ { "localhost:8380", "http://localhost:8380", NULL, NULL }, good, TRUE },
		{ { "127.0.0.1:8380", "http://127.0.0.1:8380", NULL, NULL }, good, TRUE },
		{ { "sg.example", "https://sg.example", NULL, NULL }, NULL, FALSE },
		{ { "sg.example", "https://sg.example", NULL, NULL }, "", FALSE },
		{ { "sg.example", "https://sg.example", NULL, NULL }, bad, FALSE },
		{ { "sg.example", "https://sg.example", NULL, bad }, NULL, FALSE },
		{ { "sg.example", NULL, NULL, NULL }, good, FALSE },
		{ { "sg.example", "null", NULL, NULL }, good, FALSE },
		{ { "sg.example", "http://sg.example", NULL, NULL }, good, FALSE },
		{ { "sg.example", "https://evil.example", NULL, NULL }, good, FALSE },
		{ { "sg.example", "https://sg.example.evil.example", NULL, NULL }, good, FALSE },
		{ { "localhost:8380", "https://sg.example", NULL, NULL }, good, FALSE },
		{ { "localhost:8380", "http://127.0.0.1:8380", NULL, NULL }, good, FALSE },
		{ { NULL, "http://localhost:8380", NULL, NULL }, good, FALSE },
		{ { "sg.example", "https://sg.example", "same-site", NULL }, good, FALSE },
		{ { "sg.example", "https://sg.example", "cross-site", NULL }, good, FALSE },
		{ { "sg.example", "https://sg.example", "none", NULL }, good, FALSE },
	};
	SgVisit v = { 0 };

	(void)g_strlcpy(v.csrf, good, sizeof v.csrf);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(sg_visit_own(&v, options("127.0.0.1:8380", "https://sg.example"),
		    &rows[i].from, rows[i].field), ==, rows[i].own);
	/* who has no token has none to match */
	v.csrf[0] = '\0';
	g_assert_false(sg_visit_own(&v, options("127.0.0.1:8380", "https://sg.example"), &rows[0].from, ""));
}

static void
strangers(void)
{
	static const char *const cookies[] = { NULL, "", "__Host-sg-visitor=short", "x__Host-sg-visitor=AAAA", ";;;=;",
	    "__Host-sg=; __Host-sg-visitor=" };

	for (gsize i = 0; i < G_N_ELEMENTS(cookies); i++) {
		SgVisit v = { 0 };

		g_assert_true(sg_visit_read(&v, &(SgConsole){ 0 }, options("off", ""), cookies[i], FALSE, 1, NULL));
		g_assert_true(v.fresh && v.session == NULL && v.person == NULL);
		g_assert_cmpuint(strlen(v.visitor), ==, SG_TOKEN_LEN);
		g_assert_cmpuint(strlen(v.csrf), ==, SG_TOKEN_LEN);
		sg_visit_clear(&v);
	}
}

static void
visitors(void)
{
	SgVisit v = { 0 }, again = { 0 };
	g_autofree char *cookies = NULL;

	g_assert_true(sg_visit_read(&v, &(SgConsole){ 0 }, options("off", ""), NULL, FALSE, 1, NULL));
	cookies = g_strdup_printf("a=b; __Host-sg-visitor=%s; c=d", v.visitor);
	g_assert_true(sg_visit_read(&again, &(SgConsole){ 0 }, options("off", ""), cookies, FALSE, 1, NULL));
	g_assert_false(again.fresh);
	g_assert_cmpstr(again.csrf, ==, v.csrf);
	sg_visit_clear(&v);
	sg_visit_clear(&again);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/visit/hosts", hosts);
	g_test_add_func("/visit/forms", forms);
	g_test_add_func("/visit/strangers", strangers);
	g_test_add_func("/visit/visitors", visitors);
	return g_test_run();
}
