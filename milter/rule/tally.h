/*
 * tally - the hits of one message: what counts, how often, and the findings.
 *
 * One finding for each rule, place and part, with a count.  A hit that another
 * text of the message has too, with the same words around it and in the same
 * place (plain text and HTML of an alternative), counts once.  Nothing grows
 * without bound: a rule stops counting at max, and the message says so.
 */
#ifndef SG_RULE_TALLY_H
#define SG_RULE_TALLY_H

#include "rule/rule.h"
#include "rule/ruleset.h"

SgTally *sg_tally_new(const GPtrArray *rules, guint max);
void	 sg_tally_free(SgTally *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgTally, sg_tally_free)

void	 sg_tally_begin(SgTally *t, const char *facts);
/* From now on hits are in this text; it must stay until the next one or the end. */
void	 sg_tally_text(SgTally *t, const SgText *text, gsize len);
/* All hits of the text have been told; it need not stay any longer. */
void	 sg_tally_text_end(SgTally *t);
const SgText *sg_tally_source(const SgTally *t, gsize *len);	/* that text */
/* Hits that begin in characters [from, to) of the text count now; the others of
 * a chunk are there to be compared with. */
void	 sg_tally_window(SgTally *t, guint64 from, guint64 to);
/* Does the rule look at this text of this message? */
gboolean sg_tally_wants(const SgTally *t, guint rule);
void	 sg_tally_hit(SgTally *t, const SgHitAt *hit);
void	 sg_tally_part(SgTally *t, guint rule, const SgPartInfo *part);
/* The message has a file of these kinds: what rules ask for by context = { file = ... }. */
void	 sg_tally_kinds(SgTally *t, const SgPartInfo *part);
/* There were more hits of the rule than can be kept. */
void	 sg_tally_over(SgTally *t, guint rule);
/* There were so many hits that some text was not searched. */
void	 sg_tally_unsearched(SgTally *t);
/* A table had more columns than are told apart. */
void	 sg_tally_wide(SgTally *t);
/* Every hit that counted, at most 2,000; valid until the next message begins. */
const SgHitSpan *sg_tally_spans(const SgTally *t, guint *n);
/* What of the text that has ended stays masked wherever it is shown, as in SgText. */
char	 *sg_tally_hidden(const SgTally *t);
/* Appends the findings, worst first, and forgets the message. */
void	 sg_tally_end(SgTally *t, GPtrArray *findings);

#endif
