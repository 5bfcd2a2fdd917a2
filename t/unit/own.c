/* fails-if: an override changes more or less than it says, an allow-phrase lets something else
 * through or silences a rule's own example unnoticed, or a slip in either is accepted */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "base/nearest.h"
#include "rule/ruleset.h"

#define SHIPPED \
	"category = \"bullying\"; area = \"conduct\"; rules = (\n" \
	"{ id = \"bully.insult\"; title = \"Insult\"; severity = 3; confidence = \"medium\";\n" \
	"  words = [ \"zonk\", \"gribble\", \"dick*\" ]; hit = ( \"you zonk\", { text = \"zonk\"; where = \"subject\"; } );\n" \
	"  miss = ( \"x\", { text = \"zonk\"; where = \"quoted\"; } ); },\n" \
	"{ id = \"bully.near\"; title = \"Near\"; severity = 4; confidence = \"low\";\n" \
	"  near = { a = [ \"you\" ]; b = [ \"gribble\" ]; within = 9; }; hit = [ \"you gribble\" ]; miss = [ \"x\" ]; },\n" \
	"{ id = \"bully.many\"; title = \"Many\"; severity = 2; confidence = \"low\";\n" \
	"  count = { rule = \"bully.insult\"; atleast = 2; }; hit = [ \"zonk gribble\" ]; miss = [ \"zonk\" ]; },\n" \
	"{ id = \"bully.file\"; title = \"File\"; severity = 2; confidence = \"low\"; file = [ \"*.exe\" ]; } );\n"

typedef struct {
	char	  *dir, *shipped, *own;
	GPtrArray *problems;
} Fixture;

static void
set_up(Fixture *x, gconstpointer data)
{
	g_autofree char *file = NULL;

	(void)data;
	x->dir = g_dir_make_tmp("sg-own-XXXXXX", NULL);
	x->shipped = g_build_filename(x->dir, "shipped", NULL);
	x->own = g_build_filename(x->dir, "own", NULL);
	x->problems = g_ptr_array_new_with_free_func(g_free);
	g_assert_cmpint(g_mkdir(x->shipped, 0700), ==, 0);
	g_assert_cmpint(g_mkdir(x->own, 0700), ==, 0);
	file = g_build_filename(x->shipped, "a.conf", NULL);
	g_assert_true(g_file_set_contents(file, SHIPPED, -1, NULL));
}

static void
tear_down(Fixture *x, gconstpointer data)
{
	static const char *const files[] = { "shipped/a.conf", "own/own.conf", "shipped", "own", "", NULL };

	(void)data;
	for (const char *const *f = files; *f != NULL; f++) {
		g_autofree char *path = g_build_filename(x->dir, *f, NULL);

		(void)g_remove(path);
	}
	g_free(x->dir);
	g_free(x->shipped);
	g_free(x->own);
	g_ptr_array_unref(x->problems);
}

static SgRuleset *
load(Fixture *x, const char *own)
{
	g_autofree char *file = g_build_filename(x->own, "own.conf", NULL);
	char *dirs[] = { x->shipped, x->own, NULL };

	g_assert_true(g_file_set_contents(file, own, -1, NULL));
	g_ptr_array_set_size(x->problems, 0);
	return sg_ruleset_load(dirs, NULL, x->problems, NULL);
}

static SgRuleset *
good(Fixture *x, const char *own)
{
	SgRuleset *r = load(x, own);

	for (guint i = 0; i < x->problems->len; i++)
		g_test_message("%s", (char *)g_ptr_array_index(x->problems, i));
	g_assert_nonnull(r);
	return r;
}

/* "rule/severity/confidence ..." of what is found in text at that place. */
static char *
found(SgRuleset *r, const char *where, const char *text)
{
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	g_autofree char *copy = g_strdup(text), *place = g_strdup(where);
	char none[] = "";
	SgText t = { .where = place, .part = none, .name = none, .text = copy };
	GString *s = g_string_new(NULL);

	sg_match_begin(m, "");
	g_assert_true(sg_match_text(m, &t, NULL));
	sg_match_end(m, findings);
	for (guint i = 0; i < findings->len; i++) {
		const SgFinding *f = g_ptr_array_index(findings, i);

		g_string_append_printf(s, "%s%s/%u/%s", i > 0 ? " " : "", f->rule, (guint)f->severity,
		    sg_confidence_name(f->confidence));
	}
	return g_string_free(s, FALSE);
}

