#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "text/charset.h"

#define SNIFF 8192u	/* bytes a guess is made from */

/* Labels as mailers write them, where ICU's own reading is missing or narrower
 * than what mail clients do (the WHATWG encoding standard in most rows). */
static const struct {
	const char *label, *icu;
} aliases[] = {
	{ "iso-8859-1", "windows-1252" },
	{ "iso8859-1", "windows-1252" },
	{ "latin1", "windows-1252" },
	{ "latin-1", "windows-1252" },
	{ "ascii", "utf-8" },
	{ "us-ascii", "utf-8" },
	{ "ansi_x3.4-1968", "utf-8" },
	{ "unknown-8bit", "utf-8" },
	{ "utf8", "utf-8" },
	{ "unicode-1-1-utf-7", "utf-7" },
	{ "unicode-2-0-utf-7", "utf-7" },
	{ "iso-8859-9", "windows-1254" },
	{ "iso-8859-11", "windows-874" },
	{ "tis-620", "windows-874" },
	{ "gb2312", "gb18030" },
	{ "gbk", "gb18030" },
	{ "x-gbk", "gb18030" },
	{ "hz-gb-2312", "HZ" },
	{ "ks_c_5601-1987", "windows-949" },
	{ "ksc5601", "windows-949" },
	{ "euc-kr", "windows-949" },
	{ "shift_jis", "windows-31j" },
	{ "shift-jis", "windows-31j" },
	{ "sjis", "windows-31j" },
	{ "x-sjis", "windows-31j" },
	{ "cp932", "windows-31j" },
	{ "iso-2022-jp-ms", "iso-2022-jp" },
	{ "cp50220", "iso-2022-jp" },
	{ "cp50221", "iso-2022-jp" },
	{ "big5-hkscs", "Big5-HKSCS" },
	{ "iso-8859-8-i", "iso-8859-8" },
	{ "iso-8859-8-e", "iso-8859-8" },
	{ "iso-8859-6-i", "iso-8859-6" },
	{ "x-mac-roman", "macintosh" },
};

static void
normal_label(const char *label, char out[40])
{
	gsize n = 0;

	for (; label != NULL && *label != '\0' && n < 39; label++)
		if (g_ascii_isgraph(*label) && *label != '"' && *label != '\'' && *label != ';')
			out[n++] = g_ascii_tolower(*label);
	out[n] = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++)
		if (strcmp(out, aliases[i].label) == 0) {
			g_strlcpy(out, aliases[i].icu, 40);
			return;
		}
}

/* Most mail is ASCII: sixteen bytes at a time. */
gboolean
sg_charset_is_utf8(const char *p, gsize len)
{
	const char *end = p + len;

	while (p < end) {
		guint64 half[2];
		gunichar c;

		if (end - p >= (gssize)sizeof half) {
			memcpy(half, p, sizeof half);
			if (((half[0] | half[1]) & G_GUINT64_CONSTANT(0x8080808080808080)) == 0) {
				p += sizeof half;
				continue;
			}
		}
		if ((guchar)*p < 0x80) {
			p++;
			continue;
		}
		c = g_utf8_get_char_validated(p, end - p);
		if (c == (gunichar)-1 || c == (gunichar)-2)
			return FALSE;
		p = g_utf8_next_char(p);
	}
	return TRUE;
}

/* In place: CR LF and CR become LF. */
static gsize
cr_to_lf(char *s, gsize len)
{
	const char *p = s, *end = s + len;
	gsize o = 0;

	while (p < end) {
		const char *cr = memchr(p, '\r', (gsize)(end - p)), *stop = cr != NULL ? cr : end;

		if (s + o != p)
			memmove(s + o, p, (gsize)(stop - p));
		o += (gsize)(stop - p);
		if (cr != NULL && (cr + 1 == end || cr[1] != '\n'))
			s[o++] = '\n';
		p = stop + 1;
	}
	return o;
}

