/* batch - which alerts and notices go as one mail, and when: the gaps of mails.md 1. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "courier/hand.h"
#include "courier/letter.h"
#include "courier/other.h"
#include "courier/smtp.h"
#include "courier/watch.h"
#include "model/ticket.h"

#define TICKET_LIFE 3600
#define LOOK_AGAIN  5		/* seconds, when something else has to happen first */
#define DIGEST_LIFE 14400	/* seconds; the next one says more */

typedef struct Gap {
	const char *kind;	/* key of the memory of last times */
	gint64	    seconds;
} Gap;

/* Alerts have a gap, and held-notices; what somebody decided or did is told at once. */
static Gap
gap_of(const SgOutbox *o, const SgMailJob *j)
{
	const SgOptions *options = o->setup->options;
	gboolean alert = strcmp(j->kind, "alert") == 0;

	/* an urgent one waits for no other */
	if (alert && sg_letter_is_urgent(j->template))
		return (Gap){ "urgent", options->courier.alert_gap };
	if (alert && sg_letter_is_alert(j->template))
		return (Gap){ "alert", options->courier.high_gap };
	if (alert && strcmp(j->template, "passed") != 0)
		return (Gap){ "alert", options->courier.alert_gap };
	if (sg_letter_is_held_notice(j->template))
		return (Gap){ "held", options->courier.notice_gap };
	return (Gap){ "told", 0 };
}

static gint64
last_time(SgOutbox *o, const SgMailJob *j, const char *gap)
{
	g_autofree char *key = g_strconcat(gap, " ", j->address, NULL);
	const gint64 *known = g_hash_table_lookup(o->last, key);
	gint64 stored = 0;

	if (known != NULL)
		return *known;
	/* after a start: the store does not know which alert was the last, and better too soon */
	if (strcmp(gap, "urgent") == 0)
		return 0;
	(void)sg_store_outbox_last(o->office->store, j->kind, j->address, &stored, NULL);
	return stored;
}

static void
set_last(SgOutbox *o, const char *gap, const char *address, gint64 when)
{
	g_hash_table_replace(
	    o->last, g_strconcat(gap, " ", address, NULL), g_memdup2(&when, sizeof when));
}

/* ---- before ------------------------------------------------------------------------ */

static void
incident_free(gpointer i)
{
	sg_incident_free(i);
}

/* The batch that this mail joins.  Alerts of one template, and held-notices, go together. */
static SgWork *
batch_for(SgOutbox *o, GPtrArray *batches, const SgHand *h, const char *template)
{
	const char *address = h->job->address;
	gboolean held = sg_letter_is_held_notice(template),
		 joins = held || (*h->job->ref != '\0' && sg_letter_is_alert(template));
	SgWork *w;

	for (guint i = 0; joins && i < batches->len; i++) {
		const SgHand *first;

		w = g_ptr_array_index(batches, i);
		first = g_ptr_array_index(w->hands, 0);
		if (strcmp(w->address, address) == 0 &&
		    strcmp(first->job->kind, h->job->kind) == 0 &&
		    (strcmp(w->template, template) == 0 ||
			(held && sg_letter_is_held_notice(w->template))))
			return w;
	}
	w = g_new0(SgWork, 1);
	w->outbox = o;
	w->setup = sg_setup_ref(o->setup);
	w->hands = g_ptr_array_new();
	w->incidents = g_ptr_array_new_with_free_func(incident_free);
	w->address = g_strdup(address);
	w->template = g_strdup(template);
	g_ptr_array_add(batches, w);
	return w;
}

/* Puts the mail into its person's batch, or back when the person may not be written to yet. */
static void
join(SgOutbox *o, SgHand *h, const char *template, SgIncident **incident, gint64 now, GPtrArray *batches)
{
	Gap gap = gap_of(o, h->job);
	gint64 last = last_time(o, h->job, gap.kind);
	SgWork *w;

	if (gap.seconds > 0 && last + gap.seconds > now) {
		sg_outbox_put_back(o, h, last + gap.seconds);
		return;
	}
	w = batch_for(o, batches, h, template);
	w->last = last;
	g_ptr_array_add(w->hands, h);
	if (*incident != NULL)
		g_ptr_array_add(w->incidents, g_steal_pointer(incident));
}

