/*
 * help - one screen a command, the overview, and the same rows as mdoc(7).
 */
#ifndef SG_CTL_HELP_H
#define SG_CTL_HELP_H

#include "ctl/commands.h"

void	sg_help_all(void);
/* All verbs of a noun; FALSE when there is no such noun. */
gboolean sg_help_noun(const char *noun);
void	sg_help_command(const SgCommand *command);

#endif
