/* fails-if: a message that used up its time goes on, or one that only waited is stopped */
#include <glib.h>

#include "scan/spent.h"

static void
burn(gint64 micros)
{
	gint64 end = sg_spent_cpu() + micros;

	while (sg_spent_cpu() < end)
		;
}

static void
counts_work(void)
{
	SgSpent s = sg_spent_begin();

	g_assert_false(sg_spent_is_over(&s, 20000));
	burn(30000);
	g_assert_true(sg_spent_is_over(&s, 20000));
	g_assert_false(sg_spent_is_over(&s, (gint64)G_USEC_PER_SEC * 3600));
}

static void
waiting_is_no_work(void)
{
	SgSpent s = sg_spent_begin();

	g_usleep(60000);
	g_assert_false(sg_spent_is_over(&s, 40000));
}

static void
leaves_out_what_is_beside(void)
{
	SgSpent s = sg_spent_begin();

	burn(30000);
	s.beside += sg_spent_cpu() - s.began_cpu;
	g_assert_false(sg_spent_is_over(&s, 20000));
	burn(30000);
	g_assert_true(sg_spent_is_over(&s, 20000));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spent/counts-work", counts_work);
	g_test_add_func("/spent/waiting-is-no-work", waiting_is_no_work);
	g_test_add_func("/spent/leaves-out-what-is-beside", leaves_out_what_is_beside);
	return g_test_run();
}
