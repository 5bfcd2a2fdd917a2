/* fails-if: a byte of a message is lost or changed on the way, a limit is passed silently, or
 *           one of our own header fields is missed or counted wrongly */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "front/collect.h"

static char *
text(GBytes *b)
{
	gsize len;
	const char *p = g_bytes_get_data(b, &len);

	return g_strndup(p, len);
}

static void
byte_exact(void)
{
	g_autoptr(SgCollect) c = sg_collect_new(1 << 20);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) b = NULL;
	g_autofree char *got = NULL;

	sg_collect_header(c, "Subject", " two\n\tlines", FALSE);
	sg_collect_header(c, "X-None", "no blank", FALSE);
	sg_collect_header(c, "X-Odd ", "", FALSE);
	sg_collect_header(c, "X-Cr", " has\r\n both", FALSE);
	sg_collect_body(c, "one\r\n", 5);
	sg_collect_body(c, "two\r\n", 5);
	b = sg_collect_seal(c, &error);
	g_assert_no_error(error);
	got = text(b);
	g_assert_cmpstr(got, ==, "Subject: two\r\n\tlines\r\nX-None:no blank\r\nX-Odd :\r\n"
	    "X-Cr: has\r\n both\r\n\r\none\r\ntwo\r\n");
}

static void
bare_server(void)
{
	g_autoptr(SgCollect) c = sg_collect_new(1 << 20);
	g_autoptr(GBytes) b = NULL;
	g_autofree char *got = NULL;

	sg_collect_header(c, "Subject", "x", TRUE);
	b = sg_collect_seal(c, NULL);
	got = text(b);
	g_assert_cmpstr(got, ==, "Subject: x\r\n\r\n");
}

static void
no_header_no_body(void)
{
	g_autoptr(SgCollect) c = sg_collect_new(1 << 20), d = sg_collect_new(1 << 20);
	g_autoptr(GBytes) b = NULL, e = NULL;
	g_autofree char *got = NULL, *nothing = NULL;

	sg_collect_body(c, "hello\r\n", 7);
	b = sg_collect_seal(c, NULL);
	got = text(b);
	g_assert_cmpstr(got, ==, "\r\nhello\r\n");
	e = sg_collect_seal(d, NULL);
	nothing = text(e);
	g_assert_cmpstr(nothing, ==, "\r\n");
}

/* The same bytes, whether memory or the memfd held them, and both sealed. */
static void
small_and_large(void)
{
	static const gsize sizes[] = { 10, SG_COLLECT_SPILL - 20, SG_COLLECT_SPILL, 5 << 20 };

	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(SgCollect) c = sg_collect_new(10 << 20);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) b = NULL;
		g_autofree char *chunk = g_malloc(65535), *back = NULL;
		gsize left = sizes[i], len;

		memset(chunk, 'a' + (int)i, 65535);
		sg_collect_header(c, "A", " b", FALSE);
		for (; left > 0; left -= MIN(left, 65535))
			sg_collect_body(c, chunk, MIN(left, 65535));
		b = sg_collect_seal(c, &error);
		g_assert_no_error(error);
		len = g_bytes_get_size(b);
		g_assert_cmpuint(len, ==, sizes[i] + 8);
		g_assert_cmpint(fcntl(c->fd, F_GET_SEALS), ==,
		    F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
		back = g_malloc(len);
		g_assert_cmpint(pread(c->fd, back, len, 0), ==, (gssize)len);
		g_assert_cmpmem(back, len, g_bytes_get_data(b, NULL), len);
		g_assert_cmpint(back[len - 1], ==, 'a' + (int)i);
	}
}

static void
too_large(void)
{
	g_autoptr(SgCollect) c = sg_collect_new(65536);
	g_autoptr(GError) error = NULL;
	g_autofree char *chunk = g_malloc0(60000);

	sg_collect_body(c, chunk, 60000);
	sg_collect_body(c, chunk, 60000);
	sg_collect_body(c, chunk, 60000);
	g_assert_cmpuint(c->len, ==, 0);	/* nothing of it is kept */
	g_assert_null(sg_collect_seal(c, &error));
	g_assert_error(error, SG_ERR, SG_ERR_LIMIT);
	g_assert_cmpuint(c->size, ==, 180002);
}

static void
exactly_the_limit(void)
{
	g_autoptr(SgCollect) c = sg_collect_new(10);
	g_autoptr(GBytes) b = NULL;

	sg_collect_body(c, "12345678", 8);
	b = sg_collect_seal(c, NULL);
	g_assert_nonnull(b);
}

static void
own_headers(void)
{
	static const struct { const char *name, *value; guint index; } want[] = {
		{ "Schoolgate-Status", "one", 1 }, { "schoolgate-status", "two folded", 2 },
		{ "Schoolgate-Release", "v=1", 1 }, { "SCHOOLGATE-STATUS", "three", 3 },
		{ "Schoolgate-", "", 1 },
	};
	g_autoptr(SgCollect) c = sg_collect_new(1 << 20);

	sg_collect_header(c, "Schoolgate-Status", " one", FALSE);
	sg_collect_header(c, "Schoolgate", " none of ours", FALSE);
	sg_collect_header(c, "schoolgate-status ", " two\n folded ", FALSE);
	sg_collect_header(c, "Schoolgate-Release", "\tv=1", FALSE);
	sg_collect_header(c, "X-Schoolgate-Status", " none of ours", FALSE);
	sg_collect_header(c, "SCHOOLGATE-STATUS", " three", FALSE);
	sg_collect_header(c, "Schoolgate-", "", FALSE);
	g_assert_cmpuint(c->own->len, ==, G_N_ELEMENTS(want));
	for (guint i = 0; i < c->own->len; i++) {
		const SgOwnHeader *h = g_ptr_array_index(c->own, i);

		g_assert_cmpstr(h->name, ==, want[i].name);
		g_assert_cmpstr(h->value, ==, want[i].value);
		g_assert_cmpuint(h->index, ==, want[i].index);
	}
	for (guint i = 0; i < SG_COLLECT_OWN; i++)
		sg_collect_header(c, "Schoolgate-X", " x", FALSE);
	g_assert_true(c->own_flood);
	g_assert_cmpuint(c->own->len, ==, SG_COLLECT_OWN);
}

static void
message_id(void)
{
	g_autoptr(SgCollect) c = sg_collect_new(1 << 20), d = sg_collect_new(1 << 20);

	sg_collect_header(c, "Message-Id", "\n <a@b> ", FALSE);
	sg_collect_header(c, "Message-ID", " <second@b>", FALSE);
	g_assert_cmpstr(c->message_id, ==, "a@b");
	sg_collect_header(d, "Message-IDs", " <no>", FALSE);
	g_assert_null(d->message_id);
	sg_collect_header(d, "Message-ID", " \xff", FALSE);
	g_assert_true(g_utf8_validate(d->message_id, -1, NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/collect/byte-exact", byte_exact);
	g_test_add_func("/collect/bare-server", bare_server);
	g_test_add_func("/collect/no-header-no-body", no_header_no_body);
	g_test_add_func("/collect/small-and-large", small_and_large);
	g_test_add_func("/collect/too-large", too_large);
	g_test_add_func("/collect/exactly-the-limit", exactly_the_limit);
	g_test_add_func("/collect/own-headers", own_headers);
	g_test_add_func("/collect/message-id", message_id);
	return g_test_run();
}
