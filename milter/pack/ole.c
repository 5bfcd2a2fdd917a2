#include <string.h>

#include "base/err.h"
#include "pack/ole.h"

#define HEADER	 512u
#define ENTRY	 128u
#define END	 0xfffffffau	/* sector numbers from here on mean something else */
#define NOBODY	 0xffffffffu
#define MAX_ENTRIES 65536u
#define MAX_DEPTH 64u
#define TIMES	 12u		/* how often the bytes of a file may be read */

struct SgOle {
	GBytes	 *bytes;
	const guint8 *data;
	gsize	  len;
	guint	  shift;	/* a sector is 1 << shift bytes			*/
	guint32	  sectors;	/* in the file, the header not counted		*/
	guint32	  cutoff;	/* streams below this size are in the mini stream */
	GArray	 *fat;		/* guint32: the sectors that hold the FAT	*/
	GBytes	 *directory, *minifat, *mini;
	GArray	 *entries;	/* SgOleEntry					*/
	guint64	  budget;	/* bytes that may still be read			*/
	gboolean  broken, over;
};

gboolean
sg_ole_is(const void *data, gsize len)
{
	return len >= HEADER && memcmp(data, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0;
}

/* Sector n of the file: its bytes, and in *have how many of them there are (the last
 * sector of many files is short). */
static const guint8 *
sector(const SgOle *o, guint32 n, gsize *have)
{
	guint64 at = ((guint64)n + 1) << o->shift;

	if (n >= o->sectors || at >= o->len) {
		*have = 0;
		return NULL;
	}
	*have = MIN((gsize)1 << o->shift, o->len - (gsize)at);
	return o->data + at;
}

static guint32
next_sector(const SgOle *o, guint32 n)
{
	guint per = 1u << (o->shift - 2);
	const guint8 *p;
	gsize have;

	if (n / per >= o->fat->len)
		return NOBODY;
	p = sector(o, g_array_index(o->fat, guint32, n / per), &have);
	if (p == NULL || have < (n % per + 1) * 4)
		return NOBODY;
	return sg_le32(p + n % per * 4);
}

/* The sectors of the FAT: 109 of them in the header, more in a chain of their own.
 * Their place in the list counts, so that what is no sector stays in it. */
static void
load_fat(SgOle *o)
{
	guint per = 1u << (o->shift - 2), most = o->sectors / per + 1;
	guint32 next = sg_le32(o->data + 0x44);

	for (guint i = 0; i < 109 && o->fat->len < most; i++) {
		guint32 s = sg_le32(o->data + 0x4c + i * 4);

		g_array_append_val(o->fat, s);
	}
	for (guint steps = 0; next < END && steps <= most; steps++) {
		gsize have;
		const guint8 *p = sector(o, next, &have);

		if (p == NULL || have < (gsize)per * 4) {
			o->broken = TRUE;
			return;
		}
		for (guint i = 0; i + 1 < per && o->fat->len < most; i++) {
			guint32 s = sg_le32(p + i * 4);

			g_array_append_val(o->fat, s);
		}
		next = sg_le32(p + (per - 1) * 4);
	}
}

/* The bytes of a chain of sectors, at most max; shared with the file when the chain is
 * one piece, as it mostly is. */
static GBytes *
read_chain(SgOle *o, guint32 start, guint64 max)
{
	gsize unit = (gsize)1 << o->shift;
	guint32 first = start, n = 0;
	g_autoptr(GByteArray) copy = NULL;

	if (max > o->len)
		max = o->len;
	while (start < o->sectors && n <= o->sectors && (guint64)n * unit < max) {
		gsize have = 0;
		const guint8 *p = sector(o, start, &have);

		if (copy == NULL && start != first + n) {
			gsize at = ((gsize)first + 1) << o->shift;

			copy = g_byte_array_new();
			/* the file may end within the last of them */
			g_byte_array_append(copy, o->data + at, (guint)MIN(n * unit, o->len - at));
		}
		if (copy != NULL && p != NULL)
			g_byte_array_append(copy, p, (guint)have);
		n++;
		start = next_sector(o, start);
	}
	if (copy == NULL && n == 0)
		return g_bytes_new_static("", 0);
	if (copy == NULL)
		return g_bytes_new_from_bytes(o->bytes, ((gsize)first + 1) << o->shift,
		    MIN(MIN((gsize)max, n * unit), o->len - (((gsize)first + 1) << o->shift)));
	if (copy->len > max)
		g_byte_array_set_size(copy, (guint)max);
	return g_byte_array_free_to_bytes(g_steal_pointer(&copy));
}

static GBytes *
read_mini(SgOle *o, guint32 start, guint64 max)
{
	gsize n, links;
	const guint8 *mini = g_bytes_get_data(o->mini, &n);
	const guint8 *fat = g_bytes_get_data(o->minifat, &links);
	GByteArray *out = g_byte_array_new();

	for (gsize steps = 0; out->len < max && start < n / 64 + 1 && steps <= n / 64; steps++) {
		gsize at = (gsize)start * 64;

		if (at >= n)
			break;
		g_byte_array_append(out, mini + at, (guint)MIN(MIN(64, n - at), max - out->len));
		if (links / 4 <= start)
			break;
		start = sg_le32(fat + (gsize)start * 4);
	}
	return g_byte_array_free_to_bytes(out);
}

GBytes *
sg_ole_read(SgOle *o, guint i)
{
	const SgOleEntry *e = &g_array_index(o->entries, SgOleEntry, i);
	GBytes *b;

	if (e->type != SG_OLE_STREAM || e->size == 0)
		return g_bytes_new_static("", 0);
	if (MIN(e->size, o->len) > o->budget) {
		o->over = o->broken = TRUE;
		return g_bytes_new_static("", 0);
	}
	b = e->size < o->cutoff ? read_mini(o, e->start, e->size) : read_chain(o, e->start, e->size);
	o->budget -= g_bytes_get_size(b);
	if (g_bytes_get_size(b) < e->size)
		o->broken = TRUE;
	return b;
}

static char *
entry_name(const guint8 *p)
{
	guint n = MIN(sg_le16(p + 0x40), 64u) / 2;
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < n && sg_le16(p + i * 2) != 0; i++) {
		gunichar c = sg_le16(p + i * 2);

		g_string_append_unichar(s, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	}
	return g_string_free(s, FALSE);
}

typedef struct Todo {
	guint32 entry;
	gint parent;
	guint depth;
} Todo;

static void
add_entry(SgOle *o, const guint8 *p, const Todo *t, gboolean large)
{
	SgOleEntry e = { .type = t->parent < 0 ? SG_OLE_ROOT : (SgOleType)p[0x42], .parent = t->parent,
		.child = -1, .next = -1, .depth = t->depth, .start = sg_le32(p + 0x74), .clsid = p + 0x50 };

	e.name = entry_name(p);
	e.size = sg_le32(p + 0x78) | (large ? (guint64)sg_le32(p + 0x7c) << 32 : 0);
	if (t->parent >= 0) {
		SgOleEntry *parent = &g_array_index(o->entries, SgOleEntry, t->parent);

		e.next = parent->child;
		parent->child = (gint)o->entries->len;
	}
	g_array_append_val(o->entries, e);
}

/* The directory is trees of siblings.  Each entry is visited once, however they are
 * linked, and what is in a storage right behind it; the order of names in a tree does
 * not matter here. */
static void
load_entries(SgOle *o)
{
	gsize len, n;
	const guint8 *dir = g_bytes_get_data(o->directory, &len);
	gboolean large = sg_le16(o->data + 0x1a) >= 4;
	g_autoptr(GArray) todo = g_array_new(FALSE, FALSE, sizeof(Todo));
	g_autofree guint8 *seen = NULL;
	Todo t = { 0, -1, 0 };

	n = MIN(len / ENTRY, MAX_ENTRIES);
	seen = g_malloc0(n + 1);
	g_array_append_val(todo, t);
	while (todo->len > 0) {
		const guint8 *p;
		guint8 type;

		t = g_array_index(todo, Todo, todo->len - 1);
		g_array_set_size(todo, todo->len - 1);
		if (t.entry == NOBODY)
			continue;
		if (t.entry >= n || seen[t.entry] || t.depth > MAX_DEPTH) {
			o->broken = TRUE;
			continue;
		}
		seen[t.entry] = 1;
		p = dir + (gsize)t.entry * ENTRY;
		type = p[0x42];
		if (t.parent >= 0) {
			Todo right = { sg_le32(p + 0x48), t.parent, t.depth };
			Todo left = { sg_le32(p + 0x44), t.parent, t.depth };

			g_array_append_val(todo, right);
			g_array_append_val(todo, left);
		}
		if (t.parent >= 0 && type != SG_OLE_STORAGE && type != SG_OLE_STREAM)
			continue;
		add_entry(o, p, &t, large);
		if (t.parent < 0 || type == SG_OLE_STORAGE) {
			Todo child = { sg_le32(p + 0x4c), (gint)o->entries->len - 1, t.depth + 1 };

			g_array_append_val(todo, child);
		}
	}
}

static void
clear_entry(gpointer e)
{
	g_free(((SgOleEntry *)e)->name);
}

SgOle *
sg_ole_open(GBytes *bytes, GError **error)
{
	g_autoptr(SgOle) o = g_new0(SgOle, 1);
	const SgOleEntry *root;

	o->bytes = g_bytes_ref(bytes);
	o->data = g_bytes_get_data(bytes, &o->len);
	o->fat = g_array_new(FALSE, FALSE, sizeof(guint32));
	o->entries = g_array_new(FALSE, FALSE, sizeof(SgOleEntry));
	g_array_set_clear_func(o->entries, clear_entry);
	if (sg_ole_is(o->data, o->len)) {
		o->shift = sg_le16(o->data + 0x1e) == 12 ? 12 : 9;
		o->sectors = (guint32)MIN((o->len - 1) >> o->shift, END - 1);
		o->cutoff = MIN(sg_le32(o->data + 0x38), 1u << 16);
		o->budget = (guint64)o->len * TIMES;
		load_fat(o);
		o->directory = read_chain(o, sg_le32(o->data + 0x30), G_MAXUINT64);
	}
	if (o->directory == NULL || g_bytes_get_size(o->directory) < ENTRY) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "compound file without a directory");
		return NULL;
	}
	load_entries(o);
	root = &g_array_index(o->entries, SgOleEntry, 0);
	o->mini = read_chain(o, root->start, root->size);
	o->minifat = read_chain(o, sg_le32(o->data + 0x3c), G_MAXUINT64);
	return g_steal_pointer(&o);
}

