/* olewrite - a storage of a compound file as a file of its own. */
#include <string.h>

#include "pack/ole.h"

#define CHAIN_END  0xfffffffeu
#define FAT_SECTOR 0xfffffffdu
#define NOBODY	   0xffffffffu
#define CUTOFF	   4096u
#define V3_MOST	   (6u << 20)	/* above this 109 FAT sectors of 512 bytes do not do */

typedef struct Made {
	gint source;
	guint32 child, next;	/* in the new directory */
	guint32 start;
	guint64 size;
} Made;

typedef struct Writer {
	SgOle	   *from;
	guint	    shift;
	GArray	   *made;	/* Made		*/
	GByteArray *body, *mini;
	GArray	   *fat, *minifat;	/* guint32 */
} Writer;

static void
put(guint8 *p, guint n, guint64 v)
{
	for (; n > 0; n--, v >>= 8)
		*p++ = (guint8)v;
}

/* Appends the bytes as whole units with their chain; where it starts. */
static guint32
append(GByteArray *to, GArray *chain, guint shift, const guint8 *p, gsize n)
{
	guint32 start = to->len >> shift, last;
	guint old = to->len;

	if (n == 0)
		return CHAIN_END;
	g_byte_array_append(to, p, (guint)n);
	last = (to->len - 1) >> shift;
	g_byte_array_set_size(to, (last + 1) << shift);
	memset(to->data + old + n, 0, to->len - old - n);
	for (guint32 i = start; i <= last; i++) {
		guint32 next = i < last ? i + 1 : CHAIN_END;

		g_array_append_val(chain, next);
	}
	return start;
}

static void
add_stream(Writer *w, Made *m)
{
	g_autoptr(GBytes) b = sg_ole_read(w->from, (guint)m->source);
	gsize n;
	const guint8 *p = g_bytes_get_data(b, &n);

	m->size = n;
	m->start = n < CUTOFF ? append(w->mini, w->minifat, 6, p, n) :
	    append(w->body, w->fat, w->shift, p, n);
}

/* Siblings are a list instead of a balanced tree: every reader follows both alike. */
static void
add_entries(Writer *w, gint storage)
{
	guint n = sg_ole_end(w->from, storage);
	Made root = { .source = storage, .child = NOBODY, .next = NOBODY };
	g_autofree guint32 *place = g_new0(guint32, n - (guint)storage);

	g_array_append_val(w->made, root);
	for (guint i = (guint)storage + 1; i < n; i++) {
		const SgOleEntry *e = sg_ole_entry(w->from, i);
		Made m = { .source = (gint)i, .child = NOBODY }, *parent;

		if (e->type == SG_OLE_STREAM)
			add_stream(w, &m);
		place[i - (guint)storage] = w->made->len;
		parent = &g_array_index(w->made, Made, place[e->parent - storage]);
		m.next = parent->child;
		parent->child = place[i - (guint)storage];
		g_array_append_val(w->made, m);
	}
}

static void
write_entry(const Writer *w, const Made *m, gboolean root, guint8 p[128])
{
	const SgOleEntry *e = sg_ole_entry(w->from, (guint)m->source);
	g_autofree gunichar2 *name = NULL;
	glong n = 0;

	memset(p, 0, 128);
	name = g_utf8_to_utf16(root ? "Root Entry" : e->name, -1, NULL, &n, NULL);
	n = MIN(n, 31);
	for (glong i = 0; i < n; i++)
		put(p + i * 2, 2, name[i]);
	put(p + 0x40, 2, (guint64)(n + 1) * 2);
	p[0x42] = root ? 5 : (guint8)e->type;
	p[0x43] = 1;
	put(p + 0x44, 4, NOBODY);
	put(p + 0x48, 4, m->next);
	put(p + 0x4c, 4, m->child);
	memcpy(p + 0x50, e->clsid, 16);
	put(p + 0x74, 4, m->start);
	put(p + 0x78, 8, m->size);
}

