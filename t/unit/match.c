/* fails-if: a hit is missed, found inside a word, counted twice, or shown at the wrong place */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "rule/ruleset.h"

#define HEAD "category = \"test\"; area = \"conduct\"; rules = ("
#define RULE(id, what) "{ id = \"" id "\"; title = \"T\"; severity = 3; confidence = \"medium\"; " what " }"
#define ANY " hit = [ \"zzhit\" ]; miss = [ \"zzmiss\" ];"

static SgRuleset *
load(const char *text)
{
	g_autofree char *dir = g_dir_make_tmp("sg-match-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(dir, "a.conf", NULL);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	char *dirs[] = { dir, NULL };
	SgRuleset *r;

	g_assert_true(g_file_set_contents(file, text, -1, NULL));
	r = sg_ruleset_load(dirs, NULL, problems, NULL);
	for (guint i = 0; i < problems->len; i++)
		g_test_message("%s", (char *)g_ptr_array_index(problems, i));
	g_assert_nonnull(r);
	(void)g_unlink(file);
	(void)g_rmdir(dir);
	return r;
}

static SgRuleset *
sample(void)
{
	g_autofree char *dir = g_build_filename(g_getenv("top_srcdir"), "t", "data", "rules", NULL);
	char *dirs[] = { dir, NULL };
	SgRuleset *r = sg_ruleset_load(dirs, NULL, NULL, NULL);

	g_assert_nonnull(r);
	return r;
}

static void
give(SgMatch *m, const char *where, const char *part, const char *text)
{
	g_autoptr(GError) error = NULL;
	SgText t = { .where = g_strdup(where), .part = g_strdup(part), .name = g_strdup("f.txt"),
		.text = g_strdup(text) };

	g_assert_true(sg_match_text(m, &t, &error));
	g_assert_no_error(error);
	sg_wire_clear_TEXT(&t);
}

static GPtrArray *
end(SgMatch *m)
{
	GPtrArray *findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);

	sg_match_end(m, findings);
	return findings;
}

static GPtrArray *
findings_in(SgRuleset *r, const char *text)
{
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);

	sg_match_begin(m, "from=pupil");
	give(m, "body", "1", text);
	return end(m);
}

static const SgFinding *
find(const GPtrArray *findings, const char *rule)
{
	for (guint i = 0; i < findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(findings, i);

		if (strcmp(f->rule, rule) == 0)
			return f;
	}
	return NULL;
}

static guint
count(SgRuleset *r, const char *text, const char *rule)
{
	g_autoptr(GPtrArray) findings = findings_in(r, text);
	const SgFinding *f = find(findings, rule);

	return f != NULL ? f->count : 0;
}

static void
the_sample_loads(void)
{
	g_autoptr(SgRuleset) r = sample();

	g_assert_cmpuint(sg_ruleset_size(r), ==, 7);
	g_assert_cmpuint(strlen(sg_ruleset_hash(r)), ==, 16);
	g_assert_cmpstr(sg_ruleset_info(r, 0)->id, ==, "sample.insult");
	g_assert_cmpstr(sg_ruleset_info(r, 0)->matcher, ==, "words");
	g_assert_cmpuint(sg_ruleset_info(r, 0)->hits, ==, 4);
}

