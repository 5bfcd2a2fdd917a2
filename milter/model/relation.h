/*
 * relation - what is remembered of two people, while one message between them is judged.
 *
 * The store remembers (store/memory.h), decide/ asks and judges (decide/contact.h), the
 * front carries it from one to the other.  Addresses are canonical, as decide/ makes
 * them: one person, one spelling.  Kinds are bits whose meaning is in decide/contact.c.
 */
#ifndef SG_MODEL_RELATION_H
#define SG_MODEL_RELATION_H

#include <glib.h>

/* One message that worried: when, and what about. */
typedef struct SgSign {
	gint64 when;
	guint  kinds;
} SgSign;

/* A child and somebody who is none, in a message with signs. */
typedef struct SgContact {
	char   *child, *other;
	gint64	first;	/* when they first met, either way; 0 = not known to have met */
	gint64	since;	/* when this memory began; 0 = it has not    */
	GArray *before;	/* SgSign of earlier messages, oldest first  */
} SgContact;

SgContact *sg_contact_new(const char *child, const char *other);
void	   sg_contact_free(SgContact *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgContact, sg_contact_free)

#endif
