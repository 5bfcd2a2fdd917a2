/*
 * values - what it costs to look for identifiers and lists.  Figures, not a test.
 *
 *   t/bench/values [TEXT]
 *
 * Without TEXT: running text with an identifier every 400 bytes, a table of people, a
 * table of nothing but numbers of ten digits, and hostile ones; each of 10 MiB.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rule/marks.h"

#define SIZE (10u << 20)

static double
now(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
one(const char *what, char *text, guint columns)
{
	char where[] = "body", none[] = "";
	SgText t = { .where = where, .part = none, .name = none, .text = text, .columns = columns };
	double start = now(), took;
	g_autoptr(SgMarks) m = sg_marks_new(&t, strlen(text));

	took = now() - start;
	printf("%-36s %8.1f MB/s  %6u values, %u lists\n", what, (double)strlen(text) / took / 1e6,
	    m->values->len, m->tables->len);
}

static char *
filled(const char *head, const char *const *rows, guint n)
{
	GString *s = g_string_new(head);

	for (guint i = 0; s->len < SIZE; i++) {
		g_auto(GStrv) cut = g_strsplit(rows[i % n], "#", -1);
		g_autofree char *number = g_strdup_printf("%05u", i), *row = g_strjoinv(number, cut);

		g_string_append(s, row);
	}
	return g_string_free(s, FALSE);
}

static void
made(const char *what, const char *head, const char *const *rows, guint n, guint columns)
{
	g_autofree char *text = filled(head, rows, n);

	one(what, text, columns);
}

int
main(int argc, char **argv)
{
	static const char *const prose[] = { "The school will be closed on Friday, please bring your lunch and a coat to class. ",
		"We look forward to the trip to the museum; the forms are at the office for parents who missed it.\n",
		"Homework for science is on the board, and the report with all figures is due at the end of May. ",
		"Ada Lovell # was here, NHS no 999 200 1003, her mum is on 07700 900403 since 4 March 2012.\n" };
	static const char *const people[] = { "Ada# Lovell\tA801999926001\t4/3/2012\tasthma\t07700900001\n" };
	static const char *const numbers[] = { "99920#\t30020#\t4465787133150989\n" };
	static const char *const dates[] = { "4/3/2012 5 May 2013 6.7.14 # " };
	static const char *const pairs[] = { "a,#,c\n", "b,2,d\n", "x\n" };
	static const char *const ats[] = { "@@@@@@@@a@b@c@d.e@@#" };
	static const char *const line[] = { "1 2 3 4 5 6 7 8 9 0 # " };

	if (argc > 1) {
		g_autofree char *text = NULL;

		if (!g_file_get_contents(argv[1], &text, NULL, NULL))
			return 2;
		one(argv[1], text, 0);
		return 0;
	}
	made("running text", "", prose, G_N_ELEMENTS(prose), 0);
	made("a list of people", "Name\tUPN\tDOB\tMedical\tMobile\n", people, 1, 5);
	made("a table of numbers", "a\tb\tc\n", numbers, 1, 3);
	made("dates and nothing else", "", dates, 1, 0);
	made("tables of two lines", "", pairs, G_N_ELEMENTS(pairs), 0);
	made("at signs", "", ats, 1, 0);
	made("one line of digits", "", line, 1, 0);
	return 0;
}
