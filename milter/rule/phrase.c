/* phrase - reads a phrase and makes a program of it. */
#include <string.h>

#include "rule/phrase_inner.h"
#include "rule/usage.h"

#define DEPTH_MAX 8u
#define GAP_MAX   12u
#define REPEATS	  4u
#define NEED_RANGE 100		/* tokens; farther apart it says nothing */

typedef enum { N_WORD, N_CLASS, N_ANY, N_BEGIN, N_END, N_SEQUENCE, N_CHOICE } NodeKind;

typedef struct {
	NodeKind   kind;
	guint32	   arg;
	guint	   min, max;	/* how often */
	GPtrArray *inner;	/* Node */
} Node;

typedef struct {
	SgLexicon  *lexicon;
	const char *at;
	SgClassFor  class_for;
	gpointer    data;
	char	  **why;
	guint	    depth;
	gboolean    crosses;
} Reader;

static void
node_free(gpointer p)
{
	Node *n = p;

	if (n->inner != NULL)
		g_ptr_array_unref(n->inner);
	g_free(n);
}

static Node *
node_new(NodeKind kind, guint32 arg)
{
	Node *n = g_new0(Node, 1);

	n->kind = kind;
	n->arg = arg;
	n->min = n->max = 1;
	if (kind == N_SEQUENCE || kind == N_CHOICE)
		n->inner = g_ptr_array_new_with_free_func(node_free);
	return n;
}

static Node *
refuse(Reader *r, const char *why)
{
	if (*r->why == NULL)
		*r->why = g_strdup(why);
	return NULL;
}

static Node *read_choice(Reader *r);

static Node *
read_class(Reader *r)
{
	const char *end = strchr(r->at, '>');
	g_autofree char *name = NULL;
	guint class;

	if (end == NULL)
		return refuse(r, "a < is not closed; write <name> for the list words/name.txt");
	name = g_strndup(r->at + 1, (gsize)(end - r->at - 1));
	r->at = end + 1;
	class = r->class_for(r->data, name);
	return class != G_MAXUINT ? node_new(N_CLASS, class) : refuse(r, "a list is missing");
}

static Node *
read_gap(Reader *r)
{
	Node *n = node_new(N_ANY, 0);

	r->at += 2;
	n->min = 0;
	n->max = g_ascii_isdigit(*r->at) ? (guint)g_ascii_strtoull(r->at, (char **)&r->at, 10) : 4;
	if (n->max >= 1 && n->max <= GAP_MAX)
		return n;
	node_free(n);
	return refuse(r, "a gap .. is of 1 to 12 words; write ..3, for instance");
}

/* Is the sequence a few plain words, or one list? */
static gboolean
is_plain(const Node *sequence)
{
	const GPtrArray *in = sequence->inner;

	for (guint i = 0; i < in->len; i++) {
		const Node *n = g_ptr_array_index(in, i);

		if (n->min != 1 || n->max != 1 || (n->kind != N_WORD && n->kind != N_CLASS) ||
		    (n->kind == N_CLASS && in->len > 1))
			return FALSE;
	}
	return in->len > 0 && in->len < SG_CLASS_WORDS;
}

static void
put_plain(SgLexicon *l, guint class, const Node *sequence)
{
	const Node *first = g_ptr_array_index(sequence->inner, 0);
	guint32 words[SG_CLASS_WORDS];

	if (first->kind == N_CLASS) {
		sg_lexicon_put_class(l, class, first->arg);
		return;
	}
	for (guint k = 0; k < sequence->inner->len; k++)
		words[k] = ((const Node *)g_ptr_array_index(sequence->inner, k))->arg;
	sg_lexicon_put(l, class, words, sequence->inner->len);
}

/* What is words and lists among the alternatives becomes one list without a name: one
 * step, however many there are. */
static Node *
as_class(Reader *r, Node *choice, const char *from)
{
	g_autofree char *text = g_strndup(from, (gsize)(r->at - from));
	gboolean fresh = FALSE;
	guint class = sg_lexicon_class(r->lexicon, text, &fresh);
	guint n = choice->inner->len;
	Node *list;

	for (guint i = 0; i < choice->inner->len;) {
		const Node *sequence = g_ptr_array_index(choice->inner, i);

		if (!is_plain(sequence)) {
			i++;
			continue;
		}
		if (fresh)
			put_plain(r->lexicon, class, sequence);
		g_ptr_array_remove_index(choice->inner, i);
	}
	if (choice->inner->len == n)
		return choice;
	list = node_new(N_CLASS, class);
	if (choice->inner->len > 0) {
		Node *sequence = node_new(N_SEQUENCE, 0);

		g_ptr_array_add(sequence->inner, list);
		g_ptr_array_add(choice->inner, sequence);
		return choice;
	}
	node_free(choice);
	return list;
}

