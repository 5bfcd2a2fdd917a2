#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "ctl/mailbox.h"

#define BUFFER	(256u << 10)
#define LOOK	256u	/* of a line, to see whether a message begins there */

struct SgMailbox {
	GPtrArray *files;
	gsize	   max;
	guint64	   number;
	guint	   next;	/* file */
	/* the mbox that is being read */
	const char *name;	/* NULL: none is open */
	int	   fd;
	guint8	  *buf;
	gsize	   from, to;	/* what of buf is not used yet */
	guint64	   at;		/* place of buf[from] in the file */
	gboolean   end, failed;
};

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static gboolean
add_dir(GPtrArray *files, const char *dir, const char *suffix, GError **error)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, error);
	g_autoptr(GPtrArray) here = g_ptr_array_new();
	const char *name;

	if (d == NULL)
		return FALSE;
	while ((name = g_dir_read_name(d)) != NULL && files->len + here->len <= SG_MAILBOX_FILES)
		if (name[0] != '.' && g_str_has_suffix(name, suffix))
			g_ptr_array_add(here, g_build_filename(dir, name, NULL));
	g_ptr_array_sort(here, by_name);
	for (guint i = 0; i < here->len; i++)
		g_ptr_array_add(files, g_ptr_array_index(here, i));
	if (files->len <= SG_MAILBOX_FILES)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_LIMIT, "there are more than %u files; give less at a time",
	    SG_MAILBOX_FILES);
	return FALSE;
}

static gboolean
add_named(GPtrArray *files, const char *name, GError **error)
{
	g_autofree char *cur = g_build_filename(name, "cur", NULL);
	g_autofree char *new = g_build_filename(name, "new", NULL);
	gboolean is_cur = g_file_test(cur, G_FILE_TEST_IS_DIR);
	gboolean is_new = g_file_test(new, G_FILE_TEST_IS_DIR);
	guint before = files->len;

	if (g_file_test(name, G_FILE_TEST_IS_REGULAR)) {
		g_ptr_array_add(files, g_strdup(name));
		return TRUE;
	}
	if (!g_file_test(name, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "%s is neither a file nor a directory", name);
		return FALSE;
	}
	if ((is_cur && !add_dir(files, cur, "", error)) || (is_new && !add_dir(files, new, "", error)))
		return FALSE;
	if (!is_cur && !is_new && !add_dir(files, name, ".eml", error))
		return FALSE;
	if (files->len > before || is_cur || is_new)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_INPUT,
	    "%s has no mail: it is no maildir, and no file in it ends in .eml", name);
	return FALSE;
}

SgMailbox *
sg_mailbox_open(char *const *names, gsize max, GError **error)
{
	g_autoptr(SgMailbox) b = g_new0(SgMailbox, 1);

	b->fd = -1;
	b->max = max;
	b->files = g_ptr_array_new_with_free_func(g_free);
	b->buf = g_malloc(BUFFER);
	for (; *names != NULL; names++)
		if (!add_named(b->files, *names, error))
			return NULL;
	return g_steal_pointer(&b);
}

static void
close_file(SgMailbox *b)
{
	if (b->fd != -1)
		(void)close(b->fd);
	b->fd = -1;
	b->name = NULL;
}

void
sg_mailbox_free(SgMailbox *b)
{
	if (b == NULL)
		return;
	close_file(b);
	g_ptr_array_unref(b->files);
	g_free(b->buf);
	g_free(b);
}

/* --- bytes ------------------------------------------------------------------- */

/* At least LOOK bytes lie in buf, or all there are. */
static void
fill(SgMailbox *b)
{
	if (b->to - b->from >= LOOK || b->end)
		return;
	memmove(b->buf, b->buf + b->from, b->to - b->from);
	b->to -= b->from;
	b->from = 0;
	while (b->to < BUFFER && !b->end) {
		gssize n = read(b->fd, b->buf + b->to, BUFFER - b->to);

		if (n == -1 && errno == EINTR)
			continue;
		b->failed = b->failed || n == -1;
		b->end = n <= 0;
		b->to += n > 0 ? (gsize)n : 0;
	}
}