static void
end_with(SgOutbox *o, SgHand *h, SgSent how, gint64 when, const char *words)
{
	SgOutcome end = { .known = TRUE, .how = how, .when = when };
	g_autofree char *answer = g_strdup(words);

	end.answer = answer;
	sg_outbox_end(o, h, &end);
}

/* Those who read the digest need no mail of their own about what can wait for it. */
static void
leave_readers(const SgOutbox *o, GPtrArray *addresses)
{
	for (guint i = addresses->len; i-- > 0;)
		if (sg_watch_reads_digest(o->setup, addresses->pdata[i]))
			g_ptr_array_remove_index(addresses, i);
}

/* A mail to a role becomes one for each person who has it, now or when it is time. */
static void
to_people(SgOutbox *o, SgHand *h, const SgIncident *i, gint64 now)
{
	const SgMailJob *j = h->job;
	const SgHours *hours = sg_policy_hours(o->setup->policy);
	g_autoptr(GPtrArray) addresses = sg_letter_contacts(o->setup, j->role, i);
	gboolean calm = i != NULL && strcmp(j->template, "alert") == 0;
	gint64 when = calm ? sg_watch_alert_time(o->setup, i->urgency, j->made, now) : now;

	sg_letter_cover(o->setup, o->office->store, j->role, i, now, addresses);
	if (strcmp(j->template, "alert-urgent") == 0 && strcmp(j->role, "out-of-hours") != 0 &&
	    sg_watch_out_of_hours(o->setup, now))
		when = sg_hours_next(hours, now);
	if (when > now) {
		sg_outbox_put_back(o, h, when);
		return;
	}
	if (addresses->len == 0) {
		sg_log(SG_LOG_ERROR, "nobody-to-tell", "ref", j->ref, "role", j->role, "remedy",
		    "name somebody for this role in contacts of policy.conf", NULL);
		end_with(o, h, SG_SENT_LATER, now + 3600, "nobody has this role");
	} else {
		if (calm && sg_watch_alert_time(o->setup, i->urgency, now, now) > now)
			leave_readers(o, addresses);
		sg_outbox_split(o, h, addresses, sg_letter_is_first(j->template));
	}
}

/* A mail about no message. */
static void
prepare_other(SgOutbox *o, SgHand *h, gint64 now, GPtrArray *batches)
{
	const SgMailJob *j = h->job;
	SgIncident *none = NULL;

	if (!sg_texts_has(o->setup->texts, j->template))
		end_with(o, h, SG_SENT_REFUSED, 0, "not sent: there is no such text");
	else if (*j->address == '\0')
		to_people(o, h, NULL, now);
	else if (sg_smtp_bad_address(j->address) != NULL)
		end_with(o, h, SG_SENT_REFUSED, 0, "not sent: there is no usable address");
	else
		join(o, h, j->template, &none, now, batches);
}

/* One mail that is due: into batches, back into the store, or to its end. */
static void
prepare(SgOutbox *o, SgHand *h, gint64 now, GPtrArray *batches)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) i = sg_store_get(o->office->store, h->job->ref, &error);
	const char *template, *why = NULL;
	SgLetterFate fate;

	if (i == NULL && error->code == SG_ERR_INPUT)
		end_with(o, h, SG_SENT_REFUSED, 0, "not sent: the message is no longer on file");
	else if (i == NULL)
		h->due = now + LOOK_AGAIN;
	if (i == NULL)
		return;
	template = sg_letter_template(o->setup, h->job, i);
	fate = sg_letter_fate(o->setup, h->job, i, &why);
	if (fate == SG_LETTER_DROP)
		end_with(o, h, SG_SENT_REFUSED, 0, why);
	else if (fate == SG_LETTER_WAIT)
		sg_outbox_put_back(o, h, now + LOOK_AGAIN);
	else if (template == NULL)
		end_with(o, h, SG_SENT_REFUSED, 0, "not sent: there is no such text");
	else if (strcmp(h->job->kind, "alert") == 0 && *h->job->address == '\0')
		to_people(o, h, i, now);
	else
		join(o, h, template, &i, now, batches);
}

