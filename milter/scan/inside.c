#include "scan/inside.h"

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
