/*
 * ical - the whole days of an iCalendar file (RFC 5545): holidays, terms.
 *
 * Reads DTSTART and DTEND (or DURATION) of each VEVENT and nothing else of it.  An event
 * that is cancelled or takes only part of a day is left out, the latter with a warning.
 * One that repeats (RRULE, RDATE) is an error: its days would silently be missing.
 *
 * Why not libical: it drops what it cannot read without a word and without a line number,
 * and it would put a large parser and ICU into the program that faces the mail server,
 * for two properties.
 */
#ifndef SG_DECIDE_ICAL_H
#define SG_DECIDE_ICAL_H

#include <glib.h>

typedef struct SgDays {		/* both ends included; days as in g_date_get_julian() */
	guint32 first, last;
} SgDays;

enum {
	SG_ICAL_BYTES = 1 << 20,
	SG_ICAL_EVENTS = 5000,
	SG_ICAL_LONGEST = 200,	/* days of one event: more is a wrong year */
};

/* Days in the order of the file, not joined (GArray of SgDays; caller unrefs), or NULL on any
 * error.  Every error and warning goes to problems as "name:line: what; remedy", at most 20. */
GArray *sg_ical_read(const char *name, const char *text, gsize n, GPtrArray *problems);

#endif
