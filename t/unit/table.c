/* fails-if: the row that names a table's columns is not found, or a record is taken for it; or
 * a table passes its limits in silence */
#include <glib.h>
#include <string.h>

#include "base/err.h"
#include "part/table.h"
#include "t/lib/fakematch.h"

typedef struct Catch {
	SgSink	 sink;
	GString *text;
	guint	 columns;
	GString *limits;
} Catch;

static gboolean
catch_table(SgSink *self, const char *where, guint columns, const char *utf8, gsize len, GError **error)
{
	Catch *c = (Catch *)self;

	(void)error;
	g_assert_cmpstr(where, ==, "attachment");
	g_string_append_len(c->text, utf8, (gssize)len);
	c->columns = columns;
	return TRUE;
}

static void
catch_limit(SgSink *self, const char *name)
{
	g_string_append(((Catch *)self)->limits, name);
}

static void
begin(Catch *c, SgOptions *options)
{
	*c = (Catch){ .sink = { .options = options, .table = catch_table, .limit = catch_limit },
		.text = g_string_new(NULL), .limits = g_string_new(NULL) };
}

static void
end(Catch *c)
{
	g_string_free(c->text, TRUE);
	g_string_free(c->limits, TRUE);
}

/* Rows by "/", cells by "|". */
static void
feed(SgTable *t, const char *drawn)
{
	g_auto(GStrv) rows = g_strsplit(drawn, "/", -1);

	for (guint r = 0; rows[r] != NULL; r++) {
		g_auto(GStrv) cells = g_strsplit(rows[r], "|", -1);

		for (guint c = 0; cells[c] != NULL; c++)
			g_assert_true(sg_table_cell(t, r, c, cells[c], strlen(cells[c]), NULL));
	}
}

static void
headers(void)
{
	static const struct {
		const char *drawn, *header;
	} tables[] = {
		{ "Name|UPN/Ann|A123456789012/Bob|B123456789012", "Name\tUPN" },
		/* titles above it */
		{ "Hill School/Class 7B, autumn 2024//Name|Date of birth|Phone/Ann|01-02-2010|07700 900123",
		    "Name\tDate of birth\tPhone" },
		/* groups of columns above it */
		{ "|Pupil||Parent|/No|Forename|Surname|Name|Email/1|Ann|Lee|Jo Lee|jo@x.example/2|Bob|Ray|Al Ray|al@x.example",
		    "No\tForename\tSurname\tName\tEmail" },
		/* blank columns on the left */
		{ "||Name|DOB/||Ann|01-02-2010/||Bob|03-04-2011", "\t\tName\tDOB" },
		/* words that no list has, above values */
		{ "Hwntw|Blwyddyn/Ann|2010/Bob|2011", "Hwntw\tBlwyddyn" },
		/* none at all */
		{ "Ann Lee|A123456789012|01-02-2010/Bob Ray|B123456789012|03-04-2011", "" },
		{ "Ann|Lee/Bob|Ray/Cat|Doe", "" },
		/* a form, not a list */
		{ "Name|Ann Lee/Date of birth|01-02-2010/Address|1 High Road", "" },
		{ "one cell", "" },
		{ "Surname/Lee/Ray", "Surname" },
		/* the questions of a form */
		{ "Timestamp|What is your child's name?|Does your child have any medical conditions that we should know about? Please "
		    "say what/01-02-2026|Ann Lee|asthma/02-02-2026|Bob Ray|none",
		    "Timestamp\tWhat is your child's name?\tDoes your child have any medical conditions that we should know about? "
		    "Please say what" },
		{ "Ann Lee|She told a teacher that she had been at home alone for a week and is worried/Bob Ray|all well", "" },
		{ "Pupil|Concern/Ann|told a teacher about home/Bob|has been hungry", "Pupil\tConcern" },
	};
	g_autoptr(SgOptions) options = fake_options("");

	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autofree char *first = NULL;
		g_autoptr(SgTable) t = NULL;
		Catch c;

		begin(&c, options);
		t = sg_table_new(&c.sink, "attachment");
		feed(t, tables[i].drawn);
		g_assert_true(sg_table_give(t, NULL));
		first = g_strndup(c.text->str, strcspn(c.text->str, "\n"));
		if (strcmp(first, tables[i].header) != 0)
			g_error("%s: header \"%s\", not \"%s\"", tables[i].drawn, first, tables[i].header);
		end(&c);
	}
}

static void
nothing_is_lost(void)
{
	g_autoptr(SgOptions) options = fake_options("");
	g_autoptr(SgTable) t = NULL;
	Catch c;

	begin(&c, options);
	t = sg_table_new(&c.sink, "attachment");
	g_assert_true(sg_table_cell(t, 3, 1, "a\tb\nc", 5, NULL));
	g_assert_true(sg_table_cell(t, 3, 1, "again", 5, NULL));
	g_assert_true(sg_table_cell(t, 3, 0, "before", 6, NULL));
	g_assert_true(sg_table_cell(t, 9, 5000, "far", 3, NULL));
	g_assert_true(sg_table_give(t, NULL));
	g_assert_cmpuint(c.columns, ==, SG_TABLE_NEAR + 1);
	g_assert_true(g_str_has_prefix(c.text->str, "\nbefore\ta b c again\n\t"));
	g_assert_true(g_str_has_suffix(c.text->str, "\tfar\n"));
	/* ready for the next one; an empty one gives nothing */
	g_string_truncate(c.text, 0);
	g_assert_true(sg_table_give(t, NULL));
	g_assert_cmpuint(c.text->len, ==, 0);
	end(&c);
}

