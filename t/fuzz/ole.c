/*
 * Old Office files and Outlook messages.  The first byte says what the rest is: a whole
 * compound file, or the stream of one program, which is wrapped in one: most damage in a
 * whole file would only hit its outer tables.
 */
#include <string.h>

#include "t/lib/catch.h"
#include "t/lib/cfb.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Properties of a message: where, number, type, length, bytes. */
static void
add_properties(Cfb *c, const guint8 *p, gsize n)
{
	static const char *const where[] = { "", "__recip_version1.0_#00000000/",
		"__attach_version1.0_#00000000/", "__attach_version1.0_#00000001/",
		"__attach_version1.0_#00000001/__substg1.0_3701000D/" };

	cfb_add(c, "__properties_version1.0", p, MIN(n, 96));
	while (n >= 6) {
		gsize len = MIN(n - 6, p[5]);
		g_autofree char *path = g_strdup_printf("%s__substg1.0_%02X%02X%02X%02X",
		    where[p[0] % G_N_ELEMENTS(where)], p[1], p[2], p[3], p[4]);

		cfb_add(c, path, p + 6, len);
		p += 6 + len;
		n -= 6 + len;
	}
}

static GBytes *
wrapped(guint what, const guint8 *p, gsize n)
{
	static const char *const streams[] = { "WordDocument", "Workbook", "PowerPoint Document",
		"\005SummaryInformation", "Macros/VBA/Module1", "ObjectPool/_1/\001Ole10Native", "Contents",
		"Book" };
	Cfb *c = cfb_new();

	if (what == 0) {		/* Word keeps its tables beside the text */
		gsize table = n >= 2 ? MIN((gsize)(p[0] | p[1] << 8), n - 2) : 0;

		cfb_add(c, "1Table", p + n - table, table);
		cfb_add(c, "WordDocument", p + MIN(n, 2), n - table - MIN(n, 2));
	} else if (what < G_N_ELEMENTS(streams)) {
		cfb_add(c, streams[what], p, n);
	} else {
		add_properties(c, p, n);
	}
	return cfb_end(c);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static Catch *c;
	g_autoptr(GBytes) b = NULL;

	if (size == 0 || size > 1u << 20)
		return 0;
	if (c == NULL)
		c = catch_new("text = 65536L;");
	b = data[0] % 10 == 9 ? g_bytes_new(data + 1, size - 1) : wrapped(data[0] % 10, data + 1, size - 1);
	catch_run(c, "ole", "application/x-ole-storage", b, NULL);
	g_string_truncate(c->text, 0);
	g_string_truncate(c->parts, 0);
	g_string_truncate(c->limits, 0);
	g_ptr_array_set_size(c->inside, 0);
	return 0;
}
