/* fails-if: what a reader of an HTML part sees, or what is hidden in it, is not in its text */
#include <glib.h>
#include <string.h>

#include "scan/walk.h"
#include "t/lib/catch.h"

static char *
text_with(const char *html, gsize len, const char *charset, const char *settings, gboolean *limited)
{
	g_autoptr(Catch) c = catch_new(settings);
	g_autoptr(GBytes) bytes = g_bytes_new(html, len);
	g_autoptr(SgPart) part = sg_part_new("1", "text/html", bytes, SG_AS_IS);
	g_autoptr(GError) error = NULL;
	const SgExtractor *x;

	g_free(part->detected);
	part->detected = g_strdup("text/html");
	g_free(part->charset);
	part->charset = g_strdup(charset);
	x = sg_extractor_for(part, NULL, NULL);
	g_assert_cmpstr(x->name, ==, "html");
	g_assert_true(x->run(part, &c->sink, &error));
	if (limited != NULL)
		*limited = c->limits->len > 0;
	g_assert_cmpint(strncmp(c->text->str, "[] ", 3), ==, 0);
	return g_strndup(c->text->str + 3, c->text->len - 4);
}

static void
table_of_pages(void)
{
	static const struct {
		const char *html, *text;
	} pages[] = {
		{ "<p>one</p><p>two</p>", "one\ntwo\n" },
		{ "k&ZeroWidthSpace;ill &kfr;&iscr;&lopf;l&NewLine;&period;&Kcy;&nope; &af &lt;&amp;",
		    "k\xe2\x80\x8bill kill .\xd0\x9a&nope; &af <&\n" },
		/* some readers see a page inside a style or script, or words that it adds */
		{ "<svg><style><p>one <i>two</i></style></svg>three", "three\none two\n" },
		{ "<svg><style><style><p>one</style></svg>", "one\n" },
		{ "one<math><script><p>two</script>", "one\ntwo\n" },
		{ "one<style><p>two", "one\ntwo\n" },
		{ "<style>p { color: red } a > b { x: 1 }</style>one<script>if (a<1) b()</script>", "one\n" },
		{ "<style>p::before { content : \"one two\" } q { content:'three' }</style>four",
		    "four\none two\nthree\n" },
		{ "a<br>b<hr>c", "a\nb\nc\n" },
		{ "<p>k<b>il</b>l</p>", "kill\n" },
		{ "k<!-- x -->ill", "kill\n" },
		{ "k<span style='display:none'>i</span>ll", "kill\n\n[] kll\n" },
		{ "a  \n\t b", "a b\n" },
		{ "<b>a</b> <i>b</i>", "a b\n" },
		{ "<style>p { color: red }</style>x<script>var y = '<p>z</p>';</script>", "x\n" },
		{ "&lt;b&gt; caf&eacute; &#107;&#x69;ll &amp; &#107ill", "<b> caf\xc3\xa9 kill & kill\n" },
		{ "<img src=x alt='a picture' title=\"of you\">", "a picture of you\n" },
		{ "<a href='http://x.example/'>see this</a>", "see this\n" },
		{ "<table><tr><td>a<td>b<tr><td>c</table>", "a\tb\nc\n" },
		/* as Word pastes them; a table in a cell; cells of many lines */
		{ "<table><tr><td><p>Amy</p></td><td><p>A1</p></td></tr><tr><td><p>Bob</p><td><div>B2</div></table>x",
		    "Amy\tA1\nBob\tB2\nx\n" },
		{ "<table><tr><td>a<table><tr><td>b<td>c</table>d<td>e</table>", "a\nb\tc\nd\te\n" },
		{ "<table><tr><td><p>a<p>b<br></td><td>c</table>", "a\nb\tc\n" },
		{ "<a href='mailto:x@y.example?subject=two%20words&body=three'>m</a>",
		    "subject=two words&body=three\nm\n" },
		{ "<iframe srcdoc='<p>in a frame'></iframe>", "in a frame\n" },
		{ "<svg><script>x</script><text>drawn</text></svg>", "drawn\n" },
		{ "<ul><li>a<li>b</ul>", "a\nb\n" },
		{ "<pre>a\n  b</pre>", "a\nb\n" },
		{ "me<blockquote>you<blockquote>they</blockquote></blockquote>me",
		    "me\n> you\n>> they\nme\n" },
		{ "<div style='font-size:0'>hidden</div>", "hidden\n" },
		/* lines as they are seen, where something hidden parts a word */
		{ "<p>a k<span style='display: NONE'>xyz</span>ill b<p>c", "a kxyzill b\nc\n\n[] a kill b\n" },
		{ "k<i hidden>a b</i>ill <i hidden>c</i>", "ka bill c\n\n[] kill\n" },
		{ "<style>@media all { p.a, .h { color: red; font-size:0px } }</style>k<b class='x h'><i>a</i><br></b>ill",
		    "ka\nill\n\n[] kill\n" },
		{ "k<span style='opacity:0'>a</span>i<span style='left:-99px'>b</span>ll", "kaibll\n\n[] kill\n" },
		{ "one<span style='display:none'>two</span> three<p>four", "onetwo three\nfour\n" },
		{ "one <span style='display:none'>two</span>three", "one twothree\n" },
		{ "k<span style='opacity:0.5;font-size:0.9em'>a</span>ill", "kaill\n" },
		{ "<title>t</title><body>b", "t\nb\n" },
		{ "<input type=button value='press me'>", "press me\n" },
		{ "a<!--[if mso]><p>only Outlook</p><![endif]-->b", "ab\nonly Outlook\n" },
		{ "<noscript>seen</noscript>", "seen\n" },
		{ "unclosed <b", "unclosed\n" },
		{ "<p>a</p", "a\n" },
		{ "no markup at all", "no markup at all\n" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autofree char *got = text_with(pages[i].html, strlen(pages[i].html), "", "", NULL);

		if (strcmp(got, pages[i].text) != 0)
			g_error("%s gave \"%s\", not \"%s\"", pages[i].html, got, pages[i].text);
	}
}

static void
charsets(void)
{
	static const struct {
		const char *html, *charset, *text;
	} pages[] = {
		{ "caf\xe9", "iso-8859-1", "caf\xc3\xa9\n" },
		{ "<meta charset=iso-8859-5>\xda\xd8", "", "\xd0\xba\xd0\xb8\n" },
		{ "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>\xcb\xc9", "",
		    "\xd0\xba\xd0\xb8\n" },
		/* the label of the part decides, and the page's own does not disturb */
		{ "<meta charset=utf-16>caf\xc3\xa9", "utf-8", "caf\xc3\xa9\n" },
		{ "<meta charset=iso-8859-1>caf\xc3\xa9", "utf-8", "caf\xc3\xa9\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autofree char *got = text_with(pages[i].html, strlen(pages[i].html),
		    pages[i].charset, "", NULL);

		g_assert_cmpstr(got, ==, pages[i].text);
	}
}

static void
nul_and_bad_bytes(void)
{
	static const char html[] = "a\0b<p>\xff\xfe" "c\0</p>d";
	g_autofree char *got = text_with(html, sizeof html - 1, "utf-8", "", NULL);

	g_assert_true(g_str_has_prefix(got, "ab\n"));
	g_assert_true(g_str_has_suffix(got, "c\nd\n"));
}

/* Shapes that have made other readers slow or fall over; all are a megabyte. */
static void
monsters(void)
{
	static const char *const shapes[] = { "<", "<div>", "<b><i>", "<!--", "<p x='", "&", "&#", "</p>",
		"<td>", "<a href=x>", "<![CDATA[", "<table><tr><td>", "<blockquote>", "<select><option>",
		"<style>", "\xff", "<?x ", "<!DOCTYPE ", "]]>", "<x:y " };

	for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
		g_autoptr(GString) s = g_string_sized_new(1 << 20);
		g_autofree char *got = NULL;
		gint64 began = g_get_monotonic_time();

		while (s->len < 1 << 20)
			g_string_append(s, shapes[i]);
		g_string_append(s, "<p>the end");
		got = text_with(s->str, s->len, "utf-8", "", NULL);
		g_assert_true(g_utf8_validate(got, -1, NULL));
		g_test_message("%s: %d ms", shapes[i],
		    (int)((g_get_monotonic_time() - began) / 1000));
		g_assert_cmpint(g_get_monotonic_time() - began, <, 10 * G_USEC_PER_SEC);
	}
}

