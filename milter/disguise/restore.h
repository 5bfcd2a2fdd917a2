/*
 * restore - finds the words of a text that look disguised and reads them plainly.
 *
 * Looks at words that no list has, and at words with signs: 1d10t, f*ck, idiooot,
 * i.d.i.o.t, s p a c e d, mus lims, ihatewomen, womn, trahs, look-alikes of other
 * scripts, small capitals, flags and boxed letters, marks strewn over, letters
 * backwards, pictures for words (emoji.h).  Each gets one plain reading or none.  All other text costs one look at
 * each word.  Linear in time: a piece, and what it may be joined with, is bounded.
 *
 * What it does not see: one letter for a word (u r a b), a word behind a mask of
 * nothing but stars, letters upside down, two slips in one word.
 */
#ifndef SG_DISGUISE_RESTORE_H
#define SG_DISGUISE_RESTORE_H

#include "disguise/edits.h"
#include "word/canon.h"

typedef struct SgRestore SgRestore;

SgRestore     *sg_restore_new(const SgVocab *vocab);	/* which must live longer */
void	       sg_restore_free(SgRestore *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgRestore, sg_restore_free)

/* What is meant otherwise in this chunk; valid until the next call. */
SgEdits	      *sg_restore_read(SgRestore *r, const SgCanon *c);

#endif
