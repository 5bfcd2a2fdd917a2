#include "base/err.h"
#include "front/gate.h"

struct SgGate {
	GMutex	      lock;	/* guards snapshot and unfiled */
	gsize	      unfiled;
	SgSnapshot   *snapshot;
	SgStore	     *store;
	const SgKeys *keys;
	SgRecent     *recent;
	SgTrouble    *trouble;
	gint	      conversations, messages, draining;	/* atomic */
};

SgSnapshot *
sg_snapshot_load(const char *file, GPtrArray *problems, GError **error)
{
	g_autoptr(SgOptions) options = sg_options_load(file, problems, error);
	g_autoptr(SgPolicy) policy = NULL;
	g_autoptr(SgTrust) trust = NULL;
	g_autoptr(GError) untrusted = NULL;
	SgSnapshot *s;

	if (options == NULL)
		return NULL;
	/* both, so that all problems are told at once */
	trust = sg_trust_new(options->milter.trusted_networks, problems, &untrusted);
	policy = sg_policy_load(options, problems, error);
	if (policy == NULL)
		return NULL;
	if (trust == NULL) {
		g_propagate_error(error, g_steal_pointer(&untrusted));
		return NULL;
	}
	s = g_atomic_rc_box_new0(SgSnapshot);
	s->options = sg_policy_options(policy);
	s->policy = g_steal_pointer(&policy);
	s->trust = g_steal_pointer(&trust);
	return s;
}

SgSnapshot *
sg_snapshot_ref(SgSnapshot *s)
{
	return g_atomic_rc_box_acquire(s);
}

static void
snapshot_clear(gpointer p)
{
	SgSnapshot *s = p;

	sg_policy_unref(s->policy);
	sg_trust_free(s->trust);
}

void
sg_snapshot_unref(SgSnapshot *s)
{
	if (s != NULL)
		g_atomic_rc_box_release_full(s, snapshot_clear);
}

SgGate *
sg_gate_new(SgSnapshot *first, SgStore *store, const SgKeys *keys, SgRecent *recent)
{
	SgGate *g = g_new0(SgGate, 1);

	g_mutex_init(&g->lock);
	g->snapshot = first;
	g->store = store;
	g->keys = keys;
	g->recent = recent;
	return g;
}

void
sg_gate_free(SgGate *g)
{
	if (g == NULL)
		return;
	sg_snapshot_unref(g->snapshot);
	sg_recent_free(g->recent);
	g_mutex_clear(&g->lock);
	g_free(g);
}

SgStore *
sg_gate_store(const SgGate *g)
{
	return g->store;
}

const SgKeys *
sg_gate_keys(const SgGate *g)
{
	return g->keys;
}

SgRecent *
sg_gate_recent(SgGate *g)
{
	return g->recent;
}

SgTrouble *
sg_gate_trouble(const SgGate *g)
{
	return g->trouble;
}

void
sg_gate_tell(SgGate *g, SgTrouble *t)
{
	g->trouble = t;
}

gsize
sg_gate_unfiled(SgGate *g, gsize size)
{
	gsize most;

	g_mutex_lock(&g->lock);
	most = g->unfiled = MAX(g->unfiled, size);
	g_mutex_unlock(&g->lock);
	return most;
}

void
sg_gate_filed(SgGate *g)
{
	g_mutex_lock(&g->lock);
	g->unfiled = 0;
	g_mutex_unlock(&g->lock);
}

SgSnapshot *
sg_gate_snapshot(SgGate *g)
{
	SgSnapshot *s;

	g_mutex_lock(&g->lock);
	s = sg_snapshot_ref(g->snapshot);
	g_mutex_unlock(&g->lock);
	return s;
}

void
sg_gate_swap(SgGate *g, SgSnapshot *next)
{
	SgSnapshot *old;

	g_mutex_lock(&g->lock);
	old = g->snapshot;
	g->snapshot = next;
	g_mutex_unlock(&g->lock);
	sg_snapshot_unref(old);
}

static gint
most(SgGate *g)
{
	g_autoptr(SgSnapshot) s = sg_gate_snapshot(g);

	return (gint)s->options->milter.max_sessions;
}

gboolean
sg_gate_enter(SgGate *g)
{
	return g_atomic_int_add(&g->conversations, 1) < most(g);
}

void
sg_gate_leave(SgGate *g)
{
	g_atomic_int_add(&g->conversations, -1);
}

gboolean
sg_gate_has_room(SgGate *g)
{
	return g_atomic_int_get(&g->conversations) <= most(g);
}

/* Counted first, asked afterwards: whoever drains either sees the count or is seen. */
gboolean
sg_gate_begin(SgGate *g)
{
	g_atomic_int_inc(&g->messages);
	if (!g_atomic_int_get(&g->draining))
		return TRUE;
	sg_gate_end(g);
	return FALSE;
}

void
sg_gate_end(SgGate *g)
{
	g_atomic_int_add(&g->messages, -1);
}

void
sg_gate_drain(SgGate *g)
{
	g_atomic_int_set(&g->draining, 1);
}

guint
sg_gate_active(SgGate *g)
{
	return (guint)g_atomic_int_get(&g->messages);
}
