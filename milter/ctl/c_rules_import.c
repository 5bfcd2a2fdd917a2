#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/err.h"
#include "ctl/import.h"
#include "ctl/verbs.h"

/* The part of an id before the dot: of the file's name. */
static char *
topic_of(const char *out)
{
	g_autofree char *base = g_path_get_basename(out != NULL ? out : "own.conf");
	GString *s = g_string_new(NULL);

	for (const char *p = base; *p != '\0' && *p != '.' && s->len < 24; p++)
		if (g_ascii_isalnum(*p))
			g_string_append_c(s, g_ascii_tolower(*p));
		else if (s->len > 0 && s->str[s->len - 1] != '-')
			g_string_append_c(s, '-');
	if (s->len == 0 || !g_ascii_isalpha(s->str[0]))
		g_string_prepend(s, "own");
	return g_string_free(s, FALSE);
}

/* "own.conf", or with several categories "own-bullying.conf". */
static char *
file_of(const char *out, const char *category, gboolean several)
{
	gsize n = g_str_has_suffix(out, ".conf") ? strlen(out) - 5 : strlen(out);

	return several ? g_strdup_printf("%.*s-%s.conf", (int)n, out, category) : g_strdup(out);
}

/* Does the text load, alone, with its examples?  Says what is wrong when not. */
static gboolean
loads(const SgCtl *c, const char *text)
{
	g_autofree char *dir = g_dir_make_tmp("schoolgate-import-XXXXXX", NULL);
	g_autofree char *file = dir != NULL ? g_build_filename(dir, "imported.conf", NULL) : NULL;
	char *dirs[] = { dir, NULL };
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgRuleset) r = NULL;

	if (file != NULL && g_file_set_contents(file, text, -1, NULL))
		r = sg_ruleset_load(dirs, NULL, problems, NULL);
	for (guint i = 0; i < problems->len; i++)
		(void)sg_ctl_fail(c, SG_EXIT_USAGE, g_ptr_array_index(problems, i), NULL, NULL);
	if (file != NULL) {
		(void)g_unlink(file);
		(void)g_rmdir(dir);
	}
	return r != NULL;
}

static gboolean
write_new(const char *path, const char *text, gboolean replace, GError **error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL), 0644);
	FILE *f = fd != -1 ? fdopen(fd, "w") : NULL;
	gboolean ok = f != NULL && fputs(text, f) >= 0;

	if (f != NULL && fclose(f) != 0)
		ok = FALSE;
	if (!ok)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s: %s", path, errno == EEXIST ?
		    "it is there already; name another file, or add --yes to replace it" : g_strerror(errno));
	return ok;
}

static SgExit
put_one(SgCtl *c, const SgImport *im, const char *category, gboolean several)
{
	const char *out = sg_ctl_value(c, "out");
	g_autofree char *topic = topic_of(out), *text = sg_import_rules(im, category, topic);
	g_autofree char *path = out != NULL ? file_of(out, category, several) : NULL;
	g_autoptr(GError) error = NULL;

	if (text == NULL)
		return SG_EXIT_OK;
	if (!loads(c, text))
		return sg_ctl_fail(c, SG_EXIT_USAGE, "nothing was written", "the rules made of the list do not load",
		    "Take the phrases named above out of the list.");
	if (path == NULL || sg_ctl_has(c, "dry-run")) {
		printf("%s", text);
		return SG_EXIT_OK;
	}
	if (!write_new(path, text, sg_ctl_has(c, "yes"), &error))
		return sg_ctl_fail_error(c, "nothing was written", error);
	sg_ctl_say(c, "%s is written.", path);
	return SG_EXIT_OK;
}

static SgExit
put_all(SgCtl *c, const SgImport *im)
{
	g_autoptr(GPtrArray) categories = sg_import_categories(im);
	guint in = 0;
	SgExit code = SG_EXIT_OK;

	if (categories->len > 1 && sg_ctl_value(c, "out") == NULL && !sg_ctl_has(c, "dry-run"))
		return sg_ctl_fail(c, SG_EXIT_USAGE, "the list has several categories", "each becomes a file of its own",
		    "Name one with --out=own.conf; \"-bullying\" and the like are added.");
	for (guint i = 0; i < im->rows->len; i++)
		in += ((const SgImported *)g_ptr_array_index(im->rows, i))->match != SG_IMPORT_LEFT_OUT;
	for (guint i = 0; i < categories->len && code == SG_EXIT_OK; i++)
		code = put_one(c, im, g_ptr_array_index(categories, i), categories->len > 1);
	if (code == SG_EXIT_OK)
		sg_ctl_say(c, "%u phrases, %u of them imported, %u warnings.%s", im->rows->len, in, im->warnings,
		    sg_ctl_has(c, "dry-run") ? "  Nothing was written." :
		    "  Try them: schoolgatectl replay --rules DIR MAILBOX");
	return code;
}

SgExit
sg_c_rules_import(SgCtl *c)
{
	SgImport im = { .ctl = c, .file = sg_ctl_value(c, "csv") };
	g_autoptr(GError) error = NULL;
	g_autoptr(SgRuleset) shipped = NULL;
	const char *const *dirs = sg_ctl_values(c, "rules");
	SgExit code;

	if (im.file == NULL)
		return sg_ctl_fail(c, SG_EXIT_USAGE, "there is nothing to import", NULL, "Name the list: --csv=FILE");
	shipped = sg_rules_load(c, NULL, &code);
	if (shipped == NULL)
		return code;
	if (dirs == NULL)
		dirs = (const char *const *)(gsize)sg_ctl_options(c)->files.rules;
	if (sg_import_read(&im, sg_ctl_value(c, "category"), &error) &&
	    sg_import_check(&im, shipped, (char *const *)(gsize)dirs, &error))
		code = put_all(c, &im);
	else
		code = sg_ctl_fail_error(c, "nothing was imported", error);
	sg_import_clear(&im);
	return code;
}
