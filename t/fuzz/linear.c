/* A model file and a text: no crash; what is accepted can be asked. */
#include <string.h>

#include "weigh/worst.h"

#define TOP 436u	/* of the file: the fixed part before the lexicon */

static void
nothing(const SgWorstHit *hit, gpointer data)
{
	(void)data;
	g_assert_cmpuint(hit->at, <=, hit->end);
	g_assert_cmpuint(hit->from, <=, hit->to);
}

/* A whole model whose beginning is the input's, its checksum made right. */
static GBytes *
whole(const guint8 *data, gsize size)
{
	gsize len = TOP + SG_LINEAR_WORDS * 5 + SG_LINEAR_SLOTS * sizeof(SgLinearEntry), n = 32;
	guint8 *bytes = g_malloc0(len + n);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	memcpy(bytes, data, MIN(size, TOP));
	for (gsize i = TOP, k = TOP; k < size && i < len; i += 97)
		bytes[i] = data[k++];
	g_checksum_update(sum, bytes, (gssize)len);
	g_checksum_get_digest(sum, bytes + len, &n);
	return g_bytes_new_take(bytes, len + n);
}

static void
run(SgLinear *m, const char *text, gsize len)
{
	float least[SG_LINEAR_HEADS] = { 0 };
	g_autoptr(SgCanon) c = sg_canon_new(NULL);
	g_autoptr(SgWorst) s = sg_worst_new(m);

	sg_worst_start(s, least, 1u);
	sg_canon_start(c, text, len);
	while (sg_canon_next(c)) {
		SgWorstPiece p = sg_worst_canon(c);

		sg_worst_piece(s, &p, nothing, NULL);
	}
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) raw = g_bytes_new(data, size), made = whole(data, size);
	g_autoptr(SgLinear) none = sg_linear_read(raw, NULL), m = sg_linear_read(made, NULL);

	g_assert_null(none);	/* too short for a model */
	if (m != NULL && size > TOP)
		run(m, (const char *)data + TOP, size - TOP);
	return 0;
}
