/* batch - which alerts and notices go as one mail, and when: the gaps of mails.md 1. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "courier/hand.h"
#include "courier/letter.h"
#include "courier/smtp.h"
#include "model/ticket.h"

#define TICKET_LIFE 3600
#define LOOK_AGAIN  5		/* seconds, when something else has to happen first */

typedef struct Gap {
	const char *kind;	/* key of the memory of last times */
	gint64	    seconds;
} Gap;

/* Alerts have a gap, and held-notices; what somebody decided is told at once. */
static Gap
gap_of(const SgOutbox *o, const SgMailJob *j)
{
	if (strcmp(j->kind, "alert") == 0)
		return (Gap){ "alert", o->setup->options->courier.alert_gap };
	if (sg_letter_is_held_notice(j->template))
		return (Gap){ "held", o->setup->options->courier.notice_gap };
	return (Gap){ "told", 0 };
}

static gint64
last_time(SgOutbox *o, const SgMailJob *j, const char *gap, const char *address)
{
	g_autofree char *key = g_strconcat(gap, " ", address, NULL);
	const gint64 *known = g_hash_table_lookup(o->last, key);
	gint64 stored = 0;

	if (known != NULL)
		return *known;
	/* after a start: the store knows alerts by role, notices by address */
	(void)sg_store_outbox_last(
	    o->office->store, j->kind, *j->address != '\0' ? j->address : j->role, &stored, NULL);
	return stored;
}

static void
set_last(SgOutbox *o, const char *gap, const char *address, gint64 when)
{
	g_hash_table_replace(
	    o->last, g_strconcat(gap, " ", address, NULL), g_memdup2(&when, sizeof when));
}

/* Has this person had this mail?  It may have been put back for the sake of others. */
static gboolean
was_told(SgOutbox *o, const SgHand *h, const char *address)
{
	GPtrArray *told = g_hash_table_lookup(o->told, &h->job->id);

	return told != NULL && g_ptr_array_find_with_equal_func(told, address, g_str_equal, NULL);
}

static void
note_told(SgOutbox *o, const SgHand *h, const char *address)
{
	GPtrArray *told = g_hash_table_lookup(o->told, &h->job->id);

	if (told == NULL) {
		told = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(o->told, g_memdup2(&h->job->id, sizeof h->job->id), told);
	}
	g_ptr_array_add(told, g_strdup(address));
}

/* ---- before ------------------------------------------------------------------------ */

static void
incident_free(gpointer i)
{
	sg_incident_free(i);
}

/* The batch that this mail joins.  Alerts of one template, and held-notices, go together. */
static SgWork *
batch_for(
    SgOutbox *o, GPtrArray *batches, const SgHand *h, const char *template, const char *address)
{
	gboolean held = sg_letter_is_held_notice(template),
		 joins = held || g_str_has_prefix(template, "alert");
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

/* Puts the mail into the batches of those who have not had it and may be written to now. */
static guint
join(SgOutbox *o, SgHand *h, const char *template, GPtrArray *addresses, gint64 now,
    GPtrArray *batches)
{
	const char *ref = h->job->ref;
	Gap gap = gap_of(o, h->job);
	guint joined = 0;

	h->later = 0;
	for (guint k = 0; k < addresses->len; k++) {
		const char *address = g_ptr_array_index(addresses, k);
		gint64 last = last_time(o, h->job, gap.kind, address);
		SgIncident *own;
		SgWork *w;

		if (was_told(o, h, address))
			continue;
		if (gap.seconds > 0 && last + gap.seconds > now) {
			h->later = MAX(h->later, last + gap.seconds);
			continue;
		}
		/* each batch has its own, for its thread */
		own = sg_store_get(o->office->store, ref, NULL);
		if (own == NULL) {
			h->later = now + LOOK_AGAIN;
			continue;
		}
		w = batch_for(o, batches, h, template, address);
		w->last = last;
		g_ptr_array_add(w->hands, h);
		g_ptr_array_add(w->incidents, own);
		joined++;
	}
	return joined;
}

static void
end_with(SgOutbox *o, SgHand *h, SgSent how, gint64 when, const char *words)
{
	SgOutcome end = { .known = TRUE, .how = how, .when = when };
	g_autofree char *answer = g_strdup(words);

	end.answer = answer;
	sg_outbox_end(o, h, &end);
}

static GPtrArray *
addresses_of(SgOutbox *o, const SgHand *h, const SgIncident *i)
{
	GPtrArray *list;

	if (strcmp(h->job->kind, "alert") == 0)
		return sg_letter_contacts(o->setup, h->job->role, i);
	list = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(list, g_strdup(h->job->address));
	return list;
}

/* One mail that is due: into batches, back into the store, or to its end. */
static void
prepare(SgOutbox *o, SgHand *h, gint64 now, GPtrArray *batches)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgIncident) i = sg_store_get(o->office->store, h->job->ref, &error);
	g_autoptr(GPtrArray) addresses = NULL;
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
	addresses = addresses_of(o, h, i);
	if (fate == SG_LETTER_DROP)
		end_with(o, h, SG_SENT_REFUSED, 0, why);
	else if (fate == SG_LETTER_WAIT)
		sg_outbox_put_back(o, h, now + LOOK_AGAIN);
	else if (template == NULL)
		end_with(o, h, SG_SENT_REFUSED, 0, "not sent: there is no such text");
	else if (addresses->len == 0) {
		sg_log(SG_LOG_ERROR, "nobody-to-tell", "ref", h->job->ref, "role", h->job->role,
		    "remedy", "name somebody for this role in contacts of policy.conf", NULL);
		end_with(o, h, SG_SENT_LATER, now + 3600, "nobody has this role");
	} else if (join(o, h, template, addresses, now, batches) > 0)
		return;
	else if (h->later > 0)
		sg_outbox_put_back(o, h, h->later);
	else
		end_with(o, h, SG_SENT, 0, "every person has had it");
}

