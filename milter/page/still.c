#include <string.h>

#include "page/still.h"

#define PIECES 100000u		/* chunks or segments of one picture */

typedef struct Frame {
	const guint8 *p;
	gsize	      n;
	guint64	      width, height;	/* 0: not said */
	const char   *why;
} Frame;

static guint32
number(const Frame *f, gsize at, guint bytes, gboolean big)
{
	guint32 v = 0;

	if (at > f->n || f->n - at < bytes)
		return 0;
	for (guint i = 0; i < bytes; i++)
		v = v << 8 | f->p[at + (big ? i : bytes - 1 - i)];
	return v;
}

static gboolean
begins(const Frame *f, gsize at, const char *with, gsize n)
{
	return at <= f->n && f->n - at >= n && memcmp(f->p + at, with, n) == 0;
}

static gboolean
no(Frame *f, const char *why)
{
	f->why = why;
	return FALSE;
}

/* Chunks: length, name, data, sum; "acTL" makes it move (APNG), "IEND" ends it. */
static gboolean
read_png(Frame *f)
{
	gsize at = 8;

	if (!begins(f, 12, "IHDR", 4))
		return no(f, "it is broken");
	f->width = number(f, 16, 4, TRUE);
	f->height = number(f, 20, 4, TRUE);
	for (guint i = 0; i < PIECES; i++) {
		gsize n = number(f, at, 4, TRUE);

		if (f->n < 12 || at > f->n - 12 || n > f->n - 12 - at)
			return no(f, "it is broken");
		if (begins(f, at + 4, "acTL", 4) || begins(f, at + 4, "fcTL", 4) || begins(f, at + 4, "fdAT", 4))
			return no(f, "it moves");
		if (begins(f, at + 4, "IEND", 4))
			return TRUE;
		at += 12 + n;
	}
	return no(f, "it has too many pieces");
}

/* Segments up to the first line of the picture itself; one of them says how large it is. */
static gboolean
read_jpeg(Frame *f)
{
	gsize at = 2;

	for (guint i = 0; i < PIECES; i++) {
		guint kind = number(f, at + 1, 1, TRUE);
		gsize n = number(f, at + 2, 2, TRUE);

		if (f->n < 4 || at > f->n - 4 || f->p[at] != 0xff)
			return no(f, "it is broken");
		if (kind == 0xff || kind == 0x01 || (kind >= 0xd0 && kind <= 0xd8)) {
			at += kind == 0xff ? 1 : 2;
			continue;
		}
		if (kind == 0xda)
			return f->width > 0 ? TRUE : no(f, "it is broken");
		if (kind == 0xd9 || n < 2 || n > f->n - at - 2)
			return no(f, "it is broken");
		if (kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 && kind != 0xc8 && kind != 0xcc) {
			f->height = number(f, at + 5, 2, TRUE);
			f->width = number(f, at + 7, 2, TRUE);
		}
		at += 2 + n;
	}
	return no(f, "it has too many pieces");
}

/* What one chunk of a WebP says of the size; FALSE: it moves. */
static gboolean
webp_chunk(Frame *f, gsize at)
{
	if (begins(f, at, "ANIM", 4) || begins(f, at, "ANMF", 4))
		return FALSE;
	if (begins(f, at, "VP8X", 4)) {
		f->width = (guint64)number(f, at + 12, 3, FALSE) + 1;
		f->height = (guint64)number(f, at + 15, 3, FALSE) + 1;
		return (number(f, at + 8, 1, FALSE) & 0x02) == 0;
	}
	if (begins(f, at, "VP8 ", 4) && begins(f, at + 11, "\x9d\x01\x2a", 3)) {
		f->width = MAX(f->width, number(f, at + 14, 2, FALSE) & 0x3fff);
		f->height = MAX(f->height, number(f, at + 16, 2, FALSE) & 0x3fff);
	} else if (begins(f, at, "VP8L", 4) && begins(f, at + 8, "\x2f", 1)) {
		guint32 bits = number(f, at + 9, 4, FALSE);

		f->width = MAX(f->width, (bits & 0x3fff) + 1);
		f->height = MAX(f->height, (bits >> 14 & 0x3fff) + 1);
	}
	return TRUE;
}

static gboolean
read_webp(Frame *f)
{
	gsize end = (gsize)number(f, 4, 4, FALSE) + 8, at = 12;

	if (end > f->n || end < 20)
		return no(f, "it is broken");
	for (guint i = 0; at < end && i < PIECES; i++) {
		gsize n = number(f, at + 4, 4, FALSE);

		if (end - at < 8 || n > end - at - 8)
			return no(f, "it is broken");
		if (!webp_chunk(f, at))
			return no(f, "it moves");
		at += MIN(8 + n + (n & 1), end - at);
	}
	return at >= end ? TRUE : no(f, "it has too many pieces");
}

const char *
sg_still_type(const guint8 *data, gsize n, const char **why)
{
	static const struct {
		const char *magic, *more, *type;	/* more: at byte 8 */
		gsize	    len;
		gboolean  (*read)(Frame *f);
	} types[] = {
		{ "\x89PNG\r\n\x1a\n", "", "image/png", 8, read_png },
		{ "\xff\xd8\xff", "", "image/jpeg", 3, read_jpeg },
		{ "RIFF", "WEBP", "image/webp", 4, read_webp },
	};
	Frame f = { .p = data, .n = n, .why = "it is neither PNG nor JPEG nor WebP" };

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		if (!begins(&f, 0, types[i].magic, types[i].len) ||
		    !begins(&f, 8, types[i].more, strlen(types[i].more)))
			continue;
		if (types[i].read(&f)) {
			if (f.width > 0 && f.height > 0 && f.height <= SG_STILL_PIXELS / f.width)
				return types[i].type;
			f.why = f.width == 0 || f.height == 0 ? "it does not say how large it is" : "it is too large";
		}
		break;
	}
	*why = f.why;
	return NULL;
}
