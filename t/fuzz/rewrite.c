/* Taking any part out of any mail: the bytes before and behind it stay. */
#include <string.h>

#include "rewrite/rewrite.h"
#include "scan/walk.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static const char *const parts[] = { "1", "2", "3", "1.1", "2.1", "1.2", "1,2", "2,1.1" };
	static gboolean warm;
	g_autoptr(GBytes) raw = g_bytes_new(data, size);

	if (!warm)
		warm = sg_walk_warm_up(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autoptr(GBytes) out = sg_rewrite_detach(raw, parts[i], "removed", NULL);
		gsize n, head = 0, tail = 0;
		const guint8 *p = out != NULL ? g_bytes_get_data(out, &n) : NULL;

		if (p == NULL)
			continue;
		while (head < MIN(n, size) && p[head] == data[head])
			head++;
		while (tail < MIN(n, size) && p[n - 1 - tail] == data[size - 1 - tail])
			tail++;
		/* Only text between boundary lines may have changed: both ends are the same. */
		g_assert_cmpuint(head, >=, 2);
		g_assert_cmpuint(tail, >=, 2);
		g_assert_nonnull(memmem(p, n, "removed", 7));
	}
	return 0;
}
