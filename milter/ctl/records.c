#include <string.h>

#include "ctl/records.h"

char *
sg_records_utf8(const char *data, gsize len, gsize *out_len, gboolean *guessed)
{
	const char *from = NULL;

	*guessed = FALSE;
	if (len >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
		from = "UTF-16";
	else if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		data += 3, len -= 3;
	if (from == NULL && g_utf8_validate_len(data, len, NULL)) {
		*out_len = len;
		return g_strndup(data, len);
	}
	*guessed = from == NULL;
	return g_convert_with_fallback(data, (gssize)len, "UTF-8", from != NULL ? from : "WINDOWS-1252", "?", NULL,
	    out_len, NULL);
}

static char
find_separator(const char *p, const char *end)
{
	static const char marks[] = ",;\t|";
	guint count[sizeof marks - 1] = { 0 }, best = 0;
	gboolean quoted = FALSE;

	for (; p < end && *p != '\n' && *p != '\r'; p++) {
		const char *m = *p != '\0' ? strchr(marks, *p) : NULL;

		quoted = quoted != (*p == '"');
		if (m != NULL && !quoted)
			count[m - marks]++;
	}
	for (guint i = 1; i < sizeof marks - 1; i++)
		if (count[i] > count[best])
			best = i;
	return marks[best];
}

void
sg_records_begin(SgRecords *c, const char *text, gsize len)
{
	*c = (SgRecords){ .p = text, .end = text + len, .line = 1, .separator = find_separator(text, text + len),
		.fields = g_ptr_array_new_with_free_func(g_free) };
}

void
sg_records_end(SgRecords *c)
{
	g_clear_pointer(&c->fields, g_ptr_array_unref);
}

/* The line end at p: its bytes, 0 when there is none. */
static gsize
line_end(const SgRecords *c)
{
	if (c->p == c->end || (*c->p != '\r' && *c->p != '\n'))
		return 0;
	return *c->p == '\r' && c->p + 1 < c->end && c->p[1] == '\n' ? 2 : 1;
}

static void
quoted_field(SgRecords *c, GString *field, const char **why)
{
	for (c->p++; c->p < c->end; c->p++) {
		if (*c->p == '"' && (c->p + 1 == c->end || c->p[1] != '"')) {
			c->p++;
			return;
		}
		c->p += *c->p == '"';
		c->line += line_end(c) == 1;
		g_string_append_c(field, *c->p);
	}
	*why = "a quotation mark is not closed; write \"\" for one inside a field";
}

static void
next_field(SgRecords *c, const char **why)
{
	g_autoptr(GString) field = g_string_new(NULL);

	while (c->p < c->end && *c->p == ' ')
		c->p++;
	if (c->p < c->end && *c->p == '"')
		quoted_field(c, field, why);
	while (c->p < c->end && *c->p != c->separator && line_end(c) == 0)
		g_string_append_c(field, *c->p++);
	if (field->len > SG_RECORDS_FIELD || memchr(field->str, 0, field->len) != NULL)
		*why = "a field is longer than 2,000 bytes or holds a NUL; look for a quotation mark that is missing";
	if (c->fields->len < SG_RECORDS_COLUMNS)
		g_ptr_array_add(c->fields, g_strstrip(g_strdup(field->str)));
	else
		*why = "there are more than 256 fields; remove columns that are not needed";
}

gboolean
sg_records_next(SgRecords *c, const char **why)
{
	*why = NULL;
	g_ptr_array_set_size(c->fields, 0);
	if (c->p == c->end)
		return FALSE;
	for (;;) {
		next_field(c, why);
		if (c->p == c->end || *c->p != c->separator)
			break;
		c->p++;
	}
	c->line += line_end(c) > 0;
	c->p += line_end(c);
	return TRUE;
}
