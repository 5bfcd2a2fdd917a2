/*
 * excerpt - a hit with a little of the text around it, fit to be shown.
 *
 * At most 80 characters either side, cut at characters; controls, line ends and
 * characters that are not seen become blanks.  A hit too long for a wire string
 * is cut.  text must be UTF-8 but a broken one does no harm.  What stands beside the hit
 * is not shown when it is a value itself: a number, a date or an address (values.h), a
 * run with five digits, or what another rule has found to be secret.
 */
#ifndef SG_RULE_EXCERPT_H
#define SG_RULE_EXCERPT_H

#include "model/finding.h"

typedef struct SgHidden {	/* bytes of the text not to be shown */
	gsize at, end;
} SgHidden;

/* Sets excerpt, hit_at, hit_len (replacing an earlier excerpt), text_at, text_len. */
void sg_excerpt_set(SgFinding *f, const char *text, gsize len, gsize at, gsize hit_len,
	const SgHidden *hidden, guint n_hidden);

#endif
