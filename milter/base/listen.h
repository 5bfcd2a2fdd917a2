/*
 * listen - Unix sockets that members of our group may connect to.
 *
 * The socket file gets mode 0660.  One that a dead program left behind is
 * replaced; one at which somebody answers is an error after two seconds (a program
 * that was killed may still be going), so that a second start never steals the
 * first one's clients.  A listener handed over by systemd
 * for the same path and type is taken as it is.
 */
#ifndef SG_BASE_LISTEN_H
#define SG_BASE_LISTEN_H

#include <glib.h>

typedef struct SgListen {
	int	 fd;		/* close-on-exec, blocking; closed by sg_listen_close() */
	char	*path;
	gboolean inherited;	/* systemd's: its file stays when we leave */
	guint64	 inode;		/* of our own socket file; numbers are used again, */
	gint64	 changed;	/* so its time counts too (nanoseconds)            */
} SgListen;

/* type: SOCK_STREAM or SOCK_SEQPACKET.  FALSE with SG_ERR_SETUP. */
gboolean sg_listen_unix(SgListen *out, const char *path, int type, GError **error);
/* Removes the file, if it still is the one we made, and closes.  Legal twice. */
void	 sg_listen_close(SgListen *l);

/* A new connection to path.  -1 with SG_ERR_LATER when nobody answers there
 * (the message says why); errno EAGAIN means the queue is full. */
int	 sg_listen_connect(const char *path, int type, GError **error);

#endif
