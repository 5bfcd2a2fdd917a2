/*
 * steps - what the school wants done about a kind of message: files that it may change.
 *
 * console.steps/<category>.txt, or default.txt where there is none:
 *
 *   # a comment
 *   One sentence for each step.  The first sentence of a line stands out on sealed pages.
 *   policy: 4.2                          section of the school's policy, or nothing
 *   call: Head teacher | Extension 201   whom to call, and how
 *
 * {school}, {help_name} and {help_phone} are values of schoolgate.conf; a line with an
 * empty one drops out.  Read with the configuration; limits: 64 kB, 40 lines a file.
 * To add a category: a file of its name.
 */
#ifndef SG_CONSOLE_STEPS_H
#define SG_CONSOLE_STEPS_H

#include <jansson.h>

#include "base/options.h"

typedef struct SgSteps SgSteps;

/* default.txt and sealed.txt must be there.  NULL with SG_ERR_SETUP: the first thing that is
 * wrong, "file:line: ..."; all of them go to problems when it is not NULL. */
SgSteps *sg_steps_load(const SgOptions *o, GPtrArray *problems, GError **error);
void	 sg_steps_free(SgSteps *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSteps, sg_steps_free)

/* {"steps":[{"do","how"}],"policy","calls":[{"who","how"}]} for a category; new. */
json_t	*sg_steps_for(const SgSteps *s, const char *category);

#endif
