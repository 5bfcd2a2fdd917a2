/*
 * gate - what all conversations share: configuration, store, keys, and the count.
 *
 * Configuration is a snapshot of options, policy and trusted networks that never
 * changes; a reload makes a new one and swaps it whole.  A message keeps the
 * snapshot it began with.  Everything here may be used from all threads.
 *
 *   conversation   one connection of the mail server     sg_gate_enter, _leave
 *   message	    from MAIL to the reply after its end   sg_gate_begin, _end
 */
#ifndef SG_FRONT_GATE_H
#define SG_FRONT_GATE_H

#include "base/trouble.h"
#include "decide/policy.h"
#include "front/again.h"
#include "front/trust.h"
#include "store/store.h"

typedef struct SgSnapshot {
	const SgOptions *options;	/* belongs to the policy */
	SgPolicy	*policy;
	SgTrust		*trust;
} SgSnapshot;

SgSnapshot *sg_snapshot_load(const char *file, GPtrArray *problems, GError **error);
SgSnapshot *sg_snapshot_ref(SgSnapshot *s);
void	    sg_snapshot_unref(SgSnapshot *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgSnapshot, sg_snapshot_unref)

typedef struct SgGate SgGate;

/* Takes the snapshot and recent; store and keys stay the caller's and outlive the
 * gate.  (The unit tests of the conversation have none of the three: NULL.) */
SgGate	   *sg_gate_new(SgSnapshot *first, SgStore *store, const SgKeys *keys, SgRecent *recent);
void	    sg_gate_free(SgGate *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SgGate, sg_gate_free)
SgStore	   *sg_gate_store(const SgGate *g);
const SgKeys *sg_gate_keys(const SgGate *g);
SgRecent   *sg_gate_recent(SgGate *g);
/* Where alarms are told; NULL before sg_gate_tell() and in tests.  Stays the caller's. */
SgTrouble  *sg_gate_trouble(const SgGate *g);
void	    sg_gate_tell(SgGate *g, SgTrouble *t);
/* The largest message that could not be filed since the last that could: at least this
 * size from now on (0 only asks), and none. */
gsize	    sg_gate_unfiled(SgGate *g, gsize size);
void	    sg_gate_filed(SgGate *g);
SgSnapshot *sg_gate_snapshot(SgGate *g);	/* a reference */
void	    sg_gate_swap(SgGate *g, SgSnapshot *next);	/* takes it */

/* FALSE: more conversations than milter.max_sessions; it is counted all the same. */
gboolean    sg_gate_enter(SgGate *g);
void	    sg_gate_leave(SgGate *g);
/* Is there room again for a conversation that sg_gate_enter() found too many? */
gboolean    sg_gate_has_room(SgGate *g);
/* FALSE: no new message, the program is about to stop. */
gboolean    sg_gate_begin(SgGate *g);
void	    sg_gate_end(SgGate *g);

/* From now on no message begins. */
void	    sg_gate_drain(SgGate *g);
guint	    sg_gate_active(SgGate *g);	/* messages in hand */

#endif
