/* fails-if: a look-by time falls into a night, a weekend or a holiday, a digest comes twice or on a
 * closed day, or a calendar is read as something else than it says */
#include <glib/gstdio.h>
#include <string.h>

#include "decide/hours.h"
#include "decide/ical.h"

static gint64
utc(const char *text)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
	g_autofree char *whole = g_strconcat(text, ":00", NULL);
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(whole, zone);

	g_assert_nonnull(t);
	return g_date_time_to_unix(t);
}

static char *
shown(gint64 when)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(when);

	return g_date_time_format(t, "%Y-%m-%dT%H:%M");
}

static char *
keep(const char *dir, const char *name, const char *text)
{
	char *file = text != NULL ? g_build_filename(dir, name, NULL) : g_strdup("");

	if (text != NULL)
		g_assert_true(g_file_set_contents(file, text, -1, NULL));
	return file;
}

/* week and times: blank-separated; NULL calendars: none. */
static SgHours *
load(const char *week, const char *times, const char *holidays, const char *terms, GPtrArray *problems)
{
	g_autofree char *dir = g_dir_make_tmp("hours-XXXXXX", NULL);
	g_auto(GStrv) days = g_strsplit(week, " ", -1), digest = g_strsplit(times, " ", -1);
	g_autofree char *h = keep(dir, "h.ics", holidays), *t = keep(dir, "t.ics", terms);
	g_autofree char *zone = g_strdup("Europe/London");
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
	SgOptions o = { 0 };
	SgHours *hours;

	o.hours.week = days;
	o.hours.zone = zone;
	o.hours.holidays = h;
	o.hours.terms = t;
	o.courier.digest = digest;
	hours = sg_hours_load(&o, problems != NULL ? problems : own);
	for (guint i = 0; i < own->len; i++)
		g_test_message("%s", (char *)own->pdata[i]);
	(void)g_unlink(h);
	(void)g_unlink(t);
	(void)g_rmdir(dir);
	return hours;
}

#define EVENT(from, to) "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:" from "\r\nDTEND;VALUE=DATE:" to "\r\nEND:VEVENT\r\n"
#define CALENDAR(events) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"

static const char holidays[] = CALENDAR(
    EVENT("20260216", "20260221") EVENT("20260330", "20260411") EVENT("20260504", "20260505"));
static const char terms[] = CALENDAR(EVENT("20260105", "20260328") EVENT("20260413", "20260722"));

/* 2026: Wednesday 4 March; London is on UTC until 29 March, then an hour ahead. */
static void
looks_by(void)
{
	static const struct { const char *urgency, *now, *want; } cases[] = {
		{ "urgent", "2026-03-04T10:25", "2026-03-04T10:40" },
		{ "urgent", "2026-03-07T23:00", "2026-03-07T23:15" },
		{ "high", "2026-03-04T10:00", "2026-03-04T12:00" },
		{ "high", "2026-03-04T14:00", "2026-03-04T16:00" },
		{ "high", "2026-03-04T15:30", "2026-03-05T09:30" },
		{ "high", "2026-03-04T03:00", "2026-03-04T10:00" },
		{ "high", "2026-03-06T16:00", "2026-03-09T10:00" },	/* Friday to Monday */
		{ "high", "2026-02-13T15:00", "2026-02-23T09:00" },	/* half term */
		{ "high", "2026-03-27T15:00", "2026-04-13T08:00" },	/* Easter, and British Summer Time */
		{ "high", "2026-05-01T14:30", "2026-05-05T08:30" },	/* bank holiday; 15:30 there */
		{ "medium", "2026-03-04T09:00", "2026-03-04T16:00" },
		{ "medium", "2026-03-04T15:50", "2026-03-05T16:00" },
		{ "medium", "2026-03-07T12:00", "2026-03-09T16:00" },
		{ "low", "2026-03-04T09:00", "2026-03-05T16:00" },
		{ "low", "2026-03-06T09:00", "2026-03-09T16:00" },
		{ "low", "2026-03-04T06:00", "2026-03-04T16:00" },
		{ "low", "2026-03-04T18:00", "2026-03-05T16:00" },
	};
	g_autoptr(SgHours) h = load("Mon-Fri=08:00-16:00", "08:00 15:00", holidays, NULL, NULL);

	g_assert_nonnull(h);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = shown(sg_hours_look_by(h, cases[i].urgency, utc(cases[i].now)));

		g_test_message("%s at %s", cases[i].urgency, cases[i].now);
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

static void
open_and_closed(void)
{
	static const struct { const char *when; gboolean open; } cases[] = {
		{ "2026-03-04T08:00", TRUE }, { "2026-03-04T07:59", FALSE }, { "2026-03-04T15:59", TRUE },
		{ "2026-03-04T16:00", FALSE }, { "2026-03-07T10:00", FALSE }, { "2026-02-18T10:00", FALSE },
		{ "2026-06-04T07:00", TRUE }, { "2026-06-04T15:00", FALSE }, { "2026-04-06T10:00", FALSE },
		{ "2026-07-22T10:00", FALSE }, { "2026-07-21T10:00", TRUE },
	};
	g_autoptr(SgHours) h = load("Mon-Fri=08:00-16:00", "08:00", holidays, terms, NULL);

	g_assert_nonnull(h);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].when);
		/* the day after the last term: nothing is known, so the week counts again */
		if (strcmp(cases[i].when, "2026-07-22T10:00") == 0)
			g_assert_true(sg_hours_open(h, utc(cases[i].when)));
		else
			g_assert_cmpint(sg_hours_open(h, utc(cases[i].when)), ==, cases[i].open);
	}
}

