#include <string.h>

#include "rule/rule.h"
#include "rule/sayings.h"

#define CHECKED 3u	/* words a phrase needs that are asked for before it is looked for */

typedef struct {
	const SgPhrase *phrase;
	guint32		rule;
	guint16		need[CHECKED];	/* bits of SgListener.has; bit 0 is always there */
} Saying;

/* Whose phrases end with the sentence, and whose cross it. */
typedef struct {
	guint32 *first;		/* by word, one more than there are */
	guint32 *saying;	/* [first[word], first[word + 1]) are those of the word */
	guint	 n;
} Anchors;

struct SgSayings {
	const SgLexicon *lexicon;
	GArray		*all;		/* Saying */
	Anchors		 within, across;
	guint64		*gives;		/* by word, `row` each: bits of needs it may meet */
	guint		 row;
};

typedef struct {	/* while they are made */
	SgSayings  *s;
	GHashTable *numbers;	/* of needs: word, or class and CLASS -> bit */
	GArray	   *needs;	/* guint64: by bit */
} Maker;

#define CLASS (G_GUINT64_CONSTANT(1) << 32)

static guint16
bit_for(Maker *m, const SgNeed *need)
{
	guint64 key = need->arg | (need->is_class ? CLASS : 0);
	guint bit = GPOINTER_TO_UINT(g_hash_table_lookup(m->numbers, &key));

	if (bit == 0 && m->needs->len < G_MAXUINT16) {
		bit = m->needs->len;
		g_array_append_val(m->needs, key);
		g_hash_table_insert(m->numbers, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(bit));
	}
	return (guint16)bit;
}

static void
add_saying(Maker *m, const SgPhrase *p, guint rule)
{
	Saying one = { p, rule, { 0 } };
	guint n = 0, k = 0;
	const SgNeed *needs = sg_phrase_needs(p, &n);

	for (guint i = 0; i < n && k < CHECKED; i++) {
		/* the anchor is there: it has been met */
		if (i > 0 || !sg_phrase_is_anchor(p, &needs[0]))
			one.need[k++] = bit_for(m, &needs[i]);
	}
	g_array_append_val(m->s->all, one);
}

static void
give(SgSayings *s, guint32 word, guint bit)
{
	s->gives[word * s->row + bit / 64] |= G_GUINT64_CONSTANT(1) << bit % 64;
}

static void
make_needs(Maker *m)
{
	SgSayings *s = m->s;

	s->row = (m->needs->len + 63) / 64;
	s->gives = g_new0(guint64, (gsize)s->row * sg_lexicon_size(s->lexicon));
	for (guint bit = 1; bit < m->needs->len; bit++) {
		guint64 key = g_array_index(m->needs, guint64, bit);
		const GPtrArray *phrases;

		if ((key & CLASS) == 0) {
			give(s, (guint32)key, bit);
			continue;
		}
		phrases = sg_lexicon_phrases(s->lexicon, (guint)key);
		for (guint i = 0; i < phrases->len; i++)
			give(s, *(const guint32 *)g_ptr_array_index(phrases, i), bit);
	}
}

static void
make_anchors(SgSayings *s, Anchors *a, gboolean across)
{
	guint words = sg_lexicon_size(s->lexicon);
	guint32 *next;

	a->first = g_new0(guint32, words + 1);
	for (guint pass = 0; pass < 2; pass++) {
		for (guint i = 0; i < s->all->len; i++) {
			const Saying *one = &g_array_index(s->all, Saying, i);
			GHashTableIter it;
			gpointer word;

			if (sg_phrase_crosses(one->phrase) != across)
				continue;
			g_hash_table_iter_init(&it, sg_phrase_anchors(one->phrase));
			while (g_hash_table_iter_next(&it, &word, NULL)) {
				if (pass == 0)
					a->first[GPOINTER_TO_UINT(word) + 1]++;
				else
					a->saying[next[GPOINTER_TO_UINT(word)]++] = i;
			}
		}
		if (pass > 0)
			break;
		for (guint w = 0; w < words; w++)
			a->first[w + 1] += a->first[w];
		a->n = a->first[words];
		a->saying = g_new0(guint32, MAX(a->n, 1));
		next = g_memdup2(a->first, words * sizeof *next);
	}
	g_free(next);
}

