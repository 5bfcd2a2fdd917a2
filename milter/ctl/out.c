#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ctl/out.h"
#include "model/uitext.h"

#define GAP   2u
/* a column is not shortened below the first, unless all are there and it is still too wide */
static const gsize leasts[] = { 12, 5 };

static const struct {
	const char *word, *code;
} colours[] = {
	{ "urgent", "1;31" },
	{ "high", "33" },
	{ "wrong", "1;31" },
	{ "warning", "33" },
	{ "ok", "32" },
};

/* --- values --------------------------------------------------------------- */

const char *
sg_json_str(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s != NULL ? s : "";
}

static char *
joined(const json_t *array)
{
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < json_array_size(array); i++) {
		const char *word = json_string_value(json_array_get(array, i));

		g_string_append_printf(s, "%s%s", s->len > 0 ? ", " : "", word != NULL ? word : "");
	}
	return g_string_free(s, FALSE);
}

char *
sg_json_at(const json_t *object, const char *path)
{
	g_auto(GStrv) steps = g_strsplit(path, ".", -1);
	const json_t *j = object;

	for (char **s = steps; *s != NULL; s++)
		j = json_object_get(j, *s);
	if (json_is_array(j))
		return joined(j);
	if (json_is_string(j))
		return g_strdup(json_string_value(j));
	if (json_is_integer(j))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(j));
	if (json_is_real(j))
		return g_strdup_printf("%.1f", json_real_value(j));
	if (json_is_boolean(j))
		return g_strdup(json_is_true(j) ? "yes" : "no");
	return g_strdup("");
}

char *
sg_out_time(const SgCtl *c, const char *rfc3339)
{
	g_autoptr(GDateTime) t =
	    rfc3339 != NULL ? g_date_time_new_from_iso8601(rfc3339, NULL) : NULL;
	g_autoptr(GDateTime) here = t != NULL ? g_date_time_to_local(t) : NULL;
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(sg_clock_now());

	if (t == NULL)
		return g_strdup("");
	if (sg_ctl_has(c, "utc"))
		return g_date_time_format(t, "%Y-%m-%dT%H:%M:%SZ");
	if (!c->table)
		return g_date_time_format(here, "%Y-%m-%d %H:%M:%S");
	if (g_date_time_get_year(here) != g_date_time_get_year(now))
		return g_date_time_format(here, "%-d %b %Y, %H:%M");
	if (ABS(g_date_time_difference(here, now)) > 6 * G_TIME_SPAN_DAY)
		return g_date_time_format(here, "%-d %b %H:%M");
	if (g_date_time_get_day_of_year(here) != g_date_time_get_day_of_year(now))
		return g_date_time_format(here, "%a %H:%M");
	return g_date_time_format(here, "%H:%M");
}

static char *
cell(const SgCtl *c, const json_t *row, const SgColumn *column)
{
	g_autofree char *raw = sg_json_at(row, column->path);
	g_autofree char *shown =
	    column->kind == SG_COL_TIME ? sg_out_time(c, raw) : g_steal_pointer(&raw);

	if (*shown == '\0' && c->table)
		return g_strdup("-");
	return sg_ui_text(shown, -1, 0, SG_UI_ESCAPE | SG_UI_LINE);
}

/* --- tables --------------------------------------------------------------- */

typedef struct Table {
	const SgColumn *const *columns;
	gsize		      *widths;
	gsize		       n;
	GPtrArray	      *rows;	/* GStrv */
} Table;

static gsize
total(const Table *t)
{
	gsize sum = 0;

	for (gsize i = 0; i < t->n; i++)
		sum += t->widths[i] + (i + 1 < t->n ? GAP : 0);
	return sum;
}

static void
fit_to(Table *t, gsize width, gsize least)
{
	for (guint level = 9; level > 0; level--)
		for (gsize i = 0; i < t->n && total(t) > width; i++) {
			gsize over = total(t) - width;

			if (t->columns[i]->shrink == level && t->widths[i] > least)
				t->widths[i] =
				    t->widths[i] > over + least ? t->widths[i] - over : least;
		}
}

