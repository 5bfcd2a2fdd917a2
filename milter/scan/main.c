/* schoolgate-scan - the only program that parses hostile bytes. */
#include <string.h>

#include "base/daemon.h"
#include "base/log.h"
#include "rule/ruleset.h"
#include "scan/keeper.h"

static void
check(const SgOptions *options, GPtrArray *problems)
{
	guint before = problems->len;
	g_autoptr(GError) error = NULL;
	g_autoptr(SgRuleset) rules = sg_ruleset_load(options->files.rules, options->scan.cache, problems,
	    &error);

	if (rules == NULL && problems->len == before)
		g_ptr_array_add(problems, g_strdup_printf("%s:1: %s; see \"schoolgatectl rules check\"",
		    options->file, error->message));
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

int
main(int argc, char **argv)
{
	static const SgProgram program = { "schoolgate-scan",
		"Reads messages for schoolgate-milter, each in a worker that can do nothing else.", check, run };

	return sg_daemon_main(&program, argc, argv);
}
