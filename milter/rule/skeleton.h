/*
 * skeleton - disguised words: look-alikes, l33t, s p a c e d, s-e-p-a-r-a-t-e-d, loooong.
 *
 * A skeleton is letters only, one for each sound-alike sign (1 ! | l are "i",
 * 0 is "o", $ is "s", Cyrillic а is "a"), a run of one letter once.  Rule words
 * have theirs made once; of a text only words that look disguised are taken,
 * with their neighbours, so that ordinary text costs one pass and no search.
 *
 * The skeletal text is matched by a Hyperscan database of its own; a hit is
 * then checked against what the collapsed runs were.  Time is linear.
 */
#ifndef SG_RULE_SKELETON_H
#define SG_RULE_SKELETON_H

#include "rule/patterns.h"

typedef struct SgSkeletonWord {
	char   *text;
	guint8 *run;		/* how often each letter stood in a row */
	guint32 len;
	GArray *patterns;	/* guint32: who has this skeleton */
} SgSkeletonWord;

typedef struct SgSkeletons {	/* of all rule words */
	SgSkeletonWord *word;
	guint		n;
} SgSkeletons;

SgSkeletons *sg_skeletons_new(const SgPatterns *patterns);
void	     sg_skeletons_free(SgSkeletons *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSkeletons, sg_skeletons_free)

#endif
