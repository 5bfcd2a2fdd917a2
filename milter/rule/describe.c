#include <string.h>

#include "rule/describe.h"
#include "rule/set.h"

static json_t *
places(const SgRule *rule)
{
	static const char *const order[] = { "subject", "body", "quoted", "forwarded", "signature",
		"attachment", "name", "header" };
	json_t *a = json_array();

	for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
		if ((rule->where & sg_where_bit(order[i])) != 0)
			json_array_append_new(a, json_string(order[i]));
	return a;
}

static json_t *
context(const SgRule *rule)
{
	json_t *o = json_object();

	for (guint i = 0; i < rule->context->len; i++) {
		const SgContext *c = &g_array_index(rule->context, SgContext, i);
		json_t *a = json_array();

		for (char **v = c->values; *v != NULL; v++)
			json_array_append_new(a, json_string(*v));
		json_object_set_new(o, c->key, a);
	}
	return o;
}

/* What a slot is called in the file. */
static const char *
slot_name(const SgRule *rule, const SgEntry *e)
{
	static const char *const near[] = { "a", "b", "not" };

	if (e->slot == SG_SLOT_EXCEPT)
		return e->allow != NULL ? "allow" : "except";
	if (strcmp(rule->matcher->name, "near") == 0 && e->slot < G_N_ELEMENTS(near))
		return near[e->slot];
	return strcmp(rule->matcher->name, "count") == 0 ? "words" : rule->matcher->name;
}

static void
add_text(json_t *object, const char *key, const char *text)
{
	json_t *list = json_object_get(object, key);

	if (list == NULL) {
		list = json_array();
		json_object_set_new(object, key, list);
	}
	json_array_append_new(list, json_string(text));
}

static void
add_entries(const SgRule *rule, json_t *o)
{
	json_t *words = json_object();

	for (guint i = 0; i < rule->entries->len; i++) {
		const SgEntry *e = &g_array_index(rule->entries, SgEntry, i);
		g_autofree char *text = g_strconcat(e->text, e->prefix ? "*" : "", NULL);

		add_text(e->slot == SG_SLOT_EXCEPT ? o : words, slot_name(rule, e), text);
	}
	if (json_object_size(words) > 0)
		json_object_set(o, "words", words);
	json_decref(words);
}

static void
add_examples(json_t *o, const char *key, const GArray *examples)
{
	for (guint i = 0; i < examples->len; i++)
		add_text(o, key, g_array_index(examples, SgExample, i).text);
}

static void
add_number(json_t *o, const char *key, guint n)
{
	if (n > 0)
		json_object_set_new(o, key, json_integer(n));
}

json_t *
sg_describe_rule(const SgRuleset *r, guint i)
{
	const SgRule *rule = g_ptr_array_index(r->rules, i);
	json_t *o = json_pack("{s:s s:s s:s s:s s:i s:s s:s s:b s:s s:i}", "rule", rule->id, "title",
	    rule->title, "category", rule->category, "area", rule->area, "severity",
	    (int)rule->severity, "confidence", sg_confidence_name(rule->confidence), "type",
	    rule->matcher->name, "secret", rule->secret != 0, "file", rule->file, "line",
	    (int)rule->line);

	if (rule->changed != NULL)
		json_object_set_new(o, "changed", json_string(rule->changed));
	if (rule->matcher->part == NULL) {
		json_object_set_new(o, "in", places(rule));
		json_object_set_new(o, "context", context(rule));
	}
	add_entries(rule, o);
	if (strcmp(rule->matcher->name, "near") == 0)
		json_object_set_new(o, "within", json_integer(GPOINTER_TO_UINT(rule->data)));
	add_number(o, "atleast", rule->atleast);
	add_number(o, "quoted", rule->quoted);
	add_number(o, "say", rule->say != NULL ? rule->say->len : 0);
	add_number(o, "unless", rule->unless != NULL ? rule->unless->len : 0);
	for (char **id = rule->needs; id != NULL && *id != NULL; id++)
		add_text(o, "needs", *id);
	if (rule->of != NULL)
		json_object_set_new(o, "of", json_string(rule->of));
	add_examples(o, "hit", rule->hits);
	add_examples(o, "miss", rule->misses);
	return o;
}