/* Urgent ones first, then in the order in which they were made. */
static gint
order(gconstpointer a, gconstpointer b)
{
	const SgHand *x = a, *y = b;
	gboolean ux = sg_letter_is_urgent(x->job->template), uy = sg_letter_is_urgent(y->job->template);

	if (ux != uy)
		return ux ? -1 : 1;
	return x->job->id < y->job->id ? -1 : x->job->id > y->job->id;
}

/* A person gets one batch at a time; the others wait in hand. */
static void
start_batch(SgOutbox *o, SgWork *w, gint64 now)
{
	const SgHand *first = g_ptr_array_index(w->hands, 0);
	Gap gap = gap_of(o, first->job);

	if (o->running >= SG_SLOTS || (gap.seconds > 0 && last_time(o, first->job, gap.kind) + gap.seconds > now)) {
		sg_work_free(w);
		return;
	}
	if (gap.seconds > 0)
		set_last(o, gap.kind, w->address, now);
	sg_outbox_start(o, w);
}

void
sg_batch_start_due(SgOutbox *o, gint64 now)
{
	g_autoptr(GPtrArray) batches = g_ptr_array_new();
	g_autoptr(GList) all = NULL;

	if (o->running >= SG_SLOTS)
		return;
	all = g_list_sort(g_hash_table_get_values(o->hands), order);
	for (GList *l = all; l != NULL; l = l->next) {
		SgHand *h = l->data;

		if (h->busy || h->due > now || h->end.known || strcmp(h->job->kind, "release") == 0)
			continue;
		if (*h->job->ref != '\0')
			prepare(o, h, now, batches);
		else
			prepare_other(o, h, now, batches);
	}
	for (guint i = 0; i < batches->len; i++)
		start_batch(o, g_ptr_array_index(batches, i), now);
}

/* ---- the mail, in a thread of the pool ------------------------------------------------ */

/* What a grouped alert counts: all that waits now, and what these alerts are about. */
static GPtrArray *
all_waiting(const SgWork *w, gint64 now)
{
	const char *const party[] = { w->address, NULL };
	SgFilter f = { .waiting = TRUE, .now = now, .not_party = party, .limit = 10000,
	    .urgency = sg_letter_is_urgent(w->template) ? "urgent" : NULL };
	GPtrArray *list = sg_store_list(w->outbox->office->store, &f, NULL);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	if (list == NULL)
		list = g_ptr_array_new_with_free_func(incident_free);
	for (guint i = 0; i < list->len; i++)
		g_hash_table_add(seen, ((SgIncident *)g_ptr_array_index(list, i))->ref);
	for (guint i = 0; i < w->incidents->len; i++) {
		SgIncident *one = g_ptr_array_index(w->incidents, i), *own = NULL;

		if (g_hash_table_add(seen, one->ref))
			own = sg_store_get(w->outbox->office->store, one->ref, NULL);
		if (own != NULL)
			g_ptr_array_add(list, own);
	}
	return list;
}

static GBytes *
write_single(const SgWork *w, const SgMailJob *j, gint64 now, GError **error)
{
	const SgIncident *i = g_ptr_array_index(w->incidents, 0);
	g_auto(SgValues) v = { 0 };

	sg_letter_values(w->setup, i, now, &v);
	if (strcmp(j->kind, "notice") == 0 &&
	    !sg_letter_note(w->setup, w->outbox->office->store, i, w->template, &v, error))
		return NULL;
	v.by = sg_other_fact(j, "by");
	return sg_letter_write(w->setup, w->template, j->kind, w->address, &v, i->ref, now, error);
}

static GBytes *
write_several(const SgWork *w, const char *kind, gint64 now, GError **error)
{
	gboolean alert = strcmp(kind, "alert") == 0;
	g_autoptr(GPtrArray) all = alert ? all_waiting(w, now) : NULL;
	const char *template = sg_letter_is_urgent(w->template) ? "alert-urgent-grouped" : "alert-grouped";
	g_auto(SgValues) v = { 0 };

	sg_letter_several(w->setup, alert ? all : w->incidents, now, &v);
	return sg_letter_write(w->setup, alert ? template : "held-several", kind, w->address, &v, "", now, error);
}

