#include <stdlib.h>
#include <string.h>

#include "decide/hours.h"
#include "decide/ical.h"

enum { DAYS = 7, MINUTES = 24 * 60, TIMES_MOST = 12 };

struct SgHours {
	GTimeZone *zone;
	struct { guint from, to; } week[DAYS];	/* minutes; 0, 0 = closed; Monday first */
	GArray	  *holidays, *terms;		/* SgDays, NULL = not given */
	guint	   times[TIMES_MOST], n_times;	/* of the digest, minutes */
	guint32	   known, terms_end;		/* last day of both files, and of the terms; 0 = none */
};

typedef struct Loader {
	SgHours	  *h;
	const SgOptions *o;
	GPtrArray *problems;
	guint	   errors;
} Loader;

static void G_GNUC_PRINTF(2, 3)
problem(Loader *l, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	l->errors++;
	g_ptr_array_add(l->problems, g_strdup_printf("%s:1: %s", l->o->file != NULL ? l->o->file : "schoolgate.conf", text));
}

/* ---- days and times --------------------------------------------------------------- */

static guint32
day_of(const SgHours *h, gint64 when)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(when);
	g_autoptr(GDateTime) t = utc != NULL ? g_date_time_to_timezone(utc, h->zone) : NULL;
	GDate d;

	if (t == NULL)
		return 1;
	g_date_clear(&d, 1);
	g_date_set_dmy(&d, (GDateDay)g_date_time_get_day_of_month(t), (GDateMonth)g_date_time_get_month(t),
	    (GDateYear)g_date_time_get_year(t));
	return g_date_get_julian(&d);
}

static gint64
at(const SgHours *h, guint32 day, guint minute)
{
	g_autoptr(GDateTime) t = NULL;
	GDate d;

	g_date_clear(&d, 1);
	g_date_set_julian(&d, day + minute / MINUTES);
	minute %= MINUTES;
	t = g_date_time_new(h->zone, g_date_get_year(&d), g_date_get_month(&d), g_date_get_day(&d), (int)(minute / 60),
	    (int)(minute % 60), 0);
	return t != NULL ? g_date_time_to_unix(t) : 0;
}

static gboolean
among(const GArray *list, guint32 day)
{
	for (guint i = 0; list != NULL && i < list->len; i++) {
		const SgDays *d = &g_array_index(list, SgDays, i);

		if (day >= d->first && day <= d->last)
			return TRUE;
	}
	return FALSE;
}

static guint
weekday(guint32 day)
{
	return (day + 6) % DAYS;	/* 1 January of the year 1 was a Monday */
}

static gboolean
is_school_day(const SgHours *h, guint32 day)
{
	if (h->week[weekday(day)].to == 0 || among(h->holidays, day))
		return FALSE;
	return h->terms == NULL || day > h->terms_end || among(h->terms, day);
}

/* The open hours of a day; FALSE: none. */
static gboolean
span(const SgHours *h, guint32 day, gint64 *from, gint64 *to)
{
	if (!is_school_day(h, day))
		return FALSE;
	*from = at(h, day, h->week[weekday(day)].from);
	*to = at(h, day, h->week[weekday(day)].to);
	return *from < *to;
}

gboolean
sg_hours_school_day(const SgHours *h, gint64 when)
{
	return is_school_day(h, day_of(h, when));
}

gboolean
sg_hours_open(const SgHours *h, gint64 when)
{
	gint64 from, to;

	return span(h, day_of(h, when), &from, &to) && when >= from && when < to;
}

gint64
sg_hours_add(const SgHours *h, gint64 when, gint64 seconds)
{
	guint32 day = day_of(h, when);

	for (guint i = 0; i <= SG_HOURS_AHEAD; i++) {
		gint64 from, to, begin;

		if (!span(h, day + i, &from, &to) || to <= when)
			continue;
		begin = MAX(from, when);
		if (begin + seconds < to || (begin + seconds == to && seconds > 0))
			return begin + seconds;
		seconds -= to - begin;
	}
	return when + seconds;
}