/* In place: CR LF and CR become LF, NUL goes (a CR before one is bare). */
static gsize
tidy_in_place(char *s, gsize len)
{
	gsize o = 0;

	if (memchr(s, '\0', len) == NULL) {
		o = cr_to_lf(s, len);
		s[o] = '\0';
		return o;
	}
	for (gsize i = 0; i < len; i++) {
		if (s[i] == '\0')
			continue;
		if (s[i] != '\r')
			s[o++] = s[i];
		else if (i + 1 >= len || s[i + 1] != '\n')
			s[o++] = '\n';
	}
	s[o] = '\0';
	return o;
}

char *
sg_charset_tidy(const char *text, gsize len, gsize *out_len)
{
	char *s;

	*out_len = len;
	if (sg_charset_is_utf8(text, len) && memchr(text, '\r', len) == NULL && memchr(text, '\0', len) == NULL)
		return NULL;
	s = g_utf8_make_valid(text, (gssize)MIN(len, SG_CHARSET_MAX));
	*out_len = tidy_in_place(s, strlen(s));
	return s;
}

static char *
copied(const char *data, gsize len, gsize *out_len)
{
	char *s = g_malloc(len + 1);

	memcpy(s, data, len);
	*out_len = tidy_in_place(s, len);
	return s;
}

/* EBCDIC ends its lines with NEL. */
static gsize
nel_to_lf(char *s, gsize len)
{
	gsize o = 0;

	for (gsize i = 0; i < len; i++) {
		if ((guchar)s[i] == 0xc2 && i + 1 < len && (guchar)s[i + 1] == 0x85) {
			s[o++] = '\n';
			i++;
		} else {
			s[o++] = s[i];
		}
	}
	s[o] = '\0';
	return o;
}

static char *
convert(const char *icu, const char *data, gsize len, gsize *out_len)
{
	UErrorCode err = U_ZERO_ERROR;
	UConverter *cnv = ucnv_open(icu, &err);
	gint32 need, cap = (gint32)(len + len / 2 + 64);
	char *out;

	if (U_FAILURE(err))
		return NULL;
	out = g_malloc((gsize)cap + 1);
	need = ucnv_toAlgorithmic(UCNV_UTF8, cnv, out, cap, data, (gint32)len, &err);
	if (err == U_BUFFER_OVERFLOW_ERROR) {
		err = U_ZERO_ERROR;
		cap = need;
		out = g_realloc(out, (gsize)cap + 1);
		need = ucnv_toAlgorithmic(UCNV_UTF8, cnv, out, cap, data, (gint32)len, &err);
	}
	ucnv_close(cnv);
	if (U_FAILURE(err)) {
		g_free(out);
		return NULL;
	}
	*out_len = nel_to_lf(out, tidy_in_place(out, (gsize)need));
	return out;
}

/* Of 1000 characters, how many are letters of words, blanks or line ends; and how
 * many are nonsense (replacement characters and controls). */
static void
quality(const char *s, gsize len, guint *words, guint *nonsense)
{
	guint all = 0, w = 0, bad = 0;
	const char *end = s + MIN(len, SNIFF);

	for (; s < end; s = g_utf8_next_char(s), all++) {
		guchar c = (guchar)*s;

		if (g_ascii_isalnum(c) || c == ' ' || c == '\n')
			w++;
		else if ((c < 0x20 && c != '\t' && c != 0x1b) || c == 0x7f ||
		    (c == 0xc2 && (guchar)s[1] < 0xa0) || strncmp(s, "\xef\xbf\xbd", 3) == 0)
			bad++;
	}
	*words = all == 0 ? 0 : w * 1000 / all;
	*nonsense = all == 0 ? 0 : bad * 1000 / all;
}

