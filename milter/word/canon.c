#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <unicode/utf16.h>

#include "base/err.h"
#include "word/canon.h"
#include "word/utf8.h"

#define SEGMENT 32u	/* code points normalised together; as in stream-safe text, UAX 15 */
#define ROOM	4096u	/* more than a segment can become: 32 times U+FDFA is 1,056 bytes */
#define CACHE	1024u
#define CACHED	20u

/* From canonical byte `at` on, until the next place.  atom 0: byte for byte;
 * otherwise all of it has come from `atom` source bytes. */
struct SgCanonPlace {
	guint32 at, source, atom;
};

typedef struct {
	UChar32 cp;
	guint8	len;
	char	bytes[CACHED];
} Cached;

/* What an ASCII byte becomes; 0 never happens (controls are blanks). */
static const char ascii_fold[129] =
    "                                "
    " !\"#$%&'()*+,-./0123456789:;<=>?"
    "@abcdefghijklmnopqrstuvwxyz[\\]^_"
    "'abcdefghijklmnopqrstuvwxyz{|}~ ";

SgCanon *
sg_canon_new(GError **error)
{
	g_autoptr(SgCanon) c = g_new0(SgCanon, 1);
	Cached *cache;
	UErrorCode status = U_ZERO_ERROR;

	c->fold = unorm2_getNFKCCasefoldInstance(&status);
	if (U_FAILURE(status)) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "ICU has no NFKC_Casefold data (%s); "
		    "install the library's data package", u_errorName(status));
		return NULL;
	}
	c->text = g_malloc(SG_CANON_CHUNK + ROOM);
	c->cache = cache = g_new(Cached, CACHE);
	for (gsize i = 0; i < CACHE; i++)
		cache[i].cp = -1;
	return g_steal_pointer(&c);
}

void
sg_canon_free(SgCanon *c)
{
	if (c == NULL)
		return;
	g_free(c->text);
	g_free(c->map);
	g_free(c->cache);
	g_free(c);
}

void
sg_canon_start(SgCanon *c, const char *text, gsize len)
{
	c->source = text;
	c->source_len = len;
	c->source_at = 0;
	c->len = c->lo = c->hi = c->dropped = 0;
	c->chars = 0;
	c->ascii = TRUE;
	c->made = FALSE;
	c->last = FALSE;
	c->begun = FALSE;
	c->places = 0;
}

static void
place(SgCanon *c, gsize source, gsize atom)
{
	SgCanonPlace *p;

	if (c->places > 0 && atom == 0) {
		p = &c->map[c->places - 1];
		if (p->atom == 0 && source - p->source == c->len - p->at)
			return;
	}
	if (c->places == c->map_size) {
		c->map_size = MAX(c->map_size * 2, 256);
		c->map = g_renew(SgCanonPlace, c->map, c->map_size);
	}
	c->map[c->places++] = (SgCanonPlace){ (guint32)c->len, (guint32)source, (guint32)atom };
}

/* Typographic quotes, dashes and blanks; -1 when nothing of the kind. */
static int
plain_for(UChar32 cp)
{
	switch (cp) {
	case 0x2018: case 0x2019: case 0x201A: case 0x201B: case 0x02BC: case 0x2032: case 0x00B4:
	case 0x02B9: case 0x2035: case 0xFF07:
		return '\'';
	case 0x201C: case 0x201D: case 0x201E: case 0x201F: case 0x00AB: case 0x00BB: case 0x2033:
		return '"';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212:
	case 0xFE58: case 0xFE63:
		return '-';
	default:
		return u_isUWhiteSpace(cp) || (cp >= 0x80 && cp < 0xA0) ? ' ' : -1;
	}
}

/* Normalises n code points into out (of ROOM bytes); returns the length. */
static gsize
fold(const SgCanon *c, const UChar32 *cp, guint n, char *out)
{
	UChar raw[SEGMENT * 2], done[ROOM / 3];
	int32_t from = 0, len = 0, at = 0;
	int plain = n > 1 ? -1 : cp[0] < 0x80 ? ascii_fold[cp[0]] : plain_for(cp[0]);
	UErrorCode status = U_ZERO_ERROR;

	if (plain >= 0) {
		out[0] = (char)plain;
		return 1;
	}
	for (guint i = 0; i < n; i++)
		U16_APPEND_UNSAFE(raw, from, cp[i]);
	len = unorm2_normalize(c->fold, raw, from, done, G_N_ELEMENTS(done), &status);
	if (U_FAILURE(status)) {
		u_memcpy(done, raw, from);
		len = from;
	}
	for (int32_t i = 0; i < len;) {
		UChar32 one;

		U16_NEXT(done, i, len, one);
		plain = one >= 0x80 ? plain_for(one) : one < 0x20 ? ' ' : -1;
		if (plain >= 0)
			out[at++] = (char)plain;
		else
			U8_APPEND_UNSAFE(out, at, one);
	}
	return (gsize)at;
}