static void
is(SgRuleset *r, const char *where, const char *text, const char *expected)
{
	g_autofree char *got = found(r, where, text);

	g_assert_cmpstr(got, ==, expected);
}

static void
changes(Fixture *x, gconstpointer data)
{
	g_autoptr(SgRuleset) r = good(x, "rules = ( { override = \"bully.insult\"; severity = 5; confidence = \"high\"; } );");

	(void)data;
	g_assert_cmpuint(sg_ruleset_size(r), ==, 4);
	is(r, "body", "a zonk", "bully.insult/5/high");
	is(r, "quoted", "a zonk", "");
	sg_ruleset_unref(g_steal_pointer(&r));
	/* another place: examples that name one prove nothing there */
	r = good(x, "rules = ( { override = \"bully.insult\"; in = [ \"quoted\" ]; } );");
	is(r, "quoted", "a zonk", "bully.insult/3/medium");
	is(r, "body", "a zonk", "");
	sg_ruleset_unref(g_steal_pointer(&r));
	r = good(x, "rules = ( { override = \"bully.insult\"; except = [ \"zonk and sons\" ]; } );");
	is(r, "body", "Zonk and Sons", "");
	is(r, "body", "zonk", "bully.insult/3/medium");
	sg_ruleset_unref(g_steal_pointer(&r));
	r = good(x, "rules = ( { override = \"bully.near\"; off = true; }, { override = \"bully.file\"; severity = 1; } );");
	g_assert_cmpuint(sg_ruleset_size(r), ==, 3);
	is(r, "body", "you gribble", "bully.insult/3/medium");
}

/* Beside rules of the school's own, and over one of the same id. */
static void
beside_own(Fixture *x, gconstpointer data)
{
	g_autoptr(SgRuleset) r = good(x,
	    "category = \"hate\"; area = \"content\"; rules = (\n"
	    "{ override = \"bully.insult\"; severity = 2; },\n"
	    "{ id = \"own.word\"; title = \"Own\"; severity = 3; confidence = \"low\"; words = [ \"spleck\" ];\n"
	    "  hit = [ \"spleck\" ]; miss = [ \"x\" ]; } ); allow = [ \"house of spleck\" ];");

	(void)data;
	is(r, "body", "zonk spleck", "own.word/3/low bully.insult/2/medium");
	is(r, "body", "the house of spleck", "");
}

static void
allows(Fixture *x, gconstpointer data)
{
	g_autoptr(SgRuleset) r = good(x, "allow = [ \"spotted dick\", \"Gribble House\" ];");

	(void)data;
	is(r, "body", "Spotted   DICK for pudding", "");
	is(r, "body", "you Gribble House lot", "");
	is(r, "body", "spotted dicks", "bully.insult/3/medium");
	is(r, "body", "gribble", "bully.insult/3/medium");
	is(r, "body", "Gribble House, you gribble", "bully.near/4/low bully.insult/3/medium");
	sg_ruleset_unref(g_steal_pointer(&r));
	r = good(x, "allow = ( { words = [ \"gribble house\" ]; rules = [ \"bully.n*\" ]; } );");
	is(r, "body", "you gribble house lot", "bully.insult/3/medium");
}