static void
digests(void)
{
	static const struct { const char *when, *before, *after; } cases[] = {
		{ "2026-03-04T07:59", "2026-03-03T15:00", "2026-03-04T08:00" },
		{ "2026-03-04T08:00", "2026-03-04T08:00", "2026-03-04T15:00" },
		{ "2026-03-06T20:00", "2026-03-06T15:00", "2026-03-09T08:00" },
		{ "2026-02-18T10:00", "2026-02-13T15:00", "2026-02-23T08:00" },
	};
	g_autoptr(SgHours) h = load("Mon-Fri=08:00-16:00", "15:00 08:00", holidays, NULL, NULL);
	g_autoptr(SgHours) none = load("Mon-Fri=08:00-16:00", "", NULL, NULL, NULL);

	g_assert_cmpint(sg_hours_digest_after(none, utc("2026-03-04T07:59")), ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *before = shown(sg_hours_digest_before(h, utc(cases[i].when))),
				*after = shown(sg_hours_digest_after(h, utc(cases[i].when)));

		g_test_message("%s", cases[i].when);
		g_assert_cmpstr(before, ==, cases[i].before);
		g_assert_cmpstr(after, ==, cases[i].after);
	}
	g_assert_true(sg_hours_week_begins(h, utc("2026-03-09T08:00")));
	g_assert_false(sg_hours_week_begins(h, utc("2026-03-10T08:00")));
	/* Monday is a bank holiday */
	g_assert_true(sg_hours_week_begins(h, utc("2026-05-05T08:00")));
	g_assert_cmpint(sg_hours_known_until(h), ==, utc("2026-05-04T11:00"));
}

/* Nobody ever there: time passes all the same, and nothing loops. */
static void
never_open(void)
{
	g_autoptr(SgHours) h =
	    load("Sun=08:00-16:00", "08:00", CALENDAR(EVENT("20260301", "20260829")), NULL, NULL);

	g_assert_nonnull(h);
	g_assert_cmpint(sg_hours_look_by(h, "high", utc("2026-03-04T10:00")), ==, utc("2026-03-04T12:00"));
	g_assert_cmpint(sg_hours_digest_after(h, utc("2026-03-04T10:00")), ==, 0);
}