static gint64
time_of(const GString *s)
{
	gint64 began = g_get_monotonic_time();
	g_autofree char *got = text_with(s->str, s->len, "utf-8", "", NULL);

	g_assert_nonnull(strstr(got, "the end"));
	return g_get_monotonic_time() - began;
}

/* libxml2 compares each attribute with all others of its tag, and each end tag with
 * everything that is open: time must not grow with the square. */
static void
time_is_linear(void)
{
	g_autoptr(GString) tag = g_string_new("<b"), open = g_string_new(NULL);

	for (guint i = 0; i < 150000; i++)
		g_string_append_printf(tag, i % 100 == 0 ? " a%u='>" : i % 100 == 1 ? " b' c%u" : " a%u", i);
	g_string_append(tag, "'\"><p>the end");
	for (guint i = 0; i < 150000; i++)
		g_string_append(open, "<b>");
	for (guint i = 0; i < 150000; i++)
		g_string_append(open, "</i>");
	g_string_append(open, "<p>the end");
	g_assert_cmpint(time_of(tag), <, 8 * G_USEC_PER_SEC);
	g_assert_cmpint(time_of(open), <, 8 * G_USEC_PER_SEC);
}

/* What is bounded is bookkeeping: nothing of the page is lost or torn by it. */
static void
bounds_lose_nothing(void)
{
	g_autoptr(GString) s = g_string_new("<blockquote>");
	g_autofree char *deep = NULL, *wide = NULL;

	for (guint i = 0; i < 1000; i++)
		g_string_append(s, "<b>x</b><b>");
	g_string_append(s, "</blockquote><p>on<b>e");
	deep = text_with(s->str, s->len, "utf-8", "", NULL);
	g_assert_true(g_str_has_suffix(deep, "\none\n"));
	g_string_assign(s, "<a href='");
	for (guint i = 0; i < 5000; i++)
		g_string_append(s, "x%20y");
	g_string_append(s, "'>one</a><p alt='two'>three");
	wide = text_with(s->str, s->len, "utf-8", "", NULL);
	g_assert_cmpstr(wide, ==, "one\ntwo three\n");
}

