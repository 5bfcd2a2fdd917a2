/* zip_unpack - the bytes of one member. */
#include <string.h>

#include "base/err.h"
#include "pack/unpack.h"
#include "pack/zip_inner.h"

/* The methods of APPNOTE.TXT 4.4.5 that are read here. */
static const struct {
	guint	  method;
	SgPacking how;
	gboolean  ends;		/* the stream itself tells where it ends */
} methods[] = {
	{ 0, SG_PACKED_STORED, FALSE },	 { 8, SG_PACKED_DEFLATE, TRUE },
	{ 9, SG_PACKED_DEFLATE64, TRUE }, { 12, SG_PACKED_BZIP2, FALSE },
	{ 14, SG_PACKED_ZIP_LZMA, FALSE }, { 20, SG_PACKED_ZSTD, FALSE },
	{ 93, SG_PACKED_ZSTD, FALSE },	 { 95, SG_PACKED_XZ, FALSE },
};

typedef struct All {	/* what sg_zip_unpack_all() has so far */
	char  *p;
	gsize  n, room, max;
} All;

/* Where programs look for the end of the packed bytes, the farthest. */
static gsize
packed_end(const SgZip *z, const SgZipMember *m, gboolean ends)
{
	guint64 n = m->packed;

	if (ends)
		return z->v.n;
	if (m->method == 0 && (m->traits & SG_ZIP_ENCRYPTED) == 0)
		n = MAX(m->packed, m->size);
	return n < z->v.n - m->data ? m->data + (gsize)n : z->v.n;
}

/* A claim of no bytes is not believed where a stream could begin. */
static gboolean
is_empty(const SgZip *z, const SgZipMember *m, gboolean ends)
{
	if (m->packed != 0 || (m->method == 0 && m->size != 0))
		return FALSE;
	return !ends || z->v.n - m->data < 2 || memcmp(z->v.p + m->data, "PK", 2) == 0;
}

gboolean
sg_zip_unpack_used(const SgZip *z, guint i, SgSink *sink, SgZipOut out, gpointer data, gsize *used,
    GError **error)
{
	const SgZipMember *m = sg_zip_member(z, i);
	SgUnpack u = { .out = out, .data = data };
	gboolean ok;
	gsize k;

	if (used != NULL)
		*used = 0;
	for (k = 0; k < G_N_ELEMENTS(methods) && methods[k].method != m->method; k++)
		;
	if ((m->traits & SG_ZIP_ENCRYPTED) != 0 || k == G_N_ELEMENTS(methods) || m->data >= z->v.n) {
		if (m->packed == 0 && m->size == 0 && (m->traits & SG_ZIP_ENCRYPTED) == 0)
			return TRUE;
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "zip: method %u cannot be read", m->method);
		return FALSE;
	}
	if (is_empty(z, m, methods[k].ends))
		return TRUE;
	u.how = methods[k].how;
	u.in = z->v.p + m->data;
	u.n = packed_end(z, m, methods[k].ends) - m->data;
	u.size = m->size;
	ok = sg_unpack(&u, sink, error);
	if (used != NULL)
		*used = u.used;
	return ok;
}

gboolean
sg_zip_unpack(const SgZip *z, guint i, SgSink *sink, SgZipOut out, gpointer data, GError **error)
{
	return sg_zip_unpack_used(z, i, sink, out, data, NULL, error);
}

static gboolean
append(gpointer data, const char *piece, gsize n, GError **error)
{
	All *a = data;

	if (n > a->max - a->n) {
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "zip: a member of more than %zu bytes", a->max);
		return FALSE;
	}
	if (n > a->room - a->n) {
		a->room = MIN(a->max, MAX(a->room * 2, a->n + n));
		a->p = g_realloc(a->p, a->room);
	}
	memcpy(a->p + a->n, piece, n);
	a->n += n;
	return TRUE;
}

GBytes *
sg_zip_unpack_all(const SgZip *z, guint i, gsize max, SgSink *sink, GError **error)
{
	const SgZipMember *m = sg_zip_member(z, i);
	All a = { .max = max };

	/* what it claims, but no more than a packer may make of so few bytes */
	a.room = (gsize)MIN(MIN(m->size, MIN(m->packed, 1u << 30) * 8 + 4096), max);
	a.p = g_malloc(a.room + 1);
	if (!sg_zip_unpack(z, i, sink, append, &a, error)) {
		g_free(a.p);
		return NULL;
	}
	return g_bytes_new_take(a.p, a.n);
}
