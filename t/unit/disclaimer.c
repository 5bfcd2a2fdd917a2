/* fails-if: a text goes to the wrong mail, at the wrong time, without a value or with markup in one */
#include <glib.h>

#include "decide/disclaimer.h"
#include "school.h"

#define PEOPLE "address,class,name\nhale@hill.example,staff,Ann <b> & Co\n"
#define OUT "hale@hill.example= hale@hill.example > x@y.example"

static SgDisclaimers *
texts_for(const char *row, const char *mail, gint64 now)
{
	g_autofree char *conf = g_strdup_printf(SCHOOL_CLASSES SCHOOL_CONTACTS
	    "policy = ( { id = \"p\"; do = \"tag\"; } );\n" "disclaimers = ( { id = \"d\"; text = \"hello.md\"; %s } );\n", row);
	g_autoptr(GError) error = NULL;
	g_autoptr(SgPolicy) p = school_policy(conf, PEOPLE, NULL, &error);
	g_autoptr(SgMessage) m = school_message(mail);

	g_assert_no_error(error);
	return sg_disclaimers_for(p, m, m->recipients, now);
}

static void
faces(void)
{
	g_autoptr(SgDisclaimers) t = texts_for("direction = [ \"out\" ];", OUT, 1000);
	const SgWireDISCLAIM *d = g_ptr_array_index(t->texts, 0);

	g_assert_cmpstr(d->name, ==, "d");
	g_assert_nonnull(strstr(d->plain, "Hillview Academy"));
	g_assert_null(strstr(d->plain, "nobody"));
	g_assert_null(strstr(d->plain, "Hello"));	/* its line has a value that is not known */
	g_assert_nonnull(strstr(d->plain, "Sent by Ann <b> & Co <b>"));
	g_assert_nonnull(strstr(d->html, "Ann &lt;b&gt; &amp; Co &lt;b&gt;"));
	g_assert_null(strstr(d->html, "<b>"));
	g_assert_nonnull(strstr(d->known, "allwordsofthislineareforeverybody"));
}

static void
who(void)
{
	static const struct {
		const char *row, *mail;
		gboolean added;
	} rows[] = {
		{ "direction = [ \"out\" ];", OUT, TRUE },
		{ "direction = [ \"out\" ];", "hale= hale@hill.example > a@hill.example", FALSE },
		{ "from = [ \"staff\" ]; direction = [ \"out\" ];", OUT, TRUE },
		{ "from = [ \"pupil\" ]; direction = [ \"out\" ];", OUT, FALSE },
		{ "from = [ \"staff\" ]; to = [ \"outside\" ];", OUT, TRUE },
		{ "from = [ \"staff\" ]; to = [ \"pupil\" ];", OUT, FALSE },
		{ "domain = [ \"hill.example\" ]; direction = [ \"out\" ];", OUT, TRUE },
		{ "domain = [ \"pupils.hill.example\" ]; direction = [ \"out\" ];", OUT, FALSE },
		{ "direction = [ \"out\" ];", "mum@x.example > a@hill.example", FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(SgDisclaimers) t = texts_for(rows[i].row, rows[i].mail, 1000);

		g_test_message("%s %s", rows[i].row, rows[i].mail);
		g_assert_cmpint(t != NULL, ==, rows[i].added);
	}
}

static void
dates(void)
{
	static const char row[] = "direction = [ \"out\" ]; since = \"2024-01-01\"; until = \"2024-02-01\";";
	static const gint64 day = 86400, start = 1704067200;	/* 2024-01-01 */
	g_autoptr(SgDisclaimers) before = texts_for(row, OUT, start - 2 * day), within = texts_for(row, OUT, start + 2 * day),
	    after = texts_for(row, OUT, start + 40 * day);

	g_assert_null(before);
	g_assert_nonnull(within);
	g_assert_null(after);
}

static void
apart(void)
{
	g_autoptr(SgDisclaimers) t = texts_for("direction = [ \"out\" ]; mode = \"split\";",
	    OUT " a@hill.example b@hill.example", 1000);
	g_autoptr(SgDisclaimers) any = texts_for("direction = [ \"out\" ];", OUT " a@hill.example", 1000);
	g_autoptr(SgDisclaimers) shadow = texts_for("direction = [ \"out\" ]; shadow = true;", OUT, 1000);

	g_assert_cmpuint(t->apart->len, ==, 2);
	g_assert_cmpuint(any->apart->len, ==, 0);
	g_assert_cmpuint(shadow->texts->len, ==, 0);
	g_assert_cmpstr(g_ptr_array_index(shadow->shadow, 0), ==, "d");
}

static void
past(void)
{
	g_autoptr(SgDisclaimers) t = texts_for("direction = [ \"out\" ]; past = [ \"hello.md\" ];", OUT, 1000);
	const SgWireDISCLAIM *d = g_ptr_array_index(t->texts, 0);
	g_auto(GStrv) lines = g_strsplit(d->known, "\n", -1);

	g_assert_cmpuint(g_strv_length(lines), >=, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/disclaimer/faces", faces);
	g_test_add_func("/disclaimer/who", who);
	g_test_add_func("/disclaimer/dates", dates);
	g_test_add_func("/disclaimer/apart", apart);
	g_test_add_func("/disclaimer/past", past);
	return g_test_run();
}
