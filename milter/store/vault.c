#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/fault.h"
#include "base/fd.h"
#include "base/ref.h"
#include "store/vault.h"

struct SgVault {
	int    dir;	/* <place>/content */
	mode_t mode;
};

typedef DIR Dir;
static void
dir_free(Dir *d)
{
	closedir(d);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dir, dir_free)

/* Wrong rights need a person; all else passes: space comes back, disks are mounted again. */
static gboolean
failed(const char *what, GError **error)
{
	g_set_error(error, SG_ERR, errno == EACCES || errno == EPERM ? SG_ERR_SETUP : SG_ERR_LATER,
	    "held messages: %s: %s", what, g_strerror(errno));
	return FALSE;
}

static Dir *
open_dir(int at, const char *name)
{
	sg_autofd fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	Dir *d = fd == -1 ? NULL : fdopendir(fd);

	if (d != NULL)
		fd = -1;	/* d closes it */
	return d;
}

/* Makes the directory when it is missing, with the mode whatever the umask says. */
static int
make_dir(int at, const char *name, mode_t mode)
{
	sg_autofd fd = -1;
	gboolean made = mkdirat(at, name, mode & 0777) == 0;
	int out;

	if (!made && errno != EEXIST)
		return -1;
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 || (made && (fchmod(fd, mode) == -1 || fsync(at) == -1)))
		return -1;
	out = fd;
	fd = -1;
	return out;
}

SgVault *
sg_vault_open(const char *place, mode_t mode, GError **error)
{
	sg_autofd at = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int dir = at == -1 ? -1 : make_dir(at, "content", mode);
	SgVault *v;

	if (dir == -1) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s/content: %s", place, g_strerror(errno));
		return NULL;
	}
	v = g_new0(SgVault, 1);
	v->dir = dir;
	v->mode = mode;
	return v;
}

void
sg_vault_close(SgVault *v)
{
	if (v == NULL)
		return;
	close(v->dir);
	g_free(v);
}

/* References come from callers: only what base/ref.h makes becomes part of a path. */
static gboolean
sane(const char *ref)
{
	char out[SG_REF_LEN + 1];

	return sg_ref_parse(ref, out) && strcmp(ref, out) == 0;
}

static char *
shelf_name(const char *ref)
{
	return g_strndup(ref, 2);
}

static gboolean
write_all(int fd, SgSeal *seal)
{
	const guint8 *p;
	gsize n;

	while (sg_seal_next(seal, &p, &n)) {
		while (n > 0) {
			gssize w = write(fd, p, n);

			if (w == -1 && errno == EINTR)
				continue;
			if (w == -1)
				return FALSE;
			p += w;
			n -= (gsize)w;
		}
	}
	return TRUE;
}

/* Not every file system can rename without replacing; a link can. */
static gboolean
rename_new(int dir, const char *from, const char *to)
{
	if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
		return TRUE;
	if (errno != EINVAL && errno != ENOSYS)
		return FALSE;
	return linkat(dir, from, dir, to, 0) == 0 && unlinkat(dir, from, 0) == 0;
}

/* A fault point failed: the errno that the real failure would leave. */
static gboolean
faulty(const char *point, int as)
{
	if (!sg_fault(point))
		return FALSE;
	errno = as;
	return TRUE;
}

static gboolean
put_in(int dir, const char *temp, const char *name, mode_t mode, SgSeal *seal, GError **error)
{
	sg_autofd fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd == -1 || fchmod(fd, mode) == -1)
		return failed("create", error);
	if (faulty("store.content.write", ENOSPC) || !write_all(fd, seal))
		return failed("write", error);
	if (faulty("store.content.sync", EIO) || fsync(fd) == -1)
		return failed("sync", error);
	if (faulty("store.content.rename", EIO) || !rename_new(dir, temp, name))
		return failed("rename", error);
	return TRUE;
}

