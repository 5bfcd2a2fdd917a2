/* fails-if: a number of a cell is not shown as its format says, or cannot be recognised any more */
#include <glib.h>

#include "text/number.h"

static void
table_of_formats(void)
{
	static const struct {
		double value;
		const char *format, *shown;
	} rows[] = {
		{ 12000000000.0, "General", "12000000000" }, { 0.1, "General", "0.1" }, { -3, "General", "-3" },
		{ 1.5, NULL, "1.5" }, { 1599.99, "#,##0.00", "1,599.99" }, { -1610, "#,##0.00;(#,##0.00)", "(1,610.00)" },
		{ 9434765919.0, "0.00E+00", "9.43E+09 9434765919" }, { 9434765919.0, "000 000 0000", "943 476 5919 9434765919" },
		{ 9434765919.0, "0", "9434765919" }, { 5, "000", "005" }, { 0, "#", "" }, { 0.5, ".00", ".50" },
		{ 12.5, ".00", "12.50" }, { 12.3, "0.0##", "12.3" }, { 0.016, "0.0%", "1.6%" }, { 1234567, "#,##0,", "1,235" },
		{ 2000, "[$\xc2\xa3-809]#,##0.00", "\xc2\xa3""2,000.00" }, { 19.99, "0\" dollars and \".00\" cents\"",
		    "19 dollars and .99 cents" }, { 3.25, "# ?/?", "3 1/4" }, { 5, "0;-0;\"none\"", "5" },
		{ 0, "0;-0;\"none\"", "none" }, { 1, "[=1]\"yes\";\"no\"", "yes" }, { 2, "[=1]\"yes\";\"no\"", "no" },
		{ 40210, "dd/mm/yyyy", "01/02/2010 2010-02-01" }, { 40210, "d mmmm yy", "1 February 10 01/02/2010 2010-02-01" },
		{ 39219.180555555555, "\"At \"h:mm AM/PM\" on \"dddd mmmm d\", \"yyyy",
		    "At 4:20 AM on Thursday May 17, 2007 17/05/2007 2007-05-17" },
		{ 0.75, "hh:mm:ss", "18:00:00" }, { 1.5, "[h]:mm", "36:00" }, { 0.5, "mm:ss.0", "00:00.0" },
		{ 59, "yyyy-mm-dd", "1900-02-28 28/02/1900" }, { 61, "yyyy-mm-dd", "1900-03-01 01/03/1900" },
		{ -1, "dd/mm/yyyy", "-1" }, { 1e300, "0", "" }, { 1e12, "dd/mm/yyyy", "1000000000000" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		sg_number_show(out, rows[i].value, NULL, rows[i].format, FALSE);
		if (rows[i].shown[0] != '\0' || rows[i].value < 1)
			g_assert_cmpstr(out->str, ==, rows[i].shown);
	}
}

static void
years_begin_in_1904(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	sg_number_show(out, 38748, NULL, "dd/mm/yyyy", TRUE);
	g_assert_cmpstr(out->str, ==, "01/02/2010 2010-02-01");
}

static void
raw_digits_are_kept(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	sg_number_show(out, 4111111111111111.0, "4111111111111111", "General", FALSE);
	g_assert_cmpstr(out->str, ==, "4111111111111111");
}

/* Formats are the sender's: any bytes end, and write little. */
static void
strange_formats(void)
{
	static const char letters[] = "0#?.,%E+-/;[]\"\\_*@dmyhsAP$<>=:( x\xc2\xa3";

	for (guint seed = 0; seed < 20000; seed++) {
		g_autoptr(GRand) random = g_rand_new_with_seed(seed);
		g_autoptr(GString) out = g_string_new(NULL);
		char format[24];
		guint n = (guint)g_rand_int_range(random, 0, sizeof format - 1);

		for (guint i = 0; i < n; i++)
			format[i] = letters[g_rand_int_range(random, 0, sizeof letters - 1)];
		format[n] = '\0';
		sg_number_show(out, g_rand_double_range(random, -1e6, 1e6), NULL, format, seed % 2 == 0);
		sg_number_show(out, 1e308, NULL, format, FALSE);
		g_assert_cmpuint(out->len, <, 8192);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/number/table-of-formats", table_of_formats);
	g_test_add_func("/number/years-begin-in-1904", years_begin_in_1904);
	g_test_add_func("/number/raw-digits-are-kept", raw_digits_are_kept);
	g_test_add_func("/number/strange-formats", strange_formats);
	return g_test_run();
}
