/* fails-if: a list of people is not found, however far to the right it stands, people are counted wrong, or a team sheet is one */
#include <string.h>

#include <glib.h>

#include "value/tables.h"
#include "word/flat.h"

/* "people columns" of each table, columns as letters: i b s c h r v p. */
static char *
lists(const char *text, gboolean table)
{
	static const char *const names[] = { "identity", "birth", "status", "contact", "health", "results",
		"behaviour", "pay" };
	g_autofree char *flat = sg_flat(text, strlen(text));
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(SgValue));
	g_autoptr(GArray) tables = g_array_new(FALSE, FALSE, sizeof(SgTable));
	GString *s = g_string_new(NULL);
	gboolean wide;

	g_assert_true(sg_tables_find(flat, strlen(text), table, 100000, values, tables, &wide));
	if (wide)
		g_string_append(s, "wide; ");
	for (guint i = 1; i < values->len; i++)
		g_assert_cmpuint(g_array_index(values, SgValue, i).at, >=,
		    g_array_index(values, SgValue, i - 1).at + g_array_index(values, SgValue, i - 1).len);
	for (guint i = 0; i < tables->len; i++) {
		const SgTable *t = &g_array_index(tables, SgTable, i);

		g_assert_cmpuint(t->at + t->len, <=, strlen(text));
		g_string_append_printf(s, "%s%u", i > 0 ? "; " : "", t->people);
		for (gsize k = 0; k < G_N_ELEMENTS(names); k++)
			if ((t->columns & sg_column_named(names[k])) != 0)
				g_string_append_printf(s, " %s", names[k]);
	}
	return g_string_free(s, FALSE);
}

static void
is(const char *text, gboolean table, const char *want)
{
	g_autofree char *got = lists(text, table);

	if (strcmp(got, want) != 0) {
		g_test_message("%s: found \"%s\", not \"%s\"", text, got, want);
		g_test_fail();
	}
}

static void
written_in_many_ways(void)
{
	static const char *const seps[] = { "\t", ",", ";", " | ", "   " };

	for (gsize i = 0; i < G_N_ELEMENTS(seps); i++) {
		g_autofree char *text = g_strdup("Dear all,\n\nhere it is, as promised:\nPupil+D.O.B.+House\nAda Lovell+4/3/2012+Elm\n"
		    "Bela Marsh+5/3/2012+Elm\nCara O'Neill+6/3/2012+Ash\n\nThanks, Jo\n");
		g_auto(GStrv) cut = g_strsplit(text, "+", -1);
		g_autofree char *joined = g_strjoinv(seps[i], cut);

		is(joined, FALSE, "3 birth");
	}
	is("| Name | Medical |\n|---|---|\n| Ada Lovell | asthma |\n| Bela Marsh | epilepsy |\n", FALSE, "2 health");
	is("Surname\tForename\tFSM\nLovell\tAda\tY\nMarsh\tBela\tN\n", TRUE, "2 status");
}

static void
people_not_values(void)
{
	is("Name\tMobile\tMedical\nAda Lovell\t07700900001\tasthma\nAda Lovell\t07700900002\t\nAda Lovell\t07700900003\t\n"
	    "Bela Marsh\t07700900004\t\n", TRUE, "2 contact health");
	is("Name\tMedical\nAda Lovell\tasthma\nBela Marsh\t\nCara Stone\t\nDan Wold\tnuts\n", TRUE, "2 health");
	is("What is your child's full name?\tDoes your child have any medical conditions that we should know about? Please say "
	    "what.\nAda Lovell\tasthma\nBela Marsh\t\nCara Stone\tnuts\n", TRUE, "2 health");
	is("UPN\tSEN\nA801999926001\tK\nP801999926002\tN\nA801999926001\tK\n", TRUE, "2 identity status");
}

static void
without_headers(void)
{
	is("Ada Lovell, 4/3/2012, 7R\nBela Marsh, 5/3/2012, 7R\nCara Stone, 6/3/2012, 7S\n", FALSE, "3 birth");
	is("\t\nAda Lovell\tA801999926001\nBela Marsh\tP801999926002\nCara Stone\tD801999926003\n", TRUE, "3 identity");
	is("Lovell\tAda\t07700900001\nMarsh\tBela\t07700900002\nStone\tCara\t07700900003\n", FALSE, "3 contact");
}

/* what each has reached in several subjects; one subject is a class, or who teaches it */
static void
subjects(void)
{
	is("Surname\tForename\tMaths\tEnglish\tScience\nLovell\tAda\t7\t6\t5\nMarsh\tBela\t3\t4\t5\nStone\tCara\t8\t8\t9\n",
	    TRUE, "3 results");
	is("Name\tFrench\tGerman\nAda Lovell\tB\tA\nBela Marsh\tC\tC\nCara Stone\tA\tU\n", TRUE, "3 results");
	is("Name,Maths,House\nAda Lovell,set 1,Elm\nBela Marsh,set 2,Elm\nCara Stone,set 1,Ash\n", FALSE, "");
	is("Day,Maths,English,Art\nMonday,B1,B2,C3\nTuesday,B2,B2,C1\nFriday,B1,B3,C1\n", FALSE, "");
}

