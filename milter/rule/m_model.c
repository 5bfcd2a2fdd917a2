/* m_model - a segment that a model of hashed n-grams finds as bad as that. */
#include <string.h>

#include "rule/modelrun.h"
#include "rule/read.h"

#define FILE_MAX (16u << 20)

/* Read once, whatever number of rules names it; NULL after the problem has been told. */
static SgLinear *
model_of(SgRuleReader *r, const config_setting_t *at, const char *name)
{
	g_autofree char *path = sg_rule_path(r, name), *bytes = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) file = NULL;
	SgLinear *m = g_hash_table_lookup(r->models, path);
	gsize len = 0;

	if (m != NULL)
		return sg_linear_ref(m);
	if (name[0] == '/' || strstr(name, "..") != NULL) {
		sg_rule_problem(r, at, "the model \"%s\" is not beside the rules; write \"models/name.model\" for a "
		    "file below this directory", name);
		return NULL;
	}
	if (!g_file_get_contents(path, &bytes, &len, &error)) {
		sg_rule_problem(r, at, "the model \"%s\" cannot be read: %s", name, error->message);
		return NULL;
	}
	file = g_bytes_new_take(g_steal_pointer(&bytes), len);
	m = len <= FILE_MAX ? sg_linear_read(file, &error) : NULL;
	if (m == NULL) {
		sg_rule_problem(r, at, "the model \"%s\" is refused: %s; install it again, or make it again with "
		    "contrib/train", name, error != NULL ? error->message : "it is larger than 16 MiB");
		return NULL;
	}
	g_checksum_update(r->sum, g_bytes_get_data(file, NULL), (gssize)len);
	g_hash_table_insert(r->models, g_steal_pointer(&path), m);
	return sg_linear_ref(m);
}

static char *
heads_of(const SgLinear *m)
{
	GString *names = g_string_new(NULL);

	for (guint h = 0; h < SG_LINEAR_HEADS; h++)
		if (m->head[h].name[0] != '\0')
			g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", m->head[h].name);
	return g_string_free(names, FALSE);
}

static void
read_head(SgRuleReader *r, SgModelRule *data, const config_setting_t *s, const char *name)
{
	int head = sg_linear_head(data->model, name);
	g_autofree char *heads = heads_of(data->model);

	if (head < 0)
		sg_rule_problem(r, s, "the model knows no \"%s\"; it knows %s", name, heads);
	else
		data->head = (guint)head;
}

static void
read_model(SgRuleReader *r, SgRule *rule, const config_setting_t *s)
{
	static const char *const known[] = { "file", "head", "above", "alone", NULL };
	SgModelRule *data = rule->data = g_new0(SgModelRule, 1);
	const char *file = NULL, *head = NULL;
	double above = 0;
	int alone = FALSE;

	if (!config_setting_is_group(s)) {
		sg_rule_problem(r, s, "model is not a group; write model = { file = \"models/harm.model\"; head = "
		    "\"hate\"; above = 0.9; }");
		return;
	}
	sg_rule_check_fields(r, s, known);
	if (!config_setting_lookup_string(s, "file", &file) || !config_setting_lookup_string(s, "head", &head)) {
		sg_rule_problem(r, s, "model has no file or no head; write file = \"models/harm.model\"; head = "
		    "\"hate\";");
		return;
	}
	data->model = model_of(r, s, file);
	if (data->model == NULL)
		return;
	read_head(r, data, s, head);
	if (!config_setting_lookup_float(s, "above", &above) || !(above >= 0.01 && above <= 0.9999))
		sg_rule_problem(r, s, "above is no number from 0.01 to 0.9999; write above = 0.9, for instance");
	else
		data->margin = (float)sg_linear_margin(data->model, data->head, above);
	if (config_setting_get_member(s, "alone") != NULL && !config_setting_lookup_bool(s, "alone", &alone))
		sg_rule_problem(r, s, "alone is neither true nor false; write alone = true; where one word may be enough");
	data->alone = alone;
}

static void
free_model(gpointer p)
{
	sg_linear_unref(((SgModelRule *)p)->model);
	g_free(p);
}

const SgMatcher sg_m_model = { .name = "model", .read = read_model, .free = free_model };
