/*
 * edits - places of a canonical text where another word is meant, and the text so read.
 *
 * In order of place and not overlapping.  The restored text consists of windows:
 * the places that rules can make something of and what stands around them, each
 * mapped back byte for byte; an edit is mapped as a whole.  Windows with words that
 * can be read in two ways are there twice.
 */
#ifndef SG_DISGUISE_EDITS_H
#define SG_DISGUISE_EDITS_H

#include "disguise/vocab.h"

typedef struct SgEdit {
	guint32 from, to;	/* canonical bytes	*/
	guint32 at;		/* of the word in words */
	guint8	len, second;	/* second: letters of another reading, which follows; or 0 */
	guint8	weight;		/* the greater one */
	guint8	matters;	/* may be a hit, or what makes one of its sentence */
} SgEdit;

typedef struct SgEdits {
	GArray	*edit;		/* SgEdit */
	GString *words;
	GString *text;		/* windows, restored */
	GArray	*span;		/* where they come from */
} SgEdits;

void	 sg_edits_init(SgEdits *e);
void	 sg_edits_clear(SgEdits *e);
void	 sg_edits_empty(SgEdits *e);
/* FALSE when it would overlap what is there. */
gboolean sg_edits_add(SgEdits *e, gsize from, gsize to, const char *word, gsize len, SgWeight weight,
	gboolean matters);
/* Another reading of the last one. */
void	 sg_edits_second(SgEdits *e, const SgWord *word);
/* Where the last one ends. */
gsize	 sg_edits_end(const SgEdits *e);

/* Makes e->text from all of the canonical text; empty when no rule can gain by it. */
void	 sg_edits_restore(SgEdits *e, const char *canon, gsize len);
/* Where restored bytes [from, to) are in the canonical text.  FALSE: nothing there was changed. */
gboolean sg_edits_place(const SgEdits *e, gsize from, gsize to, gsize *canon_from, gsize *canon_to);

/* Appends canonical bytes [from, to) to out as they are read, whatever rules make of
 * it; with the second readings where there are some.  TRUE when there are. */
gboolean sg_edits_read(const SgEdits *e, const char *canon, gsize from, gsize to, gboolean second,
	GString *out);
/* A number for the n letters and digits before from and behind to, as they are read. */
guint64	 sg_edits_around(const SgEdits *e, const char *canon, gsize len, gsize from, gsize to, guint n);

#endif
