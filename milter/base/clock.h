/*
 * clock - the time, from one place, so that tests can set it.
 *
 * Programs call sg_clock_now(); rooms below take the time as an argument.
 * SCHOOLGATE_CLOCK_OFFSET (seconds, may be negative) shifts the wall clock of
 * a program that a test starts.  The monotonic clock is never shifted.
 */
#ifndef SG_BASE_CLOCK_H
#define SG_BASE_CLOCK_H

#include <glib.h>

gint64 sg_clock_now(void);	/* seconds since 1970, UTC              */
gint64 sg_clock_now_us(void);	/* microseconds since 1970, UTC         */
char  *sg_clock_rfc3339(gint64 seconds);	/* "2026-03-04T10:40:00Z"; caller frees */

#endif
