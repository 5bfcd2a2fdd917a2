/*
 * remarks - what can be said about a message as a whole, each once.
 *
 * sink->limit("x") is the row "limit.x".  To add a limit: one row in remarks.c, and its
 * name in walk.h.
 */
#ifndef SG_SCAN_REMARKS_H
#define SG_SCAN_REMARKS_H

#include <glib.h>

#include "model/reading.h"

typedef struct SgRemark {
	const char *rule, *title, *category;
	guint severity, flags;	/* SgFlag */
} SgRemark;

extern const SgRemark sg_remarks[];	/* at most 32; the last one has no rule */

#endif
