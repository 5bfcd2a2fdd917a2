#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/fd.h"
#include "base/signatures.h"
#include "console/health.h"
#include "store/post.h"

#define OUTBOX_SLOW 300 /* seconds a due mail may wait before the courier looks stopped */
#define DISK_LEAST  (512ull << 20)
#define DISK_SHARE  5			/* percent */
#define LISTENING   0x10000	/* __SO_ACCEPTCON, in the fourth column of /proc/net/unix */

static gboolean
takes(const struct sockaddr *a, socklen_t len, int type)
{
	const struct timeval patience = { .tv_sec = 1 };
	sg_autofd fd = socket(a->sa_family, type | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return FALSE;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	return connect(fd, a, len) == 0;
}

/*
 * The milter's door may be for the mail server only, in a directory that we cannot enter.
 * The kernel's list says whether somebody listens there all the same.
 */
static gboolean
listens(const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) rows = NULL;
	guint flags;

	if (!g_file_get_contents("/proc/net/unix", &text, NULL, NULL))
		return TRUE;	/* not judged */
	rows = g_strsplit(text, "\n", -1);
	for (char **r = rows; *r != NULL; r++) {
		const char *at = strchr(*r, '/');

		if (at != NULL && g_str_equal(at, path) && sscanf(*r, "%*s %*s %*s %x", &flags) == 1 &&
		    (flags & LISTENING) != 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
unix_takes(const char *path, int type)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (g_strlcpy(a.sun_path, path, sizeof a.sun_path) >= sizeof a.sun_path)
		return FALSE;
	return takes((const struct sockaddr *)&a, sizeof a, type) || (errno == EACCES && listens(path));
}

/* unix:PATH or inet:PORT@ADDRESS; an address that is a name is not looked up, so not judged. */
static gboolean
milter_takes(const char *listen)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	const char *colon = strchr(listen, ':'), *at = strchr(listen, '@');

	if (colon == NULL || g_str_has_prefix(listen, "inet6"))
		return TRUE;
	if (!g_str_has_prefix(listen, "inet"))
		return unix_takes(colon + 1, SOCK_STREAM);
	a.sin_port = htons((in_port_t)strtoul(colon + 1, NULL, 10));
	if (at != NULL && inet_pton(AF_INET, at + 1, &a.sin_addr) != 1)
		return TRUE;
	if (a.sin_addr.s_addr == htonl(INADDR_ANY))
		a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return takes((const struct sockaddr *)&a, sizeof a, SOCK_STREAM);
}

static gint64
newest(char *const *dirs)
{
	gint64 best = 0;

	for (; dirs != NULL && *dirs != NULL; dirs++) {
		g_autoptr(GDir) d = g_dir_open(*dirs, 0, NULL);
		const char *name;

		while (d != NULL && (name = g_dir_read_name(d)) != NULL) {
			g_autofree char *path = g_build_filename(*dirs, name, NULL);
			struct stat st;

			if (g_str_has_suffix(name, ".conf") && stat(path, &st) == 0)
				best = MAX(best, (gint64)st.st_mtime);
		}
	}
	return best;
}

static gboolean
room_on_disk(const char *url, guint64 *free_bytes)
{
	struct statvfs fs;

	if (!g_str_has_prefix(url, "sqlite:") || statvfs(url + strlen("sqlite:"), &fs) == -1)
		return TRUE;
	*free_bytes = (guint64)fs.f_bavail * fs.f_frsize;
	return *free_bytes >= DISK_LEAST &&
	       *free_bytes >= (guint64)fs.f_blocks * fs.f_frsize / 100 * DISK_SHARE;
}

void
sg_health_look(SgConsole *console, const SgSetup *setup, gint64 now, SgHealth *h)
{
	const SgOptions *o = setup->options;
	g_autofree char *dir = sg_signatures_dir(o->scan.signatures);
	g_autoptr(GPtrArray) told = sg_policy_told(setup->policy);
	guint confirmed = 0;
	SgSignatures signatures;

	*h = (SgHealth){ 0 };
	h->store = sg_store_status(console->store, now, &h->status, NULL);
	h->scan = unix_takes(o->scan.listen, SOCK_SEQPACKET);
	h->milter = milter_takes(o->milter.listen);
	h->oldest = h->status.outbox_oldest;
	if (h->status.outbox_put_off > 0 && (h->oldest == 0 || h->status.outbox_put_off < h->oldest))
		h->oldest = h->status.outbox_put_off;
	h->courier = h->status.outbox_oldest == 0 ||
	    h->status.outbox_oldest > now - OUTBOX_SLOW - o->courier.undo;
	h->contacts = told != NULL && sg_store_contacts_count(console->store, told, &confirmed, NULL) &&
	    confirmed >= SG_TOLD_LEAST;
	h->disk = room_on_disk(o->store.url, &h->disk_free);
	h->rules_changed = newest(o->files.rules);
	sg_signatures_look(dir, &signatures);
	h->signatures_made = signatures.made;
}
