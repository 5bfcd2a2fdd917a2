/* fails-if: a wrong rule file is accepted, its error lacks file, line or remedy, or a damaged cache is used */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "rule/set.h"

#define TOP "category = \"test\"; area = \"conduct\";\nrules = (\n"
#define NAMES "{ id = \"a.b\"; title = \"T\"; severity = 3; confidence = \"low\";\n"
#define SHOWN " hit = [ \"one\" ]; miss = [ \"x\" ]; }\n"
#define GOOD TOP NAMES "words = [ \"one\" ];" SHOWN ");\n"

typedef struct {
	char	  *dir;
	GPtrArray *problems;
	GError	  *error;
} Fixture;

static void
set_up(Fixture *x, gconstpointer data)
{
	(void)data;
	x->dir = g_dir_make_tmp("sg-ruleset-XXXXXX", NULL);
	x->problems = g_ptr_array_new_with_free_func(g_free);
	x->error = NULL;
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) d = g_dir_open(path, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	(void)g_remove(path);
}

static void
tear_down(Fixture *x, gconstpointer data)
{
	(void)data;
	remove_tree(x->dir);
	g_free(x->dir);
	g_ptr_array_unref(x->problems);
	g_clear_error(&x->error);
}

static void
put(const Fixture *x, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(x->dir, name, NULL), *dir = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static SgRuleset *
load_from(Fixture *x, const char *first, const char *second, const char *cache)
{
	g_autofree char *one = g_build_filename(x->dir, first, NULL);
	g_autofree char *two = second != NULL ? g_build_filename(x->dir, second, NULL) : NULL;
	g_autofree char *kept = cache != NULL ? g_build_filename(x->dir, cache, NULL) : NULL;
	char *dirs[] = { one, two, NULL };

	g_ptr_array_set_size(x->problems, 0);
	g_clear_error(&x->error);
	return sg_ruleset_load(dirs, kept, x->problems, &x->error);
}

static gboolean
told(const Fixture *x, const char *what)
{
	for (guint i = 0; i < x->problems->len; i++)
		if (strstr(g_ptr_array_index(x->problems, i), what) != NULL)
			return TRUE;
	return FALSE;
}

static void
expect(Fixture *x, const char *text, const char *says)
{
	g_autoptr(SgRuleset) r = NULL;

	put(x, "r/a.conf", text);
	r = load_from(x, "r", NULL, NULL);
	if (r != NULL || !told(x, says)) {
		g_test_message("for: %s", text);
		g_test_message("expected: %s", says);
		for (guint i = 0; i < x->problems->len; i++)
			g_test_message("got: %s", (char *)g_ptr_array_index(x->problems, i));
		g_test_fail();
		return;
	}
	g_assert_error(x->error, SG_ERR, SG_ERR_SETUP);
}

static void
wrong_files(Fixture *x, gconstpointer data)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "a.conf:1: category is missing" },
		{ "category = \"t\"; area = \"conduct\"; rules = ();", "a.conf:1: the file has no rules" },
		{ "category = \"t\"; area = \"conduct\"; rules = 3;", "the file has no rules" },
		{ "category = \"t\"; area = \"conduct\"; rules = ( 3 );", "a rule is not a group" },
		{ "category = \"T!\"; area = \"conduct\"; rules = ();", "the category is not a name" },
		{ "category = \"t\"; area = \"other\"; rules = ();", "the area is none of" },
		{ "category = \"t\"; area = \"conduct\"; colour = 1; rules = ();", "unknown field \"colour\"" },
		{ "category = 3; area = \"conduct\"; rules = ();", "a.conf:1: category is not a text" },
		{ "category = \"t\";\narea = ", "a.conf:2: syntax error" },
		{ "category = \"t\"; category = \"t\";", "duplicate setting name" },
		{ "@include \"other\"\n", "@include is not supported" },
		{ "category = \"\xFF\";", "not UTF-8" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		expect(x, bad[i].text, bad[i].says);
}