static void
slips(Fixture *x, gconstpointer data)
{
	static const struct {
		const char *own, *says;
	} bad[] = {
		{ "rules = (\n{ override = \"bully.insalt\"; severity = 2; } );", "own.conf:2: there is no rule bully.insalt to override; did you mean bully.insult?" },
		{ "rules = ( { override = \"qqqqqqqq.q\"; off = true; } );", "rules list" },
		{ "rules = ( { override = \"bully.insult\"; } );", "changes nothing" },
		{ "rules = ( { override = 3; off = true; } );", "override is not a text" },
		{ "rules = ( { override = \"bully.insult\"; severity = 9; } );", "out of range" },
		{ "rules = ( { override = \"bully.insult\"; confidence = \"sure\"; } );", "confidence is none of" },
		{ "rules = ( { override = \"bully.insult\"; confidence = 3; } );", "confidence is none of" },
		{ "rules = ( { override = \"bully.insult\"; off = 1; } );", "neither true nor false" },
		{ "rules = ( { override = \"bully.insult\"; off = true; severity = 1; } );", "needs no other setting" },
		{ "rules = ( { override = \"bully.insult\"; title = \"x\"; } );", "unknown field \"title\"" },
		{ "rules = ( { override = \"bully.insult\"; in = [ \"foot\" ]; } );", "is no place" },
		{ "rules = ( { override = \"bully.file\"; in = [ \"body\" ]; } );", "is about files" },
		{ "rules = ( { override = \"bully.insult\"; off = true; } );", "rule bully.many counts the hits of bully.insult" },
		{ "rules = ( { override = \"bully.insult\"; severity = 2; }, { override = \"bully.insult\"; severity = 1; } );", "overridden twice" },
		{ "allow = 3;", "allow is not a list" },
		{ "allow = [ ];", "empty list" },
		{ "allow = ( \"one\", { words = [ \"two\" ]; } );", "is not a text" },
		{ "allow = ( { words = [ \"two\" ]; }, \"one\" );", "allow mixes phrases and groups" },
		{ "allow = ( { rules = [ \"bully.*\" ]; } );", "words is missing" },
		{ "allow = (\n{ words = [ \"two\" ]; rules = [ \"bully.nesr\" ]; } );", "own.conf:2: there is no rule bully.nesr to allow something for; did you mean bully.near?" },
		{ "allow = ( { words = [ \"two\" ]; rules = [ \"*x\" ]; } );", "rules names rules" },
		{ "allow = [ \"fine\",\n\"zonk\" ];", "own.conf:2: the allow-phrase \"zonk\" silences rule bully.insult" },
		{ "colour = 1; allow = [ \"x y\" ];", "unknown field" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(SgRuleset) r = load(x, bad[i].own);
		gboolean told = FALSE;

		for (guint k = 0; k < x->problems->len; k++)
			told = told || strstr(g_ptr_array_index(x->problems, k), bad[i].says) != NULL;
		if (r == NULL && told)
			continue;
		g_test_message("%s: expected \"%s\"", bad[i].own, bad[i].says);
		for (guint k = 0; k < x->problems->len; k++)
			g_test_message("got: %s", (char *)g_ptr_array_index(x->problems, k));
		g_test_fail();
	}
}

static void
too_many(Fixture *x, gconstpointer data)
{
	g_autoptr(GString) s = g_string_new("allow = [ \"a b\"");
	g_autoptr(SgRuleset) r = NULL;

	(void)data;
	for (guint i = 0; i < 2000; i++)
		g_string_append_printf(s, ", \"phrase %u\"", i);
	g_string_append(s, " ];");
	r = load(x, s->str);
	g_assert_null(r);
	g_assert_nonnull(strstr(g_ptr_array_index(x->problems, 0), "more than 2000 allow-phrases"));
}

static void
distances(void)
{
	char longer[80];

	g_assert_cmpuint(sg_word_distance("kitten", "sitting"), ==, 3);
	g_assert_cmpuint(sg_word_distance("", "abc"), ==, 3);
	g_assert_cmpuint(sg_word_distance("same", "same"), ==, 0);
	memset(longer, 'x', 70);
	longer[70] = '\0';
	g_assert_cmpuint(sg_word_distance(longer, "x"), ==, SG_FAR);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define FIXTURE(name, f) g_test_add("/own/" name, Fixture, NULL, set_up, f, tear_down)
	FIXTURE("changes", changes);
	FIXTURE("beside own rules", beside_own);
	FIXTURE("allow-phrases", allows);
	FIXTURE("slips", slips);
	FIXTURE("too many", too_many);
	g_test_add_func("/own/distances", distances);
	return g_test_run();
}
