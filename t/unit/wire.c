/* fails-if: a reader accepts a message that is short, long, mistyped or not UTF-8 */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "base/wire.h"

static GBytes *
finding(void)
{
	GByteArray *o = g_byte_array_new();
	char excerpt[] = "na\xc3\xafve", rule[] = "bully.insult";
	SgWireFINDING f = { .id = 7, .severity = 3, .text_at = 99, .rule = rule, .excerpt = excerpt };

	g_assert_true(sg_wire_put_FINDING(o, &f, NULL));
	return g_byte_array_free_to_bytes(o);
}

static void
round_trip(void)
{
	g_autoptr(GBytes) b = finding();
	g_auto(SgWireFINDING) f = { 0 };

	g_assert_cmpint(sg_wire_peek(b), ==, SG_WIRE_FINDING);
	g_assert_true(sg_wire_get_FINDING(b, &f, NULL));
	g_assert_cmpuint(f.text_at, ==, 99);
	g_assert_cmpstr(f.excerpt, ==, "na\xc3\xafve");
	g_assert_cmpstr(f.where, ==, "");
}

/* every truncation and every one-byte extension must be refused */
static void
refuses_every_wrong_length(void)
{
	g_autoptr(GBytes) good = finding();
	gsize n;
	const guint8 *p = g_bytes_get_data(good, &n);

	for (gsize cut = 0; cut <= n + 1; cut++) {
		g_autoptr(GError) error = NULL;
		g_autofree guint8 *q = g_malloc0(n + 1);
		g_autoptr(GBytes) b = NULL;
		g_auto(SgWireFINDING) f = { 0 };

		memcpy(q, p, n);
		b = g_bytes_new(q, cut);
		if (cut == n) {
			g_assert_true(sg_wire_get_FINDING(b, &f, &error));
			continue;
		}
		g_assert_false(sg_wire_get_FINDING(b, &f, &error));
		g_assert_error(error, SG_ERR, SG_ERR_PEER);
		g_assert_null(f.rule);
	}
}

static void
refuses_bad_text(void)
{
	g_autoptr(GBytes) good = finding();
	gsize n = g_bytes_get_size(good);

	for (guint i = 0; i < 2; i++) {
		g_autofree guint8 *q = g_memdup2(g_bytes_get_data(good, NULL), n);
		g_autoptr(GBytes) b = NULL;
		g_auto(SgWireFINDING) f = { 0 };

		q[n - 1] = i == 0 ? 0xff : 0;	/* not UTF-8; a NUL */
		b = g_bytes_new(q, n);
		g_assert_false(sg_wire_get_FINDING(b, &f, NULL));
	}
}

static void
refuses_another_type_and_version(void)
{
	g_autoptr(GBytes) good = finding();
	gsize n = g_bytes_get_size(good);

	for (gsize i = 0; i < 4; i++) {
		g_autofree guint8 *q = g_memdup2(g_bytes_get_data(good, NULL), n);
		g_autoptr(GBytes) b = NULL;
		g_auto(SgWireFINDING) f = { 0 };

		q[i] ^= 0x40;
		b = g_bytes_new(q, n);
		g_assert_false(sg_wire_get_FINDING(b, &f, NULL));
	}
}

static void
refuses_to_write_too_long(void)
{
	g_autofree char *huge = g_strnfill(SG_WIRE_STR + 1, 'x');
	g_autofree char *cut = NULL;
	g_autoptr(GByteArray) o = g_byte_array_new();
	SgWireFINDING f = { .rule = huge };

	g_assert_false(sg_wire_put_FINDING(o, &f, NULL));
	g_assert_cmpuint(o->len, ==, 0);
	huge[SG_WIRE_STR - 1] = '\xc3';
	huge[SG_WIRE_STR] = '\xa9';
	cut = sg_wire_cut(huge);
	g_assert_cmpuint(strlen(cut), ==, SG_WIRE_STR - 1);
	f.rule = cut;
	g_assert_true(sg_wire_put_FINDING(o, &f, NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wire/round-trip", round_trip);
	g_test_add_func("/wire/refuses-every-wrong-length", refuses_every_wrong_length);
	g_test_add_func("/wire/refuses-bad-text", refuses_bad_text);
	g_test_add_func("/wire/refuses-another-type-and-version", refuses_another_type_and_version);
	g_test_add_func("/wire/refuses-to-write-too-long", refuses_to_write_too_long);
	return g_test_run();
}
