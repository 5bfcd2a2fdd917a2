#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/daemon.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/listen.h"
#include "pool/keeper.h"
#include "roster/roster.h"

#define PAUSE_LEAST_MS 250
#define PAUSE_MOST_MS  30000
#define DAY	       86400
#define EXIT_SETUP     2	/* of a zygote that is not to be tried again */

typedef struct {
	pid_t pid;	/* 0: none */
	int   ready;	/* end of a pipe, or -1 once it has spoken */
} Child;

typedef struct {
	SgOptions *options;
	SgLogFunc  log;
	SgBlames  *blames;
	SgListen   lanes[SG_LANES];
	int	   signals;
	SgTrouble *trouble;
	Child	   now, next;	/* next: being made ready by a reload or after a death */
	guint	   old;		/* zygotes that finish what they have in hand */
	guint	   deaths;	/* in a row */
	gint64	   retry_at;	/* monotonic; 0: nothing to retry */
	gboolean   stopping, test_hook, started;
	gboolean   again;	/* SIGHUP came while a reload was under way */
	SgReady	   said;	/* by the zygote in use; before that, as the settings are */
	SgSignatures seen;	/* at the last look */
	guint64	   tried;	/* stamp of those that could not be loaded */
	char	   why_not[SG_TROUBLE_WHY + 1], told[SG_TROUBLE_WHY + 1];
	gint64	   look_at;	/* monotonic */
	const char *roster_dir;
	guint64	   roster;	/* stamp of the one in use, or of one that cannot be used */
} Keeper;

typedef struct {
	Keeper *k;
	int	ready[2];
	pid_t	keeper;
} Birth;

/* In the new process.  A reload reads the settings here, so that a wrong one
 * is told by the child and changes nothing. */
static int
be_zygote(gpointer data)
{
	const Birth *birth = data;
	Keeper *k = birth->k;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(SgOptions) options = sg_options_load(k->options->file, problems, &error);
	SgZygoteSetup setup = { .options = options, .blames = k->blames, .ready_fd = birth->ready[1],
		.need_signatures = k->said.signatures.files > 0, .test_hook = k->test_hook, .trouble = k->trouble,
		.log = k->log };

	(void)close(birth->ready[0]);
	(void)close(k->signals);
	sg_daemon_default_signals();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != birth->keeper)
		return EXIT_SETUP;
	for (guint i = 0; options == NULL && i < problems->len; i++)
		k->log(SG_LOG_ERROR, "config", "problem", (char *)g_ptr_array_index(problems, i), NULL);
	if (options == NULL)
		return EXIT_SETUP;
	if (strcmp(options->scan.listen, k->options->scan.listen) != 0)
		k->log(SG_LOG_WARN, "config", "problem", "scan.listen has changed; restart to use it", NULL);
	for (guint i = 0; i < SG_LANES; i++)
		setup.listeners[i] = k->lanes[i].fd;
	if (sg_zygote_run(&setup, &error))
		return 0;
	k->log(SG_LOG_ERROR, "zygote.failed", "why", error->message, NULL);
	return g_error_matches(error, SG_ERR, SG_ERR_SETUP) ? EXIT_SETUP : 1;
}

static void
retry_later(Keeper *k)
{
	gint64 pause = MIN((gint64)PAUSE_LEAST_MS << MIN(k->deaths, 8u), PAUSE_MOST_MS);

	k->deaths++;
	k->retry_at = g_get_monotonic_time() + pause * 1000;
}

static void
start_next(Keeper *k)
{
	Birth b = { k, { -1, -1 }, getpid() };

	k->retry_at = 0;
	if (pipe2(b.ready, O_CLOEXEC) == -1 || (k->next.pid = sg_daemon_fork(be_zygote, &b)) == -1) {
		k->log(SG_LOG_WARN, "zygote.nofork", "why", g_strerror(errno), NULL);
		sg_fd_done(&b.ready[0]);
		sg_fd_done(&b.ready[1]);
		k->next = (Child){ 0, -1 };
		retry_later(k);
		return;
	}
	(void)close(b.ready[1]);
	k->next.ready = b.ready[0];
}

/* A reload was asked for while another was under way: its settings are newer. */
static void
reload_again(Keeper *k)
{
	if (!k->again)
		return;
	k->again = FALSE;
	start_next(k);
}

