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

/* What a row of the policy may ask about one recipient; bits. */
typedef enum {
	SG_REL_FIRST = 1 << 0,		/* outside, and never written to or heard of		*/
	SG_REL_ALIKE = 1 << 1,		/* easily taken for an address or domain that is known	*/
	SG_REL_NAMESAKE = 1 << 2,	/* new, and the sender often writes to another of the name */
} SgRelationFact;

typedef struct SgRelation {	/* one recipient; every string is there, maybe empty */
	char *address;		/* canonical */
	char *domain;		/* "" for people of the school */
	char *surname;		/* in lower case; "" when the message does not name it */
	char *home;		/* class of whom it is the private address of, or ""   */
	gboolean common;	/* domain is that of a great mail provider */
	guint facts;		/* SgRelationFact */
} SgRelation;

typedef struct SgRelations {
	char	  *from;	/* canonical; "" = nobody  */
	char	  *home;	/* as above, of the sender */
	gboolean   ours;	/* the mail server vouches for the sender */
	gboolean   alike;	/* the sender's own domain is nearly one of the school's */
	gboolean   reply_all;	/* an answer to several at once, some of them outside	 */
	guint	   visible;	/* families and organisations outside that can see each other */
	guint	   hour;	/* recipients of the sender in the hour before		 */
	GPtrArray *to;		/* SgRelation, in the order of the envelope		 */
} SgRelations;

void	     sg_relation_free(gpointer relation);
SgRelations *sg_relations_new(void);	/* strings are the caller's to fill */
void	     sg_relations_free(SgRelations *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgRelations, sg_relations_free)

#endif
