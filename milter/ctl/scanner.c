#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/err.h"
#include "base/fd.h"
#include "ctl/scanner.h"

#define START_MS 120000	/* thousands of rules without a cache take a while */

static gboolean
answers(const char *path)
{
	sg_autofd fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (fd == -1 || g_strlcpy(a.sun_path, path, sizeof a.sun_path) >= sizeof a.sun_path)
		return FALSE;
	return connect(fd, (const struct sockaddr *)&a, sizeof a) == 0;
}

/* A libconfig string. */
static void
put_string(GString *s, const char *value)
{
	g_string_append_c(s, '"');
	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(s, '\\');
		if ((guchar)*p >= 0x20)
			g_string_append_c(s, *p);
	}
	g_string_append_c(s, '"');
}

static void
put_list(GString *s, char *const *list, const char *absolute)
{
	g_string_append(s, "[");
	for (; list != NULL && *list != NULL; list++) {
		g_autofree char *path =
		    absolute != NULL ? g_canonicalize_filename(*list, absolute) : g_strdup(*list);

		put_string(s, path);
		if (list[1] != NULL)
			g_string_append(s, ", ");
	}
	g_string_append(s, "];\n");
}

/* The numbers of the section "scan" as they are; its places are our own. */
static void
put_scan(GString *s, const SgOptions *base, const char *dir, guint workers)
{
	g_autofree char *text = base != NULL ? sg_options_show(base) : NULL;
	g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

	g_string_append(s, "scan: {\n");
	for (char **l = lines; *l != NULL; l++)
		if (g_str_has_prefix(*l, "scan.") && strchr(*l, '"') == NULL &&
		    !g_str_has_prefix(*l, "scan.workers") &&
		    !g_str_has_prefix(*l, "scan.bulk_workers"))
			g_string_append_printf(s, "  %s;\n", *l + 5);
	g_string_append_printf(s,
	    "  workers = %u;\n  bulk_workers = 1;\n  listen = \"%s/scan.sock\";\n  cache = ",
	    MAX(workers, 1u), dir);
	put_string(s, base != NULL ? base->scan.cache : dir);
	g_string_append(s, ";\n  signatures = ");
	put_string(s, base != NULL ? base->scan.signatures : "auto");
	g_string_append(s, ";\n  ocr_language = ");
	put_string(s, base != NULL ? base->scan.ocr_language : "eng");
	g_string_append(s, ";\n};\n");
}

static char *
make_config(const SgScannerAsk *ask, const char *dir, GError **error)
{
	g_autoptr(GString) s =
	    g_string_new("# made by schoolgatectl scan\nschool: { name = \"scan\"; domains = ");
	g_autofree char *file = g_build_filename(dir, "schoolgate.conf", NULL);
	g_autofree char *here = g_get_current_dir();
	char *domain[] = { g_strdup(ask->domain != NULL ? ask->domain : "localhost"), NULL };
	const SgOptions *b = ask->base;
	g_autofree char *policy =
	    ask->policy != NULL ? g_canonicalize_filename(ask->policy, NULL) : NULL;

	put_list(s, b != NULL ? b->school.domains : domain, NULL);
	g_string_append(s, "};\ncourier: { from = \"schoolgate@localhost\"; };\nrules = ");
	put_list(s, ask->rules != NULL ? (char *const *)(gsize)ask->rules : b->files.rules, here);
	g_string_append(s, "policy = ");
	put_string(s, policy != NULL ? policy : b->files.policy);
	if (b != NULL && b->files.people[0] != '\0') {
		g_string_append(s, ";\npeople = ");
		put_string(s, b->files.people);
	}
	g_string_append(s, ";\nroster = ");
	put_string(s, b != NULL ? b->files.roster : "");
	g_string_append(s, ";\n");
	if (b != NULL)
		g_string_append_printf(s, "milter: { max_size = %d; };\n", (int)b->milter.max_size);
	put_scan(s, b, dir, ask->workers);
	g_free(domain[0]);
	if (!g_file_set_contents(file, s->str, (gssize)s->len, error))
		return NULL;
	return g_steal_pointer(&file);
}

