/*
 * rules - what the rules cost: start, memory and speed.  Figures, not a test.
 *
 *   t/bench/rules [PATTERNS [TEXT]]
 *
 * PATTERNS holds one expression a line (as gen_patterns.py of the load generator
 * writes them), or is a directory of rules; without it 5,000 phrases and expressions
 * are made here.  TEXT is what is scanned; without it, text made of the same words and
 * many others.  With a directory, kinds of texts that cost most are scanned as well.
 * What the parts cost is the best of ROUNDS; "matching" is everything between canonical
 * text and hits but for the models.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <glib/gstdio.h>

#include "disguise/restore.h"
#include "rule/finder.h"
#include "rule/marks.h"
#include "rule/modelrun.h"
#include "rule/set.h"

#define PATTERNS 5000u
#define TEXT	 (10u << 20)
#define ROUNDS	 5

static guint64
next(guint64 *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static void
pseudo(GString *s, guint64 *state)
{
	static const char *const part[] = { "ba", "re", "li", "sto", "mun", "ker", "da", "in", "pel", "ou", "gra", "ti" };

	for (guint n = 2 + (guint)next(state) % 2; n > 0; n--)
		g_string_append(s, part[next(state) % G_N_ELEMENTS(part)]);
}

static void
english(GString *s, guint64 *state)
{
	static const char *const word[] = { "the", "school", "will", "be", "closed", "on", "friday", "please", "bring",
		"your", "lunch", "and", "a", "coat", "to", "class", "we", "look", "forward", "trip", "museum", "forms",
		"parents", "evening", "is", "at", "six", "year", "seven", "homework", "science", "report", "with", "for" };

	g_string_append(s, word[next(state) % G_N_ELEMENTS(word)]);
}

static void
quoted(GString *out, const char *s)
{
	g_string_append(out, "\t\"");
	for (; *s != '\0'; s++) {
		if (*s == '\\' || *s == '"')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *s);
	}
	g_string_append(out, "\",\n");
}

static char *
made_rules(void)
{
	GString *words = g_string_new(NULL), *regex = g_string_new(NULL);
	guint64 state = 7;

	for (guint i = 0; i < PATTERNS; i++) {
		g_autoptr(GString) p = g_string_new(NULL);

		english(p, &state);
		g_string_append_c(p, ' ');
		pseudo(p, &state);
		if (i % 5 == 0) {
			g_string_append(p, "(s|ing)? .{0,20}\\b");
			pseudo(p, &state);
		}
		quoted(i % 5 == 0 ? regex : words, p->str);
	}
	quoted(words, "needle in a haystack");
	quoted(regex, "needles? in a haystack");
	g_string_truncate(words, words->len - 2);
	g_string_truncate(regex, regex->len - 2);
	return g_strdup_printf("category = \"bench\"; area = \"content\"; rules = (\n"
	    "{ id = \"bench.words\"; title = \"w\"; severity = 1; confidence = \"low\"; words = [ %s ];\n"
	    "hit = [ \"a needle in a haystack\" ]; miss = [ \"x\" ]; },\n"
	    "{ id = \"bench.regex\"; title = \"r\"; severity = 1; confidence = \"low\"; regex = [ %s ];\n"
	    "hit = [ \"needles in a haystack\" ]; miss = [ \"x\" ]; } );\n", g_string_free(words, FALSE),
	    g_string_free(regex, FALSE));
}

static char *
given_rules(const char *file)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	GString *regex = g_string_new(NULL);

	if (!g_file_get_contents(file, &text, NULL, NULL))
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	for (char **l = lines; *l != NULL; l++)
		if ((*l)[0] != '\0')
			quoted(regex, *l);
	g_string_append(regex, "\t\"needles? in a haystack\"");
	return g_strdup_printf("category = \"bench\"; area = \"content\"; rules = (\n"
	    "{ id = \"bench.regex\"; title = \"r\"; severity = 1; confidence = \"low\"; regex = [ %s ];\n"
	    "hit = [ \"needles in a haystack\" ]; miss = [ \"x\" ]; } );\n", g_string_free(regex, FALSE));
}

static char *
made_text(void)
{
	GString *s = g_string_new(NULL);
	guint64 state = 99;

	while (s->len < TEXT) {
		if (next(&state) % 6 == 0)
			pseudo(s, &state);
		else
			english(s, &state);
		g_string_append(s, next(&state) % 12 == 0 ? ".\n" : " ");
	}
	return g_string_free(s, FALSE);
}

/* CPU time of this process in microseconds: other work on the machine does not count. */
static gint64
now(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (gint64)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static double
ms(gint64 since)
{
	return (double)(now() - since) / 1000;
}

static SgRuleset *
timed_load(const char *what, char *const *dirs, const char *cache)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	gint64 start = now();
	SgRuleset *r = sg_ruleset_load(dirs, cache, problems, NULL);

	printf("%-28s %8.1f ms\n", what, ms(start));
	for (guint i = 0; r == NULL && i < problems->len && i < 20; i++)
		printf("%s\n", (char *)g_ptr_array_index(problems, i));
	return r;
}

