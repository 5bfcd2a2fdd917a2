/* fails-if: a mail of ours lacks a header, is too wide, or a configured value becomes a header */
#include <gmime/gmime.h>
#include <string.h>

#include "courier/compose.h"

static GBytes *
write_letter(const char *name, const char *subject, const char *text)
{
	SgLetter l = { .from_name = name,
		.from = "schoolgate@hillview.example",
		.to = "dsl@hillview.example",
		.reply_to = "",
		.subject = subject,
		.text = text,
		.language = "en",
		.kind = "alert",
		.ref = "7F3K9QXD",
		.now = 1772620000 };

	return sg_compose(&l);
}

static GMimeMessage *
parse(GBytes *mail)
{
	gsize n;
	const char *p = g_bytes_get_data(mail, &n);
	GMimeStream *s = g_mime_stream_mem_new_with_buffer(p, n);
	GMimeParser *parser = g_mime_parser_new_with_stream(s);
	GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(s);
	g_assert_nonnull(m);
	return m;
}

static void
headers(void)
{
	g_autoptr(GBytes) mail =
	    write_letter("Hillview safeguarding", "Schoolgate: 1 message is waiting", "Hello.\n");
	g_autofree char *s = g_strndup(g_bytes_get_data(mail, NULL), g_bytes_get_size(mail));
	char *end = strstr(s, "\r\n\r\n");

	g_assert_nonnull(end);
	*end = '\0';
	g_assert_nonnull(
	    strstr(s, "From: \"Hillview safeguarding\" <schoolgate@hillview.example>"));
	g_assert_nonnull(strstr(s, "To: <dsl@hillview.example>"));
	g_assert_nonnull(strstr(s, "Auto-Submitted: auto-generated"));
	g_assert_nonnull(strstr(s, "X-Auto-Response-Suppress: All"));
	g_assert_nonnull(strstr(s, "Content-Language: en"));
	g_assert_nonnull(strstr(s, "X-Schoolgate: alert; ref=7F3K9QXD"));
	g_assert_nonnull(strstr(s, "MIME-Version: 1.0"));
	g_assert_nonnull(strstr(s, "@hillview.example>"));
	g_assert_nonnull(strstr(s, "multipart/alternative"));
	g_assert_null(strstr(s, "Reply-To"));
}

static void
nothing_becomes_a_header(void)
{
	g_autoptr(GBytes) mail =
	    write_letter("Hill\r\nBcc: x@y.example\r\n", "a\r\nX-Evil: 1", "b\n");
	GMimeMessage *m = parse(mail);
	GMimeObject *o = GMIME_OBJECT(m);

	g_assert_null(g_mime_object_get_header(o, "X-Evil"));
	g_assert_null(g_mime_object_get_header(o, "Bcc"));
	g_object_unref(m);
}

static void
wire_form(void)
{
	g_autoptr(GBytes) mail = write_letter(
	    "Ysgol G\xc5\xb5yl \xe2\x80\x94 \xe2\x9c\x94 safeguarding",
	    "Caf\xc3\xa9 \xe2\x80\x9cx\xe2\x80\x9d",
	    "A caf\xc3\xa9 line.\n\n.dot\nFrom here\n  Sign in:  https://x.example/a?b=c&d=e\n");
	gsize n, line = 0;
	const char *p = g_bytes_get_data(mail, &n);

	for (gsize i = 0; i < n; i++) {
		g_assert_true((guchar)p[i] < 0x80);
		g_assert_true(p[i] != '\n' || (i > 0 && p[i - 1] == '\r'));
		line = p[i] == '\n' ? 0 : line + 1;
		g_assert_cmpuint(line, <=, 78);
	}
	g_assert_true(p[n - 1] == '\n');
}

