#include <string.h>
#include <unicode/ucnv.h>

#include "rewrite/encode.h"

#define LINE 76u	/* RFC 2045 6.7 and 6.8 */

/* Labels that ICU does not know by these names, or knows as something wider. */
static UConverter *
open_converter(const char *label)
{
	UErrorCode err = U_ZERO_ERROR;
	UConverter *cnv;

	if (label == NULL || *label == '\0' || strlen(label) > 40)
		return NULL;
	if (g_ascii_strcasecmp(label, "ascii") == 0)
		label = "US-ASCII";
	cnv = ucnv_open(label, &err);
	if (U_FAILURE(err))
		return NULL;
	ucnv_setFallback(cnv, FALSE);
	ucnv_setFromUCallBack(cnv, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &err);
	ucnv_setToUCallBack(cnv, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &err);
	if (U_SUCCESS(err))
		return cnv;
	ucnv_close(cnv);
	return NULL;
}

static gboolean
has_state(const UConverter *cnv)
{
	UConverterType type = ucnv_getType(cnv);

	return type == UCNV_ISO_2022 || type == UCNV_HZ || type == UCNV_UTF7 || type == UCNV_SCSU ||
	    type == UCNV_BOCU1 || type == UCNV_IMAP_MAILBOX || type == UCNV_EBCDIC_STATEFUL ||
	    type == UCNV_COMPOUND_TEXT;
}

SgCharsetShape
sg_charset_shape(const char *label)
{
	static const char sample[] = "aZ09<>/\"'=&;-! \r\n";
	gsize n = sizeof sample - 1, len;
	UConverter *cnv = open_converter(label);
	g_autofree char *coded = NULL;
	gboolean state;

	if (cnv == NULL)
		return SG_CS_UNKNOWN;
	state = has_state(cnv);
	ucnv_close(cnv);
	if (state)
		return SG_CS_OTHER;
	coded = sg_charset_encode(label, sample, n, &len);
	return coded != NULL && len == n && memcmp(coded, sample, n) == 0 ? SG_CS_ASCII : SG_CS_OTHER;
}

/* Through UTF-16, from one to the other; stops at the first character that does not fit. */
static char *
convert(UConverter *to, UConverter *from, const char *bytes, gsize len, gsize *out_len)
{
	UChar pivot[1024], *have = pivot, *next = pivot;
	GByteArray *out = g_byte_array_sized_new((guint)len + 64);
	const char *p = bytes, *end = bytes + len;
	UErrorCode err;

	do {
		char piece[4096], *q = piece;

		err = U_ZERO_ERROR;
		ucnv_convertEx(to, from, &q, piece + sizeof piece, &p, end, pivot, &have, &next,
		    pivot + G_N_ELEMENTS(pivot), out->len == 0 && p == bytes, TRUE, &err);
		g_byte_array_append(out, (const guint8 *)piece, (guint)(q - piece));
	} while (err == U_BUFFER_OVERFLOW_ERROR);
	if (U_FAILURE(err)) {
		g_byte_array_unref(out);
		return NULL;
	}
	*out_len = out->len;
	g_byte_array_append(out, (const guint8 *)"", 1);
	return (char *)g_byte_array_free(out, FALSE);
}

static char *
convert_names(const char *to, const char *from, const char *bytes, gsize len, gsize *out_len)
{
	UConverter *a = open_converter(to), *b = open_converter(from);
	char *out = a != NULL && b != NULL && len < G_MAXINT32 ? convert(a, b, bytes, len, out_len) : NULL;

	if (a != NULL)
		ucnv_close(a);
	if (b != NULL)
		ucnv_close(b);
	return out;
}

char *
sg_charset_encode(const char *label, const char *utf8, gsize len, gsize *out_len)
{
	return convert_names(label, "UTF-8", utf8, len, out_len);
}

char *
sg_charset_decode_strictly(const char *label, const char *bytes, gsize len, gsize *out_len)
{
	return convert_names("UTF-8", label, bytes, len, out_len);
}

/* --- quoted-printable ---------------------------------------------------------- */

