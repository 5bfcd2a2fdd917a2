/* rosterplain - the one form in which a value is compared: dates, numbers, addresses. */
#include <string.h>

#include "roster/rostermake.h"
#include "roster/value.h"

static char *
plain_email(const char *text)
{
	const char *at = strchr(text, '@');

	if (at == NULL || at == text || strchr(at, '.') == NULL || strlen(text) > SG_ROSTER_TEXT ||
	    strpbrk(text, " <>,;") != NULL)
		return NULL;
	return g_ascii_strdown(text, -1);
}

char *
sg_roster_plain(SgRosterKind kind, const char *text)
{
	g_autofree char *clean = g_strstrip(g_strdup(text));
	char *from = kind == SG_ROSTER_PHONE && clean[0] == '(' ? clean + 1 : clean;
	char *time = kind == SG_ROSTER_DOB ? strpbrk(clean, "T ") : NULL;
	gsize n, used = 0;
	char out[SG_VALUE_MOST + 1] = "";

	if (kind == SG_ROSTER_EMAIL)
		return plain_email(clean);
	/* a date may come with a time behind it: "04/03/2012 00:00", "2012-03-04T00:00:00" */
	if (time != NULL && time > clean && g_ascii_isdigit(time[-1]) && strchr(time, ':') != NULL)
		*time = '\0';
	n = strlen(from);
	if (kind == SG_ROSTER_DOB)
		used = sg_value_date(from, n, 0, out);
	else if (kind == SG_ROSTER_UPN)
		used = sg_value_upn(from, n, 0, out);
	else if (kind == SG_ROSTER_POSTCODE)
		used = sg_value_postcode(from, n, 0, out);
	else if (kind == SG_ROSTER_PHONE)
		used = sg_value_phone(from, n, 0, out);
	return used > 0 && used == n ? g_strdup(out) : NULL;
}
