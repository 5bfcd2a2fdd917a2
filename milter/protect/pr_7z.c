/*
 * pr_7z - AES in the folders of a 7z archive, or over its header.
 *
 * Format: 7zFormat.txt of the LZMA SDK.  The header that lists the folders is most often
 * packed itself, by LZMA; it is unpacked into at most HEADER_MAX bytes.
 */
#include <lzma.h>

#include "base/err.h"
#include "protect/pr.h"

#define HEADER_MAX (16u << 20)
#define MANY	   (1u << 20)	/* folders, coders, streams: what a number may be */

enum { END = 0, HEADER = 1, ARCHIVE = 2, MAIN_STREAMS = 4, PACK_INFO = 6, UNPACK_INFO = 7, SIZE = 9, CRC = 10,
	FOLDER = 11, UNPACK_SIZE = 12, ENCODED = 23 };

/* A place in the header; bad once anything was read beyond the end, or is too much. */
typedef struct In {
	SgSpan	 s;
	gsize	 at;
	gboolean bad;
} In;

typedef struct Folders {
	guint	plain, shut;
	guint64 pack_at, pack_size;	/* of the first packed stream */
	guint64 unpacked;		/* of the first folder	      */
	SgSpan	lzma;			/* its LZMA properties, when it is plain LZMA */
} Folders;

static guint8
byte(In *in)
{
	if (in->at >= in->s.n)
		in->bad = TRUE;
	return in->bad ? 0 : in->s.p[in->at++];
}

static void
skip(In *in, guint64 n)
{
	if (!sg_span_has(in->s, in->at, n))
		in->bad = TRUE;
	else
		in->at += (gsize)n;
}

/* The number of leading ones in the first byte says how many bytes follow. */
static guint64
number(In *in)
{
	guint8 first = byte(in), mask = 0x80;
	guint64 v = 0;

	for (guint i = 0; i < 8; i++, mask >>= 1) {
		if ((first & mask) == 0)
			return v + ((guint64)(first & (mask - 1u)) << (8 * i));
		v |= (guint64)byte(in) << (8 * i);
	}
	return v;
}

static guint64
few(In *in)
{
	guint64 n = number(in);

	if (n > MANY)
		in->bad = TRUE;
	return in->bad ? 0 : n;
}

/* Check sums of n streams: a bit each unless all are there. */
static void
skip_digests(In *in, guint64 n)
{
	guint64 there = byte(in) != 0 ? n : 0;

	for (guint64 i = 0; there != n && i < n && !in->bad; i += 8)
		for (guint8 bits = byte(in); bits != 0; bits &= (guint8)(bits - 1))
			there++;
	skip(in, MIN(there, n) * 4);
}

static void
pack_info(In *in, Folders *f)
{
	guint64 n, type;

	f->pack_at = number(in);
	n = few(in);
	while (!in->bad && (type = number(in)) != END) {
		if (type == CRC)
			skip_digests(in, n);
		for (guint64 i = 0; type == SIZE && i < n && !in->bad; i++) {
			guint64 size = number(in);

			if (i == 0)
				f->pack_size = size;
		}
		in->bad |= type != CRC && type != SIZE;
	}
}

/* One folder: its coders, and how they hang together.  Returns its number of outputs. */
static guint64
folder(In *in, Folders *f, gboolean first)
{
	static const guint8 lzma[] = { 3, 1, 1 }, aes[] = { 6, 0xf1, 7, 1 };
	guint64 coders = few(in), ins = 0, outs = 0, packed;
	gboolean shut = FALSE;

	for (guint64 i = 0; i < coders && !in->bad; i++) {
		guint8 flags = byte(in);
		SgSpan id = sg_span_cut(in->s, in->at, flags & 0x0f), props = { NULL, 0 };

		skip(in, flags & 0x0f);
		ins += (flags & 0x10) != 0 ? few(in) : 1;
		outs += (flags & 0x10) != 0 ? few(in) : 1;
		if ((flags & 0x20) != 0) {
			guint64 n = few(in);

			props = sg_span_cut(in->s, in->at, n);
			skip(in, n);
		}
		shut |= sg_span_is(id, 0, aes, sizeof aes);
		if (first && coders == 1 && id.n == sizeof lzma && sg_span_is(id, 0, lzma, sizeof lzma))
			f->lzma = props;
		in->bad |= ins > MANY || outs > MANY || (flags & 0x80) != 0;
	}
	for (guint64 i = 1; i < outs && !in->bad; i++) {
		number(in);
		number(in);
	}
	packed = ins + 1 > outs ? ins + 1 - outs : 0;
	for (guint64 i = 0; packed > 1 && i < packed && !in->bad; i++)
		number(in);
	f->shut += shut;
	f->plain += !shut;
	return outs;
}