static Node *
read_group(Reader *r)
{
	const char *from = r->at;
	Node *n;

	if (++r->depth > DEPTH_MAX)
		return refuse(r, "groups are nested too deeply; write it more simply");
	r->at++;
	n = read_choice(r);
	r->depth--;
	if (n == NULL)
		return NULL;
	if (*r->at != ')') {
		node_free(n);
		return refuse(r, "a ( is not closed; add the )");
	}
	r->at++;
	return as_class(r, n, from);
}

static gboolean
is_word_byte(char c)
{
	return g_ascii_isalnum(c) || c == '\'' || (guchar)c >= 0x80;
}

static Node *
read_word(Reader *r)
{
	const char *from = r->at;
	g_autofree char *word = NULL;

	while (is_word_byte(*r->at))
		r->at++;
	if (r->at == from)
		return refuse(r, "a sign has no meaning here; phrases are made of small letters, "
		    "<lists>, ( | ), .., _, #, ., ^ and $");
	if (*r->at == '*')
		r->at++;
	word = g_strndup(from, (gsize)(r->at - from));
	return node_new(N_WORD, sg_lexicon_add(r->lexicon, word));
}

static Node *
read_sign(Reader *r, Node *n)
{
	r->at++;
	return n;
}

static Node *
read_one(Reader *r)
{
	switch (*r->at) {
	case '(':
		return read_group(r);
	case '<':
		return read_class(r);
	case '_':
		return read_sign(r, node_new(N_ANY, 0));
	case '#':
		return read_sign(r, node_new(N_WORD, SG_WORD_NUMBER));
	case '^':
		return read_sign(r, node_new(N_BEGIN, 0));
	case '$':
		return read_sign(r, node_new(N_END, 0));
	case '.':
		if (r->at[1] == '.')
			return read_gap(r);
		r->crosses = TRUE;
		return read_sign(r, node_new(N_WORD, SG_WORD_STOP));
	default:
		return read_word(r);
	}
}

static Node *
read_item(Reader *r)
{
	char first = *r->at;
	Node *n = read_one(r);

	if (n == NULL)
		return NULL;
	if (*r->at == '?' || ((*r->at == '*' || *r->at == '+') && (first == '(' || first == '<'))) {
		n->max = *r->at == '?' ? 1 : REPEATS;
		n->min = *r->at == '+';
		r->at++;
	}
	return n;
}

static Node *
read_sequence(Reader *r)
{
	Node *all = node_new(N_SEQUENCE, 0);

	for (;;) {
		Node *n;

		while (*r->at == ' ')
			r->at++;
		if (*r->at == '\0' || *r->at == ')' || *r->at == '|')
			return all;
		if ((n = read_item(r)) == NULL) {
			node_free(all);
			return NULL;
		}
		g_ptr_array_add(all->inner, n);
	}
}

static Node *
read_choice(Reader *r)
{
	Node *choice = node_new(N_CHOICE, 0);

	for (;;) {
		Node *n = read_sequence(r);

		if (n == NULL) {
			node_free(choice);
			return NULL;
		}
		g_ptr_array_add(choice->inner, n);
		if (*r->at != '|')
			return choice;
		r->at++;
	}
}

static guint
emit(SgPhrase *p, SgStepKind kind, guint32 arg)
{
	SgStep step = { kind, arg };

	g_array_append_val(p->steps, step);
	return p->steps->len - 1;
}

static void
lead_here(SgPhrase *p, guint step)
{
	g_array_index(p->steps, SgStep, step).arg = p->steps->len;
}

static void compile(SgPhrase *p, const Node *n);

static void
compile_choice(SgPhrase *p, const Node *n)
{
	g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < n->inner->len; i++) {
		gboolean last = i + 1 == n->inner->len;
		guint fork = last ? 0 : emit(p, SG_STEP_FORK, 0), end;

		compile(p, g_ptr_array_index(n->inner, i));
		if (last)
			break;
		end = emit(p, SG_STEP_JUMP, 0);
		g_array_append_val(ends, end);
		lead_here(p, fork);
	}
	for (guint i = 0; i < ends->len; i++)
		lead_here(p, g_array_index(ends, guint, i));
}

