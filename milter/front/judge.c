#include <string.h>

#include "act/act.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/clock.h"
#include "base/ref.h"
#include "client/scanclient.h"
#include "decide/decide.h"
#include "front/again.h"
#include "front/apply.h"
#include "front/judge.h"
#include "front/release.h"

typedef struct {
	SgSession  *s;
	SgMessage  *m;
	SgStore	   *store;
	gint64	    now, began;	/* seconds; monotonic microseconds */
	char	    ref[SG_REF_LEN + 1];
	gboolean    filed;	/* ref names an incident on file */
	SgReading  *reading;
	SgVerdict  *verdict;
	SgEffects  *effects;
	GBytes	   *body;	/* takes the place of the message's, or NULL */
	const char *word;	/* in log and trace, when it is not the verdict's */
} Job;

static const char *
name_of(const Job *j)
{
	if (j->filed)
		return j->ref;
	return j->m->queue_id != NULL ? j->m->queue_id : "-";
}

static void
log_failure(const Job *j, const char *event, const GError *error)
{
	sg_log(SG_LOG_ERROR, event, "msg", name_of(j), "remedy",
	    error != NULL && error->domain == SG_ERR ? sg_err_name(error->code) : "-",
	    "why", error != NULL ? error->message : "-", NULL);
}

/* Hashes are for what is filed or failed, not for every mail. */
static void
hash(SgMessage *m)
{
	if (m->content_hash == NULL)
		sg_message_hash(m);
	if (m->dedupe == NULL)
		sg_message_dedupe(m);
}

static gboolean
will_be_filed(const SgVerdict *v)
{
	return v->file || v->failure != NULL || v->strongest > SG_DO_TAG;
}

static void
plan(Job *j)
{
	if (j->reading == NULL)
		j->reading = sg_reading_new();
	if (will_be_filed(j->verdict))
		hash(j->m);
	g_clear_pointer(&j->effects, sg_effects_free);
	j->effects = sg_act_plan(j->verdict, j->s->snapshot->policy, j->m, j->reading, j->ref, j->now);
}

static void
fail(Job *j, SgFailure what, guint times)
{
	g_clear_pointer(&j->verdict, sg_verdict_free);
	j->verdict = sg_decide_failure(j->s->snapshot->policy, j->m, what, times);
	plan(j);
}

/* --- scan ------------------------------------------------------------------- */

static SgScanAsk
question(const Job *j, const char *facts)
{
	return (SgScanAsk){ .options = j->s->snapshot->options, .fd = j->s->collect->fd,
		.texts = SG_TEXTS_ON_FINDING, .facts = facts,
		.progress = sg_apply_progress, .data = j->s };
}

/* The scanner died of this message: the third time the very same content is held. */
static void
fail_content(Job *j)
{
	g_autoptr(GError) error = NULL;
	guint times = 1;

	hash(j->m);
	if (!sg_store_poison(j->store, j->m->content_hash, j->now, &times, &error)) {
		log_failure(j, "store-failed", error);
		times = 1;
	}
	fail(j, SG_FAIL_CONTENT, times);
}

static void
scan(Job *j)
{
	g_autofree char *facts = sg_decide_facts(j->s->snapshot->policy, j->m);
	g_autoptr(GError) error = NULL;
	SgScanAsk ask = question(j, facts);

	j->reading = sg_scan(&ask, &error);
	if (j->reading != NULL && sg_fault("front.scanned"))
		g_set_error_literal(&error, SG_ERR, SG_ERR_LATER, "fault point");
	if (error == NULL) {
		j->verdict = sg_decide(j->s->snapshot->policy, j->m, j->reading, j->now);
		plan(j);
		return;
	}
	log_failure(j, "scan-failed", error);
	g_clear_pointer(&j->reading, sg_reading_free);
	if (g_error_matches(error, SG_ERR, SG_ERR_LATER))
		fail(j, SG_FAIL_SCANNER, 1);
	else
		fail_content(j);
}

/* --- detach ----------------------------------------------------------------- */

static gsize
header_length(GBytes *message)
{
	gsize len;
	const char *p = g_bytes_get_data(message, &len);
	const char *end = len >= 2 && memcmp(p, "\r\n", 2) == 0 ? p : memmem(p, len, "\r\n\r\n", 4);

	if (end == NULL)
		return len;
	return (gsize)(end - p) + (end == p ? 2 : 4);
}

