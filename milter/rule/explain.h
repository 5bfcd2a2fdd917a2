/*
 * explain - which rules match a text, and why, in one plain sentence each.
 *
 * Also those that nearly match: an exception or allow-phrase, a word of "not", the
 * distance, the place or who writes to whom stopped them.  The sentences quote the
 * text: they are for whoever gave it, never for a log.
 */
#ifndef SG_RULE_EXPLAIN_H
#define SG_RULE_EXPLAIN_H

#include <jansson.h>

#include "rule/ruleset.h"

typedef struct SgExplainAsk {
	const char *text;	/* UTF-8 */
	const char *where;	/* "body" ... */
	const char *facts;	/* "from=pupil route=out" */
	SgRoster   *roster;	/* NULL: nobody is known by name */
} SgExplainAsk;

/* An array: matches first, worst first; each as sg_finding_json() with "outcome"
 * ("match" or "stopped"), "matched" (the words) and "why".  NULL on failure. */
json_t *sg_explain(SgRuleset *r, const SgExplainAsk *ask, GError **error);

#endif
