/*
 * fault - named points at which a test can make a program fail or die.
 *
 * SCHOOLGATE_FAULT="store.commit=fail@3,front.replied=kill" means: the third
 * time store.commit is reached, and every later time, it fails; the first time
 * front.replied is reached the process kills itself with SIGKILL.  "once@N"
 * fails only the N-th time, "stop" sends SIGSTOP.  Without the variable a point
 * costs one comparison.  SCHOOLGATE_FAULT_FILE names a file read at every
 * point instead (a running program can be given a fault, or healed).
 *
 * To add a point: call sg_fault("room.step") where the real failure would be
 * noticed, and treat TRUE exactly as that failure.
 */
#ifndef SG_BASE_FAULT_H
#define SG_BASE_FAULT_H

#include <glib.h>

gboolean sg_fault(const char *point);

#endif
