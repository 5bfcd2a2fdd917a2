#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "scan/tempfiles.h"

#define PATH_MOST 4096u

/*
 * The C library's headers turn some of these names into others; so the functions
 * have names of their own here, and the real ones only for the linker.
 */
#define STANDS_FOR(name) __asm__(name) __attribute__((visibility("default")))

int mem_open64(const char *path, int flags, ...) STANDS_FOR("open64");
int mem_mkdir(const char *path, mode_t mode) STANDS_FOR("mkdir");
int mem_rmdir(const char *path) STANDS_FOR("rmdir");
int mem_unlink(const char *path) STANDS_FOR("unlink");
int mem_chmod(const char *path, mode_t mode) STANDS_FOR("chmod");
int mem_access(const char *path, int how) STANDS_FOR("access");
int mem_stat64(const char *path, struct stat *st) STANDS_FOR("stat64");
int mem_lstat64(const char *path, struct stat *st) STANDS_FOR("lstat64");
int mem_fstat64(int fd, struct stat *st) STANDS_FOR("fstat64");
DIR *mem_opendir(const char *path) STANDS_FOR("opendir");
struct dirent *mem_readdir64(DIR *dir) STANDS_FOR("readdir64");
void mem_rewinddir(DIR *dir) STANDS_FOR("rewinddir");
int mem_closedir(DIR *dir) STANDS_FOR("closedir");

/* Files are as large as they like here: the names without a 64 mean the same. */
#define ALSO(name) STANDS_FOR(name) __attribute__((alias(name "64")))
int mem_open(const char *path, int flags, ...) ALSO("open");
int mem_stat(const char *path, struct stat *st) ALSO("stat");
int mem_lstat(const char *path, struct stat *st) ALSO("lstat");
int mem_fstat(int fd, struct stat *st) ALSO("fstat");
struct dirent *mem_readdir(DIR *dir) ALSO("readdir");

typedef struct {
	char *path;
	int   fd;	/* -1: a directory */
} Entry;

typedef struct {
	char	     *path;
	guint	      next;	/* entry of the table to look at */
	struct dirent now;
} Listing;

typedef struct {
	GArray	 *entries;	/* Entry    */
	GPtrArray *listings;	/* Listing  */
	guint64	  most, largest;
	gboolean  refused;
} Table;

static Table *
table(void)
{
	static Table t;

	if (t.entries == NULL) {
		t.entries = g_array_new(FALSE, FALSE, sizeof(Entry));
		t.listings = g_ptr_array_new();
		t.most = t.largest = G_MAXUINT64;
	}
	return &t;
}

/* The name without double and trailing slashes, when it is one of ours. */
static gboolean
is_ours(const char *path, char out[PATH_MOST])
{
	gsize n = 0;

	if (path == NULL || strncmp(path, SG_TEMPFILES, sizeof SG_TEMPFILES - 1) != 0)
		return FALSE;
	for (const char *p = path; *p != '\0' && n < PATH_MOST - 1; p++)
		if (*p != '/' || (p[1] != '/' && p[1] != '\0'))
			out[n++] = *p;
	out[n] = '\0';
	return TRUE;
}

static Entry *
find(const char *path)
{
	GArray *e = table()->entries;

	for (guint i = e->len; i > 0; i--)	/* the newest are asked for most */
		if (strcmp(g_array_index(e, Entry, i - 1).path, path) == 0)
			return &g_array_index(e, Entry, i - 1);
	return NULL;
}

static int
fail(int why)
{
	errno = why;
	return -1;
}

static int
refuse(int why)
{
	table()->refused = TRUE;
	return fail(why);
}

static guint64
size_of(int fd)
{
	struct stat st;

	return syscall(SYS_fstat, fd, &st) == 0 ? (guint64)st.st_size : 0;
}

static void
forget(Entry *e)
{
	Table *t = table();
	guint at = (guint)(e - &g_array_index(t->entries, Entry, 0));

	if (e->fd != -1 && size_of(e->fd) >= t->largest)
		t->refused = TRUE;
	g_free(e->path);
	sg_fd_done(&e->fd);
	(void)g_array_remove_index(t->entries, at);
	for (guint i = 0; i < t->listings->len; i++) {	/* those behind it moved up */
		Listing *l = g_ptr_array_index(t->listings, i);

		l->next -= l->next > at;
	}
}

