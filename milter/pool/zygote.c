#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/daemon.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/fd.h"
#include "base/sandbox.h"
#include "page/ocr.h"
#include "pool/pictures.h"
#include "pool/worker.h"
#include "pool/zygote.h"
#include "scan/tempfiles.h"
#include "scan/walk.h"
#include "word/fold.h"

#define BULK_NICE	10
#define FILES		16	/* 0-2, listener, client, its two, and room for what a hostile one adds */
#define TICK_MS		1000
#define DRAIN_TICK_MS	20
#define PAUSE_LEAST_US	(50 * 1000)
#define PAUSE_MOST_US	(5 * G_USEC_PER_SEC)
#define SETUP_TRIES	5	/* workers that cannot start before the zygote gives up */
#define EXIT_SETUP	3	/* of a worker that could not lock itself in */

/* What the zygote itself knows of a worker; the slot is only hearsay. */
typedef struct {
	pid_t	 pid;		/* 0: nobody                                   */
	SgLane	 lane;
	guint	 table;		/* of clean parts; see scan/seen.h             */
	gboolean late;		/* killed by us                                */
	gint	 state;		/* as last seen ...                            */
	guint	 message;
	gint64	 since;		/* ... and since when, by our clock            */
} Place;

typedef struct {
	const SgZygoteSetup *setup;
	SgRuleset	*rules;
	SgRoster	*roster;	/* or NULL: none */
	SgMatch		*match;
	SgVirus		*virus;
	SgSandboxFilter *filter;
	SgScoreboard	*board;
	Place		*places;
	guint		 n;
	int		 signals;
	SgPictures	*pictures;	/* or NULL */
	gboolean	 draining, ready;
	guint		 failures;	/* starts in a row that failed */
	gint64		 retry_at, looked_at;
	uid_t		 uid;
	gid_t		 gid;
} Zygote;

static guint
cores(const SgOptions *o)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return o->scan.workers > 0 ? (guint)o->scan.workers : (guint)CLAMP(n, 1, 64);
}

/* To the keeper: an empty hash when there will be no workers, because of the signatures. */
static void
tell_keeper(Zygote *z, const char *rules, const char *why)
{
	const SgOptions *o = z->setup->options;
	SgReady said = { .check = (guint)o->scan.signature_check,
		.age_alarm = (guint)o->scan.signature_age_alarm };

	g_strlcpy(said.rules, rules, sizeof said.rules);
	g_strlcpy(said.why, why, sizeof said.why);
	g_strlcpy(said.setting, o->scan.signatures, sizeof said.setting);
	if (z->virus != NULL)
		said.signatures = *sg_virus_signatures(z->virus);
	if (write(z->setup->ready_fd, &said, sizeof said) == -1)
		z->setup->log(SG_LOG_WARN, "zygote.unheard", "why", g_strerror(errno), NULL);
}

static gboolean
load_signatures(Zygote *z, GError **error)
{
	const SgOptions *o = z->setup->options;
	g_autofree char *dir = sg_signatures_dir(o->scan.signatures);
	GError *why = NULL;

	if (dir != NULL)
		z->virus = sg_virus_load(o, dir, z->n, &why);
	else if (z->setup->need_signatures && strcmp(o->scan.signatures, "auto") == 0)
		g_set_error(&why, SG_ERR, SG_ERR_SETUP, "there are no virus signatures in "
		    SG_SIGNATURES_USUAL " any more");
	if (why == NULL)
		return TRUE;
	tell_keeper(z, "", why->message);
	g_propagate_error(error, why);
	return FALSE;
}

static gboolean
load(Zygote *z, GError **error)
{
	const SgOptions *o = z->setup->options;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

	if (strcmp(o->scan.sandbox, "kill") != 0 && strcmp(o->scan.sandbox, "log") != 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "scan.sandbox = \"%s\" is neither kill nor log",
		    o->scan.sandbox);
		return FALSE;
	}
	z->rules = sg_ruleset_load(o->files.rules, o->scan.cache, problems, error);
	for (guint i = 0; z->rules == NULL && i < problems->len; i++)
		z->setup->log(SG_LOG_ERROR, "rules", "problem", (char *)g_ptr_array_index(problems, i), NULL);
	if (z->rules == NULL || !sg_sandbox_nobody(&z->uid, &z->gid, error) || !sg_walk_warm_up(error) ||
	    !load_signatures(z, error))
		return FALSE;
	if (!sg_fold_ready(error) || !sg_roster_load(o->files.roster, &z->roster, error))
		return FALSE;
	z->match = sg_match_new(z->rules, (guint)o->scan.matches, error);
	if (z->match == NULL)
		return FALSE;
	sg_match_roster(z->match, z->roster);
	z->filter = sg_sandbox_filter_new(z->virus != NULL || o->scan.ocr ? SG_SANDBOX_UNPACKER :
	    SG_SANDBOX_READER, strcmp(o->scan.sandbox, "log") == 0, error);
	if (z->filter == NULL)
		return FALSE;
	z->pictures = o->scan.ocr ? sg_pictures_start(o, z->n, error) : NULL;
	if (o->scan.ocr && z->pictures == NULL)
		return FALSE;
	z->board = sg_scoreboard_new(z->n, error);
	/* what loading left free: a worker that uses it has its own copy, and never knows it had grown */
	(void)malloc_trim(0);
	return z->board != NULL;
}

