/* filing - store first: what the plan wants on file is on disk before anything else happens. */
#include "base/err.h"
#include "front/job.h"
#include "front/watch.h"

void
sg_job_hash(SgMessage *m)
{
	if (m->content_hash == NULL)
		sg_message_hash(m);
	if (m->dedupe == NULL)
		sg_message_dedupe(m);
}

static GPtrArray *
mail_jobs(const SgEffects *e)
{
	GPtrArray *jobs = g_ptr_array_new_with_free_func((GDestroyNotify)sg_mail_job_free);

	for (guint i = 0; i < e->outbox->len; i++) {
		const SgOutboxNew *o = g_ptr_array_index(e->outbox, i);
		SgMailJob *job = g_new0(SgMailJob, 1);

		job->kind = g_strdup(o->kind);
		job->template = g_strdup(o->template);
		job->role = g_strdup(o->role);
		job->address = g_strdup(o->address);
		job->not_before = o->not_before;
		g_ptr_array_add(jobs, job);
	}
	return jobs;
}

/*
 * Planned anew, since the reference is in headers and notes.  Not for what may be our own
 * courier's, with a ticket we cannot take (made with another key): it would be taken for a
 * retry of the mail it releases, and vanish; and not when parts can no longer be taken out.
 */
static void
follow(SgJob *j, const SgIncident *known)
{
	const gboolean stripped = j->stripped;

	(void)g_strlcpy(j->ref, known->ref, sizeof j->ref);
	j->filed = TRUE;
	sg_job_plan(j);
	g_clear_pointer(&j->body, g_bytes_unref);
	sg_job_detach(j);
	if (j->misfit || stripped != j->stripped) {
		sg_job_fail(j, SG_FAIL_INTERNAL, 1);
	} else {
		sg_job_disclaim(j);
		sg_again(j->effects, known, j->m);
	}
}

static gboolean
file(SgJob *j, GError **error)
{
	const SgEffects *e = j->effects;
	g_autoptr(GPtrArray) jobs = mail_jobs(e);
	g_autoptr(SgIncident) known = NULL;

	sg_recent_add(sg_gate_recent(j->s->gate), j->m->sender, j->now);
	if (!sg_store_file(j->store, e->incident, e->content ? j->m->bytes : NULL,
	    e->content ? j->reading : NULL, jobs, &known, error))
		return FALSE;
	j->filed = TRUE;
	if (known != NULL)
		follow(j, known);
	else
		sg_watch_filing(j->s->gate, j->s->collect->size, NULL);
	return TRUE;
}

/* Nothing is to be filed now; but when the answer to an earlier try was lost, a
 * copy may be on file all the same (rules or the scanner's health have changed). */
static gboolean
look_back(SgJob *j, GError **error)
{
	g_autoptr(GError) failed = NULL;
	g_autoptr(SgIncident) known = NULL;

	if (j->effects->end != SG_END_ACCEPT ||
	    !sg_recent_has(sg_gate_recent(j->s->gate), j->m->sender))
		return TRUE;
	sg_job_hash(j->m);
	known = sg_store_find_same(j->store, j->m->dedupe, j->m->recipients,
	    sg_message_has_own_id(j->m), j->now, &failed);
	if (known != NULL)
		follow(j, known);
	if (failed == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

gboolean
sg_job_file(SgJob *j, GError **error)
{
	return j->effects->incident != NULL ? file(j, error) : look_back(j, error);
}
