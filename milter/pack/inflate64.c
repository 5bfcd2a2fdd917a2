#include <string.h>

#include "pack/inflate64.h"

#define WINDOW 65536u
#define LITERALS 288u
#define DISTANCES 32u
#define BITS 15u

typedef struct Code {	/* canonical: how many codes of each length; symbols in order */
	guint16 count[BITS + 1], symbol[LITERALS];
} Code;

typedef enum { AT_BLOCK, IN_STORED, IN_CODES, AT_END } Where;

struct SgInflate64 {
	guint8	      window[WINDOW];
	guint	      next;		/* in the window */
	guint64	      written;
	guint	      copy, distance;	/* still to be copied */
	guint	      stored;		/* bytes of a stored block still to come */
	Where	      where;
	gboolean      last, short_of;	/* short_of: the packed bytes ended too early */
	guint32	      hold;		/* bits, the next one lowest */
	guint	      held;
	Code	      literal, dist;
	const guint8 *in;
	gsize	      left;
};

SgInflate64 *
sg_inflate64_new(void)
{
	return g_new0(SgInflate64, 1);
}

void
sg_inflate64_free(SgInflate64 *s)
{
	g_free(s);
}

/* n <= 16 */
static guint
take_bits(SgInflate64 *s, guint n)
{
	guint v;

	while (s->held < n) {
		if (s->left == 0) {
			s->short_of = TRUE;
			return 0;
		}
		s->hold |= (guint32)*s->in++ << s->held;
		s->left--;
		s->held += 8;
	}
	v = s->hold & ((1u << n) - 1);
	s->hold >>= n;
	s->held -= n;
	return v;
}

/* FALSE when the lengths promise more codes than there are. */
static gboolean
make_code(Code *c, const guint8 *lengths, guint n)
{
	guint16 at[BITS + 2];
	gint left = 1;

	memset(c->count, 0, sizeof c->count);
	for (guint i = 0; i < n; i++)
		c->count[lengths[i]]++;
	c->count[0] = 0;
	at[1] = 0;
	for (guint len = 1; len <= BITS; len++) {
		left = left * 2 - c->count[len];
		if (left < 0)
			return FALSE;
		at[len + 1] = (guint16)(at[len] + c->count[len]);
	}
	for (guint i = 0; i < n; i++)
		if (lengths[i] != 0)
			c->symbol[at[lengths[i]]++] = (guint16)i;
	return TRUE;
}

/* The next symbol, or -1. */
static gint
decode(SgInflate64 *s, const Code *c)
{
	gint code = 0, first = 0, index = 0;

	for (guint len = 1; len <= BITS; len++) {
		gint count = c->count[len];

		code |= (gint)take_bits(s, 1);
		if (s->short_of)
			return -1;
		if (code - count < first)
			return c->symbol[index + code - first];
		index += count;
		first = (first + count) * 2;
		code *= 2;
	}
	return -1;
}

static gboolean
fixed_codes(SgInflate64 *s)
{
	guint8 lengths[LITERALS];

	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 112);
	memset(lengths + 256, 7, 24);
	memset(lengths + 280, 8, 8);
	make_code(&s->literal, lengths, LITERALS);
	memset(lengths, 5, DISTANCES);
	return make_code(&s->dist, lengths, DISTANCES);
}

static gboolean
read_lengths(SgInflate64 *s, const Code *c, guint8 *lengths, guint n)
{
	guint i = 0;

	while (i < n) {
		gint symbol = decode(s, c);
		guint8 value = 0;
		guint times;

		if (symbol < 0 || (symbol == 16 && i == 0))
			return FALSE;
		if (symbol < 16) {
			lengths[i++] = (guint8)symbol;
			continue;
		}
		if (symbol == 16)
			value = lengths[i - 1];
		times = symbol == 16 ? 3 + take_bits(s, 2) : symbol == 17 ? 3 + take_bits(s, 3)
		    : 11 + take_bits(s, 7);
		if (times > n - i)
			return FALSE;
		memset(lengths + i, value, times);
		i += times;
	}
	return !s->short_of;
}

