#include <string.h>

#include "base/letters.h"
#include "decide/markup.h"

#define WIDTH	 76u	/* letters of a plain line */
#define NAME_MAX_LEN 40u
#define KEY_MIN	 24u	/* letters by which a text is known */
#define BREAK	 '\1'	/* in words: something personal begins or ends */

/* Self-contained: nothing is taken over from the mail around it.  #555555 on white has a
 * contrast of 7.5, WCAG 2.2 AAA. */
#define BLOCK \
	"<div dir=\"auto\" style=\"display:block;clear:both;margin:16px 0 0 0;padding:8px 0 0 0;\n" \
	"border:0;border-top:1px solid #767676;background-color:#ffffff;color:#555555;\n" \
	"font-family:Arial,Helvetica,sans-serif;font-size:12px;font-style:normal;\n" \
	"font-weight:normal;line-height:1.4;text-align:start;text-decoration:none;\n" \
	"text-transform:none;letter-spacing:normal;white-space:normal;visibility:visible\">\n"
#define PARAGRAPH "<p style=\"margin:0 0 8px 0;padding:0;color:#555555;font-size:12px\">"

typedef struct Faces {
	SgMarkupValue value;
	gpointer data;
	GString *plain, *html;		/* of everything */
	GString *line, *markup;		/* of the line in hand */
	GString *seen, *shown;		/* words of both faces, with BREAKs */
	gboolean open;			/* a paragraph of HTML */
	gboolean begun;
} Faces;

static void
append_escaped(GString *out, const char *text, gsize n)
{
	g_autofree char *piece = g_strndup(text, n);
	g_autofree char *safe = g_markup_escape_text(piece, -1);

	g_string_append(out, safe);
}

static void
append_text(Faces *f, const char *text, gsize n)
{
	g_string_append_len(f->line, text, (gssize)n);
	append_escaped(f->markup, text, n);
}

/* --- inline ------------------------------------------------------------------------ */

static gsize
url_length(const char *p)
{
	gsize n = 0;

	if (!g_str_has_prefix(p, "https://") && !g_str_has_prefix(p, "http://"))
		return 0;
	while (p[n] != '\0' && !g_ascii_isspace(p[n]) && strchr("<>\"()[]{}*", p[n]) == NULL)
		n++;
	while (n > 0 && strchr(".,;:!?'", p[n - 1]) != NULL)
		n--;
	return n;
}

