/* oleprops - property sets, [MS-OLEPS]: what a document says of itself. */
#include <string.h>

#include "old/olejob.h"

#define MOST	 4096u	/* properties of a set, and strings of a vector */

/* Types of values. */
#define VT_I4	 3u
#define VT_R8	 5u
#define VT_LPSTR 30u
#define VT_LPWSTR 31u
#define VT_VECTOR 0x1000u
#define VT_VARIANT 12u

typedef struct Set {
	SgOleJob *job;
	const guint8 *p;
	gsize	  n;
	guint	  page;
	GString	 *out;
} Set;

/* A string at an offset: adds it as a line; where it ends, or n when that is nowhere. */
static gsize
put_string(Set *s, gsize at, gboolean wide)
{
	gsize size, left;

	if (at > s->n || s->n - at < 4)
		return s->n;
	size = sg_le32(s->p + at);
	left = s->n - at - 4;
	if (wide)
		size = size > G_MAXUINT32 / 2 ? left + 1 : size * 2;
	if (size > left)
		return s->n;
	at += 4;
	if (wide || s->page == 1200)
		sg_utf16le_append(s->p + at, size, s->out);
	else
		sg_codepage_append(s->job->pages, s->page, s->p + at, size, s->out);
	while (s->out->len > 0 && s->out->str[s->out->len - 1] == '\0')
		g_string_truncate(s->out, s->out->len - 1);
	g_string_append_c(s->out, '\n');
	return at + ((size + 3) & ~(gsize)3);
}

static void
put_vector(Set *s, gsize at, guint type)
{
	guint count;

	if (s->n - at < 4)
		return;
	count = MIN(sg_le32(s->p + at), MOST);
	at += 4;
	for (guint i = 0; i < count && at < s->n && s->n - at >= 4; i++) {
		guint one = type;

		if (type == VT_VARIANT) {
			one = sg_le32(s->p + at);
			at += 4;
		}
		if (one == VT_LPSTR || one == VT_LPWSTR)
			at = put_string(s, at, one == VT_LPWSTR);
		else
			at += 4;	/* the numbers between the headings of a document's parts */
	}
}

static void
put_value(Set *s, gsize at, gboolean numbers)
{
	guint type;

	if (at > s->n || s->n - at < 8)
		return;
	type = sg_le32(s->p + at);
	at += 4;
	if (type == VT_LPSTR || type == VT_LPWSTR)
		put_string(s, at, type == VT_LPWSTR);
	else if ((type & VT_VECTOR) != 0)
		put_vector(s, at, type & ~VT_VECTOR);
	else if (type == VT_I4 && numbers)
		g_string_append_printf(s->out, "%d\n", (gint32)sg_le32(s->p + at));
	else if (type == VT_R8 && numbers && s->n - at >= 8) {
		gdouble d;

		memcpy(&d, s->p + at, sizeof d);
		g_string_append_printf(s->out, "%.15g\n", d);
	}
}

/* The names that people gave to properties of their own. */
static void
put_names(Set *s, gsize at)
{
	guint count;

	if (at > s->n || s->n - at < 4)
		return;
	count = MIN(sg_le32(s->p + at), MOST);
	at += 4;
	for (guint i = 0; i < count && at < s->n && s->n - at >= 8; i++) {
		gsize size = sg_le32(s->p + at + 4), next;

		if (s->page == 1200 && size > (s->n - at) / 2)
			return;
		next = put_string(s, at + 4, s->page == 1200);
		/* eight-bit names are not padded */
		at = s->page == 1200 ? next : at + 8 + MIN(size, s->n - at);
	}
}

static void
put_section(Set *s, gboolean second)
{
	guint count;

	if (s->n < 8)
		return;
	count = (guint)MIN(MIN(sg_le32(s->p + 4), MOST), (s->n - 8) / 8);
	for (guint i = 0; i < count; i++)
		if (sg_le32(s->p + 8 + i * 8) == 1) {
			gsize at = sg_le32(s->p + 12 + i * 8);

			if (at <= s->n && s->n - at >= 6)
				s->page = sg_le16(s->p + at + 4);
		}
	for (guint i = 0; i < count; i++) {
		guint id = sg_le32(s->p + 8 + i * 8);
		gsize at = sg_le32(s->p + 12 + i * 8);

		if (id == 0)
			put_names(s, at);
		else if (id > 1)
			put_value(s, at, second);
	}
}

static gboolean
read_set(SgOleJob *j, guint entry, GError **error)
{
	g_autoptr(GBytes) b = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	const guint8 *p;
	gsize n;
	guint sections;

	if (!sg_ole_spend(j->sink, MIN(sg_ole_entry(j->ole, entry)->size,
	    g_bytes_get_size(sg_part_bytes(j->part))), error))
		return FALSE;
	b = sg_ole_read(j->ole, entry);
	p = g_bytes_get_data(b, &n);
	if (n < 48 || sg_le16(p) != 0xfffe)
		return TRUE;		/* swept with the rest */
	j->seen[entry] = 1;
	sections = MIN(sg_le32(p + 24), 2);
	for (guint i = 0; i < sections && n >= 48 + (gsize)i * 20; i++) {
		gsize at = sg_le32(p + 44 + i * 20);
		Set s = { j, p + MIN(at, n), n - MIN(at, n), 1252, out };

		put_section(&s, i == 1);
	}
	return sg_ole_say(j, out, error);
}

gboolean
sg_ole_properties(SgOleJob *j, GError **error)
{
	for (guint i = 1; i < sg_ole_count(j->ole); i++) {
		const SgOleEntry *e = sg_ole_entry(j->ole, i);

		if (e->type == SG_OLE_STREAM && !j->seen[i] && e->name[0] == '\005' &&
		    e->parent == 0 && !read_set(j, i, error))
			return FALSE;
	}
	return TRUE;
}
