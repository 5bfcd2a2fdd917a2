/*
 * value - dates, UPNs, postcodes and telephones where they stand in a text.
 *
 * Each function looks at byte `at` of text, which must be the first of a word: how many bytes
 * the value takes, and in out the form of roster.h; 0 when there is none.  Nothing is
 * checked beyond the shape, since the roster says whether it is somebody's.  Constant time.
 */
#ifndef SG_ROSTER_VALUE_H
#define SG_ROSTER_VALUE_H

#include <glib.h>

#define SG_VALUE_MOST 15u	/* bytes of out without its NUL */

/* "04/03/2012", "4.3.12", "2012-03-04", "4 March 2012", "4th Mar 2012": day first. */
gsize sg_value_date(const char *text, gsize len, gsize at, char out[SG_VALUE_MOST + 1]);
gsize sg_value_upn(const char *text, gsize len, gsize at, char out[SG_VALUE_MOST + 1]);
gsize sg_value_postcode(const char *text, gsize len, gsize at, char out[SG_VALUE_MOST + 1]);
/* A number of the United Kingdom with its area code: "07700 900123", "+44 (0)7700 900123". */
gsize sg_value_phone(const char *text, gsize len, gsize at, char out[SG_VALUE_MOST + 1]);

#endif
