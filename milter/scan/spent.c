#include <time.h>

#include "scan/spent.h"

gint64
sg_spent_cpu(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) == 0 ?
	    (gint64)t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000 : 0;
}

SgSpent
sg_spent_begin(void)
{
	return (SgSpent){ g_get_monotonic_time(), sg_spent_cpu(), 0 };
}

gboolean
sg_spent_is_over(const SgSpent *s, gint64 micros)
{
	return g_get_monotonic_time() - s->began - s->beside > micros &&
	    sg_spent_cpu() - s->began_cpu - s->beside > micros;
}
