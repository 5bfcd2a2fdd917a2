#include "base/letters.h"

/* Without its marks: programs write the same letter as one character, or as two, or as
 * a reference. */
static gunichar
base_letter(gunichar c)
{
	gunichar a, b;

	while (c >= 0xc0 && g_unichar_decompose(c, &a, &b) && g_unichar_ismark(b))
		c = a;
	return c;
}

char *
sg_letters(const char *utf8, gsize len)
{
	GString *out = g_string_sized_new(len + 1);
	const char *p = utf8, *end = utf8 + len;

	while (p < end) {
		gunichar c = (guchar)*p;

		if (c < 0x80) {
			if (g_ascii_isalnum(*p))
				g_string_append_c(out, g_ascii_tolower(*p));
			p++;
			continue;
		}
		c = g_utf8_get_char_validated(p, end - p);
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			p++;
			continue;
		}
		if (g_unichar_isalnum(c))
			g_string_append_unichar(out, g_unichar_tolower(base_letter(c)));
		p = g_utf8_next_char(p);
	}
	return g_string_free(out, FALSE);
}
