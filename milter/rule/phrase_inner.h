/*
 * phrase_inner - the program a phrase is compiled to; phrase.c makes it, phrase_find.c
 * runs it.
 */
#ifndef SG_RULE_PHRASE_INNER_H
#define SG_RULE_PHRASE_INNER_H

#include "rule/phrase.h"

typedef enum { SG_STEP_WORD, SG_STEP_CLASS, SG_STEP_ANY, SG_STEP_BEGIN, SG_STEP_END, SG_STEP_FORK,
	SG_STEP_JUMP, SG_STEP_FOUND } SgStepKind;

typedef struct SgStep {
	SgStepKind kind;
	guint32	   arg;		/* word or class; where FORK and JUMP lead (FORK to the next, too) */
} SgStep;

struct SgPhrase {
	const SgLexicon *lexicon;
	GArray		*steps;		/* SgStep */
	GArray		*needs;		/* SgNeed, the rarest first */
	GHashTable	*anchors;
	gboolean	 crosses;	/* has a "." */
};

#endif
