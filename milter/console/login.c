#include <errno.h>
#include <sys/socket.h>

#include "base/err.h"
#include "console/login.h"

static const SgAccount root = {
    .uid = 0, .name = (char *)(gsize) "root", .role = SG_ROLE_IT, .mail = NULL };

const SgAccount *
sg_login_peer(const SgSetup *setup, int fd, uid_t *uid, GError **error)
{
	    struct ucred peer = { .uid = (uid_t)-1 };
	    socklen_t len = sizeof peer;
	    const SgAccount *a;

	    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == -1 || len != sizeof peer) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "the system does not say who asks: %s",
		    g_strerror(errno));
		return NULL;
	}
	    *uid = peer.uid;
	    a = sg_accounts_find(setup->accounts, peer.uid);
	    if (a != NULL)
		return a;
	    if (peer.uid == 0)
		return &root;
	    g_set_error(
	    error, SG_ERR, SG_ERR_INPUT, "the Unix user %u has no account", (guint)peer.uid);
	    return NULL;
}
