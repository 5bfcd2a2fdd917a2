/*
 * mistake - "this should not have been held": what a reviewer said about a hit, and what they
 * suggest for the rule.
 *
 * A suggestion changes nothing: somebody else accepts or declines it, and whoever looks after
 * the rules writes them.  A person's own words are kept sealed like the message and go with it.
 * Failures as in store.h; every change is in the audit, with codes only.
 */
#ifndef SG_STORE_MISTAKE_H
#define SG_STORE_MISTAKE_H

#include "store/store.h"

typedef struct SgMistake {
	gint64 id, made, answered;	/* answered: 0 = not yet */
	char  *ref, *rule, *actor;	/* rule: its id */
	char  *why, *asks;		/* codes of the console; asks "once": nothing to answer */
	guint  severity;		/* of the rule's hit */
	char  *state;			/* "", "accepted", "declined" */
	char  *answered_by;
	char  *phrase, *note;		/* "" = none; of one line, of several */
} SgMistake;
void sg_mistake_free(SgMistake *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgMistake, sg_mistake_free)

/* ref, rule, actor, why, asks, severity, phrase, note and made count.  SG_ERR_INPUT: the message
 * is sealed or waits for a decision, this person has said so about this rule already, or a
 * message has 50 of them. */
gboolean   sg_store_mistake_add(SgStore *s, const SgMistake *m, GError **error);
/* SgMistake that ask for something, those without an answer first, then the newest; at most 200.
 * phrase and note are "" when they cannot be opened.  Never of sealed messages. */
GPtrArray *sg_store_mistakes(SgStore *s, GError **error);
/* SG_ERR_INPUT: it is answered already, or the one who answers has suggested it and accepts. */
gboolean   sg_store_mistake_answer(SgStore *s, gint64 id, gboolean accepted, const char *actor, gint64 now,
	       GError **error);

#endif