/* Are they about more than one message?  A person may be asked twice about one. */
static gboolean
are_several(const SgWork *w)
{
	const SgIncident *first = g_ptr_array_index(w->incidents, 0);

	for (guint i = 1; i < w->incidents->len; i++)
		if (strcmp(((const SgIncident *)g_ptr_array_index(w->incidents, i))->ref, first->ref) != 0)
			return TRUE;
	return FALSE;
}

/* NULL without error: there is nothing to say. */
static GBytes *
write_mail(const SgWork *w, const SgMailJob *j, gint64 now, GError **error)
{
	if (w->incidents->len == 0)
		return sg_other_write(w->outbox->office, w->setup, j, now, error);
	return are_several(w) ? write_several(w, j->kind, now, error) : write_single(w, j, now, error);
}

/*
 * An alert is never dropped while its message waits: what is refused or ends unseen is
 * tried again; better twice than never.  A notice is given up in time.
 */
static SgSent
ended(const SgOptions *o, const SgMailJob *j, SgSent how, gint64 now)
{
	gboolean over = now - j->made > o->courier.give_up;

	if (strcmp(j->kind, "alert") == 0) {
		if (how == SG_SENT_REFUSED)
			sg_log(SG_LOG_ERROR, "alert-refused", "ref", j->ref, "role", j->role,
			    "remedy", "correct the address in contacts of policy.conf", NULL);
		return how == SG_SENT ? SG_SENT : SG_SENT_LATER;
	}
	over = over || (strcmp(j->kind, "digest") == 0 && now - j->made > DIGEST_LIFE);
	if (how == SG_SENT_UNCLEAR)
		how = SG_SENT_LATER;
	return how == SG_SENT_LATER && over ? SG_SENT_REFUSED : how;
}

void
sg_batch_send(SgWork *w)
{
	const SgMailJob *j = ((SgHand *)g_ptr_array_index(w->hands, 0))->job;
	const SgOptions *o = w->setup->options;
	g_autoptr(GError) error = NULL;
	gboolean notice = strcmp(j->kind, "notice") == 0;
	gint64 now = sg_clock_now();
	g_autoptr(GBytes) mail = write_mail(w, j, now, &error);
	SgTicket ticket = { .expires = now + TICKET_LIFE };
	g_autofree char *value = sg_ticket_make(&ticket, w->outbox->office->keys, w->address);
	g_autofree char *line = g_strdup_printf(SG_TICKET_NOTICE ": %s", value), *answer = NULL;
	SgSmtpAsk ask = { .server = o->mta.submit,
		.timeout = (guint)o->mta.timeout,
		.sender = notice ? "" : o->courier.from,
		.recipient = w->address,
		.first = line,
		.message = mail,
		.no_report = notice,
		.cancel = w->outbox->office->cancel };
	SgSent how = SG_SENT_LATER;

	if (mail == NULL) {
		answer = g_strdup(error != NULL ? error->message : "nothing to say");
		how = error != NULL ? SG_SENT_LATER : SG_SENT;
	} else
		how = sg_smtp_send(&ask, &answer);
	sg_outcome_set(
	    &w->out, ended(o, j, how, now), now + sg_office_backoff(o, j->attempts), answer);
}

/* ---- after ---------------------------------------------------------------------------- */

void
sg_batch_finished(SgOutbox *o, SgWork *w)
{
	const SgHand *first = g_ptr_array_index(w->hands, 0);
	Gap gap = gap_of(o, first->job);

	if (w->out.how != SG_SENT && gap.seconds > 0)
		set_last(o, gap.kind, w->address, w->last);
	for (guint i = 0; i < w->hands->len; i++) {
		SgHand *h = g_ptr_array_index(w->hands, i);

		h->busy = FALSE;
		sg_outbox_end(o, h, &w->out);
	}
}
