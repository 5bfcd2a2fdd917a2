#include <string.h>

#include "base/err.h"
#include "tpl/node.h"

#define SUFFIX ".html"

SgTpl *
sg_tpl_new(void)
{
	SgTpl *t = g_new0(SgTpl, 1);

	t->sheets = g_hash_table_new_full(
	    g_str_hash, g_str_equal, NULL, (GDestroyNotify)sg_sheet_free);
	return t;
}

void
sg_tpl_free(SgTpl *t)
{
	if (t == NULL)
		return;
	g_hash_table_unref(t->sheets);
	g_free(t);
}

gboolean
sg_tpl_add(
    SgTpl *t, const char *file, const char *name, const char *text, gsize len, GError **error)
{
	SgSheet *s;

	if (len > SG_TPL_TEXT_MAX || !g_utf8_validate(text, (gssize)len, NULL)) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "%s: not text in UTF-8 of at most %u kB; write it anew", file,
		    SG_TPL_TEXT_MAX / 1024u);
		return FALSE;
	}
	s = sg_sheet_parse(file, name, g_strndup(text, len), error);
	if (s != NULL)
		g_hash_table_replace(t->sheets, s->name, s);
	return s != NULL;
}

/* Partials are there, and not endless: depth is a limit that a circle reaches. */
static gboolean
check_partials(const SgTpl *t, const SgSheet *s, guint depth, GError **error)
{
	for (guint i = 0; i < s->nodes->len; i++) {
		const SgNode *n = &g_array_index(s->nodes, SgNode, i);
		const SgSheet *inner;

		if (n->kind != SG_NODE_PARTIAL)
			continue;
		inner = g_hash_table_lookup(t->sheets, n->text);
		if (inner == NULL || depth == SG_TPL_DEPTH_MAX) {
			g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: {{>%s}}: %s", s->file, n->text,
			    inner == NULL ? "there is no such template"
					  : "too many templates in each other");
			return FALSE;
		}
		if (!check_partials(t, inner, depth + 1, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
sg_tpl_finish(const SgTpl *t, GError **error)
{
	GHashTableIter i;
	gpointer s;

	g_hash_table_iter_init(&i, t->sheets);
	while (g_hash_table_iter_next(&i, NULL, &s))
		if (!check_partials(t, s, 0, error))
			return FALSE;
	return TRUE;
}

static gboolean
add_file(SgTpl *t, const char *dir, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL), *text = NULL,
			*bare = g_strndup(name, strlen(name) - strlen(SUFFIX));
	g_autoptr(GError) why = NULL;
	gsize len;

	if (g_file_get_contents(path, &text, &len, &why))
		return sg_tpl_add(t, path, bare, text, len, error);
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s; may this user read it?", why->message);
	return FALSE;
}

static gboolean
note(GPtrArray *problems, GError *why, GError **error)
{
	if (problems != NULL)
		g_ptr_array_add(problems, g_strdup(why->message));
	if (error != NULL && *error == NULL)
		g_propagate_error(error, why);
	else
		g_error_free(why);
	return FALSE;
}

SgTpl *
sg_tpl_load(const char *dir, GPtrArray *problems, GError **error)
{
	g_autoptr(GError) first = NULL;
	g_autoptr(GError) unread = NULL;
	g_autoptr(GDir) d = g_dir_open(dir, 0, &unread);
	g_autoptr(SgTpl) t = sg_tpl_new();
	const char *name;
	gboolean ok = TRUE;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		GError *why = NULL;

		if (g_str_has_suffix(name, SUFFIX) && !add_file(t, dir, name, &why))
			ok = note(problems, why, &first);
	}
	if (d == NULL || g_hash_table_size(t->sheets) == 0)
		ok = note(problems, g_error_new(SG_ERR, SG_ERR_SETUP,
		    "%s: no templates there; is console.templates right?", dir), &first);
	else if (ok) {
		GError *why = NULL;

		if (!sg_tpl_finish(t, &why))
			ok = note(problems, why, &first);
	}
	if (ok)
		return g_steal_pointer(&t);
	g_propagate_error(error, g_steal_pointer(&first));
	return NULL;
}

gboolean
sg_tpl_has(const SgTpl *t, const char *name)
{
	return g_hash_table_contains(t->sheets, name);
}
