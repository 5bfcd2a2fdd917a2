/*
 * protect - is this file closed to a reader without a secret?
 *
 *   state      plain      not encrypted at all
 *              open       encrypted, yet every program opens it without asking
 *              partial    an archive with entries of both kinds
 *              protected  asks for a password or a key
 *   strength   none, weak (ZipCrypto, 40-bit and RC4 of old files, XOR), strong
 *   method     "AES-256", "ZipCrypto", "RC4-40" ...
 *
 * Encrypted is not protected: one file in fifteen opens without asking, and is read
 * like any other.  A file that is only marked against changes is not protected.
 *
 * To add a format: write pr_<name>.c with the two functions that pr.h describes, add its
 * name to the list there, samples to t/data/protect/ and a row to t/unit/protect.c.
 */
#ifndef SG_PROTECT_PROTECT_H
#define SG_PROTECT_PROTECT_H

#include "part/extractor.h"

typedef struct SgProtection {
	const char *state, *strength, *method;	/* static strings; state "" = do not know */
} SgProtection;

/* Called by the walk when the type is known and before any extractor runs.  Sets the
 * part's state, strength and method, and the kind encrypted-weak or encrypted-strong
 * of protected and partly protected files.  Leaves them alone when it cannot tell. */
void sg_protect_look(SgPart *part, SgSink *sink);

#endif
