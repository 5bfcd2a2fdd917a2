/*
 * values - the numbers, addresses and dates of a text that tell of a person.
 *
 * One pass over flat text (flat.h) stops at digits and at @; what stands there is
 * shown to the kinds (kinds.h), the words around it are read (cue.h), and both
 * together make a value with a confidence:
 *
 *   low     the shape, or a check digit that one number in ten has
 *   medium  so much is checked that nothing else looks like it, or a word says so
 *   high    both
 *
 * Of kinds that fit one place the surest wins, then the one that is named nearest.
 * Linear in time: each place is read a fixed number of bytes ahead and back.
 */
#ifndef SG_VALUE_VALUES_H
#define SG_VALUE_VALUES_H

#include "value/cue.h"

typedef struct SgValue {
	gsize	at;
	guint32 len;
	guint8	kind;		/* SgKind	 */
	guint8	confidence;	/* SgConfidence */
	guint64 words;		/* hash of the kind and of the value without its separators */
} SgValue;

/* Appends what text [from, to) has, in order and not overlapping; stops at most values and
 * returns FALSE then.  column: cues of the table's column, or NULL for running text. */
gboolean sg_values_find(const char *text, gsize from, gsize to, const SgCues *column, guint most,
	GArray *values);

#endif
