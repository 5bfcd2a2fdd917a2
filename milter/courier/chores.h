/*
 * chores - what is done by the clock: retention once a day, and once an hour a log line
 * "audit-head seq= hash=" by which a log kept elsewhere can prove that the audit was not cut.
 *
 * A thread of its own: a long clearing must not hold up mail.  To add one: a function in
 * chores.c that logs its own failure, and a line in run().
 */
#ifndef SG_COURIER_CHORES_H
#define SG_COURIER_CHORES_H

#include "courier/office.h"

typedef struct SgChores SgChores;

SgChores *sg_chores_start(SgOffice *office);
/* Waits for the piece in hand. */
void	  sg_chores_stop(SgChores *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgChores, sg_chores_stop)

#endif
