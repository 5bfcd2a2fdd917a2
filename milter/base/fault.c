#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"

static GMutex lock;
static GHashTable *seen;	/* point -> times reached; under lock */

static gboolean
act_on(const char *action, guint64 times)
{
	g_auto(GStrv) part = g_strsplit(action, "@", 2);
	guint64 from = part[0] != NULL && part[1] != NULL ? g_ascii_strtoull(part[1], NULL, 10) : 1;

	if (part[0] == NULL || times < from)
		return FALSE;
	if (strcmp(part[0], "fail") == 0)
		return TRUE;
	if (times > from)
		return FALSE;
	if (strcmp(part[0], "kill") == 0)
		kill(getpid(), SIGKILL);
	else if (strcmp(part[0], "stop") == 0)
		kill(getpid(), SIGSTOP);
	else if (strcmp(part[0], "once") == 0)
		return TRUE;
	return FALSE;
}

static char *
plan(void)
{
	const char *file = g_getenv("SCHOOLGATE_FAULT_FILE");
	char *text = NULL;

	if (file != NULL && g_file_get_contents(file, &text, NULL, NULL))
		return g_strstrip(text);
	return g_strdup(g_getenv("SCHOOLGATE_FAULT"));
}

gboolean
sg_fault(const char *point)
{
	static int active = -1;
	g_autofree char *text = NULL;
	g_auto(GStrv) entries = NULL;
	gsize n = strlen(point);
	guint64 times = 0;

	if (active == -1)
		active = g_getenv("SCHOOLGATE_FAULT") != NULL ||
		    g_getenv("SCHOOLGATE_FAULT_FILE") != NULL;
	if (!active || (text = plan()) == NULL)
		return FALSE;
	entries = g_strsplit(text, ",", -1);
	for (char **e = entries; *e != NULL; e++) {
		if (strncmp(*e, point, n) != 0 || (*e)[n] != '=')
			continue;
		g_mutex_lock(&lock);
		if (seen == NULL)
			seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		times = GPOINTER_TO_SIZE(g_hash_table_lookup(seen, point)) + 1;
		g_hash_table_replace(seen, g_strdup(point), GSIZE_TO_POINTER(times));
		g_mutex_unlock(&lock);
		return act_on(*e + n + 1, times);
	}
	return FALSE;
}
