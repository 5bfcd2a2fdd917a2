#include <string.h>

#include "mail/lean.h"

typedef struct Cut {
	gsize from, to;		/* in the whole				      */
	gsize left;		/* from, in what is left		      */
} Cut;

void
sg_lean_cut(SgLean *l, gsize from, gsize to)
{
	Cut cut = { from, to, from - l->gone };

	if (to <= from)
		return;
	if (l->cuts == NULL)
		l->cuts = g_array_new(FALSE, FALSE, sizeof(Cut));
	g_array_append_val(l->cuts, cut);
	l->gone += to - from;
}

void
sg_lean_clear(SgLean *l)
{
	g_clear_pointer(&l->cuts, g_array_unref);
	l->gone = 0;
}

GBytes *
sg_lean_bytes(const SgLean *l, GBytes *raw)
{
	gsize len, at = 0;
	const guint8 *p = g_bytes_get_data(raw, &len);
	GByteArray *left;

	if (l->cuts == NULL)
		return g_bytes_ref(raw);
	left = g_byte_array_sized_new((guint)(len - l->gone));
	for (guint i = 0; i < l->cuts->len; i++) {
		const Cut *c = &g_array_index(l->cuts, Cut, i);

		g_byte_array_append(left, p + at, (guint)(c->from - at));
		at = c->to;
	}
	g_byte_array_append(left, p + at, (guint)(len - at));
	return g_byte_array_free_to_bytes(left);
}

gsize
sg_lean_origin(const SgLean *l, gsize at)
{
	guint low = 0, high = l->cuts != NULL ? l->cuts->len : 0;
	const Cut *last;

	while (low < high) {	/* low: how many cuts stand at or before it */
		guint middle = low + (high - low) / 2;

		if (g_array_index(l->cuts, Cut, middle).left <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return at;
	last = &g_array_index(l->cuts, Cut, low - 1);
	return last->to + (at - last->left);
}

static gsize
token_length(const char *p, gsize n)
{
	gsize k = 0;

	while (k < n && (g_ascii_isalnum(p[k]) || strchr("!#$&-^_.+", p[k]) != NULL) && p[k] != '\0')
		k++;
	return k;
}

gboolean
sg_lean_names_leaf(const char *value, gsize n)
{
	static const char *const leaves[] = { "text/", "application/", "image/", "audio/", "video/", "font/" };

	while (n > 0 && *value == ' ') {
		value++;
		n--;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(leaves); i++) {
		gsize k = strlen(leaves[i]), sub;

		if (n <= k || g_ascii_strncasecmp(value, leaves[i], k) != 0)
			continue;
		sub = token_length(value + k, n - k);
		return sub > 0 && (n - k == sub ||
		    (value[k + sub] != '\0' && strchr("; \t\r\n", value[k + sub]) != NULL));
	}
	return FALSE;
}