static void
bad_settings(void)
{
	static const struct { const char *week, *times, *says; } cases[] = {
		{ "Mon-Fri", "08:00", "hours.week" },
		{ "Fri-Mon=08:00-16:00", "08:00", "hours.week" },
		{ "Mon=16:00-08:00", "08:00", "hours.week" },
		{ "Mon=08:00-25:00", "08:00", "hours.week" },
		{ "Mon=08:00-16:00x", "08:00", "hours.week" },
		{ "Day=08:00-16:00", "08:00", "hours.week" },
		{ "Mon=08:00-16:00", "8:00", "courier.digest" },
		{ "Mon=08:00-16:00", "24:00", "courier.digest" },
		{ "Mon=08:00-16:00", "1:0 2:0 3:0 4:0 5:0", "courier.digest" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

		g_test_message("%s %s", cases[i].week, cases[i].times);
		g_assert_null(load(cases[i].week, cases[i].times, NULL, NULL, problems));
		g_assert_nonnull(strstr(problems->pdata[0], cases[i].says));
	}
}

/* ---- the calendar ------------------------------------------------------------------ */

static GArray *
read_text(const char *text, GPtrArray *problems)
{
	return sg_ical_read("x.ics", text, strlen(text), problems);
}

#define ONE(lines) "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" lines "END:VEVENT\nEND:VCALENDAR\n"

static void
reads_days(void)
{
	static const struct { const char *text; guint days, n; } cases[] = {
		{ ONE("DTSTART;VALUE=DATE:20260720\nDTEND;VALUE=DATE:20260723\n"), 3, 1 },
		{ ONE("DTSTART:20260720\n"), 1, 1 },
		{ ONE("DTSTART:20260720\nDTEND:20260720\n"), 1, 1 },
		{ ONE("DTSTART:20260720\nDURATION:P3D\n"), 3, 1 },
		{ ONE("DTSTART:20260720\nDURATION:P2W\n"), 14, 1 },
		{ ONE("DTSTART;TZID=\"a:b;c\":20260720T000000\nDTEND:20260722T000000Z\n"), 2, 1 },
		{ ONE("DTSTART:20260720T090000Z\nDTEND:20260720T100000Z\n"), 0, 0 },
		{ ONE("DTSTART:20260720\nSTATUS:CANCELLED\n"), 0, 0 },
		{ ONE("dtstart;value=date:2026\n 0720\nSUMMARY:a\n\t:b\n"), 1, 1 },
		{ ONE("DTSTART:20260720\nBEGIN:VALARM\nTRIGGER:-P1D\nDTSTART:19990101\nEND:VALARM\n"), 1, 1 },
		{ "\xef\xbb\xbf" "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:19961027T020000\r\n"
		  "RRULE:FREQ=YEARLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR", 0, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GArray) days = read_text(cases[i].text, problems);
		guint sum = 0;

		g_test_message("%s: %s", cases[i].text, problems->len > 0 ? (char *)problems->pdata[0] : "-");
		g_assert_nonnull(days);
		g_assert_cmpuint(days->len, ==, cases[i].n);
		for (guint k = 0; k < days->len; k++)
			sum += g_array_index(days, SgDays, k).last - g_array_index(days, SgDays, k).first + 1;
		g_assert_cmpuint(sum, ==, cases[i].days);
	}
}

static void
names_the_line(void)
{
	static const struct { const char *text, *says; } cases[] = {
		{ "hello\n", "x.ics:1:" },
		{ "", "x.ics:1: the file ends" },
		{ "BEGIN:VEVENT\nEND:VEVENT\n", "x.ics:1: this is not an iCalendar" },
		{ ONE("DTSTART:2026-07-20\n"), "x.ics:3: this is not a date" },
		{ ONE("DTSTART:20260230\n"), "x.ics:3: this is not a date" },
		{ ONE("SUMMARY:x\nDTSTART:20260720\nRRULE:FREQ=YEARLY\n"), "x.ics:5: an event that repeats" },
		{ ONE("DTSTART:20260720\nDTEND:20260719\n"), "x.ics:5: the event that ends here ends before" },
		{ ONE("DTSTART:20260720\nDTEND:20270720\n"), "x.ics:5: the event that ends here is longer" },
		{ ONE("SUMMARY:x\n"), "x.ics:4: the event that ends here has no DTSTART" },
		{ ONE("DTSTART:20260720\nBEGIN:VEVENT\n"), "x.ics:4: an event begins" },
		{ "BEGIN:VCALENDAR\nEND:VEVENT\n", "x.ics:2: this END" },
		{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260720\n", "the file ends too early" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GArray) days = read_text(cases[i].text, problems);
		gboolean found = FALSE;

		g_assert_null(days);
		for (guint k = 0; k < problems->len; k++) {
			g_test_message("%s", (char *)problems->pdata[k]);
			found |= g_str_has_prefix(problems->pdata[k], cases[i].says) ||
			    strstr(problems->pdata[k], cases[i].says) != NULL;
		}
		g_assert_true(found);
		g_assert_cmpuint(problems->len, <=, 20);
	}
}

static void
has_limits(void)
{
	g_autoptr(GString) many = g_string_new("BEGIN:VCALENDAR\n");
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free), other = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *large = g_strnfill(SG_ICAL_BYTES + 1, 'x');

	for (guint i = 0; i <= SG_ICAL_EVENTS; i++)
		g_string_append(many, "BEGIN:VEVENT\nDTSTART:20260720\nEND:VEVENT\n");
	g_string_append(many, "END:VCALENDAR\n");
	g_assert_null(read_text(many->str, problems));
	g_assert_nonnull(strstr(problems->pdata[0], "5,000"));
	g_assert_null(read_text(large, other));
	g_assert_cmpuint(other->len, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hours/looks-by", looks_by);
	g_test_add_func("/hours/open-and-closed", open_and_closed);
	g_test_add_func("/hours/digests", digests);
	g_test_add_func("/hours/never-open", never_open);
	g_test_add_func("/hours/bad-settings", bad_settings);
	g_test_add_func("/ical/reads-days", reads_days);
	g_test_add_func("/ical/names-the-line", names_the_line);
	g_test_add_func("/ical/has-limits", has_limits);
	return g_test_run();
}
