/*
 * patterns - every different phrase and expression of a set of rules, once.
 *
 * A pattern's number is its id in the Hyperscan database.  Several rules may
 * use one pattern, each in a slot of its own.  Never changed after it is made.
 */
#ifndef SG_RULE_PATTERNS_H
#define SG_RULE_PATTERNS_H

#include "disguise/vocab.h"
#include "rule/rule.h"

typedef struct SgUse {
	guint32 rule;
	guint8	slot;
} SgUse;

typedef struct SgPattern {
	const char *text;	/* canonical phrase, or an expression; the rule's */
	guint32	    len;	/* of the phrase in bytes */
	guint8	    regex, prefix;
	guint8	    shared;	/* several rules' and no hit by itself: first names, exceptions */
	guint8	    looked;	/* some of them look at more than words */
	guint32	    use, uses;	/* SgPatterns.use[use ... use + uses) */
} SgPattern;

typedef struct SgPatterns {
	SgPattern *pattern;
	SgUse	  *use;
	guint	   n, n_use;
} SgPatterns;

SgPatterns *sg_patterns_new(const GPtrArray *rules);	/* SgRule; they must live longer */
void	    sg_patterns_free(SgPatterns *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgPatterns, sg_patterns_free)

/* The same for the vocabulary: SgSought, whose texts are the rules'; caller unrefs. */
GArray	   *sg_patterns_sought(const SgPatterns *p, const GPtrArray *rules);

#endif
