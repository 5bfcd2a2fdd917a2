/* csv - tables of strangers, for rules import: whatever they hold, rows are within their limits. */
#include <stdint.h>
#include <string.h>

#include "ctl/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) file = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = sg_csv_read(file, &error);

	g_assert_true((rows == NULL) == (error != NULL));
	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const SgCsvRow *row = g_ptr_array_index(rows, i);

		g_assert_true(row->line > 0 && row->cells->len <= SG_CSV_COLUMNS);
		for (guint k = 0; k < row->cells->len; k++) {
			const char *cell = g_ptr_array_index(row->cells, k);

			g_assert_true(g_utf8_validate(cell, -1, NULL) && strlen(cell) <= SG_CSV_FIELD);
		}
	}
	return 0;
}
