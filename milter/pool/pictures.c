#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/daemon.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/seqpacket.h"
#include "pool/pictures.h"

#define NAME	   "schoolgate-ocr"
#define READY_MS   30000
#define PAUSE_US   (500 * 1000)
#define EXIT_START 4

struct SgPictures {
	char  *path, *language;
	guint  n;
	int  (*pairs)[2];	/* worker's end, schoolgate-ocr's end */
	pid_t  pid;		/* 0: none */
	gint64 again;		/* monotonic: when to start it */
};

/* Beside the program that we are, or where programs are installed. */
static char *
find_program(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = self != NULL ? g_path_get_dirname(self) : g_strdup("/");
	char *path = g_build_filename(dir, NAME, NULL);

	if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
		return path;
	g_free(path);
	return g_strdup(SG_SBINDIR "/" NAME);
}

/* In the new process: its ends become 3, 4, 5 ... and nothing else is left to it. */
static int
be_reader(gpointer data)
{
	const SgPictures *p = data;
	g_autofree char *n = g_strdup_printf("%u", p->n), *parent = g_strdup_printf("%d", (int)getppid());
	char *const argv[] = { (char *)(guintptr)NAME, n, parent, p->language, NULL };
	/* one thread: more of them take three times the processor */
	char *const env[] = { (char *)(guintptr)"OMP_THREAD_LIMIT=1", (char *)(guintptr)"LC_ALL=C", NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), first = (int)p->n + 3;

	sg_daemon_default_signals();
	if (null == -1 || dup2(null, 0) == -1 || dup2(null, 1) == -1)
		return EXIT_START;
	for (guint i = 0; i < p->n; i++)	/* first out of the way */
		if ((p->pairs[i][1] = fcntl(p->pairs[i][1], F_DUPFD_CLOEXEC, first)) == -1)
			return EXIT_START;
	for (guint i = 0; i < p->n; i++)
		if (dup2(p->pairs[i][1], (int)i + 3) == -1)
			return EXIT_START;
	if (close_range((guint)first, ~0u, 0) == -1)
		return EXIT_START;
	(void)execve(p->path, argv, env);
	return EXIT_START;
}

static void
start(SgPictures *p)
{
	p->again = 0;
	p->pid = sg_daemon_fork(be_reader, p);
	if (p->pid != -1)
		return;
	p->pid = 0;
	p->again = g_get_monotonic_time() + PAUSE_US;
}

/* It says so on every socket; the first one is enough. */
static gboolean
wait_ready(SgPictures *p)
{
	g_autofree SgSeqIn *in = g_new0(SgSeqIn, 1);
	gint64 end = g_get_monotonic_time() + (gint64)READY_MS * 1000;

	while (g_get_monotonic_time() < end) {
		if (sg_seq_get(p->pairs[0][0], in, NULL) == SG_SEQ_GOT) {
			sg_seq_clear(in);
			return TRUE;
		}
		if (waitpid(p->pid, NULL, WNOHANG) == p->pid) {
			p->pid = 0;
			return FALSE;
		}
		(void)sg_seq_wait(p->pairs[0][0], POLLIN, g_get_monotonic_time() + 50 * 1000);
	}
	return FALSE;
}

SgPictures *
sg_pictures_start(const SgOptions *o, guint places, GError **error)
{
	SgPictures *p = g_new0(SgPictures, 1);

	p->path = find_program();
	p->language = g_strdup(o->scan.ocr_language);
	p->pairs = g_malloc0_n(places, sizeof *p->pairs);
	for (; p->n < places; p->n++)
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, p->pairs[p->n]) == -1)
			break;
	if (p->n == places) {
		start(p);
		if (p->pid > 0 && wait_ready(p))
			return p;
	}
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "scan.ocr is on, and %s cannot be started with the language "
	    "\"%s\"; install it and tesseract's data, or set scan.ocr = false", p->path, p->language);
	sg_pictures_stop(p);
	return NULL;
}

void
sg_pictures_stop(SgPictures *p)
{
	if (p == NULL)
		return;
	if (p->pid > 0)
		(void)kill(p->pid, SIGKILL);
	for (guint i = 0; i < p->n; i++) {
		sg_fd_done(&p->pairs[i][0]);
		sg_fd_done(&p->pairs[i][1]);
	}
	g_free(p->pairs);
	g_free(p->path);
	g_free(p->language);
	g_free(p);
}

int
sg_pictures_socket(const SgPictures *p, guint place)
{
	return p->pairs[place][0];
}

gboolean
sg_pictures_gone(SgPictures *p, pid_t pid)
{
	if (p == NULL || pid != p->pid)
		return FALSE;
	p->pid = 0;
	p->again = g_get_monotonic_time() + PAUSE_US;
	return TRUE;
}

void
sg_pictures_tick(SgPictures *p)
{
	if (p != NULL && p->pid == 0 && g_get_monotonic_time() >= p->again)
		start(p);
}
