#include <string.h>

#include "part/inside.h"

gboolean
sg_inside_give(SgInside *in, const char *name, GBytes *bytes, GError **error)
{
	return in->sink->part(in->sink, sg_part_inside(in->part, ++in->given, name, bytes), error);
}

void
sg_inside_base64(SgInside *in, const char *name, const char *base64, gsize n)
{
	g_autoptr(GBytes) bytes = NULL;
	gint state = 0;
	guint save = 0;
	guchar *out;
	gsize len;

	if (in->error != NULL || !in->sink->spend(in->sink, n / 4 * 3, &in->error))
		return;
	out = g_malloc(n / 4 * 3 + 4);
	len = g_base64_decode_step(base64, n, out, &state, &save);
	bytes = g_bytes_new_take(out, len);
	if (len > 0)
		sg_inside_give(in, name, bytes, &in->error);
}

gboolean
sg_inside_is_dull(GBytes *bytes)
{
	static const char *const starts[] = { "MZ", "PK", "%PDF", "\xd0\xcf\x11\xe0", "Rar!", "7z\xbc\xaf", "{\\rt" };
	gsize n;
	const char *p = g_bytes_get_data(bytes, &n);

	for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
		if (n >= strlen(starts[i]) && memcmp(p, starts[i], strlen(starts[i])) == 0)
			return FALSE;
	return TRUE;
}
