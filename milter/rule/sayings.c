#include <stdlib.h>
#include <string.h>

#include "rule/rule.h"
#include "rule/sayings.h"

#define CHECKED 4u	/* words a phrase needs that are asked for before it is looked for */

typedef struct {
	guint16 bit;		/* of what words give; ALWAYS: any word does */
	gint8	min, max;	/* tokens from the anchor on */
} Need;

#define ALWAYS 0u

typedef struct {
	const SgPhrase *phrase;
	guint32		rule;
	guint		needs;
	Need		need[CHECKED];
} Saying;

typedef struct {	/* of a word: it is the anchor of that one; there are many, so it is small */
	guint32	saying;
	guint32 others;		/* the word's hooks from here on ask for other things than this one */
	guint32 phrase;		/* its words in `words` must stand here ... */
	guint8	n, at;		/* so many, the anchor number `at`; 0: it stands alone */
	Need	rarest;		/* a copy of the saying's first */
} Hook;

/* Of phrases that end with the sentence, or of those that cross it. */
typedef struct {
	guint32 *first;		/* by word, one more than there are */
	Hook	*hook;		/* [first[word], first[word + 1]) are those of the word */
	guint	 n;
} Anchors;

struct SgSayings {
	const SgLexicon *lexicon;
	GArray		*all;		/* Saying */
	Anchors		 within, across;
	GArray		*words;		/* guint32: of anchors that are several words */
	guint64		*gives;		/* by word, `row` each: bits of needs it may meet */
	guint		 row;
	guint64		*brief;		/* by word: the same, folded into one */
	guint8		*hooked;	/* by word: WITHIN, ACROSS: it is an anchor of such */
};

enum { WITHIN = 1, ACROSS = 2 };

typedef struct {	/* while they are made */
	SgSayings  *s;
	GHashTable *numbers;	/* of needs: GBytes of their words, in order -> bit */
	GPtrArray  *needs;	/* GBytes: by bit */
	GHashTable *phrases;	/* of lists: where their words begin in `words`, + 1 */
} Maker;

