/* fails-if: a phrase is found where it is not said or missed where it is, runs over the end of a sentence,
 * is not found when a word is spelt otherwise, or what is between quotation marks is taken for said */
#include <glib.h>
#include <string.h>

#include "rule/phrase.h"

/* "<fruit>" is apple, pear*, star fruit. */
static guint
fruit(gpointer data, const char *name)
{
	SgLexicon *l = data;
	gboolean fresh;
	guint c = sg_lexicon_class(l, name, &fresh);
	guint32 star[] = { sg_lexicon_add(l, "star"), sg_lexicon_add(l, "fruit") }, apple = sg_lexicon_add(l, "apple"),
		pear = sg_lexicon_add(l, "pear*");

	if (strcmp(name, "fruit") != 0)
		return G_MAXUINT;
	if (fresh) {
		sg_lexicon_put(l, c, star, 2);
		sg_lexicon_put(l, c, &apple, 1);
		sg_lexicon_put(l, c, &pear, 1);
	}
	return c;
}

/* The words that phrase covers in text, looked for around every word of it; NULL: none. */
static char *
said(const char *phrase, const char *text)
{
	g_autoptr(SgLexicon) l = sg_lexicon_new();
	g_autofree SgWindow *w = g_new0(SgWindow, 1);
	g_autofree char *why = NULL;
	SgPhrase *p;
	gsize len = strlen(text), from = 0, to = 0;
	char *found = NULL;

	g_assert_true(sg_lexicon_alias(l, "u", "you"));
	g_assert_true(sg_lexicon_alias(l, "appl", "apple"));
	g_assert_false(sg_lexicon_alias(l, "you", "you"));
	g_assert_false(sg_lexicon_alias(l, "you", "u"));
	p = sg_phrase_new(l, phrase, fruit, l, &why);
	if (p == NULL)
		g_error("%s: %s", phrase, why);
	sg_lexicon_close(l);
	sg_window_init(w, l);
	for (gsize at = 0; at < len && found == NULL; at++) {
		if (!g_ascii_isalnum(text[at]) || (at > 0 && g_ascii_isalnum(text[at - 1])))
			continue;
		sg_window_read(w, text, len, at, at + 1);
		if (sg_phrase_find(p, w, &from, &to))
			found = g_strndup(text + from, to - from);
	}
	sg_window_clear(w);
	sg_phrase_free(p);
	return found;
}