void
sg_ole_free(SgOle *o)
{
	if (o == NULL)
		return;
	g_clear_pointer(&o->directory, g_bytes_unref);
	g_clear_pointer(&o->mini, g_bytes_unref);
	g_clear_pointer(&o->minifat, g_bytes_unref);
	g_array_unref(o->fat);
	g_array_unref(o->entries);
	g_bytes_unref(o->bytes);
	g_free(o);
}

guint
sg_ole_count(const SgOle *o)
{
	return o->entries->len;
}

const SgOleEntry *
sg_ole_entry(const SgOle *o, guint i)
{
	return &g_array_index(o->entries, SgOleEntry, i);
}

gint
sg_ole_find(const SgOle *o, gint storage, const char *name)
{
	gint i = sg_ole_entry(o, (guint)storage)->child;

	while (i >= 0 && g_ascii_strcasecmp(sg_ole_entry(o, (guint)i)->name, name) != 0)
		i = sg_ole_entry(o, (guint)i)->next;
	return i;
}

guint
sg_ole_end(const SgOle *o, gint storage)
{
	guint depth = sg_ole_entry(o, (guint)storage)->depth, i = (guint)storage + 1;

	while (i < o->entries->len && sg_ole_entry(o, i)->depth > depth)
		i++;
	return i;
}

GBytes *
sg_ole_stream(SgOle *o, gint storage, const char *name)
{
	gint i = sg_ole_find(o, storage, name);

	return i > 0 && sg_ole_entry(o, (guint)i)->type == SG_OLE_STREAM ? sg_ole_read(o, (guint)i) : NULL;
}

gboolean
sg_ole_broken(const SgOle *o)
{
	return o->broken;
}

gboolean
sg_ole_over(const SgOle *o)
{
	return o->over;
}