gboolean
sg_vault_put(SgVault *v, const char *ref, const char *object, SgSeal *seal, GError **error)
{
	g_autofree char *shelf = shelf_name(ref);
	g_autofree char *name = g_strdup_printf("%s.%s", ref, object);
	g_autofree char *temp = g_strdup_printf(".%s.%08x", name, randombytes_random());
	sg_autofd dir = -1;

	if (!sane(ref)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "not a reference");
		return FALSE;
	}
	dir = make_dir(v->dir, shelf, v->mode);
	if (dir == -1)
		return failed("directory", error);
	if (!put_in(dir, temp, name, v->mode & 0666, seal, error)) {
		unlinkat(dir, temp, 0);
		return FALSE;
	}
	if (fsync(dir) == -1) {
		failed("sync directory", error);
		unlinkat(dir, name, 0);
		return FALSE;
	}
	return TRUE;
}

static char *
path_of(const char *ref, const char *object)
{
	return sane(ref) ? g_strdup_printf("%.2s/%s.%s", ref, ref, object) : g_strdup("");
}

/* A read, not a map: a file that shrinks under a map would kill the program. */
static GBytes *
read_all(int fd)
{
	struct stat st;
	guint8 *p;
	gsize at = 0;

	if (fstat(fd, &st) == -1)
		return NULL;
	p = g_try_malloc((gsize)st.st_size + 1);
	if (p == NULL)
		return NULL;
	while (at < (gsize)st.st_size) {
		gssize r = read(fd, p + at, (gsize)st.st_size - at);

		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1) {
			g_free(p);
			return NULL;
		}
		if (r == 0)
			break;
		at += (gsize)r;
	}
	return g_bytes_new_take(p, at);
}

GBytes *
sg_vault_get(SgVault *v, const char *ref, const char *object, GError **error)
{
	g_autofree char *path = path_of(ref, object);
	sg_autofd fd = openat(v->dir, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	GBytes *b = fd == -1 ? NULL : read_all(fd);

	if (b == NULL && fd == -1 && errno == ENOENT)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s: no %s is kept", ref, object);
	else if (b == NULL)
		failed("read", error);
	return b;
}

gboolean
sg_vault_has(SgVault *v, const char *ref, const char *object)
{
	g_autofree char *path = path_of(ref, object);

	return faccessat(v->dir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* "7F3K9QXD.message" and ".7F3K9QXD.message.0a1b2c3d" belong to 7F3K9QXD. */
static gboolean
ref_of(const char *file, char ref[SG_REF_LEN + 1])
{
	const char *p = *file == '.' ? file + 1 : file;

	if (strlen(p) < SG_REF_LEN + 2 || p[SG_REF_LEN] != '.')
		return FALSE;
	g_strlcpy(ref, p, SG_REF_LEN + 1);
	return sane(ref);
}

gboolean
sg_vault_drop(SgVault *v, const char *ref, const char *object, GError **error)
{
	g_autofree char *shelf = shelf_name(ref);
	g_autofree char *name = object != NULL ? g_strdup_printf("%s.%s", ref, object) : NULL;
	g_autoptr(Dir) d = sane(ref) ? open_dir(v->dir, shelf) : NULL;
	struct dirent *e;
	char owner[SG_REF_LEN + 1];

	if (d == NULL)
		return !sane(ref) || errno == ENOENT || failed("open directory", error);
	while ((e = readdir(d)) != NULL) {
		if (!ref_of(e->d_name, owner) || strcmp(owner, ref) != 0 ||
		    (name != NULL && strcmp(name, e->d_name) != 0))
			continue;
		if (unlinkat(dirfd(d), e->d_name, 0) == -1 && errno != ENOENT)
			return failed("remove", error);
	}
	return TRUE;
}

static void
each_in(Dir *d, SgObjectFn fn, gpointer data)
{
	struct dirent *e;
	struct stat st;
	char ref[SG_REF_LEN + 1];

	while ((e = readdir(d)) != NULL)
		if (ref_of(e->d_name, ref) && fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			fn(ref, st.st_mtime, data);
}

gboolean
sg_vault_each(SgVault *v, SgObjectFn fn, gpointer data, GError **error)
{
	g_autoptr(Dir) top = open_dir(v->dir, ".");
	struct dirent *e;

	if (top == NULL)
		return failed("open directory", error);
	while ((e = readdir(top)) != NULL) {
		g_autoptr(Dir) shelf = strlen(e->d_name) == 2 && e->d_name[0] != '.'
		    ? open_dir(v->dir, e->d_name) : NULL;

		if (shelf != NULL)
			each_in(shelf, fn, data);
	}
	return TRUE;
}
