/*
 * parse - words of the command line into a SgCtl.
 *
 * Global options may stand before the noun and after the verb, the verb's own
 * after the verb; "--" ends options everywhere.  Nothing is run when a word or
 * an option is not understood: the nearest one is named instead.
 */
#ifndef SG_CTL_PARSE_H
#define SG_CTL_PARSE_H

#include "ctl/commands.h"

/* TRUE: c->command, options and arguments are set, or command is NULL and "help" or
 * "version" was asked for.  FALSE: *code says how to leave, and it has been said why. */
gboolean sg_parse(SgCtl *c, int argc, char **argv, SgExit *code);

#endif
