/*
 * pr - the readers of protection, one a format; what they share.
 *
 * Private to protect.c and pr_*.c.  A reader is asked twice: by the first bytes of a
 * part (nothing is decoded for that), and, when it said yes, with all of them.  FALSE
 * from the second: not my format after all, or broken beyond telling; then the next
 * one is asked, in the order of the list below.
 */
#ifndef SG_PROTECT_PR_H
#define SG_PROTECT_PR_H

#include "protect/protect.h"
#include "text/span.h"

#define SG_PR_HEAD 2048u	/* bytes that "is" sees */

typedef struct SgCipher {
	const char *name;	/* as shown: "AES-256" */
	gboolean    strong;
} SgCipher;

#define SG_PR_FORMATS X(odf) X(zip) X(7z) X(rar) X(ole) X(pdf) X(cms) X(other) X(pgp)

#define X(n) \
	gboolean sg_pr_##n##_is(const SgPart *part, SgSpan head); \
	gboolean sg_pr_##n(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out);
SG_PR_FORMATS
#undef X

/* What it is, where the type is not known yet. */
void	 sg_pr_type(SgPart *part, const char *mime);
/* c NULL: no encryption at all.  "open" has a method and no strength. */
void	 sg_pr_say(SgProtection *out, const char *state, const SgCipher *c);

#endif
