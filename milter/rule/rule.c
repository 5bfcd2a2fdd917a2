/* rule - reads the rules of one file; every mistake is told, not only the first. */
#include <string.h>

#include "rule/own.h"
#include "word/phrase.h"

#define FILE_BYTES (16u << 20)
#define TITLE_MAX  120
#define LABELS_MAX 8

static void
entry_clear(gpointer p)
{
	g_free(((SgEntry *)p)->text);
}

static void
context_clear(gpointer p)
{
	SgContext *c = p;

	g_free(c->key);
	g_strfreev(c->values);
}

static void
example_clear(gpointer p)
{
	SgExample *e = p;

	g_free(e->text);
	g_free(e->facts);
	g_free(e->where);
	g_free(e->type);
	g_free(e->kinds);
}

static GArray *
array_of(gsize size, GDestroyNotify clear)
{
	GArray *a = g_array_new(FALSE, TRUE, (guint)size);

	g_array_set_clear_func(a, clear);
	return a;
}

SgRule *
sg_rule_new(const SgRuleReader *r, guint line)
{
	SgRule *rule = g_new0(SgRule, 1);

	rule->file = g_strdup(r->file);
	rule->line = line;
	rule->entries = array_of(sizeof(SgEntry), entry_clear);
	rule->context = array_of(sizeof(SgContext), context_clear);
	rule->hits = array_of(sizeof(SgExample), example_clear);
	rule->misses = array_of(sizeof(SgExample), example_clear);
	rule->watchers = g_array_new(FALSE, FALSE, sizeof(guint));
	return rule;
}

void
sg_rule_free(SgRule *rule)
{
	if (rule == NULL)
		return;
	if (rule->matcher != NULL && rule->matcher->free != NULL && rule->data != NULL)
		rule->matcher->free(rule->data);
	g_array_unref(rule->entries);
	g_array_unref(rule->context);
	g_array_unref(rule->hits);
	g_array_unref(rule->misses);
	g_array_unref(rule->watchers);
	g_clear_pointer(&rule->say, g_ptr_array_unref);
	g_clear_pointer(&rule->unless, g_ptr_array_unref);
	g_strfreev(rule->needs);
	g_free(rule->id);
	g_free(rule->title);
	g_free(rule->category);
	g_free(rule->area);
	g_free(rule->file);
	g_free(rule->of);
	g_strfreev(rule->labels);
	g_free(rule->changed);
	g_free(rule);
}

/* A required text field; NULL after the problem has been told. */
static char *
read_text(SgRuleReader *r, const config_setting_t *group, const char *name, const char *remedy)
{
	const config_setting_t *s = config_setting_get_member(group, name);

	if (s == NULL)
		sg_rule_problem(r, group, "%s is missing; %s", name, remedy);
	else if (config_setting_get_string(s) == NULL || config_setting_get_string(s)[0] == '\0')
		sg_rule_problem(r, s, "%s is not a text; %s", name, remedy);
	else
		return g_strdup(config_setting_get_string(s));
	return NULL;
}

static gboolean
is_name(const char *s, gboolean dotted)
{
	const char *form = dotted ? "^[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)+$" :
	    "^[a-z][a-z0-9-]*$";

	return strlen(s) <= 64 && g_regex_match_simple(form, s, G_REGEX_DOLLAR_ENDONLY, 0);
}

static void
read_names(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	const config_setting_t *severity = config_setting_get_member(s, "severity");
	g_autofree char *confidence = NULL;

	rule->id = read_text(r, s, "id", "write id = \"topic.name\"");
	if (rule->id != NULL && !is_name(rule->id, TRUE))
		sg_rule_problem(r, s, "the id is not of the form topic.name; use small letters, "
		    "digits and -, at most 64 characters");
	rule->title = read_text(r, s, "title",
	    "write one plain sentence for the person who reads the finding");
	if (rule->title != NULL && g_utf8_strlen(rule->title, -1) > TITLE_MAX)
		sg_rule_problem(r, s, "the title is longer than %d characters; shorten it",
		    TITLE_MAX);
	if (severity == NULL)
		sg_rule_problem(r, s, "severity is missing; choose 1 (log only) to 5 (critical)");
	else
		(void)sg_rule_read_int(r, severity, 1, 5, &rule->severity);
	confidence = read_text(r, s, "confidence", "write low, medium or high");
	if (confidence == NULL)
		return;
	rule->confidence = sg_confidence_parse(confidence);
	if (rule->confidence == 0)
		sg_rule_problem(r, s, "confidence is none of low, medium, high; choose one");
}