static gsize
mail_length(const char *p)
{
	gsize at = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+");
	gsize n = at > 0 && p[at] == '@' ?
	    strspn(p + at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") : 0;

	while (n > 0 && strchr(".-", p[at + n]) != NULL)
		n--;
	return n > 0 && memchr(p + at + 1, '.', n) != NULL ? at + 1 + n : 0;
}

static void
append_link(Faces *f, const char *scheme, const char *target, gsize target_len, const char *text, gsize len)
{
	g_string_append_printf(f->markup, "<a href=\"%s", scheme);
	append_escaped(f->markup, target, target_len);
	g_string_append(f->markup, "\" style=\"color:#1d4ed8\">");
	append_escaped(f->markup, text, len);
	g_string_append(f->markup, "</a>");
	g_string_append_len(f->line, text, (gssize)len);
	if (text != target)
		g_string_append_printf(f->line, " (%.*s)", (int)target_len, target);
}

/* "[words](https://...)" at p; its length, or 0. */
static gsize
named_link(Faces *f, const char *p)
{
	const char *close = strstr(p, "](");
	gsize n;

	if (*p != '[' || close == NULL || memchr(p + 1, '[', (gsize)(close - p - 1)) != NULL)
		return 0;
	n = url_length(close + 2);
	if (n == 0 || close[2 + n] != ')')
		return 0;
	append_link(f, "", close + 2, n, p + 1, (gsize)(close - p - 1));
	return (gsize)(close - p) + 3 + n;
}

/* "**" or "*" at p, when it has a partner in this line; toggles. */
static gsize
emphasis(Faces *f, const char *p, gboolean *bold, gboolean *italic)
{
	gboolean two = g_str_has_prefix(p, "**");
	gboolean *on = two ? bold : italic;
	gsize n = two ? 2 : 1;

	if (*p != '*' || (!*on && (strstr(p + n, two ? "**" : "*") == NULL || p[n] == ' ' || p[n] == '\0')))
		return 0;
	*on = !*on;
	g_string_append_printf(f->markup, "<%s%s>", *on ? "" : "/", two ? "b" : "i");
	return n;
}

/* "{name}" at p: its length, 0 when it is none; *unknown when it has no value. */
static gsize
value_at(Faces *f, const char *p, gboolean *unknown)
{
	gsize n = *p == '{' ? strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_0123456789") : 0;
	char name[NAME_MAX_LEN + 1];
	gboolean personal = FALSE;
	g_autofree char *flat = NULL;
	const char *v;

	if (n == 0 || n > NAME_MAX_LEN || p[n + 1] != '}')
		return 0;
	memcpy(name, p + 1, n);
	name[n] = '\0';
	v = f->value(f->data, name, &personal);
	if (v == NULL || *v == '\0') {
		*unknown = TRUE;
		return n + 2;
	}
	flat = g_strdelimit(g_strdup(v), "\r\n\t", ' ');
	if (personal) {
		g_string_append_c(f->line, BREAK);
		g_string_append_c(f->markup, BREAK);
	}
	if (url_length(flat) == strlen(flat))
		append_link(f, "", flat, strlen(flat), flat, strlen(flat));
	else if (mail_length(flat) == strlen(flat))
		append_link(f, "mailto:", flat, strlen(flat), flat, strlen(flat));
	else
		append_text(f, flat, strlen(flat));
	if (personal) {
		g_string_append_c(f->line, BREAK);
		g_string_append_c(f->markup, BREAK);
	}
	return n + 2;
}

/* FALSE: the line drops out. */
static gboolean
render_inline(Faces *f, const char *p)
{
	gboolean bold = FALSE, italic = FALSE, unknown = FALSE;
	const char *start = p;

	g_string_truncate(f->line, 0);
	g_string_truncate(f->markup, 0);
	while (*p != '\0') {
		gboolean word = p == start || !g_ascii_isalnum(p[-1]);
		gsize n = value_at(f, p, &unknown);

		if (n == 0)
			n = named_link(f, p);
		if (n == 0)
			n = emphasis(f, p, &bold, &italic);
		if (n == 0 && word && (n = url_length(p)) > 0)
			append_link(f, "", p, n, p, n);
		else if (n == 0 && word && (n = mail_length(p)) > 0)
			append_link(f, "mailto:", p, n, p, n);
		if (n == 0) {
			n = (gsize)(g_utf8_next_char(p) - p);
			append_text(f, p, n);
		}
		p += n;
	}
	if (italic)
		g_string_append(f->markup, "</i>");
	if (bold)
		g_string_append(f->markup, "</b>");
	return !unknown;
}

/* --- lines --------------------------------------------------------------------------- */

static void
append_without_breaks(GString *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text != BREAK)
			g_string_append_c(out, *text);
}

/* At blanks; further lines of an item are set in. */
static void
append_wrapped(GString *out, const char *text, const char *indent)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	gsize column = 0;

	for (char **w = words; *w != NULL; w++) {
		gsize len = (gsize)g_utf8_strlen(*w, -1);

		if (column > 0 && column + 1 + len > WIDTH) {
			g_string_append_printf(out, "\n%s", indent);
			column = strlen(indent);
		} else if (w != words) {
			g_string_append_c(out, ' ');
			column++;
		}
		g_string_append(out, *w);
		column += len;
	}
	g_string_append_c(out, '\n');
}

static void
close_paragraph(Faces *f)
{
	if (f->open)
		g_string_append(f->html, "</p>\n");
	f->open = FALSE;
}

static void
add_line(Faces *f)
{
	g_autoptr(GString) line = g_string_new(NULL), markup = g_string_new(NULL);
	gboolean item;

	append_without_breaks(line, f->line->str);
	append_without_breaks(markup, f->markup->str);
	item = g_str_has_prefix(line->str, "- ") && g_str_has_prefix(markup->str, "- ");
	append_wrapped(f->plain, line->str, item ? "  " : "");
	g_string_append(f->html, f->open ? "<br>\n" : PARAGRAPH);
	if (item)
		g_string_append(f->html, "\xe2\x80\xa2 ");
	append_wrapped(f->html, item ? markup->str + 2 : markup->str, "");
	g_string_truncate(f->html, f->html->len - 1);
	f->open = TRUE;
	f->begun = TRUE;
	g_string_append_printf(f->seen, "%s ", f->line->str);
}