/* New ones that cannot be used count for more than old ones.  Told when it is news. */
static void
tell_of_signatures(Keeper *k)
{
	const SgSignatures *s = &k->said.signatures;
	gint64 most = k->said.age_alarm * DAY, age = sg_clock_now() - s->made;
	g_autofree char *why = g_strdup(k->why_not);

	if (why[0] == '\0' && s->files > 0 && most > 0 && age > most) {
		g_free(why);
		why = g_strdup_printf("they are %" G_GINT64_FORMAT " days old", age / DAY);
	}
	if (strcmp(why, k->told) == 0)
		return;
	g_strlcpy(k->told, why, sizeof k->told);
	if (why[0] == '\0') {
		k->log(SG_LOG_NOTICE, "signatures.well", NULL, NULL);
		sg_trouble_off(k->trouble, SG_TROUBLE_MALWARE);
		return;
	}
	k->log(SG_LOG_WARN, "signatures.alarm", "why", why, NULL);
	sg_trouble_on(k->trouble, SG_TROUBLE_MALWARE, why);
}

/* The new zygote's workers wait: the old one's may go. */
static void
take_over(Keeper *k)
{
	SgReady said;
	gssize n = read(k->next.ready, &said, sizeof said);

	sg_fd_done(&k->next.ready);
	if (n != sizeof said)
		return;		/* it failed; its end comes as SIGCHLD */
	if (said.rules[0] == '\0') {
		g_strlcpy(k->why_not, said.why, sizeof k->why_not);
		k->tried = k->seen.stamp;
		tell_of_signatures(k);
		return;
	}
	k->said = said;
	k->why_not[0] = '\0';
	tell_of_signatures(k);
	if (k->now.pid != 0) {
		(void)kill(k->now.pid, SIGTERM);
		k->old++;
	}
	k->now = k->next;
	k->next = (Child){ 0, -1 };
	k->deaths = 0;
	k->retry_at = 0;
	k->started = TRUE;
	k->log(SG_LOG_NOTICE, "ready", "rules", said.rules, NULL);
	sg_trouble_off(k->trouble, SG_TROUBLE_RELOAD);
	sg_daemon_tell("READY=1");
	reload_again(k);
}

/* TRUE: go on.  FALSE: the first zygote ever could not be made ready. */
static gboolean
next_died(Keeper *k, int status)
{
	gboolean hopeless = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SETUP;

	sg_fd_done(&k->next.ready);
	k->next.pid = 0;
	if (k->stopping)
		return TRUE;
	if (k->now.pid == 0 && !k->started && hopeless)
		return FALSE;
	if (k->now.pid == 0) {
		retry_later(k);
		return TRUE;
	}
	k->log(SG_LOG_ERROR, "reload.failed", "now", "the rules and settings of before stay in use", NULL);
	sg_trouble_on(k->trouble, SG_TROUBLE_RELOAD, "see the log of schoolgate-scan");
	sg_daemon_tell("READY=1");
	reload_again(k);
	return TRUE;
}

static void
now_died(Keeper *k)
{
	k->now.pid = 0;
	if (k->stopping)
		return;
	k->log(SG_LOG_ERROR, "zygote.lost", "now", "another one is started", NULL);
	sg_trouble_on(k->trouble, SG_TROUBLE_START, "the process that keeps the workers was lost");
	if (k->next.pid == 0)
		retry_later(k);
}

static gboolean
reap(Keeper *k, GError **error)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (WIFSTOPPED(status))
			(void)kill(pid, SIGKILL);	/* it would look after no worker any more */
		else if (pid == k->now.pid)
			now_died(k);
		else if (pid != k->next.pid)
			k->old -= k->old > 0;
		else if (!next_died(k, status)) {
			g_set_error(error, SG_ERR, SG_ERR_SETUP, "the scanner cannot start; see the lines above");
			return FALSE;
		}
	}
	return TRUE;
}

static void
stop(Keeper *k)
{
	int how = k->stopping ? SIGKILL : SIGTERM;	/* workers die with their zygote */

	if (!k->stopping)
		sg_daemon_tell("STOPPING=1");
	else
		k->old = 0;	/* not waited for: they die with us */
	k->stopping = TRUE;
	k->retry_at = 0;
	for (guint i = 0; i < SG_LANES; i++)
		sg_listen_close(&k->lanes[i]);
	if (k->now.pid != 0)
		(void)kill(k->now.pid, how);
	if (k->next.pid != 0)
		(void)kill(k->next.pid, SIGKILL);
}

static void
reload(Keeper *k)
{
	if (k->stopping)
		return;
	sg_daemon_tell("RELOADING=1");
	if (k->next.pid != 0)
		k->again = TRUE;
	else
		start_next(k);
}

/*
 * Have the signatures changed?  They are put in place one after the other: only what has not
 * moved between two looks is loaded.  What could not be loaded is not tried again until it
 * has changed; also back to those in use, which then ends the alarm.
 */
