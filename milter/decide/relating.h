/*
 * relating - what a row of the policy asks of the people; a part of inner.h.
 *
 * A new question: a member here, a line in the table of rowread.c, its answer in relate.c.
 */
#ifndef SG_DECIDE_RELATING_H
#define SG_DECIDE_RELATING_H

#include "model/relation.h"

typedef struct SgRowRelation {
	guint	 facts;		/* SgRelationFact, all of them: of one recipient */
	char   **home;		/* classes whose private address an end is; "*" any; or NULL */
	gint64	 visible, hour;	/* more than; -1 asks nothing */
	gboolean reply_all;
} SgRowRelation;

/* Of the message as a whole, and of its n-th recipient: does what it asks hold? */
gboolean sg_relating_message(const SgRowRelation *w, const SgRelations *r);
gboolean sg_relating_line(const SgRowRelation *w, const SgRelations *r, guint n);
gboolean sg_relating_asks(const SgRowRelation *w);	/* anything at all */

#endif