/* The words of the HTML face: without its tags, and references undone. */
static void
add_shown(Faces *f)
{
	gboolean tag = FALSE;
	g_autoptr(GString) words = g_string_new(NULL);

	for (const char *p = f->markup->str; *p != '\0'; p++) {
		if (*p == '<')
			tag = TRUE;
		if (!tag && *p == '&')
			p += strcspn(p, ";");
		else if (!tag)
			g_string_append_c(words, *p);
		if (*p == '>')
			tag = FALSE;
		if (*p == '\0')
			break;
	}
	g_string_append_printf(f->shown, "%s ", words->str);
}

static void
render_line(Faces *f, const char *source)
{
	gsize n = strlen(source);

	if (n == 0) {
		close_paragraph(f);
		if (f->begun)
			g_string_append_c(f->plain, '\n');
	} else if (n >= 3 && strspn(source, "-") == n) {
		close_paragraph(f);
		g_string_append(f->plain, "-- \n");
		if (f->begun)
			g_string_append(f->html, "<div style=\"border-top:1px solid #767676;margin:8px 0\"></div>\n");
	} else if (render_inline(f, source) && f->line->len > 0) {
		add_line(f);
		add_shown(f);
	}
}

/* The longest piece that is the same for every sender. */
static char *
key_of(const GString *words)
{
	char cut[2] = { BREAK, '\0' };
	g_auto(GStrv) pieces = g_strsplit(words->str, cut, -1);
	g_autofree char *best = g_strdup("");

	/* every second one is a value */
	for (guint i = 0; i < g_strv_length(pieces); i += 2) {
		char *key = sg_letters(pieces[i], strlen(pieces[i]));

		if (strlen(key) > strlen(best)) {
			g_free(best);
			best = key;
		} else {
			g_free(key);
		}
	}
	return strlen(best) >= KEY_MIN ? g_steal_pointer(&best) : sg_letters(words->str, words->len);
}

static void
trim_lines(GString *s)
{
	while (s->len > 1 && s->str[s->len - 1] == '\n' && s->str[s->len - 2] == '\n')
		g_string_truncate(s, s->len - 1);
}

void
sg_markup_render(const char *source, SgMarkupValue value, gpointer data, SgMarkup *out)
{
	g_autoptr(GString) plain = g_string_new(NULL), html = g_string_new(BLOCK);
	g_autoptr(GString) line = g_string_new(NULL), markup = g_string_new(NULL);
	g_autoptr(GString) seen = g_string_new(NULL), shown = g_string_new(NULL);
	Faces f = { value, data, plain, html, line, markup, seen, shown, FALSE, FALSE };
	g_auto(GStrv) lines = g_strsplit(source, "\n", -1);

	for (char **l = lines; *l != NULL; l++)
		render_line(&f, g_strchomp(*l));
	close_paragraph(&f);
	g_string_append(html, "</div>");
	trim_lines(plain);
	if (f.begun) {
		g_autofree char *a = key_of(seen), *b = key_of(shown);

		out->plain = g_strdup(plain->str);
		out->html = g_strdup(html->str);
		out->known = strcmp(a, b) != 0 ? g_strconcat(a, "\n", b, NULL) : g_strdup(a);
	} else {
		*out = (SgMarkup){ g_strdup(""), g_strdup(""), g_strdup("") };
	}
}

void
sg_markup_clear(SgMarkup *m)
{
	g_clear_pointer(&m->plain, g_free);
	g_clear_pointer(&m->html, g_free);
	g_clear_pointer(&m->known, g_free);
}

void
sg_markup_names(const char *source, void (*each)(gpointer data, const char *name, guint line), gpointer data)
{
	guint line = 1;

	for (const char *p = source; *p != '\0'; p++) {
		gsize n = *p == '{' ? strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_0123456789") : 0;
		g_autofree char *name = NULL;

		line += *p == '\n';
		if (n == 0 || n > NAME_MAX_LEN || p[n + 1] != '}')
			continue;
		name = g_strndup(p + 1, n);
		each(data, name, line);
	}
}
