#include <string.h>

#include <unicode/uchar.h>

#include "word/flat.h"
#include "word/utf8.h"

/* The ASCII character for cp; SG_FLAT_SKIP when it is not seen, 0 when it has none. */
static char
ascii_for(UChar32 cp)
{
	int digit;

	if (cp >= 0xFF01 && cp <= 0xFF5E)
		return (char)(cp - 0xFEE0);
	switch (u_charType(cp)) {
	case U_SPACE_SEPARATOR:
		return ' ';
	case U_LINE_SEPARATOR:
	case U_PARAGRAPH_SEPARATOR:
		return '\n';
	case U_DASH_PUNCTUATION:
		return '-';
	case U_FORMAT_CHAR:
		return SG_FLAT_SKIP;
	case U_DECIMAL_DIGIT_NUMBER:
		digit = u_charDigitValue(cp);
		return digit >= 0 ? (char)('0' + digit) : 0;
	default:
		break;
	}
	if (cp == 0x2212)	/* minus */
		return '-';
	if (cp == 0x2018 || cp == 0x2019)
		return '\'';
	if (cp == 0x201C || cp == 0x201D)
		return '"';
	if (cp >= 0x1D400 && cp < 0x1D6A4) {	/* mathematical letters */
		guint i = (guint)(cp - 0x1D400) % 52;

		return (char)(i < 26 ? 'A' + i : 'a' + i - 26);
	}
	return 0;
}

static void
flatten(char *p, gsize len)
{
	gsize at = 0;

	while (at < len) {
		gsize from = at;
		char c;

		if ((guchar)p[at] < 0x80) {
			at++;
			continue;
		}
		c = ascii_for(sg_utf8_next(p, &at, len));
		if (c == 0)
			continue;
		memset(p + from, SG_FLAT_SKIP, at - from);
		p[from] = c;
	}
}

static gboolean
is_ascii(const char *p, gsize len)
{
	guchar any = 0;

	for (gsize i = 0; i < len; i++)
		any |= (guchar)p[i];
	return any < 0x80;
}

char *
sg_flat(const char *text, gsize len)
{
	char *p = g_malloc(len + 1);

	if (len > 0)
		memcpy(p, text, len);
	p[len] = '\0';
	if (!is_ascii(p, len))
		flatten(p, len);
	return p;
}
