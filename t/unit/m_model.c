/* fails-if: a damaged model is loaded, a harmful sentence of a long text is missed or shown at the
 * wrong place, its "unless" or "quoted" is not heard, a value hangs on what was read before, a single word or a heap of words is taken for evidence, or a rule with a model looks where it must not */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/err.h"
#include "rule/ruleset.h"
#include "weigh/linear.h"

#define THREAT "i'm gonna stab him on the way home"

static GBytes *
shipped(void)
{
	g_autofree char *path = g_build_filename(g_getenv("top_srcdir"), "rules", "models", "harm.model", NULL);
	char *bytes = NULL;
	gsize len = 0;

	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	return g_bytes_new_take(bytes, len);
}

static void
refused(const guint8 *bytes, gsize len)
{
	g_autoptr(GBytes) file = g_bytes_new(bytes, len);
	g_autoptr(GError) error = NULL;

	g_assert_null(sg_linear_read(file, &error));
	g_assert_error(error, SG_ERR, SG_ERR_SETUP);
}

static void
damage_is_refused(void)
{
	g_autoptr(GBytes) file = shipped();
	gsize len;
	const guint8 *bytes = g_bytes_get_data(file, &len);
	g_autofree guint8 *other = g_memdup2(bytes, len + 1);
	g_autoptr(SgLinear) m = sg_linear_read(file, NULL);

	g_assert_nonnull(m);
	for (gsize cut = 0; cut < len; cut += cut < 600 ? 1 : len / 7)
		refused(bytes, cut);
	other[len] = 0;
	refused(other, len + 1);
	for (gsize at = 0; at < len; at += at < 600 ? 1 : len / 31) {
		other[at] ^= 1;
		refused(other, len);
		other[at] ^= 1;
	}
	other[len - 1] ^= 1;
	refused(other, len);
}

static void
heads_and_values(void)
{
	g_autoptr(GBytes) file = shipped();
	g_autoptr(SgLinear) m = sg_linear_read(file, NULL);

	g_assert_cmpint(sg_linear_head(m, "threat"), >=, 0);
	g_assert_cmpint(sg_linear_head(m, "thread"), ==, -1);
	g_assert_cmpint(sg_linear_head(m, ""), ==, -1);
	for (double v = 0.01; v < 1; v += 0.01)
		g_assert_cmpfloat_with_epsilon(sg_linear_value(m, 0, sg_linear_margin(m, 0, v)), v, 1e-9);
	g_assert_cmpuint(sg_linear_length(1), ==, 0);
	g_assert_cmpuint(sg_linear_length(SG_LINEAR_SEGMENT), ==, SG_LINEAR_LENGTHS - 1);
}

