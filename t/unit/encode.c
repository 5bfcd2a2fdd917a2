/* fails-if: a text comes back different from a charset or quoted-printable, or a character is cut */
#include <glib.h>
#include <string.h>

#include "rewrite/encode.h"

static void
shapes(void)
{
	static const struct {
		const char *label;
		SgCharsetShape shape;
	} rows[] = {
		{ "us-ascii", SG_CS_ASCII }, { "ASCII", SG_CS_ASCII }, { "utf-8", SG_CS_ASCII },
		{ "iso-8859-1", SG_CS_ASCII }, { "windows-1252", SG_CS_ASCII }, { "koi8-r", SG_CS_ASCII },
		{ "gb18030", SG_CS_ASCII }, { "big5", SG_CS_ASCII }, { "shift_jis", SG_CS_ASCII }, { "euc-kr", SG_CS_ASCII },
		{ "utf-16", SG_CS_OTHER }, { "utf-16le", SG_CS_OTHER }, { "utf-32", SG_CS_OTHER },
		{ "iso-2022-jp", SG_CS_OTHER }, { "utf-7", SG_CS_OTHER }, { "hz-gb-2312", SG_CS_OTHER },
		{ "iso-2022-kr", SG_CS_OTHER }, { "x-foo", SG_CS_UNKNOWN }, { "", SG_CS_UNKNOWN }, { NULL, SG_CS_UNKNOWN },
		{ "a-name-that-is-longer-than-any-charset-has", SG_CS_UNKNOWN },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(sg_charset_shape(rows[i].label), ==, rows[i].shape);
}

static void
charsets(void)
{
	gsize n;
	g_autofree char *a = sg_charset_encode("windows-1252", "\xe2\x80\x99", 3, &n), *b = NULL;

	g_assert_cmpuint(n, ==, 1);
	g_assert_cmpstr(a, ==, "\x92");
	g_assert_null(sg_charset_encode("iso-8859-1", "\xe2\x80\x99", 3, &n));
	g_assert_null(sg_charset_encode("x-foo", "a", 1, &n));
	g_assert_null(sg_charset_decode_strictly("utf-8", "\xe2\x80", 2, &n));
	b = sg_charset_decode_strictly("gb18030", "\xc4\xe3", 2, &n);
	g_assert_cmpstr(b, ==, "\xe4\xbd\xa0");
}

static void
quoted(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "a\n", "a\n" }, { "a ", "a=20" }, { "a \nb\t\n", "a=20\nb=09\n" }, { "a=b", "a=3Db" },
		{ "From x\n.\n", "=46rom x\n=2E\n" }, { "a\r\n", "a=0D\n" }, { "\xc2\xa3", "=C2=A3" }, { "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL), back = NULL;

		sg_qp_append(out, rows[i].text, strlen(rows[i].text), "utf-8", "\n");
		g_assert_cmpstr(out->str, ==, rows[i].want);
		back = sg_qp_decode(out->str, out->len, NULL);
		g_assert_cmpstr(back->str, ==, rows[i].text);
	}
}

/* Every line of the coded text, alone, is whole characters. */
static void
whole(void)
{
	for (guint shift = 0; shift < 80; shift++) {
		g_autoptr(GString) text = g_string_new(NULL), out = g_string_new(NULL), back = NULL;
		g_auto(GStrv) lines = NULL;

		for (guint i = 0; i < shift; i++)
			g_string_append_c(text, 'x');
		for (guint i = 0; i < 40; i++)
			g_string_append(text, "\xe2\x82\xac\xf0\x9f\x98\x80");
		sg_qp_append(out, text->str, text->len, "utf-8", "\r\n");
		back = sg_qp_decode(out->str, out->len, NULL);
		g_assert_cmpstr(back->str, ==, text->str);
		lines = g_strsplit(out->str, "=\r\n", -1);
		for (char **l = lines; *l != NULL; l++) {
			g_autoptr(GString) one = sg_qp_decode(*l, strlen(*l), NULL);

			g_assert_cmpuint(strlen(*l), <=, 75);
			g_assert_true(g_utf8_validate(one->str, (gssize)one->len, NULL));
		}
	}
}

static void
wide(void)
{
	static const char text[] = "a\0\r\0\n\0";
	g_autoptr(GString) out = g_string_new(NULL), back = NULL;

	sg_qp_append(out, text, sizeof text - 1, "utf-16le", "\r\n");
	back = sg_qp_decode(out->str, out->len, NULL);
	g_assert_cmpmem(back->str, back->len, text, sizeof text - 1);
}

static void
offsets(void)
{
	static const char coded[] = "ab=\r\nc=C3=A9d=  \r\ne";
	static const gsize want[] = { 0, 1, 5, 6, 9, 12, 18, 19 };

	for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
		gsize at = i;

		g_string_free(sg_qp_decode(coded, strlen(coded), &at), TRUE);
		g_assert_cmpuint(at, ==, want[i]);
	}
}

static void
base64(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	char text[58];

	memset(text, 0, sizeof text);
	sg_base64_append(out, text, sizeof text, "\r\n");
	g_assert_cmpuint(out->len, ==, 76 + 2 + 4);
	g_string_truncate(out, 0);
	sg_base64_append(out, text, 0, "\r\n");
	g_assert_cmpuint(out->len, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/encode/shapes", shapes);
	g_test_add_func("/encode/charsets", charsets);
	g_test_add_func("/encode/quoted", quoted);
	g_test_add_func("/encode/whole", whole);
	g_test_add_func("/encode/wide", wide);
	g_test_add_func("/encode/offsets", offsets);
	g_test_add_func("/encode/base64", base64);
	return g_test_run();
}
