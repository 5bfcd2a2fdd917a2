#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/log.h"
#include "courier/hand.h"
#include "courier/release.h"
#include "courier/smtp.h"
#include "courier/watch.h"
#include "store/post.h"

#define MOST	    1000u	/* mails in hand */
#define STORE_RETRY 2		/* seconds */
#define WATCH_GAP   1

static const char *const ends[] = {
	[SG_SENT] = "sent",
	[SG_SENT_LATER] = "later",
	[SG_SENT_REFUSED] = "refused",
	[SG_SENT_UNCLEAR] = "unclear",
};

static void
hand_free(gpointer p)
{
	SgHand *h = p;

	sg_mail_job_free(h->job);
	g_free(h->end.answer);
	g_free(h);
}

void
sg_work_free(SgWork *w)
{
	sg_setup_unref(w->setup);
	g_ptr_array_unref(w->hands);
	if (w->incidents != NULL)
		g_ptr_array_unref(w->incidents);
	g_free(w->address);
	g_free(w->template);
	g_free(w->out.answer);
	g_free(w);
}

static gboolean
is_release(const SgHand *h)
{
	return strcmp(h->job->kind, "release") == 0;
}

/* One line when the store goes away, one when it is back. */
static void
note_store(SgOutbox *o, GError *error)
{
	if (error != NULL && !o->store_away)
		sg_log(SG_LOG_ERROR, "store-away", "remedy", sg_err_name(error->code), "why",
		    error->message, NULL);
	if (error == NULL && o->store_away)
		sg_log(SG_LOG_NOTICE, "store-back", NULL);
	if (error != NULL)
		sg_trouble_on(o->office->trouble, SG_TROUBLE_FILING, error->message);
	else
		sg_trouble_off(o->office->trouble, SG_TROUBLE_FILING);
	o->store_away = error != NULL;
}

/* ---- ends --------------------------------------------------------------------- */

static void
log_end(const SgHand *h)
{
	g_autofree char *id = sg_smtp_queue_id(h->end.answer),
			*job = g_strdup_printf("%" G_GINT64_FORMAT, h->job->id);
	g_autofree char *code = g_strndup(h->end.answer, strspn(h->end.answer, "0123456789"));

	sg_log(h->end.how == SG_SENT ? SG_LOG_INFO : SG_LOG_NOTICE, ends[h->end.how], "kind",
	    h->job->kind, "ref", h->job->ref, "job", job, "code", *code != '\0' ? code : "-",
	    "queue", id != NULL ? id : "-", NULL);
}

static gboolean
tell_reviewers(SgOutbox *o, SgHand *h, gint64 now, GError **error)
{
	g_autofree char *kind = g_strdup("alert"), *role = g_strdup("lead"),
			*template = g_strdup(h->end.alert);
	char none[] = "";
	SgMailJob j = {
		.kind = kind, .template = template, .role = role, .address = none, .not_before = now
	};

	if (h->end.alert == NULL || h->alerted)
		return TRUE;
	h->alerted = sg_store_outbox_add(o->office->store, h->job->ref, &j, now, error);
	return h->alerted;
}

static void
forget(SgOutbox *o, SgHand *h)
{
	gint64 id = h->job->id;

	g_hash_table_remove(o->hands, &id);
}

/* FALSE: the store is away, the end stays in hand. */
static gboolean
record(SgOutbox *o, SgHand *h)
{
	g_autoptr(GError) error = NULL;
	gint64 now = sg_clock_now();
	gboolean ok = tell_reviewers(o, h, now, &error) &&
		      sg_store_outbox_done(o->office->store, h->job->id, h->end.how, h->end.answer,
			  now, h->end.when, &error);

	note_store(o, ok || error->code == SG_ERR_INPUT ? NULL : error);
	if (!ok && error->code != SG_ERR_INPUT) {
		h->due = now + STORE_RETRY;
		return FALSE;
	}
	(void)sg_fault("courier.recorded");
	log_end(h);
	forget(o, h);
	return TRUE;
}

void
sg_outbox_end(SgOutbox *o, SgHand *h, const SgOutcome *end)
{
	g_free(h->end.answer);
	h->end = *end;
	h->end.answer = g_strdup(end->answer);
	if (!end->known)
		h->due = end->when;
	else
		(void)record(o, h);
}

void
sg_outbox_put_back(SgOutbox *o, SgHand *h, gint64 not_before)
{
	g_autoptr(GError) error = NULL;

	if (sg_store_outbox_defer(o->office->store, h->job->id, not_before, &error) ||
	    error->code == SG_ERR_INPUT)
		forget(o, h);
	else
		h->due = sg_clock_now() + STORE_RETRY;
	note_store(o, error);
}

void
sg_outbox_split(SgOutbox *o, SgHand *h, const GPtrArray *addresses, gboolean first)
{
	g_autoptr(GError) error = NULL;

	if (sg_store_outbox_split(o->office->store, h->job->id, addresses, first, sg_clock_now(), &error))
		forget(o, h);
	else
		h->due = sg_clock_now() + STORE_RETRY;
	note_store(o, error);
	o->split = TRUE;
}

/* ---- work ---------------------------------------------------------------------- */

static void start_due(SgOutbox *o);

