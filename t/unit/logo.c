/*
 * The school's logo: which files are one.
 * fails-if: something else than one whole still PNG of a bearable size is taken, a cut or lying length is
 *           read beyond its end, or what is wrong is not said with file, line and remedy
 */
#include <string.h>

#include <glib/gstdio.h>

#include "base/err.h"
#include "model/logo.h"

#define MAGIC "\x89PNG\r\n\x1a\n"
#define HEAD(w, h) "\0\0\0\x0dIHDR\0\0\0" w "\0\0\0" h "\x08\x02\0\0\0" "sums"
#define DATA "\0\0\0\x01IDATx" "sums"
#define END  "\0\0\0\0IEND" "sums"
#define GOOD MAGIC HEAD("\x50", "\x28") DATA END

static SgLogo *
parse(const char *bytes, gsize n, const char **why)
{
	g_autoptr(GBytes) b = g_bytes_new(bytes, n);

	return sg_logo_parse(b, why);
}

static void
expect(const char *bytes, gsize n, guint width, const char *wrong)
{
	const char *why;
	g_autoptr(SgLogo) l = parse(bytes, n, &why);

	if (wrong == NULL) {
		g_assert_nonnull(l);
		g_assert_cmpuint(l->width, ==, width);
		return;
	}
	g_assert_null(l);
	g_assert_nonnull(strstr(why, wrong));
}
#define IS(bytes, width)  expect(bytes, sizeof bytes - 1, width, NULL)
#define NOT(bytes, wrong) expect(bytes, sizeof bytes - 1, 0, wrong)

static void
kinds(void)
{
	IS(GOOD, 80);
	IS(MAGIC HEAD("\xf0", "\x28") DATA END, 240);
	IS(MAGIC HEAD("\x50", "\x50") DATA END, 40);
	IS(MAGIC HEAD("\x01", "\xa0") DATA END, 1);
	NOT(MAGIC HEAD("\xf1", "\x28") DATA END, "40, 80");
	NOT(MAGIC HEAD("\0", "\x28") DATA END, "40, 80");
	NOT(MAGIC HEAD("\x50", "\x27") DATA END, "40, 80");
	NOT(MAGIC HEAD("\x50", "\xc8") DATA END, "40, 80");
	NOT(MAGIC HEAD("\x50", "\x28") "\0\0\0\x04" "acTLabcd" "sums" DATA END, "moves");
	NOT(MAGIC HEAD("\x50", "\x28") END, "no picture");
	NOT(GOOD "<script>", "follows");
	NOT(MAGIC DATA HEAD("\x50", "\x28") END, "damaged");
	NOT(MAGIC HEAD("\x50", "\x28") "\xff\xff\xff\xffIDATx" "sums" END, "cut off");
	NOT(MAGIC HEAD("\x50", "\x28") DATA, "cut off");
	NOT("", "no PNG");
	NOT("GIF89a\x01\0\x01\0\0\0\0;", "no PNG");
	NOT("<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG");
}

/* Every shorter piece, and every piece with one byte turned over, is refused or read within its end. */
static void
broken(void)
{
	static const char good[] = GOOD;

	for (gsize n = 0; n < sizeof good - 1; n++) {
		g_autofree char *piece = g_memdup2(good, MAX(n, 1));
		const char *why;
		SgLogo *l = parse(piece, n, &why);

		g_assert_null(l);
	}
	for (gsize i = 0; i < sizeof good - 1; i++) {
		g_autofree char *turned = g_memdup2(good, sizeof good - 1);
		const char *why;
		g_autoptr(SgLogo) l = NULL;

		turned[i] ^= (char)0xff;
		l = parse(turned, sizeof good - 1, &why);
		g_assert_true((l == NULL) == (why != NULL));
	}
}

static void
load(const char *dir, const char *line, const char *wrong)
{
	g_autofree char *conf = g_build_filename(dir, "schoolgate.conf", NULL);
	g_autofree char *text = g_strdup_printf("school: {\nname = \"H\"; domains = [ \"h.example\" ];\n%s\n};\n"
	    "courier: { from = \"a@h.example\"; };\n", line);
	g_autoptr(GError) error = NULL;
	g_autoptr(SgOptions) o = NULL;
	SgLogo *l = NULL;
	gboolean ok;

	g_assert_true(g_file_set_contents(conf, text, -1, NULL));
	o = sg_options_load(conf, NULL, &error);
	g_assert_no_error(error);
	ok = sg_logo_load(o, &l, &error);
	if (wrong == NULL) {
		g_assert_no_error(error);
		g_assert_true(ok && (l != NULL) == (*line != '\0'));
		sg_logo_free(l);
		return;
	}
	g_assert_false(ok);
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
	g_assert_nonnull(strstr(error->message, "schoolgate.conf:3: school.logo: "));
	g_assert_nonnull(strstr(error->message, wrong));
}

static void
files(void)
{
	static const char good[] = GOOD;
	g_autofree char *dir = g_dir_make_tmp("sg-logo-XXXXXX", NULL), *large = g_malloc0(SG_LOGO_BYTES_MAX + 1);
	static const char *const names[] = { "crest.png", "large.png", "schoolgate.conf", NULL };

	for (guint i = 0; i < 2; i++) {
		g_autofree char *path = g_build_filename(dir, names[i], NULL);

		g_assert_true(g_file_set_contents(path, i == 0 ? good : large, i == 0 ? (gssize)sizeof good - 1 : SG_LOGO_BYTES_MAX + 1, NULL));
	}
	load(dir, "", NULL);
	load(dir, "logo = \"crest.png\";", NULL);
	load(dir, "logo = \"large.png\";", "64 kB");
	load(dir, "logo = \"none.png\";", "no such file");
	load(dir, "logo = \"/dev\";", "no file");
	load(dir, "logo = \"schoolgate.conf\";", "no PNG");
	for (const char *const *n = names; *n != NULL; n++) {
		g_autofree char *path = g_build_filename(dir, *n, NULL);

		(void)g_unlink(path);
	}
	(void)g_rmdir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/logo/kinds", kinds);
	g_test_add_func("/logo/broken", broken);
	g_test_add_func("/logo/files", files);
	return g_test_run();
}
