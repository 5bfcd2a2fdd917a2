/*
 * flat - a copy of a text in which what looks alike is one ASCII character.
 *
 * The copy is as long as the text, so a place in one is the place in the other:
 * full-width and other digits and letters become ASCII, all blanks a blank, all
 * dashes "-", all quotes "'" or a quotation mark; the bytes left over, and characters
 * that are not seen (soft hyphen, zero-width), are SG_FLAT_SKIP.  Letters beyond
 * ASCII stay as they are.  Case stays.  Linear in time.
 */
#ifndef SG_WORD_FLAT_H
#define SG_WORD_FLAT_H

#include <glib.h>

#define SG_FLAT_SKIP '\x7f'	/* no character: to be looked through */

/* The copy, NUL behind it; caller frees.  text need not be valid UTF-8. */
char *sg_flat(const char *text, gsize len);

#endif