static void
phrases(void)
{
	static const struct {
		const char *phrase, *text, *found;
	} ways[] = {
		{ "eat <fruit>", "do eat pears now", "eat pears" },
		{ "eat <fruit>", "do eat star fruit now", "eat star fruit" },
		{ "eat <fruit>", "do eat star anise", NULL },
		{ "eat <fruit>", "they eat. apple pie", NULL },
		{ "eat . <fruit>", "they eat. apple pie", "eat. apple" },
		{ "eat <fruit>", "eat, \"apple\"", "eat, \"apple" },
		{ "eat (a|the|)? <fruit>", "eat the apple", "eat the apple" },
		{ "eat (a|the|)? <fruit>", "eat apple", "eat apple" },
		{ "eat (very|so)* <fruit>", "eat so very so apple", "eat so very so apple" },
		{ "eat (very|so)* <fruit>", "eat so so so so so apple", NULL },
		{ "eat (very|so)+ <fruit>", "eat apple", NULL },
		{ "eat (very|<fruit>|$)", "eat star fruit", "eat star fruit" },
		{ "eat (very|<fruit>|$)", "they eat", "eat" },
		{ "eat .. <fruit>", "eat one two three four apple", "eat one two three four apple" },
		{ "eat ..2 <fruit>", "eat one two three apple", NULL },
		{ "eat _ <fruit>", "eat apple", NULL },
		{ "eat _ <fruit>", "eat my apple", "eat my apple" },
		{ "eat # <fruit>", "eat 12 pears", "eat 12 pears" },
		{ "eat # <fruit>", "eat two pears", NULL },
		{ "^ eat", "go. eat", "eat" },
		{ "^ eat", "go eat", NULL },
		{ "eat $", "you eat!", "eat" },
		{ "eat $", "you eat it", NULL },
		{ "you eat", "u eat", "u eat" },
		{ "<fruit> please", "appl please", "appl please" },
		{ "don't eat", "dont eat", "dont eat" },
		{ "dont eat", "don't eat", "don't eat" },
		{ "do eat", "doooo eeat", NULL },
		{ "so eat", "sooooo eat", "sooooo eat" },
		{ "eat*", "eaten", "eaten" },
		{ "eat (bread (and butter)?|<fruit>)", "eat bread and butter", "eat bread and butter" },
		{ "eat", "great eater", NULL },
		{ "eat apple", "eat apple-pie", NULL },
		{ "eat apple pie", "eat apple-pie", "eat apple-pie" },
		{ "eat", "version 2.eat", "eat" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autofree char *got = said(ways[i].phrase, ways[i].text);

		g_test_message("%s in %s", ways[i].phrase, ways[i].text);
		g_assert_cmpstr(got, ==, ways[i].found);
	}
}

static void
wrong_phrases(void)
{
	static const struct {
		const char *phrase, *says;
	} bad[] = {
		{ "eat (a", "not closed" }, { "eat a)", "has no (" }, { "eat <fruit", "not closed" }, { "eat <no-such>", "missing" },
		{ "eat?", "may be absent" }, { "..3", "may be absent" }, { "", "may be absent" }, { "^ $", "may be absent" }, { "(#|eat)", "may be absent" },
		{ "eat ..40 pears", "1 to 12" }, { "eat + drink", "no meaning" },
		{ "((((((((((eat))))))))))", "too deeply" },
		{ "(((a|b|c|d|e|f)* (a|b|c|d|e|f)*)* eat)* (((a|b|c|d|e|f)* (a|b|c|d|e|f)*)* eat)", "too long" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(SgLexicon) l = sg_lexicon_new();
		g_autofree char *why = NULL;

		g_assert_null(sg_phrase_new(l, bad[i].phrase, fruit, l, &why));
		g_test_message("%s: %s", bad[i].phrase, why);
		g_assert_nonnull(strstr(why, bad[i].says));
	}
}

/* A window begins and ends somewhere: no byte before or behind the text may be read. */
static void
long_texts(void)
{
	g_autoptr(GString) s = g_string_new(NULL);
	g_autofree char *got = NULL, *none = NULL;

	for (guint i = 0; i < 400; i++)
		g_string_append(s, "very ");
	g_string_append(s, "eat apple");
	for (guint i = 0; i < 400; i++)
		g_string_append(s, " \xc3\xa9t\xc3\xa9");
	got = said("eat <fruit>", s->str);
	g_assert_cmpstr(got, ==, "eat apple");
	none = said("eat <fruit> now", s->str);
	g_assert_null(none);
}

static void
quotations(void)
{
	static const struct {
		const char *text;
		gboolean    quoted;
	} cases[] = {
		{ "they wrote \"eat\" on it", TRUE }, { "they wrote 'go and eat it' on it", TRUE }, { "eat", FALSE },
		{ "\"no\" and eat and \"yes\"", FALSE }, { "don't eat, i'm here", FALSE }, { "the boys' eat", FALSE },
		{ "\"eat", FALSE }, { "eat\"", FALSE }, { "(\"eat\")", TRUE }, { "the sign says: \"do eat me.\"", TRUE },
		{ "a 6\" cake to eat with 5\" plates", FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *t = cases[i].text;
		gsize at = (gsize)(strstr(t, "eat") - t);

		g_test_message("%s", t);
		g_assert_cmpint(sg_window_quoted(t, strlen(t), at, at + 3), ==, cases[i].quoted);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/say/phrases", phrases);
	g_test_add_func("/say/wrong phrases say why", wrong_phrases);
	g_test_add_func("/say/windows of long texts", long_texts);
	g_test_add_func("/say/quotations", quotations);
	return g_test_run();
}
