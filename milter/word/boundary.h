/*
 * boundary - where a word begins and ends, asked of the text as it was sent.
 *
 * A word character is a letter, digit or mark of any script; characters that
 * are not seen (soft hyphen, zero-width) are looked through.  Between
 * characters of scripts that write without blanks (Han, Kana, Thai) every
 * place is a boundary.  An underscore is not a word character: _so_ people
 * stress a word.  Constant time; the text need not be valid UTF-8.
 */
#ifndef SG_WORD_BOUNDARY_H
#define SG_WORD_BOUNDARY_H

#include <glib.h>

/* TRUE when no word goes on across byte at. */
gboolean sg_boundary_at(const char *text, gsize len, gsize at);
/* The end of the word that holds the byte before at; looks at most 64 characters ahead. */
gsize	 sg_boundary_word_end(const char *text, gsize len, gsize at);

#endif
