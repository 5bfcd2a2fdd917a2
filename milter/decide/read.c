/* read - policy.conf as a whole: its sections, classes, contacts, disclaimers. */
#include <string.h>

#include "decide/reader.h"
#include "model/incident.h"

#define MAX_ENTRIES 1000 /* of one section; a school has dozens */

void
sg_class_free(gpointer klass)
{
	SgClass *c = klass;

	g_free(c->name);
	g_strfreev(c->match);
	g_free(c);
}

gboolean
sg_policy_has_class(const SgPolicy *p, const char *name)
{
	gboolean found = strcmp(name, SG_OUTSIDE) == 0;

	for (guint i = 0; !found && i < p->classes->len; i++)
		found =
		    strcmp(((const SgClass *)g_ptr_array_index(p->classes, i))->name, name) == 0;
	return found;
}

/* The product's own categories are those that have words for people. */
gboolean
sg_policy_has_category(const SgPolicy *p, const char *name)
{
	if (p->categories != NULL && g_strv_contains((const char *const *)p->categories, name))
		return TRUE;
	return strcmp(sg_category_label(name), sg_category_label("")) != 0;
}

char **
sg_policy_read_words(SgPolicyReader *r, const config_setting_t *s, const char *key)
{
	int type = config_setting_type(s), n = config_setting_length(s);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

	if ((type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST) || n == 0) {
		sg_policy_error(
		    r, s, "%s is not a list of texts; write %s = [ \"one\", \"two\" ]", key, key);
		return NULL;
	}
	for (int i = 0; i < n; i++) {
		const char *v = config_setting_get_string_elem(s, i);

		if (v == NULL || v[0] == '\0' || !g_utf8_validate(v, -1, NULL)) {
			sg_policy_error(r, s,
			    "entry %d of %s is not a text; put it in double quotes, in UTF-8",
			    i + 1, key);
			return NULL;
		}
		g_ptr_array_add(list, g_strdup(v));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

static gboolean
is_word(const char *s)
{
	gsize n = strlen(s);

	return n > 0 && n <= 40 &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == n;
}

/* The text of s when it is a short plain word. */
static const char *
read_word(SgPolicyReader *r, const config_setting_t *s, const char *key)
{
	const char *v = config_setting_get_string(s);

	if (v != NULL && is_word(v))
		return v;
	sg_policy_error(r, s,
	    "%s is not a short name; use letters, digits, \"-\", \"_\" and \".\" in "
	    "double quotes, at most 40",
	    key);
	return NULL;
}

char *
sg_policy_read_word(SgPolicyReader *r, const config_setting_t *s, const char *key)
{
	return g_strdup(read_word(r, s, key));
}

static int
number(const char *digits, guint n)
{
	int v = 0;

	for (guint i = 0; i < n; i++)
		v = v * 10 + (digits[i] - '0');
	return v;
}

gboolean
sg_policy_read_date(const char *s, gint64 *out)
{
	g_autoptr(GDateTime) day = NULL;
	static const char shape[] = "dddd-dd-dd";

	for (guint i = 0; i < sizeof(shape); i++)
		if (shape[i] == 'd' ? !g_ascii_isdigit(s[i]) : s[i] != shape[i])
			return FALSE;
	day = g_date_time_new_local(number(s, 4), number(s + 5, 2), number(s + 8, 2), 0, 0, 0);
	if (day == NULL)
		return FALSE;
	*out = g_date_time_to_unix(day);
	return TRUE;
}

static void
unknown(SgPolicyReader *r, const config_setting_t *s, const char *where)
{
	sg_policy_error(r, s, "unknown field \"%s\" in %s; see schoolgate-policy(5)",
	    config_setting_name(s), where);
}

static void
read_class(SgPolicyReader *r, const config_setting_t *s)
{
	SgClass *c = g_new0(SgClass, 1);
	gboolean good = TRUE;

	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *f = config_setting_get_elem(s, (unsigned)i);
		const char *key = config_setting_name(f);

		if (strcmp(key, "name") == 0)
			c->name = g_strdup(read_word(r, f, key));
		else if (strcmp(key, "match") == 0)
			c->match = sg_policy_read_words(r, f, key);
		else {
			unknown(r, f, "a class");
			good = FALSE;
		}
	}
	for (char **m = c->match; m != NULL && *m != NULL; m++) {
		char *low = g_utf8_strdown(*m, -1);

		g_free(*m);
		*m = low;
		if (strpbrk(low, "@*") == NULL) {
			sg_policy_error(r, s,
			    "\"%s\" matches no address; write \"@%s\" for a domain", low, low);
			good = FALSE;
		}
	}
	if (good && (c->name == NULL || c->match == NULL))
		sg_policy_error(r, s,
		    "a class needs name and match; write { name = \"staff\"; match = "
		    "[ \"@school.example\" ]; }");
	if (good && c->name != NULL && c->match != NULL)
		g_ptr_array_add(r->policy->classes, c);
	else
		sg_class_free(c);
}

static char *
read_address(SgPolicyReader *r, const config_setting_t *s)
{
	const char *v = config_setting_get_string(s);
	g_autofree char *a = v != NULL ? sg_address_clean(v) : NULL;

	if (a == NULL || a[0] == '@' || sg_address_domain(a)[0] == '\0') {
		sg_policy_error(r, s, "%s is not a mail address; write \"name@school.example\"",
		    config_setting_name(s));
		return NULL;
	}
	return g_steal_pointer(&a);
}

static void
add_contact(SgPolicy *p, const char *role, const char *address)
{
	char **list = g_hash_table_lookup(p->contacts, role);
	guint n = list != NULL ? g_strv_length(list) : 0;
	char **more = g_new0(char *, n + 2);

	for (guint i = 0; i < n; i++)
		more[i] = g_strdup(list[i]);
	more[n] = g_strdup(address);
	g_hash_table_insert(p->contacts, g_strdup(role), more);
}

static void
read_contact(SgPolicyReader *r, const config_setting_t *s)
{
	g_autofree char *role = NULL, *address = NULL;
	guint before = r->errors;

	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *f = config_setting_get_elem(s, (unsigned)i);
		const char *key = config_setting_name(f);

		if (strcmp(key, "role") == 0) {
			g_free(role);
			role = g_strdup(read_word(r, f, key));
		} else if (strcmp(key, "address") == 0) {
			g_free(address);
			address = read_address(r, f);
		} else
			unknown(r, f, "a contact");
	}
	if (role != NULL && address != NULL)
		add_contact(r->policy, role, address);
	else if (r->errors == before)
		sg_policy_error(r, s, "a contact needs role and address; write { role = \"lead\"; "
		    "address = \"dsl@school.example\"; }");
}

