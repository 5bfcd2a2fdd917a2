#include <bzlib.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/err.h"
#include "pack/inflate64.h"
#include "pack/unpack.h"

#define ZSTD_WINDOW 26		/* 2^26 is SG_UNPACK_MEMORY */
#define TAIL	    16u		/* what an LZMA stream without an end mark may have left */

typedef enum { MORE, ENDED, BROKEN, TOO_LARGE } Step;

typedef struct State {
	SgUnpack  *u;
	const guint8 *in;	/* next packed byte */
	gsize	   left;	/* packed bytes from there */
	char	  *out;		/* room for the next piece */
	gsize	   room;	/* what is free of it, from its begin */
	union {
		z_stream	z;
		bz_stream	bz;
		lzma_stream	lzma;
		ZSTD_DStream   *zstd;
		SgInflate64    *i64;
	};
} State;

/* zlib and bzip2 count in unsigned int. */
static guint
some(gsize n)
{
	return (guint)MIN(n, G_MAXINT32);
}

static gboolean
zlib_open(State *s)
{
	return inflateInit2(&s->z, s->u->how == SG_PACKED_GZIP ? 15 + 16 : -15) == Z_OK;
}

static Step
zlib_step(State *s)
{
	guint n = some(s->left), room = some(s->room);
	int r;

	s->z.next_in = (guint8 *)(guintptr)s->in;
	s->z.avail_in = n;
	s->z.next_out = (guint8 *)s->out;
	s->z.avail_out = room;
	r = inflate(&s->z, Z_NO_FLUSH);
	s->in += n - s->z.avail_in;
	s->left -= n - s->z.avail_in;
	s->room -= room - s->z.avail_out;
	if (r == Z_STREAM_END) {
		/* gzip files may be put one behind the other */
		if (s->u->how != SG_PACKED_GZIP || s->left < 2 || s->in[0] != 0x1f || s->in[1] != 0x8b)
			return ENDED;
		return inflateReset(&s->z) == Z_OK ? MORE : BROKEN;
	}
	if (r == Z_OK || (r == Z_BUF_ERROR && s->room < SG_UNPACK_PIECE))
		return MORE;
	return BROKEN;
}

static void
zlib_close(State *s)
{
	inflateEnd(&s->z);
}

static gboolean
bzip2_open(State *s)
{
	return BZ2_bzDecompressInit(&s->bz, 0, 0) == BZ_OK;
}

static Step
bzip2_step(State *s)
{
	guint n = some(s->left), room = some(s->room);
	int r;

	s->bz.next_in = (char *)(guintptr)s->in;
	s->bz.avail_in = n;
	s->bz.next_out = s->out;
	s->bz.avail_out = room;
	r = BZ2_bzDecompress(&s->bz);
	s->in += n - s->bz.avail_in;
	s->left -= n - s->bz.avail_in;
	s->room -= room - s->bz.avail_out;
	if (r == BZ_STREAM_END) {
		if (s->left < 4 || memcmp(s->in, "BZh", 3) != 0)
			return ENDED;
		BZ2_bzDecompressEnd(&s->bz);
		memset(&s->bz, 0, sizeof s->bz);
		return bzip2_open(s) ? MORE : BROKEN;
	}
	if (r != BZ_OK || (s->left == 0 && s->room == SG_UNPACK_PIECE))
		return BROKEN;
	return MORE;
}

static void
bzip2_close(State *s)
{
	BZ2_bzDecompressEnd(&s->bz);
}

static gboolean
lzma_open(State *s)
{
	static const lzma_stream fresh = LZMA_STREAM_INIT;

	s->lzma = fresh;
	if (s->u->how == SG_PACKED_XZ)
		return lzma_stream_decoder(&s->lzma, SG_UNPACK_MEMORY + (1u << 20), LZMA_CONCATENATED) == LZMA_OK;
	if (s->u->how == SG_PACKED_LZIP)
		return lzma_lzip_decoder(&s->lzma, SG_UNPACK_MEMORY + (1u << 20), LZMA_CONCATENATED) == LZMA_OK;
	return lzma_alone_decoder(&s->lzma, SG_UNPACK_MEMORY + (1u << 20)) == LZMA_OK;
}

