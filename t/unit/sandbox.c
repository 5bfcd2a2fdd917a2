/* fails-if: a locked-in process can open, connect, execute, fork, trace, signal or outgrow its limits */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/sandbox.h"
#include "base/sealed.h"

#define DENIED	 40	/* exit codes of a child: refused with an errno, */
#define ALLOWED	 41	/* done,					 */
#define NO_ENTRY 42	/* could not lock itself in			 */

static int memfd;	/* made before the lock-down, as a client's would be */

static int
end(glong r)
{
	return r == -1 ? DENIED : ALLOWED;
}

static int do_open(void) { return end(open("/etc/passwd", O_RDONLY)); }
static int do_create(void) { return end(open("/tmp/sg-sandbox-test", O_CREAT | O_WRONLY, 0600)); }
static int do_self(void) { return end(open("/proc/self/maps", O_RDONLY)); }
static int do_socket(void) { return end(socket(AF_INET, SOCK_STREAM, 0)); }
static int do_unix(void) { return end(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int do_fork(void) { return end(fork()); }
static int do_ptrace(void) { return end(ptrace(PTRACE_TRACEME, 0, NULL, NULL)); }
static int do_kill(void) { return end(kill(getppid(), 0)); }
static int do_tgkill(void) { return end(syscall(SYS_tgkill, getppid(), getppid(), 0)); }
static int do_memfd(void) { return end(memfd_create("x", 0)); }
static int do_setuid(void) { return end(setuid(0)); }
static int do_limit(void) { return end(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }
static int do_uring(void) { return end(syscall(425, 8, NULL)); }

static int
do_exec(void)
{
	char name[] = "true", *const argv[] = { name, NULL };

	return end(execve("/bin/true", argv, NULL));
}

static int
do_code(void)
{
	return end(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
}

static int
do_make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return end(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

/* An empty path is asked for, but any is taken: what files there are is none of its business. */
static int
do_stat(void)
{
	struct stat st;

	return end(fstatat(AT_FDCWD, "/etc/passwd", &st, AT_EMPTY_PATH));
}

static int
do_abort(void)
{
	(void)signal(SIGABRT, SIG_DFL);
	abort();
}

static int
do_fill(void)
{
	static char block[1 << 16];

	for (int i = 0; i < 64; i++)
		if (write(memfd, block, sizeof block) == -1)
			return DENIED;
	return ALLOWED;
}

static int
do_grow(void)
{
	for (int i = 0; i < 256; i++) {
		char *p = malloc(1 << 20);

		if (p == NULL)
			return DENIED;
		memset(p, 1, 1 << 20);
	}
	return ALLOWED;
}

static int
do_dup(void)
{
	for (int i = 0; i < 100; i++)
		if (dup(1) == -1)
			return DENIED;
	return ALLOWED;
}

static int
compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* what an honest worker does all day */
static int
do_work(void)
{
	int *numbers = g_new0(int, 100000);
	struct pollfd p = { memfd, POLLIN, 0 };
	int fd = dup(memfd);

	qsort(numbers, 100000, sizeof *numbers, compare);
	g_free(numbers);
	g_free(g_strdup_printf("%d %" G_GINT64_FORMAT, (int)getpid(), g_get_real_time()));
	g_free(g_uuid_string_random());
	g_log("test", G_LOG_LEVEL_MESSAGE, "a library that speaks");
	if (poll(&p, 1, 1) == -1 || fd == -1 || write(fd, "x", 1) != 1 || fcntl(fd, F_GET_SEALS) == -1)
		return DENIED;
	return sg_sealed_take(fd, 100, NULL) == NULL ? ALLOWED : DENIED;	/* it is not sealed */
}

static int
status_of(int (*what)(void), gboolean log)
{
	SgSandboxFilter *filter = sg_sandbox_filter_new(SG_SANDBOX_READER, log, NULL);
	SgSandbox box = { .filter = filter, .parent = getpid(), .memory = 64u << 20,
		.file_size = 1u << 20, .files = 16 };
	pid_t pid;
	int status;

	g_assert_true(sg_sandbox_nobody(&box.uid, &box.gid, NULL));
	pid = fork();
	if (pid == 0)
		_exit(sg_sandbox_enter(&box, NULL) ? what() : NO_ENTRY);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	sg_sandbox_filter_free(filter);
	return status;
}

static void
each_call(void)
{
	static const struct {
		const char *what;
		int (*run)(void);
		int exit, signal;	/* signal 0: exit code */
	} cases[] = {
		{ "open", do_open, DENIED, 0 },		{ "create", do_create, DENIED, 0 },
		{ "its own /proc", do_self, DENIED, 0 }, { "socket", do_socket, 0, SIGSYS },
		{ "unix socket", do_unix, 0, SIGSYS },	{ "execve", do_exec, 0, SIGSYS },
		{ "fork", do_fork, 0, SIGSYS },		{ "ptrace", do_ptrace, 0, SIGSYS },
		{ "kill", do_kill, 0, SIGSYS },		{ "tgkill of another", do_tgkill, 0, SIGSYS },
		{ "memfd_create", do_memfd, 0, SIGSYS }, { "setuid", do_setuid, 0, SIGSYS },
		{ "dumpable again", do_limit, 0, SIGSYS }, { "io_uring", do_uring, 0, SIGSYS },
		{ "executable memory", do_code, 0, SIGSYS },
		{ "memory made executable", do_make_code, 0, SIGSYS },
		{ "facts about a file", do_stat, DENIED, 0 },
		{ "abort shows as abort", do_abort, 0, SIGABRT },
		{ "large file", do_fill, 0, SIGXFSZ },	{ "descriptors", do_dup, DENIED, 0 },
		{ "honest work", do_work, ALLOWED, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		int status = status_of(cases[i].run, FALSE);

		g_assert_cmpint(ftruncate(memfd, 0) + (int)lseek(memfd, 0, SEEK_SET), ==, 0);
		g_test_message("%s: status %d", cases[i].what, status);
		if (cases[i].signal != 0)
			g_assert_cmpint(WIFSIGNALED(status) ? WTERMSIG(status) : 0, ==, cases[i].signal);
		else
			g_assert_cmpint(WIFEXITED(status) ? WEXITSTATUS(status) : -1, ==, cases[i].exit);
	}
}

static void
memory_ends(void)
{
	g_autofree char *doors = sg_sandbox_describe();
	int status;

	if (strstr(doors, "asan") != NULL) {
		g_test_skip("no memory limit in a build with the address sanitizer");
		return;
	}
	status = status_of(do_grow, FALSE);
	g_assert_cmpint(WIFEXITED(status) ? WEXITSTATUS(status) : -1, ==, DENIED);
}

/* "log" reports and lets pass, for finding out what a new library needs */
static void
log_lets_pass(void)
{
	int status = status_of(do_socket, TRUE);

	g_assert_cmpint(WIFEXITED(status) ? WEXITSTATUS(status) : -1, ==, ALLOWED);
}

static void
orphan_does_not_enter(void)
{
	SgSandboxFilter *filter = sg_sandbox_filter_new(SG_SANDBOX_READER, FALSE, NULL);
	const SgSandbox box = { .filter = filter, .parent = getpid() - 1, .memory = 64u << 20,
		.file_size = 1, .files = 16 };
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(sg_sandbox_enter(&box, NULL) ? ALLOWED : NO_ENTRY);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(WEXITSTATUS(status), ==, NO_ENTRY);
	sg_sandbox_filter_free(filter);
}

/* its parent is killed: the locked-in one goes too (the pipe ends) */
static void
dies_with_parent(void)
{
	int p[2], status;
	pid_t parent;
	struct pollfd end_of_pipe;
	char byte;

	g_assert_cmpint(pipe(p), ==, 0);
	parent = fork();
	if (parent == 0) {
		SgSandbox box = { .filter = sg_sandbox_filter_new(SG_SANDBOX_READER, FALSE, NULL),
			.parent = getpid(), .memory = 64u << 20, .file_size = 1u << 20, .files = 16 };

		if (!sg_sandbox_nobody(&box.uid, &box.gid, NULL) || fork() == 0) {
			if (!sg_sandbox_enter(&box, NULL) || write(p[1], "x", 1) != 1)
				_exit(NO_ENTRY);
			for (;;)
				g_usleep(1000);
		}
		close(p[1]);
		for (;;)
			pause();
	}
	close(p[1]);
	g_assert_cmpint(read(p[0], &byte, 1), ==, 1);
	kill(parent, SIGKILL);
	waitpid(parent, &status, 0);
	end_of_pipe = (struct pollfd){ p[0], POLLIN, 0 };
	g_assert_cmpint(poll(&end_of_pipe, 1, 2000), ==, 1);
	g_assert_cmpint(read(p[0], &byte, 1), ==, 0);
	close(p[0]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	memfd = memfd_create("t", MFD_ALLOW_SEALING);
	g_test_add_func("/sandbox/each-call", each_call);
	g_test_add_func("/sandbox/memory-ends", memory_ends);
	g_test_add_func("/sandbox/log-lets-pass", log_lets_pass);
	g_test_add_func("/sandbox/orphan-does-not-enter", orphan_does_not_enter);
	g_test_add_func("/sandbox/dies-with-parent", dies_with_parent);
	return g_test_run();
}