/* A directory with the shipped model and one rule file; NULL when the rule is refused. */
static SgRuleset *
rules(const char *matcher, const char *more, GPtrArray *problems)
{
	g_autofree char *dir = g_dir_make_tmp("sg-model-XXXXXX", NULL), *file = g_build_filename(dir, "a.conf", NULL),
		*models = g_build_filename(dir, "models", NULL), *model = g_build_filename(models, "harm.model", NULL),
		*broken = g_build_filename(models, "broken.model", NULL),
		*text = g_strdup_printf("category = \"test\"; area = \"conduct\"; rules = ( { id = \"a.b\"; title = \"T\"; severity = 4;\n"
		    "confidence = \"medium\"; model = %s; %s hit = [ \"" THREAT "\" ]; miss = [ \"x\" ]; } );", matcher, more);
	g_autoptr(GBytes) bytes = shipped();
	char *dirs[] = { dir, NULL };
	SgRuleset *r;

	g_assert_cmpint(g_mkdir(models, 0700), ==, 0);
	g_assert_true(g_file_set_contents(model, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
	g_assert_true(g_file_set_contents(broken, g_bytes_get_data(bytes, NULL), 1000, NULL));
	g_assert_true(g_file_set_contents(file, text, -1, NULL));
	r = sg_ruleset_load(dirs, NULL, problems, NULL);
	(void)g_unlink(file);
	(void)g_unlink(model);
	(void)g_unlink(broken);
	(void)g_rmdir(models);
	(void)g_rmdir(dir);
	return r;
}

#define GOOD "{ file = \"models/harm.model\"; head = \"threat\"; above = 0.7; }"

static void
wrong_fields_are_told(void)
{
	static const struct {
		const char *matcher, *says;
	} t[] = {
		{ "[ \"x\" ]", "a.conf:2: model is not a group; " },
		{ "{ head = \"threat\"; above = 0.7; }", "a.conf:2: model has no file or no head" },
		{ "{ file = \"models/harm.model\"; above = 0.7; }", "model has no file or no head" },
		{ "{ file = \"models/none.model\"; head = \"threat\"; above = 0.7; }", "cannot be read" },
		{ "{ file = \"/models/harm.model\"; head = \"threat\"; above = 0.7; }", "is not beside the rules" },
		{ "{ file = \"../harm.model\"; head = \"threat\"; above = 0.7; }", "is not beside the rules" },
		{ "{ file = \"models/broken.model\"; head = \"threat\"; above = 0.7; }", "is refused: it is cut off" },
		{ "{ file = \"models/harm.model\"; head = \"thread\"; above = 0.7; }", "the model knows no \"thread\"; it knows hate" },
		{ "{ file = \"models/harm.model\"; head = \"threat\"; }", "above is no number from 0.01 to 0.9999" },
		{ "{ file = \"models/harm.model\"; head = \"threat\"; above = 1.5; }", "above is no number" },
		{ "{ file = \"models/harm.model\"; head = \"threat\"; above = 0.7; below = 1; }", "unknown field \"below\"" },
		{ "{ file = \"models/harm.model\"; head = \"threat\"; above = 0.7; alone = 1; }", "alone is neither true nor false" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		gboolean told = FALSE;

		g_assert_null(rules(t[i].matcher, "", problems));
		for (guint k = 0; k < problems->len; k++) {
			g_test_message("%s", (char *)problems->pdata[k]);
			told = told || strstr(problems->pdata[k], t[i].says) != NULL;
		}
		g_assert_true(told);
	}
}

static GPtrArray *
look(SgMatch *m, const char *text, const char *where)
{
	GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	SgText t = { .where = (char *)(gsize)where, .part = (char *)(gsize)"1", .name = (char *)(gsize)"",
		.text = (char *)(gsize)text };

	sg_match_begin(m, "");
	g_assert_true(sg_match_text(m, &t, NULL));
	sg_match_end(m, found);
	return found;
}

static const char *const calm[] = { "The coach leaves at eight. ", "Please bring a packed lunch and a coat. ",
	"Parents are welcome in the hall from four o'clock.\n", "The café will be open — £2.50 for a tea. ",
	"We shall be back in time for the buses. " };

static void
pad(GString *s, gsize upto)
{
	for (guint i = 0; s->len < upto; i++)
		g_string_append(s, calm[i % G_N_ELEMENTS(calm)]);
}

/* Wherever it stands, also across the pieces in which a long text is read. */
static void
one_sentence_of_a_long_text(void)
{
	g_autoptr(SgRuleset) r = rules(GOOD, "", NULL);
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);

	for (gsize at = 0; at < 140000; at += at < 2000 ? 400 : at < 62000 || at > 68000 ? 9973 : 300) {
		g_autoptr(GString) s = g_string_new(NULL);
		g_autoptr(GPtrArray) found = NULL;
		const SgFinding *f;
		gsize from;

		pad(s, at);
		from = s->len;
		g_string_append(s, "And " THREAT ", you wait! ");
		pad(s, s->len + 3000);
		found = look(m, s->str, "body");
		g_assert_cmpuint(found->len, ==, 1);
		f = found->pdata[0];
		g_assert_cmpuint(f->count, ==, 1);
		g_assert_cmpuint(f->text_at, >=, from);
		g_assert_cmpuint(f->text_at + f->text_len, <=, from + 60);
	}
}

static void
far_apart_is_two(void)
{
	g_autoptr(SgRuleset) r = rules(GOOD, "", NULL);
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
	g_autoptr(GString) s = g_string_new(THREAT ". " THREAT ". ");
	g_autoptr(GPtrArray) one = look(m, s->str, "body"), two = NULL;

	g_assert_cmpuint(((SgFinding *)one->pdata[0])->count, ==, 1);
	pad(s, 2000);
	g_string_append(s, "i'm going to stab her after school, she is dead");
	two = look(m, s->str, "body");
	g_assert_cmpuint(((SgFinding *)two->pdata[0])->count, ==, 2);
}

static void
where_and_except_hold(void)
{
	g_autoptr(SgRuleset) r = rules(GOOD, "except = [ \"" THREAT "\" ];", NULL);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free), quoted = NULL, body = NULL;
	g_autoptr(SgRuleset) all = rules(GOOD, "", NULL);
	g_autoptr(SgMatch) m = sg_match_new(all, 100, NULL);

	g_assert_null(r);	/* its own example is excepted now */
	quoted = look(m, THREAT, "quoted");
	body = look(m, THREAT, "attachment");
	g_assert_cmpuint(quoted->len, ==, 0);
	g_assert_cmpuint(body->len, ==, 1);
}

/* At any place of a long text. */
static void
unless_and_quoted_hold(void)
{
	static const struct {
		const char *text;
		guint	    found, severity;
	} t[] = {
		{ "And " THREAT ", you wait! ", 1, 4 },
		{ "He told us that " THREAT ". ", 0, 0 },
		{ "\"And " THREAT ", you wait!\" ", 1, 1 },
	};
	g_autoptr(SgRuleset) r = rules(GOOD, "quoted = 1; unless = [ \"told us\" ];", NULL);
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(t); i++)
		for (gsize at = 0; at < 68000; at += at < 2000 ? 400 : at < 62000 ? 60000 : 300) {
			g_autoptr(GString) s = g_string_new(NULL);
			g_autoptr(GPtrArray) found = NULL;

			pad(s, at);
			g_string_append(s, t[i].text);
			pad(s, s->len + 3000);
			found = look(m, s->str, "body");
			g_test_message("%s at %zu", t[i].text, at);
			g_assert_cmpuint(found->len, ==, t[i].found);
			if (found->len > 0)
				g_assert_cmpuint(((SgFinding *)found->pdata[0])->severity, ==, t[i].severity);
		}
}

