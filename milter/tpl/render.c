#include <string.h>

#include "base/err.h"
#include "tpl/node.h"

/* What a name can mean, from the inside to the outside. */
typedef struct Frame {
	const json_t	   *value;
	const struct Frame *outer;
} Frame;

typedef struct Run {
	const SgTpl *tpl;
	GString	    *out;
} Run;

static gboolean sheet(Run *r, const SgSheet *s, guint from, guint to, const Frame *f);

static void
append_text(GString *out, const char *s)
{
	for (;;) {
		gsize n = strcspn(s, "&<>\"'`\r\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f"
				     "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f");

		g_string_append_len(out, s, (gssize)n);
		s += n;
		if (*s == '\0')
			return;
		if (*s == '&')
			g_string_append(out, "&amp;");
		else if (*s == '<')
			g_string_append(out, "&lt;");
		else if (*s == '>')
			g_string_append(out, "&gt;");
		else if (strchr("\"'`", *s) != NULL)
			g_string_append_printf(out, "&#%d;", *s);
		else
			g_string_append(out, "\xef\xbf\xbd");
		s++;
	}
}

static void
append_url(GString *out, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *s != '\0'; s++) {
		if (g_ascii_isalnum(*s) || strchr("-._~", *s) != NULL) {
			g_string_append_c(out, *s);
			continue;
		}
		g_string_append_c(out, '%');
		g_string_append_c(out, hex[(guchar)*s >> 4]);
		g_string_append_c(out, hex[(guchar)*s & 15]);
	}
}

static const json_t *
look_up(const Frame *f, char *const *keys)
{
	const json_t *v = NULL;

	if (*keys == NULL)
		return f->value;
	for (; f != NULL && v == NULL; f = f->outer)
		v = json_object_get(f->value, *keys);
	while (v != NULL && *++keys != NULL)
		v = json_object_get(v, *keys);
	return v;
}

static gboolean
is_true(const json_t *v)
{
	if (v == NULL || json_is_null(v) || json_is_false(v))
		return FALSE;
	if (json_is_array(v))
		return json_array_size(v) > 0;
	if (json_is_string(v))
		return *json_string_value(v) != '\0';
	if (json_is_integer(v))
		return json_integer_value(v) != 0;
	return TRUE;
}

static void
value(Run *r, const SgNode *n, const json_t *v)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE] = "";
	const char *s = number;

	if (json_is_string(v))
		s = json_string_value(v);
	else if (json_is_integer(v))
		(void)g_snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_real(v))
		(void)g_ascii_formatd(number, sizeof number, "%g", json_real_value(v));
	if (n->how == SG_ESCAPE_URL)
		append_url(r->out, s);
	else
		append_text(r->out, s);
}

static gboolean
section(Run *r, const SgSheet *s, guint at, const Frame *f)
{
	const SgNode *n = &g_array_index(s->nodes, SgNode, at);
	const json_t *v = look_up(f, n->keys);
	Frame inner = { v, f };

	if (n->kind == SG_NODE_INVERTED)
		return is_true(v) || sheet(r, s, at + 1, n->end, f);
	if (!json_is_array(v))
		return !is_true(v) || sheet(r, s, at + 1, n->end, &inner);
	for (gsize i = 0; i < json_array_size(v); i++) {
		inner.value = json_array_get(v, i);
		if (!sheet(r, s, at + 1, n->end, &inner))
			return FALSE;
	}
	return TRUE;
}

/* Partials are no deeper than SG_TPL_DEPTH_MAX, sections than SG_TPL_NEST_MAX: parse.c, set.c. */
static gboolean
sheet(Run *r, const SgSheet *s, guint from, guint to, const Frame *f)
{
	for (guint i = from; i < to; i++) {
		const SgNode *n = &g_array_index(s->nodes, SgNode, i);
		const SgSheet *other;
		gboolean ok = r->out->len <= SG_TPL_OUTPUT_MAX;

		if (n->kind == SG_NODE_TEXT)
			g_string_append_len(r->out, n->text, (gssize)n->len);
		else if (n->kind == SG_NODE_VALUE)
			value(r, n, look_up(f, n->keys));
		else if (n->kind == SG_NODE_PARTIAL) {
			other = g_hash_table_lookup(r->tpl->sheets, n->text);
			ok = ok && other != NULL && sheet(r, other, 0, other->nodes->len, f);
		} else if (n->kind != SG_NODE_END) {
			ok = ok && section(r, s, i, f);
			i = n->end;
		}
		if (!ok)
			return FALSE;
	}
	return TRUE;
}

gboolean
sg_tpl_render(
    const SgTpl *t, const char *name, const json_t *model, GString *out, GError **error)
{
	const SgSheet *s = g_hash_table_lookup(t->sheets, name);
	Run r = { t, out };
	Frame f = { model, NULL };

	if (s == NULL) {
		g_set_error(error, SG_ERR, SG_ERR_SETUP, "there is no template %s", name);
		return FALSE;
	}
	if (sheet(&r, s, 0, s->nodes->len, &f))
		return TRUE;
	g_set_error(error, SG_ERR, SG_ERR_LIMIT, "the page %s is too long", name);
	return FALSE;
}
