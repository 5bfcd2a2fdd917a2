/* disclaimread - one group of "disclaimers": the table of its fields, and its texts. */
#include <string.h>

#include "decide/markup.h"
#include "decide/reader.h"

#define TEXT_MAX 16384u	/* of a file: a page */

typedef struct Draft {
	SgPolicyReader *r;
	SgDisclaimer   *d;
	const config_setting_t *at;	/* the field in hand */
} Draft;

static void
read_id(Draft *x)
{
	g_free(x->d->id);
	x->d->id = sg_policy_read_word(x->r, x->at, "id");
}

static void
read_classes(Draft *x, char ***field)
{
	g_strfreev(*field);
	*field = sg_policy_read_words(x->r, x->at, config_setting_name(x->at));
	for (char **c = *field; c != NULL && *c != NULL; c++)
		if (!sg_policy_has_class(x->r->policy, *c))
			sg_policy_error(x->r, x->at, "no class is called \"%s\"; add it to classes", *c);
}

static void
read_from(Draft *x)
{
	read_classes(x, &x->d->from);
}

static void
read_to(Draft *x)
{
	read_classes(x, &x->d->to);
}

static void
read_domains(Draft *x)
{
	char **own = x->r->policy->options->school.domains;

	g_strfreev(x->d->domains);
	x->d->domains = sg_policy_read_words(x->r, x->at, "domain");
	for (char **d = x->d->domains; d != NULL && *d != NULL; d++) {
		char *low = g_ascii_strdown(*d, -1);

		g_free(*d);
		*d = low;
		if (!g_strv_contains((const char *const *)own, low))
			sg_policy_error(x->r, x->at, "\"%s\" is none of the school's domains; add it to "
			    "school.domains or correct it", low);
	}
}

static void
read_direction(Draft *x)
{
	g_auto(GStrv) words = sg_policy_read_words(x->r, x->at, "direction");

	for (char **w = words; w != NULL && *w != NULL; w++) {
		SgRoute route;

		if (sg_route_parse(*w, &route))
			x->d->routes |= 1u << route;
		else
			sg_policy_error(x->r, x->at, "direction: \"%s\" is not known; write in, out, inside "
			    "or transit", *w);
	}
}

static const char *
read_choice(Draft *x, const char *const *choices)
{
	const char *v = config_setting_get_string(x->at);
	g_autofree char *all = NULL;

	for (guint i = 0; v != NULL && choices[i] != NULL; i++)
		if (strcmp(choices[i], v) == 0)
			return choices[i];
	all = g_strjoinv(", ", (char **)(gpointer)choices);
	sg_policy_error(x->r, x->at, "%s is none of its choices; write one of %s",
	    config_setting_name(x->at), all);
	return choices[0];
}

static void
read_mode(Draft *x)
{
	static const char *const choices[] = { "any", "split", NULL };

	x->d->split = strcmp(read_choice(x, choices), "split") == 0;
}

static void
read_place(Draft *x)
{
	static const char *const choices[] = { "bottom", "top", "above-quote", NULL };

	g_free(x->d->place);
	x->d->place = g_strdup(read_choice(x, choices));
}

static void
read_repeat(Draft *x)
{
	static const char *const choices[] = { "once-per-thread", "never", "always", NULL };

	g_free(x->d->repeat);
	x->d->repeat = g_strdup(read_choice(x, choices));
}

static void
read_shadow(Draft *x)
{
	if (config_setting_type(x->at) != CONFIG_TYPE_BOOL)
		sg_policy_error(x->r, x->at, "shadow is not true or false; write shadow = true;");
	else
		x->d->shadow = config_setting_get_bool(x->at) != 0;
}

static void
read_date(Draft *x, gint64 *field)
{
	const char *v = config_setting_get_string(x->at);

	if (v == NULL || !sg_policy_read_date(v, field))
		sg_policy_error(x->r, x->at, "%s is not a date; write \"2026-09-01\"",
		    config_setting_name(x->at));
}