static void
wrong_rules(Fixture *x, gconstpointer data)
{
	static const struct {
		const char *rule, *says;
	} bad[] = {
		{ "{ words = [ \"one\" ];" SHOWN, "a.conf:3: id is missing" },
		{ "{ id = \"a\"; title = \"T\"; severity = 3; confidence = \"low\"; words = [ \"one\" ];" SHOWN, "not of the form topic.name" },
		{ "{ id = \"A.b\"; title = \"T\"; severity = 3; confidence = \"low\"; words = [ \"one\" ];" SHOWN, "not of the form topic.name" },
		{ "{ id = \"a.b\"; severity = 3; confidence = \"low\"; words = [ \"one\" ];" SHOWN, "title is missing" },
		{ "{ id = \"a.b\"; title = \"T\"; confidence = \"low\"; words = [ \"one\" ];" SHOWN, "severity is missing" },
		{ "{ id = \"a.b\"; title = \"T\"; severity = 6; confidence = \"low\"; words = [ \"one\" ];" SHOWN, "severity = 6 is out of range; choose 1 to 5" },
		{ "{ id = \"a.b\"; title = \"T\"; severity = \"3\"; confidence = \"low\"; words = [ \"one\" ];" SHOWN, "severity is not a whole number" },
		{ "{ id = \"a.b\"; title = \"T\"; severity = 3; confidence = \"sure\"; words = [ \"one\" ];" SHOWN, "confidence is none of" },
		{ NAMES SHOWN, "a.conf:3: the rule has nothing to look for; give it one of words, regex, near, say, count, file" },
		{ NAMES "words = [ \"one\" ]; regex = [ \"one\" ];" SHOWN, "a.conf:4: a rule has one of" },
		{ NAMES "words = [ \"one\" ]; wrods = 3;" SHOWN, "a.conf:4: unknown field \"wrods\"" },
		{ NAMES "words = \"one\";" SHOWN, "a.conf:4: words is not a list" },
		{ NAMES "words = [ ];" SHOWN, "words is an empty list" },
		{ NAMES "words = [ 1, 2 ];" SHOWN, "entry 1 of words is not a text" },
		{ NAMES "words = [ \"one\",\n\" \" ];" SHOWN, "a.conf:5: a word or phrase is empty" },
		{ NAMES "words = [ \"one\", \"*two\" ];" SHOWN, "begins with *" },
		{ NAMES "words = [ \"one\", \"two *\" ];" SHOWN, "stands alone" },
		{ NAMES "words = [ \"@words/none.txt\" ];" SHOWN, "the list \"words/none.txt\" cannot be read" },
		{ NAMES "words = \"@../x\";" SHOWN, "is not beside the rules" },
		{ NAMES "words = [ \"@/etc/passwd\" ];" SHOWN, "is not beside the rules" },
		{ NAMES "words = [ \"@words/empty.txt\" ];" SHOWN, "has no words" },
		{ NAMES "words = [ \"@words/bad.txt\" ];" SHOWN, "words/bad.txt:2: a word or phrase begins with *" },
		{ NAMES "regex = [ \"one\",\n \"(two\" ];" SHOWN, "a.conf:5: rule a.b, expression 2: " },
		{ NAMES "regex = [ \"one\", \"x*\" ];" SHOWN, "can match nothing at all" },
		{ NAMES "regex = [ \"one\", \"x.{0,600}y\" ];" SHOWN, "can match 602 bytes and the limit is 500" },
		{ NAMES "regex = [ \"One\" ];" SHOWN, "\"O\" can never match" },
		{ NAMES "regex = [ \"one  two\" ];" SHOWN, "write one blank" },
		{ NAMES "regex = [ \"^one\" ];" SHOWN, "\"^\" is not supported" },
		{ NAMES "regex = [ \"one(?!two)\" ];" SHOWN, "(?! is not supported" },
		{ NAMES "regex = [ \"(one)\\\\1\" ];" SHOWN, "refers back to a group" },
		{ NAMES "regex = [ \"[é]one\" ];" SHOWN, "do not work inside [ ]" },
		{ NAMES "regex = [ \"é+one\" ];" SHOWN, "put the letter into ( )" },
		{ NAMES "regex = [ \"one’s\" ];" SHOWN, "characters that compared text never has" },
		{ NAMES "regex = [ \"one++\" ];" SHOWN, "possessive" },
		{ NAMES "near = [ \"one\" ];" SHOWN, "near is not a group" },
		{ NAMES "near = { a = [ \"one\" ]; within = 5; };" SHOWN, "b is missing in near" },
		{ NAMES "near = { a = [ \"one\" ]; b = [ \"two\" ]; };" SHOWN, "within is missing in near" },
		{ NAMES "near = { a = [ \"one\" ]; b = [ \"two\" ]; within = 301; };" SHOWN, "within = 301 is out of range" },
		{ NAMES "near = { a = [ \"one\" ]; b = [ \"two\" ]; within = 5; c = 1; };" SHOWN, "unknown field \"c\"" },
		{ NAMES "count = { atleast = 2; };" SHOWN, "count needs either words or rule" },
		{ NAMES "count = { words = [ \"one\" ]; };" SHOWN, "atleast is missing" },
		{ NAMES "count = { rule = \"no.such\"; atleast = 2; };" SHOWN, "a rule that does not exist" },
		{ NAMES "count = { rule = \"a.b\"; atleast = 2; };" SHOWN, "has none to count" },
		{ NAMES "file = [ \"*.exe\" ]; in = [ \"body\" ]; }\n", "belong to rules about text" },
		{ NAMES "words = [ \"one\" ]; in = [ \"bdoy\" ];" SHOWN, "\"bdoy\" is no place" },
		{ NAMES "words = [ \"one\" ]; context = { form = [ \"pupil\" ]; };" SHOWN, "unknown field \"form\"" },
		{ NAMES "words = [ \"one\" ]; context = { from = [ \"A pupil\" ]; };" SHOWN, "a class, route or kind is a name" },
		{ NAMES "words = [ \"one\" ]; context = 3;" SHOWN, "context is not a group" },
		{ NAMES "words = [ \"one\" ]; secret = \"yes\";" SHOWN, "secret is neither true nor false" },
		{ NAMES "words = [ \"one\" ]; except = 3;" SHOWN, "except is not a list" },
		{ NAMES "words = [ \"one\" ]; labels = \"UPN\";" SHOWN, "labels is not a list" },
		{ NAMES "words = [ \"one\" ]; labels = [ \"self harm\" ];" SHOWN, "a label is a name of at most 32 letters" },
		{ NAMES "words = [ \"one\" ]; labels = [ \"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\" ];" SHOWN, "more than 8 labels" },
		{ NAMES "say = [ \"one\",\n \"(two\" ];" SHOWN, "a.conf:5: \"(two\": a ( is not closed" },
		{ NAMES "say = [ \"<none> one\" ];" SHOWN, "the list \"words/none.txt\" cannot be read" },
		{ NAMES "say = [ \"<../x> one\" ];" SHOWN, "names no list" },
		{ NAMES "say = [ \"<long> one\" ];" SHOWN, "words/long.txt:1: a phrase of a list has 1 to 7 words" },
		{ NAMES "say = [ \"<empty> one\" ];" SHOWN, "has no words" },
		{ NAMES "say = [ \"<circle> one\" ];" SHOWN, "has no words" },
		{ NAMES "words = [ \"one\" ]; unless = [ \"(\" ];" SHOWN, "a ( is not closed" },
		{ NAMES "words = [ \"one\" ]; quoted = 9;" SHOWN, "quoted = 9 is out of range" },
		{ NAMES "words = [ \"one\" ]; needs = [ \"Some One\" ];" SHOWN, "is neither" },
		{ NAMES "file = [ \"*.exe\" ]; quoted = 2; }\n", "belong to rules about text" },
		{ NAMES "words = [ \"one\" ]; miss = [ \"x\" ]; }\n", "hit is missing" },
		{ NAMES "words = [ \"one\" ]; hit = [ \"one\" ]; }\n", "miss is missing" },
		{ NAMES "words = [ \"one\" ]; hit = ( 3 ); miss = [ \"x\" ]; }\n", "an example is neither a text nor a group" },
		{ NAMES "words = [ \"one\" ]; hit = ( { txt = \"one\"; } ); miss = [ \"x\" ]; }\n", "unknown field \"txt\"" },
		{ NAMES "words = [ \"one\" ]; hit = ( { text = 3; } ); miss = [ \"x\" ]; }\n", "text of an example is not a text" },
		{ NAMES "words = [ \"one\" ]; hit = ( { text = \"one\"; where = \"x\"; } ); miss = [ \"x\" ]; }\n", "where of an example" },
		{ NAMES "words = [ \"one\" ];" SHOWN ", " NAMES "words = [ \"one\" ];" SHOWN, "a.conf:5: the id a.b is already that of a rule in" },
	};

	(void)data;
	put(x, "r/words/empty.txt", "# nothing\n\n");
	put(x, "r/words/bad.txt", "one\n*two\n");
	put(x, "r/words/long.txt", "one two three four five six seven eight\n");
	put(x, "r/words/circle.txt", "<circle>\n");
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *text = g_strconcat(TOP, bad[i].rule, ");\n", NULL);

		expect(x, text, bad[i].says);
	}
}