/* Bytes of the character at p. */
static gsize
character(UConverter *cnv, const char *p, const char *end)
{
	UErrorCode err = U_ZERO_ERROR;
	const char *q = p;

	if ((guchar)*p < 0x80 || cnv == NULL)
		return 1;
	if (ucnv_getMaxCharSize(cnv) == 1)
		return 1;
	ucnv_reset(cnv);
	(void)ucnv_getNextUChar(cnv, &q, end, &err);
	return U_SUCCESS(err) && q > p && q - p <= 8 ? (gsize)(q - p) : 1;
}

static gsize
line_end(const char *p, const char *end)
{
	if (p < end && *p == '\n')
		return 1;
	return end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
}

static gboolean
stands_for_itself(const char *p, const char *end, gboolean line_start)
{
	/* what gateways change, and what begins a line of an mbox or of SMTP */
	if (line_start && (*p == 'F' || *p == '.'))
		return FALSE;
	if (*p == ' ' || *p == '\t')
		return p + 1 < end && line_end(p + 1, end) == 0;
	return *p > ' ' && *p < 127 && *p != '=';
}

/* Letters of two or four bytes have no line ends that a reader of bytes could see. */
static gboolean
is_wide(const char *label)
{
	return g_ascii_strncasecmp(label, "utf-16", 6) == 0 || g_ascii_strncasecmp(label, "utf-32", 6) == 0;
}

void
sg_qp_append(GString *out, const char *bytes, gsize len, const char *label, const char *eol)
{
	UConverter *cnv = open_converter(label);
	const char *p = bytes, *end = bytes + len;
	gsize column = 0, ends = is_wide(label) ? G_MAXSIZE : strlen(eol);

	while (p < end) {
		gsize n = (gsize)(end - p) >= ends && memcmp(p, eol, ends) == 0 ? ends : 0, unit = 1, width;
		gboolean plain;

		if (n > 0) {
			g_string_append(out, eol);
			column = 0;
			p += n;
			continue;
		}
		plain = stands_for_itself(p, end, column == 0);
		if (!plain)
			unit = character(cnv, p, end);
		width = plain ? 1 : unit * 3;
		if (column + width > LINE - 1) {	/* one is kept for the "=" */
			g_string_append_printf(out, "=%s", eol);
			column = 0;
		}
		column += width;
		for (; unit > 0; unit--, p++) {
			if (plain)
				g_string_append_c(out, *p);
			else
				g_string_append_printf(out, "=%02X", (guchar)*p);
		}
	}
	if (cnv != NULL)
		ucnv_close(cnv);
}

/* How much of [p, end) is one soft line break; 0 when none. */
static gsize
soft_break(const char *p, const char *end)
{
	const char *q = p + 1;

	while (q < end && (*q == ' ' || *q == '\t'))
		q++;
	if (q == end)
		return (gsize)(q - p);
	return line_end(q, end) > 0 ? (gsize)(q - p) + line_end(q, end) : 0;
}

GString *
sg_qp_decode(const char *coded, gsize len, gsize *at)
{
	GString *out = g_string_sized_new(len);
	const char *p = coded, *end = coded + len;
	gsize wanted = at != NULL ? *at : 0;
	gboolean found = at == NULL;

	while (p < end) {
		gsize n = *p == '=' ? soft_break(p, end) : 0;

		if (n > 0) {
			p += n;
			continue;
		}
		if (!found && out->len == wanted) {
			*at = (gsize)(p - coded);
			found = TRUE;
		}
		if (*p == '=' && end - p >= 3 && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2])) {
			g_string_append_c(out, (char)(g_ascii_xdigit_value(p[1]) << 4 |
			    g_ascii_xdigit_value(p[2])));
			p += 3;
		} else {
			g_string_append_c(out, *p++);
		}
	}
	if (!found)
		*at = len;
	return out;
}

void
sg_base64_append(GString *out, const char *bytes, gsize len, const char *eol)
{
	const gsize step = LINE / 4 * 3;

	for (gsize at = 0; at < len; at += step) {
		g_autofree char *line = g_base64_encode((const guchar *)bytes + at, MIN(step, len - at));

		if (at > 0)
			g_string_append(out, eol);
		g_string_append(out, line);
	}
}