/* In a zip the five bytes of properties have a header of their own, and the size
 * stands elsewhere: made into the header of an .lzma file of unknown size. */
static gboolean
zip_lzma_open(State *s)
{
	guint8 head[13];
	lzma_ret r;

	if (s->left < 9 || s->in[2] != 5 || s->in[3] != 0 || !lzma_open(s))
		return FALSE;
	memcpy(head, s->in + 4, 5);
	memset(head + 5, 0xff, 8);
	s->lzma.next_in = head;
	s->lzma.avail_in = sizeof head;
	s->lzma.next_out = (guint8 *)s->out;
	s->lzma.avail_out = s->room;
	s->in += 9;
	s->left -= 9;
	r = lzma_code(&s->lzma, LZMA_RUN);
	return r == LZMA_OK || r == LZMA_MEMLIMIT_ERROR;	/* the step meets that again */
}

static Step
lzma_step(State *s)
{
	gsize room = s->room;
	lzma_ret r;

	s->lzma.next_in = s->in;
	s->lzma.avail_in = s->left;
	s->lzma.next_out = (guint8 *)s->out;
	s->lzma.avail_out = room;
	r = lzma_code(&s->lzma, LZMA_FINISH);
	s->in += s->left - s->lzma.avail_in;
	s->left = s->lzma.avail_in;
	s->room = s->lzma.avail_out;
	if (r == LZMA_STREAM_END)
		return ENDED;
	if (r == LZMA_MEMLIMIT_ERROR)
		return TOO_LARGE;
	if (r == LZMA_OK || (r == LZMA_BUF_ERROR && s->room < SG_UNPACK_PIECE))
		return MORE;
	return BROKEN;
}

static void
lzma_close(State *s)
{
	lzma_end(&s->lzma);
}

static gboolean
zstd_open(State *s)
{
	s->zstd = ZSTD_createDStream();
	return s->zstd != NULL &&
	    !ZSTD_isError(ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW));
}

/* A frame, or one that is to be skipped. */
static gboolean
is_zstd(const guint8 *p)
{
	return memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0 ||
	    ((p[0] & 0xf0) == 0x50 && memcmp(p + 1, "\x2a\x4d\x18", 3) == 0);
}

static Step
zstd_step(State *s)
{
	ZSTD_inBuffer in = { s->in, s->left, 0 };
	ZSTD_outBuffer out = { s->out, s->room, 0 };
	gsize r = ZSTD_decompressStream(s->zstd, &out, &in);

	s->in += in.pos;
	s->left -= in.pos;
	s->room -= out.pos;
	if (ZSTD_isError(r))
		return strstr(ZSTD_getErrorName(r), "too much memory") != NULL ? TOO_LARGE : BROKEN;
	if (r == 0 && (s->left < 4 || !is_zstd(s->in)))
		return ENDED;
	return in.pos == 0 && out.pos == 0 ? BROKEN : MORE;
}

static void
zstd_close(State *s)
{
	ZSTD_freeDStream(s->zstd);
}

static gboolean
i64_open(State *s)
{
	s->i64 = sg_inflate64_new();
	return TRUE;
}

static Step
i64_step(State *s)
{
	SgInflate64Status r = sg_inflate64(s->i64, &s->in, &s->left, (guint8 *)s->out, &s->room);

	return r == SG_INFLATE64_MORE ? MORE : r == SG_INFLATE64_ENDED ? ENDED : BROKEN;
}

static void
i64_close(State *s)
{
	sg_inflate64_free(s->i64);
}

