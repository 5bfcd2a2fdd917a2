/* Texts of a message to the rules: no crash, and every finding points into its text. */
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "rule/ruleset.h"

static const char rules[] =
    "category = \"fuzz\"; area = \"conduct\"; rules = (\n"
    "{ id = \"f.words\"; title = \"T\"; severity = 3; confidence = \"low\"; except = [ \"big cat\" ];\n"
    "  words = [ \"cat\", \"do*\", \"a b\", \"idiot\", \"é\", \"кот\", \"waste of space\" ]; hit = [ \"cat\" ]; miss = [ \"x\" ]; },\n"
    "{ id = \"f.regex\"; title = \"T\"; severity = 2; confidence = \"low\";\n"
    "  regex = [ \"\\\\b\\\\d{2,4}[a-z]?\\\\b\", \"a.{0,30}(b|é)+\", \"\\\\w+@\\\\w+\" ]; hit = [ \"12\" ]; miss = [ \"x\" ]; },\n"
    "{ id = \"f.near\"; title = \"T\"; severity = 1; confidence = \"high\"; in = [ \"body\", \"quoted\" ];\n"
    "  near = { a = [ \"a\", \"cat\" ]; b = [ \"b\", \"cat\", \"é\" ]; within = 9; not = [ \"no\" ]; };\n"
    "  hit = [ \"a b\" ]; miss = [ \"no a b\" ]; },\n"
    "{ id = \"f.count\"; title = \"T\"; severity = 1; confidence = \"high\"; count = { rule = \"f.regex\"; atleast = 2; };\n"
    "  hit = [ \"12 13\" ]; miss = [ \"12 12\" ]; } );\n";

/* so that words are known, and unknown ones near them, run together or cut in two */
static const char ordinary[] = "[common]\na\nthe\nall\nyou\ncat s\nhate d s\n[usual]\nradio s\nmuseum s\n"
    "waste ful\nspace\n[rare]\ncatalogue\nof\n";

static SgMatch *
matcher(void)
{
	static SgMatch *m;	/* one process, one matcher */

	if (m == NULL) {
		g_autofree char *dir = g_dir_make_tmp("sg-fuzz-XXXXXX", NULL), *file = g_build_filename(dir, "a.conf", NULL);
		char *dirs[] = { dir, NULL };
		g_autoptr(SgRuleset) r = NULL;
		g_autoptr(GError) error = NULL;

		g_autofree char *words = g_build_filename(dir, "words", NULL), *list = g_build_filename(words, "ordinary.txt", NULL);

		g_assert_true(g_file_set_contents(file, rules, -1, NULL));
		g_assert_cmpint(g_mkdir(words, 0700), ==, 0);
		g_assert_true(g_file_set_contents(list, ordinary, -1, NULL));
		r = sg_ruleset_load(dirs, NULL, NULL, &error);
		g_assert_no_error(error);
		m = sg_match_new(r, 20, NULL);
		(void)g_unlink(list);
		(void)g_rmdir(words);
		(void)g_unlink(file);
		(void)g_rmdir(dir);
	}
	return m;
}

static void
check(const SgFinding *f, const GPtrArray *texts)
{
	gsize longest = 0;

	for (guint i = 0; i < texts->len; i++)
		longest = MAX(longest, strlen(g_ptr_array_index(texts, i)));
	g_assert_cmpuint((gsize)f->text_at + f->text_len, <=, longest);
	g_assert_cmpuint((gsize)f->hit_at + f->hit_len, <=, strlen(f->excerpt));
	g_assert_true(g_utf8_validate(f->excerpt, -1, NULL));
	g_assert_cmpuint(strlen(f->excerpt), <, SG_WIRE_STR);
	g_assert_cmpuint(f->count, >, 0);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static const char *const wheres[] = { "body", "subject", "quoted", "attachment" };
	SgMatch *m = matcher();
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);

	sg_match_begin(m, "from=pupil");
	for (gsize at = 0; at < size && texts->len < 8; at++) {	/* texts are split at NULs */
		gsize len = strnlen((const char *)data + at, size - at);
		g_autofree char *where = g_strdup(wheres[texts->len % G_N_ELEMENTS(wheres)]), *none = g_strdup("");
		SgText t = { .where = where, .part = none, .name = none, .text = g_strndup((const char *)data + at, len) };

		g_ptr_array_add(texts, t.text);
		g_assert_true(sg_match_text(m, &t, NULL));
		at += len;
	}
	sg_match_end(m, findings);
	for (guint i = 0; i < findings->len; i++)
		check(g_ptr_array_index(findings, i), texts);
	return 0;
}
