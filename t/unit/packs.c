/* fails-if: a shipped rule misses its own examples, a category is unknown to the policy, an
 * identity word alone raises a finding, or ordinary school mail would be held in numbers */
#include <glib.h>
#include <string.h>

#include <jansson.h>

#include "model/incident.h"
#include "rule/ruleset.h"

/* rules/words/identity.txt: words for who somebody is, one a line. */
static GPtrArray *
identity_words(void)
{
	g_autofree char *path = g_build_filename(g_getenv("top_srcdir") != NULL ? g_getenv("top_srcdir") : ".",
	    "rules", "words", "identity.txt", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (**line != '\0' && **line != '#')
			g_ptr_array_add(words, g_strdup(*line));
	return words;
}

static const char *const frames[] = {
	"%s", "I am %s.", "She is %s and proud of it.", "My best friend is %s.", "People who are %s are welcome at our school.",
	"What does it mean to be %s? A worksheet for Year 9.", "Nobody should be bullied because they are %s.",
	"As somebody who is proud to be %s I would like to speak in assembly.", "Everybody loves my aunt, who is %s.",
	"We do not hate anybody for being %s.", "It is wrong to insult a person who is %s.", "The author is %s and won a prize.",
	"He told me he is %s and I gave him a hug.", "Being %s is fine.",
};
/* The same of many people, and of what others say of them. */
static const char *const peoples[] = {
	"gay people", "lesbians", "trans people", "black people", "Asian people", "Pakistanis", "Poles", "Romanians", "Muslims", "Jews",
	"Christians", "Hindus", "Sikhs", "immigrants", "refugees", "travellers", "disabled people", "autistic people", "deaf people",
	"women", "girls", "white people", "Africans", "foreigners",
};
static const char *const plural_frames[] = {
	"All %s are welcome.", "I love %s.", "We celebrate the history of %s in October.", "Nobody should hate %s.",
	"We think %s have the same rights as everybody else.", "Hate against %s is a crime.", "Why were %s persecuted? Write a page.",
	"It is not true that %s are criminals.", "Today %s should be treated with respect.", "I have no problem with %s.",
	"In truth %s are not inferior to anybody.", "My best friends are %s.", "The club for %s meets on Monday.",
};

static SgRuleset *
packs(void)
{
	g_autofree char *dir = g_build_filename(g_getenv("top_srcdir") != NULL ? g_getenv("top_srcdir") : ".", "rules", NULL);
	char *dirs[] = { dir, NULL };
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	SgRuleset *r = sg_ruleset_load(dirs, NULL, problems, NULL);

	for (guint i = 0; i < problems->len; i++)
		g_test_message("%s", (char *)problems->pdata[i]);
	g_assert_nonnull(r);
	return r;
}

/* The worst severity at medium confidence or more; findings of the category pass do not count. */
static guint
worst(SgMatch *m, const char *text, const char *where, const char *facts, const char *pass, char **rule)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)sg_finding_free);
	SgText t = { .where = (char *)(gsize)where, .part = (char *)(gsize)"1", .name = (char *)(gsize)"",
		.text = (char *)(gsize)text };
	guint high = 0;

	sg_match_begin(m, facts);
	g_assert_true(sg_match_text(m, &t, NULL));
	sg_match_end(m, found);
	for (guint i = 0; i < found->len; i++) {
		const SgFinding *f = found->pdata[i];

		/* strong language alone is noted, not held: policy.conf */
		if (f->confidence < SG_CONF_MEDIUM || f->severity <= high ||
		    (pass != NULL && strcmp(f->category, pass) == 0))
			continue;
		high = f->severity;
		g_free(*rule);
		*rule = g_strdup(f->rule);
	}
	return high;
}

static void
categories(void)
{
	g_autoptr(SgRuleset) r = packs();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < sg_ruleset_size(r); i++) {
		const SgRuleInfo *info = sg_ruleset_info(r, i);

		g_hash_table_add(seen, (gpointer)(gsize)info->category);
		if (strcmp(sg_category_label(info->category), sg_category_label("")) == 0)
			g_error("%s: the category %s has no words for people", info->id, info->category);
		g_test_message("%s", info->id);
		g_assert_cmpuint(info->hits, >=, 2);
		g_assert_cmpuint(info->misses, >=, 2);
	}
	g_assert_cmpuint(g_hash_table_size(seen), >=, 18);
}