static guint
one_message(SgMatch *m, char *text)
{
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	char body[] = "body", none[] = "";
	SgText t = { .where = body, .part = none, .name = none, .text = text };
	guint hits = 0;

	sg_match_begin(m, "from=pupil to=pupil route=inside");
	(void)sg_match_text(m, &t, NULL);
	sg_match_end(m, findings);
	for (guint i = 0; i < findings->len; i++)
		hits += ((SgFinding *)g_ptr_array_index(findings, i))->count;
	return hits;
}

/* Texts that look disguised through and through, and a language with a list of its own. */
static void
hard_kinds(SgRuleset *r)
{
	static const struct {
		const char *name, *piece;
	} kinds[] = {
		{ "signs", "Room B12, $4.50, 10-15 kg, A*-C, \"so\": 50% of x=3 (mp3) - 4th Oct. @ 7pm; see #12! " },
		{ "code", "if (!$a->{b1}) { printf(\"%s: %d\\n\", x_y[i++], *p); } /* 0x1F */ " },
		{ "Welsh", "mae'r ysgol ar gau heddiw oherwydd yr eira trwm a'r gwyntoedd cryfion ar yr arfordir " },
		{ "unknown words", "qentri blomsuk dravel okimor spuntle gravik thendo wimplar crostik " },
		{ "digits for letters", "wh3n th3 sch00l 0p3ns t0m0rr0w w3 w1ll g0 t0 th3 mus3um 1n th3 b4s3m3nt " },
		{ "stars", "w*en t*e sch**l op*ns t*morr*w w* w*ll g* t* t*e m*se*m " },
		{ "spaced", "w h e n t h e s c h o o l o p e n s t o m o r r o w . w e g o t o t h e m u s e u m . " },
		{ "run together", "whentheschoolopenstomorrow wewillgotothemuseum andwewilleatour lunchinthepark " },
		{ "one slip a word", "whne teh schol opnes tomorow wee wil og too hte museumm adn eet oru lnuch " },
		{ "look-alikes", "whеn thе schооl оpеns tоmоrrоw wе will gо tо thе musеum " },
		{ "letters", "jkqxzvwpgh" },
		{ "one anchor", "kill " },
		{ "anchors", "kill stab shoot gay black disabled muslim jewish trans stupid ugly fat die hate bomb knife nudes send " },
		{ "said", "i will kill you " },
		{ "no sentences", "you are and i will if we do not go to the one that they said is for you and me " },
		{ "cut in two", "sch ool mus eum tomo rrow lun ch bas ement gar den win dow " },
	};

	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
		g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
		g_autoptr(GString) s = g_string_new(NULL);
		gint64 start;
		guint hits;

		while (s->len < TEXT / 4)
			g_string_append(s, kinds[k].piece);
		start = now();
		hits = one_message(m, s->str);
		printf("%-28s %8.1f MB/s (%u hits counted)\n", kinds[k].name, (double)s->len / 1e3 / ms(start), hits);
	}
}

typedef struct {
	SgRuleset *set;
	char	  *text;
	gsize	   len;
	SgCanon	  *canon;
	SgRestore *restore;
	SgModelRun *models;
	SgFinder  *finder;
	SgTally	  *tally;
	GArray	  *hits;
	SgText	   body;
} Parts;

static void
canonical(Parts *p)
{
	sg_canon_start(p->canon, p->text, p->len);
	while (sg_canon_next(p->canon))
		;
}

static void
restored(Parts *p)
{
	sg_canon_start(p->canon, p->text, p->len);
	while (sg_canon_next(p->canon)) {
		SgEdits *edits = sg_restore_read(p->restore, p->canon);

		sg_edits_restore(edits, p->canon->text, p->canon->len);
	}
}

static void
judged(Parts *p)
{
	g_array_set_size(p->hits, 0);
	sg_canon_start(p->canon, p->text, p->len);
	sg_model_run_start(p->models, NULL, p->tally, p->hits);
	while (sg_canon_next(p->canon)) {
		SgEdits *edits = sg_restore_read(p->restore, p->canon);

		sg_edits_restore(edits, p->canon->text, p->canon->len);
		sg_model_run_chunk(p->models, p->canon, edits);
	}
}

