/*
 * entity - names of characters that libxml2 does not know.
 *
 * It reads those of HTML 4; mail clients know the two thousand of the present
 * standard.  Only the ones that can take part in a word, or hide in one, are read
 * here ("k&ZeroWidthSpace;ill", "&kfr;ill").
 */
#ifndef SG_TEXT_ENTITY_H
#define SG_TEXT_ENTITY_H

#include <glib.h>

/* In place; html is NUL-terminated behind len, and only gets shorter.  The new length. */
gsize sg_entity_expand(char *html, gsize len);

#endif