static void
each_where(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text,
    gpointer data)
{
	guint bit = sg_where_bit(text);

	(void)data;
	if (bit == 0)
		sg_rule_problem(r, at, "\"%s\" is no place; choose from subject, body, quoted, "
		    "forwarded, signature, attachment, name, header", text);
	rule->where |= bit;
}

void
sg_rule_read_where(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	sg_rule_each_string(r, rule, s, each_where, NULL);
}

static void
each_value(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text,
    gpointer data)
{
	(void)rule;
	if (!is_name(text, FALSE))
		sg_rule_problem(r, at, "a class, route or kind is a name of small letters, digits and -; "
		    "correct it");
	g_ptr_array_add(data, g_strdup(text));
}

static void
each_label(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text,
    gpointer data)
{
	GPtrArray *labels = data;

	(void)rule;
	if (!g_regex_match_simple("^[A-Za-z][A-Za-z0-9_-]{0,31}$", text, G_REGEX_DOLLAR_ENDONLY, 0))
		sg_rule_problem(r, at, "a label is a name of at most 32 letters, digits, _ and -; "
		    "correct it");
	else if (labels->len == LABELS_MAX)
		sg_rule_problem(r, at, "there are more than %d labels; remove some", LABELS_MAX);
	else
		g_ptr_array_add(labels, g_strdup(text));
}

/* What others call the same thing; NULL when the group says nothing of it. */
static char **
read_labels(SgRuleReader *r, SgRule *rule, const config_setting_t *group)
{
	const config_setting_t *s = config_setting_get_member(group, "labels");
	g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);

	if (s == NULL)
		return NULL;
	if (config_setting_length(s) > 0 || config_setting_get_string(s) != NULL)
		sg_rule_each_string(r, rule, s, each_label, labels);
	g_ptr_array_add(labels, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&labels), FALSE);
}

static void
read_context(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	static const char *const known[] = { "from", "to", "route", "file", NULL };

	if (!config_setting_is_group(s)) {
		sg_rule_problem(r, s, "context is not a group; write context = { from = [ "
		    "\"pupil\" ]; }");
		return;
	}
	sg_rule_check_fields(r, s, known);
	for (guint i = 0; known[i] != NULL; i++) {
		const config_setting_t *list = config_setting_get_member(s, known[i]);
		g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
		SgContext c = { NULL, NULL };

		if (list == NULL)
			continue;
		sg_rule_each_string(r, rule, list, each_value, values);
		g_ptr_array_add(values, NULL);
		c.key = g_strdup(known[i]);
		c.values = (char **)g_ptr_array_free(g_steal_pointer(&values), FALSE);
		g_array_append_val(rule->context, c);
	}
}

static void
read_example(SgRuleReader *r, const config_setting_t *e, GArray *out)
{
	static const char *const known[] = { "text", "facts", "where", "name", "type", "kinds",
		NULL };
	SgExample x = { .line = (guint)config_setting_source_line(e) };
	char **to[] = { &x.text, &x.facts, &x.where, &x.text, &x.type, &x.kinds };

	if (config_setting_type(e) == CONFIG_TYPE_STRING)
		x.text = g_strdup(config_setting_get_string(e));
	else if (!config_setting_is_group(e))
		sg_rule_problem(r, e, "an example is neither a text nor a group; write \"...\" or "
		    "{ text = \"...\"; }");
	else
		sg_rule_check_fields(r, e, known);
	for (guint i = 0; config_setting_is_group(e) && known[i] != NULL; i++) {
		const char *text = NULL;

		if (config_setting_get_member(e, known[i]) == NULL)
			continue;
		if (!config_setting_lookup_string(e, known[i], &text))
			sg_rule_problem(r, e, "%s of an example is not a text; put it in double "
			    "quotes", known[i]);
		g_free(*to[i]);
		*to[i] = g_strdup(text);
	}
	if (x.where != NULL && sg_where_bit(x.where) == 0)
		sg_rule_problem(r, e, "where of an example is no place; write \"body\", for "
		    "instance");
	if (x.text == NULL)
		x.text = g_strdup("");
	g_array_append_val(out, x);
}

