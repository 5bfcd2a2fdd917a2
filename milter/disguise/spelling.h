/*
 * spelling - how likely letters are a slip of the pen, or a trick, for a word.
 *
 * One change only: two letters that changed places, one too few, one too many,
 * one that looks or sounds like the right one.  Costs are small whole numbers,
 * chosen on texts with slips: a vowel left out is likelier than a consonant.
 */
#ifndef SG_DISGUISE_SPELLING_H
#define SG_DISGUISE_SPELLING_H

#include "disguise/vocab.h"

typedef struct SgSpelling {	/* the best words so far; all zero at first */
	const SgWord *alone;	/* of SG_WEIGHT_ALONE */
	const SgWord *other, *second;	/* all others */
	guint	      alone_cost, other_cost, other_rank, second_rank;
} SgSpelling;

/* Is w a better reading of s? */
void	      sg_spelling_weigh(SgSpelling *best, const char *s, gsize n, const SgWord *w);
/* The one to take, and a second that is about as likely; how many they are.  A word
 * that is a hit alone only when no other is as likely. */
guint	      sg_spelling_best(const SgSpelling *best, const char *s, gsize n, const SgWord *out[2]);

#endif
