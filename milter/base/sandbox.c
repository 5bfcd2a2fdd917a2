#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/sandbox.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* Stands for the pid in a filter that is made before the process; no pid is so large. */
#define OWN_PID 0x7e571d00u

#define UNPACKER (1u << SG_SANDBOX_UNPACKER)
#define READER (1u << SG_SANDBOX_READER | UNPACKER)
#define PICTURES (1u << SG_SANDBOX_PICTURES)
#define ALL    ((1u << SG_SANDBOX_N) - 1)

typedef enum { ALLOW, REFUSE, ALLOW_MASKED, ALLOW_EQUAL, ALLOW_SELF } Kind;

typedef struct {
	const char *name;	/* unknown here (other processor, older library): skipped */
	guint	    profiles;
	Kind	    kind;
	guint	    arg;	/* the condition looks at this argument ... */
	guint64	    value;	/* ... or, for REFUSE, this is the errno     */
} Rule;

/* libseccomp wants at most one comparison of an argument in a rule; a call may
 * have several rules.  newfstatat and statx are what fstat() calls, but a filter
 * cannot see whether the path they are given is empty: with any other one they
 * tell of files, so lseek() must do to learn a length. */
static const Rule rules[] = {
	/* bytes of descriptors it has */
	{ "read", ALL, ALLOW, 0, 0 }, { "readv", ALL, ALLOW, 0, 0 }, { "pread64", ALL, ALLOW, 0, 0 },
	{ "write", ALL, ALLOW, 0, 0 }, { "writev", ALL, ALLOW, 0, 0 }, { "pwrite64", ALL, ALLOW, 0, 0 },
	{ "lseek", ALL, ALLOW, 0, 0 }, { "_llseek", ALL, ALLOW, 0, 0 }, { "close", ALL, ALLOW, 0, 0 },
	{ "dup", ALL, ALLOW, 0, 0 }, { "fstat", ALL, ALLOW, 0, 0 }, { "ftruncate", ALL, ALLOW, 0, 0 },
	{ "fcntl", ALL, ALLOW_EQUAL, 1, F_GETFD }, { "fcntl", ALL, ALLOW_EQUAL, 1, F_SETFD },
	{ "fcntl", ALL, ALLOW_EQUAL, 1, F_GETFL }, { "fcntl", ALL, ALLOW_EQUAL, 1, F_GET_SEALS },
	/* memory, never executable */
	{ "memfd_create", UNPACKER, ALLOW, 0, 0 },
	{ "brk", ALL, ALLOW, 0, 0 }, { "munmap", ALL, ALLOW, 0, 0 }, { "mremap", ALL, ALLOW, 0, 0 },
	{ "madvise", ALL, ALLOW, 0, 0 }, { "mmap", ALL, ALLOW_MASKED, 2, PROT_EXEC },
	{ "mmap2", ALL, ALLOW_MASKED, 2, PROT_EXEC }, { "mprotect", ALL, ALLOW_MASKED, 2, PROT_EXEC },
	{ "prctl", ALL, ALLOW_EQUAL, 0, PR_SET_VMA },
	/* time, waiting, signals to itself, facts about itself */
	{ "clock_gettime", ALL, ALLOW, 0, 0 }, { "gettimeofday", ALL, ALLOW, 0, 0 },
	{ "time", ALL, ALLOW, 0, 0 }, { "clock_nanosleep", ALL, ALLOW, 0, 0 },
	{ "nanosleep", ALL, ALLOW, 0, 0 }, { "restart_syscall", ALL, ALLOW, 0, 0 },
	{ "poll", ALL, ALLOW, 0, 0 }, { "ppoll", ALL, ALLOW, 0, 0 }, { "futex", ALL, ALLOW, 0, 0 },
	{ "sched_yield", ALL, ALLOW, 0, 0 }, { "rt_sigreturn", ALL, ALLOW, 0, 0 },
	{ "rt_sigprocmask", ALL, ALLOW, 0, 0 }, { "rt_sigaction", ALL, ALLOW, 0, 0 },
	{ "sigaltstack", ALL, ALLOW, 0, 0 }, { "tgkill", ALL, ALLOW_SELF, 0, 0 },
	{ "getpid", ALL, ALLOW, 0, 0 }, { "gettid", ALL, ALLOW, 0, 0 }, { "getppid", ALL, ALLOW, 0, 0 },
	{ "getuid", ALL, ALLOW, 0, 0 }, { "geteuid", ALL, ALLOW, 0, 0 }, { "getgid", ALL, ALLOW, 0, 0 },
	{ "getegid", ALL, ALLOW, 0, 0 }, { "getrusage", ALL, ALLOW, 0, 0 }, { "times", ALL, ALLOW, 0, 0 },
	{ "sysinfo", ALL, ALLOW, 0, 0 },	/* qsort() asks how much memory there is */
	{ "getrandom", ALL, ALLOW, 0, 0 }, { "exit", ALL, ALLOW, 0, 0 }, { "exit_group", ALL, ALLOW, 0, 0 },
	/* the one conversation */
	{ "accept4", READER, ALLOW, 0, 0 }, { "recvmsg", READER | PICTURES, ALLOW, 0, 0 },
	{ "sendmsg", READER | PICTURES, ALLOW, 0, 0 }, { "setitimer", PICTURES, ALLOW, 0, 0 },
	/* what libraries try now and then and can do without */
	{ "open", ALL, REFUSE, 0, EACCES }, { "openat", ALL, REFUSE, 0, EACCES },
	{ "openat2", ALL, REFUSE, 0, EACCES }, { "stat", ALL, REFUSE, 0, EACCES },
	{ "lstat", ALL, REFUSE, 0, EACCES }, { "access", ALL, REFUSE, 0, EACCES },
	{ "faccessat", ALL, REFUSE, 0, EACCES }, { "faccessat2", ALL, REFUSE, 0, EACCES },
	{ "readlink", ALL, REFUSE, 0, EACCES }, { "readlinkat", ALL, REFUSE, 0, EACCES },
	{ "getcwd", ALL, REFUSE, 0, EACCES }, { "mkdir", ALL, REFUSE, 0, EACCES },
	{ "unlink", ALL, REFUSE, 0, EACCES }, { "newfstatat", ALL, REFUSE, 0, EACCES },
	{ "getsockname", ALL, REFUSE, 0, ENOTSOCK },	/* g_warning(): is it the journal? */
	{ "getpeername", ALL, REFUSE, 0, ENOTSOCK },
	{ "statx", ALL, REFUSE, 0, EACCES }, { "ioctl", ALL, REFUSE, 0, ENOTTY },
};

