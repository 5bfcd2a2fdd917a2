/* k_mrz - the lower line of a passport's machine-readable zone (ICAO 9303, TD3). */
#include <string.h>

#include "value/kinds.h"

/* Weights 7, 3, 1; letters are 10 to 35, the filler "<" is 0. */
static guint
digit_of(const char *s, guint n)
{
	static const guint8 weight[] = { 7, 3, 1 };
	guint sum = 0;

	for (guint i = 0; i < n; i++) {
		guint value = g_ascii_isdigit(s[i]) ? (guint)(s[i] - '0') :
		    s[i] == '<' ? 0 : (guint)(s[i] - 'A') + 10;

		sum += value * weight[i % 3];
	}
	return sum % 10;
}

static gboolean
holds(const char *s, guint n, char check)
{
	return digit_of(s, n) == (guint)(check == '<' ? 0 : check - '0');
}

/* Number, nationality, birth, sex, expiry, what the issuer likes, and a digit over all of it. */
SgProof
sg_check_mrz(const SgCompact *v)
{
	const char *p = v->text;
	char all[40];

	if (v->n != 44 || !holds(p, 9, p[9]) || !sg_digits(p + 13, 6) || !holds(p + 13, 6, p[19]) ||
	    !holds(p + 21, 6, p[27]) || !holds(p + 28, 14, p[42]))
		return SG_PROOF_NONE;
	memcpy(all, p, 10);
	memcpy(all + 10, p + 13, 7);
	memcpy(all + 17, p + 21, 22);
	return holds(all, 39, p[43]) ? SG_PROOF_FULL : SG_PROOF_NONE;
}
