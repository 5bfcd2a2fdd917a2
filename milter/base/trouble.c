#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/trouble.h"

/* name state since last count why, at fixed places: a row is read and written whole */
enum {
	AT_NAME = 0,
	AT_STATE = 10,
	AT_SINCE = 14,
	AT_LAST = 34,
	AT_COUNT = 54,
	AT_WHY = 74,
	WIDTH = 175
};

struct SgTrouble {
	int    fd;
	char  *path;
	GMutex lock;
	gint   on[SG_TROUBLE_N];	/* atomic */
};

static const char *const names[] = {
#define X(k) #k,
	SG_TROUBLES(X)
#undef X
};

static char *
path_of(const char *console_socket, const char *program)
{
	g_autofree char *dir = g_path_get_dirname(console_socket);

	return g_strdup_printf("%s/%s.trouble", dir, program);
}

static void
print_row(SgTroubleKind kind, const SgTroubleRow *r, char out[WIDTH + 1])
{
	g_snprintf(out, WIDTH + 1,
	    "%-9s %-3s %19" G_GINT64_FORMAT " %19" G_GINT64_FORMAT " %19" G_GUINT64_FORMAT
	    " %-100.100s\n",
	    names[kind], r->on ? "on" : "off", r->since, r->last, r->count, r->why);
}

static gboolean
number_at(const char *row, gsize at, gint64 *out)
{
	char *end;

	*out = g_ascii_strtoll(row + at, &end, 10);
	return end == row + at + 19 && *end == ' ' && *out >= 0;
}

static gboolean
parse_row(SgTroubleKind kind, const char *row, SgTroubleRow *out)
{
	SgTroubleRow r = { 0 };
	gint64 count;

	if (strncmp(row + AT_NAME, names[kind], strlen(names[kind])) != 0 ||
	    row[WIDTH - 1] != '\n' || !number_at(row, AT_SINCE, &r.since) ||
	    !number_at(row, AT_LAST, &r.last) || !number_at(row, AT_COUNT, &count))
		return FALSE;
	r.on = strncmp(row + AT_STATE, "on ", 3) == 0;
	r.count = (guint64)count;
	memcpy(r.why, row + AT_WHY, SG_TROUBLE_WHY);
	for (gsize i = 0; i < SG_TROUBLE_WHY; i++)
		if (!g_ascii_isprint(r.why[i]))
			return FALSE;
	(void)g_strchomp(r.why);
	*out = r;
	return TRUE;
}

static gboolean
write_row(SgTrouble *t, SgTroubleKind kind, const SgTroubleRow *r)
{
	char text[WIDTH + 1];

	print_row(kind, r, text);
	return pwrite(t->fd, text, WIDTH, (off_t)kind * WIDTH) == WIDTH;
}

SgTrouble *
sg_trouble_open(const char *console_socket, const char *program, GError **error)
{
	g_autoptr(SgTrouble) t = g_new0(SgTrouble, 1);
	const SgTroubleRow none = { 0 };
	gboolean ok;

	g_mutex_init(&t->lock);
	t->path = path_of(console_socket, program);
	/* read by the console's user, who shares a group with us */
	t->fd = open(t->path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
	ok = t->fd != -1 && fchmod(t->fd, 0640) == 0;
	for (guint k = 0; ok && k < SG_TROUBLE_N; k++)
		ok = write_row(t, k, &none);
	if (ok)
		return g_steal_pointer(&t);
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s: %s", t->path, g_strerror(errno));
	return NULL;
}

void
sg_trouble_close(SgTrouble *t)
{
	if (t == NULL)
		return;
	if (t->fd != -1)
		(void)unlink(t->path);
	sg_fd_done(&t->fd);
	g_mutex_clear(&t->lock);
	g_free(t->path);
	g_free(t);
}

/* The row on file counts: a child may have inherited an older view of it. */
static void
change(SgTrouble *t, SgTroubleKind kind, int now_on, gboolean again, const char *why)
{
	gint64 now = sg_clock_now();
	char text[WIDTH];
	SgTroubleRow r = { 0 };

	g_mutex_lock(&t->lock);
	if (pread(t->fd, text, WIDTH, (off_t)kind * WIDTH) != WIDTH || !parse_row(kind, text, &r))
		r = (SgTroubleRow){ 0 };
	if (now_on == 1 && !r.on)
		r.since = now;
	if (now_on != -1)
		r.on = now_on;
	if (again) {
		r.last = now;
		r.count++;
	}
	if (why != NULL)
		(void)g_strlcpy(r.why, why, sizeof r.why);
	for (char *p = r.why; *p != '\0'; p++)
		if (!g_ascii_isprint(*p))
			*p = '?';
	g_atomic_int_set(&t->on[kind], r.on);
	(void)write_row(t, kind, &r); /* nobody is left to tell */
	g_mutex_unlock(&t->lock);
}

void
sg_trouble_on(SgTrouble *t, SgTroubleKind kind, const char *why)
{
	if (t != NULL)
		change(t, kind, 1, TRUE, why != NULL ? why : "");
}

void
sg_trouble_off(SgTrouble *t, SgTroubleKind kind)
{
	if (sg_trouble_is_on(t, kind))
		change(t, kind, 0, FALSE, NULL);
}

gboolean
sg_trouble_is_on(SgTrouble *t, SgTroubleKind kind)
{
	return t != NULL && g_atomic_int_get(&t->on[kind]) != 0;
}

void
sg_trouble_count(SgTrouble *t, SgTroubleKind kind)
{
	if (t != NULL)
		change(t, kind, -1, TRUE, NULL);
}

gboolean
sg_trouble_read(const char *console_socket, const char *program, SgTroubleRow rows[SG_TROUBLE_N])
{
	g_autofree char *path = path_of(console_socket, program);
	sg_autofd fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char text[SG_TROUBLE_N * WIDTH];
	gboolean ok = fd != -1 && pread(fd, text, sizeof text, 0) == (gssize)sizeof text;

	memset(rows, 0, sizeof *rows * SG_TROUBLE_N);
	for (guint k = 0; ok && k < SG_TROUBLE_N; k++)
		ok = parse_row(k, text + k * WIDTH, &rows[k]);
	if (!ok)
		memset(rows, 0, sizeof *rows * SG_TROUBLE_N);
	return ok;
}
