/*
 * watch - what is sent because time has passed: the ladder, the digest, requests to confirm.
 *
 *	ladder	when nobody has looked at an urgent or high message, the next people are asked
 *		(the table in watch.c); a look in the console ends it
 *	digest	at courier.digest on school days, to courier.digest_roles
 *	confirm	each address of contacts in policy.conf is asked to confirm that our mail
 *		arrives; again after a week
 *
 * All state is in the store (store/post.h): a step is taken once, whoever dies in between,
 * and after a stop the step that is due then is taken, not all that were missed.
 */
#ifndef SG_COURIER_WATCH_H
#define SG_COURIER_WATCH_H

#include "courier/office.h"

/* Looks for what is due and puts mails into the outbox; call it often, it is cheap when
 * nothing is.  FALSE with the store's error. */
gboolean sg_watch_tick(SgOffice *office, const SgSetup *s, gint64 now, GError **error);

/* Who is asked next about a message of this urgency that is held now, and when; NULL nobody. */
const char *sg_watch_next_role(const SgSetup *s, const char *urgency, gint64 now, gint64 *when);

/* Is nobody at school, and is there somebody to be told instead (role "out-of-hours")? */
gboolean sg_watch_out_of_hours(const SgSetup *s, gint64 now);
/* When an alert of this urgency may go: now, or the time of the digest after it was made. */
gint64	 sg_watch_alert_time(const SgSetup *s, const char *urgency, gint64 made, gint64 now);
gboolean sg_watch_reads_digest(const SgSetup *s, const char *address);

#endif
