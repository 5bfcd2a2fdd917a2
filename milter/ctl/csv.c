#include <string.h>

#include "base/err.h"
#include "ctl/csv.h"

typedef struct {
	const char *p, *end;
	char	    separator;
	guint	    line;
} Reader;

static void
row_free(gpointer p)
{
	SgCsvRow *r = p;

	g_ptr_array_unref(r->cells);
	g_free(r);
}

/* --- encoding ------------------------------------------------------------------ */

/* "UTF-16LE" or "UTF-16BE" when every other byte of the beginning is zero. */
static const char *
wide_by_zeros(const guint8 *p, gsize n)
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

static char *
to_utf8(GBytes *file, GError **error)
{
	gsize n, written = 0;
	const guint8 *p = g_bytes_get_data(file, &n);
	const char *from = n > 0 ? wide_by_zeros(p, n) : NULL;
	g_autoptr(GError) why = NULL;
	char *text;

	if (n == 0)
		return g_strdup("");
	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
		p += 3;
		n -= 3;
	} else if (n >= 2 && (memcmp(p, "\xFF\xFE", 2) == 0 || memcmp(p, "\xFE\xFF", 2) == 0)) {
		from = p[0] == 0xFF ? "UTF-16LE" : "UTF-16BE";
		p += 2;
		n -= 2;
	}
	if (from == NULL && !g_utf8_validate((const char *)p, (gssize)n, NULL))
		from = "WINDOWS-1252";
	text = from == NULL ? g_strndup((const char *)p, n) :
	    g_convert((const char *)p, (gssize)n, "UTF-8", from, NULL, &written, &why);
	if (text == NULL)
		g_set_error(error, SG_ERR, SG_ERR_INPUT, "the file is broken text of the encoding %s (%s); save it "
		    "as UTF-8", from, why->message);
	else if (strlen(text) != (from == NULL ? n : written)) {
		g_set_error_literal(error, SG_ERR, SG_ERR_INPUT, "the file has zero bytes, so it is no table of "
		    "text; save it as CSV in UTF-8");
		g_clear_pointer(&text, g_free);
	}
	return text;
}

/* --- rows ------------------------------------------------------------------------- */

/* What the first line has most of, outside quotes. */
static char
separator_of(const char *text)
{
	static const char all[] = { ',', ';', '\t' };
	guint count[G_N_ELEMENTS(all)] = { 0 };
	gboolean quoted = FALSE;
	gsize best = 0;

	for (const char *p = text; *p != '\0' && (quoted || (*p != '\n' && *p != '\r')); p++) {
		quoted = quoted != (*p == '"');
		for (gsize i = 0; i < G_N_ELEMENTS(all) && !quoted; i++)
			count[i] += *p == all[i];
	}
	for (gsize i = 1; i < G_N_ELEMENTS(all); i++)
		if (count[i] > count[best])
			best = i;
	return all[best];
}

/* One or two bytes of a line end are passed over. */
static void
end_line(Reader *r)
{
	if (r->p < r->end && r->p[0] == '\r' && r->p + 1 < r->end && r->p[1] == '\n')
		r->p++;
	if (r->p < r->end)
		r->p++;
	r->line++;
}

/* The rest of a quoted field, up to behind its last quote. */
static gboolean
read_quoted(Reader *r, GString *out, GError **error)
{
	guint begin = r->line;

	for (r->p++; r->p < r->end; r->p++) {
		if (*r->p == '"' && (r->p + 1 == r->end || r->p[1] != '"')) {
			r->p++;
			return TRUE;
		}
		if (*r->p == '"')
			r->p++;
		r->line += *r->p == '\n';
		if (out->len > SG_CSV_FIELD)
			break;
		g_string_append_c(out, *r->p);
	}
	g_set_error(error, SG_ERR, SG_ERR_INPUT, "line %u: %s; correct the quotes there", begin,
	    out->len > SG_CSV_FIELD ? "a quoted field is longer than 4096 bytes" :
	    "a quotation mark is never closed");
	return FALSE;
}

static gboolean
read_field(Reader *r, GPtrArray *cells, GError **error)
{
	g_autoptr(GString) s = g_string_new(NULL);

	while (r->p < r->end && *r->p == ' ')
		r->p++;
	if (r->p < r->end && *r->p == '"' && !read_quoted(r, s, error))
		return FALSE;
	while (r->p < r->end && *r->p != r->separator && *r->p != '\n' && *r->p != '\r' &&
	    s->len <= SG_CSV_FIELD)
		g_string_append_c(s, *r->p++);
	if (s->len > SG_CSV_FIELD || cells->len == SG_CSV_COLUMNS) {
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "line %u: %s; is this a CSV file?", r->line,
		    s->len > SG_CSV_FIELD ? "a field is longer than 4096 bytes" : "more than 64 columns");
		return FALSE;
	}
	g_ptr_array_add(cells, g_strdup(g_strstrip(s->str)));
	return TRUE;
}

static gboolean
read_row(Reader *r, GPtrArray *rows, GError **error)
{
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
	guint line = r->line;
	gboolean any = FALSE;
	SgCsvRow *row;

	while (read_field(r, cells, error)) {
		any = any || ((char *)g_ptr_array_index(cells, cells->len - 1))[0] != '\0';
		if (r->p < r->end && *r->p == r->separator) {
			r->p++;
			continue;
		}
		end_line(r);
		if (!any)
			return TRUE;
		if (rows->len == SG_CSV_ROWS) {
			g_set_error(error, SG_ERR, SG_ERR_LIMIT, "line %u: more than %u rows; split the file",
			    line, SG_CSV_ROWS);
			return FALSE;
		}
		row = g_new0(SgCsvRow, 1);
		row->line = line;
		row->cells = g_steal_pointer(&cells);
		g_ptr_array_add(rows, row);
		return TRUE;
	}
	return FALSE;
}

GPtrArray *
sg_csv_read(GBytes *file, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
	g_autofree char *text = NULL;
	Reader r = { .line = 1 };

	if (g_bytes_get_size(file) > SG_CSV_BYTES) {
		g_set_error(error, SG_ERR, SG_ERR_LIMIT, "the file has more than %u bytes; split it", SG_CSV_BYTES);
		return NULL;
	}
	text = to_utf8(file, error);
	if (text == NULL)
		return NULL;
	r.p = text;
	r.end = text + strlen(text);
	r.separator = separator_of(text);
	while (r.p < r.end)
		if (!read_row(&r, rows, error))
			return NULL;
	return g_steal_pointer(&rows);
}