static gsize
fold_one(SgCanon *c, UChar32 cp, char *out)
{
	Cached *hit = (Cached *)c->cache + (guint32)cp % CACHE;
	gsize len;

	if (hit->cp == cp) {
		memcpy(out, hit->bytes, hit->len);
		return hit->len;
	}
	len = fold(c, &cp, 1, out);
	if (len <= CACHED) {
		hit->cp = cp;
		hit->len = (guint8)len;
		memcpy(hit->bytes, out, len);
	}
	return len;
}

static UChar32
decode(const char *s, gsize *at, gsize len)
{
	UChar32 cp = sg_utf8_next(s, at, len);

	return cp < 0 ? 0xFFFD : cp;
}

/* One character and the marks that may melt into it. */
static void
take_segment(SgCanon *c)
{
	const guint8 *s = (const guint8 *)c->source;
	gsize start = c->source_at, at = start, n_out;
	UChar32 cp[SEGMENT];
	guint n = 0;
	char *out = c->text + c->len;
	gboolean same;

	c->ascii = FALSE;
	cp[n++] = decode(c->source, &at, c->source_len);
	while (n < SEGMENT && at < c->source_len && s[at] >= 0x80) {
		gsize next = at;
		UChar32 one = decode(c->source, &next, c->source_len);

		if (unorm2_hasBoundaryBefore(c->fold, one))
			break;
		cp[n++] = one;
		at = next;
	}
	c->source_at = at;
	n_out = n == 1 ? fold_one(c, cp[0], out) : fold(c, cp, n, out);
	if (n_out == 0 || (n_out == 1 && out[0] == ' ' && c->len > 0 && out[-1] == ' '))
		return;
	for (gsize i = 0; !c->made && i < n_out; i++)
		c->made = g_ascii_isalnum(out[i]);
	/* "ß" becomes "ss", two bytes from two, but not byte for byte */
	same = n_out == at - start && n_out == (gsize)g_utf8_skip[(guchar)out[0]];
	place(c, start, same ? 0 : at - start);
	c->len += n_out;
}

typedef guint8 Block __attribute__((vector_size(16)));
typedef guint64 Halves __attribute__((vector_size(16)));

static gboolean
any(Block b)
{
	Halves h = (Halves)b;

	return (h[0] | h[1]) != 0;
}

/* As ascii_fold, 16 bytes at once.  FALSE when they are not all ASCII, or have two
 * blanks in a row or the second of them (before: the byte before them). */
