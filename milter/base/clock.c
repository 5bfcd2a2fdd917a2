#include <stdlib.h>

#include "base/clock.h"

static gint64
offset_us(void)
{
	static gsize once;
	static gint64 offset;

	if (g_once_init_enter(&once)) {
		const char *s = g_getenv("SCHOOLGATE_CLOCK_OFFSET");

		offset = s != NULL ? g_ascii_strtoll(s, NULL, 10) * G_USEC_PER_SEC : 0;
		g_once_init_leave(&once, 1);
	}
	return offset;
}

gint64
sg_clock_now_us(void)
{
	return g_get_real_time() + offset_us();
}

gint64
sg_clock_now(void)
{
	return sg_clock_now_us() / G_USEC_PER_SEC;
}

char *
sg_clock_rfc3339(gint64 seconds)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(seconds);

	return t != NULL ? g_date_time_format(t, "%Y-%m-%dT%H:%M:%SZ") : g_strdup("-");
}
