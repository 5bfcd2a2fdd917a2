#include <string.h>

#include "decide/ical.h"

enum { MOST_PROBLEMS = 20, DEEPEST = 8, NAME_MOST = 32 };

typedef struct Event {
	guint32	 start, end;	/* julian; 0 = not seen; end is the first day after */
	guint	 days;		/* of DURATION */
	gboolean part, cancelled;
} Event;

typedef struct Reader {
	const char *name;
	GPtrArray  *problems;
	GArray	   *days;
	guint	    line, errors, events;
	char	    open[DEEPEST][NAME_MOST];	/* components that are open */
	guint	    depth;
	gboolean    began;
	Event	    event;
} Reader;

static void
say(Reader *r, const char *mark, const char *what)
{
	if (*mark == '\0')
		r->errors++;
	if (r->problems->len < MOST_PROBLEMS)
		g_ptr_array_add(r->problems, g_strdup_printf("%s:%u: %s%s", r->name, r->line, mark, what));
}

static void
error(Reader *r, const char *what)
{
	say(r, "", what);
}

/* Exactly n digits at s, or -1. */
static int
digits(const char *s, guint n)
{
	int v = 0;

	for (guint i = 0; i < n; i++) {
		if (!g_ascii_isdigit(s[i]))
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

/* "20260720" or "20260720T000000Z"; *part: it is a time within the day. */
static guint32
read_date(Reader *r, const char *value, gboolean *part)
{
	gsize n = strlen(value);
	int y = n >= 8 ? digits(value, 4) : -1, m = n >= 8 ? digits(value + 4, 2) : -1,
	    d = n >= 8 ? digits(value + 6, 2) : -1;
	gboolean timed = n >= 15 && value[8] == 'T' && digits(value + 9, 6) >= 0 &&
	    (n == 15 || (n == 16 && value[15] == 'Z'));
	GDate date;

	if ((n != 8 && !timed) || y < 1970 || y > 2200 || m < 1 || d < 1 ||
	    !g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y)) {
		error(r, "this is not a date; write it as 20260720");
		return 0;
	}
	*part = *part || (timed && digits(value + 9, 6) != 0);
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)d, (GDateMonth)m, (GDateYear)y);
	return g_date_get_julian(&date);
}

/* "P3D", "P2W"; parts of a day are times. */
static void
read_duration(Reader *r, const char *value)
{
	char *end = NULL;
	gint64 n = *value == 'P' ? g_ascii_strtoll(value + 1, &end, 10) : 0;

	if (end == NULL || n < 1 || n > SG_ICAL_LONGEST || (strcmp(end, "D") != 0 && strcmp(end, "W") != 0))
		r->event.part = TRUE;
	else
		r->event.days = (guint)n * (*end == 'W' ? 7 : 1);
}

static void
end_event(Reader *r)
{
	const Event *e = &r->event;
	guint32 after = e->end != 0 ? e->end : e->start + MAX(e->days, 1);
	SgDays d = { e->start, MAX(after, e->start + 1) - 1 };

	if (++r->events > SG_ICAL_EVENTS) {
		if (r->events == SG_ICAL_EVENTS + 1)
			error(r, "more than 5,000 events; keep only the school's holidays in this file");
	} else if (e->cancelled || e->start == 0) {
		if (!e->cancelled && r->errors == 0)
			error(r, "the event that ends here has no DTSTART; add one or remove the event");
	} else if (e->part) {
		say(r, "warning: ", "the event that ends here takes only part of a day and is left out; "
		    "give it whole days if the school is closed then");
	} else if (after < e->start) {
		error(r, "the event that ends here ends before it begins; correct DTSTART or DTEND");
	} else if (after - e->start > SG_ICAL_LONGEST) {
		error(r, "the event that ends here is longer than 200 days; look at its years");
	} else {
		g_array_append_val(r->days, d);
	}
}

