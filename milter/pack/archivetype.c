#include <string.h>

#include "pack/archivetype.h"

static const struct {
	const char *signature;
	gsize	    at, n;
	const char *mime;
} types[] = {
	{ "PK\003\004", 0, 4, "application/zip" },
	{ "PK\005\006", 0, 4, "application/zip" },
	{ "PK\001\002", 0, 4, "application/zip" },
	{ "PK\006\006", 0, 4, "application/zip" },
	{ "PK\007\010PK", 0, 6, "application/zip" },
	{ "PK00PK", 0, 6, "application/zip" },
	{ "7z\xbc\xaf\x27\x1c", 0, 6, "application/x-7z-compressed" },
	{ "Rar!\x1a\x07", 0, 6, "application/x-rar" },
	{ "RE~^", 0, 4, "application/x-rar" },
	{ "\x1f\x8b\x08", 0, 3, "application/gzip" },
	{ "BZh", 0, 3, "application/x-bzip2" },
	{ "\xfd" "7zXZ", 0, 6, "application/x-xz" },
	{ "LZIP\1", 0, 5, "application/x-lzip" },
	{ "\x28\xb5\x2f\xfd", 0, 4, "application/zstd" },
	{ "\x1f\x9d", 0, 2, "application/x-compress" },
	{ "\x1f\xa0", 0, 2, "application/x-compress" },
	{ "\x04\x22\x4d\x18", 0, 4, "application/x-lz4" },
	{ "MSCF\0\0\0", 0, 8, "application/vnd.ms-cab-compressed" },
	{ "ustar", 257, 5, "application/x-tar" },
	{ "!<arch>\n", 0, 8, "application/x-archive" },
	{ "070701", 0, 6, "application/x-cpio" },
	{ "070702", 0, 6, "application/x-cpio" },
	{ "070707", 0, 6, "application/x-cpio" },
	{ "-lh", 2, 3, "application/x-lzh-compressed" },
	{ "-lz", 2, 3, "application/x-lzh-compressed" },
	{ "xar!", 0, 4, "application/x-xar" },
	{ "**ACE**", 7, 7, "application/x-ace-compressed" },
	{ "ALZ\1", 0, 4, "application/x-alz" },
};

/* Signatures that people may well write: something must follow that they would not. */
static gboolean
is_sure(gsize i, const guint8 *head, gsize n)
{
	const guint8 *p = head + types[i].at + types[i].n;

	if (types[i].signature[0] == 'B')
		return n >= 10 && head[3] >= '1' && head[3] <= '9' &&
		    (memcmp(head + 4, "1AY&SY", 6) == 0 || memcmp(head + 4, "\x17rE8P\x90", 6) == 0);
	if (types[i].at == 2)	/* method, then "-" */
		return n >= 24 && p[1] == '-' && head[20] <= 3;
	return TRUE;
}

const char *
sg_archive_mime(const guint8 *head, gsize n)
{
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (n >= types[i].at + types[i].n &&
		    memcmp(head + types[i].at, types[i].signature, types[i].n) == 0 && is_sure(i, head, n))
			return types[i].mime;
	return NULL;
}