static gboolean
own_codes(SgInflate64 *s)
{
	static const guint8 order[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	guint8 lengths[LITERALS + DISTANCES] = { 0 };
	guint literals = take_bits(s, 5) + 257, distances = take_bits(s, 5) + 1;
	guint n = take_bits(s, 4) + 4;

	if (literals > LITERALS)
		return FALSE;
	for (guint i = 0; i < n; i++)
		lengths[order[i]] = (guint8)take_bits(s, 3);
	if (s->short_of || !make_code(&s->literal, lengths, 19))
		return FALSE;
	memset(lengths, 0, 19);
	return read_lengths(s, &s->literal, lengths, literals + distances) &&
	    make_code(&s->literal, lengths, literals) &&
	    make_code(&s->dist, lengths + literals, distances);
}

static gboolean
begin_stored(SgInflate64 *s)
{
	guint len, check;

	take_bits(s, s->held & 7);
	len = take_bits(s, 16);
	check = take_bits(s, 16);
	s->stored = len;
	s->where = IN_STORED;
	return len == (check ^ 0xffff);
}

static gboolean
begin_block(SgInflate64 *s)
{
	guint type;

	if (s->last) {
		s->where = AT_END;
		return TRUE;
	}
	s->last = take_bits(s, 1) != 0;
	type = take_bits(s, 2);
	s->where = IN_CODES;
	return !s->short_of && (type == 0 ? begin_stored(s) : type == 1 ? fixed_codes(s)
	    : type == 2 && own_codes(s)) && !s->short_of;
}

static void
put(SgInflate64 *s, guint8 c, guint8 **out, gsize *room)
{
	s->window[s->next] = c;
	s->next = (s->next + 1) % WINDOW;
	s->written++;
	*(*out)++ = c;
	--*room;
}

static gboolean
begin_copy(SgInflate64 *s, guint symbol)
{
	static const guint16 bases[29] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43,
		51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 3 };
	static const guint8 extras[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4,
		4, 5, 5, 5, 5, 16 };
	gint d;
	guint extra;

	if (symbol > 285)
		return FALSE;
	s->copy = bases[symbol - 257] + take_bits(s, extras[symbol - 257]);
	d = decode(s, &s->dist);
	if (d < 0)
		return FALSE;
	extra = d < 4 ? 0 : (guint)d / 2 - 1;
	s->distance = (d < 4 ? (guint)d : (2u + (guint)d % 2) << extra) + 1 + take_bits(s, extra);
	return !s->short_of && s->distance <= s->written && s->distance <= WINDOW;
}

static gboolean
step(SgInflate64 *s, guint8 **out, gsize *room)
{
	gint symbol;

	switch (s->where) {
	case AT_BLOCK:
		return begin_block(s);
	case IN_STORED:
		if (s->stored == 0) {
			s->where = AT_BLOCK;
			return TRUE;
		}
		s->stored--;
		put(s, (guint8)take_bits(s, 8), out, room);
		return !s->short_of;
	case IN_CODES:
		symbol = decode(s, &s->literal);
		if (symbol > 256)
			return begin_copy(s, (guint)symbol);
		if (symbol == 256)
			s->where = AT_BLOCK;
		else if (symbol >= 0)
			put(s, (guint8)symbol, out, room);
		return symbol >= 0;
	case AT_END:
		break;
	}
	return FALSE;
}

SgInflate64Status
sg_inflate64(SgInflate64 *s, const guint8 **in, gsize *left, guint8 *out, gsize *room)
{
	gboolean ok = TRUE;

	s->in = *in;
	s->left = *left;
	while (ok && *room > 0 && s->where != AT_END) {
		while (s->copy > 0 && *room > 0) {
			put(s, s->window[(s->next - s->distance) % WINDOW], &out, room);
			s->copy--;
		}
		if (*room > 0)
			ok = step(s, &out, room);
	}
	/* whole bytes that were taken too early are given back */
	while (s->where == AT_END && s->held >= 8) {
		s->in--;
		s->left++;
		s->held -= 8;
	}
	*in = s->in;
	*left = s->left;
	return !ok ? SG_INFLATE64_BROKEN : s->where == AT_END ? SG_INFLATE64_ENDED : SG_INFLATE64_MORE;
}
