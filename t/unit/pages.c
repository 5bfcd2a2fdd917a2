/* fails-if: a row lets nobody in or stands twice, messages are for others than readers, a path
 * matches loosely, a field twice or a broken escape is taken, a grant lasts too long,
 * or an answer sends a browser to another place than ours */
#include <string.h>

#include "base/err.h"
#include "console/pages.h"

/* Who each row lets in, t/60-console.t knows by a table of its own. */
static void
every_row(void)
{
	gsize n;
	const SgPage *p = sg_pages(&n);

	for (gsize i = 0; i < n; i++) {
		g_assert_cmpuint(p[i].roles, !=, 0);
		g_assert_cmpuint(p[i].roles & ~(guint)SG_ROLE_ANYBODY, ==, 0);
		g_assert_cmpuint(sg_pages_roles(p[i].pattern, p[i].method), ==, p[i].roles);
		g_assert_nonnull(p[i].handler);
		g_assert_true(strcmp(p[i].method, "GET") == 0 || strcmp(p[i].method, "POST") == 0);
		for (gsize k = i + 1; k < n; k++)
			g_assert_false(strcmp(p[i].pattern, p[k].pattern) == 0 &&
			    strcmp(p[i].method, p[k].method) == 0);
		/* what shows or decides messages is for those who may read */
		if (g_str_has_prefix(p[i].pattern, "/message") ||
		    g_str_has_prefix(p[i].pattern, "/queue"))
			g_assert_cmpuint(p[i].roles & ~(guint)SG_ROLE_CONTENT, ==, 0);
	}
	g_assert_cmpuint(sg_pages_roles("/nothing", "GET"), ==, 0);
	g_assert_cmpuint(sg_pages_roles("/queue", "POST"), ==, 0);
}

static void
whom_to_ask(void)
{
	char ref[SG_REF_LEN + 1], id[SG_PATH_ID_MAX + 1];
	const char *methods;

	g_assert_cmpstr(sg_page_ask(sg_page_find("/queue", "GET", ref, id, &methods)), ==,
	    sg_role_label(SG_ROLE_LEAD));
	g_assert_cmpstr(sg_page_ask(sg_page_find("/metrics", "GET", ref, id, &methods)), ==,
	    sg_role_label(SG_ROLE_IT));
}

static const SgPage *
find(const char *path, const char *method, char *ref)
{
	char id[SG_PATH_ID_MAX + 1];
	const char *methods;

	return sg_page_find(path, method, ref, id, &methods);
}

static void
paths(void)
{
	static const char *const none[] = { "", "queue", "/queue/", "//queue", "/queue/x",
	    "/message", "/message/", "/message/REF", "/message/7F3K9QX", "/message/7F3K9QXDD",
	    "/message/7F3K9QXU", "/message/7F3K9QXD/", "/message/7F3K9QXD/nope",
	    "/message/7F3K9QXD/reveal/", "/message//reveal", "/message/../queue", "/me%00",
	    "/message/7F3K--9QXD" };
	char ref[SG_REF_LEN + 1], id[SG_PATH_ID_MAX + 1];
	const char *methods;

	for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
		g_assert_null(find(none[i], "GET", ref));
		g_assert_null(find(none[i], "POST", ref));
	}
	g_assert_nonnull(find("/message/7f3k-9qxd/reveal", "POST", ref));
	g_assert_cmpstr(ref, ==, "7F3K9QXD");
	g_assert_nonnull(find("/queue", "GET", ref));
	g_assert_cmpstr(ref, ==, "");
	g_assert_true(find("/queue", "HEAD", ref) == find("/queue", "GET", ref));
	g_assert_null(sg_page_find("/queue", "POST", ref, id, &methods));
	g_assert_cmpstr(methods, ==, "GET");
	g_assert_null(sg_page_find("/nothing", "GET", ref, id, &methods));
	g_assert_null(methods);
}

static void
see_other(void)
{
	static const char *const elsewhere[] = { "", "queue", "//evil.example/", "/a\r\nSet-Cookie: x",
	    "/\\evil.example", "https://evil.example/", "/a b", "/a\"b" };
	SgReply r = { 0 };

	sg_reply_see(&r, "/message/%s?done=%s", "7F3K9QXD", "released");
	g_assert_cmpstr(r.location, ==, "/message/7F3K9QXD?done=released");
	g_assert_cmpuint(r.status, ==, 303);
	for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++) {
		sg_reply_see(&r, "%s", elsewhere[i]);
		g_assert_cmpstr(r.location, ==, "/");
	}
	sg_reply_clear(&r);
}