static void
fit(Table *t, gsize width)
{
	for (gsize i = 0; i < G_N_ELEMENTS(leasts); i++)
		fit_to(t, width, leasts[i]);
}

static const char *
colour_of(const SgCtl *c, const SgColumn *column, const char *text)
{
	gboolean state = strcmp(column->path, "urgency") == 0 || strcmp(column->path, "state") == 0;

	for (gsize i = 0; c->colour && state && i < G_N_ELEMENTS(colours); i++)
		if (strcmp(colours[i].word, text) == 0)
			return colours[i].code;
	return NULL;
}

static void
print_cell(const SgCtl *c, const Table *t, gsize i, const char *text)
{
	g_autofree char *cut = sg_ui_fit(text, t->widths[i]);
	const char *colour = colour_of(c, t->columns[i], text);
	int pad = (int)(t->widths[i] - MIN(sg_ui_width(cut), t->widths[i]));
	gboolean right = t->columns[i]->kind == SG_COL_NUMBER, last = i + 1 == t->n;

	printf("%*s%s%s%s%s%s%s%*s%s", right ? pad : 0, "", colour != NULL ? "\033[" : "",
	    colour != NULL ? colour : "", colour != NULL ? "m" : "", cut,
	    colour != NULL ? "\033[0m" : "", "", right || last ? 0 : pad, "", last ? "\n" : "  ");
}

static void
print_fitted(const SgCtl *c, Table *t)
{
	gboolean header = !sg_ctl_has(c, "no-header");

	for (gsize i = 0; i < t->n; i++)
		t->widths[i] = header ? strlen(t->columns[i]->title) : 1;
	for (guint r = 0; r < t->rows->len; r++)
		for (gsize i = 0; i < t->n; i++)
			t->widths[i] = MAX(
			    t->widths[i], sg_ui_width(((char **)g_ptr_array_index(t->rows, r))[i]));
	fit(t, c->width);
	for (gsize i = 0; header && i < t->n; i++)
		print_cell(c, t, i, t->columns[i]->title);
	for (guint r = 0; r < t->rows->len; r++)
		for (gsize i = 0; i < t->n; i++)
			print_cell(c, t, i, ((char **)g_ptr_array_index(t->rows, r))[i]);
}

static void
print_piped(const SgCtl *c, const Table *t)
{
	for (gsize i = 0; !sg_ctl_has(c, "no-header") && i < t->n; i++)
		printf("%s%c", t->columns[i]->title, i + 1 < t->n ? '\t' : '\n');
	for (guint r = 0; r < t->rows->len; r++)
		for (gsize i = 0; i < t->n; i++)
			printf("%s%c", ((char **)g_ptr_array_index(t->rows, r))[i],
			    i + 1 < t->n ? '\t' : '\n');
}

static gboolean
same_name(const char *title, const char *asked)
{
	for (; *title != '\0' && *asked != '\0'; title++, asked++)
		if (g_ascii_tolower(*title) != g_ascii_tolower(*asked) &&
		    !(*title == ' ' && *asked == '-'))
			return FALSE;
	return *title == *asked;
}

static void
say_columns(const SgCtl *c, const char *asked, const SgColumn *columns, gsize n)
{
	g_autoptr(GString) all = g_string_new("Choose from:");

	for (gsize i = 0; i < n; i++) {
		g_autofree char *name = g_ascii_strdown(columns[i].title, -1);

		g_string_append_printf(all, " %s", g_strdelimit(name, " ", '-'));
	}
	(void)sg_ctl_fail(c, SG_EXIT_USAGE, "there is no such column", asked, all->str);
}