/* Alone a word says too little, whatever its weight; so do words that do not go together. */
static void
one_word_is_no_evidence(void)
{
	static const char *const none[] = { "stab", "stabbed.", "dead dead", "stab lunch", "home stab dead way shoot kill",
		"trip leaves nine forms office shoot battered hand" };
	g_autoptr(SgRuleset) together = rules("{ file = \"models/harm.model\"; head = \"threat\"; above = 0.01; }", "", NULL);
	g_autoptr(SgRuleset) alone = rules("{ file = \"models/harm.model\"; head = \"threat\"; above = 0.01; alone = true; }", "", NULL);
	g_autoptr(SgMatch) careful = sg_match_new(together, 100, NULL), any = sg_match_new(alone, 100, NULL);
	g_autoptr(GPtrArray) word = look(any, "stab", "body"), pieces = NULL, whole = look(careful, THREAT, "body");

	for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
		g_autoptr(GPtrArray) found = look(careful, none[i], "body");

		g_test_message("%s", none[i]);
		g_assert_cmpuint(found->len, ==, 0);
	}
	g_assert_cmpuint(word->len, ==, 1);
	g_assert_cmpuint(whole->len, ==, 1);
	pieces = look(any, "xstabx killow murderby", "body");
	g_assert_cmpuint(pieces->len, ==, 0);
}

/* A value does not depend on what was read before, though words are remembered. */
static void
nothing_is_carried_over(void)
{
	static const char *const before[] = { "see http://stab.example/kill and kill@dead.example, im there",
		"look at http://lunch.example/tea or tea@hall.example, i'm there" };
	static const char text[] = "i'm at http://murder.example/ with stabber@knife.example, im dead";
	g_autoptr(SgRuleset) r = rules(GOOD, "", NULL);
	double value[G_N_ELEMENTS(before)];

	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);

		g_ptr_array_unref(look(m, before[i], "body"));
		(void)sg_match_nearness(m);
		g_ptr_array_unref(look(m, text, "body"));
		value[i] = sg_match_nearness(m);
	}
	g_assert_cmpfloat(value[0], ==, value[1]);
}

static void
strange_texts(void)
{
	static const char *const text[] = { "", " ", "'", "''' '' '", "@", "a@", "@@@@", "://", "http://", "\"", "\xf0\x9f\x90\x92",
		"\xe2\x80", "\xff\xfe", "!!!!????....", "'tis", "x'", "1234567890123", "\xc3\xa9\xc3\xa9" };
	g_autoptr(SgRuleset) r = rules(GOOD, "", NULL);
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);
	g_autofree char *word = g_strnfill(300000, 'a'), *signs = g_strnfill(300000, '!'), *blanks = NULL;
	g_autoptr(GString) dots = g_string_new(NULL);
	g_autoptr(GPtrArray) found = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(text); i++) {
		g_autoptr(GPtrArray) none = look(m, text[i], "body");

		g_assert_cmpuint(none->len, ==, 0);
	}
	g_ptr_array_unref(look(m, word, "body"));
	g_ptr_array_unref(look(m, signs, "body"));
	/* words so far from each other that a segment is longer than a piece of the text */
	for (guint i = 0; i < 30; i++)
		g_string_append_printf(dots, "%s%*s", i == 14 ? THREAT " " : "lunch ", 0, "");
	for (guint i = 0; i < 20; i++) {
		g_string_append(dots, "tea ");
		for (guint k = 0; k < 5000; k++)
			g_string_append(dots, "- ");
	}
	found = look(m, dots->str, "body");
	g_assert_cmpuint(found->len, <=, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/damage-is-refused", damage_is_refused);
	g_test_add_func("/model/heads-and-values", heads_and_values);
	g_test_add_func("/model/wrong-fields-are-told", wrong_fields_are_told);
	g_test_add_func("/model/one-sentence-of-a-long-text", one_sentence_of_a_long_text);
	g_test_add_func("/model/far-apart-is-two", far_apart_is_two);
	g_test_add_func("/model/where-and-except", where_and_except_hold);
	g_test_add_func("/model/nothing-carried-over", nothing_is_carried_over);
	g_test_add_func("/model/unless-and-quoted", unless_and_quoted_hold);
	g_test_add_func("/model/one-word-is-no-evidence", one_word_is_no_evidence);
	g_test_add_func("/model/strange-texts", strange_texts);
	return g_test_run();
}
