/*
 * segment - letters in a row as the words they consist of.
 *
 * The cheapest way through by dynamic programming: few, long and common words cost
 * least; letters that are made of nothing but short ones are no words.
 */
#ifndef SG_DISGUISE_SEGMENT_H
#define SG_DISGUISE_SEGMENT_H

#include "disguise/vocab.h"

#define SG_SEGMENTS_MOST   12u
#define SG_SEGMENT_LETTERS 40u

typedef struct SgSegments {
	guint  n;
	guint8 end[SG_SEGMENTS_MOST];	/* of each word */
} SgSegments;

/* FALSE when s is not two words or more. */
gboolean sg_segments(const SgVocab *v, const char *s, gsize n, SgSegments *out);

#endif
