/*
 * fakematch - a matcher without rules, for tests of the walk alone.
 *
 * Links in place of the rule room.  A word that is set is found wherever it
 * stands, as a finding "test.word" with the text's place.
 */
#ifndef SG_T_FAKEMATCH_H
#define SG_T_FAKEMATCH_H

#include "base/options.h"
#include "rule/ruleset.h"

SgMatch	  *fake_match_new(const char *word);	/* NULL finds nothing */
/* The default options, with "scan: { <settings> };". */
SgOptions *fake_options(const char *settings);

#endif
