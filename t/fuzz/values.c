/* values - any bytes as running text and as a table: values in order, inside, not overlapping. */
#include <glib.h>

#include "value/tables.h"
#include "word/flat.h"

#define SIZE_MAX_HERE (1u << 16)

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
look(const char *text, gsize len, gboolean table)
{
	g_autofree char *flat = sg_flat(text, len);
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(SgValue));
	g_autoptr(GArray) tables = g_array_new(FALSE, FALSE, sizeof(SgTable));
	gboolean wide;
	gsize end = 0;

	(void)sg_tables_find(flat, len, table, 1000, values, tables, &wide);
	g_assert_cmpuint(values->len, <=, 1000);
	for (guint i = 0; i < values->len; i++) {
		const SgValue *v = &g_array_index(values, SgValue, i);

		g_assert_cmpuint(v->at, >=, end);
		g_assert_cmpuint(v->len, >, 0);
		end = v->at + v->len;
		g_assert_cmpuint(end, <=, len);
	}
	for (guint i = 0; i < tables->len; i++) {
		const SgTable *t = &g_array_index(tables, SgTable, i);

		g_assert_cmpuint(t->at + t->len, <=, len);
	}
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	if (size == 0 || size > SIZE_MAX_HERE)
		return 0;
	look((const char *)data + 1, size - 1, (data[0] & 1) != 0);
	return 0;
}
