/*
 * x_image - pictures: how large they claim to be, where they were taken, what is written
 * into them.  No picture is decoded here; words in it are asked for elsewhere (page/ocr.h).
 *
 *   notes   pixels:4032x3024, exif:position
 *   kinds   position	where it was taken can be read
 *
 * Texts are those fields that people write or that name people: description, comment,
 * author, owner of the camera, title, keywords (Exif, XMP, IPTC, text of PNG, comments of
 * GIF and JPEG).  Containers: JPEG, PNG, GIF, WebP, TIFF, HEIC and AVIF, BMP.
 */
#include <string.h>
#include <zlib.h>

#include "base/err.h"
#include "page/exif.h"
#include "page/ocr.h"
#include "part/extractor.h"
#include "text/charset.h"
#include "text/xmltext.h"

#define CHUNKS	100000u		/* of one picture */
#define XMPS	4u
#define TEXT_MAX (1u << 20)	/* of one compressed text */

typedef struct Image {
	const guint8 *p;
	gsize	      n;
	SgSink	     *sink;
	SgPicture     pic;
	GError	    **error;
} Image;

static guint
image_bid(const SgPart *part)
{
	return g_str_has_prefix(part->detected, "image/") ? 10 : 0;
}

static guint32
be(const Image *m, gsize at, guint bytes)
{
	guint32 v = 0;

	if (at > m->n || m->n - at < bytes)
		return 0;
	for (guint i = 0; i < bytes; i++)
		v = v << 8 | m->p[at + i];
	return v;
}

static guint32
le(const Image *m, gsize at, guint bytes)
{
	guint32 v = 0;

	if (at > m->n || m->n - at < bytes)
		return 0;
	for (guint i = 0; i < bytes; i++)
		v |= (guint32)m->p[at + i] << 8 * i;
	return v;
}

static gboolean
begins(const Image *m, gsize at, const char *with, gsize n)
{
	return at <= m->n && m->n - at >= n && memcmp(m->p + at, with, n) == 0;
}

static void
add_text(Image *m, const char *charset, const void *s, gsize n)
{
	gsize len;
	g_autofree char *text = n > 0 ? sg_charset_decode(charset, s, n, &len, NULL) : NULL;

	if (text == NULL)
		return;
	g_string_append_len(m->pic.text, text, (gssize)len);
	g_string_append_c(m->pic.text, '\n');
}

/* What the container says of the size goes before what Exif does. */
static void
read_exif(Image *m, const guint8 *data, gsize n)
{
	guint64 width = m->pic.width, height = m->pic.height;

	sg_exif_read(data, n, &m->pic);
	if (width > 0) {
		m->pic.width = width;
		m->pic.height = height;
	}
}

/* Records of press agencies: 1c 02 <which> <length> <text> */
static void
read_iptc(Image *m, gsize at, gsize end)
{
	static const guint8 texts[] = { 5, 25, 40, 80, 85, 90, 92, 105, 110, 115, 116, 118, 120, 122 };

	for (; end - at > 5 && m->p[at] == 0x1c; at += 5 + be(m, at + 3, 2)) {
		gsize n = be(m, at + 3, 2);

		if (n > end - at - 5)
			return;
		if (m->p[at + 1] == 2 && memchr(texts, m->p[at + 2], sizeof texts) != NULL)
			add_text(m, "utf-8", m->p + at + 5, n);
	}
}

/* Photoshop's blocks: "8BIM" <which> <name> <length> <data> */
static void
read_photoshop(Image *m, gsize at, gsize end)
{
	while (end - at > 12 && begins(m, at, "8BIM", 4)) {
		gsize name = (m->p[at + 6] + 2u) & ~1u, n;

		if (end - at < 12 + name)
			return;
		n = be(m, at + 6 + name, 4);
		if (n > end - at - 10 - name)
			return;
		if (be(m, at + 4, 2) == 0x0404)
			read_iptc(m, at + 10 + name, at + 10 + name + n);
		at += MIN(10 + name + ((n + 1) & ~(gsize)1), end - at);
	}
}

static void
jpeg_segment(Image *m, guint kind, gsize at, gsize n)
{
	if (kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 && kind != 0xc8 && kind != 0xcc) {
		m->pic.height = be(m, at + 1, 2);
		m->pic.width = be(m, at + 3, 2);
	} else if (kind == 0xfe) {
		add_text(m, "utf-8", m->p + at, n);
	} else if (kind == 0xe1 && n > 6 && begins(m, at, "Exif\0", 5)) {
		read_exif(m, m->p + at + 6, n - 6);
	} else if (kind == 0xed && n > 14 && begins(m, at, "Photoshop 3.0", 14)) {
		read_photoshop(m, at + 14, at + n);
	}
}

