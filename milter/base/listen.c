#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/listen.h"

#define LEAVING_US (2 * G_USEC_PER_SEC)

static gboolean
address(struct sockaddr_un *a, const char *path, GError **error)
{
	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (path[0] == '/' && g_strlcpy(a->sun_path, path, sizeof a->sun_path) < sizeof a->sun_path)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "\"%s\" cannot be a socket; give an absolute path of at "
	    "most %u bytes", path, (guint)sizeof a->sun_path - 1);
	return FALSE;
}

static int
from_systemd(const char *path, int type)
{
	int n = sd_listen_fds(0);

	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + n; fd++)
		if (sd_is_socket_unix(fd, type, 1, path, 0) > 0)
			return fd;
	return -1;
}

static gboolean
answers(const struct sockaddr_un *a, int type)
{
	sg_autofd probe = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return connect(probe, (const struct sockaddr *)a, sizeof *a) == 0 ||
	    (errno != ECONNREFUSED && errno != ENOENT);
}

/* FALSE: somebody answers there, or it is no socket at all. */
static gboolean
clear_stale(const struct sockaddr_un *a, int type, GError **error)
{
	gint64 until = g_get_monotonic_time() + LEAVING_US;
	struct stat st;

	if (lstat(a->sun_path, &st) == -1)
		return TRUE;
	if (!S_ISSOCK(st.st_mode)) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s is in the way and is not a socket; move it",
		    a->sun_path);
		return FALSE;
	}
	while (answers(a, type)) {
		if (g_get_monotonic_time() >= until) {
			g_set_error(error, SG_ERR, SG_ERR_SETUP, "another program answers at %s; stop it first",
			    a->sun_path);
			return FALSE;
		}
		g_usleep(50 * 1000);
	}
	(void)unlink(a->sun_path);
	return TRUE;
}

static gint64
changed(const struct stat *st)
{
	return (gint64)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec;
}

gboolean
sg_listen_unix(SgListen *out, const char *path, int type, GError **error)
{
	sg_autofd fd = from_systemd(path, type);
	gboolean inherited = fd != -1;
	struct sockaddr_un a;
	struct stat st = { 0 };

	if (!inherited) {
		if (!address(&a, path, error) || !clear_stale(&a, type, error))
			return FALSE;
		fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
		/* the mode is set between bind and listen: nobody gets in before */
		if (fd == -1 || bind(fd, (const struct sockaddr *)&a, sizeof a) == -1 ||
		    chmod(path, 0660) == -1 || listen(fd, SOMAXCONN) == -1 || stat(path, &st) == -1) {
			g_set_error(error, SG_ERR, SG_ERR_SETUP, "cannot listen at %s: %s; check that its "
			    "directory is there and writable", path, g_strerror(errno));
			return FALSE;
		}
	}
	*out = (SgListen){ g_steal_fd(&fd), g_strdup(path), inherited, st.st_ino, changed(&st) };
	return TRUE;
}

void
sg_listen_close(SgListen *l)
{
	struct stat st;

	if (l->path != NULL && !l->inherited && lstat(l->path, &st) == 0 && st.st_ino == l->inode &&
	    changed(&st) == l->changed)
		(void)unlink(l->path);
	if (l->path != NULL)
		(void)close(l->fd);
	g_clear_pointer(&l->path, g_free);
	l->fd = -1;
}

int
sg_listen_connect(const char *path, int type, GError **error)
{
	sg_autofd fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un a;
	int why;

	if (!address(&a, path, error))
		return -1;
	if (fd != -1 && connect(fd, (const struct sockaddr *)&a, sizeof a) == 0)
		return g_steal_fd(&fd);
	why = errno;
	g_set_error(error, SG_ERR, SG_ERR_LATER, "nobody answers at %s: %s", path, g_strerror(why));
	errno = why;
	return -1;
}
