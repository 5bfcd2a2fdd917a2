/*
 * alike - characters that pass for a letter from a to z.
 *
 * Signs (1 is i or l, $ is s), look-alikes of other scripts (Cyrillic а), letters
 * with accents (ü), small capitals (ᴜ), and letters in boxes and flags (🅰, 🇦).
 * One SgAlike a thread: it keeps what it has looked up.
 */
#ifndef SG_DISGUISE_ALIKE_H
#define SG_DISGUISE_ALIKE_H

#include <glib.h>
#include <unicode/utypes.h>

typedef struct SgAlike SgAlike;

#define SG_ALIKE_NONE	0	/* a letter or digit like none of ours */
#define SG_ALIKE_MARK	1	/* on or over a letter, or not seen at all */
#define SG_ALIKE_SYMBOL 2	/* not part of a word */

SgAlike	   *sg_alike_new(void);
void	    sg_alike_free(SgAlike *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgAlike, sg_alike_free)

/* What a character outside ASCII passes for: a letter, a sign, or one of the above. */
char	    sg_alike_char(SgAlike *a, UChar32 cp);
/* The letters an ASCII sign or digit passes for, the likeliest first; "" for none. */
const char *sg_alike_letters(char sign);

#endif