static char *
detect(const char *data, gsize len, gsize *out_len)
{
	UErrorCode err = U_ZERO_ERROR;
	UCharsetDetector *d = ucsdet_open(&err);
	const UCharsetMatch *m = NULL;
	char *out = NULL, name[40] = "windows-1252";

	if (U_SUCCESS(err)) {
		ucsdet_setText(d, data, (gint32)MIN(len, SNIFF), &err);
		m = ucsdet_detect(d, &err);
		if (m != NULL && U_SUCCESS(err) && ucsdet_getConfidence(m, &err) >= 30)
			normal_label(ucsdet_getName(m, &err), name);
		/* It names UTF-8 also for text with a few bad bytes: Latin is likelier; and
		 * wide forms and EBCDIC, which have been looked for, on very little. */
		if (g_ascii_strncasecmp(name, "utf-", 4) == 0 ||
		    g_ascii_strncasecmp(name, "ibm", 3) == 0)
			g_strlcpy(name, "windows-1252", sizeof name);
		out = convert(name, data, len, out_len);
		ucsdet_close(d);
	}
	return out != NULL ? out : convert("windows-1252", data, len, out_len);
}

static const char *
byte_order_mark(const char *p, gsize len, gsize *skip)
{
	static const struct {
		const char *mark;
		gsize n;
		const char *icu;
	} marks[] = {
		{ "\xef\xbb\xbf", 3, "utf-8" },
		{ "\xff\xfe\0\0", 4, "UTF-32LE" },
		{ "\0\0\xfe\xff", 4, "UTF-32BE" },
		{ "\xff\xfe", 2, "UTF-16LE" },
		{ "\xfe\xff", 2, "UTF-16BE" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (len >= marks[i].n && memcmp(p, marks[i].mark, marks[i].n) == 0) {
			*skip = marks[i].n;
			return marks[i].icu;
		}
	*skip = 0;
	return NULL;
}

/* Text of western letters in a 16- or 32-bit form has its NULs in fixed places. */
static const char *
wide_form(const char *p, gsize len)
{
	gsize nul[4] = { 0 }, n = MIN(len, SNIFF) & ~(gsize)3;

	if (n < 4)
		return NULL;
	for (gsize i = 0; i < n; i++)
		if (p[i] == '\0')
			nul[i & 3]++;
	n /= 4;
	if (nul[1] * 10 > n * 9 && nul[2] * 10 > n * 9 && nul[3] * 10 > n * 9)
		return "UTF-32LE";
	if (nul[0] * 10 > n * 9 && nul[1] * 10 > n * 9 && nul[2] * 10 > n * 9)
		return "UTF-32BE";
	if ((nul[1] + nul[3]) * 5 > n * 6 && nul[0] + nul[2] < (nul[1] + nul[3]) / 8 + 1)
		return "UTF-16LE";
	if ((nul[0] + nul[2]) * 5 > n * 6 && nul[1] + nul[3] < (nul[0] + nul[2]) / 8 + 1)
		return "UTF-16BE";
	return NULL;
}


/* Chinese of few bytes can be valid UTF-8 by chance ("联通" in GBK); longer cannot. */
static gboolean
is_utf8_beyond_chance(const char *p, gsize len, const char *label)
{
	gsize high = 0, least = g_str_has_prefix(label, "windows-125") ||
	    g_str_has_prefix(label, "iso-8859") ? 2 : 12;

	for (gsize i = 0; i < len && high < least; i++)
		high += (guchar)p[i] >= 0x80;
	return high >= least && sg_charset_is_utf8(p, len);
}

static char *
undeclared(const char *p, gsize len, gsize *out_len)
{
	const char *wide = memchr(p, '\0', len) != NULL ? wide_form(p, len) : NULL;

	if (wide != NULL)
		return convert(wide, p, len, out_len);
	if (!sg_charset_is_utf8(p, len))
		return detect(p, len, out_len);
	if (memmem(p, len, "\x1b$", 2) != NULL) {
		char *s = convert("iso-2022-jp", p, len, out_len);
		guint words, bad = 1000;

		if (s != NULL)
			quality(s, *out_len, &words, &bad);
		if (bad < 20)
			return s;
		g_free(s);
	}
	return copied(p, len, out_len);
}

/* As labelled, or NULL when the bytes make more sense without the label. */
static char *
as_labelled(const char *name, const char *p, gsize len, gsize *out_len)
{
	guint words, bad, raw_words, raw_bad;
	char *out;

	if (is_utf8_beyond_chance(p, len, name))
		return NULL;
	out = convert(name, p, len, out_len);
	if (out == NULL || !sg_charset_is_utf8(p, len))
		return out;
	/* Both readings are possible: the one that reads like words wins. */
	quality(out, *out_len, &words, &bad);
	quality(p, len, &raw_words, &raw_bad);
	if (raw_bad < 20 && (bad > raw_bad + 20 || (raw_words > 600 && words < 300)))
		g_clear_pointer(&out, g_free);
	return out;
}

/* Charsets in which plain letters are no ASCII bytes, or not alone; in ICU's many spellings. */
static gboolean
is_said_wide(const char *name)
{
	static const char *const wide[] = { "utf16", "utf32", "ucs", "cp", "ibm", "ebcdic", "iso10646",
		"unicode", "csu" };
	char letters[12];
	gsize n = 0;

	for (; *name != '\0' && n + 1 < sizeof letters; name++)
		if (g_ascii_isalnum(*name))
			letters[n++] = g_ascii_tolower(*name);
	letters[n] = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(wide); i++)
		if (g_str_has_prefix(letters, wide[i]))
			return TRUE;
	return FALSE;
}

/* A program that does not know the charset shows this as it stands. */
static gboolean
is_ascii_text(const char *p, gsize len)
{
	gsize control = 0;

	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)p[i];

		if (c == '\0' || c >= 0x80)
			return FALSE;
		control += c < 0x20 && c != '\n' && c != '\r' && c != '\t';
	}
	return control * 20 <= len;
}

