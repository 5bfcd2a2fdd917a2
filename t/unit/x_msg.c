/* fails-if: words, bodies or files of an Outlook message or of a winmail.dat are not given */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "old/mapi.h"
#include "t/lib/catch.h"
#include "t/lib/cfb.h"

static const char rtf[] = "{\\rtf1 words of the rtf}";

/* Without any compression but the flags that say so. */
static GByteArray *
packed_rtf(void)
{
	GByteArray *b = g_byte_array_new();

	put32(b, 0);
	put32(b, sizeof rtf - 1);
	put32(b, 0x75465a4c);
	put32(b, 0);
	for (gsize i = 0; i < sizeof rtf - 1; i += 8) {
		put_bytes(b, "", 1);
		put_bytes(b, rtf + i, MIN(8, sizeof rtf - 1 - i));
	}
	b->data[0] = (guint8)(b->len - 4);
	return b;
}

static void
add_wide(Cfb *c, const char *path, const char *text)
{
	g_autoptr(GByteArray) b = g_byte_array_new();

	put_wide(b, text);
	cfb_add(c, path, b->data, b->len);
}

static const char *
name_of(const Catch *c, guint i)
{
	return ((SgPart *)g_ptr_array_index(c->inside, i))->name;
}

static const SgPart *
inside(const Catch *c, const char *name)
{
	for (guint i = 0; i < c->inside->len; i++)
		if (strcmp(name_of(c, i), name) == 0)
			return g_ptr_array_index(c->inside, i);
	g_error("no part %s in:\n%s", name, c->parts->str);
}

static void
message(void)
{
	static const guint8 greek[] = { 0xe1, 0xe2, 0xe3 };
	static const guint8 numbers[32 + 16] = { [32] = 3, [34] = 0xfd, [35] = 0x3f, [40] = 0xe5, [41] = 4 };
	g_autoptr(Catch) c = catch_new(""), again = catch_new("");
	g_autoptr(GBytes) file = NULL;
	g_autoptr(GByteArray) r = packed_rtf();
	const SgPart *inner;
	Cfb *m = cfb_new();

	cfb_add(m, "__properties_version1.0", numbers, sizeof numbers);
	cfb_add(m, "__nameid_version1.0/__substg1.0_00030102", "not words at all", 16);
	add_wide(m, "__substg1.0_0037001F", "Subject \xce\xa9");
	cfb_add(m, "__substg1.0_1000001E", greek, sizeof greek);
	cfb_add(m, "__substg1.0_10130102", "<p>words of the html</p>", 24);
	cfb_add(m, "__substg1.0_10090102", r->data, r->len);
	add_wide(m, "__substg1.0_0C1A001F", "Ann Sender");
	cfb_add(m, "__substg1.0_007D001E", "Received: from nowhere", 22);
	add_wide(m, "__substg1.0_8001001F", "a property of its own");
	add_wide(m, "__recip_version1.0_#00000000/__substg1.0_3001001F", "Ben Recipient");
	cfb_add(m, "__attach_version1.0_#00000000/__substg1.0_37010102", "words of the file", 17);
	add_wide(m, "__attach_version1.0_#00000000/__substg1.0_3704001F", "LONGNA~1.TXT");
	add_wide(m, "__attach_version1.0_#00000000/__substg1.0_3707001F", "long name.txt");
	add_wide(m, "__attach_version1.0_#00000001/__substg1.0_3001001F", "inner");
	cfb_add(m, "__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0", numbers, 24);
	add_wide(m, "__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001F", "inner words");
	file = cfb_end(m);
	g_assert_true(catch_run(c, "ole", "application/vnd.ms-outlook", file, NULL));
	g_assert_nonnull(strstr(c->text->str, "[attachment] Subject \xce\xa9\n"));
	g_assert_nonnull(strstr(c->text->str, "[attachment] \xce\xb1\xce\xb2\xce\xb3\n"));	/* code page 1253 */
	g_assert_nonnull(strstr(c->text->str, "Ann Sender"));
	g_assert_nonnull(strstr(c->text->str, "Ben Recipient"));
	g_assert_nonnull(strstr(c->text->str, "a property of its own"));
	g_assert_nonnull(strstr(c->text->str, "LONGNA~1.TXT"));
	g_assert_null(strstr(c->text->str, "nowhere"));
	g_assert_cmpuint(c->inside->len, ==, 4);
	g_assert_cmpstr(inside(c, "body.html")->declared, ==, "text/html");
	g_assert_cmpuint(g_bytes_get_size(inside(c, "body.rtf")->content), ==, sizeof rtf - 1);
	g_assert_cmpuint(g_bytes_get_size(inside(c, "long name.txt")->content), ==, 17);
	inner = inside(c, "inner");
	g_assert_true(catch_run(again, "ole", "application/vnd.ms-outlook", inner->content, NULL));
	g_assert_nonnull(strstr(again->text->str, "[attachment] inner words\n"));
}