static void
unpack_info(In *in, Folders *f)
{
	guint64 n, outs = 0, type;

	in->bad |= number(in) != FOLDER;
	n = few(in);
	in->bad |= byte(in) != 0;	/* described elsewhere: nobody writes that */
	for (guint64 i = 0; i < n && !in->bad; i++)
		outs += folder(in, f, i == 0);
	while (!in->bad && (type = number(in)) != END) {
		if (type == CRC)
			skip_digests(in, n);
		for (guint64 i = 0; type == UNPACK_SIZE && i < outs && !in->bad; i++) {
			guint64 size = number(in);

			if (i == 0)
				f->unpacked = size;
		}
		in->bad |= type != CRC && type != UNPACK_SIZE;
	}
}

static void
streams_info(In *in, Folders *f)
{
	guint64 type;

	while (!in->bad && ((type = number(in)) == PACK_INFO || type == UNPACK_INFO)) {
		if (type == PACK_INFO) {
			pack_info(in, f);
		} else {
			unpack_info(in, f);
			return;		/* what files lie in the folders does not matter */
		}
	}
}

static void
header(In *in, Folders *f)
{
	guint64 type = number(in);

	while (type == ARCHIVE && !in->bad) {	/* properties, each with its size */
		while (number(in) != END && !in->bad)
			skip(in, number(in));
		type = number(in);
	}
	if (type == MAIN_STREAMS)
		streams_info(in, f);
}

/* in into all of out; how many bytes came. */
static gsize
unpack_lzma(const guint8 props[5], SgSpan in, guint8 *out, gsize size)
{
	lzma_filter filters[2] = { { LZMA_FILTER_LZMA1, NULL }, { LZMA_VLI_UNKNOWN, NULL } };
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_options_lzma *o;
	gsize done = 0;

	if (lzma_properties_decode(&filters[0], NULL, props, 5) != LZMA_OK)
		return 0;
	o = filters[0].options;
	o->dict_size = (guint32)MIN(o->dict_size, MAX(size, 4096));	/* no farther than there is */
	if (lzma_raw_decoder(&stream, filters) == LZMA_OK) {
		stream.next_in = in.p;
		stream.avail_in = in.n;
		stream.next_out = out;
		stream.avail_out = size;
		while (stream.avail_out > 0 && lzma_code(&stream, LZMA_RUN) == LZMA_OK && stream.avail_in > 0)
			;
		done = size - stream.avail_out;
		lzma_end(&stream);
	}
	free(o);
	return done;
}

/* The packed header of f; NULL: not LZMA, broken, or too large. */
static GBytes *
unpack_header(SgSpan file, const Folders *f, SgSink *sink)
{
	SgSpan packed = f->pack_at <= G_MAXUINT64 - 32 ? sg_span_cut(file, f->pack_at + 32, f->pack_size)
						      : sg_span_cut(file, file.n, 0);
	g_autofree guint8 *out = NULL;
	gsize n;

	if (f->lzma.n != 5 || f->unpacked == 0 || f->unpacked > HEADER_MAX)
		return NULL;
	for (guint64 paid = 0; paid < f->unpacked; paid += 1u << 20)
		if (!sink->spend(sink, MIN(f->unpacked - paid, 1u << 20), NULL))
			return NULL;
	out = g_malloc0((gsize)f->unpacked);
	n = unpack_lzma(f->lzma.p, packed, out, (gsize)f->unpacked);
	return n == f->unpacked ? g_bytes_new_take(g_steal_pointer(&out), n) : NULL;
}

gboolean
sg_pr_7z_is(const SgPart *part, SgSpan head)
{
	(void)part;
	return sg_span_is(head, 0, "7z\xbc\xaf\x27\x1c", 6);
}

gboolean
sg_pr_7z(SgPart *part, SgSpan file, SgSink *sink, SgProtection *out)
{
	static const SgCipher aes = { "AES-256", TRUE };
	guint64 at = sg_span_le(file, 12, 8), n = sg_span_le(file, 20, 8);
	Folders f = { 0, 0, 0, 0, 0, { NULL, 0 } };
	In in = { at <= G_MAXUINT64 - 32 ? sg_span_cut(file, at + 32, n) : sg_span_cut(file, file.n, 0), 0, FALSE };
	g_autoptr(GBytes) unpacked = NULL;
	guint64 type = in.s.n > 0 ? number(&in) : END;

	(void)part;
	if (type == ENCODED) {
		streams_info(&in, &f);
		if (f.shut > 0) {
			sg_pr_say(out, "protected", &aes);
			return TRUE;
		}
		unpacked = unpack_header(file, &f, sink);
		if (unpacked == NULL)
			return FALSE;
		in = (In){ sg_span_of(unpacked), 0, FALSE };
		f = (Folders){ 0, 0, 0, 0, 0, { NULL, 0 } };
		type = number(&in);
	}
	if (type == HEADER)
		header(&in, &f);
	if (f.shut > 0)
		sg_pr_say(out, f.plain > 0 ? "partial" : "protected", &aes);
	else
		sg_pr_say(out, "plain", NULL);
	return !in.bad && (type == HEADER || (type == END && n == 0));
}