static void
words_end_where_words_end(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "words = [ \"cat\", \"écol*\", \"猫\", \"zzhit\" ];" ANY) ");");
	static const struct {
		const char *text;
		guint n;
	} t[] = {
		{ "cat", 1 }, { "Cat.", 1 }, { "(CAT)", 1 }, { "_cat_", 1 }, { "cat's", 1 }, { "a cat, a cat", 2 },
		{ "écat", 0 }, { "caté", 0 }, { "concat", 0 }, { "cats", 0 }, { "cat5", 0 },
		{ "cat\xCC\x81", 1 },				/* a mark on the t: disguised */
		{ "c\xC2\xAD" "at", 1 }, { "cat\xC2\xAD" "alogue", 0 },	/* soft hyphens */
		{ "ca\xE2\x80\x8Bt", 1 }, { "cat\xE2\x80\x8B" "s", 0 },	/* zero width */
		{ "cat™", 1 },					/* becomes "cattm" */
		{ "ＣＡＴ", 1 }, { "𝓬𝓪𝓽", 1 }, { "ѣcat", 0 },
		{ "Écoles", 1 }, { "E\xCC\x81" "cole", 1 }, { "l'école", 1 }, { "lécole", 0 },
		{ "我的猫很好", 1 },				/* no blanks in Chinese */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_test_message("%s", t[i].text);
		g_assert_cmpuint(count(r, t[i].text, "a.b"), ==, t[i].n);
	}
}

static void
places_map_back(void)
{
	static const char *const before[] = { "", "plain ", "l  o\n\n t  s\t ", "ﬁ é “q” — \xC2\xAD \xE2\x80\x8B",
		"e\xCC\x81 ™ … ", "\xFF\xFE ", "한국 ", "\xEF\xB7\xBA " };
	static const char *const hits[] = { "waste of space", "WASTE  of\n\n space", "wa\xC2\xADste of sp\xE2\x80\x8B" "ace",
		"ｗａｓｔｅ of space" };
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "words = [ \"waste of space\", \"zzhit\" ];" ANY) ");");

	for (gsize i = 0; i < G_N_ELEMENTS(before); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(hits); k++) {
			g_autofree char *text = g_strconcat(before[i], hits[k], ", really", NULL);
			g_autoptr(GPtrArray) findings = findings_in(r, text);
			const SgFinding *f = find(findings, "a.b");

			g_assert_nonnull(f);
			g_assert_cmpuint(f->text_at, ==, strlen(before[i]));
			g_assert_cmpuint(f->text_len, ==, strlen(hits[k]));
			g_assert_true(g_utf8_validate(f->excerpt, -1, NULL));
			g_assert_cmpint(f->excerpt[f->hit_at + f->hit_len], ==, ',');
		}
}

/* every chunk of a long text is searched once, and places stay right */
static void
long_texts(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "words = [ \"waste of space\", \"zzhit\" ];" ANY) ", "
	    RULE("a.c", "regex = [ \"\\\\bwaste .{1,5} spa[a-z]+\\\\b\", \"zzhit\" ];" ANY) ");");

	for (gsize pad = 60000; pad < 140000; pad += 397) {
		g_autoptr(GString) s = g_string_new(NULL);
		g_autoptr(GPtrArray) findings = NULL;
		const SgFinding *f;

		while (s->len < pad)
			g_string_append(s, pad % 2 != 0 ? "lorem ipsum dolor " : "lorém   ipsum… dolor\n");
		pad = s->len;
		g_string_append(s, "waste  of space ");
		while (s->len < 150000)
			g_string_append(s, "sit amet ");
		findings = findings_in(r, s->str);
		g_assert_nonnull(f = find(findings, "a.b"));
		g_assert_cmpuint(f->count, ==, 1);
		g_assert_cmpuint(f->text_at, ==, pad);
		g_assert_cmpuint(f->text_len, ==, 15);
		g_assert_nonnull(f = find(findings, "a.c"));
		g_assert_cmpuint(f->count, ==, 1);
		g_assert_cmpuint(f->text_at, ==, pad);
		g_assert_cmpuint(f->text_len, ==, 15);
	}
}

/* everything in a long text is found, each once */
static void
long_texts_in_full(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "words = [ \"waste of space\", \"zzhit\" ];" ANY) ", "
	    RULE("a.c", "regex = [ \"\\\\broom \\\\d+\\\\b\", \"zzhit\" ];" ANY) ");");
	g_autoptr(SgMatch) m = sg_match_new(r, 100000, NULL);
	g_autoptr(GString) s = g_string_new(NULL);
	g_autoptr(GPtrArray) findings = NULL;
	guint n = 0;

	for (; s->len < 1000000; n++)
		g_string_append_printf(s, "In room %u, é, what a\n  waste of  space; in classroom %u%s", n, n,
		    n % 7 == 0 ? "… long talk of this and that, and of roomy rooms. " : " ");
	sg_match_begin(m, "");
	give(m, "body", "1", s->str);
	findings = end(m);
	g_assert_cmpuint(find(findings, "a.b")->count, ==, n);
	g_assert_cmpuint(find(findings, "a.c")->count, ==, n);
}