static int
by_number(gconstpointer x, gconstpointer y)
{
	const guint32 *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static GBytes *
words_of(const SgNeed *need)
{
	GArray *words = g_array_new(FALSE, FALSE, sizeof(guint32));
	GHashTableIter it;
	gpointer word;
	gsize len;

	g_hash_table_iter_init(&it, need->words);
	while (g_hash_table_iter_next(&it, &word, NULL)) {
		guint32 number = GPOINTER_TO_UINT(word);

		g_array_append_val(words, number);
	}
	g_array_sort(words, by_number);
	len = words->len * sizeof(guint32);
	return g_bytes_new_take(g_array_free(words, FALSE), len);
}

static guint16
bit_for(Maker *m, const SgNeed *need)
{
	g_autoptr(GBytes) words = words_of(need);
	gpointer bit = g_hash_table_lookup(m->numbers, words);

	if (bit == NULL) {
		bit = GUINT_TO_POINTER(m->needs->len);
		g_hash_table_insert(m->numbers, words, bit);
		g_ptr_array_add(m->needs, g_steal_pointer(&words));
	}
	return (guint16)GPOINTER_TO_UINT(bit);
}

/* What is asked for most stands together. */
static void
number_rarest(Maker *m, const GPtrArray *rules)
{
	for (guint i = 0; i < rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(rules, i);

		for (guint k = 0; rule->say != NULL && k < rule->say->len; k++) {
			guint n = 0;
			const SgNeed *needs = sg_phrase_needs(g_ptr_array_index(rule->say, k), &n);

			if (n > 0 && m->needs->len < G_MAXUINT16)
				(void)bit_for(m, &needs[0]);
		}
	}
}

static void
add_saying(Maker *m, const SgPhrase *p, guint rule)
{
	Saying one = { .phrase = p, .rule = rule };
	guint n = 0;
	const SgNeed *needs = sg_phrase_needs(p, &n);

	for (one.needs = 0; one.needs < MIN(n, CHECKED) && m->needs->len < G_MAXUINT16; one.needs++) {
		const SgNeed *need = &needs[one.needs];

		one.need[one.needs] = (Need){ bit_for(m, need), (gint8)need->min, (gint8)need->max };
	}
	if (one.needs == 0)
		one.need[one.needs++] = (Need){ ALWAYS, 0, 0 };
	g_array_append_val(m->s->all, one);
}

/* Its bit in what is folded: ALWAYS has one of its own. */
static guint64
folded(guint bit)
{
	return G_GUINT64_CONSTANT(1) << (bit == ALWAYS ? 0 : 1 + (bit - 1) % 63);
}

static void
make_needs(Maker *m)
{
	SgSayings *s = m->s;

	s->row = (m->needs->len + 63) / 64;
	s->gives = g_new0(guint64, (gsize)s->row * sg_lexicon_size(s->lexicon));
	s->brief = g_new0(guint64, sg_lexicon_size(s->lexicon));
	for (guint w = 0; w < sg_lexicon_size(s->lexicon); w++) {
		s->gives[(gsize)w * s->row] |= 1u << ALWAYS;
		s->brief[w] |= folded(ALWAYS);
	}
	for (guint bit = ALWAYS + 1; bit < m->needs->len; bit++) {
		gsize len;
		const guint32 *word = g_bytes_get_data(g_ptr_array_index(m->needs, bit), &len);

		for (gsize i = 0; i < len / sizeof *word; i++) {
			s->gives[word[i] * s->row + bit / 64] |= G_GUINT64_CONSTANT(1) << bit % 64;
			s->brief[word[i]] |= folded(bit);
		}
	}
}

/* Where the words of a list's phrase stand in `words`: once, whatever number of sayings have it. */
static guint32
place_of(Maker *m, const guint32 *phrase)
{
	GArray *words = m->s->words;
	gpointer at = g_hash_table_lookup(m->phrases, phrase);

	if (at == NULL) {
		at = GUINT_TO_POINTER(words->len + 1);
		g_hash_table_insert(m->phrases, (gpointer)(gsize)phrase, at);
		for (; *phrase != SG_WORD_NONE; phrase++)
			g_array_append_val(words, *phrase);
	}
	return GPOINTER_TO_UINT(at) - 1;
}

static Hook
hook_for(Maker *m, guint saying, const SgAnchor *a)
{
	Hook h = { .saying = saying, .at = (guint8)a->at,
		.rarest = g_array_index(m->s->all, Saying, saying).need[0] };

	if (a->phrase == NULL)
		return h;
	while (a->phrase[h.n] != SG_WORD_NONE)
		h.n++;
	h.phrase = place_of(m, a->phrase);
	return h;
}

/* By what they ask for. */
static int
by_question(gconstpointer x, gconstpointer y)
{
	const Hook *a = x, *b = y;
	int d = a->rarest.bit - b->rarest.bit;

	d = d != 0 ? d : a->rarest.min - b->rarest.min;
	d = d != 0 ? d : a->rarest.max - b->rarest.max;
	d = d != 0 ? d : a->n - b->n;
	d = d != 0 ? d : a->at - b->at;
	return d != 0 ? d : a->phrase < b->phrase ? -1 : a->phrase > b->phrase;
}

static int
by_question_and_saying(gconstpointer x, gconstpointer y)
{
	const Hook *a = x, *b = y;
	int d = by_question(x, y);

	return d != 0 ? d : a->saying < b->saying ? -1 : a->saying > b->saying;
}

/* Those of a word that ask the same stand together: one answer is for all of them. */
static void
sort_hooks(Anchors *a, guint words)
{
	for (guint w = 0; w < words; w++) {
		guint first = a->first[w], end = a->first[w + 1];

		if (first == end)
			continue;
		qsort(a->hook + first, end - first, sizeof(Hook), by_question_and_saying);
		for (guint k = end; k-- > first;)
			a->hook[k].others = k + 1 < end && by_question(&a->hook[k], &a->hook[k + 1]) == 0 ?
			    a->hook[k + 1].others : k + 1;
	}
}

static void
make_anchors(Maker *m, Anchors *a, gboolean across)
{
	SgSayings *s = m->s;
	guint words = sg_lexicon_size(s->lexicon);
	g_autofree guint32 *next = NULL;

	a->first = g_new0(guint32, words + 1);
	for (guint pass = 0; pass < 2; pass++) {
		for (guint i = 0; i < s->all->len; i++) {
			const Saying *one = &g_array_index(s->all, Saying, i);
			guint n = 0;
			const SgAnchor *k = sg_phrase_anchors(one->phrase, &n);

			for (; sg_phrase_crosses(one->phrase) == across && n > 0; n--, k++)
				if (pass == 0)
					a->first[k->word + 1]++;
				else
					a->hook[next[k->word]++] = hook_for(m, i, k);
		}
		if (pass > 0)
			break;
		for (guint w = 0; w < words; w++)
			a->first[w + 1] += a->first[w];
		a->n = a->first[words];
		a->hook = g_new0(Hook, MAX(a->n, 1));
		next = g_memdup2(a->first, words * sizeof *next);
	}
	sort_hooks(a, words);
	for (guint w = 0; w < words; w++)
		if (a->first[w] < a->first[w + 1])
			s->hooked[w] |= across ? ACROSS : WITHIN;
}

static void
unref_bytes(gpointer p)
{
	g_bytes_unref(p);
}

SgSayings *
sg_sayings_new(const GPtrArray *rules, const SgLexicon *l)
{
	SgSayings *s = g_new0(SgSayings, 1);
	Maker m = { s, g_hash_table_new(g_bytes_hash, g_bytes_equal),
		g_ptr_array_new_with_free_func(unref_bytes), g_hash_table_new(NULL, NULL) };

	g_ptr_array_add(m.needs, g_bytes_new(NULL, 0));	/* ALWAYS */
	s->lexicon = l;
	s->all = g_array_new(FALSE, FALSE, sizeof(Saying));
	s->words = g_array_new(FALSE, FALSE, sizeof(guint32));
	number_rarest(&m, rules);
	for (guint i = 0; i < rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(rules, i);

		for (guint k = 0; rule->say != NULL && k < rule->say->len; k++)
			add_saying(&m, g_ptr_array_index(rule->say, k), i);
	}
	make_needs(&m);
	s->hooked = g_new0(guint8, sg_lexicon_size(l));
	make_anchors(&m, &s->within, FALSE);
	make_anchors(&m, &s->across, TRUE);
	g_hash_table_unref(m.numbers);
	g_ptr_array_unref(m.needs);
	g_hash_table_unref(m.phrases);
	return s;
}

void
sg_sayings_free(SgSayings *s)
{
	if (s == NULL)
		return;
	g_array_unref(s->all);
	g_array_unref(s->words);
	g_free(s->within.first);
	g_free(s->within.hook);
	g_free(s->across.first);
	g_free(s->across.hook);
	g_free(s->gives);
	g_free(s->brief);
	g_free(s->hooked);
	g_free(s);
}

gboolean
sg_sayings_any(const SgSayings *s)
{
	return s->all->len > 0;
}

void
sg_listener_init(SgListener *listener, const SgSayings *s)
{
	listener->sayings = s;
	listener->tried = g_new0(guint32, MAX(s->all->len, 1));
	listener->piece = 0;
}

void
sg_listener_clear(SgListener *listener)
{
	g_clear_pointer(&listener->tried, g_free);
}

typedef struct {	/* one text */
	SgListener     *l;
	const SgTokens *t;
	const guint8   *wants;
	SgSaid		said;
	gpointer	data;
	SgPiece		piece;
	guint64		brief[SG_PIECE_WORDS];	/* of its tokens */
} Run;

static gboolean
has_bit(const guint64 *bits, guint bit)
{
	return (bits[bit / 64] >> bit % 64 & 1) != 0;
}

/* The other words of a list's phrase, around the anchor at token at. */
static gboolean
stands_here(const Run *r, guint at, const Hook *h)
{
	const guint32 *word = &g_array_index(r->l->sayings->words, guint32, h->phrase);

	if (at < r->piece.low + h->at || at - h->at + h->n > r->piece.high)
		return FALSE;
	for (guint k = 0; k < h->n; k++) {
		const SgToken *t = &r->t->token[at - h->at + k];

		if (t->word != word[k] && t->begin != word[k])
			return FALSE;
	}
	return TRUE;
}

static gboolean
gives(const SgSayings *s, const SgToken *t, guint bit)
{
	return has_bit(s->gives + (gsize)t->word * s->row, bit) ||
	    (t->begin != SG_WORD_NONE && has_bit(s->gives + (gsize)t->begin * s->row, bit));
}

/* Is what is needed where it must be, when the anchor is token at? */
static gboolean
is_there(const Run *r, guint at, const Need *need)
{
	gint low = MAX((gint)at + need->min, (gint)r->piece.low);
	gint high = MIN((gint)at + need->max, (gint)r->piece.high - 1);
	guint64 bit = folded(need->bit);

	for (gint i = low; i <= high; i++)
		if ((r->brief[i - (gint)r->piece.low] & bit) != 0 &&
		    gives(r->l->sayings, &r->t->token[i], need->bit))
			return TRUE;
	return FALSE;
}

/* The anchor of this phrase is token at, and what it needs most is there. */
static void
look_for(Run *r, guint at, guint index)
{
	SgListener *l = r->l;
	const Saying *s = &g_array_index(l->sayings->all, Saying, index);
	SgPiece piece = r->piece;
	guint from, to;

	if (l->tried[index] == l->piece || !r->wants[s->rule])
		return;
	for (guint i = 1; i < s->needs; i++)
		if (!is_there(r, at, &s->need[i]))
			return;
	l->tried[index] = l->piece;
	while (sg_phrase_find(s->phrase, r->t, &piece, &from, &to))
		r->said(r->data, s->rule, from, to);
}

static void
look_for_all(Run *r, const Anchors *a, guint at, guint32 word)
{
	for (guint k = a->first[word]; k < a->first[word + 1];) {
		const Hook *h = &a->hook[k];

		if ((h->n > 0 && !stands_here(r, at, h)) || !is_there(r, at, &h->rarest)) {
			k = h->others;
			continue;
		}
		for (guint end = h->others; k < end; k++)
			look_for(r, at, a->hook[k].saying);
	}
}

static void
next_piece(Run *r)
{
	SgListener *l = r->l;

	if (++l->piece > 0)
		return;
	memset(l->tried, 0, l->sayings->all->len * sizeof *l->tried);
	l->piece = 1;
}

/* Is a word of the piece an anchor of such phrases? */
static gboolean
is_hooked(const Run *r, guint which)
{
	const guint8 *hooked = r->l->sayings->hooked;
	guint found = 0;

	for (guint i = r->piece.low; i < r->piece.high; i++)
		found |= hooked[r->t->token[i].word] | hooked[r->t->token[i].begin];
	return (found & which) != 0;
}

/* The words of the piece as what they give, all in a row. */
static void
read_piece(Run *r)
{
	const guint64 *brief = r->l->sayings->brief;

	for (guint i = r->piece.low; i < r->piece.high; i++) {
		const SgToken *t = &r->t->token[i];

		r->brief[i - r->piece.low] = brief[t->word] | (t->begin != SG_WORD_NONE ? brief[t->begin] : 0);
	}
}

static void
listen(Run *r, const Anchors *a, guint which, gsize lo)
{
	const guint8 *hooked = r->l->sayings->hooked;

	memset(&r->piece, 0, sizeof r->piece);
	while (a->n > 0 && sg_tokens_piece(r->t, which == ACROSS, &r->piece)) {
		/* few pieces have nothing of the first sort, few have something of the other */
		if (r->t->token[r->piece.high - 1].to <= lo || (which == ACROSS && !is_hooked(r, which)))
			continue;	/* heard before, or nothing to hear */
		next_piece(r);
		read_piece(r);
		for (guint i = r->piece.low; i < r->piece.high; i++) {
			const SgToken *t = &r->t->token[i];

			if ((hooked[t->word] & which) != 0)
				look_for_all(r, a, i, t->word);
			if (t->begin != SG_WORD_NONE && (hooked[t->begin] & which) != 0)
				look_for_all(r, a, i, t->begin);
		}
	}
}

void
sg_listen(SgListener *l, const SgTokens *t, gsize lo, const guint8 *wants, SgSaid said, gpointer data)
{
	Run r = { .l = l, .t = t, .wants = wants, .said = said, .data = data };

	listen(&r, &l->sayings->within, WITHIN, lo);
	listen(&r, &l->sayings->across, ACROSS, lo);
}
