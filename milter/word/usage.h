/*
 * usage - how often a word is likely to be seen in a million words of mail.
 *
 * An estimate, for choosing by what a phrase is looked for: the common words of
 * English by grades, all others by their length.  Only speed depends on it.
 */
#ifndef SG_WORD_USAGE_H
#define SG_WORD_USAGE_H

#include <glib.h>

#define SG_USAGE_ALWAYS 1000000u	/* nothing to look for by */

/* Small letters and no apostrophes. */
guint sg_usage_of(const char *word);

#endif