static void
expressions(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "regex = [ \"\\\\broom\\\\s+\\\\d{1,3}[a-z]?\\\\b\", "
	    "\"caf(é|e)s?\", \"\\\\bé\\\\w+\", \"zzhit\" ];" ANY) ");");
	static const struct {
		const char *text, *hit;
		guint n;
	} t[] = {
		{ "in Room 12b today", "Room 12b", 1 }, { "classroom 12", NULL, 0 }, { "room 1234", NULL, 0 },
		{ "room 12é", NULL, 0 }, { "ñroom 12", NULL, 0 }, { "room 1 room 2, ROOM\n3", "room 1", 3 },
		{ "the CAFÉS", "CAFÉS", 1 }, { "un Été", "Été", 1 }, { "pÉté", NULL, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autoptr(GPtrArray) findings = findings_in(r, t[i].text);
		const SgFinding *f = find(findings, "a.b");

		g_test_message("%s", t[i].text);
		g_assert_cmpuint(f != NULL ? f->count : 0, ==, t[i].n);
		if (f != NULL) {
			g_assert_cmpmem(t[i].text + f->text_at, f->text_len, t[i].hit, strlen(t[i].hit));
			g_assert_cmpmem(f->excerpt + f->hit_at, f->hit_len, t[i].hit, strlen(t[i].hit));
		}
	}
}

/* a backtracking expression is stopped, and that is a hit, not a miss */
static void
hard_expressions(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "regex = [ \"(x+x+)+\\\\by\", \"zzhit\" ];" ANY) ");");
	g_autoptr(GString) s = g_string_new(NULL);
	gint64 start = g_get_monotonic_time();

	while (s->len < 200000)
		g_string_append(s, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy ");
	g_assert_cmpuint(count(r, s->str, "a.b"), >, 0);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

static void
alternatives_count_once(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
	g_autoptr(GPtrArray) one = NULL, two = NULL, three = NULL;

	sg_match_begin(m, "");
	give(m, "body", "1.1", "Dear all,\nyou are *an idiot*. Yes, an\nidiot and a muppet");
	give(m, "body", "1.2", "Dear all, you are an idiot. Yes, an idiot and a muppet");
	one = end(m);
	g_assert_cmpuint(find(one, "sample.insult")->count, ==, 3);
	g_assert_cmpstr(find(one, "sample.insult")->part, ==, "1.1");
	/* another place, or more of the same, is not the same */
	sg_match_begin(m, "");
	give(m, "subject", "", "You idiot");
	give(m, "body", "1", "You idiot");
	give(m, "body", "2", "You idiot You idiot You idiot");
	two = end(m);
	g_assert_cmpuint(two->len, ==, 3);
	/* the message before is forgotten */
	sg_match_begin(m, "");
	give(m, "body", "1", "You idiot");
	three = end(m);
	g_assert_cmpuint(three->len, ==, 1);
	g_assert_cmpuint(find(three, "sample.insult")->count, ==, 1);
}

static void
near_words(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "near = { a = [ \"kill\", \"zzhit\" ]; b = [ \"you\", \"zzhit\", "
	    "\"yourself\" ]; within = 10; not = [ \"game\" ]; }; hit = [ \"kill you\" ]; miss = [ \"kill\" ];") ");");
	static const struct {
		const char *text, *hit;
		guint n;
	} t[] = {
		{ "kill you", "kill you", 1 }, { "you, kill", "you, kill", 1 }, { "kill 12345678 you", "kill 12345678 you", 1 },
		{ "kill 123456789 you", NULL, 0 }, { "kill éééééééé you", "kill éééééééé you", 1 },
		{ "kill ééééééééé you", NULL, 0 }, { "kill  \n  5678901\n you", "kill  \n  5678901\n you", 1 },
		{ "zzhit", NULL, 0 },	/* one word is not near itself */
		{ "kill you, kill yourself", "kill you", 2 }, { "kill you game", NULL, 0 }, { "game of kill you", NULL, 0 },
		{ "kill you in that long, long game", "kill you", 1 }, { "skill you", NULL, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autoptr(GPtrArray) findings = findings_in(r, t[i].text);
		const SgFinding *f = find(findings, "a.b");

		g_test_message("%s", t[i].text);
		g_assert_cmpuint(f != NULL ? f->count : 0, ==, t[i].n);
		if (f != NULL)
			g_assert_cmpmem(t[i].text + f->text_at, f->text_len, t[i].hit, strlen(t[i].hit));
	}
}

