/*
 * c_rules - what the verbs of "schoolgatectl rules" share.
 *
 * c_rules.c check and list; c_rules_show.c show; c_rules_test.c test; c_rules_diff.c
 * diff; c_rules_import.c import.
 */
#ifndef SG_CTL_C_RULES_H
#define SG_CTL_C_RULES_H

#include <jansson.h>

#include "ctl/ctl.h"
#include "rule/ruleset.h"

/* The rules of the directories given (NULL-terminated; NULL or none: of --rules, or else of
 * the configuration).  NULL after every problem has been printed; leave with *code. */
SgRuleset *sg_rules_load(SgCtl *c, const char *const *dirs, SgExit *code);
/* The roster of the configuration that was read, when there is one and it may be read. */
SgRoster  *sg_rules_roster(const SgCtl *c);
/* The arguments as such a list; caller frees the array only. */
const char **sg_rules_args(const SgCtl *c);
/* A list of JSON strings in one line; caller frees. */
char	  *sg_rules_joined(const json_t *list, const char *between);
/* "there is no rule x", with the nearest one; gives SG_EXIT_NONE back. */
SgExit	   sg_rules_unknown(const SgCtl *c, const SgRuleset *r, const char *id);

#endif
