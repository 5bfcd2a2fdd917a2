/* fails-if: a broken set of signatures is taken for one; what is known is not found in a part,
 *           or is found in another; what was not looked at is called clean */
#include <gio/gio.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "scan/walk.h"
#include "t/lib/fakematch.h"

#define EICAR "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

/* One of each kind, made by hand: a sum, bytes, bytes that must both be there. */
static char *
make_set(void)
{
	char *dir = g_dir_make_tmp("sg-virus-XXXXXX", NULL);
	const char *body = "a file with a bad sum";
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_MD5, body, -1);
	g_autofree char *hdb = g_strdup_printf("%s:%zu:Test.Sum\n", sum, strlen(body));
	const struct {
		const char *name, *text;
	} files[] = {
		{ "own.hdb", hdb },
		/* the EICAR string; "zebra-marker" */
		{ "own.ndb", "Test.Eicar:0:0:58354f2150254041505b345c505a58353428505e2937434329377d244549434152"
		    "2d5354414e444152442d414e544956495255532d544553542d46494c452124482b482a\n"
		    "Test.Zebra:0:*:7a656272612d6d61726b6572\n" },
		/* "gnu-one" and "gnu-two" */
		{ "own.ldb", "Test.Gnu;Engine:51-255,Target:0;0&1;676e752d6f6e65;676e752d74776f\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(dir, files[i].name, NULL);

		g_assert_true(g_file_set_contents(path, files[i].text, -1, NULL));
	}
	return dir;
}

static void
remove_set(const char *dir)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(d)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);

		(void)g_unlink(path);
	}
	(void)g_rmdir(dir);
}

static SgReading *
scan(SgVirus *v, const char *settings, const char *skip, const char *mail)
{
	g_autoptr(SgMatch) match = fake_match_new(NULL);
	g_autoptr(SgOptions) options = fake_options(settings);
	g_autoptr(GBytes) raw = g_bytes_new(mail, strlen(mail));
	SgWalkJob job = { .options = options, .match = match, .raw = raw, .facts = "", .skip = skip,
		.virus = v };

	return sg_walk(&job, NULL);
}

/* "rule@part name=excerpt|...", with "!" when it is flagged as not fully scanned */
static char *
found(SgVirus *v, const char *settings, const char *skip, const char *mail)
{
	g_autoptr(SgReading) r = scan(v, settings, skip, mail);
	GString *s = g_string_new((r->flags & SG_FLAG_NOT_FULLY) != 0 ? "!" : "");

	for (guint i = 0; i < r->findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(r->findings, i);

		g_string_append_printf(s, "%s%s@%s %s=%s", i > 0 ? "|" : "", f->rule, f->part, f->name,
		    f->excerpt);
	}
	return g_string_free(s, FALSE);
}

static void
expect(SgVirus *v, const char *mail, const char *what)
{
	g_autofree char *is = found(v, "", NULL, mail);

	g_assert_cmpstr(is, ==, what);
}

#define HEAD "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n"

static void
each_kind(SgVirus *v)
{
	expect(v, "Subject: s\n\nnothing here\n", "");
	expect(v, "Subject: s\n\n" EICAR, "malware.signature@1 =Test.Eicar.UNOFFICIAL");
	expect(v, HEAD "--b\n\nhi\n--b\nContent-Type: image/png; name=x.png\nContent-Transfer-Encoding: base64\n\n"
	    "YSBmaWxlIHdpdGggYSBiYWQgc3Vt\n--b--\n", "malware.signature@2 x.png=Test.Sum.UNOFFICIAL");
	expect(v, "Subject: s\nContent-Transfer-Encoding: quoted-printable\n\nsome =7Aebra=\n-marker words\n",
	    "malware.signature@1 =Test.Zebra.UNOFFICIAL");
	expect(v, "Subject: s\n\ngnu-one\n", "");
	expect(v, "Subject: s\n\ngnu-one and gnu-two\n", "malware.signature@1 =Test.Gnu.UNOFFICIAL");
	expect(v, "Subject: s\nContent-Type: message/rfc822\n\nSubject: t\n\nzebra-marker\n",
	    "malware.signature@1.1 =Test.Zebra.UNOFFICIAL");
	/* parts for themselves: half here, half there is nothing */
	expect(v, HEAD "--b\n\ngnu-one\n--b\n\ngnu-two\n--b--\n", "");
	/* what a script of a page says, not how it says it */
	expect(v, "Subject: s\nContent-Type: text/html\n\n<html><script>var a='zebra-'+'marker';</script></html>\n",
	    "malware.signature@1 =Test.Zebra.UNOFFICIAL");
}

