/* pupilvalue - dates, numbers and addresses that are a pupil's. */
#include <stdio.h>
#include <string.h>

#include "roster/pupilscan.h"

#define ADDRESS_BACK 100u	/* bytes before a postcode in which the house's number stands */
#define ADDRESS_MOST 6u		/* numbers that are tried */
#define VALUES_MOST  200000u

static void
put_down(SgPupilScan *s, SgRosterKind kind, gsize at, const char *text)
{
	SgPupilValue v = { .at = (guint32)at, .from = s->row, .kind = kind };

	if (s->values->len >= VALUES_MOST) {
		s->over = TRUE;
		return;
	}
	g_strlcpy(v.text, text, sizeof v.text);
	g_array_append_val(s->values, v);
}

static gboolean
look(SgPupilScan *s, SgRosterKind kind, const char *text, gsize at, gsize end, guint by)
{
	SgRosterHit who[SG_ROSTER_SAME];
	guint n = sg_roster_look(s->roster, kind, 0, text, strlen(text), who);

	if (n > 0)
		sg_pupil_add(s, who, n, at, end, by);
	return n > 0;
}

/* The number of the house stands before the street; the nearest that fits counts. */
static void
address(SgPupilScan *s, gsize at, gsize used, const char *postcode)
{
	gsize least = at > ADDRESS_BACK ? at - ADDRESS_BACK : 0;
	char key[SG_ROSTER_TEXT];
	guint tried = 0;

	least = MAX(least, s->row);
	for (gsize end = at; end > least && tried < ADDRESS_MOST;) {
		gsize from;

		while (end > least && !g_ascii_isdigit(s->text[end - 1]))
			end--;
		from = end;
		while (from > least && g_ascii_isdigit(s->text[from - 1]))
			from--;
		if (end > from && end - from <= 5) {
			g_snprintf(key, sizeof key, "%.*s|%s", (int)(end - from), s->text + from, postcode);
			if (look(s, SG_ROSTER_ADDRESS, key, from, at + used, SG_PUPIL_ADDRESS))
				return;
			tried++;
		}
		end = from;
	}
}

gsize
sg_pupil_value(SgPupilScan *s, gsize at)
{
	char out[SG_VALUE_MOST + 1];
	gsize used;

	if (at > 0 && s->text[at - 1] == '+' && (s->kinds & SG_ROSTER_PHONE) != 0 &&
	    (used = sg_value_phone(s->text, s->len, at - 1, out)) > 1) {
		(void)look(s, SG_ROSTER_PHONE, out, at - 1, at - 1 + used, SG_PUPIL_PHONE);
		return used - 1;
	}
	if ((s->kinds & SG_ROSTER_UPN) != 0 && (used = sg_value_upn(s->text, s->len, at, out)) > 0) {
		(void)look(s, SG_ROSTER_UPN, out, at, at + used, SG_PUPIL_UPN);
		return used;
	}
	if ((s->kinds & SG_ROSTER_POSTCODE) != 0 &&
	    (used = sg_value_postcode(s->text, s->len, at, out)) > 0) {
		put_down(s, SG_ROSTER_POSTCODE, at, out);
		if ((s->kinds & SG_ROSTER_ADDRESS) != 0)
			address(s, at, used, out);
		return used;
	}
	if ((s->kinds & SG_ROSTER_PHONE) != 0 && (used = sg_value_phone(s->text, s->len, at, out)) > 0) {
		(void)look(s, SG_ROSTER_PHONE, out, at, at + used, SG_PUPIL_PHONE);
		return used;
	}
	if ((s->kinds & SG_ROSTER_DOB) != 0 && (used = sg_value_date(s->text, s->len, at, out)) > 0) {
		put_down(s, SG_ROSTER_DOB, at, out);
		return used;
	}
	return 0;
}

static gboolean
of_address(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("._%+'-", c) != NULL);
}

void
sg_pupil_email(SgPupilScan *s, gsize at)
{
	gsize from = at, end = at + 1;
	char out[SG_ROSTER_TEXT + 1];

	if ((s->kinds & SG_ROSTER_EMAIL) == 0)
		return;
	while (from > s->row && at - from < 64 && of_address(s->text[from - 1]))
		from--;
	while (end < s->len && end - at < 64 && of_address(s->text[end]))
		end++;
	while (end > at + 1 && s->text[end - 1] == '.')
		end--;
	if (from == at || end - from > SG_ROSTER_TEXT)
		return;
	for (gsize i = from; i < end; i++)
		out[i - from] = g_ascii_tolower(s->text[i]);
	out[end - from] = '\0';
	(void)look(s, SG_ROSTER_EMAIL, out, from, end, SG_PUPIL_EMAIL);
}
