#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/log.h"
#include "client/scanclient.h"
#include "courier/letter.h"
#include "courier/release.h"
#include "courier/smtp.h"
#include "model/message.h"
#include "model/ticket.h"

#define TICKET_LIFE 3600	/* seconds: longer than the longest conversation */

typedef struct Attempt {
	SgOffice      *office;
	const SgSetup *setup;
	SgMailJob     *job;
	const SgIncident *incident;
	SgTicket       ticket;
} Attempt;

static const SgCopy *
copy_of(const SgIncident *i, const char *address)
{
	for (guint k = 0; k < i->copies->len; k++) {
		const SgCopy *c = g_ptr_array_index(i->copies, k);

		if (strcmp(c->address, address) == 0)
			return c;
	}
	return NULL;
}

/* A failure of ours, not of the mail: nothing is recorded, the job stays in hand. */
static void
try_again(const Attempt *a, const char *what, GError *error, SgOutcome *out)
{
	sg_log(SG_LOG_WARN, "release-waits", "ref", a->job->ref, "at", what, "remedy",
	    sg_err_name(error->code), "why", error->message, NULL);
	sg_outcome_again(out, sg_clock_now() + a->setup->options->courier.retry);
}

/* FALSE: it has not been tried for long enough. */
static gboolean
give_up(const Attempt *a, const char *why, SgOutcome *out)
{
	g_autofree char *words = g_strdup_printf("given up; %s", why);

	if (sg_clock_now() - a->job->made <= a->setup->options->courier.give_up)
		return FALSE;
	sg_outcome_set(out, SG_SENT_REFUSED, 0, words);
	out->alert = "given-up";
	return TRUE;
}

/*
 * The last attempt ended unseen: did our milter let it pass?  TRUE: no, and it never will.
 * The old ticket is given time first: the server may still be about to ask the milter.
 */
static gboolean
never_passed(const Attempt *a, gint64 since, SgOutcome *out)
{
	g_autoptr(GError) error = NULL;
	SgStore *store = a->office->store;
	SgTicketState state;
	gint64 now = sg_clock_now(), until = since + 2 * a->setup->options->scan.deadline;
	gboolean known = now < until ? sg_store_ticket_state(store, a->job->nonce, &state, &error)
	    : sg_store_ticket_withdraw(store, a->job->nonce, now, &state, &error);

	if (!known) {
		try_again(a, "ticket", error, out);
		return FALSE;
	}
	if (state == SG_TICKET_ANSWERED || g_atomic_int_get(&a->office->past_milter)) {
		sg_outcome_set(out, SG_SENT_UNCLEAR, 0,
		    "the answer of the mail server was not seen; it may have taken the message");
		out->alert = "unclear";
		return FALSE;
	}
	if (now < until)
		sg_outcome_again(out, until);
	return now >= until;
}

/* The bytes that go out, their end made whole: the server must add nothing we have not hashed. */
static GBytes *
whole(GBytes *b)
{
	gsize n;
	const char *p = g_bytes_get_data(b, &n);
	GByteArray *all;

	if (n >= 2 && memcmp(p + n - 2, "\r\n", 2) == 0)
		return g_bytes_ref(b);
	all = g_byte_array_sized_new((guint)n + 2);
	g_byte_array_append(all, (const guint8 *)p, (guint)n);
	g_byte_array_append(all, (const guint8 *)"\r\n", 2);
	return g_byte_array_free_to_bytes(all);
}

static GBytes *
content(const Attempt *a, GError **error)
{
	g_autoptr(GBytes) kept = sg_store_message(a->office->store, a->job->ref, error);
	g_autoptr(GBytes) stripped = NULL;
	g_autofree char *note = NULL;
	SgScanAsk ask = { .options = a->setup->options, .fd = -1, .facts = "" };

	if (kept == NULL)
		return NULL;
	if (*a->job->template == '\0')
		return whole(kept);
	note = sg_letter_kept_back(a->setup, a->job->ref, a->job->template);
	ask.bytes = kept;
	stripped = sg_scan_detach(&ask, a->job->template, note, error);
	return stripped != NULL ? whole(stripped) : NULL;
}

static gboolean
record_ticket(gpointer data, GError **error)
{
	Attempt *a = data;

	if (!sg_store_outbox_sending(a->office->store, a->job->id, a->ticket.nonce, error))
		return FALSE;
	g_free(a->job->nonce);
	a->job->nonce = g_strdup(a->ticket.nonce);
	if (!sg_fault("courier.sending"))
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "stopped before DATA (test)");
	return FALSE;
}