/* Only the body can be replaced, so the header must have stayed as it was. */
static gboolean
take_body(Job *j, GBytes *changed, GError **error)
{
	gsize head = header_length(j->m->bytes), len = g_bytes_get_size(changed);

	if (len < head || header_length(changed) != head ||
	    memcmp(g_bytes_get_data(changed, NULL), g_bytes_get_data(j->m->bytes, NULL), head) != 0) {
		g_set_error_literal(error, SG_ERR, SG_ERR_PEER, "the header changed with the body");
		return FALSE;
	}
	j->body = g_bytes_new_from_bytes(changed, head, len - head);
	return TRUE;
}

static const SgEdit *
detach_edit(const SgEffects *e)
{
	for (guint i = 0; i < e->edits->len; i++) {
		const SgEdit *edit = g_ptr_array_index(e->edits, i);

		if (edit->kind == SG_EDIT_DETACH)
			return edit;
	}
	return NULL;
}

/* What cannot be taken out safely is not let through with it. */
static void
hold_instead(Job *j)
{
	for (guint i = 0; i < j->verdict->lines->len; i++) {
		SgLine *line = g_ptr_array_index(j->verdict->lines, i);

		if (line->what == SG_DO_DETACH)
			line->what = SG_DO_HOLD;
	}
	j->verdict->strongest = MAX(j->verdict->strongest, SG_DO_HOLD);
	j->verdict->file = TRUE;
	plan(j);
}

static void
detach(Job *j)
{
	const SgEdit *edit = detach_edit(j->effects);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) changed = NULL;
	SgScanAsk ask = question(j, "");

	if (edit == NULL || j->effects->end != SG_END_ACCEPT)
		return;
	changed = sg_scan_detach(&ask, edit->value, edit->name, &error);
	if (changed != NULL && take_body(j, changed, &error))
		return;
	log_failure(j, "detach-failed", error);
	if (g_error_matches(error, SG_ERR, SG_ERR_LATER))
		fail(j, SG_FAIL_SCANNER, 1);
	else
		hold_instead(j);
}

/* --- file ------------------------------------------------------------------- */

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

static void
follow(Job *j, SgIncident *known)
{
	(void)g_strlcpy(j->ref, known->ref, sizeof j->ref);
	j->filed = TRUE;
	plan(j);
	sg_again(j->effects, known, j->m);
}

static gboolean
file(Job *j, GError **error)
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
	return TRUE;
}

/* Nothing is to be filed now; but when the answer to an earlier try was lost, a
 * copy may be on file all the same (rules or the scanner's health have changed). */
static gboolean
look_back(Job *j, GError **error)
{
	g_autoptr(GError) failed = NULL;
	g_autoptr(SgIncident) known = NULL;

	if (j->effects->end != SG_END_ACCEPT ||
	    !sg_recent_has(sg_gate_recent(j->s->gate), j->m->sender))
		return TRUE;
	hash(j->m);
	known = sg_store_find_same(j->store, j->m->dedupe, sg_message_has_own_id(j->m), j->now, &failed);
	if (known != NULL)
		follow(j, known);
	if (failed == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failed));
	return FALSE;
}

/* --- answer ----------------------------------------------------------------- */

static SgReply
try_later(Job *j)
{
	j->word = "later";
	return sg_session_answer(j->s, 0, NULL, NULL);
}

static SgReply
carry_out(Job *j)
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
		log_failure(j, "edit-failed", error);
		return try_later(j);
	}
	return sg_fault("front.edited") ? try_later(j) : SG_REPLY_ACCEPT;
}

/* From the plan to the answer.  When it cannot be filed, the plan for that is
 * carried out instead; it files nothing. */
static SgReply
settle(Job *j)
{
	g_autoptr(GError) error = NULL;

	detach(j);
	if (j->effects->incident != NULL ? file(j, &error) : look_back(j, &error))
		return carry_out(j);
	log_failure(j, "store-failed", error);
	fail(j, SG_FAIL_STORE, 1);
	if (j->effects->incident != NULL || j->effects->end != SG_END_REPLY)
		return try_later(j);
	return carry_out(j);
}

/* --- our own mail ----------------------------------------------------------- */

static SgReply
let_pass(Job *j, const SgTicket *t)
{
	g_autoptr(GError) error = NULL;

	j->word = t->release ? "released" : "notice";
	if (t->release) {
		(void)g_strlcpy(j->ref, t->ref, sizeof j->ref);
		j->filed = TRUE;
	}
	if (sg_fault("front.ticket-used") || !sg_apply_edits(j->s, NULL, NULL, &error) ||
	    !sg_store_ticket_answered(j->store, t->nonce, j->now, &error)) {
		log_failure(j, "ticket-failed", error);
		return try_later(j);
	}
	return sg_fault("front.ticket-answered") ? try_later(j) : SG_REPLY_ACCEPT;
}