typedef struct {
	Zygote *z;
	guint	i;
	pid_t	zygote;
} Birth;

/* In the new process; returns its exit code. */
static int
be_worker(gpointer data)
{
	const Birth *birth = data;
	Zygote *z = birth->z;
	guint i = birth->i;
	const SgOptions *o = z->setup->options;
	SgSlot *slot = sg_scoreboard_slot(z->board, i);
	g_autofree SgSeqIn *in = g_new0(SgSeqIn, 1);
	SgWorker w = { .options = o, .match = z->match, .virus = z->virus, .rules = sg_ruleset_hash(z->rules),
		.blames = z->setup->blames, .slot = slot, .listener = 3,
		.test_hook = z->setup->test_hook, .in = in };
	/* the memfd it writes is a file to the kernel: texts, or a whole message */
	const SgSandbox box = { .filter = z->filter,
		.parent = birth->zygote, .uid = z->uid, .gid = z->gid,
		.memory = (guint64)o->scan.memory << 20,
		.files = FILES + (z->virus != NULL ? SG_TEMPFILES_MOST : 0),
		.file_size = (guint64)MAX(o->scan.text, o->milter.max_size) + (2u << 20) };
	const int keep[] = { z->setup->listeners[z->places[i].lane],
		z->pictures != NULL ? sg_pictures_socket(z->pictures, i) : -1 };
	g_autoptr(GError) error = NULL;

	sg_daemon_default_signals();
	if (z->places[i].lane == SG_LANE_BULK)
		(void)setpriority(PRIO_PROCESS, 0, BULK_NICE);
	sg_blames_read_only(z->setup->blames);
	sg_scoreboard_keep_only(z->board, i);
	if (z->virus != NULL)
		sg_virus_begin(z->virus, z->places[i].table);
	sg_ocr_begin(z->pictures != NULL ? 4 : -1);
	if (!sg_sandbox_drop_fds(keep, z->pictures != NULL ? 2 : 1, &error) ||
	    !sg_sandbox_enter(&box, &error)) {
		g_strlcpy(slot->why, error->message, sizeof slot->why);
		return EXIT_SETUP;
	}
	sg_worker_run(&w);
	return 0;
}

/* Each failure in a row doubles the pause: a machine without processes or
 * memory is not helped by more attempts. */
static void
pause_starts(Zygote *z)
{
	gint64 pause = PAUSE_LEAST_US << MIN(z->failures, 7u);

	z->failures++;
	z->retry_at = g_get_monotonic_time() + MIN(pause, PAUSE_MOST_US);
}

static void
start_worker(Zygote *z, guint i)
{
	Place *p = &z->places[i];
	Birth birth = { z, i, getpid() };
	pid_t pid;

	memset(sg_scoreboard_slot(z->board, i), 0, sizeof(SgSlot));
	if (z->virus != NULL)
		p->table = sg_virus_hand_out(z->virus);
	pid = sg_fault("scan.fork") ? -1 : sg_daemon_fork(be_worker, &birth);
	if (pid == -1) {
		z->setup->log(SG_LOG_WARN, "worker.nofork", "why", g_strerror(errno), NULL);
		sg_trouble_on(z->setup->trouble, SG_TROUBLE_START, g_strerror(errno));
		pause_starts(z);
		if (z->virus != NULL)
			sg_virus_take_back(z->virus, p->table, FALSE);
		return;
	}
	*p = (Place){ .pid = pid, .lane = p->lane, .table = p->table, .since = g_get_monotonic_time() };
}

static void
start_missing(Zygote *z)
{
	for (guint i = 0; i < z->n; i++)
		if (z->places[i].pid == 0 && g_get_monotonic_time() >= z->retry_at)
			start_worker(z, i);
}

/* What the message did to its worker is remembered, unless nobody was reading it; a
 * client that does not listen is to blame itself, but not for a crash meanwhile.
 * Strings in the slot are hearsay and may lack their end. */
