#include <glib/gstdio.h>
#include <string.h>

#include "t/lib/fakematch.h"

struct SgMatch {
	const char *word;
	GPtrArray  *found;
};

SgMatch *
fake_match_new(const char *word)
{
	SgMatch *m = g_new0(SgMatch, 1);

	m->word = word;
	m->found = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	return m;
}

void
sg_match_free(SgMatch *m)
{
	if (m == NULL)
		return;
	g_ptr_array_unref(m->found);
	g_free(m);
}

void
sg_match_begin(SgMatch *m, const char *facts)
{
	(void)facts;
	g_ptr_array_set_size(m->found, 0);
}

gboolean
sg_match_text(SgMatch *m, const SgText *text, GError **error)
{
	SgFinding *f;

	(void)error;
	/* what the walk promises */
	g_assert_true(g_utf8_validate(text->text, -1, NULL));
	g_assert_null(strchr(text->text, '\r'));
	g_assert_cmpstr(text->where, !=, "");
	if (m->word == NULL || strstr(text->text, m->word) == NULL)
		return TRUE;
	f = g_new0(SgFinding, 1);
	f->rule = g_strdup("test.word");
	f->where = g_strdup(text->where);
	f->part = g_strdup(text->part);
	f->name = g_strdup(text->name);
	f->count = 1;
	g_ptr_array_add(m->found, f);
	return TRUE;
}

char *
sg_match_hidden(const SgMatch *m)
{
	(void)m;
	return g_strdup("");
}

void
sg_match_part(SgMatch *m, const SgPartInfo *part)
{
	(void)m;
	g_assert_cmpstr(part->part, !=, "");
}

void
sg_match_end(SgMatch *m, GPtrArray *findings)
{
	while (m->found->len > 0)
		g_ptr_array_add(findings, g_ptr_array_steal_index(m->found, 0));
}

SgOptions *
fake_options(const char *settings)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = g_dir_make_tmp("sg-walk-XXXXXX", &error);
	g_autofree char *file = g_build_filename(dir, "schoolgate.conf", NULL);
	g_autofree char *text = g_strdup_printf(
	    "school: { name = \"Hill\"; domains = [ \"hill.example\" ]; };\n"
	    "courier: { from = \"sg@hill.example\"; };\nscan: { %s };\n", settings);
	SgOptions *o;

	g_assert_no_error(error);
	g_assert_true(g_file_set_contents(file, text, -1, NULL));
	o = sg_options_load(file, NULL, &error);
	g_assert_no_error(error);
	g_unlink(file);
	g_rmdir(dir);
	return o;
}
