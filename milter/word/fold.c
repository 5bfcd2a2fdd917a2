#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/err.h"
#include "word/fold.h"
#include "word/utf8.h"

#define ROOM 256	/* UTF-16 units of a decomposed word */

gboolean
sg_fold_ready(GError **error)
{
	UErrorCode status = U_ZERO_ERROR;

	if (unorm2_getNFKDInstance(&status) != NULL && U_SUCCESS(status))
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "ICU has no NFKD data (%s); install the library's data package",
	    u_errorName(status));
	return FALSE;
}

/* Letters that do not come apart, but are typed without their stroke. */
static const struct {
	UChar32	    cp;
	const char *plain;
} strokes[] = {
	{ 0xdf, "ss" }, { 0xe6, "ae" }, { 0xf0, "d" }, { 0xf8, "o" }, { 0xfe, "th" },
	{ 0x111, "d" }, { 0x131, "i" }, { 0x142, "l" }, { 0x153, "oe" },
};

static void
append(UChar32 cp, GString *out)
{
	for (gsize i = 0; i < G_N_ELEMENTS(strokes); i++)
		if (strokes[i].cp == cp) {
			g_string_append(out, strokes[i].plain);
			return;
		}
	if (cp < 0x80)
		g_string_append_c(out, (char)cp);
	else
		g_string_append_unichar(out, (gunichar)cp);
}

static void
fold_any(const char *s, gsize len, GString *out)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[ROOM / 2], apart[ROOM];
	int32_t n = 0, m;

	u_strFromUTF8WithSub(wide, ROOM / 2, &n, s, (int32_t)len, 0xfffd, NULL, &status);
	m = unorm2_normalize(unorm2_getNFKDInstance(&status), wide, n, apart, ROOM, &status);
	if (U_FAILURE(status))
		return;
	for (int32_t i = 0; i < m;) {
		UChar32 cp;

		U16_NEXT(apart, i, m, cp);
		if (u_isalpha(cp))
			append(u_foldCase(cp, U_FOLD_CASE_DEFAULT), out);
	}
}

/* "Chen's" and "Chen’s" are Chen. */
static gsize
without_s(const char *s, gsize len)
{
	if (len > 2 && (s[len - 1] | 0x20) == 's' && s[len - 2] == '\'')
		return len - 2;
	if (len > 4 && (s[len - 1] | 0x20) == 's' && (guchar)s[len - 4] == 0xe2 &&
	    (guchar)s[len - 3] == 0x80 && (guchar)s[len - 2] == 0x99)
		return len - 4;
	return len;
}

void
sg_fold_word(const char *s, gsize len, GString *out)
{
	gsize n = MIN(without_s(s, len), SG_FOLD_WORD);

	for (gsize i = 0; i < n; i++)
		if ((guchar)s[i] >= 0x80) {
			fold_any(s, n, out);
			return;
		}
	for (gsize i = 0; i < n; i++)
		if (g_ascii_isalpha(s[i]))
			g_string_append_c(out, (char)(s[i] | 0x20));
}