static void
blame(Zygote *z, const Place *p, const SgSlot *slot, gboolean outside)
{
	SgBlame b = { .points = outside ? 1 : 2 };
	gint state = g_atomic_int_get(&slot->state);

	if (state != SG_SLOT_SCANNING && (state != SG_SLOT_ANSWERING || p->late || outside))
		return;
	if (!outside) {
		memcpy(b.extractor, slot->extractor, sizeof b.extractor);
		memcpy(b.part, slot->part, sizeof b.part);
		b.extractor[sizeof b.extractor - 1] = b.part[sizeof b.part - 1] = '\0';
	}
	sg_blames_add(z->setup->blames, slot->hash, g_get_monotonic_time() / G_USEC_PER_SEC, &b);
}

/* What a worker wrote is hearsay, also in the log: a captured one must not write down
 * there what it reads.  Names of parts and extractors are short and plain. */
static char *
hearsay(const char *text)
{
	char *s = g_strndup(text, 16);

	return g_strcanon(s, G_CSET_a_2_z G_CSET_DIGITS ".-", '?');
}

static void
report_loss(Zygote *z, const Place *p, const SgSlot *slot, int status)
{
	g_autofree char *how = WIFSIGNALED(status) ? g_strdup_printf("SIG%s", sigabbrev_np(WTERMSIG(status)))
						   : g_strdup_printf("exit %d", WEXITSTATUS(status));
	g_autofree char *extractor = hearsay(slot->extractor);
	g_autofree char *part = hearsay(slot->part);
	g_autofree char *why = g_strndup(slot->why, strnlen(slot->why, sizeof slot->why));
	g_autofree char *pid = g_strdup_printf("%d", (int)p->pid);
	g_autofree char *n = g_strdup_printf("%u", slot->messages);

	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SETUP) {
		z->setup->log(SG_LOG_ERROR, "worker.setup", "why", why, NULL);
		sg_trouble_on(z->setup->trouble, SG_TROUBLE_START, why);
	} else
		z->setup->log(SG_LOG_WARN, p->late ? "worker.late" : "worker.lost", "pid", pid, "how", how,
		    "lane", p->lane == SG_LANE_BULK ? "bulk" : "small", "state",
		    sg_slot_state_name(slot->state), "message", n, "part", part, "extractor", extractor, NULL);
}

static void
gone(Zygote *z, guint i, int status)
{
	Place *p = &z->places[i];
	const SgSlot *slot = sg_scoreboard_slot(z->board, i);
	gboolean left = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	if (!left && !(z->draining && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM)) {
		if (!p->late)
			blame(z, p, slot, WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL ||
			    WTERMSIG(status) == SIGTERM));
		report_loss(z, p, slot, status);
		sg_trouble_count(z->setup->trouble, SG_TROUBLE_WORKER);
	}
	if (z->virus != NULL)	/* what it found clean counts on only when nothing was unusual */
		sg_virus_take_back(z->virus, p->table, left && slot->why[0] == '\0');
	if (left || slot->state != SG_SLOT_STARTING)
		z->failures = 0;
	else
		pause_starts(z);
	p->pid = 0;
}

static void
reap(Zygote *z)
{
	int status;
	pid_t pid;

	/* a worker that somebody has stopped reads nothing and would be missed by nobody */
	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (!WIFSTOPPED(status) && sg_pictures_gone(z->pictures, pid))
			z->setup->log(SG_LOG_WARN, "ocr.lost", "now", "another one is started", NULL);
		for (guint i = 0; i < z->n; i++) {
			if (z->places[i].pid != pid)
				continue;
			if (WIFSTOPPED(status))
				(void)kill(pid, SIGKILL);
			else
				gone(z, i, status);
		}
	}
}

/* Since when the worker is in this state.  Its own word counts only when it
 * lies between our last look and now; otherwise the time we first saw it. */
static void
look(Place *p, const SgSlot *slot, gint64 last, gint64 now)
{
	gint state = g_atomic_int_get(&slot->state);
	gint64 since = slot->since;

	if (state == p->state && slot->messages == p->message)
		return;
	p->state = state;
	p->message = slot->messages;
	p->since = since > last && since <= now ? since : now;
}

static gint64
limit_us(const Zygote *z, const SgSlot *slot)
{
	gint64 most = MAX(z->setup->options->scan.deadline, 30) * 1000;

	return MIN((gint64)slot->deadline_ms, most) * 1000;
}

