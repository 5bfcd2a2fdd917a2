/* fails-if: a member of an archive is not given, gets another name or its bytes are not its own; a
 *           limit is passed in silence; many members are in memory at once */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "pack/archivetype.h"
#include "part/member.h"
#include "t/lib/catch.h"

/* All samples but the special ones hold "other.txt" and "marker.txt", as t/lib/archives.py
 * makes them; a packed file only the second. */
static GBytes *
sample(const char *name)
{
	g_autofree char *file = g_build_filename(g_getenv("top_srcdir"), "t/data/x_archive", name, NULL);
	g_autoptr(GError) error = NULL;
	char *text;
	gsize n;

	g_file_get_contents(file, &text, &n, &error);
	g_assert_no_error(error);
	return g_bytes_new_take(text, n);
}

static gboolean
run(Catch *c, const char *reader, GBytes *bytes, GError **error)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(bytes, &n);

	g_assert_true(sg_extractors_warm_up(NULL));
	return catch_run(c, reader, sg_archive_mime(p, n), bytes, error);
}

static gboolean
holds(SgPart *p, const char *word)
{
	gsize n;
	const char *text = g_bytes_get_data(sg_part_bytes(p), &n);

	return memmem(text, n, word, strlen(word)) != NULL;
}

static void
every_format(void)
{
	static const struct {
		const char *file, *reader, *parts;
	} files[] = {
		{ "plain.7z", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.lzma.7z", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.rar4.rar", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.rar5.rar", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.cab", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.mszip.cab", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.lzh", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.cpio", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.a", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.xar", "archive", "1.1 other.txt 383\n1.2 marker.txt 386\n" },
		{ "plain.Z", "archive", "1.1  386\n" }, { "plain.lz4", "archive", "1.1  386\n" },
		{ "plain.gz", "packed", "1.1  386\n" }, { "plain.bz2", "packed", "1.1  386\n" },
		{ "plain.xz", "packed", "1.1  386\n" }, { "plain.lz", "packed", "1.1  386\n" },
		{ "plain.zst", "packed", "1.1  386\n" }, { "name.gz", "packed", "1.1 r.txt 386\n" },
		{ "links.tar.gz", "packed", "1.1  10752\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(Catch) c = catch_new("");
		g_autoptr(GBytes) bytes = sample(files[i].file);
		g_autoptr(GError) error = NULL;

		g_test_message("%s", files[i].file);
		g_assert_true(run(c, files[i].reader, bytes, &error));
		g_assert_no_error(error);
		g_assert_cmpstr(c->parts->str, ==, files[i].parts);
		g_assert_true(holds(g_ptr_array_index(c->inside, c->inside->len - 1), "MARKER-7F3A"));
		g_assert_cmpstr(c->limits->str, ==, "");
		g_assert_cmpuint(c->flags, ==, 0);
	}
}

/* Links are facts, and the names of both ends are text. */
static void
links(void)
{
	g_autoptr(Catch) c = catch_new(""), inner = catch_new("");
	g_autoptr(GBytes) bytes = sample("links.tar.gz");

	g_assert_true(run(c, "packed", bytes, NULL));
	g_assert_true(run(inner, "archive", sg_part_bytes(g_ptr_array_index(c->inside, 0)), NULL));
	g_assert_cmpstr(inner->parts->str, ==, "1.1 other.txt 383\n1.2 marker.txt 386\n");
	g_assert_cmpstr(inner->text->str, ==, "[name] l.txt\n\n");
}

static void
locked(void)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) bytes = sample("locked.rar");
	const SgPart *p;

	run(c, "archive", bytes, NULL);
	g_assert_cmpuint(c->inside->len, ==, 1);
	p = g_ptr_array_index(c->inside, 0);
	g_assert_cmpstr(p->name, ==, "s.txt");
	g_assert_cmpstr(p->state, ==, "protected");
	g_assert_cmpstr(p->strength, ==, "strong");
	g_assert_nonnull(strstr(p->kinds->str, "encrypted-strong"));
	g_assert_true((p->traits & SG_PART_READ) != 0);
}

