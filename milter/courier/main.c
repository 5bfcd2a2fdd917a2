/* schoolgate-courier - the only program that sends mail: releases, alerts, notices; and chores. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>

#include <glib-unix.h>

#include "base/daemon.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "courier/chores.h"
#include "courier/outbox.h"
#include "courier/smtp.h"

typedef struct Courier {
	SgOffice   office;
	SgOutbox  *outbox;
	GMainLoop *loop;
	char	  *config, *store_url;
	gboolean   stopping;
} Courier;

/* What the options alone cannot know: can these addresses stand in a mail? */
static void
check_addresses(const SgOptions *o, GPtrArray *problems)
{
	g_autoptr(GSocketConnectable) where = g_network_address_parse_uri(o->mta.submit, 25, NULL);
	const char *bad = sg_smtp_bad_address(o->courier.from);

	if (*o->courier.from == '\0' || strchr(o->courier.from, '@') == NULL || bad != NULL)
		g_ptr_array_add(
		    problems, g_strdup_printf("%s:1: courier.from: %s; give an address such as "
					      "schoolgate@school.example",
				  o->file, bad != NULL ? bad : "it is not an address"));
	if (!g_str_has_prefix(o->mta.submit, "smtp://") || where == NULL)
		g_ptr_array_add(
		    problems, g_strdup_printf("%s:1: mta.submit: it is not smtp://host:port; "
					      "give the mail server's, such as smtp://127.0.0.1:25",
				  o->file));
}

static void
check(const SgOptions *o, GPtrArray *problems)
{
	g_autoptr(SgOptions) own = sg_options_load(o->file, NULL, NULL);
	g_autoptr(SgSetup) s = own != NULL ? sg_setup_load(own, problems, NULL) : NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(SgKeys) keys = sg_keys_load(o->keys.dir,
	    SG_KEY_VAULT_PUBLIC | SG_KEY_VAULT_SECRET | SG_KEY_AUDIT | SG_KEY_MAIL, &error);

	if (keys == NULL)
		g_ptr_array_add(
		    problems, g_strdup_printf("%s:1: keys.dir: %s", o->file, error->message));
	check_addresses(o, problems);
}

static SgSetup *
load(SgOptions *o)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgSetup) s = sg_setup_load(o, problems, NULL);

	check_addresses(o, problems);
	for (guint i = 0; i < problems->len; i++)
		sg_log(
		    strstr(problems->pdata[i], ": warning: ") != NULL ? SG_LOG_WARN : SG_LOG_ERROR,
		    "config", "problem", problems->pdata[i], NULL);
	return s != NULL && sg_problems_errors(problems) == 0 ? g_steal_pointer(&s) : NULL;
}

/* A reload that fails changes nothing and says so. */
static void
reload(Courier *c)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgOptions) o = sg_options_load(c->config, problems, NULL);
	g_autoptr(SgSetup) s = o != NULL ? load(o) : NULL;

	for (guint i = 0; i < problems->len; i++)
		sg_log(SG_LOG_ERROR, "config", "problem", problems->pdata[i], NULL);
	if (s == NULL) {
		sg_log(SG_LOG_ERROR, "reload-refused", "now", "the settings before stay in force",
		    NULL);
		sg_trouble_on(c->office.trouble, SG_TROUBLE_RELOAD,
		    "see the log of schoolgate-courier");
		return;
	}
	if (strcmp(o->store.url, c->store_url) != 0)
		sg_log(SG_LOG_WARN, "reload", "setting", "store.url", "now",
		    "takes effect after a restart", NULL);
	sg_outbox_setup(c->outbox, s);
	sg_trouble_off(c->office.trouble, SG_TROUBLE_RELOAD);
	sg_log(SG_LOG_NOTICE, "reload", "config", o->file, NULL);
}

static void
closed(gpointer data)
{
	g_main_loop_quit(((Courier *)data)->loop);
}

/* First: finish what is in hand.  Second: at once; a message on its way then ends as unseen. */
static void
stop(Courier *c)
{
	sg_daemon_tell("STOPPING=1");
	if (c->stopping)
		g_cancellable_cancel(c->office.cancel);
	else
		sg_outbox_close(c->outbox, closed, c);
	c->stopping = TRUE;
}

static gboolean
on_signal(gint fd, GIOCondition why, gpointer data)
{
	int s;

	(void)why;
	while ((s = sg_daemon_next_signal(fd)) != 0) {
		if (s == SIGHUP)
			reload(data);
		else
			stop(data);
	}
	return G_SOURCE_CONTINUE;
}

static gboolean
on_second(gpointer data)
{
	sg_outbox_tick(((Courier *)data)->outbox);
	return G_SOURCE_CONTINUE;
}

/* Two couriers on one store would do the same work twice: our name is the host's. */
static int
lock_store(const SgOptions *o, GError **error)
{
	const char *dir =
	    g_str_has_prefix(o->store.url, "sqlite:") ? o->store.url + strlen("sqlite:") : NULL;
	g_autofree char *file = dir != NULL ? g_build_filename(dir, "courier.lock", NULL) : NULL;
	int fd = file != NULL ? open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600)
			      : open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "%s: %s; the courier must be able to write there", file, g_strerror(errno));
	else if (file != NULL && flock(fd, LOCK_EX | LOCK_NB) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_LATER, "%s: another courier is running", file);
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

static void
loop(Courier *c, int signals)
{
	guint ticks = g_timeout_add(1000, on_second, c),
	      source = g_unix_fd_add(signals, G_IO_IN, on_signal, c);
	g_autoptr(SgChores) chores = sg_chores_start(&c->office);

	sg_daemon_tell("READY=1");
	sg_outbox_tick(c->outbox);
	g_main_loop_run(c->loop);
	g_source_remove(ticks);
	g_source_remove(source);
}

static gboolean
run(SgOptions *o, GError **error)
{
	sg_autofd signals = sg_daemon_signals(error, SIGTERM, SIGINT, SIGHUP, 0);
	g_autoptr(SgSetup) setup = signals != -1 ? load(o) : NULL;
	g_autoptr(SgKeys) keys = NULL;
	g_autoptr(SgStore) store = NULL;
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Courier c = { .config = o->file, .store_url = o->store.url };
	g_autoptr(SgTrouble) trouble = NULL;
	g_autoptr(GError) untold = NULL;
	sg_autofd lock = -1;

	if (signals != -1 && setup == NULL)
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "the configuration has problems");
	if (setup == NULL)
		return FALSE;
	keys = sg_keys_load(o->keys.dir,
	    SG_KEY_VAULT_PUBLIC | SG_KEY_VAULT_SECRET | SG_KEY_AUDIT | SG_KEY_MAIL, error);
	store = keys != NULL ? sg_store_open(o, keys, error) : NULL;
	lock = store != NULL ? lock_store(o, error) : -1;
	if (lock == -1)
		return FALSE;
	trouble = sg_trouble_open(o->console.socket, "courier", &untold);
	if (trouble == NULL)
		sg_log(SG_LOG_WARN, "no-alarms", "why", untold->message, NULL);
	c.office = (SgOffice){ .store = store, .keys = keys, .trouble = trouble, .cancel = cancel };
	c.loop = g_main_loop_new(NULL, FALSE);
	c.outbox = sg_outbox_new(&c.office, setup);
	loop(&c, signals);
	sg_outbox_free(c.outbox);
	g_main_loop_unref(c.loop);
	return TRUE;
}

int
main(int argc, char **argv)
{
	static const SgProgram program = { "schoolgate-courier",
	    "Sends what the gate has to send: releases, alerts and notices.", check, run };

	return sg_daemon_main(&program, argc, argv);
}
