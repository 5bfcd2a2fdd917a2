/*
 * x_packed - one packed file: gzip, bzip2, xz, lzma, lzip, zstd.
 *
 * What is inside becomes one part, with the name that the file would get; a tar is then
 * an archive of its own.
 */
#include <string.h>

#include "base/err.h"
#include "pack/unpack.h"
#include "pack/zip_name.h"
#include "part/member.h"

#define HEAD 18u

static const struct {
	const char *signature;
	gsize	    n;
	SgPacking   how;
	const char *endings[4];	/* of the name, and what each becomes */
} formats[] = {
	{ "\x1f\x8b\x08", 3, SG_PACKED_GZIP, { ".gz", "", ".tgz", ".tar" } },
	{ "BZh", 3, SG_PACKED_BZIP2, { ".bz2", "", ".tbz2", ".tar" } },
	{ "\xfd" "7zXZ", 6, SG_PACKED_XZ, { ".xz", "", ".txz", ".tar" } },
	{ "LZIP", 4, SG_PACKED_LZIP, { ".lz", "", ".tlz", ".tar" } },
	{ "\x28\xb5\x2f\xfd", 4, SG_PACKED_ZSTD, { ".zst", "", ".tzst", ".tar" } },
	{ "\x5d\0\0", 3, SG_PACKED_LZMA, { ".lzma", "", ".tlz", ".tar" } },
};

/* Which of formats this begins like, or -1. */
static gint
format_of(const guint8 *p, gsize n)
{
	if (n < 6)
		return -1;
	if ((p[0] & 0xf0) == 0x50 && memcmp(p + 1, "\x2a\x4d\x18", 3) == 0)
		return 4;	/* a frame that zstd skips */
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (memcmp(p, formats[i].signature, formats[i].n) != 0)
			continue;
		if (formats[i].how == SG_PACKED_BZIP2 && (p[3] < '1' || p[3] > '9'))
			return -1;
		/* no signature, but a dictionary of a whole power of two and a sensible size */
		if (formats[i].how == SG_PACKED_LZMA && (n < 14 || p[13] != 0 || (p[12] != 0 && p[12] != 0xff)))
			return -1;
		return (gint)i;
	}
	return -1;
}

static guint
packed_bid(const SgPart *part)
{
	guint8 head[HEAD];

	return format_of(head, sg_part_head(part, head, sizeof head)) >= 0 ? 15 : 0;
}

/* The name in a gzip file's header: RFC 1952. */
static char *
gzip_name(const guint8 *p, gsize n)
{
	gsize at = 10;
	const guint8 *end;

	if (n < 12 || (p[3] & 8) == 0)
		return NULL;
	if ((p[3] & 4) != 0)
		at += 2u + p[10] + ((gsize)p[11] << 8);
	if (at >= n)
		return NULL;
	end = memchr(p + at, '\0', MIN(n - at, 2 * SG_NAME_MOST));
	return end != NULL && end > p + at ? sg_name_show(p + at, (gsize)(end - p) - at, NULL) : NULL;
}

static char *
name_inside(const SgPart *part, gint format)
{
	gsize len = strlen(part->name);

	for (guint i = 0; i < 4; i += 2) {
		const char *ending = formats[format].endings[i];
		gsize n = strlen(ending);

		if (len > n && g_ascii_strcasecmp(part->name + len - n, ending) == 0)
			return g_strdup_printf("%.*s%s", (int)(len - n), part->name, formats[format].endings[i + 1]);
	}
	return g_strdup("");
}

static gboolean
packed_run(SgPart *part, SgSink *sink, GError **error)
{
	SgBatch batch = { .archive = part, .sink = sink };
	SgUnpack u = { .out = sg_member_take };
	g_autofree char *inside = NULL, *own = NULL;
	SgMember m = { .batch = &batch };
	GError *why = NULL;
	gint format;

	u.in = g_bytes_get_data(sg_part_bytes(part), &u.n);
	format = format_of(u.in, u.n);
	if (format < 0) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "packed: no such format");
		return FALSE;
	}
	inside = name_inside(part, format);
	if (formats[format].how == SG_PACKED_GZIP)
		own = gzip_name(u.in, u.n);
	if (part->depth >= sink->options->scan.depth) {
		sink->limit(sink, "depth");
		return own == NULL || sink->text(sink, "name", own, strlen(own), error);
	}
	/* programs take the one or the other name: both are read */
	if (own != NULL && inside[0] != '\0' && strcmp(own, inside) != 0 &&
	    !sink->text(sink, "name", inside, strlen(inside), error))
		return FALSE;
	m.name = own != NULL ? own : inside;
	u.how = formats[format].how;
	u.data = &m;
	if (!sg_unpack(&u, sink, &why) && m.bytes == NULL && g_error_matches(why, SG_ERR, SG_ERR_INPUT)) {
		g_propagate_error(error, why);
		return FALSE;
	}
	if (!sg_member_give(&m, why, error))
		return FALSE;
	if (batch.broken)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "packed: damaged or cut off");
	return !batch.broken;
}

extern const SgExtractor sg_x_packed;
const SgExtractor sg_x_packed = { "packed", packed_bid, packed_run, NULL, FALSE };
