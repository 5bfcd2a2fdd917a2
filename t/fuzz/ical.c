/* fails-if: a calendar file makes the reader crash, loop, or give days that cannot be */
#include "decide/ical.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) days = sg_ical_read("x.ics", (const char *)data, size, problems);

	for (guint i = 0; days != NULL && i < days->len; i++) {
		const SgDays *d = &g_array_index(days, SgDays, i);

		if (d->first == 0 || d->last < d->first || d->last - d->first >= SG_ICAL_LONGEST)
			g_error("days that cannot be");
	}
	if (days == NULL && problems->len == 0)
		g_error("refused without a word");
	return 0;
}
