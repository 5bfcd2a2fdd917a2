/*
 * sayings - the phrases of all rules, by the words they are looked for by.
 *
 * Every word of a text has the short list of phrases it is an anchor of, nearly
 * always empty.  A phrase of such a list is looked for in its piece of the text when
 * the other words it needs are there, too: once a piece, however often the anchor is.
 * Made once for a set of rules, never changed.
 */
#ifndef SG_RULE_SAYINGS_H
#define SG_RULE_SAYINGS_H

#include "word/phrase.h"

typedef struct SgSayings SgSayings;

/* rules (SgRule) and the lexicon, which is closed, must live longer. */
SgSayings *sg_sayings_new(const GPtrArray *rules, const SgLexicon *l);
void	   sg_sayings_free(SgSayings *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSayings, sg_sayings_free)

gboolean   sg_sayings_any(const SgSayings *s);	/* Are there some? */

/* What a thread needs to look for them. */
typedef struct SgListener {
	const SgSayings *sayings;
	guint32		*tried;	/* by phrase: the piece it was last looked for in */
	guint32		 piece;
} SgListener;

void	   sg_listener_init(SgListener *listener, const SgSayings *s);
void	   sg_listener_clear(SgListener *listener);

/* The phrase of that rule is tokens [from, to). */
typedef void (*SgSaid)(gpointer data, guint rule, guint from, guint to);
/* Everything that ends behind byte lo; wants: by rule, whether it is asked for. */
void	   sg_listen(SgListener *listener, const SgTokens *t, gsize lo, const guint8 *wants,
	SgSaid said, gpointer data);

#endif