static const struct {
	gboolean (*open)(State *s);
	Step	 (*step)(State *s);	/* on, by any number of bytes but none */
	void	 (*close)(State *s);	/* also after an open that failed */
} packings[SG_PACKED_N] = {
	[SG_PACKED_DEFLATE] = { zlib_open, zlib_step, zlib_close },
	[SG_PACKED_DEFLATE64] = { i64_open, i64_step, i64_close },
	[SG_PACKED_ZIP_LZMA] = { zip_lzma_open, lzma_step, lzma_close },
	[SG_PACKED_BZIP2] = { bzip2_open, bzip2_step, bzip2_close },
	[SG_PACKED_GZIP] = { zlib_open, zlib_step, zlib_close },
	[SG_PACKED_XZ] = { lzma_open, lzma_step, lzma_close },
	[SG_PACKED_LZMA] = { lzma_open, lzma_step, lzma_close },
	[SG_PACKED_LZIP] = { lzma_open, lzma_step, lzma_close },
	[SG_PACKED_ZSTD] = { zstd_open, zstd_step, zstd_close },
};

static gboolean
broken(GError **error, const char *why)
{
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "packed data: %s", why);
	return FALSE;
}

static gboolean
limited(SgSink *sink, const char *which, GError **error)
{
	sink->limit(sink, which);
	g_set_error(error, SG_ERR, SG_ERR_LIMIT, "packed data: %s", which);
	return FALSE;
}

static gboolean
give(SgUnpack *u, SgSink *sink, const char *p, gsize n, GError **error)
{
	if (n == 0)
		return TRUE;
	if (!sink->spend(sink, n, error) || !u->out(u->data, p, n, error))
		return FALSE;
	u->given += n;
	if (u->given > SG_UNPACK_FREE && u->given / SG_UNPACK_RATIO > u->used)
		return limited(sink, "ratio", error);
	return TRUE;
}

static gboolean
copy(SgUnpack *u, SgSink *sink, GError **error)
{
	while (u->used < u->n) {
		gsize n = MIN(u->n - u->used, SG_UNPACK_PIECE);

		u->used += n;
		if (!give(u, sink, (const char *)u->in + u->used - n, n, error))
			return FALSE;
	}
	return TRUE;
}

/* An LZMA stream in a zip may have no mark at its end: then its size tells. */
static gboolean
is_complete(const State *s)
{
	return s->u->how == SG_PACKED_ZIP_LZMA && s->u->size > 0 && s->left <= TAIL &&
	    s->u->given + (SG_UNPACK_PIECE - s->room) >= s->u->size;
}

static gboolean
run(State *s, SgSink *sink, GError **error)
{
	SgUnpack *u = s->u;
	Step step = MORE;

	while (step == MORE) {
		gsize n;

		s->room = SG_UNPACK_PIECE;
		step = packings[u->how].step(s);
		u->used = u->n - s->left;
		n = SG_UNPACK_PIECE - s->room;
		if (step != ENDED && is_complete(s)) {
			n -= (gsize)(u->given + n - u->size);
			step = ENDED;
		}
		if (!give(u, sink, s->out, n, error))
			return FALSE;
		if (n == 0 && !sink->spend(sink, 0, error))
			return FALSE;
	}
	if (step == TOO_LARGE)
		return limited(sink, "memory", error);
	return step == ENDED || broken(error, "it is damaged or cut off");
}

gboolean
sg_unpack(SgUnpack *u, SgSink *sink, GError **error)
{
	State s = { .u = u, .in = u->in, .left = u->n, .room = SG_UNPACK_PIECE };
	gboolean ok;

	u->used = 0;
	u->given = 0;
	if (u->how == SG_PACKED_STORED)
		return copy(u, sink, error);
	s.out = g_malloc(SG_UNPACK_PIECE);
	ok = packings[u->how].open(&s) ? run(&s, sink, error) : broken(error, "its header is damaged");
	packings[u->how].close(&s);
	g_free(s.out);
	return ok;
}
