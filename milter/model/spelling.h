/*
 * spelling - texts that are easily taken for one another: one slip of the fingers apart,
 * or alike to the eye.
 *
 * A slip (Damerau and Levenshtein) is one letter too many, too few or wrong, or two
 * neighbours that changed places.  Alike: 0 and o, 1 and l and i, rn and m, letters of other
 * alphabets, also in an encoded domain (xn--).  For addresses: lower case, short.
 */
#ifndef SG_MODEL_SPELLING_H
#define SG_MODEL_SPELLING_H

#include <glib.h>

#define SG_SPELLING_MOST 64u	/* bytes; longer texts have no neighbours here */

/* Exactly one slip apart? */
gboolean sg_spelling_near(const char *a, const char *b);
/* What the eye makes of it; equal for texts that look alike.  Caller frees. */
char	*sg_spelling_look(const char *text);

/* Calls fn for every text one slip away from the first n bytes of text, the rest as it is,
 * until it says FALSE.  Letters that come in: a to z, 0 to 9, "-", "." and "_". */
typedef gboolean (*SgSpellingFn)(const char *text, gpointer data);
void	 sg_spelling_each(const char *text, gsize n, SgSpellingFn fn, gpointer data);

#endif
