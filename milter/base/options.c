#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libconfig.h>

#include "base/err.h"
#include "base/options.h"
#include "base/signatures.h"

typedef enum { T_SECTION, T_INT, T_BOOL, T_STR, T_PATH, T_LIST, T_PATHS } Type;

typedef struct {
	const char *section;	/* as in the file; "" = top level */
	const char *key;
	Type	    type;
	gsize	    at;		/* offset in SgOptions */
	const char *def;	/* NULL: required */
	gint64	    num, min, max;
	const char *help;
} Row;

#define ROW(s, k, t, d, n, lo, hi, h) { #s, #k, t, offsetof(SgOptions, s.k), d, n, lo, hi, h },
static const Row rows[] = {
#define SECTION(name, path) { #name, path, T_SECTION, 0, NULL, 0, 0, 0, NULL },
#define INT(s, k, d, lo, hi, h) ROW(s, k, T_INT, "", d, lo, hi, h)
#define BOOL(s, k, d, h) ROW(s, k, T_BOOL, "", d, 0, 1, h)
#define STR(s, k, d, h) ROW(s, k, T_STR, d, 0, 0, 0, h)
#define PATH(s, k, d, h) ROW(s, k, T_PATH, d, 0, 0, 0, h)
#define LIST(s, k, d, h) ROW(s, k, T_LIST, d, 0, 0, 0, h)
#define PATHS(s, k, d, h) ROW(s, k, T_PATHS, d, 0, 0, 0, h)
#define END_SECTION(name)
#include "base/options.def"
};

typedef struct {
	const char *file;
	char	   *dir;
	GPtrArray  *problems;
} Reader;

static void G_GNUC_PRINTF(3, 4)
problem(Reader *r, const config_setting_t *at, const char *format, ...)
{
	va_list ap;
	g_autofree char *text = NULL;
	const char *file = at != NULL ? config_setting_source_file(at) : NULL;

	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	g_ptr_array_add(r->problems, g_strdup_printf("%s:%u: %s", file != NULL ? file : r->file,
	    at != NULL ? (guint)config_setting_source_line(at) : 1u, text));
}

/* The section's name in the file for a row: the T_SECTION row before it tells. */
static const char *
path_of(const Row *row)
{
	while (row->type != T_SECTION)
		row--;
	return row->key;
}

static char *
full_name(const Row *row)
{
	const char *path = path_of(row);

	return path[0] != '\0' ? g_strdup_printf("%s.%s", path, row->key) : g_strdup(row->key);
}

static const Row *
row_for(const char *path, const char *key)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].type != T_SECTION && strcmp(path_of(&rows[i]), path) == 0 &&
		    strcmp(rows[i].key, key) == 0)
			return &rows[i];
	return NULL;
}

static gboolean
section_known(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].type == T_SECTION && path[0] != '\0' && strcmp(rows[i].key, path) == 0)
			return TRUE;
	return FALSE;
}

static char *
resolve(const Reader *r, const char *path)
{
	return path[0] == '\0' || g_path_is_absolute(path) ? g_strdup(path)
							   : g_build_filename(r->dir, path, NULL);
}

static gpointer
field(SgOptions *o, const Row *row)
{
	return (char *)o + row->at;
}

static void
set_default(const Reader *r, SgOptions *o, const Row *row)
{
	switch (row->type) {
	case T_INT:
		*(gint64 *)field(o, row) = row->num;
		break;
	case T_BOOL:
		*(gboolean *)field(o, row) = row->num != 0;
		break;
	case T_STR:
		*(char **)field(o, row) = g_strdup(row->def);
		break;
	case T_PATH:
		*(char **)field(o, row) = row->def != NULL ? resolve(r, row->def) : NULL;
		break;
	case T_LIST:
	case T_PATHS:
		if (row->def != NULL)
			*(char ***)field(o, row) = row->def[0] != '\0' ? g_strsplit(row->def, " ", -1)
								       : g_new0(char *, 1);
		break;
	case T_SECTION:
		break;
	}
}

static void
read_list(Reader *r, SgOptions *o, const Row *row, const config_setting_t *s)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	int n = config_setting_length(s);

	if (config_setting_type(s) != CONFIG_TYPE_ARRAY && config_setting_type(s) != CONFIG_TYPE_LIST) {
		problem(r, s, "%s is not a list; write [ \"one\", \"two\" ]", row->key);
		return;
	}
	for (int i = 0; i < n; i++) {
		const char *v = config_setting_get_string_elem(s, i);

		if (v == NULL) {
			problem(r, s, "entry %d of %s is not a text; put it in double quotes", i + 1, row->key);
			return;
		}
		g_ptr_array_add(list, row->type == T_PATHS ? resolve(r, v) : g_strdup(v));
	}
	g_ptr_array_add(list, NULL);
	g_strfreev(*(char ***)field(o, row));
	*(char ***)field(o, row) = (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

/* libconfig wraps a number above 2^31 without its L; a number that wrapped
 * came out negative or small, so the text of the file is the only witness. */
static gboolean
read_int(Reader *r, SgOptions *o, const Row *row, const config_setting_t *s)
{
	int type = config_setting_type(s);
	gint64 v;

	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
		problem(r, s, "%s is not a whole number; write it without quotes", row->key);
		return FALSE;
	}
	v = config_setting_get_int64(s);
	if (v < row->min || v > row->max) {
		problem(r, s, "%s = %" G_GINT64_FORMAT " is out of range; choose %" G_GINT64_FORMAT
		    " to %" G_GINT64_FORMAT, row->key, v, row->min, row->max);
		return FALSE;
	}
	*(gint64 *)field(o, row) = v;
	return TRUE;
}

