/*
 * tpl - what it costs to make a page of a model.  Figures, not a test.
 *
 *   t/bench/tpl DIRECTORY TEMPLATE MODEL.json
 *   t/bench/tpl
 *
 * Without arguments: a table of 1, 50 and 1000 rows of ten values.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tpl/tpl.h"

#define ROUNDS 200u

static double
now(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
one(const SgTpl *t, const char *name, const json_t *model, const char *what)
{
	g_autoptr(GString) out = g_string_new(NULL);
	double start = now();

	for (guint i = 0; i < ROUNDS; i++) {
		g_string_truncate(out, 0);
		(void)sg_tpl_render(t, name, model, out, NULL);
	}
	printf("%-24s %10.1f us  %8" G_GSIZE_FORMAT " bytes\n", what, (now() - start) / ROUNDS, out->len);
}

static void
tables(void)
{
	static const char text[] =
	    "<table>{{#rows}}<tr class=\"r{{#late}} late{{/late}}\"><td><a href=\"/message/{{id}}\">{{why}}</a>"
	    "<span>{{way}} {{when}}</span></td><td>{{from.group}} {{to.group}}</td><td>{{look}}</td>"
	    "<td>{{#mine}}you{{/mine}}{{^mine}}{{owner}}{{/mine}}</td></tr>\n{{/rows}}</table>";
	static const guint sizes[] = { 1, 50, 1000 };
	g_autoptr(SgTpl) t = sg_tpl_new();

	(void)sg_tpl_add(t, "t.html", "t", text, sizeof text - 1, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		json_t *rows = json_array(), *m = json_pack("{s:o}", "rows", rows);
		g_autofree char *what = g_strdup_printf("%u rows", sizes[i]);

		for (guint k = 0; k < sizes[i]; k++)
			json_array_append_new(rows, json_pack("{s:b s:s s:s s:s s:s s:{s:s} s:{s:s} s:s s:s}",
			    "late", k % 2, "id", "7F3K-9QXD", "why", "Bullying or insults", "way", "Going out",
			    "when", "10:42", "from", "group", "pupil", "to", "group", "outside", "look",
			    "11:30", "owner", "Mr O'Neill"));
		one(t, "t", m, what);
		json_decref(m);
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(SgTpl) t = argc == 4 ? sg_tpl_load(argv[1], NULL, &error) : NULL;
	json_t *m = t != NULL ? json_load_file(argv[3], 0, NULL) : NULL;

	if (argc != 4)
		tables();
	else if (m != NULL)
		one(t, argv[2], m, argv[2]);
	else
		(void)fprintf(stderr, "%s\n", error != NULL ? error->message : "the model cannot be read");
	json_decref(m);
	return argc == 4 && m == NULL;
}