static void
read_since(Draft *x)
{
	read_date(x, &x->d->since);
}

/* The day itself still counts. */
static void
read_until(Draft *x)
{
	g_autoptr(GDateTime) day = NULL, end = NULL;
	gint64 when = 0;

	read_date(x, &when);
	day = g_date_time_new_from_unix_local(when);
	end = g_date_time_add_days(day, 1);
	x->d->until = g_date_time_to_unix(end);
}

static gboolean
is_name(const char *s)
{
	return s != NULL && *s != '\0' && strlen(s) <= 40 &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(s);
}

static void
read_values(Draft *x)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	int n = config_setting_is_group(x->at) ? config_setting_length(x->at) : -1;

	if (n < 0)
		sg_policy_error(x->r, x->at, "values is not a group; write values = { school = \"...\"; };");
	for (int i = 0; i < n; i++) {
		const config_setting_t *v = config_setting_get_elem(x->at, (unsigned)i);
		const char *text = config_setting_get_string(v);

		if (text == NULL || !g_utf8_validate(text, -1, NULL) || !is_name(config_setting_name(v))) {
			sg_policy_error(x->r, v, "%s is not a value; write a name in small letters and a text "
			    "in double quotes", config_setting_name(v));
			continue;
		}
		g_ptr_array_add(list, g_strdup(config_setting_name(v)));
		g_ptr_array_add(list, g_strdup(text));
	}
	g_ptr_array_add(list, NULL);
	g_strfreev(x->d->values);
	x->d->values = (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

/* --- texts --------------------------------------------------------------------------- */

static char *
text_in(const char *dir, const char *name)
{
	static const char *const endings[] = { "", ".md", ".txt" };

	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *leaf = g_strconcat(name, endings[i], NULL);
		g_autofree char *file = g_path_is_absolute(leaf) ? g_strdup(leaf) : g_build_filename(dir, leaf, NULL);

		if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
			return g_steal_pointer(&file);
	}
	return NULL;
}

/* Beside the policy, or in a directory of rules (the school's own before the shipped one);
 * with or without ".md" and ".txt". */
static char *
find_text(const SgPolicyReader *r, const char *name)
{
	char **rules = r->policy->options->files.rules;
	g_autofree char *beside = g_path_get_dirname(r->file);
	char *file = text_in(beside, name);

	for (guint i = rules != NULL ? g_strv_length(rules) : 0; file == NULL && i > 0; i--)
		file = text_in(rules[i - 1], name);
	return file;
}

/* NULL, and an error noted. */
static char *
load_text(Draft *x, const char *name)
{
	g_autofree char *file = find_text(x->r, name), *text = NULL;
	gsize len = 0;
	const char *start;

	if (file == NULL || !g_file_get_contents(file, &text, &len, NULL)) {
		sg_policy_error(x->r, x->at, "there is no text \"%s\" beside the policy or in the directories of "
		    "rules; make the file, or name one that is there", name);
		return NULL;
	}
	if (len > TEXT_MAX || strlen(text) != len || !g_utf8_validate(text, -1, NULL)) {
		sg_policy_error(x->r, x->at, "%s is not a text of at most %u bytes in UTF-8; shorten it or save "
		    "it as UTF-8", file, TEXT_MAX);
		return NULL;
	}
	start = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text;
	if (start[strspn(start, " \t\r\n")] == '\0')
		sg_policy_error(x->r, x->at, "%s is empty; write the text into it", file);
	return g_strdup(start);
}

static void
read_text(Draft *x)
{
	const char *name = config_setting_get_string(x->at);

	g_free(x->d->source);
	x->d->source = NULL;
	if (name == NULL || *name == '\0')
		sg_policy_error(x->r, x->at, "text is not a text; write the name of a file in double quotes");
	else
		x->d->source = load_text(x, name);
}