static void
read_row(SgPolicyReader *r, const config_setting_t *s)
{
	SgRow *row = sg_row_parse(r, s);

	if (row == NULL)
		return;
	for (guint i = 0; i < r->policy->rows->len; i++)
		if (strcmp(((const SgRow *)g_ptr_array_index(r->policy->rows, i))->id, row->id) ==
		    0)
			sg_policy_error(r, s,
			    "a row called \"%s\" is there already; give each its own id", row->id);
	g_ptr_array_add(r->policy->rows, row);
}

/* One section: a list of groups, each given to read_one. */
static void
read_section(SgPolicyReader *r, config_setting_t *root, const char *name, gboolean needed,
    void (*read_one)(SgPolicyReader *, const config_setting_t *))
{
	const config_setting_t *s = config_setting_get_member(root, name);
	int n = s != NULL ? config_setting_length(s) : 0;

	if (s == NULL || n == 0) {
		if (needed)
			sg_policy_error(r, s, "%s is %s; start from policy.conf.example", name,
			    s == NULL ? "missing" : "empty");
		return;
	}
	if (config_setting_type(s) != CONFIG_TYPE_LIST || n > MAX_ENTRIES) {
		sg_policy_error(r, s,
		    "%s is not a list of at most %d groups; write %s = ( { ... }, { ... } );", name,
		    MAX_ENTRIES, name);
		return;
	}
	for (int i = 0; i < n; i++) {
		const config_setting_t *one = config_setting_get_elem(s, (unsigned)i);

		if (config_setting_is_group(one))
			read_one(r, one);
		else
			sg_policy_error(
			    r, one, "entry %d of %s is not a group; put it in { }", i + 1, name);
	}
}

static void
read_categories(SgPolicyReader *r, config_setting_t *root)
{
	const config_setting_t *s = config_setting_get_member(root, "categories");

	if (s != NULL)
		r->policy->categories = sg_policy_read_words(r, s, "categories");
}

static void
read_root(SgPolicyReader *r, config_setting_t *root)
{
	static const char *const sections[] = { "classes", "policy", "contacts", "disclaimers",
		"categories", NULL };

	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, (unsigned)i);

		if (!g_strv_contains(sections, config_setting_name(s)))
			sg_policy_error(r, s,
			    "unknown section \"%s\"; there are classes, policy, contacts, "
			    "disclaimers and categories",
			    config_setting_name(s));
	}
	read_categories(r, root);
	read_section(r, root, "classes", TRUE, read_class);
	read_section(r, root, "contacts", FALSE, read_contact);
	read_section(r, root, "policy", TRUE, read_row);
	read_section(r, root, "disclaimers", FALSE, sg_disclaimer_read);
}

/* libconfig drops the upper half of a number that is too long, without a word. */
static void
check_long_numbers(SgPolicyReader *r)
{
	g_autofree char *text = NULL;
	g_autoptr(GRegex) re = g_regex_new("^(?>[^#\"\n=]++|=(?!\\s*-?(\\d{10}|0[xX]\\w{9}))|"
	    "\"(?:[^\"\\\\\n]|\\\\.)*+\")*+=", G_REGEX_MULTILINE, 0, NULL);
	g_autoptr(GMatchInfo) m = NULL;
	int end = 0;
	guint line = 1;

	if (!g_file_get_contents(r->file, &text, NULL, NULL) || !g_utf8_validate(text, -1, NULL) ||
	    !g_regex_match(re, text, 0, &m))
		return;
	g_match_info_fetch_pos(m, 0, NULL, &end);
	for (int i = 0; i < end; i++)
		line += text[i] == '\n';
	r->errors++;
	g_ptr_array_add(r->problems,
	    g_strdup_printf("%s:%u: a number is too long; choose a smaller one", r->file, line));
}

void
sg_policy_read(SgPolicyReader *r)
{
	g_autofree char *dir = g_path_get_dirname(r->file);
	config_t c;

	config_init(&c);
	config_set_include_dir(&c, dir);
	if (!g_file_test(r->file, G_FILE_TEST_IS_REGULAR))
		sg_policy_error(r, NULL,
		    "no such file; copy policy.conf.example there, or set \"policy\" in "
		    "schoolgate.conf");
	else if (!config_read_file(&c, r->file)) {
		const char *file = config_error_file(&c);

		r->errors++;
		g_ptr_array_add(r->problems,
		    g_strdup_printf("%s:%d: %s; check quotes, commas and semicolons here "
				    "and in the line before",
			file != NULL ? file : r->file, config_error_line(&c),
			config_error_text(&c)));
	} else {
		read_root(r, config_root_setting(&c));
		check_long_numbers(r);
	}
	config_destroy(&c);
}