static gboolean
failed(GError **error, const char *what, int why)
{
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "cannot lock in: %s: %s", what, g_strerror(why));
	return FALSE;
}

static int
add_rule(scmp_filter_ctx ctx, const Rule *r)
{
	int call = seccomp_syscall_resolve_name(r->name);

	if (call == __NR_SCMP_ERROR)
		return 0;
	switch (r->kind) {
	case ALLOW:
		return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 0);
	case REFUSE:
		return seccomp_rule_add(ctx, SCMP_ACT_ERRNO((guint32)r->value), call, 0);
	case ALLOW_MASKED:	/* none of these bits */
		return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 1,
		    SCMP_CMP(r->arg, SCMP_CMP_MASKED_EQ, r->value, 0));
	case ALLOW_EQUAL:
		return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 1, SCMP_CMP(r->arg, SCMP_CMP_EQ, r->value, 0));
	case ALLOW_SELF:	/* abort() sends its signal to its own process only */
		return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 1,
		    SCMP_CMP(r->arg, SCMP_CMP_EQ, OWN_PID, 0));
	}
	return -EINVAL;
}

struct SgSandboxFilter {
	gsize		    n;
	struct sock_filter *code;
};

/* From libseccomp's hands into memory; it only writes to descriptors. */
static int
export_code(scmp_filter_ctx ctx, SgSandboxFilter *f)
{
	sg_autofd fd = memfd_create("filter", MFD_CLOEXEC);
	int r = fd == -1 ? -errno : seccomp_export_bpf(ctx, fd);
	off_t size = r == 0 ? lseek(fd, 0, SEEK_END) : -1;

	if (size <= 0)
		return r != 0 ? r : -EIO;
	f->n = (gsize)size / sizeof *f->code;
	f->code = g_malloc((gsize)size);
	return pread(fd, f->code, (gsize)size, 0) == size ? 0 : -EIO;
}

