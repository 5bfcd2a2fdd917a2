/* k_money - payment cards, IBANs, sort codes and accounts. */
#include <stdlib.h>
#include <string.h>

#include "value/kinds.h"

typedef struct {
	guint32 from, to;	/* the first digits */
	guint8	digits;		/* how many of them  */
	guint8	min, max;	/* length of the number */
} Issuer;

/* Who issues cards (ISO/IEC 7812): Visa, Mastercard, Amex, Discover, JCB and its old ones, Diners,
 * Maestro, UnionPay. */
static const Issuer issuers[] = {
	{ 4, 4, 1, 13, 13 }, { 4, 4, 1, 16, 16 }, { 4, 4, 1, 19, 19 },
	{ 51, 55, 2, 16, 16 }, { 2221, 2720, 4, 16, 16 },
	{ 34, 34, 2, 15, 15 }, { 37, 37, 2, 15, 15 },
	{ 6011, 6011, 4, 16, 19 }, { 644, 649, 3, 16, 19 }, { 65, 65, 2, 16, 19 },
	{ 3528, 3589, 4, 16, 19 }, { 2131, 2131, 4, 15, 15 }, { 1800, 1800, 4, 15, 15 },
	{ 3088, 3094, 4, 16, 16 }, { 3096, 3102, 4, 16, 16 }, { 3112, 3120, 4, 16, 16 },
	{ 3158, 3159, 4, 16, 16 }, { 3337, 3349, 4, 16, 16 },
	{ 300, 305, 3, 14, 14 }, { 36, 36, 2, 14, 14 }, { 38, 39, 2, 14, 14 },
	{ 50, 50, 2, 12, 19 }, { 56, 59, 2, 12, 19 }, { 60, 63, 2, 12, 19 }, { 66, 69, 2, 12, 19 },
	{ 62, 62, 2, 16, 19 },
};

/* Published for testing; valid by every check and nobody's. */
static const char *const test_cards[] = { "4111111111111111", "4242424242424242", "4012888888881881",
	"4000056655665556", "4917610000000000", "4222222222222", "5555555555554444",
	"5105105105105100", "5200828282828210", "378282246310005", "371449635398431",
	"6011111111111117", "6011000990139424", "3530111333300000", "30569309025904",
	"38520000023237", "4000000000000002", "4444333322221111" };

static gboolean
is_issued(const char *s, guint n)
{
	for (gsize i = 0; i < G_N_ELEMENTS(issuers); i++) {
		const Issuer *x = &issuers[i];
		char head[8] = { 0 };
		unsigned long v;

		memcpy(head, s, x->digits);
		v = strtoul(head, NULL, 10);
		if (v >= x->from && v <= x->to && n >= x->min && n <= x->max)
			return TRUE;
	}
	return FALSE;
}

static gboolean
card_groups(const SgCompact *v)
{
	if (v->groups == 1)
		return TRUE;
	if (sg_groups_are(v, "4 6 5") || sg_groups_are(v, "4 6 4"))
		return TRUE;
	for (guint i = 0; i + 1 < v->groups; i++)
		if (v->group[i] != 4)
			return FALSE;
	return v->group[v->groups - 1] <= 4;
}

SgProof
sg_check_card(const SgCompact *v)
{
	if (!sg_digits(v->text, v->n) || !card_groups(v) || !is_issued(v->text, v->n) ||
	    !sg_luhn(v->text, v->n))
		return SG_PROOF_NONE;
	for (gsize i = 0; i < G_N_ELEMENTS(test_cards); i++)
		if (strcmp(v->text, test_cards[i]) == 0)
			return SG_PROOF_SAMPLE;
	/* Maestro's prefixes cover so much that a check digit alone says little */
	return v->text[0] == '5' && v->text[1] > '0' && v->text[1] < '6' ? SG_PROOF_FULL :
	    v->n < 14 || v->text[0] == '5' || v->text[0] == '6' ? SG_PROOF_CHECK : SG_PROOF_FULL;
}

/* Countries and the length of their IBANs (SWIFT's registry), sorted. */
static const char ibans[][5] = {
	"AD24", "AE23", "AL28", "AT20", "AZ28", "BA20", "BE16", "BG22", "BH22", "BI27", "BR29",
	"BY28", "CH21", "CR22", "CY28", "CZ24", "DE22", "DJ27", "DK18", "DO28", "EE20", "EG29",
	"ES24", "FI18", "FK18", "FO18", "FR27", "GB22", "GE22", "GI23", "GL18", "GR27", "GT28",
	"HN28", "HR21", "HU28", "IE22", "IL23", "IQ23", "IS26", "IT27", "JO30", "KW30", "KZ20",
	"LB28", "LC32", "LI21", "LT20", "LU20", "LV21", "LY25", "MC27", "MD24", "ME22", "MK19",
	"MN20", "MR27", "MT31", "MU30", "NI28", "NL18", "NO15", "OM23", "PK24", "PL28", "PS29",
	"PT25", "QA29", "RO24", "RS22", "RU33", "SA24", "SC31", "SD18", "SE24", "SI19", "SK24",
	"SM27", "SO23", "ST25", "SV28", "TL23", "TN24", "TR26", "UA29", "VA22", "VG24", "XK20",
	"YE30",
};

/* The first four behind the rest, letters as 10 to 35, mod 97 is 1. */
SgProof
sg_check_iban(const SgCompact *v)
{
	guint rest = 0, length = 0;

	if (!g_ascii_isupper(v->text[0]) || !g_ascii_isupper(v->text[1]) || !sg_digits(v->text + 2, 2))
		return SG_PROOF_NONE;
	for (gsize i = 0; length == 0 && i < G_N_ELEMENTS(ibans); i++)
		if (memcmp(ibans[i], v->text, 2) == 0)
			length = (guint)((ibans[i][2] - '0') * 10 + ibans[i][3] - '0');
	if (length != v->n)
		return SG_PROOF_NONE;
	for (guint i = 0; i < v->n; i++) {
		char c = v->text[(i + 4) % v->n];

		if (g_ascii_isdigit(c))
			rest = (rest * 10 + (guint)(c - '0')) % 97;
		else
			rest = (rest * 100 + (guint)(c - 'A') + 10) % 97;
	}
	/* of a British one also the form is known: four letters and fourteen digits */
	if (memcmp(v->text, "GB", 2) == 0)
		for (guint i = 4; i < 8; i++)
			if (!g_ascii_isupper(v->text[i]))
				return SG_PROOF_NONE;
	return rest == 1 ? SG_PROOF_FULL : SG_PROOF_NONE;
}

SgProof
sg_check_sortcode(const SgCompact *v)
{
	if (!sg_digits(v->text, 6) || sg_same_digits(v->text, 6))
		return SG_PROOF_NONE;
	return v->groups == 1 || (sg_groups_are(v, "2 2 2") && v->sep[1] == v->sep[2] &&
	    v->sep[1] != '/' && v->sep[1] != '.') ? SG_PROOF_SHAPE : SG_PROOF_NONE;
}

/* No check: the table of weights that banks use is not ours to ship. */
SgProof
sg_check_account(const SgCompact *v)
{
	return sg_digits(v->text, 8) && !sg_same_digits(v->text, 8) &&
	    (v->groups == 1 || sg_groups_are(v, "4 4")) ? SG_PROOF_SHAPE : SG_PROOF_NONE;
}