static char *
release_line(Attempt *a, GBytes *bytes)
{
	g_autoptr(SgMessage) m = sg_message_new();
	g_autofree char *value = NULL;

	m->bytes = g_bytes_ref(bytes);
	sg_message_hash(m);
	a->ticket.release = TRUE;
	a->ticket.expires = sg_clock_now() + TICKET_LIFE;
	g_strlcpy(a->ticket.ref, a->job->ref, sizeof a->ticket.ref);
	g_strlcpy(a->ticket.content, m->content_hash, sizeof a->ticket.content);
	value = sg_ticket_make(&a->ticket, a->office->keys, a->job->address);
	return g_strdup_printf(SG_TICKET_RELEASE ": %s", value);
}

/* Taken, but no milter of ours has seen it: then its silence proves nothing either. */
static void
note_the_way(const Attempt *a)
{
	SgTicketState state;

	if (!sg_store_ticket_state(a->office->store, a->ticket.nonce, &state, NULL))
		return;
	if (state != SG_TICKET_ANSWERED && !g_atomic_int_get(&a->office->past_milter))
		sg_log(SG_LOG_WARN, "release-past-milter", "ref", a->job->ref, "remedy",
		    "let mta.submit lead through the milter: the release header was not removed",
		    NULL);
	g_atomic_int_set(&a->office->past_milter, state != SG_TICKET_ANSWERED);
}

static void
hand_over(Attempt *a, GBytes *bytes, gint64 *since, SgOutcome *out)
{
	const SgOptions *o = a->setup->options;
	g_autofree char *line = release_line(a, bytes), *answer = NULL;
	SgSmtpAsk ask = { .server = o->mta.submit,
		.timeout = (guint)o->mta.timeout,
		.sender = a->incident->origin.sender,
		.recipient = a->job->address,
		.mail_args = a->incident->origin.mail_args,
		.first = line,
		.message = bytes,
		.before_data = record_ticket,
		.data = a,
		.cancel = a->office->cancel };
	SgSent how = sg_smtp_send(&ask, &answer);
	gint64 now = sg_clock_now();

	if (sg_fault("courier.answered"))
		how = SG_SENT_UNCLEAR;
	if (how == SG_SENT)
		note_the_way(a);
	if (how == SG_SENT_UNCLEAR) {	/* the milter's record will tell */
		*since = now;
		sg_outcome_again(out, now + 1);
	} else {
		g_autofree char *last = g_strdup_printf("the last answer was: %s", answer);

		if (how == SG_SENT_LATER && give_up(a, last, out))
			return;
		sg_outcome_set(out, how, now + sg_office_backoff(o, a->job->attempts), answer);
		out->alert = how == SG_SENT_REFUSED ? "refused" : NULL;
	}
}

void
sg_release_try(SgOffice *office, const SgSetup *setup, SgMailJob *j, gint64 *since, SgOutcome *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) i = sg_store_get(office->store, j->ref, &error);
	Attempt a = { .office = office, .setup = setup, .job = j, .incident = i };
	g_autoptr(GBytes) bytes = NULL;
	const SgCopy *copy;

	if (i == NULL && error->code == SG_ERR_INPUT)
		sg_outcome_set(out, SG_SENT_REFUSED, 0, "the message is no longer on file");
	else if (i == NULL)
		try_again(&a, "incident", error, out);
	if (i == NULL)
		return;
	copy = copy_of(i, j->address);
	if (copy != NULL && *j->nonce != '\0' && copy->state == SG_COPY_SENDING &&
	    !never_passed(&a, *since, out))
		return;
	if (copy == NULL || i->sealed) {
		sg_outcome_set(out, SG_SENT_REFUSED, 0,
		    i->sealed ? "the message was sealed" : "there is no such copy");
		return;
	}
	bytes = content(&a, &error);
	if (bytes == NULL && (error->code == SG_ERR_INPUT || error->code == SG_ERR_LIMIT)) {
		sg_outcome_set(out, SG_SENT_REFUSED, 0, error->message);
		out->alert = "refused";
	} else if (bytes == NULL && !give_up(&a, "the message could not be made ready", out))
		try_again(&a, "content", error, out);
	else if (bytes != NULL)
		hand_over(&a, bytes, since, out);
}
