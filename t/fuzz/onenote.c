/* OneNote: words and files of a notebook. */
#include "t/lib/catch.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static Catch *c;
	g_autoptr(GBytes) b = g_bytes_new(data, size);

	if (c == NULL)
		c = catch_new("text = 65536L;");
	catch_run(c, "onenote", "application/onenote", b, NULL);
	g_string_truncate(c->text, 0);
	g_string_truncate(c->parts, 0);
	g_string_truncate(c->limits, 0);
	g_ptr_array_set_size(c->inside, 0);
	return 0;
}
