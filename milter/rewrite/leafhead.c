/* leafhead - the header lines of a part, with another charset or transfer encoding. */
#include <string.h>

#include "rewrite/leaf.h"

gboolean
sg_leaf_header_ends(const char *head, gsize len, gsize *stop)
{
	if (len == 0 || head[len - 1] != '\n')
		return FALSE;
	*stop = len - 1 - (len >= 2 && head[len - 2] == '\r');
	return *stop == 0 || head[*stop - 1] == '\n';
}

typedef struct Field {
	gsize at, value, end;	/* end: behind the last of its lines */
	guint times;
} Field;

static Field
find_field(const char *head, gsize len, const char *name)
{
	Field f = { .at = len, .value = len, .end = len };
	gsize n = strlen(name);
	gboolean inside = FALSE;

	for (gsize at = 0; at < len;) {
		const char *nl = memchr(head + at, '\n', len - at);
		gsize next = nl != NULL ? (gsize)(nl + 1 - head) : len, colon = at + n;

		if (head[at] == ' ' || head[at] == '\t') {
			if (inside)
				f.end = next;
		} else {
			while (colon < next && (head[colon] == ' ' || head[colon] == '\t'))
				colon++;
			inside = colon < next && head[colon] == ':' && colon - at >= n &&
			    g_ascii_strncasecmp(head + at, name, n) == 0;
			if (inside && f.times++ == 0)
				f = (Field){ at, colon + 1, next, 1 };
			else if (inside)
				inside = FALSE;
		}
		at = next;
	}
	return f;
}

/* Behind a quoted string, a comment or one letter; len when it does not end. */
static gsize
behind(const char *v, gsize len, gsize i)
{
	guint depth = 0;

	if (v[i] != '"' && v[i] != '(')
		return i + 1;
	if (v[i] == '"') {
		for (i++; i < len && v[i] != '"'; i++)
			i += v[i] == '\\';
		return MIN(i + 1, len);
	}
	for (; i < len; i++) {
		if (v[i] == '\\')
			i++;
		else if (v[i] == '(')
			depth++;
		else if (v[i] == ')' && --depth == 0)
			return i + 1;
	}
	return len;
}

static gsize
skip_space(const char *v, gsize len, gsize i)
{
	while (i < len && g_ascii_isspace(v[i]))
		i++;
	return i;
}

static gsize
behind_token(const char *v, gsize len, gsize i, const char *ends)
{
	while (i < len && strchr(ends, v[i]) == NULL)
		i++;
	return i;
}

/* Of v, the range of the value of parameter "charset", with a comment behind it, which
 * some would take for a part of it.  FALSE when it is written in a way that readers may
 * take differently.  *from = *to = len when there is none. */
static gboolean
find_charset(const char *v, gsize len, gsize *from, gsize *to)
{
	gboolean have = FALSE;

	*from = *to = len;
	for (gsize i = 0; i < len;) {
		gsize name, next;

		if (v[i] != ';') {
			next = behind(v, len, i);
			if (next == len && strchr("\"(", v[i]) != NULL)
				return FALSE;	/* it never ends */
			i = next;
			continue;
		}
		name = skip_space(v, len, i + 1);
		i = behind_token(v, len, name, "=; \t\r\n\"(");
		if (i - name < 7 || g_ascii_strncasecmp(v + name, "charset", 7) != 0 ||
		    (i - name > 7 && v[name + 7] != '*'))
			continue;
		i = skip_space(v, len, i);
		if (have || v[name + 7] == '*' || i >= len || v[i] != '=')
			return FALSE;
		have = TRUE;
		*from = i + 1;
		i = skip_space(v, len, *from);
		if (i >= len || v[i] == ';') {		/* without a value */
			*to = *from;
			continue;
		}
		*from = i;
		i = v[i] == '"' ? behind(v, len, i) : behind_token(v, len, i, "; \t\r\n(");
		*to = i;
		next = skip_space(v, len, i);
		if (next < len && v[next] == '(')
			*to = i = behind(v, len, next);
		if (i == len && v[len - 1] == '\n')
			return FALSE;		/* it never ends: the line end is in it */
	}
	return TRUE;
}

static gboolean
write_type(const char *head, const Field *f, const char *charset, const char *eol, GString *out)
{
	const char *v = head + f->value;
	gsize len = f->end - f->value, from, to;

	if (!find_charset(v, len, &from, &to))
		return FALSE;
	if (from < len) {
		g_string_append_len(out, head + f->at, (gssize)(f->value - f->at + from));
		g_string_append_printf(out, "%s%.*s", charset, (int)(len - to), v + to);
		return TRUE;
	}
	while (len > 0 && (g_ascii_isspace(v[len - 1]) || v[len - 1] == ';'))
		len--;
	g_string_append_len(out, head + f->at, (gssize)(f->value - f->at + len));
	g_string_append_printf(out, "%s; charset=%s%s", len == 0 ? " text/plain" : "", charset, eol);
	return TRUE;
}

/* The lines that stand there and change, in their order. */
static gboolean
change_lines(const char *head, gsize stop, const Field f[2], const char *charset, const char *encoding,
    const char *eol, GString *out)
{
	gsize from = 0;

	for (guint k = 0; k < 2; k++) {
		guint i = (f[0].at < f[1].at) == (k == 0) ? 0 : 1;

		if (f[i].times == 0 || (i == 0 ? charset : encoding) == NULL)
			continue;
		g_string_append_len(out, head + from, (gssize)(f[i].at - from));
		if (i == 1)
			g_string_append_printf(out, "%.*s %s%s", (int)(f[i].value - f[i].at),
			    head + f[i].at, encoding, eol);
		else if (!write_type(head, &f[i], charset, eol, out))
			return FALSE;
		from = f[i].end;
	}
	g_string_append_len(out, head + from, (gssize)(stop - from));
	return TRUE;
}

gboolean
sg_leaf_header(const char *head, gsize len, const char *charset, const char *encoding, gboolean root,
    const char *eol, GString *out)
{
	gsize stop = 0;
	const gboolean whole = sg_leaf_header_ends(head, len, &stop);
	const Field version = find_field(head, stop, "MIME-Version");
	const Field f[2] = { find_field(head, stop, "Content-Type"),
		find_field(head, stop, "Content-Transfer-Encoding") };

	if (!whole || version.times > 1 || f[0].times > 1 || f[1].times > 1 ||
	    !change_lines(head, stop, f, charset, encoding, eol, out))
		return FALSE;
	if (root && version.times == 0)
		g_string_append_printf(out, "MIME-Version: 1.0%s", eol);
	if (charset != NULL && f[0].times == 0)
		g_string_append_printf(out, "Content-Type: text/plain; charset=%s%s", charset, eol);
	if (encoding != NULL && f[1].times == 0)
		g_string_append_printf(out, "Content-Transfer-Encoding: %s%s", encoding, eol);
	g_string_append_len(out, head + stop, (gssize)(len - stop));
	return TRUE;
}
