/* recall - what is remembered of the people of a message, and what of it is to be. */
#include "base/err.h"
#include "decide/contact.h"
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

gboolean
sg_job_recall(SgJob *j, GError **error)
{
	return recall_contacts(j, error);
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
 * comes again. */
GPtrArray *
sg_job_met(const SgJob *j, SgReply reply)
{
	const SgPolicy *p = j->s->snapshot->policy;
	g_autoptr(GPtrArray) met = g_ptr_array_new_with_free_func(meeting_free);
	g_autoptr(GHashTable) kept = kept_from(j->effects);
	gboolean ours = FALSE;
	g_autofree char *from = sg_decide_writer(p, j->m, j->now, &ours);

	if (reply != SG_REPLY_ACCEPT || from[0] == '\0' || g_strcmp0(j->word, "notice") == 0)
		return g_steal_pointer(&met);
	for (guint i = 0; i < j->m->recipients->len; i++) {
		const char *address = g_ptr_array_index(j->m->recipients, i);
		gboolean inside = sg_policy_inside(p, address);
		g_autofree char *to = sg_policy_mailbox(p, address);

		if ((ours || inside) && !g_hash_table_contains(kept, address))
			g_ptr_array_add(met,
			    sg_meeting_new(from, to, ours && !inside ? sg_address_domain(to) : "", ""));
	}
	return g_steal_pointer(&met);
}
