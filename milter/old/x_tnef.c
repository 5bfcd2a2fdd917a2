/*
 * x_tnef - winmail.dat, [MS-OXTNEF]: what Outlook sends beside or instead of MIME.
 *
 * A list of attributes, each with a level, a number, a length and a sum; three of them
 * hold lists of MAPI properties.  Sums are not checked: a reader that stops at a wrong
 * one (libytnef gives nothing at all then) is blind where Outlook is not.
 */
#include <string.h>

#include "base/err.h"
#include "old/mapi.h"
#include "pack/ole.h"
#include "part/strings.h"

#define SIGNATURE 0x223e9f78u
#define MOST	  65536u	/* properties of a list, values of a property */

/* Attributes: the lower half of their number. */
#define A_SUBJECT	0x8004u
#define A_FROM		0x8000u
#define A_BODY		0x800cu
#define A_DATA		0x800fu
#define A_TITLE		0x8010u
#define A_RENDER	0x9002u		/* a new attachment begins */
#define A_PROPERTIES	0x9003u
#define A_RECIPIENTS	0x9004u
#define A_ATTACHMENT	0x9005u
#define A_CODEPAGE	0x9007u

typedef struct Tnef {
	SgPart	*part;
	SgSink	*sink;
	GBytes	*bytes;
	const guint8 *p;
	gsize	 n;
	SgCodepages *pages;
	SgStrings *strings;
	SgMapi	*message, *file;	/* file: the attachment in hand, or NULL */
	guint	 inside;
} Tnef;

/* Where reading has come in a list of properties. */
typedef struct Span {
	gsize at, end;
} Span;

static guint32
get32(const Tnef *t, Span *s)
{
	guint32 v;

	if (s->end - s->at < 4) {
		s->at = s->end;
		return 0;
	}
	v = sg_le32(t->p + s->at);
	s->at += 4;
	return v;
}

static void
skip(Span *s, gsize n)
{
	s->at += MIN(n, s->end - s->at);
}

/* Values of a fixed size have 4 bytes, or 8. */
static gsize
fixed_size(guint type)
{
	switch (type) {
	case 0x0005:	/* double */
	case 0x0006:	/* currency */
	case 0x0007:
	case 0x0014:	/* 64 bits */
	case 0x0040:	/* time */
		return 8;
	case 0x0048:	/* GUID */
		return 16;
	case SG_MAPI_OBJECT:
	case SG_MAPI_STRING8:
	case SG_MAPI_UNICODE:
	case SG_MAPI_BINARY:
		return 0;
	default:
		return 4;
	}
}

static void
put_value(Tnef *t, SgMapi *m, guint id, guint type, gsize at, gsize n)
{
	/* an object begins with the number of its interface: a file, or a message that is a TNEF again */
	gsize head = type == SG_MAPI_OBJECT && id == 0x3701 ? MIN(n, 16) : 0;
	g_autoptr(GBytes) b = g_bytes_new_from_bytes(t->bytes, at + head, n - head);

	if (head > 0)
		sg_mapi_file(m, b);
	else
		sg_mapi_put(m, id, type, b);
}

static void
read_values(Tnef *t, SgMapi *m, guint id, guint type, Span *s)
{
	gsize size = fixed_size(type & 0xfff);
	gboolean many = (type & 0x1000) != 0 || size == 0;
	guint count = many ? get32(t, s) : 1;

	for (guint i = 0; i < MIN(count, MOST) && s->at < s->end; i++) {
		gsize n = size > 0 ? size : get32(t, s);

		n = MIN(n, s->end - s->at);
		put_value(t, m, id, type & 0xfff, s->at, n);
		skip(s, (n + 3) & ~(gsize)3);
	}
}

static void
read_property(Tnef *t, SgMapi *m, Span *s)
{
	guint32 tag = get32(t, s);
	guint id = tag >> 16;

	if (id >= 0x8000) {		/* a named one: GUID, kind, number or name */
		skip(s, 16);
		if (get32(t, s) == 1)
			skip(s, ((gsize)get32(t, s) + 3) & ~(gsize)3);
		else
			skip(s, 4);
	}
	read_values(t, m, id, tag & 0xffff, s);
}

static void
read_list(Tnef *t, SgMapi *m, Span *s)
{
	guint count = get32(t, s);

	for (guint i = 0; i < MIN(count, MOST) && s->at < s->end; i++)
		read_property(t, m, s);
}

static void
read_recipients(Tnef *t, Span *s)
{
	guint count = get32(t, s);

	for (guint i = 0; i < MIN(count, MOST) && s->at < s->end; i++)
		read_list(t, t->message, s);
}

static gboolean
end_file(Tnef *t, GError **error)
{
	gboolean ok = t->file == NULL ||
	    sg_mapi_give(t->file, t->part, t->sink, t->strings, &t->inside, error);

	g_clear_pointer(&t->file, sg_mapi_free);
	return ok;
}

