#include <string.h>

#include "scan/base64.h"

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

gsize
sg_base64_groups(const char **in, const char *end, guint8 *out, gsize room)
{
	const guint8 *p = (const guint8 *)*in, *stop = (const guint8 *)end;
	guint8 *to = out, *full = out + room;

	do {
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
		if (full - to < 3 || !scattered_group(&p, stop, to))
			break;
		to += 3;
	} while (TRUE);
	*in = (const char *)p;
	return (gsize)(to - out);
}
