/* fails-if: a quickly decoded part is not what the mail library makes of it */
#include <gmime/gmime.h>
#include <string.h>

#include "base/base64.h"
#include "part/part.h"

#define ROUNDS 20000u

/* Mostly letters and line ends, now and then what does not belong there. */
static char *
invent(GRand *r, gsize *len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	guint foreign = (guint)g_rand_int_range(r, 1, 200), line = (guint)g_rand_int_range(r, 1, 90);
	GString *s = g_string_new(NULL);

	*len = (gsize)g_rand_int_range(r, 0, 3000);
	while (s->len < *len) {
		gint32 dice = g_rand_int_range(r, 0, 100);

		if (s->len % line == line - 1)
			g_string_append(s, g_rand_boolean(r) ? "\r\n" : "\n");
		if ((guint)dice * 50 < foreign)
			g_string_append_c(s, "=\r\n-\0\x80\xff. "[g_rand_int_range(r, 0, 9)]);
		g_string_append_c(s, letters[g_rand_int_range(r, 0, 64)]);
	}
	for (gint32 i = g_rand_int_range(r, 0, 4); i > 0; i--)
		g_string_append(s, g_rand_boolean(r) ? "=" : "=\r\n");
	*len = s->len;
	return g_string_free(s, FALSE);
}

static void
as_the_library(void)
{
	g_autoptr(GRand) r = g_rand_new_with_seed(1);

	for (guint i = 0; i < ROUNDS; i++) {
		gsize n, want_len, got_len;
		g_autofree char *in = invent(r, &n), *want = g_malloc(n + 8);
		g_autoptr(GBytes) content = g_bytes_new(in, n);
		g_autoptr(SgPart) p = sg_part_new("1", "image/png", content, SG_BASE64);
		guint8 head[700];
		gsize head_len = sg_part_head(p, head, sizeof head);
		GMimeEncoding dec;
		const char *got;

		g_mime_encoding_init_decode(&dec, GMIME_CONTENT_ENCODING_BASE64);
		want_len = g_mime_encoding_flush(&dec, in, n, want);
		got = g_bytes_get_data(sg_part_bytes(p), &got_len);
		g_assert_cmpmem(got, got_len, want, want_len);
		g_assert_cmpuint(head_len, <=, sizeof head);
		if (memchr(in, '=', n) == NULL)
			g_assert_cmpmem(head, head_len, want, MIN(want_len, head_len));
	}
}

static void
keeps_to_its_room(void)
{
	static const char in[] = "QUJDREVGR0hJSktM";

	for (gsize room = 0; room < 16; room++) {
		guint8 out[16] = "";
		const char *at = in;
		gsize n = sg_base64_groups(&at, in + 16, out, room);

		g_assert_cmpuint(n, ==, MIN(room / 3 * 3, 12));
		g_assert_cmpmem(out, n, "ABCDEFGHIJKL", n);
		g_assert_cmpuint(out[room], ==, 0);
		g_assert_true(at == in + n / 3 * 4);
	}
}

static void
sizes_without_decoding(void)
{
	static const char *const contents[][2] = { { "QUJD\r\nREVG\r\n", "6" }, { "QUJD\nREVGR0hJ\nSktM", "12" },
		{ "QUI=\r\n", "2" }, { "QUJDREVG\r\nQUJD\r\nQUJDREVG\r\nQQ==", "16" }, { "", "0" } };

	for (gsize i = 0; i < G_N_ELEMENTS(contents); i++) {
		g_autoptr(GBytes) content = g_bytes_new_static(contents[i][0], strlen(contents[i][0]));
		g_autoptr(SgPart) p = sg_part_new("1", "", content, SG_BASE64);
		g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, sg_part_size(p));

		g_assert_cmpstr(size, ==, contents[i][1]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/base64/as-the-library", as_the_library);
	g_test_add_func("/base64/keeps-to-its-room", keeps_to_its_room);
	g_test_add_func("/base64/sizes-without-decoding", sizes_without_decoding);
	return g_test_run();
}