static void
begin(Reader *r, const char *what)
{
	if (r->depth == 0 && strcmp(what, "VCALENDAR") != 0) {
		error(r, "this is not an iCalendar file; it begins with BEGIN:VCALENDAR");
	} else if (r->depth == DEEPEST || strlen(what) >= NAME_MOST) {
		error(r, "too many things in one another; get the file anew");
	} else if (strcmp(what, "VEVENT") == 0 && r->depth != 1) {
		error(r, "an event begins inside of something else; get the file anew");
	} else {
		(void)g_strlcpy(r->open[r->depth++], what, NAME_MOST);
		r->began = TRUE;
		if (r->depth == 2)
			r->event = (Event){ 0 };
	}
}

static void
end(Reader *r, const char *what)
{
	if (r->depth == 0 || strcmp(r->open[r->depth - 1], what) != 0) {
		error(r, "this END has no BEGIN before it; get the file anew");
		return;
	}
	r->depth--;
	if (r->depth == 1 && strcmp(what, "VEVENT") == 0)
		end_event(r);
}

static gboolean
in_event(const Reader *r)
{
	return r->depth == 2 && strcmp(r->open[1], "VEVENT") == 0;
}

/* One property; its parameters do not matter here: a date is known by its form. */
static void
property(Reader *r, const char *name, const char *value)
{
	Event *e = &r->event;

	if (strcmp(name, "BEGIN") == 0)
		begin(r, value);
	else if (strcmp(name, "END") == 0)
		end(r, value);
	else if (r->depth == 0)
		error(r, "this is not an iCalendar file; it begins with BEGIN:VCALENDAR");
	else if (!in_event(r))
		return;
	else if (strcmp(name, "DTSTART") == 0)
		e->start = read_date(r, value, &e->part);
	else if (strcmp(name, "DTEND") == 0)
		e->end = read_date(r, value, &e->part);
	else if (strcmp(name, "DURATION") == 0)
		read_duration(r, value);
	else if (strcmp(name, "STATUS") == 0)
		e->cancelled = strcmp(value, "CANCELLED") == 0;
	else if (strcmp(name, "RRULE") == 0 || strcmp(name, "RDATE") == 0)
		error(r, "an event that repeats is not read; write each of its times as an event of its own");
}

/* "NAME;param=\"a:b\":value"; line is changed. */
static void
content_line(Reader *r, char *line)
{
	gboolean quoted = FALSE;
	char *p = line, *value;

	for (; *p != '\0' && (quoted || *p != ':'); p++)
		quoted = quoted != (*p == '"');
	if (*p == '\0' || r->errors >= MOST_PROBLEMS) {
		if (*line != '\0' && r->errors < MOST_PROBLEMS)
			error(r, "a line without a colon; this is not an iCalendar file, or it was cut");
		return;
	}
	*p = '\0';
	value = g_strstrip(p + 1);
	line[strcspn(line, ";")] = '\0';
	for (p = line; *p != '\0'; p++)
		*p = g_ascii_toupper(*p);
	property(r, line, value);
}

GArray *
sg_ical_read(const char *name, const char *text, gsize n, GPtrArray *problems)
{
	g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(SgDays));
	g_autoptr(GString) line = g_string_new(NULL);
	Reader r = { .name = name, .problems = problems, .days = days, .line = 1 };
	guint at = 1;

	if (n > SG_ICAL_BYTES || memchr(text, 0, n) != NULL) {
		error(&r, "is larger than 1 MiB or no text; keep only the school's holidays in this file");
		return NULL;
	}
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3, n -= 3;
	for (const char *p = text, *all = text + n; p < all; at++) {
		const char *stop = memchr(p, '\n', (gsize)(all - p));
		gsize len = (gsize)((stop != NULL ? stop : all) - p);
		gsize used = len > 0 && p[len - 1] == '\r' ? len - 1 : len;

		if (used > 0 && (*p == ' ' || *p == '\t')) {
			g_string_append_len(line, p + 1, (gssize)used - 1);
		} else {
			content_line(&r, line->str);
			g_string_truncate(line, 0);
			g_string_append_len(line, p, (gssize)used);
			r.line = at;
		}
		p += len + (stop != NULL);
	}
	content_line(&r, line->str);
	if (r.depth > 0 || !r.began)
		error(&r, "the file ends too early; get it anew");
	return r.errors == 0 ? g_steal_pointer(&days) : NULL;
}
