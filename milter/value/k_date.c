/* k_date - dates as people write them in Britain: 7/5/2014, 2014-05-07, 7th of May 2014, May 7, 2014. */
#include <string.h>

#include "value/kinds.h"

static const char *const months[] = { "january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december" };

typedef struct {
	const char *text;
	gsize	    at, len;
} Reader;

/* Up to most digits; how many there were, 0 when there are more. */
static guint
number(Reader *r, guint most, guint *out)
{
	guint n = 0;

	*out = 0;
	for (; r->at < r->len && g_ascii_isdigit(r->text[r->at]); r->at++) {
		if (++n > most)
			return 0;
		*out = *out * 10 + (guint)(r->text[r->at] - '0');
	}
	return n;
}

static void
blanks(Reader *r, const char *also)
{
	for (guint n = 0; n < 3 && r->at < r->len; n++, r->at++)
		if (r->text[r->at] != ' ' && (r->text[r->at] == '\0' || strchr(also, r->text[r->at]) == NULL))
			break;
}

/* A month's name or its first three or four letters; 1 to 12, or 0. */
static guint
month_name(Reader *r)
{
	gsize from = r->at, n;

	while (r->at < r->len && g_ascii_isalpha(r->text[r->at]) && r->at - from < 10)
		r->at++;
	n = r->at - from;
	for (guint i = 0; n >= 3 && i < 12; i++)
		if (g_ascii_strncasecmp(months[i], r->text + from, n) == 0 &&
		    (n == strlen(months[i]) || n <= 4))
			return i + 1;
	return n == 4 && g_ascii_strncasecmp("sept", r->text + from, 4) == 0 ? 9 : 0;
}

static void
ordinal(Reader *r)
{
	static const char *const ends[] = { "st", "nd", "rd", "th" };

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
		if (r->at + 2 <= r->len && g_ascii_strncasecmp(ends[i], r->text + r->at, 2) == 0) {
			r->at += 2;
			return;
		}
}

static gboolean
plausible(guint day, guint month, guint year)
{
	return day >= 1 && day <= 31 && month >= 1 && month <= 12 && year >= 1900 && year <= 2099;
}

static guint
full_year(guint year, guint digits)
{
	if (digits == 4)
		return year;
	return digits != 2 ? 0 : year <= 30 ? 2000 + year : 1900 + year;
}

/* "7th of May 2014" behind the day. */
static gsize
worded(Reader *r, guint day, guint *year)
{
	guint month, digits, y;

	ordinal(r);
	blanks(r, "-./");
	if (r->at + 3 <= r->len && g_ascii_strncasecmp("of ", r->text + r->at, 3) == 0)
		r->at += 3;
	month = month_name(r);
	if (month == 0)
		return 0;
	blanks(r, "-.,/'");
	digits = number(r, 4, &y);
	*year = full_year(y, digits);
	return plausible(day, month, *year) ? r->at : 0;
}

static gsize
figures(Reader *r, guint first, guint first_digits, guint *year)
{
	guint second, third, digits, n = 0;
	char sep = r->text[r->at];

	r->at++;
	blanks(r, "");
	if ((n = number(r, 2, &second)) == 0 || r->at >= r->len)
		return 0;
	blanks(r, "");
	if (r->at >= r->len || r->text[r->at] != sep)
		return 0;
	r->at++;
	blanks(r, "");
	digits = number(r, 4, &third);
	if (first_digits == 4) {
		*year = first;
		return digits > 0 && digits <= 2 && plausible(third, second, first) ? r->at : 0;
	}
	*year = full_year(third, digits);
	/* the other way round is how an American writes it */
	return plausible(first, second, *year) || plausible(second, first, *year) ? r->at : 0;
}

gsize
sg_kind_date(const char *text, gsize len, gsize at, guint *year)
{
	Reader r = { text, at, MIN(len, at + 40) };
	guint first, digits = number(&r, 4, &first);
	gsize end = 0;

	if (digits == 0 || digits == 3 || r.at >= r.len)
		return 0;
	if (strchr("/.-", r.text[r.at]) != NULL && r.at + 1 < r.len &&
	    (g_ascii_isdigit(r.text[r.at + 1]) || r.text[r.at + 1] == ' '))
		end = figures(&r, first, digits, year);
	else if (digits <= 2)
		end = worded(&r, first, year);
	return end != 0 && (end >= len || !g_ascii_isalnum(text[end])) ? end : 0;
}
