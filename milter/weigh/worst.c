#include <string.h>

#include "weigh/worst.h"

#define RING	 64u		/* tokens; a power of two above SG_LINEAR_SEGMENT */
#define STEP	 9u		/* tokens after which a segment is judged in any case */
#define RUN	 5u		/* tokens of the strongest words */
#define LONG	 512u		/* bytes of a token that is not waited for any longer */
#define CACHE	 4096u		/* words whose sums are remembered */
#define LEAST	 3u		/* tokens of a sentence that is judged alone */
#define DOUBT	 0.15f		/* that it must be worse, as there is less of it */
#define LONELY	 0.25f		/* the same, of what hangs on one word */
#define NOTHING	 (-1e9f)
#define SPEAKING 3u		/* words that must speak for it, unless one alone may */
#define REPEATS	 3u		/* a word that stands oftener in a segment says no more */
#define WHOLE	 8		/* of a sum at least an eighth is of whole words */

typedef gint16 Sums __attribute__((vector_size(16)));
typedef gint32 Totals __attribute__((vector_size(32)));
typedef gint8 Bytes __attribute__((vector_size(8)));

#define LANE(head) ((head) + 1u)	/* of a sum; the first one adds up checks, which mean nothing */

typedef struct {
	Sums	sums;	/* of all features */
	Sums	whole;	/* of words and classes of words, not of letters */
	Sums	near;	/* of it with what stands before */
	guint64 hash;
	guint64 from, to;	/* bytes of canonical text since its beginning */
} Place;

typedef struct {
	guint64 key;
	guint8	word_class, used;
	Sums	sums, whole;
} Known;

typedef struct {	/* a token that is next */
	SgGramToken token;
	Sums	    own, whole;
	guint32	    ids[SG_GRAM_NEAR_MAX];
	guint	    n;
} Staged;

typedef struct {
	SgWorstHit hit;
	guint64	     last;	/* number of its last token */
} Best;

struct SgWorst {
	SgLinear *model;
	Known	 *known, lumped;
	Place	  ring[RING];
	guint64	  n;		/* tokens so far */
	guint64	  judged;	/* when a segment was last judged */
	guint64	  base;		/* canonical bytes before this chunk */
	guint64	  oldest;	/* characters before what a later segment can reach */
	gsize	  at;		/* in this chunk */
	Totals	  total;	/* of the last SG_LINEAR_SEGMENT tokens */
	Totals	  sentence;	/* of those since the last sentence ended */
	guint	  sentence_n;
	SgGramsBefore before;
	Best	  best[SG_LINEAR_HEADS];
	float	  least[SG_LINEAR_HEADS], most[SG_LINEAR_HEADS];
	guint	  alone;	/* bit by head: one word may be enough */
};

SgWorst *
sg_worst_new(SgLinear *model)
{
	SgWorst *s = g_new0(SgWorst, 1);

	s->model = sg_linear_ref(model);
	s->known = g_new0(Known, CACHE);
	return s;
}

void
sg_worst_free(SgWorst *s)
{
	if (s == NULL)
		return;
	sg_linear_unref(s->model);
	g_free(s->known);
	g_free(s);
}

void
sg_worst_start(SgWorst *s, const float *least, guint alone)
{
	s->alone = alone;
	s->n = s->judged = s->base = s->oldest = 0;
	s->at = 0;
	s->total = s->sentence = (Totals){ 0 };
	s->sentence_n = 0;
	s->before = (SgGramsBefore){ 0 };
	memcpy(s->least, least, sizeof s->least);
	for (guint h = 0; h < SG_LINEAR_HEADS; h++) {
		s->best[h].hit.margin = NOTHING;
		s->most[h] = NOTHING;
	}
}

static Sums
add_ids(const SgLinear *m, Sums sums, const guint32 *ids, guint n)
{
	for (guint i = 0; i < n; i++) {
		const SgLinearEntry *e = sg_linear_entry(m, ids[i]);

		Bytes eight;

		if (e == NULL)
			continue;
		memcpy(&eight, e, sizeof eight);
		sums += __builtin_convertvector(eight, Sums);
	}
	return sums;
}

/* What a word amounts to by itself: the same wherever it stands.  It is remembered by what
 * decides it: not its hash alone where that is not of its letters, or leaves out their number
 * ("im" has no three letters in a row, "i'm" is taken to). */
static const Known *
own(SgWorst *s, const char *text, const SgGramToken *t)
{
	guint64 key = t->hash + (t->to - t->from > 2);
	Known *k = t->lumped ? &s->lumped : &s->known[(t->hash >> 7) % CACHE];
	guint32 ids[SG_GRAM_OWN_MAX];
	guint n;

	if (!t->lumped && k->used && k->key == key)
		return k;
	k->used = TRUE;
	k->key = key;
	k->word_class = sg_gram_words_class(&s->model->lexicon, t->hash);
	n = sg_grams_own(text, t, k->word_class, ids);
	k->whole = add_ids(s->model, (Sums){ 0 }, ids, k->word_class != 0 ? 2 : 1);	/* they come first */
	k->sums = add_ids(s->model, (Sums){ 0 }, ids, n);
	return k;
}

