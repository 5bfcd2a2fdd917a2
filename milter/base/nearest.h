/*
 * nearest - how far one word is from another, for "did you mean".
 */
#ifndef SG_BASE_NEAREST_H
#define SG_BASE_NEAREST_H

#include <glib.h>

#define SG_FAR 99u	/* not worth comparing: one of the two has more than 64 bytes */

/* Letters to add, drop or change (Levenshtein) to make b of a. */
guint	    sg_word_distance(const char *a, const char *b);
/* Keeps in *best the nearer of itself and word; *low is its distance, SG_FAR at first. */
void	    sg_word_nearer(const char *typed, const char *word, const char **best, guint *low);
/* Is a word at this distance likely to be what was meant? */
gboolean    sg_word_near(const char *typed, guint distance);

#endif
