/*
 * unpack - one packed stream, unpacked in small pieces with bounded memory.
 *
 * Each piece is paid for with sink->spend before it is given out.  Beyond what any
 * honest file reaches (SG_UNPACK_FREE bytes and more than SG_UNPACK_RATIO times the
 * packed ones) unpacking ends with sink->limit("ratio"); a stream whose decoder asks
 * for more than SG_UNPACK_MEMORY ends with sink->limit("memory").
 *
 * To add a packing: its name here, a row of three functions in unpack.c.
 */
#ifndef SG_PACK_UNPACK_H
#define SG_PACK_UNPACK_H

#include "part/extractor.h"

#define SG_UNPACK_PIECE	 (64u << 10)
#define SG_UNPACK_FREE	 (16u << 20)
#define SG_UNPACK_RATIO	 100u
#define SG_UNPACK_MEMORY (64u << 20)

typedef enum {
	SG_PACKED_STORED, SG_PACKED_DEFLATE, SG_PACKED_DEFLATE64, SG_PACKED_ZIP_LZMA,
	SG_PACKED_BZIP2, SG_PACKED_GZIP, SG_PACKED_XZ, SG_PACKED_LZMA, SG_PACKED_LZIP,
	SG_PACKED_ZSTD, SG_PACKED_N
} SgPacking;

/* FALSE stops, and the call fails with the same error. */
typedef gboolean (*SgUnpackOut)(gpointer data, const char *piece, gsize n, GError **error);

typedef struct SgUnpack {
	SgPacking	how;
	const guint8   *in;
	gsize		n;
	guint64		size;	/* what the stream should give, or 0: a hint only */
	SgUnpackOut	out;
	gpointer	data;
	gsize		used;	/* set: packed bytes up to the end of the stream */
	guint64		given;	/* set: bytes that went to out */
} SgUnpack;

/* SG_ERR_INPUT: broken or cut off, what came before it has been given; SG_ERR_LIMIT. */
gboolean sg_unpack(SgUnpack *u, SgSink *sink, GError **error);

#endif