static gboolean
finished(gpointer data)
{
	SgWork *w = data;
	SgOutbox *o = w->outbox;
	SgHand *h = g_ptr_array_index(w->hands, 0);

	o->running--;
	if (w->incidents != NULL) {
		sg_batch_finished(o, w);
	} else {
		o->releases--;
		h->busy = FALSE;
		sg_outbox_end(o, h, &w->out);
	}
	sg_work_free(w);
	if (!o->closing)
		start_due(o);
	else if (o->running == 0)
		o->done(o->data);
	return G_SOURCE_REMOVE;
}

/* In a thread of the pool. */
static void
work(gpointer data, gpointer user)
{
	SgWork *w = data;
	SgOutbox *o = user;
	SgHand *h = g_ptr_array_index(w->hands, 0);

	if (w->incidents != NULL)
		sg_batch_send(w);
	else
		sg_release_try(o->office, w->setup, h->job, &h->since, &w->out);
	g_idle_add_full(G_PRIORITY_DEFAULT, finished, w, NULL);
}

void
sg_outbox_start(SgOutbox *o, SgWork *w)
{
	for (guint i = 0; i < w->hands->len; i++)
		((SgHand *)g_ptr_array_index(w->hands, i))->busy = TRUE;
	o->running++;
	if (w->incidents == NULL)
		o->releases++;
	g_thread_pool_push(o->pool, w, NULL);
}

static void
start_release(SgOutbox *o, SgHand *h)
{
	SgWork *w = g_new0(SgWork, 1);

	w->outbox = o;
	w->setup = sg_setup_ref(o->setup);
	w->hands = g_ptr_array_new();
	g_ptr_array_add(w->hands, h);
	sg_outbox_start(o, w);
}

static gint
oldest_first(gconstpointer a, gconstpointer b)
{
	const SgHand *x = a, *y = b;

	return x->job->id < y->job->id ? -1 : x->job->id > y->job->id;
}

static void
start_due(SgOutbox *o)
{
	g_autoptr(GList) all = NULL;
	gint64 now = sg_clock_now();

	sg_batch_start_due(o, now);
	all = g_list_sort(g_hash_table_get_values(o->hands), oldest_first);
	for (GList *l = all; l != NULL; l = l->next) {
		SgHand *h = l->data;

		if (h->busy || h->due > now)
			continue;
		if (h->end.known)
			(void)record(o, h);
		else if (is_release(h) && o->releases < SG_SLOTS - 1 && o->running < SG_SLOTS)
			start_release(o, h);
	}
}

/* ---- the tick -------------------------------------------------------------------- */

static void
take(SgOutbox *o, gint64 now)
{
	g_autoptr(GError) error = NULL;
	guint in_hand = g_hash_table_size(o->hands);
	gint64 lease = 6 * o->setup->options->mta.timeout + 4 * o->setup->options->scan.deadline;
	g_autoptr(GPtrArray) jobs = in_hand >= MOST ? NULL
						    : sg_store_outbox_claim(o->office->store,
							  o->owner, now, lease, MOST, &error);

	if (in_hand < MOST)
		note_store(o, error);
	if (jobs != NULL && jobs->len > 0 && sg_fault("courier.claimed"))
		return;
	/* what we hold already comes back with every claim, because it is ours */
	for (guint i = 0; jobs != NULL && i < jobs->len; i++) {
		SgMailJob *j = g_ptr_array_index(jobs, i);
		SgHand *h;

		if (g_hash_table_contains(o->hands, &j->id))
			continue;
		h = g_new0(SgHand, 1);
		h->job = j;
		jobs->pdata[i] = NULL;
		h->since = now;
		g_hash_table_insert(o->hands, &h->job->id, h);
	}
}

static void
watch(SgOutbox *o, gint64 now)
{
	g_autoptr(GError) error = NULL;

	if (o->watched <= now && now < o->watched + WATCH_GAP)
		return;
	o->watched = now;
	(void)sg_watch_tick(o->office, o->setup, now, &error);
	note_store(o, error);
}

void
sg_outbox_tick(SgOutbox *o)
{
	if (o->closing)
		return;
	watch(o, sg_clock_now());
	take(o, sg_clock_now());
	start_due(o);
	if (!o->split)
		return;
	/* those that were one mail to a role a moment ago: an alert does not wait for the next tick */
	o->split = FALSE;
	take(o, sg_clock_now());
	start_due(o);
}

void
sg_outbox_close(SgOutbox *o, void (*done)(gpointer data), gpointer data)
{
	o->closing = TRUE;
	o->done = done;
	o->data = data;
	if (o->running == 0)
		done(data);
}

void
sg_outbox_setup(SgOutbox *o, SgSetup *setup)
{
	sg_setup_unref(o->setup);
	o->setup = sg_setup_ref(setup);
}

SgOutbox *
sg_outbox_new(SgOffice *office, SgSetup *setup)
{
	SgOutbox *o = g_new0(SgOutbox, 1);

	o->office = office;
	o->setup = sg_setup_ref(setup);
	o->owner = g_strdup_printf("courier@%s", g_get_host_name());
	o->pool = g_thread_pool_new(work, o, SG_SLOTS, FALSE, NULL);
	o->hands = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, hand_free);
	o->last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return o;
}

void
sg_outbox_free(SgOutbox *o)
{
	g_thread_pool_free(o->pool, FALSE, TRUE);
	g_hash_table_unref(o->hands);
	g_hash_table_unref(o->last);
	sg_setup_unref(o->setup);
	g_free(o->owner);
	g_free(o);
}
