#include <string.h>

#include "ctl/envelope.h"

#define HEADER_MAX 65536u
#define MANY	   1000u

/* The unfolded values of one header field, joined with commas. */
static char *
header(GBytes *mail, const char *name)
{
	gsize len, n = strlen(name);
	const char *p = g_bytes_get_data(mail, &len), *end = p + MIN(len, HEADER_MAX);
	GString *s = g_string_new(NULL);
	gboolean ours = FALSE;

	while (p < end && *p != '\n' && *p != '\r') {
		const char *nl = memchr(p, '\n', (gsize)(end - p));
		const char *eol = nl != NULL ? nl : end;
		gboolean folded = *p == ' ' || *p == '\t';

		if (!folded)
			ours = (gsize)(eol - p) > n && g_ascii_strncasecmp(p, name, n) == 0 &&
			       p[n] == ':';
		if (ours && !folded) {
			g_string_append_c(s, ',');
			p += n + 1;
		}
		if (ours)
			g_string_append_len(s, p, eol - p);
		p = nl != NULL ? nl + 1 : end;
	}
	return g_string_free(s, FALSE);
}

/* Every token that looks like an address: names in quotes and comments are skipped. */
static void
addresses(const char *value, GPtrArray *out)
{
	const char *p = value;

	while (*p != '\0' && out->len < MANY) {
		gsize n;
		g_autofree char *token = NULL;
		char *clean;

		if (*p == '"') {
			for (p++; *p != '\0' && *p != '"'; p++)
				p += *p == '\\' && p[1] != '\0';
			p += *p == '"';
			continue;
		}
		n = strcspn(p, " \t\r\n,;:<>()\"");
		token = g_strndup(p, n);
		p += n + (n == 0);
		clean = strchr(token, '@') != NULL ? sg_address_clean(token) : NULL;
		if (clean != NULL)
			g_ptr_array_add(out, clean);
	}
}

char *
sg_envelope_from(GBytes *mail)
{
	g_autofree char *value = header(mail, "From");
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

	addresses(value, list);
	return list->len > 0 ? g_strdup(g_ptr_array_index(list, 0)) : NULL;
}

char *
sg_envelope_field(GBytes *mail, const char *name)
{
	g_autofree char *value = header(mail, name);

	return g_strdup(g_strstrip(value[0] == ',' ? value + 1 : value));
}

GPtrArray *
sg_envelope_to(GBytes *mail)
{
	g_autofree char *to = header(mail, "To"), *cc = header(mail, "Cc");
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	addresses(to, list);
	addresses(cc, list);
	return list;
}

GBytes *
sg_envelope_wire(GBytes *file)
{
	gsize len;
	const char *p = g_bytes_get_data(file, &len), *end = p + len;
	g_autoptr(GByteArray) out = NULL;

	if (len >= 5 && memcmp(p, "From ", 5) == 0) {
		const char *nl = memchr(p, '\n', len);

		p = nl != NULL ? nl + 1 : end;
	}
	/* with CRLF anywhere it is taken as it is: bare line feeds are part of the mail */
	if (p == end || g_strstr_len(p, end - p, "\r\n") != NULL)
		return g_bytes_new_from_bytes(file, len - (gsize)(end - p), (gsize)(end - p));
	out = g_byte_array_sized_new((guint)(end - p) + (guint)(end - p) / 32);
	while (p < end) {
		const char *nl = memchr(p, '\n', (gsize)(end - p));
		const char *eol = nl != NULL ? nl : end;

		g_byte_array_append(out, (const guint8 *)p, (guint)(eol - p));
		if (nl != NULL)
			g_byte_array_append(out, (const guint8 *)"\r\n", 2);
		p = nl != NULL ? nl + 1 : end;
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
