#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/log.h"
#include "front/apply.h"
#include "front/job.h"
#include "front/judge.h"
#include "front/release.h"
#include "front/watch.h"

static gboolean
will_be_filed(const SgVerdict *v)
{
	return v->file || v->failure != NULL || v->strongest > SG_DO_TAG;
}

void
sg_job_plan(SgJob *j)
{
	if (j->reading == NULL)
		j->reading = sg_reading_new();
	if (will_be_filed(j->verdict))
		sg_job_hash(j->m);
	g_clear_pointer(&j->effects, sg_effects_free);
	j->effects = sg_act_plan(j->verdict, j->s->snapshot->policy, j->m, j->reading, j->ref, j->now);
	/* filed for another reason than the verdict: copies are kept apart */
	if (j->effects->incident != NULL && j->m->dedupe == NULL) {
		sg_job_hash(j->m);
		sg_job_plan(j);
	}
}

void
sg_job_fail(SgJob *j, SgFailure what, guint times)
{
	g_clear_pointer(&j->verdict, sg_verdict_free);
	j->verdict = sg_decide_failure(j->s->snapshot->policy, j->m, what, times);
	sg_job_plan(j);
}

SgScanAsk
sg_job_question(const SgJob *j, const char *facts)
{
	return (SgScanAsk){ .options = j->s->snapshot->options, .fd = j->s->collect->fd,
		.texts = SG_TEXTS_ON_FINDING, .facts = facts,
		.progress = sg_apply_progress, .data = j->s };
}

/* The scanner died of this message: the third time the very same content is held. */
static void
fail_content(SgJob *j)
{
	g_autoptr(GError) error = NULL;
	guint times = 1;

	sg_job_hash(j->m);
	if (!sg_store_poison(j->store, j->m->content_hash, j->now, &times, &error)) {
		sg_job_log_failure(j, "store-failed", error);
		times = 1;
	}
	sg_job_fail(j, SG_FAIL_CONTENT, times);
}

/* What cannot be remembered must not pass: the next message would be judged without it. */
static void
fail_memory(SgJob *j, const GError *error)
{
	sg_watch_filing(j->s->gate, 0, error);
	sg_job_log_failure(j, "store-failed", error);
	sg_job_fail(j, SG_FAIL_STORE, 1);
}

static void
scan(SgJob *j)
{
	g_autofree char *facts = sg_decide_facts(j->s->snapshot->policy, j->m);
	g_autoptr(GError) error = NULL;
	SgScanAsk ask = sg_job_question(j, facts);

	j->reading = sg_scan(&ask, &error);
	if (j->reading != NULL && sg_fault("front.scanned"))
		g_set_error_literal(&error, SG_ERR, SG_ERR_LATER, "fault point");
	sg_watch_scanner(j->s->gate, error);
	if (error == NULL && !sg_job_recall(j, &error)) {
		fail_memory(j, error);
		return;
	}
	if (error == NULL) {
		j->verdict = sg_decide_related(j->s->snapshot->policy, j->m, j->reading, j->relations,
		    j->now);
		sg_job_plan(j);
		return;
	}
	sg_job_log_failure(j, "scan-failed", error);
	g_clear_pointer(&j->reading, sg_reading_free);
	if (g_error_matches(error, SG_ERR, SG_ERR_LATER))
		sg_job_fail(j, SG_FAIL_SCANNER, 1);
	else
		fail_content(j);
}

static SgReply
try_later(SgJob *j)
{
	j->word = "later";
	return sg_session_answer(j->s, 0, NULL, NULL);
}

static SgReply
carry_out(SgJob *j)
{
	g_autoptr(GError) error = NULL;
	const SgEffects *e = j->effects;

	if (sg_fault("front.filed"))
		return try_later(j);
	if (e->end == SG_END_REPLY)
		return sg_session_answer(j->s, e->code, e->status, e->text);
	if (e->end == SG_END_DISCARD)
		return SG_REPLY_DISCARD;
	if (!sg_apply_edits(j->s, e->edits, j->body, &error)) {
		sg_job_log_failure(j, "edit-failed", error);
		return try_later(j);
	}
	return sg_fault("front.edited") ? try_later(j) : SG_REPLY_ACCEPT;
}

/* From the plan to the answer.  When it cannot be filed, the plan for that is
 * carried out instead; it files nothing. */
static SgReply
settle(SgJob *j)
{
	g_autoptr(GError) error = NULL;

	sg_job_detach(j);
	sg_job_disclaim(j);
	if (sg_job_file(j, &error))
		return carry_out(j);
	sg_watch_filing(j->s->gate, j->s->collect->size, error);
	sg_job_log_failure(j, "store-failed", error);
	sg_job_fail(j, SG_FAIL_STORE, 1);
	if (j->effects->incident != NULL || j->effects->end != SG_END_REPLY)
		return try_later(j);
	return carry_out(j);
}

