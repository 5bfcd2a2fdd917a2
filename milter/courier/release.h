/*
 * release - sends one held message to one recipient: once, or not, or says that it does not know.
 *
 * Each attempt has a ticket of its own whose nonce is on disk before DATA.  When an
 * attempt's end was not seen (the courier died, or the connection after the final dot), the
 * milter's own record decides: it marks a ticket as answered just before it lets the
 * message pass.  Not answered: the ticket is withdrawn, so that the milter stops whatever
 * of that attempt still comes, and the message is sent again with a new one.  Answered: the
 * server may have it; the copy ends as unclear and a person looks.  A message sealed
 * meanwhile is not sent again, but ends in the same way when it may have gone.
 */
#ifndef SG_COURIER_RELEASE_H
#define SG_COURIER_RELEASE_H

#include "courier/office.h"

/* *since: an unseen end is not younger than this (seconds); the old ticket gets twice
 * scan.deadline from there.  Set anew, like j->nonce, when an attempt ends unseen here. */
void sg_release_try(SgOffice *office, const SgSetup *setup, SgMailJob *j, gint64 *since,
	    SgOutcome *out);

#endif
