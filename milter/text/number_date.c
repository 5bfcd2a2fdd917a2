#include <math.h>
#include <string.h>

#include "text/number_date.h"

#define LAST 2958466.0	/* the day after 9999-12-31 */

typedef struct When {
	gint	year;
	guint	month, day, weekday;	/* 0: Sunday */
	guint	hour, minute, second, milli;
	double	value;
	gboolean is_date;		/* not only a time of day */
} When;

/* Days since 1970-01-01 to a date; the usual arithmetic on years that begin in March. */
static void
civil(gint64 days, gint *year, guint *month, guint *day)
{
	gint64 z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	gint64 doe = z - era * 146097;
	gint64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	gint64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	gint64 mp = (5 * doy + 2) / 153;

	*day = (guint)(doy - (153 * mp + 2) / 5 + 1);
	*month = (guint)(mp < 10 ? mp + 3 : mp - 9);
	*year = (gint)(yoe + era * 400 + (*month <= 2));
}

gboolean
sg_number_date(double value, gboolean from_1904, gint *year, guint *month, guint *day)
{
	double days = floor(value + (from_1904 ? 1462 : 0));

	if (!(days >= 0 && days < LAST))
		return FALSE;
	/* Excel counts a 29th of February 1900 that never was */
	civil((gint64)days - 25569 + (days < 60 && !from_1904), year, month, day);
	return TRUE;
}

static gboolean
when_of(double value, gboolean from_1904, When *w)
{
	double day = floor(value);
	gint64 ms;

	*w = (When){ .value = value };
	if (!(value >= 0 && value < LAST))
		return FALSE;
	ms = (gint64)floor((value - day) * 86400000.0 + 0.5);
	if (ms >= 86400000) {
		ms -= 86400000;
		day += 1;
	}
	if (!sg_number_date(day, from_1904, &w->year, &w->month, &w->day))
		return FALSE;
	w->weekday = (guint)(((gint64)day + (from_1904 ? 1462 : 0) + 6) % 7);
	w->hour = (guint)(ms / 3600000);
	w->minute = (guint)(ms / 60000 % 60);
	w->second = (guint)(ms / 1000 % 60);
	w->milli = (guint)(ms % 1000);
	return TRUE;
}

static void
day_or_month(GString *out, const When *w, char c, gsize n)
{
	static const char *const months[] = { "January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December" };
	static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday",
		"Friday", "Saturday" };
	const char *name = c == 'm' ? months[(w->month - 1) % 12] : days[w->weekday % 7];
	guint number = c == 'm' ? w->month : w->day;

	if (n <= 2)
		g_string_append_printf(out, n == 2 ? "%02u" : "%u", number);
	else if (n == 5 && c == 'm')
		g_string_append_c(out, name[0]);
	else
		g_string_append_len(out, name, n == 3 ? 3 : (gssize)strlen(name));
}

static void
clock_part(GString *out, const When *w, char c, gsize n, gboolean half)
{
	guint hour = half ? (w->hour + 11) % 12 + 1 : w->hour;
	guint number = c == 'h' ? hour : c == 's' ? w->second : w->minute;

	g_string_append_printf(out, n >= 2 ? "%02u" : "%u", number);
}

/* "[h]": hours, minutes or seconds that are not taken over into days. */
static void
elapsed(GString *out, const When *w, char c)
{
	double times = c == 'h' ? 24 : c == 'm' ? 1440 : 86400;

	g_string_append_printf(out, "%.0f", floor(w->value * times + 1e-6));
}

/* Does seconds' or hours' neighbourhood make this "m" minutes? */
static gboolean
is_minutes(const char *behind, char before)
{
	if (before == 'h' || before == 's')
		return TRUE;
	for (; *behind != '\0' && strchr(":. ]", *behind) != NULL;)
		behind++;
	return g_ascii_tolower(*behind) == 's';
}

static gsize
letters(When *w, GString *out, const char *p, char *before, gboolean half)
{
	char c = g_ascii_tolower(*p);
	gsize n = 1;

	while (g_ascii_tolower(p[n]) == c)
		n++;
	if (c == 'y')
		g_string_append_printf(out, n <= 2 ? "%02d" : "%04d", n <= 2 ? w->year % 100 : w->year);
	else if (c == 'd' || (c == 'm' && !is_minutes(p + n, *before)))
		day_or_month(out, w, c, n);
	else
		clock_part(out, w, c, n, half);
	w->is_date |= c == 'y' || c == 'd' || (c == 'm' && !is_minutes(p + n, *before));
	*before = c == 'm' && *before == 'h' ? 'x' : c;
	return n;
}

/* Words between quotes and what stands in brackets; how much was read. */
static gsize
enclosed(GString *out, const When *w, const char *p)
{
	const char *stop = strchr(p + 1, *p == '"' ? '"' : ']');
	gsize n = stop != NULL ? (gsize)(stop - p) - 1 : strlen(p + 1);

	if (*p == '"')
		g_string_append_len(out, p + 1, (gssize)n);
	else if (p[1] != '\0' && strchr("hms", g_ascii_tolower(p[1])) != NULL)
		elapsed(out, w, g_ascii_tolower(p[1]));
	return n + 1 + (stop != NULL);
}

/* Anything that is not a part of a date; how much was read. */
static gsize
other(GString *out, const When *w, const char *p)
{
	if (*p == '"' || *p == '[')
		return enclosed(out, w, p);
	if (g_ascii_strncasecmp(p, "am/pm", 5) == 0) {
		g_string_append(out, w->hour < 12 ? "AM" : "PM");
		return 5;
	}
	if (g_ascii_strncasecmp(p, "a/p", 3) == 0) {
		g_string_append_c(out, w->hour < 12 ? 'A' : 'P');
		return 3;
	}
	if ((*p == '\\' || *p == '_' || *p == '*') && p[1] != '\0') {
		if (*p == '\\')
			g_string_append_c(out, p[1]);
		return 2;
	}
	if (*p == '.' && p[1] == '0') {
		gsize n = MIN(strspn(p + 1, "0"), 3);

		g_string_append_printf(out, ".%0*u", (int)n, w->milli / (n == 1 ? 100 : n == 2 ? 10 : 1));
		return 1 + strspn(p + 1, "0");
	}
	if (*p != '@')
		g_string_append_c(out, *p);
	return 1;
}

gboolean
sg_date_show(GString *out, double value, const char *section, gboolean from_1904)
{
	gsize from = out->len;
	gboolean half = FALSE;
	char before = '\0', day[32];
	When w;

	if (!when_of(value, from_1904, &w))
		return FALSE;
	for (const char *p = section; *p != '\0'; p++)
		half = half || g_ascii_strncasecmp(p, "am/pm", 5) == 0 || g_ascii_strncasecmp(p, "a/p", 3) == 0;
	for (const char *p = section; *p != '\0';) {
		if (*p == '[' && p[1] != '\0' && strchr("hmsHMS", p[1]) != NULL)
			before = g_ascii_tolower(p[1]);
		if (strchr("ymdhsYMDHS", *p) != NULL)
			p += letters(&w, out, p, &before, half);
		else
			p += other(out, &w, p);
	}
	if (!w.is_date)
		return TRUE;
	g_snprintf(day, sizeof day, "%02u/%02u/%04d", w.month > 0 ? w.day : 0, w.month, w.year);
	if (strstr(out->str + from, day) == NULL)
		g_string_append_printf(out, " %s", day);
	g_snprintf(day, sizeof day, "%04d-%02u-%02u", w.year, w.month, w.day);
	if (strstr(out->str + from, day) == NULL)
		g_string_append_printf(out, " %s", day);
	return TRUE;
}
