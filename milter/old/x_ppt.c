/*
 * x_ppt - the words of a PowerPoint presentation, [MS-PPT].
 *
 * The stream is records in records.  All of them are gone through as they stand, not
 * by the list of the last save: slides that were deleted, notes, masters and earlier
 * versions go out with the file as well.
 */
#include <string.h>
#include <zlib.h>

#include "base/err.h"
#include "old/olejob.h"
#include "protect/olecrypt.h"

#define TEXT_CHARS	0x0fa0u
#define TEXT_BYTES	0x0fa8u
#define C_STRING	0x0fbau
#define OBJECT		0x1011u		/* an embedded file, or the VBA project */
#define DRAWN		0xf00bu		/* properties of a shape: word art, descriptions */
#define OBJECT_MOST	(64u << 20)

typedef struct Ppt {
	SgOleJob *job;
	const guint8 *data;
	gsize	  len;
	GString	 *text;
	GBytes	 *stream;
} Ppt;

static gboolean
inflate_object(Ppt *x, const guint8 *p, gsize n, GByteArray *out, GError **error)
{
	z_stream z = { .next_in = (Bytef *)(guintptr)p, .avail_in = (uInt)MIN(n, G_MAXUINT) };
	guint8 piece[16384];
	int rc = Z_OK;

	if (inflateInit(&z) != Z_OK)
		return TRUE;
	while (rc == Z_OK && out->len < OBJECT_MOST) {
		z.next_out = piece;
		z.avail_out = sizeof piece;
		rc = inflate(&z, Z_NO_FLUSH);
		if (!x->job->sink->spend(x->job->sink, sizeof piece - z.avail_out, error)) {
			inflateEnd(&z);
			return FALSE;
		}
		g_byte_array_append(out, piece, (guint)(sizeof piece - z.avail_out));
		if (z.avail_out == sizeof piece)
			break;
	}
	inflateEnd(&z);
	if (out->len >= OBJECT_MOST)
		x->job->sink->limit(x->job->sink, "unpacked");
	return TRUE;
}

/* Instance 1: packed, behind the length it will have. */
static gboolean
give_object(Ppt *x, guint instance, gsize at, gsize n, GError **error)
{
	static const char wide[] = "V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T";
	g_autoptr(GBytes) b = NULL;

	if (instance == 1 && n > 4) {
		g_autoptr(GByteArray) out = g_byte_array_new();

		if (!inflate_object(x, x->data + at + 4, n - 4, out, error))
			return FALSE;
		b = g_byte_array_free_to_bytes(g_steal_pointer(&out));
	} else {
		b = g_bytes_new_from_bytes(x->stream, at, n);
	}
	if (g_bytes_get_size(b) == 0)
		return TRUE;
	if (memmem(g_bytes_get_data(b, NULL), g_bytes_get_size(b), wide, sizeof wide - 1) != NULL)
		sg_part_kind(x->job->part, "macro");
	return sg_ole_give(x->job, "", b, error);
}

/* Line ends are CR here, and VT inside a paragraph. */
static void
put_text(Ppt *x, const guint8 *p, gsize n, gboolean wide)
{
	gsize from = x->text->len;

	if (wide)
		sg_utf16le_append(p, n, x->text);
	else
		sg_cp1252_append(p, n, x->text);
	for (gsize i = from; i < x->text->len; i++)
		if (x->text->str[i] == '\v' || x->text->str[i] == '\r' || x->text->str[i] == '\f')
			x->text->str[i] = '\n';
	/* names of the program's own additions */
	if (g_str_has_prefix(x->text->str + from, "___PPT"))
		g_string_truncate(x->text, from);
	g_string_append_c(x->text, '\n');
}

static gboolean
read_atom(Ppt *x, guint instance, guint type, gsize at, gsize n, GError **error)
{
	switch (type) {
	case TEXT_CHARS:
	case C_STRING:
		put_text(x, x->data + at, n, TRUE);
		break;
	case TEXT_BYTES:
		put_text(x, x->data + at, n, FALSE);
		break;
	case OBJECT:
		return give_object(x, instance, at, n, error);
	case DRAWN:
	case 0xf121:
	case 0xf122:
		sg_strings_sweep(x->job->strings, x->data + at, n, 8);
		break;
	default:
		break;
	}
	return x->text->len < 1u << 20 || sg_ole_say(x->job, x->text, error);
}

/* Containers are entered, so that their depth does not matter. */
static gboolean
read_records(Ppt *x, GError **error)
{
	gsize at = 0;
	guint records = 0;

	while (x->len - at >= 8) {
		guint head = sg_le16(x->data + at), type = sg_le16(x->data + at + 2);
		gsize n = sg_le32(x->data + at + 4);

		at += 8;
		if (++records % 4096 == 0 && !x->job->sink->spend(x->job->sink, 0, error))
			return FALSE;
		if ((head & 0xf) == 0xf)
			continue;
		if (n > x->len - at) {
			/* what cannot be followed any more */
			sg_strings_sweep(x->job->strings, x->data + at, x->len - at, 5);
			g_set_error(error, SG_ERR, SG_ERR_INPUT, "presentation with a broken record");
			return FALSE;
		}
		if (!read_atom(x, head >> 4, type, at, n, error))
			return FALSE;
		at += n;
	}
	return TRUE;
}

gboolean
sg_ppt_read(SgOleJob *j, GBytes *stream, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GBytes) opened = sg_ppt_open(stream, j->sink, error);
	Ppt x = { .job = j, .text = text, .stream = opened };
	gboolean ok;

	if (opened == NULL)
		return FALSE;
	x.data = g_bytes_get_data(opened, &x.len);
	ok = read_records(&x, error);
	return sg_ole_say(j, text, ok ? error : NULL) && ok;
}
