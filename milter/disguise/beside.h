/*
 * beside - what stands around a word, and so keeps it from being read otherwise.
 *
 * In names of people, pages and mailboxes there is no disguise to see through.  Looks at
 * a bounded number of bytes.
 */
#ifndef SG_DISGUISE_BESIDE_H
#define SG_DISGUISE_BESIDE_H

#include "word/canon.h"

/* A page, a file or a mailbox: are bytes [from, to) of the text in the name of one? */
gboolean sg_beside_address(const char *text, gsize len, gsize from, gsize to);
/* In names of machines, files and variables there are no slips of the pen. */
gboolean sg_beside_address_sign(const SgCanon *c, gsize from, gsize to);
/* Is a "$name" that ends at to one of a program? */
gboolean sg_beside_variable(const SgCanon *c, gsize to);
/* Is what begins at canonical byte from written like a name: a capital, small letters,
 * and not where a sentence begins? */
gboolean sg_beside_is_name(const SgCanon *c, gsize from);

#endif
