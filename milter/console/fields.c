#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "console/fields.h"

struct SgFields {
	GHashTable *values;
};

SgFields *
sg_fields_new(void)
{
	SgFields *f = g_new0(SgFields, 1);

	f->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return f;
}

void
sg_fields_free(SgFields *f)
{
	if (f == NULL)
		return;
	g_hash_table_unref(f->values);
	g_free(f);
}

static gboolean
wrong(GError **error, int code, const char *why)
{
	g_set_error_literal(error, SG_ERR, code, why);
	return FALSE;
}

/* Takes name and value. */
static gboolean
add(SgFields *f, char *name, char *value, GError **error)
{
	const char *why = NULL;
	int code = SG_ERR_INPUT;

	if (name == NULL || value == NULL || *name == '\0')
		why = "a field is not text in UTF-8";
	else if (g_hash_table_contains(f->values, name))
		why = "a field is there twice";
	else if (g_hash_table_size(f->values) >= SG_FIELDS_MAX) {
		why = "there are too many fields";
		code = SG_ERR_LIMIT;
	}
	if (why == NULL) {
		g_hash_table_insert(f->values, name, value);
		return TRUE;
	}
	g_free(name);
	g_free(value);
	return wrong(error, code, why);
}

/* NULL: broken escape, NUL or bad UTF-8. */
static char *
decode(const char *p, gsize n)
{
	g_autoptr(GString) s = g_string_sized_new(n + 1);

	for (gsize i = 0; i < n; i++) {
		if (p[i] == '+')
			g_string_append_c(s, ' ');
		else if (p[i] != '%')
			g_string_append_c(s, p[i]);
		else if (i + 2 < n && g_ascii_isxdigit(p[i + 1]) && g_ascii_isxdigit(p[i + 2])) {
			g_string_append_c(s, (char)(g_ascii_xdigit_value(p[i + 1]) << 4 |
						    g_ascii_xdigit_value(p[i + 2])));
			i += 2;
		} else
			return NULL;
	}
	return g_utf8_validate(s->str, (gssize)s->len, NULL)
		   ? g_string_free(g_steal_pointer(&s), FALSE)
		   : NULL;
}

gboolean
sg_fields_form(SgFields *f, const char *data, gsize len, GError **error)
{
	const char *p = data, *end = data + len;

	if (len > SG_BODY_MAX)
		return wrong(error, SG_ERR_LIMIT, "there is too much of it");
	while (p < end) {
		const char *amp = memchr(p, '&', (gsize)(end - p)), *stop = amp != NULL ? amp : end;
		const char *eq = memchr(p, '=', (gsize)(stop - p)),
			   *name_end = eq != NULL ? eq : stop;

		if (stop > p && !add(f, decode(p, (gsize)(name_end - p)),
		    eq != NULL ? decode(eq + 1, (gsize)(stop - eq - 1)) : g_strdup(""), error))
			return FALSE;
		p = amp != NULL ? amp + 1 : end;
	}
	return TRUE;
}

static char *
json_text(const json_t *v)
{
	/* NUL cannot be here: jansson refuses it unless told otherwise */
	if (json_is_string(v))
		return g_strdup(json_string_value(v));
	if (json_is_integer(v))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	if (json_is_boolean(v))
		return g_strdup(json_is_true(v) ? "true" : "false");
	return NULL;
}

gboolean
sg_fields_json(SgFields *f, const char *data, gsize len, GError **error)
{
	json_t *o, *value;
	const char *name;
	gboolean ok = TRUE;

	if (len > SG_BODY_MAX)
		return wrong(error, SG_ERR_LIMIT, "there is too much of it");
	o = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(o)) {
		json_decref(o);
		return wrong(error, SG_ERR_INPUT, "it is not a JSON object");
	}
	json_object_foreach(o, name, value)
		ok = ok && add(f, g_strdup(name), json_text(value), error);
	json_decref(o);
	return ok;
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
sg_field_names(const SgFields *f)
{
	GPtrArray *names = g_ptr_array_new();
	GHashTableIter it;
	gpointer name;

	g_hash_table_iter_init(&it, f->values);
	while (g_hash_table_iter_next(&it, &name, NULL))
		g_ptr_array_add(names, name);
	g_ptr_array_sort(names, by_name);
	return names;
}

const char *
sg_field(const SgFields *f, const char *name)
{
	return g_hash_table_lookup(f->values, name);
}

gboolean
sg_field_true(const SgFields *f, const char *name)
{
	const char *v = sg_field(f, name);

	return v != NULL && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
}

gboolean
sg_field_number(const SgFields *f, const char *name, guint64 max, guint64 *out)
{
	const char *v = sg_field(f, name);

	return v == NULL || g_ascii_string_to_unsigned(v, 10, 0, max, out, NULL);
}