static guint32
write_directory(Writer *w)
{
	g_autoptr(GByteArray) dir = g_byte_array_new();
	guint per = 1u << (w->shift - 7);

	for (guint i = 0; i < w->made->len || i % per != 0; i++) {
		guint8 p[128] = { 0 };

		put(p + 0x44, 8, G_MAXUINT64);
		put(p + 0x4c, 4, NOBODY);
		if (i < w->made->len)
			write_entry(w, &g_array_index(w->made, Made, i), i == 0, p);
		g_byte_array_append(dir, p, sizeof p);
	}
	return append(w->body, w->fat, w->shift, dir->data, dir->len);
}

static guint32
write_words(Writer *w, const GArray *words)
{
	g_autofree guint8 *p = g_malloc(words->len * 4 + 1);

	for (guint i = 0; i < words->len; i++)
		put(p + (gsize)i * 4, 4, g_array_index(words, guint32, i));
	return append(w->body, w->fat, w->shift, p, (gsize)words->len * 4);
}

static void
write_fat(Writer *w, guint8 *header)
{
	guint per = 1u << (w->shift - 2), n = 0, first = w->fat->len;
	guint32 mark = FAT_SECTOR, none = NOBODY;
	g_autofree guint8 *p = NULL;

	while (n * per < first + n)
		n++;
	for (guint i = 0; i < n; i++) {
		g_array_append_val(w->fat, mark);
		if (i < 109)
			put(header + 0x4c + i * 4, 4, first + i);
	}
	while (w->fat->len < n * per)
		g_array_append_val(w->fat, none);
	put(header + 0x2c, 4, n);
	p = g_malloc((gsize)n * per * 4 + 1);
	for (guint i = 0; i < n * per; i++)
		put(p + (gsize)i * 4, 4, g_array_index(w->fat, guint32, i));
	g_byte_array_append(w->body, p, n * per * 4);
}

static GBytes *
assemble(Writer *w)
{
	gsize unit = (gsize)1 << w->shift;
	g_autofree guint8 *header = g_malloc0(unit);
	Made *root = &g_array_index(w->made, Made, 0);
	GByteArray *out = g_byte_array_new();

	memcpy(header, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
	put(header + 0x18, 2, 0x3e);
	put(header + 0x1a, 2, w->shift == 12 ? 4 : 3);
	put(header + 0x1c, 2, 0xfffe);
	put(header + 0x1e, 2, w->shift);
	put(header + 0x20, 2, 6);
	put(header + 0x38, 4, CUTOFF);
	put(header + 0x44, 4, CHAIN_END);
	memset(header + 0x4c, 0xff, 109 * 4);
	root->size = w->mini->len;
	root->start = append(w->body, w->fat, w->shift, w->mini->data, w->mini->len);
	put(header + 0x40, 4, (w->minifat->len * 4 + unit - 1) / unit);
	put(header + 0x3c, 4, write_words(w, w->minifat));
	put(header + 0x30, 4, write_directory(w));
	write_fat(w, header);
	g_byte_array_append(out, header, (guint)unit);
	g_byte_array_append(out, w->body->data, w->body->len);
	return g_byte_array_free_to_bytes(out);
}

GBytes *
sg_ole_cut(SgOle *ole, gint storage)
{
	Writer w = { .from = ole, .shift = 9 };
	guint64 size = 0;
	GBytes *b;

	for (guint i = (guint)storage + 1, end = sg_ole_end(ole, storage); i < end; i++)
		size += MIN(sg_ole_entry(ole, i)->size, V3_MOST);
	if (size > V3_MOST)
		w.shift = 12;
	w.made = g_array_new(FALSE, FALSE, sizeof(Made));
	w.body = g_byte_array_new();
	w.mini = g_byte_array_new();
	w.fat = g_array_new(FALSE, FALSE, sizeof(guint32));
	w.minifat = g_array_new(FALSE, FALSE, sizeof(guint32));
	add_entries(&w, storage);
	b = assemble(&w);
	g_array_unref(w.made);
	g_byte_array_unref(w.body);
	g_byte_array_unref(w.mini);
	g_array_unref(w.fat);
	g_array_unref(w.minifat);
	return b;
}