/* across chunks, and in a long text full of one of the two words */
static void
near_words_in_long_texts(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "near = { a = [ \"kill\" ]; b = [ \"you\" ]; within = 200; "
	    "not = [ \"game\" ]; }; hit = [ \"kill you\" ]; miss = [ \"kill\" ];") ");");
	g_autoptr(GString) full = g_string_new(NULL);

	for (gsize pad = 60000; pad < 70000; pad += 101) {
		g_autoptr(GString) s = g_string_new(NULL);
		gsize at;

		while (s->len < pad)
			g_string_append(s, "é lorem ");
		at = s->len;
		g_string_append_printf(s, "kill%*s", 190, "");
		for (gsize i = at + 4; i < s->len; i += 2)
			s->str[i] = '.';
		g_string_append(s, "you");
		g_assert_cmpuint(count(r, s->str, "a.b"), ==, 1);
		g_string_append(s, " and then of course game");
		g_assert_cmpuint(count(r, s->str, "a.b"), ==, 0);
	}
	for (gsize pad = 60000; pad < 70000; pad += 101) {
		g_autoptr(GString) s = g_string_new(NULL);

		while (s->len < pad)
			g_string_append(s, "é lorem ");
		g_string_append_printf(s, "game %0150d you %0150d kill and more", 0, 0);
		while (s->len < 140000)
			g_string_append(s, " é lorem");
		g_assert_cmpuint(count(r, s->str, "a.b"), ==, 0);
		memcpy(strstr(s->str, "game"), "gems", 4);
		g_assert_cmpuint(count(r, s->str, "a.b"), ==, 1);
	}
	while (full->len < 2000000)
		g_string_append(full, "you said you would ");
	g_string_append(full, "kill you");
	g_assert_cmpuint(count(r, full->str, "a.b"), ==, 1);
	g_assert_cmpuint(count(r, full->str, "limit.matches"), ==, 0);
}

static void
counts_different_things(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(SgMatch) m = sg_match_new(r, 2, NULL);	/* less than atleast */
	g_autoptr(GPtrArray) findings = NULL;

	g_assert_cmpuint(count(r, "ann ANN bob cat dan", "sample.bulk"), ==, 0);
	g_assert_cmpuint(count(r, "ann ANN bob cat dan eve eve", "sample.bulk"), ==, 5);
	g_assert_cmpuint(count(r, "idiot idiot idiot", "sample.many"), ==, 0);
	g_assert_cmpuint(count(r, "idiot plonker idiot", "sample.many"), ==, 2);
	/* over several texts of a message */
	sg_match_begin(m, "");
	give(m, "body", "1", "ann bob");
	give(m, "attachment", "2", "cat dan bob");
	give(m, "signature", "3", "gone");
	give(m, "attachment", "4", "eve");
	findings = end(m);
	g_assert_cmpuint(find(findings, "sample.bulk")->count, ==, 5);
	g_assert_cmpstr(find(findings, "sample.bulk")->part, ==, "1");
}

