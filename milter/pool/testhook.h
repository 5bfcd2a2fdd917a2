/*
 * testhook - proves from inside a worker that the doors are locked.
 *
 * Always built, and dead unless the scanner was started with
 * SCHOOLGATE_TEST_HOOK=1 (the log then says so).  A message whose first line
 * is "X-Schoolgate-Test: VERB [ARGUMENT]" makes the worker try VERB before it
 * reads the message.  What the kernel answered becomes a finding
 * "test.VERB" with the title "refused: ..." or "ALLOWED"; a call that is
 * answered with SIGSYS ends the worker, which the zygote's log shows.
 * To the watchdog the hook is an extractor of the name "testhook".
 *
 * To add a verb: one row in the table in testhook.c.
 */
#ifndef SG_POOL_TESTHOOK_H
#define SG_POOL_TESTHOOK_H

#include "model/reading.h"

#define SG_TESTHOOK_NAME "testhook"

/* Does what the message's first line asks; out: the memfd for texts.
 * NULL when it asks for nothing; otherwise a finding for the reading. */
SgFinding *sg_testhook_run(GBytes *raw, int out);
gboolean   sg_testhook_asked(GBytes *raw);

#endif
