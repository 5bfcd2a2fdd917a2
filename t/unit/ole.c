/* fails-if: a stream of a compound file is not given, or a broken one hangs, crashes or costs too much */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "pack/ole.h"

static GBytes *
sample(const char *name)
{
	const char *top = g_getenv("top_srcdir");
	g_autofree char *file = g_build_filename(top != NULL ? top : ".", "t/data/x_ole", name, NULL);
	char *text;
	gsize len;

	g_assert_true(g_file_get_contents(file, &text, &len, NULL));
	return g_bytes_new_take(text, len);
}

/* Reads everything, as the most curious reader would. */
static guint64
read_all(GBytes *bytes, gboolean *broken)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgOle) o = sg_ole_open(bytes, &error);
	guint64 n = 0;

	if (o == NULL) {
		g_assert_error(error, SG_ERR, SG_ERR_INPUT);
		return 0;
	}
	for (guint i = 0; i < sg_ole_count(o); i++) {
		g_autoptr(GBytes) b = sg_ole_read(o, i);

		g_assert_true(g_utf8_validate(sg_ole_entry(o, i)->name, -1, NULL));
		g_assert_cmpint(sg_ole_entry(o, i)->parent, <, (gint)i);
		n += g_bytes_get_size(b);
	}
	if (broken != NULL)
		*broken = sg_ole_broken(o);
	return n;
}

static void
gives_every_stream(void)
{
	static const char *const names[] = { "WordDocument", "1Table", "\005SummaryInformation",
		"\005DocumentSummaryInformation", "\001CompObj" };
	g_autoptr(GBytes) b = sample("letter.doc");
	g_autoptr(SgOle) o = sg_ole_open(b, NULL);

	g_assert_nonnull(o);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GBytes) s = sg_ole_stream(o, 0, names[i]);

		g_assert_nonnull(s);
		g_assert_cmpuint(g_bytes_get_size(s), ==,
		    sg_ole_entry(o, (guint)sg_ole_find(o, 0, names[i]))->size);
	}
	g_assert_null(sg_ole_stream(o, 0, "Nothing"));
	g_assert_false(sg_ole_broken(o));
	g_assert_cmpstr(sg_ole_mime(b), ==, "application/msword");
}

/* A storage cut out is a file of its own, with the same bytes in it. */
static void
cuts_storages(void)
{
	static const char *const files[] = { "letter.doc", "list.xls" };

	for (gsize f = 0; f < G_N_ELEMENTS(files); f++) {
		g_autoptr(GBytes) b = sample(files[f]);
		g_autoptr(SgOle) o = sg_ole_open(b, NULL), again = NULL;
		g_autoptr(GBytes) cut = sg_ole_cut(o, 0);

		g_assert_true(sg_ole_is(g_bytes_get_data(cut, NULL), g_bytes_get_size(cut)));
		again = sg_ole_open(cut, NULL);
		g_assert_nonnull(again);
		g_assert_cmpuint(sg_ole_count(again), ==, sg_ole_count(o));
		for (guint i = 1; i < sg_ole_count(o); i++) {
			gint k = sg_ole_find(again, 0, sg_ole_entry(o, i)->name);
			g_autoptr(GBytes) x = sg_ole_read(o, i), y = sg_ole_read(again, (guint)MAX(k, 0));

			g_assert_true(g_bytes_equal(x, y));
		}
		g_assert_false(sg_ole_broken(again));
	}
}

static void
set32(guint8 *p, guint32 v)
{
	for (guint i = 0; i < 4; i++)
		p[i] = (guint8)(v >> i * 8);
}

/* Chains and trees that run in circles, and entries that share one stream, end. */
static void
ends_on_circles(void)
{
	g_autoptr(GBytes) b = sample("letter.doc");
	gsize n = g_bytes_get_size(b), dir;
	g_autofree guint8 *copy = g_memdup2(g_bytes_get_data(b, NULL), n);
	g_autoptr(GBytes) looped = g_bytes_new_static(copy, n);
	gboolean broken = FALSE;

	dir = ((gsize)sg_le32(copy + 0x30) + 1) << 9;
	for (guint i = 0; i < 4; i++) {
		set32(copy + dir + i * 128 + 0x44, 1);
		set32(copy + dir + i * 128 + 0x48, 0);
		set32(copy + dir + i * 128 + 0x4c, 2);
	}
	read_all(looped, &broken);
	g_assert_true(broken);
	/* every sector leads to itself */
	for (guint i = 0; i < 109; i++) {
		gsize at = ((gsize)sg_le32(copy + 0x4c + i * 4) + 1) << 9;

		for (guint k = 0; at < n && k < 128; k++)
			set32(copy + at + k * 4, k);
	}
	set32(copy + 0x44, 0);		/* and the list of FAT sectors to the first of all */
	g_assert_cmpuint(read_all(looped, NULL), <=, 100 * n);
}

static void
survives_damage(void)
{
	g_autoptr(GBytes) b = sample("list.xls");
	gsize n = g_bytes_get_size(b);
	g_autofree guint8 *copy = g_memdup2(g_bytes_get_data(b, NULL), n);
	g_autoptr(GRand) random = g_rand_new_with_seed(7);

	for (gsize cut = 0; cut < n; cut += 37) {
		g_autoptr(GBytes) shorter = g_bytes_new(copy, cut);

		read_all(shorter, NULL);
	}
	for (guint i = 0; i < 3000; i++) {
		g_autoptr(GBytes) damaged = NULL;

		if (i % 50 == 0)
			memcpy(copy, g_bytes_get_data(b, NULL), n);
		copy[g_rand_int_range(random, 8, (gint32)n)] = (guint8)g_rand_int(random);
		damaged = g_bytes_new(copy, n);
		g_assert_cmpuint(read_all(damaged, NULL), <=, 100 * n);
		g_assert_nonnull(sg_ole_mime(damaged));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ole/streams", gives_every_stream);
	g_test_add_func("/ole/cut", cuts_storages);
	g_test_add_func("/ole/circles", ends_on_circles);
	g_test_add_func("/ole/damage", survives_damage);
	return g_test_run();
}
