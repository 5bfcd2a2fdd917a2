#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <libmilter/mfapi.h>

#include "base/err.h"
#include "front/door.h"

#define DOOR_UMASK 0117	/* owner and group */

static char *
parse_inet(const char *kind, const char *where, GError **error)
{
	g_auto(GStrv) part = g_strsplit(where, "@", 2);
	const char *loopback = strcmp(kind, "inet6") == 0 ? "::1" : "127.0.0.1";
	const char *host = g_strv_length(part) == 2 ? part[1] : loopback;
	guint64 port = 0;

	if (part[0] == NULL || !g_ascii_string_to_unsigned(part[0], 10, 1, 65535, &port, NULL) ||
	    host[0] == '\0') {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "milter.listen: \"%s:%s\" has no port; write "
		    "inet:7357@127.0.0.1", kind, where);
		return NULL;
	}
	return g_strdup_printf("%s:%s@%s", kind, part[0], host);
}

static char *
parse_unix(const char *path, GError **error)
{
	if (path[0] == '/' && strlen(path) < sizeof(((struct sockaddr_un *)0)->sun_path))
		return g_strconcat("unix:", path, NULL);
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "milter.listen: \"%s\" is not a usable socket; write "
	    "unix: and a path that begins with / and has fewer than %d bytes", path,
	    (int)sizeof(((struct sockaddr_un *)0)->sun_path));
	return NULL;
}

char *
sg_door_parse(const char *listen, GError **error)
{
	const char *colon = strchr(listen, ':');
	gsize n = colon != NULL ? (gsize)(colon - listen) : 0;

	if (n == 4 && strncmp(listen, "inet", 4) == 0)
		return parse_inet("inet", colon + 1, error);
	if (n == 5 && strncmp(listen, "inet6", 5) == 0)
		return parse_inet("inet6", colon + 1, error);
	if ((n == 4 && strncmp(listen, "unix", 4) == 0) || (n == 5 && strncmp(listen, "local", 5) == 0))
		return parse_unix(colon + 1, error);
	return parse_unix(listen, error);
}

static const char *
socket_path(const char *parsed)
{
	return g_str_has_prefix(parsed, "unix:") ? parsed + strlen("unix:") : NULL;
}

static GSocketConnection *
call(const char *parsed)
{
	g_autoptr(GSocketClient) client = g_socket_client_new();
	g_autoptr(GSocketConnectable) there = NULL;
	const char *path = socket_path(parsed);

	g_socket_client_set_timeout(client, 2);
	if (path != NULL) {
		there = G_SOCKET_CONNECTABLE(g_unix_socket_address_new(path));
	} else {
		const char *port = strchr(parsed, ':') + 1, *host = strchr(port, '@') + 1;

		there = g_network_address_new(host, (guint16)g_ascii_strtoull(port, NULL, 10));
	}
	return g_socket_client_connect(client, there, NULL, NULL);
}

void
sg_door_wake(const char *parsed)
{
	g_autoptr(GSocketConnection) c = call(parsed);

	(void)c;
}

static gboolean
is_free(const char *parsed, const char *path, GError **error)
{
	g_autoptr(GSocketConnection) c = NULL;
	struct stat st;

	if (lstat(path, &st) == -1)
		return TRUE;
	if (!S_ISSOCK(st.st_mode)) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s is not a socket; move it away or choose "
		    "another milter.listen", path);
		return FALSE;
	}
	c = call(parsed);
	if (c == NULL)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: another program answers there; stop it first", path);
	return FALSE;
}

gboolean
sg_door_open(const char *parsed, GError **error)
{
	const char *path = socket_path(parsed);
	g_autofree char *copy = g_strdup(parsed);
	gboolean open;
	mode_t before;

	if (path != NULL && !is_free(parsed, path, error))
		return FALSE;
	before = umask(DOOR_UMASK);
	open = smfi_setconn(copy) == MI_SUCCESS && smfi_opensocket(path != NULL) == MI_SUCCESS;
	(void)umask(before);
	if (!open)
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "cannot listen on %s: %s; see that its "
		    "directory exists and may be written, or that the port is free", parsed,
		    errno != 0 ? g_strerror(errno) : "libmilter did not say why");
	return open;
}

void
sg_door_remove(const char *parsed)
{
	const char *path = socket_path(parsed);

	if (path != NULL)
		(void)unlink(path);
}
