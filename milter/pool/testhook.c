#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/daemon.h"
#include "pool/testhook.h"

#define PREFIX "X-Schoolgate-Test: "

static gint64
number(const char *arg, gint64 otherwise)
{
	return arg[0] != '\0' ? g_ascii_strtoll(arg, NULL, 10) : otherwise;
}

/* Each returns 0 when the kernel let it happen, else errno. */
typedef int (*Try)(const char *arg, int out);

static int
result(glong r)
{
	return r == -1 ? errno : 0;
}

static int
try_open(const char *arg, int out)
{
	(void)out;
	return result(open(arg[0] != '\0' ? arg : "/etc/passwd", O_RDONLY));
}

static int
try_create(const char *arg, int out)
{
	(void)out;
	return result(open(arg[0] != '\0' ? arg : "/tmp/schoolgate-test-hook", O_CREAT | O_WRONLY, 0600));
}

static int
try_socket(const char *arg, int out)
{
	(void)arg, (void)out;
	return result(socket(AF_INET, SOCK_STREAM, 0));
}

static int
try_connect(const char *arg, int out)
{
	const struct sockaddr_un a = { AF_UNIX, "/run/schoolgate/store.sock" };

	(void)arg, (void)out;
	return result(connect(3, (const struct sockaddr *)&a, sizeof a));
}

static int
try_exec(const char *arg, int out)
{
	char name[] = "true", *const argv[] = { name, NULL };

	(void)arg, (void)out;
	return result(execve("/bin/true", argv, NULL));
}

static int
child_of_worker(gpointer nothing)
{
	(void)nothing;
	return 0;
}

static int
try_fork(const char *arg, int out)
{
	(void)arg, (void)out;
	return result(sg_daemon_fork(child_of_worker, NULL));
}

static int
try_ptrace(const char *arg, int out)
{
	(void)arg, (void)out;
	return result(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int
try_kill(const char *arg, int out)
{
	(void)out;
	return result(kill((pid_t)number(arg, getppid()), 0));
}

static int
try_tgkill(const char *arg, int out)
{
	pid_t other = (pid_t)number(arg, getppid());

	(void)out;
	return result(syscall(SYS_tgkill, other, other, 0));
}

/* Another worker's message: its memfd, its memory. */
static int
try_peek(const char *arg, int out)
{
	g_autofree char *path = g_strdup_printf("/proc/%s/fd/5", arg[0] != '\0' ? arg : "self");

	(void)out;
	return result(open(path, O_RDONLY));
}

static int
try_memory_of(const char *arg, int out)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)(guintptr)&try_memory_of, 1 };

	(void)out;
	return result(process_vm_readv((pid_t)number(arg, getppid()), &here, 1, &there, 1, 0));
}

static int
try_code(const char *arg, int out)
{
	(void)arg, (void)out;
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
	    ? errno : 0;
}

static int
try_crash(const char *arg, int out)
{
	volatile char *closed = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg, (void)out;
	(void)signal(SIGSEGV, SIG_DFL);	/* a sanitizer's own handler would turn it into an exit */
	closed[0] = 1;
	return 0;
}

static int
try_abort(const char *arg, int out)
{
	(void)arg, (void)out;
	(void)raise(SIGABRT);
	return 0;
}

static int
try_hang(const char *arg, int out)
{
	volatile gboolean forever = TRUE;

	(void)arg, (void)out;
	while (forever)
		;
	return 0;
}

static int
try_sleep(const char *arg, int out)
{
	(void)out;
	g_usleep((gulong)number(arg, 0) * 1000);
	return 0;
}

static int
try_memory(const char *arg, int out)
{
	guint most = (guint)number(arg, 100000);

	(void)out;
	for (guint i = 0; i < most; i++) {
		char *p = g_malloc(1u << 20);	/* aborts, as GLib does in every library of ours */

		memset(p, 1, 1u << 20);
	}
	return 0;
}

static int
try_fill(const char *arg, int out)
{
	g_autofree char *block = g_malloc0(1u << 20);

	(void)arg;
	for (guint i = 0; i < 200; i++)
		if (write(out, block, 1u << 20) == -1)
			return errno;
	return 0;
}

/* What earlier messages left: descriptors above the listener and this message's two. */
static int
try_leftovers(const char *arg, int out)
{
	(void)arg;
	for (int fd = 4; fd < 64; fd++)
		if (fd > out && fcntl(fd, F_GETFD) != -1)
			return 0;
	return ENOENT;
}

static const struct {
	const char *verb;
	Try	    run;
} verbs[] = {
	{ "open", try_open },		{ "create", try_create },   { "socket", try_socket },
	{ "connect", try_connect },	{ "exec", try_exec },	    { "fork", try_fork },
	{ "ptrace", try_ptrace },	{ "kill", try_kill },	    { "tgkill", try_tgkill },
	{ "peek", try_peek },		{ "memory-of", try_memory_of }, { "code", try_code },
	{ "crash", try_crash },		{ "abort", try_abort },	    { "hang", try_hang },
	{ "sleep", try_sleep },		{ "memory", try_memory },   { "fill", try_fill },
	{ "leftovers", try_leftovers },
};

gboolean
sg_testhook_asked(GBytes *raw)
{
	gsize n;
	const char *p = g_bytes_get_data(raw, &n);

	return n > strlen(PREFIX) && memcmp(p, PREFIX, strlen(PREFIX)) == 0;
}

SgFinding *
sg_testhook_run(GBytes *raw, int out)
{
	gsize n;
	const char *p = g_bytes_get_data(raw, &n), *verb = p + strlen(PREFIX);
	const char *end = memchr(p, '\n', MIN(n, 200u));
	g_autofree char *line = end != NULL ? g_strndup(verb, (gsize)(end - verb)) : NULL;
	g_auto(GStrv) words = g_strsplit(line != NULL ? g_strstrip(line) : "", " ", 2);
	g_autofree char *rule = g_strdup_printf("test.%s", words[0] != NULL ? words[0] : "");
	SgFinding *f = sg_finding_of_ours(rule, "there is no such verb", "system", 1);

	for (gsize i = 0; words[0] != NULL && i < G_N_ELEMENTS(verbs); i++) {
		int why;

		if (strcmp(verbs[i].verb, words[0]) != 0)
			continue;
		why = verbs[i].run(words[1] != NULL ? words[1] : "", out);
		g_free(f->title);
		f->title = why == 0 ? g_strdup("ALLOWED") : g_strdup_printf("refused: %s", strerrorname_np(why));
	}
	return f;
}
