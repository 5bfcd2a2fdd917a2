#include <string.h>

#include "base/err.h"
#include "base/wire.h"

typedef struct {
	const guint8 *p;
	gsize left;
} Cursor;

static gboolean
take(Cursor *c, void *dst, gsize n)
{
	if (n > c->left)
		return FALSE;
	memcpy(dst, c->p, n);
	c->p += n;
	c->left -= n;
	return TRUE;
}

static gboolean
get_u32(Cursor *c, guint32 *v)
{
	return take(c, v, sizeof *v);
}

static gboolean
get_u64(Cursor *c, guint64 *v)
{
	return take(c, v, sizeof *v);
}

static gboolean
get_text(Cursor *c, char **v, guint32 max)
{
	guint32 n;

	if (!get_u32(c, &n) || n > max || n > c->left ||
	    !g_utf8_validate_len((const char *)c->p, n, NULL))
		return FALSE;
	*v = g_strndup((const char *)c->p, n);
	c->p += n;
	c->left -= n;
	return TRUE;
}

static gboolean
get_str(Cursor *c, char **v)
{
	return get_text(c, v, SG_WIRE_STR);
}

static gboolean
get_blob(Cursor *c, char **v)
{
	return get_text(c, v, SG_WIRE_BLOB);
}

static gboolean
put_u32(GByteArray *o, const guint32 *v)
{
	g_byte_array_append(o, (const guint8 *)v, sizeof *v);
	return TRUE;
}

static gboolean
put_u64(GByteArray *o, const guint64 *v)
{
	g_byte_array_append(o, (const guint8 *)v, sizeof *v);
	return TRUE;
}

static gboolean
put_text(GByteArray *o, const char *v, guint32 max)
{
	gsize len = v != NULL ? strlen(v) : 0;
	guint32 n = (guint32)len;

	if (len > max)
		return FALSE;
	put_u32(o, &n);
	g_byte_array_append(o, (const guint8 *)(v != NULL ? v : ""), n);
	return TRUE;
}

static gboolean
put_str(GByteArray *o, char *const *v)
{
	return put_text(o, *v, SG_WIRE_STR);
}

static gboolean
put_blob(GByteArray *o, char *const *v)
{
	return put_text(o, *v, SG_WIRE_BLOB);
}

static void clear_u32(guint32 *v) { *v = 0; }
static void clear_u64(guint64 *v) { *v = 0; }
static void clear_str(char **v) { g_clear_pointer(v, g_free); }
static void clear_blob(char **v) { g_clear_pointer(v, g_free); }

/* The type word carries the version too: programs of two releases do not understand each other. */
static guint32
head(SgWireType type)
{
	return (guint32)SG_WIRE << 16 | (guint32)type;
}

static gboolean
bad(GError **error, const char *name)
{
	g_set_error(error, SG_ERR, SG_ERR_PEER, "malformed %s message", name);
	return FALSE;
}

#define MSG(n, from, to) \
gboolean \
sg_wire_put_##n(GByteArray *out, const SgWire##n *m, GError **error) \
{ \
	guint32 type = head(SG_WIRE_##n); \
	guint before = out->len; \
	const char *name = #n; \
	gboolean ok = put_u32(out, &type);
#define FIELD(n, type, name) ok = ok && put_##type(out, &m->name);
#define END(n) \
	if (ok) \
		return TRUE; \
	g_byte_array_set_size(out, before); \
	return bad(error, name); \
}
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END

#define MSG(n, from, to) \
void \
sg_wire_clear_##n(SgWire##n *m) \
{
#define FIELD(n, type, name) clear_##type(&m->name);
#define END(n) }
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END

#define MSG(n, from, to) \
gboolean \
sg_wire_get_##n(GBytes *in, SgWire##n *out, GError **error) \
{ \
	const char *name = #n; \
	g_auto(SgWire##n) tmp = { 0 }; \
	SgWire##n *m = &tmp; \
	Cursor c; \
	guint32 type; \
	gboolean ok; \
	c.p = g_bytes_get_data(in, &c.left); \
	ok = get_u32(&c, &type) && type == head(SG_WIRE_##n);
#define FIELD(n, type, name) ok = ok && get_##type(&c, &m->name);
#define END(n) \
	if (!ok || c.left != 0) \
		return bad(error, name); \
	*out = tmp; \
	memset(&tmp, 0, sizeof tmp); \
	return TRUE; \
}
#include "base/wire.def"
#undef MSG
#undef FIELD
#undef END

SgWireType
sg_wire_peek(GBytes *in)
{
	Cursor c;
	guint32 type;

	c.p = g_bytes_get_data(in, &c.left);
	if (!get_u32(&c, &type) || type >> 16 != SG_WIRE || (type & 0xffff) >= SG_WIRE_N)
		return SG_WIRE_NONE;
	return (SgWireType)(type & 0xffff);
}

char *
sg_wire_cut(const char *s)
{
	g_autofree char *valid = g_utf8_make_valid(s != NULL ? s : "", -1);
	gsize n = strlen(valid);

	if (n > SG_WIRE_STR) {
		const char *end = g_utf8_find_prev_char(valid, valid + SG_WIRE_STR + 1);

		n = (gsize)(end - valid);
	}
	return g_strndup(valid, n);
}

gsize
sg_wire_open_frame(GByteArray *out)
{
	const guint32 later = 0;
	gsize frame = out->len;

	g_byte_array_append(out, (const guint8 *)&later, sizeof later);
	return frame;
}

void
sg_wire_close_frame(GByteArray *out, gsize frame)
{
	guint32 len = (guint32)(out->len - frame - sizeof len);

	memcpy(out->data + frame, &len, sizeof len);
}

GBytes *
sg_wire_next_frame(GBytes *frames, gsize *at)
{
	gsize n;
	const guint8 *p = g_bytes_get_data(frames, &n);
	guint32 len;
	GBytes *one;

	if (*at > n || n - *at < sizeof len)
		return NULL;
	memcpy(&len, p + *at, sizeof len);
	if (len > n - *at - sizeof len)
		return NULL;
	one = g_bytes_new_from_bytes(frames, *at + sizeof len, len);
	*at += sizeof len + len;
	return one;
}