static void
facts_of_parts(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
	g_autoptr(GPtrArray) findings = NULL;
	char *empty = (char[]){ "" };
	SgPartInfo p = { .part = (char[]){ "2.1" }, .name = (char[]){ "Game.Exe" }, .declared = empty, .detected = empty,
		.kinds = empty, .sha256 = empty, .state = empty, .strength = empty, .method = empty, .notes = empty };

	sg_match_begin(m, "");
	sg_match_part(m, &p);
	p.part = (char[]){ "2.2" };
	p.name = empty;
	p.kinds = (char[]){ "archive macro" };
	sg_match_part(m, &p);
	p.part = (char[]){ "2.3" };
	p.kinds = (char[]){ "macros" };
	sg_match_part(m, &p);
	findings = end(m);
	g_assert_cmpuint(findings->len, ==, 2);
	g_assert_cmpstr(find(findings, "sample.program")->where, ==, "part");
}

/* A rule that asks for a file counts when there is one, before or behind its words. */
static void
words_beside_a_file(void)
{
	static const char *const orders[][3] = { { "", "", "" }, { "locked archive", "", "x" }, { "", "locked", "x" },
		{ "unlocked", "archive", "" } };
	g_autoptr(SgRuleset) r = load("category = \"a\"; area = \"conduct\"; rules = (\n"
	    "  { id = \"a.b\"; title = \"t\"; severity = 3; confidence = \"high\"; words = [ \"key\" ];\n"
	    "    context = { file = [ \"shut\", \"locked\" ]; }; hit = [ \"a key\" ];\n"
	    "    miss = ( { text = \"a key\"; facts = \"file=open\"; } ); } );\n");
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
		char empty[] = "", id[] = "2";
		SgPartInfo p = { .part = id, .name = empty, .declared = empty, .detected = empty, .sha256 = empty,
			.state = empty, .strength = empty, .method = empty, .notes = empty };
		g_autoptr(GPtrArray) findings = NULL;
		g_autofree char *before = g_strdup(orders[i][0]), *behind = g_strdup(orders[i][1]);

		sg_match_begin(m, "from=pupil");
		p.kinds = before;
		sg_match_part(m, &p);
		give(m, "body", "1", "here is the key");
		p.kinds = behind;
		sg_match_part(m, &p);
		findings = end(m);
		g_assert_cmpuint(findings->len, ==, orders[i][2][0] != '\0');
	}
}

static void
exceptions_and_context(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
	static const struct {
		const char *facts;
		guint n;
	} t[] = { { "from=pupil to=outside", 1 }, { "to=outside from=staff,pupil", 1 }, { "from=staff", 0 }, { "", 0 },
		{ NULL, 0 }, { "from=pupils", 0 }, { "xfrom=pupil", 0 } };

	g_assert_cmpuint(count(r, "the village idiot", "sample.insult"), ==, 0);
	g_assert_cmpuint(count(r, "the village idiot is an idiot", "sample.insult"), ==, 1);
	g_assert_cmpuint(count(r, "villages idiot", "sample.insult"), ==, 1);
	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autoptr(GPtrArray) findings = NULL;

		sg_match_begin(m, t[i].facts);
		give(m, "subject", "", "homework");
		findings = end(m);
		g_assert_cmpuint(findings->len, ==, t[i].n);
	}
}

static void
limits_are_findings(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(SgMatch) m = sg_match_new(r, 10, NULL);
	g_autoptr(GString) s = g_string_new(NULL);
	g_autoptr(GPtrArray) findings = NULL, few = NULL;
	const SgFinding *f;

	for (guint i = 0; i < 400000; i++)
		g_string_append_printf(s, "%u idiot ", i);
	sg_match_begin(m, "");
	give(m, "body", "1", s->str);
	findings = end(m);
	g_assert_nonnull(f = find(findings, "sample.insult"));
	g_assert_cmpuint(f->count, ==, 10);
	g_assert_nonnull(strstr(f->title, "stopped at 10"));
	g_assert_nonnull(f = find(findings, "limit.matches"));
	g_assert_cmpstr(f->area, ==, "system");
	g_assert_cmpstr(f->category, ==, "limit");
	g_assert_cmpuint(f->severity, ==, 2);
	g_assert_true(((SgFinding *)g_ptr_array_index(findings, 0))->severity >= 2);
	sg_match_begin(m, "");
	give(m, "body", "1", "idiot");
	few = end(m);
	g_assert_cmpuint(few->len, ==, 1);
}

