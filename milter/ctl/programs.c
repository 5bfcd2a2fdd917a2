#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "ctl/programs.h"

const SgProgramRow sg_program_rows[4] = {
	{ "schoolgate-milter", SIGUSR1 },	/* libmilter owns SIGHUP */
	{ "schoolgate-scan", SIGHUP },
	{ "schoolgate-courier", SIGHUP },
	{ "schoolgate-console", SIGHUP },
};

/* The words of a process; NULL when it is gone. */
static char **
words_of(const char *pid)
{
	g_autofree char *path = g_build_filename("/proc", pid, "cmdline", NULL);
	g_autofree char *raw = NULL;
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	gsize len = 0;

	if (!g_file_get_contents(path, &raw, &len, NULL) || len == 0)
		return NULL;
	for (gsize at = 0; at < len && words->len < 64; at += strlen(raw + at) + 1)
		g_ptr_array_add(words, g_strdup(raw + at));
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&words), FALSE);
}

static char *
config_of(char **words, const char *pid)
{
	const char *file = SG_SYSCONFDIR "/schoolgate/schoolgate.conf";
	g_autofree char *link = g_build_filename("/proc", pid, "cwd", NULL);
	g_autofree char *cwd = g_file_read_link(link, NULL);

	for (char **w = words; *w != NULL; w++) {
		if (g_str_has_prefix(*w, "--config="))
			file = *w + strlen("--config=");
		else if ((strcmp(*w, "--config") == 0 || strcmp(*w, "-c") == 0) && w[1] != NULL)
			file = w[1];
	}
	return g_canonicalize_filename(file, cwd);
}

static gboolean
is_named(char **words, const char *name)
{
	g_autofree char *base =
	    words != NULL && words[0] != NULL ? g_path_get_basename(words[0]) : NULL;

	return base != NULL && strcmp(base, name) == 0;
}

static gboolean
parent_is(const char *pid, const char *name)
{
	g_autofree char *path = g_build_filename("/proc", pid, "stat", NULL);
	g_autofree char *stat = NULL, *parent = NULL;
	g_auto(GStrv) words = NULL;
	const char *p;
	int ppid;

	if (!g_file_get_contents(path, &stat, NULL, NULL))
		return FALSE;
	p = strrchr(stat, ')');
	if (p == NULL || sscanf(p + 1, " %*c %d", &ppid) != 1)
		return FALSE;
	parent = g_strdup_printf("%d", ppid);
	words = words_of(parent);
	return is_named(words, name);
}

GArray *
sg_programs_find(const char *name, const char *config)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autofree char *wanted = g_canonicalize_filename(config, NULL);
	g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
	const char *pid;

	while (proc != NULL && (pid = g_dir_read_name(proc)) != NULL) {
		g_auto(GStrv) words = g_ascii_isdigit(pid[0]) ? words_of(pid) : NULL;
		g_autofree char *theirs = is_named(words, name) ? config_of(words, pid) : NULL;
		guint n = (guint)g_ascii_strtoull(pid, NULL, 10);

		if (theirs != NULL && strcmp(theirs, wanted) == 0 && !parent_is(pid, name))
			g_array_append_val(found, n);
	}
	return found;
}
