/*
 * ipc - what the wall between client and scanner costs.
 *
 *   t/bench/ipc RULES-DIRECTORY [MESSAGES]
 *
 * Reads made-up messages of 5 KB and 1 MB once in this process and once in the
 * sandbox, and prints CPU of everybody involved and time for each message.
 */
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/daemon.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/sealed.h"
#include "client/scanclient.h"
#include "pool/keeper.h"
#include "scan/walk.h"

static double
cpu(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static GBytes *
message(gsize size)
{
	GString *s = g_string_new("From: a@hill.example\r\nTo: b@hill.example\r\nSubject: The trip\r\n"
	    "Message-ID: <1@hill.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");

	for (guint i = 0; s->len < size; i++)
		g_string_append_printf(s, "Line %u: the coach leaves at nine and is back before supper.\r\n", i);
	return g_string_free_to_bytes(s);
}

static double
in_process(SgOptions *options, GBytes *raw, guint n)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgRuleset) rules = sg_ruleset_load(options->files.rules, options->scan.cache, NULL, &error);
	g_autoptr(SgMatch) match = rules != NULL ? sg_match_new(rules, 1000, &error) : NULL;
	SgWalkJob job = { .options = options, .match = match, .raw = raw, .facts = "", .texts = SG_TEXTS_ON_FINDING };
	double before;

	if (match == NULL || !sg_walk_warm_up(&error))
		g_error("%s", error->message);
	before = cpu(RUSAGE_SELF);
	for (guint i = 0; i < n; i++)
		sg_reading_free(sg_walk(&job, NULL));
	return (cpu(RUSAGE_SELF) - before) / n;
}

static void G_GNUC_NULL_TERMINATED
quiet(SgLogLevel level, const char *event, ...)
{
	if (level < SG_LOG_NOTICE)
		fprintf(stderr, "%s\n", event);
}

static int
scanner(gpointer data)
{
	g_autoptr(GError) error = NULL;

	if (sg_keeper_run(data, quiet, &error))
		return 0;
	fprintf(stderr, "%s\n", error->message);
	return 1;
}

static void
ask(SgOptions *options, int fd)
{
	const SgScanAsk a = { .options = options, .fd = fd, .facts = "",
		.texts = SG_TEXTS_ON_FINDING };
	g_autoptr(GError) error = NULL;

	sg_reading_free(sg_scan(&a, &error));
	if (error != NULL)
		g_error("%s", error->message);
}

/* CPU and time of n messages through the sandbox; n = 0 is what starting costs. */
static double
sandboxed(SgOptions *options, GBytes *raw, guint n, double *each_us)
{
	double before = cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN);
	pid_t pid = sg_daemon_fork(scanner, options);
	sg_autofd fd = sg_sealed_make(g_bytes_get_data(raw, NULL), g_bytes_get_size(raw), NULL);
	gint64 began;

	ask(options, fd);	/* waits until it is there */
	began = g_get_monotonic_time();
	for (guint i = 0; i < n; i++)
		ask(options, fd);
	*each_us = (double)(g_get_monotonic_time() - began) / MAX(n, 1u);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN) - before;
}

static void
measure(SgOptions *options, const char *name, gsize size, guint n)
{
	g_autoptr(GBytes) raw = message(size);
	double here, start, there, each, ignored;

	start = sandboxed(options, raw, 0, &ignored);
	there = (sandboxed(options, raw, n, &each) - start) / n;
	here = in_process(options, raw, n);
	printf("%-5s in process %8.1f us   sandboxed %8.1f us CPU, %8.1f us each   wall %6.1f us, x %.2f\n",
	    name, here, there, each, there - here, there / here);
}

int
main(int argc, char **argv)
{
	g_autofree char *dir = g_dir_make_tmp("sg-ipc-XXXXXX", NULL);
	g_autofree char *conf = g_build_filename(dir, "c.conf", NULL), *text = NULL, *rules = NULL;
	g_autoptr(SgOptions) options = NULL;
	g_autoptr(GError) error = NULL;
	guint n = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 4000;

	if (argc < 2) {
		fprintf(stderr, "usage: ipc RULES-DIRECTORY [MESSAGES]\n");
		return 2;
	}
	rules = g_canonicalize_filename(argv[1], NULL);
	text = g_strdup_printf("school: { name = \"Hill\"; domains = [ \"hill.example\" ]; };\n"
	    "courier: { from = \"sg@hill.example\"; };\nrules = [ \"%s\" ];\n"
	    "scan: { listen = \"%s/scan.sock\"; cache = \"%s\"; };\n", rules, dir, dir);
	if (!g_file_set_contents(conf, text, -1, &error) ||
	    (options = sg_options_load(conf, NULL, &error)) == NULL) {
		fprintf(stderr, "%s\n", error->message);
		return 2;
	}
	measure(options, "5 KB", 5000, n);
	measure(options, "1 MB", 1000000, MAX(n / 40, 1u));
	return 0;
}
