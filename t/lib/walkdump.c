/*
 * walkdump - reads mails and prints one JSON object a line, for t/20-parse.t.
 *
 * walkdump [--match WORD] [--limit "text = 65536;"] [--signatures DIR] FILE...
 * With --bench N each file is read N times and only times are printed.
 * With --signatures malware is looked for, by the signatures in that directory.
 * With --locked the process locks itself in as a worker does before it reads:
 * what it then cannot open any more shows as a different reading.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "scan/tempfiles.h"
#include "scan/walk.h"
#include "t/lib/fakematch.h"

static double
cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static GBytes *
load(const char *file)
{
	g_autoptr(GError) error = NULL;
	char *text;
	gsize len;

	if (g_file_get_contents(file, &text, &len, &error))
		return g_bytes_new_take(text, len);
	g_printerr("%s\n", error->message);
	return g_bytes_new_static("", 0);
}

#ifdef SG_ASAN
/* The sanitizer itself calls what a worker may not. */
static void
lock_in(gboolean virus)
{
	(void)virus;
	exit(77);
}
#else
static void
lock_in(gboolean virus)
{
	g_autoptr(GError) error = NULL;
	SgSandboxFilter *filter = sg_sandbox_filter_new(virus ? SG_SANDBOX_UNPACKER : SG_SANDBOX_READER, FALSE, &error);
	SgSandbox box = { .filter = filter, .parent = getppid(), .memory = 1u << 30,
		.file_size = 1u << 28, .files = 64 + SG_TEMPFILES_MOST };

	if (filter == NULL || !sg_sandbox_enter(&box, &error))
		g_error("%s", error->message);
	sg_sandbox_filter_free(filter);
}
#endif

static void
print_reading(const char *file, const SgReading *r, double seconds)
{
	g_autoptr(GBytes) json = sg_reading_to_json(r);
	gsize n;
	const char *p = g_bytes_get_data(json, &n);
	g_autofree char *flags = sg_flags_string(r->flags), *base = g_path_get_basename(file);

	printf("{\"file\":\"%s\",\"flags\":\"%s\",\"cpu\":%.6f,\"reading\":%.*s}\n", base, flags,
	    seconds, (int)n, p);
}

static int
bench(char **files, const SgWalkJob *job, int rounds)
{
	double total = 0;
	guint64 bytes = 0, n = 0;

	for (; *files != NULL; files++) {
		g_autofree char *text = NULL;
		g_autoptr(GBytes) raw = NULL;
		SgWalkJob one = *job;
		double began;
		gsize len;

		if (!g_file_get_contents(*files, &text, &len, NULL))
			continue;
		one.raw = raw = g_bytes_new_static(text, len);
		sg_reading_free(sg_walk(&one, NULL));
		began = cpu_seconds();
		for (int i = 0; i < rounds; i++)
			sg_reading_free(sg_walk(&one, NULL));
		began = cpu_seconds() - began;
		if (g_getenv("BENCH_EACH") != NULL)
			printf("%8.1f us %8zu bytes %s\n", began / rounds * 1e6, len, *files);
		total += began;
		n += (guint64)rounds;
		bytes += len * (guint64)rounds;
	}
	printf("messages=%" G_GUINT64_FORMAT " us_per_message=%.1f mb_per_second=%.1f\n", n,
	    n > 0 ? total / (double)n * 1e6 : 0, total > 0 ? (double)bytes / total / 1e6 : 0);
	return 0;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *word = NULL, *limit = NULL, *signatures = NULL;
	gboolean facts = FALSE, locked = FALSE;
	int rounds = 0, failed = 0;
	GOptionEntry entries[] = {
		{ "match", 0, 0, G_OPTION_ARG_STRING, &word, "find this word", "WORD" },
		{ "limit", 0, 0, G_OPTION_ARG_STRING, &limit, "settings of scan", "CONF" },
		{ "signatures", 0, 0, G_OPTION_ARG_FILENAME, &signatures, "look for malware", "DIR" },
		{ "facts", 0, 0, G_OPTION_ARG_NONE, &facts, "without texts", NULL },
		{ "locked", 0, 0, G_OPTION_ARG_NONE, &locked, "locked in like a worker", NULL },
		{ "bench", 0, 0, G_OPTION_ARG_INT, &rounds, "only times", "N" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(GOptionContext) context = g_option_context_new("FILE...");
	g_autoptr(SgMatch) match = NULL;
	g_autoptr(SgOptions) options = NULL;
	g_autoptr(GPtrArray) mails = NULL;
	g_autoptr(SgVirus) virus = NULL;
	SgWalkJob job = { .facts = "" };

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || !sg_walk_warm_up(&error)) {
		g_printerr("%s\n", error->message);
		return 2;
	}
	job.match = match = fake_match_new(word);
	job.options = options = fake_options(limit != NULL ? limit : "");
	if (signatures != NULL) {
		job.virus = virus = sg_virus_load(options, signatures, 1, &error);
		if (virus == NULL) {
			g_printerr("%s\n", error->message);
			return 2;
		}
		sg_virus_begin(virus, sg_virus_hand_out(virus));
	}
	job.texts = rounds == 0 && !facts ? SG_TEXTS_ALWAYS : SG_TEXTS_NEVER;
	if (rounds > 0)
		return bench(argv + 1, &job, rounds);
	mails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (int i = 1; i < argc; i++)
		g_ptr_array_add(mails, load(argv[i]));
	fflush(stdout);
	if (locked)
		lock_in(virus != NULL);
	for (int i = 1; i < argc; i++) {
		double began = cpu_seconds();
		g_autoptr(SgReading) r = NULL;

		job.raw = g_ptr_array_index(mails, i - 1);
		r = sg_walk(&job, NULL);
		failed += r == NULL;
		if (r != NULL)
			print_reading(argv[i], r, cpu_seconds() - began);
	}
	return failed > 0;
}
