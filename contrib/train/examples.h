/*
 * examples - labelled texts as sparse vectors, with the matcher's own features.
 *
 * One text a line: labels (a sign a head: + - or 0 for "says nothing"), weight, fold, text,
 * separated by tabs.  A text longer than a segment gives several examples; of a bad one only
 * the worst is kept once there is a model to say which (sg_examples_keep_worst).
 */
#ifndef SG_TRAIN_EXAMPLES_H
#define SG_TRAIN_EXAMPLES_H

#include "weigh/linear.h"

typedef struct Example {
	guint64 first;		/* of Examples.id, .count */
	guint32 n, text;	/* features; number of the line */
	guint8	length, fold, tokens;
	gint8	label[SG_LINEAR_HEADS];
	float	weight;
} Example;

typedef struct Examples {
	GArray	*list;		/* Example */
	GArray	*id;		/* guint32: the feature; after examples_number its number */
	GArray	*count;		/* guint8 */
	guint32 *feature;	/* by number: its id */
	guint32	 features;
	guint32 *seen;		/* by number: examples that have it */
} Examples;

/* NULL when the file cannot be read; says why. */
Examples *examples_read(const char *file, const SgGramWords *x);
void	  examples_free(Examples *e);
/* Numbers the features that stand in at least two examples; others are dropped. */
void	  examples_number(Examples *e);
/* Drops every feature for which keep is FALSE; numbers stay. */
void	  examples_drop(Examples *e, const guint8 *keep);
/* Words and classes, a class a line: "name: word word".  NULL when it cannot be read. */
SgGramWords *lexicon_read(const char *file);
void	  lexicon_free(SgGramWords *x);

#endif
