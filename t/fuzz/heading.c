/* The header of a message, as anybody may write it.
 * fails-if: memory is misused, an address is no address, or there are more than the limit */
#include <string.h>

#include "model/heading.h"
#include "model/spelling.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) b = g_bytes_new_static(data, size);
	g_autoptr(SgHeading) h = sg_heading_read(b);

	g_assert_cmpuint(h->visible->len, <=, SG_HEADING_MOST);
	for (guint i = 0; i < h->visible->len; i++) {
		const SgMailbox *m = g_ptr_array_index(h->visible, i);
		g_autofree char *look = sg_spelling_look(m->address);

		g_assert_true(g_utf8_validate(m->name, -1, NULL) && g_utf8_validate(m->address, -1, NULL));
		g_assert_nonnull(strrchr(m->address, '@'));
		g_assert_null(strpbrk(m->address, "\r\n <>"));
		g_assert_nonnull(look);
	}
	return 0;
}
