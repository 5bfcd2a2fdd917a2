#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/seqpacket.h"

typedef union {
	char	       room[CMSG_SPACE(SG_SEQ_FDS * sizeof(int))];
	struct cmsghdr align;
} Control;

/* Every descriptor that came is ours to close, also when the rest is wrong. */
static void
collect_fds(SgSeqIn *in, struct msghdr *h)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c != NULL; c = CMSG_NXTHDR(h, c)) {
		gsize n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (gsize i = 0; i < n && in->n_fds < SG_SEQ_FDS; i++)
			memcpy(&in->fds[in->n_fds++], CMSG_DATA(c) + i * sizeof(int), sizeof(int));
	}
}

void
sg_seq_clear(SgSeqIn *in)
{
	for (guint i = 0; i < in->n_fds; i++)
		if (in->fds[i] != -1)
			(void)close(in->fds[i]);
	in->n_fds = 0;
	in->len = 0;
}

SgSeqState
sg_seq_get(int sock, SgSeqIn *in, GError **error)
{
	Control control;
	struct iovec iov = { in->buf, sizeof in->buf };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof control };
	gssize n;

	sg_seq_clear(in);
	do {
		n = recvmsg(sock, &h, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno == EAGAIN || errno == EWOULDBLOCK ? SG_SEQ_WAIT : SG_SEQ_END;
	collect_fds(in, &h);
	if ((h.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
		sg_seq_clear(in);
		g_set_error(error, SG_ERR, SG_ERR_PEER, "message too long or too many descriptors");
		return SG_SEQ_BAD;
	}
	in->len = (gsize)n;
	return n == 0 && in->n_fds == 0 ? SG_SEQ_END : SG_SEQ_GOT;
}

GBytes *
sg_seq_bytes(const SgSeqIn *in)
{
	return g_bytes_new_static(in->buf, in->len);
}

int
sg_seq_take_fd(SgSeqIn *in, guint i)
{
	int fd = i < in->n_fds ? in->fds[i] : -1;

	if (i < in->n_fds)
		in->fds[i] = -1;
	return fd;
}

gboolean
sg_seq_wait(int sock, short events, gint64 deadline)
{
	struct pollfd p = { sock, events, 0 };

	for (;;) {
		gint64 left = deadline - g_get_monotonic_time();
		int n = poll(&p, 1, left <= 0 ? 0 : (int)MIN(left / 1000 + 1, G_MAXINT));

		if (n > 0)
			return TRUE;
		if ((n == 0 || errno != EINTR) && left <= 0)
			return FALSE;
	}
}

gboolean
sg_seq_put(int sock, const GByteArray *msg, const int *fds, guint n_fds, gint64 deadline, GError **error)
{
	Control control = { 0 };
	struct iovec iov = { msg->data, msg->len };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (msg->len > SG_WIRE_MAX || n_fds > SG_SEQ_FDS) {
		g_set_error(error, SG_ERR, SG_ERR_PEER, "message of %u bytes is too long", msg->len);
		return FALSE;
	}
	if (n_fds > 0) {
		h.msg_control = &control;
		h.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(&control.align), fds, n_fds * sizeof(int));
	}
	for (;;) {
		if (sendmsg(sock, &h, MSG_DONTWAIT | MSG_NOSIGNAL) == (gssize)msg->len)
			return TRUE;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			break;
		if (!sg_seq_wait(sock, POLLOUT, deadline)) {
			g_set_error(error, SG_ERR, SG_ERR_LATER, "the other side does not read");
			return FALSE;
		}
	}
	g_set_error(error, SG_ERR, errno == ETOOMANYREFS || errno == ENOBUFS || errno == ENOMEM ?
	    SG_ERR_LATER : SG_ERR_PEER, "send: %s", g_strerror(errno));
	return FALSE;
}