static void
open_next(SgMailbox *b)
{
	b->name = g_ptr_array_index(b->files, b->next++);
	b->fd = open(b->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	b->from = b->to = 0;
	b->at = 0;
	b->failed = b->fd == -1;
	b->end = b->fd == -1;
	fill(b);
}

/* "From ann@x.example Mon Mar  2 10:40:00 2026": with a time, which prose seldom has. */
static gboolean
begins_message(const SgMailbox *b)
{
	const guint8 *p = b->buf + b->from;
	gsize n = MIN(b->to - b->from, LOOK);

	if (n < 5 || memcmp(p, "From ", 5) != 0)
		return FALSE;
	for (gsize i = 6; i + 2 < n && p[i] != '\n'; i++)
		if (p[i] == ':' && g_ascii_isdigit(p[i - 1]) && g_ascii_isdigit(p[i + 1]))
			return TRUE;
	return FALSE;
}

/* ">From ", ">>From " of an mbox: how many ">" stand there. */
static gsize
quoted_from(const SgMailbox *b)
{
	const guint8 *p = b->buf + b->from;
	gsize n = b->to - b->from, i = 0;

	while (i < n && i < LOOK / 2 && p[i] == '>')
		i++;
	return i > 0 && n - i >= 5 && memcmp(p + i, "From ", 5) == 0 ? i : 0;
}

/* The rest of the line, or as much of it as is there, goes to out (NULL: nowhere).
 * TRUE when the line has ended. */
static gboolean
take_line(SgMailbox *b, GByteArray *out)
{
	const guint8 *p = b->buf + b->from;
	const guint8 *eol = memchr(p, '\n', b->to - b->from);
	gsize n = eol != NULL ? (gsize)(eol - p) + 1 : b->to - b->from;

	if (out != NULL && out->len <= b->max)
		g_byte_array_append(out, p, (guint)n);
	b->from += n;
	b->at += n;
	return eol != NULL;
}

static gboolean
is_blank(const SgMailbox *b)
{
	const guint8 *p = b->buf + b->from;
	gsize n = b->to - b->from;

	return n > 0 && (p[0] == '\n' || (n > 1 && p[0] == '\r' && p[1] == '\n'));
}

/* From here to the next message, or to the end. */
static void
take_message(SgMailbox *b, gboolean mbox, GByteArray *out)
{
	gboolean begins = TRUE, blank = FALSE;

	if (mbox)
		while (b->from < b->to && !take_line(b, NULL))
			fill(b);
	for (fill(b); b->from < b->to; fill(b)) {
		if (mbox && begins && blank && begins_message(b))
			return;
		if (mbox && begins && quoted_from(b) > 0) {
			b->from++;
			b->at++;
		}
		blank = begins && is_blank(b);
		begins = take_line(b, out);
	}
}

/* --- messages ----------------------------------------------------------------- */

/* A file that is no mbox and is not wanted need not be read. */
static gboolean
is_mbox(const SgMailbox *b)
{
	return b->at == 0 && b->to - b->from >= 5 && memcmp(b->buf + b->from, "From ", 5) == 0;
}

gboolean
sg_mailbox_next(SgMailbox *b, gboolean keep, SgMail *out)
{
	g_autoptr(GByteArray) bytes = keep ? g_byte_array_new() : NULL;
	gboolean mbox;

	if (b->name != NULL && b->from == b->to && b->end)
		close_file(b);
	if (b->name == NULL && b->next == b->files->len)
		return FALSE;
	if (b->name == NULL)
		open_next(b);
	mbox = b->at > 0 || is_mbox(b);
	*out = (SgMail){ .number = ++b->number, .file = b->name, .at = b->at };
	if (mbox || keep)
		take_message(b, mbox, bytes);
	if (b->failed)
		out->why = "it cannot be read";
	else if (keep && bytes->len > b->max)
		out->why = "it is larger than milter.max_size";
	else if (keep && bytes->len == 0)
		out->why = "it is empty";
	else if (keep)
		out->bytes = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
	if (!mbox || b->failed)
		close_file(b);
	return TRUE;
}