static void
examples_are_run(Fixture *x, gconstpointer data)
{
	(void)data;
	expect(x, TOP NAMES "words = [ \"one\" ]; hit = [ \"one\",\n\"secret text\" ]; miss = [ \"x\" ]; } );",
	    "a.conf:5: rule a.b does not match its own example 2 of hit; ");
	g_assert_false(told(x, "secret text"));
	expect(x, TOP NAMES "words = [ \"one\" ]; hit = [ \"one\" ]; miss = [ \"x\",\n\"y\", \"is one\" ]; } );",
	    "a.conf:5: rule a.b matches its own example 3 of miss; ");
	expect(x, TOP NAMES "words = [ \"one\" ]; in = [ \"subject\" ]; hit = ( { text = \"one\"; where = \"body\"; } ); "
	    "miss = [ \"x\" ]; } );", "does not match its own example 1");
	expect(x, TOP NAMES "words = [ \"one\" ]; context = { to = [ \"outside\" ]; }; hit = ( \"one\", { text = \"one\"; "
	    "facts = \"to=staff\"; } ); miss = [ \"x\" ]; } );", "does not match its own example 2");
	expect(x, TOP NAMES "file = [ \"*.exe\", \"macro\" ]; hit = ( \"a.exe\", { kinds = \"image\"; } ); } );",
	    "does not match its own example 2");
	expect(x, TOP NAMES "file = [ \"*.exe\" ]; miss = [ \"A.EXE\" ]; } );", "matches its own example 1 of miss");
}

