/*
 * hours - when somebody is at school to look: school hours, holidays, terms.
 *
 * hours.week says which hours of which days; hours.holidays (iCalendar) which days are
 * closed all the same; hours.terms, when it is given, that only days of a term are open.
 * After the last day these files know, the week alone counts, so that a calendar that
 * nobody renewed does not close the school for ever; doctor says so before.
 *
 * Times are seconds since 1970.  Everything looks at most SG_HOURS_AHEAD days ahead; when no
 * day is open in them, time simply passes.
 */
#ifndef SG_DECIDE_HOURS_H
#define SG_DECIDE_HOURS_H

#include "base/options.h"

#define SG_HOURS_AHEAD 120

typedef struct SgHours SgHours;

/* Every problem is appended to problems ("file:line: what; remedy"); NULL when one of them
 * is more than a warning. */
SgHours	 *sg_hours_load(const SgOptions *o, GPtrArray *problems);
void	  sg_hours_free(SgHours *h);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgHours, sg_hours_free)

gboolean  sg_hours_open(const SgHours *h, gint64 when);
gboolean  sg_hours_school_day(const SgHours *h, gint64 when);
/* When it is open next; when itself, if it is open then. */
gint64	  sg_hours_next(const SgHours *h, gint64 when);
/* So many seconds of school hours later. */
gint64	  sg_hours_add(const SgHours *h, gint64 when, gint64 seconds);
/*
 * Until when somebody should have looked (console.md 6.2).  urgent: 15 minutes, at any hour.
 * high: 2 hours of school.  medium: the end of the school day, or of the next one when less
 * than 2 hours of it are left.  low: the end of the next school day.
 */
gint64	  sg_hours_look_by(const SgHours *h, const char *urgency, gint64 now);
/* The last of the digest's times (courier.digest) on a school day that is not after when, and
 * the next after it; 0 = none. */
gint64	  sg_hours_digest_before(const SgHours *h, gint64 when);
gint64	  sg_hours_digest_after(const SgHours *h, gint64 when);
/* Of the first school day of its week: a digest that has nothing to say goes all the same. */
gboolean  sg_hours_week_begins(const SgHours *h, gint64 when);

GTimeZone *sg_hours_zone(const SgHours *h);	/* belongs to h */
/* The last day that the calendar files know (noon of it); 0: there are none. */
gint64	  sg_hours_known_until(const SgHours *h);

#endif