static void
limits_are_told(void)
{
	g_autoptr(SgOptions) options = fake_options("text = 65536L;");
	g_autoptr(GError) error = NULL;
	g_autoptr(SgTable) t = NULL;
	guint row = 0;
	Catch c;

	begin(&c, options);
	t = sg_table_new(&c.sink, "attachment");
	while (sg_table_cell(t, row, 255, "x", 1, &error))
		row++;
	g_assert_error(error, SG_ERR, SG_ERR_LIMIT);
	g_assert_cmpuint(row, >, 200);
	g_assert_true(sg_table_give(t, NULL));
	g_assert_cmpuint(c.text->len, <, 70000);
	g_assert_cmpstr(c.limits->str, ==, "text");
	end(&c);
}

/* Each column has a place of its own, and what stands far to the right costs its row little. */
static void
wide_ones(void)
{
	g_autoptr(SgOptions) options = fake_options("");
	g_autoptr(SgTable) t = NULL;
	Catch c;

	begin(&c, options);
	t = sg_table_new(&c.sink, "attachment");
	for (guint row = 0; row < 100; row++) {
		g_assert_true(sg_table_cell(t, row, 9000, row > 0 ? "Lee" : "Surname", row > 0 ? 3 : 7, NULL));
		g_assert_true(sg_table_cell(t, row, 16383, row > 0 ? "Ann" : "Forename", row > 0 ? 3 : 8, NULL));
	}
	g_assert_true(sg_table_give(t, NULL));
	g_assert_cmpuint(c.columns, ==, SG_TABLE_NEAR + 2);
	g_assert_true(g_str_has_suffix(c.text->str, "\tLee\tAnn\n"));
	g_assert_nonnull(strstr(c.text->str, "\tSurname\tForename\n"));
	g_assert_cmpuint(c.text->len, <, 100 * (SG_TABLE_NEAR + 20));
	g_assert_cmpstr(c.limits->str, ==, "");
	/* one more than there is room for is told, once */
	for (guint row = 0; row < 2; row++)
		for (guint i = 0; i < SG_TABLE_COLUMNS + 2; i++)
			g_assert_true(sg_table_cell(t, row, i, "x", 1, NULL));
	g_assert_true(sg_table_give(t, NULL));
	g_assert_cmpuint(c.columns, ==, SG_TABLE_COLUMNS);
	g_assert_true(g_str_has_suffix(c.text->str, "\tx x x\n"));
	g_assert_cmpstr(c.limits->str, ==, "rows");
	end(&c);
}

/* Behind the first rows cells are appended as they come; those that come in another order,
 * twice, or with line ends must give the same. */
static void
any_order(void)
{
	static const struct { guint row, column; const char *text; } cells[] = {
		{ 0, 0, "a" }, { 0, 2, "c" }, { 0, 2, "c" }, { 0, 1, "b" }, { 0, 2, "x\ty" }, { 0, 0, "z" },
		{ 1, 3, "d\r\n" }, { 1, 0, "a" },
		{ 2, 1, "only" }, { 3, 1, "one" }, { 3, 1, "two" }, { 3, 4, "e" },
	};
	static const char want[] = "a z\tb\tc c x y\na\t\t\td  \n\tonly\n\tone two\t\t\te\n";
	SgOptions options = { .scan.text = 1000000 };

	for (guint before = 0; before < 60; before += 59) {
		Catch c;
		SgTable *t;
		const char *last;

		begin(&c, &options);
		t = sg_table_new(&c.sink, "attachment");
		for (guint r = 0; r < before; r++)
			g_assert_true(sg_table_cell(t, r, 0, "1", 1, NULL));
		for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
			g_assert_true(sg_table_cell(t, before + cells[i].row, cells[i].column, cells[i].text,
			    strlen(cells[i].text), NULL));
		g_assert_true(sg_table_give(t, NULL));
		g_assert_cmpuint(c.columns, ==, 5);
		g_assert_cmpuint(c.text->len, >=, sizeof want - 1);
		last = c.text->str + c.text->len - (sizeof want - 1);
		g_assert_cmpstr(last, ==, want);
		sg_table_free(t);
		end(&c);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/table/headers", headers);
	g_test_add_func("/table/nothing-is-lost", nothing_is_lost);
	g_test_add_func("/table/limits-are-told", limits_are_told);
	g_test_add_func("/table/wide-ones", wide_ones);
	g_test_add_func("/table/any-order", any_order);
	return g_test_run();
}
