/* read - helpers shared by the matchers and the file reader: lists, numbers, problems. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "rule/rule.h"

#define LIST_BYTES  (16u << 20)
#define ENTRIES_MAX 200000u	/* words of one rule */

static const char *const wheres[] = { "subject", "body", "quoted", "forwarded", "signature",
	"attachment", "name", "header" };

guint
sg_where_bit(const char *where)
{
	for (guint i = 0; i < G_N_ELEMENTS(wheres); i++)
		if (strcmp(wheres[i], where) == 0)
			return 1u << i;
	return 0;
}

void
sg_rule_tell(GPtrArray *problems, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	g_ptr_array_add(problems, g_strdup_vprintf(format, ap));
	va_end(ap);
}

void
sg_rule_problem(SgRuleReader *r, const config_setting_t *at, const char *format, ...)
{
	va_list ap;
	g_autofree char *text = NULL;

	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	sg_rule_tell(r->problems, "%s:%u: %s", r->file,
	    at != NULL ? MAX(1u, (guint)config_setting_source_line(at)) : 1u, text);
}

void
sg_rule_each_string(SgRuleReader *r, SgRule *rule, const config_setting_t *s, SgEachString each,
    gpointer data)
{
	int n = config_setting_length(s);
	const char *name = config_setting_name(s);

	if (!config_setting_is_array(s) && !config_setting_is_list(s)) {
		sg_rule_problem(r, s, "%s is not a list; write %s = [ \"one\", \"two\" ]", name,
		    name);
		return;
	}
	if (n == 0)
		sg_rule_problem(r, s, "%s is an empty list; give it an entry or remove it", name);
	for (int i = 0; i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		const char *text = config_setting_get_string(e);

		if (text == NULL)
			sg_rule_problem(r, e, "entry %d of %s is not a text; put it in double "
			    "quotes", i + 1, name);
		else
			each(r, rule, e, text, data);
	}
}

gboolean
sg_rule_read_int(SgRuleReader *r, const config_setting_t *s, int min, int max, guint *out)
{
	const char *name = config_setting_name(s);
	int v = config_setting_get_int(s);

	if (config_setting_type(s) != CONFIG_TYPE_INT) {
		sg_rule_problem(r, s, "%s is not a whole number; write one from %d to %d without "
		    "quotes", name, min, max);
		return FALSE;
	}
	if (v < min || v > max) {
		sg_rule_problem(r, s, "%s = %d is out of range; choose %d to %d", name, v, min,
		    max);
		return FALSE;
	}
	*out = (guint)v;
	return TRUE;
}

void
sg_rule_check_fields(SgRuleReader *r, const config_setting_t *s, const char *const *known)
{
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *field = config_setting_get_elem(s, (unsigned)i);
		const char *name = config_setting_name(field);

		if (name == NULL || !g_strv_contains(known, name)) {
			g_autofree char *all = g_strjoinv(", ", (char **)(gpointer)known);

			sg_rule_problem(r, field, "unknown field \"%s\"; the fields here are %s",
			    name != NULL ? name : "", all);
		}
	}
}

/* One word or phrase into the rule; says what is wrong with it by its number. */
static void
add_word(SgRuleReader *r, SgRule *rule, const char *word, guint slot, guint line, const char *where)
{
	SgEntry e = { .slot = slot, .line = line };
	const char *what = NULL;
	gsize len;

	if (rule->entries->len >= ENTRIES_MAX)
		return;
	e.text = sg_canon_string(r->canon, word);
	len = strlen(e.text);
	if (len > 1 && e.text[len - 1] == '*') {
		e.prefix = TRUE;
		e.text[--len] = '\0';
	}
	if (len == 0)
		what = "is empty; remove it";
	else if (len > SG_CANON_MATCH)
		what = "is longer than 500 bytes; shorten it";
	else if (e.text[0] == '*')
		what = "begins with *; a * may only stand at the end, for a word's beginning";
	else if (e.prefix && e.text[len - 1] == ' ')
		what = "ends in a * that stands alone; write it at the end of a word";
	else if (strstr(e.text, "\xEF\xBF\xBD") != NULL)
		what = "is not UTF-8; save the file as UTF-8";
	if (what == NULL) {
		g_array_append_val(rule->entries, e);
		if (rule->entries->len == ENTRIES_MAX)
			sg_rule_tell(r->problems, "%s:%u: a rule has more than %u words; split it",
			    where, line, ENTRIES_MAX - 1);
		return;
	}
	sg_rule_tell(r->problems, "%s:%u: a word or phrase %s", where, line, what);
	g_free(e.text);
}

