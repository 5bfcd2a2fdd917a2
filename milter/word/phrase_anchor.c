/* phrase_anchor - by which words of a phrase it is looked for, and what must be beside them. */
#include <string.h>

#include "word/phrase_inner.h"
#include "word/usage.h"

#define NEED_FAR 100		/* tokens; farther away it says nothing */

static void
add_anchor(GArray *anchors, guint32 word, const guint32 *phrase)
{
	SgAnchor a = { word, phrase, 0 };

	if (anchors == NULL)
		return;
	while (phrase != NULL && phrase[a.at] != word)
		a.at++;
	g_array_append_val(anchors, a);
}

/* Every phrase of a list has a word to look for. */
static void
anchor_list(const SgLexicon *l, guint class, GArray *anchors)
{
	const GPtrArray *phrases = sg_lexicon_phrases(l, class);

	for (guint i = 0; i < phrases->len; i++) {
		const guint32 *phrase = g_ptr_array_index(phrases, i);

		add_anchor(anchors, sg_lexicon_rarest(l, phrase), phrase[1] != SG_WORD_NONE ? phrase : NULL);
	}
}

static guint usage(const SgLexicon *l, const SgNode *n, GArray *anchors);

/* Of a choice: all of it, as any may be there; of a sequence: the least used. */
static guint
usage_of_inner(const SgLexicon *l, const SgNode *n, GArray *anchors)
{
	const SgNode *best = NULL;
	guint sum = 0, least = SG_USAGE_ALWAYS;

	for (guint i = 0; i < n->inner->len; i++) {
		const SgNode *k = g_ptr_array_index(n->inner, i);
		guint u = usage(l, k, n->kind == SG_NODE_CHOICE ? anchors : NULL);

		sum = u == SG_USAGE_ALWAYS || sum == SG_USAGE_ALWAYS ? SG_USAGE_ALWAYS :
		    MIN(sum + u, SG_USAGE_ALWAYS - 1);
		if (u < least) {
			least = u;
			best = k;
		}
	}
	if (n->kind == SG_NODE_CHOICE)
		return sum;
	if (best != NULL && anchors != NULL)
		(void)usage(l, best, anchors);
	return least;
}

/* How often this part of a phrase is likely to be seen; SG_USAGE_ALWAYS when it may be
 * absent or is no word to search for.  With anchors: the words to look for go there. */
static guint
usage(const SgLexicon *l, const SgNode *n, GArray *anchors)
{
	if (n->min == 0 || n->kind == SG_NODE_ANY || n->kind == SG_NODE_BEGIN || n->kind == SG_NODE_END)
		return SG_USAGE_ALWAYS;
	if (n->kind == SG_NODE_CLASS) {
		anchor_list(l, n->arg, anchors);
		return sg_lexicon_class_usage(l, n->arg);
	}
	if (n->kind != SG_NODE_WORD)
		return usage_of_inner(l, n, anchors);
	add_anchor(anchors, n->arg, NULL);
	return sg_lexicon_usage(l, n->arg);
}

typedef struct {	/* how many words a part can be */
	guint min, max;
} Length;

static Length length(const SgLexicon *l, const SgNode *n);

static Length
length_of_list(const SgLexicon *l, guint class)
{
	const GPtrArray *phrases = sg_lexicon_phrases(l, class);
	Length all = { SG_CLASS_WORDS, 1 };

	for (guint i = 0; i < phrases->len; i++) {
		const guint32 *phrase = g_ptr_array_index(phrases, i);
		guint words = 0;

		while (phrase[words] != SG_WORD_NONE)
			words++;
		all.min = MIN(all.min, words);
		all.max = MAX(all.max, words);
	}
	return all;
}

static Length
length_of_inner(const SgLexicon *l, const SgNode *n)
{
	Length all = { 0, 0 };

	for (guint i = 0; i < n->inner->len; i++) {
		Length one = length(l, g_ptr_array_index(n->inner, i));

		if (n->kind == SG_NODE_SEQUENCE) {
			all.min += one.min;
			all.max += one.max;
		} else {
			all.min = i > 0 ? MIN(all.min, one.min) : one.min;
			all.max = MAX(all.max, one.max);
		}
	}
	return all;
}

static Length
length(const SgLexicon *l, const SgNode *n)
{
	Length one = { 1, 1 };

	if (n->kind == SG_NODE_BEGIN || n->kind == SG_NODE_END)
		one.min = one.max = 0;
	else if (n->kind == SG_NODE_CLASS)
		one = length_of_list(l, n->arg);
	else if (n->kind == SG_NODE_SEQUENCE || n->kind == SG_NODE_CHOICE)
		one = length_of_inner(l, n);
	one.min *= n->min;
	one.max *= n->max;
	return one;
}

/* What must follow each other, groups without a choice opened. */
static void
open_groups(const SgNode *n, GPtrArray *parts)
{
	gboolean once = n->min == 1 && n->max == 1;

	if (!once || !(n->kind == SG_NODE_SEQUENCE || (n->kind == SG_NODE_CHOICE && n->inner->len == 1))) {
		g_ptr_array_add(parts, (gpointer)(gsize)n);
		return;
	}
	for (guint i = 0; i < n->inner->len; i++)
		open_groups(g_ptr_array_index(n->inner, i), parts);
}

