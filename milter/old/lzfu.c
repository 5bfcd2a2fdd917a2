/* lzfu - compressed RTF, [MS-OXRTFCP]. */
#include <string.h>

#include "old/mapi.h"
#include "pack/ole.h"

#define RING	4096u
#define PIECE	65536u

/* What the dictionary holds before the first byte comes. */
static const char first[] = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss "
    "\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0"
    "\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

typedef struct Ring {
	guint8 bytes[RING];
	guint at;
} Ring;

static void
put(Ring *r, GByteArray *out, guint8 c)
{
	g_byte_array_append(out, &c, 1);
	r->bytes[r->at] = c;
	r->at = (r->at + 1) % RING;
}

/* FALSE: the end mark, which points at where the next byte would go. */
static gboolean
copy_back(Ring *r, GByteArray *out, const guint8 *p)
{
	guint from = (guint)p[0] << 4 | p[1] >> 4, n = (p[1] & 0xfu) + 2;

	if (from == r->at)
		return FALSE;
	for (guint i = 0; i < n; i++)
		put(r, out, r->bytes[(from + i) % RING]);
	return TRUE;
}

/* Up to seventeen bytes come of two: no bomb, but the message pays for them. */
static gboolean
unpack(const guint8 *p, gsize n, GByteArray *out, SgSink *sink, GError **error)
{
	g_autofree Ring *r = g_new0(Ring, 1);
	gsize at = 0, paid = 0;

	memset(r->bytes, ' ', RING);
	memcpy(r->bytes, first, sizeof first - 1);
	r->at = sizeof first - 1;
	while (at < n) {
		guint flags = p[at++];

		for (guint bit = 0; bit < 8 && at < n; bit++, flags >>= 1) {
			if ((flags & 1) == 0) {
				put(r, out, p[at++]);
				continue;
			}
			if (n - at < 2 || !copy_back(r, out, p + at))
				return TRUE;
			at += 2;
		}
		if (out->len - paid > PIECE) {
			if (!sink->spend(sink, out->len - paid, error))
				return FALSE;
			paid = out->len;
		}
	}
	return sink->spend(sink, out->len - paid, error);
}

GBytes *
sg_lzfu_unpack(GBytes *packed, SgSink *sink, GError **error)
{
	g_autoptr(GByteArray) out = NULL;
	gsize n;
	const guint8 *p = g_bytes_get_data(packed, &n);
	guint32 kind, size;

	if (n < 16)
		return NULL;
	kind = sg_le32(p + 8);
	size = sg_le32(p + 4);
	if (kind == 0x414c454d)		/* "MELA": as it is */
		return g_bytes_new_from_bytes(packed, 16, MIN(n - 16, size));
	if (kind != 0x75465a4c)
		return NULL;
	out = g_byte_array_new();
	if (!unpack(p + 16, MIN(n - 16, MAX(sg_le32(p), 12u) - 12u), out, sink, error))
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