static void
finds_what_it_knows(void)
{
	g_autofree char *dir = make_set();
	g_autoptr(SgOptions) options = fake_options("");
	g_autoptr(GError) error = NULL;
	g_autoptr(SgVirus) v = sg_virus_load(options, dir, 1, &error);
	g_autofree char *off = NULL;

	g_assert_no_error(error);
	g_assert_cmpuint(sg_virus_count(v), ==, 4);
	g_assert_cmpuint(sg_virus_signatures(v)->files, ==, 3);
	each_kind(v);
	/* with a memory of what was clean: the same again, and nothing harmful is in it */
	sg_virus_begin(v, sg_virus_hand_out(v));
	each_kind(v);
	each_kind(v);
	off = found(v, "", SG_VIRUS_NAME, "Subject: s\n\n" EICAR);
	g_assert_cmpstr(off, ==, "");
	remove_set(dir);
}

static void
limits_are_said(void)
{
	g_autofree char *dir = make_set();
	g_autoptr(SgOptions) options = fake_options("depth = 3;");
	g_autoptr(SgVirus) v = sg_virus_load(options, dir, 1, NULL);
	/* gzip in gzip in gzip in gzip in gzip, made with gzip -n */
	g_autofree char *mail = NULL, *b64 = NULL, *is = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new_static("deep", 4);

	for (guint i = 0; i < 6; i++) {
		g_autoptr(GConverter) c = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
		guint8 out[4096];
		gsize in, n;

		g_assert_cmpint(g_converter_convert(c, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), out,
		    sizeof out, G_CONVERTER_INPUT_AT_END, &in, &n, NULL), ==, G_CONVERTER_FINISHED);
		g_bytes_unref(bytes);
		bytes = g_bytes_new(out, n);
	}
	b64 = g_base64_encode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	mail = g_strdup_printf("Subject: s\nContent-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n%s\n", b64);
	is = found(v, "", NULL, mail);
	g_assert_true(is[0] == '!' && strstr(is, "limit.malware@1") != NULL);
	remove_set(dir);
}

static void
refused(const char *name, const char *text)
{
	g_autofree char *dir = make_set();
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autoptr(SgOptions) options = fake_options("");
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_null(sg_virus_load(options, dir, 1, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_assert_nonnull(strstr(error->message, dir));
	g_assert_nonnull(strstr(error->message, name));
	remove_set(dir);
}

static void
refuses_broken_sets(void)
{
	g_autoptr(SgOptions) options = fake_options("");
	g_autofree char *empty = g_dir_make_tmp("sg-virus-XXXXXX", NULL), *file = NULL;
	g_autoptr(GError) error = NULL;

	refused("new.ndb", "Test.Cut:0:*:6161\nTest.Cut2:0");
	refused("new.hdb", "not a sum\n");
	refused("new.ldb", "Test.Bad;Engine:51-255,Target:0;0&1\n");
	refused("daily.cvd", "ClamAV-VDB:01 Jan 2026 00-00 +0000:1:2:90:aa:bb:builder:1767225600 and no more");
	refused("main.cvd", "");
	g_assert_null(sg_virus_load(options, empty, 1, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_clear_error(&error);
	file = g_build_filename(empty, "none.ndb", NULL);
	g_assert_true(g_file_set_contents(file, "", 0, NULL));
	g_assert_null(sg_virus_load(options, empty, 1, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_clear_error(&error);
	remove_set(empty);
	g_assert_null(sg_virus_load(options, empty, 1, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/virus/finds-what-it-knows", finds_what_it_knows);
	g_test_add_func("/virus/limits-are-said", limits_are_said);
	g_test_add_func("/virus/refuses-broken-sets", refuses_broken_sets);
	return g_test_run();
}
