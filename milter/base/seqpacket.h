/*
 * seqpacket - one wire message, and the descriptors that belong to it, over a
 * SOCK_SEQPACKET socket.
 *
 * Both ends take the other for hostile: a message that is cut, too long or has
 * more descriptors than fit is SG_ERR_PEER, and what came with it is closed.
 */
#ifndef SG_BASE_SEQPACKET_H
#define SG_BASE_SEQPACKET_H

#include "base/wire.h"

#define SG_SEQ_FDS 4	/* most that is ever taken; SCAN has 2 */

typedef enum {
	SG_SEQ_GOT,	/* a message is in                           */
	SG_SEQ_WAIT,	/* nothing yet: poll and come again          */
	SG_SEQ_END,	/* the other side is gone                    */
	SG_SEQ_BAD,	/* it broke the contract; error is set       */
} SgSeqState;

typedef struct SgSeqIn {	/* 64 KiB: reuse it; one that is all zero is ready */
	gsize  len;
	guint  n_fds;
	int    fds[SG_SEQ_FDS];	/* take one by setting it to -1; the rest is closed by the next get or clear */
	guint8 buf[SG_WIRE_MAX];
} SgSeqIn;

/* Never blocks, whatever the socket's mode. */
SgSeqState sg_seq_get(int sock, SgSeqIn *in, GError **error);
void	   sg_seq_clear(SgSeqIn *in);	/* closes descriptors that were not taken */
/* The message for sg_wire_get_*(); it points into in and ends with the next get. */
GBytes	  *sg_seq_bytes(const SgSeqIn *in);
int	   sg_seq_take_fd(SgSeqIn *in, guint i);

/* Waits until deadline (monotonic microseconds).  SG_ERR_LATER: out of time;
 * SG_ERR_PEER: the other side is gone, or the message is too long. */
gboolean   sg_seq_put(int sock, const GByteArray *msg, const int *fds, guint n_fds, gint64 deadline,
    GError **error);
/* TRUE when events (POLLIN, POLLOUT) or an end came before deadline. */
gboolean   sg_seq_wait(int sock, short events, gint64 deadline);

#endif
