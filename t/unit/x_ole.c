/* fails-if: words of an old Office document are not in its text, or cells lose their columns */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "scan/type.h"
#include "t/lib/catch.h"
#include "t/lib/cfb.h"

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

static void
finds(const char *name, const char *mime, const char *const *words)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) b = sample(name);
	g_autoptr(GError) error = NULL;

	g_assert_true(catch_run(c, "ole", mime, b, &error));
	g_assert_no_error(error);
	for (; *words != NULL; words++)
		if (strstr(c->text->str, *words) == NULL)
			g_error("%s: no \"%s\" in:\n%s", name, *words, c->text->str);
}

static void
word(void)
{
	static const char *const words[] = { "caf\xc3\xa9 costs \xc2\xa3" "5 \xe2\x80\x93 bring",
		/* what the field is told stands elsewhere */
		"Visit our page about it before then.", "http://trip.example/page",
		"Words of the footnote", "hidden words", "Words of the comment", "Ben Deputy",
		"words that were deleted", "Words in a text box", "Words of the header",
		"Words of the footer", "\xce\xb1\xce\xb2\xce\xb3", "\xd0\xbc\xd0\xb8\xd1\x80",
		"[attachment|2] Pupil\tDate of birth\nAnn Marsh\t01/02/2014\n", "Title of the letter", "Ada Teacher",
		"keyword-one", "Form\nSeven Beech", NULL };

	finds("letter.doc", "application/msword", words);
}

static void
excel(void)
{
	static const char *const words[] = { "Hidden sheet", "words on the hidden sheet", "Words of the note",
		"[attachment|5] Name\tDate of birth\tNumber\tJoined\nAnn Marsh\t",
		"\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 Marsh\t17\t18", "4505577104", "of Beech", NULL };

	finds("list.xls", "application/vnd.ms-excel", words);
}

/* Damage never does more than a flag, and the words that are still there are found. */
static void
damage(void)
{
	static const char *const files[][2] = { { "letter.doc", "application/msword" },
		{ "list.xls", "application/vnd.ms-excel" } };
	g_autoptr(GRand) random = g_rand_new_with_seed(11);

	for (gsize f = 0; f < G_N_ELEMENTS(files); f++) {
		g_autoptr(GBytes) b = sample(files[f][0]);
		gsize n = g_bytes_get_size(b);
		g_autofree guint8 *copy = g_malloc(n);

		for (guint i = 0; i < 400; i++) {
			g_autoptr(Catch) c = catch_new("");
			g_autoptr(GError) error = NULL;
			g_autoptr(GBytes) damaged = NULL;

			if (i % 20 == 0)
				memcpy(copy, g_bytes_get_data(b, NULL), n);
			copy[g_rand_int_range(random, 8, (gint32)n)] = (guint8)g_rand_int(random);
			damaged = g_bytes_new(copy, i % 3 != 0 ? n : (gsize)g_rand_int_range(random, 0, (gint32)n));
			if (!catch_run(c, "ole", files[f][1], damaged, &error))
				g_assert_true(error->domain == SG_ERR &&
				    (error->code == SG_ERR_INPUT || error->code == SG_ERR_LIMIT));
		}
	}
}

/* A file whose tables are gone still has its words. */
static void
sweeps_what_is_broken(void)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) b = sample("letter.doc"), broken = NULL;
	gsize n = g_bytes_get_size(b);
	guint8 *copy = g_memdup2(g_bytes_get_data(b, NULL), n);
	g_autoptr(GError) error = NULL;

	memset(copy + 0x30, 0xff, 4);		/* the directory is nowhere */
	broken = g_bytes_new_take(copy, n);
	g_assert_false(catch_run(c, "ole", "application/x-ole-storage", broken, &error));
	g_assert_error(error, SG_ERR, SG_ERR_INPUT);
	g_assert_nonnull(strstr(c->text->str, "Words of the footnote"));
}

