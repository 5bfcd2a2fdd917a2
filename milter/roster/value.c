#include <stdio.h>
#include <string.h>

#include "roster/value.h"

static gboolean
is_word(const char *text, gsize len, gsize at)
{
	return at < len && (g_ascii_isalnum(text[at]) || (guchar)text[at] >= 0x80);
}

/* Digits at *at, least to most of them, as a number; -1 when it is not so. */
static gint
digits(const char *text, gsize len, gsize *at, guint least, guint most)
{
	gint n = 0;
	guint i = 0;

	for (; i < most && *at + i < len && g_ascii_isdigit(text[*at + i]); i++)
		n = n * 10 + (text[*at + i] - '0');
	if (i < least || (*at + i < len && g_ascii_isdigit(text[*at + i])))
		return -1;
	*at += i;
	return n;
}

static gsize
put_date(gint year, gint month, gint day, gsize used, char *out)
{
	if (year < 100 && year >= 0)
		year += year < 60 ? 2000 : 1900;
	if (day < 1 || day > 31 || month < 1 || month > 12 || year < 1900 || year > 2100)
		return 0;
	g_snprintf(out, SG_VALUE_MOST + 1, "%04d%02d%02d", year, month, day);
	return used;
}

static gint
month_named(const char *text, gsize len, gsize *at)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (gint m = 0; m < 12 && *at + 3 <= len; m++) {
		if (g_ascii_strncasecmp(text + *at, names + m * 3, 3) != 0)
			continue;
		for (guint n = 0; n < 9 && *at < len && g_ascii_isalpha(text[*at]); n++)
			(*at)++;
		return m + 1;
	}
	return 0;
}

static gsize
skip(const char *text, gsize len, gsize at, const char *of, guint most)
{
	while (most-- > 0 && at < len && text[at] != '\0' && strchr(of, text[at]) != NULL)
		at++;
	return at;
}

/* "4 March 2012", "4th Mar 12", "4-Mar-2012" */
static gsize
date_in_words(const char *text, gsize len, gsize at, gint day, gsize from, char *out)
{
	gint month, year;

	if (at + 2 <= len && (g_ascii_strncasecmp(text + at, "st", 2) == 0 ||
	    g_ascii_strncasecmp(text + at, "nd", 2) == 0 || g_ascii_strncasecmp(text + at, "rd", 2) == 0 ||
	    g_ascii_strncasecmp(text + at, "th", 2) == 0))
		at += 2;
	at = skip(text, len, at, " -", 1);
	if (at + 3 <= len && g_ascii_strncasecmp(text + at, "of ", 3) == 0)
		at += 3;
	month = month_named(text, len, &at);
	at = skip(text, len, at, " ,.-", 2);
	year = digits(text, len, &at, 2, 4);
	return month > 0 && year >= 0 && !is_word(text, len, at) ? put_date(year, month, day, at - from, out) : 0;
}

/* "04/03/2012", "2012-03-04": at stands at the first mark, behind number a of n digits. */
static gsize
date_in_numbers(const char *text, gsize len, gsize at, gint a, gsize n, char *out)
{
	gsize from = at - n, third;
	char mark = text[at];
	gint b, c;

	at++;
	b = digits(text, len, &at, 1, 2);
	if (b < 0 || at >= len || text[at] != mark)
		return 0;
	third = ++at;
	c = digits(text, len, &at, 1, 4);
	if (c < 0 || is_word(text, len, at))
		return 0;
	if (n == 4)
		return at - third <= 2 ? put_date(a, b, c, at - from, out) : 0;
	return at - third == 2 || at - third == 4 ? put_date(c, b, a, at - from, out) : 0;
}

gsize
sg_value_date(const char *text, gsize len, gsize at, char out[SG_VALUE_MOST + 1])
{
	gsize from = at, used;
	gint a = digits(text, len, &at, 1, 4);
	char mark = at < len ? text[at] : '\0';

	if (a < 0 || mark == '\0')
		return 0;
	if (at - from <= 2 && (mark == ' ' || mark == '-' || g_ascii_isalpha(mark)) &&
	    (used = date_in_words(text, len, at, a, from, out)) > 0)
		return used;
	return strchr("/.-", mark) != NULL ? date_in_numbers(text, len, at, a, at - from, out) : 0;
}

gsize
sg_value_upn(const char *text, gsize len, gsize at, char out[SG_VALUE_MOST + 1])
{
	if (at + 13 > len || is_word(text, len, at + 13) || !g_ascii_isalpha(text[at]) ||
	    !g_ascii_isalnum(text[at + 12]))
		return 0;
	for (gsize i = 1; i < 12; i++)
		if (!g_ascii_isdigit(text[at + i]))
			return 0;
	for (gsize i = 0; i < 13; i++)
		out[i] = g_ascii_toupper(text[at + i]);
	out[13] = '\0';
	return 13;
}

gsize
sg_value_postcode(const char *text, gsize len, gsize at, char out[SG_VALUE_MOST + 1])
{
	gsize from = at, n = 0;

	while (n < 2 && at < len && g_ascii_isalpha(text[at]))
		out[n++] = g_ascii_toupper(text[at++]);
	if (n == 0 || at >= len || !g_ascii_isdigit(text[at]))
		return 0;
	out[n++] = text[at++];
	/* "HV1 2AB", "HV12 3CD", "W1A 0AX": a digit or letter may follow before the gap */
	if (at + 1 < len && g_ascii_isalnum(text[at]) &&
	    (text[at + 1] == ' ' || (at + 3 < len && g_ascii_isdigit(text[at + 1]) &&
	    g_ascii_isalpha(text[at + 2]) && g_ascii_isalpha(text[at + 3]))))
		out[n++] = g_ascii_toupper(text[at++]);
	at = skip(text, len, at, " ", 1);
	if (at + 3 > len || !g_ascii_isdigit(text[at]) || !g_ascii_isalpha(text[at + 1]) ||
	    !g_ascii_isalpha(text[at + 2]) || is_word(text, len, at + 3))
		return 0;
	for (guint i = 0; i < 3; i++)
		out[n++] = g_ascii_toupper(text[at++]);
	out[n] = '\0';
	return at - from;
}

gsize
sg_value_phone(const char *text, gsize len, gsize at, char out[SG_VALUE_MOST + 1])
{
	gsize from = at, n = 0, end = at;

	if (at + 3 <= len && memcmp(text + at, "+44", 3) == 0)
		at += 3;
	else if (at + 4 <= len && memcmp(text + at, "0044", 4) == 0)
		at += 4;
	else if (at >= len || text[at] != '0')
		return 0;
	if (at != from) {	/* "+44 (0)7700" */
		out[n++] = '0';
		at = skip(text, len, at, " (0)-", 5);
	}
	for (guint i = 0; at < len && i < 24; at++, i++) {
		if (g_ascii_isdigit(text[at])) {
			if (n >= 11)
				return 0;
			out[n++] = text[at];
			end = at + 1;
		} else if (text[at] == '\0' || strchr(" -()", text[at]) == NULL)
			break;
	}
	out[n] = '\0';
	return n >= 10 && !is_word(text, len, end) ? end - from : 0;
}