static void
read_examples(SgRuleReader *r, const SgRule *rule, const config_setting_t *group, const char *name,
    GArray *out)
{
	const config_setting_t *s = config_setting_get_member(group, name);
	gboolean optional = rule->matcher != NULL && rule->matcher->part != NULL;

	if (s == NULL && optional)
		return;
	if (s == NULL || (!config_setting_is_array(s) && !config_setting_is_list(s)) ||
	    config_setting_length(s) == 0) {
		sg_rule_problem(r, s != NULL ? s : group,
		    "%s is missing or no list; write %s = [ \"a text that must%s match\" ]", name,
		    name, name[0] == 'm' ? " not" : "");
		return;
	}
	for (int i = 0; i < config_setting_length(s); i++)
		read_example(r, config_setting_get_elem(s, (unsigned)i), out);
}

static void
read_matcher(SgRuleReader *r, SgRule *rule, const config_setting_t *group)
{
	const config_setting_t *found = NULL;
	g_autofree char *names = sg_matcher_names();

	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		const SgMatcher *m = sg_matcher_named(config_setting_name(s));

		if (m == NULL)
			continue;
		if (found != NULL)
			sg_rule_problem(r, s, "a rule has one of %s, this one has two; make two "
			    "rules of it", names);
		else
			rule->matcher = m;
		found = found != NULL ? found : s;
	}
	if (found == NULL)
		sg_rule_problem(r, group, "the rule has nothing to look for; give it one of %s",
		    names);
	else
		rule->matcher->read(r, rule, found);
}

static void
check_rule_fields(SgRuleReader *r, const config_setting_t *group)
{
	static const char *const known[] = { "id", "title", "severity", "confidence", "in",
		"context", "except", "unless", "needs", "quoted", "secret", "labels", "hit",
		"miss", NULL };

	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		const char *name = config_setting_name(s);
		g_autofree char *names = NULL;

		if (g_strv_contains(known, name) || sg_matcher_named(name) != NULL)
			continue;
		names = sg_matcher_names();
		sg_rule_problem(r, s, "unknown field \"%s\"; a rule has id, title, severity, "
		    "confidence, in, context, except, unless, needs, quoted, secret, labels, hit, miss "
		    "and one of %s", name,
		    names);
	}
}

static void
each_need(SgRuleReader *r, SgRule *rule, const config_setting_t *at, const char *text,
    gpointer data)
{
	(void)rule;
	if (!is_name(text, TRUE) && !is_name(text, FALSE))
		sg_rule_problem(r, at, "needs names rules and categories; \"%s\" is neither, "
		    "correct it", text);
	g_ptr_array_add(data, g_strdup(text));
}

/* What a hit depends on besides its own words. */
static void
read_conditions(SgRuleReader *r, SgRule *rule, const config_setting_t *group)
{
	const config_setting_t *s;

	if ((s = config_setting_get_member(group, "context")) != NULL)
		read_context(r, rule, s);
	if ((s = config_setting_get_member(group, "except")) != NULL)
		sg_rule_read_words(r, rule, s, SG_SLOT_EXCEPT);
	if ((s = config_setting_get_member(group, "unless")) != NULL)
		rule->unless = sg_rule_read_phrases(r, rule, s);
	if ((s = config_setting_get_member(group, "quoted")) != NULL)
		(void)sg_rule_read_int(r, s, 1, 5, &rule->quoted);
	if ((s = config_setting_get_member(group, "needs")) != NULL) {
		GPtrArray *names = g_ptr_array_new();

		sg_rule_each_string(r, rule, s, each_need, names);
		g_ptr_array_add(names, NULL);
		rule->needs = (char **)g_ptr_array_free(names, FALSE);
	}
}

static SgRule *
read_rule(SgRuleReader *r, const config_setting_t *group)
{
	g_autoptr(SgRule) rule = sg_rule_new(r, (guint)config_setting_source_line(group));
	gboolean about_text = config_setting_get_member(group, "in") != NULL ||
	    config_setting_get_member(group, "except") != NULL ||
	    config_setting_get_member(group, "unless") != NULL ||
	    config_setting_get_member(group, "quoted") != NULL;
	const config_setting_t *s;

	check_rule_fields(r, group);
	read_names(r, rule, group);
	read_matcher(r, rule, group);
	if ((s = config_setting_get_member(group, "in")) != NULL)
		sg_rule_read_where(r, rule, s);
	else
		rule->where = sg_where_bit("subject") | sg_where_bit("body") |
		    sg_where_bit("forwarded") | sg_where_bit("attachment");
	read_conditions(r, rule, group);
	if ((s = config_setting_get_member(group, "secret")) != NULL) {
		if (config_setting_type(s) != CONFIG_TYPE_BOOL)
			sg_rule_problem(r, s, "secret is neither true nor false; write one of them "
			    "without quotes");
		rule->secret = config_setting_get_bool(s) != 0;
	}
	rule->labels = read_labels(r, rule, group);
	read_examples(r, rule, group, "hit", rule->hits);
	read_examples(r, rule, group, "miss", rule->misses);
	if (rule->matcher != NULL && rule->matcher->part != NULL && about_text)
		sg_rule_problem(r, group, "\"in\", \"except\", \"unless\" and \"quoted\" belong to rules about text; "
		    "remove them from this one");
	return g_steal_pointer(&rule);
}