SgSandboxFilter *
sg_sandbox_filter_new(SgSandboxProfile profile, gboolean log, GError **error)
{
	scmp_filter_ctx ctx = seccomp_init(log ? SCMP_ACT_LOG : SCMP_ACT_KILL_PROCESS);
	SgSandboxFilter *f = g_new0(SgSandboxFilter, 1);
	int r = ctx == NULL ? -ENOMEM : 0;

	if (r == 0)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (r == 0)	/* a tree instead of a list: half the cost of each call */
		r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (gsize i = 0; r == 0 && i < G_N_ELEMENTS(rules); i++)
		if ((rules[i].profiles & 1u << profile) != 0)
			r = add_rule(ctx, &rules[i]);
	if (r == 0)
		r = export_code(ctx, f);
	if (ctx != NULL)
		seccomp_release(ctx);
	if (r == 0)
		return f;
	sg_sandbox_filter_free(f);
	failed(error, "seccomp", -r);
	return NULL;
}

void
sg_sandbox_filter_free(SgSandboxFilter *f)
{
	if (f == NULL)
		return;
	g_free(f->code);
	g_free(f);
}

static gboolean
limit_calls(const SgSandboxFilter *f, GError **error)
{
	g_autofree struct sock_filter *code = g_memdup2(f->code, f->n * sizeof *f->code);
	const struct sock_fprog program = { (unsigned short)f->n, code };
	guint own = 0;

	for (gsize i = 0; i < f->n; i++)
		if (BPF_CLASS(code[i].code) == BPF_JMP && code[i].k == OWN_PID) {
			code[i].k = (guint32)getpid();
			own++;
		}
	if (own == 0)
		return failed(error, "seccomp filter", EINVAL);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? TRUE
	    : failed(error, "seccomp", errno);
}

/* The kernel's own layout; the header of the build machine may be older. */
typedef struct {
	guint64 fs, net, scoped;
} Attr;

static int
landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* A set without a single rule: nothing of what it handles is allowed. */
static gboolean
limit_files(GError **error)
{
	int abi = landlock_abi();
	Attr a = { 0x1fff, 0, 0 };
	gsize size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	sg_autofd set = -1;

	if (abi < 1)
		return TRUE;	/* no Landlock here: the list of calls must do */
	a.fs |= abi >= 2 ? 1u << 13 : 0;	/* REFER     */
	a.fs |= abi >= 3 ? 1u << 14 : 0;	/* TRUNCATE  */
	a.fs |= abi >= 5 ? 1u << 15 : 0;	/* IOCTL_DEV */
	a.net = abi >= 4 ? 3 : 0;		/* bind and connect TCP            */
	a.scoped = abi >= 6 ? 3 : 0;		/* abstract sockets, signals       */
	set = (int)syscall(SYS_landlock_create_ruleset, &a, size, 0);
	if (set == -1 || syscall(SYS_landlock_restrict_self, set, 0) == -1)
		return failed(error, "Landlock", errno);
	return TRUE;
}

static gboolean
limit_to(int what, guint64 most, const char *name, GError **error)
{
	struct rlimit now, l = { most, most };

	if (getrlimit((__rlimit_resource_t)what, &now) == 0 && now.rlim_max < most)
		l.rlim_cur = l.rlim_max = now.rlim_max;		/* somebody was stricter */
	return setrlimit((__rlimit_resource_t)what, &l) == 0 ? TRUE : failed(error, name, errno);
}

