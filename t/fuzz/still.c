/* A picture from outside, before a person is shown it.
 * fails-if: memory is misused, or what cannot be a picture counts as one */
#include "page/still.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	const char *why = NULL, *type = sg_still_type(data, size, &why);

	g_assert_true((type == NULL) == (why != NULL));
	g_assert_true(type == NULL || size >= 16);
	return 0;
}