/* One member of "rules": a rule, or what is to be different about another one.  file
 * has what rules of this file share. */
static void
read_member(SgRuleReader *r, const config_setting_t *group, const SgRule *file, GPtrArray *rules)
{
	SgRule *rule;

	if (!config_setting_is_group(group)) {
		sg_rule_problem(r, group, "a rule is not a group; write { id = ...; ... }");
		return;
	}
	if (sg_override_is(group)) {
		sg_override_read(r, group);
		return;
	}
	rule = read_rule(r, group);
	rule->category = g_strdup(file->category != NULL ? file->category : "");
	rule->area = g_strdup(file->area != NULL ? file->area : "");
	if (rule->labels == NULL)
		rule->labels = file->labels != NULL ? g_strdupv(file->labels) : g_new0(char *, 1);
	g_ptr_array_add(rules, rule);
}

static void
read_root(SgRuleReader *r, const config_setting_t *root, GPtrArray *rules)
{
	static const char *const known[] = { "category", "area", "labels", "allow", "rules", NULL };
	static const char *const areas[] = { "content", "contact", "conduct", "commerce", NULL };
	const gboolean named = sg_own_needs_names(root);
	g_autofree char *category = !named ? NULL : read_text(r, root, "category",
	    "write category = \"bullying\", for instance");
	g_autofree char *area = !named ? NULL : read_text(r, root, "area",
	    "write content, contact, conduct or commerce");
	g_auto(GStrv) labels = read_labels(r, NULL, root);
	const config_setting_t *list = config_setting_get_member(root, "rules");
	const config_setting_t *allow = config_setting_get_member(root, "allow");
	const SgRule file = { .category = category, .area = area, .labels = labels };

	sg_rule_check_fields(r, root, known);
	if (category != NULL && !is_name(category, FALSE))
		sg_rule_problem(r, root, "the category is not a name of small letters, digits and "
		    "-; correct it");
	if (area != NULL && !g_strv_contains(areas, area))
		sg_rule_problem(r, root, "the area is none of content, contact, conduct, commerce; "
		    "choose one");
	if (allow != NULL)
		sg_allow_read(r, allow);
	if (list == NULL && allow != NULL)
		return;
	if (list == NULL || !config_setting_is_list(list) || config_setting_length(list) == 0) {
		sg_rule_problem(r, list, "the file has no rules; write rules = ( { ... }, { ... } "
		    "); or remove the file");
		return;
	}
	for (int i = 0; i < config_setting_length(list); i++)
		read_member(r, config_setting_get_elem(list, (unsigned)i), &file, rules);
}

void
sg_rule_read_file(SgRuleReader *r, const char *name, GPtrArray *rules)
{
	g_autofree char *path = g_build_filename(r->dir, name, NULL), *text = NULL;
	g_autoptr(GError) error = NULL;
	gsize len = 0;
	config_t c;

	r->file = path;
	if (!g_file_get_contents(path, &text, &len, &error))
		sg_rule_problem(r, NULL, "cannot be read: %s", error->message);
	else if (len > FILE_BYTES || !g_utf8_validate_len(text, len, NULL))
		sg_rule_problem(r, NULL, len > FILE_BYTES ? "larger than 16 MiB; split it" :
		    "not UTF-8 text; save it as UTF-8");
	else if (g_regex_match_simple("^[ \t]*@include", text, G_REGEX_MULTILINE, 0))
		sg_rule_problem(r, NULL, "@include is not supported in rule files; use a file of "
		    "its own");
	else {
		g_checksum_update(r->sum, (const guchar *)name, (gssize)strlen(name) + 1);
		g_checksum_update(r->sum, (const guchar *)text, (gssize)len);
		config_init(&c);
		if (!config_read_string(&c, text))
			sg_rule_tell(r->problems, "%s:%d: %s; check quotes, commas and semicolons "
			    "here and in the line before", path, config_error_line(&c),
			    config_error_text(&c));
		else
			read_root(r, config_root_setting(&c), rules);
		config_destroy(&c);
	}
	r->file = NULL;
}
