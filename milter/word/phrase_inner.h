/*
 * phrase_inner - what a phrase consists of: phrase.c reads it and makes its program,
 * phrase_anchor.c says what to look for, phrase_find.c runs the program.
 */
#ifndef SG_WORD_PHRASE_INNER_H
#define SG_WORD_PHRASE_INNER_H

#include "word/phrase.h"

typedef enum { SG_NODE_WORD, SG_NODE_CLASS, SG_NODE_ANY, SG_NODE_BEGIN, SG_NODE_END, SG_NODE_SEQUENCE, SG_NODE_CHOICE } SgNodeKind;

typedef struct SgNode {		/* as it was read */
	SgNodeKind   kind;
	guint32	   arg;
	guint	   min, max;	/* how often */
	GPtrArray *inner;	/* SgNode */
} SgNode;

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
	GArray		*anchors;	/* SgAnchor */
	gboolean	 crosses;	/* has a "." */
};

/* Fills anchors and needs; leaves them empty when every word may be absent. */
void sg_phrase_set_anchor(SgPhrase *p, const SgNode *root);

#endif