static void
look_at_signatures(Keeper *k)
{
	g_autofree char *dir = sg_signatures_dir(k->said.setting);
	SgSignatures now;
	gboolean news;

	k->look_at = g_get_monotonic_time() + (gint64)k->said.check * G_USEC_PER_SEC;
	sg_signatures_look(dir, &now);
	news = now.stamp != k->tried && (now.stamp != k->said.signatures.stamp || k->why_not[0] != '\0');
	if (news && now.stamp == k->seen.stamp && strcmp(k->said.setting, "off") != 0 && k->now.pid != 0 &&
	    k->next.pid == 0 && !k->stopping) {
		k->log(SG_LOG_NOTICE, "signatures", "now", "others than those in use: they are loaded", NULL);
		k->tried = now.stamp;
		reload(k);
	}
	k->seen = now;
	tell_of_signatures(k);
}

/* It is put in place whole, so one look is enough.  The new zygote reads the one that is
 * there by then: a stamp too old only means one reload more. */
static void
look_at_roster(Keeper *k)
{
	guint64 now = sg_roster_stamp(k->roster_dir);

	if (now == k->roster || k->now.pid == 0 || k->next.pid != 0 || k->stopping)
		return;
	k->log(SG_LOG_NOTICE, "roster", "now", now != 0 ? "another than the one in use: it is loaded" :
	    "removed", NULL);
	k->roster = now;
	reload(k);
}

static int
until_next(const Keeper *k)
{
	gint64 at = k->retry_at != 0 ? MIN(k->retry_at, k->look_at) : k->look_at;

	return (int)(MAX(at - g_get_monotonic_time(), 0) / 1000) + 1;
}

static gboolean
loop(Keeper *k, GError **error)
{
	g_strlcpy(k->said.setting, k->options->scan.signatures, sizeof k->said.setting);
	k->said.check = (guint)k->options->scan.signature_check;
	k->roster_dir = k->options->files.roster;
	k->roster = sg_roster_stamp(k->roster_dir);
	look_at_signatures(k);
	start_next(k);
	while (!k->stopping || k->now.pid != 0 || k->next.pid != 0 || k->old > 0) {
		struct pollfd p[] = { { k->signals, POLLIN, 0 }, { k->next.ready, POLLIN, 0 } };

		(void)poll(p, G_N_ELEMENTS(p), until_next(k));
		if (g_get_monotonic_time() >= k->look_at) {
			look_at_signatures(k);
			look_at_roster(k);
		}
		if (k->next.ready != -1 && p[1].revents != 0)
			take_over(k);
		for (int s; (s = sg_daemon_next_signal(k->signals)) != 0;) {
			if (s == SIGTERM || s == SIGINT)
				stop(k);
			else if (s == SIGHUP)
				reload(k);
		}
		if (!reap(k, error))
			return FALSE;
		if (!k->stopping && k->retry_at != 0 && k->next.pid == 0 &&
		    g_get_monotonic_time() >= k->retry_at)
			start_next(k);
	}
	return TRUE;
}

static gboolean
open_lanes(Keeper *k, GError **error)
{
	g_autofree char *bulk = g_strconcat(k->options->scan.listen, ".bulk", NULL);
	const char *const paths[SG_LANES] = { k->options->scan.listen, bulk };

	for (guint i = 0; i < SG_LANES; i++) {
		if (!sg_listen_unix(&k->lanes[i], paths[i], SOCK_SEQPACKET, error))
			return FALSE;
		/* systemd may hand over non-blocking ones; workers wait in accept4() */
		(void)fcntl(k->lanes[i].fd, F_SETFL, 0);
	}
	return TRUE;
}

gboolean
sg_keeper_run(SgOptions *options, SgLogFunc log, GError **error)
{
	Keeper k = { .options = options, .log = log, .signals = -1, .next = { 0, -1 }, .now = { 0, -1 },
		.test_hook = g_strcmp0(g_getenv("SCHOOLGATE_TEST_HOOK"), "1") == 0 };
	g_autoptr(GError) untold = NULL;
	gboolean ok = FALSE;

	if (k.test_hook)
		log(SG_LOG_WARN, "test-hook", "now", "messages may make workers try forbidden things", NULL);
	if (sodium_init() == -1)
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "libsodium does not work on this machine");
	else if (open_lanes(&k, error) && (k.blames = sg_blames_new(error)) != NULL &&
	    (k.signals = sg_daemon_signals(error, SIGTERM, SIGINT, SIGHUP, SIGCHLD, 0)) != -1) {
		k.trouble = sg_trouble_open(options->console.socket, "scan", &untold);
		if (k.trouble == NULL)
			log(SG_LOG_WARN, "no-alarms", "why", untold->message, NULL);
		ok = loop(&k, error);
	}
	sg_trouble_close(k.trouble);
	for (guint i = 0; i < SG_LANES; i++)
		sg_listen_close(&k.lanes[i]);
	sg_fd_done(&k.signals);
	sg_blames_free(k.blames);
	return ok;
}
