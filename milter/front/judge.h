/*
 * judge - the end of a message: scan, decide, file, apply, answer; in this order.
 *
 *   seal	the message can no longer change
 *   pass	a release or notice of our own goes by unread (release.h)
 *   scan	the scanner's findings, or a failure that decide/ decides about
 *   plan	verdict to effects (act/); a message filed before keeps its fate (again.h)
 *   file	store first: only what is on disk may be left out of the mail
 *   apply	edits in one burst, then the answer
 *
 * One log line a message, with ids only, and one trace row, written off the
 * reply's path.
 */
#ifndef SG_FRONT_JUDGE_H
#define SG_FRONT_JUDGE_H

#include "front/session.h"

/* For SgSession: the message in s is complete. */
SgReply sg_judge(SgSession *s);

#endif