/* Urgent ones first, then in the order in which they were made. */
static gint
order(gconstpointer a, gconstpointer b)
{
	const SgHand *x = a, *y = b;
	gboolean ux = strcmp(x->job->template, "alert-urgent") == 0,
		 uy = strcmp(y->job->template, "alert-urgent") == 0;

	if (ux != uy)
		return ux ? -1 : 1;
	return x->job->id < y->job->id ? -1 : x->job->id > y->job->id;
}

/* This person is not written to now; a mail that goes to others now must come back for them. */
static void
let_wait(SgWork *w, gint64 until)
{
	for (guint i = 0; i < w->hands->len; i++) {
		SgHand *h = g_ptr_array_index(w->hands, i);

		h->later = MAX(h->later, until);
	}
	sg_work_free(w);
}

/* A person gets one batch at a time; the others wait for their gap. */
static void
start_batch(SgOutbox *o, SgWork *w, gint64 now)
{
	const SgHand *first = g_ptr_array_index(w->hands, 0);
	Gap gap = gap_of(o, first->job);
	gint64 free = gap.seconds > 0
	    ? last_time(o, first->job, gap.kind, w->address) + gap.seconds : now;

	if (o->running >= SG_SLOTS || free > now) {
		let_wait(w, MAX(free, now + 1));
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

		if (h->busy == 0 && h->due <= now && !h->end.known &&
		    strcmp(h->job->kind, "release") != 0)
			prepare(o, h, now, batches);
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
	    .urgency = strcmp(w->template, "alert-urgent") == 0 ? "urgent" : NULL };
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
write_single(const SgWork *w, const char *kind, gint64 now, GError **error)
{
	const SgIncident *i = g_ptr_array_index(w->incidents, 0);
	g_auto(SgValues) v = { 0 };

	sg_letter_values(w->setup, i, now, &v);
	if (strcmp(kind, "notice") == 0 &&
	    !sg_letter_note(w->setup, w->outbox->office->store, i, w->template, &v, error))
		return NULL;
	return sg_letter_write(w->setup, w->template, kind, w->address, &v, i->ref, now, error);
}

static GBytes *
write_several(const SgWork *w, const char *kind, gint64 now, GError **error)
{
	gboolean alert = strcmp(kind, "alert") == 0;
	g_autoptr(GPtrArray) all = alert ? all_waiting(w, now) : NULL;
	g_autofree char *template =
	    alert ? g_strconcat(w->template, "-grouped", NULL) : g_strdup("held-several");
	g_auto(SgValues) v = { 0 };

	sg_letter_several(w->setup, alert ? all : w->incidents, now, &v);
	return sg_letter_write(w->setup, template, kind, w->address, &v, "", now, error);
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
	g_autoptr(GBytes) mail = w->hands->len > 1 ? write_several(w, j->kind, now, &error)
	    : write_single(w, j->kind, now, &error);
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

	if (mail == NULL)
		answer = g_strdup(error->message);
	else
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

		h->busy--;
		if (w->out.how == SG_SENT_LATER)
			h->later = MAX(h->later, w->out.when);
		else
			note_told(o, h, w->address);
		if (h->busy > 0)
			continue;
		if (w->out.how == SG_SENT_LATER || h->later == 0)
			sg_outbox_end(o, h, &w->out);
		else
			sg_outbox_put_back(o, h, h->later);
	}
}
