#include <string.h>

#include "ctl/replay.h"

#define BAR_MIN 6u
#define BAR_MAX 40u

char *
sg_replay_number(guint64 n)
{
	g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, n);
	gsize len = strlen(digits);
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			g_string_append_c(s, ',');
		g_string_append_c(s, digits[i]);
	}
	return g_string_free(s, FALSE);
}

static void
add_bar(GString *s, const SgReplayLine *l, guint width, gboolean utf8)
{
	guint full = (guint)(l->done * width / l->total);

	g_string_append(s, "  [");
	for (guint i = 0; i < width; i++)
		g_string_append(s, i < full ? "#" : utf8 ? "·" : ".");
	g_string_append_c(s, ']');
}

/* What stands behind the bar; less of it when there is no room. */
static char *
tail(const SgReplayLine *l, guint level)
{
	GString *s = g_string_new(NULL);
	guint64 ms = (guint64)MAX(l->elapsed_ms, 1), rate = l->done_now * 1000 / ms;
	g_autofree char *held = sg_replay_number(l->held), *errors = sg_replay_number(l->errors);

	if (l->total > 0)
		g_string_append_printf(s, " %2" G_GUINT64_FORMAT " %%", l->done * 100 / l->total);
	if (level < 3)
		g_string_append_printf(s, "%s%" G_GUINT64_FORMAT " msg/s", level < 1 ? "   " : "  ", rate);
	if (level < 2 && l->total > 0 && l->done_now > 0) {
		guint64 left = (l->total - l->done) * ms / l->done_now / 1000;

		g_string_append_printf(s, "%sETA %" G_GUINT64_FORMAT ":%02" G_GUINT64_FORMAT,
		    level < 1 ? "   " : "  ", left / 60, left % 60);
	}
	g_string_append_printf(s, "%sheld %s", level < 1 ? "   " : "  ", held);
	if (level < 1 || l->errors > 0)
		g_string_append_printf(s, "%serrors %s", level < 1 ? "   " : "  ", errors);
	return g_string_free(s, FALSE);
}

char *
sg_replay_line(const SgReplayLine *l, guint width, gboolean utf8)
{
	g_autofree char *done = sg_replay_number(l->done), *total = sg_replay_number(l->total);
	GString *s = g_string_new(NULL);

	g_string_append_printf(s, "replay  %s", done);
	if (l->total > 0)
		g_string_append_printf(s, " / %s", total);
	for (guint level = 0; level < 4; level++) {
		g_autofree char *end = tail(l, level);
		gsize used = s->len + strlen(end);
		gsize bar = l->total > 0 && used + 4 < width ? MIN(width - used - 4, BAR_MAX) : 0;

		if (level < 3 && (l->total > 0 ? bar < BAR_MIN : used > width))
			continue;
		if (bar >= BAR_MIN)
			add_bar(s, l, (guint)bar, utf8);
		g_string_append(s, end);
		break;
	}
	if (g_utf8_strlen(s->str, -1) > (glong)width)
		g_string_truncate(s, width);	/* no bar then, so all of it is ASCII */
	return g_string_free(s, FALSE);
}
