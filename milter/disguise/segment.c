#include <string.h>

#include "disguise/segment.h"

#define SHORTEST 5u	/* letters in which two words are looked for */
#define PAIR	 9u	/* letters of a pair of words, at least */
#define NEVER	 10000u
#define LONGEST	 16u	/* letters of one of them */

static guint
cost_of(SgKnown known, gboolean part, const char *s, gsize n)
{
	static const guint8 cost[][4] = {	/* by letters and SgKnown */
		[2] = { 0, 0, 0, 16 },
		[3] = { 0, 0, 20, 14 },
		[4] = { 0, 0, 12, 10 },
		[5] = { 0, 22, 12, 10 },
	};
	guint c;

	if (n == 1)
		return *s == 'a' || *s == 'i' || *s == 'u' ? 18 : NEVER;
	c = cost[MIN(n, 5)][known];
	return c > 0 ? c - (part ? 3 : 0) : NEVER;
}

/* Two words, one of them a hit alone: the other must be a common one, and not short. */
static gboolean
is_pair(const SgVocab *v, const char *s, const SgSegments *p)
{
	static const char *const short_ones[] = { "you", "off", "me", "him", "them", "all", "this", "that",
		"your", "ur" };
	gboolean first = sg_vocab_weight(v, s, p->end[0]) == SG_WEIGHT_ALONE;
	gsize from = first ? p->end[0] : 0, len = first ? (gsize)p->end[1] - p->end[0] : p->end[0];
	const SgWord *other = sg_vocab_find(v, s + from, len);

	for (guint i = 0; i < G_N_ELEMENTS(short_ones); i++)
		if (strlen(short_ones[i]) == len && memcmp(short_ones[i], s + from, len) == 0)
			return TRUE;
	return other != NULL && p->end[1] >= PAIR &&
	    (other->known == SG_KNOWN_COMMON || other->weight == SG_WEIGHT_ALONE);
}

/* A word that is a hit alone must not come from letters that meet by chance. */
static gboolean
is_sound(const SgVocab *v, const char *s, const SgSegments *p, guint cost)
{
	guint longest = 0, weight = 0, words = 0;

	for (guint i = 0; i < p->n; i++) {
		gsize from = i > 0 ? p->end[i - 1] : 0, len = p->end[i] - from;

		longest = MAX(longest, (guint)len);
		weight = MAX(weight, (guint)sg_vocab_weight(v, s + from, len));
		words += len >= 3;
	}
	if (weight == SG_WEIGHT_NONE)	/* of use to models only */
		return words == p->n && p->n < 4 && longest >= 4;
	if (weight == SG_WEIGHT_ALONE)
		return p->n == 2 ? is_pair(v, s, p) : cost * 2 <= p->end[p->n - 1] * 7u;
	return longest >= 4 || (longest == 3 && p->n == 2);
}

gboolean
sg_segments(const SgVocab *v, const char *s, gsize n, SgSegments *out)
{
	guint32 cost[SG_SEGMENT_LETTERS + 1];
	guint8 from[SG_SEGMENT_LETTERS + 1];

	if (n < SHORTEST || n > SG_SEGMENT_LETTERS)
		return FALSE;
	for (gsize i = 1; i <= n; i++)
		cost[i] = NEVER;
	cost[0] = 0;
	for (gsize i = 0; i < n; i++) {
		guint64 h = SG_VOCAB_HASH;

		if (cost[i] >= NEVER)
			continue;
		for (gsize k = i; k < MIN(n, i + LONGEST); k++) {
			gboolean part;
			SgKnown known;
			guint c;

			h = sg_vocab_hash(h, s[k]);
			known = sg_vocab_known_part(v, h, &part);
			c = cost[i] + cost_of(known, part, s + i, k + 1 - i);
			if (c < cost[k + 1] && k + 1 - i < n) {
				cost[k + 1] = c;
				from[k + 1] = (guint8)i;
			}
		}
	}
	if (cost[n] * 2 > n * 11)
		return FALSE;
	out->n = 0;
	for (gsize i = n; i > 0; i = from[i])
		out->n++;
	if (out->n < 2 || out->n > SG_SEGMENTS_MOST)
		return FALSE;
	for (gsize i = n, k = out->n; i > 0; i = from[i])
		out->end[--k] = (guint8)i;
	return is_sound(v, s, out, cost[n]);
}
