/* report - one log line with ids only, one trace row off the reply's path. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "front/job.h"

const char *
sg_job_name(const SgJob *j)
{
	if (j->filed)
		return j->ref;
	return j->m->queue_id != NULL ? j->m->queue_id : "-";
}

void
sg_job_log_failure(const SgJob *j, const char *event, const GError *error)
{
	const gboolean expected = g_error_matches(error, SG_ERR, SG_ERR_LIMIT) ||
	    g_error_matches(error, SG_ERR, SG_ERR_INPUT);

	sg_log(expected ? SG_LOG_NOTICE : SG_LOG_ERROR, event, "msg", sg_job_name(j), "remedy",
	    error != NULL && error->domain == SG_ERR ? sg_err_name(error->code) : "-",
	    "why", error != NULL ? error->message : "-", NULL);
}

static const char *
route_of(const SgJob *j)
{
	return j->verdict != NULL ? sg_route_name(j->verdict->route) : "-";
}

static const char *
word_of(const SgJob *j, SgReply reply)
{
	if (j->word != NULL)
		return j->word;
	if (reply == SG_REPLY_ANSWER)
		return j->s->answer.code >= 500 ? "reject" : "later";
	return j->verdict != NULL ? sg_do_name(j->verdict->strongest) : "-";
}

static void
trace(const SgJob *j, SgReply reply, const char *word, guint micros)
{
	g_autoptr(GPtrArray) met = sg_job_met(j, reply);
	g_autoptr(GString) recipients = g_string_new(NULL);
	SgMessage *m = j->m;
	char none[] = "";
	SgTrace t = { .when = j->now, .queue_id = m->queue_id, .message_id = m->message_id,
		.sender = m->sender, .micros = micros, .size = j->s->collect->size, .met = met };
	g_autofree char *route = g_strdup(route_of(j)), *verdict = g_strdup(word), *ref = g_strdup(j->ref);

	for (guint i = 0; i < m->recipients->len; i++)
		g_string_append_printf(recipients, "%s%s", i > 0 ? "," : "",
		    (const char *)g_ptr_array_index(m->recipients, i));
	t.recipients = recipients->str;
	t.route = route;
	t.verdict = verdict;
	t.ref = j->filed ? ref : none;
	t.disclaimer = j->disclaimer != NULL ? j->disclaimer : none;
	sg_store_trace(j->store, &t);
}

void
sg_job_report(const SgJob *j, SgReply reply)
{
	const gint64 micros = g_get_monotonic_time() - j->began;
	const char *word = word_of(j, reply);
	char severity[16], ms[32], bytes[32];

	g_snprintf(severity, sizeof severity, "%u", j->verdict != NULL ? j->verdict->severity : 0);
	g_snprintf(ms, sizeof ms, "%.1f", (double)micros / 1000.0);
	g_snprintf(bytes, sizeof bytes, "%" G_GSIZE_FORMAT, j->s->collect->size);
	sg_log(SG_LOG_INFO, "verdict", "msg", sg_job_name(j), "route", route_of(j), "do", word, "rows",
	    j->verdict != NULL && j->verdict->rows != NULL && j->verdict->rows[0] != '\0' ?
	    j->verdict->rows : "-", "severity", severity, "disclaimer", j->disclaimer != NULL ?
	    j->disclaimer : "-", "ms", ms, "bytes", bytes, NULL);
	trace(j, reply, word, (guint)MIN(micros, G_MAXUINT));
}