/* The columns to show; NULL when one is unknown. */
static GPtrArray *
choose(const SgCtl *c, const SgColumn *columns, gsize n)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new();
	const char *list = sg_ctl_value(c, "columns");
	g_auto(GStrv) asked = g_strsplit(list != NULL ? list : "", ",", -1);

	for (gsize i = 0; list == NULL && i < n; i++)
		g_ptr_array_add(out, (gpointer)(gsize)&columns[i]);
	for (char **a = asked; *a != NULL; a++) {
		gsize i = 0;

		while (i < n && !same_name(columns[i].title, g_strstrip(*a)))
			i++;
		if (i == n) {
			say_columns(c, *a, columns, n);
			return NULL;
		}
		g_ptr_array_add(out, (gpointer)(gsize)&columns[i]);
	}
	return g_steal_pointer(&out);
}

gboolean
sg_out_rows(const SgCtl *c, const json_t *rows, const SgColumn *columns, gsize n)
{
	g_autoptr(GPtrArray) shown = choose(c, columns, n);
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	g_autofree gsize *widths = NULL;

	if (shown == NULL)
		return FALSE;
	if (sg_ctl_has(c, "json")) {
		for (gsize i = 0; i < json_array_size(rows); i++)
			sg_out_json(json_array_get(rows, i));
		return TRUE;
	}
	for (gsize r = 0; r < json_array_size(rows); r++) {
		char **line = g_new0(char *, shown->len + 1);

		for (guint i = 0; i < shown->len; i++)
			line[i] = cell(c, json_array_get(rows, r), g_ptr_array_index(shown, i));
		g_ptr_array_add(cells, line);
	}
	widths = g_new0(gsize, shown->len + 1);
	Table t = { (const SgColumn *const *)shown->pdata, widths, shown->len, cells };

	if (c->table && cells->len > 0)
		print_fitted(c, &t);
	else if (!c->table)
		print_piped(c, &t);
	return TRUE;
}

/* --- the rest -------------------------------------------------------------- */

void
sg_out_json(const json_t *object)
{
	json_t *line = json_object();
	const char *key;
	json_t *value;
	char *text;

	json_object_set_new(line, "schema", json_integer(1));
	json_object_foreach((json_t *)(gsize)object, key, value)
		if (key[0] != '_')
			json_object_set(line, key, value);
	/* pure ASCII: a terminal sees no C1 or bidi character here either */
	text = json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
	printf("%s\n", text != NULL ? text : "{\"schema\":1}");
	free(text);
	json_decref(line);
}

void
sg_out_fact(const SgCtl *c, const char *label, const char *value)
{
	g_autofree char *clean = sg_ui_text(value, -1, 0, SG_UI_ESCAPE | SG_UI_LINE);

	if (*clean == '\0')
		return;
	if (c->table)
		printf("%-12s %s\n", label, clean);
	else
		printf("%s\t%s\n", label, clean);
}

void
sg_out_heading(const SgCtl *c, const char *text)
{
	printf("%s%s%s\n", c->colour ? "\033[1m" : "", text, c->colour ? "\033[0m" : "");
}

void
sg_out_text(const SgCtl *c, const char *text, const char *indent)
{
	g_autofree char *clean = sg_ui_text(text, -1, 0, SG_UI_ESCAPE);
	g_auto(GStrv) lines = g_strsplit(clean, "\n", -1);

	for (char **l = lines; *l != NULL; l++) {
		printf("%s", indent);
		if (c->table)
			sg_out_wrapped((guint)strlen(indent), c->width, *l);
		else
			printf("%s\n", *l);
	}
}

void
sg_out_wrapped(guint column, guint width, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	guint at = column;

	for (char **w = words; *w != NULL; w++) {
		guint n = (guint)sg_ui_width(*w);

		if (at + n > width && at > column) {
			printf("\n%*s", (int)column, "");
			at = column;
		}
		printf("%s%s", at > column ? " " : "", *w);
		at += n + 1;
	}
	putchar('\n');
}
