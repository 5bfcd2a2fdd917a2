/* fails-if: the place in a page is hidden, swallowed or not where the page ends, or takes long to find */
#include <glib.h>
#include <string.h>

#include "rewrite/htmlspot.h"

/* "^" is top, "$" bottom, "%" the quotation (when there is one). */
static void
table(void)
{
	static const char *const rows[] = {
		"<html><body>^a$</body></html>", "^a$", "^$", "<html>^<p>a</p>$</html>", "<BODY>^a$</BODY >",
		"<body>^a<!-- </body> -->$</body>", "<body>^a$<!-- </body>", "<body>^a<!-- x --!>b$</body>",
		"<body>^<p title=\"</body>\">a</p>$</body>", "<body>^a$<p title=\"</body>",
		"<body>^a<script>\"</body>\"</script>$</body>", "<body>^a$<style></body>", "<body>^a$<textarea></body>",
		"<body>^a$</body><!-- </body> -->", "<body>^a</body><p>b</p>$", "<body>^a</body>b</html>$",
		"<body>^a$<div style='display:none'>b</body>", "<body>^a$<div style='display:/**/none'/>b</body>",
		"<body>^a$<div style='display&#58;none'>b</body>", "<body>^<div hidden>x</div>a$</body>",
		"<body>^a$<div hidden><table><tr><td></div></td></tr></table></body>",
		"<body>^a$<span hidden><div></span></div></body>", "<body>^<ul><li hidden>x<li>y$</body>",
		"<body>^<table><tr><td hidden>x<td>y</table>$</body>", "<body>^<p hidden>x<p>y$</body>",
		"<body>^a$<svg><text>b</body>", "<body>^a<svg/>b$</body>", "<body>^a$<details>b</body>",
		"<body>^a$<select><option>b</body>", "<body>^a<![if !mso]>b<![endif]>$</body>",
		"<body>^a$<![if !mso]>b</body>", "<body>^a$<!--[if !mso]><!-->b</body>",
		"<body>^a<!--[if !mso]><!-->b<!--<![endif]-->$</body>", "<body>^a<!--[if mso]></body><![endif]-->b$</body>",
		"<body>^a%<blockquote type=cite>b</blockquote>$</body>", "<body>^a%<div class=\"x gmail_quote\">b</div>$</body>",
		"<body>^a%<div style='border:none; border-top: solid #E1E1E1 1.0pt'>b</div>$</body>",
		"<body>^1 < 2$</body>", "<body>^a<$",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) page = g_string_new(NULL), got = NULL;
		SgHtmlSpots s;

		for (const char *p = rows[i]; *p != '\0'; p++)
			if (strchr("^$%", *p) == NULL)
				g_string_append_c(page, *p);
		sg_html_spots(page->str, page->len, &s, NULL, NULL);
		g_assert_true(s.shown);
		got = g_string_new(page->str);
		g_string_insert_c(got, (gssize)s.bottom, '$');
		if (s.has_quote)
			g_string_insert_c(got, (gssize)s.quote, '%');
		g_string_insert_c(got, (gssize)s.top, '^');
		g_assert_cmpstr(got->str, ==, rows[i]);
	}
}

static void
nowhere(void)
{
	static const char *const rows[] = { "<html hidden><body>a", "<body style='display:none'>a",
		"<html><head></head><frameset cols=50%><frame src=x></frameset></html>" };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		SgHtmlSpots s;

		sg_html_spots(rows[i], strlen(rows[i]), &s, NULL, NULL);
		g_assert_false(s.shown);
	}
}

static void
words(void)
{
	g_autoptr(GString) w = g_string_new(NULL);
	g_autofree char *text = NULL;
	SgHtmlSpots s;
	gsize quoted = 0;
	static const char page[] = "<head><title>t</title></head><p>Caf&eacute; &#8211;&#x41;&nope;</p><!-- no -->"
	    "<blockquote type=cite>old</blockquote>";

	sg_html_spots(page, strlen(page), &s, w, &quoted);
	text = g_strdup(w->str);
	sg_html_references(text);
	g_assert_nonnull(strstr(text, "Cafe \xe2\x80\x93" "A "));
	g_assert_null(strstr(text, "no -"));
	g_assert_nonnull(strstr(w->str + quoted, "old"));
	g_assert_null(strstr(w->str + quoted, "Caf"));
}

/* Ten times the page, at most some twelve times the time: here with much room. */
static void
linear(void)
{
	static const char *const pieces[] = { "<div>", "<span>", "</div>", "<div></span>", "<!--", "<!-- --", "<p title=\"",
		"<script>", "<a b=c>", "&#", "<![if x]>", "<li>", "<td>", "<div hidden>", "<textarea></b", "<" };

	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) page = g_string_new("<span>");
		gint64 start;
		SgHtmlSpots s;

		for (guint k = 0; k < 100000; k++)
			g_string_append(page, pieces[i]);
		start = g_get_monotonic_time();
		sg_html_spots(page->str, page->len, &s, NULL, NULL);
		g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
		g_assert_cmpuint(s.bottom, <=, page->len);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/htmlspot/table", table);
	g_test_add_func("/htmlspot/nowhere", nowhere);
	g_test_add_func("/htmlspot/words", words);
	g_test_add_func("/htmlspot/linear", linear);
	return g_test_run();
}
