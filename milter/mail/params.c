#include <string.h>

#include "mail/header.h"
#include "mail/params.h"
#include "text/charset.h"

#define PIECES 200u	/* of one parameter; what is above is odd, and left out */
#define VALUES 50u

typedef struct Piece {
	guint	 number;
	gboolean coded;
	char	*value;
} Piece;

typedef struct Reader {
	SgParams *out;
	GArray	 *pieces;	/* Piece */
} Reader;

static void
piece_clear(gpointer p)
{
	g_free(((Piece *)p)->value);
}

/* Takes the value; once each. */
static void
add(SgParams *out, char *value)
{
	for (guint i = 0; i < out->values->len; i++)
		if (strcmp(g_ptr_array_index(out->values, i), value) == 0) {
			g_free(value);
			return;
		}
	if (out->values->len < VALUES) {
		g_ptr_array_add(out->values, value);
		return;
	}
	out->odd = TRUE;
	g_free(value);
}

static char *
percent(const char *p, gsize *len)
{
	GString *s = g_string_new(NULL);

	for (; *p != '\0'; p++) {
		if (*p == '%' && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2])) {
			g_string_append_c(s, (char)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2])));
			p += 2;
		} else {
			g_string_append_c(s, *p);
		}
	}
	*len = s->len;
	return g_string_free(s, FALSE);
}

/* charset'language'percent-coded */
static char *
extended(const char *value)
{
	const char *one = strchr(value, '\''), *two = one != NULL ? strchr(one + 1, '\'') : NULL;
	g_autofree char *charset = two != NULL ? g_strndup(value, (gsize)(one - value)) : NULL;
	g_autofree char *bytes = NULL;
	gsize len;

	bytes = percent(two != NULL ? two + 1 : value, &len);
	return sg_charset_decode(charset, bytes, len, &len, NULL);
}

static const char *
skip_blanks(const char *p, gboolean *odd)
{
	guint depth = 0;

	for (; *p != '\0'; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !g_ascii_isspace(*p))
			break;
		*odd = *odd || depth > 0;
	}
	return p;
}

/* The value at p; *end is behind it. */
static char *
value_at(const char *p, const char **end, gboolean *odd)
{
	GString *s = g_string_new(NULL);

	if (*p == '"') {
		for (p++; *p != '\0' && *p != '"'; p++) {
			if (*p == '\\' && p[1] != '\0') {
				p++;
				*odd = *odd || (*p != '"' && *p != '\\');
			}
			if (*p != '\r' && *p != '\n')
				g_string_append_c(s, *p);
			*odd = *odd || *p == '\n';
		}
		*odd = *odd || *p == '\0';
		*end = *p != '\0' ? p + 1 : p;
		return g_string_free(s, FALSE);
	}
	for (; *p != '\0' && *p != ';'; p++)
		g_string_append_c(s, *p);
	*end = p;
	g_strstrip(s->str);
	/* only quotes keep these */
	*odd = *odd || strpbrk(s->str, " \t(\"\\") != NULL;
	return g_string_free(s, FALSE);
}

static void
add_plain(Reader *r, const char *value)
{
	r->out->plain++;
	if (r->out->values->len >= VALUES) {
		r->out->odd = TRUE;
		return;
	}
	add(r->out, sg_header_decode(value));
	r->out->odd = r->out->odd || g_ascii_isspace(value[0]) ||
	    (value[0] != '\0' && g_ascii_isspace(value[strlen(value) - 1]));
	if (strchr(value, '%') != NULL) {
		gsize len;
		g_autofree char *bytes = percent(value, &len);

		add(r->out, sg_charset_decode(NULL, bytes, len, &len, NULL));
	}
}

/* tail: what follows the name before "=": "", "*", "*0", "*0*". */
static void
take(Reader *r, const char *tail, char *value)
{
	char *end;
	Piece piece = { 0, FALSE, NULL };

	if (tail[0] == '\0') {
		add_plain(r, value);
	} else {
		r->out->extended = TRUE;
		if (strcmp(tail, "*") == 0 && r->out->values->len < VALUES) {
			add(r->out, extended(value));
		} else if (r->pieces->len < PIECES) {
			piece.number = (guint)g_ascii_strtoull(tail + 1, &end, 10);
			piece.coded = *end == '*';
			piece.value = g_steal_pointer(&value);
			g_array_append_val(r->pieces, piece);
		} else {
			r->out->odd = TRUE;
		}
	}
	g_free(value);
}

static int
by_number(gconstpointer a, gconstpointer b)
{
	const Piece *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static void
join_pieces(Reader *r)
{
	g_autoptr(GString) all = g_string_new(NULL);
	gboolean coded = FALSE;

	if (r->pieces->len == 0)
		return;
	g_array_sort(r->pieces, by_number);
	for (guint i = 0; i < r->pieces->len; i++) {
		const Piece *p = &g_array_index(r->pieces, Piece, i);

		g_string_append(all, p->value);
		coded = coded || p->coded;
		r->out->odd = r->out->odd || p->number != i;
	}
	add(r->out, coded ? extended(all->str) : sg_header_decode(all->str));
}

void
sg_params_read(const char *value, const char *name, SgParams *out)
{
	g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
	Reader r = { out, pieces };
	gsize n = strlen(name);
	const char *p = strchr(value, ';');

	g_array_set_clear_func(pieces, piece_clear);
	*out = (SgParams){ .values = g_ptr_array_new_with_free_func(g_free) };
	while (p != NULL && *p != '\0') {
		const char *from = p = skip_blanks(p + strspn(p, "; \t\r\n"), &out->odd), *end;
		g_autofree char *tail = NULL;
		gboolean odd = FALSE;

		p += strcspn(p, "=;");
		if (*p != '=')
			continue;
		end = p;
		p = skip_blanks(p + 1, &odd);
		value = p;
		if (g_ascii_strncasecmp(from, name, n) != 0) {
			g_free(value_at(p, &p, &odd));
			continue;
		}
		tail = g_strstrip(g_strndup(from + n, (gsize)(end - from) - MIN(n, (gsize)(end - from))));
		if (tail[0] != '\0' && tail[0] != '*') {
			g_free(value_at(p, &p, &odd));
			continue;
		}
		take(&r, tail, value_at(value, &p, &odd));
		out->odd = out->odd || odd;
	}
	join_pieces(&r);
}

void
sg_params_clear(SgParams *p)
{
	g_clear_pointer(&p->values, g_ptr_array_unref);
}
