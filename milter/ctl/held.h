/*
 * held - what the verbs about one held message share.
 */
#ifndef SG_CTL_HELD_H
#define SG_CTL_HELD_H

#include "ctl/ctl.h"

/* "/message/7F3K9QXD/step" for what a person typed; NULL: said that it is no reference. */
char *sg_held_path(const SgCtl *c, const char *typed, const char *step, SgExit *code);

#endif
