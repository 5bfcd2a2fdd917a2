/*
 * describe - a rule as JSON: what it looks for, where, and what changed it.
 *
 *   rule title category area severity confidence type secret file line
 *   changed      "file:line" of the override; missing when there is none
 *   in           places; context: { "from": [ .. ] }; both missing for rules about files
 *   words        { "words"|"regex"|"a"|"b"|"not"|...: [ canonical texts ] }
 *   except, allow   lists; what the rule itself, and what an allow list lets through
 *   within, atleast, of   of "near" and "count"
 *   say, unless  how many phrases; needs: ids and categories; quoted: severity
 *   hit, miss    examples, as texts
 *
 * For the lists of "schoolgatectl rules show" and the comparison of two sets.
 */
#ifndef SG_RULE_DESCRIBE_H
#define SG_RULE_DESCRIBE_H

#include <jansson.h>

#include "rule/ruleset.h"

json_t *sg_describe_rule(const SgRuleset *r, guint i);

#endif
