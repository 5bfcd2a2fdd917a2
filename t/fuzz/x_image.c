/* A picture, as an attachment. */
#include "scan/walk.h"
#include "t/lib/catch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static gboolean warm;
	g_autoptr(Catch) c = catch_new("text = 262144L; unpacked = 8388608L; pages = 20;");
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);

	if (!warm)
		g_assert_true(warm = sg_walk_warm_up(NULL));
	catch_run(c, "image", "image/jpeg", bytes, NULL);
	return 0;
}