static void
says(const char *stream, GByteArray *data, const char *const *words, const char *kind)
{
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) file = NULL;
	Cfb *m = cfb_new();

	cfb_add(m, stream, data->data, data->len);
	file = cfb_end(m);
	g_assert_true(catch_run(c, "ole", "application/x-ole-storage", file, NULL));
	for (; *words != NULL; words++)
		if (strstr(c->text->str, *words) == NULL)
			g_error("%s: no \"%s\" in:\n%s", stream, *words, c->text->str);
	g_assert_cmpstr(c->part->kinds->str, ==, kind);
}

static void
record(GByteArray *b, guint type, const void *p, gsize n)
{
	put16(b, type);
	put16(b, (guint)n);
	put_bytes(b, p, n);
}

#define REC(type, bytes) record(b, type, bytes, sizeof bytes - 1)

/* Strings go over from one record into the next, and change their width there. */
static void
excel_records(void)
{
	static const char *const words[] = { "S1\nMacro1\n", "split \xce\xa9mega", "Hello\t", "\t17\n", "1.5\t0.02\n",
		"result", "words of a box", "rich", "top of the page", "http://x.example/", "not shown anywhere",
		"01/02/2014", NULL };
	g_autoptr(GByteArray) b = g_byte_array_new();

	REC(0x809, "\0\6\5\0\0\0\0\0\0\0\0\0\0\0\0\0");
	REC(0x41e, "\xa4\0\12\0\0dd/mm/yyyy");
	REC(0xe0, "\0\0\0\0");
	REC(0xe0, "\0\0\xa4\0");
	REC(0x85, "\0\0\0\0\0\0\2\0S1");
	REC(0x85, "\0\0\0\0\2\1\6\0Macro1");
	/* one with runs and with how it is spoken, one cut within its letters */
	REC(0xfc, "\3\0\0\0\3\0\0\0\5\0\x0c\1\0\4\0\0\0Hello\0\0\0\0....\x12\0\0not shown anywhere\x0b\0\0split ");
	REC(0x3c, "\1\xa9\3m\0e\0g\0a\0");
	REC(0x0a, "");
	REC(0x809, "\0\6\x10\0\0\0\0\0\0\0\0\0\0\0\0\0");
	REC(0x14, "\xf\0\0top of the page");
	REC(0xfd, "\0\0\0\0\0\0\2\0\0\0");
	REC(0xfd, "\1\0\0\0\0\0\0\0\0\0");
	REC(0x27e, "\1\0\1\0\0\0\x46\0\0\0");		/* 17 */
	REC(0xbd, "\2\0\0\0\0\0\0\0\xf8\x3f\0\0\xb\0\0\0\1\0");	/* 1.5 and 2 / 100 */
	REC(0x203, "\3\0\0\0\1\0\0\0\0\0\xe0\x58\xe4\x40");	/* 41671 in the format of a date */
	REC(0x06, "\4\0\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0\0\0");
	REC(0x207, "\6\0\0result");
	REC(0xd6, "\5\0\0\0\0\0\4\0\0rich\0\0");
	REC(0x1b6, "\0\0\0\0\0\0\0\0\0\0\xe\0\0\0\0\0\0\0");
	REC(0x3c, "\0words of a box");
	REC(0x1b8, "\0\0\0\0h\0t\0t\0p\0:\0/\0/\0x\0.\0e\0x\0a\0m\0p\0l\0e\0/\0");
	REC(0x0a, "");
	says("Workbook", b, words, "macro");
}

static void
excel_of_old(void)
{
	static const char *const words[] = { "Sheet\n", "\xce\xb1\xce\xb2", "a note", NULL };
	static const char *const bare[] = { "label of old\t", "\t3", NULL };
	g_autoptr(GByteArray) b = g_byte_array_new();

	REC(0x809, "\0\5\5\0\0\0\0\0");
	REC(0x42, "\xe5\4");			/* code page 1253 */
	REC(0x85, "\0\0\0\0\0\0\5Sheet");
	REC(0x0a, "");
	REC(0x809, "\0\5\x10\0\0\0\0\0");
	REC(0x204, "\0\0\0\0\0\0\2\0\xe1\xe2");
	REC(0x1c, "\0\0\0\0\6\0a note");
	REC(0x0a, "");
	says("Book", b, words, "");
	g_byte_array_set_size(b, 0);
	REC(0x09, "\2\0\x10\0");
	REC(0x04, "\0\0\0\0\0\0\0\xclabel of old");
	REC(0x02, "\0\0\1\0\0\0\0\3\0");
	REC(0x0a, "");
	says("Workbook", b, bare, "");
}

