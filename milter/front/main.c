/* schoolgate-milter - the mail server's door.  See schoolgate-milter(8). */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <libmilter/mfapi.h>

#include "base/clock.h"
#include "base/daemon.h"
#include "base/err.h"
#include "base/log.h"
#include "front/callbacks.h"
#include "front/gate.h"
#include "front/judge.h"
#include "front/door.h"
#include "front/watch.h"
#include "store/post.h"

#define STACK	    (512u << 10)	/* a thousand blocked messages are a thousand threads */
#define MAX_HEADER  (1u << 20)
#define LAST_WORDS  200			/* ms for the last reply to leave libmilter */
#define CUT_SHORT   10			/* s, when libmilter has stopped reading by itself */
#define HOUSEWORK   60			/* s */
#define PROBE	    3			/* s, while filing is in trouble */
#define OWN_PAGES   (256 << 10)		/* an allocation of this size goes back to the system */

/* Set by signal handlers. */
static volatile sig_atomic_t stop;
static volatile sig_atomic_t reload;

typedef struct {
	SgGate	 *gate;
	char	 *config;
	char	 *door;		/* milter.listen, parsed */
	pthread_t thread;	/* runs smfi_main() */
	gint	  ended;	/* atomic: smfi_main() has returned */
	guint64	  dropped;	/* traces, when last looked */
	SgTrouble *trouble;
} Milter;

static void
on_signal(int sig)
{
	if (sig == SIGUSR1 || sig == SIGHUP)
		reload = 1;
	else
		stop++;
}

/*
 * libmilter has a thread of its own that waits for SIGTERM, SIGINT and SIGHUP and
 * takes each as "stop now".  The kernel offers a signal to the first thread before
 * all others when that one does not block it; so the first thread keeps out of
 * libmilter, alone lets signals in, and gets them all.  (Should one go astray all
 * the same, smfi_main() returns, and that is taken as a stop.)
 */
static void
signals(int how)
{
	static const int wanted[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2 };
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
		sigaddset(&set, wanted[i]);
		(void)sigaction(wanted[i], &action, NULL);
	}
	(void)pthread_sigmask(how, &set, NULL);
}

/* A message in hand needs four descriptors at most. */
static void
make_room(const SgOptions *o)
{
	const rlim_t want = (rlim_t)o->milter.max_sessions * 4 + 64;
	struct rlimit l = { 0, 0 };
	char have[32], need[32];

	(void)getrlimit(RLIMIT_NOFILE, &l);
	if (l.rlim_cur >= want)
		return;
	l.rlim_cur = want;
	l.rlim_max = MAX(l.rlim_max, want);
	if (setrlimit(RLIMIT_NOFILE, &l) == 0)
		return;
	(void)getrlimit(RLIMIT_NOFILE, &l);
	l.rlim_cur = l.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &l);
	g_snprintf(have, sizeof have, "%lu", (unsigned long)l.rlim_cur);
	g_snprintf(need, sizeof need, "%lu", (unsigned long)want);
	sg_log(SG_LOG_WARN, "few-descriptors", "have", have, "need", need, "remedy",
	    "raise LimitNOFILE or lower milter.max_sessions", NULL);
}

static gpointer
speak_milter(gpointer data)
{
	Milter *m = data;

	if (smfi_main() != MI_SUCCESS)
		sg_log(SG_LOG_ERROR, "libmilter", "why", "smfi_main failed", NULL);
	g_atomic_int_set(&m->ended, 1);
	return NULL;
}

static gboolean
open_door(Milter *m, const SgOptions *o, GError **error)
{
	g_autoptr(GError) untold = NULL;
	pthread_attr_t attr;

	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setstacksize(&attr, STACK);
	(void)pthread_setattr_default_np(&attr);
	(void)pthread_attr_destroy(&attr);
	(void)smfi_setmaxdatasize(MAX_HEADER);
	(void)smfi_settimeout((int)o->milter.timeout);
	if (!sg_callbacks_register(m->gate, sg_judge, error) || !sg_door_open(m->door, error))
		return FALSE;
	m->trouble = sg_trouble_open(o->console.socket, "milter", &untold);
	if (m->trouble == NULL)
		sg_log(SG_LOG_WARN, "no-alarms", "why", untold->message, NULL);
	sg_gate_tell(m->gate, m->trouble);
	errno = pthread_create(&m->thread, NULL, speak_milter, m);
	if (errno == 0)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "no thread: %s", g_strerror(errno));
	return FALSE;
}

