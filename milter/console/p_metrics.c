#include <string.h>

#include <microhttpd.h>

#include "base/clock.h"
#include "console/alarms.h"
#include "console/health.h"
#include "console/view.h"
#include "model/verdict.h"

#define LAG   10 /* seconds: traces are written in batches, so the last ones are not yet there */
#define BATCH 100000u

static const double bounds[] = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30 };

/* Since this program started; counted from the traces at each scrape. */
struct SgCounters {
	    GMutex	lock;
	    gint64	upto;		/* traces before this second have been counted */
	    guint64 verdicts[SG_DO_N + 1];	/* the last: others */
	    guint64 buckets[G_N_ELEMENTS(bounds) + 1];
	    double	seconds;
	    guint64 scans;
	    GHashTable *texts;		/* word -> how much mail that left */
};

SgCounters *
sg_counters_new(gint64 now)
{
	SgCounters *c = g_new0(SgCounters, 1);

	g_mutex_init(&c->lock);
	c->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	c->upto = now;
	return c;
}

void
sg_counters_free(SgCounters *c)
{
	if (c == NULL)
		return;
	g_mutex_clear(&c->lock);
	g_hash_table_unref(c->texts);
	g_free(c);
}

/* Words of our own programs; what is none of their kind would not belong in a label. */
static void
count_text(SgCounters *c, const SgTrace *t)
{
	const char *word = t->disclaimer[0] != '\0' ? t->disclaimer : "none-due";

	if ((strcmp(t->route, "out") != 0 && t->disclaimer[0] == '\0') ||
	    strspn(word, "abcdefghijklmnopqrstuvwxyz-") != strlen(word) || g_hash_table_size(c->texts) > 100)
		return;
	g_hash_table_insert(c->texts, g_strdup(word),
	    GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(c->texts, word)) + 1));
}

static void
count_trace(SgCounters *c, const SgTrace *t)
{
	SgDo what = SG_DO_N;
	double seconds = (double)t->micros / 1e6;
	gsize b = 0;

	(void)sg_do_parse(t->verdict, &what);
	c->verdicts[what]++;
	count_text(c, t);
	if (t->micros == 0)
		return;	/* not scanned: a release, a refusal */
	while (b < G_N_ELEMENTS(bounds) && seconds > bounds[b])
		b++;
	c->buckets[b]++;
	c->seconds += seconds;
	c->scans++;
}

static void
count_new(SgConsole *console, gint64 now)
{
	SgCounters *c = console->counters;
	SgTraceFilter f = { .since = c->upto, .limit = BATCH };
	gint64 until = now - LAG;
	g_autoptr(GPtrArray) list =
	    until > c->upto ? sg_store_traces(console->store, &f, NULL) : NULL;

	if (list == NULL)
		return;
	for (guint k = 0; k < list->len; k++) {
		const SgTrace *t = g_ptr_array_index(list, k);

		if (t->when >= c->upto && t->when < until)
			count_trace(c, t);
	}
	c->upto = until;
}

static void
head(GString *s, const char *name, const char *type, const char *help)
{
	g_string_append_printf(
	    s, "# TYPE schoolgate_%s %s\n# HELP schoolgate_%s %s\n", name, type, name, help);
}

static void
gauge(GString *s, const char *name, double value, const char *help)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	head(s, name, "gauge", help);
	g_string_append_printf(
	    s, "schoolgate_%s %s\n", name, g_ascii_dtostr(number, sizeof number, value));
}

static void
write_texts(GString *s, SgCounters *c)
{
	GHashTableIter i;
	gpointer word, n;

	head(s, "disclaimers", "counter", "Mail that left, by what became of the school's text.");
	g_hash_table_iter_init(&i, c->texts);
	while (g_hash_table_iter_next(&i, &word, &n))
		g_string_append_printf(s, "schoolgate_disclaimers_total{result=\"%s\"} %u\n",
		    (const char *)word, GPOINTER_TO_UINT(n));
}

static void
write_counters(GString *s, SgCounters *c)
{
	guint64 sum = 0;
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	head(s, "messages", "counter", "Messages by what was done, since the console started.");
	for (guint v = 0; v <= SG_DO_N; v++)
		g_string_append_printf(s,
		    "schoolgate_messages_total{verdict=\"%s\"} %" G_GUINT64_FORMAT "\n",
		    v < SG_DO_N ? sg_do_name((SgDo)v) : "other", c->verdicts[v]);
	head(s, "scan_seconds", "histogram", "Time in the scanner.");
	for (gsize b = 0; b < G_N_ELEMENTS(bounds); b++) {
		sum += c->buckets[b];
		g_string_append_printf(s,
		    "schoolgate_scan_seconds_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n",
		    g_ascii_dtostr(number, sizeof number, bounds[b]), sum);
	}
	g_string_append_printf(
	    s, "schoolgate_scan_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", c->scans);
	g_string_append_printf(s,
	    "schoolgate_scan_seconds_sum %s\nschoolgate_scan_seconds_count %" G_GUINT64_FORMAT "\n",
	    g_ascii_dtostr(number, sizeof number, c->seconds), c->scans);
	write_texts(s, c);
}