static void
read_jpeg(Image *m)
{
	gsize at = 2;

	for (guint i = 0; i < CHUNKS && m->n > at && m->n - at > 4 && m->p[at] == 0xff; i++) {
		guint kind = m->p[at + 1];
		gsize n = be(m, at + 2, 2);

		if (kind == 0xff || kind == 0x01 || (kind >= 0xd0 && kind <= 0xd8)) {
			at += kind == 0xff ? 1 : 2;
			continue;
		}
		if (kind == 0xda || kind == 0xd9 || n < 2 || n > m->n - at - 2)
			break;
		jpeg_segment(m, kind, at + 4, n - 2);
		at += 2 + n;
	}
}

/* FALSE: a limit. */
static gboolean
inflate_text(Image *m, const char *charset, const guint8 *s, gsize n)
{
	g_autofree guint8 *out = g_malloc(TEXT_MAX);
	z_stream z = { .next_in = (Bytef *)(guintptr)s, .avail_in = (uInt)n, .next_out = out,
		.avail_out = TEXT_MAX };
	gboolean more;

	if (!m->sink->spend(m->sink, TEXT_MAX, m->error))
		return FALSE;
	if (inflateInit(&z) != Z_OK)
		return TRUE;
	more = inflate(&z, Z_SYNC_FLUSH) == Z_OK && z.avail_out == 0;
	inflateEnd(&z);
	if (more)
		m->sink->limit(m->sink, "text");
	add_text(m, charset, out, TEXT_MAX - z.avail_out);
	return TRUE;
}

/* "keyword" NUL, then tEXt: text; zTXt: method, packed; iTXt: packed?, method, two more
 * strings, text */
static gboolean
png_text(Image *m, const char *kind, gsize at, gsize n)
{
	const guint8 *s = m->p + at, *end = s + n, *nul = memchr(s, '\0', n);
	gboolean packed = *kind == 'z', utf8 = *kind == 'i';

	if (nul == NULL)
		return TRUE;
	s = nul + 1;
	if (utf8) {
		if (end - s < 2)
			return TRUE;
		packed = s[0] != 0;
		s += 2;
		for (guint i = 0; i < 2; i++) {
			nul = s < end ? memchr(s, '\0', (gsize)(end - s)) : NULL;
			if (nul == NULL)
				return TRUE;
			s = nul + 1;
		}
	} else {
		s += packed;
	}
	if (s >= end)
		return TRUE;
	if (packed)
		return inflate_text(m, utf8 ? "utf-8" : "iso-8859-1", s, (gsize)(end - s));
	if (memmem(s, (gsize)(end - s), "<x:xmpmeta", 10) == NULL)	/* is read with all others */
		add_text(m, utf8 ? "utf-8" : "iso-8859-1", s, (gsize)(end - s));
	return TRUE;
}

static gboolean
read_png(Image *m)
{
	gsize at = 8;

	for (guint i = 0; i < CHUNKS && m->n > at && m->n - at >= 12; i++) {
		gsize n = be(m, at, 4);
		const char *kind = (const char *)m->p + at + 4;

		if (n > m->n - at - 12)
			n = m->n - at - 12;	/* cut off */
		if (memcmp(kind, "IHDR", 4) == 0) {
			m->pic.width = be(m, at + 8, 4);
			m->pic.height = be(m, at + 12, 4);
		} else if (memcmp(kind, "eXIf", 4) == 0) {
			read_exif(m, m->p + at + 8, n);
		} else if ((memcmp(kind, "tEXt", 4) == 0 || memcmp(kind, "zTXt", 4) == 0 ||
		    memcmp(kind, "iTXt", 4) == 0) && !png_text(m, kind, at + 8, n)) {
			return FALSE;
		}
		at += 12 + n;
	}
	return TRUE;
}

/* The pieces of a comment: <length> <bytes>, ended by a length of 0; where it ends. */
static gsize
gif_blocks(const Image *m, gsize at, GString *text)
{
	while (at < m->n && m->p[at] > 0) {
		gsize n = MIN(m->p[at], m->n - at - 1);

		if (text != NULL)
			g_string_append_len(text, (const char *)m->p + at + 1, (gssize)n);
		at += n + 1;
	}
	return at + 1;
}

static void
read_gif(Image *m)
{
	gsize at = 13;

	if (m->n < 13)
		return;
	m->pic.width = le(m, 6, 2);
	m->pic.height = le(m, 8, 2);
	if ((m->p[10] & 0x80) != 0)
		at += 3u << ((m->p[10] & 7) + 1);
	for (guint i = 0; i < CHUNKS && at < m->n && m->n - at > 2; i++) {
		g_autoptr(GString) text = NULL;

		if (m->p[at] == 0x21) {
			/* a comment, or text that is drawn */
			text = m->p[at + 1] == 0xfe || m->p[at + 1] == 0x01 ? g_string_new(NULL) : NULL;
			at = gif_blocks(m, at + 2, text);
			if (text != NULL)
				add_text(m, "utf-8", text->str, text->len);
		} else if (m->p[at] == 0x2c && m->n - at > 10) {
			guint packed = m->p[at + 9];

			at += 11 + ((packed & 0x80) != 0 ? 3u << ((packed & 7) + 1) : 0);
			at = gif_blocks(m, at, NULL);
		} else {
			return;
		}
	}
}