/* A tag that lies over the end of a piece, inside a quoted value: the parser must find its end
 * all the same, and nothing may be added to the text. */
static void
ordinary_links_are_read_in_passing(void)
{
	g_autoptr(GString) page = g_string_new("<table>"), want = g_string_new(NULL);
	g_autofree char *got = NULL;
	gint64 began;

	for (guint i = 0; page->len < 1 << 20; i++) {
		g_string_append_printf(page, "<tr class=\"c%u\"><td style=\"color:#123\"><a "
		    "href=\"https://school.example/%u\">link %u</a>&nbsp;</td></tr>\r\n", i % 9, i, i);
		g_string_append_printf(want, "link %u\xc2\xa0\n", i);
	}
	began = g_get_monotonic_time();
	got = text_with(page->str, page->len, "utf-8", "", NULL);
	g_assert_cmpint(g_get_monotonic_time() - began, <, 5 * G_USEC_PER_SEC);
	g_assert_null(strstr(got, "\"'>"));
	g_assert_cmpuint(strlen(got), ==, want->len);
	g_assert_cmpstr(got, ==, want->str);
}

/* More names than one parser takes: the next one goes on where it stopped, in a tag or in
 * the middle of text, and nothing is lost, added or read twice. */
static void
many_names_lose_nothing(void)
{
	static const char *const kinds[][4] = { { "<x", ">word", "", "word" }, { "<b id", "=1>word", "</b>", "word" },
		{ "&x", ";word", "", NULL } };

	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
		g_autoptr(GString) page = g_string_new(NULL), want = g_string_new(NULL);
		g_autofree char *got = NULL;

		for (guint i = 0; i < 25000; i++) {
			const char *const *s = kinds[k];

			g_string_append_printf(page, "%s%u%s%u%s ", s[0], i, s[1], i, s[2]);
			if (s[3] != NULL)
				g_string_append_printf(want, "%s%u ", s[3], i);
			else
				g_string_append_printf(want, "%s%u%s%u ", s[0], i, s[1], i);
		}
		got = text_with(page->str, page->len, "utf-8", "", NULL);
		g_strdelimit(got, "\n", ' ');	/* a new parser begins a line */
		g_assert_cmpstr(g_strstrip(got), ==, g_strstrip(want->str));
	}
}