static void
slide_record(GByteArray *b, guint head, guint type, const void *p, gsize n)
{
	put16(b, head);
	put16(b, type);
	put32(b, (guint32)n);
	put_bytes(b, p, n);
}

static void
powerpoint(void)
{
	static const char *const words[] = { "words in bytes\nline two\n", "words in units\n", "a comment",
		"word art here", NULL };
	g_autoptr(GByteArray) b = g_byte_array_new(), w = g_byte_array_new();

	slide_record(b, 0xf, 1000, "", 0);
	slide_record(b, 0, 0xfa8, "words in bytes\vline two", 23);
	put_wide(w, "words in units");
	slide_record(b, 0, 0xfa0, w->data, w->len);
	g_byte_array_set_size(w, 0);
	put_wide(w, "a comment");
	slide_record(b, 0, 0xfba, w->data, w->len);
	g_byte_array_set_size(w, 0);
	put_wide(w, "word art here");
	slide_record(b, 0x13, 0xf00b, w->data, w->len);
	says("PowerPoint Document", b, words, "");
}

static void
macros(void)
{
	static const char *const words[] = { "MsgBox \"words of a macro\"", NULL };
	static const char source[] = "Attribute VB_Name = \"M\"\r\nMsgBox \"words of a macro\"\r\n";
	g_autoptr(GByteArray) b = g_byte_array_new();
	guint n = sizeof source - 1, packed = n + (n + 7) / 8;

	put_bytes(b, "compiled\1\1\1", 11);
	put_bytes(b, "\1", 1);
	put16(b, 0xb000 | (packed - 1));
	for (guint i = 0; i < n; i += 8) {
		put_bytes(b, "", 1);
		put_bytes(b, source + i, MIN(8, n - i));
	}
	says("Macros/VBA/M", b, words, "macro");
}

/* A file that was put into the document. */
static void
package(void)
{
	static const char native[] = "....\2\0n.txt\0c:\\n.txt\0\0\0\3\0\4\0\0\0c:t\0\5\0\0\0words";
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) file = NULL;
	Cfb *m = cfb_new();

	cfb_add(m, "ObjectPool/_1/\001Ole10Native", native, sizeof native - 1);
	cfb_add(m, "ObjectPool/_2/Workbook", "\x0a\0\0\0", 4);
	cfb_add(m, "ObjectPool/_2/\001CompObj", "x", 1);
	file = cfb_end(m);
	g_assert_true(catch_run(c, "ole", "application/x-ole-storage", file, NULL));
	g_assert_cmpuint(c->inside->len, ==, 2);
	g_assert_nonnull(strstr(c->parts->str, "n.txt 5\n"));
}

/* Word 6 and 95 keep no table of pieces; Word 2 not even a compound file. */
static void
word_of_old(void)
{
	g_autoptr(GByteArray) b = g_byte_array_new();
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) bare = NULL;
	static const char *const words[] = { "old words \xd0\xbc\xd0\xb8\xd1\x80\ncell\tcell\n", NULL };

	g_byte_array_set_size(b, 0x300);
	memset(b->data, 0, b->len);
	memcpy(b->data, "\xdc\xa5\x68\0\0\0\x19\4", 8);	/* Russian */
	b->data[0x19] = 3;
	b->data[0x1c] = 0x1a;
	b->data[0x1d] = 3;
	put_bytes(b, "old words \xec\xe8\xf0\rcell\acell\a\a", 0x1a);
	says("WordDocument", b, words, "");
	b->data[0] = 0xdb;
	bare = g_bytes_new(b->data, b->len);
	g_assert_true(catch_run(c, "ole", "application/msword", bare, NULL) || c->text->len > 0);
	g_assert_nonnull(strstr(c->text->str, "old words"));
}

