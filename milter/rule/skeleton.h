/*
 * skeleton - the form of a word in which its disguises are alike.
 *
 * Letters only, one for all signs that pass for each other (1 ! | l are "i", 0 is
 * "o", $ is "s", Cyrillic а is "a"), a run of one letter once, apostrophes and
 * hyphens gone.  "ki11", "k!ll" and "killll" are "ki", and so is "kill"; what the
 * runs and letters were is kept, so that "kick ass" is not found in "kick as".
 * Made once for every phrase of the rules; disguise.h makes it of a text.
 */
#ifndef SG_RULE_SKELETON_H
#define SG_RULE_SKELETON_H

#include "rule/patterns.h"

typedef struct SgSkeletonForm {	/* what one phrase of this skeleton looks like */
	guint32 pattern;
	guint8 *run;		/* how often each letter stands in a row  */
	char   *plain;		/* the letter itself, 0 when they are mixed */
} SgSkeletonForm;

typedef struct SgSkeletonWord {
	char   *text;
	guint32 len;
	GArray *forms;		/* SgSkeletonForm */
} SgSkeletonWord;

typedef struct SgSkeletons {
	SgSkeletonWord *word;	/* the index is the id in the database */
	guint		n;
} SgSkeletons;

SgSkeletons *sg_skeletons_new(const SgPatterns *patterns);
void	     sg_skeletons_free(SgSkeletons *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSkeletons, sg_skeletons_free)

/* The letter for an ASCII letter or sign; 0 for anything else. */
char	     sg_skeleton_sign(guchar c);

#endif
