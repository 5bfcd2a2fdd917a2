/* k_adult - numbers of grown-ups: NINO, UTR, passport, driving licence, teacher reference. */
#include <string.h>

#include "value/kinds.h"

/* HMRC NIM39110: letters never used, prefixes never allocated, and administrative ones that
 * are nobody's, or stand for one that is not known yet: found when they are named. */
SgProof
sg_check_nino(const SgCompact *v)
{
	static const char barred[][3] = { "BG", "GB", "KN", "NK", "NT", "TN", "ZZ" };
	static const char offices[][3] = { "OO", "CR", "FY", "MW", "NC", "PP", "PY", "PZ" };
	const char *p = v->text;

	if (!g_ascii_isupper(p[0]) || !g_ascii_isupper(p[1]) || !sg_digits(p + 2, 6) ||
	    p[8] < 'A' || p[8] > 'D' || strchr("DFIQUV", p[0]) != NULL ||
	    strchr("DFIQUVO", p[1]) != NULL)
		return SG_PROOF_NONE;
	for (gsize i = 0; i < G_N_ELEMENTS(barred); i++)
		if (memcmp(p, barred[i], 2) == 0)
			return SG_PROOF_NONE;
	for (gsize i = 0; i < G_N_ELEMENTS(offices); i++)
		if (memcmp(p, offices[i], 2) == 0)
			return SG_PROOF_SHAPE;
	return SG_PROOF_CHECK;
}

/* The first digit is the check digit of the other nine.  A K may stand at the end. */
SgProof
sg_check_utr(const SgCompact *v)
{
	static const guint8 weight[] = { 6, 7, 8, 9, 10, 5, 4, 3, 2 };
	guint sum = 0;

	if (!sg_digits(v->text, 10) || (v->n == 11 && v->text[10] != 'K') ||
	    sg_same_digits(v->text, 10))
		return SG_PROOF_NONE;
	if (v->groups > 2 && !sg_groups_are(v, "3 3 4"))
		return SG_PROOF_NONE;
	for (guint i = 0; i < 9; i++)
		sum += (guint)(v->text[i + 1] - '0') * weight[i];
	return v->text[0] == "21987654321"[sum % 11] ? SG_PROOF_CHECK : SG_PROOF_NONE;
}

/* Nine digits, or two letters and seven digits; there is a check digit only in the MRZ. */
SgProof
sg_check_passport(const SgCompact *v)
{
	const char *p = v->text;
	gboolean digits = sg_digits(p, 9) && !sg_same_digits(p, 9) &&
	    (v->groups == 1 || sg_groups_are(v, "3 3 3"));
	gboolean letters = g_ascii_isupper(p[0]) && g_ascii_isupper(p[1]) && sg_digits(p + 2, 7) &&
	    v->groups <= 2;

	return digits || letters ? SG_PROOF_SHAPE : SG_PROOF_NONE;
}

static guint
two(const char *p)
{
	return (guint)((p[0] - '0') * 10 + p[1] - '0');
}

/* Month, 50 more for a woman, and day. */
static gboolean
is_birth(const char *p)
{
	guint month = two(p) % 50;

	return two(p) < 63 && month >= 1 && month <= 12 && two(p + 2) >= 1 && two(p + 2) <= 31;
}

static gboolean
is_tail(const char *p)
{
	return g_ascii_isupper(p[0]) && (g_ascii_isupper(p[1]) || p[1] == '9') &&
	    g_ascii_isupper(p[3]) && g_ascii_isupper(p[4]);
}

/* Five of the surname, filled up with 9; decade, month (+50 for women), day, year; two initials,
 * 9 for none; a character and two more, their algorithm not public; maybe an issue number. */
SgProof
sg_check_dvla(const SgCompact *v)
{
	const char *p = v->text;
	guint letters = 0;

	if (v->n == 17 || v->groups > 5)
		return SG_PROOF_NONE;
	while (letters < 5 && g_ascii_isupper(p[letters]))
		letters++;
	for (guint i = letters; i < 5; i++)
		if (p[i] != '9')
			return SG_PROOF_NONE;
	if (letters == 0 || !sg_digits(p + 5, 6))
		return SG_PROOF_NONE;
	if (!is_birth(p + 6) || !is_tail(p + 11))
		return SG_PROOF_NONE;
	return v->n == 16 || sg_digits(p + 16, 2) ? SG_PROOF_FULL : SG_PROOF_NONE;
}

/* Seven digits, also 99/99999; the first two alone when the rest was cut off behind the label. */
SgProof
sg_check_trn(const SgCompact *v)
{
	if (!sg_digits(v->text, v->n))
		return SG_PROOF_NONE;
	if (v->n == 2)
		return v->groups == 1 ? SG_PROOF_SHAPE : SG_PROOF_NONE;
	return v->n == 7 && (v->groups == 1 || sg_groups_are(v, "2 5")) ? SG_PROOF_SHAPE :
	    SG_PROOF_NONE;
}
