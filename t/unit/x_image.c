/* fails-if: what is written into a picture, where it was taken, or its size is not seen */
#include <glib.h>
#include <string.h>

#include "scan/walk.h"
#include "t/lib/catch.h"

#define WORDS "a picture of us\nsports day \xe2\x80\x93 4B\nAnn Example\nWide title\n"

static GBytes *
sample(const char *name)
{
	g_autofree char *file = g_strdup_printf("%s/t/data/x_image/%s",
	    g_getenv("top_srcdir") != NULL ? g_getenv("top_srcdir") : ".", name);
	char *data;
	gsize n;

	if (!g_file_get_contents(file, &data, &n, NULL))
		g_error("no %s", file);
	return g_bytes_new_take(data, n);
}

static const struct {
	const char *file, *type, *notes, *text;
} files[] = {
	{ "photo.jpg", "image/jpeg", "pixels:640x480 exif:position",
	    WORDS "the caption\na comment\nXavier Maple\n" },
	{ "nowhere.jpg", "image/jpeg", "pixels:640x480", WORDS "the caption\na comment\nXavier Maple\n" },
	{ "words.png", "image/png", "pixels:3x2 exif:position",
	    "plain w\xc3\xb6rds\npacked words\nZo\xc3\xab\n" WORDS "Xavier Maple\n" },
	{ "words.gif", "image/gif", "pixels:7x5", "hello there\nend\n" },
	{ "photo.webp", "image/webp", "pixels:320x240 exif:position", WORDS },
	{ "photo.heic", "image/heic", "pixels:4032x3024 exif:position", WORDS },
	{ "scan.tif", "image/tiff", "pixels:40x30 exif:position", WORDS },
	{ "small.bmp", "image/bmp", "pixels:11x12", NULL },
};

static void
table_of_pictures(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(Catch) c = catch_new("");
		g_autoptr(GBytes) bytes = sample(files[i].file);
		g_autofree char *text = files[i].text != NULL ?
		    g_strdup_printf("[attachment] %s\n", files[i].text) : g_strdup("");

		g_test_message("%s", files[i].file);
		g_assert_true(catch_run(c, "image", files[i].type, bytes, NULL));
		g_assert_cmpstr(c->text->str, ==, text);
		g_assert_cmpstr(c->part->notes->str, ==, files[i].notes);
		g_assert_cmpstr(c->part->kinds->str, ==, strstr(files[i].notes, "position") != NULL ? "position" : "");
		g_assert_cmpstr(c->limits->str, ==, "");
	}
}

/* Every prefix, and every byte turned round: nothing is read that is not there. */
static void
broken_pictures(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GBytes) bytes = sample(files[i].file);
		gsize n;
		const guint8 *p = g_bytes_get_data(bytes, &n);

		for (gsize k = 0; k < n; k++) {
			g_autoptr(Catch) c = catch_new("");
			g_autofree guint8 *other = g_memdup2(p, n);
			g_autoptr(GBytes) some = g_bytes_new(p, k), odd = NULL;

			other[k] ^= 0xff;
			odd = g_bytes_new(other, n);
			g_assert_true(catch_run(c, "image", files[i].type, some, NULL));
			g_assert_true(catch_run(c, "image", files[i].type, odd, NULL));
		}
	}
}

/* A picture may name the same text a thousand times. */
static void
text_is_bounded(void)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GByteArray) b = g_byte_array_new();
	g_autoptr(GBytes) bytes = NULL;
	static const guint8 head[] = { 'I', 'I', '*', 0, 8, 0, 0, 0, 0xe8, 3 };
	static const guint8 field[] = { 0x0e, 1, 2, 0, 0, 0, 1, 0, 0, 0x40, 0, 0 };

	g_byte_array_append(b, head, sizeof head);
	for (guint i = 0; i < 1000; i++)
		g_byte_array_append(b, field, sizeof field);
	while (b->len < 0x14000)
		g_byte_array_append(b, (const guint8 *)"word ", 5);
	bytes = g_byte_array_free_to_bytes(g_steal_pointer(&b));
	g_assert_true(catch_run(c, "image", "image/tiff", bytes, NULL));
	g_assert_cmpstr(c->limits->str, ==, "text");
	g_assert_cmpuint(c->text->len, <, 2u << 20);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/image/table-of-pictures", table_of_pictures);
	g_test_add_func("/image/broken-pictures", broken_pictures);
	g_test_add_func("/image/text-is-bounded", text_is_bounded);
	return g_test_run();
}
