/*
 * fold - a name as it is compared: letters only, small, without marks.
 *
 * "Zoë", "ZOE" and "Zoe" are one, so are "O'Neill" and "ONeill", "Łukasz" and "Lukasz"; what
 * is no letter goes.  Import and matching pass through the same function, or no name
 * would ever be found.
 */
#ifndef SG_WORD_FOLD_H
#define SG_WORD_FOLD_H

#include <glib.h>

#define SG_FOLD_WORD 64u	/* bytes of a word that count; the rest is cut */

/* Loads ICU's data, which opens files: before the doors are locked. */
gboolean sg_fold_ready(GError **error);
/* Appends; s need not be valid UTF-8.  An ending 's is no part of a name. */
void	 sg_fold_word(const char *s, gsize len, GString *out);

#endif
