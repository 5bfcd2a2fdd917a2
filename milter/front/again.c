#include "base/ref.h"
#include "front/again.h"

#define REMEMBER (8 * 24 * 3600)	/* mail servers give up after five days at most */
#define MANY	 200000u

struct SgRecent {
	GMutex	    lock;
	gboolean    everybody;
	GHashTable *senders;	/* address -> seconds */
};

static gboolean
was_held(SgCopyState s)
{
	return s != SG_COPY_PASSED && s != SG_COPY_REJECTED;
}

static void
drop_planned(GPtrArray *edits)
{
	for (guint i = edits->len; i > 0; i--) {
		const SgEdit *e = g_ptr_array_index(edits, i - 1);

		if (e->kind == SG_EDIT_DEL_RCPT)
			g_ptr_array_remove_index(edits, i - 1);
	}
}

static void
refuse_again(SgEffects *e, const SgIncident *known)
{
	g_autofree char *shown = sg_ref_show(known->ref);

	if (e->end == SG_END_REPLY && e->code >= 500)
		return;
	e->end = SG_END_REPLY;
	e->code = 550;
	g_free(e->status);
	g_free(e->text);
	e->status = g_strdup("5.7.1");
	e->text = g_strdup_printf("This message was refused before, reference %s", shown);
}

void
sg_again(SgEffects *e, const SgIncident *known, const SgMessage *m)
{
	g_autoptr(GHashTable) held = g_hash_table_new(g_str_hash, g_str_equal);
	guint gone = 0;

	if (e->end == SG_END_REPLY && e->code < 500)
		return;
	if (sg_incident_count(known, SG_COPY_REJECTED) > 0) {
		refuse_again(e, known);
		return;
	}
	for (guint i = 0; i < known->copies->len; i++) {
		const SgCopy *c = g_ptr_array_index(known->copies, i);

		if (was_held(c->state))
			g_hash_table_add(held, c->address);
	}
	drop_planned(e->edits);
	for (guint i = 0; i < m->recipients->len; i++) {
		const char *address = g_ptr_array_index(m->recipients, i);
		SgEdit *edit;

		if (!g_hash_table_contains(held, address))
			continue;
		edit = g_new0(SgEdit, 1);
		edit->kind = SG_EDIT_DEL_RCPT;
		edit->value = g_strdup(address);
		g_ptr_array_add(e->edits, edit);
		gone++;
	}
	e->end = gone > 0 && gone == m->recipients->len ? SG_END_DISCARD : SG_END_ACCEPT;
}

static void
fill(SgRecent *r, SgStore *store, gint64 now)
{
	const SgFilter all = { .since = now - REMEMBER, .now = now, .limit = MANY };
	g_autoptr(GPtrArray) incidents = sg_store_list(store, &all, NULL);

	r->everybody = incidents == NULL || incidents->len >= MANY;
	for (guint i = 0; incidents != NULL && i < incidents->len; i++) {
		const SgIncident *incident = g_ptr_array_index(incidents, i);

		sg_recent_add(r, incident->origin.sender, incident->created);
	}
}

SgRecent *
sg_recent_new(SgStore *store, gint64 now)
{
	SgRecent *r = g_new0(SgRecent, 1);

	g_mutex_init(&r->lock);
	r->senders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (store != NULL)
		fill(r, store, now);
	return r;
}

void
sg_recent_free(SgRecent *r)
{
	if (r == NULL)
		return;
	g_hash_table_unref(r->senders);
	g_mutex_clear(&r->lock);
	g_free(r);
}

void
sg_recent_add(SgRecent *r, const char *sender, gint64 now)
{
	gint64 *when;

	g_mutex_lock(&r->lock);
	when = g_hash_table_lookup(r->senders, sender);
	if (when == NULL) {
		when = g_new0(gint64, 1);
		g_hash_table_insert(r->senders, g_strdup(sender), when);
	}
	*when = MAX(*when, now);	/* the store tells in no order */
	g_mutex_unlock(&r->lock);
}

gboolean
sg_recent_has(SgRecent *r, const char *sender)
{
	gboolean has;

	if (r->everybody)
		return TRUE;
	g_mutex_lock(&r->lock);
	has = g_hash_table_contains(r->senders, sender);
	g_mutex_unlock(&r->lock);
	return has;
}

static gboolean
is_old(gpointer key, gpointer value, gpointer before)
{
	(void)key;
	return *(gint64 *)value < *(gint64 *)before;
}

void
sg_recent_fade(SgRecent *r, gint64 now)
{
	gint64 before = now - REMEMBER;

	g_mutex_lock(&r->lock);
	g_hash_table_foreach_remove(r->senders, is_old, &before);
	g_mutex_unlock(&r->lock);
}
