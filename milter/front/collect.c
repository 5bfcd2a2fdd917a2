#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/sealed.h"
#include "base/wire.h"
#include "front/collect.h"

#define FIRST_ROOM 16384u	/* holds most mails without growing */
#define SEALS	   (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static void
own_free(gpointer p)
{
	SgOwnHeader *h = p;

	g_free(h->name);
	g_free(h->value);
	g_free(h);
}

SgCollect *
sg_collect_new(gsize max)
{
	SgCollect *c = g_new0(SgCollect, 1);

	c->max = max;
	c->fd = -1;
	return c;
}

static void
let_go(SgCollect *c)
{
	g_clear_pointer(&c->buf, g_free);
	c->len = c->room = 0;
	if (c->fd != -1)
		close(c->fd);
	c->fd = -1;
}

void
sg_collect_free(SgCollect *c)
{
	if (c == NULL)
		return;
	let_go(c);
	g_free(c->message_id);
	g_clear_pointer(&c->own, g_ptr_array_unref);
	g_free(c);
}

static void
drop(SgCollect *c, int why)
{
	if (c->failed == 0)
		c->failed = why != 0 ? why : EIO;
	let_go(c);
}

static gboolean
write_all(int fd, const char *p, gsize len)
{
	while (len > 0) {
		gssize n = write(fd, p, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return FALSE;
		p += n;
		len -= (gsize)n;
	}
	return TRUE;
}

/* From memory into the memfd, which is made here. */
static gboolean
spill(SgCollect *c)
{
	c->fd = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (c->fd == -1 || !write_all(c->fd, c->buf, c->len)) {
		drop(c, errno);
		return FALSE;
	}
	return TRUE;
}

static gboolean
make_room(SgCollect *c, gsize len)
{
	gsize room = MAX(c->room * 2, FIRST_ROOM);
	char *grown;

	if (c->len + len <= c->room)
		return TRUE;
	while (room < c->len + len)
		room *= 2;
	grown = g_try_realloc(c->buf, room);
	if (grown == NULL) {
		drop(c, ENOMEM);
		return FALSE;
	}
	c->buf = grown;
	c->room = room;
	return TRUE;
}

/* A message above the limit will be refused: from there on it is only counted. */
static void
append(SgCollect *c, const void *data, gsize len)
{
	c->size += len;
	if (c->size > c->max && !c->too_large) {
		c->too_large = TRUE;
		let_go(c);
	}
	if (c->too_large || c->failed != 0 || len == 0)
		return;
	if (c->fd == -1 && c->len + len > SG_COLLECT_SPILL) {
		if (!spill(c))
			return;
		g_clear_pointer(&c->buf, g_free);
		c->len = c->room = 0;
	}
	if (c->fd != -1) {
		if (!write_all(c->fd, data, len))
			drop(c, errno);
	} else if (make_room(c, len)) {
		memcpy(c->buf + c->len, data, len);
		c->len += len;
	}
}

static char *
unfold(const char *value)
{
	char *s = g_strdup(value);
	char *to = s;

	for (const char *p = s; *p != '\0'; p++)
		if (*p != '\r' && *p != '\n')
			*to++ = *p;
	*to = '\0';
	return g_strstrip(s);
}

/* The index counts all fields of that name, as the mail server does. */
static void
note_own(SgCollect *c, const char *name, gsize len, const char *value)
{
	SgOwnHeader *h;

	if (c->own == NULL)
		c->own = g_ptr_array_new_with_free_func(own_free);
	if (c->own->len >= SG_COLLECT_OWN) {
		c->own_flood = TRUE;
		return;
	}
	h = g_new0(SgOwnHeader, 1);
	h->name = g_strndup(name, len);
	h->value = unfold(value);
	h->index = 1;
	for (guint i = 0; i < c->own->len; i++) {
		const SgOwnHeader *other = g_ptr_array_index(c->own, i);

		if (g_ascii_strcasecmp(other->name, h->name) == 0)
			h->index++;
	}
	g_ptr_array_add(c->own, h);
}

static void
note_message_id(SgCollect *c, const char *value)
{
	g_autofree char *flat = unfold(value);
	gsize len = strlen(flat);

	if (len >= 2 && flat[0] == '<' && flat[len - 1] == '>') {
		flat[len - 1] = '\0';
		memmove(flat, flat + 1, len - 1);
	}
	if (flat[0] != '\0')
		c->message_id = sg_wire_cut(flat);
}

static gboolean
is_field(const char *name, gsize len, const char *wanted)
{
	return len == strlen(wanted) && g_ascii_strncasecmp(name, wanted, len) == 0;
}

/* "no", also with parameters or a comment, is a person's mail; everything else a program's. */
static gboolean
says_automatic(const char *value)
{
	g_autofree char *flat = unfold(value);
	const char *p = flat;

	return *p != '\0' && (g_ascii_strncasecmp(p, "no", 2) != 0 || g_ascii_isalpha(p[2]) || p[2] == '-');
}

void
sg_collect_header(SgCollect *c, const char *name, const char *value, gboolean bare)
{
	gsize n = strlen(name), named = n;
	const char *p = value, *lf;

	while (named > 0 && g_ascii_isspace(name[named - 1]))
		named--;
	if (g_ascii_strncasecmp(name, SG_OWN_PREFIX, strlen(SG_OWN_PREFIX)) == 0)
		note_own(c, name, named, value);
	else if (c->message_id == NULL && is_field(name, named, "Message-ID"))
		note_message_id(c, value);
	else if (is_field(name, named, "Auto-Submitted"))
		c->automatic = c->automatic || says_automatic(value);
	append(c, name, n);
	append(c, bare ? ": " : ":", bare ? 2 : 1);
	/* folds arrive with LF alone; whatever has its CR keeps it */
	while ((lf = strchr(p, '\n')) != NULL) {
		append(c, p, (gsize)(lf - p));
		if (lf > value && lf[-1] == '\r')
			append(c, "\n", 1);
		else
			append(c, "\r\n", 2);
		p = lf + 1;
	}
	append(c, p, strlen(p));
	append(c, "\r\n", 2);
}

static void
end_header(SgCollect *c)
{
	if (!c->in_body)
		append(c, "\r\n", 2);
	c->in_body = TRUE;
}

void
sg_collect_body(SgCollect *c, const void *data, gsize len)
{
	end_header(c);
	append(c, data, len);
}

/* Small messages stay in memory beside their memfd, which is cheaper than a
 * mapping; large ones are mapped, so that they exist once. */
GBytes *
sg_collect_seal(SgCollect *c, GError **error)
{
	gboolean small = c->fd == -1;
	GBytes *bytes;

	end_header(c);
	if (c->too_large) {
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "%" G_GSIZE_FORMAT " bytes, limit %"
		    G_GSIZE_FORMAT, c->size, c->max);
		return NULL;
	}
	if (c->failed == 0 && small)
		(void)spill(c);
	if (c->failed == 0 && fcntl(c->fd, F_ADD_SEALS, SEALS) == -1)
		drop(c, errno);
	if (c->failed != 0) {
		g_set_error(error, SG_ERR, SG_ERR_LATER, "collecting the message: %s",
		    g_strerror(c->failed));
		return NULL;
	}
	c->sealed = TRUE;
	if (!small)
		return sg_sealed_take(fcntl(c->fd, F_DUPFD_CLOEXEC, 3), c->max, error);
	bytes = g_bytes_new_take(c->buf, c->len);
	c->buf = NULL;
	c->len = c->room = 0;
	return bytes;
}