static void
webp_chunk(Image *m, gsize at, gsize n)
{
	const guint8 *data = m->p + at + 8;

	if (begins(m, at, "VP8X", 4)) {
		m->pic.width = le(m, at + 12, 3) + 1u;
		m->pic.height = le(m, at + 15, 3) + 1u;
	} else if (begins(m, at, "VP8 ", 4)) {
		m->pic.width = le(m, at + 14, 2) & 0x3fff;
		m->pic.height = le(m, at + 16, 2) & 0x3fff;
	} else if (begins(m, at, "VP8L", 4)) {
		m->pic.width = (le(m, at + 9, 4) & 0x3fff) + 1u;
		m->pic.height = (le(m, at + 9, 4) >> 14 & 0x3fff) + 1u;
	} else if (begins(m, at, "EXIF", 4)) {
		gsize skip = n > 6 && memcmp(data, "Exif\0", 5) == 0 ? 6 : 0;

		read_exif(m, data + skip, n - skip);
	}
}

static void
read_webp(Image *m)
{
	gsize at = 12;

	for (guint i = 0; i < CHUNKS && m->n > at && m->n - at > 8; i++) {
		gsize n = MIN(le(m, at + 4, 4), m->n - at - 8);

		webp_chunk(m, at, n);
		at += 8 + ((n + 1) & ~(gsize)1);
	}
}

/* HEIC and AVIF: the item is where it says "Exif", and the size in a box of its own;
 * their directory need not be followed for these two. */
static void
read_boxes(Image *m)
{
	const guint8 *end = m->p + m->n, *s = memmem(m->p, m->n, "ispe", 4);

	for (guint i = 0; i < XMPS && s != NULL; i++) {
		gsize at = (gsize)(s - m->p);

		m->pic.width = MAX(m->pic.width, be(m, at + 8, 4));	/* of all its tiles */
		m->pic.height = MAX(m->pic.height, be(m, at + 12, 4));
		s = memmem(s + 4, (gsize)(end - s - 4), "ispe", 4);
	}
	s = memmem(m->p, m->n, "Exif\0\0", 6);
	for (guint i = 0; i < XMPS && s != NULL; i++) {
		read_exif(m, s + 6, (gsize)(end - s - 6));
		s = memmem(s + 6, (gsize)(end - s - 6), "Exif\0\0", 6);
	}
}

/* XMP stands as it is in every container, so that anybody can find it. */
static void
read_xmp(Image *m)
{
	const char *s = (const char *)m->p, *end = s + m->n;

	for (guint i = 0; i < XMPS && s < end; i++) {
		const char *stop;

		s = memmem(s, (gsize)(end - s), "<x:xmpmeta", 10);
		if (s == NULL)
			return;
		stop = memmem(s, (gsize)(end - s), "</x:xmpmeta>", 12);
		stop = stop != NULL ? stop : end;
		stop = MIN(stop, s + TEXT_MAX);
		m->pic.position = m->pic.position || memmem(s, (gsize)(stop - s), "GPSLatitude", 11) != NULL;
		sg_xmp_text(s, (gsize)(stop - s), m->pic.text);
		s = stop;
	}
}

static gboolean
read_image(Image *m)
{
	if (begins(m, 0, "\xff\xd8", 2)) {
		read_jpeg(m);
	} else if (begins(m, 0, "\x89PNG", 4)) {
		if (!read_png(m))
			return FALSE;
	} else if (begins(m, 0, "GIF8", 4)) {
		read_gif(m);
	} else if (begins(m, 0, "RIFF", 4) && begins(m, 8, "WEBP", 4)) {
		read_webp(m);
	} else if (begins(m, 4, "ftyp", 4)) {
		read_boxes(m);
	} else if (begins(m, 0, "BM", 2) && m->n > 26) {
		m->pic.width = le(m, 18, 4);
		m->pic.height = le(m, 22, 4);
	} else {
		sg_exif_read(m->p, m->n, &m->pic);
	}
	read_xmp(m);
	return TRUE;
}

static gboolean
image_run(SgPart *part, SgSink *sink, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	Image m = { .sink = sink, .pic = { .text = text }, .error = error };
	gboolean ok;

	m.p = g_bytes_get_data(sg_part_bytes(part), &m.n);
	ok = m.n > 0 ? read_image(&m) : TRUE;
	if (m.pic.width > 0 && m.pic.height > 0) {
		g_autofree char *note = g_strdup_printf("pixels:%" G_GUINT64_FORMAT "x%" G_GUINT64_FORMAT,
		    m.pic.width, m.pic.height);

		sg_part_note(part, note);
	}
	if (m.pic.more)
		sink->limit(sink, "text");
	if (m.pic.position) {
		sg_part_note(part, "exif:position");
		sg_part_kind(part, "position");
	}
	if (text->len > 0 && !sink->text(sink, "attachment", text->str, text->len, ok ? error : NULL))
		return FALSE;
	return ok && sg_ocr_read(part, sink, error);
}

extern const SgExtractor sg_x_image;
const SgExtractor sg_x_image = { "image", image_bid, image_run, NULL, FALSE };
