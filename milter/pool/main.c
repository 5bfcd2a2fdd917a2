/* schoolgate-scan - the only program that parses hostile bytes. */
#include <string.h>
#include <unistd.h>

#include "base/daemon.h"
#include "base/log.h"
#include "pool/keeper.h"
#include "rule/ruleset.h"

static void
check(const SgOptions *options, GPtrArray *problems)
{
	guint before = problems->len;
	g_autoptr(SgRoster) roster = NULL;
	g_autoptr(GError) error = NULL, why = NULL;
	g_autoptr(SgRuleset) rules = sg_ruleset_load(options->files.rules, options->scan.cache, problems,
	    &error);

	if (rules == NULL && problems->len == before)
		g_ptr_array_add(problems, g_strdup_printf("%s:1: %s; see \"schoolgatectl rules check\"",
		    options->file, error->message));
	if (!sg_roster_load(options->files.roster, &roster, &why))
		g_ptr_array_add(problems, g_strdup_printf("%s:1: %s", options->file, why->message));
	if (strcmp(options->scan.signatures, "auto") != 0 && strcmp(options->scan.signatures, "off") != 0 &&
	    (!g_path_is_absolute(options->scan.signatures) || strlen(options->scan.signatures) > 500))
		g_ptr_array_add(problems, g_strdup_printf("%s:1: scan.signatures is neither auto nor off nor "
		    "a whole path; write \"/var/lib/clamav\"", options->file));
	if (strcmp(options->scan.sandbox, "kill") != 0 && strcmp(options->scan.sandbox, "log") != 0)
		g_ptr_array_add(problems, g_strdup_printf("%s:1: scan.sandbox is neither kill nor log; "
		    "write \"kill\"", options->file));
}

static gboolean
run(SgOptions *options, GError **error)
{
	return sg_keeper_run(options, sg_log, error);
}

/* Libraries for documents take and give back small pieces by the thousand, and a message a
 * few large ones.  The C library keeps seven small ones of a size at hand and gives large
 * ones back to the system, unless it is told otherwise before the program begins: so it
 * begins again.  Measured with 200: 7 % of all that reading costs, and half of its kernel time.
 * A worker keeps 16 MiB of large ones at most, until it rests, and 300 of each small size: 10 MiB
 * if one message ever held so many of all.  Those it keeps for good, and they keep the pages
 * around them: with 2,000 of each, four workers and the zygote had 30 MB more after a school's mail,
 * and took as long.  Without "fast bins", which every large piece that is given back sweeps
 * together: they serve nobody then. */
#define MALLOC "glibc.malloc.tcache_count=300:glibc.malloc.mmap_threshold=4194304:" \
	"glibc.malloc.trim_threshold=16777216:glibc.malloc.mxfast=0"

static void
begin_with_room(char **argv)
{
	g_auto(GStrv) env = g_get_environ();
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);

	if (self == NULL || g_environ_getenv(env, "GLIBC_TUNABLES") != NULL)
		return;
	env = g_environ_setenv(env, "GLIBC_TUNABLES", MALLOC, TRUE);
	(void)execve(self, argv, env);		/* goes on without it when that fails */
}

int
main(int argc, char **argv)
{
	static const SgProgram program = { "schoolgate-scan",
		"Reads messages for schoolgate-milter, each in a worker that can do nothing else.", check, run };

	begin_with_room(argv);
	return sg_daemon_main(&program, argc, argv);
}
