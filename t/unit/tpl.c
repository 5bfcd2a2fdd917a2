/* fails-if: a value can stand where it could become markup, a script or another server's address,
 * a value is escaped for another place than its own, or a broken template is taken */
#include <string.h>

#include <glib/gstdio.h>

#include "base/err.h"
#include "tpl/tpl.h"

static gboolean
load(const char *text, GError **error)
{
	g_autoptr(SgTpl) t = sg_tpl_new();

	return sg_tpl_add(t, "t.html", "t", text, strlen(text), error) && sg_tpl_finish(t, error);
}

static void
refuses(const char *const *list, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autoptr(GError) error = NULL;

		if (load(list[i], &error))
			g_error("taken: %s", list[i]);
		g_assert_error(error, SG_ERR, SG_ERR_SETUP);
		g_assert_true(g_str_has_prefix(error->message, "t.html:"));
	}
}
#define REFUSES(list) refuses(list, G_N_ELEMENTS(list))

static void
refused_places(void)
{
	static const char *const list[] = { "{{{x}}}", "{{&x}}", "{{& x }}", "<p class={{x}}>",
	    "<p class=a{{x}}>", "<p class= {{x}}>", "<{{x}}>", "<p{{x}}>", "<p {{x}}>", "<p {{x}}=\"1\">",
	    "<p a{{x}}=\"1\">", "</{{x}}>", "<!-- {{x}} -->", "<!doctype {{x}}>",
	    "<script>{{x}}</script>", "<script>var a = \"{{x}}\";</script>", "<style>{{x}}</style>",
	    "<STYLE>{{x}}</STYLE>", "<noscript>{{x}}</noscript>", "<iframe>{{x}}</iframe>",
	    "<xmp>{{x}}</xmp>", "<p onclick=\"{{x}}\">", "<p ONCLICK='{{x}}'>", "<p style=\"{{x}}\">",
	    "<iframe srcdoc=\"{{x}}\"></iframe>", "<meta content=\"{{x}}\">", "<base href=\"/{{x}}\">",
	    "<set to=\"{{x}}\">", "<animate values=\"{{x}}\">", "<object data=\"/{{x}}\">" };

	REFUSES(list);
}

static void
refused_addresses(void)
{
	static const char *const list[] = { "<a href=\"{{x}}\">", "<a href=\" /{{x}}\">",
	    "<a HREF='{{x}}'>", "<img src=\"{{x}}\">", "<form action=\"{{x}}\">",
	    "<button formaction=\"{{x}}\">", "<a href=\"javascript:{{x}}\">", "<a href=\"//{{x}}\">",
	    "<a href=\"/\\{{x}}\">", "<a href=\"/{{x}}/{{y}}\">", "<a href=\"/{{x}}{{y}}/z\">",
	    "<a href=\"/\t/{{x}}\">", "<a href=\"https://x.example/\">", "<a href=\"x\">",
	    "<a href=\"{{#a}}/x{{/a}}{{b}}\">", "<a href=\"{{^a}}/{{/a}}{{b}}\">",
	    "<a href=\"/{{#a}}x{{/a}}/{{b}}\">", "<img srcset=\"{{x}}\">",
	    "<use xlink:href=\"{{x}}\">", "<video poster='{{x}}'>", "<q cite=\"{{x}}\">",
	    "<a ping=\"{{x}}\">" };

	REFUSES(list);
}

static void
refused_sections(void)
{
	static const char *const list[] = { "{{#a}}<p {{/a}}>", "<p {{#a}}>{{/a}}", "{{#a}}<p>",
	    "{{/a}}", "{{#a}}{{#b}}{{/a}}{{/b}}", "<p title=\"{{#a}}\">{{/a}}", "<p title={{#a}}\"x\"{{/a}}>",
	    "<{{#a}}p{{/a}}>", "<i {{#c}}on{{/c}}click=\"x\">", "<i{{#c}} on{{/c}}click=\"x\">",
	    "<i {{#c}}a=\"1\" on{{/c}}b=\"{{x}}\">", "<a {{#c}}h{{/c}}ref=\"{{x}}\">",
	    "<p t{{#a}}itle=\"x\"{{/a}}>", "<p title=\"{{#a}}x' {{/a}}", "{{#a}}<script>{{/a}}",
	    "<p title=\"{{#a}}\" class=\"{{/a}}\">", "<!{{#a}}doctype{{/a}}>",
	    "<a title=\"{{#a}}\"><set title=\"{{/a}}{{x}}\">", "<textarea>{{#a}}</textarea><title>{{/a}}</title>" };

	REFUSES(list);
}