gint64
sg_hours_next(const SgHours *h, gint64 when)
{
	return sg_hours_add(h, when, 0);
}

/* The end of the nth school day that has hours left after when; the first is 1. */
static gint64
end_of_day(const SgHours *h, gint64 when, guint nth, gint64 least)
{
	guint32 day = day_of(h, when);

	for (guint i = 0; i <= SG_HOURS_AHEAD; i++) {
		gint64 from, to;

		if (span(h, day + i, &from, &to) && to - MAX(from, when) >= least && to > when && --nth == 0)
			return to;
	}
	return when + (gint64)nth * 86400;
}

gint64
sg_hours_look_by(const SgHours *h, const char *urgency, gint64 now)
{
	gint64 from, to;

	if (strcmp(urgency, "urgent") == 0)
		return now + 15 * 60;
	if (strcmp(urgency, "high") == 0)
		return sg_hours_add(h, now, 2 * 3600);
	if (strcmp(urgency, "medium") == 0)
		return end_of_day(h, now, 1, 2 * 3600);
	/* today does not count when it has begun */
	return end_of_day(h, now, span(h, day_of(h, now), &from, &to) && now >= from && now < to ? 2 : 1, 0);
}

/* ---- the digest ---------------------------------------------------------------------- */

gint64
sg_hours_digest_before(const SgHours *h, gint64 when)
{
	guint32 day = day_of(h, when);

	for (guint i = 0; i <= SG_HOURS_AHEAD && i < day; i++)
		for (guint k = h->n_times; is_school_day(h, day - i) && k-- > 0;)
			if (at(h, day - i, h->times[k]) <= when)
				return at(h, day - i, h->times[k]);
	return 0;
}

gint64
sg_hours_digest_after(const SgHours *h, gint64 when)
{
	guint32 day = day_of(h, when);

	for (guint i = 0; i <= SG_HOURS_AHEAD; i++)
		for (guint k = 0; is_school_day(h, day + i) && k < h->n_times; k++)
			if (at(h, day + i, h->times[k]) > when)
				return at(h, day + i, h->times[k]);
	return 0;
}

gboolean
sg_hours_week_begins(const SgHours *h, gint64 when)
{
	guint32 day = day_of(h, when);

	if (!is_school_day(h, day))
		return FALSE;
	for (guint i = weekday(day); i > 0; i--)
		if (is_school_day(h, day - i))
			return FALSE;
	return TRUE;
}

GTimeZone *
sg_hours_zone(const SgHours *h)
{
	return h->zone;
}

gint64
sg_hours_known_until(const SgHours *h)
{
	return h->known != 0 ? at(h, h->known, MINUTES / 2) : 0;
}

/* ---- loading --------------------------------------------------------------------------- */

/* "08:30" at *s; the minute, or -1. */
static int
minute(const char **s)
{
	const char *p = *s;
	int hour, min;

	if (!g_ascii_isdigit(p[0]) || !g_ascii_isdigit(p[1]) || p[2] != ':' || !g_ascii_isdigit(p[3]) ||
	    !g_ascii_isdigit(p[4]))
		return -1;
	hour = (p[0] - '0') * 10 + p[1] - '0';
	min = (p[3] - '0') * 10 + p[4] - '0';
	*s = p + 5;
	return hour < 24 && min < 60 ? hour * 60 + min : hour == 24 && min == 0 ? MINUTES : -1;
}

/* "Mon"; 0 to 6, or -1. */
static int
day_name(const char **s)
{
	static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

	for (guint i = 0; i < DAYS; i++)
		if (g_ascii_strncasecmp(*s, names[i], 3) == 0) {
			*s += 3;
			return (int)i;
		}
	return -1;
}

