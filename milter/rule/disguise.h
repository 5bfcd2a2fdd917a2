/*
 * disguise - the words of a text that look disguised, as skeletons.
 *
 * Looks for signs among letters (1d10t), the same letter three times and more
 * (idiooot), letters with dots, dashes or stars between (i.d.i.o.t, id-iot),
 * s p a c e d letters, look-alikes of other scripts (іdiоt) and marks strewn over
 * letters.  Such words and three neighbours either side become skeletal text, to
 * be matched as a whole word; all other text costs one look.  Linear in time.
 *
 * What it does not see yet: a star for a letter (id*ot), words without any blank
 * between them, letters in reverse.
 */
#ifndef SG_RULE_DISGUISE_H
#define SG_RULE_DISGUISE_H

#include "rule/skeleton.h"

typedef struct SgDisguise SgDisguise;

SgDisguise *sg_disguise_new(void);
void	    sg_disguise_free(SgDisguise *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgDisguise, sg_disguise_free)

/* Reads canonical text.  The skeletal text, valid until the next call; NULL when
 * nothing looks disguised. */
const char *sg_disguise_read(SgDisguise *d, const char *canon, gsize len, gsize *skeletal_len);
/* Is the word whose skeleton ends at byte to of the skeletal text really there, in
 * this form?  Then [*from, *end) is its place in the canonical text. */
gboolean    sg_disguise_is(const SgDisguise *d, const SgSkeletonWord *w, const SgSkeletonForm *form,
		gboolean prefix, gsize to, gsize *from, gsize *end);

#endif
