#include <string.h>

#include <gmime/gmime.h>

#include "courier/compose.h"

#define PARAGRAPH "<p style=\"margin:0 0 1em 0\">"
#define INDENTED  "<p style=\"margin:0 0 1em 1.5em\">"

void
sg_compose_init(void)
{
	g_mime_init();
}

/* ---- HTML ------------------------------------------------------------------- */

static void
put_words(GString *out, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	gboolean first = TRUE;

	for (guint i = 0; words[i] != NULL; i++) {
		g_autofree char *safe = g_markup_escape_text(words[i], -1);

		if (*safe == '\0')
			continue;
		g_string_append(out, first ? "" : " ");
		if (g_str_has_prefix(safe, "https://") || g_str_has_prefix(safe, "http://"))
			g_string_append_printf(out, "<a href=\"%s\">%s</a>", safe, safe);
		else
			g_string_append(out, safe);
		first = FALSE;
	}
}

/* "Label   value": two blanks or more after the first words. */
static void
put_row(GString *out, const char *line)
{
	const char *gap;

	line += strspn(line, " ");
	gap = strstr(line, "  ");
	if (gap != NULL) {
		g_autofree char *label = g_strndup(line, (gsize)(gap - line));

		g_string_append(out, "<strong>");
		put_words(out, label);
		g_string_append(out, "</strong> ");
		line = gap;
	}
	put_words(out, line);
}

char *
sg_compose_html(const char *subject, const char *text, const char *language)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *title = g_markup_escape_text(subject, -1);
	g_autofree char *lang = g_markup_escape_text(language, -1);
	GString *out = g_string_new(NULL);
	const char *open = NULL;	/* kind of the paragraph that is open */

	g_string_append_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"color-scheme\" content=\"light dark\"><title>%s</title></head>\n"
	    "<body style=\"font-family:sans-serif;line-height:1.5\">"
	    "<div style=\"max-width:36em;margin:0 auto;padding:1em\">\n", lang, title);
	for (guint i = 0; lines[i] != NULL; i++) {
		const char *kind = *lines[i] == '\0' ? NULL : *lines[i] == ' ' ? INDENTED : PARAGRAPH;

		if (open != NULL && kind != open)
			g_string_append(out, "</p>\n");
		if (kind != NULL && kind != open)
			g_string_append(out, kind);
		else if (kind != NULL)
			g_string_append(out, *lines[i] == ' ' ? "<br>\n" : "\n");
		if (kind != NULL)
			(*lines[i] == ' ' ? put_row : put_words)(out, lines[i]);
		open = kind;
	}
	g_string_append(out, open != NULL ? "</p>\n</div></body></html>\n" : "</div></body></html>\n");
	return g_string_free(out, FALSE);
}

/* ---- MIME ------------------------------------------------------------------- */

static GMimeObject *
part(const char *subtype, const char *text)
{
	GMimeTextPart *p = g_mime_text_part_new_with_subtype(subtype);

	g_mime_text_part_set_charset(p, "utf-8");
	g_mime_text_part_set_text(p, text);
	g_mime_part_set_content_encoding(GMIME_PART(p), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	return GMIME_OBJECT(p);
}

static void
add_headers(GMimeMessage *m, const SgLetter *l)
{
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(l->now);
	const char *at = strrchr(l->from, '@');
	g_autofree char *random = g_uuid_string_random();
	g_autofree char *id = g_strdup_printf("%s@%s", random, at != NULL ? at + 1 : "localhost");
	g_autofree char *mark = g_strdup_printf("%s; ref=%s", l->kind, l->ref);
	GMimeObject *o = GMIME_OBJECT(m);

	g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_FROM, l->from_name, l->from);
	g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_TO, NULL, l->to);
	if (*l->reply_to != '\0')
		g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, l->reply_to);
	g_mime_message_set_subject(m, l->subject, "utf-8");
	g_mime_message_set_date(m, now);
	g_mime_message_set_message_id(m, id);
	g_mime_object_set_header(o, "Auto-Submitted", "auto-generated", NULL);
	g_mime_object_set_header(o, "X-Auto-Response-Suppress", "All", NULL);
	g_mime_object_set_header(o, "Content-Language", l->language, NULL);
	g_mime_object_set_header(o, "X-Schoolgate", mark, NULL);
	g_mime_object_set_header(o, "MIME-Version", "1.0", NULL);
}

/* GMime has no cleanup functions, and nothing here can fail: so by hand. */
GBytes *
sg_compose(const SgLetter *l)
{
	GMimeMessage *m = g_mime_message_new(FALSE);
	GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
	g_autofree char *html = sg_compose_html(l->subject, l->text, l->language);
	GMimeObject *plain = part("plain", l->text), *rich = part("html", html);
	GMimeFormatOptions *crlf = g_mime_format_options_new();
	GMimeStream *out = g_mime_stream_mem_new();
	GByteArray *bytes;
	GBytes *mail;

	add_headers(m, l);
	g_mime_multipart_add(both, plain);
	g_mime_multipart_add(both, rich);
	g_mime_message_set_mime_part(m, GMIME_OBJECT(both));
	g_mime_format_options_set_newline_format(crlf, GMIME_NEWLINE_FORMAT_DOS);
	g_mime_object_write_to_stream(GMIME_OBJECT(m), crlf, out);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
	mail = g_bytes_new(bytes->data, bytes->len);
	g_object_unref(out);
	g_mime_format_options_free(crlf);
	g_object_unref(rich);
	g_object_unref(plain);
	g_object_unref(both);
	g_object_unref(m);
	return mail;
}
