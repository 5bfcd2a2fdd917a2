/* fails-if: a control, bidi or invisible character passes, bad UTF-8 stays, a cut splits a
 * character, or wide characters are counted as one column */
#include <string.h>

#include "model/uitext.h"

static void
is(const char *in, gssize len, gsize max, guint how, const char *want)
{
	g_autofree char *got = sg_ui_text(in, len, max, how);

	g_assert_cmpstr(got, ==, want);
	g_assert_true(g_utf8_validate(got, -1, NULL));
}

static void
pages(void)
{
	is(NULL, -1, 0, 0, "");
	is("plain \xc3\xa9\n\tline", -1, 0, 0, "plain \xc3\xa9\n\tline");
	is("plain\n\tline", -1, 0, SG_UI_LINE, "plain  line");
	is("a\0b", 3, 0, 0, "ab");
	is("\x1b[31mred\x07\x7f", -1, 0, 0, "[31mred");
	is("c1 \xc2\x9b x", -1, 0, 0, "c1  x");
	is("bad \xff\xfe utf", -1, 0, 0, "bad \xef\xbf\xbd\xef\xbf\xbd utf");
	is("cut \xe2\x82", -1, 0, 0, "cut \xef\xbf\xbd\xef\xbf\xbd");
	is("\xe2\x80\xaegnp.exe", -1, 0, 0, "[U+202E]gnp.exe");
	is("zero\xe2\x80\x8bwidth", -1, 0, 0, "zero[U+200B]width");
	is("tag \xf3\xa0\x81\x81", -1, 0, 0, "tag [U+E0041]");
	is("line\xe2\x80\xa8sep", -1, 0, 0, "line[U+2028]sep");
	is("<b>&amp;", -1, 0, 0, "<b>&amp;");	/* escaping is the template's */
}

static void
terminals(void)
{
	is("\x1b[2J\x07", -1, 0, SG_UI_ESCAPE, "\\x1b[2J\\x07");
	is("\xc2\x9b" "1m", -1, 0, SG_UI_ESCAPE, "\\x9b1m");
	is("\xe2\x80\xae" "x", -1, 0, SG_UI_ESCAPE, "\\u202ex");
	is("\xf3\xa0\x81\x81", -1, 0, SG_UI_ESCAPE, "\\U000e0041");
	is("\xff", -1, 0, SG_UI_ESCAPE, "\\xff");
	is("a\rb", -1, 0, SG_UI_ESCAPE, "a\\x0db");
}

static void
cutting(void)
{
	is("h\xc3\xa9llo", -1, 2, 0, "h\xc3\xa9\xe2\x80\xa6");
	is("h\xc3\xa9", -1, 2, 0, "h\xc3\xa9");
}

static void
long_strings(void)
{
	g_autofree char *mb = g_strnfill(1 << 20, 'x');
	g_autofree char *all = sg_ui_text(mb, -1, 0, 0), *some = sg_ui_line(mb, 100);

	g_assert_cmpuint(strlen(all), ==, 1 << 20);
	g_assert_cmpuint(g_utf8_strlen(some, -1), ==, 101);
}

/* no byte string at all makes it give something that drives a terminal */
static void
any_bytes(void)
{
	for (guint round = 0; round < 20000; round++) {
		char raw[24];

		for (gsize i = 0; i < sizeof raw; i++)
			raw[i] = (char)g_test_rand_int_range(0, 256);
		g_autofree char *clean = sg_ui_text(raw, sizeof raw, 0, round % 4);

		g_assert_true(g_utf8_validate(clean, -1, NULL));
		for (const char *p = clean; *p != '\0'; p = g_utf8_next_char(p)) {
			gunichar c = g_utf8_get_char(p);

			g_assert_true(
			    c == '\n' || c == '\t' || (c >= 0x20 && (c < 0x7f || c >= 0xa0)));
			g_assert_true(c < 0x202a || c > 0x202e);
		}
	}
}

static void
fitting(void)
{
	g_autofree char *a = sg_ui_fit("abcdef", 4), *b = sg_ui_fit("abc", 3),
			*c = sg_ui_fit("\xe6\xbc\xa2\xe5\xad\x97", 3), *none = sg_ui_fit("abc", 0);

	g_assert_cmpstr(a, ==, "abc\xe2\x80\xa6");
	g_assert_cmpstr(b, ==, "abc");
	g_assert_cmpstr(c, ==, "\xe6\xbc\xa2\xe2\x80\xa6");
	g_assert_cmpstr(none, ==, "");
	g_assert_cmpuint(sg_ui_width("\xe6\xbc\xa2" "a"), ==, 3);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/uitext/pages", pages);
	g_test_add_func("/uitext/terminals", terminals);
	g_test_add_func("/uitext/cutting", cutting);
	g_test_add_func("/uitext/long strings", long_strings);
	g_test_add_func("/uitext/any bytes", any_bytes);
	g_test_add_func("/uitext/fitting", fitting);
	return g_test_run();
}
