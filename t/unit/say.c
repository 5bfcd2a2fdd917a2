/* fails-if: a phrase is found where it is not said or missed where it is, runs over the end of a sentence,
 * is missed where a long sentence is cut or because of the words it is looked for by, is not found when a word
 * is spelt otherwise, or what is between quotation marks is taken for said */
#include <glib.h>
#include <string.h>

#include "rule/rule.h"
#include "rule/sayings.h"
#include "word/window.h"

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

typedef struct {
	const SgTokens *tokens;
	const char     *text;
	GString	       *found;	/* places, with "; " between them */
} Found;

static void
note(gpointer data, guint rule, guint from, guint to)
{
	Found *f = data;
	const SgToken *t = f->tokens->token;

	g_assert_cmpuint(rule, ==, 0);
	g_string_append_printf(f->found, "%s%.*s", f->found->len > 0 ? "; " : "", (int)(t[to - 1].to - t[from].from),
	    f->text + t[from].from);
}

/* By its anchors and what it needs, as rules are. */
static void
listened(SgPhrase *p, const SgLexicon *l, Found *f)
{
	g_autoptr(GPtrArray) say = g_ptr_array_new(), rules = g_ptr_array_new();
	g_autoptr(SgSayings) sayings = NULL;
	SgRule rule = { .say = say };
	SgListener listener;
	guint8 wants = TRUE;

	g_ptr_array_add(say, p);
	g_ptr_array_add(rules, &rule);
	sayings = sg_sayings_new(rules, l);
	sg_listener_init(&listener, sayings);
	sg_listen(&listener, f->tokens, 0, &wants, note, f);
	sg_listener_clear(&listener);
}

/* The words that phrase covers in text, with "; " between different places; NULL: none. */
static char *
said(const char *phrase, const char *text)
{
	g_autoptr(SgLexicon) l = sg_lexicon_new();
	g_autoptr(GString) heard = g_string_new(NULL);
	g_autofree char *why = NULL;
	GString *found = g_string_new(NULL);
	SgTokens tokens;
	Found all = { &tokens, text, found }, by_anchor = { &tokens, text, heard };
	SgPiece piece = { 0 };
	SgPhrase *p;
	guint from = 0, to = 0, last = 0;

	g_assert_true(sg_lexicon_alias(l, "u", "you"));
	g_assert_true(sg_lexicon_alias(l, "appl", "apple"));
	g_assert_false(sg_lexicon_alias(l, "you", "you"));
	g_assert_false(sg_lexicon_alias(l, "you", "u"));
	p = sg_phrase_new(l, phrase, fruit, l, &why);
	if (p == NULL)
		g_error("%s: %s", phrase, why);
	sg_lexicon_close(l);
	sg_tokens_init(&tokens, l);
	sg_tokens_read(&tokens, text, strlen(text));
	while (sg_tokens_piece(&tokens, sg_phrase_crosses(p), &piece))
		for (SgPiece rest = piece; sg_phrase_find(p, &tokens, &rest, &from, &to);) {
			g_assert_cmpuint(from, >=, last);
			last = to;
			note(&all, 0, from, to);
		}
	listened(p, l, &by_anchor);
	g_assert_cmpstr(heard->str, ==, found->str);
	sg_tokens_clear(&tokens);
	sg_phrase_free(p);
	return g_string_free(found, found->len == 0);
}

static guint
random_below(guint64 *state, guint n)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (guint)(*state >> 33) % n;
}

/* said() itself compares what is found by anchors with what a search everywhere finds. */
static void
anchors_miss_nothing(void)
{
	static const char *const parts[] = { "eat", "(eat|drink the)", "the", "(a|the)?", "<fruit>", "<fruit>?", "..3", "_",
		"^", "$", "(so|very)*", "(drink|eat (a|my) <fruit>)", "(my star|star fruit|fruit)", "(<fruit>|my|$)", "#", "." };
	static const char *const words[] = { "eat", "drink", "the", "a", "my", "apple", "pears", "star", "fruit", "so", "very",
		"12", "other", ".", "eat", "star" };
	guint64 state = 11;
	guint hits = 0;

	for (guint i = 0; i < 3000; i++) {
		g_autoptr(GString) phrase = g_string_new("eat"), text = g_string_new(NULL);
		g_autofree char *got = NULL;

		g_string_assign(phrase, i % 3 == 0 ? "eat" : i % 3 == 1 ? "<fruit>" : "(my star|star fruit|fruit)");
		for (guint n = random_below(&state, 4); n > 0; n--) {
			const char *part = parts[random_below(&state, G_N_ELEMENTS(parts))];

			g_string_insert_c(phrase, random_below(&state, 2) == 0 ? 0 : -1, ' ');
			g_string_insert(phrase, phrase->str[0] == ' ' ? 0 : -1, part);
		}
		for (guint n = 5 + random_below(&state, 200); n > 0; n--)
			g_string_append_printf(text, " %s", words[random_below(&state, G_N_ELEMENTS(words))]);
		got = said(phrase->str, text->str);
		hits += got != NULL;
	}
	g_assert_cmpuint(hits, >, 1000);
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
		{ "eat", "eat, eat. Eat", "eat; eat" },
		{ "eat (so|very)* <fruit>", "eat very apple eat pear", "eat very apple; eat pear" },
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

/* A piece begins and ends somewhere: no byte before or behind the text may be read. */
static void
long_texts(void)
{
	for (guint before = 0; before < 2 * SG_PIECE_WORDS; before++) {
		g_autoptr(GString) s = g_string_new(NULL);
		g_autofree char *got = NULL, *none = NULL, *whole = NULL;

		for (guint i = 0; i < before; i++)
			g_string_append(s, "very ");
		g_string_append(s, "eat one and two apples apple");
		for (guint i = 0; i < before % 3 * SG_PIECE_WORDS; i++)
			g_string_append(s, " \xc3\xa9t\xc3\xa9");
		got = said("eat ..5 <fruit>", s->str);
		g_assert_cmpstr(got, ==, "eat one and two apples apple");
		none = said("eat ..5 <fruit> now", s->str);
		g_assert_null(none);
		g_string_append(s, ". now");
		whole = said("<fruit> .. . now", s->str);
		g_assert_cmpstr(whole, ==, before % 3 == 0 ? "apple. now" : NULL);
	}
}

static void
again_and_again(void)
{
	g_autoptr(GString) s = g_string_new(NULL);
	g_autofree char *got = NULL;
	guint n = 0;

	for (guint i = 0; i < 1000; i++)
		g_string_append(s, "eat apple ");
	got = said("eat <fruit>", s->str);
	for (const char *at = got; (at = strstr(at, "eat apple")) != NULL; at++)
		n++;
	g_assert_cmpuint(n, ==, 1000);
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
	g_test_add_func("/say/anchors miss nothing", anchors_miss_nothing);
	g_test_add_func("/say/wrong phrases say why", wrong_phrases);
	g_test_add_func("/say/pieces of long texts", long_texts);
	g_test_add_func("/say/many times in a sentence", again_and_again);
	g_test_add_func("/say/quotations", quotations);
	return g_test_run();
}