static void
compile_once(SgPhrase *p, const Node *n)
{
	static const SgStepKind kinds[] = { [N_WORD] = SG_STEP_WORD, [N_CLASS] = SG_STEP_CLASS,
		[N_ANY] = SG_STEP_ANY, [N_BEGIN] = SG_STEP_BEGIN, [N_END] = SG_STEP_END };

	if (n->kind == N_CHOICE)
		compile_choice(p, n);
	else if (n->kind == N_SEQUENCE)
		for (guint i = 0; i < n->inner->len; i++)
			compile(p, g_ptr_array_index(n->inner, i));
	else
		(void)emit(p, kinds[n->kind], n->arg);
}

static void
compile(SgPhrase *p, const Node *n)
{
	guint forks[GAP_MAX], n_forks = 0;

	for (guint i = 0; i < n->max && p->steps->len < SG_PHRASE_STEPS; i++) {
		if (i >= n->min)
			forks[n_forks++] = emit(p, SG_STEP_FORK, 0);
		compile_once(p, n);
	}
	while (n_forks > 0)
		lead_here(p, forks[--n_forks]);
}

static void
anchor(GHashTable *anchors, guint32 word)
{
	if (anchors != NULL)
		g_hash_table_add(anchors, GUINT_TO_POINTER(word));
}

/* Every phrase of a list has a word to look for. */
static void
anchor_list(const SgLexicon *l, guint class, GHashTable *anchors)
{
	const GPtrArray *phrases = sg_lexicon_phrases(l, class);

	for (guint i = 0; i < phrases->len; i++)
		anchor(anchors, sg_lexicon_rarest(l, g_ptr_array_index(phrases, i)));
}

static guint usage(const SgLexicon *l, const Node *n, GHashTable *anchors);

/* Of a choice: all of it, as any may be there; of a sequence: the least used. */
static guint
usage_of_inner(const SgLexicon *l, const Node *n, GHashTable *anchors)
{
	const Node *best = NULL;
	guint sum = 0, least = SG_USAGE_ALWAYS;

	for (guint i = 0; i < n->inner->len; i++) {
		const Node *k = g_ptr_array_index(n->inner, i);
		guint u = usage(l, k, n->kind == N_CHOICE ? anchors : NULL);

		sum = u == SG_USAGE_ALWAYS || sum == SG_USAGE_ALWAYS ? SG_USAGE_ALWAYS :
		    MIN(sum + u, SG_USAGE_ALWAYS - 1);
		if (u < least) {
			least = u;
			best = k;
		}
	}
	if (n->kind == N_CHOICE)
		return sum;
	if (best != NULL && anchors != NULL)
		(void)usage(l, best, anchors);
	return least;
}

/* How often this part of a phrase is likely to be seen; SG_USAGE_ALWAYS when it may be
 * absent or is no word to search for.  With anchors: the words to look for go there. */
static guint
usage(const SgLexicon *l, const Node *n, GHashTable *anchors)
{
	if (n->min == 0 || n->kind == N_ANY || n->kind == N_BEGIN || n->kind == N_END)
		return SG_USAGE_ALWAYS;
	if (n->kind == N_CLASS) {
		anchor_list(l, n->arg, anchors);
		return sg_lexicon_class_usage(l, n->arg);
	}
	if (n->kind != N_WORD)
		return usage_of_inner(l, n, anchors);
	anchor(anchors, n->arg);
	return sg_lexicon_usage(l, n->arg);
}

typedef struct {	/* how many words a part can be */
	guint min, max;
} Length;

