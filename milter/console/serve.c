#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "console/http.h"
#include "console/serve.h"

enum {
	THREADS = 4,		/* a walk of the audit does not hold up the queue */
	CONNECTIONS = 200,
	TIMEOUT = 30,		/* seconds of silence */
	MEMORY = 32768,		/* request line and headers of one connection */
};

struct SgServer {
	struct MHD_Daemon *daemon;
	char		  *path;
};

static void *
on_uri(void *console, const char *uri, struct MHD_Connection *c)
{
	(void)console;
	(void)c;
	return sg_exchange_new(uri);
}

/* Nothing is decoded by the library: pages.c and fields.c do it, strictly. */
static size_t
leave_as_is(void *console, struct MHD_Connection *c, char *s)
{
	(void)console;
	(void)c;
	return strlen(s);
}

static enum MHD_Result
on_request(void *console, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **exchange)
{
	(void)url;
	(void)version;
	return sg_exchange_step(*exchange, console, c, method, data, len);
}

static void
on_end(
    void *console, struct MHD_Connection *c, void **exchange, enum MHD_RequestTerminationCode how)
{
	(void)console;
	(void)c;
	(void)how;
	sg_exchange_free(*exchange);
	*exchange = NULL;
}

/* A socket nobody listens on was left by a program that died. */
static gboolean
clear_place(const struct sockaddr_un *a, GError **error)
{
	sg_autofd fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;

	if (lstat(a->sun_path, &st) == -1 && errno == ENOENT)
		return TRUE;
	if (connect(fd, (const struct sockaddr *)a, sizeof *a) == 0) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "%s: another console answers there; stop it first", a->sun_path);
		return FALSE;
	}
	if (!S_ISSOCK(st.st_mode) || unlink(a->sun_path) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "%s: something else is there; move it away", a->sun_path);
		return FALSE;
	}
	return TRUE;
}

static int
listen_on(const char *path, GError **error)
{
	sg_autofd fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int own;

	if (g_strlcpy(a.sun_path, path, sizeof a.sun_path) >= sizeof a.sun_path) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "%s: too long for a socket; choose a shorter console.socket", path);
		return -1;
	}
	if (!clear_place(&a, error))
		return -1;
	/* the mode is set before anybody can connect: listen() comes last */
	if (fd == -1 || bind(fd, (const struct sockaddr *)&a, sizeof a) == -1 ||
	    chmod(path, 0666) == -1 || listen(fd, 64) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP,
		    "%s: %s; does its directory exist, and may this user write there?", path,
		    g_strerror(errno));
		return -1;
	}
	own = fd;
	fd = -1;
	return own;
}

SgServer *
sg_server_start(SgConsole *console, GError **error)
{
	g_autoptr(SgServer) s = g_new0(SgServer, 1);
	g_autoptr(SgSetup) setup = sg_console_setup(console);
	int fd = listen_on(setup->options->console.socket, error);

	if (fd == -1)
		return NULL;
	s->path = g_strdup(setup->options->console.socket);
	s->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request,
	    console, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)TIMEOUT, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri, console,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_as_is, console, MHD_OPTION_NOTIFY_COMPLETED, on_end,
	    console, MHD_OPTION_END);
	if (s->daemon != NULL)
		return g_steal_pointer(&s);
	(void)close(fd);
	g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "libmicrohttpd did not start");
	return NULL;
}

void
sg_server_stop(SgServer *s)
{
	if (s == NULL)
		return;
	if (s->daemon != NULL)
		MHD_stop_daemon(s->daemon);
	if (s->path != NULL)
		(void)unlink(s->path);
	g_free(s->path);
	g_free(s);
}
