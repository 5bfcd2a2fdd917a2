/*
 * header - header values as people see them.
 *
 * RFC 2047 words are decoded with ICU, adjacent words of one charset together, so
 * that a character cut in two is read; what is not quite an encoded word is
 * decoded as far as clients do.  Line folds become blanks.  Raw eight-bit
 * values are read as charset.h does.
 */
#ifndef SG_MAIL_HEADER_H
#define SG_MAIL_HEADER_H

#include <glib.h>

/* raw is a header's value; UTF-8 on one line, caller frees. */
char *sg_header_decode(const char *raw);
/* Only the display names of an address list: addresses are not words. */
char *sg_header_names(const char *raw);

#endif