static Length length(const SgLexicon *l, const Node *n);

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
length_of_inner(const SgLexicon *l, const Node *n)
{
	Length all = { 0, 0 };

	for (guint i = 0; i < n->inner->len; i++) {
		Length one = length(l, g_ptr_array_index(n->inner, i));

		if (n->kind == N_SEQUENCE) {
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
length(const SgLexicon *l, const Node *n)
{
	Length one = { 1, 1 };

	if (n->kind == N_BEGIN || n->kind == N_END)
		one.min = one.max = 0;
	else if (n->kind == N_CLASS)
		one = length_of_list(l, n->arg);
	else if (n->kind == N_SEQUENCE || n->kind == N_CHOICE)
		one = length_of_inner(l, n);
	one.min *= n->min;
	one.max *= n->max;
	return one;
}

/* What must follow each other, groups without a choice opened. */
static void
open_groups(const Node *n, GPtrArray *parts)
{
	gboolean once = n->min == 1 && n->max == 1;

	if (!once || !(n->kind == N_SEQUENCE || (n->kind == N_CHOICE && n->inner->len == 1))) {
		g_ptr_array_add(parts, (gpointer)(gsize)n);
		return;
	}
	for (guint i = 0; i < n->inner->len; i++)
		open_groups(g_ptr_array_index(n->inner, i), parts);
}

static gboolean first_words(const SgLexicon *l, const Node *n, GHashTable *words);

static gboolean
first_of_sequence(const SgLexicon *l, const Node *n, GHashTable *words)
{
	for (guint i = 0; i < n->inner->len; i++) {
		const Node *k = g_ptr_array_index(n->inner, i);

		if (k->kind == N_BEGIN)
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
first_words(const SgLexicon *l, const Node *n, GHashTable *words)
{
	gboolean all = n->kind == N_CHOICE;

	if (n->kind == N_SEQUENCE)
		return first_of_sequence(l, n, words);
	if (n->kind == N_WORD && n->arg != SG_WORD_STOP)
		return anchor(words, n->arg), TRUE;
	if (n->kind == N_CLASS) {
		const GPtrArray *phrases = sg_lexicon_phrases(l, n->arg);

		for (guint i = 0; i < phrases->len; i++)
			anchor(words, *(const guint32 *)g_ptr_array_index(phrases, i));
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
add_need(SgPhrase *p, const Node *n, gint min, gint max)
{
	SgNeed need = { .kind = SG_NEED_ONE_OF, .arg = n->arg, .min = min, .max = max };

	if (n->min == 0 || max - min > NEED_RANGE)
		return;
	need.words = g_hash_table_new(NULL, NULL);
	if (!first_words(p->lexicon, n, need.words)) {
		g_hash_table_unref(need.words);
		return;
	}
	if (n->kind == N_WORD)
		need.kind = SG_NEED_WORD;
	else if (n->kind == N_CLASS)
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

	if (max > 1)	/* how it begins itself */
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

/* The anchor, and what else is there. */
static void
find_anchor(SgPhrase *p, const Node *root)
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
}

static int
rarest_first(gconstpointer x, gconstpointer y)
{
	const SgNeed *a = x, *b = y;

	return a->usage < b->usage ? -1 : a->usage > b->usage;
}

static void
need_clear(gpointer p)
{
	g_hash_table_unref(((SgNeed *)p)->words);
}

SgPhrase *
sg_phrase_new(SgLexicon *l, const char *text, SgClassFor class_for, gpointer data, char **why)
{
	Reader r = { .lexicon = l, .at = text, .class_for = class_for, .data = data, .why = why };
	Node *root = read_choice(&r);
	SgPhrase *p = NULL;

	if (root == NULL)
		return NULL;
	p = g_new0(SgPhrase, 1);
	p->lexicon = l;
	p->crosses = r.crosses;
	p->steps = g_array_new(FALSE, FALSE, sizeof(SgStep));
	p->needs = g_array_new(FALSE, FALSE, sizeof(SgNeed));
	g_array_set_clear_func(p->needs, need_clear);
	p->anchors = g_hash_table_new(NULL, NULL);
	compile(p, root);
	find_anchor(p, root);
	g_array_sort(p->needs, rarest_first);
	(void)emit(p, SG_STEP_FOUND, 0);
	if (*r.at != '\0')
		(void)refuse(&r, "a ) has no (; remove it");
	else if (p->steps->len > SG_PHRASE_STEPS)
		(void)refuse(&r, "the phrase is too long; make two of it");
	else if (g_hash_table_size(p->anchors) == 0)
		(void)refuse(&r, "every word of the phrase may be absent; give it one that must be "
		    "there");
	node_free(root);
	if (*why == NULL)
		return p;
	sg_phrase_free(p);
	return NULL;
}

void
sg_phrase_free(SgPhrase *p)
{
	if (p == NULL)
		return;
	g_array_unref(p->steps);
	g_array_unref(p->needs);
	g_hash_table_unref(p->anchors);
	g_free(p);
}

GHashTable *
sg_phrase_anchors(const SgPhrase *p)
{
	return p->anchors;
}

const SgNeed *
sg_phrase_needs(const SgPhrase *p, guint *n)
{
	*n = p->needs->len;
	return (const SgNeed *)(gconstpointer)p->needs->data;
}

gboolean
sg_phrase_crosses(const SgPhrase *p)
{
	return p->crosses;
}
