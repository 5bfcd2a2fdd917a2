/* csv - tables of strangers, for rules import and roster import: whatever they hold, rows are within their limits. */
#include <stdint.h>
#include <string.h>

#include "ctl/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gboolean guessed;
	gsize len;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = sg_csv_utf8((const char *)data, size, &len, &guessed, &error);
	g_auto(SgCsv) csv = { 0 };
	const char *why;
	guint line = 0;

	g_assert_true((text == NULL) == (error != NULL));
	if (text == NULL)
		return 0;
	for (sg_csv_begin(&csv, text, len); sg_csv_next(&csv, &why); line = csv.line) {
		g_assert_true(csv.line > line && csv.cells->len <= SG_CSV_COLUMNS);
		for (guint k = 0; k < csv.cells->len; k++) {
			const char *cell = g_ptr_array_index(csv.cells, k);

			g_assert_true(g_utf8_validate(cell, -1, NULL) && strlen(cell) <= SG_CSV_FIELD);
		}
	}
	return 0;
}
