/* rosterput - the files of the roster: put in place whole, or left as they were. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/fd.h"
#include "roster/rosterfile.h"
#include "roster/rostermake.h"

gboolean
sg_roster_key(const char *dir, guint8 key[SG_ROSTER_KEY], GError **error)
{
	if (g_mkdir_with_parents(dir, 0750) == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s", dir, g_strerror(errno));
		return FALSE;
	}
	return sg_roster_read_key(dir, TRUE, key, error);
}

static gboolean
write_all(int fd, GBytes *bytes)
{
	gsize n;
	const char *p = g_bytes_get_data(bytes, &n);

	while (n > 0) {
		gssize done = sg_fault("roster.write") ? -1 : write(fd, p, n);

		if (done == -1 && errno != EINTR)
			return FALSE;
		p += MAX(done, 0);
		n -= (gsize)MAX(done, 0);
	}
	return fsync(fd) == 0;
}

gboolean
sg_roster_put(const char *dir, GBytes *bytes, GError **error)
{
	g_autofree char *path = g_build_filename(dir, SG_ROSTER_FILE, NULL);
	g_autofree char *new = g_strconcat(path, ".new", NULL);
	sg_autofd at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	sg_autofd fd = -1;
	struct stat st;
	gboolean ok;

	/* one that an import left which was cut short is nobody's */
	(void)unlink(new);
	ok = at != -1 && fstat(at, &st) == 0 &&
	    (fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) != -1 &&
	    (fchown(fd, (uid_t)-1, st.st_gid) == 0 || errno == EPERM) && fchmod(fd, 0640) == 0 &&
	    write_all(fd, bytes) && rename(new, path) == 0 && fsync(at) == 0;
	if (ok)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s; the roster of before stays in use", new, g_strerror(errno));
	if (fd != -1)
		(void)unlink(new);
	return FALSE;
}

gboolean
sg_roster_remove(const char *dir, gboolean *was, GError **error)
{
	static const char *const files[] = { SG_ROSTER_FILE, SG_ROSTER_FILE ".new", SG_ROSTER_KEYS };

	*was = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(dir, files[i], NULL);

		if (unlink(path) == 0)
			*was = TRUE;
		else if (errno != ENOENT && errno != ENOTDIR) {
			g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s", path, g_strerror(errno));
			return FALSE;
		}
	}
	return TRUE;
}