static void
no_lists(void)
{
	is("Name,Position\nAda Lovell,goal\nBela Marsh,left back\nCara Stone,centre\n", FALSE, "");
	is("Monday  gate  Ada Lovell\nTuesday  hall  Bela Marsh\nFriday  gate  Cara Stone\n", FALSE, "");
	is("Row\tSeat\tName\nA\t1\tAda Lovell\nA\t2\tBela Marsh\nA\t3\tCara Stone\n", TRUE, "");
	is("First, we eat, then we sing.\nThen, we walk, and we talk.\nLast, we sleep, all of us.\n", FALSE, "");
	is("columns are UPN, Surname, Forename, DOB, FSM, SEN", FALSE, "");
	is("Surname,Forename,DOB\n,,\n,,\n,,\n", FALSE, "");
}

/* six pupils behind so many columns of nothing */
static char *
behind(guint columns, char sep)
{
	static const char *const rows[] = { "Surname+Forename+DOB", "Lovell+Ada+4/3/2012", "Marsh+Bela+5/3/2012",
		"Stone+Cara+6/3/2012", "Wold+Dan+7/3/2012", "Yarrow+Eve+8/3/2012", "Frost+Finn+9/3/2012" };
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint k = 0; k < columns; k++)
			g_string_append_printf(s, "%s%c", i == 0 ? "Col" : "x", sep);
		g_string_append(s, rows[i]);
		g_string_append_c(s, '\n');
	}
	g_strdelimit(s->str, "+", sep);
	return g_string_free(s, FALSE);
}

static void
far_to_the_right(void)
{
	static const guint columns[] = { 100, 197, 198, 1000, SG_TABLE_COLUMNS - 3 };
	g_autofree char *most = behind(SG_TABLE_COLUMNS - 2, ','), *tabs = behind(SG_TABLE_COLUMNS - 2, '\t');

	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
		g_autofree char *commas = behind(columns[i], ','), *table = behind(columns[i], '\t');

		is(commas, FALSE, "6 birth");
		is(table, FALSE, "6 birth");
		is(table, TRUE, "6 birth");
	}
	/* one more: not what they are, but that there are more */
	is(most, FALSE, "wide; ");
	is(tabs, TRUE, "wide; ");
}

/* rules of a table without rows end it: each line is read a few times, not once for each above */
static void
rules_only(void)
{
	g_autoptr(GString) bars = g_string_new(NULL);

	for (guint i = 0; i < 200000; i++)
		g_string_append(bars, "|-|-|-|\n");
	is(bars->str, FALSE, "");
	is("| Name | Medical |\n|---|---|\n| Ada Lovell | asthma |\n|---|---|\n|---|---|\n| Bela Marsh | epilepsy |\n",
	    FALSE, "2 health");
}

/* limits: many columns, many rows, one cell of a megabyte */
static void
large_ones(void)
{
	g_autoptr(GString) wide = g_string_new("Name\tDOB"), tall = g_string_new("Name\tDOB\n");
	g_autoptr(GString) cell = g_string_new("Name\tDOB\n");

	for (guint i = 0; i < 16000; i++)
		g_string_append(wide, "\tDOB");
	g_string_append(wide, "\nAda Lovell\t4/3/2012");
	for (guint i = 0; i < 16000; i++)
		g_string_append(wide, "\t4/3/2012");
	g_string_append(wide, "\nBela Marsh\t4/3/2012\n");
	is(wide->str, TRUE, "2 birth");
	for (guint i = 0; i < 8000; i++)
		g_string_append_printf(tall, "Ada%c%c%c Lovell\t\n", 'a' + i % 20, 'a' + i / 20 % 20, 'a' + i / 400);
	for (guint i = 0; i < 8000; i++)
		g_string_append_printf(tall, "Ada%c%c%c Lovell\tyes\n", 'a' + i % 20, 'a' + i / 20 % 20, 'a' + i / 400);
	is(tall->str, TRUE, "5000 birth");
	for (guint i = 0; i < 1000000; i++)
		g_string_append_c(cell, 'x');
	is(cell->str, TRUE, "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lists/subjects", subjects);
	g_test_add_func("/lists/written-in-many-ways", written_in_many_ways);
	g_test_add_func("/lists/people-not-values", people_not_values);
	g_test_add_func("/lists/without-headers", without_headers);
	g_test_add_func("/lists/no-lists", no_lists);
	g_test_add_func("/lists/far-to-the-right", far_to_the_right);
	g_test_add_func("/lists/rules-only", rules_only);
	g_test_add_func("/lists/large-ones", large_ones);
	return g_test_run();
}
