#include <string.h>

#include "office/iwa.h"

#define DEEP 24u	/* messages in one another */

static gboolean
varint(const guint8 *p, gsize n, gsize *at, guint64 *value)
{
	*value = 0;
	for (guint i = 0; i < 10 && *at < n; i++) {
		guint8 c = p[(*at)++];

		*value |= (guint64)(c & 0x7f) << (7 * i);
		if ((c & 0x80) == 0)
			return TRUE;
	}
	return FALSE;
}

/* A copy of what was written before; the pieces may overlap, so byte by byte. */
static gboolean
copy_back(GByteArray *out, gsize begin, gsize back, gsize len)
{
	if (back == 0 || back > out->len - begin)
		return FALSE;
	for (gsize i = 0; i < len; i++) {
		guint8 c = out->data[out->len - back];

		g_byte_array_append(out, &c, 1);
	}
	return TRUE;
}

static guint
little(const guint8 *p, gsize n)
{
	guint v = 0;

	for (gsize i = 0; i < n; i++)
		v |= (guint)p[i] << (8 * i);
	return v;
}

static gboolean
element(const guint8 *p, gsize n, gsize *at, GByteArray *out, gsize begin)
{
	guint8 tag = p[(*at)++];
	gsize len = tag >> 2, more;

	if ((tag & 3) == 0) {		/* as it is */
		more = len >= 60 ? len - 59 : 0;
		if (more > n - *at)
			return FALSE;
		len = more > 0 ? little(p + *at, more) : len;
		*at += more;
		if (len >= n - *at)
			return FALSE;
		g_byte_array_append(out, p + *at, (guint)len + 1);
		*at += len + 1;
		return TRUE;
	}
	more = (tag & 3) == 1 ? 1 : (tag & 3) == 2 ? 2 : 4;
	if (more > n - *at)
		return FALSE;
	*at += more;
	if ((tag & 3) == 1)
		return copy_back(out, begin, (gsize)(tag >> 5) << 8 | p[*at - 1], (len & 7) + 4);
	return copy_back(out, begin, little(p + *at - more, more), len + 1);
}

/* One piece of Snappy; FALSE: broken, what came before counts. */
static gboolean
unpack_piece(const guint8 *p, gsize n, gsize max, GByteArray *out)
{
	gsize at = 0, begin = out->len;
	guint64 length;

	if (!varint(p, n, &at, &length) || length > max)
		return FALSE;
	while (at < n && out->len - begin < length)
		if (!element(p, n, &at, out, begin))
			return FALSE;
	return TRUE;
}

GByteArray *
sg_iwa_unpack(const guint8 *p, gsize n, gsize max, gboolean *more)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	*more = FALSE;
	for (gsize at = 0; at + 4 <= n;) {
		gsize len = little(p + at + 1, 3);

		if (p[at] != 0 || len > n - at - 4)
			break;
		if (out->len >= max) {
			*more = TRUE;
			break;
		}
		if (!unpack_piece(p + at + 4, len, max - out->len, out))
			break;
		at += 4 + len;
	}
	return out->len > 0 ? g_steal_pointer(&out) : NULL;
}

/* No control characters, at least one letter or two digits. */
static gboolean
is_text(const guint8 *p, gsize n)
{
	guint letters = 0;

	for (gsize i = 0; i < n; i++) {
		if (p[i] < 0x20 && p[i] != '\n' && p[i] != '\t' && p[i] != '\r')
			return FALSE;
		letters += g_ascii_isalnum(p[i]) || p[i] >= 0x80;
	}
	return letters >= 2 && g_utf8_validate_len((const char *)p, n, NULL);
}

static gboolean message(const guint8 *p, gsize n, guint depth, GString *out);

static void
field(const guint8 *p, gsize n, guint depth, GString *out)
{
	gsize before = out->len;

	if (is_text(p, n)) {
		g_string_append_len(out, (const char *)p, (gssize)n);
		g_string_append_c(out, '\n');
	} else if (depth < DEEP && !message(p, n, depth + 1, out)) {
		g_string_truncate(out, before);	/* bytes of some other kind */
	}
}

/* FALSE: it is none. */
static gboolean
message(const guint8 *p, gsize n, guint depth, GString *out)
{
	for (gsize at = 0; at < n;) {
		guint64 tag, value;

		if (!varint(p, n, &at, &tag) || tag >> 3 == 0 || tag >> 3 > 1u << 29)
			return FALSE;
		if ((tag & 7) == 0) {
			if (!varint(p, n, &at, &value))
				return FALSE;
		} else if ((tag & 7) == 1 || (tag & 7) == 5) {
			gsize len = (tag & 7) == 1 ? 8 : 4;

			if (len > n - at)
				return FALSE;
			at += len;
		} else if ((tag & 7) == 2) {
			if (!varint(p, n, &at, &value) || value > n - at)
				return FALSE;
			field(p + at, (gsize)value, depth, out);
			at += (gsize)value;
		} else {
			return FALSE;
		}
	}
	return TRUE;
}

/* How long the bodies behind one ArchiveInfo are: field 2 are their infos, and field 3 of each
 * its length. */
static gboolean
lengths(const guint8 *p, gsize n, gboolean inner, guint64 *sum)
{
	for (gsize at = 0; at < n;) {
		guint64 tag, value;

		if (!varint(p, n, &at, &tag) || !varint(p, n, &at, &value))
			return FALSE;
		if ((tag & 7) == 2) {
			if (value > n - at)
				return FALSE;
			if (!inner && tag >> 3 == 2 && !lengths(p + at, (gsize)value, TRUE, sum))
				return FALSE;
			at += (gsize)value;
		} else if ((tag & 7) != 0) {
			return FALSE;
		} else if (inner && tag >> 3 == 3) {
			*sum += MIN(value, G_MAXUINT32);
		}
	}
	return TRUE;
}

void
sg_iwa_text(const guint8 *p, gsize n, GString *out)
{
	for (gsize at = 0; at < n;) {
		guint64 info, bodies = 0;

		if (!varint(p, n, &at, &info) || info > n - at || !lengths(p + at, (gsize)info, FALSE, &bodies))
			return;
		at += (gsize)info;
		bodies = MIN(bodies, n - at);
		if (!message(p + at, (gsize)bodies, 0, out) && bodies == 0 && info == 0)
			return;
		at += (gsize)bodies;
	}
}
