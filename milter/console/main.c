#include <poll.h>
#include <signal.h>

#include "base/daemon.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/keys.h"
#include "base/log.h"
#include "base/trouble.h"
#include "console/serve.h"

#define TEND_MS 1000

static void
check(const SgOptions *options, GPtrArray *problems)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgOptions) o = sg_options_load(options->file, NULL, NULL);
	g_autoptr(SgSetup) setup = o != NULL ? sg_setup_load(o, problems, NULL) : NULL;
	g_autoptr(SgKeys) keys = sg_keys_load(options->keys.dir,
	    SG_KEY_VAULT_PUBLIC | SG_KEY_VAULT_SECRET | SG_KEY_AUDIT | SG_KEY_MAIL, &error);

	if (keys == NULL)
		g_ptr_array_add(problems, g_strdup(error->message));
}

static void
reload(SgConsole *console, SgTrouble *trouble)
{
	g_autoptr(GError) error = NULL;

	sg_daemon_tell("RELOADING=1");
	if (sg_console_reload(console, &error)) {
		sg_log(SG_LOG_NOTICE, "reloaded", NULL);
		sg_trouble_off(trouble, SG_TROUBLE_RELOAD);
	} else {
		sg_log(SG_LOG_ERROR, "reload-failed", "why", error->message, "now",
		    "the settings stay as they were", NULL);
		sg_trouble_on(trouble, SG_TROUBLE_RELOAD, error->message);
	}
	sg_daemon_tell("READY=1");
}

static gboolean
run(SgOptions *options, GError **error)
{
	sg_autofd signals = sg_daemon_signals(error, SIGTERM, SIGINT, SIGHUP, 0);
	g_autoptr(SgConsole) console = signals != -1 ? sg_console_new(options, error) : NULL;
	g_autoptr(SgServer) server = console != NULL ? sg_server_start(console, error) : NULL;
	g_autoptr(SgTrouble) trouble = NULL;
	g_autoptr(GError) untold = NULL;
	struct pollfd p = { .fd = signals, .events = POLLIN };
	int number = 0;

	if (server == NULL)
		return FALSE;
	trouble = sg_trouble_open(options->console.socket, "console", &untold);
	if (trouble == NULL)
		sg_log(SG_LOG_WARN, "no-alarms", "why", untold->message, NULL);
	sg_log(SG_LOG_NOTICE, "listening", "socket", options->console.socket, NULL);
	sg_daemon_tell("READY=1");
	while (number != SIGTERM && number != SIGINT) {
		(void)poll(&p, 1, TEND_MS);
		sg_server_tend(server);
		number = sg_daemon_next_signal(signals);
		if (number == SIGHUP)
			reload(console, trouble);
	}
	sg_daemon_tell("STOPPING=1");
	return TRUE;
}

int
main(int argc, char **argv)
{
	static const SgProgram program = { "schoolgate-console",
	    "The coordinator's desk: shows what is held, "
	    "takes decisions, keeps people from mail of their own.",
	    check, run };

	return sg_daemon_main(&program, argc, argv);
}
