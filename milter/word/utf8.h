/*
 * utf8 - one character of UTF-8 forwards or backwards, in texts of any length.
 *
 * ICU's own macros count in int32_t: they are shown four bytes, no more.  What is
 * not UTF-8 gives a negative number; at then moves on by at least one byte.
 */
#ifndef SG_WORD_UTF8_H
#define SG_WORD_UTF8_H

#include <glib.h>
#include <unicode/utf8.h>

#define SG_UTF8_MOST 4u		/* bytes of a character */

/* The character at *at, which moves behind it; *at must be before end. */
static inline UChar32
sg_utf8_next(const char *text, gsize *at, gsize end)
{
	const uint8_t *p = (const uint8_t *)text + *at;
	int32_t i = 0, n = (int32_t)MIN(end - *at, SG_UTF8_MOST);
	UChar32 cp;

	U8_NEXT(p, i, n, cp);
	*at += (gsize)i;
	return cp;
}

/* The character before *at, which moves to its beginning; *at must not be 0. */
static inline UChar32
sg_utf8_previous(const char *text, gsize *at)
{
	gsize from = *at > SG_UTF8_MOST ? *at - SG_UTF8_MOST : 0;
	const uint8_t *p = (const uint8_t *)text + from;
	int32_t i = (int32_t)(*at - from);
	UChar32 cp;

	U8_PREV(p, 0, i, cp);
	*at = from + (gsize)i;
	return cp;
}

#endif
