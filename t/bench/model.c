/*
 * model - the speed of a model by itself: canonical text, tokens, features, segments.
 *
 *   t/bench/model [MODEL [TEXT]]
 *
 * Without TEXT, school sentences made here, of some thousand different words.  Figures,
 * not a test.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "weigh/worst.h"

#define TEXT (10u << 20)

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *
made_text(void)
{
	static const char *const word[] = { "the", "school", "will", "be", "closed", "on", "friday", "please", "bring",
		"your", "lunch", "and", "a", "coat", "to", "class", "we", "look", "forward", "trip", "museum", "forms",
		"parents", "evening", "is", "at", "six", "year", "seven", "homework", "science", "report", "with", "for" };
	static const char *const part[] = { "ba", "re", "li", "sto", "mun", "ker", "da", "in", "pel", "ou", "gra", "ti" };
	GString *s = g_string_new(NULL);
	guint64 state = 7;

	while (s->len < TEXT) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		if (state >> 33 & 7)
			g_string_append(s, word[(state >> 40) % G_N_ELEMENTS(word)]);
		else
			g_string_append_printf(s, "%s%s%s", part[(state >> 36) % 12], part[(state >> 43) % 12], part[(state >> 50) % 12]);
		g_string_append(s, (state >> 58) % 11 == 0 ? ".\n" : " ");
	}
	return g_string_free(s, FALSE);
}

static void
count(const SgWorstHit *hit, gpointer data)
{
	(void)hit;
	++*(guint *)data;
}

static void
measure(SgWorst *w, const char *text, gsize len, const char *what)
{
	g_autoptr(SgCanon) c = sg_canon_new(NULL);
	float least[SG_LINEAR_HEADS] = { 0 };
	guint hits = 0, rounds = (guint)MAX(1, (20u << 20) / MAX(len, 1));
	double start = now(), only, all;

	for (guint i = 0; i < rounds; i++) {
		sg_canon_start(c, text, len);
		while (sg_canon_next(c))
			;
	}
	only = now() - start;
	start = now();
	for (guint i = 0; i < rounds; i++) {
		sg_canon_start(c, text, len);
		sg_worst_start(w, least, 1u);
		while (sg_canon_next(c)) {
			SgWorstPiece p = sg_worst_canon(c);

			sg_worst_piece(w, &p, count, &hits);
		}
	}
	all = now() - start;
	printf("%-24s %8zu bytes: with canonical text %6.1f MB/s, the model alone %6.1f MB/s, %.3f ms a text, %u hits\n", what, len,
	    (double)len * rounds / all / 1e6, (double)len * rounds / MAX(all - only, 1e-9) / 1e6, all / rounds * 1e3, hits / rounds);
}

int
main(int argc, char **argv)
{
	g_autofree char *path = argc > 1 ? g_strdup(argv[1]) : g_build_filename("rules", "models", "harm.model", NULL);
	g_autofree char *bytes = NULL, *text = NULL;
	g_autoptr(GBytes) file = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(SgLinear) m = NULL;
	g_autoptr(SgWorst) w = NULL;
	gsize len = 0;

	if (!g_file_get_contents(path, &bytes, &len, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	file = g_bytes_new_take(g_steal_pointer(&bytes), len);
	if ((m = sg_linear_read(file, &error)) == NULL) {
		fprintf(stderr, "%s: %s\n", path, error->message);
		return 1;
	}
	w = sg_worst_new(m);
	if (argc > 2 && !g_file_get_contents(argv[2], &text, NULL, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	if (text == NULL)
		text = made_text();
	measure(w, text, strlen(text), argc > 2 ? argv[2] : "made text");
	measure(w, text, MIN(strlen(text), 5000), "its first 5 KB");
	return 0;
}