static void
all_problems_are_told(Fixture *x, gconstpointer data)
{
	(void)data;
	expect(x, TOP "{ id = 3; words = [ 1 ]; in = [ \"x\" ]; } );", "severity is missing");
	g_assert_cmpuint(x->problems->len, >=, 7);
	g_assert_nonnull(strstr(x->error->message, "(and more)"));
	g_assert_null(sg_ruleset_load((char *[]){ x->dir, NULL }, NULL, NULL, NULL));
	g_assert_null(sg_ruleset_load(NULL, NULL, NULL, NULL));
}

static void
no_rules_is_an_error(Fixture *x, gconstpointer data)
{
	(void)data;
	g_assert_null(load_from(x, "missing", NULL, NULL));
	g_assert_true(told(x, "missing:1: "));
	put(x, "empty/readme.txt", "no rules here");
	g_assert_null(load_from(x, "empty", NULL, NULL));
	g_assert_true(told(x, "there are no rules"));
}

static void
later_directories_override(Fixture *x, gconstpointer data)
{
	g_autoptr(SgRuleset) r = NULL, same = NULL, other = NULL;

	(void)data;
	put(x, "one/a.conf", TOP NAMES "words = [ \"one\" ];" SHOWN ", { id = \"a.c\"; title = \"C\"; severity = 1; "
	    "confidence = \"high\"; regex = [ \"one\" ];" SHOWN ");");
	put(x, "one/.hidden.conf", "not a rule file");
	put(x, "one/a.conf~", "not a rule file");
	put(x, "two/b.conf", "category = \"mine\"; area = \"contact\"; rules = ( { id = \"a.b\"; title = \"Mine\"; severity = 5; "
	    "confidence = \"high\"; words = [ \"two\" ]; hit = [ \"two\" ]; miss = [ \"one\" ]; } );");
	g_assert_nonnull(r = load_from(x, "one", "two", NULL));
	g_assert_cmpuint(sg_ruleset_size(r), ==, 2);
	g_assert_cmpstr(sg_ruleset_info(r, 0)->id, ==, "a.b");
	g_assert_cmpstr(sg_ruleset_info(r, 0)->title, ==, "Mine");
	g_assert_cmpstr(sg_ruleset_info(r, 0)->category, ==, "mine");
	g_assert_cmpstr(sg_ruleset_info(r, 0)->area, ==, "contact");
	g_assert_cmpuint(sg_ruleset_info(r, 0)->severity, ==, 5);
	g_assert_true(g_str_has_suffix(sg_ruleset_info(r, 0)->file, "two/b.conf"));
	g_assert_cmpstr(sg_ruleset_info(r, 1)->matcher, ==, "regex");
	g_assert_null(sg_ruleset_info(r, 2));
	/* the hash is that of what was read */
	g_assert_nonnull(same = load_from(x, "one", "two", NULL));
	g_assert_cmpstr(sg_ruleset_hash(r), ==, sg_ruleset_hash(same));
	g_assert_nonnull(other = load_from(x, "one", NULL, NULL));
	g_assert_cmpstr(sg_ruleset_hash(r), !=, sg_ruleset_hash(other));
}

