/*
 * memory - who has written to whom, and what was worrying between two people.
 *
 * Only hashes are kept, made with a key of the installation (mail.key): without it no
 * row tells whose it is, and it cannot be asked "whom does this person know?".  The
 * caller gives canonical addresses (decide/people.h), one spelling a person.
 * Failures as in store.h; without mail.key SG_ERR_SETUP.
 */
#ifndef SG_STORE_MEMORY_H
#define SG_STORE_MEMORY_H

#include "model/relation.h"
#include "store/store.h"

/* A message with signs of unsafe contact. */
typedef struct SgWorry {
	const char *dedupe;	/* of the message (model/message.h)	  */
	gboolean    own_id;	/* sg_message_has_own_id()		  */
	guint	    kinds;
	gint64	    now;
	gint64	    since;	/* earlier signs are not looked at	  */
} SgWorry;

/*
 * Remembers the worry for each of the contacts (SgContact) and fills what was there
 * before: first, since, before (at most SG_SIGNS_MOST, the newest).  A message that comes
 * again, because its sender never heard the answer, is remembered once and is never
 * among what was before: it is judged as it was the first time.  All or nothing, on
 * disk when it returns TRUE.
 */
#define SG_SIGNS_MOST 200
gboolean sg_store_worry(SgStore *s, const SgWorry *w, GPtrArray *contacts, GError **error);

/*
 * Sets facts of each recipient (FIRST, ALIKE, NAMESAKE) by what is remembered; what is set
 * already stays.  Nobody is new before the memory is learn_seconds old.  ALIKE, which costs
 * two milliseconds, is looked for only when asked for, of recipients outside who are new,
 * and of SG_ALIKE_MOST of them.
 */
#define SG_ALIKE_MOST 20u
gboolean sg_store_relations(SgStore *s, SgRelations *r, gboolean alike, gint64 now, gint64 learn_seconds,
	    GError **error);
/* Recipients of this sender's mail since then that was neither refused nor put off; from the traces. */
gboolean sg_store_sent_since(SgStore *s, const char *sender, gint64 since, guint *recipients, GError **error);

/* One copy of a message that went on to its recipient. */
typedef struct SgMeeting {
	char *from, *to;
	char *domain;	/* of to, when somebody of the school writes to outside; else "" */
	char *surname;	/* of to, in the same case, when it is known; else ""		 */
} SgMeeting;
SgMeeting *sg_meeting_new(const char *from, const char *to, const char *domain, const char *surname);
void	   sg_meeting_free(SgMeeting *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgMeeting, sg_meeting_free)

#endif