char *
sg_charset_decode(const char *label, const void *data, gsize len, gsize *out_len, gboolean *lied)
{
	const char *p = data != NULL ? data : "", *mark;
	gboolean dummy;
	gsize skip;
	char name[40], *out;

	lied = lied != NULL ? lied : &dummy;
	*lied = FALSE;
	len = MIN(len, SG_CHARSET_MAX);
	normal_label(label, name);
	if ((mark = byte_order_mark(p, len, &skip)) != NULL) {
		p += skip;
		len -= skip;
		*lied = name[0] != '\0' && g_ascii_strncasecmp(name, mark, 5) != 0;
		g_strlcpy(name, mark, sizeof name);
	}
	if (name[0] == '\0' || strcmp(name, "utf-8") == 0) {
		gboolean valid = sg_charset_is_utf8(p, len);

		if (valid && memchr(p, '\0', len) == NULL && memchr(p, '\x1b', len) == NULL)
			return copied(p, len, out_len);
		*lied = *lied || (name[0] != '\0' && !valid);
		return undeclared(p, len, out_len);
	}
	if (is_said_wide(name) && is_ascii_text(p, len)) {
		*lied = TRUE;
		return copied(p, len, out_len);
	}
	if (strcmp(name, "utf-16") == 0 && wide_form(p, len) != NULL)
		g_strlcpy(name, wide_form(p, len), sizeof name);
	if ((out = as_labelled(name, p, len, out_len)) != NULL)
		return out;
	*lied = TRUE;
	return undeclared(p, len, out_len);
}

gboolean
sg_charset_looks_text(const void *data, gsize len)
{
	const guchar *p = data;
	const guint32 blanks = 1u << '\n' | 1u << '\r' | 1u << '\t' | 1u << '\f' | 1u << 0x1b;
	gsize n = MIN(len, 2048), control = 0, skip;

	if (len == 0 || byte_order_mark(data, len, &skip) != NULL)
		return TRUE;
	if (memchr(data, '\0', len) != NULL)
		return wide_form(data, len) != NULL;
	for (gsize i = 0; i < n; i++)
		control += p[i] < 0x20 && (blanks & (1u << p[i])) == 0;
	return control * 50 <= n;
}

void
sg_charset_warm_up(void)
{
	static const char *const names[] = { "utf-8", "windows-1252", "UTF-16LE", "iso-2022-jp",
		"gb18030", "HZ", "utf-7", "windows-31j", "windows-949", "Big5-HKSCS", "koi8-r" };
	gsize n;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_free(convert(names[i], "warm", 4, &n));
	g_free(detect("caf\xe9 cr\xe8me", 10, &n));
}

