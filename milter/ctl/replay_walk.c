#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl/envelope.h"
#include "ctl/replay.h"

#define DRAW_MS	   200	/* a terminal's line is drawn anew at most five times a second */
#define TELL_MS	   10000	/* elsewhere: a full line now and then */
#define SAVE_MS	   10000
#define AWAY_MOST  5u	/* so many in a row that no scanner answered for: it is gone */

typedef struct {
	SgReplayWalk *w;
	GThreadPool  *pool;
	GAsyncQueue  *results;
	GHashTable   *early;	/* &seq -> job: done before those in front of them */
	GPtrArray    *away;	/* job: in a row, the scanner was not there for them */
	gint64	      sent, taken;	/* seq */
	guint64	      walked, walked_before;	/* number of the last message */
	gboolean      more, terminal, drawn, utf8, quiet, gone;
	guint	      interrupts;
	gint64	      began, shown, saved;	/* milliseconds */
} Walk;

static gint64
now_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

static void
work(gpointer data, gpointer user)
{
	Walk *x = user;

	sg_replay_one(x->w->shop, data);
	g_async_queue_push(x->results, data);
}

/* --- the line ----------------------------------------------------------------- */

static guint
columns(const SgCtl *c)
{
	struct winsize size = { 0 };

	if (g_getenv("COLUMNS") == NULL && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= 20)
		return size.ws_col;
	return c->width;
}

static char *
line_now(const Walk *x, guint width)
{
	const SgReplayLine l = { .done = x->walked, .total = x->w->total, .held = x->w->sum->held,
		.errors = x->w->sum->errors, .elapsed_ms = now_ms() - x->began,
		.done_now = x->walked - x->walked_before };

	return sg_replay_line(&l, width, x->utf8);
}

static void
wipe(Walk *x)
{
	if (x->drawn)
		fprintf(stderr, "\r\033[K");
	x->drawn = FALSE;
}

/* A whole line that stays. */
static void
tell(Walk *x)
{
	g_autofree char *line = line_now(x, x->terminal ? columns(x->w->shop->ctl) : 120);

	wipe(x);
	fprintf(stderr, "%s\n", line);
	x->shown = now_ms();
}

static void
show(Walk *x)
{
	gint64 now = now_ms();
	g_autofree char *line = NULL;

	if (x->quiet || now - x->shown < (x->terminal ? DRAW_MS : TELL_MS))
		return;
	if (!x->terminal) {
		tell(x);
		return;
	}
	/* one column stays free: a full line would wrap on some terminals */
	line = line_now(x, columns(x->w->shop->ctl) - 1);
	fprintf(stderr, "\r%s\033[K", line);
	(void)fflush(stderr);
	x->drawn = TRUE;
	x->shown = now;
}

static void
signals(Walk *x, const sigset_t *set)
{
	const struct timespec none = { 0, 0 };
	int number;

	while ((number = sigtimedwait(set, NULL, &none)) > 0) {
		if (number == SIGUSR1) {
			tell(x);
			continue;
		}
		wipe(x);
		if (++x->interrupts == 1)
			sg_ctl_say(x->w->shop->ctl, "Finishing the messages in hand; once more stops now.");
		else
			g_atomic_int_set(&x->w->shop->give_up, 1);
	}
}

/* --- results, in order ---------------------------------------------------------- */

static void
add(Walk *x, SgReplayJob *j)
{
	SgReplaySum *s = x->w->sum;

	if (j->hash != NULL && s->hash[0] == '\0') {
		g_free(s->hash);
		s->hash = g_strdup(j->hash);
	}
	sg_replay_sum_add(s, j);
	if (x->w->out != NULL && j->line != NULL) {
		char *text = json_dumps(j->line, JSON_COMPACT | JSON_ENSURE_ASCII);

		fprintf(x->w->out, "%s\n", text);
		free(text);
	}
	sg_replay_job_free(j);
}

static void
add_away(Walk *x)
{
	for (guint i = 0; i < x->away->len; i++)
		add(x, g_ptr_array_index(x->away, i));
	g_ptr_array_set_size(x->away, 0);
}

static void
add_in_order(Walk *x, SgReplayJob *j)
{
	const char *hash = x->w->sum->hash;

	if (x->gone || g_atomic_int_get(&x->w->shop->give_up) != 0) {
		sg_replay_job_free(j);
		return;
	}
	if (j->hash != NULL && hash[0] != '\0' && strcmp(hash, j->hash) != 0) {
		(void)sg_ctl_fail(x->w->shop->ctl, SG_EXIT_USAGE, "the rules have changed meanwhile",
		    "the sums would mix two sets", "Begin anew, without the old checkpoint.");
		x->gone = TRUE;
		sg_replay_job_free(j);
		return;
	}
	if (j->away) {
		g_ptr_array_add(x->away, j);
		if (x->away->len < AWAY_MOST)
			return;
		wipe(x);
		(void)sg_ctl_fail(x->w->shop->ctl, SG_EXIT_AWAY, "the replay has stopped", j->error,
		    "Messages before are in the sums; --resume goes on.");
		x->gone = TRUE;
		return;
	}
	add_away(x);
	add(x, j);
}

