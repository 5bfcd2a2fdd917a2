/*
 * care - what guards people: seals and who may lift them, whom a message is about, who stands
 * in for whom, how much somebody has had to read.
 *
 * Failures as in store.h.
 */
#ifndef SG_STORE_CARE_H
#define SG_STORE_CARE_H

#include "store/store.h"

/* What the reviewer wrote to the sender with it: "" = the text as it is in the notices. */
char	   *sg_store_note(SgStore *s, const char *ref, GError **error);
/* How many serious messages (severity 4 and 5) each account has read or decided since then:
 * account -> GUINT_TO_POINTER count; strings belong to the table. */
GHashTable *sg_store_serious(SgStore *s, gint64 since, GError **error);

/* --- seals ------------------------------------------------------------------------------- */

/* Asks for a seal to be lifted, or, when somebody else has asked, lifts it and tells the head
 * (outbox, template "unsealed").  reason is kept sealed.  *lifted: which of the two it was.
 * SG_ERR_INPUT: not sealed, or the same person asks twice. */
gboolean sg_store_unseal(SgStore *s, const char *ref, const char *actor, const char *reason, gint64 now,
	    gboolean *lifted, GError **error);
typedef struct SgUnseal {	/* who has asked for it */
	char  *actor, *reason;	/* NULL: nobody */
	gint64 when;
} SgUnseal;
gboolean sg_store_unseal_asked(SgStore *s, const char *ref, SgUnseal *out, GError **error);
void	 sg_unseal_clear(SgUnseal *u);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SgUnseal, sg_unseal_clear)

/* --- cover: a deputy stands in for a lead ---------------------------------------------------- */

typedef struct SgCover {
	gint64 id, since, until;	/* until: the first moment that is no longer covered */
	char  *lead, *deputy;		/* accounts */
} SgCover;
void	   sg_cover_free(SgCover *c);
/* What there is from now on, the next first.  */
GPtrArray *sg_store_covers(SgStore *s, gint64 now, GError **error);
/* SG_ERR_INPUT: it ends before it begins or is over, is longer than a year, or there are 20. */
gboolean   sg_store_cover_add(SgStore *s, const SgCover *c, gint64 now, GError **error);
/* Ends one of this lead's, or takes it back before it began. */
gboolean   sg_store_cover_end(SgStore *s, gint64 id, const char *lead, gint64 now, GError **error);

#endif
