/* k_pupil - numbers of pupils and patients: UPN, ULN, NHS, CHI. */
#include <string.h>

#include "value/kinds.h"

/* Local authorities whose code a UPN may begin with (census rule 1530), from and to.  The last
 * rows are newer authorities. */
static const guint16 authorities[][2] = {
	{ 1, 5 }, { 201, 213 }, { 301, 320 }, { 330, 336 }, { 340, 344 }, { 350, 359 }, { 370, 373 },
	{ 380, 384 }, { 390, 394 }, { 420, 420 }, { 660, 681 }, { 701, 708 }, { 800, 803 },
	{ 805, 808 }, { 810, 813 }, { 815, 816 }, { 820, 823 }, { 825, 826 }, { 830, 831 },
	{ 835, 837 }, { 840, 841 }, { 845, 846 }, { 850, 852 }, { 855, 857 }, { 860, 861 },
	{ 865, 896 }, { 908, 909 }, { 916, 916 }, { 919, 919 }, { 921, 921 }, { 925, 926 },
	{ 928, 929 }, { 931, 931 }, { 933, 933 }, { 935, 938 },
	{ 838, 839 }, { 940, 943 },
};

static gboolean
is_authority(guint code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(authorities); i++)
		if (code >= authorities[i][0] && code <= authorities[i][1])
			return TRUE;
	return FALSE;
}

/* Weights 2 to 13 for the second to the last character, mod 23, is the letter before them; a
 * letter in the last place (a temporary UPN) counts as its place in the same alphabet. */
SgProof
sg_check_upn(const SgCompact *v)
{
	static const char alphabet[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
	const char *p = v->text, *last = strchr(alphabet, p[12]);
	guint sum = 0;

	if (strchr(alphabet, p[0]) == NULL || !sg_digits(p + 1, 11))
		return SG_PROOF_NONE;
	if (!g_ascii_isdigit(p[12]) && last == NULL)
		return SG_PROOF_NONE;
	for (guint i = 1; i < 12; i++)
		sum += (guint)(p[i] - '0') * (i + 1);
	sum += 13 * (g_ascii_isdigit(p[12]) ? (guint)(p[12] - '0') : (guint)(last - alphabet));
	if (alphabet[sum % 23] != p[0])
		return SG_PROOF_NONE;
	return is_authority((guint)((p[1] - '0') * 100 + (p[2] - '0') * 10 + p[3] - '0')) ?
	    SG_PROOF_FULL : SG_PROOF_NONE;
}

static guint
weighted(const char *s, guint n, guint from)
{
	guint sum = 0;

	for (guint i = 0; i < n; i++)
		sum += (guint)(s[i] - '0') * (from - i);
	return sum;
}

/* Ten digits as people write them; other groupings only ever come from something else. */
static gboolean
ten_digits(const SgCompact *v)
{
	return sg_digits(v->text, 10) && !sg_same_digits(v->text, 10) && (v->groups == 1 ||
	    sg_groups_are(v, "3 3 4") || sg_groups_are(v, "4 3 3") || sg_groups_are(v, "5 5") ||
	    sg_groups_are(v, "6 4") || sg_groups_are(v, "4 6") || sg_groups_are(v, "2 4 4"));
}

/* Weights 10 to 1 over all ten, mod 11, are 10: never so for an NHS number. */
SgProof
sg_check_uln(const SgCompact *v)
{
	return ten_digits(v) && v->text[0] != '0' && weighted(v->text, 10, 10) % 11 == 10 ?
	    SG_PROOF_CHECK : SG_PROOF_NONE;
}

/* Weights 10 to 1 over all ten, mod 11, are 0; a check digit of 10 cannot be written. */
SgProof
sg_check_nhs(const SgCompact *v)
{
	return ten_digits(v) && weighted(v->text, 10, 10) % 11 == 0 ? SG_PROOF_CHECK :
	    SG_PROOF_NONE;
}

/* A date of birth in front, DDMMYY, and the check of an NHS number. */
SgProof
sg_check_chi(const SgCompact *v)
{
	static const guint8 days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const char *p = v->text;
	guint day, month;

	if (sg_check_nhs(v) == SG_PROOF_NONE)
		return SG_PROOF_NONE;
	day = (guint)((p[0] - '0') * 10 + p[1] - '0');
	month = (guint)((p[2] - '0') * 10 + p[3] - '0');
	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] ? SG_PROOF_CHECK :
	    SG_PROOF_NONE;
}
