/* phrase - reads a phrase and makes a program of it. */
#include <string.h>

#include "word/phrase_inner.h"

#define DEPTH_MAX 8u
#define GAP_MAX   12u
#define REPEATS	  4u

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
	SgNode *n = p;

	if (n->inner != NULL)
		g_ptr_array_unref(n->inner);
	g_free(n);
}

static SgNode *
node_new(SgNodeKind kind, guint32 arg)
{
	SgNode *n = g_new0(SgNode, 1);

	n->kind = kind;
	n->arg = arg;
	n->min = n->max = 1;
	if (kind == SG_NODE_SEQUENCE || kind == SG_NODE_CHOICE)
		n->inner = g_ptr_array_new_with_free_func(node_free);
	return n;
}

static SgNode *
refuse(Reader *r, const char *why)
{
	if (*r->why == NULL)
		*r->why = g_strdup(why);
	return NULL;
}

static SgNode *read_choice(Reader *r);

static SgNode *
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
	return class != G_MAXUINT ? node_new(SG_NODE_CLASS, class) : refuse(r, "a list is missing");
}

static SgNode *
read_gap(Reader *r)
{
	SgNode *n = node_new(SG_NODE_ANY, 0);

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
is_plain(const SgNode *sequence)
{
	const GPtrArray *in = sequence->inner;

	for (guint i = 0; i < in->len; i++) {
		const SgNode *n = g_ptr_array_index(in, i);

		if (n->min != 1 || n->max != 1 || (n->kind != SG_NODE_WORD && n->kind != SG_NODE_CLASS) ||
		    (n->kind == SG_NODE_CLASS && in->len > 1))
			return FALSE;
	}
	return in->len > 0 && in->len < SG_CLASS_WORDS;
}

static void
put_plain(SgLexicon *l, guint class, const SgNode *sequence)
{
	const SgNode *first = g_ptr_array_index(sequence->inner, 0);
	guint32 words[SG_CLASS_WORDS];

	if (first->kind == SG_NODE_CLASS) {
		sg_lexicon_put_class(l, class, first->arg);
		return;
	}
	for (guint k = 0; k < sequence->inner->len; k++)
		words[k] = ((const SgNode *)g_ptr_array_index(sequence->inner, k))->arg;
	sg_lexicon_put(l, class, words, sequence->inner->len);
}

/* What is words and lists among the alternatives becomes one list without a name: one
 * step, however many there are. */
static SgNode *
as_class(Reader *r, SgNode *choice, const char *from)
{
	g_autofree char *text = g_strndup(from, (gsize)(r->at - from));
	gboolean fresh = FALSE;
	guint class = sg_lexicon_class(r->lexicon, text, &fresh);
	guint n = choice->inner->len;
	SgNode *list;

	for (guint i = 0; i < choice->inner->len;) {
		const SgNode *sequence = g_ptr_array_index(choice->inner, i);

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
	list = node_new(SG_NODE_CLASS, class);
	if (choice->inner->len > 0) {
		SgNode *sequence = node_new(SG_NODE_SEQUENCE, 0);

		g_ptr_array_add(sequence->inner, list);
		g_ptr_array_add(choice->inner, sequence);
		return choice;
	}
	node_free(choice);
	return list;
}

static SgNode *
read_group(Reader *r)
{
	const char *from = r->at;
	SgNode *n;

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

static SgNode *
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
	return node_new(SG_NODE_WORD, sg_lexicon_add(r->lexicon, word));
}

static SgNode *
read_sign(Reader *r, SgNode *n)
{
	r->at++;
	return n;
}

static SgNode *
read_one(Reader *r)
{
	switch (*r->at) {
	case '(':
		return read_group(r);
	case '<':
		return read_class(r);
	case '_':
		return read_sign(r, node_new(SG_NODE_ANY, 0));
	case '#':
		return read_sign(r, node_new(SG_NODE_WORD, SG_WORD_NUMBER));
	case '^':
		return read_sign(r, node_new(SG_NODE_BEGIN, 0));
	case '$':
		return read_sign(r, node_new(SG_NODE_END, 0));
	case '.':
		if (r->at[1] == '.')
			return read_gap(r);
		r->crosses = TRUE;
		return read_sign(r, node_new(SG_NODE_WORD, SG_WORD_STOP));
	default:
		return read_word(r);
	}
}

static SgNode *
read_item(Reader *r)
{
	char first = *r->at;
	SgNode *n = read_one(r);

	if (n == NULL)
		return NULL;
	if (*r->at == '?' || ((*r->at == '*' || *r->at == '+') && (first == '(' || first == '<'))) {
		n->max = *r->at == '?' ? 1 : REPEATS;
		n->min = *r->at == '+';
		r->at++;
	}
	return n;
}

static SgNode *
read_sequence(Reader *r)
{
	SgNode *all = node_new(SG_NODE_SEQUENCE, 0);

	for (;;) {
		SgNode *n;

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

static SgNode *
read_choice(Reader *r)
{
	SgNode *choice = node_new(SG_NODE_CHOICE, 0);

	for (;;) {
		SgNode *n = read_sequence(r);

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

static void compile(SgPhrase *p, const SgNode *n);

static void
compile_choice(SgPhrase *p, const SgNode *n)
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
compile_once(SgPhrase *p, const SgNode *n)
{
	static const SgStepKind kinds[] = { [SG_NODE_WORD] = SG_STEP_WORD, [SG_NODE_CLASS] = SG_STEP_CLASS,
		[SG_NODE_ANY] = SG_STEP_ANY, [SG_NODE_BEGIN] = SG_STEP_BEGIN, [SG_NODE_END] = SG_STEP_END };

	if (n->kind == SG_NODE_CHOICE)
		compile_choice(p, n);
	else if (n->kind == SG_NODE_SEQUENCE)
		for (guint i = 0; i < n->inner->len; i++)
			compile(p, g_ptr_array_index(n->inner, i));
	else
		(void)emit(p, kinds[n->kind], n->arg);
}

static void
compile(SgPhrase *p, const SgNode *n)
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
need_clear(gpointer p)
{
	g_hash_table_unref(((SgNeed *)p)->words);
}

SgPhrase *
sg_phrase_new(SgLexicon *l, const char *text, SgClassFor class_for, gpointer data, char **why)
{
	Reader r = { .lexicon = l, .at = text, .class_for = class_for, .data = data, .why = why };
	SgNode *root = read_choice(&r);
	SgPhrase *p = NULL;

	if (root == NULL)
		return NULL;
	p = g_new0(SgPhrase, 1);
	p->lexicon = l;
	p->crosses = r.crosses;
	p->steps = g_array_new(FALSE, FALSE, sizeof(SgStep));
	p->needs = g_array_new(FALSE, FALSE, sizeof(SgNeed));
	g_array_set_clear_func(p->needs, need_clear);
	p->anchors = g_array_new(FALSE, FALSE, sizeof(SgAnchor));
	compile(p, root);
	sg_phrase_set_anchor(p, root);
	(void)emit(p, SG_STEP_FOUND, 0);
	if (*r.at != '\0')
		(void)refuse(&r, "a ) has no (; remove it");
	else if (p->steps->len > SG_PHRASE_STEPS)
		(void)refuse(&r, "the phrase is too long; make two of it");
	else if (p->anchors->len == 0)
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
	g_array_unref(p->anchors);
	g_free(p);
}

const SgAnchor *
sg_phrase_anchors(const SgPhrase *p, guint *n)
{
	*n = p->anchors->len;
	return (const SgAnchor *)(gconstpointer)p->anchors->data;
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
