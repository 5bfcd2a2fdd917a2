#include <math.h>
#include <string.h>

#include "text/number.h"
#include "text/number_date.h"

#define LONGEST	 255u	/* a format */
#define DECIMALS 20u	/* digits behind the point that are written */
#define WHOLE	 8u	/* digits of a number that somebody might look for */
#define EXACT	 1e15	/* whole numbers below are exact */

const char *
sg_number_builtin(guint id)
{
	static const char *const formats[] = { "General", "0", "0.00", "#,##0", "#,##0.00",
		"\xc2\xa3#,##0;-\xc2\xa3#,##0", "\xc2\xa3#,##0;-\xc2\xa3#,##0", "\xc2\xa3#,##0.00;-\xc2\xa3#,##0.00",
		"\xc2\xa3#,##0.00;-\xc2\xa3#,##0.00", "0%", "0.00%", "0.00E+00", "# ?/?", "# ?\?/??",
		/* as shown in this country */
		"dd/mm/yyyy", "d-mmm-yy", "d-mmm", "mmm-yy", "h:mm AM/PM", "h:mm:ss AM/PM", "hh:mm",
		"hh:mm:ss", "dd/mm/yyyy hh:mm" };
	static const char *const more[] = { "#,##0;-#,##0", "#,##0;-#,##0", "#,##0.00;-#,##0.00",
		"#,##0.00;-#,##0.00", "#,##0", "#,##0", "#,##0.00", "#,##0.00", "mm:ss", "[h]:mm:ss",
		"mm:ss.0", "##0.0E+0", "@" };

	if (id < G_N_ELEMENTS(formats))
		return formats[id];
	if (id >= 37 && id - 37 < G_N_ELEMENTS(more))
		return more[id - 37];
	/* dates of East Asian editions */
	return (id >= 27 && id <= 36) || (id >= 50 && id <= 58) ? "dd/mm/yyyy" : "General";
}

/* Where the section that starts here ends: at ";" or at the end. */
static const char *
section_end(const char *p)
{
	for (; *p != '\0' && *p != ';'; p++) {
		const char *stop = NULL;

		if (*p == '"')
			stop = strchr(p + 1, '"');
		else if (*p == '[')
			stop = strchr(p + 1, ']');
		else if ((*p == '\\' || *p == '_' || *p == '*') && p[1] != '\0')
			stop = p + 1;
		if (stop != NULL)
			p = stop;
	}
	return p;
}

/* "[<=9999999]" at the begin of a section: does the value fulfil it?  -1: it has none. */
static gint
condition(const char *p, const char *end, double v)
{
	while (p < end && *p == '[') {
		const char *stop = memchr(p, ']', (gsize)(end - p)), *c = p + 1;
		gboolean less = *c == '<', more = *c == '>', same;
		double than;

		if (stop == NULL)
			return -1;
		if (!less && !more && *c != '=') {
			p = stop + 1;
			continue;
		}
		same = *c == '=' || c[1] == '=';
		more = more || c[1] == '>';	/* "<>" */
		c += strspn(c, "<>=");
		than = g_ascii_strtod(c, NULL);
		return (less && v < than) || (more && v > than) || (same && fabs(v - than) < 1e-12);
	}
	return -1;
}

/* The section of the format that this value is shown by, as a copy.  *sign: a minus
 * must be written before it. */
static char *
section_for(const char *format, double v, gboolean *sign)
{
	const char *at[4], *end[4];
	guint n = 0, use = 0;
	gboolean conditions = FALSE;

	for (const char *p = format; n < 4; p = end[n - 1] + 1) {
		at[n] = p;
		end[n] = section_end(p);
		if (*end[n++] == '\0')
			break;
	}
	*sign = v < 0;
	for (guint i = 0; i < n && i < 2; i++)
		conditions = conditions || condition(at[i], end[i], v) >= 0;
	if (conditions) {
		for (use = 0; use + 1 < n && use < 2 && condition(at[use], end[use], v) == 0; use++)
			continue;
		*sign = v < 0 && use == 0;
	} else if (v < 0 && n > 1) {
		use = 1;
		*sign = FALSE;
	} else if (fpclassify(v) == FP_ZERO && n > 2) {
		use = 2;
	}
	return g_strndup(at[use], (gsize)(end[use] - at[use]));
}

gboolean
sg_number_is_date(const char *format)
{
	const char *end = section_end(format);

	if (g_ascii_strncasecmp(format, "General", 7) == 0)
		return FALSE;
	for (const char *p = format; p < end; p++) {
		const char *stop = NULL;

		if (*p == '"')
			stop = strchr(p + 1, '"');
		else if (*p == '[' && strchr("hms", g_ascii_tolower(p[1])) != NULL && p[1] != '\0')
			return TRUE;
		else if (*p == '[')
			stop = strchr(p + 1, ']');
		else if ((*p == '\\' || *p == '_' || *p == '*') && p[1] != '\0')
			stop = p + 1;
		else if (strchr("dmyhsDMYHS", *p) != NULL)
			return TRUE;
		if (stop != NULL)
			p = stop;
	}
	return FALSE;
}

