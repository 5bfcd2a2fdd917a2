#include <string.h>

#include "courier/compose.h"

#define PARAGRAPH "<p style=\"margin:0 0 1em 0\">"
#define INDENTED  "<p style=\"margin:0 0 1em 1.5em\">"

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

	g_string_append_printf(out,
	    "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"color-scheme\" content=\"light dark\"><title>%s</title></head>\n"
	    "<body style=\"font-family:sans-serif;line-height:1.5\">"
	    "<div style=\"max-width:36em;margin:0 auto;padding:1em\">\n",
	    lang, title);
	for (guint i = 0; lines[i] != NULL; i++) {
		const char *style = *lines[i] == ' ' ? INDENTED : PARAGRAPH;
		const char *kind = *lines[i] != '\0' ? style : NULL;

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
	g_string_append(
	    out, open != NULL ? "</p>\n</div></body></html>\n" : "</div></body></html>\n");
	return g_string_free(out, FALSE);
}

/* ---- MIME ------------------------------------------------------------------- */

#define QP_LINE	  76u	/* RFC 2045 6.7 rule 5, with the soft line end */
#define WORD_BYTES 39u	/* RFC 2047 2: a line of 76 with "Subject: ", "=?UTF-8?B?", base64, "?=" */

/* RFC 2045 6.7.  text has LF line ends; they become CRLF. */
static void
put_quoted_printable(GString *out, const char *text)
{
	gsize column = 0;

	for (const char *p = text; *p != '\0'; p++) {
		gboolean at_end = p[1] == '\n' || p[1] == '\0';
		gboolean plain =
		    ((guchar)*p > 0x20 && (guchar)*p < 0x7f && *p != '=') || (*p == ' ' && !at_end);

		if (*p == '\n') {
			g_string_append(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) >= QP_LINE) {
			g_string_append(out, "=\r\n");
			column = 0;
		}
		if (plain)
			g_string_append_c(out, *p);
		else
			g_string_append_printf(out, "=%02X", (guint)(guchar)*p);
		column += plain ? 1 : 3;
	}
}

static gboolean
is_plain(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if ((guchar)*p < 0x20 || (guchar)*p > 0x7e)
			return FALSE;
	return strstr(s, "=?") == NULL;
}

/* The value of an unstructured field, or of a name before an address; RFC 2047. */
static void
put_words_2047(GString *out, const char *s)
{
	g_autofree char *clean = g_strdelimit(g_utf8_make_valid(s, -1), "\r\n\t", ' ');
	const char *p = clean;

	if (is_plain(clean)) {
		g_string_append(out, clean);
		return;
	}
	while (*p != '\0') {
		const char *end = p;
		g_autofree char *b64 = NULL;

		while (*end != '\0' && (gsize)(g_utf8_next_char(end) - p) <= WORD_BYTES)
			end = g_utf8_next_char(end);
		b64 = g_base64_encode((const guchar *)p, (gsize)(end - p));
		g_string_append_printf(out, "%s=?UTF-8?B?%s?=", p == clean ? "" : "\r\n ", b64);
		p = end;
	}
}

static void
put_mailbox(GString *out, const char *name, const char *address)
{
	if (is_plain(name)) {
		g_string_append_c(out, '"');
		for (const char *p = name; *p != '\0'; p++)
			g_string_append_printf(out, *p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
		g_string_append_c(out, '"');
	} else {
		put_words_2047(out, name);
	}
	g_string_append_printf(out, "%s <%s>\r\n", is_plain(name) ? "" : "\r\n", address);
}

static void
put_headers(GString *out, const SgLetter *l)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(l->now);
	g_autofree char *rest = g_date_time_format(now, "%Y %H:%M:%S %z");
	g_autofree char *id = g_uuid_string_random();
	const char *at = strrchr(l->from, '@');

	g_string_append_printf(out,
	    "Date: %s, %d %s %s\r\nFrom: ", days[g_date_time_get_day_of_week(now) - 1],
	    g_date_time_get_day_of_month(now), months[g_date_time_get_month(now) - 1], rest);
	put_mailbox(out, l->from_name, l->from);
	g_string_append_printf(out, "To: <%s>\r\n", l->to);
	if (*l->reply_to != '\0')
		g_string_append_printf(out, "Reply-To: <%s>\r\n", l->reply_to);
	g_string_append(out, "Subject: ");
	put_words_2047(out, l->subject);
	g_string_append_printf(out,
	    "\r\nMessage-ID: <%s@%s>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "X-Auto-Response-Suppress: All\r\n"
	    "X-Schoolgate: %s; ref=%s\r\n"
	    "Content-Language: %s\r\n"
	    "MIME-Version: 1.0\r\n",
	    id, at != NULL ? at + 1 : "localhost", l->kind, l->ref, l->language);
}

static void
put_part(GString *out, const char *boundary, const char *subtype, const char *text)
{
	g_string_append_printf(out, "--%s\r\nContent-Type: text/%s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", boundary, subtype);
	put_quoted_printable(out, text);
	g_string_append(out, "\r\n");
}

GBytes *
sg_compose(const SgLetter *l)
{
	g_autofree char *html = sg_compose_html(l->subject, l->text, l->language);
	g_autofree char *random = g_uuid_string_random();
	g_autofree char *boundary = g_strdup_printf("=_%s", random); /* never in quoted-printable */
	GString *out = g_string_new(NULL);
	gsize n;

	put_headers(out, l);
	g_string_append_printf(
	    out, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", boundary);
	put_part(out, boundary, "plain", l->text);
	put_part(out, boundary, "html", html);
	g_string_append_printf(out, "--%s--\r\n", boundary);
	n = out->len;
	return g_bytes_new_take(g_string_free(out, FALSE), n);
}
