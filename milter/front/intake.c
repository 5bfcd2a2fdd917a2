#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

#include "front/intake.h"

/* Names of their own, so that the C library's headers do not meet ours. */
#define STANDS_FOR(name) __asm__(name) __attribute__((visibility("default")))

int intake_accept(int listener, struct sockaddr *who, socklen_t *len) STANDS_FOR("accept");
int intake_poll(struct pollfd *set, nfds_t n, int ms) STANDS_FOR("poll");
ssize_t intake_read(int fd, void *to, size_t n) STANDS_FOR("read");
ssize_t intake_writev(int fd, const struct iovec *v, int n) STANDS_FOR("writev");
int intake_close(int fd) STANDS_FOR("close");

#define HEAD 5		/* of a packet: its length and its letter, libmilter's first piece */

typedef struct {
	gsize	 at, left;	/* what is in bytes and was not asked for yet */
	gsize	 held;		/* what is in out and the kernel has not got yet */
	gboolean full;		/* the kernel had no room, when last asked */
	gboolean inside;	/* the last packet was taken in part: its rest comes */
	guint8	 out[SG_INTAKE_HELD];
	guint8	 bytes[SG_INTAKE_AHEAD];
} Intake;

/* By descriptor; NULL: not one of libmilter's. */
static Intake **
slot(int fd)
{
	static Intake *slots[SG_INTAKE_MOST];

	return fd >= 0 && fd < (int)SG_INTAKE_MOST ? &slots[fd] : NULL;
}

static Intake *
intake_of(int fd)
{
	Intake **s = slot(fd);

	return s != NULL ? g_atomic_pointer_get(s) : NULL;
}

int
intake_accept(int listener, struct sockaddr *who, socklen_t *len)
{
	int fd = (int)syscall(SYS_accept4, listener, who, len, 0);
	Intake **s = slot(fd);

	/* only what is read into it is touched; without memory it goes without */
	if (s != NULL)
		g_atomic_pointer_set(s, g_try_malloc(sizeof(Intake)));
	if (s != NULL && *s != NULL)
		memset(*s, 0, offsetof(Intake, out));
	return fd;
}

/* First: the number may be another thread's as soon as it is closed. */
int
intake_close(int fd)
{
	Intake **s = slot(fd);

	if (s != NULL && g_atomic_pointer_get(s) != NULL) {
		g_free(*s);
		g_atomic_pointer_set(s, NULL);
	}
	return (int)syscall(SYS_close, fd);
}

/* Takes what has come, without waiting. */
static gboolean
take_ahead(int fd, Intake *in)
{
	gssize n = recv(fd, in->bytes, sizeof in->bytes, MSG_DONTWAIT);

	in->at = 0;
	in->left = n > 0 ? (gsize)n : 0;
	return n > 0;
}

static int
poll_one(struct pollfd *p, Intake *in, int ms)
{
	if (in->left == 0 && !take_ahead(p->fd, in))
		return (int)syscall(SYS_poll, p, 1, ms);
	p->revents = POLLIN;
	return 1;
}

/* libmilter's dispatcher waits for all connections that have no thread. */
static int
poll_all(struct pollfd *set, nfds_t n, int ms)
{
	gboolean have = FALSE;
	int ready, more = 0;

	for (nfds_t i = 0; i < n && !have; i++) {
		const Intake *in = (set[i].events & POLLIN) != 0 ? intake_of(set[i].fd) : NULL;

		have = in != NULL && in->left > 0;
	}
	ready = (int)syscall(SYS_poll, set, n, have ? 0 : ms);
	for (nfds_t i = 0; i < n && have && ready >= 0; i++) {
		const Intake *in = (set[i].events & POLLIN) != 0 ? intake_of(set[i].fd) : NULL;

		if (in == NULL || in->left == 0)
			continue;
		more += set[i].revents == 0;
		set[i].revents |= POLLIN;
	}
	return ready + more;
}

/* There is room until a write finds none. */
static int
poll_room(struct pollfd *p, Intake *in, int ms)
{
	if (in->full) {
		in->full = FALSE;
		return (int)syscall(SYS_poll, p, 1, ms);
	}
	p->revents = POLLOUT;
	return 1;
}