/* One long string in every cell is no way to fill the memory. */
static void
cells_are_bounded(void)
{
	g_autoptr(GByteArray) b = g_byte_array_new(), sst = g_byte_array_new();
	g_autoptr(Catch) c = catch_new("text = 1048576L;");
	g_autoptr(GBytes) file = NULL;
	g_autofree char *text = g_strnfill(8000, 'x');
	Cfb *m = cfb_new();

	REC(0x809, "\0\6\5\0\0\0\0\0\0\0\0\0\0\0\0\0");
	put32(sst, 1);
	put32(sst, 1);
	put16(sst, 8000);
	put_bytes(sst, "", 1);
	put_bytes(sst, text, 8000);
	record(b, 0xfc, sst->data, sst->len);
	REC(0x0a, "");
	REC(0x809, "\0\6\x10\0\0\0\0\0\0\0\0\0\0\0\0\0");
	for (guint row = 0; row < 65536; row++) {
		guint8 cell[10] = { (guint8)row, (guint8)(row >> 8) };

		record(b, 0xfd, cell, sizeof cell);
	}
	cfb_add(m, "Workbook", b->data, b->len);
	file = cfb_end(m);
	catch_run(c, "ole", "application/x-ole-storage", file, NULL);
	g_assert_cmpuint(c->text->len, <, 3u << 20);
	g_assert_nonnull(strstr(c->limits->str, "text"));
}

static const char *
type_of(const char *name, const char *declared, GBytes *bytes, char seen[64])
{
	g_autoptr(SgPart) p = sg_part_new("1", declared, bytes, SG_AS_IS);

	g_free(p->name);
	p->name = g_strdup(name);
	sg_type_detect(p);
	g_strlcpy(seen, p->detected, 64);
	return seen;
}

/* By what is in it, whatever its name says. */
static void
types(void)
{
	static const struct {
		const char *stream, *mime;
	} streams[] = { { "WordDocument", "application/msword" }, { "Book", "application/vnd.ms-excel" },
		{ "PowerPoint Document", "application/vnd.ms-powerpoint" },
		{ "__substg1.0_0037001F", "application/vnd.ms-outlook" },
		{ "VBA/dir", "application/vnd.ms-office.vbaproject" }, { "Quill/x", "application/x-mspublisher" },
		{ "other", "application/x-ole-storage" } };
	static const char *const texts[][2] = { { "{\\rt x", "text/rtf" }, { " \n{\\rtf1 x", "text/rtf" },
		{ "MIME-Version: 1.0\nContent-Type: text/html\n\n<p>x", "message/rfc822" } };
	char seen[64];

	g_assert_true(sg_type_warm_up(NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(streams); i++) {
		g_autoptr(GBytes) b = NULL;
		Cfb *c = cfb_new();

		cfb_add(c, streams[i].stream, "x", 1);
		b = cfb_end(c);
		g_assert_cmpstr(type_of("a.txt", "application/octet-stream", b, seen), ==, streams[i].mime);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GBytes) b = g_bytes_new_static(texts[i][0], strlen(texts[i][0]));

		g_assert_cmpstr(type_of("a.doc", "application/msword", b, seen), ==, texts[i][1]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ole/word", word);
	g_test_add_func("/ole/excel", excel);
	g_test_add_func("/ole/excel/records", excel_records);
	g_test_add_func("/ole/excel/old", excel_of_old);
	g_test_add_func("/ole/excel/bounded", cells_are_bounded);
	g_test_add_func("/ole/word/old", word_of_old);
	g_test_add_func("/ole/powerpoint", powerpoint);
	g_test_add_func("/ole/macros", macros);
	g_test_add_func("/ole/package", package);
	g_test_add_func("/ole/types", types);
	g_test_add_func("/ole/damage", damage);
	g_test_add_func("/ole/sweep", sweeps_what_is_broken);
	return g_test_run();
}
