#include <string.h>

#include "page/htmlseen.h"

#define STYLE	1024u	/* bytes of a style attribute that are looked at */
#define NAMES	500u	/* classes and ids that are remembered */
#define NAME	64u	/* bytes of one */

struct SgHtmlSeen {
	GHashTable *names;	/* ".class", "#id" */
	GString	   *text;
	gsize	    line_at;
	gboolean    recording;	/* this line has something hidden */
	gboolean    after;	/* it is what came last */
	gboolean    broken;	/* the word before it goes on behind it */
};

SgHtmlSeen *
sg_html_seen_new(void)
{
	SgHtmlSeen *s = g_new0(SgHtmlSeen, 1);

	s->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->text = g_string_new(NULL);
	return s;
}

void
sg_html_seen_free(SgHtmlSeen *s)
{
	if (s == NULL)
		return;
	g_hash_table_unref(s->names);
	g_string_free(s->text, TRUE);
	g_free(s);
}

/* No size at all: "0", "0px", "0.0"; not "0.9em". */
static gboolean
is_nothing(const char *value)
{
	value += strspn(value, "0.");
	return !g_ascii_isdigit(*value);
}

static gboolean
hides(const char *css, gsize len)
{
	static const char *const whole[] = { "display:none", "visibility:hidden", "visibility:collapse",
		"mso-hide:all", "color:transparent", "left:-", "top:-", "text-indent:-", "clip:rect(0" };
	static const char *const zero[] = { "font-size:0", "opacity:0", "max-height:0", "max-width:0" };
	char text[STYLE];
	gsize n = 0;

	for (gsize i = 0; i < len && n + 1 < sizeof text; i++)
		if (!g_ascii_isspace(css[i]))
			text[n++] = g_ascii_tolower(css[i]);
	text[n] = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(whole); i++)
		if (strstr(text, whole[i]) != NULL)
			return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(zero); i++) {
		const char *at = strstr(text, zero[i]);

		if (at != NULL && is_nothing(at + strlen(zero[i]) - 1))
			return TRUE;
	}
	return FALSE;
}

/* ".a, p.b, #c" */
static void
add_names(SgHtmlSeen *s, const char *selectors, gsize len)
{
	for (gsize i = 0; i < len && g_hash_table_size(s->names) < NAMES; i++) {
		gsize n = 1;

		if (selectors[i] != '.' && selectors[i] != '#')
			continue;
		while (i + n < len && n < NAME && (g_ascii_isalnum(selectors[i + n]) ||
		    selectors[i + n] == '-' || selectors[i + n] == '_'))
			n++;
		g_hash_table_add(s->names, g_strndup(selectors + i, n));
		i += n - 1;
	}
}

void
sg_html_seen_style(SgHtmlSeen *s, const char *css)
{
	gsize selectors = 0, block = 0;

	for (gsize i = 0; css[i] != '\0'; i++) {
		if (css[i] == '{') {	/* of nested ones the innermost counts */
			selectors = block;
			block = i + 1;
		} else if (css[i] == '}') {
			if (block > selectors && hides(css + block, i - block))
				add_names(s, css + selectors, block - 1 - selectors);
			selectors = block = i + 1;
		}
	}
}

static gboolean
has_name(const SgHtmlSeen *s, char kind, const char *value)
{
	while (*value != '\0') {
		gsize n = strcspn(value, " \t\r\n");
		char name[NAME + 1] = { kind, '\0' };

		if (n > 0 && n + 1 < sizeof name) {
			memcpy(name + 1, value, n);
			if (g_hash_table_contains(s->names, name))
				return TRUE;
		}
		value += n;
		value += strspn(value, " \t\r\n");
	}
	return FALSE;
}

gboolean
sg_html_seen_hides(const SgHtmlSeen *s, const char *const *attributes)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		const char *name = attributes[0], *value = attributes[1];

		if (strcmp(name, "hidden") == 0)
			return TRUE;
		if (value == NULL)
			continue;
		if (strcmp(name, "style") == 0 && hides(value, strlen(value)))
			return TRUE;
		if (g_hash_table_size(s->names) > 0 &&
		    ((strcmp(name, "class") == 0 && has_name(s, '.', value)) ||
		    (strcmp(name, "id") == 0 && has_name(s, '#', value))))
			return TRUE;
	}
	return FALSE;
}

gboolean
sg_html_seen_again(SgHtmlSeen *s)
{
	s->after = s->after || s->recording;
	return s->recording;
}

void
sg_html_seen_begin(SgHtmlSeen *s, const char *line, gsize len)
{
	s->line_at = s->text->len;
	g_string_append_len(s->text, line, (gssize)len);
	s->recording = s->after = TRUE;
}

void
sg_html_seen_word(SgHtmlSeen *s, char gap, const char *word, gsize len)
{
	if (gap == '\n')
		sg_html_seen_line_end(s);
	if (!s->recording)
		return;
	if (gap != 0)
		g_string_append_c(s->text, gap);
	s->broken = s->broken || (s->after && gap == 0);
	s->after = FALSE;
	g_string_append_len(s->text, word, (gssize)len);
}

void
sg_html_seen_line_end(SgHtmlSeen *s)
{
	if (!s->recording)
		return;
	if (s->broken)
		g_string_append_c(s->text, '\n');
	else
		g_string_truncate(s->text, s->line_at);
	s->recording = s->after = s->broken = FALSE;
}

const GString *
sg_html_seen_text(const SgHtmlSeen *s)
{
	return s->text;
}
