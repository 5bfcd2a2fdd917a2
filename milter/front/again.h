/*
 * again - a message that was filed before, because its sender never heard the answer.
 *
 * The incident on file decides: copies that were held are held (or released, or
 * withheld) already and go out of this message; copies that passed pass; what
 * was refused is refused.  Nothing is filed and nothing is delivered twice.
 *
 * So that mail that is simply delivered costs no look into the store, SgRecent
 * remembers for whom something was filed lately: only their mail is looked up.
 */
#ifndef SG_FRONT_AGAIN_H
#define SG_FRONT_AGAIN_H

#include "act/act.h"
#include "store/store.h"

/* e: planned for this message with known's ref; changed to what known says.  A plan
 * to answer "try later" stays. */
void	  sg_again(SgEffects *e, const SgIncident *known, const SgMessage *m);

typedef struct SgRecent SgRecent;

/* Asks the store once (NULL: there is nothing to ask); when that fails, every sender
 * counts as recent. */
SgRecent *sg_recent_new(SgStore *store, gint64 now);
void	  sg_recent_free(SgRecent *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgRecent, sg_recent_free)
/* Before the incident is filed. */
void	  sg_recent_add(SgRecent *r, const char *sender, gint64 now);
gboolean  sg_recent_has(SgRecent *r, const char *sender);
/* Forgets what no sender tries again; to be called now and then. */
void	  sg_recent_fade(SgRecent *r, gint64 now);

#endif
