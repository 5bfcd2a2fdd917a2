#include <stdlib.h>
#include <string.h>

#include <liboath/oath.h>
#include <qrencode.h>
#include <sodium.h>

#include "login/totp.h"

enum { SECRET = 20, WINDOW = 1, QUIET = 4, PIXELS = 4 };

/* Crockford's alphabet, as in base/ref.h: none of I, L, O, U. */
static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *
sg_totp_secret(void)
{
	guint8 raw[SECRET];
	char *text = NULL, *out;
	size_t len = 0;

	randombytes_buf(raw, sizeof raw);
	if (oath_base32_encode((const char *)raw, sizeof raw, &text, &len) != OATH_OK)
		g_error("base32: no memory");
	sodium_memzero(raw, sizeof raw);
	out = g_strndup(text, len);
	sodium_memzero(text, len);
	free(text);
	return out;
}

static gboolean
code_of(const char *secret, gint64 step, char out[SG_TOTP_DIGITS + 1])
{
	char *raw = NULL;
	size_t len = 0;
	int rc = oath_base32_decode(secret, strlen(secret), &raw, &len);

	if (rc == OATH_OK)
		rc = oath_hotp_generate(raw, len, (guint64)step, SG_TOTP_DIGITS, FALSE, OATH_HOTP_DYNAMIC_TRUNCATION, out);
	if (raw != NULL)
		sodium_memzero(raw, len);
	free(raw);
	return rc == OATH_OK;
}

gboolean
sg_totp_code(const char *secret, gint64 when, char out[SG_TOTP_DIGITS + 1])
{
	return code_of(secret, when / SG_TOTP_STEP, out);
}

gint64
sg_totp_check(const char *secret, const char *code, gint64 now)
{
	gint64 step = now / SG_TOTP_STEP, found = 0;
	char typed[SG_TOTP_DIGITS + 1] = "", right[SG_TOTP_DIGITS + 1];
	guint n = 0;

	for (; code != NULL && *code != '\0'; code++) {
		if (*code == ' ' || *code == '-')
			continue;
		if (!g_ascii_isdigit(*code) || n >= SG_TOTP_DIGITS)
			return 0;
		typed[n++] = *code;
	}
	if (n != SG_TOTP_DIGITS)
		return 0;
	for (gint64 k = step - WINDOW; k <= step + WINDOW; k++)
		if (k > 0 && code_of(secret, k, right) && sodium_memcmp(right, typed, sizeof typed) == 0)
			found = k;
	return found;
}

char *
sg_totp_show(const char *secret)
{
	GString *s = g_string_sized_new(64);

	for (gsize i = 0; secret[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			g_string_append_c(s, ' ');
		g_string_append_c(s, secret[i]);
	}
	return g_string_free(s, FALSE);
}

char *
sg_totp_uri(const char *secret, const char *school, const char *account)
{
	g_autofree char *name = g_uri_escape_string(school, NULL, FALSE), *who = g_uri_escape_string(account, NULL, FALSE);

	return g_strdup_printf("otpauth://totp/Schoolgate%%20%s:%s?secret=%s&issuer=Schoolgate%%20%s", name, who, secret,
	    name);
}

GBytes *
sg_totp_picture(const char *uri)
{
	QRcode *q = QRcode_encodeString8bit(uri, 0, QR_ECLEVEL_M);
	GString *s;
	guint all;

	if (q == NULL)
		return NULL;
	all = (guint)q->width + 2 * QUIET;
	s = g_string_new(NULL);
	g_string_append_printf(s, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\" "
	    "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/><path d=\"", all * PIXELS, all * PIXELS,
	    all, all, all, all);
	for (int y = 0; y < q->width; y++)
		for (int x = 0; x < q->width; x++)
			if ((q->data[y * q->width + x] & 1) != 0)
				g_string_append_printf(s, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
	g_string_append(s, "\"/></svg>\n");
	sodium_memzero(q->data, (size_t)q->width * (size_t)q->width);
	QRcode_free(q);
	return g_string_free_to_bytes(s);
}

/* --- recovery codes ------------------------------------------------------------- */

char **
sg_recovery_new(void)
{
	char **out = g_new0(char *, SG_RECOVERY_CODES + 1);

	for (guint i = 0; i < SG_RECOVERY_CODES; i++) {
		out[i] = g_malloc0(12);
		for (guint k = 0; k < 11; k++)
			out[i][k] = k == 5 ? '-' : letters[randombytes_uniform(32)];
	}
	return out;
}

gboolean
sg_recovery_parse(const char *typed, char out[12])
{
	guint n = 0;

	for (; typed != NULL && *typed != '\0'; typed++) {
		char c = g_ascii_toupper(*typed);

		if (c == ' ' || c == '-')
			continue;
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (strchr(letters, c) == NULL || n >= 11)
			return FALSE;
		if (n == 5)
			out[n++] = '-';
		out[n++] = c;
	}
	out[MIN(n, 11)] = '\0';
	return n == 11;
}

void
sg_codes_free(char **codes)
{
	for (char **c = codes; c != NULL && *c != NULL; c++)
		sodium_memzero(*c, strlen(*c));
	g_strfreev(codes);
}