/* "Mon-Fri=08:00-16:00" or "Sat=09:00-12:00". */
static void
read_week(Loader *l, const char *text)
{
	const char *s = text;
	int first = day_name(&s), last = first, from, to;

	if (first >= 0 && *s == '-') {
		s++;
		last = day_name(&s);
	}
	from = first >= 0 && *s++ == '=' ? minute(&s) : -1;
	to = from >= 0 && *s++ == '-' ? minute(&s) : -1;
	if (first < 0 || last < first || to <= from || *s != '\0') {
		problem(l, "hours.week: \"%s\" is not understood; write \"Mon-Fri=08:00-16:00\"", text);
		return;
	}
	for (int d = first; d <= last; d++) {
		l->h->week[d].from = (guint)from;
		l->h->week[d].to = (guint)to;
	}
}

static int
by_time(gconstpointer a, gconstpointer b)
{
	guint x = *(const guint *)a, y = *(const guint *)b;

	return x < y ? -1 : x > y;
}

static void
read_times(Loader *l, char *const *list)
{
	for (; list != NULL && *list != NULL; list++) {
		const char *s = *list;
		int m = minute(&s);

		if (m < 0 || m >= MINUTES || *s != '\0' || l->h->n_times == TIMES_MOST)
			problem(l, "courier.digest: \"%s\" is not a time, or there are more than %d; write \"08:00\"",
			    *list, TIMES_MOST);
		else
			l->h->times[l->h->n_times++] = (guint)m;
	}
	qsort(l->h->times, l->h->n_times, sizeof(guint), by_time);
}

static GArray *
read_calendar(Loader *l, const char *file, guint32 *end)
{
	g_autofree char *text = NULL;
	GArray *days;
	guint32 last = 0;
	gsize n;

	if (file == NULL || *file == '\0')
		return NULL;
	if (!g_file_get_contents(file, &text, &n, NULL)) {
		l->errors++;
		g_ptr_array_add(l->problems, g_strdup_printf("%s:1: cannot be read; put the file there or leave the "
		    "setting out", file));
		return NULL;
	}
	days = sg_ical_read(file, text, n, l->problems);
	l->errors += days == NULL;
	for (guint i = 0; days != NULL && i < days->len; i++)
		last = MAX(last, g_array_index(days, SgDays, i).last);
	*end = last;
	l->h->known = MAX(l->h->known, last);
	return days;
}

static void
read_zone(Loader *l, const char *name)
{
	l->h->zone = name != NULL && *name != '\0' ? g_time_zone_new_identifier(name) : g_time_zone_new_local();
	if (l->h->zone == NULL) {
		problem(l, "hours.zone: there is no time zone \"%s\" on this machine; write \"Europe/London\", "
		    "or leave it out for the machine's own", name);
		l->h->zone = g_time_zone_new_utc();
	}
}

SgHours *
sg_hours_load(const SgOptions *o, GPtrArray *problems)
{
	static const char *const usual[] = { "Mon-Fri=08:00-16:00", NULL };
	g_autoptr(SgHours) h = g_new0(SgHours, 1);
	Loader l = { h, o, problems, 0 };
	const char *const *week = o->hours.week != NULL ? (const char *const *)o->hours.week : usual;

	read_zone(&l, o->hours.zone);
	for (; *week != NULL; week++)
		read_week(&l, *week);
	read_times(&l, o->courier.digest);
	h->holidays = read_calendar(&l, o->hours.holidays, &h->terms_end);
	h->terms = read_calendar(&l, o->hours.terms, &h->terms_end);
	return l.errors == 0 ? g_steal_pointer(&h) : NULL;
}

void
sg_hours_free(SgHours *h)
{
	if (h == NULL)
		return;
	g_clear_pointer(&h->zone, g_time_zone_unref);
	g_clear_pointer(&h->holidays, g_array_unref);
	g_clear_pointer(&h->terms, g_array_unref);
	g_free(h);
}
