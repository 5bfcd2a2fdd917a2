/*
 * callbacks - what libmilter calls: each turns its arguments into one event.
 *
 * Successive callbacks of one conversation run on different threads, never two
 * at a time; its state hangs on libmilter's context and nowhere else.  To add one: an
 * event and a column in session.c, its callback here, and its bit in on_negotiate().
 */
#ifndef SG_FRONT_CALLBACKS_H
#define SG_FRONT_CALLBACKS_H

#include "front/session.h"

/* Before smfi_opensocket().  gate outlives libmilter; judge decides at the end of a message. */
gboolean sg_callbacks_register(SgGate *gate, SgReply (*judge)(SgSession *s), GError **error);

#endif