static gboolean
fold_block(const guint8 *from, char *to, char before)
{
	Block b, blank, follows;

	memcpy(&b, from, sizeof b);
	if (any(b & 0x80))
		return FALSE;
	b |= (Block)(b >= 'A') & (Block)(b <= 'Z') & 0x20;
	blank = (Block)(b <= ' ') | (Block)(b == 0x7F);
	b = (blank & ' ') | (~blank & b);
	b ^= (Block)(b == '`') & ('`' ^ '\'');
	follows = __builtin_shufflevector(blank, (Block){ before == ' ' ? 0xFF : 0 }, 16, 0, 1, 2, 3,
	    4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
	if (any(blank & follows))
		return FALSE;
	memcpy(to, &b, sizeof b);
	return TRUE;
}

/* Bytes that need no look at their neighbours; FALSE when there is none here. */
static gboolean
take_ascii(SgCanon *c)
{
	const guint8 *s = (const guint8 *)c->source;
	gsize at = c->source_at, end = MIN(c->source_len, at + (SG_CANON_CHUNK - c->len));
	gsize one_by_one = 0;	/* up to here */
	char *out = c->text + c->len, *first = out;

	place(c, at, 0);
	while (at < end && s[at] < 0x80) {
		char ch;

		if (at >= one_by_one && end - at >= sizeof(Block)) {
			if (fold_block(s + at, out, out > c->text ? out[-1] : 0)) {
				at += sizeof(Block);
				out += sizeof(Block);
				continue;
			}
			one_by_one = at + sizeof(Block);
		}
		ch = ascii_fold[s[at]];

		if (ch == ' ' && out > c->text && out[-1] == ' ')
			break;
		*out++ = ch;
		at++;
	}
	/* the last one may be the base of a mark that follows */
	if (at < c->source_len && s[at] >= 0x80 && out > first) {
		gsize next = at;

		if (!unorm2_hasBoundaryBefore(c->fold, decode(c->source, &next, c->source_len))) {
			at--;
			out--;
		}
	}
	c->len = (gsize)(out - c->text);
	c->source_at = at;
	return out > first;
}

static gsize
place_index(const SgCanon *c, gsize at)
{
	gsize low = 0, high = c->places;

	while (high - low > 1) {
		gsize mid = low + (high - low) / 2;

		if (c->map[mid].at <= at)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* Bytes that do not continue a character. */
static guint64
count_chars(const char *s, gsize n)
{
	guint64 chars = 0, eight;
	gsize i = 0;

	for (; i + sizeof eight <= n; i += sizeof eight) {
		memcpy(&eight, s + i, sizeof eight);
		eight = (eight >> 7) & ~(eight >> 6) & 0x0101010101010101u;
		chars += sizeof eight - (eight * 0x0101010101010101u >> 56);	/* their sum */
	}
	for (; i < n; i++)
		chars += ((guint8)s[i] & 0xC0) != 0x80;
	return chars;
}

/* Keeps the end of the chunk as the beginning of the next. */
static void
carry_over(SgCanon *c)
{
	gsize from = c->len > SG_CANON_CARRY ? c->len - SG_CANON_CARRY : 0, i;
	SgCanonPlace first;

	while (from > 0 && ((guint8)c->text[from] & 0xC0) == 0x80)
		from--;
	c->dropped = from;
	if (c->places == 0 || from == 0) {
		c->lo = c->hi;
		return;
	}
	i = place_index(c, from);
	first = c->map[i];
	if (first.atom != 0)
		c->dropped = from = first.at;
	else
		first.source += (guint32)from - first.at;
	first.at = 0;
	c->chars += c->ascii ? from : count_chars(c->text, from);
	memmove(c->text, c->text + from, c->len - from);
	memmove(c->map, c->map + i, (c->places - i) * sizeof *c->map);
	c->places -= i;
	c->map[0] = first;
	for (gsize k = 1; k < c->places; k++)
		c->map[k].at -= (guint32)from;
	c->len -= from;
	c->lo = c->hi - from;
}

gboolean
sg_canon_next(SgCanon *c)
{
	const guint8 *s = (const guint8 *)c->source;

	if (c->last)
		return FALSE;
	if (c->begun)
		carry_over(c);
	c->begun = TRUE;
	c->known = 0;
	c->known_at = 0;
	while (c->source_at < c->source_len && c->len < SG_CANON_CHUNK) {
		guint8 byte = s[c->source_at];

		if (byte < 0x80 && ascii_fold[byte] == ' ' && c->len > 0 &&
		    c->text[c->len - 1] == ' ')
			c->source_at++;
		else if (byte >= 0x80 || !take_ascii(c))
			take_segment(c);
	}
	c->last = c->source_at >= c->source_len;
	c->hi = c->last ? c->len : c->len - SG_CANON_EDGE;
	return TRUE;
}

gboolean
sg_canon_source(const SgCanon *c, gsize from, gsize to, gsize *at, gsize *end)
{
	const SgCanonPlace *a, *b;
	gsize i, next;

	if (to > c->len || from >= to)
		return FALSE;
	a = &c->map[place_index(c, from)];
	i = place_index(c, to - 1);
	b = &c->map[i];
	next = i + 1 < c->places ? c->map[i + 1].at : c->len;
	*at = a->atom != 0 ? a->source : a->source + (from - a->at);
	*end = b->atom != 0 ? b->source + b->atom : b->source + (to - b->at);
	return (a->atom == 0 || from == a->at) && (b->atom == 0 || to == next);
}

guint64
sg_canon_chars(SgCanon *c, gsize at)
{
	at = MIN(at, c->len);
	if (c->ascii)
		return c->chars + at;
	/* questions come from neighbouring places: count from the last one */
	if (at >= c->known_at)
		c->known += count_chars(c->text + c->known_at, at - c->known_at);
	else
		c->known -= count_chars(c->text + at, c->known_at - at);
	c->known_at = at;
	return c->chars + c->known;
}

char *
sg_canon_string(SgCanon *c, const char *s)
{
	GString *out = g_string_new(NULL);

	sg_canon_start(c, s, strlen(s));
	while (sg_canon_next(c)) {
		gsize fresh = c->lo > 0 ? c->lo + SG_CANON_EDGE : 0;

		g_string_append_len(out, c->text + fresh, (gssize)(c->len - fresh));
	}
	return g_strstrip(g_string_free(out, FALSE));
}
