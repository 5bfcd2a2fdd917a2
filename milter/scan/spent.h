/*
 * spent - has reading a message used up its processor time?
 *
 * Asked often, before each piece that is unpacked.  The processor's clock costs a system
 * call, the one on the wall does not; and a process of one thread never uses more time
 * than passes.  So the processor's is looked at only when so much has passed on the wall.
 */
#ifndef SG_SCAN_SPENT_H
#define SG_SCAN_SPENT_H

#include <glib.h>

typedef struct SgSpent {
	gint64 began, began_cpu;	/* microseconds */
	gint64 beside;			/* processor time that does not count */
} SgSpent;

SgSpent	 sg_spent_begin(void);
/* Microseconds of processor time that this process has used. */
gint64	 sg_spent_cpu(void);
gboolean sg_spent_is_over(const SgSpent *s, gint64 micros);

#endif
