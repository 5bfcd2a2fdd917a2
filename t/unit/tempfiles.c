/* fails-if: a library's temporary file is lost, cut, mixed up with a real one or left behind;
 *           what is refused is not remembered */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/tempfiles.h"

#define DIR_NAME SG_TEMPFILES "/20260101-scan.1"

static void
put(const char *path, const char *text, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);

	g_assert_cmpint(fd, !=, -1);
	g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
	g_assert_cmpint(close(fd), ==, 0);
}

static void
holds(const char *path, const char *text)
{
	char buf[100];
	int fd = open(path, O_RDONLY);
	struct stat st;
	gssize n;

	g_assert_cmpint(fd, !=, -1);
	g_assert_cmpint(fstat(fd, &st), ==, 0);
	g_assert_cmpint(st.st_size, ==, (gssize)strlen(text));
	n = read(fd, buf, sizeof buf);
	g_assert_cmpmem(buf, (gsize)n, text, strlen(text));
	g_assert_cmpint(close(fd), ==, 0);
}

static void
keeps_files(void)
{
	struct stat st;

	g_assert_cmpint(mkdir(DIR_NAME, 0700), ==, 0);
	g_assert_cmpint(mkdir(DIR_NAME "/", 0700), ==, -1);
	g_assert_cmpint(errno, ==, EEXIST);
	put(DIR_NAME "/a", "one", O_TRUNC);
	put(DIR_NAME "//b", "two", O_EXCL);
	holds(DIR_NAME "/a", "one");
	holds(DIR_NAME "/b", "two");
	put(DIR_NAME "/a", " more", O_APPEND);
	holds(DIR_NAME "//a", "one more");
	put(DIR_NAME "/a", "x", O_TRUNC);
	holds(DIR_NAME "/a", "x");
	g_assert_cmpint(open(DIR_NAME "/a", O_CREAT | O_EXCL | O_WRONLY, 0600), ==, -1);
	g_assert_cmpint(open(DIR_NAME "/none", O_RDONLY), ==, -1);
	g_assert_cmpint(errno, ==, ENOENT);
	g_assert_cmpint(stat(DIR_NAME, &st), ==, 0);
	g_assert_true(S_ISDIR(st.st_mode));
	g_assert_cmpint(lstat(DIR_NAME "/b", &st), ==, 0);
	g_assert_true(S_ISREG(st.st_mode) && st.st_size == 3);
	g_assert_cmpint(access(DIR_NAME "/b", R_OK), ==, 0);
	g_assert_cmpint(chmod(DIR_NAME, 0700), ==, 0);
	g_assert_cmpint(rmdir(DIR_NAME), ==, -1);
	g_assert_cmpint(errno, ==, ENOTEMPTY);
	g_assert_cmpint(unlink(DIR_NAME "/a"), ==, 0);
	g_assert_cmpint(access(DIR_NAME "/a", F_OK), ==, -1);
	g_assert_false(sg_tempfiles_clear());
	g_assert_cmpint(access(DIR_NAME, F_OK), ==, -1);
	g_assert_false(g_file_test(SG_TEMPFILES, G_FILE_TEST_EXISTS));
}

/* as libraries empty a directory: what is removed meanwhile makes no other one disappear */
static void
lists_while_removing(void)
{
	const struct dirent *d;
	guint files = 0, dirs = 0;
	DIR *dir;

	g_assert_cmpint(mkdir(DIR_NAME, 0700), ==, 0);
	g_assert_cmpint(mkdir(DIR_NAME "/sub", 0700), ==, 0);
	put(DIR_NAME "/sub/deep", "x", 0);
	for (guint i = 0; i < 40; i++) {
		g_autofree char *path = g_strdup_printf(DIR_NAME "/f%u", i);

		put(path, "x", 0);
	}
	dir = opendir(DIR_NAME);
	g_assert_nonnull(dir);
	while ((d = readdir(dir)) != NULL) {
		g_autofree char *path = g_strconcat(DIR_NAME "/", d->d_name, NULL);

		g_assert_cmpstr(d->d_name, !=, "deep");
		dirs += d->d_type == DT_DIR;
		files += d->d_type == DT_REG && unlink(path) == 0;
	}
	g_assert_cmpint(closedir(dir), ==, 0);
	g_assert_cmpuint(files, ==, 40);
	g_assert_cmpuint(dirs, ==, 1);
	g_assert_null(opendir(DIR_NAME "/f1"));
	g_assert_false(sg_tempfiles_clear());
}

static void
remembers_what_it_refused(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint i = 0;

	for (; i < 2000; i++) {
		g_autofree char *path = g_strdup_printf(DIR_NAME "/f%u", i);
		int fd = open(path, O_WRONLY | O_CREAT, 0600);

		if (fd == -1)
			break;
		(void)close(fd);
	}
	g_assert_cmpuint(i, >, 100);
	g_assert_cmpuint(i, <=, SG_TEMPFILES_MOST);
	g_assert_true(sg_tempfiles_clear());
	g_assert_false(sg_tempfiles_clear());

	for (i = 0; i < 100; i++)
		g_string_append(text, "0123456789");
	sg_tempfiles_limit(1500, 1000);
	put(DIR_NAME "/a", text->str, 0);
	g_assert_true(sg_tempfiles_clear());	/* as large as may be: it may have been cut */
	g_string_truncate(text, 999);
	put(DIR_NAME "/a", text->str, 0);
	put(DIR_NAME "/b", text->str, 0);
	g_assert_cmpint(open(DIR_NAME "/c", O_WRONLY | O_CREAT, 0600), ==, -1);
	g_assert_cmpint(errno, ==, ENOSPC);
	g_assert_cmpint(unlink(DIR_NAME "/a"), ==, 0);
	put(DIR_NAME "/c", "x", 0);
	g_assert_true(sg_tempfiles_clear());
	sg_tempfiles_limit(G_MAXUINT64, G_MAXUINT64);
}

/* every other name is the kernel's, as before */
static void
leaves_others_alone(void)
{
	g_autofree char *dir = g_dir_make_tmp("sg-temp-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(dir, "f", NULL), *sub = g_build_filename(dir, "d", NULL);
	const struct dirent *d;
	struct stat st;
	guint seen = 0;
	DIR *list;

	put(file, "real", O_EXCL);
	holds(file, "real");
	g_assert_cmpint(mkdir(sub, 0700), ==, 0);
	g_assert_cmpint(chmod(file, 0640), ==, 0);
	g_assert_cmpint(stat(file, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, 0640);
	g_assert_cmpint(access(file, R_OK), ==, 0);
	list = opendir(dir);
	while ((d = readdir(list)) != NULL)
		seen += d->d_name[0] != '.';
	rewinddir(list);
	while ((d = readdir(list)) != NULL)
		seen += d->d_name[0] != '.';
	g_assert_cmpint(closedir(list), ==, 0);
	g_assert_cmpuint(seen, ==, 4);
	g_assert_cmpint(rmdir(sub), ==, 0);
	g_assert_cmpint(unlink(file), ==, 0);
	g_assert_cmpint(rmdir(dir), ==, 0);
	g_assert_cmpint(lstat(dir, &st), ==, -1);
	g_assert_false(sg_tempfiles_clear());
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tempfiles/keeps-files", keeps_files);
	g_test_add_func("/tempfiles/lists-while-removing", lists_while_removing);
	g_test_add_func("/tempfiles/remembers-what-it-refused", remembers_what_it_refused);
	g_test_add_func("/tempfiles/leaves-others-alone", leaves_others_alone);
	return g_test_run();
}
