/* fails-if: an exit code differs from 0 stopped, 1 failed, 2 configuration, or --check misses a problem */
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/daemon.h"
#include "base/err.h"

#define GOOD "school: { name = \"Hill\"; domains = [ \"hill.example\" ]; };\n" \
	     "courier: { from = \"sg@hill.example\"; };\n"

static gboolean
run_well(SgOptions *options, GError **error)
{
	(void)error;
	return options != NULL;
}

static gboolean
run_badly(SgOptions *options, GError **error)
{
	(void)options;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "no luck");
	return FALSE;
}

static gboolean
run_unprepared(SgOptions *options, GError **error)
{
	(void)options;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "no rules");
	return FALSE;
}

static void
check_finds(const SgOptions *options, GPtrArray *problems)
{
	g_ptr_array_add(problems, g_strdup_printf("%s:7: bad; mend it", options->file));
}

static int
start(const SgProgram *p, const char *text, const char *arg, char **err)
{
	g_autofree char *dir = g_dir_make_tmp("sg-daemon-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(dir, "schoolgate.conf", NULL);
	char *words[] = { g_strdup(p->name), g_strdup("--config"), g_strdup(file), g_strdup(arg) };
	char *argv[] = { words[0], words[1], words[2], words[3], NULL };	/* the parser takes words out */
	g_autofree char *log = g_build_filename(dir, "err", NULL);
	int keep = dup(2), code;
	FILE *f = fopen(log, "w");

	g_assert_true(g_file_set_contents(file, text, -1, NULL));
	g_assert_cmpint(dup2(fileno(f), 2), ==, 2);
	code = sg_daemon_main(p, arg != NULL ? 4 : 3, argv);
	g_assert_cmpint(dup2(keep, 2), ==, 2);
	fclose(f);
	close(keep);
	g_assert_true(g_file_get_contents(log, err, NULL, NULL));
	for (guint i = 0; i < 4; i++)
		g_free(words[i]);
	g_unlink(file);
	g_unlink(log);
	g_rmdir(dir);
	return code;
}

static void
exit_codes(void)
{
	static const SgProgram well = { "t-well", "x", NULL, run_well },
			       badly = { "t-badly", "x", NULL, run_badly },
			       unprepared = { "t-unprepared", "x", NULL, run_unprepared },
			       finds = { "t-finds", "x", check_finds, run_well };
	static const struct {
		const SgProgram *p;
		const char *conf, *arg;
		int code;
		const char *says;
	} cases[] = {
		{ &well, GOOD, NULL, 0, "stop program=t-well" },
		{ &badly, GOOD, NULL, 1, "why=\"no luck\"" },
		{ &unprepared, GOOD, NULL, 2, "why=\"no rules\"" },
		{ &well, GOOD "colour = 1;\n", NULL, 2, "schoolgate.conf:3: unknown setting" },
		{ &well, GOOD "colour = 1;\n", "--check", 2, "schoolgate.conf:3: unknown setting" },
		{ &well, GOOD, "--check", 0, "" },
		{ &finds, GOOD, "--check", 2, ":7: bad; mend it" },
		{ &well, GOOD, "--chekc", 2, "t-well --help" },
		{ &well, GOOD, "word", 2, "one word too many" },
		{ &well, "", "--version", 0, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *err = NULL;

		g_test_message("case %" G_GSIZE_FORMAT, i);
		g_assert_cmpint(start(cases[i].p, cases[i].conf, cases[i].arg, &err), ==, cases[i].code);
		g_assert_nonnull(strstr(err, cases[i].says));
	}
}

static void
signals_are_events(void)
{
	g_autoptr(GError) error = NULL;
	int fd = sg_daemon_signals(&error, SIGTERM, SIGHUP, 0);

	g_assert_no_error(error);
	g_assert_cmpint(sg_daemon_next_signal(fd), ==, 0);
	kill(getpid(), SIGHUP);
	g_assert_cmpint(sg_daemon_next_signal(fd), ==, SIGHUP);
	kill(getpid(), SIGTERM);
	g_assert_cmpint(sg_daemon_next_signal(fd), ==, SIGTERM);
	g_assert_cmpint(sg_daemon_next_signal(fd), ==, 0);
	sg_daemon_default_signals();
	close(fd);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/daemon/exit-codes", exit_codes);
	g_test_add_func("/daemon/signals-are-events", signals_are_events);
	return g_test_run();
}