SgSayings *
sg_sayings_new(const GPtrArray *rules, const SgLexicon *l)
{
	SgSayings *s = g_new0(SgSayings, 1);
	Maker m = { s, g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
		g_array_new(FALSE, FALSE, sizeof(guint64)) };
	guint64 none = 0;

	g_array_append_val(m.needs, none);
	s->lexicon = l;
	s->all = g_array_new(FALSE, FALSE, sizeof(Saying));
	for (guint i = 0; i < rules->len; i++) {
		const SgRule *rule = g_ptr_array_index(rules, i);

		for (guint k = 0; rule->say != NULL && k < rule->say->len; k++)
			add_saying(&m, g_ptr_array_index(rule->say, k), i);
	}
	make_needs(&m);
	make_anchors(s, &s->within, FALSE);
	make_anchors(s, &s->across, TRUE);
	g_hash_table_unref(m.numbers);
	g_array_unref(m.needs);
	return s;
}

void
sg_sayings_free(SgSayings *s)
{
	if (s == NULL)
		return;
	g_array_unref(s->all);
	g_free(s->within.first);
	g_free(s->within.saying);
	g_free(s->across.first);
	g_free(s->across.saying);
	g_free(s->gives);
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
	listener->has = g_new0(guint64, s->row);
	listener->piece = 0;
}

void
sg_listener_clear(SgListener *listener)
{
	g_clear_pointer(&listener->tried, g_free);
	g_clear_pointer(&listener->has, g_free);
}

typedef struct {	/* one text */
	SgListener     *l;
	const SgTokens *t;
	const guint8   *wants;
	SgSaid		said;
	gpointer	data;
	SgPiece		piece;
	gboolean	known;	/* what the piece has */
} Run;

static void
add_word(SgListener *l, guint32 word)
{
	const SgSayings *s = l->sayings;
	const guint64 *gives = s->gives + (gsize)word * s->row;

	for (guint i = 0; i < s->row; i++)
		l->has[i] |= gives[i];
}

static void
see_piece(Run *r)
{
	SgListener *l = r->l;

	memset(l->has, 0, l->sayings->row * sizeof *l->has);
	l->has[0] = 1;
	for (guint i = r->piece.low; i < r->piece.high; i++) {
		if (r->t->token[i].word != SG_WORD_NONE)
			add_word(l, r->t->token[i].word);
		if (r->t->token[i].begin != SG_WORD_NONE)
			add_word(l, r->t->token[i].begin);
	}
	r->known = TRUE;
}

static void
look_for(Run *r, guint index)
{
	SgListener *l = r->l;
	const Saying *s = &g_array_index(l->sayings->all, Saying, index);
	SgPiece piece = r->piece;
	guint from, to;

	if (l->tried[index] == l->piece)
		return;
	l->tried[index] = l->piece;
	if (!r->wants[s->rule])
		return;
	if (!r->known)
		see_piece(r);
	for (guint i = 0; i < CHECKED; i++)
		if ((l->has[s->need[i] / 64] >> s->need[i] % 64 & 1) == 0)
			return;
	while (sg_phrase_find(s->phrase, r->t, &piece, &from, &to))
		r->said(r->data, s->rule, from, to);
}

static void
look_for_all(Run *r, const Anchors *a, guint32 word)
{
	for (guint k = a->first[word]; k < a->first[word + 1]; k++)
		look_for(r, a->saying[k]);
}

static void
next_piece(Run *r)
{
	SgListener *l = r->l;

	r->known = FALSE;
	if (++l->piece > 0)
		return;
	memset(l->tried, 0, l->sayings->all->len * sizeof *l->tried);
	l->piece = 1;
}

static void
listen(Run *r, const Anchors *a, gboolean across, gsize lo)
{
	memset(&r->piece, 0, sizeof r->piece);
	while (a->n > 0 && sg_tokens_piece(r->t, across, &r->piece)) {
		if (r->t->token[r->piece.high - 1].to <= lo)
			continue;	/* heard before */
		next_piece(r);
		for (guint i = r->piece.low; i < r->piece.high; i++) {
			const SgToken *t = &r->t->token[i];

			look_for_all(r, a, t->word);
			if (t->begin != SG_WORD_NONE)
				look_for_all(r, a, t->begin);
		}
	}
}

void
sg_listen(SgListener *l, const SgTokens *t, gsize lo, const guint8 *wants, SgSaid said, gpointer data)
{
	Run r = { .l = l, .t = t, .wants = wants, .said = said, .data = data };

	listen(&r, &l->sayings->within, FALSE, lo);
	listen(&r, &l->sayings->across, TRUE, lo);
}