/* Ever so many small findings do not hide a grave one that comes after them. */
static void
many_do_not_hide_one(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(SgMatch) m = sg_match_new(r, 100000, NULL);
	g_autoptr(GPtrArray) findings = NULL;

	sg_match_begin(m, "");
	for (guint i = 0; i < 2500; i++) {
		g_autofree char *part = g_strdup_printf("%u", i), *text = g_strdup_printf("%u idiot", i);

		give(m, "body", part, text);
	}
	give(m, "body", "9", "I will hurt you");
	findings = end(m);
	g_assert_nonnull(find(findings, "limit.matches"));
	g_assert_nonnull(find(findings, "sample.threat"));
	g_assert_cmpuint(findings->len, <, 2010);
}

static void
worst_comes_first(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(GPtrArray) findings = findings_in(r, "idiot plonker, room 3 at 4, I will hurt you");

	g_assert_cmpuint(findings->len, ==, 4);
	for (guint i = 1; i < findings->len; i++)
		g_assert_cmpuint(((SgFinding *)g_ptr_array_index(findings, i - 1))->severity, >=,
		    ((SgFinding *)g_ptr_array_index(findings, i))->severity);
}

static void
disguised_words(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("a.b", "words = [ \"idiot\", \"kill yourself\", \"asses\", \"ass\", "
	    "\"hell\", \"stupid*\", \"zzhit\" ];" ANY) ");");
	static const char *const hit[] = { "1diot", "you 1d10t!", "i.d.i.o.t", "I-D-I-O-T", "id-iot", "_i_d_i_o_t_",
		"i d i o t", "such an i d i o t, you", "idiooooot", "iiidiot", "іdіоt", "i\xCC\xB6" "d\xCC\xB6iot",
		"k1ll yourself", "please kill y0urself now", "k i l l  y0urself", "ki11 yourself", "a$$", "@ss", "a55es",
		"h3ll", "st0pid stup1dity", "y o u i d i o t", "!diot" };
	static const char *const miss[] = { "idi", "as", "a5", "i.e. idi", "asssume", "we'll he'll", "h1l", "bass", "b@ss",
		"3 4 5", "id.iotic", "the end.It is", "p.s. 12 idi0", "hi1l", "assess", "shel1", "is it a b c d", "halls 4 ss", "h3l", "as3s", "a5k if he'll go" };

	for (gsize i = 0; i < G_N_ELEMENTS(hit); i++) {
		g_autoptr(GPtrArray) findings = findings_in(r, hit[i]);

		g_test_message("hit %s", hit[i]);
		g_assert_nonnull(find(findings, "a.b"));
		g_assert_true(find(findings, "a.b")->disguised);
		g_assert_cmpuint(find(findings, "a.b")->count, ==, 1);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(miss); i++) {
		g_test_message("miss %s", miss[i]);
		g_assert_cmpuint(count(r, miss[i], "a.b"), ==, 0);
	}
}

/* a plain hit in the same finding makes it a plain one, and is the one shown */
static void
plain_before_disguised(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(GPtrArray) findings = findings_in(r, "1diot, or say: idiot");

	g_assert_cmpuint(find(findings, "sample.insult")->count, ==, 2);
	g_assert_false(find(findings, "sample.insult")->disguised);
	g_assert_cmpuint(find(findings, "sample.insult")->text_at, ==, 15);
}