/* Where the list is: beside the rules, or beside those of an earlier directory. */
char *
sg_rule_path(const SgRuleReader *r, const char *name)
{
	char *path = g_build_filename(r->dir, name, NULL);

	for (guint i = r->earlier != NULL ? r->earlier->len : 0;
	    i > 0 && !g_file_test(path, G_FILE_TEST_EXISTS); i--) {
		char *other = g_build_filename(g_ptr_array_index(r->earlier, i - 1), name, NULL);

		if (!g_file_test(other, G_FILE_TEST_EXISTS)) {
			g_free(other);
			continue;
		}
		g_free(path);
		return other;
	}
	return path;
}

GBytes *
sg_rule_list_bytes(SgRuleReader *r, const config_setting_t *at, const char *name, char **where)
{
	g_autofree char *path = sg_rule_path(r, name), *text = NULL;
	g_autoptr(GError) error = NULL;
	GBytes *bytes = g_hash_table_lookup(r->lists, path);
	gsize len = 0;

	*where = g_strdup(path);
	if (bytes != NULL)
		return bytes;
	if (name[0] == '/' || strstr(name, "..") != NULL) {
		sg_rule_problem(r, at, "the list \"%s\" is not beside the rules; write "
		    "\"@words/name.txt\" for a file below this directory", name);
		return NULL;
	}
	if (!g_file_get_contents(path, &text, &len, &error)) {
		sg_rule_problem(r, at, "the list \"%s\" cannot be read: %s", name, error->message);
		return NULL;
	}
	if (len > LIST_BYTES || !g_utf8_validate_len(text, len, NULL)) {
		sg_rule_problem(r, at, "the list \"%s\" is %s", name, len > LIST_BYTES ?
		    "larger than 16 MiB; split it" : "not UTF-8 text; save it as UTF-8");
		return NULL;
	}
	g_checksum_update(r->sum, (const guchar *)text, (gssize)len);
	bytes = g_bytes_new_take(g_steal_pointer(&text), len + 1);	/* with its NUL */
	g_hash_table_insert(r->lists, g_steal_pointer(&path), bytes);
	return bytes;
}

static void
read_list(SgRuleReader *r, SgRule *rule, const config_setting_t *s, const char *name, guint slot)
{
	g_autofree char *path = NULL;
	GBytes *bytes = sg_rule_list_bytes(r, s, name, &path);
	g_auto(GStrv) lines = NULL;
	guint before = rule->entries->len;

	if (bytes == NULL)
		return;
	lines = g_strsplit(g_bytes_get_data(bytes, NULL), "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		const char *word = g_strstrip(lines[i]);

		if (word[0] != '\0' && word[0] != '#')
			add_word(r, rule, word, slot, i + 1, path);
	}
	if (rule->entries->len == before)
		sg_rule_problem(r, s, "the list \"%s\" has no words; add some, one a line", name);
}

static void
each_word(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text,
    gpointer data)
{
	if (text[0] == '@')
		read_list(r, rule, at, text + 1, GPOINTER_TO_UINT(data));
	else
		add_word(r, rule, text, GPOINTER_TO_UINT(data),
		    (guint)config_setting_source_line(at), r->file);
}

void
sg_rule_read_words(SgRuleReader *r, SgRule *rule, const config_setting_t *s, guint slot)
{
	if (config_setting_type(s) == CONFIG_TYPE_STRING && config_setting_get_string(s)[0] == '@')
		each_word(r, rule, s, config_setting_get_string(s), GUINT_TO_POINTER(slot));
	else
		sg_rule_each_string(r, rule, s, each_word, GUINT_TO_POINTER(slot));
}