static void
read_past(Draft *x)
{
	g_auto(GStrv) names = sg_policy_read_words(x->r, x->at, "past");
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

	for (char **n = names; n != NULL && *n != NULL; n++) {
		char *text = load_text(x, *n);

		if (text != NULL)
			g_ptr_array_add(list, text);
	}
	g_ptr_array_add(list, NULL);
	g_strfreev(x->d->past);
	x->d->past = (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

static const struct {
	const char *name;
	void	  (*read)(Draft *x);
} fields[] = {
	{ "id", read_id }, { "text", read_text }, { "past", read_past }, { "values", read_values },
	{ "from", read_from }, { "to", read_to }, { "domain", read_domains }, { "direction", read_direction },
	{ "since", read_since }, { "until", read_until },
	{ "mode", read_mode }, { "place", read_place }, { "repeat", read_repeat }, { "shadow", read_shadow },
};

static void
check_name(gpointer data, const char *name, guint line)
{
	Draft *x = data;

	if (!sg_disclaimer_knows(x->d, name))
		sg_policy_warn(x->r, x->at, "line %u of the text of \"%s\" uses {%s}, which has no value, and is "
		    "left out; correct the name or give it a value in values", line, x->d->id, name);
}

/* Mail from elsewhere is signed by its domain: a change makes the signature fail. */
static void
warn_of_inbound(const Draft *x)
{
	const SgDisclaimer *d = x->d;
	gboolean others = d->from == NULL || g_strv_contains((const char *const *)d->from, SG_OUTSIDE);
	guint in = 1u << SG_ROUTE_IN | 1u << SG_ROUTE_TRANSIT;

	if (d->domains == NULL && others && (d->routes == 0 || (d->routes & in) != 0))
		sg_policy_warn(x->r, x->at, "\"%s\" changes mail from outside: mail that its domain signed with DKIM "
		    "is left alone, and forwarding of the rest may suffer; name classes of the school in from, "
		    "or write direction = [ \"out\" ]", d->id);
}

static void
read_field(Draft *x)
{
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		if (strcmp(config_setting_name(x->at), fields[i].name) == 0) {
			fields[i].read(x);
			return;
		}
	sg_policy_error(x->r, x->at, "unknown field \"%s\" in a disclaimer; see schoolgate-policy(5)",
	    config_setting_name(x->at));
}

void
sg_disclaimer_read(SgPolicyReader *r, const config_setting_t *s)
{
	SgDisclaimer *d = g_new0(SgDisclaimer, 1);
	Draft x = { r, d, s };
	guint before = r->errors;

	d->until = G_MAXINT64;
	d->place = g_strdup("bottom");
	d->repeat = g_strdup("once-per-thread");
	g_ptr_array_add(r->policy->disclaimers, d);
	for (int i = 0; i < config_setting_length(s); i++) {
		x.at = config_setting_get_elem(s, (unsigned)i);
		read_field(&x);
	}
	x.at = s;
	if (r->errors != before)
		return;
	if (d->id == NULL || d->source == NULL) {
		sg_policy_error(r, s, "a disclaimer needs id and text; see schoolgate-policy(5)");
		return;
	}
	for (guint i = 0; i + 1 < r->policy->disclaimers->len; i++) {
		const SgDisclaimer *other = g_ptr_array_index(r->policy->disclaimers, i);

		if (g_strcmp0(other->id, d->id) == 0)
			sg_policy_error(r, s, "a disclaimer called \"%s\" is there already; give each its own "
			    "id", d->id);
	}
	if (d->since >= d->until)
		sg_policy_error(r, s, "\"%s\" ends before it begins; correct since or until", d->id);
	sg_markup_names(d->source, check_name, &x);
	warn_of_inbound(&x);
}

void
sg_disclaimer_free(gpointer disclaimer)
{
	SgDisclaimer *d = disclaimer;

	g_free(d->id);
	g_strfreev(d->from);
	g_strfreev(d->to);
	g_strfreev(d->domains);
	g_free(d->place);
	g_free(d->repeat);
	g_free(d->source);
	g_strfreev(d->past);
	g_strfreev(d->values);
	g_free(d);
}
