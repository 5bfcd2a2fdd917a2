#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "console/http.h"
#include "console/patience.h"
#include "console/reply.h"
#include "console/serve.h"

enum {
	THREADS = 4,		/* a walk of the audit does not hold up the queue */
	CONNECTIONS = 200,
	TIMEOUT = 30,		/* seconds of silence */
	MEMORY = 32768,		/* request line and headers of one connection */
};

/* One way in: who comes through it is known in its own way. */
typedef struct Door {
	SgConsole	  *console;
	struct MHD_Daemon *daemon;
	SgPatience	  *patience;
	gboolean	   tcp;
} Door;

struct SgServer {
	Door  local, tcp;
	char *path;	/* of our own socket file; NULL = systemd's */
};

static void *
on_uri(void *door, const char *uri, struct MHD_Connection *c)
{
	(void)c;
	return sg_exchange_new(uri, ((const Door *)door)->tcp);
}

/* Nothing is decoded by the library: pages.c and fields.c do it, strictly. */
static size_t
leave_as_is(void *door, struct MHD_Connection *c, char *s)
{
	(void)door;
	(void)c;
	return strlen(s);
}

static void
on_connection(void *door, struct MHD_Connection *c, void **wait, enum MHD_ConnectionNotificationCode what)
{
	SgPatience *p = ((const Door *)door)->patience;

	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		*wait = sg_patience_come(p, MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
	else
		sg_patience_go(p, *wait);
}

static void
note(const Door *d, struct MHD_Connection *c, SgArrival what)
{
	sg_patience_note(d->patience, MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context, what);
}

static enum MHD_Result
on_request(void *door, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **exchange)
{
	(void)url;
	(void)version;
	if (*len == 0)
		note(door, c, sg_exchange_has_begun(*exchange) ? SG_ARRIVAL_WHOLE : SG_ARRIVAL_HEAD);
	return sg_exchange_step(*exchange, ((const Door *)door)->console, c, method, data, len);
}

static void
on_end(
    void *door, struct MHD_Connection *c, void **exchange, enum MHD_RequestTerminationCode how)
{
	(void)how;
	note(door, c, SG_ARRIVAL_ANSWERED);
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

/* --- TCP ------------------------------------------------------------------------------ */

/* "127.0.0.1:8380", "[::1]:8380", "localhost:8380"; nothing that others can reach. */
static gboolean
parse_listen(const char *text, struct sockaddr_storage *a, socklen_t *len, GError **error)
{
	const char *colon = strrchr(text, ':');
	guint64 port = 0;
	struct sockaddr_in *four = (struct sockaddr_in *)(gpointer)a;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)(gpointer)a;

	memset(a, 0, sizeof *a);
	if (colon != NULL && g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL)) {
		if (g_str_has_prefix(text, "[::1]:")) {
			*six = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons((guint16)port), .sin6_addr = in6addr_loopback };
			*len = sizeof *six;
			return TRUE;
		}
		if (g_str_has_prefix(text, "127.0.0.1:") || g_str_has_prefix(text, "localhost:")) {
			*four = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((guint16)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
			*len = sizeof *four;
			return TRUE;
		}
	}
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "console.listen: \"%s\" is no place on this machine; write "
	    "127.0.0.1:PORT, [::1]:PORT or off, and let a web server with TLS pass requests on", text);
	return FALSE;
}

static int
from_systemd(int family, const char *path)
{
	int n = sd_listen_fds(0);

	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + n; fd++)
		if (family == AF_UNIX ? sd_is_socket_unix(fd, SOCK_STREAM, 1, path, 0) > 0
				      : sd_is_socket_inet(fd, AF_UNSPEC, SOCK_STREAM, 1, 0) > 0)
			return fd;
	return -1;
}

static int
listen_tcp(const char *text, GError **error)
{
	sg_autofd fd = from_systemd(AF_INET, NULL);
	struct sockaddr_storage a;
	socklen_t len;
	int on = 1;

	if (fd != -1)
		return g_steal_fd(&fd);
	if (!parse_listen(text, &a, &len, error))
		return -1;
	fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1 ||
	    bind(fd, (const struct sockaddr *)&a, len) == -1 || listen(fd, 64) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "console.listen: %s: %s; is another program there?",
		    text, g_strerror(errno));
		return -1;
	}
	return g_steal_fd(&fd);
}

/* --- both ----------------------------------------------------------------------------- */

/* fd is taken. */
static gboolean
open_door(Door *d, SgConsole *console, int fd, gboolean tcp, GError **error)
{
	g_autoptr(SgSetup) setup = sg_console_setup(console);
	g_autofree char *late = sg_reply_late(!tcp);

	d->console = console;
	d->tcp = tcp;
	d->patience = sg_patience_new(CONNECTIONS, (guint)setup->options->console.patience, TIMEOUT, late);
	d->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, d,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)TIMEOUT, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri, d,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_as_is, d, MHD_OPTION_NOTIFY_COMPLETED, on_end, d,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, d, MHD_OPTION_END);
	if (d->daemon != NULL)
		return TRUE;
	(void)close(fd);
	g_set_error_literal(error, SG_ERR, SG_ERR_LATER, "libmicrohttpd did not start");
	return FALSE;
}

SgServer *
sg_server_start(SgConsole *console, GError **error)
{
	g_autoptr(SgServer) s = g_new0(SgServer, 1);
	g_autoptr(SgSetup) setup = sg_console_setup(console);
	const char *listen_at = setup->options->console.listen, *path = setup->options->console.socket;
	int fd = from_systemd(AF_UNIX, path);

	if (fd == -1) {
		fd = listen_on(path, error);
		s->path = fd != -1 ? g_strdup(path) : NULL;
	}
	if (fd == -1 || !open_door(&s->local, console, fd, FALSE, error))
		return NULL;
	if (strcmp(listen_at, "off") == 0)
		return g_steal_pointer(&s);
	fd = listen_tcp(listen_at, error);
	if (fd == -1 || !open_door(&s->tcp, console, fd, TRUE, error))
		return NULL;
	return g_steal_pointer(&s);
}

static void
tend_door(const Door *d)
{
	guint late = d->daemon != NULL ? sg_patience_look(d->patience, g_get_monotonic_time()) : 0;
	char count[12];

	if (late == 0)
		return;
	(void)g_snprintf(count, sizeof count, "%u", late);
	sg_log(SG_LOG_NOTICE, "late", "door", d->tcp ? "listen" : "socket", "connections", count, NULL);
}

void
sg_server_tend(SgServer *s)
{
	tend_door(&s->tcp);
	tend_door(&s->local);
}

static void
close_door(Door *d)
{
	if (d->daemon != NULL)
		MHD_stop_daemon(d->daemon);
	sg_patience_free(d->patience);
}

void
sg_server_stop(SgServer *s)
{
	if (s == NULL)
		return;
	close_door(&s->tcp);
	close_door(&s->local);
	if (s->path != NULL)
		(void)unlink(s->path);
	g_free(s->path);
	g_free(s);
}
