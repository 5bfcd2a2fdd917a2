/*
 * watch - what the milter cannot do right now, as alarms (base/trouble.h).
 *
 * Each outcome on a message's road is given to one of these; a failure begins a
 * trouble, a success ends it.  Mail that must be filed is rare, so while filing
 * is in trouble sg_watch_probe() tries it with as many bytes as failed: alarms
 * end by themselves, and not because a smaller message happened to fit.
 */
#ifndef SG_FRONT_WATCH_H
#define SG_FRONT_WATCH_H

#include "front/gate.h"

/* error: NULL = it went well.  Failures that are the message's own fault change nothing. */
void sg_watch_filing(SgGate *g, gsize size, const GError *error);
void sg_watch_scanner(SgGate *g, const GError *error);
void sg_watch_room(SgGate *g, const GError *error);

/* Every few seconds; returns at once while filing works. */
void sg_watch_probe(SgGate *g);

#endif