static void
attribute(GByteArray *b, guint level, guint id, const void *p, gsize n)
{
	const guint8 l = (guint8)level;

	put_bytes(b, &l, 1);
	put16(b, id);
	put16(b, 6);
	put32(b, (guint32)n);
	put_bytes(b, p, n);
	put16(b, 0xbad);		/* no sum is right here */
}

static void
property(GByteArray *b, guint id, guint type, const void *p, gsize n)
{
	put16(b, type);
	put16(b, id);
	put32(b, 1);
	put32(b, (guint32)n);
	put_bytes(b, p, n);
	put_bytes(b, "\0\0\0", (4 - n % 4) % 4);
}

static GByteArray *
begin_tnef(void)
{
	GByteArray *b = g_byte_array_new();

	put32(b, 0x223e9f78);
	put16(b, 1);
	return b;
}

static void
winmail(void)
{
	g_autoptr(GByteArray) t = begin_tnef(), list = g_byte_array_new(), name = g_byte_array_new();
	g_autoptr(GByteArray) r = packed_rtf(), inner = begin_tnef(), object = g_byte_array_new();
	g_autoptr(GByteArray) one = g_byte_array_new();
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) bytes = NULL;
	static const guint8 zeros[16] = { 0 };

	attribute(t, 1, 0x8004, "words of the subject", 21);
	attribute(t, 1, 0x800c, "words of the body", 18);
	put32(list, 2);
	property(list, 0x1009, 0x102, r->data, r->len);
	property(list, 0x1013, 0x102, "<p>html</p>", 11);
	attribute(t, 1, 0x9003, list->data, list->len);
	attribute(t, 2, 0x9002, zeros, 14);
	attribute(t, 2, 0x8010, "SHORT~1.TXT", 12);
	attribute(t, 2, 0x800f, "words of the file", 17);
	put_wide(name, "short and long.txt");
	put32(one, 1);
	property(one, 0x3707, 0x1f, name->data, name->len);
	attribute(t, 2, 0x9005, one->data, one->len);
	/* a message in it is a TNEF again, behind the number of an interface */
	attribute(inner, 1, 0x800c, "inner words", 12);
	put_bytes(object, zeros, 16);
	put_bytes(object, inner->data, inner->len);
	g_byte_array_set_size(one, 4);
	property(one, 0x3701, 0x0d, object->data, object->len);
	attribute(t, 2, 0x9002, zeros, 14);
	attribute(t, 2, 0x9005, one->data, one->len);
	bytes = g_bytes_new(t->data, t->len);
	g_assert_true(catch_run(c, "tnef", "application/vnd.ms-tnef", bytes, NULL));
	g_assert_nonnull(strstr(c->text->str, "[attachment] words of the subject\n"));
	g_assert_nonnull(strstr(c->text->str, "[attachment] words of the body\n"));
	g_assert_cmpuint(g_bytes_get_size(inside(c, "short and long.txt")->content), ==, 17);
	g_assert_cmpuint(g_bytes_get_size(inside(c, "")->content), ==, inner->len);
	g_assert_cmpuint(g_bytes_get_size(inside(c, "body.rtf")->content), ==, sizeof rtf - 1);
	g_assert_nonnull(inside(c, "body.html"));
}

/* Cut anywhere, it gives what came before and says that it is broken. */
static void
cut_off(void)
{
	g_autoptr(GByteArray) t = begin_tnef();

	attribute(t, 1, 0x8004, "words of the subject", 21);
	attribute(t, 1, 0x800c, "words of the body", 18);
	for (guint n = 6; n < t->len; n++) {
		g_autoptr(Catch) c = catch_new("");
		g_autoptr(GBytes) b = g_bytes_new(t->data, n);
		g_autoptr(GError) error = NULL;

		if (!catch_run(c, "tnef", "application/vnd.ms-tnef", b, &error))
			g_assert_error(error, SG_ERR, SG_ERR_INPUT);
		if (n > 40)
			g_assert_nonnull(strstr(c->text->str, "words of the subject"));
	}
}

/* References into what came before, and into what the dictionary holds at first. */
static void
compressed_rtf(void)
{
	/* the example of [MS-OXRTFCP] 4.1.1 */
	static const guint8 example[] = { 0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5,
		0xc7, 0xa7, 0x03, 0, 0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a,
		0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a,
		0x80, 0x0f, 0xa0 };
	static const char text[] = "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n";
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) packed = g_bytes_new_static(example, sizeof example);
	g_autoptr(GBytes) b = sg_lzfu_unpack(packed, &c->sink, NULL);

	g_assert_nonnull(b);
	g_assert_cmpmem(g_bytes_get_data(b, NULL), g_bytes_get_size(b), text, sizeof text - 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/msg/message", message);
	g_test_add_func("/msg/winmail", winmail);
	g_test_add_func("/msg/cut", cut_off);
	g_test_add_func("/msg/rtf", compressed_rtf);
	return g_test_run();
}