/* As it stands in the file it is as it would be shown. */
static gboolean
is_shown_so(const char *raw)
{
	gsize whole = strspn(raw, "-0123456789"), n = strlen(raw), behind;

	if (raw[whole] == '\0')
		return n <= 20;
	behind = strspn(raw + whole + 1, "0123456789");
	return raw[whole] == '.' && whole > 0 && raw[whole - 1] != '-' && behind > 0 && whole + 1 + behind == n &&
	    n <= 16 && raw[n - 1] != '0';
}

/* What every program shows without a format: up to 15 digits, no needless zeros. */
static void
general(GString *out, double v, const char *raw)
{
	char s[64];

	if (raw != NULL && is_shown_so(raw)) {
		g_string_append(out, raw);
		return;
	}
	if (fabs(v) < 1e21 && fabs(v - floor(v)) < 1e-300)
		g_ascii_formatd(s, sizeof s, "%.0f", v);
	else
		g_ascii_formatd(s, sizeof s, "%.15g", v);
	g_string_append(out, s);
}

/* A number's format taken apart: literals stay where they are. */
typedef struct Picture {
	guint	 whole, decimals;	/* places before and behind the point */
	guint	 thousands;		/* how often it is divided by 1000 */
	gboolean grouped, point, fraction, text;
	gsize	 power;			/* where "E+" stands, or 0 */
	guint	 percents;
} Picture;

static const char *
literal_end(const char *p)
{
	const char *stop;

	if (*p == '"')
		return (stop = strchr(p + 1, '"')) != NULL ? stop : p + strlen(p) - 1;
	if (*p == '[')
		return (stop = strchr(p + 1, ']')) != NULL ? stop : p + strlen(p) - 1;
	return (*p == '\\' || *p == '_' || *p == '*') && p[1] != '\0' ? p + 1 : p;
}

static gboolean
is_place(char c)
{
	return c == '0' || c == '#' || c == '?';
}

static void
count_place(Picture *pic, const char *p, gboolean *after)
{
	if (is_place(*p)) {
		if (pic->point)
			pic->decimals++;
		else
			pic->whole++;
		*after = TRUE;
	} else if (*p == ',' && *after) {
		gsize n = strspn(p, ",");

		if (is_place(p[n]))
			pic->grouped = TRUE;
		else
			pic->thousands++;
	} else if (*p == '.') {
		pic->point = TRUE;
	}
}

static Picture
picture_of(const char *s)
{
	Picture pic = { 0 };
	gboolean after = FALSE;

	for (const char *p = s; *p != '\0'; p++) {
		const char *stop = literal_end(p);

		if (stop != p || *p == '[') {
			p = stop;
			continue;
		}
		if ((*p == 'E' || *p == 'e') && (p[1] == '+' || p[1] == '-') && after) {
			pic.power = (gsize)(p - s);
			break;
		}
		pic.percents += *p == '%';
		pic.text |= *p == '@';
		pic.fraction |= *p == '/' && after;
		count_place(&pic, p, &after);
	}
	return pic;
}

static void
append_literal(GString *out, const char *p, const char *stop)
{
	if (*p == '"')
		g_string_append_len(out, p + 1, stop - p - (*stop == '"'));
	else if (*p == '\\')
		g_string_append_len(out, p + 1, stop - p);
	else if (*p == '_')
		g_string_append_c(out, ' ');
	else if (*p == '[' && p[1] == '$') {	/* "[$\xc2\xa3-809]": a currency and a language */
		gsize n = strcspn(p + 2, "-]");

		g_string_append_len(out, p + 2, (gssize)n);
	}
}

static void
append_whole(GString *out, const char *digits, guint *place, const Picture *pic, char c)
{
	gsize n = strlen(digits);
	guint left = pic->whole - (*place)++;	/* places from here on, this one included */
	gsize from = left == pic->whole && n > left ? 0 : n >= left ? n - left : n;
	gsize to = n >= left ? n - left + 1 : n;

	if (n < left && c != '#')
		g_string_append_c(out, c == '?' ? ' ' : '0');
	for (gsize i = from; i < to; i++) {
		g_string_append_c(out, digits[i]);
		if (pic->grouped && n - i > 1 && (n - i - 1) % 3 == 0)
			g_string_append_c(out, ',');
	}
}

static gsize
append_power(GString *out, const char *p, int power)
{
	gsize places = strspn(p + 2, "0#?");

	g_string_append_printf(out, "E%s%0*d", power < 0 ? "-" : p[1] == '+' ? "+" : "",
	    (int)CLAMP(places, 1, 4), ABS(power));
	return 1 + places;
}

/* "#" shows no zeros behind which nothing comes. */
static void
append_decimal(GString *out, const char *behind, guint at, char place)
{
	gsize n = strlen(behind);

	if (at < n && (place == '0' || at + strspn(behind + at, "0") < n))
		g_string_append_c(out, behind[at]);
}

