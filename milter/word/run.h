/*
 * run - letters and digits in a row: where they end, and a number to know them again by.
 *
 * Eight bytes at once, as most words are no longer.  The number is for memos of this
 * process only: it is not the hash (lexicon.h, vocab.h) that tables of words are made with.
 */
#ifndef SG_WORD_RUN_H
#define SG_WORD_RUN_H

#include <glib.h>
#include <string.h>

#define SG_RUN_EACH(byte) (0x0101010101010101u * (guint64)(byte))

/* The highest bit of every byte that is from low to high; others' are 0. */
static inline guint64
sg_run_within(guint64 eight, char low, char high)
{
	guint64 x = eight | SG_RUN_EACH(0x80);

	return (x - SG_RUN_EACH(low)) & ~(x - SG_RUN_EACH(high + 1)) & ~eight & SG_RUN_EACH(0x80);
}

/* The end of the small letters, and digits when they are asked for, from byte at on. */
static inline gsize
sg_run_end(const char *text, gsize len, gsize at, gboolean digits, guint64 *key)
{
	guint64 h = 0x9e3779b97f4a7c15u;

	for (;;) {
		guint64 eight = 0, in;
		guint n;

		if (len - at >= sizeof eight)
			memcpy(&eight, text + at, sizeof eight);
		else
			memcpy(&eight, text + at, len - at);
		eight = GUINT64_FROM_LE(eight);
		in = sg_run_within(eight, 'a', 'z');
		if (digits)
			in |= sg_run_within(eight, '0', '9');
		in ^= SG_RUN_EACH(0x80);
		n = in != 0 ? (guint)__builtin_ctzll(in) / 8 : 8;
		at += n;
		if (n < 8)
			eight &= (G_GUINT64_CONSTANT(1) << 8 * n) - 1;
		if (n > 0) {
			h = (h ^ eight) * 0x9e3779b97f4a7c15u;
			h ^= h >> 32;
		}
		if (n < 8)
			break;
	}
	*key = h;
	return at;
}

#endif
