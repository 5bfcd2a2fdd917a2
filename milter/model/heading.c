#include <string.h>

#include "model/heading.h"
#include "model/message.h"

#define NAME_MOST 200	/* bytes of a name that are kept */

static void
mailbox_free(gpointer p)
{
	SgMailbox *m = p;

	g_free(m->name);
	g_free(m->address);
	g_free(m);
}

void
sg_heading_free(SgHeading *h)
{
	if (h == NULL)
		return;
	g_ptr_array_unref(h->visible);
	g_free(h);
}

/* One mailbox of a list, in the making. */
typedef struct Entry {
	GString *plain;		/* outside of quotes, comments and <> */
	GString *quoted;
	GString *angle;
	gboolean in_angle, has_angle, has_quoted;
} Entry;

static void
entry_reset(Entry *e)
{
	g_string_truncate(e->plain, 0);
	g_string_truncate(e->quoted, 0);
	g_string_truncate(e->angle, 0);
	e->in_angle = e->has_angle = e->has_quoted = FALSE;
}

/* An encoded name would have to be decoded: that is the scanner's work. */
static char *
name_of(const Entry *e)
{
	const GString *from = e->has_quoted && e->quoted->len > 0 ? e->quoted : e->plain;
	char *name;

	if (!e->has_angle || from->len > NAME_MOST || strstr(from->str, "=?") != NULL ||
	    !g_utf8_validate(from->str, (gssize)from->len, NULL))
		return g_strdup("");
	name = g_strdup(from->str);
	return g_strstrip(name);
}

static void
entry_end(Entry *e, SgHeading *h)
{
	const GString *from = e->has_angle ? e->angle : e->plain;
	g_autofree char *text = g_strndup(from->str, from->len), *address = sg_address_clean(g_strstrip(text));
	SgMailbox *m;

	if (address != NULL && address[0] != '@' && sg_address_domain(address)[0] != '\0') {
		if (h->visible->len < SG_HEADING_MOST) {
			m = g_new0(SgMailbox, 1);
			m->name = name_of(e);
			m->address = g_steal_pointer(&address);
			g_ptr_array_add(h->visible, m);
		} else
			h->more = TRUE;
	}
	entry_reset(e);
}

/* Past a quoted string or a comment, whose inside goes to out; p is on its first sign. */
static const char *
skip_enclosed(const char *p, const char *end, GString *out)
{
	const char closing = *p == '"' ? '"' : ')';
	guint depth = 1;

	for (p++; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (closing == ')' && *p == '(')
			depth++;
		else if (*p == closing && --depth == 0)
			return p + 1;
		if (out != NULL)
			g_string_append_c(out, *p);
	}
	return end;
}

static const char *
take(Entry *e, SgHeading *h, const char *p, const char *end)
{
	switch (*p) {
	case '"':
		e->has_quoted = TRUE;
		return skip_enclosed(p, end, e->in_angle ? e->angle : e->quoted);
	case '(':
		return skip_enclosed(p, end, NULL);
	case '<':
		e->in_angle = e->has_angle = TRUE;
		g_string_truncate(e->angle, 0);
		break;
	case '>':
		e->in_angle = FALSE;
		break;
	case ':':	/* the name of a group; within <> an old route, which nobody writes any more */
		entry_reset(e);
		break;
	case ',':
	case ';':
		entry_end(e, h);
		break;
	case '\r':
	case '\n':
		break;
	default:
		g_string_append_c(e->in_angle ? e->angle : e->plain, *p);
	}
	return p + 1;
}

static void
read_list(SgHeading *h, const char *p, const char *end)
{
	Entry e = { g_string_new(NULL), g_string_new(NULL), g_string_new(NULL), FALSE, FALSE, FALSE };

	while (p < end)
		p = take(&e, h, p, end);
	entry_end(&e, h);
	g_string_free(e.plain, TRUE);
	g_string_free(e.quoted, TRUE);
	g_string_free(e.angle, TRUE);
}

/* The end of the field that begins at p: before a line that does not go on. */
static const char *
field_end(const char *p, const char *end)
{
	while (p < end) {
		const char *lf = memchr(p, '\n', (gsize)(end - p));

		if (lf == NULL)
			return end;
		p = lf + 1;
		if (p < end && *p != ' ' && *p != '\t')
			return p;
	}
	return end;
}

static gboolean
is_named(const char *p, gsize n, const char *name)
{
	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	return n == strlen(name) && g_ascii_strncasecmp(p, name, n) == 0;
}

static void
read_field(SgHeading *h, const char *p, const char *end)
{
	const char *colon = memchr(p, ':', (gsize)(end - p));
	gsize n = colon != NULL ? (gsize)(colon - p) : 0;

	if (is_named(p, n, "To") || is_named(p, n, "Cc"))
		read_list(h, colon + 1, end);
	else if (is_named(p, n, "In-Reply-To") || is_named(p, n, "References"))
		h->reply = TRUE;
}

SgHeading *
sg_heading_read(GBytes *message)
{
	SgHeading *h = g_new0(SgHeading, 1);
	gsize len = 0;
	const char *p = message != NULL ? g_bytes_get_data(message, &len) : NULL;
	const char *end = p != NULL ? p + MIN(len, SG_HEADING_BYTES) : NULL;

	h->visible = g_ptr_array_new_with_free_func(mailbox_free);
	while (p != NULL && p < end && *p != '\r' && *p != '\n') {
		const char *next = field_end(p, end);

		read_field(h, p, next);
		p = next;
	}
	h->more = h->more || (p == end && len > SG_HEADING_BYTES);
	return h;
}