/* whole and behind are the digits before and behind the point. */
static void
fill(GString *out, const char *s, const Picture *pic, const char *whole, const char *behind, int power)
{
	guint place = 0, decimal = 0;
	gboolean point = FALSE;

	for (const char *p = s; *p != '\0'; p++) {
		const char *stop = literal_end(p);

		if (stop != p || *p == '[' || *p == '"') {
			append_literal(out, p, stop);
			p = stop;
		} else if (pic->power > 0 && p == s + pic->power) {
			p += append_power(out, p, power);
		} else if (*p == '.' && !point) {
			point = TRUE;
			g_string_append(out, pic->whole == 0 ? whole : "");
			g_string_append_c(out, '.');
		} else if (is_place(*p) && !point) {
			append_whole(out, whole, &place, pic, *p);
		} else if (is_place(*p)) {
			append_decimal(out, behind, decimal++, *p);
		} else if (*p != ',' && *p != '*') {
			g_string_append_c(out, *p);
		}
	}
}

/* "3 1/4": the nearest fraction whose lower part has as many digits as the format. */
static void
fraction(GString *out, const char *s, double v)
{
	const char *slash = strchr(s, '/');
	gsize places = strspn(slash + 1, "?#0");
	guint64 most = places >= 3 ? 999 : places == 2 ? 99 : 9, given = g_ascii_strtoull(slash + 1, NULL, 10);
	guint64 best = 1, above = 0;
	double whole = floor(v), rest = v - whole, error = 2;

	for (guint64 n = given > 0 ? given : 1; n <= (given > 0 ? given : most); n++) {
		double up = floor(rest * (double)n + 0.5), e = fabs(rest - up / (double)n);

		if (e < error - 1e-12) {
			error = e;
			best = n;
			above = (guint64)up;
		}
	}
	if (above == best) {
		whole += 1;
		above = 0;
	}
	general(out, whole, NULL);
	if (above > 0)
		g_string_append_printf(out, " %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, above, best);
}

static int
scale_power(double *v, guint whole)
{
	int power = 0, step = (int)MAX(whole, 1);

	if (!isnormal(*v))	/* nothing, or nothing that has a power */
		return 0;
	power = (int)floor(log10(*v));
	power = (int)floor((double)power / step) * step;
	*v = *v / pow(10, power);
	return power;
}

static void
show_number(GString *out, double v, const char *section, const char *raw)
{
	Picture pic = picture_of(section);
	g_autofree char *buffer = NULL;
	char *behind, format[16];
	int power = 0;

	if (pic.fraction && !pic.point && v < 1e15) {
		fraction(out, section, v);
		return;
	}
	if (pic.whole + pic.decimals == 0 && (strstr(section, "General") != NULL || pic.text)) {
		general(out, v, raw);
		return;
	}
	for (guint i = 0; i < pic.percents && i < 3; i++)
		v *= 100;
	for (guint i = 0; i < pic.thousands && i < 5; i++)
		v /= 1000;
	if (pic.power > 0)
		power = scale_power(&v, pic.whole);
	g_snprintf(format, sizeof format, "%%.%uf", MIN(pic.decimals, DECIMALS));
	buffer = g_malloc(400);
	g_ascii_formatd(buffer, 400, format, v);
	behind = strchr(buffer, '.');
	if (behind != NULL)
		*behind++ = '\0';
	fill(out, section, &pic, strcmp(buffer, "0") == 0 ? "" : buffer, behind != NULL ? behind : "", power);
}

/* A long whole number that the format takes apart or rounds. */
static void
append_in_full(GString *out, gsize from, double v, const char *raw)
{
	char s[32];

	if (fabs(v) >= EXACT * 10 || fabs(v - floor(v)) > 0)
		return;
	if (raw == NULL || raw[strspn(raw, "-0123456789")] != '\0' || strlen(raw) >= sizeof s)
		g_ascii_formatd(s, sizeof s, "%.0f", v);
	else
		g_strlcpy(s, raw, sizeof s);
	if (strlen(s) < WHOLE || strstr(out->str + from, s) != NULL)
		return;
	g_string_append_c(out, ' ');
	g_string_append(out, s);
}

void
sg_number_show(GString *out, double value, const char *raw, const char *format, gboolean from_1904)
{
	gsize from = out->len;
	gboolean sign;
	g_autofree char *section = NULL;

	if (format == NULL || *format == '\0' || strlen(format) > LONGEST || !isfinite(value) ||
	    g_ascii_strcasecmp(format, "General") == 0 || strcmp(format, "@") == 0) {
		general(out, value, raw);
		return;
	}
	section = section_for(format, value, &sign);
	if (sg_number_is_date(section)) {
		if (sg_date_show(out, value, section, from_1904))
			return;
		general(out, value, raw);
		return;
	}
	if (sign)
		g_string_append_c(out, '-');
	show_number(out, fabs(value), section, raw);
	append_in_full(out, from, value, raw);
}
