/*
 * scanask - sends files to a scanner and prints what it read, for tests.
 *
 *   scanask [--times N] [--threads N] [--texts] [--detach PARTS NOTE] [--quiet] CONFIG FILE...
 *
 * One JSON object a line: the reading (model/reading.h) with "ms", or
 * {"error": code, "why": text, "ms": …}.  --quiet prints only a line of counts.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "client/scanclient.h"

typedef struct {
	SgOptions *options;
	char	 **files;
	int	   times, threads;
	gboolean   texts, quiet;
	char	  *parts, *note;
	gint	   good, bad;
	gint64	   slowest;
} Run;

static void
tell(const Run *run, const char *file, const char *json, const GError *error, gint64 us)
{
	g_autofree char *why = error != NULL ? g_strescape(error->message, NULL) : NULL;

	if (run->quiet)
		return;
	if (error != NULL)
		printf("{\"file\":\"%s\",\"error\":\"%s\",\"why\":\"%s\",\"ms\":%.1f}\n", file,
		    sg_err_name(error->code), why, (double)us / 1000);
	else
		printf("{\"file\":\"%s\",\"ms\":%.1f,\"reading\":%s}\n", file, (double)us / 1000, json);
	fflush(stdout);
}

static void
ask(Run *run, const char *file)
{
	g_autofree char *data = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL, answer = NULL;
	g_autoptr(SgReading) r = NULL;
	g_autofree char *json = NULL;
	gsize n;
	gint64 began;
	SgScanAsk a = { .options = run->options, .fd = -1, .facts = "",
		.texts = run->texts ? SG_TEXTS_ALWAYS : SG_TEXTS_ON_FINDING };

	if (!g_file_get_contents(file, &data, &n, NULL)) {
		fprintf(stderr, "scanask: cannot read %s\n", file);
		return;
	}
	a.bytes = bytes = g_bytes_new_take(g_steal_pointer(&data), n);
	began = g_get_monotonic_time();
	if (run->parts != NULL) {
		answer = sg_scan_detach(&a, run->parts, run->note, &error);
		if (answer != NULL)
			json = g_strdup_printf("{\"bytes\":%" G_GSIZE_FORMAT "}", g_bytes_get_size(answer));
	} else if ((r = sg_scan(&a, &error)) != NULL) {
		answer = sg_reading_to_json(r);
		json = g_strndup(g_bytes_get_data(answer, NULL), g_bytes_get_size(answer));
	}
	tell(run, file, json, error, g_get_monotonic_time() - began);
	g_atomic_int_inc(error != NULL ? &run->bad : &run->good);
}

static gpointer
work(gpointer data)
{
	Run *run = data;

	for (int i = 0; i < run->times; i++)
		for (guint k = 0; run->files[k] != NULL; k++)
			ask(run, run->files[k]);
	return NULL;
}

int
main(int argc, char **argv)
{
	Run run = { .times = 1, .threads = 1 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GOptionContext) context = g_option_context_new("CONFIG FILE...");
	g_autoptr(SgOptions) options = NULL;
	const GOptionEntry entries[] = {
		{ "times", 0, 0, G_OPTION_ARG_INT, &run.times, "ask so often", "N" },
		{ "threads", 0, 0, G_OPTION_ARG_INT, &run.threads, "from so many threads", "N" },
		{ "texts", 0, 0, G_OPTION_ARG_NONE, &run.texts, "with all texts", NULL },
		{ "quiet", 0, 0, G_OPTION_ARG_NONE, &run.quiet, "only counts", NULL },
		{ "detach", 0, 0, G_OPTION_ARG_STRING, &run.parts, "have these parts removed", "PARTS" },
		{ "note", 0, 0, G_OPTION_ARG_STRING, &run.note, "and this put there", "TEXT" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	g_autoptr(GPtrArray) threads = g_ptr_array_new();

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || argc < 3) {
		fprintf(stderr, "usage: scanask [OPTION...] CONFIG FILE...\n");
		return 2;
	}
	options = run.options = sg_options_load(argv[1], NULL, &error);
	if (options == NULL) {
		fprintf(stderr, "scanask: %s\n", error->message);
		return 2;
	}
	run.files = argv + 2;
	for (int i = 1; i < run.threads; i++)
		g_ptr_array_add(threads, g_thread_new("ask", work, &run));
	work(&run);
	for (guint i = 0; i < threads->len; i++)
		g_thread_join(g_ptr_array_index(threads, i));
	if (run.quiet)
		printf("good=%d bad=%d\n", run.good, run.bad);
	return run.bad == 0 ? 0 : 1;
}
