/*
 * contact - is an adult coming too close to a child, over several messages?
 *
 * The rules contact.* see single signs: secrecy is asked for, an age, a photograph.
 * None of them proves anything, and most are harmless; together, between the same two
 * people, they are the way in which children are groomed.  What was seen before comes
 * from the store (model/relation.h); the score, and what it means, are here.
 *
 *	pairs	whom a message with signs worries about; the caller has the store
 *		remember it and fill in what was before
 *	judge	the finding "contact.pattern" for the worst of the pairs:
 *		severity 3 to be watched, 4 high, 5 critical
 *
 * To add a kind of sign: a row in contact.c, at the end, and a rule "contact.<stem>".
 */
#ifndef SG_DECIDE_CONTACT_H
#define SG_DECIDE_CONTACT_H

#include "decide/policy.h"
#include "model/message.h"
#include "model/reading.h"
#include "model/relation.h"

/* Kinds of the signs that the findings show, as bits; 0 none. */
guint	   sg_contact_kinds(const SgReading *r);
/* SgContact for each recipient who is a child, when the sender is none (memory.children);
 * NULL when there is nobody, no sign, or so many children that it is a circular.  *kinds as
 * above.  Caller unrefs. */
GPtrArray *sg_contact_pairs(const SgPolicy *p, const SgMessage *m, const SgReading *r, gint64 now,
	       guint *kinds);
/* NULL when no pair is worth one.  It names kinds, times and numbers, never a word. */
SgFinding *sg_contact_judge(const SgPolicy *p, const GPtrArray *pairs, guint kinds, gint64 now);

#endif
