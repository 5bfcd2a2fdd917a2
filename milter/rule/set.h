/*
 * set - what a loaded set of rules consists of; private to this room.
 */
#ifndef SG_RULE_SET_H
#define SG_RULE_SET_H

#include "disguise/vocab.h"
#include "rule/database.h"
#include "rule/ruleset.h"
#include "rule/sayings.h"

struct SgRuleset {
	GPtrArray   *rules;	/* SgRule, in the order of directories, files, lines */
	SgRuleInfo  *info;
	SgPatterns  *patterns;
	SgVocab	    *vocab;
	SgDatabase  *database;
	SgLexicon   *lexicon;
	SgSayings   *sayings;
	char	     hash[17];
	gboolean     tried;	/* all examples were run: this set had not passed them before */
};

/* Sees the hits of one rule in one text before exceptions, distance and number are
 * looked at; for explain.h.  NULL: nobody looks. */
typedef void (*SgWatch)(gpointer data, guint rule, const SgHitAt *hits, guint n);
void sg_match_watch(SgMatch *m, SgWatch watch, gpointer data);

/* Runs every example; each one that fails is a problem.  Of a set (hash: of all its files)
 * that this very program has found right before, as its database's cache tells, only the
 * first of each rule: enough to notice that something is broken. */
void sg_examples_run(SgRuleset *set, const char *hash, GPtrArray *problems);

#endif
