/*
 * alarms - the troubles that the programs tell (base/trouble.h), in words for people.
 *
 * To add one: a row in alarms.c; what the programs write under a kind that has none for
 * them is not shown.
 */
#ifndef SG_CONSOLE_ALARMS_H
#define SG_CONSOLE_ALARMS_H

#include <jansson.h>

#include "base/options.h"
#include "base/trouble.h"

typedef struct SgAlarm {
	const char  *program;	/* "milter" */
	const char  *name;	/* "filing" */
	const char  *text;	/* what it means for mail; NULL: a count only, never on */
	const char  *remedy;
	SgTroubleRow row;
} SgAlarm;

/* All there are, on or off. */
GArray *sg_alarms_look(const SgOptions *o);
/* Those that are on: [{program, what, text, remedy, why, since, last, count}]; "filing
 * (milter)" and the like are added to names, with ", " between.  New. */
json_t *sg_alarms_view(const SgOptions *o, GString *names);

#endif
