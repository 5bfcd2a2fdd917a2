/* A zip: its members by both readings, unpacked, and what stands behind their streams. */
#include "pack/zip.h"
#include "t/lib/catch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static gboolean
drop(gpointer data, const char *piece, gsize n, GError **error)
{
	gsize *sum = data;

	(void)error;
	*sum += n + (guint8)piece[0];
	return TRUE;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static Catch *c;
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(SgZip) z = sg_zip_read(bytes, 200, NULL, NULL);
	gsize sum = 0, used;

	if (c == NULL)
		c = catch_new("unpacked = 2000000L;");
	c->spent = 0;
	g_string_truncate(c->limits, 0);
	for (guint i = 0; z != NULL && i < sg_zip_count(z) && i < 200; i++) {
		const SgZipMember *m = sg_zip_member(z, i);

		g_assert_true(g_utf8_validate(m->name, -1, NULL));
		g_assert_true(m->data <= size && sg_zip_find(z, m->name) >= 0);
		sg_zip_unpack_used(z, i, &c->sink, drop, &sum, &used, NULL);
		sg_zip_look_behind(z, i, used);
	}
	return 0;
}