/* A tar of n files of size bytes. */
static GBytes *
tar_of(guint n, guint size)
{
	GByteArray *b = g_byte_array_new();
	guint room = (size + 511) / 512 * 512;
	g_autofree guint8 *data = g_malloc0(room + 1);

	memset(data, 'a', size);
	for (guint i = 0; i < n; i++) {
		guint8 head[512] = { 0 };
		guint sum = 0;

		g_snprintf((char *)head, 100, "%u.txt", i);
		memcpy(head + 100, "0000644\0" "0000000\0" "0000000\0", 24);
		g_snprintf((char *)head + 124, 12, "%011o", size);
		memcpy(head + 136, "00000000000\0        0", 21);
		memcpy(head + 257, "ustar\0" "00", 8);
		for (guint k = 0; k < 512; k++)
			sum += head[k];
		g_snprintf((char *)head + 148, 8, "%06o", sum);
		g_byte_array_append(b, head, 512);
		g_byte_array_append(b, data, room);
	}
	g_byte_array_append(b, data + size, 0);
	return g_byte_array_free_to_bytes(b);
}

static void
small_batches(void)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) many = tar_of(200, 100), large = tar_of(10, 1500000);
	const SgExtractor *x;
	guint rounds = 1;

	g_assert_true(run(c, "archive", many, NULL));
	g_assert_cmpuint(c->inside->len, ==, 200);
	g_ptr_array_set_size(c->inside, 0);
	sg_part_free(c->part);
	c->part = sg_part_new("1", "", large, SG_AS_IS);
	x = sg_extractor_for(c->part, NULL, NULL);
	g_assert_true(x->run(c->part, &c->sink, NULL));
	while (c->part->more != NULL) {
		g_assert_cmpuint(c->inside->len, <=, 3);
		g_ptr_array_set_size(c->inside, 0);
		g_assert_true(x->run(c->part, &c->sink, NULL));
		rounds++;
	}
	g_assert_cmpuint(rounds, >=, 4);
}

static void
limits(void)
{
	g_autoptr(GBytes) bytes = sample("plain.7z"), many = tar_of(21000, 0), large = tar_of(3, 900000);
	g_autoptr(Catch) deep = catch_new("depth = 2;"), entries = catch_new(""), spent = catch_new("unpacked = 1048576L;");
	g_autoptr(SgPart) part = sg_part_new("1", "", bytes, SG_AS_IS);
	const SgExtractor *x = sg_extractor_for(part, NULL, NULL);

	/* too deep: the names all the same */
	part->depth = 2;
	g_assert_true(x->run(part, &deep->sink, NULL));
	g_assert_cmpstr(deep->limits->str, ==, "depth");
	g_assert_cmpstr(deep->text->str, ==, "[name] other.txt\nmarker.txt\n\n");
	g_assert_cmpuint(deep->inside->len, ==, 0);
	run(entries, "archive", many, NULL);
	g_assert_nonnull(strstr(entries->limits->str, "entries"));
	/* what came before the limit is given */
	run(spent, "archive", large, NULL);
	g_assert_nonnull(strstr(spent->limits->str, "unpacked"));
	g_assert_cmpuint(spent->inside->len, ==, 2);
	g_assert_nonnull(strstr(((SgPart *)g_ptr_array_index(spent->inside, 1))->notes->str, "cut"));
}

static void
damage(void)
{
	static const char *const files[] = { "plain.7z", "plain.rar5.rar", "plain.gz", "plain.mszip.cab", "plain.xar" };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GBytes) whole = sample(files[i]);
		gsize n = g_bytes_get_size(whole);

		for (gsize cut = n - n / 3; cut < n; cut += 7) {
			g_autoptr(Catch) c = catch_new("");
			g_autoptr(GBytes) part = g_bytes_new_from_bytes(whole, 0, cut);
			g_autoptr(GError) error = NULL;

			if (!run(c, g_str_has_suffix(files[i], "gz") ? "packed" : "archive", part, &error))
				g_assert_error(error, SG_ERR, SG_ERR_INPUT);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/x_archive/every_format", every_format);
	g_test_add_func("/x_archive/links", links);
	g_test_add_func("/x_archive/locked", locked);
	g_test_add_func("/x_archive/small_batches", small_batches);
	g_test_add_func("/x_archive/limits", limits);
	g_test_add_func("/x_archive/damage", damage);
	return g_test_run();
}
