/*
 * cue - the words around a value that say what it is, or that it is something else.
 *
 * "NHS No:" before ten digits, "sort code" over a column, "(example only)" behind.
 * The words are in cue_words.c; here is how far each is from the value.  A cue names
 * the value (strong) or only what the talk is about (topic: "nurse").  Looks at most
 * SG_CUE_WINDOW bytes before and SG_CUE_AFTER bytes behind.
 */
#ifndef SG_VALUE_CUE_H
#define SG_VALUE_CUE_H

#include "value/kinds.h"

#define SG_CUE_WINDOW 72u
#define SG_CUE_AFTER  40u
#define SG_CUE_NONE   G_MAXUINT16	/* distance of a cue that is not there */

enum {	/* what a cue may speak of besides the kinds */
	SG_CUE_AGAINST = SG_KINDS,	/* order numbers, versions, scores ... */
	SG_CUE_OFFICE,			/* numbers and places of an organisation */
	SG_CUE_SAMPLE,			/* nobody's: an example, or said to be wrong */
	SG_CUE_WHATS
};
enum { SG_CUE_TOPIC, SG_CUE_STRONG };

typedef struct SgCueWord {
	const char *phrase;	/* small letters, one blank between words */
	guint8	    what, weight;
} SgCueWord;

extern const SgCueWord sg_cue_words[];
extern const guint     sg_n_cue_words;
extern const guint16   sg_cue_letters[27];	/* where the phrases of each letter begin */

typedef struct SgCues {		/* distances in bytes from the value's beginning */
	guint16 strong[SG_CUE_WHATS], topic[SG_CUE_WHATS];
	guint32 beside;		/* bits: only "no", "is" and the like between cue and value */
} SgCues;

void sg_cues_none(SgCues *c);
/* Cues in flat text [from, at) before a value at at, and behind one that ends at end. */
void sg_cues_before(SgCues *c, const char *text, gsize from, gsize at);
void sg_cues_after(SgCues *c, const char *text, gsize end, gsize len);
/* A column's header speaks of each of its cells: nothing is nearer. */
void sg_cues_column(SgCues *c, const char *header, gsize len);

#endif