static void
read_setting(Reader *r, SgOptions *o, const Row *row, const config_setting_t *s)
{
	const char *text = config_setting_get_string(s);

	switch (row->type) {
	case T_INT:
		(void)read_int(r, o, row, s);
		return;
	case T_BOOL:
		if (config_setting_type(s) != CONFIG_TYPE_BOOL)
			problem(r, s, "%s is neither true nor false; write one of them without quotes", row->key);
		else
			*(gboolean *)field(o, row) = config_setting_get_bool(s);
		return;
	case T_LIST:
	case T_PATHS:
		read_list(r, o, row, s);
		return;
	case T_STR:
	case T_PATH:
		if (text == NULL || !g_utf8_validate(text, -1, NULL)) {
			problem(r, s, "%s is not a text; put it in double quotes, in UTF-8", row->key);
			return;
		}
		g_free(*(char **)field(o, row));
		*(char **)field(o, row) = row->type == T_PATH ? resolve(r, text) : g_strdup(text);
		return;
	case T_SECTION:
		return;
	}
}

static void
read_group(Reader *r, SgOptions *o, const char *path, const config_setting_t *group)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		const char *key = config_setting_name(s);
		const Row *row = row_for(path, key);

		if (row != NULL)
			read_setting(r, o, row, s);
		else if (path[0] == '\0' && section_known(key) && config_setting_is_group(s))
			read_group(r, o, key, s);
		else if (path[0] == '\0' && section_known(key))
			problem(r, s, "%s is not a group; write %s: { ... };", key, key);
		else
			problem(r, s, "unknown setting \"%s%s%s\"; see schoolgate.conf(5) or "
			    "\"schoolgatectl config show --defaults\"", path, path[0] != '\0' ? "." : "", key);
	}
}

/* Numbers of ten digits and more need an L in libconfig 1.5, or they wrap silently. */
static void
check_long_numbers(Reader *r)
{
	g_autofree char *text = NULL;
	g_autoptr(GRegex) re = g_regex_new("^[^#\n]*\\b(\\w+)\\s*=\\s*-?\\d{10,}\\b(?!L)",
	    G_REGEX_MULTILINE, 0, NULL);
	g_autoptr(GMatchInfo) m = NULL;

	if (!g_file_get_contents(r->file, &text, NULL, NULL) || !g_utf8_validate(text, -1, NULL))
		return;
	g_regex_match(re, text, 0, &m);
	while (g_match_info_matches(m)) {
		g_autofree char *key = g_match_info_fetch(m, 1);
		int at = 0;
		guint line = 1;

		g_match_info_fetch_pos(m, 1, &at, NULL);
		for (int i = 0; i < at; i++)
			line += text[i] == '\n';
		g_ptr_array_add(r->problems, g_strdup_printf("%s:%u: the number of %s is too long; "
		    "write it with an L at its end if it is meant", r->file, line, key));
		g_match_info_next(m, NULL);
	}
}

static void
check_required(Reader *r, SgOptions *o)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Row *row = &rows[i];
		g_autofree char *name = NULL;

		if (row->type == T_SECTION || row->type == T_INT || row->type == T_BOOL ||
		    *(gpointer *)field(o, row) != NULL)
			continue;
		name = full_name(row);
		problem(r, NULL, "%s is missing; %s", name, row->help);
	}
}

SgOptions *
sg_options_load(const char *file, GPtrArray *problems, GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = g_canonicalize_filename(file, NULL);
	g_autofree char *dir = g_path_get_dirname(path);
	g_autoptr(SgOptions) o = g_atomic_rc_box_new0(SgOptions);
	Reader r = { path, dir, problems != NULL ? problems : own };
	guint before = r.problems->len;
	config_t c;

	o->file = g_strdup(path);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		set_default(&r, o, &rows[i]);
	config_init(&c);
	config_set_include_dir(&c, dir);
	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
		g_ptr_array_add(r.problems, g_strdup_printf("%s:1: no such file; name one with --config", path));
	else if (!config_read_file(&c, path))
		g_ptr_array_add(r.problems, g_strdup_printf("%s:%d: %s; check quotes, commas and semicolons here "
		    "and in the line before", config_error_file(&c) != NULL ? config_error_file(&c) : path,
		    config_error_line(&c), config_error_text(&c)));
	else {
		read_group(&r, o, "", config_root_setting(&c));
		check_long_numbers(&r);
		check_required(&r, o);
	}
	config_destroy(&c);
	if (r.problems->len == before)
		return g_steal_pointer(&o);
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s%s", (char *)g_ptr_array_index(r.problems, before),
	    r.problems->len - before > 1 ? " (and more)" : "");
	return NULL;
}

