/* vba - the source of macros, [MS-OVBA]. */
#include <string.h>

#include "old/olejob.h"

#define CHUNK	4096u
#define MOST	(8u << 20)	/* characters of one module */

/* One token that points back: where and how many, by how far the chunk has come. */
static gboolean
copy_back(GString *out, gsize chunk, guint token, gsize stop)
{
	gsize done = out->len - chunk, from, n;
	guint bits = 4;

	while ((1u << bits) < done)
		bits++;
	from = (token >> (16 - bits)) + 1;
	n = (token & (0xffffu >> bits)) + 3;
	if (from > done)
		return FALSE;
	for (; n > 0 && out->len < stop; n--)
		g_string_append_c(out, out->str[out->len - from]);
	return TRUE;
}

static gboolean
unpack_chunk(GString *out, const guint8 *p, gsize n)
{
	gsize chunk = out->len, at = 0;

	while (at < n) {
		guint flags = p[at++];

		for (guint bit = 0; bit < 8 && at < n; bit++) {
			if ((flags >> bit & 1) == 0) {
				g_string_append_c(out, (char)p[at++]);
				continue;
			}
			if (n - at < 2 || !copy_back(out, chunk, sg_le16(p + at), chunk + CHUNK))
				return FALSE;
			at += 2;
		}
	}
	return TRUE;
}

GString *
sg_vba_unpack(const guint8 *p, gsize len, gsize max)
{
	GString *out;
	gsize at = 1;

	if (len < 4 || p[0] != 1 || (p[2] >> 4 & 7) != 3)
		return NULL;
	out = g_string_new(NULL);
	while (len - at >= 2 && out->len < max) {
		guint header = sg_le16(p + at);
		gsize n = MIN((gsize)(header & 0xfff) + 1, len - at - 2), before = out->len;

		at += 2;
		if ((header >> 12 & 7) != 3)
			break;
		if ((header & 0x8000) == 0)
			g_string_append_len(out, (const char *)p + at, (gssize)n);
		else if (!unpack_chunk(out, p + at, n))
			break;
		if (out->len == before)		/* no honest chunk is empty; many would cost time */
			break;
		at += n;
	}
	return out;
}

/* The source stands behind the compiled code.  The dir stream tells where, but code
 * that hides need not keep to it: every place that unpacks to a line is tried. */
static gboolean
read_module(SgOleJob *j, GBytes *stream, guint page, GError **error)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(stream, &n), *q = p;
	guint64 unpacked = 0;
	g_autoptr(GString) text = g_string_new(NULL);

	while (n > 8 && (q = memchr(q, 1, n - 4 - (gsize)(q - p))) != NULL) {
		g_autoptr(GString) raw = NULL;

		/* a first chunk that is packed and starts with letters */
		if ((q[2] >> 4) == 0xb && q[3] == 0 && (q[4] == 'A' || q[4] == '\r' || g_ascii_isalpha(q[4]) ||
		    q[4] == '\''))
			raw = sg_vba_unpack(q, n - (gsize)(q - p), MOST);
		if (raw != NULL) {
			unpacked += raw->len + CHUNK;
			if (!j->sink->spend(j->sink, MIN(raw->len, 1u << 20), error))
				return FALSE;
		}
		if (raw != NULL && raw->len > 8 && g_utf8_validate(raw->str, 8, NULL)) {
			sg_codepage_append(j->pages, page, raw->str, raw->len, text);
			g_string_append_c(text, '\n');
			if (g_str_has_prefix(raw->str, "Attribut"))
				break;
		}
		if (unpacked > (guint64)n * 16 + MOST) {
			j->sink->limit(j->sink, "unpacked");
			break;
		}
		q++;
		if ((gsize)(q - p) + 4 >= n)
			break;
	}
	return sg_ole_say(j, text, error);
}

/* PROJECTCODEPAGE, record 3 of the dir stream. */
static guint
project_page(SgOleJob *j, gint storage)
{
	g_autoptr(GBytes) b = sg_ole_take(j, storage, "dir", NULL);
	g_autoptr(GString) dir = NULL;
	gsize n;
	const guint8 *p;

	if (b == NULL)
		return 1252;
	p = g_bytes_get_data(b, &n);
	dir = sg_vba_unpack(p, n, 1u << 20);
	for (gsize at = 0; dir != NULL && dir->len - at >= 8;) {
		const guint8 *r = (const guint8 *)dir->str + at;
		guint32 size = sg_le32(r + 2);

		if (sg_le16(r) == 3 && size == 2)
			return sg_le16(r + 6);
		if (size > dir->len - at - 6)
			break;
		at += 6 + (gsize)size;
	}
	return 1252;
}

static gboolean
read_project(SgOleJob *j, gint storage, GError **error)
{
	guint page = project_page(j, storage);

	for (guint i = (guint)storage + 1, end = sg_ole_end(j->ole, storage); i < end; i++) {
		const SgOleEntry *e = sg_ole_entry(j->ole, i);
		g_autoptr(GBytes) b = NULL;
		gboolean cache = g_str_has_prefix(e->name, "__SRP_") || g_str_has_prefix(e->name, "_VBA_");

		if (e->parent != storage || e->type != SG_OLE_STREAM || j->seen[i])
			continue;
		if (cache)
			continue;
		if (!sg_ole_spend(j->sink, MIN(e->size, g_bytes_get_size(sg_part_bytes(j->part))), error))
			return FALSE;
		b = sg_ole_read(j->ole, i);
		if (!read_module(j, b, page, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
sg_vba_read(SgOleJob *j, GError **error)
{
	for (guint i = 1; i < sg_ole_count(j->ole); i++) {
		const SgOleEntry *e = sg_ole_entry(j->ole, i);

		if (e->type != SG_OLE_STORAGE || j->seen[i] || g_ascii_strcasecmp(e->name, "VBA") != 0)
			continue;
		sg_part_kind(j->part, "macro");
		if (!read_project(j, (gint)i, error))
			return FALSE;
	}
	return TRUE;
}