/* The limit counts what all workers share, so it is set on top of what there is now. */
static gboolean
limit_memory(guint64 more, GError **error)
{
	g_autofree char *text = NULL;
	guint64 now = 0;

#ifdef SG_ASAN		/* its shadow needs terabytes of address space */
	return TRUE;
#endif
	if (g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
		now = g_ascii_strtoull(text, NULL, 10) * (guint64)sysconf(_SC_PAGESIZE);
	return now > 0 ? limit_to(RLIMIT_AS, now + more, "RLIMIT_AS", error)
		       : failed(error, "/proc/self/statm", ENOENT);
}

static gboolean
limit_resources(const SgSandbox *s, GError **error)
{
	return limit_memory(s->memory, error) &&
	    limit_to(RLIMIT_CORE, 0, "RLIMIT_CORE", error) &&
	    limit_to(RLIMIT_FSIZE, s->file_size, "RLIMIT_FSIZE", error) &&
	    limit_to(RLIMIT_NOFILE, s->files, "RLIMIT_NOFILE", error) &&
	    limit_to(RLIMIT_MSGQUEUE, 0, "RLIMIT_MSGQUEUE", error) &&
	    limit_to(RLIMIT_MEMLOCK, 0, "RLIMIT_MEMLOCK", error);
}

static gboolean
change_user(const SgSandbox *s, GError **error)
{
	if (s->uid == 0)
		return TRUE;
	if (setgroups(0, NULL) == -1 || setresgid(s->gid, s->gid, s->gid) == -1 ||
	    setresuid(s->uid, s->uid, s->uid) == -1)
		return failed(error, "change of user", errno);
	return TRUE;
}

gboolean
sg_sandbox_enter(const SgSandbox *s, GError **error)
{
	(void)setsid();		/* fails only for a group leader, which has one already */
	if (!limit_resources(s, error) || !change_user(s, error))
		return FALSE;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		return failed(error, "PDEATHSIG", errno);
	if (getppid() != s->parent)
		return failed(error, "parent", ESRCH);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return failed(error, "NO_NEW_PRIVS", errno);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return failed(error, "DUMPABLE", errno);
	return limit_files(error) && limit_calls(s->filter, error);
}

gboolean
sg_sandbox_drop_fds(const int *keep, guint n, GError **error)
{
	g_autofree int *aside = g_new(int, n);
	sg_autofd null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int last = 2;

#ifdef SG_ASAN
	last = 1;
#endif
	for (int fd = 0; fd <= last; fd++)
		if (dup2(null, fd) == -1)
			return failed(error, "/dev/null", errno);
	for (guint i = 0; i < n; i++)	/* out of the way of each other first */
		if ((aside[i] = fcntl(keep[i], F_DUPFD_CLOEXEC, (int)n + 3)) == -1)
			return failed(error, "descriptors", errno);
	for (guint i = 0; i < n; i++)
		if (dup2(aside[i], (int)i + 3) == -1)
			return failed(error, "descriptors", errno);
	null = -1;	/* closed with the rest */
	if (close_range(n + 3, ~0u, 0) == -1)
		return failed(error, "close_range", errno);
	return TRUE;
}

char *
sg_sandbox_describe(void)
{
	int abi = landlock_abi();
	g_autofree char *landlock = abi < 1 ? g_strdup("none") : g_strdup_printf("%d", abi);
	const char *relaxed = "";

#ifdef SG_ASAN
	relaxed = " asan:no-memory-limit";
#endif
	return g_strdup_printf("seccomp landlock=%s%s", landlock, relaxed);
}

gboolean
sg_sandbox_nobody(uid_t *uid, gid_t *gid, GError **error)
{
	const struct passwd *p;

	*uid = 0;
	*gid = 0;
	if (geteuid() != 0)
		return TRUE;
	p = getpwnam("nobody");
	if (p == NULL || p->pw_uid == 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "started as root, and there is no user nobody to "
		    "become; start as an unprivileged user");
		return FALSE;
	}
	*uid = p->pw_uid;
	*gid = p->pw_gid;
	return TRUE;
}