/* Kills what is late; returns how many milliseconds until the next one may be. */
static int
watch(Zygote *z)
{
	gint64 now = g_get_monotonic_time(), next = TICK_MS;
	guint ready = 0;

	for (guint i = 0; i < z->n; i++) {
		Place *p = &z->places[i];
		const SgSlot *slot = sg_scoreboard_slot(z->board, i);
		gint64 left;

		if (p->pid == 0)
			continue;
		look(p, slot, z->looked_at, now);
		ready += p->state != SG_SLOT_STARTING;
		if (p->state == SG_SLOT_IDLE)
			continue;
		left = p->since + (p->state == SG_SLOT_STARTING ? 10 * G_USEC_PER_SEC : limit_us(z, slot)) - now;
		if (left <= 0 && !p->late) {
			p->late = TRUE;
			blame(z, p, slot, FALSE);	/* first: the client asks again at once */
			(void)kill(p->pid, SIGKILL);
		} else if (left > 0)
			next = MIN(next, left / 1000 + 1);
	}
	z->looked_at = now;
	if (ready == z->n)
		sg_trouble_off(z->setup->trouble, SG_TROUBLE_START);
	return (int)next;
}

/* Idle workers wait in accept4(); the signal only wakes them, the flag makes
 * them leave.  Told again and again: one may have been on its way into it. */
static guint
ask_to_leave(Zygote *z)
{
	guint alive = 0;

	for (guint i = 0; i < z->n; i++) {
		if (z->places[i].pid == 0)
			continue;
		alive++;
		g_atomic_int_set(&sg_scoreboard_slot(z->board, i)->leave, TRUE);
		(void)kill(z->places[i].pid, SIGTERM);
	}
	return alive;
}

static void
tell_ready(Zygote *z)
{
	for (guint i = 0; i < z->n; i++)
		if (z->places[i].pid == 0 || z->places[i].state == SG_SLOT_STARTING)
			return;
	z->ready = TRUE;
	tell_keeper(z, sg_ruleset_hash(z->rules), "");
	(void)close(z->setup->ready_fd);
}

static gboolean
loop(Zygote *z, GError **error)
{
	for (;;) {
		struct pollfd p = { z->signals, POLLIN, 0 };
		int tick;

		if (!z->draining)
			start_missing(z);
		sg_pictures_tick(z->pictures);
		tick = watch(z);
		if (!z->ready)
			tell_ready(z);
		if (!z->ready && z->failures >= SETUP_TRIES) {
			g_set_error(error, SG_ERR, SG_ERR_SETUP, "workers cannot start; see the lines above");
			return FALSE;
		}
		if (z->draining && ask_to_leave(z) == 0)
			return TRUE;
		(void)poll(&p, 1, z->draining ? DRAIN_TICK_MS : z->ready ? tick : 2);
		for (int s; (s = sg_daemon_next_signal(z->signals)) != 0;)
			z->draining = z->draining || s == SIGTERM;
		reap(z);
	}
}

gboolean
sg_zygote_run(const SgZygoteSetup *setup, GError **error)
{
	guint small = cores(setup->options), bulk = (guint)setup->options->scan.bulk_workers;
	g_autofree Place *places = g_new0(Place, small + bulk);
	g_autofree char *doors = sg_sandbox_describe();
	Zygote z = { .setup = setup, .places = places, .n = small + bulk, .signals = -1 };
	gboolean ok = FALSE;

	for (guint i = 0; i < z.n; i++)
		places[i].lane = i < small ? SG_LANE_SMALL : SG_LANE_BULK;
	z.signals = sg_daemon_signals(error, SIGTERM, SIGCHLD, 0);
	if (z.signals != -1 && load(&z, error)) {
		g_autofree char *n = g_strdup_printf("%u+%u", small, bulk);
		g_autofree char *size = g_strdup_printf("%u", sg_ruleset_size(z.rules));
		g_autofree char *pupils = g_strdup_printf("%u", z.roster != NULL ? sg_roster_pupils(z.roster) : 0);
		g_autofree char *known = g_strdup_printf("%u", z.virus != NULL ? sg_virus_count(z.virus) : 0);

		if (strcmp(setup->options->scan.sandbox, "log") == 0)
			setup->log(SG_LOG_WARN, "sandbox-open", "now", "forbidden calls are reported, but "
			    "pass; set scan.sandbox back to kill soon", NULL);
		setup->log(SG_LOG_NOTICE, "zygote", "rules", size, "roster", pupils, "signatures", known, "workers", n, "sandbox",
		    setup->options->scan.sandbox, "doors", doors, NULL);
		ok = loop(&z, error);
	}
	sg_fd_done(&z.signals);
	sg_pictures_stop(z.pictures);
	sg_scoreboard_free(z.board);
	sg_sandbox_filter_free(z.filter);
	g_clear_pointer(&z.match, sg_match_free);
	g_clear_pointer(&z.roster, sg_roster_unref);
	g_clear_pointer(&z.virus, sg_virus_free);
	g_clear_pointer(&z.rules, sg_ruleset_unref);
	return ok;
}