static char *
find_program(const SgCtl *c)
{
	const char *named = g_getenv("SCHOOLGATE_SCAN");
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self != NULL ? self : c->self);
	g_autofree char *beside = g_build_filename(dir, "schoolgate-scan", NULL);

	if (named != NULL)
		return g_strdup(named);
	if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
		return g_steal_pointer(&beside);
	return g_strdup(SG_SBINDIR "/schoolgate-scan");
}

/* Ends with us, however we end; its remarks go nowhere unless -v. */
static void
in_child(gpointer data)
{
	(void)data;
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)setpgid(0, 0);
}

static gboolean
start(const SgCtl *c, SgScanner *s, const char *config, GError **error)
{
	g_autofree char *program = find_program(c);
	char *argv[] = { program, g_strdup("--config"), g_strdup(config), NULL };
	GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL;
	g_autoptr(GError) why = NULL;
	gboolean ok;

	if (!sg_ctl_has(c, "verbose"))
		flags |= G_SPAWN_STDERR_TO_DEV_NULL;
	ok = g_spawn_async(NULL, argv, NULL, flags, in_child, NULL, &s->child, &why);
	g_free(argv[1]);
	g_free(argv[2]);
	if (!ok)
		g_set_error(
		    error, SG_ERR, SG_ERR_LATER, "the scanner was not started: %s", why->message);
	return ok;
}

static gboolean
wait_ready(const SgCtl *c, SgScanner *s, GError **error)
{
	gint64 end = g_get_monotonic_time() + START_MS * 1000;
	int status;

	while (!answers(s->options->scan.listen)) {
		if (waitpid(s->child, &status, WNOHANG) == s->child) {
			s->child = 0;
			g_set_error_literal(error, SG_ERR, SG_ERR_LATER,
			    "the scanner stopped while starting; "
			    "\"schoolgatectl rules check\" says what is wrong with rules, -v shows "
			    "its own words");
			return FALSE;
		}
		if (c->interrupted() || g_get_monotonic_time() > end) {
			g_set_error_literal(
			    error, SG_ERR, SG_ERR_LATER, "the scanner did not come up");
			return FALSE;
		}
		g_usleep(10000);
	}
	return TRUE;
}

SgScanner *
sg_scanner_open(const SgCtl *c, const SgScannerAsk *ask, GError **error)
{
	g_autoptr(SgScanner) s = g_new0(SgScanner, 1);
	g_autofree char *config = NULL;

	if (!ask->own && ask->base != NULL && answers(ask->base->scan.listen)) {
		s->options = sg_options_ref(ask->base);
		return g_steal_pointer(&s);
	}
	s->dir = g_dir_make_tmp("schoolgate-scan-XXXXXX", error);
	config = s->dir != NULL ? make_config(ask, s->dir, error) : NULL;
	if (config == NULL)
		return NULL;
	s->options = sg_options_load(config, NULL, error);
	if (s->options == NULL || !start(c, s, config, error) || !wait_ready(c, s, error))
		return NULL;
	return g_steal_pointer(&s);
}

static void
remove_dir(const char *dir)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	const char *name;

	while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
		g_autofree char *path = g_build_filename(dir, name, NULL);

		(void)g_unlink(path);
	}
	(void)g_rmdir(dir);
}

void
sg_scanner_close(SgScanner *s)
{
	if (s == NULL)
		return;
	if (s->child != 0) {
		(void)kill(s->child, SIGTERM);
		(void)kill(s->child, SIGTERM);	/* the second: at once */
		(void)waitpid(s->child, NULL, 0);
	}
	if (s->dir != NULL)
		remove_dir(s->dir);
	sg_options_unref(s->options);
	g_free(s->dir);
	g_free(s);
}