static void
excerpts_are_clean(void)
{
	g_autoptr(SgRuleset) r = sample();
	g_autoptr(GString) s = g_string_new(NULL);
	g_autoptr(GPtrArray) findings = NULL;
	const SgFinding *f;

	for (guint i = 0; i < 100; i++)
		g_string_append(s, "é\x01");
	g_string_append(s, " an \xE2\x80\xAE" "idiot\r\n");
	for (guint i = 0; i < 300; i++)
		g_string_append(s, "猫");
	findings = findings_in(r, s->str);
	g_assert_nonnull(f = find(findings, "sample.insult"));
	g_assert_true(g_utf8_validate(f->excerpt, -1, NULL));
	g_assert_cmpint(g_utf8_strlen(f->excerpt, -1), ==, 80 + 5 + 80);
	g_assert_cmpmem(f->excerpt + f->hit_at, f->hit_len, "idiot", 5);
	g_assert_null(strpbrk(f->excerpt, "\r\n\x01"));
	g_assert_null(strstr(f->excerpt, "\xE2\x80\xAE"));
	g_assert_cmpmem(s->str + f->text_at, f->text_len, "idiot", 5);
}

static void
numbers_of_our_own(void)
{
	g_autoptr(SgRuleset) r = load(HEAD RULE("t.account", "number = { kinds = [ \"uk.account\", \"uk.nhs\" ]; sure = [ \"medium\", \"high\" ]; }; "
	    "except = [ \"24-95-91, account 03521919\" ]; hit = [ \"account 65350511\" ]; miss = [ \"zzmiss\" ];") ");");
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
	g_autoptr(GPtrArray) own = NULL, other = NULL;
	const SgHitSpan *span;
	guint n = 0;

	sg_match_begin(m, "");
	give(m, "body", "1", "Pay us: sort code 24-95-91, account 03521919, thank you");
	own = end(m);
	g_assert_cmpuint(own->len, ==, 0);
	sg_match_begin(m, "");
	give(m, "body", "1", "account 65350511, NHS no 999 200 1003");
	other = end(m);
	g_assert_cmpuint(other->len, ==, 1);
	g_assert_cmpuint(((SgFinding *)g_ptr_array_index(other, 0))->count, ==, 2);
	span = sg_match_spans(m, &n);
	g_assert_cmpuint(n, ==, 2);
	g_assert_cmpuint(span[0].at, ==, 8);
	g_assert_cmpuint(span[1].at, ==, 25);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/match/numbers-of-our-own", numbers_of_our_own);
	g_test_add_func("/match/the-sample-loads", the_sample_loads);
	g_test_add_func("/match/words-end-where-words-end", words_end_where_words_end);
	g_test_add_func("/match/places-map-back", places_map_back);
	g_test_add_func("/match/long-texts", long_texts);
	g_test_add_func("/match/long-texts-in-full", long_texts_in_full);
	g_test_add_func("/match/expressions", expressions);
	g_test_add_func("/match/hard-expressions", hard_expressions);
	g_test_add_func("/match/alternatives-count-once", alternatives_count_once);
	g_test_add_func("/match/near-words", near_words);
	g_test_add_func("/match/near-words-in-long-texts", near_words_in_long_texts);
	g_test_add_func("/match/counts-different-things", counts_different_things);
	g_test_add_func("/match/facts-of-parts", facts_of_parts);
	g_test_add_func("/match/exceptions-and-context", exceptions_and_context);
	g_test_add_func("/match/limits-are-findings", limits_are_findings);
	g_test_add_func("/match/many-do-not-hide-one", many_do_not_hide_one);
	g_test_add_func("/match/worst-comes-first", worst_comes_first);
	g_test_add_func("/match/words-beside-a-file", words_beside_a_file);
	g_test_add_func("/match/disguised-words", disguised_words);
	g_test_add_func("/match/plain-before-disguised", plain_before_disguised);
	g_test_add_func("/match/excerpts-are-clean", excerpts_are_clean);
	return g_test_run();
}
