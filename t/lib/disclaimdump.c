/*
 * disclaimdump - puts a text into mails and says what happened; for t/20-disclaim.t.
 *
 *   disclaimdump [--place P] [--repeat R] [--most BYTES] [--rounds N] PLAIN HTML OUTDIR FILE...
 *
 * PLAIN and HTML are files.  For each FILE one line of JSON; the new message, or the old
 * one when it stays, goes to OUTDIR under the same name.  With --rounds it says instead
 * what a mail costs on average.
 */
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/letters.h"
#include "mail/tree.h"
#include "rewrite/disclaim.h"
#include "scan/walk.h"

static char *
contents(const char *file)
{
	char *text = NULL;

	g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
	return text;
}

static void
do_one(const char *file, const char *dir, const GPtrArray *texts, guint64 most)
{
	g_autofree char *base = g_path_get_basename(file), *to = g_build_filename(dir, base, NULL);
	g_autofree char *data = NULL, *line = NULL;
	g_autoptr(GBytes) raw = NULL;
	g_auto(SgDisclaimed) d = { 0 };
	json_t *o;
	gsize len;

	g_assert_true(g_file_get_contents(file, &data, &len, NULL));
	raw = g_bytes_new_take(g_steal_pointer(&data), len);
	sg_disclaim(raw, texts, most, &d);
	if (d.bytes != NULL)
		raw = (g_bytes_unref(raw), g_bytes_ref(d.bytes));
	g_assert_true(g_file_set_contents(to, g_bytes_get_data(raw, NULL), (gssize)g_bytes_get_size(raw), NULL));
	o = json_pack("{s:s,s:b,s:s,s:s}", "file", base, "changed", d.bytes != NULL, "added", d.added->str,
	    "skipped", d.skipped->str);
	line = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	g_print("%s\n", line);
}

static gdouble
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (gdouble)t.tv_sec + (gdouble)t.tv_nsec / 1e9;
}

/* The mails one by one, so that memory holds one; the best of the rounds, of each. */
static void
measure(char **files, const GPtrArray *texts, guint64 most, gint64 rounds)
{
	static const SgTreeLimits limits = { 100, 20000, 20000, FALSE, FALSE };
	gdouble all = 0, parse = 0, longest = 0;
	guint n = g_strv_length(files), changed = 0;

	for (guint i = 0; i < n; i++) {
		gdouble best[2] = { 1e9, 1e9 };
		g_autoptr(GBytes) raw = NULL;
		char *data;
		gsize len;

		g_assert_true(g_file_get_contents(files[i], &data, &len, NULL));
		raw = g_bytes_new_take(data, len);
		for (gint64 k = 0; k < rounds; k++) {
			g_auto(SgDisclaimed) d = { 0 };
			gdouble start = cpu_seconds(), middle;

			sg_tree_free(sg_tree_read(raw, &limits, 0, ""));
			middle = cpu_seconds();
			sg_disclaim(raw, texts, most, &d);
			best[0] = MIN(best[0], middle - start);
			best[1] = MIN(best[1], cpu_seconds() - middle);
			changed += k == 0 && d.bytes != NULL;
		}
		parse += best[0];
		all += best[1];
		longest = MAX(longest, best[1]);
	}
	g_print("%u mails, text in %u: %.3f ms a mail, the longest %.3f ms; reading alone %.3f ms\n", n, changed,
	    all * 1000 / n, longest * 1000, parse * 1000 / n);
}

int
main(int argc, char **argv)
{
	g_autofree char *place = g_strdup("bottom"), *repeat = g_strdup("once-per-thread");
	gint64 most = 64 << 20, rounds = 0;
	const GOptionEntry entries[] = {
		{ "place", 0, 0, G_OPTION_ARG_STRING, &place, NULL, NULL },
		{ "repeat", 0, 0, G_OPTION_ARG_STRING, &repeat, NULL, NULL },
		{ "most", 0, 0, G_OPTION_ARG_INT64, &most, NULL, NULL },
		{ "rounds", 0, 0, G_OPTION_ARG_INT64, &rounds, NULL, NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	SgWireDISCLAIM d = { .name = (char *)(guintptr)"test" };

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, NULL) || argc < 4)
		return 2;
	g_assert_true(sg_walk_warm_up(NULL));
	d.place = place;
	d.repeat = repeat;
	d.plain = contents(argv[1]);
	d.html = contents(argv[2]);
	d.known = sg_letters(d.plain, strlen(d.plain));
	g_ptr_array_add(texts, &d);
	if (rounds > 0)
		measure(argv + 4, texts, (guint64)most, rounds);
	for (int i = 4; i < argc && rounds == 0; i++)
		do_one(argv[i], argv[3], texts, (guint64)most);
	g_free(d.plain);
	g_free(d.html);
	g_free(d.known);
	return 0;
}