static void
labels_of_file_and_rule(Fixture *x, gconstpointer data)
{
	g_autoptr(SgRuleset) r = NULL;

	(void)data;
	put(x, "r/a.conf", "category = \"c\"; area = \"content\"; labels = [ \"one\", \"two\" ]; rules = ( "
	    NAMES "words = [ \"one\" ];" SHOWN ", { id = \"a.c\"; title = \"C\"; severity = 1; confidence = \"low\"; "
	    "words = [ \"one\" ]; labels = [ \"UPN\" ];" SHOWN ", { id = \"a.d\"; title = \"D\"; severity = 1; "
	    "confidence = \"low\"; words = [ \"one\" ]; labels = [ ];" SHOWN " );");
	put(x, "r/b.conf", "category = \"d\"; area = \"content\"; rules = ( { id = \"a.e\"; title = \"E\"; severity = 1; "
	    "confidence = \"low\"; words = [ \"one\" ];" SHOWN " );");
	r = load_from(x, "r", NULL, NULL);
	g_assert_nonnull(r);
	g_assert_cmpstr(sg_ruleset_find(r, "a.b")->labels[1], ==, "two");
	g_assert_null(sg_ruleset_find(r, "a.b")->labels[2]);
	g_assert_cmpstr(sg_ruleset_find(r, "a.c")->labels[0], ==, "UPN");
	g_assert_null(sg_ruleset_find(r, "a.c")->labels[1]);
	g_assert_null(sg_ruleset_find(r, "a.d")->labels[0]);
	g_assert_null(sg_ruleset_find(r, "a.e")->labels[0]);
	g_assert_null(sg_ruleset_find(r, "a"));
}

static char *
cache_file(const Fixture *x, guint *n)
{
	g_autofree char *dir = g_build_filename(x->dir, "cache", NULL);
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	const char *name;
	char *path = NULL;

	for (*n = 0; (name = g_dir_read_name(d)) != NULL; ++*n) {
		g_free(path);
		path = g_build_filename(dir, name, NULL);
	}
	return path;
}

static gboolean
finds_one(SgRuleset *r)
{
	g_autoptr(SgMatch) m = sg_match_new(r, 10, NULL);
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	SgText t = { .where = (char[]){ "body" }, .part = (char[]){ "" }, .name = (char[]){ "" }, .text = (char[]){ "One 1" } };

	g_assert_nonnull(m);
	sg_match_begin(m, "");
	g_assert_true(sg_match_text(m, &t, NULL));
	sg_match_end(m, findings);
	return findings->len == 1;
}

static void
the_cache(Fixture *x, gconstpointer data)
{
	g_autofree char *path = NULL, *bytes = NULL, *dir = g_build_filename(x->dir, "cache", NULL);
	gsize len = 0;
	guint n;

	(void)data;
	put(x, "r/a.conf", GOOD);
	g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
	for (guint round = 0; round < 2; round++) {
		g_autoptr(SgRuleset) r = load_from(x, "r", NULL, "cache");

		g_assert_nonnull(r);
		g_assert_true(finds_one(r));
	}
	path = cache_file(x, &n);
	g_assert_cmpuint(n, ==, 1);
	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	/* damage of every kind is noticed, and healed */
	for (gsize at = 0; at < len; at += at < 200 ? 1 : 97) {
		g_autofree char *now = NULL;
		g_autoptr(SgRuleset) r = NULL;

		bytes[at] ^= 1;
		g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
		bytes[at] ^= 1;
		r = load_from(x, "r", NULL, "cache");
		g_assert_nonnull(r);
		g_assert_true(finds_one(r));
	}
	for (gsize cut = 0; cut < len; cut += cut < 200 ? 7 : 211) {
		g_autoptr(SgRuleset) r = NULL;

		g_assert_true(g_file_set_contents(path, bytes, (gssize)cut, NULL));
		r = load_from(x, "r", NULL, "cache");
		g_assert_nonnull(r);
		g_assert_true(finds_one(r));
	}
	g_free(bytes);
	g_assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
}

