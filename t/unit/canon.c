/* fails-if: canonical text, its map back, a word boundary or a translated expression is wrong */
#include <glib.h>
#include <string.h>

#include "rule/translate.h"
#include "word/boundary.h"
#include "word/canon.h"

static void
forms(void)
{
	static const struct {
		const char *text, *canon;
	} t[] = {
		{ "Hello, World", "hello, world" }, { "", "" }, { " \t\n ", "" }, { "a \r\n\t b", "a b" },
		{ "a\xC2\xA0 \xE2\x80\x83" "b", "a b" }, { "\xC2\xAD" "a\xE2\x80\x8B" "b\xEF\xBB\xBF", "ab" },
		{ "\xE2\x80\xAE" "ab\xE2\x80\xAC", "ab" }, { "‘a’ “b” c–d—e… `f`", "'a' \"b\" c-d-e... 'f'" },
		{ "ＢＯＭＢ 𝓫𝓸𝓶𝓫 ⓑⓞⓜⓑ", "bomb bomb bomb" }, { "ﬁne STRASSE straße", "fine strasse strasse" },
		{ "É e\xCC\x81 E\xCC\x81", "é é é" }, { "ÅΩK", "åωk" }, { "a\x01" "b\x7F" "c", "a b c" },
		{ "a\xFF" "b\xC3", "a\xEF\xBF\xBD" "b\xEF\xBF\xBD" }, { "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "İstanbul", "i̇stanbul" }, { "Ünï", "ünï" }, { "한국", "한국" }, { "x\xE2\x80\xA8y", "x y" },
	};
	g_autoptr(SgCanon) c = sg_canon_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autofree char *got = sg_canon_string(c, t[i].text);

		g_assert_cmpstr(got, ==, t[i].canon);
	}
}

/* Random text of every kind: what the map says must itself become what it came from. */
static void
the_map_is_exact(void)
{
	static const char *const bits[] = { "a", "B", " ", "\n", "  \t ", "é", "e\xCC\x81", "’", "…", "ﬁ", "™", "\xC2\xAD",
		"\xE2\x80\x8B", "\xFF", "𝓫", "ß", "한", "\xEF\xB7\xBA", "лес", "1", "." };
	g_autoptr(SgCanon) c = sg_canon_new(NULL), again = sg_canon_new(NULL);

	for (guint round = 0; round < 3000; round++) {
		g_autoptr(GString) s = g_string_new(NULL);

		for (guint n = (guint)g_test_rand_int_range(1, 30); n > 0; n--)
			g_string_append(s, bits[g_test_rand_int_range(0, G_N_ELEMENTS(bits))]);
		sg_canon_start(c, s->str, s->len);
		g_assert_true(sg_canon_next(c));
		g_assert_true(c->last);
		for (gsize from = 0; from < c->len; from++) {
			gsize to = from + 1 + (gsize)g_test_rand_int_range(0, (gint)(c->len - from)), at = 0, end = 0;

			if (!sg_canon_source(c, from, to, &at, &end))
				continue;
			g_assert_cmpuint(at, <, end);
			g_assert_cmpuint(end, <=, s->len);
			if (((guchar)c->text[from] & 0xC0) == 0x80 || (to < c->len && ((guchar)c->text[to] & 0xC0) == 0x80))
				continue;
			sg_canon_start(again, s->str + at, end - at);
			g_assert_true(sg_canon_next(again));
			g_assert_cmpmem(again->text, again->len, c->text + from, to - from);
		}
		g_assert_false(sg_canon_next(c));
	}
}

