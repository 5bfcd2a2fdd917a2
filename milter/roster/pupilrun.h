/*
 * pupilrun - words in a row that may be a name; private to the finding of pupils.
 */
#ifndef SG_ROSTER_PUPILRUN_H
#define SG_ROSTER_PUPILRUN_H

#include "roster/roster.h"

#define SG_RUN_WORDS 5u		/* of the longest name */

typedef enum {			/* of a word ...	     */
	SG_WORD_BEGIN = 1 << 0,	/* may begin or end a name   */
	SG_WORD_INNER = 1 << 1,	/* "van", "de": only between */
	SG_WORD_INITIAL = 1 << 2,
	SG_WORD_CAPITALS = 1 << 3,
	/* ... and of what stands before it */
	SG_WORD_COMMA = 1 << 4,	/* ", "			     */
	SG_WORD_CELL = 1 << 5,	/* a tab, a bar; a comma without a blank: fields of a list */
} SgWordTrait;

typedef struct SgRunWord {
	guint32 at, end;	/* in the text		    */
	guint32 from, to;	/* in fold; the same: an initial */
	guint	traits;
} SgRunWord;

typedef struct SgRun {
	const SgRoster *roster;
	GString	  *fold;	/* the words' letters, one behind the other */
	SgRunWord  words[SG_RUN_WORDS];
	guint	   n;
} SgRun;

typedef struct SgRunHit {
	guint32	    at, end;
	gboolean    words;	/* of ordinary words */
	guint	    n;
	SgRosterHit who[SG_ROSTER_SAME];
} SgRunHit;

void	 sg_run_end(SgRun *run);	/* the next word begins a new row of words */
void	 sg_run_word(SgRun *run, const char *text, gsize at, gsize end, guint traits);
/* The longest name that ends with the last word.  cell: any order will do. */
gboolean sg_run_look(SgRun *run, gboolean cell, SgRunHit *out);

#endif
