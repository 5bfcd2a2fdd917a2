#include <string.h>
#ifdef __x86_64__
#include <tmmintrin.h>
#endif

#include "base/base64.h"

#define L	0x40u	/* a letter */
#define PADDING 0x80u
#define LLLL	((L << 18) + (L << 12) + (L << 6) + L)

/* RFC 4648, 4: each letter's value, with the bit L.  0: foreign. */
static const guint8 letters[256] = {
	['A'] = L + 0, L + 1, L + 2, L + 3, L + 4, L + 5, L + 6, L + 7, L + 8, L + 9, L + 10, L +
	11, L + 12, L + 13, L + 14, L + 15, L + 16, L + 17, L + 18, L + 19, L + 20, L + 21, L + 22,
	L + 23, L + 24, L + 25,
	['a'] = L + 26, L + 27, L + 28, L + 29, L + 30, L + 31, L + 32, L + 33, L + 34, L + 35, L +
	36, L + 37, L + 38, L + 39, L + 40, L + 41, L + 42, L + 43, L + 44, L + 45, L + 46, L + 47,
	L + 48, L + 49, L + 50, L + 51,
	['0'] = L + 52, L + 53, L + 54, L + 55, L + 56, L + 57, L + 58, L + 59, L + 60, L + 61,
	['+'] = L + 62, ['/'] = L + 63, ['='] = PADDING,
};

/* Four letters with anything foreign between them.  FALSE: padding, or the end. */
static gboolean
scattered_group(const guint8 **in, const guint8 *end, guint8 *out)
{
	const guint8 *p = *in;
	guint32 group = 0;

	for (guint n = 0; n < 4; p++) {
		if (p == end || letters[*p] == PADDING)
			return FALSE;
		if (letters[*p] == 0)
			continue;
		group = group << 6 | (letters[*p] - L);
		n++;
	}
	out[0] = (guint8)(group >> 16);
	out[1] = (guint8)(group >> 8);
	out[2] = (guint8)group;
	*in = p;
	return TRUE;
}

#ifdef __x86_64__
/*
 * Sixteen letters at once: W. Mula and D. Lemire, "Faster Base64 Encoding and Decoding
 * using AVX2 Instructions" (2018), with the shorter registers.  The two halves of a
 * letter choose two sets of bits that have one in common only when it is foreign; the
 * upper half also says what to add to come to its value.
 */
__attribute__((target("ssse3"))) static gboolean
sixteen(const guint8 *in, guint8 *out)
{
	const __m128i by_low = _mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
	    0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
	const __m128i by_high = _mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10,
	    0x10, 0x10, 0x10, 0x10, 0x10);
	const __m128i add = _mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
	const __m128i order = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
	const __m128i half = _mm_set1_epi8(0x2f);
	__m128i c = _mm_loadu_si128((const __m128i *)(const void *)in);
	__m128i high = _mm_and_si128(_mm_srli_epi32(c, 4), half), low = _mm_and_si128(c, half);
	__m128i bad = _mm_and_si128(_mm_shuffle_epi8(by_low, low), _mm_shuffle_epi8(by_high, high));
	__m128i slash = _mm_cmpeq_epi8(c, half), values;

	if (_mm_movemask_epi8(_mm_cmpeq_epi8(bad, _mm_setzero_si128())) != 0xffff)
		return FALSE;
	values = _mm_add_epi8(c, _mm_shuffle_epi8(add, _mm_add_epi8(slash, high)));
	values = _mm_maddubs_epi16(values, _mm_set1_epi32(0x01400140));
	values = _mm_madd_epi16(values, _mm_set1_epi32(0x00011000));
	_mm_storeu_si128((__m128i *)(void *)out, _mm_shuffle_epi8(values, order));
	return TRUE;
}

/* Sixteen bytes are written for twelve. */
__attribute__((target("ssse3"))) static gsize
many(const guint8 *in, gsize n, guint8 *out, gsize room)
{
	gsize at = 0;

	if (!__builtin_cpu_supports("ssse3"))
		return 0;
	while (n - at >= 16 && room - at / 4 * 3 >= 16 && sixteen(in + at, out + at / 4 * 3))
		at += 16;
	return at;
}
#else
static gsize
many(const guint8 *in, gsize n, guint8 *out, gsize room)
{
	(void)in; (void)n; (void)out; (void)room;
	return 0;
}
#endif

gsize
sg_base64_groups(const char **in, const char *end, guint8 *out, gsize room)
{
	const guint8 *p = (const guint8 *)*in, *stop = (const guint8 *)end;
	guint8 *to = out, *full = out + room;

	for (;;) {
		gsize letters_in = many(p, (gsize)(stop - p), to, (gsize)(full - to));

		p += letters_in;
		to += letters_in / 4 * 3;
		/* three bytes are written as four: the next group covers the last one */
		for (gssize n = MIN((stop - p) / 4, (full - to - 1) / 3); n > 0; n--) {
			guint32 a = letters[p[0]], b = letters[p[1]], c = letters[p[2]], d = letters[p[3]];
			guint32 group = GUINT32_TO_BE(((a << 18) + (b << 12) + (c << 6) + d - LLLL) << 8);

			if ((a & b & c & d & L) == 0)
				break;
			memcpy(to, &group, sizeof group);
			p += 4;
			to += 3;
		}
		if (full - to < 3)
			break;
		if (p < stop && letters[*p] == 0) {
			while (p < stop && letters[*p] == 0)
				p++;
		} else if (scattered_group(&p, stop, to)) {
			to += 3;
		} else {
			break;
		}
	}
	*in = (const char *)p;
	return (gsize)(to - out);
}
