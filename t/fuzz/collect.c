/* A message as an MTA may give it: any names, values and chunks, in any order, then the seal.
 * fails-if: memory is misused, bytes are lost, or what is sealed has another length than what came */
#include <string.h>

#include "front/collect.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A piece up to the next NUL, as libmilter's strings are. */
static char *
piece(const guint8 **p, const guint8 *end)
{
	const guint8 *nul = memchr(*p, 0, (gsize)(end - *p));
	const guint8 *stop = nul != NULL ? nul : end;
	char *s = g_strndup((const char *)*p, (gsize)(stop - *p));

	*p = nul != NULL ? nul + 1 : end;
	return s;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(SgCollect) c = sg_collect_new(1 << 16);
	g_autoptr(GBytes) sealed = NULL;
	const guint8 *p = data, *end = data + size;

	while (p < end) {
		guint8 what = *p++;
		g_autofree char *one = piece(&p, end), *two = piece(&p, end);

		if (what % 4 == 0)
			sg_collect_body(c, one, strlen(one));
		else
			sg_collect_header(c, one, two, what % 4 == 1);
	}
	sealed = sg_collect_seal(c, NULL);
	if (sealed != NULL)
		g_assert_cmpuint(g_bytes_get_size(sealed), ==, c->size);
	else
		g_assert_true(c->too_large);
	return 0;
}
