/* fails-if: text in some charset, with a right, wrong or missing label, is not read */
#include <glib.h>
#include <string.h>
#include <unicode/ucnv.h>

#include "mail/header.h"
#include "text/charset.h"

static void
each_charset(void)
{
	static const struct {
		const char *label, *bytes;
		gsize len;
		const char *text;
	} rows[] = {
		{ "utf-8", "caf\xc3\xa9", 5, "caf\xc3\xa9" },
		{ "us-ascii", "plain", 5, "plain" },
		{ "ISO-8859-1", "caf\xe9", 4, "caf\xc3\xa9" },
		{ "iso-8859-1", "\x93q\x94", 3, "\xe2\x80\x9cq\xe2\x80\x9d" },
		{ "windows-1251", "\xea\xe8", 2, "\xd0\xba\xd0\xb8" },
		{ "koi8-r", "\xcb\xc9", 2, "\xd0\xba\xd0\xb8" },
		{ "utf-16", "\xff\xfeh\0i\0", 6, "hi" },
		{ "utf-16", "\xfe\xff\0h\0i", 6, "hi" },
		{ "utf-16le", "h\0i\0", 4, "hi" },
		{ "utf-16", "h\0e\0l\0l\0", 8, "hell" },
		{ "utf-7", "Hi +AOk-", 8, "Hi \xc3\xa9" },
		{ "iso-2022-jp", "\x1b$B4A\x1b(B", 8, "\xe6\xbc\xa2" },
		{ "gb18030", "\xba\xba", 2, "\xe6\xb1\x89" },
		{ "gb2312", "\xba\xba", 2, "\xe6\xb1\x89" },
		{ "hz-gb-2312", "~{::~}", 6, "\xe6\xb1\x89" },
		{ "big5", "\xba\x7e", 2, "\xe6\xbc\xa2" },
		{ "shift_jis", "\x8a\xbf", 2, "\xe6\xbc\xa2" },
		{ "euc-kr", "\xb0\xa1", 2, "\xea\xb0\x80" },
		{ "cp037", "\x88\x85\x93\x93\x96", 5, "hello" },
		{ "", "a\r\nb\rc\0d", 8, "a\nb\ncd" },
		{ "", "\ra\r\r\nbc\r\nd\r", 11, "\na\n\nbc\nd\n" },
		{ NULL, "", 0, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize n;
		g_autofree char *got = sg_charset_decode(rows[i].label, rows[i].bytes, rows[i].len, &n,
		    NULL);

		if (strcmp(got, rows[i].text) != 0 || n != strlen(got))
			g_error("%s: \"%s\"", rows[i].label, got);
	}
}

static void
labels_that_lie(void)
{
	static const struct {
		const char *label, *bytes;
		gsize len;
		const char *text;
	} rows[] = {
		{ "utf-8", "caf\xe9 cr\xe8me", 10, "caf\xc3\xa9 cr\xc3\xa8me" },
		{ "us-ascii", "don\x92t", 5, "don\xe2\x80\x99t" },
		{ "iso-8859-1", "caf\xc3\xa9", 5, "caf\xc3\xa9" },
		{ "no-such-charset", "caf\xc3\xa9", 5, "caf\xc3\xa9" },
		{ "utf-16", "plain words are here", 20, "plain words are here" },
		{ "cp037", "plain words are here", 20, "plain words are here" },
		{ "utf-8", "h\0e\0l\0l\0o\0", 10, "hello" },
		{ "iso-8859-1", "\xff\xfeh\0i\0", 6, "hi" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gboolean lied;
		gsize n;
		g_autofree char *got = sg_charset_decode(rows[i].label, rows[i].bytes, rows[i].len, &n,
		    &lied);

		if (strcmp(got, rows[i].text) != 0)
			g_error("%s: \"%s\"", rows[i].label, got);
		if (i != 6)
			g_assert_true(lied);
	}
}

/* Chance must not turn Chinese into UTF-8. */
static void
short_chinese_stays(void)
{
	gsize n;
	g_autofree char *got = sg_charset_decode("gbk", "\xc1\xaa\xcd\xa8", 4, &n, NULL);

	g_assert_cmpstr(got, ==, "\xe8\x81\x94\xe9\x80\x9a");
}

/* Every charset ICU knows, on every byte: always valid UTF-8, never a crash. */
static void
every_converter(void)
{
	char all[512];

	for (int i = 0; i < 512; i++)
		all[i] = (char)(i < 256 ? i : i * 7);
	for (int32_t i = 0; i < ucnv_countAvailable(); i++) {
		gsize n;
		g_autofree char *got = sg_charset_decode(ucnv_getAvailableName(i), all, sizeof all, &n,
		    NULL);

		g_assert_true(g_utf8_validate(got, (gssize)n, NULL));
		g_assert_null(strchr(got, '\r'));
		g_assert_cmpuint(strlen(got), ==, n);
	}
}

static void
headers(void)
{
	static const struct {
		const char *raw, *text;
	} rows[] = {
		{ " plain\r\n  folded\r\n", "plain folded" },
		{ "=?utf-8?q?caf=C3=A9?=", "caf\xc3\xa9" },
		{ "=?UTF-8?B?Y2Fmw6k=?=", "caf\xc3\xa9" },
		{ "=?iso-8859-1?q?a_b=5Fc?=", "a b_c" },
		{ "=?utf-8?b?w6k=?= =?utf-8?b?w6k=?=", "\xc3\xa9\xc3\xa9" },
		{ "=?utf-8?b?4oI=?=\r\n =?utf-8?b?rA==?=", "\xe2\x82\xac" },
		{ "=?iso-8859-1?q?a?= b =?utf-8?q?c?=", "a b c" },
		{ "=?utf-8?q?a?==?iso-8859-1?q?=E9?=", "a\xc3\xa9" },
		{ "\"=?utf-8?q?in_quotes?=\"", "\"in quotes\"" },
		{ "=?utf-8*en?q?language?=", "language" },
		{ "=?utf-8?q?not closed", "not closed" },
		{ "=?utf-8?x?other?=", "=?utf-8?x?other?=" },
		{ "=?? =?", "=?? =?" },
		{ "caf\xe9 raw", "caf\xc3\xa9 raw" },
		{ "caf\xc3\xa9 raw", "caf\xc3\xa9 raw" },
		{ "=?hz-gb-2312?q?~{::~}?=", "\xe6\xb1\x89" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = sg_header_decode(rows[i].raw);

		g_assert_cmpstr(got, ==, rows[i].text);
	}
}

static void
names(void)
{
	static const struct {
		const char *raw, *text;
	} rows[] = {
		{ "\"Ann, B.\" <a@x.example>, bob@y.example, Carl <c@z.example>", "Ann, B., Carl" },
		{ "a@x.example (Ann)", "a@x.example Ann" },
		{ "=?utf-8?q?J=C3=BCrgen?= <j@x.example>", "J\xc3\xbcrgen" },
		{ "\"a@x.example\" <b@y.example>", "" },
		{ "friends: a@x.example, B <b@x.example>;", "friends: a@x.example, B" },
		{ "\"unclosed <a@x.example>", "unclosed <a@x.example>" },
		{ "<a@x.example", "" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = sg_header_names(rows[i].raw);

		g_assert_cmpstr(got, ==, rows[i].text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/charset/each-charset", each_charset);
	g_test_add_func("/charset/labels-that-lie", labels_that_lie);
	g_test_add_func("/charset/short-chinese-stays", short_chinese_stays);
	g_test_add_func("/charset/every-converter", every_converter);
	g_test_add_func("/header/values", headers);
	g_test_add_func("/header/names", names);
	return g_test_run();
}
