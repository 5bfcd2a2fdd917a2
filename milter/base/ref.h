/*
 * ref - references that people read out over the telephone.
 *
 * Eight characters of Crockford's base32 (no I, L, O, U) from the system's
 * random source: 40 bits, never sequential, so that a reference tells neither
 * how many messages were held nor how to guess another one.
 * Stored as "7F3K9QXD", shown as "7F3K-9QXD".
 */
#ifndef SG_BASE_REF_H
#define SG_BASE_REF_H

#include <glib.h>

#define SG_REF_LEN 8

void	 sg_ref_new(char out[SG_REF_LEN + 1]);
/* What a person typed: case, blanks, dashes and the look-alikes i, l, o are
 * forgiven.  FALSE and out untouched when it cannot be a reference. */
gboolean sg_ref_parse(const char *typed, char out[SG_REF_LEN + 1]);
char	*sg_ref_show(const char *ref);	/* with the dash; caller frees */

#endif
