#include <string.h>

#include "t/lib/cfb.h"

typedef struct Entry {
	char   *name;
	guint	parent, child, next;	/* indices; G_MAXUINT: none */
	GBytes *data;			/* NULL: a storage */
	guint	start;
} Entry;

struct Cfb {
	GArray *entries;
};

void
put16(GByteArray *b, guint v)
{
	const guint8 p[2] = { (guint8)v, (guint8)(v >> 8) };

	g_byte_array_append(b, p, 2);
}

void
put32(GByteArray *b, guint32 v)
{
	put16(b, v & 0xffff);
	put16(b, v >> 16);
}

void
put_bytes(GByteArray *b, const void *p, gsize n)
{
	g_byte_array_append(b, p, (guint)n);
}

void
put_wide(GByteArray *b, const char *utf8)
{
	g_autofree gunichar2 *w = g_utf8_to_utf16(utf8, -1, NULL, NULL, NULL);

	for (gsize i = 0; w[i] != 0; i++)
		put16(b, w[i]);
}

static guint
find(Cfb *c, guint parent, const char *name, gsize n)
{
	Entry e = { NULL, parent, G_MAXUINT, G_MAXUINT, NULL, 0xfffffffe };

	for (guint i = 1; i < c->entries->len; i++) {
		Entry *old = &g_array_index(c->entries, Entry, i);

		if (old->parent == parent && strlen(old->name) == n && strncmp(old->name, name, n) == 0)
			return i;
	}
	e.name = g_strndup(name, n);
	if (parent != G_MAXUINT) {
		e.next = g_array_index(c->entries, Entry, parent).child;
		g_array_index(c->entries, Entry, parent).child = c->entries->len;
	}
	g_array_append_val(c->entries, e);
	return c->entries->len - 1;
}

Cfb *
cfb_new(void)
{
	Cfb *c = g_new0(Cfb, 1);

	c->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
	find(c, G_MAXUINT, "Root Entry", 10);
	return c;
}

void
cfb_add(Cfb *c, const char *path, const void *data, gsize len)
{
	guint at = 0;

	for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1)
		at = find(c, at, path, (gsize)(slash - path));
	at = find(c, at, path, strlen(path));
	if (g_array_index(c->entries, Entry, at).data == NULL)
		g_array_index(c->entries, Entry, at).data = g_bytes_new(data, len);
}

static void
pad(GByteArray *b)
{
	static const guint8 zeros[512];

	if (b->len % 512 != 0)
		g_byte_array_append(b, zeros, 512 - b->len % 512);
}

static void
put_entry(GByteArray *b, const Entry *e, gboolean root)
{
	guint from = b->len;

	put_wide(b, e->name);
	while (b->len < from + 64)
		put16(b, 0);
	g_byte_array_set_size(b, from + 64);
	put16(b, (guint)MIN(strlen(e->name) * 2 + 2, 64));
	put16(b, root ? 0x105 : e->data != NULL ? 0x102 : 0x101);
	put32(b, G_MAXUINT32);
	put32(b, e->next);
	put32(b, e->child);
	while (b->len < from + 0x74)
		put32(b, 0);
	put32(b, e->start);
	put32(b, e->data != NULL ? (guint32)g_bytes_get_size(e->data) : 0);
	put32(b, 0);
}

/* Chains one after the other: the FAT itself, the directory, the streams. */
static void
put_fat(GByteArray *b, const guint *sizes, guint n, guint fat)
{
	guint at = 0;

	for (guint i = 0; i < n; i++)
		for (guint k = 0; k < sizes[i]; k++, at++)
			put32(b, i == 0 ? 0xfffffffd : k + 1 < sizes[i] ? at + 1 : 0xfffffffe);
	while (b->len < 512 + fat * 512)
		put32(b, G_MAXUINT32);
}

GBytes *
cfb_end(Cfb *c)
{
	GByteArray *b = g_byte_array_new();
	guint n = c->entries->len, total, fat = 1;
	g_autofree guint *sizes = g_new0(guint, n + 2);

	sizes[1] = (n * 128 + 511) / 512;
	total = sizes[1];
	for (guint i = 0; i < n; i++) {
		Entry *e = &g_array_index(c->entries, Entry, i);

		sizes[i + 2] = e->data != NULL ? (guint)((g_bytes_get_size(e->data) + 511) / 512) : 0;
		total += sizes[i + 2];
	}
	while (fat * 128 < total + fat)
		fat++;
	sizes[0] = fat;
	put_bytes(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
	g_byte_array_set_size(b, 512);
	memset(b->data + 8, 0, 504);
	memcpy(b->data + 0x18, "\x3e\0\3\0\xfe\xff\x09\0\x06\0", 10);
	b->data[0x2c] = (guint8)fat;
	b->data[0x30] = (guint8)fat;			/* the directory; no mini stream */
	memset(b->data + 0x3c, 0xff, 4);
	memset(b->data + 0x44, 0xff, 4);
	memset(b->data + 0x4c, 0xff, 436);
	for (guint i = 0; i < fat && i < 109; i++)
		memcpy(b->data + 0x4c + i * 4, &i, 4);
	put_fat(b, sizes, n + 2, fat);
	for (guint i = 0, at = fat + sizes[1]; i < n; i++) {
		Entry *e = &g_array_index(c->entries, Entry, i);

		e->start = sizes[i + 2] > 0 ? at : 0xfffffffe;
		at += sizes[i + 2];
		put_entry(b, e, i == 0);
	}
	pad(b);
	for (guint i = 0; i < n; i++) {
		Entry *e = &g_array_index(c->entries, Entry, i);

		if (e->data != NULL)
			g_byte_array_append(b, g_bytes_get_data(e->data, NULL), (guint)g_bytes_get_size(e->data));
		pad(b);
		g_free(e->name);
		g_clear_pointer(&e->data, g_bytes_unref);
	}
	g_array_unref(c->entries);
	g_free(c);
	return g_byte_array_free_to_bytes(b);
}