static void
take(Walk *x, SgReplayJob *j)
{
	g_hash_table_insert(x->early, &j->seq, j);
	while ((j = g_hash_table_lookup(x->early, &x->taken)) != NULL) {
		g_hash_table_steal(x->early, &x->taken);
		x->taken++;
		add_in_order(x, j);
	}
}

static void
save(Walk *x)
{
	SgReplaySum *s = x->w->sum;
	g_autoptr(GError) error = NULL;
	gint64 now = now_ms();
	guint64 before = s->seconds_ms;

	if (x->w->resume == NULL)
		return;
	if (x->w->out != NULL && fflush(x->w->out) == 0)
		s->out_at = (guint64)ftello(x->w->out);
	s->seconds_ms += (guint64)(now - x->began);
	if (!sg_replay_sum_save(s, x->w->resume, x->w->plan, &error)) {
		wipe(x);
		sg_ctl_say(x->w->shop->ctl, "the checkpoint was not written: %s", error->message);
	}
	s->seconds_ms = before;
	x->saved = now;
}

/* --- messages ----------------------------------------------------------------------- */

/* The Date of a message is before the time asked for; one without a date is read. */
static gboolean
too_old(const SgReplaySum *s, GBytes *mail)
{
	g_autofree char *date = s->since > 0 ? sg_envelope_field(mail, "Date") : NULL;
	time_t t = date != NULL ? curl_getdate(date, NULL) : -1;

	return t != -1 && t < s->since;
}

static void
next_message(Walk *x)
{
	SgReplayWalk *w = x->w;
	guint64 number = x->walked + 1;
	gboolean keep = number >= w->sum->next && (number - 1) % w->sample == 0;
	SgReplayJob *j;
	SgMail m;

	if (w->limit > 0 && w->sum->seen + (guint64)(x->sent - x->taken) + x->away->len >= w->limit) {
		x->more = FALSE;
		return;
	}
	if (!sg_mailbox_next(w->box, keep, &m)) {
		x->more = FALSE;
		return;
	}
	x->walked = m.number;
	if (!keep || (m.bytes != NULL && too_old(w->sum, m.bytes))) {
		g_clear_pointer(&m.bytes, g_bytes_unref);
		if (number < w->sum->next)
			x->walked_before = number;
		return;
	}
	j = g_new0(SgReplayJob, 1);
	j->mail = m;
	j->seq = x->sent++;
	(void)g_thread_pool_push(x->pool, j, NULL);
}

static gboolean
step(Walk *x)
{
	const gint64 room = 2 * (gint64)x->w->jobs;
	const gboolean send = x->more && x->interrupts == 0 && !x->gone && x->sent - x->taken < room;
	SgReplayJob *j;

	if (!send && x->sent == x->taken)
		return FALSE;
	if (send)
		next_message(x);
	j = send ? g_async_queue_try_pop(x->results) :
	    g_async_queue_timeout_pop(x->results, DRAW_MS / 2 * 1000);
	if (j != NULL)
		take(x, j);
	return TRUE;
}

SgExit
sg_replay_walk(SgReplayWalk *w)
{
	const SgCtl *c = w->shop->ctl;
	Walk x = { .w = w, .more = TRUE, .terminal = isatty(STDERR_FILENO) == 1,
		.utf8 = g_get_charset(NULL), .quiet = sg_ctl_has(c, "quiet"), .began = now_ms() };
	sigset_t set, old;

	x.shown = x.terminal ? 0 : x.began;
	x.saved = x.began;
	x.results = g_async_queue_new();
	x.early = g_hash_table_new(g_int64_hash, g_int64_equal);
	x.away = g_ptr_array_new();
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGUSR1);
	(void)pthread_sigmask(SIG_BLOCK, &set, &old);	/* the threads inherit it */
	x.pool = g_thread_pool_new(work, &x, (gint)w->jobs, TRUE, NULL);
	while (step(&x)) {
		signals(&x, &set);
		show(&x);
		if (now_ms() - x.saved >= SAVE_MS)
			save(&x);
	}
	signals(&x, &set);
	g_thread_pool_free(x.pool, FALSE, TRUE);
	if (!x.gone)
		add_away(&x);
	w->sum->done = !x.more && !x.gone && x.interrupts == 0;
	save(&x);
	w->sum->seconds_ms += (guint64)(now_ms() - x.began);
	if (x.terminal && !x.quiet && !x.gone)
		tell(&x);
	g_ptr_array_set_free_func(x.away, (GDestroyNotify)sg_replay_job_free);
	g_ptr_array_unref(x.away);
	g_hash_table_unref(x.early);
	g_async_queue_unref(x.results);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return x.gone ? SG_EXIT_AWAY : x.interrupts > 0 ? SG_EXIT_INTERRUPTED : SG_EXIT_OK;
}
