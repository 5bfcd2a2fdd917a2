/*
 * number_date - the half of number.h that shows dates and times.
 */
#ifndef SG_TEXT_NUMBER_DATE_H
#define SG_TEXT_NUMBER_DATE_H

#include "text/number.h"

/* FALSE when the value is no date: nothing is written then. */
gboolean sg_date_show(GString *out, double value, const char *section, gboolean from_1904);

#endif
