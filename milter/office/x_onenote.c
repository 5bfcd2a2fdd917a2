/*
 * x_onenote - notebooks of OneNote: the words in them, and the files.
 *
 * The text stands in properties as UTF-16 or bytes ([MS-ONE] 2.2), which a sweep finds.
 * Files that lie in a notebook, a favourite way to send a script, begin with a GUID and
 * their length ([MS-ONESTORE] 2.6.13); their bytes are not swept as text.
 */
#include <string.h>

#include "base/err.h"
#include "part/inside.h"
#include "part/strings.h"

#define LEAST 8u	/* bytes of a run that counts */
#define HEAD  36u	/* before the bytes of a file: GUID, length, two reserved numbers */

static guint64
u64(const guint8 *p)
{
	guint64 v = 0;

	for (guint i = 0; i < 8; i++)
		v |= (guint64)p[i] << (8 * i);
	return v;
}

static gboolean
onenote_run(SgPart *part, SgSink *sink, GError **error)
{
	static const guint8 guid[16] = { 0xe7, 0x16, 0xe3, 0xbd, 0x65, 0x26, 0x11, 0x45, 0xa4, 0xc4, 0x8d, 0x4d, 0x0b,
		0x7a, 0x9e, 0xac };
	g_autoptr(SgStrings) words = sg_strings_new(sink);
	SgInside inside = { part, sink, 0, NULL };
	GBytes *bytes = sg_part_bytes(part);
	gsize n;
	const guint8 *p = g_bytes_get_data(bytes, &n), *at = p, *end, *file;

	if (n == 0)
		return TRUE;
	end = p + n;
	while ((file = memmem(at, (gsize)(end - at), guid, sizeof guid)) != NULL) {
		gsize left = (gsize)(end - file), len;
		g_autoptr(GBytes) content = NULL;

		sg_strings_sweep(words, at, (gsize)(file - at), LEAST);
		at = file + sizeof guid;
		if (left < HEAD)
			continue;
		len = (gsize)MIN(u64(file + sizeof guid), left - HEAD);
		content = g_bytes_new_from_bytes(bytes, (gsize)(file - p) + HEAD, len);
		if (!sink->spend(sink, len, error) ||
		    (len > 0 && !sg_inside_give(&inside, NULL, content, error)))
			return FALSE;
		at = file + HEAD + len;
	}
	sg_strings_sweep(words, at, (gsize)(end - at), LEAST);
	return sg_strings_give(words, error);
}

static guint
onenote_bid(const SgPart *part)
{
	return strcmp(part->detected, "application/onenote") == 0 ? 30 : 0;
}

extern const SgExtractor sg_x_onenote;
const SgExtractor sg_x_onenote = { "onenote", onenote_bid, onenote_run, NULL, FALSE };