static void
found(Parts *p)
{
	guint64 known;

	sg_finder_start(p->finder, p->text, p->len, p->tally, p->hits);
	do
		g_array_set_size(p->hits, 0);
	while (sg_finder_next(p->finder, &known, NULL));
}

static void
marked(Parts *p)
{
	sg_marks_free(sg_marks_new(&p->body, p->len));
}

/* ms for one pass of it. */
static double
best(void (*pass)(Parts *), Parts *p)
{
	double least = 0;

	for (guint i = 0; i < ROUNDS; i++) {
		gint64 start = now();
		double took;

		pass(p);
		took = ms(start);
		least = i == 0 ? took : MIN(least, took);
	}
	return least;
}

static void
print_speed(const char *what, const Parts *p, double took)
{
	printf("%-28s %8.1f MB/s\n", what, (double)p->len / 1e3 / took);
}

static void
parts(SgRuleset *r, char *text)
{
	char body[] = "body", none[] = "";
	Parts p = { .set = r, .text = text, .len = strlen(text), .canon = sg_canon_new(NULL),
		.restore = sg_restore_new(r->vocab), .models = sg_model_run_new(r->rules),
		.finder = sg_finder_new(r->patterns, r->vocab, r->database, r->rules, r->sayings, r->lexicon, NULL),
		.tally = sg_tally_new(r->rules, 100), .hits = g_array_new(FALSE, FALSE, sizeof(SgHitAt)),
		.body = { .where = body, .part = none, .name = none, .text = text } };
	double before, model = 0;

	sg_tally_begin(p.tally, "from=pupil to=pupil route=inside");
	sg_tally_text(p.tally, &p.body, p.len);
	print_speed("canonical text", &p, best(canonical, &p));
	before = best(restored, &p);
	print_speed("and disguises read", &p, before);
	if (p.models != NULL) {
		model = best(judged, &p) - before;
		print_speed("models alone", &p, model);
	}
	print_speed("matching", &p, best(found, &p) - model);
	print_speed("values and tables alone", &p, best(marked, &p));
	sg_finder_free(p.finder);
	sg_model_run_free(p.models);
	sg_restore_free(p.restore);
	sg_canon_free(p.canon);
	sg_tally_free(p.tally);
	g_array_unref(p.hits);
}

static void
speed(SgRuleset *r, char *text)
{
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
	gsize len = strlen(text), rounds = 2000, from = 0;
	gint64 start;
	guint hits;

	parts(r, text);
	(void)one_message(m, text);	/* what it remembers of words is filled */
	start = now();
	hits = one_message(m, text);
	printf("%-28s %8.1f MB/s (%u hits counted)\n", "all matchers, one large text", (double)len / 1e3 / ms(start), hits);
	start = now();
	for (gsize i = 0; i < rounds; i++, from = (from + 5000) % (len - 6000)) {
		char kept = text[from + 5000];

		text[from + 5000] = '\0';
		(void)one_message(m, text + from);
		text[from + 5000] = kept;
	}
	printf("%-28s %8.4f ms each\n", "mails of 5,000 bytes", ms(start) / (double)rounds);
}

int
main(int argc, char **argv)
{
	g_autofree char *dir = g_dir_make_tmp("sg-bench-XXXXXX", NULL), *cache = g_build_filename(dir, "cache", NULL);
	g_autofree char *file = g_build_filename(dir, "bench.conf", NULL), *text = NULL;
	gboolean shipped = argc > 1 && g_file_test(argv[1], G_FILE_TEST_IS_DIR);
	g_autofree char *rules = argc > 1 && !shipped ? given_rules(argv[1]) : made_rules();
	char *dirs[] = { shipped ? argv[1] : dir, NULL };
	g_autoptr(SgRuleset) r = NULL, again = NULL;
	g_autofree char *clean = g_strdup_printf("rm -r '%s'", dir);

	if (rules == NULL || (argc > 2 && !g_file_get_contents(argv[2], &text, NULL, NULL)))
		return 2;
	if (text == NULL)
		text = made_text();
	(void)g_mkdir(cache, 0700);
	(void)g_file_set_contents(file, rules, -1, NULL);
	r = timed_load("load and compile", dirs, cache);
	if (r != NULL && (again = timed_load("load from the cache", dirs, cache)) != NULL)
		speed(again, text);
	if (shipped && again != NULL)
		hard_kinds(again);
	(void)g_spawn_command_line_sync(clean, NULL, NULL, NULL, NULL);
	return again != NULL ? 0 : 1;
}