static void
note_restart(const SgOptions *was, const SgOptions *is)
{
	const struct { const char *key, *was, *is; } fixed[] = {
		{ "milter.listen", was->milter.listen, is->milter.listen },
		{ "store.url", was->store.url, is->store.url },
		{ "keys.dir", was->keys.dir, is->keys.dir },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
		if (strcmp(fixed[i].was, fixed[i].is) != 0)
			sg_log(SG_LOG_WARN, "reload", "unchanged", fixed[i].key, "remedy",
			    "restart to use its new value", NULL);
}

/* What is held and seen by nobody helps nobody: two people whom mail is known to reach, or no holding. */
static gboolean
is_watched(const SgSnapshot *s, SgStore *store, GError **error)
{
	g_autoptr(GPtrArray) told = sg_policy_told(s->policy);
	guint confirmed = 0;

	if (!sg_policy_enforces(s->policy))
		return TRUE;
	if (!sg_store_contacts_count(store, told, &confirmed, error))
		return FALSE;
	if (confirmed >= SG_TOLD_LEAST)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s:1: mode: \"enforce\" needs %u contacts who have confirmed that mail "
	    "reaches them, and %u of %u in policy.conf (lead, deputy, head, chair, out-of-hours) have; set "
	    "mode = \"shadow\", start schoolgate-courier, let them open the link in their mail or run "
	    "\"schoolgatectl contact verify CODE\", then set it back", s->options->file, SG_TOLD_LEAST, confirmed, told->len);
	return FALSE;
}

/* A reload that fails keeps what was, and says so. */
static void
read_again(Milter *m)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgSnapshot) was = sg_gate_snapshot(m->gate);
	g_autoptr(GError) error = NULL;
	SgSnapshot *next;

	reload = 0;
	sg_daemon_tell("RELOADING=1");
	next = sg_snapshot_load(m->config, problems, &error);
	if (next != NULL && !is_watched(next, sg_gate_store(m->gate), &error))
		g_clear_pointer(&next, sg_snapshot_unref);
	if (next != NULL) {
		note_restart(was->options, next->options);
		sg_gate_swap(m->gate, next);
		sg_log(SG_LOG_NOTICE, "reload", "config", m->config, NULL);
		sg_trouble_off(m->trouble, SG_TROUBLE_RELOAD);
	} else {
		for (guint i = 0; i < problems->len; i++)
			sg_log(SG_LOG_ERROR, "config", "problem", g_ptr_array_index(problems, i), NULL);
		sg_log(SG_LOG_ERROR, "reload-failed", "why", error->message, "kept", "the old one", NULL);
		sg_trouble_on(m->trouble, SG_TROUBLE_RELOAD, error->message);
	}
	sg_daemon_tell("READY=1");
}

/* Once a minute: a store that is away does not stop clean mail, but is told. */
static void
housework(Milter *m)
{
	g_autoptr(GError) error = NULL;
	SgStoreStatus status = { 0 };
	char lost[32];

	sg_recent_fade(sg_gate_recent(m->gate), sg_clock_now());
	if (!sg_store_status(sg_gate_store(m->gate), sg_clock_now(), &status, &error)) {
		sg_log(SG_LOG_ERROR, "store-away", "why", error->message, NULL);
		return;
	}
	if (status.traces_dropped > m->dropped) {
		g_snprintf(lost, sizeof lost, "%" G_GUINT64_FORMAT, status.traces_dropped - m->dropped);
		sg_log(SG_LOG_ERROR, "traces-lost", "rows", lost, NULL);
	}
	m->dropped = status.traces_dropped;
}

/* Returns when there is nothing left to wait for. */
static void
drain(Milter *m)
{
	g_autoptr(SgSnapshot) s = sg_gate_snapshot(m->gate);
	const gboolean cut = g_atomic_int_get(&m->ended) != 0;
	const gint64 seconds = cut ? MIN(s->options->milter.drain, CUT_SHORT) : s->options->milter.drain;
	const gint64 end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
	const int before = stop;
	char left[16];

	sg_gate_drain(m->gate);
	sg_daemon_tell("STOPPING=1");
	g_snprintf(left, sizeof left, "%u", sg_gate_active(m->gate));
	sg_log(SG_LOG_NOTICE, "drain", "in-hand", left, NULL);
	while (sg_gate_active(m->gate) > 0 && stop == before && g_get_monotonic_time() < end)
		(void)poll(NULL, 0, 50);
	if (stop == before)
		g_usleep(LAST_WORDS * 1000);
}

static void
attend(Milter *m)
{
	gint64 next = g_get_monotonic_time() + HOUSEWORK * G_USEC_PER_SEC, probe = 0;

	while (stop == 0 && !g_atomic_int_get(&m->ended)) {
		if (reload != 0)
			read_again(m);
		if (g_get_monotonic_time() >= next) {
			housework(m);
			next = g_get_monotonic_time() + HOUSEWORK * G_USEC_PER_SEC;
		}
		if (g_get_monotonic_time() >= probe) {
			sg_watch_probe(m->gate);
			probe = g_get_monotonic_time() + PROBE * G_USEC_PER_SEC;
		}
		(void)poll(NULL, 0, 500);	/* a signal ends it */
	}
	drain(m);
}

static gpointer
stop_libmilter(gpointer unused)
{
	(void)smfi_stop();
	return unused;
}