static void
identity_words_alone_are_nothing(void)
{
	static const char *const ways[] = { "from=pupil to=pupil route=inside", "from=staff to=pupil,outside route=out",
		"from=outside to=pupil route=in" };
	g_autoptr(SgRuleset) r = packs();
	g_autoptr(GPtrArray) identity = identity_words();
	SgMatch *m = sg_match_new(r, 1000, NULL);

	g_assert_cmpuint(identity->len, >=, 60);
	for (gsize i = 0; i < identity->len; i++)
		for (gsize k = 0; k < G_N_ELEMENTS(frames) * G_N_ELEMENTS(ways); k++) {
			g_auto(GStrv) cut = g_strsplit(frames[k / G_N_ELEMENTS(ways)], "%s", 2);
			g_autofree char *text = g_strconcat(cut[0], g_ptr_array_index(identity, i), cut[1], NULL), *rule = NULL;

			if (worst(m, text, "body", ways[k % G_N_ELEMENTS(ways)], NULL, &rule) > 0)
				g_error("\"%s\" is a finding of %s", text, rule);
		}
	sg_match_free(m);
}

static void
many_people_are_nothing(void)
{
	g_autoptr(SgRuleset) r = packs();
	SgMatch *m = sg_match_new(r, 1000, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(peoples); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(plural_frames); k++) {
			g_auto(GStrv) cut = g_strsplit(plural_frames[k], "%s", 2);
			g_autofree char *text = g_strconcat(cut[0], peoples[i], cut[1], NULL), *rule = NULL;

			/* what a model alone thinks is measured elsewhere: t/lib/detect.py */
			if (worst(m, text, "body", "from=pupil to=pupil route=inside", NULL, &rule) >= 3 &&
			    !g_str_has_prefix(rule, "model."))
				g_error("\"%s\" is a finding of %s", text, rule);
		}
	sg_match_free(m);
}

static void
short_texts_count(void)
{
	g_autoptr(SgRuleset) r = packs();
	SgMatch *m = sg_match_new(r, 1000, NULL);
	g_autofree char *rule = NULL;

	g_assert_cmpuint(worst(m, "kys", "subject", "from=pupil to=pupil route=inside", NULL, &rule), ==, 5);
	g_assert_cmpuint(worst(m, "ok", "subject", "from=pupil to=pupil route=inside", NULL, &rule), ==, 0);
	sg_match_free(m);
}

/* Of a file of mails that should pass, how many would be held? */
static void
held(SgMatch *m, const char *name, const char *facts, guint *n, guint *stopped)
{
	g_autofree char *path = g_build_filename(g_getenv("top_srcdir"), "..", "shared", "corpora", "benign", name, NULL);
	g_autofree char *all = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &all, NULL, NULL))
		return;
	lines = g_strsplit(all, "\n", -1);
	for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
		json_t *o = json_loads(lines[i], 0, NULL);
		const char *text = json_string_value(json_object_get(o, "text"));
		g_autofree char *rule = NULL;

		g_assert_nonnull(text);
		*stopped += worst(m, text, "body", facts, "profanity", &rule) >= 3;
		*n += 1;
		json_decref(o);
	}
}

static void
ordinary_mail_passes(void)
{
	g_autoptr(SgRuleset) r = packs();
	SgMatch *m = sg_match_new(r, 1000, NULL);
	guint n = 0, stopped = 0;

	held(m, "school_mail.dev.jsonl", "from=staff to=outside,pupil route=out", &n, &stopped);
	held(m, "uk_education.dev.jsonl", "from=staff to=pupil route=inside", &n, &stopped);
	held(m, "shakespeare.dev.jsonl", "from=pupil to=staff route=inside", &n, &stopped);
	held(m, "mail_sa_easy_ham_2.dev.jsonl", "from=outside to=staff,pupil route=in", &n, &stopped);
	sg_match_free(m);
	if (n == 0) {
		g_test_skip("the corpora are not here");
		return;
	}
	g_test_message("%u of %u ordinary texts would be held", stopped, n);
	g_assert_cmpuint(stopped * 1000, <=, n * 2);	/* two in a thousand */
}

/* A column of one word says no more than the word. */
static void
columns(void)
{
	static const char *const cell[] = { "n/a", "12", "10", "yes", "absent", "Witch" };
	g_autoptr(SgRuleset) r = packs();
	g_autoptr(SgMatch) m = sg_match_new(r, 100, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(cell); i++) {
		g_autoptr(GString) column = g_string_new("Note\n");
		g_autofree char *rule = NULL;

		for (guint k = 0; k < 60; k++)
			g_string_append_printf(column, "%s\n", cell[i]);
		if (worst(m, column->str, "attachment", "", NULL, &rule) >= 3)
			g_error("a column of %s is a hit of %s", cell[i], rule);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/packs/columns", columns);
	g_test_add_func("/packs/every rule's examples, 18 categories and more", categories);
	g_test_add_func("/packs/identity words alone are nothing", identity_words_alone_are_nothing);
	g_test_add_func("/packs/many people are nothing", many_people_are_nothing);
	g_test_add_func("/packs/short texts count", short_texts_count);
	g_test_add_func("/packs/ordinary mail passes", ordinary_mail_passes);
	return g_test_run();
}
