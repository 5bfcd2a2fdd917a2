/*
 * expression - what only the engines know about an expression: is it well formed,
 * how short and how long can a match be.  Costs time, so only before compiling.
 */
#ifndef SG_RULE_EXPRESSION_H
#define SG_RULE_EXPRESSION_H

#include "rule/rule.h"

/* Every expression of every rule (SgRule); what is wrong is appended to problems. */
void sg_expressions_check(const GPtrArray *rules, GPtrArray *problems);

#endif