/* Chunks together are the whole text, in bounded memory. */
static void
chunks_join(void)
{
	static const char *const bits[] = { "hello ", "é", "a  b", "\n\n\n", "…", "\xC2\xAD", "\xEF\xB7\xBA", "e\xCC\x81\xCC\x81\xCC\x81" };
	g_autoptr(SgCanon) c = sg_canon_new(NULL), whole = sg_canon_new(NULL);

	for (guint kind = 0; kind < G_N_ELEMENTS(bits); kind++) {
		g_autoptr(GString) s = g_string_new(NULL), joined = g_string_new(NULL);
		g_autofree char *expected = NULL;
		guint64 chars = 0;

		while (s->len < 300000)
			g_string_append(s, bits[g_test_rand_bit() ? kind : (guint)g_test_rand_int_range(0, G_N_ELEMENTS(bits))]);
		expected = sg_canon_string(whole, s->str);
		sg_canon_start(c, s->str, s->len);
		while (sg_canon_next(c)) {
			gsize at = 0, end = 0;

			g_assert_cmpuint(c->len, <=, SG_CANON_CHUNK + 4096);
			g_assert_cmpuint(c->lo, <=, c->hi);
			if (joined->len > 0)
				g_string_truncate(joined, joined->len - c->lo);
			g_string_append_len(joined, c->text, (gssize)c->hi);
			(void)sg_canon_source(c, c->lo, c->hi, &at, &end);
			g_assert_cmpuint(end, <=, s->len);
			chars = sg_canon_chars(c, c->len);
		}
		g_assert_cmpuint(chars, ==, (guint64)g_utf8_strlen(joined->str, -1));
		g_strstrip(joined->str);
		g_assert_cmpstr(joined->str, ==, expected);
	}
}

static void
boundaries(void)
{
	static const struct {
		const char *before, *after;
		gboolean is;
	} t[] = {
		{ "", "a", TRUE }, { "a", "", TRUE }, { "", "", TRUE }, { "a", "b", FALSE }, { "a", "1", FALSE }, { "a ", "b", TRUE },
		{ "a", ".", TRUE }, { "a", "_", TRUE }, { "é", "c", FALSE }, { "c", "é", FALSE }, { "a", "\xCC\x81", FALSE },
		{ "a", "\xC2\xADz", FALSE }, { "a", "\xC2\xAD z", TRUE }, { "a\xE2\x80\x8B", "z", FALSE }, { "猫", "好", TRUE },
		{ "a", "猫", TRUE }, { "ก", "ข", TRUE }, { "а", "б", FALSE }, { "a", "™", TRUE }, { "a", "\xFF", TRUE },
		{ "'", "a", TRUE }, { "़", "a", FALSE }, { "한", "국", FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autofree char *s = g_strconcat(t[i].before, t[i].after, NULL);

		g_test_message("%s|%s", t[i].before, t[i].after);
		g_assert_cmpint(sg_boundary_at(s, strlen(s), strlen(t[i].before)), ==, t[i].is);
	}
	g_assert_cmpuint(sg_boundary_word_end("catalogue, x", 12, 3), ==, 9);
	g_assert_cmpuint(sg_boundary_word_end("cat", 3, 3), ==, 3);
}

static void
translations(void)
{
	static const struct {
		const char *regex, *bytes;
	} t[] = {
		{ "foo(?:s|er)?\\b", "foo" }, { "a(b(c)?)?(d)*", "a" }, { "x(a|b)", "x(a|b)" }, { "\\bx(a|b)?y", "x(a|b)?y" },
		{ "a\\s+b\\s*c", "a b ?c" }, { "a\\s{1,3}b", "a b" }, { "a *b", "a ?b" }, { "room \\d{1,3}\\b", "room \\d{1}" },
		{ "a[bc]+", "a[bc]" }, { "a[bc]+d", "a[bc]+d" }, { "\\w+@", "[\\w\\x80-\\xff]+@" }, { "[\\w-]x", "[\\w\\x80-\\xff-]x" },
		{ "(é)+x", "(\\xc3\\xa9)+x" }, { "a.{0,30}b", "a.{0,30}b" }, { "a\\.b", "a\\.b" }, { "a[*+?]b", "a[*+?]b" },
	};
	g_autofree char *literal = sg_translate_literal("a.b (c) é*");

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autofree char *why = NULL, *bytes = sg_translate_regex(t[i].regex, &why);

		g_assert_cmpstr(bytes, ==, t[i].bytes);
	}
	g_assert_cmpstr(literal, ==, "a\\.b \\(c\\) \\xc3\\xa9\\*");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/canon/forms", forms);
	g_test_add_func("/canon/the-map-is-exact", the_map_is_exact);
	g_test_add_func("/canon/chunks-join", chunks_join);
	g_test_add_func("/canon/boundaries", boundaries);
	g_test_add_func("/canon/translations", translations);
	return g_test_run();
}