/* What is needed of a token is fetched while the one before is judged: it is anywhere in memory. */
static void
stage(SgWorst *s, const char *text, const SgGramToken *t, Staged *staged)
{
	const Known *k = own(s, text, t);

	staged->token = *t;
	staged->own = k->sums;
	staged->whole = k->whole;
	staged->n = sg_grams_near(&s->before, t, k->word_class, staged->ids);
	for (guint i = 0; i < staged->n; i++)
		__builtin_prefetch(&s->model->entry[staged->ids[i] & (SG_LINEAR_SLOTS - 1)]);
}

static void
add_token(SgWorst *s, const Staged *staged)
{
	const SgGramToken *t = &staged->token;
	Place *place = &s->ring[s->n % RING];

	if (s->n >= SG_LINEAR_SEGMENT)
		s->total -= __builtin_convertvector(s->ring[(s->n - SG_LINEAR_SEGMENT) % RING].sums, Totals);
	place->near = add_ids(s->model, (Sums){ 0 }, staged->ids, staged->n);
	place->whole = staged->whole;
	place->sums = staged->own + place->near;
	place->hash = t->hash;
	place->from = s->base + t->from;
	place->to = s->base + t->to;
	s->total += __builtin_convertvector(place->sums, Totals);
	s->sentence += __builtin_convertvector(place->sums, Totals);
	s->sentence_n++;
	s->n++;
}

/* The few tokens of the last n that say most, as bytes of this chunk. */
static void
strongest(const SgWorst *s, guint head, guint n, gsize *from, gsize *to)
{
	gint32 high = G_MININT32;
	guint64 a = s->n - 1, b = s->n - 1;

	for (guint64 i = s->n - n; i < s->n; i++) {
		gint32 sum = 0;

		if (s->ring[i % RING].from < s->base)
			continue;
		for (guint64 k = i; k < MIN(s->n, i + RUN); k++) {
			sum += s->ring[k % RING].sums[LANE(head)];
			if (sum <= high)
				continue;
			high = sum;
			a = i;
			b = k;
		}
	}
	*from = (gsize)(MAX(s->ring[a % RING].from, s->base) - s->base);
	*to = (gsize)(s->ring[b % RING].to - s->base);
}

static void
set_best(SgWorst *s, const SgWorstPiece *c, guint head, guint n, float margin, gboolean alone)
{
	Best *best = &s->best[head];
	gsize from = 0, to = 0;

	strongest(s, head, n, &from, &to);
	if (!c->place(c, from, to, &best->hit))
		return;
	best->hit.head = head;
	best->hit.margin = margin;
	best->hit.alone = alone;
	best->hit.words = head;
	for (guint64 i = s->n - n; i < s->n; i++)
		best->hit.words = (best->hit.words ^ s->ring[i % RING].hash) * 0x100000001b3u;
	best->last = s->n;
}

/* How often the word of token i stands before it among the last n. */
static guint
repeats(const SgWorst *s, guint n, guint64 i)
{
	guint same = 0;

	for (guint64 k = s->n - n; k < i; k++)
		same += s->ring[k % RING].hash == s->ring[i % RING].hash;
	return same;
}

/*
 * A sum is evidence only when it comes from more than pieces of words that the model has never
 * seen whole, and from more than a few words again and again (a column of "n/a").  *total: what
 * is left of it.  *alone: it hangs on a word or two, or none of its words mean more together.
 */
static gboolean
is_evidence(const SgWorst *s, guint head, guint n, gint32 *total, gboolean *alone)
{
	gint32 known = 0, near = 0, sum = 0;
	guint speaking = 0;

	for (guint64 i = s->n - n; i < s->n; i++) {
		const Place *p = &s->ring[i % RING];
		guint same = repeats(s, n, i);

		if (same >= REPEATS)
			continue;
		sum += p->sums[LANE(head)];
		known += p->whole[LANE(head)] + p->near[LANE(head)];
		near += p->near[LANE(head)];
		speaking += same == 0 && p->sums[LANE(head)] > 0;
	}
	*total = MIN(*total, sum);
	*alone = speaking < SPEAKING || near <= 0;
	return known > 0 && *total / WHOLE <= known;
}

static float
margin_of(const SgWorst *s, guint head, guint n, gint32 total)
{
	return s->model->bias[head][n] + s->model->scale[head][n] * (float)total;
}