int
intake_poll(struct pollfd *set, nfds_t n, int ms)
{
	Intake *in = n == 1 ? intake_of(set->fd) : NULL;

	if (in != NULL && set->events == POLLOUT)
		return poll_room(set, in, ms);
	if (in != NULL && (set->events & POLLIN) != 0 && (set->events & POLLOUT) == 0)
		return poll_one(set, in, ms);
	return poll_all(set, n, ms);
}

static gsize
give(Intake *in, void *to, gsize n)
{
	gsize some = MIN(n, in->left);

	memcpy(to, in->bytes + in->at, some);
	in->at += some;
	in->left -= some;
	return some;
}

ssize_t
intake_read(int fd, void *to, size_t n)
{
	Intake *in = intake_of(fd);
	gsize had = in != NULL && n > 0 ? give(in, to, n) : 0;
	struct iovec v[2];
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 2 };
	gssize got;

	if (in == NULL || n == 0)
		return syscall(SYS_read, fd, to, n);
	if (had == n)
		return (ssize_t)n;
	v[0] = (struct iovec){ (guint8 *)to + had, n - had };
	v[1] = (struct iovec){ in->bytes, sizeof in->bytes };
	got = recvmsg(fd, &m, had > 0 ? MSG_DONTWAIT : 0);
	if (got <= 0)
		return had > 0 ? (ssize_t)had : got;
	in->at = 0;
	in->left = (gsize)got > n - had ? (gsize)got - (n - had) : 0;
	return (ssize_t)(had + (gsize)got - in->left);
}

static gsize
total(const struct iovec *v, int n)
{
	gsize sum = 0;

	for (int i = 0; i < n; i++)
		sum += v[i].iov_len;
	return sum;
}

/* A small change of the message: an answer always follows it. */
static gboolean
may_be_held(const Intake *in, const struct iovec *v, gsize len)
{
	static const char changes[] = { SMFIR_ADDHEADER, SMFIR_INSHEADER, SMFIR_CHGHEADER, SMFIR_ADDRCPT, SMFIR_DELRCPT };

	return !in->inside && v[0].iov_len == HEAD && len <= sizeof in->out - in->held &&
	    memchr(changes, ((const char *)v[0].iov_base)[HEAD - 1], sizeof changes) != NULL;
}

static void
hold(Intake *in, const struct iovec *v, int n)
{
	for (int i = 0; i < n; i++) {
		memcpy(in->out + in->held, v[i].iov_base, v[i].iov_len);
		in->held += v[i].iov_len;
	}
}

/* What is held goes first; gives what the kernel took of the rest, as writev() would. */
static ssize_t
send_both(int fd, Intake *in, const struct iovec *v, int n)
{
	struct iovec all[4] = { { in->out, in->held } };
	struct msghdr m = { .msg_iov = all, .msg_iovlen = (gsize)n + 1 };
	gsize took;
	gssize sent;

	memcpy(all + 1, v, (gsize)n * sizeof *v);
	sent = sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	in->full = sent == -1 && (errno == EAGAIN || errno == EWOULDBLOCK);
	if (sent == -1)
		return -1;
	took = MIN((gsize)sent, in->held);
	memmove(in->out, in->out + took, in->held - took);
	in->held -= took;
	sent -= (gssize)took;
	if (sent > 0 || in->held == 0)
		return sent;
	in->full = TRUE;
	errno = EAGAIN;
	return -1;
}

ssize_t
intake_writev(int fd, const struct iovec *v, int n)
{
	Intake *in = n > 0 && n < 4 ? intake_of(fd) : NULL;
	const gsize len = total(v, in != NULL ? n : 0);
	gssize took = (gssize)len;

	if (in == NULL || len == 0)
		return syscall(SYS_writev, fd, v, n);
	if (may_be_held(in, v, len))
		hold(in, v, n);
	else
		took = send_both(fd, in, v, n);
	if (took >= 0)
		in->inside = (gsize)took < len;
	return took;
}
