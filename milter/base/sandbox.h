/*
 * sandbox - a process locks itself in, for good, before it touches hostile bytes.
 *
 * The order matters and is fixed: own session, limits, another user (when
 * root), death with the parent, no new privileges, not traceable, Landlock
 * (no file, no TCP, no signal to others), and last a list of system calls.
 * Setting PDEATHSIG before the change of user would lose it: the kernel clears it.
 *
 * What a profile may call is a table in sandbox.c.  Three answers: allowed;
 * refused with an error (what libraries try lazily and can do without, such as
 * opening a file); everything else ends the process with SIGSYS, so that a
 * captured or mistaken process is seen and not merely hindered.
 *
 * To add a profile: one row in SgSandboxProfile, its bit in the table's rows.
 */
#ifndef SG_BASE_SANDBOX_H
#define SG_BASE_SANDBOX_H

#include <glib.h>
#include <sys/types.h>

typedef enum {
	SG_SANDBOX_READER,	/* memory, one listener, descriptors it is sent; no file at all */
	SG_SANDBOX_UNPACKER,	/* the same, and memory with a descriptor (scan/tempfiles.h) */
	SG_SANDBOX_PICTURES,	/* memory, sockets it has, an alarm clock; for schoolgate-ocr */
	SG_SANDBOX_N
} SgSandboxProfile;

/* The list of calls, made ready for the kernel: once, by the parent, because it
 * takes a millisecond.  log: forbidden calls are reported, but pass. */
typedef struct SgSandboxFilter SgSandboxFilter;
SgSandboxFilter *sg_sandbox_filter_new(SgSandboxProfile profile, gboolean log, GError **error);
void		 sg_sandbox_filter_free(SgSandboxFilter *f);

typedef struct SgSandbox {
	const SgSandboxFilter *filter;
	pid_t		 parent;	/* leave at once when this is no longer our parent */
	uid_t		 uid;		/* to become when root; 0: stay                 */
	gid_t		 gid;
	guint64		 memory;	/* bytes of address space on top of the present */
	guint64		 file_size;	/* bytes of the largest file it may write        */
	guint64		 files;		/* descriptors                                  */
} SgSandbox;

/* FALSE with SG_ERR_SETUP: the process is half locked in and must leave. */
gboolean sg_sandbox_enter(const SgSandbox *s, GError **error);
/* Closes everything but n descriptors, which become 3, 4 ..., and lets 0, 1 and 2
 * lead nowhere (2 stays in builds with the address sanitizer, which reports
 * there): what a library prints about a message never reaches a log. */
gboolean sg_sandbox_drop_fds(const int *keep, guint n, GError **error);
/* What this machine and this build offer, for the log: "seccomp landlock=7". */
char	*sg_sandbox_describe(void);
/* The unprivileged user for SgSandbox; 0, 0 when we are not root.  Reads the
 * user database, so call it before forking. */
gboolean sg_sandbox_nobody(uid_t *uid, gid_t *gid, GError **error);

#endif