static SgReply
read_and_decide(Job *j)
{
	g_autoptr(GError) error = NULL;
	SgPass pass;

	if (!sg_release_check(j->s->collect, j->m, sg_gate_keys(j->s->gate), j->store, j->now, &pass,
	    &error)) {
		log_failure(j, "ticket-failed", error);
		return try_later(j);
	}
	if (pass.good)
		return let_pass(j, &pass.ticket);
	if (pass.why != NULL)
		sg_log(SG_LOG_WARN, "ticket-refused", "msg", name_of(j), "why", pass.why, NULL);
	scan(j);
	return settle(j);
}

static SgReply
run(Job *j)
{
	g_autoptr(GError) error = NULL;
	SgCollect *c = j->s->collect;

	j->m->message_id = g_steal_pointer(&c->message_id);
	j->m->bytes = sg_collect_seal(c, &error);
	if (j->m->bytes != NULL && sg_fault("front.collected"))
		g_set_error_literal(&error, SG_ERR, SG_ERR_LATER, "fault point");
	if (error == NULL && c->own_flood)
		g_set_error_literal(&error, SG_ERR, SG_ERR_LIMIT, "too many Schoolgate header fields");
	if (error == NULL)
		return read_and_decide(j);
	log_failure(j, "not-collected", error);
	fail(j, g_error_matches(error, SG_ERR, SG_ERR_LIMIT) ? SG_FAIL_TOO_LARGE : SG_FAIL_INTERNAL, 1);
	return settle(j);
}

/* --- afterwards ------------------------------------------------------------- */

static const char *
route_of(const Job *j)
{
	return j->verdict != NULL ? sg_route_name(j->verdict->route) : "-";
}

static const char *
word_of(const Job *j, SgReply reply)
{
	if (j->word != NULL)
		return j->word;
	if (reply == SG_REPLY_ANSWER && (j->s->answer.code == 0 || j->s->answer.code < 500))
		return "later";
	return j->verdict != NULL ? sg_do_name(j->verdict->strongest) : "-";
}

static void
trace(const Job *j, const char *word, guint micros)
{
	g_autoptr(GString) recipients = g_string_new(NULL);
	SgMessage *m = j->m;
	char none[] = "";
	SgTrace t = { .when = j->now, .queue_id = m->queue_id, .message_id = m->message_id,
		.sender = m->sender, .micros = micros, .size = j->s->collect->size };
	g_autofree char *route = g_strdup(route_of(j)), *verdict = g_strdup(word), *ref = g_strdup(j->ref);

	for (guint i = 0; i < m->recipients->len; i++)
		g_string_append_printf(recipients, "%s%s", i > 0 ? "," : "",
		    (const char *)g_ptr_array_index(m->recipients, i));
	t.recipients = recipients->str;
	t.route = route;
	t.verdict = verdict;
	t.ref = j->filed ? ref : none;
	sg_store_trace(j->store, &t);
}

static void
report(const Job *j, SgReply reply)
{
	const gint64 micros = g_get_monotonic_time() - j->began;
	const char *word = word_of(j, reply);
	char severity[16], ms[32], bytes[32];

	g_snprintf(severity, sizeof severity, "%u", j->verdict != NULL ? j->verdict->severity : 0);
	g_snprintf(ms, sizeof ms, "%.1f", (double)micros / 1000.0);
	g_snprintf(bytes, sizeof bytes, "%" G_GSIZE_FORMAT, j->s->collect->size);
	sg_log(SG_LOG_INFO, "verdict", "msg", name_of(j), "route", route_of(j), "do", word, "rows",
	    j->verdict != NULL && j->verdict->rows != NULL && j->verdict->rows[0] != '\0' ?
	    j->verdict->rows : "-", "severity", severity, "ms", ms, "bytes", bytes, NULL);
	trace(j, word, (guint)MIN(micros, G_MAXUINT));
}

SgReply
sg_judge(SgSession *s)
{
	Job j = { .s = s, .m = s->message, .store = sg_gate_store(s->gate), .now = sg_clock_now(),
		.began = g_get_monotonic_time() };
	SgReply reply;

	sg_ref_new(j.ref);
	reply = run(&j);
	report(&j, reply);
	g_clear_pointer(&j.reading, sg_reading_free);
	g_clear_pointer(&j.verdict, sg_verdict_free);
	g_clear_pointer(&j.effects, sg_effects_free);
	g_clear_pointer(&j.body, g_bytes_unref);
	return reply;
}
