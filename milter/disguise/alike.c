#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>

#include "disguise/alike.h"

#define CACHE 512u

typedef struct {
	UChar32 cp;
	char	like;
} Like;

struct SgAlike {
	USpoofChecker *checker;	/* opened when first needed */
	Like	       like[CACHE];
};

SgAlike *
sg_alike_new(void)
{
	return g_new0(SgAlike, 1);
}

void
sg_alike_free(SgAlike *a)
{
	if (a == NULL)
		return;
	if (a->checker != NULL)
		uspoof_close(a->checker);
	g_free(a);
}

const char *
sg_alike_letters(char sign)
{
	static const char letters[128][3] = {
		['0'] = "o", ['1'] = "il", ['2'] = "z", ['3'] = "e", ['4'] = "a", ['5'] = "s",
		['6'] = "gb", ['7'] = "t", ['8'] = "b", ['9'] = "g",
		['!'] = "il", ['|'] = "li", ['$'] = "s", ['+'] = "t", ['@'] = "ao",
	};

	return (guchar)sign < 128 ? letters[(guchar)sign] : "";
}

/* The letters of small capitals, and of some that no table of look-alikes has. */
static char
small_capital(UChar32 cp)
{
	static const struct {
		UChar32 cp;
		char	letter;
	} table[] = {
		{ 0x1D00, 'a' }, { 0x0299, 'b' }, { 0x1D04, 'c' }, { 0x1D05, 'd' }, { 0x1D07, 'e' },
		{ 0xA730, 'f' }, { 0x0262, 'g' }, { 0x029C, 'h' }, { 0x026A, 'i' }, { 0x1D0A, 'j' },
		{ 0x1D0B, 'k' }, { 0x029F, 'l' }, { 0x1D0D, 'm' }, { 0x0274, 'n' }, { 0x1D0F, 'o' },
		{ 0x1D18, 'p' }, { 0x0280, 'r' }, { 0xA731, 's' }, { 0x1D1B, 't' }, { 0x1D1C, 'u' },
		{ 0x1D20, 'v' }, { 0x1D21, 'w' }, { 0x028F, 'y' }, { 0x1D22, 'z' },
		{ 0x0138, 'k' }, { 0x03BA, 'k' }, { 0x043A, 'k' }, { 0x03C5, 'u' }, { 0x03BD, 'v' },
		{ 0x0442, 't' }, { 0x03C4, 't' }, { 0x043D, 'h' }, { 0x043C, 'm' }, { 0x0432, 'b' },
		{ 0x0438, 'u' }, { 0x03B7, 'n' }, { 0x03C9, 'w' }, { 0x00A2, 'c' }, { 0x20AC, 'e' },
		{ 0x00A3, 'e' }, { 0x00A5, 'y' }, { 0x00A1, 'i' }, { 0x00F8, 'o' }, { 0x0142, 'l' },
		{ 0x0111, 'd' }, { 0x0131, 'i' }, { 0x03BC, 'u' }, { 0x00B5, 'u' }, { 0x2020, 't' },
	};

	for (guint i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].cp == cp)
			return table[i].letter;
	return 0;
}

/* Regional indicators, and letters white on black. */
static char
boxed(UChar32 cp)
{
	static const UChar32 first[] = { 0x1F1E6, 0x1F130, 0x1F150, 0x1F170 };

	for (guint i = 0; i < G_N_ELEMENTS(first); i++)
		if (cp >= first[i] && cp < first[i] + 26)
			return (char)('a' + (cp - first[i]));
	return 0;
}

static char
without_accent(UChar32 cp)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
	UChar out[8];
	int32_t len;

	if (U_FAILURE(status))
		return 0;
	len = unorm2_getDecomposition(nfd, cp, out, G_N_ELEMENTS(out), &status);
	if (U_FAILURE(status) || len < 1 || out[0] >= 128)
		return 0;
	return g_ascii_isalpha((gchar)out[0]) ? g_ascii_tolower((gchar)out[0]) : 0;
}

static char
confusable(SgAlike *a, UChar32 cp)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar in[2], out[8];
	int32_t n = 0, len;

	if (a->checker == NULL)
		a->checker = uspoof_open(&status);
	if (U_FAILURE(status))
		return 0;
	U16_APPEND_UNSAFE(in, n, cp);
	len = uspoof_getSkeleton(a->checker, 0, in, n, out, G_N_ELEMENTS(out), &status);
	if (U_FAILURE(status) || len != 1 || out[0] >= 128 || !g_ascii_isalnum((gchar)out[0]))
		return 0;
	return g_ascii_tolower((gchar)out[0]);
}

static char
lookup(SgAlike *a, UChar32 cp)
{
	char like;

	if ((U_GET_GC_MASK(cp) & U_GC_M_MASK) != 0 ||
	    u_hasBinaryProperty(cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
		return SG_ALIKE_MARK;
	if ((like = boxed(cp)) != 0 || (like = small_capital(cp)) != 0 ||
	    (like = without_accent(cp)) != 0)
		return like;
	if (!u_isalnum(cp))
		return SG_ALIKE_SYMBOL;
	return confusable(a, cp);
}

char
sg_alike_char(SgAlike *a, UChar32 cp)
{
	Like *l;

	if (cp < 0x80)
		return SG_ALIKE_SYMBOL;
	l = &a->like[(guint32)cp % CACHE];
	if (l->cp != cp) {
		l->cp = cp;
		l->like = lookup(a, cp);
	}
	return l->like;
}
