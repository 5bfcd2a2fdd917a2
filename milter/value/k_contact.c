/* k_contact - where somebody lives and how to reach them: postcode, address, phone, email. */
#include <string.h>

#include "value/kinds.h"
#include "word/flat.h"

#define ADDRESS_MOST 160u	/* bytes from the house number to the end of the postcode */
#define EMAIL_MOST   64u	/* bytes of the part before the @ (RFC 5321)		    */
#define DOMAIN_MOST  190u

static gboolean
outward(const char *p, guint n)
{
	const char *third = "ABCDEFGHJKPSTUW", *fourth = "ABEHMNPRVWXY";

	if (n == 3 && memcmp(p, "GIR", 3) == 0)
		return TRUE;
	if (strchr("QVX", p[0]) != NULL || !g_ascii_isupper(p[0]))
		return FALSE;
	if (n == 2 || (n == 3 && g_ascii_isdigit(p[1])))
		return g_ascii_isdigit(p[1]) && (n == 2 || g_ascii_isdigit(p[2]) || strchr(third, p[2]) != NULL);
	if (!g_ascii_isupper(p[1]) || strchr("IJZ", p[1]) != NULL || !g_ascii_isdigit(p[2]))
		return FALSE;
	return n == 3 || g_ascii_isdigit(p[3]) || strchr(fourth, p[3]) != NULL;
}

/* "SW1A 1AA": the position rules of Royal Mail's PAF guide. */
SgProof
sg_check_postcode(const SgCompact *v)
{
	const char *in = v->text + v->n - 3;

	if (v->groups > 2 || (v->groups == 2 && (v->group[1] != 3 || v->sep[1] != ' ')))
		return SG_PROOF_NONE;
	if (!g_ascii_isdigit(in[0]) || strchr("ABDEFGHJLNPQRSTUWXYZ", in[1]) == NULL ||
	    strchr("ABDEFGHJLNPQRSTUWXYZ", in[2]) == NULL)
		return SG_PROOF_NONE;
	return outward(v->text, v->n - 3u) ? SG_PROOF_SHAPE : SG_PROOF_NONE;
}

/* The digits behind the trunk zero or +44 are a subscriber's: mobile or of a place.  Numbers of
 * services (03, 08, 09) belong to nobody. */
static gboolean
british(const char *d, guint n)
{
	if (d[0] == '7')
		return n == 10 && d[1] != '0' && d[1] != '6';
	return (d[0] == '1' || d[0] == '2') && (n == 9 || n == 10) && d[1] != '0' + (d[0] == '1' ? 0 : 5);
}

static gboolean
is_phone(const char *d, guint n, gboolean plus)
{
	if (plus || (n > 11 && memcmp(d, "00", 2) == 0)) {
		const char *p = plus ? d : d + 2;
		guint m = plus ? n : n - 2;

		if (memcmp(p, "44", 2) != 0)
			return m >= 9 && m <= 14;
		p += p[2] == '0' ? 3 : 2;
		return british(p, (guint)(n - (guint)(p - d)));
	}
	return d[0] == '0' && n >= 10 && british(d + 1, n - 1);
}

gsize
sg_kind_phone(const char *text, gsize len, gsize at)
{
	char digits[17];
	gsize end = 0, gap = 0;
	guint n = 0;
	gboolean plus = text[at] == '+';

	for (gsize i = at + plus; i < len && i < at + 40 && n < 16; i++) {
		char c = text[i];

		if (g_ascii_isdigit(c)) {
			digits[n++] = c;
			gap = 0;
			if (i + 1 >= len || !g_ascii_isalnum(text[i + 1])) {
				digits[n] = '\0';
				if (n >= 9 && is_phone(digits, n, plus))
					end = i + 1;
			}
		} else if (c != SG_FLAT_SKIP && (strchr(" -.()/", c) == NULL || ++gap > 2))
			break;
	}
	return end;
}

static gboolean
in_local(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80 || (c != '\0' && strchr("._%+-'&=~", c) != NULL);
}

static gboolean
in_domain(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80 || c == '-' || c == '.';
}

/* The end of a domain that begins at from, its last label of letters; or 0. */
static gsize
domain_end(const char *text, gsize len, gsize from)
{
	gsize end = from, dot = 0;

	while (end < len && end - from < DOMAIN_MOST && in_domain(text[end])) {
		if (text[end] == '.' && end + 1 < len && g_ascii_isalpha(text[end + 1]))
			dot = end;
		end++;
	}
	while (end > from && (text[end - 1] == '.' || text[end - 1] == '-'))
		end--;
	if (dot <= from || end < dot + 3 || text[from] == '-')
		return 0;
	for (gsize k = dot + 1; k < end; k++)
		if (g_ascii_isdigit(text[k]))
			return 0;
	return end;
}

