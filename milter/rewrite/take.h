/*
 * take - the bytes of one file of a message, as its sender meant them.
 *
 * Only what stands in the mail itself, or in a message inside it: what is in an archive or
 * a document is not looked for.
 */
#ifndef SG_REWRITE_TAKE_H
#define SG_REWRITE_TAKE_H

#include <glib.h>

/* The leaf with this id ("2.1"), without its transfer encoding.  SG_ERR_INPUT: there is no
 * such leaf, or its encoding is none; SG_ERR_LIMIT: it has more than most bytes. */
GBytes *sg_take_part(GBytes *raw, const char *id, gsize most, GError **error);

#endif
