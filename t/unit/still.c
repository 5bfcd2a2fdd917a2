/*
 * Which pictures a person may be shown, and the taking of one out of a message.
 * fails-if: something that moves, is no PNG, JPEG or WebP, is broken or of an unbearable size
 *           counts as a still picture; a part is not what its sender attached, comes out of an
 *           attached file, or has more bytes than were asked for
 */
#include <gmime/gmime.h>
#include <string.h>

#include "base/err.h"
#include "page/still.h"
#include "rewrite/take.h"

#define PNG_HEAD "\x89PNG\r\n\x1a\n" "\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0" "sums"
#define PNG_DATA "\0\0\0\x01IDATx" "sums"
#define PNG_END	 "\0\0\0\0IEND" "sums"
#define JPEG_HEAD "\xff\xd8\xff\xe0\0\x04JF"
#define JPEG_SIZE "\xff\xc0\0\x0b\x08\0\x10\0\x20\x01\x01\x11\0"
#define JPEG_SCAN "\xff\xda\0\x08\x01\x01\0\0\x3f\0xyz"

static void
expect(const char *bytes, gsize n, const char *type)
{
	const char *why = NULL, *got = sg_still_type((const guint8 *)bytes, n, &why);

	g_assert_cmpstr(got, ==, type);
	g_assert_true((why == NULL) == (got != NULL));
}
#define EXPECT(bytes, type) expect(bytes, sizeof bytes - 1, type)

static void
test_kinds(void)
{
	EXPECT(PNG_HEAD PNG_DATA PNG_END, "image/png");
	EXPECT(JPEG_HEAD JPEG_SIZE JPEG_SCAN, "image/jpeg");
	EXPECT("RIFF\x16\0\0\0WEBPVP8L\x09\0\0\0\x2f\x01\x40\0\0 abcd\0", "image/webp");
	EXPECT("RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x01\0\0\x01\0\0" "VP8L\x01\0\0\0\x2f\0", "image/webp");
	EXPECT("GIF89a\x01\0\x01\0\0\0\0;", NULL);
	EXPECT("<svg xmlns='http://www.w3.org/2000/svg'/>", NULL);
	EXPECT("%PDF-1.7", NULL);
	EXPECT("", NULL);
}

static void
test_moves(void)
{
	EXPECT(PNG_HEAD "\0\0\0\x08" "acTL\0\0\0\x02\0\0\0\0sums" PNG_DATA PNG_END, NULL);
	EXPECT("RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x01\0\0\x01\0\0", NULL);
	EXPECT("RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x01\0\0\x01\0\0" "ANMF\x01\0\0\0x\0", NULL);
}

static void
test_broken(void)
{
	const char png[] = PNG_HEAD PNG_DATA PNG_END, jpeg[] = JPEG_HEAD JPEG_SIZE JPEG_SCAN;

	for (gsize n = 0; n + 12 < sizeof png - 1; n++)
		expect(png, n, NULL);
	for (gsize n = 0; n < sizeof jpeg - 1 - 11; n++)
		expect(jpeg, n, NULL);
	EXPECT(JPEG_HEAD JPEG_SCAN, NULL);	/* no size */
	EXPECT("\x89PNG\r\n\x1a\n" "\0\0\0\x0dIHDR\0\1\0\0\0\1\0\0\x08\x02\0\0\0" "sums" PNG_END, NULL);
	EXPECT("\x89PNG\r\n\x1a\n" "\0\0\0\x0dIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x02\0\0\0" "sums" PNG_END, NULL);
}

static void
test_take(void)
{
	static const char mail[] =
	    "From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
	    "--b\r\n\r\nHello\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	    "aGVs\r\nbG8=\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n"
	    "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: image/png\r\n\r\nraw\r\n--c--\r\n--b--\r\n";
	g_autoptr(GBytes) raw = g_bytes_new_static(mail, sizeof mail - 1);
	static const struct {
		const char *id, *want;
		gsize	    most;
		int	    code;
	} cases[] = {
		{ "2", "hello", 5, 0 },
		{ "3.1", "raw", 100, 0 },
		{ "2", NULL, 4, SG_ERR_LIMIT },
		{ "2.1", NULL, 100, SG_ERR_INPUT },
		{ "9", NULL, 100, SG_ERR_INPUT },
		{ "", NULL, 100, SG_ERR_INPUT },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) got = sg_take_part(raw, cases[i].id, cases[i].most, &error);

		if (cases[i].want == NULL) {
			g_assert_null(got);
			g_assert_error(error, SG_ERR, cases[i].code);
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpmem(g_bytes_get_data(got, NULL), g_bytes_get_size(got), cases[i].want, strlen(cases[i].want));
	}
}

int
main(int argc, char **argv)
{
	g_mime_init();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/still/kinds", test_kinds);
	g_test_add_func("/still/moves", test_moves);
	g_test_add_func("/still/broken", test_broken);
	g_test_add_func("/still/take", test_take);
	return g_test_run();
}