static void
add_word(GHashTable *words, guint32 word)
{
	g_hash_table_add(words, GUINT_TO_POINTER(word));
}

static gboolean first_words(const SgLexicon *l, const SgNode *n, GHashTable *words);

static gboolean
first_of_sequence(const SgLexicon *l, const SgNode *n, GHashTable *words)
{
	for (guint i = 0; i < n->inner->len; i++) {
		const SgNode *k = g_ptr_array_index(n->inner, i);

		if (k->kind == SG_NODE_BEGIN)
			continue;
		if (!first_words(l, k, words))
			return FALSE;
		if (k->min > 0)
			return TRUE;
	}
	return FALSE;
}

/* The words that this part may begin with, into words.  FALSE: any may be, or none need be. */
static gboolean
first_words(const SgLexicon *l, const SgNode *n, GHashTable *words)
{
	gboolean all = n->kind == SG_NODE_CHOICE;

	if (n->kind == SG_NODE_SEQUENCE)
		return first_of_sequence(l, n, words);
	if (n->kind == SG_NODE_WORD && n->arg != SG_WORD_STOP)
		return add_word(words, n->arg), TRUE;
	if (n->kind == SG_NODE_CLASS) {
		const GPtrArray *phrases = sg_lexicon_phrases(l, n->arg);

		for (guint i = 0; i < phrases->len; i++)
			add_word(words, *(const guint32 *)g_ptr_array_index(phrases, i));
		return TRUE;
	}
	for (guint i = 0; all && i < n->inner->len; i++)
		all = first_words(l, g_ptr_array_index(n->inner, i), words);
	return all;
}

static guint
usage_of_words(const SgLexicon *l, GHashTable *words)
{
	GHashTableIter it;
	gpointer word;
	guint sum = 0;

	g_hash_table_iter_init(&it, words);
	while (g_hash_table_iter_next(&it, &word, NULL))
		sum = MIN(sum + sg_lexicon_usage(l, GPOINTER_TO_UINT(word)), SG_USAGE_ALWAYS);
	return sum;
}

static void
add_need(SgPhrase *p, const SgNode *n, gint min, gint max)
{
	SgNeed need = { .kind = SG_NEED_ONE_OF, .arg = n->arg, .min = min, .max = max };

	if (n->min == 0 || max > NEED_FAR || min < -NEED_FAR)
		return;
	need.words = g_hash_table_new(NULL, NULL);
	if (!first_words(p->lexicon, n, need.words)) {
		g_hash_table_unref(need.words);
		return;
	}
	if (n->kind == SG_NODE_WORD)
		need.kind = SG_NEED_WORD;
	else if (n->kind == SG_NODE_CLASS)
		need.kind = SG_NEED_CLASS;
	need.usage = usage_of_words(p->lexicon, need.words) * (guint)(max - min + 1);
	g_array_append_val(p->needs, need);
}

/* Where the other parts are, from part `at` on, of which any word may be the anchor. */
static void
find_needs(SgPhrase *p, const GPtrArray *parts, guint at)
{
	Length anchor = length(p->lexicon, g_ptr_array_index(parts, at));
	gint min = 1, max = (gint)anchor.max;

	/* how it begins itself; of a list that is known */
	if (max > 1 && ((const SgNode *)g_ptr_array_index(parts, at))->kind != SG_NODE_CLASS)
		add_need(p, g_ptr_array_index(parts, at), 1 - max, 0);
	for (guint i = at + 1; i < parts->len; i++) {
		Length one = length(p->lexicon, g_ptr_array_index(parts, i));

		add_need(p, g_ptr_array_index(parts, i), min, max);
		min += (gint)one.min;
		max += (gint)one.max;
	}
	min = 1 - (gint)anchor.max;
	max = 0;
	for (guint i = at; i-- > 0;) {
		Length one = length(p->lexicon, g_ptr_array_index(parts, i));

		min -= (gint)one.max;
		max -= (gint)one.min;
		add_need(p, g_ptr_array_index(parts, i), min, max);
	}
}

static int
rarest_first(gconstpointer x, gconstpointer y)
{
	const SgNeed *a = x, *b = y;

	return a->usage < b->usage ? -1 : a->usage > b->usage;
}

void
sg_phrase_set_anchor(SgPhrase *p, const SgNode *root)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new();
	guint least = SG_USAGE_ALWAYS, at = 0;

	open_groups(root, parts);
	for (guint i = 0; i < parts->len; i++) {
		guint u = usage(p->lexicon, g_ptr_array_index(parts, i), NULL);

		if (u < least) {
			least = u;
			at = i;
		}
	}
	if (least == SG_USAGE_ALWAYS)
		return;
	(void)usage(p->lexicon, g_ptr_array_index(parts, at), p->anchors);
	find_needs(p, parts, at);
	g_array_sort(p->needs, rarest_first);
}

