#include <string.h>

#include "page/exif.h"
#include "text/charset.h"

#define FIELDS	1000u	/* of one directory */
#define LISTS	8u	/* directories of one picture */
#define LONGEST 65536u	/* of one text */
#define ENOUGH	(1u << 20)

enum { ASCII = 2, SHORT = 3, LONG = 4, RATIONAL = 5 };

typedef enum { PLAIN = 1, WIDE, COMMENT, WIDTH, HEIGHT, LIST, LATITUDE, LONGITUDE } What;

static const struct {
	guint16 tag;
	What	what;
	gboolean gps;		/* in the directory of places, where tags count from 0 */
} wanted[] = {
	{ 0x0002, LATITUDE, TRUE }, { 0x0004, LONGITUDE, TRUE }, { 0x001c, COMMENT, TRUE },
	{ 0x0100, WIDTH, FALSE }, { 0x0101, HEIGHT, FALSE }, { 0x010d, PLAIN, FALSE },
	{ 0x010e, PLAIN, FALSE }, { 0x011d, PLAIN, FALSE }, { 0x013b, PLAIN, FALSE },
	{ 0x013c, PLAIN, FALSE }, { 0x8298, PLAIN, FALSE }, { 0x8769, LIST, FALSE },
	{ 0x8825, LIST, FALSE }, { 0x9286, COMMENT, FALSE }, { 0x9c9b, WIDE, FALSE },
	{ 0x9c9c, WIDE, FALSE }, { 0x9c9d, WIDE, FALSE }, { 0x9c9e, WIDE, FALSE },
	{ 0x9c9f, WIDE, FALSE }, { 0xa430, PLAIN, FALSE },
};

typedef struct Exif {
	const guint8 *p;
	gsize	      n;
	gboolean      big;
	guint	      lists;
	gboolean      latitude, longitude;
	SgPicture    *out;
} Exif;

static guint32
number(const Exif *x, gsize at, guint bytes)
{
	guint32 v = 0;

	if (at > x->n || x->n - at < bytes)
		return 0;
	for (guint i = 0; i < bytes; i++)
		v |= (guint32)x->p[at + i] << 8 * (x->big ? bytes - 1 - i : i);
	return v;
}

static void
add_text(SgPicture *out, const char *charset, const guint8 *s, gsize n)
{
	g_autofree char *text = NULL;
	gsize len;

	if (out->text->len > ENOUGH) {
		out->more = TRUE;
		return;
	}
	text = sg_charset_decode(charset, s, MIN(n, LONGEST), &len, NULL);
	len = strlen(text);		/* ended by NUL before its end */
	while (len > 0 && g_ascii_isspace(text[len - 1]))
		len--;
	if (len == 0)
		return;
	g_string_append_len(out->text, text, (gssize)len);
	g_string_append_c(out->text, '\n');
}

static void
plain(SgPicture *out, const guint8 *s, gsize n)
{
	const guint8 *nul = n > 0 ? memchr(s, '\0', n) : NULL;

	add_text(out, "utf-8", s, nul != NULL ? (gsize)(nul - s) : n);
}

/* Its first eight bytes name its charset. */
static void
comment(const Exif *x, const guint8 *s, gsize n)
{
	if (n > 8 && memcmp(s, "UNICODE\0", 8) == 0)
		add_text(x->out, x->big ? "utf-16be" : "utf-16le", s + 8, n - 8);
	else if (n > 8 && memcmp(s, "JIS\0", 4) == 0)
		add_text(x->out, "iso-2022-jp", s + 8, n - 8);
	else if (n > 8)
		plain(x->out, s + 8, n - 8);
}

/* Degrees, minutes and seconds, of which one is not nothing. */
static gboolean
is_place(const Exif *x, guint type, guint32 count, gsize at)
{
	gboolean some = FALSE;

	for (gsize i = 0; i < 3 && type == RATIONAL && count == 3; i++)
		some = some || (number(x, at + 8 * i, 4) > 0 && number(x, at + 8 * i + 4, 4) > 0);
	return some;
}

static gsize
size_of(guint type)
{
	static const guint8 sizes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8 };

	return type < sizeof sizes ? sizes[type] : 0;
}

static void read_list(Exif *x, gsize at, gboolean gps);

static void
read_field(Exif *x, gsize at, What what, gboolean list_of_places)
{
	guint type = number(x, at + 2, 2);
	guint32 count = number(x, at + 4, 4);
	gsize size = size_of(type), from = at + 8, most;

	if (size == 0 || count == 0 || count > x->n / size)
		return;
	if (size * count > 4)
		from = number(x, at + 8, 4);
	if (from > x->n || x->n - from < size * count)
		return;
	most = size * count;
	switch (what) {
	case PLAIN:
		plain(x->out, x->p + from, most);
		break;
	case WIDE:
		add_text(x->out, "utf-16le", x->p + from, most & ~(gsize)1);
		break;
	case COMMENT:
		comment(x, x->p + from, most);
		break;
	case WIDTH:
	case HEIGHT:
		*(what == WIDTH ? &x->out->width : &x->out->height) = number(x, from, type == SHORT ? 2 : 4);
		break;
	case LIST:
		read_list(x, number(x, from, 4), list_of_places);
		break;
	case LATITUDE:
		x->latitude = is_place(x, type, count, from);
		break;
	case LONGITUDE:
		x->longitude = is_place(x, type, count, from);
		break;
	}
}

/* Lists may name one another: their number is limited, and so is the time. */
static void
read_list(Exif *x, gsize at, gboolean gps)
{
	guint fields = MIN(number(x, at, 2), FIELDS);

	if (++x->lists > LISTS || at >= x->n)
		return;
	for (guint i = 0; i < fields; i++) {
		gsize field = at + 2 + 12 * (gsize)i;
		guint tag = number(x, field, 2);

		if (field > x->n || x->n - field < 12)
			return;
		for (gsize k = 0; k < G_N_ELEMENTS(wanted); k++)
			if (wanted[k].tag == tag && wanted[k].gps == gps)
				read_field(x, field, wanted[k].what, tag == 0x8825);
	}
}

void
sg_exif_read(const guint8 *data, gsize n, SgPicture *out)
{
	Exif x = { .p = data, .n = n, .big = n > 0 && data[0] == 'M', .out = out };

	if (n < 8 || (memcmp(data, "II*\0", 4) != 0 && memcmp(data, "MM\0*", 4) != 0))
		return;
	read_list(&x, number(&x, 4, 4), FALSE);
	out->position = out->position || (x.latitude && x.longitude);
}
