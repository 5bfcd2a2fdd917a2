/* recall - what is remembered of the people of a message, and what of it is to be. */
#include "base/err.h"
#include "decide/contact.h"
#include "decide/relate.h"
#include "front/job.h"
#include "store/memory.h"

#define DAY ((gint64)86400)

/*
 * Remembered before anything else is done with the message: whatever it ends as, it was
 * written.  Only a message with signs to a child costs this one small transaction.
 */
static gboolean
recall_contacts(SgJob *j, GError **error)
{
	const SgPolicy *p = j->s->snapshot->policy;
	guint kinds = 0;
	g_autoptr(GPtrArray) pairs = sg_contact_pairs(p, j->m, j->reading, j->now, &kinds);
	SgWorry w = { .kinds = kinds, .now = j->now };
	SgFinding *f;

	if (pairs == NULL)
		return TRUE;
	sg_job_hash(j->m);
	w.dedupe = j->m->dedupe;
	w.own_id = sg_message_has_own_id(j->m);
	w.since = j->now - sg_policy_options(p)->memory.sign_days * DAY;
	if (!sg_store_worry(j->store, &w, pairs, error))
		return FALSE;
	f = sg_contact_judge(p, pairs, kinds, j->now);
	if (f != NULL)
		g_ptr_array_add(j->reading->findings, f);
	return TRUE;
}

/* Only mail of the school's own people: who writes to it from outside is not its slip. */
static gboolean
recall_relations(SgJob *j, GError **error)
{
	const SgPolicy *p = j->s->snapshot->policy;
	SgRelations *r = j->relations = sg_relate(p, j->m, j->now);

	if (r->ours && r->from[0] != '\0' && sg_relate_wants_memory(p) &&
	    !sg_store_relations(j->store, r, sg_relate_wants_alike(p, j->reading), j->now,
		sg_policy_options(p)->memory.learn_days * DAY, error))
		return FALSE;
	if (r->ours && sg_relate_wants_hour(p) &&
	    !sg_store_sent_since(j->store, j->m->sender, j->now - 3600, &r->hour, error))
		return FALSE;
	sg_relate_tell(r, j->reading->findings);
	return TRUE;
}

gboolean
sg_job_recall(SgJob *j, GError **error)
{
	return recall_contacts(j, error) && recall_relations(j, error);
}

/* Recipients who did not get a copy now. */
static GHashTable *
kept_from(const SgEffects *e)
{
	GHashTable *kept = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; e != NULL && i < e->edits->len; i++) {
		const SgEdit *edit = g_ptr_array_index(e->edits, i);

		if (edit->kind == SG_EDIT_DEL_RCPT)
			g_hash_table_add(kept, edit->value);
	}
	return kept;
}

static void
meeting_free(gpointer m)
{
	sg_meeting_free(m);
}

/* What was held, refused or put off is no contact yet: it would be an old one when it
 * comes again.  A release was read by a person, and is one. */
GPtrArray *
sg_job_met(const SgJob *j, SgReply reply)
{
	g_autoptr(GPtrArray) met = g_ptr_array_new_with_free_func(meeting_free);
	g_autoptr(GHashTable) kept = kept_from(j->effects);
	g_autoptr(SgRelations) own = NULL;
	const SgRelations *r = j->relations;

	if (reply != SG_REPLY_ACCEPT || g_strcmp0(j->word, "notice") == 0)
		return g_steal_pointer(&met);
	if (r == NULL)
		r = own = sg_relate(j->s->snapshot->policy, j->m, j->now);
	for (guint i = 0; r->from[0] != '\0' && i < r->to->len; i++) {
		const SgRelation *to = g_ptr_array_index(r->to, i);

		if ((r->ours || to->domain[0] == '\0') &&
		    !g_hash_table_contains(kept, g_ptr_array_index(j->m->recipients, i)))
			g_ptr_array_add(met, sg_meeting_new(r->from, to->address, r->ours ? to->domain : "",
			    to->surname));
	}
	return g_steal_pointer(&met);
}