static void
forms(void)
{
	g_autoptr(SgFields) f = sg_fields_new();
	guint64 n = 7;

	g_assert_true(sg_fields_form(f, "a=1&b=x+y%2B%C3%A9&&c&d=", 24, NULL));
	g_assert_cmpstr(sg_field(f, "b"), ==, "x y+\xc3\xa9");
	g_assert_cmpstr(sg_field(f, "c"), ==, "");
	g_assert_true(sg_field_true(f, "a"));
	g_assert_false(sg_field_true(f, "b"));
	g_assert_true(sg_field_number(f, "a", 10, &n));
	g_assert_cmpuint(n, ==, 1);
	g_assert_true(sg_field_number(f, "missing", 10, &n));
	g_assert_cmpuint(n, ==, 1);
	g_assert_false(sg_field_number(f, "b", 10, &n));
}

static void
broken_forms(void)
{
	static const char *const broken[] = {
	    "a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "=x", "%=x" };

	for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(SgFields) f = sg_fields_new();
		g_autoptr(GError) error = NULL;

		g_assert_false(sg_fields_form(f, broken[i], strlen(broken[i]), &error));
		g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	}
}

static void
json_bodies(void)
{
	static const char *const broken[] = { "", "[]", "1", "{", "{\"a\":1,\"a\":2}", "{\"a\":{}}",
	    "{\"a\":[]}", "{\"a\":null}", "{\"a\":1.5}", "{\"a\":\"\\u0000\"}", "{\"\":1}",
	    "{\"a\":\"\xff\"}", "{} x" };
	g_autoptr(SgFields) good = sg_fields_new();

	g_assert_true(sg_fields_json(good, "{\"a\":true,\"b\":12,\"c\":\"x\"}", 25, NULL));
	g_assert_true(sg_field_true(good, "a"));
	g_assert_cmpstr(sg_field(good, "b"), ==, "12");
	for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autoptr(SgFields) f = sg_fields_new();

		g_assert_false(sg_fields_json(f, broken[i], strlen(broken[i]), NULL));
	}
}

static void
too_many_fields(void)
{
	g_autoptr(GString) s = g_string_new(NULL);
	g_autoptr(SgFields) f = sg_fields_new();
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i <= SG_FIELDS_MAX; i++)
		g_string_append_printf(s, "f%u=&", i);
	g_assert_false(sg_fields_form(f, s->str, s->len, &error));
	g_assert_error(error, SG_ERR, SG_ERR_LIMIT);
}

static void
grants(void)
{
	SgGrants *g = sg_grants_new();

	g_assert_cmpint(sg_grants_rung(g, "a", "R", 100), ==, SG_RUNG_MASKED);
	sg_grants_give(g, "a", "R", SG_RUNG_WORDS, 100);
	sg_grants_give(g, "b", "R", SG_RUNG_TEXT, 100);
	g_assert_cmpint(sg_grants_rung(g, "a", "R", 100 + SG_GRANT_IDLE - 1), ==, SG_RUNG_WORDS);
	/* looking makes it last */
	g_assert_cmpint(
	    sg_grants_rung(g, "a", "R", 100 + 2 * SG_GRANT_IDLE - 2), ==, SG_RUNG_WORDS);
	g_assert_cmpint(sg_grants_rung(g, "a", "R", 100 + 3 * SG_GRANT_IDLE), ==, SG_RUNG_MASKED);
	g_assert_cmpint(sg_grants_rung(g, "a", "other", 100), ==, SG_RUNG_MASKED);
	sg_grants_give(g, "a", "R", SG_RUNG_TEXT, 5000);
	sg_grants_end(g, "a", "R");
	g_assert_cmpint(sg_grants_rung(g, "a", "R", 5001), ==, SG_RUNG_MASKED);
	sg_grants_give(g, "a", "R", SG_RUNG_TEXT, 5000);
	sg_grants_give(g, "b", "R", SG_RUNG_TEXT, 5000);
	sg_grants_close(g, "R");
	g_assert_cmpint(sg_grants_rung(g, "b", "R", 5001), ==, SG_RUNG_MASKED);
	sg_grants_free(g);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pages/every row", every_row);
	g_test_add_func("/pages/whom to ask", whom_to_ask);
	g_test_add_func("/pages/paths", paths);
	g_test_add_func("/pages/see other", see_other);
	g_test_add_func("/pages/forms", forms);
	g_test_add_func("/pages/broken forms", broken_forms);
	g_test_add_func("/pages/json bodies", json_bodies);
	g_test_add_func("/pages/too many fields", too_many_fields);
	g_test_add_func("/pages/grants", grants);
	return g_test_run();
}
