#include <string.h>

#include "value/kinds.h"

static const SgKindRow rows[SG_KINDS] = {
	[SG_KIND_UPN] = { "uk.upn", 13, 13, sg_check_upn },
	[SG_KIND_ULN] = { "uk.uln", 10, 10, sg_check_uln },
	[SG_KIND_NHS] = { "uk.nhs", 10, 10, sg_check_nhs },
	[SG_KIND_CHI] = { "uk.chi", 10, 10, sg_check_chi },
	[SG_KIND_NINO] = { "uk.nino", 9, 9, sg_check_nino },
	[SG_KIND_UTR] = { "uk.utr", 10, 11, sg_check_utr },
	[SG_KIND_CARD] = { "card", 12, 19, sg_check_card },
	[SG_KIND_IBAN] = { "iban", 15, 34, sg_check_iban },
	[SG_KIND_SORTCODE] = { "uk.sortcode", 6, 6, sg_check_sortcode },
	[SG_KIND_ACCOUNT] = { "uk.account", 8, 8, sg_check_account },
	[SG_KIND_PASSPORT] = { "uk.passport", 9, 9, sg_check_passport },
	[SG_KIND_MRZ] = { "mrz", 0, 0, NULL },
	[SG_KIND_DVLA] = { "uk.dvla", 16, 18, sg_check_dvla },
	[SG_KIND_TRN] = { "uk.trn", 2, 7, sg_check_trn },
	[SG_KIND_POSTCODE] = { "uk.postcode", 5, 7, sg_check_postcode },
	[SG_KIND_ADDRESS] = { "uk.address", 0, 0, NULL },
	[SG_KIND_PHONE] = { "uk.phone", 0, 0, NULL },
	[SG_KIND_EMAIL] = { "email", 0, 0, NULL },
	[SG_KIND_DOB] = { "birth", 0, 0, NULL },
};

const SgKindRow *
sg_kind_row(SgKind kind)
{
	return &rows[kind];
}

SgKind
sg_kind_named(const char *name)
{
	for (guint i = 0; i < SG_KINDS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (SgKind)i;
	return SG_KINDS;
}

char *
sg_kind_names(void)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < SG_KINDS; i++)
		g_string_append_printf(s, "%s%s", i > 0 ? ", " : "", rows[i].name);
	return g_string_free(s, FALSE);
}

gboolean
sg_digits(const char *s, guint n)
{
	for (guint i = 0; i < n; i++)
		if (!g_ascii_isdigit(s[i]))
			return FALSE;
	return TRUE;
}

gboolean
sg_groups_are(const SgCompact *v, const char *form)
{
	guint n = 0;

	for (const char *p = form; *p != '\0'; p += p[1] == ' ' ? 2 : 1, n++)
		if (n >= v->groups || v->group[n] != (guint)(*p - '0'))
			return FALSE;
	return n == v->groups;
}

gboolean
sg_same_digits(const char *s, guint n)
{
	for (guint i = 1; i < n; i++)
		if (s[i] != s[0])
			return FALSE;
	return TRUE;
}

gboolean
sg_luhn(const char *s, guint n)
{
	guint sum = 0;

	for (guint i = 0; i < n; i++) {
		guint d = (guint)(s[n - 1 - i] - '0') * (1 + i % 2);

		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}