static void
write_held(GString *s, const SgRequest *q)
{
	static const char *const urgencies[] = { "urgent", "high", "medium", "low" };
	SgFilter f = { .waiting = TRUE, .now = q->now, .limit = 100000 };
	g_autoptr(GPtrArray) list = sg_store_list(q->console->store, &f, NULL);
	guint count[4] = { 0 };
	gint64 oldest[4] = { 0 };

	for (guint k = 0; list != NULL && k < list->len; k++) {
		const SgIncident *i = g_ptr_array_index(list, k);

		for (guint u = 0; u < 4; u++)
			if (g_strcmp0(i->urgency, urgencies[u]) == 0) {
				count[u]++;
				oldest[u] = MAX(oldest[u], q->now - i->created);
			}
	}
	head(s, "held", "gauge", "Messages that wait for a decision.");
	for (guint u = 0; u < 4; u++)
		g_string_append_printf(
		    s, "schoolgate_held{urgency=\"%s\"} %u\n", urgencies[u], count[u]);
	head(s, "held_oldest_seconds", "gauge", "Age of the oldest of them.");
	for (guint u = 0; u < 4; u++)
		g_string_append_printf(s,
		    "schoolgate_held_oldest_seconds{urgency=\"%s\"} %" G_GINT64_FORMAT "\n",
		    urgencies[u], oldest[u]);
}

static void
write_services(GString *s, const SgHealth *h)
{
	head(s, "up", "gauge", "Does it work, seen from the console?");
	g_string_append_printf(s,
	    "schoolgate_up{service=\"store\"} %d\nschoolgate_up{service=\"scanner\"} %d\n"
	    "schoolgate_up{service=\"milter\"} %d\nschoolgate_up{service=\"courier\"} %d\n",
	    h->store, h->scan, h->milter, h->courier);
}

static void
write_alarms(GString *s, const SgOptions *o)
{
	g_autoptr(GArray) all = sg_alarms_look(o);

	head(s, "trouble", "gauge", "What a program says it cannot do right now.");
	for (guint i = 0; i < all->len; i++) {
		const SgAlarm *a = &g_array_index(all, SgAlarm, i);

		if (a->text != NULL)
			g_string_append_printf(s,
			    "schoolgate_trouble{program=\"%s\",what=\"%s\"} %d\n", a->program,
			    a->name, a->row.on);
	}
	head(s, "failures", "counter", "How often it failed since the program started; "
	    "workers-lost: died or were killed.");
	for (guint i = 0; i < all->len; i++) {
		const SgAlarm *a = &g_array_index(all, SgAlarm, i);

		g_string_append_printf(s,
		    "schoolgate_failures_total{program=\"%s\",what=\"%s\"} %" G_GUINT64_FORMAT "\n",
		    a->program, a->name, a->row.count);
	}
}

static void
write_store(GString *s, const SgHealth *h, gint64 now)
{
	gauge(s, "held_late", h->status.late, "Messages past their look-by time.");
	gauge(s, "unclear", h->status.unclear,
	    "Releases whose end was not seen; a person has to look.");
	gauge(s, "outbox", h->status.outbox, "Mails that wait to go out.");
	gauge(s, "outbox_put_off", h->status.outbox_failed,
	    "Of these: put off by the mail server at least once.");
	gauge(s, "outbox_oldest_seconds",
	    h->oldest > 0 ? (double)(now - h->oldest) : 0,
	    "Age of the oldest mail that is due or was put off.");
	gauge(s, "last_mail_seconds",
	    h->status.last_mail > 0 ? (double)(now - h->status.last_mail) : 0,
	    "Time since the last message.");
	gauge(
	    s, "content_bytes", (double)h->status.content_bytes, "Size of held messages on disk.");
	gauge(s, "disk_free_bytes", (double)h->disk_free, "Room left where they are kept.");
	gauge(s, "traces_dropped", (double)h->status.traces_dropped,
	    "Traces that could not be written.");
	gauge(s, "rules_age_seconds", h->rules_changed > 0 ? (double)(now - h->rules_changed) : 0,
	    "Age of the newest rule pack.");
	gauge(s, "signatures_age_seconds", h->signatures_made > 0 ? (double)(now - h->signatures_made) : 0,
	    "Age of the virus signatures on disk; 0 when there are none.");
}

void
sg_p_metrics(const SgRequest *q, SgReply *r)
{
	GString *s = g_string_new(NULL);
	SgCounters *c = q->console->counters;
	SgHealth h;

	sg_health_look(q->console, q->setup, q->now, &h);
	write_services(s, &h);
	write_alarms(s, q->setup->options);
	if (h.store) {
		write_store(s, &h, q->now);
		write_held(s, q);
		g_mutex_lock(&c->lock);
		count_new(q->console, q->now);
		write_counters(s, c);
		g_mutex_unlock(&c->lock);
	}
	g_string_append(s, "# EOF\n");
	sg_reply_bytes(r, g_string_free_to_bytes(s),
	    "application/openmetrics-text; version=1.0.0; charset=utf-8");
}
