#include <string.h>

#include "base/err.h"
#include "tpl/node.h"

typedef struct Parser {
	SgSheet *sheet;
	SgPlace	 place;
	guint	 line, depth;
	struct {
		guint	node, line;
		SgPlace place;
	} open[SG_TPL_NEST_MAX];
} Parser;

static void
node_clear(gpointer p)
{
	g_strfreev(((SgNode *)p)->keys);
}

void
sg_sheet_free(SgSheet *s)
{
	if (s == NULL)
		return;
	g_array_unref(s->nodes);
	g_free(s->file);
	g_free(s->name);
	g_free(s->source);
	g_free(s);
}

static gboolean
wrong(const Parser *p, GError **error, const char *tag, const char *why)
{
	if (why == NULL)
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s:%u: %s%s%s%s", p->sheet->file, p->line,
	    tag != NULL ? "{{" : "", tag != NULL ? tag : "", tag != NULL ? "}}: " : "", why);
	return FALSE;
}

static gboolean
text(Parser *p, const char *from, gsize len, GError **error)
{
	SgNode n = { .kind = SG_NODE_TEXT, .text = from, .len = len };
	const char *why;

	if (len == 0)
		return TRUE;
	g_array_append_val(p->sheet->nodes, n);
	why = sg_place_feed(&p->place, from, len);
	for (gsize i = 0; i < len; i++)
		p->line += from[i] == '\n';
	return wrong(p, error, NULL, why);
}

static gboolean
is_key(const char *s)
{
	if (strcmp(s, ".") == 0)
		return TRUE;
	if (*s == '\0' || *s == '.' || s[strlen(s) - 1] == '.' || strstr(s, "..") != NULL)
		return FALSE;
	for (; *s != '\0'; s++)
		if (!g_ascii_isalnum(*s) && *s != '_' && *s != '.')
			return FALSE;
	return TRUE;
}

static char **
keys(const char *name)
{
	return strcmp(name, ".") == 0 ? g_new0(char *, 1) : g_strsplit(name, ".", -1);
}

static const char *
value(Parser *p, const char *name)
{
	SgNode n = { .kind = SG_NODE_VALUE, .text = name };
	const char *why = is_key(name) ? sg_place_value(&p->place, &n.how)
				       : "this is no name: letters, digits, _ and . only";

	if (why == NULL) {
		n.keys = keys(name);
		g_array_append_val(p->sheet->nodes, n);
	}
	return why;
}

static const char *
begin(Parser *p, const char *name, SgNodeKind kind)
{
	SgNode n = { .kind = kind, .text = name };
	const char *why = sg_place_section(&p->place);

	if (!is_key(name))
		return "this is no name: letters, digits, _ and . only";
	if (p->depth == SG_TPL_NEST_MAX)
		return "too many sections in each other";
	if (why != NULL)
		return why;
	n.keys = keys(name);
	p->open[p->depth].node = p->sheet->nodes->len;
	p->open[p->depth].line = p->line;
	p->open[p->depth].place = p->place;
	p->depth++;
	g_array_append_val(p->sheet->nodes, n);
	return NULL;
}

static const char *
end(Parser *p, const char *name)
{
	SgNode n = { .kind = SG_NODE_END }, *first;

	if (p->depth == 0)
		return "nothing is open here";
	p->depth--;
	first = &g_array_index(p->sheet->nodes, SgNode, p->open[p->depth].node);
	if (strcmp(first->text, name) != 0)
		return "another section is open here";
	first->end = p->sheet->nodes->len;
	g_array_append_val(p->sheet->nodes, n);
	return sg_place_join(&p->place, &p->open[p->depth].place);
}

static const char *
partial(Parser *p, const char *name)
{
	SgNode n = { .kind = SG_NODE_PARTIAL, .text = name };

	if (*name == '\0')
		return "which one?";
	g_array_append_val(p->sheet->nodes, n);
	return sg_place_cut(&p->place);
}

/* What stands between {{ and }}, trimmed. */
static const char *
tag(Parser *p, char *inner)
{
	/* strchr() would find the NUL of an empty one */
	char *name = *inner != '\0' && strchr("#^/>", *inner) != NULL ? g_strstrip(inner + 1) : inner;

	switch (*inner) {
	case '!':
		return NULL;
	case '&':
	case '{':
		return "there is no raw output";
	case '>':
		return partial(p, name);
	case '#':
		return begin(p, name, SG_NODE_SECTION);
	case '^':
		return begin(p, name, SG_NODE_INVERTED);
	case '/':
		return end(p, name);
	default:
		return value(p, name);
	}
}

static gboolean
tags(Parser *p, GError **error)
{
	for (char *at = p->sheet->source; ; ) {
		char *open = strstr(at, "{{"), *close, *inner;
		g_autofree char *shown = NULL;
		guint lines = 0;

		if (!text(p, at, open != NULL ? (gsize)(open - at) : strlen(at), error))
			return FALSE;
		if (open == NULL)
			return TRUE;
		close = strstr(open, "}}");
		if (close == NULL)
			return wrong(p, error, NULL, "{{ without }}");
		*close = '\0';
		for (const char *c = open; c < close; c++)
			lines += *c == '\n';
		inner = g_strstrip(open + 2);
		shown = g_strndup(inner, 60);
		if (!wrong(p, error, shown, tag(p, inner)))
			return FALSE;
		p->line += lines;
		at = close + 2;
	}
}

static gboolean
finished(Parser *p, GError **error)
{
	if (p->depth > 0) {
		p->line = p->open[p->depth - 1].line;
		return wrong(p, error,
		    g_array_index(p->sheet->nodes, SgNode, p->open[p->depth - 1].node).text,
		    "this section is never closed");
	}
	return wrong(p, error, NULL, sg_place_cut(&p->place));
}

SgSheet *
sg_sheet_parse(const char *file, const char *name, char *source, GError **error)
{
	g_autofree Parser *p = g_new0(Parser, 1);

	p->line = 1;
	p->sheet = g_new0(SgSheet, 1);
	p->sheet->file = g_strdup(file);
	p->sheet->name = g_strdup(name);
	p->sheet->source = source;
	p->sheet->nodes = g_array_new(FALSE, TRUE, sizeof(SgNode));
	g_array_set_clear_func(p->sheet->nodes, node_clear);
	sg_place_start(&p->place);
	if (tags(p, error) && finished(p, error))
		return p->sheet;
	sg_sheet_free(p->sheet);
	return NULL;
}
