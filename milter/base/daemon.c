#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/daemon.h"
#include "base/err.h"
#include "base/log.h"

enum { EXIT_STOPPED, EXIT_FAILED, EXIT_CONFIG };

typedef struct {
	char	*config;
	gboolean check, version;
} Args;

/* With 0, 1 or 2 closed the first socket would become "standard error" and be
 * sent the log. */
static void
hold_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
			(void)open("/dev/null", O_RDWR);
}

/* Message text and keys pass through memory: none of it may reach a disk or a debugger. */
static void
keep_secrets(void)
{
	const struct rlimit none = { 0, 0 };

	(void)umask(077);
	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef SG_ASAN		/* the leak checker traces its own process */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
	(void)signal(SIGPIPE, SIG_IGN);
}

static gboolean
read_args(const SgProgram *p, Args *a, int argc, char **argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &a->config,
		    "Settings to use (default: " SG_SYSCONFDIR "/schoolgate/schoolgate.conf)", "FILE" },
		{ "check", 0, 0, G_OPTION_ARG_NONE, &a->check,
		    "Read everything, report every problem, and end", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &a->version, "Show the version, and end", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_summary(context, p->summary);
	g_option_context_set_description(context,
	    "Works in the foreground and logs to standard error.  SIGTERM: finish what is in\n"
	    "hand, then stop.  Exit code: 0 stopped, 1 failed, 2 configuration.\n");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (argc > 1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "\"%s\" is one word too many", argv[1]);
		return FALSE;
	}
	if (a->config == NULL)
		a->config = g_strdup(SG_SYSCONFDIR "/schoolgate/schoolgate.conf");
	return TRUE;
}

static int
check(const SgProgram *p, const char *config)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgOptions) options = sg_options_load(config, problems, NULL);

	if (options != NULL && p->check != NULL)
		p->check(options, problems);
	for (guint i = 0; i < problems->len; i++)
		fprintf(stderr, "%s\n", (const char *)g_ptr_array_index(problems, i));
	if (options == NULL || sg_problems_errors(problems) > 0)
		return EXIT_CONFIG;
	printf("%s: no problem found\n", options->file);
	return EXIT_STOPPED;
}

static int
run(const SgProgram *p, const char *config)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(SgOptions) options = sg_options_load(config, problems, NULL);

	if (options == NULL) {
		for (guint i = 0; i < problems->len; i++)
			sg_log(SG_LOG_ERROR, "config", "problem", g_ptr_array_index(problems, i), NULL);
		return EXIT_CONFIG;
	}
	sg_log(SG_LOG_NOTICE, "start", "program", p->name, "version", PACKAGE_VERSION, "config",
	    options->file, NULL);
	if (p->run(options, &error)) {
		sg_log(SG_LOG_NOTICE, "stop", "program", p->name, NULL);
		return EXIT_STOPPED;
	}
	sg_log(SG_LOG_ERROR, "failed", "program", p->name, "remedy",
	    error != NULL ? sg_err_name(error->code) : "-", "why", error != NULL ? error->message : "-", NULL);
	return g_error_matches(error, SG_ERR, SG_ERR_SETUP) ? EXIT_CONFIG : EXIT_FAILED;
}

int
sg_daemon_main(const SgProgram *p, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *config = NULL;
	Args args = { NULL, FALSE, FALSE };
	gboolean understood;

	hold_standard_fds();
	g_set_prgname(p->name);
	understood = read_args(p, &args, argc, argv, &error);
	config = args.config;
	if (!understood) {
		fprintf(stderr, "%s: %s; see %s --help\n", p->name, error->message, p->name);
		return EXIT_CONFIG;
	}
	if (args.version) {
		printf("%s %s\n", p->name, PACKAGE_VERSION);
		return EXIT_STOPPED;
	}
	keep_secrets();
	return args.check ? check(p, config) : run(p, config);
}

int
sg_daemon_signals(GError **error, int first, ...)
{
	sigset_t set;
	va_list ap;
	int fd = -1;

	sigemptyset(&set);
	va_start(ap, first);
	for (int s = first; s != 0; s = va_arg(ap, int))
		sigaddset(&set, s);
	va_end(ap);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) == 0)
		fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd == -1)
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "signalfd: %s", g_strerror(errno));
	return fd;
}

int
sg_daemon_next_signal(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

void
sg_daemon_default_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	(void)pthread_sigmask(SIG_SETMASK, &none, NULL);
}

pid_t
sg_daemon_fork(int (*child)(gpointer data), gpointer data)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(child(data));
	return pid;
}

void
sg_daemon_tell(const char *state)
{
	(void)sd_notify(0, state);
}