static char *
leaf(GMimeMultipart *both, int i)
{
	GMimeObject *o = g_mime_multipart_get_part(both, i);

	g_assert_cmpint(g_mime_part_get_content_encoding(GMIME_PART(o)), ==,
	    GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	return g_mime_text_part_get_text(GMIME_TEXT_PART(o));
}

/* Text out of our own HTML: tags off, entities back, blanks together. */
static char *
words_of(const char *html)
{
	const char *body = strstr(html, "<body");
	GString *out = g_string_new(NULL);
	gboolean tag = FALSE, blank = TRUE;

	for (const char *p = body != NULL ? body : html; *p != '\0'; p++) {
		if (*p == '<' || *p == '>')
			tag = *p == '<';
		if (!tag && g_str_has_prefix(p, "&amp;")) {
			g_string_append_c(out, '&');
			p += 4;
			blank = FALSE;
		} else if (tag || *p == '>' || g_ascii_isspace(*p)) {
			if (!blank)
				g_string_append_c(out, ' ');
			blank = TRUE;
		} else {
			g_string_append_c(out, *p);
			blank = FALSE;
		}
	}
	return g_strchomp(g_string_free(out, FALSE));
}

static void
same_words_twice(void)
{
	static const char text[] = "A caf\xc3\xa9 & more.\nSecond line.\n\n  Reference     "
				   "7F3K-9QXD\n  Reason        A & B\n\n"
				   "Sign in:  https://x.example/m?a=1&b=2\n";
	g_autoptr(GBytes) mail = write_letter("x", "y", text);
	GMimeMessage *m = parse(mail);
	GMimeMultipart *both = GMIME_MULTIPART(g_mime_message_get_mime_part(m));
	g_autofree char *plain = leaf(both, 0), *html = leaf(both, 1);
	g_autofree char *a = words_of(plain), *b = words_of(html);

	g_assert_cmpstr(a, ==, b);
	g_assert_nonnull(strstr(html, "<a href=\"https://x.example/m?a=1&amp;b=2\">"));
	g_assert_nonnull(strstr(html, "<strong>Reference</strong> 7F3K-9QXD<br>"));
	g_assert_null(strstr(html, "<img"));
	g_assert_null(strstr(html, "<style"));
	g_object_unref(m);
}

static void
names_survive(void)
{
	static const char *const names[] = {
		"Hillview safeguarding",
		"Ysgol G\xc5\xb5yl \xe2\x80\x94 \xe2\x9c\x94 a name that is long enough for two "
		"encoded words, \xc5\xb5",
		"St \"X\" & Co, (Ltd) \\ <a@b>",
		"=?x?= safeguarding",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GBytes) mail = write_letter(names[i], names[i], "x\n");
		GMimeMessage *m = parse(mail);
		InternetAddress *from =
		    internet_address_list_get_address(g_mime_message_get_from(m), 0);

		g_assert_cmpint(internet_address_list_length(g_mime_message_get_from(m)), ==, 1);
		g_assert_cmpstr(internet_address_get_name(from), ==, names[i]);
		g_assert_cmpstr(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(from)),
		    ==, "schoolgate@hillview.example");
		g_assert_cmpstr(g_mime_message_get_subject(m), ==, names[i]);
		g_object_unref(m);
	}
}

static void
markup_is_text(void)
{
	g_autofree char *html = sg_compose_html(
	    "<b>", "<script>x</script> \"https://a\" https://x\"onclick=y\n", "e\"n");

	g_assert_null(strstr(html, "<script"));
	g_assert_null(strstr(html, "\"onclick"));
	g_assert_nonnull(strstr(html, "<title>&lt;b&gt;</title>"));
	g_assert_nonnull(strstr(html, "lang=\"e&quot;n\""));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/compose/headers", headers);
	g_test_add_func("/compose/nothing-becomes-a-header", nothing_becomes_a_header);
	g_test_add_func("/compose/wire-form", wire_form);
	g_test_add_func("/compose/same-words-twice", same_words_twice);
	g_test_add_func("/compose/names-survive", names_survive);
	g_test_add_func("/compose/markup-is-text", markup_is_text);
	return g_test_run();
}
