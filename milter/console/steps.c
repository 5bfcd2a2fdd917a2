#include <string.h>

#include "base/err.h"
#include "console/steps.h"

#define FILE_MAX  65536u
#define LINES_MAX 40u
#define ENDING	  ".txt"

struct SgSteps {
	GHashTable *guides;	/* category -> json_t */
};

typedef struct Reading {
	const SgOptions *options;
	const char	*file;
	guint		 line;
	GPtrArray	*problems;
} Reading;

static void
problem(Reading *r, const char *what)
{
	g_ptr_array_add(r->problems, g_strdup_printf("%s:%u: %s", r->file, r->line, what));
}

/* FALSE: the line says something the school has not told us, and drops out. */
static gboolean
fill(Reading *r, GString *line)
{
	const struct {
		const char *name, *value;
	} values[] = {
		{ "{school}", r->options->school.name },
		{ "{help_name}", r->options->school.help_name },
		{ "{help_phone}", r->options->school.help_phone },
	};
	gboolean keep = TRUE;

	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		const char *v = values[i].value != NULL ? values[i].value : "";

		if (strstr(line->str, values[i].name) != NULL && *v == '\0')
			keep = FALSE;
		g_string_replace(line, values[i].name, v, 0);
	}
	return keep;
}

/* "First sentence. The rest." */
static json_t *
step(const char *line)
{
	const char *stop = strstr(line, ". ");
	g_autofree char *first = stop != NULL ? g_strndup(line, (gsize)(stop + 1 - line)) : g_strdup(line);

	return json_pack("{s:s s:s}", "do", first, "how", stop != NULL ? stop + 2 : "");
}

static void
take_line(Reading *r, const char *line, json_t *guide)
{
	g_auto(GStrv) pair = NULL;

	if (g_str_has_prefix(line, "policy:")) {
		g_autofree char *section = g_strstrip(g_strdup(line + strlen("policy:")));

		json_object_set_new(guide, "policy", json_string(section));
	} else if (g_str_has_prefix(line, "call:")) {
		pair = g_strsplit(line + strlen("call:"), "|", 2);
		if (pair[0] == NULL || pair[1] == NULL)
			problem(r, "a line of whom to call has a \"|\" between who and how");
		else
			json_array_append_new(json_object_get(guide, "calls"),
			    json_pack("{s:s s:s}", "who", g_strstrip(pair[0]), "how", g_strstrip(pair[1])));
	} else
		json_array_append_new(json_object_get(guide, "steps"), step(line));
}

static json_t *
read_guide(Reading *r)
{
	g_autofree char *all = NULL;
	g_auto(GStrv) lines = NULL;
	json_t *guide;
	gsize n = 0;

	r->line = 1;
	if (!g_file_get_contents(r->file, &all, &n, NULL)) {
		problem(r, "cannot be read; put the file back or correct console.steps");
		return NULL;
	}
	if (n > FILE_MAX || !g_utf8_validate_len(all, n, NULL)) {
		problem(r, "is not text in UTF-8 of at most 64 kB; save it as UTF-8");
		return NULL;
	}
	guide = json_pack("{s:[] s:[] s:s}", "steps", "calls", "policy", "");
	lines = g_strsplit(all, "\n", -1);
	for (; lines[r->line - 1] != NULL; r->line++) {
		g_autoptr(GString) line = g_string_new(g_strstrip(lines[r->line - 1]));

		if (line->len == 0 || line->str[0] == '#' || !fill(r, line))
			continue;
		if (json_array_size(json_object_get(guide, "steps")) >= LINES_MAX) {
			problem(r, "has more than 40 steps; nobody can follow so many");
			break;
		}
		take_line(r, line->str, guide);
	}
	if (json_array_size(json_object_get(guide, "steps")) == 0)
		problem(r, "has no step; write one on a line, or remove the file");
	return guide;
}

static void
read_all(SgSteps *s, Reading *r, GDir *dir)
{
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(r->options->console.steps, name, NULL);
		json_t *guide;

		if (!g_str_has_suffix(name, ENDING) || name[0] == '.')
			continue;
		r->file = file;
		guide = read_guide(r);
		if (guide != NULL)
			g_hash_table_insert(s->guides, g_strndup(name, strlen(name) - strlen(ENDING)), guide);
	}
}

SgSteps *
sg_steps_load(const SgOptions *o, GPtrArray *problems, GError **error)
{
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SgSteps) s = g_new0(SgSteps, 1);
	Reading r = { .options = o, .file = o->console.steps, .line = 1, .problems = own };
	GDir *dir = g_dir_open(o->console.steps, 0, NULL);

	s->guides = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_decref);
	read_all(s, &r, dir);
	if (dir != NULL)
		g_dir_close(dir);
	r.file = o->console.steps;
	r.line = 1;
	if (!g_hash_table_contains(s->guides, "default") || !g_hash_table_contains(s->guides, "sealed"))
		problem(&r, "default.txt or sealed.txt is missing; put them back or correct console.steps");
	if (own->len == 0)
		return g_steal_pointer(&s);
	g_set_error(error, SG_ERR, SG_ERR_SETUP, "%s", (const char *)own->pdata[0]);
	for (guint i = 0; problems != NULL && i < own->len; i++)
		g_ptr_array_add(problems, g_strdup(own->pdata[i]));
	return NULL;
}

void
sg_steps_free(SgSteps *s)
{
	if (s == NULL)
		return;
	g_hash_table_unref(s->guides);
	g_free(s);
}

json_t *
sg_steps_for(const SgSteps *s, const char *category)
{
	json_t *guide = g_hash_table_lookup(s->guides, category != NULL ? category : "");

	return json_deep_copy(guide != NULL ? guide : g_hash_table_lookup(s->guides, "default"));
}
