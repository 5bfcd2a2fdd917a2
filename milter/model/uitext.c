#include <string.h>

#include "model/uitext.h"

/* Characters that reorder or hide text; ranges in ascending order. */
static const struct {
	gunichar from, to;
} tricky[] = {
	{ 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0e }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

static gboolean
is_tricky(gunichar c)
{
	for (gsize i = 0; i < G_N_ELEMENTS(tricky) && c >= tricky[i].from; i++)
		if (c <= tricky[i].to)
			return TRUE;
	return FALSE;
}

static gboolean
is_control(gunichar c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

static void
append_escape(GString *s, gunichar c)
{
	if (c < 0x100)
		g_string_append_printf(s, "\\x%02x", c);
	else if (c < 0x10000)
		g_string_append_printf(s, "\\u%04x", c);
	else
		g_string_append_printf(s, "\\U%08x", c);
}

static void
append_clean(GString *s, gunichar c, guint how)
{
	if (c == '\n' || c == '\t')
		g_string_append_c(s, (how & SG_UI_LINE) != 0 ? ' ' : (char)c);
	else if (is_control(c) && (how & SG_UI_ESCAPE) != 0)
		append_escape(s, c);
	else if (is_control(c))
		return;
	else if (is_tricky(c) && (how & SG_UI_ESCAPE) != 0)
		append_escape(s, c);
	else if (is_tricky(c))
		g_string_append_printf(s, "[U+%04X]", c);
	else
		g_string_append_unichar(s, c);
}

char *
sg_ui_text(const char *text, gssize len, gsize max, guint how)
{
	gsize n = text == NULL ? 0 : len >= 0 ? (gsize)len : strlen(text), seen = 0;
	const char *p = text, *end = text + n;
	GString *s = g_string_sized_new(n + 16);

	/* a few characters may each become ten; max counts what went in */
	while (p < end) {
		gunichar c = g_utf8_get_char_validated(p, end - p);

		if (max != 0 && seen++ >= max) {
			g_string_append(s, "\xe2\x80\xa6");
			break;
		}
		/* NUL: g_utf8_get_char_validated gives -2 for it when a length is given */
		if (*p == '\0') {
			append_clean(s, 0, how);
			p++;
		} else if (c >= (gunichar)-2) {
			if ((how & SG_UI_ESCAPE) != 0)
				append_escape(s, (guchar)*p);
			else
				g_string_append(s, "\xef\xbf\xbd");
			p++;
		} else {
			append_clean(s, c, how);
			p = g_utf8_next_char(p);
		}
	}
	return g_string_free(s, FALSE);
}

char *
sg_ui_line(const char *text, gsize max)
{
	return sg_ui_text(text, -1, max, SG_UI_DROP | SG_UI_LINE);
}

static gsize
width_of(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

gsize
sg_ui_width(const char *text)
{
	gsize n = 0;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		n += width_of(g_utf8_get_char(p));
	return n;
}

char *
sg_ui_fit(const char *text, gsize columns)
{
	gsize n = 0;
	const char *p = text;

	if (columns == 0)
		return g_strdup("");
	if (sg_ui_width(text) <= columns)
		return g_strdup(text);
	for (; *p != '\0'; p = g_utf8_next_char(p)) {
		gsize w = width_of(g_utf8_get_char(p));

		if (n + w > columns - 1)
			break;
		n += w;
	}
	return g_strdup_printf("%.*s\xe2\x80\xa6", (int)(p - text), text);
}