static void
refused_text(void)
{
	static const char *const list[] = { "{{x", "{{}}", "{{ }}", "{{a b}}", "{{a-b}}", "{{.a}}", "{{a.}}",
	    "{{a..b}}", "{{<x}}", "{{=<% %>=}}", "{{#}}{{/}}", "{{>}}", "{{>nothing}}", "{{>t}}", "a < b",
	    "<p", "<p title=\"", "<p title=x>", "<!-- note -->", "<![CDATA[x]]>", "<p onclick=\"x()\">",
	    "<p style=\"color: red\">", "<script>x()</script>", "<style>p{}</style>",
	    "<title><b></title>", "<textarea>x<", "<p \"x\">", "</p class=\"x\">", "<p =>", "<p {{>t}}>",
	    "<p title=\"{{>t}}\">", "<averyveryveryveryveryveryveryveryverylongname>" };

	REFUSES(list);
}

static char *
rendered(const char *text, const char *model)
{
	g_autoptr(SgTpl) t = sg_tpl_new();
	g_autoptr(GString) out = g_string_new(NULL);
	json_t *m = json_loads(model, 0, NULL);

	g_assert_nonnull(m);
	g_assert_true(sg_tpl_add(t, "t.html", "t", text, strlen(text), NULL));
	g_assert_true(sg_tpl_add(t, "part.html", "part", "[{{x}}]", 7, NULL));
	g_assert_true(sg_tpl_finish(t, NULL));
	g_assert_true(sg_tpl_render(t, "t", m, out, NULL));
	json_decref(m);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
renders(void)
{
	static const struct {
		const char *text, *model, *out;
	} rows[] = {
		{ "{{x}}", "{\"x\":\"<b a='\\\"`&\"}", "&lt;b a=&#39;&#34;&#96;&amp;" },
		{ "<p title=\"{{x}}\">", "{\"x\":\"\\\"><script>\"}", "<p title=\"&#34;&gt;&lt;script&gt;\">" },
		{ "<a href=\"/m/{{x}}?a={{x}}#{{x}}\">", "{\"x\":\"a/b?c&d #'\\u00e9\"}",
		"<a href=\"/m/a%2Fb%3Fc%26d%20%23%27%C3%A9?a=a%2Fb%3Fc%26d%20%23%27%C3%A9#a%2Fb%3Fc%26d%20%23%27%C3%A9\">" },
		{ "<a href=\"/{{x}}\">", "{\"x\":\"/evil.example\"}", "<a href=\"/%2Fevil.example\">" },
		{ "<a href=\"/{{x}}?y={{x}}\">", "{}", "<a href=\"/?y=\">" },
		{ "<textarea>\n{{x}}</textarea>", "{\"x\":\"</textarea><b>\"}",
		"<textarea>\n&lt;/textarea&gt;&lt;b&gt;</textarea>" },
		{ "<title>{{x}}</title>", "{\"x\":\"</title>\"}", "<title>&lt;/title&gt;</title>" },
		{ "{{x}}", "{\"x\":\"a\\u0001b\\rc\\u001bd\\u007f\\n\\t\"}",
		"a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xef\xbf\xbd" "d\xef\xbf\xbd\n\t" },
		{ "{{x}}", "{\"x\":\"{{y}}{{{y}}}\",\"y\":\"no\"}", "{{y}}{{{y}}}" },
		{ "{{a.b}}{{a.c.d}}{{a.z}}{{z.a}}", "{\"a\":{\"b\":1,\"c\":{\"d\":-2}}}", "1-2" },
		{ "{{#l}}{{x}}{{y}},{{/l}}", "{\"x\":9,\"l\":[{\"y\":1},{\"x\":5,\"y\":2}]}", "91,52," },
		{ "{{#l}}<i>{{.}}</i>{{/l}}", "{\"l\":[\"a\",\"<\"]}", "<i>a</i><i>&lt;</i>" },
		{ "{{#o}}{{a}}{{/o}}{{^o}}no{{/o}}", "{\"o\":{\"a\":\"yes\"}}", "yes" },
		{ "{{#a}}1{{/a}}{{#b}}2{{/b}}{{#c}}3{{/c}}{{#d}}4{{/d}}{{#e}}5{{/e}}{{#f}}6{{/f}}",
		"{\"a\":false,\"b\":\"\",\"c\":0,\"d\":[],\"e\":null}", "" },
		{ "{{^a}}1{{/a}}{{^b}}2{{/b}}{{^f}}6{{/f}}", "{\"a\":false,\"b\":\"\"}", "126" },
		{ "{{x}}|{{y}}|{{z}}", "{\"x\":true,\"y\":{},\"z\":1.5}", "||1.5" },
		{ "{{>part}}{{#x}}{{>part}}{{/x}}", "{\"x\":\"v\"}", "[v][v]" },
		{ "{{! a note }}x{{!}}", "{}", "x" },
		{ "<input {{#c}}checked{{/c}}><option{{#c}} selected{{/c}}>", "{\"c\":1}",
		"<input checked><option selected>" },
		{ "<p class=\"a{{#c}} b{{/c}}{{^c}} d{{/c}}\" {{#c}}title=\"{{c}}\"{{/c}} id='x'>", "{\"c\":\"'\"}",
		"<p class=\"a b\" title=\"&#39;\" id='x'>" },
		{ "<!doctype html><script src=\"/static/{{v}}/app.js\" defer></script>", "{\"v\":\"../x\"}",
		"<!doctype html><script src=\"/static/..%2Fx/app.js\" defer></script>" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *out = rendered(rows[i].text, rows[i].model);

		g_assert_cmpstr(out, ==, rows[i].out);
	}
}

static void
says_where(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(load("<p>\n{{! two\nlines }}\n<a href=\"{{x}}\">", &error));
	g_assert_cmpstr(error->message, ==,
	    "t.html:4: {{x}}: an address must begin with a literal / ? or #");
	g_clear_error(&error);
	g_assert_false(load("\n\n{{#open}}\n", &error));
	g_assert_cmpstr(error->message, ==, "t.html:3: {{open}}: this section is never closed");
}

static void
limits(void)
{
	g_autoptr(GString) deep = g_string_new(NULL), wide = g_string_new(NULL);
	g_autoptr(SgTpl) t = sg_tpl_new();
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	json_t *list = json_array(), *m = json_pack("{s:o}", "l", list);

	for (guint i = 0; i <= SG_TPL_NEST_MAX; i++)
		g_string_append(deep, "{{#a}}");
	g_assert_false(load(deep->str, NULL));
	for (guint i = 0; i <= SG_TPL_TEXT_MAX; i++)
		g_string_append_c(wide, 'x');
	g_assert_false(load(wide->str, NULL));
	g_assert_false(sg_tpl_add(t, "t.html", "t", "\xff", 1, NULL));
	g_assert_true(sg_tpl_add(t, "t.html", "t", "{{#l}}{{#l}}{{#l}}xxxxxxxxxx{{/l}}{{/l}}{{/l}}", 46, NULL));
	for (guint i = 0; i < 1000; i++)
		json_array_append_new(list, json_integer(1));
	g_assert_false(sg_tpl_render(t, "t", m, out, &error));
	g_assert_error(error, SG_ERR, SG_ERR_LIMIT);
	g_clear_error(&error);
	g_assert_false(sg_tpl_render(t, "none", m, out, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	json_decref(m);
}

static void
directories(void)
{
	g_autofree char *dir = g_dir_make_tmp("sg-tpl-XXXXXX", NULL);
	g_autofree char *good = g_build_filename(dir, "good.html", NULL);
	g_autofree char *bad = g_build_filename(dir, "bad.html", NULL);
	g_autofree char *worse = g_build_filename(dir, "worse.html", NULL);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	SgTpl *t;

	g_assert_null(sg_tpl_load(dir, NULL, &error));
	g_clear_error(&error);
	g_assert_true(g_file_set_contents(good, "{{x}}", -1, NULL));
	t = sg_tpl_load(dir, NULL, NULL);
	g_assert_nonnull(t);
	g_assert_true(sg_tpl_has(t, "good"));
	sg_tpl_free(t);
	g_assert_true(g_file_set_contents(bad, "<p {{x}}>", -1, NULL));
	g_assert_true(g_file_set_contents(worse, "{{&x}}", -1, NULL));
	g_assert_null(sg_tpl_load(dir, problems, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_assert_cmpuint(problems->len, ==, 2);
	(void)g_unlink(good);
	(void)g_unlink(bad);
	(void)g_unlink(worse);
	(void)g_rmdir(dir);
	g_clear_error(&error);
	g_assert_null(sg_tpl_load(dir, NULL, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tpl/refused places", refused_places);
	g_test_add_func("/tpl/refused addresses", refused_addresses);
	g_test_add_func("/tpl/refused sections", refused_sections);
	g_test_add_func("/tpl/refused text", refused_text);
	g_test_add_func("/tpl/renders", renders);
	g_test_add_func("/tpl/says where", says_where);
	g_test_add_func("/tpl/limits", limits);
	g_test_add_func("/tpl/directories", directories);
	return g_test_run();
}