/* The last n tokens, whose weights sum to total. */
static void
judge(SgWorst *s, const SgWorstPiece *c, guint n, const Totals *total, float doubt, SgWorstFound found, gpointer data)
{
	for (guint h = 0; h < SG_LINEAR_HEADS; h++) {
		Best *best = &s->best[h];
		gint32 sum = (*total)[LANE(h)];
		float margin = margin_of(s, h, n, sum) - doubt;
		gboolean alone = FALSE;

		if (margin < s->least[h]) {
			s->most[h] = MAX(s->most[h], margin);
			continue;
		}
		if (!is_evidence(s, h, n, &sum, &alone))
			continue;
		margin = margin_of(s, h, n, sum) - doubt;
		if (margin < s->least[h])
			continue;
		if (alone && ((s->alone & 1u << h) == 0 || margin - LONELY < s->least[h]))
			continue;
		s->most[h] = MAX(s->most[h], margin);
		if (best->hit.margin > NOTHING && best->last <= s->n - n) {
			found(&best->hit, data);
			best->hit.margin = NOTHING;
		}
		if (margin > best->hit.margin)
			set_best(s, c, h, n, margin, alone);
	}
}

static void
judge_here(SgWorst *s, const SgWorstPiece *c, SgWorstFound found, gpointer data)
{
	if (s->n == s->judged)
		return;
	judge(s, c, (guint)MIN(s->n, SG_LINEAR_SEGMENT), &s->total, 0, found, data);
	s->judged = s->n;
}

/* A sentence is judged alone, too: much that is harmless around it must not hide it. */
static void
end_sentence(SgWorst *s, const SgWorstPiece *c, SgWorstFound found, gpointer data)
{
	judge_here(s, c, found, data);
	if (s->sentence_n >= LEAST && s->sentence_n <= SG_LINEAR_SEGMENT && s->sentence_n < s->n)
		judge(s, c, s->sentence_n, &s->sentence, DOUBT, found, data);
	s->sentence = (Totals){ 0 };
	s->sentence_n = 0;
}

static void
flush(SgWorst *s, SgWorstFound found, gpointer data)
{
	for (guint h = 0; h < SG_LINEAR_HEADS; h++) {
		if (s->best[h].hit.margin > NOTHING)
			found(&s->best[h].hit, data);
		s->best[h].hit.margin = NOTHING;
	}
}

gboolean
sg_worst_canon_place(const SgWorstPiece *p, gsize from, gsize to, SgWorstHit *hit)
{
	(void)sg_canon_source(p->canon, from, to, &hit->at, &hit->end);
	hit->from = sg_canon_chars(p->canon, from);
	hit->to = sg_canon_chars(p->canon, to);
	return TRUE;
}

SgWorstPiece
sg_worst_canon(SgCanon *c)
{
	return (SgWorstPiece){ c->text, c->len, c->hi, c->dropped, c->last, sg_worst_canon_place, c, NULL };
}

static void
take_token(SgWorst *s, const SgWorstPiece *c, const Staged *staged, SgWorstFound found, gpointer data)
{
	if (staged->token.stop)
		end_sentence(s, c, found, data);
	else if (s->n - s->judged >= STEP)
		judge_here(s, c, found, data);
	add_token(s, staged);
}

void
sg_worst_piece(SgWorst *s, const SgWorstPiece *c, SgWorstFound found, gpointer data)
{
	SgGramToken t;
	Staged staged[2];
	gsize next;
	guint64 reach;
	guint n = 0;

	s->base += c->dropped;
	s->at = s->at > c->dropped ? s->at - c->dropped : 0;
	for (next = s->at; sg_gram_token_next(c->text, c->len, &next, &t); s->at = next) {
		if (!c->last && t.to > c->hi && t.to - t.from < LONG)
			break;
		stage(s, c->text, &t, &staged[n % 2]);
		if (n++ > 0)
			take_token(s, c, &staged[n % 2], found, data);
	}
	if (n > 0)
		take_token(s, c, &staged[(n - 1) % 2], found, data);
	if (c->last) {
		end_sentence(s, c, found, data);
		flush(s, found, data);
		return;
	}
	reach = s->n > SG_LINEAR_SEGMENT ? s->ring[(s->n - SG_LINEAR_SEGMENT) % RING].from : 0;
	s->oldest = sg_canon_chars(c->canon, reach > s->base ? (gsize)(reach - s->base) : 0);
}

guint64
sg_worst_pending(const SgWorst *s)
{
	guint64 from = s->oldest;

	for (guint h = 0; h < SG_LINEAR_HEADS; h++)
		if (s->best[h].hit.margin > NOTHING)
			from = MIN(from, s->best[h].hit.from);
	return from;
}

float
sg_worst_most(const SgWorst *s, guint head)
{
	return s->most[head];
}