/* An address that is the file itself: text is read in passing, others are parts. */
static void
files_in_addresses(void)
{
	static const char html[] = "<a href='data:application/zip;base64,UEsDBAAAAAD/AAECAw=='>x</a>"
	    "<img src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///w=='>"
	    "<a href='data:text/html,%3Cb%3Ewords%3C/b%3E'>y</a><style>@font-face{}</style>";
	g_autoptr(Catch) c = catch_new("");
	g_autoptr(GBytes) bytes = g_bytes_new_static(html, sizeof html - 1);

	g_assert_true(catch_run(c, "html", "text/html", bytes, NULL));
	g_assert_cmpstr(c->text->str, ==, "[] xy\nwords\n\n");
	g_assert_cmpstr(c->parts->str, ==, "1.1  13\n1.2  19\n");
	g_assert_cmpstr(((SgPart *)g_ptr_array_index(c->inside, 0))->declared, ==, "application/zip");
	g_assert_cmpstr(((SgPart *)g_ptr_array_index(c->inside, 1))->declared, ==, "image/gif");
}

/* A list that was pasted is a table; what only places things on a page is not. */
static void
lists_are_tables(void)
{
	static const char list[] = "<p>Dear Bob,</p><table><caption>4B</caption><tr><th>Name<th>UPN<th>Born"
	    "<tr><td><p>Amy <b>A</b>dams</p><td>A1<td>1 May<tr><td>Bob<td><td>2 May<tr><td>Cat<td>C3<td>3 May</table>"
	    "<p>Yours<table><tr><td>Tel<td>1<tr><td>Fax<td>2<tr><td>Web<td>x<tr><td>y<td>z</table>";
	static const char layout[] = "<table><tr><td><table><tr><td>a<td>b<td>c<tr><td>d<td>e<td>f</table><td>x<td>y"
	    "<tr><td>1<td>2<td>3<tr><td>4<td>5<td>6<tr><td>7<td>8<td>9</table>end";
	g_autoptr(Catch) c = catch_new(""), flat = catch_new("");
	g_autoptr(GBytes) bytes = g_bytes_new_static(list, sizeof list - 1);
	g_autoptr(GBytes) other = g_bytes_new_static(layout, sizeof layout - 1);

	g_assert_true(catch_run(c, "html", "text/html", bytes, NULL));
	g_assert_cmpstr(c->text->str, ==, "[body|3] Name\tUPN\tBorn\nAmy Adams\tA1\t1 May\nBob\t\t2 May\n"
	    "Cat\tC3\t3 May\n\n[] Dear Bob,\n4B\nYours\nTel\t1\nFax\t2\nWeb\tx\ny\tz\n\n");
	g_assert_true(catch_run(flat, "html", "text/html", other, NULL));
	g_assert_cmpstr(flat->text->str, ==, "[] a\tb\tc\nd\te\tf\nx\ty\n1\t2\t3\n4\t5\t6\n7\t8\t9\nend\n\n");
}

static void
long_pages_stop_at_the_limit(void)
{
	g_autoptr(GString) s = g_string_new(NULL);
	g_autofree char *got = NULL;
	gboolean limited;

	while (s->len < 1 << 20)
		g_string_append(s, "<p>word ");
	got = text_with(s->str, s->len, "utf-8", "text = 65536L;", &limited);
	g_assert_true(limited);
	g_assert_cmpuint(strlen(got), <, 65536 + 300000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(sg_walk_warm_up(NULL));
	g_test_add_func("/html/table-of-pages", table_of_pages);
	g_test_add_func("/html/charsets", charsets);
	g_test_add_func("/html/nul-and-bad-bytes", nul_and_bad_bytes);
	g_test_add_func("/html/monsters", monsters);
	g_test_add_func("/html/time-is-linear", time_is_linear);
	g_test_add_func("/html/bounds-lose-nothing", bounds_lose_nothing);
	g_test_add_func("/html/ordinary-links", ordinary_links_are_read_in_passing);
	g_test_add_func("/html/many-names", many_names_lose_nothing);
	g_test_add_func("/html/lists-are-tables", lists_are_tables);
	g_test_add_func("/html/files-in-addresses", files_in_addresses);
	g_test_add_func("/html/long-pages-stop-at-the-limit", long_pages_stop_at_the_limit);
	return g_test_run();
}