/* What the route asks for is added to a release too; who wrote it is on file. */
static void
disclaim_release(SgJob *j, const SgTicket *t)
{
	g_autoptr(SgIncident) incident = sg_store_get(j->store, t->ref, NULL);

	if (incident == NULL)
		return;
	j->m->authenticated = incident->origin.authenticated;
	j->effects->disclaimers = sg_disclaimers_for(j->s->snapshot->policy, j->m, j->m->recipients, j->now);
	sg_job_disclaim(j);
}

/* A release says so where it stays inside, and outside only that it was checked. */
static void
plan_pass(SgJob *j, const SgTicket *t)
{
	const char *to = g_ptr_array_index(j->m->recipients, 0);
	g_autofree char *shown = sg_ref_show(t->ref), *value = NULL;

	j->effects = sg_effects_new();
	if (!t->release)
		return;
	value = sg_policy_inside(j->s->snapshot->policy, to) ? g_strdup_printf("released; ref=%s; v=1", shown)
							     : g_strdup_printf("checked; ref=%s", shown);
	sg_effects_edit(j->effects, SG_EDIT_ADD_HEADER, "Schoolgate-Status", value);
	disclaim_release(j, t);
}

static SgReply
let_pass(SgJob *j, const SgTicket *t)
{
	g_autoptr(GError) error = NULL;

	j->word = t->release ? "released" : "notice";
	if (t->release) {
		(void)g_strlcpy(j->ref, t->ref, sizeof j->ref);
		j->filed = TRUE;
	}
	plan_pass(j, t);
	/* the ticket counts as answered only when the server is still there to hear it */
	if (sg_fault("front.ticket-used") || !sg_apply_edits(j->s, j->effects->edits, j->body, &error) ||
	    !sg_apply_progress(j->s) ||
	    !sg_store_ticket_answered(j->store, t->nonce, t->ref, j->now, &error)) {
		sg_job_log_failure(j, "ticket-failed", error);
		return try_later(j);
	}
	return sg_fault("front.ticket-answered") ? try_later(j) : SG_REPLY_ACCEPT;
}

static SgReply
read_and_decide(SgJob *j)
{
	g_autoptr(GError) error = NULL;
	SgPass pass;

	if (!sg_release_check(j->s->collect, j->m, sg_gate_keys(j->s->gate), j->store, j->now, &pass,
	    &error)) {
		sg_job_log_failure(j, "ticket-failed", error);
		sg_watch_filing(j->s->gate, 0, error);
		return try_later(j);
	}
	if (pass.good)
		return let_pass(j, &pass.ticket);
	j->misfit = pass.why != NULL;
	if (j->misfit)
		sg_log(SG_LOG_WARN, "ticket-refused", "msg", sg_job_name(j), "why", pass.why, NULL);
	if (pass.genuine)
		return try_later(j);
	scan(j);
	return settle(j);
}

static SgReply
run(SgJob *j)
{
	g_autoptr(GError) error = NULL;
	SgCollect *c = j->s->collect;

	j->m->message_id = g_steal_pointer(&c->message_id);
	j->m->automatic = c->automatic;
	j->m->bytes = sg_collect_seal(c, &error);
	if (j->m->bytes != NULL && sg_fault("front.collected"))
		g_set_error_literal(&error, SG_ERR, SG_ERR_LATER, "fault point");
	if (error == NULL && c->own_flood)
		g_set_error_literal(&error, SG_ERR, SG_ERR_LIMIT, "too many Schoolgate header fields");
	sg_watch_room(j->s->gate, error);
	if (error == NULL)
		return read_and_decide(j);
	sg_job_log_failure(j, "not-collected", error);
	sg_job_fail(j, g_error_matches(error, SG_ERR, SG_ERR_LIMIT) ? SG_FAIL_TOO_LARGE
								    : SG_FAIL_INTERNAL, 1);
	return settle(j);
}

SgReply
sg_judge(SgSession *s)
{
	SgJob j = { .s = s, .m = s->message, .store = sg_gate_store(s->gate), .now = sg_clock_now(),
		.began = g_get_monotonic_time() };
	SgReply reply;

	sg_ref_new(j.ref);
	reply = run(&j);
	sg_job_report(&j, reply);
	g_clear_pointer(&j.reading, sg_reading_free);
	g_clear_pointer(&j.relations, sg_relations_free);
	g_clear_pointer(&j.verdict, sg_verdict_free);
	g_clear_pointer(&j.effects, sg_effects_free);
	g_clear_pointer(&j.body, g_bytes_unref);
	g_free(j.disclaimer);
	return reply;
}