gsize
sg_kind_email(const char *text, gsize len, gsize at, gsize *from)
{
	gsize i = at;

	while (i > 0 && at - i < EMAIL_MOST && in_local(text[i - 1]))
		i--;
	while (i < at && !g_ascii_isalnum(text[i]) && (guchar)text[i] < 0x80)
		i++;
	*from = i;
	return i < at ? domain_end(text, len, at + 1) : 0;
}

/* --- addresses -------------------------------------------------------------------- */

static const char *const streets[] = { "street", "st", "road", "rd", "avenue", "ave", "close", "drive",
	"lane", "ln", "way", "court", "crescent", "cres", "gardens", "gdns", "terrace", "place", "square",
	"grove", "hill", "walk", "row", "park", "rise", "view", "mews", "green", "house", "parade", "yard",
	"croft", "meadow", "meadows", "fields", "field", "mount", "vale", "bank", "end", "common", "wharf",
	"broadway", "gate", "wood", "woods", "approach", "path", "quay", "heights", "villas", "cottages",
	"buildings", "estate", "circus", "crofts", "orchard", "drove", "chase", "garth", "loan", "wynd" };

static gboolean
is_street(const char *word, gsize n)
{
	char first = g_ascii_tolower(word[0]);

	for (gsize i = 0; i < G_N_ELEMENTS(streets); i++)
		if (streets[i][0] == first && strlen(streets[i]) == n && g_ascii_strncasecmp(streets[i], word, n) == 0)
			return TRUE;
	return FALSE;
}

static gsize
word_end(const char *text, gsize len, gsize at)
{
	while (at < len && (g_ascii_isalpha(text[at]) || text[at] == '\'' || (guchar)text[at] >= 0x80))
		at++;
	return at;
}

/* The end of "12a Mill Hill Road" and the like, or 0. */
static gsize
street_end(const char *text, gsize len, gsize at)
{
	gsize i = at;
	guint digits = 0;

	for (; i < len && g_ascii_isdigit(text[i]); i++)
		digits++;
	if (digits == 0 || digits > 4)
		return 0;
	if (i < len && g_ascii_isalpha(text[i]))
		i++;
	for (guint words = 0; words < 5 && i < len; words++) {
		gsize from, end;

		while (i < len && (text[i] == ' ' || text[i] == ',') && i < at + 60)
			i++;
		from = i;
		end = word_end(text, len, i);
		if (end == from)
			return 0;
		if (words > 0 && is_street(text + from, end - from))
			return end;
		i = end;
	}
	return 0;
}

/* A postcode at this place of the flat text: its end, or 0. */
static gsize
postcode_end(const char *text, gsize len, gsize at)
{
	SgCompact v = { .groups = 1 };
	gsize i = at;

	for (; i < len && v.n < 7 && (g_ascii_isalnum(text[i]) || text[i] == ' '); i++) {
		if (text[i] == ' ' && (v.groups == 2 || v.n < 2))
			return 0;
		if (text[i] == ' ') {
			v.sep[1] = ' ';
			v.groups = 2;
			continue;
		}
		v.text[v.n++] = g_ascii_toupper(text[i]);
		v.group[v.groups - 1]++;
		if (v.n >= 5 && (i + 1 >= len || !g_ascii_isalnum(text[i + 1])) &&
		    sg_check_postcode(&v) != SG_PROOF_NONE)
			return i + 1;
	}
	return 0;
}

/* A house number, a street and, not far behind, a postcode: its end.  0 without any of them. */
gsize
sg_kind_address(const char *text, gsize len, gsize at)
{
	gsize street = street_end(text, len, at), most = MIN(len, at + ADDRESS_MOST);

	if (street == 0)
		return 0;
	for (gsize i = street + 1, lines = 0; i < most && lines < 5; i++) {
		gboolean begins = g_ascii_isalpha(text[i]) && !g_ascii_isalnum(text[i - 1]);
		gsize end = begins ? postcode_end(text, most, i) : 0;

		if (end != 0)
			return end;
		if (text[i] == '\n')
			lines++;
		else if (strchr(".;:|\t", text[i]) != NULL)
			break;
	}
	return 0;
}