/* examples that this program has seen passed are not all run again; others are */
static void
examples_once(Fixture *x, gconstpointer data)
{
	static const char rule[] = TOP NAMES "words = [ \"one\" ]; hit = [ \"one\" ]; miss = [ \"%s\" ]; } );";
	g_autofree char *dir = g_build_filename(x->dir, "cache", NULL), *right = g_strdup_printf(rule, "two");
	g_autofree char *other = g_strdup_printf(rule, "three"), *wrong = g_strdup_printf(rule, "one");

	(void)data;
	g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
	for (guint round = 0; round < 2; round++) {
		g_autoptr(SgRuleset) r = NULL, again = NULL;

		put(x, "r/a.conf", round == 0 ? right : other);
		g_assert_nonnull(r = load_from(x, "r", NULL, "cache"));
		g_assert_true(r->tried);
		g_assert_nonnull(again = load_from(x, "r", NULL, "cache"));
		g_assert_false(again->tried);
		g_assert_true(again->database->cached);
		put(x, "r/a.conf", wrong);	/* the same patterns */
		for (guint twice = 0; twice < 2; twice++)
			g_assert_null(load_from(x, "r", NULL, "cache"));
	}
}

/* a cache file is used for nothing but the patterns it was made of, whatever its name */
static void
a_cache_of_other_rules(Fixture *x, gconstpointer data)
{
	g_autofree char *dir = g_build_filename(x->dir, "cache", NULL), *path = NULL, *other = NULL, *bytes = NULL;
	g_autoptr(SgRuleset) r = NULL, wrong = NULL;
	gsize len = 0;
	guint n;

	(void)data;
	g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
	put(x, "r/a.conf", GOOD);
	g_assert_nonnull(r = load_from(x, "r", NULL, "cache"));
	path = cache_file(x, &n);
	g_assert_cmpint(g_unlink(path), ==, 0);
	put(x, "other/a.conf", TOP NAMES "words = [ \"two\" ]; hit = [ \"two\" ]; miss = [ \"x\" ]; } );");
	g_assert_nonnull(wrong = load_from(x, "other", NULL, "cache"));
	other = cache_file(x, &n);
	g_assert_true(g_file_get_contents(other, &bytes, &len, NULL));
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
	sg_ruleset_unref(r);
	g_assert_nonnull(r = load_from(x, "r", NULL, "cache"));
	g_assert_true(finds_one(r));
}

static void
old_caches_go(Fixture *x, gconstpointer data)
{
	g_autofree char *dir = g_build_filename(x->dir, "cache", NULL), *path = NULL, *other = g_build_filename(dir, "keep.me", NULL);
	guint n;

	(void)data;
	g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
	g_assert_true(g_file_set_contents(other, "", 0, NULL));
	for (guint i = 0; i < 9; i++) {
		g_autofree char *text = g_strdup_printf(TOP NAMES "words = [ \"one\", \"w%u\" ];" SHOWN ");\n", i);
		g_autoptr(SgRuleset) r = NULL;

		put(x, "r/a.conf", text);
		g_assert_nonnull(r = load_from(x, "r", NULL, "cache"));
	}
	path = cache_file(x, &n);
	g_assert_cmpuint(n, ==, 4 + 1);
	g_assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
}

static void
a_cache_that_cannot_be_is_no_error(Fixture *x, gconstpointer data)
{
	g_autoptr(SgRuleset) r = NULL;

	(void)data;
	put(x, "r/a.conf", GOOD);
	g_assert_nonnull(r = load_from(x, "r", NULL, "no/such/directory"));
	g_assert_true(finds_one(r));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name, f) g_test_add("/ruleset/" name, Fixture, NULL, set_up, f, tear_down)
	TEST("wrong-files", wrong_files);
	TEST("wrong-rules", wrong_rules);
	TEST("examples-are-run", examples_are_run);
	TEST("all-problems-are-told", all_problems_are_told);
	TEST("no-rules-is-an-error", no_rules_is_an_error);
	TEST("later-directories-override", later_directories_override);
	TEST("labels-of-file-and-rule", labels_of_file_and_rule);
	TEST("the-cache", the_cache);
	TEST("examples-once", examples_once);
	TEST("a-cache-of-other-rules", a_cache_of_other_rules);
	TEST("old-caches-go", old_caches_go);
	TEST("a-cache-that-cannot-be-is-no-error", a_cache_that_cannot_be_is_no_error);
	return g_test_run();
}
