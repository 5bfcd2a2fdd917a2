/* fails-if: words that Word shows of an RTF file, or keeps in it, are not in its text */
#include <glib.h>
#include <string.h>

#include "t/lib/catch.h"

static char *
read_rtf(const char *rtf, gsize len, char **parts)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) b = g_bytes_new(rtf, len);

	g_assert_true(catch_run(c, "rtf", "text/rtf", b, NULL));
	if (parts != NULL)
		*parts = g_strdup(c->parts->str);
	return g_strdup(c->text->str);
}

static void
table_of_texts(void)
{
	static const struct {
		const char *rtf, *text;
	} rows[] = {
		{ "{\\rtf1\\ansi one\\par two}", "[attachment] one\ntwo\n" },
		/* what is hidden or deleted goes out with the file */
		{ "{\\rtf1 a{\\v hidden}b{\\deleted gone}c}", "[attachment] ahiddenbgonec\n" },
		{ "{\\rtf1\\ansi\\ansicpg1251 \\'ec\\'e8\\'f0}", "[attachment] \xd0\xbc\xd0\xb8\xd1\x80\n" },
		/* the font says the code page; two bytes are one character */
		{ "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset128 B;}}\\f0 x\\f1 \\'93\\'8c\\'8b\\'9e}",
		    "[attachment] x\xe6\x9d\xb1\xe4\xba\xac\n" },
		{ "{\\rtf1\\uc1 k\\u105?ll \\uc2\\u8364\\'80\\'80\\uc0\\u97 b}",
		    "[attachment] kill \xe2\x82\xac" "ab\n" },
		{ "{\\rtf1 \\u-10179?\\u-8704?!}", "[attachment] \xf0\x9f\x98\x80!\n" },
		{ "{\\rtf1 a\\emdash b\\~c\\_d\\-e\\lquote\\rquote}",
		    "[attachment] a\xe2\x80\x94" "b\xc2\xa0" "c\xe2\x80\x91" "d\xc2\xad" "e\xe2\x80\x98\xe2\x80\x99\n" },
		/* destinations: fonts, colours and styles are no text, unknown ones are */
		{ "{\\rtf1{\\stylesheet{\\s0 Normal;}}{\\colortbl;\\red0;}{\\*\\new words}x}",
		    "[attachment] x\n[attachment] words\n\n" },
		{ "{\\rtf1 a{\\footnote note}b{\\header top}}", "[attachment] ab\n[attachment] note\ntop\n\n" },
		{ "{\\rtf1 see {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt here}} now}",
		    "[attachment] see here now\n[attachment] HYPERLINK \"x\"\n\n" },
		{ "{\\rtf1{\\info{\\title T}{\\author A}}x}", "[attachment] x\n[attachment] T\nA\n\n" },
		/* a table with names for its columns, and text around it */
		{ "{\\rtf1 before\\par\\trowd\\pard\\intbl Name\\cell Form\\cell\\row\\trowd\\intbl Ann\\cell 7B\\cell\\row"
		    "\\pard after\\par}",
		    "[attachment|2] Name\tForm\nAnn\t7B\n\n[attachment] before\nafter\n\n" },
		/* headers that Word takes, groups that are not closed or closed too often */
		{ "{\\rt x}", "[attachment] x\n" },
		{ "{\\rtvpn a{b{c", "[attachment] abc\n" },
		{ "{\\rtf1 a}}}b", "[attachment] ab\n" },
		{ "{\\rtf1 a\\bin3 }}}b}", "[attachment] ab\n" },
		{ "{\\rtf1 k\\b i\\b0 l\r\nl}", "[attachment] kill\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = read_rtf(rows[i].rtf, strlen(rows[i].rtf), NULL);

		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

/* An object's bytes, however its digits are broken up. */
static void
objects(void)
{
	static const char package[] = "0105000002000000080000005061636b616765000000000000000000"
	    "2400000002006e2e7478740063000000030004000000632e740005000000776f726473";
	static const char *const breaks[] = { "", "{\\x}", "\r\n\\objw1 ", "{\\*\\y 00}", "\\'41 " };

	for (gsize i = 0; i < G_N_ELEMENTS(breaks); i++) {
		g_autofree char *half = g_strndup(package, 30), *all = NULL, *parts = NULL, *text = NULL;

		all = g_strconcat("{\\rtf1{\\object\\objemb{\\*\\objdata ", half, breaks[i], package + 30,
		    "}}}", NULL);
		text = read_rtf(all, strlen(all), &parts);
		g_assert_cmpstr(parts, ==, "1.1 n.txt 5\n");
	}
}

static void
html_inside(void)
{
	static const char rtf[] = "{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}one \\htmlrtf {\\b\\htmlrtf0 two"
	    "\\htmlrtf }\\htmlrtf0{\\*\\htmltag72 </p>}}";
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) b = g_bytes_new_static(rtf, sizeof rtf - 1);
	const SgPart *inside;
	gsize n;
	const char *html;

	g_assert_true(catch_run(c, "rtf", "text/rtf", b, NULL));
	g_assert_cmpuint(c->inside->len, ==, 1);
	inside = g_ptr_array_index(c->inside, 0);
	g_assert_cmpstr(inside->name, ==, "body.html");
	html = g_bytes_get_data(inside->content, &n);
	g_assert_cmpmem(html, n, "<p>one two</p>", 14);
	g_assert_nonnull(strstr(c->text->str, "one two"));
}

static void
deep_groups_are_told(void)
{
	g_autoptr(GString) s = g_string_new("{\\rtf1 a");
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) b = NULL;

	for (guint i = 0; i < 100000; i++)
		g_string_append(s, "{\\*\\x");
	g_string_append(s, " words");
	b = g_bytes_new(s->str, s->len);
	g_assert_true(catch_run(c, "rtf", "text/rtf", b, NULL));
	g_assert_cmpstr(c->limits->str, ==, "depth");
	g_assert_nonnull(strstr(c->text->str, "words"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rtf/texts", table_of_texts);
	g_test_add_func("/rtf/objects", objects);
	g_test_add_func("/rtf/html", html_inside);
	g_test_add_func("/rtf/deep", deep_groups_are_told);
	return g_test_run();
}
