/*
 * finder - every hit of every pattern in one text.
 *
 * Hyperscan says where words or an expression may be; words count when
 * they stand between word boundaries of the text as sent, an expression when
 * PCRE agrees on a window around the place.  Ways to say something are found among
 * the text's words (sayings.h).  Then the same is done with what has
 * been restored of disguised words (restore.h), and hits that only this text has
 * are marked as disguised, with their place in the text as sent.  One finder a thread; it owns the
 * scratch space and is reused for every text.
 */
#ifndef SG_RULE_FINDER_H
#define SG_RULE_FINDER_H

#include "disguise/vocab.h"
#include "rule/database.h"
#include "rule/sayings.h"
#include "rule/tally.h"

typedef struct SgFinder SgFinder;

/* All of a set of rules; they must live longer. */
SgFinder *sg_finder_new(const SgPatterns *patterns, const SgVocab *vocab,
	const SgDatabase *database, const GPtrArray *rules, const SgSayings *sayings,
	const SgLexicon *lexicon, GError **error);
void	  sg_finder_free(SgFinder *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgFinder, sg_finder_free)

/* What rules that tally wants have in text, chunk by chunk; text, tally and hits
 * (SgHitAt) must stay until the last chunk. */
void	  sg_finder_start(SgFinder *f, const char *text, gsize len, SgTally *tally, GArray *hits);
/* Appends the next chunk's hits, in no order.  All that end before *known (in
 * characters; G_MAXUINT64 at the end) have then been found.  FALSE when there is
 * no chunk left, or with error set. */
gboolean  sg_finder_next(SgFinder *f, guint64 *known, GError **error);
/* How near the texts since the last call came to what a model calls harmful; ruleset.h. */
double	  sg_finder_nearness(SgFinder *f);

#endif
