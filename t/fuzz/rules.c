/* A rule file to its reader: no crash, and either rules or a problem that is told.  The
 * engines are left out: what they compile has passed the reader, and takes its time. */
#include <string.h>

#include <glib/gstdio.h>

#include "rule/rule.h"

static const char *
directory(void)
{
	static char *dir;	/* one process, one directory */

	if (dir == NULL) {
		g_autofree char *words = NULL, *list = NULL;

		dir = g_dir_make_tmp("sg-fuzz-XXXXXX", NULL);
		words = g_build_filename(dir, "words", NULL);
		list = g_build_filename(words, "list.txt", NULL);
		g_assert_cmpint(g_mkdir(words, 0700), ==, 0);
		g_assert_true(g_file_set_contents(list, "one\n# two\nthree*\n", -1, NULL));
	}
	return dir;
}

static void
unref_bytes(gpointer p)
{
	g_bytes_unref(p);
}

/* libconfig 1.5 loses a string that a syntax error ends in the middle. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func((GDestroyNotify)sg_rule_free);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_bytes);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(SgCanon) canon = sg_canon_new(NULL);
	g_autofree char *file = g_build_filename(directory(), "a.conf", NULL);
	g_autoptr(SgLexicon) lexicon = sg_lexicon_new();
	SgRuleReader r = { .dir = directory(), .canon = canon, .lexicon = lexicon, .problems = problems, .lists = lists,
		.sum = sum };

	if (!g_file_set_contents_full(file, (const char *)data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
		return 0;
	sg_rule_read_file(&r, "a.conf", rules);
	g_assert_true(rules->len > 0 || problems->len > 0);
	for (guint i = 0; i < problems->len; i++)
		g_assert_nonnull(strstr(g_ptr_array_index(problems, i), ":"));
	return 0;
}