guint
sg_problems_errors(const GPtrArray *problems)
{
	guint n = 0;

	for (guint i = 0; i < problems->len; i++)
		n += strstr(g_ptr_array_index(problems, i), ": warning: ") == NULL;
	return n;
}

guint
sg_options_line(const SgOptions *o, const char *setting)
{
	g_autofree char *dir = g_path_get_dirname(o->file);
	const config_setting_t *at = NULL;
	guint line = 1;
	config_t c;

	config_init(&c);
	config_set_include_dir(&c, dir);
	if (config_read_file(&c, o->file))
		at = config_lookup(&c, setting);
	if (at != NULL)
		line = (guint)config_setting_source_line(at);
	config_destroy(&c);
	return line;
}

SgOptions *
sg_options_ref(SgOptions *o)
{
	return g_atomic_rc_box_acquire(o);
}

static void
options_clear(gpointer p)
{
	SgOptions *o = p;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gpointer f = field(o, &rows[i]);

		if (rows[i].type == T_STR || rows[i].type == T_PATH)
			g_free(*(char **)f);
		else if (rows[i].type == T_LIST || rows[i].type == T_PATHS)
			g_strfreev(*(char ***)f);
	}
	g_free(o->file);
}

void
sg_options_unref(SgOptions *o)
{
	if (o != NULL)
		g_atomic_rc_box_release_full(o, options_clear);
}

static void
show_list(GString *s, char **list)
{
	g_string_append(s, "[");
	for (char **v = list; v != NULL && *v != NULL; v++)
		g_string_append_printf(s, "%s \"%s\"", v == list ? "" : ",", *v);
	g_string_append(s, " ]");
}

static void
show_value(GString *s, const SgOptions *o, const Row *row)
{
	gconstpointer f = (const char *)o + row->at;
	g_auto(GStrv) words = NULL;

	switch (row->type) {
	case T_INT:
		g_string_append_printf(s, "%" G_GINT64_FORMAT, o != NULL ? *(const gint64 *)f : row->num);
		break;
	case T_BOOL:
		g_string_append(s, (o != NULL ? *(const gboolean *)f : row->num != 0) ? "true" : "false");
		break;
	case T_STR:
	case T_PATH:
		if (o == NULL && row->def == NULL)
			g_string_append(s, "(required)");
		else
			g_string_append_printf(s, "\"%s\"", o != NULL ? *(char *const *)f : row->def);
		break;
	case T_LIST:
	case T_PATHS:
		if (o == NULL && row->def == NULL) {
			g_string_append(s, "(required)");
			break;
		}
		words = o == NULL && row->def[0] != '\0' ? g_strsplit(row->def, " ", -1) : NULL;
		show_list(s, o != NULL ? *(char **const *)f : words);
		break;
	case T_SECTION:
		break;
	}
}

char *
sg_options_show(const SgOptions *o)
{
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name = NULL;

		if (rows[i].type == T_SECTION)
			continue;
		name = full_name(&rows[i]);
		if (o == NULL)
			g_string_append_printf(s, "# %s\n", rows[i].help);
		g_string_append_printf(s, "%s = ", name);
		show_value(s, o, &rows[i]);
		g_string_append_c(s, '\n');
	}
	return g_string_free(s, FALSE);
}

char *
sg_options_mdoc(void)
{
	GString *s = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name = NULL;
		g_autoptr(GString) def = g_string_new(NULL);

		if (rows[i].type == T_SECTION)
			continue;
		name = full_name(&rows[i]);
		show_value(def, NULL, &rows[i]);
		g_string_replace(def, "\"", "\\(dq", 0);
		g_string_append_printf(s, ".It Ic %s\n%s\n", name, rows[i].help);
		if (rows[i].type == T_INT)
			g_string_append_printf(s, "From %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ".\n",
			    rows[i].min, rows[i].max);
		if (g_str_equal(def->str, "(required)"))
			g_string_append(s, "Required.\n");
		else if (g_str_equal(def->str, "\\(dq\\(dq"))
			g_string_append(s, "Not set by default.\n");
		else
			g_string_append_printf(s, "Default: %s.\n", def->str);
	}
	return g_string_free(s, FALSE);
}
