#include <unicode/uchar.h>

#include "word/boundary.h"
#include "word/utf8.h"

#define LOOK 64u	/* unseen characters looked through; a longer run is taken for a boundary */

static gboolean
is_word(UChar32 cp)
{
	if (cp < 0x80)
		return cp >= 0 && g_ascii_isalnum((gchar)cp);
	return u_isalnum(cp) || (U_GET_GC_MASK(cp) & U_GC_M_MASK) != 0;
}

static gboolean
is_unseen(UChar32 cp)
{
	return cp >= 0x80 && u_hasBinaryProperty(cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static gboolean
without_blanks(UChar32 cp)
{
	int32_t lb;

	if (cp < 0x0E00)
		return FALSE;
	lb = u_getIntPropertyValue(cp, UCHAR_LINE_BREAK);
	return lb == U_LB_COMPLEX_CONTEXT || lb == U_LB_IDEOGRAPHIC ||
	    lb == U_LB_CONDITIONAL_JAPANESE_STARTER || lb == U_LB_NONSTARTER;
}

/* The next character that is seen, from *at on; -1 at the end. */
static UChar32
next_seen(const char *text, gsize len, gsize *at)
{
	for (guint look = 0; look < LOOK && *at < len; look++) {
		UChar32 cp = sg_utf8_next(text, at, len);

		if (!is_unseen(cp))
			return cp;
	}
	return -1;
}

static UChar32
previous_seen(const char *text, gsize at)
{
	for (guint look = 0; look < LOOK && at > 0; look++) {
		UChar32 cp = sg_utf8_previous(text, &at);

		if (!is_unseen(cp))
			return cp;
	}
	return -1;
}

static gboolean
parts(UChar32 a, UChar32 b)
{
	return !is_word(a) || !is_word(b) || without_blanks(a) || without_blanks(b);
}

gboolean
sg_boundary_at(const char *text, gsize len, gsize at)
{
	gsize next = at;

	return parts(previous_seen(text, at), next_seen(text, len, &next));
}

gsize
sg_boundary_word_end(const char *text, gsize len, gsize at)
{
	for (guint look = 0; look < LOOK && !sg_boundary_at(text, len, at); look++)
		(void)next_seen(text, len, &at);
	return at;
}
