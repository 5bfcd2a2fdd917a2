#include <string.h>

#include "base/err.h"
#include "ctl/csv.h"

/* --- encoding ------------------------------------------------------------------ */

/* "UTF-16LE" or "UTF-16BE" when every other byte of the beginning is zero. */
static const char *
wide_by_zeros(const char *p, gsize n)
{
	gsize look = MIN(n, 200u) & ~(gsize)1, even = 0, odd = 0;

	for (gsize i = 0; i < look; i += 2) {
		even += p[i] == 0;
		odd += p[i + 1] == 0;
	}
	if (look < 4)
		return NULL;
	return odd > look / 4 && even == 0 ? "UTF-16LE" : even > look / 4 && odd == 0 ? "UTF-16BE" : NULL;
}

/* What the text is encoded in, NULL for UTF-8; *mark: bytes of a mark before it. */
static const char *
encoding_of(const char *p, gsize n, gsize *mark)
{
	const char *wide = wide_by_zeros(p, n);

	*mark = 0;
	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		*mark = 3;
	else if (n >= 2 && (memcmp(p, "\xFF\xFE", 2) == 0 || memcmp(p, "\xFE\xFF", 2) == 0)) {
		*mark = 2;
		return p[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";
	}
	if (wide != NULL)
		return wide;
	return g_utf8_validate_len(p + *mark, n - *mark, NULL) || memchr(p, 0, n) != NULL ? NULL : "WINDOWS-1252";
}

char *
sg_csv_utf8(const char *data, gsize len, gsize *out_len, gboolean *guessed, GError **error)
{
	gsize mark;
	const char *from = encoding_of(data, len, &mark);
	g_autofree char *text = NULL;
	g_autoptr(GError) why = NULL;

	*out_len = len - mark;
	*guessed = g_strcmp0(from, "WINDOWS-1252") == 0;
	text = from == NULL ? g_strndup(len > 0 ? data + mark : "", len - mark) :
	    g_convert(data + mark, (gssize)(len - mark), "UTF-8", from, NULL, out_len, &why);
	if (text == NULL)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "the file is broken text of the encoding %s; save it "
		    "as CSV in UTF-8", from);
	else if (strlen(text) == *out_len)
		return g_steal_pointer(&text);
	else
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "the file has zero bytes, so it is no table of "
		    "text; save it as CSV in UTF-8");
	return NULL;
}

/* --- rows ------------------------------------------------------------------------- */

/* What the first line has most of, outside quotes. */
static char
separator_of(const char *p, const char *end)
{
	static const char all[] = { ',', ';', '\t', '|' };
	guint count[G_N_ELEMENTS(all)] = { 0 };
	gboolean quoted = FALSE;
	gsize best = 0;

	for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
		quoted = quoted != (*p == '"');
		for (gsize i = 0; i < G_N_ELEMENTS(all) && !quoted; i++)
			count[i] += *p == all[i];
	}
	for (gsize i = 1; i < G_N_ELEMENTS(all); i++)
		if (count[i] > count[best])
			best = i;
	return all[best];
}

void
sg_csv_begin(SgCsv *c, const char *text, gsize len)
{
	*c = (SgCsv){ .p = text, .end = text + len, .separator = separator_of(text, text + len), .line = 1,
		.next = 1, .cells = g_ptr_array_new_with_free_func(g_free) };
}

void
sg_csv_end(SgCsv *c)
{
	g_clear_pointer(&c->cells, g_ptr_array_unref);
}

/* The line end at p: its bytes, 0 when there is none. */
static gsize
line_end(const SgCsv *c)
{
	if (c->p == c->end || (*c->p != '\r' && *c->p != '\n'))
		return 0;
	return *c->p == '\r' && c->p + 1 < c->end && c->p[1] == '\n' ? 2 : 1;
}

/* One byte more than a field may have is kept, so that it is seen to be too long. */
static void
take(SgCsv *c, GString *field)
{
	if (field->len <= SG_CSV_FIELD)
		g_string_append_c(field, *c->p);
	c->p++;
}

/* Up to behind its last quote. */
static gboolean
quoted_field(SgCsv *c, GString *field)
{
	c->p++;
	while (c->p < c->end) {
		if (*c->p == '"' && (c->p + 1 == c->end || c->p[1] != '"')) {
			c->p++;
			return TRUE;
		}
		c->p += *c->p == '"';
		c->next += line_end(c) == 1;
		take(c, field);
	}
	return FALSE;
}

static const char *
next_field(SgCsv *c)
{
	g_autoptr(GString) field = g_string_new(NULL);
	gboolean closed = TRUE;

	while (c->p < c->end && *c->p == ' ')
		c->p++;
	if (c->p < c->end && *c->p == '"')
		closed = quoted_field(c, field);
	while (c->p < c->end && *c->p != c->separator && line_end(c) == 0)
		take(c, field);
	if (!closed)
		return "a quotation mark is not closed; write \"\" for one inside a field";
	if (field->len > SG_CSV_FIELD)
		return "a field is longer than 4,096 bytes; look for a quotation mark that is missing";
	if (c->cells->len == SG_CSV_COLUMNS)
		return "there are more than 256 columns; remove those that are not needed";
	g_ptr_array_add(c->cells, g_strdup(g_strstrip(field->str)));
	return NULL;
}

static gboolean
is_blank(const GPtrArray *cells)
{
	for (guint i = 0; i < cells->len; i++)
		if (((const char *)g_ptr_array_index(cells, i))[0] != '\0')
			return FALSE;
	return TRUE;
}

gboolean
sg_csv_next(SgCsv *c, const char **why)
{
	*why = NULL;
	while (c->p < c->end) {
		c->line = c->next;
		g_ptr_array_set_size(c->cells, 0);
		for (;;) {
			const char *wrong = next_field(c);

			*why = *why != NULL ? *why : wrong;
			if (c->p == c->end || *c->p != c->separator)
				break;
			c->p++;
		}
		c->next += line_end(c) > 0;
		c->p += line_end(c);
		if (*why != NULL || !is_blank(c->cells))
			return TRUE;
	}
	return FALSE;
}
