#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "ctl/help.h"
#include "ctl/parse.h"

/* A signal handler has nothing else to write to. */
static volatile sig_atomic_t stop;

static void
on_interrupt(int number)
{
	(void)number;
	stop = 1;
}

static gboolean
interrupted(void)
{
	return stop != 0;
}

static SgExit
run(SgCtl *c, int argc, char **argv)
{
	SgExit code = SG_EXIT_USAGE;
	const char *noun;

	if (!sg_parse(c, argc, argv, &code))
		return code;
	if (sg_ctl_has(c, "version")) {
		printf("schoolgatectl %s\n", PACKAGE_VERSION);
		return SG_EXIT_OK;
	}
	noun = sg_ctl_arg(c, 0);
	if (sg_ctl_has(c, "help")) {
		if (c->command != NULL)
			sg_help_command(c->command);
		else if (noun == NULL || !sg_help_noun(noun))
			sg_help_all();
		return SG_EXIT_OK;
	}
	code = c->command->run(c);
	return interrupted() ? SG_EXIT_INTERRUPTED : code;
}

int
main(int argc, char **argv)
{
	g_autoptr(SgCtl) c = NULL;
	struct sigaction act = { .sa_handler = on_interrupt };
	SgExit code;

	(void)setlocale(LC_ALL, "");
	(void)sigaction(SIGINT, &act, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	c = sg_ctl_new(argv[0]);
	c->interrupted = interrupted;
	code = run(c, argc, argv);
	if (fflush(stdout) != 0 && code == SG_EXIT_OK)
		code = sg_ctl_fail(
		    c, SG_EXIT_AWAY, "the output could not be written in full", NULL, NULL);
	return (int)code;
}