/* Files come between a begin and the next; broken ones without it. */
static SgMapi *
file_in_hand(Tnef *t)
{
	if (t->file == NULL) {
		t->file = sg_mapi_new(t->pages);
		sg_mapi_page(t->file, sg_mapi_get_page(t->message));
	}
	return t->file;
}

static void
put_string(Tnef *t, SgMapi *m, guint id, Span s)
{
	g_autoptr(GBytes) b = g_bytes_new_from_bytes(t->bytes, s.at, s.end - s.at);

	sg_mapi_put(m, id, SG_MAPI_STRING8, b);
}

static gboolean
read_data(Tnef *t, Span s, GError **error)
{
	g_autoptr(GBytes) b = g_bytes_new_from_bytes(t->bytes, s.at, s.end - s.at);

	/* a second file without a begin of its own */
	if (t->file != NULL && sg_mapi_has_file(t->file) && !end_file(t, error))
		return FALSE;
	sg_mapi_file(file_in_hand(t), b);
	return TRUE;
}

static gboolean
read_attribute(Tnef *t, guint id, Span s, GError **error)
{
	switch (id) {
	case A_CODEPAGE:
		sg_mapi_page(t->message, get32(t, &s));
		return TRUE;
	case A_SUBJECT:
		put_string(t, t->message, 0x0037, s);
		return TRUE;
	case A_BODY:
		put_string(t, t->message, 0x1000, s);
		return TRUE;
	case A_FROM:		/* four lengths before the name and the address */
		skip(&s, 8);
		put_string(t, t->message, 0x0c1a, s);
		return TRUE;
	case A_PROPERTIES:
		read_list(t, t->message, &s);
		return TRUE;
	case A_RECIPIENTS:
		read_recipients(t, &s);
		return TRUE;
	case A_RENDER:
		return end_file(t, error);
	case A_TITLE:
		put_string(t, file_in_hand(t), 0x3704, s);
		return TRUE;
	case A_DATA:
		return read_data(t, s, error);
	case A_ATTACHMENT:
		read_list(t, file_in_hand(t), &s);
		return TRUE;
	default:
		return TRUE;
	}
}

static gboolean
read_attributes(Tnef *t, GError **error)
{
	gsize at = 6;

	while (t->n - at >= 9) {
		gsize size = sg_le32(t->p + at + 5);
		guint id = sg_le16(t->p + at + 1);
		Span s = { at + 9, at + 9 + MIN(size, t->n - at - 9) };

		for (gsize left = s.end - s.at; left > 0; left -= MIN(left, 1u << 20))
			if (!t->sink->spend(t->sink, MIN(left, 1u << 20), error))
				return FALSE;
		if (!read_attribute(t, id, s, error))
			return FALSE;
		if (size > s.end - (at + 9)) {
			g_set_error(error, SG_ERR, SG_ERR_INPUT, "a TNEF that is cut off");
			return FALSE;
		}
		at = s.end + MIN(2, t->n - s.end);
	}
	return TRUE;
}

static gboolean
tnef_run(SgPart *part, SgSink *sink, GError **error)
{
	g_autoptr(SgCodepages) pages = sg_codepages_new();
	g_autoptr(SgStrings) strings = sg_strings_new(sink);
	g_autoptr(SgMapi) message = sg_mapi_new(pages);
	Tnef t = { .part = part, .sink = sink, .bytes = sg_part_bytes(part), .pages = pages,
		.strings = strings, .message = message };
	GError *local = NULL;
	gboolean ok;

	t.p = g_bytes_get_data(t.bytes, &t.n);
	if (t.n < 6 || sg_le32(t.p) != SIGNATURE) {
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "no TNEF");
		return FALSE;
	}
	ok = read_attributes(&t, &local);
	if (ok)
		return end_file(&t, error) &&
		    sg_mapi_give(message, part, sink, strings, &t.inside, error) &&
		    sg_strings_give(strings, error);
	/* what came before the damage or a limit counts */
	if (end_file(&t, NULL) && sg_mapi_give(message, part, sink, strings, &t.inside, NULL) &&
	    g_error_matches(local, SG_ERR, SG_ERR_INPUT)) {
		sg_strings_sweep(strings, t.p, t.n, 5);
		sg_strings_give(strings, NULL);
	}
	g_clear_pointer(&t.file, sg_mapi_free);
	g_propagate_error(error, local);
	return FALSE;
}

static guint
tnef_bid(const SgPart *part)
{
	return strcmp(part->detected, "application/vnd.ms-tnef") == 0 ||
	    strcmp(part->detected, "application/ms-tnef") == 0 ? 20 : 0;
}

extern const SgExtractor sg_x_tnef;
const SgExtractor sg_x_tnef = { "tnef", tnef_bid, tnef_run, NULL, FALSE };