static gboolean
has_room(const Table *t)
{
	guint64 all = 0;

	if (t->entries->len >= SG_TEMPFILES_MOST)
		return FALSE;
	for (guint i = 0; i < t->entries->len; i++) {
		int fd = g_array_index(t->entries, Entry, i).fd;

		all += fd == -1 ? 0 : size_of(fd);
	}
	return all < t->most;
}

static int
open_ours(const char *path, int flags)
{
	Table *t = table();
	Entry *e = find(path);
	int fd;

	if (e != NULL && (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0)
		return fail(EEXIST);
	if (e == NULL && (flags & O_CREAT) == 0)
		return fail(ENOENT);
	if (e != NULL && e->fd == -1)
		return fail(EISDIR);
	if (e == NULL) {
		Entry made = { .path = NULL, .fd = has_room(t) ? memfd_create("t", MFD_CLOEXEC) : -1 };

		if (made.fd == -1)
			return refuse(ENOSPC);
		made.path = g_strdup(path);
		g_array_append_val(t->entries, made);
		e = &g_array_index(t->entries, Entry, t->entries->len - 1);
	}
	if ((flags & O_TRUNC) != 0 && ftruncate(e->fd, 0) == -1)
		return refuse(EIO);
	fd = dup(e->fd);
	if (fd == -1)
		return refuse(EMFILE);
	(void)lseek(fd, 0, (flags & O_APPEND) != 0 ? SEEK_END : SEEK_SET);
	return fd;
}

int
mem_open64(const char *path, int flags, ...)
{
	char ours[PATH_MOST];
	mode_t mode = 0;
	va_list more;

	va_start(more, flags);
	if ((flags & (O_CREAT | __O_TMPFILE)) != 0)
		mode = va_arg(more, mode_t);
	va_end(more);
	return is_ours(path, ours) ? open_ours(ours, flags)
				   : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int
mem_mkdir(const char *path, mode_t mode)
{
	char ours[PATH_MOST];
	Entry made = { .fd = -1 };

	if (!is_ours(path, ours))
		return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
	if (find(ours) != NULL)
		return fail(EEXIST);
	if (!has_room(table()))
		return refuse(ENOSPC);
	made.path = g_strdup(ours);
	g_array_append_val(table()->entries, made);
	return 0;
}

/* Is path the directory dir, or below it?  Sets *rest to what follows. */
static gboolean
is_below(const char *path, const char *dir, const char **rest)
{
	gsize n = strlen(dir);

	*rest = path + n + 1;
	return strncmp(path, dir, n) == 0 && path[n] == '/';
}

static gboolean
is_empty(const char *dir)
{
	const GArray *e = table()->entries;
	const char *rest;

	for (guint i = 0; i < e->len; i++)
		if (is_below(g_array_index(e, Entry, i).path, dir, &rest))
			return FALSE;
	return TRUE;
}

int
mem_rmdir(const char *path)
{
	char ours[PATH_MOST];
	Entry *e;

	if (!is_ours(path, ours))
		return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
	e = find(ours);
	if (e == NULL || e->fd != -1)
		return fail(e == NULL ? ENOENT : ENOTDIR);
	if (!is_empty(ours))
		return fail(ENOTEMPTY);
	forget(e);
	return 0;
}

int
mem_unlink(const char *path)
{
	char ours[PATH_MOST];
	Entry *e;

	if (!is_ours(path, ours))
		return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
	e = find(ours);
	if (e == NULL || e->fd == -1)
		return fail(e == NULL ? ENOENT : EISDIR);
	forget(e);
	return 0;
}

int
mem_chmod(const char *path, mode_t mode)
{
	char ours[PATH_MOST];

	if (!is_ours(path, ours))
		return (int)syscall(SYS_fchmodat, AT_FDCWD, path, mode);
	return find(ours) != NULL ? 0 : fail(ENOENT);
}

int
mem_access(const char *path, int how)
{
	char ours[PATH_MOST];

	if (!is_ours(path, ours))
		return (int)syscall(SYS_faccessat, AT_FDCWD, path, how);
	return find(ours) != NULL ? 0 : fail(ENOENT);
}

static int
stat_any(const char *path, struct stat *st, int flags)
{
	char ours[PATH_MOST];
	const Entry *e;

	if (!is_ours(path, ours))
		return (int)syscall(SYS_newfstatat, AT_FDCWD, path, st, flags);
	e = find(ours);
	if (e == NULL)
		return fail(ENOENT);
	if (e->fd != -1)
		return (int)syscall(SYS_fstat, e->fd, st);
	*st = (struct stat){ .st_mode = S_IFDIR | 0700, .st_nlink = 2 };
	return 0;
}

int
mem_stat64(const char *path, struct stat *st)
{
	return stat_any(path, st, 0);
}

int
mem_lstat64(const char *path, struct stat *st)
{
	return stat_any(path, st, AT_SYMLINK_NOFOLLOW);
}

/* The C library asks with a call that a worker may not make (base/sandbox.c). */
int
mem_fstat64(int fd, struct stat *st)
{
	return (int)syscall(SYS_fstat, fd, st);
}

DIR *
mem_opendir(const char *path)
{
	char ours[PATH_MOST];
	DIR *(*real)(const char *);
	Listing *l;
	const Entry *e;

	if (!is_ours(path, ours)) {
		*(void **)&real = dlsym(RTLD_NEXT, "opendir");
		return real(path);
	}
	e = find(ours);
	if (e == NULL || e->fd != -1) {
		errno = e == NULL ? ENOENT : ENOTDIR;
		return NULL;
	}
	l = g_new0(Listing, 1);
	l->path = g_strdup(ours);
	g_ptr_array_add(table()->listings, l);
	return (DIR *)l;
}

static Listing *
listing(DIR *dir)
{
	const GPtrArray *all = table()->listings;

	for (guint i = 0; i < all->len; i++)
		if (g_ptr_array_index(all, i) == (gpointer)dir)
			return g_ptr_array_index(all, i);
	return NULL;
}

struct dirent *
mem_readdir64(DIR *dir)
{
	struct dirent *(*real)(DIR *);
	const GArray *e = table()->entries;
	Listing *l = listing(dir);
	const char *rest;

	if (l == NULL) {
		*(void **)&real = dlsym(RTLD_NEXT, "readdir64");
		return real(dir);
	}
	while (l->next < e->len) {
		const Entry *one = &g_array_index(e, Entry, l->next++);

		if (!is_below(one->path, l->path, &rest) || strchr(rest, '/') != NULL)
			continue;
		l->now = (struct dirent){ .d_ino = l->next, .d_type = one->fd == -1 ? DT_DIR : DT_REG };
		g_strlcpy(l->now.d_name, rest, sizeof l->now.d_name);
		return &l->now;
	}
	return NULL;
}

void
mem_rewinddir(DIR *dir)
{
	void (*real)(DIR *);
	Listing *l = listing(dir);

	if (l != NULL) {
		l->next = 0;
		return;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "rewinddir");
	real(dir);
}

int
mem_closedir(DIR *dir)
{
	int (*real)(DIR *);
	Listing *l = listing(dir);

	if (l == NULL) {
		*(void **)&real = dlsym(RTLD_NEXT, "closedir");
		return real(dir);
	}
	g_ptr_array_remove_fast(table()->listings, l);
	g_free(l->path);
	g_free(l);
	return 0;
}

void
sg_tempfiles_limit(guint64 bytes, guint64 one)
{
	table()->most = bytes;
	table()->largest = one;
}

gboolean
sg_tempfiles_clear(void)
{
	Table *t = table();
	gboolean refused;

	while (t->entries->len > 0)
		forget(&g_array_index(t->entries, Entry, t->entries->len - 1));
	refused = t->refused;
	t->refused = FALSE;
	return refused;
}
