#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "courier/chores.h"

#define HOUR	    3600
#define FIRST_CLEAR 60	/* seconds after the start, so that a daily restart still clears */

struct SgChores {
	SgOffice *office;
	GThread	 *thread;
	GMutex	  lock;
	GCond	  woken;
	gboolean  stop;
};

static void
failed(const SgChores *c, const char *what, GError *error)
{
	sg_trouble_on(c->office->trouble, SG_TROUBLE_CHORE, error->message);
	sg_log(SG_LOG_WARN, "chore-failed", "what", what, "remedy", sg_err_name(error->code), "why",
	    error->message, NULL);
	g_error_free(error);
}

static void
anchor(const SgChores *c)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) last = sg_store_audit_list(c->office->store, NULL, 0, 1, &error);

	if (last == NULL) {
		failed(c, "audit-head", error);
	} else {
		const SgAuditEntry *e = last->len > 0 ? g_ptr_array_index(last, 0) : NULL;
		g_autofree char *seq = g_strdup_printf("%" G_GINT64_FORMAT, e != NULL ? e->seq : 0);

		sg_log(SG_LOG_NOTICE, "audit-head", "seq", seq, "hash", e != NULL ? e->hash : "-",
		    NULL);
	}
}

static void
clear(const SgChores *c)
{
	GError *error = NULL;
	SgExpired e = { 0 };
	g_autofree char *incidents = NULL, *contents = NULL, *traces = NULL, *orphans = NULL;

	if (!sg_store_expire(c->office->store, sg_clock_now(), FALSE, &e, &error)) {
		failed(c, "retention", error);
		return;
	}
	sg_trouble_off(c->office->trouble, SG_TROUBLE_CHORE);
	incidents = g_strdup_printf("%u", e.incidents);
	contents = g_strdup_printf("%u", e.contents);
	traces = g_strdup_printf("%u", e.traces);
	orphans = g_strdup_printf("%u", e.orphans);
	sg_log(SG_LOG_NOTICE, "retention", "incidents", incidents, "contents", contents, "traces",
	    traces, "orphans", orphans, NULL);
}

/* FALSE: told to stop. */
static gboolean
rest(SgChores *c, gint64 until)
{
	gboolean stop;

	g_mutex_lock(&c->lock);
	while (!c->stop && g_cond_wait_until(&c->woken, &c->lock, until))
		;
	stop = c->stop;
	g_mutex_unlock(&c->lock);
	return !stop;
}

static gpointer
run(gpointer data)
{
	SgChores *c = data;
	gint64 at = g_get_monotonic_time() + FIRST_CLEAR * G_USEC_PER_SEC;

	for (guint hour = 0; rest(c, at); hour++) {
		anchor(c);
		if (hour % 24 == 0)
			clear(c);
		at = g_get_monotonic_time() + (gint64)HOUR * G_USEC_PER_SEC;
	}
	return NULL;
}

SgChores *
sg_chores_start(SgOffice *office)
{
	SgChores *c = g_new0(SgChores, 1);

	c->office = office;
	g_mutex_init(&c->lock);
	g_cond_init(&c->woken);
	anchor(c);
	c->thread = g_thread_new("chores", run, c);
	return c;
}

void
sg_chores_stop(SgChores *c)
{
	g_mutex_lock(&c->lock);
	c->stop = TRUE;
	g_cond_signal(&c->woken);
	g_mutex_unlock(&c->lock);
	g_thread_join(c->thread);
	g_mutex_clear(&c->lock);
	g_cond_clear(&c->woken);
	g_free(c);
}