/* libmilter's listener looks up only every five seconds, and smfi_stop() waits for
 * that; a call at the door makes it look at once. */
static void
end_libmilter(Milter *m)
{
	GThread *stopper = g_thread_new("stop", stop_libmilter, NULL);
	const gint64 end = g_get_monotonic_time() + 6 * G_USEC_PER_SEC;

	while (!g_atomic_int_get(&m->ended) && g_get_monotonic_time() < end) {
		g_usleep(20 * 1000);
		sg_door_wake(m->door);
	}
	if (g_atomic_int_get(&m->ended)) {
		g_thread_join(stopper);
		(void)pthread_join(m->thread, NULL);
		return;
	}
	g_thread_unref(stopper);
	sg_log(SG_LOG_WARN, "libmilter", "why", "it does not stop; leaving without it", NULL);
}

/* TRUE: nobody uses the gate and the store any more. */
static gboolean
close_door(Milter *m)
{
	char left[16];

	end_libmilter(m);
	sg_door_remove(m->door);
	if (sg_gate_active(m->gate) == 0)
		return TRUE;
	g_snprintf(left, sizeof left, "%u", sg_gate_active(m->gate));
	sg_log(SG_LOG_WARN, "left-in-hand", "messages", left, "what-next",
	    "the mail server will try them again", NULL);
	return FALSE;
}

static gboolean
serve(Milter *m, SgSnapshot *s, SgStore *store, const SgKeys *keys, GError **error)
{
	g_autoptr(GError) unwritten = NULL;
	const SgOptions *o = s->options;

	m->door = sg_door_parse(o->milter.listen, error);
	if (m->door == NULL)
		return FALSE;
	make_room(o);
	m->gate = sg_gate_new(sg_snapshot_ref(s), store, keys, sg_recent_new(store, sg_clock_now()));
	if (!open_door(m, o, error))
		return FALSE;
	signals(SIG_UNBLOCK);
	sg_daemon_tell("READY=1");
	sg_log(SG_LOG_NOTICE, "listening", "on", m->door, NULL);
	attend(m);
	if (close_door(m) && !sg_store_trace_flush(store, &unwritten))
		sg_log(SG_LOG_ERROR, "traces-lost", "why", unwritten->message, NULL);
	return TRUE;
}

static gboolean
run(SgOptions *options, GError **error)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgSnapshot) s = sg_snapshot_load(options->file, problems, error);
	SgStore *store;
	SgKeys *keys;
	Milter m = { .config = options->file };
	gboolean good;

	for (guint i = 0; s == NULL && i < problems->len; i++)
		sg_log(SG_LOG_ERROR, "config", "problem", g_ptr_array_index(problems, i), NULL);
	if (s == NULL)
		return FALSE;
	keys = sg_keys_load(s->options->keys.dir, SG_KEY_VAULT_PUBLIC | SG_KEY_AUDIT | SG_KEY_MAIL, error);
	if (keys == NULL)
		return FALSE;
	/* fixed: by itself it grows with the largest message, which then stays in memory */
	(void)mallopt(M_MMAP_THRESHOLD, OWN_PAGES);
	/* each buffer that is freed would sweep them together, which costs more than they save */
	(void)mallopt(M_MXFAST, 0);
	signals(SIG_BLOCK);	/* before the first thread, so that all inherit it */
	store = sg_store_open(s->options, keys, error);
	good = store != NULL && is_watched(s, store, error) && serve(&m, s, store, keys, error);
	g_free(m.door);
	/* a message still in hand uses them to the very end */
	if (m.gate != NULL && sg_gate_active(m.gate) > 0)
		return good;
	sg_trouble_close(m.trouble);
	sg_gate_free(m.gate);
	sg_store_close(store);
	sg_keys_free(keys);
	return good;
}

static void
check(const SgOptions *options, GPtrArray *problems)
{
	g_autoptr(GError) unlocked = NULL, nowhere = NULL;
	g_autoptr(SgSnapshot) s = sg_snapshot_load(options->file, problems, NULL);
	g_autoptr(SgKeys) keys = sg_keys_load(options->keys.dir,
	    SG_KEY_VAULT_PUBLIC | SG_KEY_AUDIT | SG_KEY_MAIL, &unlocked);
	g_autofree char *door = sg_door_parse(options->milter.listen, &nowhere);

	(void)s;
	if (keys == NULL)
		g_ptr_array_add(problems, g_strdup_printf("%s:1: %s", options->file, unlocked->message));
	if (door == NULL)
		g_ptr_array_add(problems, g_strdup_printf("%s:1: %s", options->file, nowhere->message));
}

int
main(int argc, char **argv)
{
	const SgProgram program = {
		.name = "schoolgate-milter",
		.summary = "Takes each message from the mail server, has it read, and answers.",
		.check = check,
		.run = run,
	};

	return sg_daemon_main(&program, argc, argv);
}
