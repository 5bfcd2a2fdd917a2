/*
 * letters - a text without all that mail programs change on the way.
 *
 * Only letters and digits, folded to lower case and without marks (e for é): line ends,
 * quotation marks, blanks, dashes and punctuation do not count when two texts are compared.
 */
#ifndef SG_BASE_LETTERS_H
#define SG_BASE_LETTERS_H

#include <glib.h>

/* Bytes that are no UTF-8 are left out.  Caller frees. */
char *sg_letters(const char *utf8, gsize len);

#endif
